//! Value representations (PS3.5 section 6.2), as far as writing needs them.

/// A value representation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the standard's two-letter codes name themselves")]
#[rustfmt::skip]
pub enum Vr {
    AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SQ, SS, ST, SV, TM, UC,
    UI, UL, UN, UR, US, UT, UV,
}

impl Vr {
    /// The two letters that stand in an explicit stream.
    pub fn code(self) -> [u8; 2] {
        let name = format!("{self:?}");
        match name.as_bytes() {
            [first, second] => [*first, *second],
            _ => *b"UN",
        }
    }

    /// True when the explicit form has two reserved bytes and a 32-bit length (PS3.5 7.1.2).
    pub fn has_long_length(self) -> bool {
        matches!(
            self,
            Self::OB
                | Self::OD
                | Self::OF
                | Self::OL
                | Self::OV
                | Self::OW
                | Self::SQ
                | Self::SV
                | Self::UC
                | Self::UN
                | Self::UR
                | Self::UT
                | Self::UV
        )
    }

    /// The byte that makes an odd value even (PS3.5 6.2).
    pub fn padding(self) -> u8 {
        match self {
            Self::UI | Self::OB | Self::UN => 0,
            _ => b' ',
        }
    }

    /// How many bytes swap together in a big-endian stream.
    pub fn unit(self) -> usize {
        match self {
            Self::US | Self::SS | Self::OW | Self::AT => 2,
            Self::UL | Self::SL | Self::FL | Self::OF | Self::OL => 4,
            Self::FD | Self::OD | Self::OV | Self::SV | Self::UV => 8,
            _ => 1,
        }
    }
}
