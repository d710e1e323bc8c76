//! The page on de-identification says what the code does.

use deid::Profile;
use std::path::Path;
use xtask::deid_docs::{PATH, with_attributes};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(PATH);
    std::fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn the_page_on_deidentification_is_what_the_profiles_do() {
    let page = page();
    let generated = with_attributes(&page).unwrap();
    // Line by line: a page that differs as a whole says nothing.
    for (have, want) in page.lines().zip(generated.lines()) {
        assert_eq!(have, want, "run cargo xtask deid-docs");
    }
    assert_eq!(page, generated, "run cargo xtask deid-docs");
}

#[test]
fn the_profile_shown_as_an_example_can_be_used() {
    let page = page();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let profile = Profile::read("example", example).unwrap();
    assert_eq!((profile.attributes.len(), profile.private.len()), (3, 1));
}
