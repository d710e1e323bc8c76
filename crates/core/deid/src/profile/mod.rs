//! Profiles: which of the standard's options are executed, and what a site decides for single attributes.

mod builtin;
mod explain;
mod load;

pub use builtin::{BUILTIN, builtin};
pub use explain::{Explanation, Fate, TableRow, explain};
pub use load::ProfileError;

use crate::dates::Dates;
use dicom::Tag;
use std::collections::BTreeMap;

/// An option of the basic profile (PS3.15 table E.3-1, CID 7050).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Opt {
    /// 113103.
    CleanGraphics,
    /// 113104.
    CleanStructuredContent,
    /// 113105.
    CleanDescriptors,
    /// 113106.
    RetainFullDates,
    /// 113107.
    RetainModifiedDates,
    /// 113108.
    RetainPatientCharacteristics,
    /// 113109.
    RetainDeviceIdentity,
    /// 113110.
    RetainUids,
    /// 113111.
    RetainSafePrivate,
    /// 113112.
    RetainInstitutionIdentity,
}

impl Opt {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 10] = [
        Self::CleanGraphics,
        Self::CleanStructuredContent,
        Self::CleanDescriptors,
        Self::RetainFullDates,
        Self::RetainModifiedDates,
        Self::RetainPatientCharacteristics,
        Self::RetainDeviceIdentity,
        Self::RetainUids,
        Self::RetainSafePrivate,
        Self::RetainInstitutionIdentity,
    ];

    /// Its name in a profile.
    pub fn name(self) -> &'static str {
        match self {
            Self::CleanGraphics => "clean-graphics",
            Self::CleanStructuredContent => "clean-structured-content",
            Self::CleanDescriptors => "clean-descriptors",
            Self::RetainFullDates => "retain-full-dates",
            Self::RetainModifiedDates => "retain-modified-dates",
            Self::RetainPatientCharacteristics => "retain-patient-characteristics",
            Self::RetainDeviceIdentity => "retain-device-identity",
            Self::RetainUids => "retain-uids",
            Self::RetainSafePrivate => "retain-safe-private",
            Self::RetainInstitutionIdentity => "retain-institution-identity",
        }
    }

    /// Its code in the scheme DCM and the code's meaning (CID 7050).
    pub fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::CleanGraphics => ("113103", "Clean Graphics Option"),
            Self::CleanStructuredContent => ("113104", "Clean Structured Content Option"),
            Self::CleanDescriptors => ("113105", "Clean Descriptors Option"),
            Self::RetainFullDates => (
                "113106",
                "Retain Longitudinal Temporal Information Full Dates Option",
            ),
            Self::RetainModifiedDates => (
                "113107",
                "Retain Longitudinal Temporal Information Modified Dates Option",
            ),
            Self::RetainPatientCharacteristics => ("113108", "Retain Patient Characteristics Option"),
            Self::RetainDeviceIdentity => ("113109", "Retain Device Identity Option"),
            Self::RetainUids => ("113110", "Retain UIDs Option"),
            Self::RetainSafePrivate => ("113111", "Retain Safe Private Option"),
            Self::RetainInstitutionIdentity => ("113112", "Retain Institution Identity Option"),
        }
    }
}

/// The code of the basic profile itself.
pub const BASIC_PROFILE: (&str, &str) = ("113100", "Basic Application Confidentiality Profile");

/// What a site decides for one attribute, before the standard's table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decision {
    /// Gone, or a dummy where its IOD demands a value.
    Remove,
    /// Without a value, or a dummy where its IOD demands one.
    Empty,
    /// A dummy value.
    Dummy,
    /// Text cleaned, dates treated, UIDs mapped.
    Clean,
    /// As it is; text that repeats an identifier is cleaned all the same.
    Keep,
}

/// What happens to objects whose pixels may show text and were not checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UncheckedPixels {
    /// Kept back when the object itself says that its pixels identify: (0028,0301) or (0028,0302) is YES.
    Declared,
    /// Kept back, too, when it is of a kind that often does (ultrasound, secondary capture, photographs) and does
    /// not say NO.
    Quarantine,
}

/// A private element that a site vouches for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SitePrivate {
    /// The creator, as in (gggg,00xx).
    pub creator: String,
    /// The group.
    pub group: u16,
    /// The element within the block.
    pub element: u8,
    /// Its VR.
    pub vr: dicom::Vr,
}

/// A profile, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// Its name, as recorded in (0012,0063).
    pub name: String,
    /// What it is for, in a sentence.
    pub about: String,
    options: [bool; 10],
    /// How dates are treated.
    pub dates: Dates,
    /// What happens to pixels that nobody checked.
    pub unchecked_pixels: UncheckedPixels,
    /// What the site decides for single attributes.
    pub attributes: BTreeMap<Tag, Decision>,
    /// Private elements that the site vouches for.
    pub private: Vec<SitePrivate>,
}

impl Profile {
    /// True when it executes this option.
    pub fn has(&self, option: Opt) -> bool {
        self.options.get(option as usize).copied().unwrap_or_default()
    }

    /// The options that it executes.
    pub fn options(&self) -> impl Iterator<Item = Opt> {
        Opt::ALL.into_iter().filter(|option| self.has(*option))
    }

    /// What the audit must not count, since the profile keeps it on purpose.
    pub fn kept(&self) -> crate::audit::Kept {
        crate::audit::Kept {
            uids: self.has(Opt::RetainUids),
            full_dates: self.has(Opt::RetainFullDates),
            institution: self.has(Opt::RetainInstitutionIdentity),
            device: self.has(Opt::RetainDeviceIdentity),
            patient_characteristics: self.has(Opt::RetainPatientCharacteristics),
        }
    }
}
