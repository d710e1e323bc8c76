//! A report in words: what the page and the PDF show, in the order in which they show it.

use crate::words::{self, Tone};
use crate::{Account, Asked, Disclosures, Event, Kind, Language, Reader, View, summary};

/// A report in words.
pub(crate) struct Sheet {
    pub(crate) language: Language,
    pub(crate) title: String,
    /// Name, address and telephone of the facility.
    pub(crate) facility: Vec<String>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) lead: Vec<String>,
    pub(crate) list: String,
    pub(crate) items: Vec<Item>,
    /// What stands where the list is empty.
    pub(crate) empty: String,
    pub(crate) notes: Vec<String>,
    pub(crate) log: Option<LogBox>,
}

/// A label and what it says.
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) alarm: bool,
}

/// An event, or disclosures summed up.
pub(crate) struct Item {
    pub(crate) when: String,
    pub(crate) title: String,
    /// The patient must not see it yet: why.
    pub(crate) sealed: Option<String>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) alarm: bool,
}

/// The log's head.
pub(crate) struct LogBox {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) facts: Vec<Fact>,
    /// The checkpoint, line by line.
    pub(crate) checkpoint: Vec<String>,
}

impl Sheet {
    /// Puts an account in words.
    pub(crate) fn of(account: &Account, asked: Asked) -> Self {
        let l = asked.language;
        let legal = asked.view == View::Legal;
        let items: Vec<Item> = if legal {
            let groups = account.accounting(asked.reader);
            groups
                .iter()
                .map(|group| disclosed(account, group, asked))
                .collect()
        } else {
            let events = account.visible(asked.reader);
            events
                .into_iter()
                .map(|event| happened(account, event, asked))
                .collect()
        };
        let title = if legal {
            l.pick("Accounting of disclosures", "Informe legal de divulgaciones")
        } else {
            l.pick(
                "Who has seen and got my scans",
                "Quién ha visto y recibido mis imágenes",
            )
        };
        Self {
            language: l,
            title: title.to_owned(),
            facility: [
                Some(account.facility.name.clone()),
                account.facility.address.clone(),
                account
                    .facility
                    .phone
                    .as_ref()
                    .map(|phone| format!("{} {phone}", l.pick("Phone", "Teléfono"))),
            ]
            .into_iter()
            .flatten()
            .collect(),
            facts: about(account, asked),
            lead: lead(&items, asked),
            list: l
                .pick(
                    if legal {
                        "Disclosures"
                    } else {
                        "What happened, newest first"
                    },
                    if legal {
                        "Divulgaciones"
                    } else {
                        "Qué pasó, lo más reciente primero"
                    },
                )
                .to_owned(),
            items,
            empty: l
                .pick(
                    "There is nothing to list for this time.",
                    "No hay nada que mostrar en este periodo.",
                )
                .to_owned(),
            notes: notes(asked),
            log: log(account, l),
        }
    }

    /// `Page 2 of 5`.
    pub(crate) fn page(&self, number: usize, of: usize) -> String {
        match self.language {
            Language::English => format!("Page {number} of {of}"),
            Language::Spanish => format!("Página {number} de {of}"),
        }
    }
}

fn fact(label: &str, value: impl Into<String>) -> Fact {
    Fact {
        label: label.to_owned(),
        value: value.into(),
        alarm: false,
    }
}

fn about(account: &Account, asked: Asked) -> Vec<Fact> {
    let l = asked.language;
    let patient = &account.patient;
    let from = match asked.view {
        View::Everything => account.from,
        View::Legal => Some(account.accounted_from()),
    };
    let mut facts = vec![
        fact(l.pick("Patient", "Paciente"), patient.name.reveal()),
        fact(
            l.pick("Patient number", "Número de paciente"),
            patient.id.reveal(),
        ),
    ];
    if !patient.born.reveal().is_empty() {
        facts.push(fact(l.pick("Born", "Nacimiento"), patient.born.reveal()));
    }
    facts.push(fact(
        l.pick("Time covered", "Periodo"),
        words::period(from, account, l),
    ));
    facts.push(fact(l.pick("Made", "Hecho"), words::minute(account.made_at)));
    facts
}

fn lead(items: &[Item], asked: Asked) -> Vec<String> {
    let l = asked.language;
    let mut lines = Vec::new();
    if asked.reader == Reader::Officer {
        lines.push(
            l.pick(
                "For the privacy officer only. Entries marked as suspended must not be shown to the patient yet.",
                "Solo para el responsable de privacidad. Lo marcado como suspendido aún no se debe mostrar al paciente.",
            )
            .to_owned(),
        );
    }
    lines.push(match asked.view {
        View::Everything => l.pick(
            "This report lists everything that happened to your scans here: who got copies, who was refused, who opened them, and what became of each copy. The law asks for less than this.",
            "Este informe muestra todo lo que pasó aquí con sus imágenes: quién recibió copias, a quién se le negaron, quién las abrió y qué fue de cada copia. La ley pide menos que esto.",
        ),
        View::Legal => l.pick(
            "This is the list that the law gives you a right to (45 CFR 164.528). The law leaves out care, payment, running the facility, copies you asked or signed for, and copies without your identity. The full list is longer: ask for it.",
            "Esta es la lista a la que la ley le da derecho (45 CFR 164.528). La ley omite la atención, el pago, el funcionamiento del centro, las copias que usted pidió o autorizó y las copias sin su identidad. La lista completa es más larga: pídala.",
        ),
    }.to_owned());
    let alarms = items.iter().filter(|item| item.alarm).count();
    if alarms > 0 {
        lines.push(match l {
            Language::English => format!(
                "Entries below with a copy whose deletion is late, refused or not complete: {alarms}."
            ),
            Language::Spanish => {
                format!("Casos abajo con un borrado atrasado, negado o incompleto: {alarms}.")
            }
        });
    }
    lines
}

fn notes(asked: Asked) -> Vec<String> {
    let l = asked.language;
    let mut notes = vec![
        l.pick(
            "“May have been sent” means: the copy left this facility, and no answer came. Count it as sent.",
            "«Puede haberse enviado» significa: la copia salió de este centro y no llegó respuesta. Cuéntela como enviada.",
        ),
        l.pick(
            "What others say about deletion is a promise. Nobody can prove that a copy is gone.",
            "Lo que otros dicen sobre el borrado es una promesa. Nadie puede probar que una copia ya no existe.",
        ),
    ];
    if asked.view == View::Legal {
        notes.push(l.pick(
            "Several disclosures to the same recipient for the same purpose are one entry: the first, how many, and the last (45 CFR 164.528(b)(3)).",
            "Varias divulgaciones al mismo destinatario y con el mismo fin forman una sola entrada: la primera, cuántas y la última (45 CFR 164.528(b)(3)).",
        ));
    }
    notes.push(l.pick("All times are in UTC.", "Todas las horas están en UTC."));
    notes.into_iter().map(str::to_owned).collect()
}

fn log(account: &Account, l: Language) -> Option<LogBox> {
    let head = account.log.as_ref()?;
    Some(LogBox {
        title: l.pick("How to check this report", "Cómo comprobar este informe").to_owned(),
        text: l
            .pick(
                "Each entry with a log number has a line in a public log that can only grow. This is the state of that log when the report was made. Keep it: a later state must go on from it.",
                "Cada entrada con número de registro tiene una línea en un registro público que solo puede crecer. Este es su estado cuando se hizo el informe. Guárdelo: un estado posterior debe continuar este.",
            )
            .to_owned(),
        facts: vec![
            fact(l.pick("Log", "Registro"), &head.origin),
            fact(l.pick("Lines", "Líneas"), head.size.to_string()),
            fact(l.pick("Root hash", "Huella raíz"), &head.root_base64),
        ],
        checkpoint: head.checkpoint.lines().map(str::to_owned).collect(),
    })
}

fn sealed(account: &Account, event: &Event, l: Language) -> Option<String> {
    let suspension = event
        .suspension
        .as_ref()
        .filter(|_| account.is_suspended(event))?;
    let (until, agency) = (words::minute(suspension.ends()), &suspension.agency);
    let how = if suspension.written {
        l.pick("in writing", "por escrito")
    } else {
        l.pick(
            "by word of mouth, 30 days at most",
            "de palabra, 30 días como máximo",
        )
    };
    Some(match l {
        Language::English => format!("Suspended until {until}: asked by {agency}, {how}."),
        Language::Spanish => format!("Suspendido hasta {until}: pedido por {agency}, {how}."),
    })
}

fn address(event: &Event, l: Language) -> String {
    let address = event.recipient.as_ref().and_then(|party| party.address.clone());
    address.unwrap_or_else(|| l.pick("not known", "no se conoce").to_owned())
}

fn happened(account: &Account, event: &Event, asked: Asked) -> Item {
    let l = asked.language;
    let mut facts = Vec::new();
    if let Some(party) = &event.recipient {
        let inside = if party.inside {
            l.pick(" (a part of this facility)", " (parte de este centro)")
        } else {
            ""
        };
        facts.push(fact(
            l.pick("Recipient", "Destinatario"),
            format!("{}{inside}", words::name(party)),
        ));
        if party.address.is_some() || !party.inside {
            facts.push(fact(l.pick("Address", "Dirección"), address(event, l)));
        }
    }
    if let Some(why) = &event.purpose {
        facts.push(fact(l.pick("Purpose", "Finalidad"), words::why(why, l)));
    }
    if let Some(study) = &event.study {
        facts.push(fact(l.pick("Scan", "Imagen"), words::study(study, l)));
    }
    if let Some(counts) = words::counts(event.instances, event.kind, l) {
        facts.push(fact(l.pick("Images", "Imágenes"), counts));
    }
    if let Some(profile) = event.profile.as_ref().filter(|_| event.kind == Kind::Release) {
        facts.push(fact(
            l.pick("Identity removed", "Sin identidad"),
            words::profile(profile, l),
        ));
    }
    if let Some(who) = &event.who {
        facts.push(fact(l.pick("Done by", "Hecho por"), who));
    }
    for reason in &event.reasons {
        facts.push(fact(l.pick("Why", "Por qué"), reason));
    }
    let mut alarm = false;
    if let Some(copy) = &event.copy {
        for (label, (value, tone)) in [
            (
                l.pick("The copy", "La copia"),
                words::copy(copy, account.made_at, l),
            ),
            (
                l.pick("To be deleted by", "Fecha límite de borrado"),
                words::due(copy, account.made_at, l),
            ),
        ] {
            alarm |= tone == Tone::Alarm;
            facts.push(Fact {
                label: label.to_owned(),
                value,
                alarm: tone == Tone::Alarm,
            });
        }
    }
    if event.gave_something() {
        facts.push(fact(l.pick("Law", "Ley"), words::basis(account, event, l)));
    }
    if let Some(index) = event.log_index {
        facts.push(fact(
            l.pick("Log number", "Número de registro"),
            index.to_string(),
        ));
    }
    Item {
        when: words::minute(event.at),
        title: words::headline(event, l),
        sealed: sealed(account, event, l),
        facts,
        alarm,
    }
}

fn disclosed(account: &Account, group: &Disclosures<'_>, asked: Asked) -> Item {
    let l = asked.language;
    let first = group.first;
    let mut facts = vec![
        fact(l.pick("Recipient", "Destinatario"), words::recipient(first, l)),
        fact(l.pick("Address", "Dirección"), address(first, l)),
        fact(l.pick("What", "Qué"), summary::description(group, l)),
        fact(l.pick("Purpose", "Finalidad"), summary::purpose(first, l)),
    ];
    if group.number() > 1 {
        facts.push(fact(l.pick("First", "Primera"), words::day(first.at)));
        facts.push(fact(l.pick("How many", "Cuántas"), group.number().to_string()));
        facts.push(fact(l.pick("Last", "Última"), words::day(group.last().at)));
    }
    if let Some(text) = summary::certainty(group, l) {
        facts.push(fact(l.pick("Certainty", "Certeza"), text));
    }
    let when = if group.number() > 1 {
        format!("{} – {}", words::day(first.at), words::day(group.last().at))
    } else {
        words::day(first.at)
    };
    Item {
        when,
        title: words::recipient(first, l),
        sealed: sealed(account, first, l),
        facts,
        alarm: false,
    }
}
