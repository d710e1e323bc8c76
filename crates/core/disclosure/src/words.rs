//! What things are called, in plain words.

use crate::{Account, Basis, CopyState, Counts, Event, Kind, Language, OutsideCopy, Party, Study, Why};
use model::{Date, Purpose, Timestamp};

/// Whether somebody should look twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tone {
    Plain,
    Alarm,
}

/// A day, such as `2026-11-22`.
pub(crate) fn day(moment: Timestamp) -> String {
    Date::of(moment).map_or_else(|| moment.to_string(), |day| day.to_string())
}

/// A moment to the minute, such as `2026-11-22 15:04 UTC`.
pub(crate) fn minute(moment: Timestamp) -> String {
    let text = moment.to_string();
    let split = text
        .split_once('T')
        .and_then(|(day, time)| Some((day, time.get(..5)?)));
    split.map_or_else(|| text.clone(), |(day, time)| format!("{day} {time} UTC"))
}

/// What is shown of somebody: their full name, else the short one.
pub(crate) fn name(party: &Party) -> &str {
    if party.name.trim().is_empty() {
        &party.id
    } else {
        &party.name
    }
}

/// The recipient of an event, or that nobody knows.
pub(crate) fn recipient(event: &Event, language: Language) -> String {
    match &event.recipient {
        Some(party) => name(party).to_owned(),
        None => language
            .pick("somebody not known here", "alguien que no conocemos")
            .to_owned(),
    }
}

/// What happened, in one line.
pub(crate) fn headline(event: &Event, language: Language) -> String {
    let to = recipient(event, language);
    // Inside, a person says more than a department.
    let by = match (&event.recipient, &event.who) {
        (Some(party), None) => name(party),
        (Some(party), Some(_)) if !party.inside => name(party),
        (_, Some(who)) => who.as_str(),
        (None, None) => language.pick("somebody", "alguien"),
    };
    let Counts {
        sent,
        unknown,
        intended,
        ..
    } = event.instances;
    match (event.kind, language) {
        (Kind::Release, Language::English) if sent > 0 => format!("Copies went to {to}"),
        (Kind::Release, Language::Spanish) if sent > 0 => format!("Se enviaron copias a {to}"),
        (Kind::Release, Language::English) if unknown > 0 => format!("Copies may have been sent to {to}"),
        (Kind::Release, Language::Spanish) if unknown > 0 => {
            format!("Es posible que se hayan enviado copias a {to}")
        }
        (Kind::Release, Language::English) if intended > 0 => format!("Copies are waiting to go to {to}"),
        (Kind::Release, Language::Spanish) if intended > 0 => format!("Hay copias en espera para {to}"),
        (Kind::Release, Language::English) => format!("No copy went to {to}"),
        (Kind::Release, Language::Spanish) => format!("No se envió ninguna copia a {to}"),
        (Kind::Denial, Language::English) => format!("Refused: no copy went to {to}"),
        (Kind::Denial, Language::Spanish) => format!("Rechazado: no se envió ninguna copia a {to}"),
        (Kind::Read, Language::English) => format!("Scans were opened by {by}"),
        (Kind::Read, Language::Spanish) => format!("Imágenes abiertas por {by}"),
        (Kind::Search, Language::English) => format!("Scans were looked up by {by}"),
        (Kind::Search, Language::Spanish) => format!("Búsqueda de imágenes por {by}"),
        (Kind::Export, Language::English) => format!("Scans were saved to a file or disc for {by}"),
        (Kind::Export, Language::Spanish) => format!("Imágenes guardadas en un archivo o disco para {by}"),
        (Kind::BreakGlass, Language::English) => format!("Emergency access by {by}"),
        (Kind::BreakGlass, Language::Spanish) => format!("Acceso de emergencia por {by}"),
        (Kind::Directive, Language::English) => "A choice was recorded".to_owned(),
        (Kind::Directive, Language::Spanish) => "Se registró una decisión".to_owned(),
        (Kind::Withdrawal, Language::English) => "A choice was taken back".to_owned(),
        (Kind::Withdrawal, Language::Spanish) => "Se retiró una decisión".to_owned(),
        (Kind::Deletion, Language::English) => format!("Deletion of the copy at {to}"),
        (Kind::Deletion, Language::Spanish) => format!("Borrado de la copia en {to}"),
        (Kind::Flag, Language::English) => "A scan was marked as wrong".to_owned(),
        (Kind::Flag, Language::Spanish) => "Se marcó una imagen como errónea".to_owned(),
    }
}

/// What for.
pub(crate) fn why(why: &Why, language: Language) -> String {
    let purpose = match why {
        Why::Words(words) => return words.clone(),
        Why::Purpose(purpose) => purpose,
    };
    let (english, spanish) = match purpose {
        Purpose::Treat => ("Care and treatment", "Atención y tratamiento"),
        Purpose::Hpaymt => ("Payment or insurance", "Pago o seguro"),
        Purpose::Hoperat => ("Running this facility", "Funcionamiento de este centro"),
        Purpose::AiAnalysis => (
            "An AI reads the scan for your care",
            "Una IA lee la imagen para su atención",
        ),
        Purpose::AiTrain => ("Training an AI", "Entrenar una IA"),
        Purpose::Hresch => ("Research", "Investigación"),
        Purpose::Patrqt => ("You asked for it", "Usted lo pidió"),
        Purpose::Hlegal => (
            "A legal demand, such as from a court",
            "Una exigencia legal, por ejemplo de un juzgado",
        ),
        Purpose::Btg => ("An emergency", "Una emergencia"),
    };
    language.pick(english, spanish).to_owned()
}

/// A study: modality, description, day.
pub(crate) fn study(study: &Study, language: Language) -> String {
    let described = study.description.reveal().trim();
    let mut words: Vec<&str> = Vec::new();
    words.extend(study.modality.as_deref());
    words.push(if described.is_empty() {
        language.pick("scan without a description", "imagen sin descripción")
    } else {
        described
    });
    let text = words.join(" ");
    match &study.date {
        Some(date) => format!("{text}, {date}"),
        None => text,
    }
}

/// How many images, as far as any: `412 sent, 3 may have been sent`. None when there is nothing to count.
pub(crate) fn counts(counts: Counts, kind: Kind, language: Language) -> Option<String> {
    let sent = match kind {
        Kind::Read | Kind::BreakGlass => language.pick("opened", "abiertas"),
        Kind::Search => language.pick("seen in a list", "vistas en una lista"),
        Kind::Export => language.pick("saved", "guardadas"),
        _ => language.pick("sent", "enviadas"),
    };
    let parts = [
        (counts.sent, sent),
        (
            counts.unknown,
            language.pick("may have been sent", "pueden haberse enviado"),
        ),
        (counts.not_sent, language.pick("not sent", "no enviadas")),
        (counts.intended, language.pick("waiting", "en espera")),
    ];
    let mut words: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    if words.is_empty() && counts.asked > 0 {
        words.push(format!(
            "{} {}",
            counts.asked,
            language.pick("asked for, none sent", "pedidas, ninguna enviada")
        ));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// Whether the copy names the patient.
pub(crate) fn profile(name: &str, language: Language) -> String {
    if name == "original" {
        return language
            .pick("No: it shows who you are", "No: muestra quién es usted")
            .to_owned();
    }
    format!(
        "{} ({name})",
        language.pick("Yes, by the rules called", "Sí, con las reglas llamadas")
    )
}

/// What became of a copy. Nothing that a recipient says is told as a fact.
pub(crate) fn copy(copy: &OutsideCopy, now: Timestamp, language: Language) -> (String, Tone) {
    let on = |moment: Option<Timestamp>| {
        moment.map_or(String::new(), |moment| {
            format!("{}{}", language.pick(" on ", " el "), day(moment))
        })
    };
    let english = language == Language::English;
    let asked = on(copy.requested_at);
    let answered = on(copy.receipt_at);
    let text = match copy.state {
        CopyState::Live if english => "They have it.".to_owned(),
        CopyState::Live => "La tienen.".to_owned(),
        CopyState::Expiring if english => "They have it, and must delete it soon.".to_owned(),
        CopyState::Expiring => "La tienen, y deben borrarla pronto.".to_owned(),
        CopyState::Requested if english => format!("We asked them{asked} to delete it. No answer yet."),
        CopyState::Requested => format!("Les pedimos{asked} que la borren. Aún no hay respuesta."),
        CopyState::Acknowledged if english => {
            format!("They say they received the request{answered}. They do not say it is done.")
        }
        CopyState::Acknowledged => {
            format!("Dicen que recibieron la solicitud{answered}. No dicen que esté hecho.")
        }
        CopyState::Erased if english => {
            format!("They say they erased it{answered}: this is a promise, not proof.")
        }
        CopyState::Erased => {
            format!("Dicen que la borraron{answered}: es una promesa, no una prueba.")
        }
        CopyState::Refused if english => format!("They refused{answered} to delete it."),
        CopyState::Refused => format!("Se negaron{answered} a borrarla."),
        CopyState::Partial if english => {
            format!("They say they erased only a part of it{answered}. They still have the rest.")
        }
        CopyState::Partial => {
            format!("Dicen que borraron solo una parte{answered}. Aún tienen el resto.")
        }
        CopyState::Overdue if english => {
            "Overdue: they should have confirmed that it is deleted, and did not.".to_owned()
        }
        CopyState::Overdue => "Vencido: debían confirmar el borrado y no lo hicieron.".to_owned(),
    };
    let past = copy.due.is_some_and(|due| due <= now) && copy.state != CopyState::Erased;
    let tone = if copy.state.is_alarming() || past {
        Tone::Alarm
    } else {
        Tone::Plain
    };
    (text, tone)
}

/// Until when a copy may be kept.
pub(crate) fn due(copy: &OutsideCopy, now: Timestamp, language: Language) -> (String, Tone) {
    let Some(due) = copy.due else {
        let text = language.pick("None: they may keep it", "Ninguna: pueden quedársela");
        return (text.to_owned(), Tone::Plain);
    };
    if due <= now && copy.state != CopyState::Erased {
        let since = language.pick("this day has passed", "esta fecha ya pasó");
        return (format!("{} ({since})", day(due)), Tone::Alarm);
    }
    (day(due), Tone::Plain)
}

/// Whether the law wants an event accounted for.
pub(crate) fn basis(account: &Account, event: &Event, language: Language) -> String {
    let (english, spanish) = match event.basis {
        Basis::Accounted if !account.is_accounted(event) => (
            "Not in the legal accounting any more: that goes back six years.",
            "Ya no está en el informe legal: este abarca seis años.",
        ),
        Basis::Accounted => ("It is in the legal accounting.", "Está en el informe legal."),
        Basis::Operations => (
            "Treatment, payment or health care operations",
            "Tratamiento, pago o gestión de la atención",
        ),
        Basis::Individual => ("It went to the patient", "Fue para el paciente"),
        Basis::Incident => (
            "A side effect of a use that is allowed",
            "Efecto secundario de un uso permitido",
        ),
        Basis::Authorized => (
            "The patient signed for it",
            "El paciente lo autorizó con su firma",
        ),
        Basis::Directory => (
            "Facility directory, or people who take part in the care",
            "Directorio del centro, o personas que participan en la atención",
        ),
        Basis::NationalSecurity => ("National security", "Seguridad nacional"),
        Basis::Correctional => ("A prison, or police custody", "Una prisión o custodia policial"),
        Basis::LimitedDataSet => ("A limited data set", "Un conjunto limitado de datos"),
        Basis::BeforeCompliance => (
            "Before the rule applied here",
            "Antes de que la norma se aplicara aquí",
        ),
        Basis::Inside => ("It stayed inside this facility", "No salió de este centro"),
        Basis::Deidentified => ("It was de-identified", "No llevaba su identidad"),
    };
    let text = language.pick(english, spanish);
    match event.basis.clause() {
        Some(clause) => {
            let not = language.pick("Not in the legal accounting", "No está en el informe legal");
            format!("{not}: {text} ({clause}).")
        }
        None => text.to_owned(),
    }
}

/// The period of a report.
pub(crate) fn period(from: Option<Timestamp>, account: &Account, language: Language) -> String {
    let to = day(account.to.unwrap_or(account.made_at));
    match (from, language) {
        (Some(from), Language::English) => format!("{} to {to}", day(from)),
        (Some(from), Language::Spanish) => format!("{} a {to}", day(from)),
        (None, Language::English) => format!("Up to {to}"),
        (None, Language::Spanish) => format!("Hasta {to}"),
    }
}
