//! Sentences that belong to no policy.

use crate::Reason;

struct Sentence {
    id: &'static str,
    plain: &'static str,
    llano: &'static str,
}

const UNCHECKED: Sentence = Sentence {
    id: "unchecked",
    plain: "A rule could not be checked, so nothing was sent.",
    llano: "No se pudo comprobar una regla, así que no se envió nada.",
};
const NOT_PERMITTED: Sentence = Sentence {
    id: "not-permitted",
    plain: "No rule lets us send this, so it stays here.",
    llano: "Ninguna regla permite este envío, así que se queda aquí.",
};
const BANNER_SEAL: Sentence = Sentence {
    id: "banner-seal-broken",
    plain: "Take care: the seal of this scan does not hold. It may have been changed.",
    llano: "Atención: el sello de esta imagen no es válido. Puede haber sido cambiada.",
};
const BANNER_FLAGGED: Sentence = Sentence {
    id: "banner-flagged",
    plain: "Take care: someone marked this scan as wrong. It may show someone else.",
    llano: "Atención: alguien marcó esta imagen como errónea. Puede ser de otra persona.",
};
const BANNER_BOTH: Sentence = Sentence {
    id: "banner-seal-broken-and-flagged",
    plain: "Take care: the seal of this scan does not hold, and someone marked it as wrong.",
    llano: "Atención: el sello de esta imagen no es válido, y alguien la marcó como errónea.",
};
const ALL: [&Sentence; 5] = [
    &UNCHECKED,
    &NOT_PERMITTED,
    &BANNER_SEAL,
    &BANNER_FLAGGED,
    &BANNER_BOTH,
];

/// True for a name that no policy may have.
pub(crate) fn is_taken(id: &str) -> bool {
    ALL.iter().any(|sentence| sentence.id == id)
}

/// A rule or a record could not be used.
pub(crate) fn unchecked() -> Reason {
    reason(&UNCHECKED)
}

/// Nothing forbids it, and nothing permits it.
pub(crate) fn not_permitted() -> Reason {
    reason(&NOT_PERMITTED)
}

/// What goes with a scan that may be wrong.
pub(crate) fn banner(seal_broken: bool, flagged: bool) -> Option<Reason> {
    match (seal_broken, flagged) {
        (false, false) => None,
        (true, false) => Some(reason(&BANNER_SEAL)),
        (false, true) => Some(reason(&BANNER_FLAGGED)),
        (true, true) => Some(reason(&BANNER_BOTH)),
    }
}

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Reason> {
    ALL.into_iter().map(reason)
}

fn reason(sentence: &Sentence) -> Reason {
    Reason {
        policy: sentence.id.to_owned(),
        plain: sentence.plain.to_owned(),
        llano: sentence.llano.to_owned(),
    }
}
