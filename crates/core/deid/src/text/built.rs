//! Words that are medical by their build.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

use super::words::{Class, Mix, entry};

/// Names that look built of medical words ("Sandoval", "Canales").
static NOT_BUILT: LazyLock<HashSet<&'static str, BuildHasherDefault<Mix>>> =
    LazyLock::new(|| include_str!("../../data/words/not_built.txt").lines().collect());

/// True if an unknown folded Latin word is medical by its build: a known plural, a medical prefix before a known word,
/// a medical ending, or two longer medical words in one.
pub(super) fn is_built_medically(word: &str) -> bool {
    // Each cut is looked up: what is longer than any word would take the square of its length.
    if !word.is_ascii() || !(5..=40).contains(&word.len()) || NOT_BUILT.contains(word) {
        return false;
    }
    let strong = |w: &str| w.len() >= 4 && entry(w).class == Class::Strong;
    if word.strip_suffix('s').is_some_and(strong) || word.strip_suffix("es").is_some_and(strong) {
        return true;
    }
    if word.len() >= 8 && ENDINGS.iter().any(|end| word.ends_with(end)) {
        return true;
    }
    let known = |w: &str| w.len() >= 4 && matches!(entry(w).class, Class::Strong | Class::Plain);
    if PREFIXES.iter().any(|p| word.strip_prefix(p).is_some_and(known)) {
        return true;
    }
    word.len() >= 8
        && (4..=word.len().saturating_sub(4)).any(|at| {
            word.split_at_checked(at)
                .is_some_and(|(a, b)| strong(a) && strong(b))
        })
}

const PREFIXES: [&str; 44] = [
    "post", "pre", "non", "sub", "supra", "infra", "peri", "retro", "intra", "inter", "anti", "hyper",
    "hypo", "endo", "epi", "para", "poly", "micro", "macro", "multi", "bi", "uni", "trans", "neuro",
    "cardio", "gastro", "hemi", "hepato", "broncho", "musculo", "osteo", "fibro", "cranio", "thoraco",
    "abdomino", "lympho", "angio", "arterio", "veno", "cervico", "lumbo", "re", "un", "de",
];

const ENDINGS: [&str; 42] = [
    "itis",
    "ectomy",
    "opathy",
    "opathic",
    "ography",
    "ographic",
    "oscopy",
    "oscopic",
    "oplasty",
    "ostomy",
    "otomy",
    "aemia",
    "emic",
    "uria",
    "algia",
    "osis",
    "oses",
    "megaly",
    "plegia",
    "lithiasis",
    "ectasis",
    "ectatic",
    "stenosis",
    "sclerosis",
    "sclerotic",
    "ogram",
    "ograms",
    "omatous",
    "omatosis",
    "blastoma",
    "sarcoma",
    "carcinoma",
    "cytoma",
    "adenoma",
    "angioma",
    "genesis",
    "edema",
    "trophy",
    "trophic",
    "pnea",
    "cillin",
    "statin",
];
