//! Marker segments of JPEG, JPEG-LS and JPEG 2000 codestreams: comments, application data and what stands behind the
//! end. A walk of its own, which decodes nothing (ISO/IEC 10918-1 annex B, 14495-1 annex C, 15444-1 annex A).

/// Which rules a byte behind 0xFF follows within entropy-coded data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Family {
    Jpeg,
    JpegLs,
    Jpeg2000,
    JpegXl,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// The first bytes of a codestream.
    Start,
    /// A marker must come.
    Marker,
    /// 0xFF was read where a marker must come.
    Code,
    /// The length of segment `code`.
    Length { code: u8, high: Option<u8> },
    /// Within segment `code`.
    Segment { code: u8, left: usize },
    /// Coded data; `ff` when the last byte was 0xFF.
    Data { ff: bool },
    /// Behind the end marker.
    Ended { extra: u32 },
    /// Not walked: not this family's, or broken.
    Lost,
}

/// Walks the fragments of one image, frame after frame.
pub(super) struct Walker {
    family: Family,
    state: State,
    /// The first bytes of the segment or codestream.
    head: Vec<u8>,
    /// Length of the segment in hand.
    length: usize,
    found: bool,
}

const HEAD: usize = 32;

impl Walker {
    pub(super) fn new(family: Family) -> Self {
        Self {
            family,
            state: State::Start,
            head: Vec::new(),
            length: 0,
            found: false,
        }
    }

    /// A fragment begins with these bytes: of a new frame when they say so.
    fn begin(&mut self, first: &[u8]) {
        let soi: &[u8] = match self.family {
            Family::Jpeg | Family::JpegLs => &[0xFF, 0xD8],
            Family::Jpeg2000 => &[0xFF, 0x4F],
            Family::JpegXl => &[0xFF, 0x0A],
        };
        if first.starts_with(soi) {
            self.state = State::Start;
            self.head.clear();
        } else if matches!(self.state, State::Start | State::Ended { .. }) {
            // Neither a codestream nor more of one. Boxes (JP2, JPEG XL) hold anything.
            self.found = true;
            self.state = State::Lost;
        }
    }

    /// The next bytes; `first` where a fragment begins.
    pub(super) fn push(&mut self, bytes: &[u8], first: bool) {
        if first {
            self.begin(bytes);
        }
        let mut rest = bytes;
        while let Some((byte, after)) = rest.split_first() {
            // Coded data is most of it: on to the next 0xFF.
            if self.state == (State::Data { ff: false }) {
                let Some(at) = rest.iter().position(|b| *b == 0xFF) else {
                    return;
                };
                self.state = State::Data { ff: true };
                rest = rest.get(at + 1..).unwrap_or_default();
                continue;
            }
            if self.state == State::Lost {
                return;
            }
            self.step(*byte);
            rest = after;
        }
    }

    /// True when something was found since the last call.
    pub(super) fn take_found(&mut self) -> bool {
        std::mem::take(&mut self.found)
    }

    fn step(&mut self, byte: u8) {
        self.state = match self.state {
            State::Start => {
                self.head.push(byte);
                match (self.head.len(), self.family) {
                    (2, Family::JpegXl) => State::Lost,
                    (2, _) => State::Marker,
                    _ => State::Start,
                }
            }
            State::Marker if byte == 0xFF => State::Code,
            State::Marker => State::Lost,
            State::Code if byte == 0xFF => State::Code,
            State::Code => self.marker(byte),
            State::Length { code, high: None } => State::Length {
                code,
                high: Some(byte),
            },
            State::Length {
                code,
                high: Some(high),
            } => {
                self.length = usize::from(u16::from_be_bytes([high, byte])).saturating_sub(2);
                self.head.clear();
                if self.length == 0 {
                    self.end_of_segment(code)
                } else {
                    State::Segment {
                        code,
                        left: self.length,
                    }
                }
            }
            State::Segment { code, left } => {
                if self.head.len() < HEAD {
                    self.head.push(byte);
                }
                if left == 1 {
                    self.end_of_segment(code)
                } else {
                    State::Segment { code, left: left - 1 }
                }
            }
            State::Data { ff: false } => State::Data { ff: byte == 0xFF },
            State::Data { ff: true } => self.behind_ff(byte),
            State::Ended { extra } => {
                // One byte makes a fragment even.
                if extra >= 1 || !matches!(byte, 0 | 0xFF) {
                    self.found = true;
                }
                State::Ended { extra: extra + 1 }
            }
            State::Lost => State::Lost,
        };
    }

    fn behind_ff(&mut self, byte: u8) -> State {
        match (self.family, byte) {
            (_, 0xFF) => State::Data { ff: true },
            (Family::Jpeg, 0 | 0xD0..=0xD7) | (Family::JpegLs, 0..=0x7F | 0xD0..=0xD7) => {
                State::Data { ff: false }
            }
            // Packet markers and everything below stand within coded data.
            (Family::Jpeg2000, 0x90 | 0xD9) => self.marker(byte),
            (Family::Jpeg2000 | Family::JpegXl, _) => State::Data { ff: false },
            _ => self.marker(byte),
        }
    }

    fn marker(&mut self, code: u8) -> State {
        match (self.family, code) {
            (_, 0xD9) => State::Ended { extra: 0 },
            (Family::Jpeg2000, 0x93) => State::Data { ff: false },
            (Family::Jpeg | Family::JpegLs, 0x01 | 0xD0..=0xD8) | (Family::Jpeg2000, 0x30..=0x3F) => {
                State::Marker
            }
            (Family::Jpeg | Family::JpegLs, 0xFE) | (Family::Jpeg2000, 0x64) => {
                self.found = true;
                State::Length { code, high: None }
            }
            _ => State::Length { code, high: None },
        }
    }

    fn end_of_segment(&mut self, code: u8) -> State {
        let jpeg = self.family != Family::Jpeg2000;
        if jpeg && (0xE0..=0xEF).contains(&code) && !self.is_harmless(code) {
            self.found = true;
        }
        if jpeg && code == 0xDA {
            State::Data { ff: false }
        } else {
            State::Marker
        }
    }

    /// Application data that decoders need, in its exact size: JFIF without a thumbnail, Adobe's and HP's colour
    /// transforms.
    fn is_harmless(&self, code: u8) -> bool {
        let head = self.head.as_slice();
        match code {
            0xE0 => head.starts_with(b"JFIF\0") && self.length == 14 && head.get(12..14) == Some(&[0, 0]),
            0xEE => head.starts_with(b"Adobe") && self.length == 12,
            0xE8 => head.starts_with(b"mrfx") && self.length == 5,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Walker};

    fn found(family: Family, fragments: &[&[u8]]) -> bool {
        let mut walker = Walker::new(family);
        for fragment in fragments {
            for (at, byte) in fragment.chunks(2).enumerate() {
                walker.push(byte, at == 0);
            }
        }
        walker.take_found()
    }

    const CLEAN: &[u8] = &[
        0xFF, 0xD8, 0xFF, 0xDB, 0, 4, 1, 2, 0xFF, 0xDA, 0, 3, 1, 9, 0xFF, 0, 7, 0xFF, 0xD0, 5, 0xFF, 0xD9,
    ];

    #[test]
    fn clean_jpeg() {
        assert!(!found(Family::Jpeg, &[CLEAN, CLEAN]));
        assert!(!found(Family::Jpeg, &[&[CLEAN, &[0, 0][..1]].concat()]));
    }

    #[test]
    fn comments_application_data_and_tails() {
        let with = |segment: &[u8]| [&CLEAN[..2], segment, &CLEAN[2..]].concat();
        assert!(found(Family::Jpeg, &[&with(&[0xFF, 0xFE, 0, 4, b'h', b'i'])]));
        assert!(found(Family::Jpeg, &[&with(&[0xFF, 0xE1, 0, 4, b'h', b'i'])]));
        assert!(!found(
            Family::Jpeg,
            &[&with(b"\xFF\xEE\0\x0EAdobe\0\0\0\0\0\0\0")]
        ));
        assert!(found(Family::Jpeg, &[&[CLEAN, b"tail"].concat()]));
        assert!(found(Family::Jpeg, &[CLEAN, b"tail"]));
    }

    #[test]
    fn jpeg_2000() {
        let sot: &[u8] = &[
            0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93, 1, 2, 0xFF, 0x64, 3, 0xFF, 0xD9,
        ];
        let clean = [&[0xFF, 0x4F, 0xFF, 0x51, 0, 4, 1, 2][..], sot].concat();
        assert!(!found(Family::Jpeg2000, &[&clean]));
        let comment = [&[0xFF, 0x4F, 0xFF, 0x64, 0, 6, 0, 1, b'h', b'i'][..], sot].concat();
        assert!(found(Family::Jpeg2000, &[&comment]));
        assert!(found(Family::Jpeg2000, &[b"\0\0\0\x0CjP  \r\n\x87\n"]));
    }
}
