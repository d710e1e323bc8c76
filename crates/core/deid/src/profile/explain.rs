//! What a profile does to an attribute, in words.

use super::Profile;
use dicom::Tag;

/// What a profile does to an attribute, in words.
pub fn explain(profile: &Profile, tag: Tag) -> String {
    let _ = (profile, tag);
    String::new()
}
