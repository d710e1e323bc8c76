//! Colour profiles (ICC.1): rebuilt from the tags that colour conversion needs, with neutral words where the format
//! demands words.

use super::ContainerError;
use super::cursor::Cursor;
use super::icc_tags;

const HEADER: usize = 128;
/// Where the number of tags ends and their table begins.
const TABLE: usize = 132;
const ENTRY: usize = 12;
/// Tags that a profile may list: real ones have at most some dozens.
const MOST_TAGS: usize = 256;
/// How many times its own size the content of a profile's tags may be.
const MOST_SHARED: usize = 4;
/// 2000-01-01 00:00:00.
const DATE: [u8; 12] = [0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
/// The illuminant D50, which the format fixes.
const D50: [u8; 12] = [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D];
const CLASSES: [&[u8; 4]; 5] = [b"scnr", b"mntr", b"prtr", b"spac", b"abst"];
const SPACES: [&[u8; 4]; 25] = [
    b"XYZ ", b"Lab ", b"Luv ", b"YCbr", b"Yxy ", b"RGB ", b"GRAY", b"HSV ", b"HLS ", b"CMYK", b"CMY ",
    b"2CLR", b"3CLR", b"4CLR", b"5CLR", b"6CLR", b"7CLR", b"8CLR", b"9CLR", b"ACLR", b"BCLR", b"CCLR",
    b"DCLR", b"ECLR", b"FCLR",
];

pub(super) fn unreadable(fault: &'static str) -> ContainerError {
    let coding = "ICC profile";
    ContainerError::Unreadable { coding, fault }
}

/// The profile with the same colour meaning and nothing else: no words, dates, makers, models, serial numbers,
/// private tags, viewing descriptions, and no bytes between tags.
///
/// Description and copyright, which a profile must have (ICC.1 8.2), say "profile" and "no copyright". Profiles that
/// connect devices or name colours are made of words and refused. Tags of floating-point processing (D2Bx, B2Dx) go:
/// ICC.1 demands a table or matrix beside them, which stays.
///
/// # Errors
/// [`ContainerError::Unreadable`]: it is no profile, is broken, or holds no colour conversion.
pub fn clean_icc(profile: &[u8]) -> Result<Vec<u8>, ContainerError> {
    let short = unreadable("it ends too early");
    let mut start = Cursor::new(profile);
    let size = start.u32().ok_or(short.clone())? as usize;
    let profile = profile.get(..size).ok_or(short.clone())?;
    let header = profile.get(..HEADER).ok_or(short.clone())?;
    let major = header.get(8).copied().unwrap_or(0);
    let mut tags = tags(profile)?;
    if !converts(&tags) {
        return Err(unreadable("it holds no colour conversion"));
    }
    for (signature, text) in [(*b"desc", "profile"), (*b"cprt", "no copyright")] {
        tags.push((signature, icc_tags::text(signature, text, major)));
    }
    let mut out = clean_header(header)?;
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let mut placed: Vec<(&[u8], usize)> = Vec::new();
    let start = TABLE + ENTRY * tags.len();
    for (signature, content) in &tags {
        let shared = placed.iter().find(|(other, _)| other == content);
        let offset = match shared {
            Some(&(_, offset)) => offset,
            None => {
                let offset = start + data.len();
                data.extend(content);
                data.resize(data.len().next_multiple_of(4), 0);
                placed.push((content, offset));
                offset
            }
        };
        table.extend(signature);
        table.extend((offset as u32).to_be_bytes());
        table.extend((content.len() as u32).to_be_bytes());
    }
    out.extend(table);
    out.extend(data);
    let size = u32::try_from(out.len()).map_err(|_| unreadable("it is too large"))?;
    if let Some(field) = out.first_chunk_mut() {
        *field = size.to_be_bytes();
    }
    Ok(out)
}

/// The header (ICC.1 7.2): what conversion needs is checked and kept, the rest is neutral.
fn clean_header(header: &[u8]) -> Result<Vec<u8>, ContainerError> {
    let field = |at: usize| header.get(at..at + 4).and_then(|field| field.first_chunk::<4>());
    let known =
        |at, list: &[&'static [u8; 4]]| list.iter().copied().find(|&&known| field(at) == Some(&known));
    let kind = known(12, &CLASSES).ok_or(unreadable("its class is not known"))?;
    let space = known(16, &SPACES).ok_or(unreadable("its colour space is not known"))?;
    let connection = known(20, &SPACES).ok_or(unreadable("its connection space is not known"))?;
    if field(36) != Some(b"acsp") {
        return Err(unreadable("it has no signature"));
    }
    let Some(&[major @ 2..=4, minor, ..]) = field(8) else {
        return Err(unreadable("its version is not known"));
    };
    let bits = |at: usize, mask: u8| header.get(at).map_or(0, |byte| byte & mask);
    let mut out = vec![0; 8];
    out.extend([major, minor, 0, 0]);
    out.extend(kind);
    out.extend(space);
    out.extend(connection);
    out.extend(DATE);
    out.extend(b"acsp");
    // No platform; embedded or not; no manufacturer, no model.
    out.extend([0, 0, 0, 0, 0, 0, 0, bits(47, 3)]);
    out.extend([0; 8]);
    // Attributes of the medium: reflective, glossy, positive, coloured.
    out.extend([0, 0, 0, 0, 0, 0, 0, bits(63, 15)]);
    out.extend([0, 0, 0, bits(67, 3)]);
    out.extend(D50);
    out.resize(HEADER, 0);
    Ok(out)
}

type Tag = ([u8; 4], Vec<u8>);

/// The tags that stay, in a fixed order, each rebuilt.
fn tags(profile: &[u8]) -> Result<Vec<Tag>, ContainerError> {
    let short = unreadable("it ends too early");
    let mut table = Cursor::new(profile.get(HEADER..).unwrap_or_default());
    let count = table.u32().ok_or(short.clone())? as usize;
    if count > MOST_TAGS {
        return Err(unreadable("it has too many tags"));
    }
    let mut listed = Vec::with_capacity(count);
    for _ in 0..count {
        let entry = (table.array::<4>(), table.u32(), table.u32());
        let (Some(signature), Some(offset), Some(size)) = entry else {
            return Err(short);
        };
        listed.push((signature, offset as usize, size as usize));
    }
    let mut tags: Vec<Tag> = Vec::new();
    let mut total = 0usize;
    for &signature in icc_tags::KEPT {
        let Some(&(_, offset, size)) = listed.iter().find(|(listed, ..)| listed == signature) else {
            continue;
        };
        let content = profile
            .get(offset..)
            .and_then(|from| from.get(..size))
            .ok_or(unreadable("a tag lies outside of it"))?;
        let content = icc_tags::rebuild(*signature, content)?;
        total += content.len();
        // Tags may share their content, at most three of a kind: more is a profile that unpacks to many times itself.
        if total > profile.len().saturating_mul(MOST_SHARED) {
            return Err(unreadable("its tags overlap"));
        }
        tags.push((*signature, content));
    }
    Ok(tags)
}

/// Whether there is a table, a matrix with curves, or a grey curve.
fn converts(tags: &[Tag]) -> bool {
    let has = |wanted: &[&[u8; 4]]| {
        wanted
            .iter()
            .all(|&w| tags.iter().any(|(signature, _)| signature == w))
    };
    has(&[b"A2B0"])
        || has(&[b"B2A0"])
        || has(&[b"kTRC"])
        || has(&[b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"])
}
