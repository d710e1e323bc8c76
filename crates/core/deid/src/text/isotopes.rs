//! Isotopes of nuclear medicine: F-18, Tc-99m.

use super::pieces::Pieces;

/// The piece is an element before its mass number.
pub(super) fn is_isotope(pieces: &Pieces<'_>, at: usize) -> bool {
    matches!(
        (pieces.fold(at), pieces.fold(at + 1)),
        ("c", "11")
            | ("n", "13")
            | ("o", "15")
            | ("f", "18")
            | ("p", "32")
            | ("cr", "51")
            | ("co", "57" | "58" | "60")
            | ("cu", "62" | "64" | "67")
            | ("ga", "67" | "68")
            | ("ge", "68")
            | ("rb", "82")
            | ("sr", "82" | "89" | "90")
            | ("kr", "81")
            | ("y", "86" | "90")
            | ("zr", "89")
            | ("mo", "99")
            | ("tc", "94" | "99")
            | ("in", "111" | "113")
            | ("i", "123" | "124" | "125" | "131")
            | ("xe", "127" | "133")
            | ("cs", "137")
            | ("sm", "153")
            | ("ho", "166")
            | ("lu", "177")
            | ("re", "186" | "188")
            | ("ir", "192")
            | ("tl", "201")
            | ("pb", "203" | "212")
            | ("ra", "223")
            | ("ac", "225")
    ) && (pieces.gap(at) == "-" || pieces.glued(at))
        && pieces.stays(at + 1)
}
