//! What changed, in words: attributes by their names, regions by where they lie.

use dicom::Tag;
use seal::px1::Region;
use verify::{ChangedAttribute, Report};

/// One changed attribute, never its value.
pub(crate) struct Attribute {
    pub(crate) tag: String,
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) change: &'static str,
}

/// The changed attributes.
#[derive(Default)]
pub(crate) struct Attributes {
    /// Those that make the file another one, or were changed by a signed amendment.
    pub(crate) counting: Vec<Attribute>,
    /// Those that any program on the way may write anew.
    pub(crate) harmless: Vec<Attribute>,
}

impl Attributes {
    pub(crate) fn of(report: &Report) -> Self {
        let (harmless, counting): (Vec<_>, Vec<_>) = report
            .changed
            .iter()
            .partition(|changed| matches!(changed.group, "encoding" | "free"));
        let in_words = |list: Vec<&ChangedAttribute>| list.into_iter().map(Attribute::of).collect();
        Self {
            counting: in_words(counting),
            harmless: in_words(harmless),
        }
    }
}

impl Attribute {
    fn of(changed: &ChangedAttribute) -> Self {
        let kind = match changed.group {
            "immutable" => "What it is and how it was made",
            "geometry" => "Size and place",
            "display" => "How it is shown",
            "identity" => "Whose it is",
            "private" => "Notes of the maker",
            "encoding" => "How it is written",
            _ => "Notes of programs on the way",
        };
        let change = match changed.change {
            "added" => "added",
            "removed" => "taken out",
            _ => "changed",
        };
        let (tag, name) = name(&changed.tag);
        Self {
            tag,
            name,
            kind,
            change,
        }
    }
}

/// `(0010,0010)` and `Patient Name` for `00100010`.
pub(crate) fn name(hex: &str) -> (String, String) {
    let Ok(tag) = hex.parse::<Tag>() else {
        return (hex.to_owned(), "A field without a name".to_owned());
    };
    let name = match dicom::keyword(tag) {
        Some(keyword) => spaced(keyword),
        None if tag.is_private() => "A field of the maker’s own".to_owned(),
        None => "A field without a name".to_owned(),
    };
    (format!("{tag:?}"), name)
}

/// `SOP Instance UID` for `SOPInstanceUID`.
fn spaced(keyword: &str) -> String {
    let letters: Vec<char> = keyword.chars().collect();
    let mut spaced = String::with_capacity(keyword.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let starts = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        if starts {
            spaced.push(' ');
        }
        spaced.push(*letter);
    }
    spaced
}

/// Where in a frame a region lies.
pub(crate) fn place(region: &Region, width: u32, height: u32) -> &'static str {
    let third = |from: u32, length: u32, whole: u32| {
        let middle = u64::from(from) * 2 + u64::from(length);
        (middle * 3 / (2 * u64::from(whole.max(1)))).min(2)
    };
    if u64::from(region.w) * u64::from(region.h) * 10 >= u64::from(width) * u64::from(height) * 8 {
        return "all over";
    }
    match (
        third(region.y, region.h, height),
        third(region.x, region.w, width),
    ) {
        (0, 0) => "upper left",
        (0, 1) => "upper middle",
        (0, _) => "upper right",
        (1, 0) => "middle left",
        (1, 1) => "centre",
        (1, _) => "middle right",
        (_, 0) => "lower left",
        (_, 1) => "lower middle",
        (_, _) => "lower right",
    }
}

#[cfg(test)]
mod tests {
    use super::{name, place, spaced};
    use seal::px1::Region;

    #[test]
    fn keywords_are_spaced_into_names() {
        for (keyword, name) in [
            ("PatientName", "Patient Name"),
            ("SOPInstanceUID", "SOP Instance UID"),
            ("KVP", "KVP"),
            ("PatientID", "Patient ID"),
            ("RescaleSlope", "Rescale Slope"),
        ] {
            assert_eq!(spaced(keyword), name);
        }
    }

    #[test]
    fn tags_are_written_as_the_standard_does() {
        assert_eq!(name("00100010"), ("(0010,0010)".into(), "Patient Name".into()));
        assert_eq!(name("00091001").1, "A field of the maker’s own");
        assert_eq!(name("no tag").0, "no tag");
    }

    #[test]
    fn places_are_thirds() {
        let at = |x, y, w, h| place(&Region { frame: 1, x, y, w, h }, 512, 512);
        assert_eq!(at(0, 0, 64, 64), "upper left");
        assert_eq!(at(448, 448, 64, 64), "lower right");
        assert_eq!(at(192, 192, 128, 128), "centre");
        assert_eq!(at(320, 256, 128, 64), "middle right");
        assert_eq!(at(0, 0, 512, 512), "all over");
    }
}
