//! What is proposed to a recipient.

use crate::{Proposal, Request, Timeouts};
use model::{AeTitle, Uid};
use std::collections::BTreeSet;

/// So many presentation contexts fit an association (PS3.8 section 9.3.2.2: odd numbers of one byte).
const CONTEXTS: usize = 128;

/// Requests for as many associations as the contexts need: one, but for consignments of very many SOP classes. A class with
/// all its transfer syntaxes stays on one association, as far as it fits.
pub(super) fn requests(
    calling: &AeTitle,
    called: &AeTitle,
    timeouts: &Timeouts,
    classes: &[(Uid, Vec<Uid>)],
    commitment: bool,
) -> Vec<Request> {
    let room = CONTEXTS - usize::from(commitment);
    let mut associations: Vec<Vec<Proposal>> = Vec::new();
    let mut seen = BTreeSet::new();
    for (sop_class, transfer_syntaxes) in classes {
        let fresh: Vec<Proposal> = transfer_syntaxes
            .iter()
            .filter(|transfer_syntax| seen.insert((sop_class, *transfer_syntax)))
            .map(|transfer_syntax| Proposal::object(sop_class, transfer_syntax))
            .collect();
        for piece in fresh.chunks(room) {
            match associations.last_mut() {
                Some(last) if last.len() + piece.len() <= room => last.extend_from_slice(piece),
                _ => associations.push(piece.to_vec()),
            }
        }
    }
    associations
        .into_iter()
        .map(|proposals| Request {
            verification: false,
            commitment,
            timeouts: timeouts.clone(),
            ..Request::new(calling.clone(), called.clone(), proposals)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_in_each_transfer_syntax_is_proposed_once_and_no_association_is_overfull() {
        let uid = |text: String| Uid::new(&text).unwrap();
        let syntaxes: Vec<Uid> = (1..4).map(|n| uid(format!("1.2.{n}"))).collect();
        let mut classes: Vec<_> = (0..100)
            .map(|n| (uid(format!("1.3.{n}")), syntaxes.clone()))
            .collect();
        classes.push((uid("1.3.7".into()), syntaxes.clone()));
        let title = AeTitle::new("A").unwrap();
        let requests = requests(&title, &title, &Timeouts::default(), &classes, false);
        assert_eq!(requests.len(), 3);
        assert!(requests.iter().all(|request| request.proposals.len() <= 128));
        let all: BTreeSet<_> = requests
            .iter()
            .flat_map(|request| &request.proposals)
            .map(|proposal| {
                assert_eq!(proposal.transfer_syntaxes.len(), 1);
                (&proposal.sop_class, &proposal.transfer_syntaxes[0])
            })
            .collect();
        assert_eq!(all.len(), 300);
        let total: usize = requests.iter().map(|request| request.proposals.len()).sum();
        assert_eq!(total, 300);
    }
}
