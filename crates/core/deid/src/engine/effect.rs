//! Which rule speaks for an attribute: the site's, the standard's table, or what the table leaves out.

use crate::dates::Dates;
use crate::profile::{Decision, Opt, Profile};
use crate::rules::{self, Basic, Cell, Outside, Row};
use dicom::Tag;

/// What the rule wants, before the attribute's type in its IOD is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    /// An action of the basic profile.
    Basic(Basic),
    /// As it is, but for text that repeats an identifier.
    Keep,
    /// Treated by its VR: text cleaned, numbers and terms checked, dates and UIDs treated, sequences gone through.
    Clean,
    /// Technical text, cleaned as such.
    Label,
    /// A date or time, as the profile says.
    Date,
    /// A binary value without text: copied.
    Binary,
    /// An ICC profile: rebuilt.
    Icc,
    /// Part of a code: the code's item is treated as a whole.
    Code,
    /// Gone, or a dummy where its IOD demands a value.
    Drop,
}

/// Where a rule comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    /// The site's profile.
    Site,
    /// The basic profile's column of table E.1-1.
    Basic,
    /// An option's column of table E.1-1.
    Option(Opt),
    /// The profile's treatment of dates, which no option of the standard describes.
    Dates,
    /// Not in table E.1-1.
    Outside,
}

/// The rule for an attribute of the standard, and where it comes from.
pub(crate) fn effect(profile: &Profile, tag: Tag) -> (Effect, Origin) {
    if let Some(decision) = profile.attributes.get(&tag) {
        let effect = match decision {
            Decision::Remove => Effect::Drop,
            Decision::Empty => Effect::Basic(Basic::Z),
            Decision::Dummy => Effect::Basic(Basic::D),
            Decision::Clean => Effect::Clean,
            Decision::Keep => Effect::Keep,
        };
        return (effect, Origin::Site);
    }
    match rules::row(tag) {
        Some(row) => in_table(profile, row),
        None => (outside(profile, tag), Origin::Outside),
    }
}

fn in_table(profile: &Profile, row: &Row) -> (Effect, Origin) {
    let keeping = [
        (Opt::RetainUids, row.options.rtn_uids),
        (Opt::RetainInstitutionIdentity, row.options.rtn_institution),
        (Opt::RetainPatientCharacteristics, row.options.rtn_patient),
        (Opt::RetainFullDates, row.options.rtn_full_dates),
        (Opt::RetainModifiedDates, row.options.rtn_modified_dates),
        (Opt::CleanStructuredContent, row.options.clean_structured),
        (Opt::CleanGraphics, row.options.clean_graphics),
        (Opt::CleanDescriptors, row.options.clean_descriptors),
        // Last: a calibration date is a date before it is the device's.
        (Opt::RetainDeviceIdentity, row.options.rtn_device),
    ];
    if profile.dates == Dates::Year && row.options.rtn_modified_dates != Cell::None {
        return (Effect::Date, Origin::Dates);
    }
    let chosen = keeping
        .into_iter()
        .find(|(option, cell)| *cell != Cell::None && profile.has(*option));
    match chosen {
        None => (Effect::Basic(row.basic), Origin::Basic),
        Some((option, cell)) => {
            let effect = match (option, cell) {
                (Opt::RetainFullDates | Opt::RetainModifiedDates, _) => Effect::Date,
                // What a patient is like is kept as values and known words, not as whatever somebody wrote.
                (Opt::RetainUids | Opt::RetainPatientCharacteristics, _) | (_, Cell::Clean) => Effect::Clean,
                _ => Effect::Keep,
            };
            (effect, Origin::Option(option))
        }
    }
}

fn outside(profile: &Profile, tag: Tag) -> Effect {
    match rules::outside(tag) {
        Outside::Keep | Outside::Uid => Effect::Clean,
        Outside::Label => Effect::Label,
        // Text that describes is kept only by those who ask for descriptions.
        Outside::Prose if profile.has(Opt::CleanDescriptors) => Effect::Clean,
        Outside::Date => Effect::Date,
        Outside::Code => Effect::Code,
        Outside::Binary => Effect::Binary,
        Outside::Icc => Effect::Icc,
        Outside::Prose | Outside::Drop => Effect::Drop,
    }
}
