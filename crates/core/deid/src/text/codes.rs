pub fn meaning(_: &str, _: &str) -> Option<&'static str> {
    None
}
pub fn well_formed(_: &str, _: &str) -> bool {
    true
}
