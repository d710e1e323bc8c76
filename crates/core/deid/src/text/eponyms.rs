//! Names that medicine uses, and what each may name.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::pieces::{Fate, Made, Pieces};
use super::words::{Class, Role};

/// What the eponym names stands after it: "Paget disease", "Gleason 7", "Barrett's esophagus", "Budd-Chiari syndrome".
pub(super) fn is_named(pieces: &Pieces<'_>, at: usize) -> bool {
    let mut next = at + 1;
    if pieces.fold(next) == "s" && matches!(pieces.gap(at), "'" | "\u{2019}" | "`") {
        next += 1;
    }
    let willis = pieces.fold(at) == "willis"
        && at
            .checked_sub(2)
            .is_some_and(|i| pieces.fold(i) == "circle" || pieces.fold(i + 1) == "circle");
    if willis
        || (pieces.fold(at) == "fallot" && at.checked_sub(2).is_some_and(|i| pieces.fold(i) == "tetralogy"))
    {
        return true;
    }
    let Some(piece) = pieces.get(next) else {
        return false;
    };
    let gap = pieces.gap(next - 1);
    if piece.fate != Fate::Stays || !(gap == " " || gap == "-" || gap == "_") {
        return false;
    }
    let grade = matches!(
        pieces.fold(at),
        "gleason"
            | "bosniak"
            | "garden"
            | "weber"
            | "modic"
            | "fazekas"
            | "pfirrmann"
            | "salter"
            | "child"
            | "fisher"
            | "hunt"
            | "kellgren"
            | "schatzker"
            | "hounsfield"
    );
    if let Some((_, things)) = ONE_THING.iter().find(|(name, _)| *name == pieces.fold(at))
        && piece.made == Made::Letters
        && piece.class != Class::Eponym
    {
        return things.split_whitespace().any(|t| t == pieces.fold(next));
    }
    // Chiari I, Chiari II
    if pieces.fold(at) == "chiari" && matches!(pieces.fold(next), "i" | "ii" | "iii" | "iv" | "1" | "2") {
        return true;
    }
    let further = FURTHER.contains(&(pieces.fold(at), pieces.fold(next)));
    further
        || piece.role == Role::Named
        || (grade && (piece.made == Made::Digits || piece.class == Class::Single))
        || (gap == "-"
            && matches!(piece.class, Class::Eponym | Class::Strong)
            && (piece.class == Class::Strong || is_named(pieces, next)))
}

/// Names in pairs, which stay together: "Hill-Sachs".
const PAIRS: &str = "pi-rads bi-rads li-rads ti-rads vi-rads o-rads c-rads ni-rads lung-rads \
    hill-sachs salter-harris budd-chiari guillain-barre swan-ganz dandy-walker may-thurner klippel-feil \
    klippel-trenaunay mallory-weiss stevens-johnson sturge-weber wolff-parkinson parkinson-white zollinger-ellison \
    jackson-pratt arnold-chiari kellgren-lawrence child-pugh child-turcotte turcotte-pugh spetzler-martin \
    osgood-schlatter legg-calve calve-perthes brown-sequard ehlers-danlos henoch-schonlein charcot-marie marie-tooth \
    creutzfeldt-jakob peutz-jeghers birt-hogg hogg-dube osler-weber weber-rendu hunt-hess charcot-bouchard \
    bouchard-heberden sengstaken-blakemore blalock-taussig ramsay-hunt lesch-nyhan niemann-pick prader-willi \
    rosai-dorfman erdheim-chester gorlin-goltz wernicke-korsakoff hallervorden-spatz lisfranc-chopart \
    insall-salvati blackburne-peel outerbridge-kellgren essex-lopresti chilaiditi-budd sinding-larsen \
    larsen-johansson bland-white white-garland von-hippel hippel-lindau von-recklinghausen roux-en bosniak-iif \
    danis-weber graf-hip lauge-hansen hoffa-kastert cotton-grading miller-fisher lambert-eaton hunter-schreger \
    tessier-paul warren-shunt fitz-hugh hugh-curtis gianturco-roubin lewis-summer";

static KNOWN_PAIRS: LazyLock<HashSet<(&str, &str)>> = LazyLock::new(|| {
    PAIRS
        .split_whitespace()
        .filter_map(|p| p.split_once('-'))
        .collect()
});

/// The piece is one of a pair of names that medicine knows.
pub(super) fn is_pair(pieces: &Pieces<'_>, at: usize) -> bool {
    let pair = |first: usize| {
        let (a, b) = (pieces.fold(first), pieces.fold(first + 1));
        let gap = pieces.gap(first);
        let joined = matches!(gap, "-" | "_" | "\u{2010}" | "\u{2011}" | "\u{2013}");
        // Without the hyphen it may be a person, unless what they named follows.
        let named = gap == " "
            && matches!(pieces.gap(first + 1), " " | "-")
            && pieces
                .get(first + 2)
                .is_some_and(|p| p.role == Role::Named || p.made == Made::Digits);
        (joined || named) && pieces.stays(first) && pieces.stays(first + 1) && KNOWN_PAIRS.contains(&(a, b))
    };
    pair(at) || at.checked_sub(1).is_some_and(pair)
}

/// Names with things that are no one else's.
const FURTHER: [(&str, &str); 12] = [
    ("glasgow", "coma"),
    ("rathke", "cleft"),
    ("charcot", "joint"),
    ("charcot", "foot"),
    ("weber", "ankle"),
    ("weber", "b"),
    ("steinmann", "pin"),
    ("steinmann", "pins"),
    ("brodie", "abscess"),
    ("hampton", "hump"),
    ("bosniak", "iif"),
    ("kirschner", "wire"),
];

/// Common surnames name one thing only: with anything else they are people.
const ONE_THING: &[(&str, &str)] = &[
    ("jackson", ""),
    ("pratt", ""),
    ("peel", ""),
    ("bland", ""),
    ("weiss", ""),
    ("legg", ""),
    ("hugh", ""),
    ("hogg", ""),
    ("birt", ""),
    ("feil", ""),
    ("barton", "fracture fractures"),
    ("bosworth", "fracture"),
    ("hampton", "hump"),
    ("stanford", "type classification"),
    ("graf", "type angle classification method"),
    ("harrington", "rod rods"),
    ("steinmann", "pin pins"),
    ("lauren", "classification"),
    ("wells", "score scores criteria"),
    ("johnson", "syndrome"),
    ("jones", "fracture fractures criteria"),
    ("williams", "syndrome"),
    ("wilson", "disease"),
    ("wilsons", "disease"),
    ("thomas", "splint test"),
    ("allen", "test"),
    ("robinson", "catheter"),
    ("martin", "grade score"),
    ("evans", "index syndrome ratio"),
    ("harris", "lines line score view fracture"),
    ("ross", "procedure operation"),
    ("stewart", "syndrome"),
    ("simpson", "grade method rule"),
    ("simpsons", "method rule"),
    ("hamilton", "scale"),
    ("marshall", "ligament vein"),
    ("lewy", "body bodies dementia"),
    ("hill", "lesion"),
    ("alexander", "disease"),
    ("turner", "syndrome"),
    ("hunter", "syndrome canal"),
    ("cooper", "ligament ligaments"),
    ("fowler", "position view"),
    ("foley", "catheter balloon"),
    ("ward", "triangle"),
    ("lawrence", "view grade"),
    ("stevens", "syndrome"),
    ("morton", "neuroma"),
    ("parry", "syndrome"),
];
