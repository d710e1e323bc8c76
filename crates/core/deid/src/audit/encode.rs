//! Ways to write bytes so that they do not look like text.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Two lower-case hexadecimal digits a byte.
pub(super) fn hex(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .filter_map(|nibble| DIGITS.get(usize::from(nibble)).copied())
        .collect()
}

/// The base64 characters that `bytes` alone decide, at each of the three ways they can lie in a longer text.
pub(super) fn base64_anywhere(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..3).map(move |before| {
        let bit_at = |at: usize| -> u8 { bytes.get(at / 8).map_or(0, |byte| (byte >> (7 - at % 8)) & 1) };
        // The first character that begins within `bytes`, counted in bits from their start.
        let first = (6 - (before * 8) % 6) % 6;
        let bits = bytes.len() * 8;
        (first..)
            .step_by(6)
            .take_while(|at| at + 6 <= bits)
            .filter_map(|at| {
                let value = (at..at + 6).fold(0u8, |value, at| value << 1 | bit_at(at));
                BASE64.get(usize::from(value)).copied()
            })
            .collect()
    })
}

/// UTF-16, low byte first and high byte first.
pub(super) fn utf16(text: &str) -> [Vec<u8>; 2] {
    [
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ]
}

/// Text with its percent-encoded bytes (RFC 3986 2.1) decoded; `None` where there are none.
pub(super) fn percent_decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let mut found = false;
    while let Some((first, after)) = rest.split_first() {
        if let (b'%', [high, low, tail @ ..]) = (first, after)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            out.push(high << 4 | low);
            found = true;
            rest = tail;
        } else {
            out.push(*first);
            rest = after;
        }
    }
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{base64_anywhere, hex, percent_decoded};

    #[test]
    fn base64_is_found_at_each_alignment() {
        // base64 of "xx" (0 to 2 bytes) and "Gruenwald" behind it.
        let texts = ["R3J1ZW53YWxk", "eEdydWVud2FsZA==", "eHhHcnVlbndhbGQ="];
        for (part, text) in base64_anywhere(b"Gruenwald").zip(texts) {
            let part = String::from_utf8(part).unwrap_or_default();
            assert!(part.len() >= 10 && text.contains(&part), "{part} in {text}");
        }
    }

    #[test]
    fn hex_and_percent() {
        assert_eq!(hex(b"Az"), b"417a");
        assert_eq!(
            percent_decoded(b"a%20b%C3%BC"),
            Some("a b\u{fc}".as_bytes().to_vec())
        );
        assert_eq!(percent_decoded(b"100 %"), None);
    }
}
