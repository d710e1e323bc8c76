//! STUB
#[derive(Clone, Copy, Default, Debug)]
pub struct Kept {
    pub uids: bool,
    pub full_dates: bool,
    pub institution: bool,
    pub device: bool,
    pub patient_characteristics: bool,
}
