//! Addresses in the net, paths, UIDs, hardware addresses.

use super::Kind;
use super::pieces::{Fate, Pieces};

/// E-mail, URL, host name, path: the whole run between blanks, or as much of it as belongs.
pub(super) fn net(pieces: &mut Pieces<'_>) {
    let text = pieces.text;
    let mut marks: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for run in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '<' | '>' | '|')) {
        let end = at + run.len();
        let bare = run.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '.' | ':'));
        let lower = || bare.to_ascii_lowercase();
        let is_net = (bare.len() >= 5 || bare.starts_with('@'))
            && (bare.contains("://")
                || bare.contains('@')
                || bare.get(..4).is_some_and(|w| w.eq_ignore_ascii_case("www."))
                || (bare.contains('.') && is_host(&lower()))
                || is_path(bare));
        if is_net {
            marks.push((at, end));
        }
        at = end
            + text
                .get(end..)
                .and_then(|r| r.chars().next())
                .map_or(0, char::len_utf8);
    }
    for (from, to) in marks {
        drop_span(pieces, from, to);
    }
}

fn is_host(lower: &str) -> bool {
    let host = lower.split(['/', ':', '?']).next().unwrap_or_default();
    let mut parts = host.rsplit('.');
    let top = parts.next().unwrap_or_default();
    matches!(
        top,
        "com" | "org" | "net" | "edu" | "gov" | "mil" | "io" | "info" | "biz" | "de" | "fr" | "uk" | "local"
    ) && parts
        .next()
        .is_some_and(|p| p.len() >= 2 && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

fn is_path(run: &str) -> bool {
    let drive = run.get(1..3).is_some_and(|s| s == ":\\" || s == ":/");
    let rooted = (run.starts_with('/') || run.starts_with("~/")) && run.matches('/').count() >= 2;
    drive || rooted || run.starts_with("\\\\") || run.matches('\\').count() >= 2
}

/// MAC and IPv6 addresses: five or more groups of two to four hexadecimal digits with colons or hyphens.
pub(super) fn hardware(pieces: &mut Pieces<'_>, at: usize) {
    let Some(piece) = pieces.get(at) else { return };
    let text = pieces.text;
    // No address is longer than this on either side.
    const REACH: usize = 64;
    let is_part = |b: &&u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'-');
    let (before, after) = text.as_bytes().split_at_checked(piece.start).unwrap_or_default();
    let start = piece.start - before.iter().rev().take(REACH).take_while(is_part).count();
    let end = piece.start + after.iter().take(REACH).take_while(is_part).count();
    let run = text.get(start..end).unwrap_or_default();
    // Digits alone, or groups cut at the reach, are left to the other forms.
    let marks = run.bytes().filter(|b| !b.is_ascii_hexdigit()).count();
    if marks < 5 || run.len() > REACH {
        return;
    }
    for mark in [':', '-'] {
        let groups = run.split(mark).filter(|g| !g.is_empty()).count();
        let hex = run
            .split(mark)
            .filter(|g| !g.is_empty())
            .all(|g| g.len() <= 4 && g.bytes().all(|b| b.is_ascii_hexdigit()));
        if groups >= 6 && hex && run.matches(mark).count() >= 5 {
            drop_span(pieces, start, end);
        }
    }
}

/// UIDs and IP addresses: four or more numbers with dots, or three that begin as a UID. A label may hold a version of
/// four short parts ("10.6.1.0").
pub(super) fn dotted(pieces: &mut Pieces<'_>, at: usize, kind: Kind) {
    if at > 0 && pieces.gap(at - 1) == "." && pieces.digits(at - 1) > 0 {
        return;
    }
    let mut end = at;
    let mut total = pieces.digits(at);
    while pieces.gap(end) == "." && pieces.digits(end + 1) > 0 {
        end += 1;
        total += pieces.digits(end);
    }
    let parts = end - at + 1;
    let root = (pieces.fold(at), pieces.fold(at + 1), pieces.fold(at + 2));
    let uid = matches!(
        root,
        ("1", "2", "840" | "276" | "826" | "392") | ("1", "3", "6" | "12")
    ) || (root.0 == "2" && root.1 == "25" && pieces.digits(at + 2) > 3);
    let version = kind == Kind::Label && parts == 4 && total <= 7 && pieces.value(at).is_none_or(|v| v < 10);
    let version = version
        || (kind == Kind::Label
            && parts == 4
            && total <= 11
            && (at..=end).any(|i| pieces.digits(i) > 1 && pieces.fold(i).starts_with('0')))
        || (kind == Kind::Label && parts == 4 && total <= 6 && pieces.fold(end) == "0");
    if parts >= 3 && (uid || (parts >= 4 && !version)) {
        (at..=end).for_each(|i| pieces.drop(i, Fate::Pattern));
    }
}

/// Marks the pieces that lie within the bytes `from..to`.
fn drop_span(pieces: &mut Pieces<'_>, from: usize, to: usize) {
    let mut index = pieces.list.partition_point(|p| p.start < from);
    while pieces.get(index).is_some_and(|p| p.end <= to) {
        pieces.drop(index, Fate::Pattern);
        index += 1;
    }
}

/// UUIDs (8-4-4-4-12) and MAC addresses (six pairs) in hexadecimal digits, also after a word and a hyphen.
pub(super) fn hexadecimal(pieces: &mut Pieces<'_>, at: usize) {
    let Some(piece) = pieces.get(at) else { return };
    let start = piece.start;
    let bytes = pieces.text.as_bytes();
    let glued = start
        .checked_sub(1)
        .and_then(|i| bytes.get(i))
        .is_some_and(u8::is_ascii_alphanumeric);
    if glued {
        return;
    }
    for groups in [&[8usize, 4, 4, 4, 12][..], &[2, 2, 2, 2, 2, 2], &[4, 4, 4]] {
        if let Some(length) = hex_groups(bytes.get(start..).unwrap_or_default(), groups) {
            drop_span(pieces, start, start + length);
        }
    }
}

/// The length of hexadecimal groups of these sizes at the start of `bytes`, joined by one and the same sign.
fn hex_groups(bytes: &[u8], groups: &[usize]) -> Option<usize> {
    let mut at = 0;
    let mut sign = None;
    for (place, &size) in groups.iter().enumerate() {
        if place > 0 {
            let found = *bytes.get(at)?;
            let fits = match groups.len() {
                5 => matches!(found, b'-' | b'_'),
                6 => matches!(found, b':' | b'-' | b'.'),
                _ => found == b'.',
            };
            if !fits || *sign.get_or_insert(found) != found {
                return None;
            }
            at += 1;
        }
        if !bytes.get(at..at + size)?.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        at += size;
    }
    (!bytes.get(at).is_some_and(u8::is_ascii_alphanumeric)).then_some(at)
}
