//! The manifest's root, as docs/deletion-protocol.md defines it.

use model::{Digest, Uid};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// The root over these instances.
pub(super) fn root(instances: &[(Uid, Digest)]) -> String {
    let line = |(uid, digest): &(Uid, Digest)| format!("imaging-deletion-instance/1 {uid} {digest}\n");
    let lines: BTreeSet<String> = instances.iter().map(line).collect();
    let lines: Vec<String> = lines.into_iter().collect();
    Digest(tree(&lines)).to_string()
}

/// `MTH` of RFC 6962 section 2.1.
fn tree(lines: &[String]) -> [u8; 32] {
    let mut hash = Sha256::new();
    match lines {
        [] => {}
        [line] => {
            hash.update([0]);
            hash.update(line);
        }
        _ => {
            let half = lines.len().next_power_of_two() / 2;
            let (left, right) = lines.split_at_checked(half).unwrap_or((lines, &[]));
            hash.update([1]);
            hash.update(tree(left));
            hash.update(tree(right));
        }
    }
    hash.finalize().into()
}

/// Takes the copy with this root out of what was received: neighbours in the order of arrival. False when no such copy is there.
pub(super) fn take_out(received: &mut Vec<(Uid, Digest)>, wanted: &str, instances: usize) -> bool {
    let mut known = BTreeSet::new();
    let once: Vec<(Uid, Digest)> = received
        .iter()
        .filter(|one| known.insert((*one).clone()))
        .cloned()
        .collect();
    if instances == 0 {
        return root(&[]) == wanted;
    }
    let Some(copy) = once.windows(instances).find(|run| root(run) == wanted) else {
        return false;
    };
    received.retain(|one| !copy.contains(one));
    true
}
