//! What should be forbidden, kept by the schedule itself from docs/consent.md, without the code that it tests.

use consent::{DirectiveId, Says};
use model::Purpose;

/// A directive as it was given.
struct Given {
    id: DirectiveId,
    says: Says,
    /// None: everything.
    purpose: Option<Purpose>,
    /// By its place in the schedule. None: all.
    recipient: Option<usize>,
    given: u32,
    withdrawn: Option<u32>,
}

/// A recipient as far as it matters for permission.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) purpose: Purpose,
    pub(crate) suspended: bool,
    pub(crate) expired: bool,
    pub(crate) removed: bool,
    pub(crate) profile: &'static str,
}

/// All that bears on a schedule's releases.
pub(crate) struct Wishes {
    count: u32,
    given: Vec<Given>,
    pub(crate) recipients: Vec<Standing>,
    pub(crate) flagged: Vec<bool>,
}

impl Wishes {
    pub(crate) fn new(recipients: Vec<Standing>, studies: usize) -> Self {
        Self {
            count: 0,
            given: Vec::new(),
            recipients,
            flagged: vec![false; studies],
        }
    }

    pub(crate) fn give(
        &mut self,
        id: DirectiveId,
        says: Says,
        purpose: Option<Purpose>,
        recipient: Option<usize>,
    ) {
        self.count += 1;
        self.given.push(Given {
            id,
            says,
            purpose,
            recipient,
            given: self.count,
            withdrawn: None,
        });
    }

    pub(crate) fn withdraw(&mut self, id: DirectiveId) {
        self.count += 1;
        for given in self.given.iter_mut().filter(|given| given.id == id) {
            given.withdrawn = Some(self.count);
        }
    }

    /// Those that can be withdrawn.
    pub(crate) fn standing(&self, says: Says) -> Vec<DirectiveId> {
        let standing = self.given.iter().filter(|given| given.withdrawn.is_none());
        standing
            .filter(|given| given.says == says)
            .map(|given| given.id)
            .collect()
    }

    /// Whether a recipient must not get a study now.
    pub(crate) fn forbids(&self, recipient: usize, study: usize) -> bool {
        let standing = &self.recipients[recipient];
        let analysis = standing.purpose == Purpose::AiAnalysis;
        standing.removed
            || analysis && (standing.suspended || standing.expired || self.flagged[study])
            || self.patient_forbids(standing.purpose, recipient)
    }

    fn patient_forbids(&self, purpose: Purpose, recipient: usize) -> bool {
        let scopes = [Some(purpose), None];
        let scopes = scopes
            .iter()
            .filter(|scope| scope.is_some() || purpose == Purpose::AiAnalysis);
        scopes
            .flat_map(|scope| [(scope, None), (scope, Some(recipient))])
            .any(|(scope, to)| {
                let same = |given: &&Given| given.purpose == *scope && given.recipient == to;
                let group: Vec<&Given> = self.given.iter().filter(same).collect();
                group_forbids(&group, purpose)
            })
    }
}

/// What directives of one scope and one recipient come to.
fn group_forbids(group: &[&Given], purpose: Purpose) -> bool {
    let no = |given: &&&Given| given.says == Says::No && given.withdrawn.is_none();
    let heard = group.iter().filter(|given| given.says == Says::Yes || no(given));
    let counting = heard
        .max_by_key(|given| given.given)
        .filter(|newest| newest.says == Says::Yes && newest.withdrawn.is_none());
    let said_no = counting.is_none() && group.iter().any(|given| no(&given));
    let took_back = purpose == Purpose::AiAnalysis
        && group
            .iter()
            .filter(|given| given.says == Says::Yes)
            .filter_map(|given| given.withdrawn)
            .any(|at| counting.is_none_or(|yes| yes.given < at));
    said_no || took_back
}
