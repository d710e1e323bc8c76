//! Values that stand where an IOD demands one and nothing may be said (PS3.15 table E.1-1a, action D).

use dicom::Vr;

/// A value of this VR that says nothing; `None` where no such value exists and the attribute must go.
pub(crate) fn dummy(vr: Vr) -> Option<Vec<u8>> {
    let bytes: &[u8] = match &vr.0 {
        b"AE" | b"LO" | b"SH" | b"LT" | b"ST" | b"UC" | b"UT" | b"PN" => b"REMOVED",
        b"AS" => b"000Y",
        b"CS" => b"UNKNOWN",
        b"DA" => b"19000101",
        b"DT" => b"19000101000000",
        b"TM" => b"000000",
        b"DS" | b"IS" => b"0",
        b"UR" => b"about:blank",
        b"SS" | b"US" | b"AT" | b"OB" | b"OW" => &[0; 2],
        b"FL" | b"SL" | b"UL" | b"OF" | b"OL" => &[0; 4],
        b"FD" | b"SV" | b"UV" | b"OD" | b"OV" => &[0; 8],
        _ => return None,
    };
    Some(bytes.to_vec())
}
