//! Who gets copies, and what was agreed with them.

use crate::ProfileName;
use crate::facts::is_secondary;
use model::{Date, Purpose, RecipientId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Somebody who may get copies: an AI vendor, a researcher, another hospital, a patient's app, an AI in this house.
/// Written by the officer as TOML; kept by the gateway as JSON of the same fields.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The short name.
    pub id: RecipientId,
    /// The full name, as patients see it.
    pub name: String,
    /// The postal address (45 CFR 164.528(b)(2)(ii) wants it where it is known).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whom to write or call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// True for a part of this facility itself.
    #[serde(default)]
    pub inside: bool,
    /// Where copies go. None for one whose copies are fetched or carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<Destination>,
    /// The origin under which `/.well-known/imaging-deletion.json` is found, such as `https://acme.example`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion: Option<String>,
    /// The Ed25519 public key that signs its receipts, as 64 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_key: Option<String>,
    /// What was agreed. None for one with whom nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
}

impl Recipient {
    /// Checks what an officer wrote, before it is kept.
    ///
    /// # Errors
    /// When it contradicts itself, or leaves out what patients are owed: an end of retention, de-identification where the
    /// purpose demands it.
    pub fn check(&self) -> Result<(), InvalidRecipient> {
        let given = |name: &'static str, text: Option<&str>| match text {
            Some(text) if text.trim().is_empty() => Err(InvalidRecipient::Empty(name)),
            _ => Ok(()),
        };
        given("name", Some(&self.name))?;
        given("address", self.address.as_deref())?;
        given("contact", self.contact.as_deref())?;
        given("deletion", self.deletion.as_deref())?;
        match &self.destination {
            None => {}
            Some(Destination::Dicom { host, ae_title, .. }) => {
                given("destination.host", Some(host))?;
                given("destination.ae_title", Some(ae_title))?;
            }
            Some(Destination::Stow { url, .. }) => given("destination.url", Some(url))?,
            Some(Destination::Folder { path }) => given("destination.path", path.to_str())?,
        }
        if let Some(key) = &self.receipt_key
            && (key.len() != 64 || !key.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return Err(InvalidRecipient::ReceiptKey);
        }
        self.agreement.as_ref().map_or(Ok(()), Agreement::check)
    }
}

/// Where copies go.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Destination {
    /// C-STORE.
    Dicom {
        /// Host name or address.
        host: String,
        /// TCP port.
        port: u16,
        /// The called AE title.
        ae_title: String,
        /// True to ask for storage commitment (PS3.4 annex J) after sending.
        #[serde(default)]
        commitment: bool,
    },
    /// STOW-RS.
    Stow {
        /// The studies resource, such as `https://acme.example/dicom-web/studies`.
        url: String,
        /// The file that holds the bearer token. None when none is wanted.
        #[serde(default)]
        token_file: Option<PathBuf>,
    },
    /// A folder with DICOM files and a manifest.
    Folder {
        /// Its path.
        path: PathBuf,
    },
}

/// The kind of an agreement.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementKind {
    /// Business associate agreement (45 CFR 164.504(e)).
    Baa,
    /// Data use agreement (45 CFR 164.514(e)).
    Dua,
    /// Another contract.
    Contract,
    /// A court's or an authority's order.
    Order,
}

/// What was agreed with a recipient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Its kind.
    pub kind: AgreementKind,
    /// The day from which it holds.
    pub signed_on: Date,
    /// The last day on which it holds. None without an end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// What copies may be used for, and nothing else.
    pub purposes: Vec<Purpose>,
    /// Days after which a copy must be deleted; 0: as soon as it was processed. None only for those who keep what they get:
    /// treatment, payment, the patient, the law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// True when models may be trained on copies.
    #[serde(default)]
    pub may_train: bool,
    /// True when the facility is paid for copies (45 CFR 164.502(a)(5)(ii)).
    #[serde(default)]
    pub paid: bool,
    /// Where copies are stored: a country, or a place in words.
    pub storage_place: String,
    /// Others who get them, by full name.
    #[serde(default)]
    pub subprocessors: Vec<String>,
    /// The de-identification profile: `vendor`, `research`, ..., or `original` for identified copies.
    pub profile: String,
    /// Hours within which a breach must be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach_notice_hours: Option<u32>,
}

impl Agreement {
    fn check(&self) -> Result<(), InvalidRecipient> {
        if self.purposes.is_empty() {
            return Err(InvalidRecipient::NoPurpose);
        }
        if self.storage_place.trim().is_empty() {
            return Err(InvalidRecipient::Empty("agreement.storage_place"));
        }
        if self.subprocessors.iter().any(|name| name.trim().is_empty()) {
            return Err(InvalidRecipient::Empty("agreement.subprocessors"));
        }
        if self.profile.trim().is_empty() {
            return Err(InvalidRecipient::Empty("agreement.profile"));
        }
        let profile = ProfileName::new(&self.profile).map_err(|_| InvalidRecipient::Profile)?;
        if self.expires.is_some_and(|last| last < self.signed_on) {
            return Err(InvalidRecipient::NeverHolds);
        }
        if self.purposes.contains(&Purpose::AiTrain) && !self.may_train {
            return Err(InvalidRecipient::Training);
        }
        for &purpose in self.purposes.iter().filter(|purpose| is_secondary(**purpose)) {
            if profile.is_original() {
                return Err(InvalidRecipient::Identified(purpose));
            }
            if self.retention_days.is_none() {
                return Err(InvalidRecipient::NoEnd(purpose));
            }
        }
        Ok(())
    }
}

/// What is wrong with what an officer wrote of a recipient.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRecipient {
    /// The profile does not suit a purpose.
    #[error(
        "the profile original is for TREAT, PATRQT, BTG, HPAYMT and HLEGAL; {0} needs de-identified copies: name another profile"
    )]
    Identified(Purpose),
    /// No end for copies that must have one.
    #[error("copies for {0} must have an end: give retention_days")]
    NoEnd(Purpose),
    /// Training is listed and forbidden at once.
    #[error("AITRAIN is among the purposes, and may_train is false: say which holds")]
    Training,
    /// The receipt key is no key.
    #[error("receipt_key must be an Ed25519 public key of 64 hex digits")]
    ReceiptKey,
    /// An agreement without purposes.
    #[error("the agreement lists no purpose: without one nothing can be sent")]
    NoPurpose,
    /// A name is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The profile's name cannot be one.
    #[error(
        "the agreement's profile is not a name: 1 to 32 lower-case letters, digits and hyphens are needed"
    )]
    Profile,
    /// The agreement ends before it begins.
    #[error("the agreement expires before it is signed: correct signed_on or expires")]
    NeverHolds,
}
