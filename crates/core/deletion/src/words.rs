//! What strings of outsiders may be.

/// True for an identifier: 1 to 256 visible ASCII characters, so that it can stand in a log or on a page.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// True for a remark: at most 1,000 characters, none of them a control character.
pub(crate) fn is_remark(text: &str) -> bool {
    text.chars().count() <= 1000 && !text.chars().any(char::is_control)
}
