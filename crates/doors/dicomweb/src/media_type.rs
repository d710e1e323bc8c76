//! Media types as Content-Type and Accept carry them (RFC 9110 section 8.3, PS3.18 section 8.7).

/// A media type with its parameters. Names are in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct MediaType {
    /// `type/subtype`.
    pub(crate) essence: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads one media type. Parameter values may be quoted or not, also where only a quoted one is legal
    /// (`type=application/dicom`, which clients send).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut pieces = split_outside_quotes(text, ';').into_iter();
        let essence = pieces.next()?.trim().to_ascii_lowercase();
        let (kind, subtype) = essence.split_once('/')?;
        if kind.is_empty() || subtype.is_empty() || essence.contains(|c: char| c.is_whitespace() || c == '"')
        {
            return None;
        }
        let parameters = pieces
            .filter_map(|piece| piece.split_once('='))
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), unquoted(value.trim())))
            .collect();
        Some(Self { essence, parameters })
    }

    /// Reads a list, as Accept has it, without what is refused (`q=0`), the most wanted first.
    pub(crate) fn parse_list(text: &str) -> Vec<Self> {
        let mut types: Vec<Self> = split_outside_quotes(text, ',')
            .into_iter()
            .filter_map(Self::parse)
            .collect();
        types.retain(|media| media.quality() > 0);
        types.sort_by_key(|media| std::cmp::Reverse(media.quality()));
        types
    }

    /// A parameter's value.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// True when this, which may hold `*`, covers a media type without parameters.
    pub(crate) fn covers(&self, essence: &str) -> bool {
        let Some((kind, subtype)) = self.essence.split_once('/') else {
            return false;
        };
        let (other_kind, other_subtype) = essence.split_once('/').unwrap_or((essence, ""));
        (kind == "*" || kind == other_kind) && (subtype == "*" || subtype == other_subtype)
    }

    /// The weight in thousandths (RFC 9110 section 12.4.2).
    fn quality(&self) -> u16 {
        let weight = self
            .parameter("q")
            .and_then(|q| q.parse::<f32>().ok())
            .unwrap_or(1.0);
        (weight.clamp(0.0, 1.0) * 1000.0) as u16
    }
}

fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            text.push(c);
            escaped = false;
        }
    }
    text
}

fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|c: char| {
        let splits = c == separator && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            _ => {}
        }
        splits
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::MediaType;

    #[test]
    fn parameters_with_and_without_quotes() {
        for text in [
            r#"multipart/related; type="application/dicom"; boundary="a b;c,\"d""#,
            r#"Multipart/Related;TYPE=application/dicom ; Boundary="a b;c,\"d" "#,
        ] {
            let media = MediaType::parse(text).unwrap();
            assert_eq!(media.essence, "multipart/related");
            assert_eq!(media.parameter("type"), Some("application/dicom"));
            assert_eq!(media.parameter("boundary"), Some(r#"a b;c,"d"#));
        }
        for text in ["", "dicom", "/", "application/", "a b/c"] {
            assert_eq!(MediaType::parse(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_ordered_by_weight() {
        let list = MediaType::parse_list(
            r#"*/*;q=0.1, multipart/related; type="a/b,c", text/html;q=0, image/*;q=0.5"#,
        );
        let names: Vec<&str> = list.iter().map(|media| media.essence.as_str()).collect();
        assert_eq!(names, ["multipart/related", "image/*", "*/*"]);
        assert_eq!(list[0].parameter("type"), Some("a/b,c"));
        assert!(
            list[1].covers("image/jpeg") && !list[1].covers("application/dicom") && list[2].covers("a/b")
        );
    }
}
