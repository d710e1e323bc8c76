//! Surnames that are words too: what beside them shows that a person or a firm is meant.

use super::pieces::{Fate, Made, Pieces};
use super::words::{Class, Role};

/// Surnames that are seldom anything else when written with a capital, and the words beside which they are.
const SURNAMES: [(&str, &str); 33] = [
    (
        "white",
        "matter blood cell cells count substance noise light gray grey black balance cerebral deep",
    ),
    (
        "black",
        "blood bone hole holes body lung white dot stool stools field",
    ),
    (
        "brown",
        "fat tumor tumour tumors adipose sequard syndrome recluse",
    ),
    (
        "gray",
        "matter white scale level levels scales substance deep cortical",
    ),
    (
        "grey",
        "matter white scale level levels scales substance deep cortical",
    ),
    ("green", "light laser channel stick indocyanine"),
    ("cook", "catheter stent filter needle"),
    ("walker", "malformation dandy"),
    ("bond", "strength resin"),
    ("lane", "fast"),
    ("berry", "aneurysm aneurysms"),
    ("crane", ""),
    (
        "chambers",
        "heart cardiac anterior four two three left right view",
    ),
    (
        "branch",
        "vessel vein artery arterial bundle block left right retinal side portal hepatic points nerve occlusion of",
    ),
    (
        "young",
        "male female man woman adult adults child patient boy girl onset age athlete",
    ),
    ("hunt", "hess and ramsay"),
    ("wood", "smoke splinter lamp foreign"),
    ("frost", "bite"),
    ("hammer", "toe toes"),
    ("rice", "bodies body"),
    (
        "stone",
        "kidney renal ureteral ureteric ureter bladder gall bile duct protocol staghorn common salivary parotid \
        disease burden study search gallbladder cystic calcium pulp r",
    ),
    (
        "wall",
        "chest abdominal bowel bladder gallbladder aortic vessel thoracic lateral posterior anterior inferior \
        thickening motion heart rectal pelvic esophageal gastric colonic septal uterine cyst myocardial ventricular \
        medial arterial body motions enhancement filter defect thickness shear stress hernia orbital sinus",
    ),
    ("rich", "fat protein"),
    ("parent", "vessel"),
    (
        "cross",
        "section sectional table clamp reference match over talk lateral midline sections hair",
    ),
    (
        "key",
        "image images finding findings hole word object objects note number",
    ),
    ("spring", "ligament coil"),
    ("mason", "classification type"),
    ("frank", ""),
    ("fish", "bone hook meal oil"),
    ("wells", "score criteria"),
    ("gardner", ""),
    ("bauch", ""),
];

/// Words after which these stay on either side of the body: "L wall", "R palm".
const SIDED: &str = "chin hair limb nail palm shin wall wing lung hand stone stem field kopf hals bauch ima roll root rib \
    graft pump port branch patch chambers ramp stent vena arm leg les long short slip part parts pass pool weeks";

/// A capital word that is a surname unless its medical neighbour stands beside it.
pub(super) fn is_plain_surname(pieces: &Pieces<'_>, at: usize) -> bool {
    let Some(piece) = pieces.get(at).filter(|p| p.capital) else {
        return false;
    };
    // Long lists of words in capitals ("CHEST WALL") say less than one capital word among others.
    let edge = at == 0 || at + 1 == pieces.list.len() || possessive(pieces, at);
    let fold = pieces.fold(at);
    let Some((_, mates)) = SURNAMES.iter().find(|(name, _)| *name == fold) else {
        return false;
    };
    let always = matches!(
        fold,
        "white" | "black" | "brown" | "gray" | "grey" | "cook" | "walker" | "bond" | "crane" | "wells"
    );
    let is_mate = |i: usize| mates.split_whitespace().any(|m| m == pieces.fold(i)) && pieces.stays(i);
    let close = |gap: &str| matches!(gap, " " | "-" | "_" | "/" | "'" | " / " | " and " | "");
    let mate = (is_mate(at + 1) && close(pieces.gap(at)))
        || at
            .checked_sub(1)
            .is_some_and(|i| is_mate(i) && close(pieces.gap(i)))
        || (pieces.fold(at + 1) == "and" && is_mate(at + 2))
        || at
            .checked_sub(2)
            .is_some_and(|i| pieces.fold(i + 1) == "and" && is_mate(i));
    let joined = pieces.gap(at).starts_with(['_', '-']) || pieces.gap_before(at).ends_with(['_', '-', '/']);
    let shouting = !pieces.mixed_case && pieces.list.len() > 1 && !always;
    !mate && !joined && !shouting && (always || (edge && (piece.upper || possessive(pieces, at))))
}

/// Wall's: a person's, as no thing of these has anything.
pub(super) fn possessive(pieces: &Pieces<'_>, at: usize) -> bool {
    matches!(pieces.gap(at), "'" | "\u{2019}") && pieces.fold(at + 1) == "s" && at + 2 == pieces.list.len()
}

/// "R. Gray", "B Brown", "BROWN R CT", "WARD, T. - CT": a single capital beside the word.
pub(super) fn has_initial(pieces: &Pieces<'_>, at: usize) -> bool {
    pieces
        .get(at)
        .is_some_and(|p| p.capital && p.made == Made::Letters)
        && (initial_before(pieces, at) || initial_after(pieces, at))
}

fn initial_before(pieces: &Pieces<'_>, at: usize) -> bool {
    let Some(i) = at.checked_sub(1) else { return false };
    let dotted = matches!(pieces.gap(i), ". " | ".");
    if !pieces.get(i).is_some_and(|p| is_initial(pieces, i, p.capital)) {
        return false;
    }
    let side = matches!(pieces.fold(i), "l" | "r" | "a" | "b")
        && SIDED.split_whitespace().any(|w| w == pieces.fold(at));
    let article = pieces.fold(i) == "a" && !dotted;
    let technical = !dotted
        && matches!(
            pieces.fold(at),
            "wave" | "arm" | "scale" | "mode" | "line" | "spine"
        );
    let spaced = pieces.gap(i) == " " && !article && !side;
    (dotted || spaced) && !technical
}

fn initial_after(pieces: &Pieces<'_>, at: usize) -> bool {
    let Some(letter) = pieces
        .get(at + 1)
        .filter(|p| is_initial(pieces, at + 1, p.capital))
    else {
        return false;
    };
    let opens = at == 0
        || matches!(pieces.gap_before(at), " - " | ", " | " (" | ": " | "; " | "(")
        || matches!(
            pieces.fold_before(at),
            "for" | "by" | "from" | "to" | "dr" | "mr" | "mrs" | "ms"
        );
    let dotted = pieces.gap(at + 1).starts_with('.');
    let side = matches!(pieces.fold(at + 1), "l" | "r" | "a" | "b")
        && SIDED.split_whitespace().any(|w| w == pieces.fold(at))
        && !dotted;
    letter.fate != Fate::Pattern
        && opens
        && (pieces.gap(at) == ", " || (pieces.gap(at) == " " && pieces.gap(at + 1) != "-"))
        && pieces.digits(at + 2) == 0
        && !side
}

fn is_initial(pieces: &Pieces<'_>, at: usize, capital: bool) -> bool {
    pieces
        .get(at)
        .is_some_and(|p| p.class == Class::Single && p.fate != Fate::Pattern)
        && capital
        && !pieces.glued(at)
        && !at.checked_sub(1).is_some_and(|i| pieces.glued(i))
        && !pieces.gap(at).starts_with(['/', '+'])
        && !pieces.gap_before(at).ends_with(['/', '+', '-', '\''])
}

/// The word names a firm or a house: "Crane Imaging", "Cook Group", "Berry General".
pub(super) fn names_a_house(pieces: &Pieces<'_>, at: usize) -> bool {
    let next = pieces.fold(at + 1);
    pieces.get(at).is_some_and(|p| p.capital)
        && pieces.gap(at) == " "
        && pieces.get(at + 1).is_some_and(|p| p.capital)
        && matches!(
            next,
            "hospital"
                | "imaging"
                | "clinic"
                | "group"
                | "general"
                | "medical"
                | "radiology"
                | "center"
                | "centre"
                | "associates"
                | "healthcare"
                | "partners"
                | "diagnostics"
                | "memorial"
                | "inc"
                | "llc"
                | "ltd"
                | "gmbh"
                | "children"
                | "regional"
                | "infirmary"
                | "laboratories"
        )
        && !matches!(
            pieces.fold(at),
            "short"
                | "long"
                | "fast"
                | "thick"
                | "quick"
                | "smart"
                | "blood"
                | "flow"
                | "field"
                | "service"
                | "senior"
                | "bone"
                | "stone"
                | "speed"
                | "parallel"
                | "early"
                | "quality"
                | "spin"
                | "gradient"
                | "mount"
        )
}

/// "Dr. Colon", "Mrs Wells": what stands right after a title goes, whatever it means. "MR BRAIN" and "DR CHEST" are
/// machines: a title in capitals counts only with its full stop, or before a name.
pub(super) fn after_title(pieces: &Pieces<'_>, at: usize) -> bool {
    let Some(piece) = pieces.get(at).filter(|p| p.capital && p.to - p.from > 1) else {
        return false;
    };
    let mut before = at;
    // Dr. J. Colon
    for _ in 0..3 {
        let Some(i) = before.checked_sub(1) else {
            return false;
        };
        let Some(word) = pieces.get(i) else { return false };
        let gap = pieces.gap(i);
        if word.role == Role::Title {
            let dotted = gap.starts_with('.');
            let spoken = !word.upper && pieces.mixed_case;
            let machine = matches!(pieces.fold(i), "mr" | "ms" | "dr" | "mme") && word.upper;
            return matches!(gap, " " | ". " | "." | "_")
                && pieces.stays(i)
                && piece.role != Role::Title
                && (dotted || (spoken && !machine));
        }
        if word.class != Class::Single || word.fate == Fate::Pattern || !matches!(gap, " " | ". " | ".") {
            return false;
        }
        before = i;
    }
    false
}
