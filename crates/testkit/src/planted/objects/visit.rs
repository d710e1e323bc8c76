//! A patient's visit, and the attributes that every object of it has.

use super::super::Key;
use super::super::key::{Action, Category};
use super::super::level::Level;
use super::super::person::{Person, Text, digits, word};
use crate::{DataSet, Random, Vr};
use time::{Date, Duration};

/// One study of a patient.
#[derive(Clone, Debug)]
pub(crate) struct Visit<'a> {
    /// Who came.
    pub(crate) person: &'a Person,
    /// On which day.
    pub(crate) date: Date,
    /// HHMMSS.
    pub(crate) time: String,
    /// Study Instance UID.
    pub(crate) study: String,
    /// Frame of Reference UID.
    pub(crate) frame: String,
    /// Accession number.
    pub(crate) accession: String,
    /// Institution, referring physician, study ID: the same in all objects of the study.
    pub(crate) institution: Text,
    pub(crate) referrer: Text,
    pub(crate) number: String,
}

/// A series of a visit.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) uid: String,
    pub(crate) number: u32,
    pub(crate) modality: &'static str,
}

/// An object that others refer to.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) class: &'static str,
    pub(crate) uid: String,
    pub(crate) series: String,
}

/// An object before it becomes a file.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) level: Level,
    pub(crate) key: Key,
    pub(crate) class: &'static str,
    pub(crate) uid: String,
}

impl<'a> Visit<'a> {
    /// A visit on a day.
    pub(crate) fn new(person: &'a Person, date: Date, random: &mut Random) -> Self {
        let time = format!(
            "{:02}{:02}{:02}",
            7 + random.below(12),
            random.below(60),
            random.below(60)
        );
        let mut visit = Self {
            person,
            date,
            time,
            study: String::new(),
            frame: String::new(),
            accession: format!("AC{}", digits(random, 9)),
            institution: Text::secret(word(random)).and(" Hospital"),
            referrer: Person::physician(random),
            number: format!("ST{}", digits(random, 7)),
        };
        visit.study = visit.uid(random);
        visit.frame = visit.uid(random);
        visit
    }

    /// A day so many days after the visit, as DA.
    pub(crate) fn day(&self, after: i64) -> String {
        let date = self.date.checked_add(Duration::days(after)).unwrap_or(self.date);
        format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
    }

    /// A UID as scanners make them: with the patient's number, the day and the time in it.
    pub(crate) fn uid(&self, random: &mut Random) -> String {
        let number: String = self
            .person
            .id
            .chars()
            .filter(char::is_ascii_digit)
            .take(9)
            .collect();
        let number = number.trim_start_matches('0');
        let number = if number.is_empty() { "7" } else { number };
        let time = self.time.trim_start_matches('0');
        format!(
            "1.3.6.1.4.1.99999.{number}.{}.{time}.{}",
            self.day(0),
            digits(random, 12)
        )
    }

    /// A new series.
    pub(crate) fn series(&self, number: u32, modality: &'static str, random: &mut Random) -> Series {
        Series {
            uid: self.uid(random),
            number,
            modality,
        }
    }

    /// An object of a series: who, when, where and which, over what `set` holds.
    pub(crate) fn draft(
        &self,
        set: DataSet,
        class: &'static str,
        series: &Series,
        number: u32,
        random: &mut Random,
    ) -> Draft {
        let uid = self.uid(random);
        let mut draft = Draft {
            level: Level::top(set),
            key: Key {
                sop_instance: uid.clone(),
                sop_class: class.to_owned(),
                series: series.uid.clone(),
                study: self.study.clone(),
                patient: self.person.id.clone(),
                kind: series.modality,
                ..Key::default()
            },
            class,
            uid,
        };
        draft.level.set.text(0x0008_0016, Vr::UI, class);
        if let Some(character_set) = self.person.character_set {
            draft.level.set.text(0x0008_0005, Vr::CS, character_set);
        } else {
            draft.level.set.remove(0x0008_0005);
        }
        self.patient(&mut draft);
        self.study(&mut draft, random);
        self.own(&mut draft, series, number);
        draft
    }

    fn patient(&self, draft: &mut Draft) {
        let (level, key, person) = (&mut draft.level, &mut draft.key, self.person);
        level.removed(key, 0x0010_0010, Vr::PN, &person.name);
        level.removed(key, 0x0010_0020, Vr::LO, &Text::secret(person.id.clone()));
        key.check(
            Action::TextNotNull,
            "<(0010,0020)>",
            "",
            &person.id,
            Category::Dicom,
        );
        key.check(
            Action::PatientIdConsistent,
            "<(0010,0020)>",
            &person.id,
            &person.id,
            Category::Dicom,
        );
        level.set.text(0x0010_0030, Vr::DA, &person.birth);
        key.check(
            Action::TextRemoved,
            "<(0010,0030)>",
            &person.birth,
            &person.birth,
            Category::Hipaa,
        );
        level.retained(key, 0x0010_0040, Vr::CS, person.sex);
        let age = person.age(&self.day(0));
        level.set.text(0x0010_1010, Vr::AS, format!("{age:03}Y"));
        let path = level.path(0x0010_1010);
        let text = format!("{age:03}Y");
        // 090Y is how "90 and over" is written: for those of 90 it stays and says no more.
        match age {
            0..=89 => key.check(Action::TextRetained, &path, &text, &text, Category::Hipaa),
            90 => level.tag(key, 0x0010_1010),
            _ => key.check(Action::TextRemoved, &path, &text, &text, Category::Hipaa),
        }
        level.removed(key, 0x0010_1040, Vr::LO, &person.address);
        level.removed(key, 0x0010_2154, Vr::SH, &Text::secret(person.phone.clone()));
        level.set.remove(0x0010_0021);
        level.retained(key, 0x0010_1030, Vr::DS, "72.5");
        for tag in [0x0010_0010, 0x0010_0030] {
            level.tag(key, tag);
        }
    }

    fn study(&self, draft: &mut Draft, random: &mut Random) {
        let (level, key) = (&mut draft.level, &mut draft.key);
        level.refer(key, 0x0020_000d, &self.study);
        level.date(key, 0x0008_0020, Vr::DA, &self.day(0));
        level.set.text(0x0008_0030, Vr::TM, &self.time);
        level.removed(key, 0x0008_0050, Vr::SH, &Text::secret(self.accession.clone()));
        level.removed(key, 0x0020_0010, Vr::SH, &Text::secret(self.number.clone()));
        level.removed(key, 0x0008_0090, Vr::PN, &self.referrer);
        level.removed(key, 0x0008_0080, Vr::LO, &self.institution);
        level.removed(
            key,
            0x0008_0081,
            Vr::ST,
            &Text::secret(word(random)).and(" Road 5"),
        );
        level.removed(key, 0x0008_1050, Vr::PN, &Person::physician(random));
        level.removed(key, 0x0008_1070, Vr::PN, &Person::physician(random));
        for tag in [0x0008_0020, 0x0008_0030, 0x0008_0050, 0x0020_0010, 0x0008_0090] {
            level.tag(key, tag);
        }
    }

    fn own(&self, draft: &mut Draft, series: &Series, number: u32) {
        let uid = draft.uid.clone();
        let (level, key) = (&mut draft.level, &mut draft.key);
        level.refer(key, 0x0008_0018, &uid);
        level.refer(key, 0x0020_000e, &series.uid);
        level.set.text(0x0008_0060, Vr::CS, series.modality);
        level.set.text(0x0020_0011, Vr::IS, series.number.to_string());
        level.set.text(0x0020_0013, Vr::IS, number.to_string());
        level.date(key, 0x0008_0021, Vr::DA, &self.day(0));
        level.date(key, 0x0008_0023, Vr::DA, &self.day(0));
        level.set.text(0x0008_0031, Vr::TM, &self.time);
        level.set.text(0x0008_0033, Vr::TM, &self.time);
        level.set.text(0x0008_0070, Vr::LO, "Siemens Healthineers");
        level.set.text(0x0008_1090, Vr::LO, "Skyra");
        for tag in [
            0x0008_0016,
            0x0008_0060,
            0x0020_0011,
            0x0020_0013,
            0x0008_1090,
            0x0008_0070,
        ] {
            level.stays(key, tag);
        }
        for tag in [0x0008_0018, 0x0020_000d, 0x0020_000e] {
            level.not_null(key, tag);
        }
    }
}

impl Draft {
    /// What others need to refer to it.
    pub(crate) fn instance(&self) -> Instance {
        Instance {
            class: self.class,
            uid: self.uid.clone(),
            series: self.key.series.clone(),
        }
    }
}

/// Puts a reference to an object (PS3.3 table 10-11) as the item of a sequence.
pub(crate) fn reference(level: &Level, key: &mut Key, sequence: u32, index: usize, to: &Instance) -> Level {
    let mut item = level.item(sequence, index);
    item.set.text(0x0008_1150, Vr::UI, to.class);
    item.refer(key, 0x0008_1155, &to.uid);
    item
}

/// Referenced series with their instances (0008,1115), as presentation states and segmentations have them.
pub(crate) fn referenced_series(level: &mut Level, key: &mut Key, instances: &[Instance]) {
    let Some(first) = instances.first() else {
        return;
    };
    let mut series = level.item(0x0008_1115, 0);
    series.refer(key, 0x0020_000e, &first.series);
    let items = instances
        .iter()
        .enumerate()
        .map(|(index, to)| reference(&series, key, 0x0008_1140, index, to))
        .collect();
    series.items(0x0008_1140, items);
    level.items(0x0008_1115, vec![series]);
}

/// Evidence: studies, series, instances (0040,A375), as reports have it.
pub(crate) fn evidence(level: &mut Level, key: &mut Key, sequence: u32, study: &str, instances: &[Instance]) {
    let Some(first) = instances.first() else {
        return;
    };
    let mut of_study = level.item(sequence, 0);
    of_study.refer(key, 0x0020_000d, study);
    let mut of_series = of_study.item(0x0008_1115, 0);
    of_series.refer(key, 0x0020_000e, &first.series);
    let items = instances
        .iter()
        .enumerate()
        .map(|(index, to)| reference(&of_series, key, 0x0008_1199, index, to))
        .collect();
    of_series.items(0x0008_1199, items);
    of_study.items(0x0008_1115, vec![of_series]);
    level.items(sequence, vec![of_study]);
}
