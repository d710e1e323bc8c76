//! Person names (VR PN) and the ways to write them.

use super::fold;
use super::generic::is_generic;

/// One folded spelling of a name.
pub(super) struct Spelling {
    pub(super) text: String,
    /// True for one word of the name, which may be a word of the language too.
    pub(super) single: bool,
}

/// Splits a PN value into its names, groups and components, outermost first.
pub(super) fn groups(value: &str) -> impl Iterator<Item = Vec<&str>> {
    value
        .split(['\\', '='])
        .map(|group| {
            group
                .split('^')
                .map(|part| part.trim_matches([' ', '\0']))
                .collect::<Vec<_>>()
        })
        .filter(|group| group.iter().any(|part| !part.is_empty()))
}

/// All spellings of one component group, blanks between the words.
pub(super) fn spellings(components: &[&str]) -> Vec<Spelling> {
    let mut all = Vec::new();
    for fold in [fold::words, fold::words_spelt_out, fold::words_contracted] {
        let components: Vec<String> = components
            .iter()
            .map(|part| fold(part).replace('\\', " "))
            .collect();
        one_alphabet(&components, &mut all);
    }
    all.sort_by(|a, b| a.text.cmp(&b.text));
    all.dedup_by(|a, b| a.text == b.text);
    all
}

fn one_alphabet(components: &[String], all: &mut Vec<Spelling>) {
    // Family, given and middle name; prefix and suffix are words such as "Dr" and "Jr".
    let mut parts: Vec<&str> = components
        .iter()
        .take(3)
        .map(String::as_str)
        .filter(|p| !p.is_empty())
        .collect();
    if let &[only] = parts.as_slice() {
        // Nobody separated the components.
        let words: Vec<&str> = only.split(' ').collect();
        if words.len() <= 4 {
            parts = words;
        }
    }
    for component in components {
        for word in component.split(' ') {
            if !is_generic(word) {
                all.push(Spelling {
                    text: word.to_owned(),
                    single: true,
                });
            }
        }
    }
    let telling = parts.iter().filter(|part| !is_generic(part)).count();
    if telling == 0 || parts.len() < 2 {
        return;
    }
    parts.truncate(4);
    let mut push = |words: &[&str]| {
        let text = words.join(" ");
        if words.iter().any(|word| !is_generic(word)) && text.chars().count() >= 5 {
            all.push(Spelling { text, single: false });
        }
    };
    let whole = components
        .iter()
        .filter(|p| !p.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>();
    push(&whole);
    push(&parts);
    let reversed: Vec<&str> = parts.iter().rev().copied().collect();
    push(&reversed);
    for (at, first) in parts.iter().enumerate() {
        for (other, second) in parts.iter().enumerate() {
            if at == other {
                continue;
            }
            push(&[first, second]);
            // Initials stand for a word only beside a longer one.
            if let Some(initial) = second.chars().next()
                && initial.is_alphabetic()
                && first.chars().count() >= 3
                && !is_generic(first)
            {
                let initial = initial.to_string();
                push(&[&initial, first]);
                push(&[first, &initial]);
                push(&[&format!("{initial}{first}")]);
                push(&[&format!("{first}{initial}")]);
            }
        }
    }
    if let [family, given, middle] = parts.as_slice() {
        push(&[given, middle, family]);
        push(&[family, middle, given]);
        if let Some(initial) = middle.chars().next() {
            push(&[given, &initial.to_string(), family]);
        }
    }
}
