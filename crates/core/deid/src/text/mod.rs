//! STUB
use std::borrow::Cow;
pub mod codes;
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Prose,
    Label,
    Term,
}
#[derive(Default)]
pub struct OwnValues {}
impl OwnValues {
    pub fn add_name(&mut self, _: &str) {}
    pub fn add_identifier(&mut self, _: &str) {}
    pub fn add_place(&mut self, _: &str) {}
    pub fn add_date(&mut self, _: &str) {}
    pub fn is_own(&self, _: &str) -> bool {
        false
    }
    pub fn contains_own(&self, _: &str) -> bool {
        false
    }
}
pub fn clean<'a>(text: &'a str, _kind: Kind, _own: &OwnValues) -> Cow<'a, str> {
    Cow::Borrowed(text)
}
