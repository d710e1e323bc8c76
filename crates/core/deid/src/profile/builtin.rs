//! The profiles that come with the program: the same files that a site would write.

use super::{Profile, ProfileError};

/// Names and files of the profiles that come with the program.
pub const BUILTIN: [(&str, &str); 4] = [
    ("basic", include_str!("../../profiles/basic.toml")),
    ("vendor", include_str!("../../profiles/vendor.toml")),
    ("research", include_str!("../../profiles/research.toml")),
    ("safe-harbor", include_str!("../../profiles/safe-harbor.toml")),
];

/// A profile that comes with the program; `None` for any other name.
///
/// # Errors
/// Never: its tests read every one.
pub fn builtin(name: &str) -> Option<Result<Profile, ProfileError>> {
    let (name, text) = BUILTIN.iter().find(|(known, _)| *known == name)?;
    Some(Profile::read(name, text))
}
