//! The page that answers a form.

use super::arrival;
use super::changes::{Attribute, Attributes, name, place};
use super::examine::{Evidence, Examined};
use super::picture::Picture;
use super::words::{Tone, Words, words};
use askama::Template;
use model::Door;
use seal::px1::Region;
use seal::{Verdict, key_id};
use std::collections::BTreeSet;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Regions that are listed in words, each with its number in the picture.
const LISTED: usize = 12;
/// Regions that are outlined in one picture.
const OUTLINED: usize = 400;
/// Attributes that are listed at once, and those that are listed at all.
const AT_ONCE: usize = 8;
const ATTRIBUTES: usize = 200;

#[derive(Template)]
#[template(path = "result.html")]
pub(crate) struct Page<'e> {
    words: Words,
    verdict: &'static str,
    picture_same: bool,
    shown: Vec<Shown<'e>>,
    regions: Vec<Listed>,
    more_regions: usize,
    unshown_frames: usize,
    attributes: Attributes,
    more_attributes: Vec<Attribute>,
    unlisted: usize,
    withheld: bool,
    amendments: Vec<Amendment<'e>>,
    sealed: Option<Sealed>,
    missing: usize,
    evidence_note: Option<&'static str>,
    several_frames: bool,
}

/// A frame with its outlines.
struct Shown<'e> {
    picture: &'e Picture,
    alt: String,
    outlines: Vec<Outline>,
    /// Height of the numbers, in pixels of the frame.
    text: u32,
}

struct Outline {
    /// Counted from 1; none where there are too many to tell apart.
    number: Option<usize>,
    region: Region,
    text_x: u32,
    text_y: u32,
}

/// A region in words.
struct Listed {
    number: usize,
    region: Region,
    place: &'static str,
}

struct Amendment<'e> {
    at: Moment,
    withdrawn: bool,
    reason: &'e str,
    fields: Vec<String>,
}

/// Who sealed it, when, how it had come in or come about, and where the log has it.
struct Sealed {
    at: Moment,
    /// It is a copy that was made to be handed out: it did not come in.
    copy: bool,
    arrival: String,
    limit: &'static str,
    proved: bool,
    here: bool,
    key: String,
    log: Option<(String, u64, u64)>,
}

/// A moment for people and for machines.
struct Moment {
    plain: String,
    exact: String,
}

impl Moment {
    fn new(rfc3339: &str) -> Self {
        let plain = match OffsetDateTime::parse(rfc3339, &Rfc3339) {
            Ok(at) => {
                let (day, month, year) = (at.day(), at.month(), at.year());
                format!("{day} {month} {year}, {:02}:{:02} UTC", at.hour(), at.minute())
            }
            Err(_) => rfc3339.to_owned(),
        };
        Self {
            plain,
            exact: rfc3339.to_owned(),
        }
    }
}

impl<'e> Page<'e> {
    pub(crate) fn new(examined: &'e Examined, own_key: &[u8; 32]) -> Self {
        let report = &examined.report;
        let mut words = words(report.verdict, report.reason.as_deref(), examined.has_pixels);
        let several_frames = report.regions.iter().any(|region| region.frame > 1)
            || examined.pictures.iter().any(|picture| picture.frame > 1);
        let shown: Vec<Shown> = examined
            .pictures
            .iter()
            .map(|picture| outlined(picture, &report.regions))
            .collect();
        let outlines: usize = shown.iter().map(|shown| shown.outlines.len()).sum();
        if report.verdict == Verdict::PixelsAltered && outlines == 0 {
            words.means =
                "What is in this file is not what was sealed. We have no picture of it to show you where.";
        }
        let sealed = sealed(examined, own_key);
        if report.verdict == Verdict::Derived && sealed.as_ref().is_some_and(|sealed| !sealed.here) {
            words.headline =
                "This is a copy that a gateway we trust made and handed out. It is unchanged since then.";
        }
        let size = examined
            .pictures
            .first()
            .map_or((1, 1), |picture| (picture.width, picture.height));
        let listed = report
            .regions
            .iter()
            .take(LISTED)
            .enumerate()
            .map(|(at, region)| Listed {
                number: at + 1,
                region: *region,
                place: place(region, size.0, size.1),
            });
        let frames: BTreeSet<u32> = report.regions.iter().map(|region| region.frame).collect();
        let mut attributes = Attributes::of(report);
        let unlisted = attributes.counting.len().saturating_sub(ATTRIBUTES)
            + attributes.harmless.len().saturating_sub(ATTRIBUTES);
        attributes.counting.truncate(ATTRIBUTES);
        attributes.harmless.truncate(ATTRIBUTES);
        let more_attributes = attributes
            .counting
            .split_off(AT_ONCE.min(attributes.counting.len()));
        Self {
            words,
            verdict: report.verdict.as_str(),
            picture_same: examined.pixels_same && report.verdict == Verdict::AttributesAltered,
            unshown_frames: frames.len().saturating_sub(shown.len()),
            shown,
            regions: listed.collect(),
            more_regions: report.regions.len().saturating_sub(LISTED),
            attributes,
            more_attributes,
            unlisted,
            withheld: examined.withheld,
            amendments: amendments(examined),
            sealed,
            missing: report.missing.len(),
            evidence_note: match examined.evidence {
                Evidence::Kept => None,
                Evidence::KeptOverBundle => Some(
                    "We used the seal that is kept here, for it holds the latest news. Your seal file was not needed.",
                ),
                Evidence::Bundle => {
                    Some("We used the seal file that you gave us. No seal for this scan is kept here.")
                }
                Evidence::BundleOfOther => {
                    Some("Your seal file proves nothing about this scan. It may belong to another one.")
                }
            },
            several_frames,
        }
    }
}

fn outlined<'e>(picture: &'e Picture, regions: &[Region]) -> Shown<'e> {
    let text = (picture.width.max(picture.height) / 22).max(8);
    let here = regions.iter().enumerate().filter(|(_, region)| {
        region.frame == picture.frame && region.x < picture.width && region.y < picture.height
    });
    let outlines: Vec<Outline> = here
        .take(OUTLINED)
        .map(|(at, region)| {
            let (w, h) = (
                region.w.min(picture.width - region.x),
                region.h.min(picture.height - region.y),
            );
            Outline {
                number: (regions.len() <= LISTED).then_some(at + 1),
                region: Region { w, h, ..*region },
                text_x: region.x + text / 3,
                text_y: region.y + text,
            }
        })
        .filter(|outline| outline.region.w > 0 && outline.region.h > 0)
        .collect();
    let alt = match outlines.len() {
        0 => "The picture in your file.".to_owned(),
        1 => "The picture in your file. One box shows where it was changed; the list after it says where."
            .to_owned(),
        n => format!(
            "The picture in your file. {n} boxes show where it was changed; the list after it says where."
        ),
    };
    Shown {
        picture,
        alt,
        outlines,
        text,
    }
}

fn amendments(examined: &Examined) -> Vec<Amendment<'_>> {
    let notes = examined.report.amendments.iter().map(|amendment| Amendment {
        at: Moment::new(&amendment.at),
        withdrawn: amendment.withdrawn,
        reason: &amendment.reason,
        fields: amendment.tags.iter().map(|tag| name(tag).1).collect(),
    });
    notes.collect()
}

fn sealed(examined: &Examined, own_key: &[u8; 32]) -> Option<Sealed> {
    let report = &examined.report;
    let source = report.source.as_ref()?;
    let own = hex::encode(key_id(own_key));
    let key = report.signer.clone().unwrap_or_default();
    Some(Sealed {
        at: Moment::new(report.sealed_at.as_deref().unwrap_or_default()),
        copy: source.door == Door::Release,
        arrival: arrival::sentence(source),
        limit: arrival::limit(source),
        proved: source.authenticated,
        here: key == own,
        key,
        log: report
            .log
            .as_ref()
            .map(|log| (log.origin.clone(), log.index, log.size)),
    })
}
