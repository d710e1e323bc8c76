//! Numbers written as text (PS3.5 6.2, VR DS and IS) as JSON numbers.

/// The JSON number that an Integer String says, or `None` when it is not a legal one.
pub(super) fn integer(text: &str) -> Option<String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = text.parse().ok()?;
    i32::try_from(number).ok().map(|number| number.to_string())
}

/// The JSON number that a Decimal String says, digit for digit, or `None` when it is not a legal one.
pub(super) fn decimal(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned
        .split_once(['e', 'E'])
        .map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        significant => significant,
    };
    let mut number = format!("{sign}{whole}");
    if !fraction.is_empty() {
        number.push('.');
        number.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        let exponent: i32 = exponent.parse().ok()?;
        number.push('e');
        number.push_str(&exponent.to_string());
    }
    number.parse::<f64>().is_ok_and(f64::is_finite).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::{decimal, integer};

    #[test]
    fn legal_integers_only() {
        for (text, number) in [
            ("0", "0"),
            ("+5", "5"),
            ("-007", "-7"),
            ("2147483647", "2147483647"),
        ] {
            assert_eq!(integer(text).as_deref(), Some(number));
        }
        for text in [
            "",
            "+",
            "1.0",
            "1e3",
            "0x1F",
            "2147483648",
            "99999999999999999999",
            "１",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_keep_their_digits() {
        for (text, number) in [
            ("1.500", "1.500"),
            ("+.5", "0.5"),
            ("5.", "5"),
            ("-0012.5E+03", "-12.5e3"),
            ("0.10000000000000001", "0.10000000000000001"),
            ("1e-7", "1e-7"),
        ] {
            assert_eq!(decimal(text).as_deref(), Some(number), "{text}");
        }
        for text in [
            "", ".", "-", "1,5", "NaN", "inf", "1e999", "1e", "0x10", "1 2", "--1",
        ] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
