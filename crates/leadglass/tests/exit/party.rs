//! Recipients, as an officer writes them.

use super::desk::Desk;

/// `[destination]` by C-STORE.
pub(crate) fn dicom(port: u16, title: &str) -> String {
    format!("by = \"dicom\"\nhost = \"127.0.0.1\"\nport = {port}\nae_title = \"{title}\"")
}

/// `[destination]` by STOW-RS.
pub(crate) fn stow(port: u16) -> String {
    format!("by = \"stow\"\nurl = \"http://127.0.0.1:{port}/dicom-web/studies\"")
}

/// `[destination]` in a folder.
pub(crate) fn folder(path: &std::path::Path) -> String {
    format!("by = \"folder\"\npath = \"{}\"", path.display())
}

/// Sets up a recipient that gets de-identified copies for one purpose, for 30 days.
pub(crate) fn set(desk: &Desk, id: &str, purpose: &str, profile: &str, destination: &str, more: &str) {
    let text = format!(
        r#"
id = "{id}"
name = "{id} Ltd"
address = "1 Example Quay, Dublin"
{more}

[destination]
{destination}

[agreement]
kind = "baa"
signed_on = "2026-01-01"
expires = "2099-12-31"
purposes = ["{purpose}"]
retention_days = 30
storage_place = "Ireland"
profile = "{profile}"
"#
    );
    let file = desk.file(&format!("{id}.toml"), &text);
    let set = desk.one(&["admin", "recipient", "set", &file]);
    assert_eq!(set["recipient"], id, "{set}");
}

/// One that an AI vendor runs.
pub(crate) fn ai(desk: &Desk, id: &str, destination: &str, more: &str) {
    set(desk, id, "AIANALYSIS", "vendor", destination, more);
}

/// Orders a copy of a study for analysis, and leaves its delivery to the gateway.
pub(crate) fn order(desk: &Desk, study: &str, recipient: &str) -> i64 {
    let queued = desk.release(study, recipient, &["--purpose", "AIANALYSIS", "--no-wait"]);
    queued["release"]
        .as_i64()
        .unwrap_or_else(|| panic!("{recipient}: {queued}"))
}
