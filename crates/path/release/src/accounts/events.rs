//! Rows of the ledger as events of an account.

use super::lookup::{self, Lookup};
use super::{AccountOf, sentences};
use consent::{AgreementKind, Directive, DirectiveId, Says, Scope, Signer};
use disclosure::{Basis, Counts, Event, Identity, Kind, Why};
use model::{Purpose, Timestamp};
use std::collections::{HashMap, HashSet};
use store::{CopyRow, DenialRow, GlassRow, PatientId, PieceState, Release, ReleaseState, Store};

/// Events as they are gathered.
pub(crate) struct Events<'a> {
    pub(super) store: &'a Store,
    pub(super) lookup: &'a Lookup,
    asked: &'a AccountOf<'a>,
    events: Vec<Event>,
    /// Directives that were listed: those of another row of the same person come up again.
    listed: HashSet<DirectiveId>,
}

impl<'a> Events<'a> {
    pub(crate) fn new(store: &'a Store, lookup: &'a Lookup, asked: &'a AccountOf<'a>) -> Self {
        Self {
            store,
            lookup,
            asked,
            events: Vec::new(),
            listed: HashSet::new(),
        }
    }

    pub(crate) fn finish(self) -> Vec<Event> {
        self.events
    }

    /// Adds all that happened to the scans of one row.
    pub(crate) async fn add(&mut self, patient: PatientId) -> store::Result<()> {
        let directives = self.store.directives_of(patient).await?;
        let copies = self.store.copies_of(patient).await?;
        let by_release: HashMap<_, _> = copies.iter().map(|copy| (copy.release, copy)).collect();
        for release in self.store.releases_of(patient).await? {
            let copy = by_release.get(&release.id).copied();
            let event = self.release(&release, copy, &directives).await?;
            self.push(patient, event);
        }
        for copy in &copies {
            self.deletions(patient, copy).await?;
        }
        for denial in self.store.denials_of(patient).await? {
            let event = self.denial(&denial, &directives);
            self.push(patient, event);
        }
        for used in self.store.break_glass_of(patient).await? {
            let event = self.glass(&used).await?;
            self.push(patient, event);
        }
        for access in self.store.accesses_of(patient).await? {
            let event = self.access(&access).await?;
            self.push(patient, event);
        }
        for flag in self.store.flags_of(patient).await? {
            let mut event = Event::new(
                self.lookup
                    .name(&format!("flag of {}", flag.study), flag.at.millis()),
                flag.at,
                Kind::Flag,
            );
            event.study = Some(self.lookup.study(&flag.study));
            let said = if flag.open {
                sentences::FLAG_OPEN
            } else {
                sentences::FLAG_CLEARED
            };
            event.reasons.push(said.in_language(self.asked.language));
            self.push(patient, event);
        }
        let entries = self.store.directive_entries(patient).await?;
        for directive in &directives {
            if self.listed.insert(directive.id) {
                self.directive(patient, directive, entries.get(&directive.id).copied());
            }
        }
        Ok(())
    }

    /// Takes an event in; what the patient must not be told of yet does not even get here.
    fn push(&mut self, patient: PatientId, mut event: Event) {
        if let Some(party) = &event.recipient {
            event.suspension = self.lookup.suspension(patient, &party.id).cloned();
        }
        let now = self.asked.now;
        let hidden = event
            .suspension
            .as_ref()
            .is_some_and(|suspension| suspension.is_active(now));
        if self.asked.officer || !hidden {
            self.events.push(event);
        }
    }

    pub(super) async fn release(
        &self,
        release: &Release,
        copy: Option<&CopyRow>,
        directives: &[Directive],
    ) -> store::Result<Event> {
        let recipient = release.recipient.as_str();
        let language = self.asked.language;
        // The day of a disclosure is that on which it went, not that on which it was ordered.
        let at = copy.map_or(release.made_at, |copy| copy.released_at);
        let mut event = Event::new(
            self.lookup.name("release", release.id.number()),
            at,
            Kind::Release,
        );
        event.instances = self.counts(release).await?;
        let open = matches!(release.state, ReleaseState::Queued | ReleaseState::Running);
        if open || event.gave_something() {
            let (policy, said) = sentences::permitted(release.purpose);
            event.policies.push(policy.to_owned());
            event.reasons.push(said.in_language(language));
        }
        let ended = matches!(
            release.state,
            ReleaseState::Cancelled | ReleaseState::Denied | ReleaseState::Withheld
        );
        if ended || self.asked.officer {
            event.reasons.extend(release.reason.clone());
        }
        let yes = standing_yes(directives, release.purpose, recipient, release.made_at);
        event.directive = yes.map(|yes| self.lookup.name("directive", yes.id.0));
        event.basis = self.basis(release, yes.is_some());
        event.agreement = self.agreement(recipient, release.purpose);
        event.recipient = Some(self.lookup.party(recipient));
        event.who = Some(release.ordered_by.clone());
        event.purpose = Some(Why::Purpose(release.purpose));
        event.study = Some(self.lookup.study(&release.study));
        event.profile = Some(release.profile.clone());
        event.copy = copy.map(lookup::outside);
        event.log_index = Some(release.log_index);
        Ok(event)
    }

    /// Instance by instance. One that is being sent now may arrive, whatever becomes of this process.
    async fn counts(&self, release: &Release) -> store::Result<Counts> {
        let counted = self.store.attempt_counts(release.id).await?;
        let unknown = counted.unknown + counted.intended;
        let rest = counted.asked.saturating_sub(counted.sent + unknown);
        let open = matches!(release.state, ReleaseState::Queued | ReleaseState::Running);
        let waiting = if open && rest > 0 {
            let pieces = self.store.pieces(release.id).await?;
            let over = |state| matches!(state, PieceState::Refused | PieceState::Withheld);
            let over = pieces.iter().filter(|piece| over(piece.state)).count() as u64;
            rest.saturating_sub(over)
        } else {
            0
        };
        Ok(Counts {
            asked: counted.asked,
            sent: counted.sent,
            not_sent: rest - waiting,
            unknown,
            intended: waiting,
        })
    }

    /// Whether the law wants it accounted for. In doubt it does: a profile counts as de-identified only where it follows
    /// the list of 45 CFR 164.514(b)(2), and as a limited data set only under an agreement for one.
    fn basis(&self, release: &Release, signed: bool) -> Basis {
        let recipient = self.lookup.recipient(release.recipient.as_str());
        let agreement = recipient.and_then(|recipient| recipient.agreement.as_ref());
        let identity = match release.profile.as_str() {
            "original" => Identity::Identified,
            "safe-harbor" => Identity::Removed,
            _ if agreement.is_some_and(|agreement| agreement.kind == AgreementKind::Dua) => Identity::Limited,
            _ => Identity::Identified,
        };
        let inside = recipient.is_some_and(|recipient| recipient.inside);
        Basis::of(&Why::Purpose(release.purpose), inside, identity, signed)
    }

    fn agreement(&self, recipient: &str, purpose: Purpose) -> Option<String> {
        let agreement = self.lookup.recipient(recipient)?.agreement.as_ref()?;
        if !agreement.purposes.contains(&purpose) {
            return None;
        }
        let kind = match agreement.kind {
            AgreementKind::Baa => "baa",
            AgreementKind::Dua => "dua",
            AgreementKind::Contract => "contract",
            AgreementKind::Order => "order",
        };
        Some(format!("{recipient}-{kind}-{}", agreement.signed_on))
    }

    async fn deletions(&mut self, patient: PatientId, copy: &CopyRow) -> store::Result<()> {
        let language = self.asked.language;
        let event = |id: String, at, said: String, state| {
            let mut event = Event::new(id, at, Kind::Deletion);
            event.recipient = Some(self.lookup.party(copy.recipient.as_str()));
            event.purpose = Some(Why::Purpose(copy.purpose));
            event.study = Some(self.lookup.study(&copy.study));
            event.reasons.push(said);
            event.copy = Some(disclosure::OutsideCopy {
                state,
                receipt_at: None,
                // What was said then; whether the copy is late now, its release says.
                due: None,
                ..lookup::outside(copy)
            });
            event
        };
        let mut events = Vec::new();
        if let Some(at) = copy.requested_at {
            let id = self.lookup.name("deletion-request", copy.number);
            let said = sentences::ASKED_BACK.in_language(language);
            events.push(event(id, at, said, disclosure::CopyState::Requested));
        }
        for (number, receipt) in (0_i64..).zip(self.store.receipts_of(copy.number).await?) {
            let state = lookup::receipt(&receipt.kind);
            let said = match state {
                disclosure::CopyState::Erased => sentences::ERASED,
                disclosure::CopyState::Partial => sentences::PARTIAL,
                disclosure::CopyState::Refused => sentences::REFUSED,
                _ => sentences::ACKNOWLEDGED,
            };
            let id = self.lookup.name(&format!("receipt of {}", copy.number), number);
            let mut told = event(id, receipt.received_at, said.in_language(language), state);
            if let Some(copy) = &mut told.copy {
                copy.receipt_at = Some(receipt.received_at);
            }
            events.push(told);
        }
        for event in events {
            self.push(patient, event);
        }
        Ok(())
    }

    pub(super) fn denial(&self, denial: &DenialRow, directives: &[Directive]) -> Event {
        let mut event = Event::new(
            self.lookup.name("denial", denial.number),
            denial.made_at,
            Kind::Denial,
        );
        event.recipient = Some(self.lookup.party(&denial.recipient));
        event.purpose = Some(Why::Purpose(denial.purpose));
        event.study = Some(self.lookup.study(&denial.study));
        event.reasons.push(denial.reason.clone());
        event.policies = denial
            .policies
            .split(',')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        if event.policies.iter().any(|policy| policy == "patient-said-no") {
            let no = standing_no(directives, denial);
            event.directive = no.map(|no| self.lookup.name("directive", no.id.0));
        }
        event.log_index = Some(denial.log_index);
        event
    }

    pub(super) async fn glass(&self, used: &GlassRow) -> store::Result<Event> {
        let language = self.asked.language;
        let mut event = Event::new(
            self.lookup.name("break-glass", used.number),
            used.made_at,
            Kind::BreakGlass,
        );
        let reason = self.store.break_glass_reason(used).await?;
        event.reasons.push(sentences::given(reason.reveal(), language));
        match &used.review {
            None => event.reasons.push(sentences::GLASS_OPEN.in_language(language)),
            Some((_, _, finding)) => {
                event
                    .reasons
                    .push(sentences::GLASS_REVIEWED.in_language(language));
                if self.asked.officer {
                    event.reasons.push(finding.clone());
                }
            }
        }
        event.who = Some(used.staff.clone());
        event.purpose = Some(Why::Purpose(Purpose::Btg));
        event.study = Some(self.lookup.study(&used.study));
        // Its copies are those of the release that it led to.
        event.basis = Basis::Operations;
        Ok(event)
    }

    pub(super) fn directive(&mut self, patient: PatientId, directive: &Directive, log_index: Option<u64>) {
        let said = sentences::directive(directive, self.asked.language);
        let who = match &directive.signed_by {
            Signer::Patient | Signer::Nobody => None,
            Signer::Guardian { name } => Some(name.clone()),
        };
        let purpose = match directive.scope {
            Scope::Purpose(purpose) => Some(Why::Purpose(purpose)),
            Scope::Everything => None,
        };
        let name = self.lookup.name("directive", directive.id.0);
        let event = |id: String, at, kind| {
            let mut event = Event::new(id, at, kind);
            event.who.clone_from(&who);
            event.purpose.clone_from(&purpose);
            event.reasons.push(said.clone());
            event.directive = Some(name.clone());
            event
        };
        let mut recorded = event(name.clone(), directive.made_at, Kind::Directive);
        recorded.log_index = log_index;
        let withdrawn = directive.withdrawn_at.map(|at| {
            let id = self.lookup.name("withdrawal", directive.id.0);
            event(id, at, Kind::Withdrawal)
        });
        self.push(patient, recorded);
        if let Some(withdrawn) = withdrawn {
            self.push(patient, withdrawn);
        }
    }
}

/// True when a directive was in force at a moment.
fn stood(directive: &Directive, at: Timestamp) -> bool {
    directive.made_at <= at
        && directive.starts <= at
        && directive.ends.is_none_or(|end| at < end)
        && directive.withdrawn_at.is_none_or(|withdrawn| at < withdrawn)
}

/// The newest signed yes that covered an order when it was given.
fn standing_yes<'d>(
    directives: &'d [Directive],
    purpose: Purpose,
    recipient: &str,
    at: Timestamp,
) -> Option<&'d Directive> {
    directives
        .iter()
        .filter(|it| it.says == Says::Yes && it.scope == Scope::Purpose(purpose) && stood(it, at))
        .filter(|it| it.signed_by != Signer::Nobody)
        .filter(|it| it.recipient.as_ref().is_none_or(|id| id.as_str() == recipient))
        .max_by_key(|it| (it.made_at, it.id))
}

/// The newest no that stood against what was denied.
fn standing_no<'d>(directives: &'d [Directive], denial: &DenialRow) -> Option<&'d Directive> {
    let recipient = model::RecipientId::new(&denial.recipient).ok()?;
    directives
        .iter()
        .filter(|it| it.says == Says::No && stood(it, denial.made_at))
        .filter(|it| it.covers(denial.purpose, &recipient))
        .max_by_key(|it| (it.made_at, it.id))
}
