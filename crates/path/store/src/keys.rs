//! The key ring: one master key in a file, everything else under it.
//!
//! From the master key come, by HMAC-SHA-256, the key for lookups and the key that wraps each patient's keys. A patient's
//! data key protects the keys of their blobs and the columns about them; deleting it is what erasure means. Their
//! accounting key is another, since who saw their scans must be told for years even so.

use crate::cipher::{Cipher, Context};
use crate::disk::{Disk, write_whole};
use crate::random::{self, Random, Secret};
use crate::{Error, NewQuarantined, PatientIdentity, Result};
use aws_lc_rs::hmac;
use model::{RecipientId, Uid};
use std::io::{self, Read};
use std::path::Path;
use zeroize::Zeroizing;

/// An HMAC under a key of this archive: equal for equal values, and nothing without the master key.
pub(crate) type Token = [u8; 32];

const SEED_MAGIC: &[u8; 8] = b"LGKEY\0\0\x01";

/// The keys of one archive.
pub(crate) struct KeyRing {
    tokens: hmac::Key,
    wrapping: Cipher,
    seal_seed: Secret,
    log_seed: Secret,
}

impl KeyRing {
    /// Reads the keys below `dir`, or makes them when the archive is new. The caller holds the archive's lock.
    pub(crate) fn open(dir: &Path, disk: &dyn Disk, random: &dyn Random, new: bool) -> Result<Self> {
        let folder = dir.join("keys");
        disk.create_dir(&folder)?;
        disk.sync_dir(dir)?;
        let master = match read_secret(&folder.join("master.key"))? {
            Some(master) => fixed(&master, "keys/master.key")?,
            None if new => {
                let master = random::secret(random)?;
                write_whole(disk, &folder.join("master.key"), master.as_slice())?;
                master
            }
            None => return Err(Error::KeyMissing("keys/master.key")),
        };
        let wrapping = Cipher::new(&derive(&master, "leadglass wrapping key v1"))?;
        let seed = |name: &'static str| {
            let path = folder.join(name.trim_start_matches("keys/"));
            read_seed(&path, name, &wrapping)?.map_or_else(
                || {
                    if new {
                        make_seed(&path, name, &wrapping, disk, random)
                    } else {
                        Err(Error::KeyMissing(name))
                    }
                },
                Ok,
            )
        };
        let seal_seed = seed("keys/seal.key")?;
        let log_seed = seed("keys/log.key")?;
        let tokens = derive(&master, "leadglass token key v1");
        let tokens = hmac::Key::new(hmac::HMAC_SHA256, tokens.as_slice());
        Ok(Self {
            tokens,
            wrapping,
            seal_seed,
            log_seed,
        })
    }

    /// What the index keeps to know its master key again.
    pub(crate) fn check(&self) -> Token {
        self.token("archive", &[])
    }

    /// The Ed25519 seed that signs seals.
    pub(crate) fn seal_seed(&self) -> &Secret {
        &self.seal_seed
    }

    /// The Ed25519 seed that signs checkpoints.
    pub(crate) fn log_seed(&self) -> &Secret {
        &self.log_seed
    }

    /// The patient under whom a study is kept. Where there is no Patient ID, each study is a patient of its own: two
    /// unknown people must not become one.
    pub(crate) fn patient(&self, identity: &PatientIdentity, study: &Uid) -> Token {
        match identity.id.reveal().trim() {
            "" => self.token("patient of study", &[study.as_str()]),
            _ => self.patient_of(identity),
        }
    }

    /// A patient by issuer and Patient ID.
    pub(crate) fn patient_of(&self, identity: &PatientIdentity) -> Token {
        self.token(
            "patient",
            &[identity.issuer.reveal().trim(), identity.id.reveal().trim()],
        )
    }

    /// The patient under whose key a quarantined object is kept.
    pub(crate) fn quarantined(&self, new: &NewQuarantined) -> Token {
        match (&new.patient, &new.study_instance_uid) {
            (Some(identity), Some(study)) => self.patient(identity, study),
            (Some(identity), None) if !identity.id.reveal().trim().is_empty() => self.patient_of(identity),
            _ => self.token("nobody", &[]),
        }
    }

    /// A Patient ID from whichever issuer.
    pub(crate) fn patient_id(&self, id: &str) -> Token {
        self.token("patient id", &[id.trim()])
    }

    pub(crate) fn accession_number(&self, number: &str) -> Token {
        self.token("accession number", &[number.trim()])
    }

    /// A date as YYYYMMDD.
    pub(crate) fn study_date(&self, date: &str) -> Token {
        self.token("study date", &[date.trim()])
    }

    pub(crate) fn pixel_root(&self, root: &[u8; 32]) -> Token {
        let mut mac = hmac::Context::with_key(&self.tokens);
        mac.update(b"pixel root\0");
        mac.update(root);
        finish(mac)
    }

    /// The Ed25519 seed that signs deletion requests.
    pub(crate) fn deletion_seed(&self) -> [u8; 32] {
        self.token("deletion requests", &[])
    }

    /// A secret for a recipient, from which the pseudonyms of its copies come.
    pub(crate) fn recipient_secret(&self, recipient: &RecipientId) -> [u8; 32] {
        self.token("pseudonyms for recipient", &[recipient.as_str()])
    }

    fn token(&self, what: &str, parts: &[&str]) -> Token {
        let mut mac = hmac::Context::with_key(&self.tokens);
        mac.update(what.as_bytes());
        mac.update(b"\0");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        finish(mac)
    }

    /// A patient's key as the index keeps it.
    pub(crate) fn wrap(
        &self,
        random: &dyn Random,
        what: &'static str,
        of: &Token,
        key: &Secret,
    ) -> Result<Vec<u8>> {
        self.wrapping.seal(random, &Context { what, of }, key.as_slice())
    }

    /// The cipher under a patient's key.
    pub(crate) fn unwrap(&self, what: &'static str, of: &[u8], wrapped: &[u8]) -> Result<Cipher> {
        Cipher::new(&self.wrapping.open_key(&Context { what, of }, wrapped)?)
    }
}

fn finish(mac: hmac::Context) -> Token {
    let mut token = [0; 32];
    token.copy_from_slice(mac.sign().as_ref());
    token
}

fn derive(master: &Secret, label: &str) -> Secret {
    let master = hmac::Key::new(hmac::HMAC_SHA256, master.as_slice());
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(hmac::sign(&master, label.as_bytes()).as_ref());
    key
}

fn read_secret(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    match std::fs::File::open(path) {
        Ok(file) => file.take(256).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(bytes))
}

fn fixed(bytes: &[u8], name: &'static str) -> Result<Secret> {
    let mut secret = Zeroizing::new([0; 32]);
    if bytes.len() != secret.len() {
        return Err(Error::Corrupt(name));
    }
    secret.copy_from_slice(bytes);
    Ok(secret)
}

fn read_seed(path: &Path, name: &'static str, wrapping: &Cipher) -> Result<Option<Secret>> {
    let Some(bytes) = read_secret(path)? else {
        return Ok(None);
    };
    let sealed = bytes.strip_prefix(SEED_MAGIC).ok_or(Error::Corrupt(name))?;
    wrapping
        .open_key(&Context { what: name, of: b"" }, sealed)
        .map(Some)
        .map_err(|_| Error::WrongKey)
}

fn make_seed(
    path: &Path,
    name: &'static str,
    wrapping: &Cipher,
    disk: &dyn Disk,
    random: &dyn Random,
) -> Result<Secret> {
    let seed = random::secret(random)?;
    let mut bytes = SEED_MAGIC.to_vec();
    bytes.extend(wrapping.seal(random, &Context { what: name, of: b"" }, seed.as_slice())?);
    write_whole(disk, path, &bytes)?;
    Ok(seed)
}

/// Makes the token that opens the HTTP interface, unless it is there. The caller holds the archive's lock.
pub(crate) fn make_admin_token(path: &Path, disk: &dyn Disk, random: &dyn Random) -> Result<()> {
    if !path.exists() {
        let token = random::secret(random)?;
        let text = Zeroizing::new(hex::encode(token.as_slice()) + "\n");
        write_whole(disk, path, text.as_bytes())?;
    }
    Ok(())
}
