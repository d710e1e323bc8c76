//! All files of one patient: visits years apart, whose objects refer to each other.

use super::Planted;
use super::containers::{Wire, finish, head};
use super::key::Key;
use super::objects::{
    Draft, Instance, Visit, documents, enhanced, images, presentation, reports, segmentation, therapy,
    waveform,
};
use super::person::Person;
use crate::{Modality, Random};
use time::{Date, Duration};

/// The files of the patient with a number; equal seeds and numbers give equal bytes.
pub fn patient(seed: u64, number: u64) -> Vec<Planted> {
    let mut random = Random::new(seed, &[0x706c_616e, number]);
    let person = Person::new(&mut random, number);
    let mut files = Files {
        out: Vec::new(),
        turn: random.below(36) as usize,
        folder: format!("{}_{number:06}", plain(&person)),
    };
    let first = Date::from_ordinal_date(2006 + random.below(8) as i32, 1 + random.below(365) as u16);
    let mut date = first.unwrap_or(Date::MIN);
    for turn in 0..2 + number % 2 {
        let visit = Visit::new(&person, date, &mut random);
        match (number + turn) % 5 {
            0 => oncology(&visit, &mut files, &mut random),
            1 => neurology(&visit, &mut files, &mut random),
            2 => breast(&visit, &mut files, &mut random),
            3 => cardiology(&visit, &mut files, &mut random),
            _ => nuclear(&visit, &mut files, &mut random),
        }
        let days = 200 + random.below(2000) as i64;
        date = date.checked_add(Duration::days(days)).unwrap_or(date);
    }
    files.out
}

/// A disc with PET of the patient with a number, and its DICOMDIR.
pub fn disc(seed: u64, number: u64) -> Vec<Planted> {
    let mut random = Random::new(seed, &[0x6469_7363, number]);
    let person = Person::new(&mut random, number);
    let mut files = Files {
        out: Vec::new(),
        turn: 0,
        folder: "DISC".to_owned(),
    };
    let date = Date::from_ordinal_date(2012, 1 + random.below(365) as u16).unwrap_or(Date::MIN);
    let visit = Visit::new(&person, date, &mut random);
    nuclear(&visit, &mut files, &mut random);
    files.directory(&visit, &mut random);
    files.out
}

/// One enhanced MR object with this many frames of `side` x `side`, Explicit VR Little Endian: mostly functional groups.
pub fn enhanced(seed: u64, frames: u32, side: u16) -> Planted {
    let mut random = Random::new(seed, &[0x656e_6861]);
    let person = Person::new(&mut random, 0);
    let visit = Visit::new(
        &person,
        Date::from_ordinal_date(2015, 100).unwrap_or(Date::MIN),
        &mut random,
    );
    let series = visit.series(1, "MR", &mut random);
    let draft = enhanced::mr(&visit, &series, frames, side, &mut random);
    finish(
        draft,
        "enhanced.dcm".to_owned(),
        Wire::Native(crate::Encoding::ExplicitLe),
        &mut random,
    )
}

/// A folder's name as archives make it: with the family name where it can be written.
fn plain(person: &Person) -> String {
    let letters: String = person
        .family
        .text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    if letters.is_empty() {
        "P".to_owned()
    } else {
        letters
    }
}

struct Files {
    out: Vec<Planted>,
    turn: usize,
    folder: String,
}

impl Files {
    fn native(&mut self, draft: Draft, random: &mut Random) -> Instance {
        let wire = Wire::NATIVE.iter().cycle().nth(self.turn % 4);
        self.put(draft, wire.copied(), random)
    }

    fn image(&mut self, draft: Draft, random: &mut Random) -> Instance {
        let wire = Wire::ALL.iter().cycle().nth(self.turn % 9);
        self.put(draft, wire.copied(), random)
    }

    fn put(&mut self, draft: Draft, wire: Option<Wire>, random: &mut Random) -> Instance {
        let instance = draft.instance();
        let name = format!(
            "{}/{}_{:04}.dcm",
            self.folder,
            draft.key.kind.replace(' ', "_"),
            self.out.len()
        );
        let wire = wire.unwrap_or(Wire::Deflated);
        self.out.push(finish(draft, name, wire, random));
        self.turn += 1;
        instance
    }

    /// A DICOMDIR with names in its records.
    fn directory(&mut self, visit: &Visit, random: &mut Random) {
        let (data_set, uid, tokens) = documents::directory(visit, random);
        let mut key = Key {
            sop_instance: uid.clone(),
            sop_class: "1.2.840.10008.1.3.10".to_owned(),
            patient: visit.person.id.clone(),
            kind: "DICOMDIR",
            is_directory: true,
            may_withhold: true,
            ..Key::default()
        };
        visit.person.name.tell(&mut key, "directory record");
        for token in tokens {
            key.token("directory record", token);
        }
        let mut bytes = head(
            &mut key,
            "1.2.840.10008.1.3.10",
            &uid,
            "1.2.840.10008.1.2.1",
            random,
        );
        bytes.extend(data_set);
        self.out.push(Planted {
            name: format!("{}/DICOMDIR", self.folder),
            bytes,
            key,
        });
    }
}

/// CT, and all that is drawn on it, written about it and planned with it.
fn oncology(visit: &Visit, files: &mut Files, random: &mut Random) {
    let mut series = |number, modality| visit.series(number, modality, random);
    let (ct, pr, sr, seg) = (
        series(1, "CT"),
        series(2, "PR"),
        series(3, "SR"),
        series(4, "SEG"),
    );
    let (structure, plan, keys) = (series(5, "RTSTRUCT"), series(6, "RTPLAN"), series(7, "KO"));
    let second = series(8, "SR");
    let mut slices = Vec::new();
    for mut draft in images::series(visit, &ct, Modality::Ct, 4, random.next_u64(), random) {
        if slices.is_empty() {
            images::graphics(&mut draft, random);
            slices.push(files.native(draft, random));
        } else {
            slices.push(files.image(draft, random));
        }
    }
    let state = presentation::state(visit, &pr, &slices, random);
    files.native(state, random);
    let report = reports::report(visit, &sr, &slices, false, random);
    files.native(report, random);
    let report = reports::report(visit, &second, &slices, true, random);
    files.native(report, random);
    let segments = segmentation::segments(visit, &seg, &slices, random);
    files.native(segments, random);
    let structures = therapy::structures(visit, &structure, &slices, random);
    let structures = files.native(structures, random);
    let plan = therapy::plan(visit, &plan, &structures, random);
    files.native(plan, random);
    let selection = reports::selection(visit, &keys, &slices, random);
    files.native(selection, random);
}

/// MR in both forms.
fn neurology(visit: &Visit, files: &mut Files, random: &mut Random) {
    let (mr, multi) = (visit.series(1, "MR", random), visit.series(2, "MR", random));
    for draft in images::series(visit, &mr, Modality::Mr, 4, random.next_u64(), random) {
        files.image(draft, random);
    }
    let draft = enhanced::mr(visit, &multi, 6, 32, random);
    files.native(draft, random);
}

/// Mammograms and a radiograph.
fn breast(visit: &Visit, files: &mut Files, random: &mut Random) {
    let (mg, dx) = (visit.series(1, "MG", random), visit.series(2, "DX", random));
    for _ in 0..2 {
        let draft = images::mammogram(visit, &mg, random);
        files.image(draft, random);
    }
    for mut draft in images::series(visit, &dx, Modality::Dx, 1, random.next_u64(), random) {
        images::graphics(&mut draft, random);
        files.native(draft, random);
    }
}

/// Ultrasound, an ECG, and a letter as PDF.
fn cardiology(visit: &Visit, files: &mut Files, random: &mut Random) {
    let (us, ecg, pdf) = (
        visit.series(1, "US", random),
        visit.series(2, "ECG", random),
        visit.series(3, "DOC", random),
    );
    for _ in 0..2 {
        let draft = images::ultrasound(visit, &us, random);
        files.image(draft, random);
    }
    let draft = waveform::ecg(visit, &ecg, random);
    files.native(draft, random);
    let draft = documents::pdf(visit, &pdf, random);
    files.native(draft, random);
}

/// PET.
fn nuclear(visit: &Visit, files: &mut Files, random: &mut Random) {
    let pt = visit.series(1, "PT", random);
    for number in 1..=4 {
        let draft = images::pet(visit, &pt, number, random);
        files.image(draft, random);
    }
}
