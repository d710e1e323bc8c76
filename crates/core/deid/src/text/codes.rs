//! The meanings of standard codes, and the forms of standard code values.
//!
//! A code meaning is free text that anyone may have typed; the meaning from the standard's own lists is not.

use std::collections::HashMap;
use std::sync::LazyLock;

static MEANINGS: LazyLock<HashMap<(&'static str, &'static str), &'static str>> = LazyLock::new(|| {
    include_str!("../../data/codes.tsv")
        .lines()
        .filter_map(|line| {
            let (scheme, rest) = line.split_once('\t')?;
            let (value, meaning) = rest.split_once('\t')?;
            Some(((scheme, value), meaning))
        })
        .collect()
});

/// The standard meaning of a code: `scheme` as (0008,0102) writes it, `value` as (0008,0100), (0008,0119) or
/// (0008,0120). `None` if the lists of PS3.16 do not have it.
pub fn meaning(scheme: &str, value: &str) -> Option<&'static str> {
    let (scheme, value) = (canonical(scheme.trim()), value.trim());
    let found = MEANINGS.get(&(scheme, value)).copied();
    match scheme {
        // Some writers put SNOMED CT concept identifiers under the old designators, and the other way round.
        "SRT" => found.or_else(|| MEANINGS.get(&("SCT", value)).copied()),
        "SCT" => found.or_else(|| MEANINGS.get(&("SRT", value)).copied()),
        _ => found,
    }
}

/// The designator that the lists use for one with several (PS3.16 8.1).
fn canonical(scheme: &str) -> &str {
    match scheme {
        "SNM3" | "99SDM" | "SNOMED-RT" | "SNM" => "SRT",
        "SNOMED-CT" | "SNOMED" => "SCT",
        "RID" => "RADLEX",
        "NCIT" => "NCIt",
        "LOINC" => "LN",
        other => other,
    }
}

/// True if `value` has the form of a code of a known standard scheme, its check digit included. False for any scheme
/// that is not known.
pub fn well_formed(scheme: &str, value: &str) -> bool {
    let value = value.trim();
    match canonical(scheme.trim()) {
        "DCM" => value.len() == 6 && digits(value),
        "SCT" => {
            (6..=18).contains(&value.len()) && digits(value) && !value.starts_with('0') && verhoeff(value)
        }
        "LN" => loinc(value),
        "SRT" => snomed_rt(value),
        "UCUM" => ucum(value),
        "RADLEX" => value
            .strip_prefix("RID")
            .is_some_and(|n| (1..=6).contains(&n.len()) && digits(n)),
        _ => false,
    }
}

fn digits(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit())
}

/// An axis letter, a hyphen, four or five hexadecimal digits ("T-04000", "R-102CA", "D3-10800", "PA-00010").
fn snomed_rt(value: &str) -> bool {
    let Some((axis, number)) = value.split_once('-') else {
        return false;
    };
    let mut letters = axis.bytes();
    let axis_fits = letters.next().is_some_and(|b| b.is_ascii_uppercase())
        && letters
            .next()
            .is_none_or(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && letters.next().is_none();
    axis_fits
        && (4..=5).contains(&number.len())
        && number
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b))
}

/// `n-c`, where `c` is the Luhn check digit of `n`.
fn loinc(value: &str) -> bool {
    let Some((number, check)) = value.split_once('-') else {
        return false;
    };
    if !(1..=7).contains(&number.len()) || check.len() != 1 || !digits(number) || !digits(check) {
        return false;
    }
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, b)| {
            let digit = u32::from(b - b'0') * if place % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    check.parse() == Ok((10 - sum % 10) % 10)
}

/// The characters of a UCUM expression (UCUM 1.0.8 section 2.1), in brackets or known parts: no free words.
fn ucum(value: &str) -> bool {
    let mut depth = 0i32;
    if value.is_empty() || value.len() > 24 {
        return false;
    }
    for b in value.bytes() {
        match b {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b' ' | b'"' => return false,
            b'!'..=b'~' => {}
            _ => return false,
        }
        if !(0..=1).contains(&depth) {
            return false;
        }
    }
    // Annotations in braces are free text.
    depth == 0
        && value
            .split(['/', '.', '{', '}', '[', ']', '*'])
            .all(|unit| unit.len() <= 8)
        && !value.contains('@')
}

/// The check digit of SNOMED CT identifiers (dihedral group D5).
fn verhoeff(value: &str) -> bool {
    const TIMES: [&[u8; 10]; 10] = [
        b"0123456789",
        b"1234067895",
        b"2340178956",
        b"3401289567",
        b"4012395678",
        b"5987604321",
        b"6598710432",
        b"7659821043",
        b"8765932104",
        b"9876543210",
    ];
    const TURN: [&[u8; 10]; 8] = [
        b"0123456789",
        b"1576283094",
        b"5803796142",
        b"8916043527",
        b"9453126870",
        b"4286573901",
        b"2793806415",
        b"7046913258",
    ];
    let pick = |row: &[u8; 10], at: u8| row.get(usize::from(at)).map_or(0, |b| b - b'0');
    let mut check = 0u8;
    for (place, b) in value.bytes().rev().enumerate() {
        let Some(row) = TURN.get(place % 8) else {
            return false;
        };
        let turned = pick(row, b.wrapping_sub(b'0'));
        let Some(row) = TIMES.get(usize::from(check)) else {
            return false;
        };
        check = pick(row, turned);
    }
    check == 0
}
