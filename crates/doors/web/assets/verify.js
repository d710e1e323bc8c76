// The form works without this. Here it learns to take a dropped file, and to say that it is at work.
'use strict';
(() => {
  const form = document.getElementById('check');
  if (!form) return;
  const drop = document.getElementById('drop');
  const file = document.getElementById('file');
  const bundle = document.getElementById('bundle');
  const more = document.getElementById('more');
  const note = document.getElementById('note');
  const busy = document.getElementById('busy');
  const button = form.querySelector('button');
  for (const hint of form.querySelectorAll('.js')) hint.hidden = false;

  const put = (input, one) => {
    const list = new DataTransfer();
    list.items.add(one);
    input.files = list.files;
    input.dispatchEvent(new Event('change'));
  };
  const tooLarge = (input) => [...input.files].some((one) => one.size > Number(input.dataset.most));
  const look = () => {
    const large = [file, bundle].find(tooLarge);
    note.textContent = large
      ? `This file is too big: up to ${Number(large.dataset.most) / 1048576} MB can be checked here.`
      : '';
    return !large;
  };
  file.addEventListener('change', look);
  bundle.addEventListener('change', look);

  for (const name of ['dragenter', 'dragover']) {
    document.addEventListener(name, (event) => {
      if (![...event.dataTransfer.types].includes('Files')) return;
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) drop.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    for (const one of event.dataTransfer.files) {
      if (one.name.toLowerCase().endsWith('.lgseal')) {
        put(bundle, one);
        more.open = true;
      } else {
        put(file, one);
      }
    }
  });

  const rest = () => {
    button.disabled = false;
    busy.textContent = '';
  };
  form.addEventListener('submit', (event) => {
    if (!look()) {
      event.preventDefault();
      return;
    }
    button.disabled = true;
    busy.textContent = 'We are checking your file. Big files take a while.';
  });
  // Back from the answer, the form must be usable again.
  window.addEventListener('pageshow', rest);
})();
