//! A profile file (TOML), checked when it is loaded.

use super::{BUILTIN, Decision, Opt, Profile, SitePrivate, UncheckedPixels, builtin};
use crate::dates::Dates;
use crate::rules;
use dicom::{Tag, Vr};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Why a profile cannot be used. Names what to change.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Not TOML, or a field that profiles do not have.
    #[error("the profile cannot be read: {0}")]
    Unreadable(String),
    /// No such base.
    #[error("there is no profile {0:?} to build on: take basic, vendor, research or safe-harbor")]
    Base(String),
    /// No such option.
    #[error("there is no option {0:?}: take {known}", known = Opt::ALL.map(Opt::name).join(", "))]
    Option(String),
    /// Two ways to treat dates.
    #[error("take one of retain-full-dates, retain-modified-dates and dates = \"year\"")]
    Dates,
    /// No tag.
    #[error(
        "{0:?} is no attribute: write a tag of 8 hex digits or a keyword of PS3.6, such as \"00081030\" or \"StudyDescription\""
    )]
    Attribute(String),
    /// A direct identifier cannot be kept.
    #[error(
        "{0} names a person or is an identifier: a profile cannot keep it; take empty, dummy, clean or remove"
    )]
    Identifier(Tag),
    /// A private element that cannot be vouched for.
    #[error(
        "private element of {0:?}: write an odd group of 4 hex digits, an element of 2, and a VR other than PN, UN, OB, OW, UT and SQ"
    )]
    Private(String),
    /// A flag that says what was done.
    #[error("{0} says what was done to the object and is always written by the program")]
    Reserved(Tag),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    about: Option<String>,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    options: Option<Vec<String>>,
    #[serde(default)]
    dates: Option<FileDates>,
    #[serde(default)]
    unchecked_pixels: Option<FilePixels>,
    #[serde(default)]
    attributes: BTreeMap<String, FileDecision>,
    #[serde(default)]
    private: Vec<FilePrivate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FileDates {
    Year,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FilePixels {
    Declared,
    Quarantine,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FileDecision {
    Remove,
    Empty,
    Dummy,
    Clean,
    Keep,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePrivate {
    creator: String,
    group: String,
    element: String,
    vr: String,
}

impl Profile {
    /// Reads a profile. `name` is used where the file has none.
    ///
    /// # Errors
    /// When it cannot be read, or asks for what no profile may do.
    pub fn read(name: &str, text: &str) -> Result<Self, ProfileError> {
        let file: File =
            toml::from_str(text).map_err(|error| ProfileError::Unreadable(error.message().to_owned()))?;
        let base = match &file.base {
            None => None,
            Some(base) if BUILTIN.iter().any(|(known, _)| known == base) => builtin(base).transpose()?,
            Some(base) => return Err(ProfileError::Base(base.clone())),
        };
        let mut profile = base.unwrap_or_else(|| Self {
            name: String::new(),
            about: String::new(),
            options: [false; 10],
            dates: Dates::Remove,
            unchecked_pixels: UncheckedPixels::Declared,
            attributes: BTreeMap::new(),
            private: Vec::new(),
        });
        profile.name = file
            .name
            .unwrap_or_else(|| name.to_owned())
            .trim()
            .chars()
            .take(32)
            .collect();
        if let Some(about) = file.about {
            profile.about = about;
        }
        if let Some(options) = file.options {
            profile.take_options(&options)?;
        }
        profile.take_dates(file.dates)?;
        match file.unchecked_pixels {
            Some(FilePixels::Declared) => profile.unchecked_pixels = UncheckedPixels::Declared,
            Some(FilePixels::Quarantine) => profile.unchecked_pixels = UncheckedPixels::Quarantine,
            None => {}
        }
        for (attribute, decision) in file.attributes {
            let (tag, decision) = decide(attribute, decision)?;
            profile.attributes.insert(tag, decision);
        }
        for one in file.private {
            profile.private.push(private(one)?);
        }
        Ok(profile)
    }

    fn take_options(&mut self, names: &[String]) -> Result<(), ProfileError> {
        self.options = [false; 10];
        for name in names {
            let known = Opt::ALL.into_iter().find(|option| option.name() == name);
            let option = known.ok_or_else(|| ProfileError::Option(name.clone()))?;
            if let Some(slot) = self.options.get_mut(option as usize) {
                *slot = true;
            }
        }
        Ok(())
    }

    fn take_dates(&mut self, dates: Option<FileDates>) -> Result<(), ProfileError> {
        let full = self.has(Opt::RetainFullDates);
        let modified = self.has(Opt::RetainModifiedDates);
        self.dates = match (full, modified, dates) {
            (false, false, None) if self.dates == Dates::Year => Dates::Year,
            (false, false, None) => Dates::Remove,
            (false, false, Some(FileDates::Year)) => Dates::Year,
            (true, false, None) => Dates::Keep,
            (false, true, None) => Dates::Shift,
            _ => return Err(ProfileError::Dates),
        };
        Ok(())
    }
}

fn decide(attribute: String, decision: FileDecision) -> Result<(Tag, Decision), ProfileError> {
    let tag = if attribute.len() == 8 {
        attribute.parse().ok()
    } else {
        None
    };
    let tag: Option<Tag> = tag.or_else(|| dicom::tag_of(&attribute));
    let tag = tag
        .filter(|tag| !tag.is_private() && rules::is_known(*tag))
        .ok_or(ProfileError::Attribute(attribute))?;
    if RESERVED.contains(&tag) {
        return Err(ProfileError::Reserved(tag));
    }
    let decision = match decision {
        FileDecision::Remove => Decision::Remove,
        FileDecision::Empty => Decision::Empty,
        FileDecision::Dummy => Decision::Dummy,
        FileDecision::Clean => Decision::Clean,
        FileDecision::Keep if identifies(tag) => return Err(ProfileError::Identifier(tag)),
        FileDecision::Keep => Decision::Keep,
    };
    Ok((tag, decision))
}

/// What the program alone writes: pseudonyms, flags, identity of the copy.
pub(super) const RESERVED: [Tag; 9] = [
    Tag(0x0008, 0x0005),
    Tag(0x0008, 0x0016),
    Tag(0x0008, 0x0018),
    Tag(0x0010, 0x0010),
    Tag(0x0010, 0x0020),
    Tag(0x0012, 0x0062),
    Tag(0x0012, 0x0063),
    Tag(0x0012, 0x0064),
    Tag(0x0028, 0x0303),
];

/// True for attributes that name a person or a patient's record whatever a site thinks of them.
fn identifies(tag: Tag) -> bool {
    const IDENTIFIERS: [Tag; 14] = [
        Tag(0x0008, 0x0050),
        Tag(0x0010, 0x0030),
        Tag(0x0010, 0x0032),
        Tag(0x0010, 0x1000),
        Tag(0x0010, 0x1002),
        Tag(0x0010, 0x1040),
        Tag(0x0010, 0x1090),
        Tag(0x0010, 0x2154),
        Tag(0x0010, 0x2155),
        Tag(0x0020, 0x0010),
        Tag(0x0038, 0x0010),
        Tag(0x0038, 0x0060),
        Tag(0x0040, 0x2016),
        Tag(0x0040, 0x2017),
    ];
    Vr::of(tag) == Some(Vr::PN) || IDENTIFIERS.contains(&tag)
}

fn private(one: FilePrivate) -> Result<SitePrivate, ProfileError> {
    const REFUSED: [&[u8; 2]; 6] = [b"PN", b"UN", b"OB", b"OW", b"UT", b"SQ"];
    let group = u16::from_str_radix(&one.group, 16)
        .ok()
        .filter(|group| group % 2 == 1 && one.group.len() == 4);
    let element = u8::from_str_radix(&one.element, 16)
        .ok()
        .filter(|_| one.element.len() == 2);
    let vr = one
        .vr
        .as_bytes()
        .try_into()
        .ok()
        .map(Vr)
        .filter(|vr| vr.is_known() && !REFUSED.contains(&&vr.0));
    match (group, element, vr) {
        (Some(group), Some(element), Some(vr)) if !one.creator.trim().is_empty() => Ok(SitePrivate {
            creator: one.creator.trim().to_owned(),
            group,
            element,
            vr,
        }),
        _ => Err(ProfileError::Private(one.creator)),
    }
}
