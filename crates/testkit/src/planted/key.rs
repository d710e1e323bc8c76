//! The answer key: what a good de-identifier does to each place of an object.

use std::collections::BTreeSet;

/// What must be true of a place in the output, by the names of MIDI-B.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// The attribute is there, empty or not.
    TagRetained,
    /// The attribute has a value.
    TextNotNull,
    /// All words of the text are there.
    TextRetained,
    /// No word of the text is there.
    TextRemoved,
    /// The date is not the original one.
    DateShifted,
    /// The UID is not the original one.
    UidChanged,
    /// The UID is the one that the map gives.
    UidConsistent,
    /// The patient's identifier is the one that the map gives.
    PatientIdConsistent,
    /// Pixel data has the digest of the original.
    PixelsRetained,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::TagRetained,
        Self::TextNotNull,
        Self::TextRetained,
        Self::TextRemoved,
        Self::DateShifted,
        Self::UidChanged,
        Self::UidConsistent,
        Self::PatientIdConsistent,
        Self::PixelsRetained,
    ];

    /// Its name in an answer key of MIDI-B.
    pub fn name(self) -> &'static str {
        match self {
            Self::TagRetained => "tag_retained",
            Self::TextNotNull => "text_notnull",
            Self::TextRetained => "text_retained",
            Self::TextRemoved => "text_removed",
            Self::DateShifted => "date_shifted",
            Self::UidChanged => "uid_changed",
            Self::UidConsistent => "uid_consistent",
            Self::PatientIdConsistent => "patid_consistent",
            Self::PixelsRetained => "pixels_retained",
        }
    }

    /// True when a file that is not there passes: what is not released cannot leak.
    pub fn passes_without_file(self) -> bool {
        matches!(self, Self::TextRemoved | Self::DateShifted | Self::UidChanged)
    }
}

/// Where a check counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Category {
    /// A direct identifier.
    Hipaa,
    /// What the standard's object definitions and profile ask for.
    Dicom,
    /// Best practice: clinical text that stays, other text that goes.
    Practice,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hipaa, Self::Dicom, Self::Practice];

    /// A name for tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hipaa => "HIPAA",
            Self::Dicom => "DICOM",
            Self::Practice => "best practice",
        }
    }
}

/// One check of the answer key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// What must be true.
    pub action: Action,
    /// Where: `<(gggg,eeee)>[<0000>]<(gggg,eeee)>`, private ones `<(gggg,"CREATOR",ee)>`.
    pub path: String,
    /// The words to look for, or the digest.
    pub text: String,
    /// The whole original value.
    pub value: String,
    /// Where it counts.
    pub category: Category,
}

/// A word that must be nowhere in the output.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Decoded.
    pub text: String,
    /// As it stands in the file, where that is not UTF-8.
    pub raw: Option<Vec<u8>>,
    /// Where it was planted.
    pub site: String,
}

/// A date that was planted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DateSite {
    /// Where.
    pub path: String,
    /// DA or DT, as written.
    pub value: String,
    /// A date that stands for "not known": shifted, it tells the offset.
    pub placeholder: bool,
}

/// A UID that points to something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Where it stands.
    pub path: String,
    /// To what.
    pub uid: String,
}

/// What is known of one object.
#[derive(Clone, Debug, Default)]
pub struct Key {
    /// Its SOP instance.
    pub sop_instance: String,
    /// Its SOP class.
    pub sop_class: String,
    /// Its series.
    pub series: String,
    /// Its study.
    pub study: String,
    /// Patient ID (0010,0020).
    pub patient: String,
    /// A word for the kind of object, for reports.
    pub kind: &'static str,
    /// The checks in MIDI-B's form.
    pub checks: Vec<Check>,
    /// What must be nowhere.
    pub tokens: Vec<Token>,
    /// What must be shifted by one offset for the patient.
    pub dates: Vec<DateSite>,
    /// What must still point to something.
    pub references: Vec<Reference>,
    /// True when the object cannot be cleaned (a document as a blob) and must not leave as it is.
    pub withhold: bool,
    /// True when its container is broken so that withholding it is as good as cleaning it.
    pub may_withhold: bool,
    /// MD5 of all decoded samples, where pixels are coded.
    pub samples: Option<String>,
    /// True for what is no instance of a patient's (a DICOMDIR).
    pub is_directory: bool,
}

impl Key {
    pub(crate) fn check(&mut self, action: Action, path: &str, text: &str, value: &str, category: Category) {
        self.checks.push(Check {
            action,
            path: path.to_owned(),
            text: text.to_owned(),
            value: value.to_owned(),
            category,
        });
    }

    pub(crate) fn token(&mut self, site: &str, text: impl Into<String>) {
        self.tokens.push(Token {
            text: text.into(),
            raw: None,
            site: site.to_owned(),
        });
    }

    /// What was said of a place is no longer true: something else stands there now.
    pub(crate) fn forget(&mut self, path: &str) {
        self.checks.retain(|check| check.path != path);
        self.dates.retain(|date| date.path != path);
        self.tokens.retain(|token| token.site != path);
    }

    /// How many different places were planted.
    pub fn sites(&self) -> usize {
        self.tokens
            .iter()
            .map(|token| token.site.as_str())
            .collect::<BTreeSet<_>>()
            .len()
    }
}
