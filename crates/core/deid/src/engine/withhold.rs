//! What is never released: what cannot be read, and what needs work that is not done here.

use crate::containers::ContainerError;
use crate::profile::{Profile, UncheckedPixels};
use crate::tree::{DataSet, TreeError};
use dicom::part10::Part10Error;
use dicom::{PixelCoding, Tag};

/// Why an object gets no copy. Says what to do and holds no value of the object.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Withheld {
    /// No DICOM file.
    #[error(transparent)]
    NotDicom(#[from] Part10Error),
    /// The data set cannot be read.
    #[error(transparent)]
    Unreadable(#[from] TreeError),
    /// A codestream or an other container cannot be rebuilt.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// The input or the output failed.
    #[error("reading or writing failed: {0}")]
    Io(#[from] std::io::Error),
    /// The input is not what it was a moment ago.
    #[error("the file changed while it was read; try again")]
    Changed,
    /// No SOP Class or no SOP Instance UID.
    #[error("the object has no sop class uid or no sop instance uid: nothing can be said of it")]
    NoIdentity,
    /// A DICOMDIR.
    #[error("a DICOMDIR is made anew from what is cleared, never copied")]
    Directory,
    /// A document inside: PDF, CDA, STL.
    #[error("the object encapsulates a document, which is not cleaned here: release it by hand, if at all")]
    Document,
    /// A voice.
    #[error("the object holds recorded sound, which can be a voice")]
    Sound,
    /// The object says so itself.
    #[error("burned in annotation (0028,0301) is YES: its pixels show text that identifies")]
    BurnedIn,
    /// The object says so itself.
    #[error("recognizable visual features (0028,0302) is YES: its pixels show a face or the like")]
    Recognizable,
    /// Nobody looked at the pixels.
    #[error(
        "pixels of this kind often show text and were not checked; burned in annotation (0028,0301) does not say NO"
    )]
    UncheckedPixels,
    /// Pixels that the header does not describe.
    #[error("the pixel data does not fit what the header says of it: {0}")]
    Pixels(&'static str),
    /// Too long for what is held in memory.
    #[error("the object holds more beside its pixels than fits in memory")]
    TooLarge,
}

impl From<dicom::scan::ScanError> for Withheld {
    fn from(error: dicom::scan::ScanError) -> Self {
        Self::Unreadable(error.into())
    }
}

const DIRECTORY: &str = "1.2.840.10008.1.3.10";
/// Encapsulated PDF, CDA, STL, OBJ, MTL.
const DOCUMENTS: &str = "1.2.840.10008.5.1.4.1.1.104.";
/// Basic voice audio, general audio.
const SOUNDS: &str = "1.2.840.10008.5.1.4.1.1.9.4.";
const ENCAPSULATED_DOCUMENT: Tag = Tag(0x0042, 0x0011);
const BURNED_IN: Tag = Tag(0x0028, 0x0301);
const RECOGNIZABLE: Tag = Tag(0x0028, 0x0302);

/// SOP classes whose pixels often show text: ultrasound, secondary capture, photographs and video, screens.
const SHOWS_TEXT: [&str; 12] = [
    "1.2.840.10008.5.1.4.1.1.3.1",
    "1.2.840.10008.5.1.4.1.1.6.1",
    "1.2.840.10008.5.1.4.1.1.6.2",
    "1.2.840.10008.5.1.4.1.1.7",
    "1.2.840.10008.5.1.4.1.1.7.1",
    "1.2.840.10008.5.1.4.1.1.7.2",
    "1.2.840.10008.5.1.4.1.1.7.3",
    "1.2.840.10008.5.1.4.1.1.7.4",
    "1.2.840.10008.5.1.4.1.1.77.1.1",
    "1.2.840.10008.5.1.4.1.1.77.1.4",
    "1.2.840.10008.5.1.4.1.1.6",
    "1.2.840.10008.5.1.4.1.1.3",
];

/// Refuses what no rule can make safe.
pub(super) fn check(
    set: &DataSet,
    sop_class: &str,
    coding: PixelCoding,
    profile: &Profile,
) -> Result<(), Withheld> {
    let says = |tag, word: &str| set.text(tag).is_some_and(|text| text.eq_ignore_ascii_case(word));
    if sop_class == DIRECTORY {
        return Err(Withheld::Directory);
    }
    if sop_class.starts_with(DOCUMENTS) || set.get(ENCAPSULATED_DOCUMENT).is_some() {
        return Err(Withheld::Document);
    }
    if sop_class.starts_with(SOUNDS) {
        return Err(Withheld::Sound);
    }
    let has_pixels = set.get(Tag::PIXEL_DATA).is_some();
    // An empty value is no YES; YES with other words behind it is one.
    if has_pixels && says(BURNED_IN, "YES") {
        return Err(Withheld::BurnedIn);
    }
    if has_pixels && says(RECOGNIZABLE, "YES") {
        return Err(Withheld::Recognizable);
    }
    if has_pixels && coding == PixelCoding::Opaque {
        return Err(ContainerError::Opaque.into());
    }
    let unchecked = has_pixels && SHOWS_TEXT.contains(&sop_class) && !says(BURNED_IN, "NO");
    if unchecked && profile.unchecked_pixels == UncheckedPixels::Quarantine {
        return Err(Withheld::UncheckedPixels);
    }
    Ok(())
}
