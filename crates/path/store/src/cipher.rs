//! Authenticated encryption: small values under a long-lived key, blobs in chunks under a key of their own.

use crate::random::{self, Random, Secret};
use crate::{Error, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

/// Bytes of an authentication tag.
pub(crate) const TAG: usize = 16;
/// Plaintext bytes of a full chunk.
pub(crate) const CHUNK: usize = 64 * 1024;

fn aes_key(key: &Secret) -> Result<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| Error::Encryption)?;
    Ok(LessSafeKey::new(key))
}

/// Seals small values with AES-256-GCM under random nonces: good for 2^32 values a key.
///
/// The context says what the value is and to which row it belongs; a value that was moved to another place does not
/// open there.
pub(crate) struct Cipher(LessSafeKey);

impl Cipher {
    pub(crate) fn new(key: &Secret) -> Result<Self> {
        aes_key(key).map(Self)
    }

    /// The nonce, the encrypted value, the tag.
    pub(crate) fn seal(&self, random: &dyn Random, context: &Context<'_>, value: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = random::array(random)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + value.len() + TAG);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(value);
        let (_, body) = sealed.split_at_mut(NONCE_LEN);
        let aad = Aad::from(context.bytes());
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), aad, body)
            .map_err(|_| Error::Encryption)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    pub(crate) fn open(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let damaged = Error::Corrupt("an encrypted value");
        let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(damaged.clone())?;
        let mut value = Zeroizing::new(body.to_vec());
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let len = match self
            .0
            .open_in_place(nonce, Aad::from(context.bytes()), &mut value)
        {
            Ok(plain) => plain.len(),
            Err(_) => return Err(damaged),
        };
        value.truncate(len);
        Ok(value)
    }

    pub(crate) fn open_key(&self, context: &Context<'_>, sealed: &[u8]) -> Result<Secret> {
        let value = self.open(context, sealed)?;
        let mut key = Zeroizing::new([0; 32]);
        if value.len() != key.len() {
            return Err(Error::Corrupt("a wrapped key"));
        }
        key.copy_from_slice(&value);
        Ok(key)
    }

    pub(crate) fn open_text(&self, context: &Context<'_>, sealed: &[u8]) -> Result<String> {
        let value = self.open(context, sealed)?;
        String::from_utf8(value.to_vec()).map_err(|_| Error::Corrupt("an encrypted text"))
    }
}

/// What a sealed value is, and whose.
pub(crate) struct Context<'a> {
    pub(crate) what: &'static str,
    pub(crate) of: &'a [u8],
}

impl Context<'_> {
    fn bytes(&self) -> Vec<u8> {
        [self.what.as_bytes(), b"\0", self.of].concat()
    }
}

/// The two parts of a blob.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Section {
    /// The data set as it came.
    Data = 0,
    /// The record about it.
    Record = 1,
}

/// Where a chunk stands in its blob. It is the chunk's nonce, so that chunks cannot be moved, dropped or appended: the
/// STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), one stream a section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) section: Section,
    pub(crate) chunk: u64,
    pub(crate) last: bool,
}

impl Place {
    fn nonce(self) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        let (kind, count) = nonce.split_at_mut(4);
        kind.copy_from_slice(&[self.section as u8, u8::from(self.last), 0, 0]);
        count.copy_from_slice(&self.chunk.to_be_bytes());
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Seals the chunks of one blob, under a key that seals nothing else.
pub(crate) struct ChunkCipher {
    key: LessSafeKey,
    header: Vec<u8>,
}

impl ChunkCipher {
    /// The header is authenticated with every chunk.
    pub(crate) fn new(key: &Secret, header: &[u8]) -> Result<Self> {
        Ok(Self {
            key: aes_key(key)?,
            header: header.to_vec(),
        })
    }

    /// Encrypts the plaintext from `start` to the buffer's end in place, and appends the tag.
    pub(crate) fn seal(&self, place: Place, buffer: &mut Vec<u8>, start: usize) -> Result<()> {
        let chunk = buffer.get_mut(start..).unwrap_or_default();
        let tag = self
            .key
            .seal_in_place_separate_tag(place.nonce(), Aad::from(&self.header), chunk)
            .map_err(|_| Error::Encryption)?;
        buffer.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Decrypts a chunk with its tag in place, leaving the plaintext.
    pub(crate) fn open(&self, place: Place, chunk: &mut Vec<u8>) -> Result<()> {
        let opened = self
            .key
            .open_in_place(place.nonce(), Aad::from(&self.header), chunk);
        let len = opened.map_err(|_| Error::Corrupt("a blob"))?.len();
        chunk.truncate(len);
        Ok(())
    }
}
