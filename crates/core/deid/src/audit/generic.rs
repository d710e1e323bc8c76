//! Words that identify nobody, though they stand where identifiers stand.

/// True for a folded word that says nothing about whom or where.
pub(super) fn is_generic(folded: &str) -> bool {
    let word = folded.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let word = if folded.len() - word.len() <= 4 {
        word
    } else {
        folded
    };
    word.is_empty() && folded.len() < 4
        || is_small_number(folded)
        || is_run(folded)
        || !word.is_empty() && WORDS.binary_search(&word).is_ok()
}

/// True for zeros, and for up to two digits with zeros before them.
fn is_small_number(folded: &str) -> bool {
    folded.bytes().all(|b| b.is_ascii_digit() || b == b' ') && folded.trim_start_matches(['0', ' ']).len() < 3
}

/// True for one character over and over, and for numbers counted up from 1 to less than six digits.
fn is_run(folded: &str) -> bool {
    let first = folded.bytes().next();
    folded.bytes().all(|b| Some(b) == first) || (folded.len() < 5 && "1234".starts_with(folded))
}

/// True for the usual names of numbered image files, such as `IM-0001-0003`.
pub(super) fn is_numbered_image(folded: &str) -> bool {
    const STEMS: &[&str] = &[
        "", "a", "ct", "cr", "dcm", "dicom", "dicomdir", "dx", "e", "f", "file", "frame", "i", "im", "image",
        "img", "instance", "mg", "mr", "n", "nm", "ot", "p", "pa", "pt", "rt", "s", "scan", "se", "ser",
        "series", "slice", "sr", "st", "study", "test", "us", "xa", "z",
    ];
    folded.split(' ').all(|word| {
        let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
        word.len() - stem.len() <= 6 && STEMS.contains(&stem)
    })
}

/// Sorted. English function words, what tools and phantoms are called, modalities, body parts, makers, folders,
/// and words of radiology that also are family names.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "abdomen", "acc", "accession", "acq", "adult", "af", "agfa", "ai", "air", "aku", "al", "alle", "am",
    "an", "and", "angio", "ankle", "anon", "anonym", "anonymised", "anonymize", "anonymized", "anonymous",
    "any", "anyscp", "ap", "app", "aquilion", "archive", "are", "arm", "art", "at", "au", "auto", "aw",
    "ax", "axial", "back", "bed", "best", "body", "bolus", "bone", "brain", "breast", "bw", "by", "canon",
    "cardiac", "cardiology", "care", "carestream", "case", "cc", "cd", "center", "central", "centre",
    "cervical", "chest", "child", "chin", "clinic", "contrast", "copy", "cor", "coronal", "cr", "ct", "ctp",
    "da", "data", "day", "dcm", "de", "default", "deid", "deidentified", "del", "demo", "den", "department",
    "der", "des", "desktop", "di", "dicom", "dicomdir", "die", "do", "doctor", "documents", "download",
    "downloads", "dr", "du", "dual", "dummy", "dx", "ear", "east", "ecg", "el", "elbow", "elscint",
    "emergency", "empty", "en", "er", "et", "exam", "examination", "example", "export", "eye", "face",
    "false", "fast", "female", "files", "fin", "first", "flat", "fonar", "foot", "for", "from", "ftp",
    "fuji", "fujifilm", "full", "ge", "gems", "general", "generic", "gmbh", "group", "hand", "head",
    "health", "healthcare", "heart", "hip", "his", "hitachi", "hologic", "home", "hospital", "identified",
    "ii", "iii", "im", "image", "images", "imaging", "import", "in", "inbox", "incoming", "input", "int",
    "is", "it", "iv", "jpeg", "jr", "kg", "kidney", "knee", "kodak", "konica", "la", "lab", "large", "last",
    "lat", "lateral", "le", "leadglass", "left", "leg", "lens", "les", "library", "lightspeed", "liver", "ll", "local",
    "localizer", "long", "low", "lower", "lr", "lumbar", "lung", "ma", "male", "mammo", "man", "max", "md",
    "med", "media", "medical", "medicine", "merge", "mg", "min", "minolta", "miss", "mm", "mnt", "model",
    "mr", "mri", "mrs", "ms", "na", "name", "neck", "neuro", "neurology", "new", "nm", "no", "node",
    "nominal", "noname", "none", "normal", "north", "nose", "not", "null", "of", "on", "one", "op",
    "operator", "optima", "or", "ordered", "orthanc", "osirix", "ot", "other", "others", "out", "outbox",
    "output", "pa", "pacs", "patient", "patients", "pelvis", "pet", "phantom", "phd", "philips",
    "physician", "physicist", "picker", "plain", "port", "post", "pre", "private", "prof", "professor",
    "project", "protocol", "pt", "public", "pynetdicom", "qa", "qc", "radiologist", "radiology", "ray",
    "re", "regular", "removed", "report", "research", "rf", "rib", "right", "rl", "roi", "room", "root",
    "routine", "rt", "rv", "sag", "sagittal", "sample", "samples", "samsung", "scan", "scanner", "scans",
    "scout", "scp", "scu", "seg", "sem", "ser", "series", "service", "sex", "share", "shared", "shimadzu",
    "shoulder", "siemens", "signa", "site", "skin", "skull", "small", "so", "soft", "som", "source",
    "south", "spine", "spleen", "srv", "st", "standard", "star", "station", "std", "stomach", "storescp",
    "storescu", "student", "studies", "study", "subject", "suite", "summer", "system", "technician",
    "technologist", "temp", "temporary", "test", "tester", "testing", "tests", "the", "thin", "thorax",
    "tissue", "title", "tmp", "to", "toshiba", "total", "trial", "true", "ui", "undefined", "unit", "univ",
    "university", "unknown", "unnamed", "unspecified", "up", "upper", "us", "user", "users", "van", "var",
    "varian", "vein", "ven", "view", "vol", "volume", "volunteer", "von", "wall", "ward", "was", "water",
    "west", "white", "with", "work", "workspace", "workstation", "wrist", "xa", "xray", "xx", "xxx", "xxxx",
    "year", "yes", "zu", "zum",
];

#[cfg(test)]
mod tests {
    use super::{WORDS, is_generic, is_numbered_image};

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted(), "{:?}", WORDS.windows(2).find(|w| w[0] > w[1]));
    }

    #[test]
    fn generic_and_not() {
        for word in [
            "ct",
            "phantom",
            "phantom 3",
            "anonymous",
            "000000",
            "0001",
            "xxx",
            "1",
            "11111111",
            "siemens",
        ] {
            assert!(is_generic(word), "{word}");
        }
        for word in ["gruenwald", "482913", "ab1234", "lee", "4711"] {
            assert!(!is_generic(word), "{word}");
        }
        assert!(is_numbered_image("im 0001 0003") && !is_numbered_image("smith 0001"));
    }
}
