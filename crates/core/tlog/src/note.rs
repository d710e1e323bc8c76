//! Signed notes: a text and who vouches for it ([signed-note](https://c2sp.org/signed-note)), with Ed25519 keys.

use crate::hash::Hash;
use crate::{Error, line};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// The signature type of Ed25519 over the note text.
const ED25519: u8 = 0x01;
/// A note with more signatures is not read: each costs work.
const MAX_SIGNATURES: usize = 64;
const DASH: &str = "\u{2014} ";

/// Signs notes with a named Ed25519 key. The key is wiped from memory when it is dropped.
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// The signer of this name, with the private key of RFC 8032 (its 32-byte seed). The name is best an address without
    /// scheme, such as `log.example/scans`, and for a log its origin.
    ///
    /// # Errors
    /// [`Error::KeyName`] for an empty name or one with spaces, plus or control characters.
    pub fn new(name: &str, seed: [u8; 32]) -> Result<Self, Error> {
        let key = SigningKey::from_bytes(&seed);
        let verifier = Verifier::new(name, key.verifying_key())?;
        Ok(Self { key, verifier })
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        self.verifier.name()
    }

    /// The public half.
    pub fn verifier(&self) -> Verifier {
        self.verifier.clone()
    }

    /// The public half as text: `name+id+base64(0x01 | public key)`.
    pub fn vkey(&self) -> String {
        self.verifier.vkey()
    }

    /// The text as a note with this signer's signature.
    ///
    /// # Errors
    /// [`Error::NoteText`] unless the text ends with a newline and has no other control character.
    pub fn sign(&self, text: &str) -> Result<String, Error> {
        if !is_note_text(text) {
            return Err(Error::NoteText);
        }
        let mut signature = self.verifier.id.to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!(
            "{text}\n{DASH}{} {}\n",
            self.name(),
            line::to_base64(&signature)
        ))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.vkey())
    }
}

/// Knows a signer by name and public key.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl Verifier {
    fn new(name: &str, key: VerifyingKey) -> Result<Self, Error> {
        if !is_key_name(name) {
            return Err(Error::KeyName);
        }
        Ok(Self {
            name: name.to_owned(),
            id: key_id(name, &key),
            key,
        })
    }

    /// Reads a verifier key, `name+id+base64(0x01 | public key)`.
    ///
    /// # Errors
    /// [`Error::VerifierKey`] when it is not one, is not of Ed25519, does not match its id, or is a weak key (one under which
    /// a signature fits many texts).
    pub fn from_vkey(vkey: &str) -> Result<Self, Error> {
        let read = || {
            let (name, rest) = vkey.split_once('+')?;
            let (id, key) = rest.split_once('+')?;
            let key = line::base64(key)?;
            let (&ED25519, key) = key.split_first()? else {
                return None;
            };
            let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
            let verifier = Self::new(name, key).ok()?;
            (verifier.hex_id() == id && !key.is_weak()).then_some(verifier)
        };
        read().ok_or(Error::VerifierKey)
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key as text; what [`from_vkey`](Self::from_vkey) reads.
    pub fn vkey(&self) -> String {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        format!("{}+{}+{}", self.name, self.hex_id(), line::to_base64(&key))
    }

    fn hex_id(&self) -> String {
        format!("{:08x}", u32::from_be_bytes(self.id))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({})", self.vkey())
    }
}

/// The text of a note, once its signature is found right. Signatures of others are passed over, as the specification
/// demands (witnesses, a key being rotated in); each by this verifier must be right.
///
/// # Errors
/// [`Error::Note`] for what is no note; [`Error::Unsigned`] when this verifier's signature is not on it;
/// [`Error::Signature`] when it is wrong.
pub fn open<'a>(note: &'a str, verifier: &Verifier) -> Result<&'a str, Error> {
    let (text, lines) = split(note).ok_or(Error::Note)?;
    let mut signed = false;
    for (count, line) in lines.split_terminator('\n').enumerate() {
        if count == MAX_SIGNATURES {
            return Err(Error::Note);
        }
        let (name, signature) = signature(line).ok_or(Error::Note)?;
        let Some(signature) = signature
            .strip_prefix(&verifier.id)
            .filter(|_| name == verifier.name)
        else {
            continue;
        };
        let right = Signature::from_slice(signature)
            .is_ok_and(|signature| verifier.key.verify_strict(text.as_bytes(), &signature).is_ok());
        if !right {
            return Err(Error::Signature(verifier.name.clone()));
        }
        signed = true;
    }
    if signed {
        Ok(text)
    } else {
        Err(Error::Unsigned(verifier.name.clone()))
    }
}

/// The text, which ends with a newline, and the signature lines.
fn split(note: &str) -> Option<(&str, &str)> {
    let (text, lines) = note.split_at_checked(note.rfind("\n\n")? + 1)?;
    let lines = lines.strip_prefix('\n')?;
    let whole = is_note_text(text) && is_note_text(lines);
    whole.then_some((text, lines))
}

/// The key name of a signature line, and its key id and signature.
fn signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
    let signature = line::base64(signature)?;
    (is_key_name(name) && signature.len() > 4).then_some((name, signature))
}

fn is_note_text(text: &str) -> bool {
    text.ends_with('\n') && !text.bytes().any(|byte| byte < 0x20 && byte != b'\n')
}

fn is_key_name(name: &str) -> bool {
    line::is_plain(name) && !name.contains(|c: char| c == '+' || c.is_whitespace())
}

fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', ED25519])
        .chain_update(key.as_bytes());
    let [a, b, c, d, ..] = Hash::from(hash.finalize());
    [a, b, c, d]
}
