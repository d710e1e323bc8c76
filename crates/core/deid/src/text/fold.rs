//! One spelling for comparison: lower case, accents dropped, full-width forms narrowed, digits of any script in ASCII.

/// Appends the folded form of `c` to `out`; a combining mark adds nothing.
pub(super) fn push(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    if let Some(d) = digit(c) {
        out.push(d);
        return;
    }
    if is_mark(c) {
        return;
    }
    // Full-width Latin, as Japanese keyboards make it.
    if ('\u{FF21}'..='\u{FF5A}').contains(&c) {
        if let Some(narrow) = char::from_u32(c as u32 - 0xFEE0) {
            out.push(narrow.to_ascii_lowercase());
        }
        return;
    }
    for low in c.to_lowercase() {
        match latin(low) {
            Some(plain) => out.push_str(plain),
            None if is_mark(low) => {}
            None => out.push(low),
        }
    }
}

/// The folded form of `text`, with only its letters and digits.
pub(super) fn squash(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| is_letter(c) || digit(c).is_some()) {
        push(c, &mut out);
    }
    out
}

/// The folded letters and digits of `text`, with umlauts spelt out (ü as ue, å as aa).
pub(super) fn squash_spelt_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars().filter(|&c| is_letter(c) || digit(c).is_some()) {
        match c {
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'å' | 'Å' => out.push_str("aa"),
            '\u{308}' => out.push('e'),
            _ => push(c, &mut out),
        }
    }
    out
}

/// True for what counts as part of a word besides digits.
pub(super) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        (c.is_alphabetic() && c != 'º' && c != 'ª') || is_mark(c)
    }
}

/// The ASCII digit for a decimal digit of any script that DICOM character sets hold.
pub(super) fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let value = match c as u32 {
        u @ 0x0660..=0x0669 => u - 0x0660,
        u @ 0x06F0..=0x06F9 => u - 0x06F0,
        u @ 0x0966..=0x096F => u - 0x0966,
        u @ 0x0E50..=0x0E59 => u - 0x0E50,
        u @ 0xFF10..=0xFF19 => u - 0xFF10,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// True for scripts written without spaces between words, or with particles glued to them.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0E7F | 0x1100..=0x11FF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x3130..=0x318F
        | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x2_0000..=0x3_FFFF)
}

fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036F | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670
        | 0x0900..=0x0903 | 0x093A..=0x094F | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x1AB0..=0x1AFF
        | 0x20D0..=0x20FF | 0x3099 | 0x309A | 0xFE20..=0xFE2F)
}

fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ' | 'ả' | 'ấ' | 'ầ' | 'ẩ' | 'ẫ'
        | 'ậ' | 'ắ' | 'ằ' | 'ẳ' | 'ẵ' | 'ặ' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ' | 'ẻ' | 'ẽ' | 'ế' | 'ề' | 'ể' | 'ễ'
        | 'ệ' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ' | 'ỏ' | 'ố' | 'ồ' | 'ổ' | 'ỗ'
        | 'ộ' | 'ớ' | 'ờ' | 'ở' | 'ỡ' | 'ợ' => "o",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ử'
        | 'ữ' | 'ự' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ά' => "α",
        'έ' => "ε",
        'ή' => "η",
        'ί' => "ι",
        'ό' => "ο",
        'ύ' => "υ",
        'ώ' => "ω",
        'ς' => "σ",
        'ё' => "е",
        'й' => "й",
        'أ' | 'إ' | 'آ' => "ا",
        'µ' => "u",
        'μ' => "μ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{squash, squash_spelt_out};

    #[test]
    fn one_spelling() {
        assert_eq!(squash("O'Brien-Müller"), "obrienmuller");
        assert_eq!(squash("Mu\u{308}ller"), "muller");
        assert_eq!(squash_spelt_out("Müller"), "mueller");
        assert_eq!(squash_spelt_out("Mu\u{308}ller"), "mueller");
        assert_eq!(squash("ＣＴ１２"), "ct12");
        assert_eq!(squash("Łukasz Žižek"), "lukaszzizek");
    }
}
