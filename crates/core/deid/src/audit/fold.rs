//! One spelling for many: case, accents and separators taken out of text before it is compared.
//!
//! `spaced` has one blank wherever anything but letters and digits stands; `squeezed` has nothing there. A
//! backslash separates values and stays in both, so that nothing is found across it.

/// Appends the folded form of `text`; `blank` says whether separators leave a blank.
fn fold_into(text: &str, blank: bool, out: &mut Vec<u8>) {
    let mut gap = false;
    for byte_or_char in text.chars() {
        let c = byte_or_char;
        if c.is_ascii() {
            let byte = c as u8;
            if byte.is_ascii_alphanumeric() {
                if gap && blank && out.last().is_some_and(|last| *last != b'\\') {
                    out.push(b' ');
                }
                gap = false;
                out.push(byte.to_ascii_lowercase());
            } else if byte == b'\\' {
                gap = false;
                out.push(b'\\');
            } else {
                gap = true;
            }
            continue;
        }
        // Combining accents belong to the letter before them.
        if ('\u{300}'..='\u{36F}').contains(&c) {
            continue;
        }
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && blank && out.last().is_some_and(|last| *last != b'\\') {
            out.push(b' ');
        }
        gap = false;
        push_plain(c, out);
    }
}

/// Letters, digits, one blank between words.
pub(super) fn spaced(text: &str, out: &mut Vec<u8>) {
    out.clear();
    fold_into(text, true, out);
}

/// Letters and digits only.
pub(super) fn squeezed(spaced: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend(spaced.iter().filter(|b| **b != b' '));
}

/// The folded words of a text as one string with blanks.
pub(super) fn words(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    fold_into(text, true, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// As [`words`], with umlauts and their kin as two letters where the usual spelling has two.
pub(super) fn words_spelt_out(text: &str) -> String {
    let mut long = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ä' | 'Ä' | 'æ' | 'Æ' => long.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => long.push_str("oe"),
            'ü' | 'Ü' => long.push_str("ue"),
            'å' | 'Å' => long.push_str("aa"),
            c => long.push(c),
        }
    }
    words(&long)
}

/// As [`words`], with two letters that may stand for an umlaut as one.
pub(super) fn words_contracted(text: &str) -> String {
    words(text)
        .replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u")
}

fn push_plain(c: char, out: &mut Vec<u8>) {
    // Full-width forms are ASCII in other clothes.
    if let ('\u{FF01}'..='\u{FF5E}', Some(ascii)) = (c, char::from_u32((c as u32).wrapping_sub(0xFEE0))) {
        out.push((ascii as u8).to_ascii_lowercase());
        return;
    }
    let plain = match c {
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' | 'ă' | 'Ă' | 'ą' | 'Ą' | 'ǎ' => "a",
        'æ' | 'Æ' => "ae",
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' | 'ĉ' | 'ċ' => "c",
        'ď' | 'Ď' | 'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'Ē' | 'ĕ' | 'ė' | 'Ė' | 'ę' | 'Ę' | 'ě' | 'Ě' => "e",
        'ĝ' | 'ğ' | 'Ğ' | 'ġ' | 'ģ' | 'Ģ' => "g",
        'ħ' | 'ĥ' | 'Ħ' => "h",
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'Ī' | 'į' | 'ı' | 'İ' => "i",
        'ķ' | 'Ķ' => "k",
        'ł' | 'Ł' | 'ĺ' | 'ļ' | 'ľ' | 'Ľ' => "l",
        'ñ' | 'Ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' | 'ņ' => "n",
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'Ō' | 'ő' | 'Ő' => "o",
        'œ' | 'Œ' => "oe",
        'ŕ' | 'ř' | 'Ř' | 'ŗ' => "r",
        'ś' | 'Ś' | 'š' | 'Š' | 'ş' | 'Ş' | 'ș' | 'Ș' | 'ŝ' => "s",
        'ß' => "ss",
        'ť' | 'Ť' | 'ţ' | 'Ţ' | 'ț' | 'Ț' | 'ŧ' => "t",
        'þ' | 'Þ' => "th",
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'Ū' | 'ů' | 'Ů' | 'ű' | 'Ű' | 'ų' => "u",
        'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'ź' | 'Ź' | 'ż' | 'Ż' | 'ž' | 'Ž' => "z",
        c => {
            let mut buffer = [0; 4];
            for lower in c.to_lowercase() {
                out.extend_from_slice(lower.encode_utf8(&mut buffer).as_bytes());
            }
            return;
        }
    };
    out.extend_from_slice(plain.as_bytes());
}

/// True for scripts that write no blanks between words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0E7F | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF
        | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::{words, words_contracted, words_spelt_out};

    #[test]
    fn spellings_of_one_name_fold_to_one() {
        assert_eq!(words("MÜLLER-Lüdenscheidt^Jörg"), "muller ludenscheidt jorg");
        assert_eq!(words_spelt_out("Müller"), "mueller");
        assert_eq!(words_contracted("Mueller"), "muller");
        assert_eq!(words("  a,b\\ c "), "a b\\c");
        assert_eq!(words("Ｓｍｉｔｈ"), "smith");
    }
}
