//! Reasons in plain words, in the language of the report.

use consent::{Directive, Says, Scope};
use disclosure::Language;
use model::{Date, Purpose, Timestamp};

/// A sentence in both languages.
pub(crate) struct Said(&'static str, &'static str);

impl Said {
    pub(crate) fn in_language(&self, language: Language) -> String {
        match language {
            Language::English => self.0.to_owned(),
            Language::Spanish => self.1.to_owned(),
        }
    }
}

pub(crate) const ASKED_BACK: Said = Said(
    "We asked for the deletion of this copy.",
    "Pedimos que se borre esta copia.",
);
pub(crate) const ACKNOWLEDGED: Said = Said(
    "They say that they got the request.",
    "Dicen que recibieron la solicitud.",
);
pub(crate) const ERASED: Said = Said("They say that they erased it.", "Dicen que la borraron.");
pub(crate) const PARTIAL: Said = Said(
    "They say that they erased a part of it.",
    "Dicen que borraron una parte.",
);
pub(crate) const REFUSED: Said = Said(
    "They say that they will not erase it.",
    "Dicen que no la borrarán.",
);
pub(crate) const FLAG_OPEN: Said = Said(
    "Copies wait until this is cleared up.",
    "No salen copias hasta que se aclare.",
);
pub(crate) const FLAG_CLEARED: Said = Said("This was cleared up.", "Esto se aclaró.");
pub(crate) const GLASS_OPEN: Said = Said(
    "The privacy officer still has to check it.",
    "El responsable de privacidad aún debe revisarlo.",
);
pub(crate) const GLASS_REVIEWED: Said = Said(
    "The privacy officer checked it.",
    "El responsable de privacidad lo revisó.",
);

/// The rule by which a purpose is permitted, and its sentence: those of `consent/policies/permit.cedar`.
pub(crate) fn permitted(purpose: Purpose) -> (&'static str, Said) {
    match purpose {
        Purpose::Treat => (
            "treatment",
            Said(
                "This is for the patient's care, by people who may see the scan.",
                "Es para la atención del paciente, por personas que pueden ver la imagen.",
            ),
        ),
        Purpose::Hpaymt | Purpose::Hlegal => (
            "payment-or-law",
            Said(
                "An agreement with them lets us send this to pay for care, or by law.",
                "Un acuerdo vigente permite este envío para el pago de la atención o por ley.",
            ),
        ),
        Purpose::Hoperat => (
            "operations",
            Said(
                "An agreement with them lets us send this to run the clinic, with no name on it.",
                "Un acuerdo vigente permite este envío para la gestión del centro, sin el nombre.",
            ),
        ),
        Purpose::AiAnalysis => (
            "ai-analysis",
            Said(
                "An agreement lets this AI read the scan, with no name on it.",
                "Un acuerdo vigente permite que esta IA lea la imagen, sin el nombre.",
            ),
        ),
        Purpose::AiTrain => (
            "ai-training",
            Said(
                "The patient signed a yes to AI training, and the agreement lets them train.",
                "El paciente firmó un sí a entrenar la IA, y el acuerdo lo permite.",
            ),
        ),
        Purpose::Hresch => (
            "research",
            Said(
                "The patient signed a yes to research, and an agreement with them lists it.",
                "El paciente firmó un sí a la investigación, y un acuerdo vigente la incluye.",
            ),
        ),
        Purpose::Patrqt => (
            "patient-asked",
            Said(
                "The patient signed to have this scan sent here.",
                "El paciente firmó para que esta imagen se envíe aquí.",
            ),
        ),
        Purpose::Btg => (
            "emergency",
            Said(
                "A doctor or nurse gave a reason to see this now. The use will be checked.",
                "Personal clínico dio un motivo para verla ahora. El uso será revisado.",
            ),
        ),
    }
}

/// What a directive says, such as `No to AI analysis, for acme-chest-ai, until 2027-01-01.`
pub(crate) fn directive(directive: &Directive, language: Language) -> String {
    let english = language == Language::English;
    let says = match (directive.says, english) {
        (Says::Yes, true) => "Yes",
        (Says::Yes, false) => "Sí",
        (Says::No, _) => "No",
    };
    let to = match directive.scope {
        Scope::Everything if english => "every use that can be refused",
        Scope::Everything => "todo uso que se puede rechazar",
        Scope::Purpose(purpose) => named(purpose, english),
    };
    let whom = match &directive.recipient {
        Some(recipient) if english => format!("for {recipient} alone"),
        Some(recipient) => format!("solo para {recipient}"),
        None if english => "for everybody".to_owned(),
        None => "para todos".to_owned(),
    };
    let until = directive.ends.map(|end| {
        let word = if english { "until" } else { "hasta" };
        format!(", {word} {}", day(end))
    });
    let to_word = if english { "to" } else { "a" };
    format!("{says} {to_word} {to}, {whom}{}.", until.unwrap_or_default())
}

fn named(purpose: Purpose, english: bool) -> &'static str {
    let (en, es) = match purpose {
        Purpose::Treat => ("care", "la atención"),
        Purpose::Hpaymt => ("payment", "el pago"),
        Purpose::Hoperat => ("running the facility", "la gestión del centro"),
        Purpose::AiAnalysis => ("AI analysis", "el análisis con IA"),
        Purpose::AiTrain => ("AI training", "entrenar una IA"),
        Purpose::Hresch => ("research", "la investigación"),
        Purpose::Patrqt => ("sending scans as you ask", "enviar imágenes como usted pide"),
        Purpose::Hlegal => ("legal demands", "exigencias legales"),
        Purpose::Btg => ("emergencies", "emergencias"),
    };
    if english { en } else { es }
}

/// The reason that a clinician gave.
pub(crate) fn given(reason: &str, language: Language) -> String {
    match language {
        Language::English => format!("Reason given: {reason}"),
        Language::Spanish => format!("Motivo indicado: {reason}"),
    }
}

pub(crate) fn day(moment: Timestamp) -> String {
    Date::of(moment).map_or_else(|| moment.to_string(), |day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permit_is_told_in_the_words_of_its_rule() {
        let rules = include_str!("../../../../core/consent/policies/permit.cedar");
        for purpose in Purpose::ALL {
            let (id, Said(plain, llano)) = permitted(purpose);
            let rule = format!("@id(\"{id}\")\n@plain(\"{plain}\")\n@llano(\"{llano}\")");
            let at = rules
                .find(&rule)
                .unwrap_or_else(|| panic!("{purpose}: no such rule as\n{rule}"));
            let head = rules[at..].split("when").next().unwrap();
            assert!(
                head.contains(&format!("Action::\"{purpose}\"")),
                "{purpose}: {head}"
            );
        }
    }
}
