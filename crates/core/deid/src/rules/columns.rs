//! Lines of comma-separated values.

use std::borrow::Cow;

/// The fields of one line (RFC 4180): a field in double quotes may hold commas, and `""` in it is one quote.
/// A line break inside a field is not supported.
pub fn fields(line: &str) -> Vec<Cow<'_, str>> {
    let mut found = Vec::new();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let (field, after) = match text.strip_prefix('"') {
            Some(quoted) => in_quotes(quoted),
            None => match text.split_once(',') {
                Some((field, after)) => (Cow::Borrowed(field), Some(after)),
                None => (Cow::Borrowed(text), None),
            },
        };
        found.push(field);
        rest = after;
    }
    found
}

/// A field up to its closing quote, and what follows the comma behind it.
fn in_quotes(text: &str) -> (Cow<'_, str>, Option<&str>) {
    let mut field = Cow::Borrowed("");
    let mut rest = text;
    loop {
        let Some((part, after)) = rest.split_once('"') else {
            return (field + rest, None);
        };
        field += part;
        match after.strip_prefix('"') {
            Some(more) => {
                field += "\"";
                rest = more;
            }
            None => return (field, after.split_once(',').map(|(_, next)| next)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn plain_quoted_and_empty_fields() {
        assert_eq!(fields("a,,b"), ["a", "", "b"]);
        assert_eq!(
            fields(r#""HOLOGIC, Inc.",7e01,"say ""no""""#),
            ["HOLOGIC, Inc.", "7e01", r#"say "no""#]
        );
        assert_eq!(fields("a,"), ["a", ""]);
        assert_eq!(fields(r#""open"#), ["open"]);
    }
}
