//! What the privacy officer types.

use super::period::Moment;
use clap::{Args, Subcommand, ValueEnum};
use consent::Sensitive;
use model::{Date, Purpose, RecipientId};
use std::path::PathBuf;

/// Which patient.
#[derive(Args, Debug, Clone)]
pub(crate) struct Whose {
    /// Patient ID.
    #[arg(long = "patient", value_name = "ID")]
    pub(crate) id: String,
    /// Issuer of Patient ID, where the ID is here from several; "" for none.
    #[arg(long, value_name = "I")]
    pub(crate) issuer: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Report {
    /// Patient ID.
    pub(crate) patient: String,
    /// Issuer of Patient ID, where the ID is here from several; "" for none.
    #[arg(long, value_name = "I")]
    pub(crate) issuer: Option<String>,
    /// The form of the report; html without it, json with --json.
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Everything that happened, or the accounting of 45 CFR 164.528.
    #[arg(long, value_enum, default_value_t = ViewName::Everything)]
    pub(crate) view: ViewName,
    /// The language.
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
    /// For the privacy officer: also what the patient must not be told yet.
    #[arg(long)]
    pub(crate) officer: bool,
    /// From this day (2026-11-22) or moment (RFC 3339) on.
    #[arg(long, value_name = "D")]
    pub(crate) from: Option<Moment>,
    /// Through this day, or before this moment.
    #[arg(long, value_name = "D")]
    pub(crate) to: Option<Moment>,
    /// Where to; standard output without it.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    Html,
    Pdf,
    Csv,
    Json,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ViewName {
    Everything,
    Legal,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lang {
    En,
    Es,
}

#[derive(Args, Debug)]
pub(crate) struct Exposed {
    /// The recipient that had a breach, also one that was struck off.
    pub(crate) recipient: RecipientId,
    /// From this day (2026-11-22) or moment (RFC 3339) on.
    #[arg(long, value_name = "D")]
    pub(crate) from: Moment,
    /// Through this day, or before this moment.
    #[arg(long, value_name = "D")]
    pub(crate) to: Moment,
    /// Write a letter for each patient (HTML, 45 CFR 164.404) into this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) letters: Option<PathBuf>,
    /// For the letters: what happened, in a few plain sentences.
    #[arg(long, value_name = "TEXT", requires = "letters")]
    pub(crate) what_happened: Option<String>,
    /// For the letters: the day on which it was found out.
    #[arg(long, value_name = "D", requires = "letters")]
    pub(crate) found_on: Option<Date>,
    /// For the letters: whom to ask: a toll-free number, an address.
    #[arg(long, value_name = "TEXT", requires = "letters")]
    pub(crate) contact: Option<String>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Office {
    /// Who may get copies, and what was agreed with them.
    Recipient {
        #[command(subcommand)]
        command: Recipient,
    },
    /// Which scans go to whom of their own accord.
    Route {
        #[command(subcommand)]
        command: Route,
    },
    /// What patients decide.
    Directive {
        #[command(subcommand)]
        command: Directive,
    },
    /// What bears on decisions about a patient.
    Person {
        #[command(subcommand)]
        command: Person,
    },
    /// Who may break the glass, and who reviews it.
    Staff {
        #[command(subcommand)]
        command: Staff,
    },
    /// This facility's settings.
    Facility {
        #[command(subcommand)]
        command: Facility,
    },
    /// Mark a study as wrong, or not this patient's: copies stop.
    Flag {
        /// Study Instance UID.
        study: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Who says so.
        #[arg(long, value_name = "NAME", default_value = "operator")]
        by: String,
    },
    /// A study is in order: its flags are cleared.
    Unflag {
        /// Study Instance UID.
        study: String,
        /// Who says so.
        #[arg(long, value_name = "NAME", default_value = "operator")]
        by: String,
    },
    /// Emergency access, and its review.
    BreakGlass {
        #[command(subcommand)]
        command: BreakGlass,
    },
    /// What somebody must be told.
    Notices {
        /// Whom.
        #[arg(long, value_enum, default_value_t = Audience::Officer)]
        audience: Audience,
        /// List what was told, too.
        #[arg(long)]
        all: bool,
        /// Note that what is listed was told now.
        #[arg(long)]
        told: bool,
    },
    /// Copies outside.
    #[command(group(clap::ArgGroup::new("of").required(true).args(["id", "recipient"])))]
    Copies {
        /// Patient ID.
        #[arg(long = "patient", value_name = "ID", id = "id")]
        patient: Option<String>,
        /// Issuer of Patient ID, where the ID is here from several; "" for none.
        #[arg(long, value_name = "I", requires = "id")]
        issuer: Option<String>,
        /// The recipient's short name.
        #[arg(long, value_name = "R")]
        recipient: Option<RecipientId>,
    },
    /// Releases, the newest first.
    Releases {
        /// Only those of one state: queued, running, done, cancelled, denied, withheld.
        #[arg(long, value_parser = state)]
        state: Option<store::ReleaseState>,
        /// At most so many.
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
    /// One release.
    Release {
        #[command(subcommand)]
        command: ReleaseOf,
    },
    /// Law enforcement asks that a patient be not told of a recipient for a time (45 CFR 164.528(a)(2)).
    SuspendAccounting {
        #[command(flatten)]
        whose: Whose,
        /// Of which recipient.
        #[arg(long, value_name = "R")]
        recipient: RecipientId,
        /// Which agency or official asks.
        #[arg(long, value_name = "A")]
        agency: String,
        /// Through this day, or before this moment.
        #[arg(long, value_name = "D")]
        until: Moment,
        /// It asks in writing. What is only said ends after 30 days.
        #[arg(long)]
        written: bool,
    },
    /// Audit messages of all that happened to a patient's scans, for other systems.
    Audit {
        #[command(flatten)]
        whose: Whose,
        /// FHIR AuditEvents (IHE BALP), one a line; or DICOM audit messages (PS3.15 A.5), one a line.
        #[arg(long, value_enum)]
        format: AuditFormat,
        /// The URL under which this facility's own codes have their names.
        #[arg(long, value_name = "URL", default_value = "https://gateway.example")]
        namespace: String,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum Recipient {
    /// Set up a recipient, in place of what was recorded of it.
    Set {
        /// TOML: see docs/consent.md.
        file: PathBuf,
    },
    /// List them.
    List,
    /// Show one.
    Show { id: RecipientId },
    /// Send nothing more but for treatment and for patients themselves.
    Suspend {
        id: RecipientId,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Lift a suspension.
    Resume { id: RecipientId },
    /// Strike it off: it is a stranger from now on. Its copies and accounts stay.
    Remove { id: RecipientId },
    /// Order the deletion of everything that it has.
    Recall {
        id: RecipientId,
        /// Why.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum Route {
    /// Set up a route, in place of the one of its name.
    Set {
        /// TOML: see docs/consent.md.
        file: PathBuf,
    },
    /// List them.
    List,
    /// Take one away.
    Remove { name: String },
    /// Which routes would a study go? Nothing is sent.
    Try {
        /// Study Instance UID.
        #[arg(long, value_name = "UID")]
        study: String,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum Directive {
    /// Record a yes or a no. A no stops what waits and recalls the copies that it covers.
    Add(NewDirective),
    /// Take a yes or a no back.
    Withdraw {
        /// Its number, as `list` shows it.
        id: i64,
    },
    /// What a patient decided.
    List {
        #[command(flatten)]
        whose: Whose,
    },
}

#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("says").required(true).args(["yes", "no"])))]
#[command(group(clap::ArgGroup::new("scope").required(true).args(["purpose", "everything"])))]
pub(crate) struct NewDirective {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// It may be done.
    #[arg(long, requires = "signed_by")]
    pub(crate) yes: bool,
    /// It must not be done.
    #[arg(long)]
    pub(crate) no: bool,
    /// For one purpose: TREAT, HPAYMT, HOPERAT, AIANALYSIS, AITRAIN, HRESCH, PATRQT.
    #[arg(long, value_name = "P")]
    pub(crate) purpose: Option<Purpose>,
    /// For all that can be refused at once: AIANALYSIS, AITRAIN, HRESCH, HOPERAT, HPAYMT.
    #[arg(long, conflicts_with = "yes")]
    pub(crate) everything: bool,
    /// For one recipient; without it, for all.
    #[arg(long, value_name = "R")]
    pub(crate) recipient: Option<RecipientId>,
    /// Through this day, or before this moment; without it, until it is withdrawn.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<Moment>,
    /// patient, guardian:NAME or nobody.
    #[arg(long, value_name = "WHO", value_parser = signer)]
    pub(crate) signed_by: Option<consent::Signer>,
    /// A yes that also covers that the facility is paid.
    #[arg(long, conflicts_with = "no")]
    pub(crate) covers_payment: bool,
    /// A yes that holds after death.
    #[arg(long, conflicts_with = "no")]
    pub(crate) after_death: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Person {
    /// Record what is given; the rest stays as it is.
    Set(SetPerson),
    /// Show what is recorded.
    Show {
        #[command(flatten)]
        whose: Whose,
    },
}

#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["born", "died", "sensitive", "guardian", "clear"])))]
pub(crate) struct SetPerson {
    #[command(flatten)]
    pub(crate) whose: Whose,
    /// Day of birth.
    #[arg(long, value_name = "D")]
    pub(crate) born: Option<Date>,
    /// Day of death.
    #[arg(long, value_name = "D")]
    pub(crate) died: Option<Date>,
    /// Protected categories, by commas: ETH, PSY, SDV, HIV.
    #[arg(long, value_name = "C,..", value_delimiter = ',', value_parser = sensitive)]
    pub(crate) sensitive: Vec<Sensitive>,
    /// Who may sign for them, and through which day; may be given several times.
    #[arg(long, value_name = "NAME[:UNTIL]", value_parser = guardian)]
    pub(crate) guardian: Vec<consent::Guardian>,
    /// Forget what was recorded of it; may be given several times.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) clear: Vec<Fact>,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fact {
    Born,
    Died,
    Sensitive,
    Guardian,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Staff {
    /// Put somebody on the list.
    Set {
        /// The account name.
        name: String,
        /// What they are.
        #[arg(long, value_enum)]
        role: Role,
    },
    /// List them.
    List,
    /// Take somebody off it.
    Remove { name: String },
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Clinician,
    Officer,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Facility {
    /// Show the settings.
    Show,
    /// Replace them.
    Set {
        /// TOML: see docs/consent.md.
        file: PathBuf,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum BreakGlass {
    /// List what waits for review. This shows why, in the words of who did it.
    List {
        /// List what was reviewed, too.
        #[arg(long)]
        all: bool,
    },
    /// Note a review.
    Review {
        /// Its number, as `list` shows it.
        number: i64,
        /// What was found. No patient data.
        #[arg(long, value_name = "TEXT")]
        finding: String,
        /// Who reviewed it.
        #[arg(long, value_name = "NAME", default_value = "operator")]
        by: String,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum ReleaseOf {
    /// Stop it, if it is not over.
    Cancel {
        /// Its number, as `releases` shows it.
        number: i64,
        /// Why. No patient data.
        #[arg(long)]
        reason: String,
    },
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Audience {
    Officer,
    Patient,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AuditFormat {
    Balp,
    Dicom,
}

fn state(text: &str) -> Result<store::ReleaseState, String> {
    store::ReleaseState::from_name(text)
        .ok_or_else(|| "no such state: queued, running, done, cancelled, denied or withheld".to_owned())
}

fn sensitive(text: &str) -> Result<Sensitive, String> {
    match text.trim().to_ascii_uppercase().as_str() {
        "ETH" => Ok(Sensitive::Eth),
        "PSY" => Ok(Sensitive::Psy),
        "SDV" => Ok(Sensitive::Sdv),
        "HIV" => Ok(Sensitive::Hiv),
        _ => Err("no such category: ETH, PSY, SDV or HIV".to_owned()),
    }
}

fn signer(text: &str) -> Result<consent::Signer, String> {
    match (text, text.split_once(':')) {
        ("patient", _) => Ok(consent::Signer::Patient),
        ("nobody", _) => Ok(consent::Signer::Nobody),
        (_, Some(("guardian", name))) if !name.trim().is_empty() => Ok(consent::Signer::Guardian {
            name: name.trim().to_owned(),
        }),
        _ => Err("not a signer: patient, guardian:NAME or nobody".to_owned()),
    }
}

fn guardian(text: &str) -> Result<consent::Guardian, String> {
    let (name, until) = match text.rsplit_once(':') {
        Some((name, until)) => {
            let until = until.trim().parse::<Date>();
            (name, Some(until.map_err(|error| error.to_string())?))
        }
        None => (text, None),
    };
    if name.trim().is_empty() {
        return Err("a guardian needs a name: NAME or NAME:UNTIL".to_owned());
    }
    Ok(consent::Guardian {
        name: name.trim().to_owned(),
        until,
    })
}
