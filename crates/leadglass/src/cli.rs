//! The command line. Its names are a contract: scripts outside this repository call them.

mod office;
mod period;

pub(crate) use office::{
    Audience, AuditFormat, BreakGlass, Directive, Exposed, Facility, Fact, Format, Lang, NewDirective,
    Office, Person, Recipient, ReleaseOf, Report, Role, Route, SetPerson, Staff, ViewName, Whose,
};
pub(crate) use period::Moment;

use clap::{Args, Parser, Subcommand};
use std::net::IpAddr;
use std::path::PathBuf;

/// Leadglass: seals medical images as they arrive, and lets anyone verify a copy.
#[derive(Parser, Debug)]
#[command(name = "leadglass", version, propagate_version = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Args, Debug, Clone)]
pub(crate) struct Common {
    /// The folder of the archive.
    #[arg(long, global = true, value_name = "DIR", default_value = "./leadglass-data")]
    pub(crate) data: PathBuf,
    /// Print JSON: one document, or one line per file where there are many.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// The whole story with sample scans: sends, seals, alters, verifies.
    Demo {
        /// Run without staying up, print a summary, exit 0 if every fact holds.
        #[arg(long)]
        check: bool,
    },
    /// Run the gateway.
    Serve(Serve),
    /// Bring in files, folders, zip archives or a DICOMDIR.
    Import {
        /// What to bring in.
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Write an instance, series or study to disk: an accounted read.
    Export {
        /// SOP, Series or Study Instance UID.
        uid: String,
        /// A file for an instance, a folder for a series or study.
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
    },
    /// Is this the scan that was sealed? Where was it altered?
    Verify {
        /// A DICOM file, the UID of an instance or study in the archive, or a folder with a study.
        #[arg(value_name = "FILE|UID|DIR")]
        what: String,
        /// The evidence bundle to verify against, instead of the archive.
        #[arg(long, value_name = "B.lgseal")]
        bundle: Option<PathBuf>,
        /// The trust file. It is moved forward to the newest head of the log that was proved.
        #[arg(long, value_name = "trust.json")]
        trust: Option<PathBuf>,
        /// Write the frame with the altered regions marked.
        #[arg(long, value_name = "OUT.png")]
        map: Option<PathBuf>,
    },
    /// Write the evidence bundle of an instance or a study.
    Bundle {
        /// The UID of an instance or study, or a DICOM file of it.
        #[arg(value_name = "UID|FILE")]
        what: String,
        /// Where to.
        #[arg(long, value_name = "B.lgseal")]
        out: PathBuf,
    },
    /// Write the trust file of this archive.
    Trust {
        /// Where to.
        #[arg(long, value_name = "trust.json")]
        out: PathBuf,
    },
    /// De-identify files: what cannot be cleared is kept back, with a reason.
    Deid(Deid),
    /// Send a copy to a recipient, if that is permitted.
    Release(Release),
    /// A node that only delivers: copies that wait, and deletion requests.
    Worker {
        /// A configuration file (TOML).
        #[arg(long, value_name = "F")]
        config: Option<PathBuf>,
    },
    /// Who got copies of a patient's scans, who read them, what was denied. Making it is an accounted read.
    Report(Report),
    /// Whom does a breach at a recipient concern? Patients of whom it got something in this period, or may have.
    Exposed(Exposed),
    /// The transparency log.
    Log {
        #[command(subcommand)]
        command: Log,
    },
    /// Check everything that is kept against everything else.
    Fsck {
        /// Remove blobs that nothing speaks for.
        #[arg(long)]
        remove_orphans: bool,
    },
    /// Who may get what, what patients decide, what waits for a person's decision.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Deid {
    /// A DICOM file or a folder of them.
    #[arg(value_name = "IN", required_unless_present = "explain")]
    pub(crate) input: Option<PathBuf>,
    /// The folder for the copies; for a single file also the name of the copy.
    #[arg(value_name = "OUT", required_unless_present = "explain")]
    pub(crate) output: Option<PathBuf>,
    /// basic, vendor, research, safe-harbor, or a profile file (TOML).
    #[arg(long, value_name = "NAME|FILE", default_value = "research")]
    pub(crate) profile: String,
    /// The project's key (64 hex digits); without it, one is made once and kept with the archive.
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// Write map.csv beside OUT: which pseudonym stands for whom. Keep it as you keep the scans.
    #[arg(long)]
    pub(crate) write_map: bool,
    /// Objects at a time; all cores without it.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
    /// Say what the profile does to an attribute (8 hex digits or a keyword), and do nothing.
    #[arg(long, value_name = "TAG", conflicts_with_all = ["input", "output", "write_map"])]
    pub(crate) explain: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct Release {
    /// Study Instance UID.
    #[arg(long, value_name = "UID", required_unless_present = "cohort")]
    pub(crate) study: Option<String>,
    /// A file with one Study Instance UID a line: all who may be in it are sent, or, when a record cannot be read, nothing.
    #[arg(long, value_name = "FILE", conflicts_with = "study")]
    pub(crate) cohort: Option<PathBuf>,
    /// Only this instance of the study; may be given several times.
    #[arg(long, value_name = "UID", requires = "study")]
    pub(crate) instance: Vec<String>,
    /// The recipient's short name.
    #[arg(long, value_name = "R")]
    pub(crate) recipient: String,
    /// TREAT, HPAYMT, HOPERAT, AIANALYSIS, AITRAIN, HRESCH, PATRQT, HLEGAL or BTG.
    #[arg(long, value_name = "P")]
    pub(crate) purpose: model::Purpose,
    /// Days for which the recipient wants to keep it; without it, as agreed.
    #[arg(long, value_name = "N")]
    pub(crate) retention_days: Option<u32>,
    /// Who orders it: for BTG, a name on the list of staff.
    #[arg(long, value_name = "NAME", default_value = "operator")]
    pub(crate) by: String,
    /// Why the glass is broken, for BTG.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Only queue it: a gateway or worker on the same archive delivers.
    #[arg(long)]
    pub(crate) no_wait: bool,
    /// Seconds to wait for its delivery.
    #[arg(long, value_name = "N", default_value_t = 60)]
    pub(crate) timeout: u64,
}

#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// A configuration file (TOML).
    #[arg(long, value_name = "F")]
    pub(crate) config: Option<PathBuf>,
    /// The address to listen on.
    #[arg(long, value_name = "IP")]
    pub(crate) listen: Option<IpAddr>,
    /// The DICOM port, 0 for any.
    #[arg(long, value_name = "PORT")]
    pub(crate) dimse_port: Option<u16>,
    /// The HTTP port, 0 for any.
    #[arg(long, value_name = "PORT")]
    pub(crate) http_port: Option<u16>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Log {
    /// Print the signed head.
    Checkpoint,
    /// Print the proof that the log holds an entry.
    Prove {
        /// The entry, from 0.
        index: u64,
        /// Prove it for the log of this size.
        #[arg(long, value_name = "N")]
        size: Option<u64>,
    },
    /// Check the whole log.
    Verify {
        /// A signed head that was seen before: the log must continue it.
        #[arg(long, value_name = "CHECKPOINT")]
        from: Option<PathBuf>,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum Admin {
    #[command(flatten)]
    Office(Office),
    /// What was kept apart.
    Quarantine {
        #[command(subcommand)]
        command: Quarantine,
    },
    /// Find out who in the archive a pseudonym stands for. It takes the project's key, and the log keeps that it was done.
    Reidentify {
        /// A Patient ID or a UID of a de-identified copy.
        pseudonym: String,
        /// The project's key; without it, the one that is kept with the archive.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// Why. It is kept with the account.
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a sealed object: its seal is revoked.
    Withdraw {
        /// Its SOP Instance UID.
        uid: String,
        /// Why. No patient data: whoever verifies a copy reads it.
        #[arg(long)]
        reason: String,
    },
}

#[derive(Subcommand, Debug)]
pub(crate) enum Quarantine {
    /// List what waits for a decision.
    List {
        /// List what was decided, too.
        #[arg(long)]
        all: bool,
    },
    /// Show the attributes of one object. This shows patient data.
    Show {
        /// Its id.
        id: String,
    },
    /// Accept it as a legitimate change of the sealed object: a signed amendment.
    Accept {
        /// Its id.
        id: String,
        /// Why. No patient data: whoever verifies a copy reads it.
        #[arg(long)]
        reason: String,
    },
    /// Throw it away.
    Discard {
        /// Its id.
        id: String,
    },
}
