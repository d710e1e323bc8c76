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
    "abdomen", "acc", "accession", "accuracy", "acq", "adc", "adult", "af", "agfa", "ai", "air", "aku",
    "al", "alle", "am", "an", "and", "angio", "ankle", "anon", "anonym", "anonymised", "anonymize",
    "anonymized", "anonymous", "any", "anyscp", "aorta", "ap", "app", "approved", "aquilion", "archive",
    "are", "arm", "art", "arterial", "artery", "at", "atrium", "au", "auto", "automatic", "average", "aw",
    "ax", "axial", "back", "beam", "bed", "best", "binary", "bladder", "body", "bolus", "bone", "brain",
    "breast", "buttock", "bw", "by", "calf", "canon", "cardiac", "cardiology", "care", "carestream",
    "carotid", "case", "cc", "cd", "center", "central", "centre", "cerebellum", "cervical", "cervix",
    "cheek", "chest", "child", "chin", "cine", "clavicle", "clinic", "coccyx", "code", "colon", "color",
    "complete", "completed", "composite", "computed", "constant", "container", "continuous", "contrast",
    "copy", "cor", "cornea", "coronal", "cr", "cranial", "ct", "cta", "ctp", "ctpa", "da", "data", "day",
    "dcm", "de", "decubitus", "default", "deid", "deidentified", "del", "delayed", "demo", "den",
    "department", "der", "derived", "des", "desktop", "di", "dicom", "dicomdir", "die", "diffusion", "do",
    "doctor", "documents", "doppler", "dose", "download", "downloads", "dr", "draft", "du", "dual", "dummy",
    "duodenum", "dwi", "dx", "dynamic", "ear", "east", "ecg", "echo", "el", "elbow", "electron", "elscint",
    "emergency", "emission", "empty", "en", "enhanced", "epi", "er", "erect", "esophagus", "et", "exam",
    "examination", "example", "exercise", "export", "extremity", "eye", "eyelid", "face", "false", "fast",
    "feet", "female", "femur", "files", "fin", "final", "finger", "first", "flair", "flat", "flood", "flow",
    "fluoroscopy", "fonar", "foot", "for", "forearm", "fractional", "free", "from", "fse", "ftp", "fuji",
    "fujifilm", "full", "gallbladder", "gated", "ge", "gems", "general", "generic", "gmbh", "gre", "groin",
    "group", "hand", "haste", "head", "headneck", "health", "healthcare", "heart", "heel", "hindfoot",
    "hip", "his", "hitachi", "hologic", "home", "hospital", "hrct", "humerus", "identified", "identity",
    "ii", "iii", "ileum", "ilium", "im", "image", "images", "imaging", "import", "in", "inbox", "incoming",
    "input", "int", "inverse", "is", "it", "iv", "jaw", "jejunum", "jpeg", "jr", "kg", "kidney",
    "knee", "kodak", "konica", "la", "lab", "labelmap", "large", "larynx", "last", "lat", "lateral", "le",
    "leadglass", "left", "leg", "lens", "les", "library", "lightspeed", "linear", "lips", "liver", "ll",
    "local", "localiser", "localizer", "long", "lossy", "low", "lower", "lr", "lumbar", "lung", "ma",
    "magnitude", "male", "mammo", "mammography", "man", "mandible", "manual", "mask", "max", "maxilla",
    "mci", "md", "mean", "med", "media", "median", "mediastinum", "medical", "medicine", "merge", "mesh",
    "mg", "min", "minolta", "mip", "miss", "mixed", "mm", "mnt", "model", "monochrome", "motion", "mouth",
    "mpr", "mprage", "mr", "mra", "mrcp", "mri", "mrs", "ms", "muscle", "na", "name", "native", "neck",
    "neuro", "neurology", "new", "nm", "no", "node", "noise", "nominal", "noname", "none", "normal",
    "north", "nose", "not", "nuclear", "null", "number", "oblique", "of", "on", "one", "op", "operator",
    "optima", "or", "orbit", "ordered", "original", "orthanc", "osirix", "ot", "other", "others", "out",
    "outbox", "output", "ovary", "pa", "pacs", "palate", "palette", "pancreas", "parotid",
    "partial", "patella", "patient", "patients", "pelvis", "penis", "perfusion", "pet", "phantom",
    "pharynx", "phase", "phd", "philips", "photon", "physician", "physicist", "picker", "plain", "plan",
    "planar", "port", "portal", "post", "pre", "preliminary", "primary", "private", "prof", "professor",
    "project", "projection", "prone", "prostate", "protocol", "proton", "pt", "public", "pynetdicom", "qa",
    "qc", "radiologist", "radiology", "radius", "ray", "re", "recon", "reconstruction", "rectilinear",
    "rectum", "recumbent", "reformatted", "regular", "rejected", "removed", "report", "research", "rest",
    "retina", "reverse", "rf", "rgb", "rib", "right", "rl", "roi", "room", "root", "routine", "rt", "rv",
    "sag", "sagittal", "sample", "samples", "samsung", "scalp", "scan", "scanner", "scans", "scapula",
    "sclera", "scout", "scp", "scrotum", "scu", "secondary", "seg", "sem", "semiautomatic", "separate",
    "sequenced", "ser", "series", "service", "sex", "share", "shared", "shimadzu", "shoulder", "siemens",
    "sigmoid", "signa", "simulator", "sinus", "site", "sitting", "skin", "skull", "small", "so", "soft",
    "som", "source", "south", "spectroscopy", "spine", "spiral", "spleen", "srv", "st", "standard",
    "standing", "star", "static", "station", "stationary", "std", "sternum", "stir", "stomach", "storescp",
    "storescu", "stroke", "student", "studies", "study", "subject", "suite", "summer", "supine",
    "surface", "survey", "swi", "system", "technician", "technologist", "temp", "temporary", "test",
    "tester", "testing", "testis", "tests", "text", "thalamus", "the", "thick", "thigh", "thin", "thorax",
    "thumb", "thymus", "thyroid", "tibia", "tissue", "title", "tmp", "to", "toe", "tof", "tomography",
    "tongue", "tooth", "toshiba", "total", "trace", "trachea", "transmission", "trial", "true", "tse", "ui",
    "ulna", "ultrasound", "unapproved", "undefined", "unenhanced", "unit", "univ", "university", "unknown",
    "unnamed", "unspecified", "unverified", "up", "upper", "ureter", "urethra", "us", "user", "users",
    "uterus", "vagina", "valve", "van", "var", "varian", "vein", "ven", "venous", "ventricle", "verified",
    "vertebra", "vessel", "view", "vol", "volume", "volunteer", "von", "vulva", "wall", "ward", "was",
    "water", "west", "white", "wholebody", "with", "work", "workspace", "workstation", "wrist", "xa",
    "xray", "xx", "xxx", "xxxx", "year", "yes", "zu", "zum",
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
