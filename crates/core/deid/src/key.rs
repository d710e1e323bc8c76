//! Keyed pseudonyms: the same on every node, in any order, with no shared map; nothing without the key.

use hmac::{Hmac, KeyInit as _, Mac as _};
use model::Uid;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

type HmacSha256 = Hmac<Sha256>;

/// What a pseudonym is for. Each domain is another function of the key, so that none tells of another.
#[derive(Clone, Copy)]
enum Domain {
    Patient,
    Uid,
    Days,
}

impl Domain {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Patient => b"leadglass/deid/1/patient\0",
            Self::Uid => b"leadglass/deid/1/uid\0",
            Self::Days => b"leadglass/deid/1/days\0",
        }
    }
}

/// Days by which dates move at least and at most: always into the past, so that no date lies ahead of its release.
const SHIFT: std::ops::Range<u64> = 31..3_651;

/// The secret of one project: 256 bits. Two projects' pseudonyms of one patient cannot be linked.
#[derive(Clone)]
pub struct ProjectKey {
    mac: HmacSha256,
    text: Zeroizing<String>,
}

/// A key file that holds no key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "a project key is 64 hex digits (256 bits); make one with a random source, for instance `openssl rand -hex 32`"
)]
pub struct InvalidKey;

impl fmt::Debug for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProjectKey(..)")
    }
}

impl ProjectKey {
    /// The key made of these random bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        // HMAC pads a key to its block with zeros (RFC 2104 section 2); a whole block cannot be refused.
        let mut block = Zeroizing::new([0; 64]);
        block.iter_mut().zip(secret).for_each(|(to, from)| *to = *from);
        let mac = HmacSha256::new((&*block).into());
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in secret {
            for nibble in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(nibble.into(), 16));
            }
        }
        Self { mac, text }
    }

    /// Reads a key file: 64 hex digits, white space around them.
    ///
    /// # Errors
    /// When it holds anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidKey> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(InvalidKey);
        }
        let mut secret = Zeroizing::new([0; 32]);
        for (byte, pair) in secret.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| InvalidKey)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidKey)?;
        }
        // All zeros or one repeated byte is a placeholder, not a secret.
        if secret.windows(2).all(|pair| pair.first() == pair.last()) {
            return Err(InvalidKey);
        }
        Ok(Self::new(&secret))
    }

    /// The key as its file holds it. Whoever has it can find out who a pseudonym is.
    pub fn to_text(&self) -> &str {
        &self.text
    }

    fn digest(&self, domain: Domain, value: &str) -> [u8; 32] {
        let mut mac = self.mac.clone();
        mac.update(domain.label());
        mac.update(value.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The pseudonym of a patient: `LG` and 80 bits in base 32, fit for every text VR and for a file name.
    /// Spaces around an ID are no difference (PS3.5 6.2).
    pub fn patient(&self, id: &str) -> String {
        // Without I, L, O, U: no two look alike, and no word comes about.
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let digest = self.digest(Domain::Patient, id.trim());
        let mut bits = digest
            .iter()
            .take(10)
            .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut text = String::with_capacity(18);
        text.push_str("LG");
        for _ in 0..16 {
            text.extend(
                ALPHABET
                    .get((bits & 31) as usize)
                    .map(|letter| char::from(*letter)),
            );
            bits >>= 5;
        }
        text
    }

    /// The UID that stands for another: a version 8 UUID (RFC 9562) under 2.25 (PS3.5 B.2). No time, no maker is in it.
    pub fn uid(&self, uid: &Uid) -> String {
        let digest = self.digest(Domain::Uid, uid.as_str());
        let number = digest
            .iter()
            .take(16)
            .fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let version = 0xF_u128 << 76;
        let variant = 0b11_u128 << 62;
        format!("2.25.{}", number & !version & !variant | 8 << 76 | 0b10 << 62)
    }

    /// By how many days this patient's dates move, for [`crate::dates`]. Negative: into the past.
    pub fn days(&self, id: &str) -> i64 {
        let digest = self.digest(Domain::Days, id.trim());
        let number = digest
            .iter()
            .take(8)
            .fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        -((SHIFT.start + number % (SHIFT.end - SHIFT.start)) as i64)
    }
}
