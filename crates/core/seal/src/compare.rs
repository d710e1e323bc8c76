//! What changed since an object was sealed, and where.

use crate::attributes::{AttributeLeaf, Group};
use crate::px1::{PixelDigest, PixelHeader, Region, regions};
use crate::record::{CompletionStatement, leaves_of, salted};
use crate::statement::PixelTruth;
use crate::{Amended, Observation, PixelObservation, Record, Statement};
use dicom::Tag;

/// What happened to an attribute.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// It was not there when the object was sealed.
    Added,
    /// It was there and is not any more.
    Removed,
    /// Its value is another one.
    Modified,
}

impl Change {
    /// The name in JSON documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Modified => "modified",
        }
    }
}

/// One attribute that is not as it was sealed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AttributeChange {
    /// Its tag.
    pub tag: Tag,
    /// What kind of attribute it is.
    pub group: Group,
    /// What happened to it.
    pub change: Change,
    /// True when a signed amendment says so.
    pub amended: bool,
}

/// Pixels of the candidate after decoding.
#[derive(Clone, Debug)]
pub enum Decoded {
    /// Nobody decoded them.
    NotTried,
    /// PX1 of them, and whether the codestream is lossless.
    Pixels {
        /// PX1.
        digest: PixelDigest,
        /// Whether the codestream says that it loses nothing.
        lossless: bool,
    },
    /// They cannot be decoded here.
    Failed,
}

/// What became of the pixels.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PixelFindings {
    /// The same samples, or there are none on both sides.
    Same,
    /// Other samples.
    Altered(Vec<Region>),
    /// One of the two is compressed with loss, and the samples are not those of the seal: that neither proves
    /// nor rules out an alteration.
    LossyReencoded,
    /// Without decoding, nothing can be said.
    Undecided,
}

/// All differences between a sealed object and a candidate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Findings {
    /// Attributes, ascending by tag.
    pub attributes: Vec<AttributeChange>,
    /// Pixels.
    pub pixels: PixelFindings,
    /// Bits outside Bits Stored say something else than they did. Clearing them, as codecs do, does not count.
    pub hidden_bits_altered: bool,
    /// Bits outside Bits Stored (old overlays) were there and are cleared.
    pub hidden_bits_cleared: bool,
    /// What was sealed is a copy that a gateway made of a sealed object: its statement has a parent.
    pub derived: bool,
}

impl Findings {
    /// True when nothing that counts changed; amended attributes and the way of encoding do not count.
    pub fn intact(&self) -> bool {
        self.pixels == PixelFindings::Same && !self.hidden_bits_altered && self.counting().next().is_none()
    }

    /// The attribute changes that count.
    pub fn counting(&self) -> impl Iterator<Item = &AttributeChange> {
        self.attributes
            .iter()
            .filter(|change| !change.amended && change.group != Group::Encoding)
    }
}

/// True when [`compare`] needs the candidate's pixels decoded.
pub fn needs_decoding(record: &Record, statement: &Statement, candidate: &Observation) -> bool {
    match (&candidate.pixels, &statement.pixels) {
        (PixelObservation::Encapsulated(fragments), PixelTruth::Fragments { root, .. }) => {
            fragments.root(&record.salt) != *root
        }
        (PixelObservation::Encapsulated(_), PixelTruth::Samples { .. }) => true,
        _ => false,
    }
}

/// What a record holds of the samples.
struct Sealed<'r> {
    header: PixelHeader,
    tiles: &'r [[u8; 32]],
    extra: Option<[u8; 32]>,
    lossless: bool,
}

/// Holds a candidate against the seal of `record`, whose statement was opened before.
///
/// `completion` is the opened completion with its tiles, where the seal is over fragments and has one.
pub fn compare(
    record: &Record,
    statement: &Statement,
    completion: Option<(&CompletionStatement, &[[u8; 32]])>,
    amendments: &[Amended],
    candidate: &Observation,
    decoded: &Decoded,
) -> Findings {
    let mut findings = Findings {
        attributes: attributes(record, statement, amendments, candidate),
        pixels: PixelFindings::Same,
        hidden_bits_altered: false,
        hidden_bits_cleared: false,
        derived: statement.parent.is_some(),
    };
    let sealed = match (&statement.pixels, completion) {
        (PixelTruth::Samples { header, extra, .. }, _) => Some(Sealed {
            header: *header,
            tiles: &record.parts,
            extra: *extra,
            lossless: true,
        }),
        (PixelTruth::Fragments { .. }, Some((completion, tiles))) => Some(Sealed {
            header: completion.header,
            tiles,
            extra: completion.extra,
            lossless: completion.lossless,
        }),
        _ => None,
    };
    let never_decoded = sealed.is_none();
    let whole = |header: Option<PixelHeader>| {
        let header = header.unwrap_or(PixelHeader {
            rows: 0,
            columns: 0,
            frames: 1,
            planes: 1,
            bits_stored: 0,
            signed: false,
            colour: 4,
        });
        PixelFindings::Altered(vec![Region {
            frame: 1,
            x: 0,
            y: 0,
            w: header.columns,
            h: header.rows,
        }])
    };
    findings.pixels = match (&statement.pixels, &candidate.pixels) {
        (PixelTruth::None, PixelObservation::None) => PixelFindings::Same,
        (PixelTruth::None, _) | (_, PixelObservation::None) => whole(sealed.map(|s| s.header)),
        (PixelTruth::Bytes { root }, PixelObservation::Bytes(digest)) => {
            if salted(&record.salt, b"BY1", digest) == *root {
                PixelFindings::Same
            } else {
                whole(
                    candidate
                        .header
                        .pixel_description()
                        .map(|d| PixelHeader::new(&d, d.photometric)),
                )
            }
        }
        (PixelTruth::Bytes { .. }, _) | (_, PixelObservation::Bytes(_)) => whole(sealed.map(|s| s.header)),
        (PixelTruth::Fragments { root, .. }, PixelObservation::Encapsulated(fragments))
            if fragments.root(&record.salt) == *root =>
        {
            // The codestream is the sealed one: how it is to be read must be so, too.
            for change in &mut findings.attributes {
                if change.group == Group::Encoding && change.tag.group() == 0x0028 {
                    change.group = Group::Display;
                }
            }
            PixelFindings::Same
        }
        (PixelTruth::Samples { .. } | PixelTruth::Fragments { .. }, pixels) => {
            let native;
            let candidate_pixels = match (pixels, decoded) {
                (PixelObservation::Native(digest), _) => {
                    native = digest;
                    Some((native, true))
                }
                (_, Decoded::Pixels { digest, lossless }) => Some((digest, *lossless)),
                _ => None,
            };
            match (sealed, candidate_pixels, decoded) {
                (Some(sealed), Some((digest, lossless)), _) => {
                    let (pixels, hidden) = samples(&sealed, digest, lossless, &record.salt);
                    findings.hidden_bits_altered = hidden == Hidden::Altered;
                    findings.hidden_bits_cleared = hidden == Hidden::Cleared;
                    pixels
                }
                // A candidate that was sealed with lossless pixels and does not decode is not that image any more.
                (Some(sealed), None, Decoded::Failed) if sealed.lossless => whole(Some(sealed.header)),
                _ => PixelFindings::Undecided,
            }
        }
    };
    let recoded = matches!(statement.pixels, PixelTruth::Fragments { .. })
        != matches!(candidate.pixels, PixelObservation::Encapsulated(_));
    findings
        .attributes
        .iter_mut()
        .for_each(|change| excuse(change, &findings.pixels, recoded));
    if never_decoded && findings.pixels == PixelFindings::Undecided {
        findings.attributes.iter_mut().for_each(excuse_unread);
    }
    findings
}

/// The sealed fragments were never decoded and the candidate has others: somebody recoded it, and with the pixels
/// went their colour space and the icon. Nothing is proved by such pixels, and nothing is called altered for these.
fn excuse_unread(change: &mut AttributeChange) {
    let with_pixels = matches!(change.tag, Tag(0x0028, 0x0004) | Tag(0x0088, 0x0200));
    if with_pixels && change.change == Change::Modified {
        change.group = Group::Encoding;
    }
}

/// What an encoder or decoder rewrites beside the pixels. `recoded`: of the two objects, one is compressed.
fn excuse(change: &mut AttributeChange, pixels: &PixelFindings, recoded: bool) {
    let encoding = match (change.tag, change.change) {
        // That pixels went through lossy compression may be added by whoever finds it in the codestream. It must not
        // be taken away.
        (Tag(0x0028, 0x2110 | 0x2112 | 0x2114), Change::Added) => true,
        (Tag(0x0028, 0x2112 | 0x2114), Change::Modified) => true,
        // Decoders of lossy colour hand out another colour space, and other samples: those prove nothing already.
        (Tag(0x0028, 0x0004), Change::Modified) => *pixels == PixelFindings::LossyReencoded,
        // Encoders compress the icon too.
        (Tag(0x0088, 0x0200), Change::Modified) => recoded && *pixels == PixelFindings::Same,
        _ => false,
    };
    if encoding {
        change.group = Group::Encoding;
    }
}

#[derive(PartialEq, Eq)]
enum Hidden {
    Same,
    Cleared,
    Altered,
}

fn samples(
    sealed: &Sealed<'_>,
    now: &PixelDigest,
    lossless: bool,
    salt: &[u8; 32],
) -> (PixelFindings, Hidden) {
    let extra = now.extra.map(|extra| salted(salt, b"EX1", &extra));
    let hidden = match (sealed.extra, extra) {
        (before, after) if before == after => Hidden::Same,
        (Some(_), None) => Hidden::Cleared,
        _ => Hidden::Altered,
    };
    if sealed.header != now.header {
        let whole = Region {
            frame: 1,
            x: 0,
            y: 0,
            w: sealed.header.columns,
            h: sealed.header.rows,
        };
        let lossy = !lossless || !sealed.lossless;
        return (
            if lossy {
                PixelFindings::LossyReencoded
            } else {
                PixelFindings::Altered(vec![whole])
            },
            hidden,
        );
    }
    let pairs = sealed.tiles.iter().zip(&now.tiles).enumerate();
    let altered: Vec<usize> = pairs
        .filter(|(_, (before, after))| before != after)
        .map(|(at, _)| at)
        .collect();
    let pixels = if altered.is_empty() {
        PixelFindings::Same
    } else if lossless && sealed.lossless {
        PixelFindings::Altered(regions(&sealed.header, altered))
    } else if altered.len() * 2 < sealed.tiles.len() {
        // Another decoder or another lossy encoding changes samples everywhere. Where most tiles agree to the last
        // bit, the others were altered.
        PixelFindings::Altered(regions(&sealed.header, altered))
    } else {
        PixelFindings::LossyReencoded
    };
    (pixels, hidden)
}

fn attributes(
    record: &Record,
    statement: &Statement,
    amendments: &[Amended],
    candidate: &Observation,
) -> Vec<AttributeChange> {
    let now = leaves_of(candidate, &record.salt);
    let vr_written = statement.explicit || candidate.explicit;
    let same = |a: &AttributeLeaf, b: &AttributeLeaf| a.same_value(b, vr_written);
    let mut changes = Vec::new();
    let mut push = |tag: Tag, change: Change, after: Option<&AttributeLeaf>| {
        let latest = amendments
            .iter()
            .rev()
            .flat_map(|amended| &amended.changes)
            .find(|(t, _)| *t == tag);
        let amended = match (latest, after) {
            (Some((_, Some(leaf))), Some(after)) => same(leaf, after),
            (Some((_, None)), None) => true,
            _ => false,
        };
        changes.push(AttributeChange {
            tag,
            group: Group::of(tag).unwrap_or(Group::Free),
            change,
            amended,
        });
    };
    let (mut before, mut after) = (record.leaves.iter().peekable(), now.iter().peekable());
    loop {
        match (before.peek(), after.peek()) {
            (Some(old), Some(new)) if old.tag == new.tag => {
                if !same(old, new) {
                    push(new.tag, Change::Modified, Some(new));
                }
                before.next();
                after.next();
            }
            (Some(old), new) if new.is_none_or(|new| old.tag < new.tag) => {
                push(old.tag, Change::Removed, None);
                before.next();
            }
            (_, Some(new)) => {
                push(new.tag, Change::Added, Some(new));
                after.next();
            }
            _ => break,
        }
    }
    changes
}
