//! Text that has the form of an identifier: what is taken out of free text of the input, and what no text of an
//! output may hold.

use super::date::Date;
use std::ops::Range;

/// The form of a piece of text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    Email,
    Url,
    /// A telephone number as written with punctuation.
    Phone,
    /// A social security number, `123-45-6789`.
    Ssn,
    /// Digits, six or more.
    Number,
    /// A day.
    Date(Date),
    /// A UID.
    Uid,
    /// A capitalised word behind "Dr", "by" and the like.
    Name,
}

/// Hosts of coding schemes and standards, whose URLs identify nobody.
const PUBLIC_HOSTS: [&str; 13] = [
    "github.com",
    "dicom.nema.org",
    "medical.nema.org",
    "nema.org",
    "loinc.org",
    "snomed.info",
    "snomed.org",
    "unitsofmeasure.org",
    "hl7.org",
    "www.radlex.org",
    "radlex.org",
    "www.w3.org",
    "purl.org",
];

/// Calls `found` for each piece of `text` that looks like an identifier.
pub(super) fn each(text: &str, mut found: impl FnMut(Form, &str)) {
    let bytes = text.as_bytes();
    if let Some(range) = bytes.contains(&b'@').then(|| email(bytes)).flatten() {
        found(Form::Email, text.get(range).unwrap_or_default());
    }
    if let Some(range) = url(text) {
        found(Form::Url, text.get(range).unwrap_or_default());
    }
    let mut at = 0;
    while let Some(start) = bytes
        .iter()
        .skip(at)
        .position(u8::is_ascii_digit)
        .map(|more| at + more)
    {
        let end = number_end(bytes, start);
        let before = start
            .checked_sub(1)
            .and_then(|at| bytes.get(at))
            .copied()
            .unwrap_or(b' ');
        if let Some(run) = text.get(start..end) {
            number(run, before, &mut found);
        }
        at = end.max(start + 1);
    }
    names(text, &mut found);
}

/// Digits with single separators between them: numbers, dates, telephone numbers, UIDs.
fn number_end(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    let mut separators = 0;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'0'..=b'9' => {
                end = at + 1;
                separators = 0;
            }
            b'.' | b'-' | b'/' | b'(' | b')' | b' ' if separators < 2 => separators += 1,
            _ => break,
        }
    }
    end
}

fn number(run: &str, before: u8, found: &mut impl FnMut(Form, &str)) {
    let word_before = before.is_ascii_alphabetic();
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let shape = shape(run);
    if run.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && run.matches('.').count() >= 4
        && run.len() >= 14
    {
        return found(Form::Uid, run);
    }
    if let Some(date) = date(run, &shape) {
        return found(Form::Date(date), run);
    }
    if !word_before && shape == "3-2-4" {
        return found(Form::Ssn, run);
    }
    let phone = matches!(
        shape.as_str(),
        "3-3-4" | "3.3.4" | "3)3-4" | "3) 3-4" | "3)-3-4" | "1-3-3-4" | "3/3-4"
    ) || (before == b'+' && (9..=15).contains(&digits));
    if !word_before && phone {
        return found(Form::Phone, run);
    }
    // Versions are dotted; their parts are no numbers of anyone.
    let dotted = run.bytes().filter(|b| *b == b'.').count() >= 2;
    for part in run
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| part.len() >= 6)
    {
        match Date::of_value(part).filter(|date| part.len() == 8 && (1880..2100).contains(&date.year)) {
            Some(date) => found(Form::Date(date), part),
            None if dotted => {}
            None => found(Form::Number, part),
        }
    }
}

/// Lengths of the digit groups with what stands between them: `2004-01-19` is `4-2-2`.
fn shape(run: &str) -> String {
    let mut shape = String::new();
    let mut length = 0;
    for c in run.chars() {
        if c.is_ascii_digit() {
            length += 1;
        } else {
            if length > 0 {
                shape += &length.to_string();
            }
            length = 0;
            shape.push(c);
        }
    }
    if length > 0 {
        shape += &length.to_string();
    }
    shape
}

fn date(run: &str, shape: &str) -> Option<Date> {
    let separated = matches!(
        shape,
        "4-2-2"
            | "4.2.2"
            | "4/2/2"
            | "2-2-4"
            | "2.2.4"
            | "2/2/4"
            | "1/2/4"
            | "2/1/4"
            | "1/1/4"
            | "1.1.4"
            | "1.2.4"
            | "2.1.4"
    );
    if !separated {
        return None;
    }
    let mut parts = run.split(['-', '.', '/']).map(str::parse::<u16>);
    let (first, second, third) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let (year, month, day) = match (shape.starts_with('4'), shape.contains('.')) {
        (true, _) => (first, second, third),
        (false, true) => (third, second, first),
        (false, false) if second > 12 => (third, first, second),
        (false, false) => (third, second, first),
    };
    let date = Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
    (1880..2100).contains(&date.year).then_some(date)
}

fn email(bytes: &[u8]) -> Option<Range<usize>> {
    let local = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+' | b'%');
    let host = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let at = bytes.iter().position(|b| *b == b'@')?;
    let before = bytes.iter().take(at).rev().take_while(|b| local(b)).count();
    let after: Vec<u8> = bytes
        .iter()
        .skip(at + 1)
        .take_while(|b| host(b))
        .copied()
        .collect();
    let dot = after.iter().rposition(|b| *b == b'.')?;
    let top = after.len() - dot - 1;
    let letters = after.iter().skip(dot + 1).all(u8::is_ascii_alphabetic);
    let public = PUBLIC_HOSTS.iter().any(|host| host.as_bytes() == after);
    (before >= 1 && !public && dot >= 2 && top >= 2 && letters).then(|| at - before..at + 1 + after.len())
}

fn url(text: &str) -> Option<Range<usize>> {
    let start = ["http://", "https://", "ftp://", "HTTP://", "HTTPS://", "www."]
        .iter()
        .filter_map(|scheme| text.find(scheme))
        .min()?;
    let rest = text.get(start..)?;
    let end = rest
        .find([' ', '\\', '"', '<', '>', '\0', '\r', '\n'])
        .unwrap_or(rest.len());
    let address = rest.get(..end)?;
    let host = address.split_once("//").map_or(address, |(_, host)| host);
    let host = host
        .split(['/', ':', '?'])
        .next()
        .unwrap_or(host)
        .to_ascii_lowercase();
    (host.contains('.') && !PUBLIC_HOSTS.contains(&host.as_str())).then(|| start..start + end)
}

fn names(text: &str, found: &mut impl FnMut(Form, &str)) {
    let mut expecting = 0;
    for word in text.split([
        ' ', ',', '^', '_', '\t', '\r', '\n', ';', ':', '(', ')', '\\', '/',
    ]) {
        let bare = word.trim_matches(['.', '\0', '-']);
        let title = matches!(
            bare,
            "Dr" | "DR" | "Mr" | "MR" | "Mrs" | "MRS" | "Ms" | "Prof" | "Miss"
        ) && word.len() > bare.len().min(2)
            || matches!(bare, "Dr" | "Mr" | "Mrs" | "Prof" | "by" | "BY" | "for");
        if title {
            // One word: the next may be the first of the report.
            expecting = 1;
        } else if expecting > 0 && !bare.is_empty() {
            let mut letters = bare.chars();
            let capitalised = letters.next().is_some_and(char::is_uppercase)
                && bare.chars().count() >= 4
                && letters.all(|c| c.is_lowercase() || c == '-' || c == '\'');
            if capitalised && !super::generic::is_generic(&super::fold::words(bare)) {
                found(Form::Name, bare);
                expecting -= 1;
            } else {
                expecting = 0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, each};

    fn forms(text: &str) -> Vec<(Form, String)> {
        let mut all = Vec::new();
        each(text, |form, piece| all.push((form, piece.to_owned())));
        all
    }

    #[test]
    fn forms_are_told_apart() {
        let one = |text: &str| forms(text).into_iter().next();
        assert_eq!(
            one("mail a.b@clinic.example now"),
            Some((Form::Email, "a.b@clinic.example".into()))
        );
        assert_eq!(one("SSN 219-09-9999"), Some((Form::Ssn, "219-09-9999".into())));
        assert_eq!(
            one("call (555) 201-4433 x"),
            Some((Form::Phone, "555) 201-4433".into()))
        );
        assert_eq!(
            one("call 555-201-4433"),
            Some((Form::Phone, "555-201-4433".into()))
        );
        assert_eq!(one("id 00123456"), Some((Form::Number, "00123456".into())));
        assert_eq!(
            one("seen by Dr. Gruenwald"),
            Some((Form::Name, "Gruenwald".into()))
        );
        assert_eq!(
            one("see https://pacs.clinic.example/x"),
            Some((Form::Url, "https://pacs.clinic.example/x".into()))
        );
        assert!(matches!(one("on 19.01.2004"), Some((Form::Date(_), _))));
        assert!(matches!(one("1.2.840.113619.2.30.1"), Some((Form::Uid, _))));
    }

    #[test]
    fn plain_descriptions_have_none() {
        for text in [
            "T1 MPRAGE 1.0mm iso",
            "CHEST PA/LAT 2 VIEWS",
            "ep2d_diff_3scan_trace_p2",
            "kV 120 mAs 250",
            "WM 3.5\\0.5\\1024",
            "@ 30 deg",
            "SIEMENS syngo MR B17 4VB17A",
            "http://snomed.info/sct",
            "Axial for Brain",
            "AX T2 FLAIR 5/1.5",
        ] {
            assert_eq!(forms(text), [], "{text}");
        }
    }
}
