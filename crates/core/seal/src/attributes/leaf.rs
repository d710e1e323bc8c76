//! Salted leaves of attributes, and the roots of groups.

use super::{AttributeDigest, Group};
use dicom::Tag;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use tlog::Frontier;

/// What a seal keeps of one attribute: commitments under a salt of its own, so that it can be opened to others
/// without opening the rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AttributeLeaf {
    /// Its tag.
    pub tag: Tag,
    /// Commitment to [`AttributeDigest::strict`].
    pub strict: [u8; 32],
    /// Commitment to [`AttributeDigest::loose`].
    pub loose: Option<[u8; 32]>,
    /// [`AttributeDigest::vr_lost`].
    pub vr_lost: bool,
}

fn commit(salt: &[u8; 32], kind: u8, digest: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(b"AT1");
    hash.update([kind]);
    hash.update(salt);
    hash.update(digest);
    hash.finalize().into()
}

impl AttributeLeaf {
    /// The leaf of an attribute under the instance's salt.
    pub fn new(instance_salt: &[u8; 32], attribute: &AttributeDigest) -> Self {
        let tag = attribute.tag;
        // HMAC takes keys of any length: this cannot fail.
        let salt: [u8; 32] = Hmac::<Sha256>::new_from_slice(instance_salt).map_or([0; 32], |mut mac| {
            mac.update(b"AT1");
            mac.update(&tag.group().to_le_bytes());
            mac.update(&tag.element().to_le_bytes());
            mac.finalize().into_bytes().into()
        });
        Self {
            tag,
            strict: commit(&salt, 0, &attribute.strict),
            loose: attribute.loose.as_ref().map(|digest| commit(&salt, 1, digest)),
            vr_lost: attribute.vr_lost,
        }
    }

    /// The group of the attribute.
    pub fn group(&self) -> Group {
        Group::of(self.tag).unwrap_or(Group::Free)
    }

    /// True when both stand for the same value.
    ///
    /// `vr_written` says that at least one of the two data sets had VRs written in it. Only then can a VR have
    /// been lost or found between them, and only then do the loose commitments count.
    pub fn same_value(&self, other: &Self, vr_written: bool) -> bool {
        let vr_lost = vr_written && (self.vr_lost || other.vr_lost);
        self.strict == other.strict || (vr_lost && self.loose.is_some() && self.loose == other.loose)
    }
}

/// Number of attributes and RFC 6962 root of one group; `leaves` ascending by tag. A list that is bound as a
/// whole binds presence too: an attribute added or removed changes it.
pub(crate) fn group_root(group: Group, leaves: &[AttributeLeaf]) -> (u32, [u8; 32]) {
    let mut tree = Frontier::new();
    for leaf in leaves.iter().filter(|leaf| leaf.group() == group) {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(leaf.tag.group().to_le_bytes());
        hash.update(leaf.tag.element().to_le_bytes());
        hash.update([u8::from(leaf.vr_lost)]);
        hash.update(leaf.strict);
        hash.update(leaf.loose.unwrap_or_default());
        tree.append(hash.finalize().into());
    }
    (tree.size() as u32, tree.root())
}
