//! The text that is left, with one separator where something went.

use super::Kind;
use super::pieces::{Fate, Pieces};
use super::words::{Class, Role};

/// What stays of the text; `None` if all of it does.
pub(super) fn render(pieces: &mut Pieces<'_>, kind: Kind) -> Option<String> {
    if pieces.list.iter().all(|p| p.fate == Fate::Stays) {
        return None;
    }
    if kind == Kind::Term {
        return Some(String::new());
    }
    dangling(pieces);
    let kept: Vec<usize> = (0..pieces.list.len()).filter(|&i| pieces.stays(i)).collect();
    if kept.iter().all(|&i| is_connector(pieces, i)) {
        return Some(String::new());
    }
    let mut out = String::with_capacity(pieces.text.len());
    let mut last: Option<usize> = None;
    for &at in &kept {
        match last {
            Some(before) if before + 1 == at => out.push_str(pieces.gap(before)),
            Some(before) => {
                let gaps: Vec<&str> = (before..at).map(|i| pieces.gap(i)).collect();
                join(&gaps, &mut out);
            }
            None if at == 0 => {
                out.push_str(
                    pieces
                        .get(0)
                        .and_then(|p| pieces.text.get(..p.start))
                        .unwrap_or_default(),
                );
            }
            None => {
                let gap = pieces.gap(at - 1);
                let signs = gap.trim_end_matches(sticks_right).len();
                out.push_str(gap.get(signs..).unwrap_or_default());
            }
        }
        let piece = pieces
            .get(at)
            .and_then(|p| pieces.text.get(p.start..p.end))
            .unwrap_or_default();
        out.push_str(piece);
        last = Some(at);
    }
    if let Some(at) = last {
        if at + 1 == pieces.list.len() {
            out.push_str(pieces.gap(at));
        } else {
            let gap = pieces.gap(at);
            let signs = gap.len() - gap.trim_start_matches(sticks_left).len();
            out.push_str(gap.get(..signs).unwrap_or_default());
        }
    }
    balance(&mut out);
    Some(out.trim_matches(is_edge).to_owned())
}

/// Signs that belong to the word before them: C+, 50%.
fn sticks_left(c: char) -> bool {
    matches!(c, '+' | '%' | '°' | '²' | '³' | ')' | ']')
}

/// Signs that belong to the word after them: >5 mm.
fn sticks_right(c: char) -> bool {
    matches!(c, '<' | '>' | '≥' | '≤' | '~' | '±' | '*' | '(' | '[')
}

fn is_edge(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ',' | ';' | ':' | '-' | '_' | '^' | '/' | '=' | '&' | '|' | '.' | '@' | '\'' | '#' | '"' | '\\'
        )
}

/// One separator for what stood between two words that were not neighbours.
fn join(gaps: &[&str], out: &mut String) {
    let (first, last) = (
        gaps.first().copied().unwrap_or(""),
        gaps.last().copied().unwrap_or(""),
    );
    let left = first
        .get(..first.len() - first.trim_start_matches(sticks_left).len())
        .unwrap_or_default();
    let right = last
        .get(last.trim_end_matches(sticks_right).len()..)
        .unwrap_or_default();
    out.push_str(left);
    let plain = |gap: &str| -> String {
        gap.chars()
            .filter(|&c| {
                matches!(
                    c,
                    ' ' | ',' | ';' | ':' | '/' | '-' | '_' | '^' | '.' | '&' | '|' | '='
                )
            })
            .collect()
    };
    let (a, b) = (plain(first), plain(last));
    if gaps.iter().any(|g| g.contains('\n')) {
        out.push('\n');
    } else if a.trim() == b.trim() {
        let shorter = if a.len() < b.len() && !a.is_empty() { a } else { b };
        out.push_str(if shorter.trim().is_empty() { " " } else { &shorter });
    } else if a.trim().is_empty() || b.trim().is_empty() {
        let mark = if a.trim().is_empty() { b.trim() } else { a.trim() };
        if matches!(mark, "," | ";" | ":" | "." | "_" | "^")
            && (a.is_empty() || b.is_empty() || !matches!(mark, "_" | "^"))
        {
            out.push_str(mark);
        }
        if !matches!(mark, "_" | "^") || !(a.is_empty() || b.is_empty()) {
            out.push(' ');
        }
    } else {
        out.push_str(&b);
    }
    out.push_str(right);
}

/// Takes away brackets that lost their partner, and pairs that lost their content.
fn balance(out: &mut String) {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut lone: Vec<usize> = Vec::new();
    for (at, c) in out.char_indices() {
        match c {
            '(' | '[' => open.push((at, c)),
            ')' | ']' => {
                let mate = if c == ')' { '(' } else { '[' };
                match open.last().copied() {
                    Some((from, o)) if o == mate => {
                        open.pop();
                        if out
                            .get(from + 1..at)
                            .is_some_and(|inside| inside.trim().is_empty())
                        {
                            lone.push(from);
                            lone.push(at);
                        }
                    }
                    _ => lone.push(at),
                }
            }
            _ => {}
        }
    }
    lone.extend(open.into_iter().map(|(at, _)| at));
    lone.sort_unstable();
    let mut lone = lone.into_iter().peekable();
    let mut left = String::with_capacity(out.len());
    for (at, c) in out.char_indices() {
        let goes = lone.next_if_eq(&at).is_some();
        let doubled = c == ' ' && left.ends_with(' ');
        if !(goes || doubled) {
            left.push(c);
        }
    }
    *out = left;
}

/// Small words that led to what went, go with it: "read by Smith" is "read".
fn dangling(pieces: &mut Pieces<'_>) {
    for at in (0..pieces.list.len()).rev() {
        let gone = pieces.get(at + 1).is_some_and(|p| p.fate != Fate::Stays)
            && !pieces.gap(at).contains(['\n', ';']);
        let leads = pieces.get(at).is_some_and(|p| p.role == Role::Title)
            || matches!(
                pieces.fold(at),
                "by" | "for"
                    | "from"
                    | "at"
                    | "in"
                    | "on"
                    | "of"
                    | "and"
                    | "to"
                    | "the"
                    | "von"
                    | "fur"
                    | "pour"
                    | "para"
                    | "near"
                    | "vom"
                    | "since"
            );
        if gone && leads && pieces.stays(at) {
            pieces.drop(at, Fate::Pattern);
        }
    }
}

fn is_connector(pieces: &Pieces<'_>, at: usize) -> bool {
    pieces
        .get(at)
        .is_some_and(|p| p.class == Class::Single || p.role == Role::Title)
        || matches!(
            pieces.fold(at),
            "for"
                | "by"
                | "at"
                | "on"
                | "from"
                | "of"
                | "and"
                | "the"
                | "an"
                | "to"
                | "in"
                | "with"
                | "name"
                | "is"
                | "was"
                | "st"
                | "de"
                | "la"
                | "van"
                | "von"
                | "der"
                | "or"
        )
}
