//! One schedule: a patient, their studies, a few recipients, and what happens to them.

use crate::figures::Figures;
use crate::judge;
use crate::recipients::{Manner, Recipient};
use crate::site::{Site, now};
use crate::wishes::{Standing, Wishes};
use consent::{Agreement, AgreementKind, Destination, Directive, DirectiveId, Says, Scope, Signer};
use model::{Purpose, RecipientId, Redacted, Uid};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{NewRelease, Ordered, PatientIdentity, ReleaseId, ReleaseState};
use testkit::{Patient, Random};
use tokio::time::sleep;

/// A release must have come to its end within this time after the last event, once every recipient takes what it gets.
const TO_THE_END: Duration = Duration::from_secs(20);
/// What must not arrive later than a second after a revocation would by then.
const QUIET: Duration = Duration::from_millis(1300);

/// A release that was queued.
pub(crate) struct Ongoing {
    pub(crate) id: ReleaseId,
    pub(crate) recipient: usize,
    pub(crate) study: usize,
    profile: &'static str,
    /// When the commit that forbade it was answered.
    pub(crate) stopped: Option<Instant>,
}

/// A time in which a recipient must not get a study.
pub(crate) struct Closed {
    pub(crate) recipient: usize,
    pub(crate) study: usize,
    pub(crate) from: Instant,
    pub(crate) to: Option<Instant>,
}

pub(crate) struct Schedule<'a> {
    pub(crate) site: &'a Site,
    random: Random,
    identity: PatientIdentity,
    studies: Vec<Uid>,
    names: Vec<RecipientId>,
    pub(crate) recipients: Vec<Arc<Recipient>>,
    wishes: Wishes,
    pub(crate) ongoing: Vec<Ongoing>,
    pub(crate) closed: Vec<Closed>,
    pub(crate) figures: Figures,
}

/// Plays one, and judges it.
pub(crate) async fn play(site: &Site, seed: u64, number: u64) -> Figures {
    let mut schedule = Schedule::begin(site, seed, number).await;
    schedule.happen().await;
    let stuck = schedule.come_to_rest().await;
    let mut violations = judge::judge(&mut schedule).await;
    violations.extend(stuck);
    let mut figures = schedule.figures;
    figures.schedules = 1;
    let all = std::mem::take(&mut figures.violations)
        .into_iter()
        .chain(violations);
    figures.violations = all
        .map(|violation| format!("seed {seed}, schedule {number}: {violation}"))
        .collect();
    figures
}

impl<'a> Schedule<'a> {
    async fn begin(site: &'a Site, seed: u64, number: u64) -> Self {
        let mut random = Random::new(seed, &[1, number]);
        let mut patient = Patient::number(number);
        "19700101".clone_into(&mut patient.birth_date);
        let mut studies = Vec::new();
        for _ in 0..=random.below(2) {
            let slices = 1 + random.below(2) as u32;
            studies.push(site.study(random.next_u64(), &patient, slices + 1).await);
        }
        let (mut names, mut recipients, mut standing) = (Vec::new(), Vec::new(), Vec::new());
        for place in 0..=random.below(3) {
            let name: RecipientId = format!("r{number}-{place}").parse().unwrap();
            let analysis = random.below(3) == 0;
            let known = Standing {
                purpose: if analysis {
                    Purpose::AiAnalysis
                } else {
                    Purpose::Treat
                },
                suspended: false,
                expired: false,
                removed: false,
                profile: if analysis { "vendor" } else { "original" },
            };
            site.store
                .set_recipient(&record(&name, &known), now())
                .await
                .unwrap();
            let manner = manner(&mut random);
            let path = [2, number, place];
            let recipient = Arc::new(Recipient::new(manner, Random::new(seed, &path)));
            site.town.settle(name.as_str(), Arc::clone(&recipient));
            names.push(name);
            recipients.push(recipient);
            standing.push(known);
        }
        Self {
            site,
            identity: PatientIdentity {
                // As the drawn scans name it (0010,0021): another issuer would be another patient, whose yes says nothing.
                issuer: Redacted::new("GLASSHOUSE".to_owned()),
                id: Redacted::new(patient.id),
            },
            wishes: Wishes::new(standing, studies.len()),
            random,
            studies,
            names,
            recipients,
            ongoing: Vec::new(),
            closed: Vec::new(),
            figures: Figures::default(),
        }
    }

    fn chance(&mut self, of: usize) -> usize {
        self.random.below(of as u64) as usize
    }

    /// The events, one after another.
    async fn happen(&mut self) {
        let events = 6 + self.chance(10);
        self.order().await;
        for _ in 0..events {
            // At least a few milliseconds, since of two directives of the same one the order is by number.
            let pause = match self.chance(4) {
                0 => 3 + self.random.below(10),
                _ => 10 + self.random.below(300),
            };
            sleep(Duration::from_millis(pause)).await;
            self.event().await;
        }
    }

    async fn event(&mut self) {
        let kind = self.chance(100);
        if kind < 34 {
            return self.order().await;
        }
        if kind < 40 {
            return self.cancel().await;
        }
        let before: Vec<bool> = self.forbidden();
        let began = Instant::now();
        let what = match kind {
            40..56 => self.say(Says::No).await,
            56..66 => self.withdraw(Says::No).await,
            66..73 => self.say(Says::Yes).await,
            73..80 => self.withdraw(Says::Yes).await,
            80..86 => self.suspend().await,
            86..92 => self.flag().await,
            _ => self.agreement().await,
        };
        let done = Instant::now();
        self.draw_lines(what, &before, began, done);
    }

    /// Every study for every recipient: whether it must not go.
    fn forbidden(&self) -> Vec<bool> {
        let pairs = (0..self.names.len()).flat_map(|r| (0..self.studies.len()).map(move |s| (r, s)));
        pairs.map(|(r, s)| self.wishes.forbids(r, s)).collect()
    }

    /// Notes what an event forbade and what it allowed.
    fn draw_lines(&mut self, profile_of: Option<usize>, before: &[bool], began: Instant, done: Instant) {
        let after = self.forbidden();
        let mut forbade = false;
        for (place, (was, is)) in before.iter().zip(&after).enumerate() {
            let (recipient, study) = (place / self.studies.len(), place % self.studies.len());
            if !was && *is {
                forbade = true;
                self.closed.push(Closed {
                    recipient,
                    study,
                    from: done,
                    to: None,
                });
            } else if *was && !is {
                let open = |closed: &&mut Closed| {
                    closed.to.is_none() && (closed.recipient, closed.study) == (recipient, study)
                };
                for closed in self.closed.iter_mut().filter(open) {
                    closed.to = Some(began);
                }
            }
        }
        for release in &mut self.ongoing {
            let place = release.recipient * self.studies.len() + release.study;
            let changed = profile_of == Some(release.recipient)
                && self.wishes.recipients[release.recipient].profile != release.profile;
            if release.stopped.is_none() && (after[place] || changed) {
                release.stopped = Some(done);
                forbade |= changed;
            }
        }
        self.figures.revocations += u64::from(forbade);
    }

    async fn order(&mut self) {
        let (recipient, study) = (self.chance(self.names.len()), self.chance(self.studies.len()));
        let standing = self.wishes.recipients[recipient].clone();
        let new = NewRelease {
            study: self.studies[study].clone(),
            instances: Vec::new(),
            recipient: self.names[recipient].as_str().to_owned(),
            purpose: standing.purpose,
            retention_days: None,
            origin: "cli".to_owned(),
            ordered_by: "operator".to_owned(),
            emergency: None,
            at: now(),
        };
        self.figures.orders += 1;
        let forbidden = self.wishes.forbids(recipient, study);
        match self.site.store.order(new).await.unwrap() {
            Ordered::Queued { release, .. } => {
                if forbidden {
                    let violation = format!("release {release} was permitted though it is forbidden");
                    self.figures.violations.push(violation);
                }
                self.ongoing.push(Ongoing {
                    id: release,
                    recipient,
                    study,
                    profile: standing.profile,
                    stopped: None,
                });
            }
            Ordered::Denied(denial) => {
                self.figures.refused += 1;
                if !forbidden {
                    let violation = format!(
                        "an order was refused though nothing forbids it: {}",
                        denial.plain()
                    );
                    self.figures.violations.push(violation);
                }
            }
            Ordered::NotFound => self.figures.violations.push("a study is not found".to_owned()),
        }
    }

    async fn cancel(&mut self) {
        if self.ongoing.is_empty() {
            return;
        }
        let place = self.chance(self.ongoing.len());
        let release = self.ongoing[place].id;
        let cancelled = self
            .site
            .store
            .cancel_release(release, "not needed".to_owned(), now());
        if cancelled.await.unwrap() {
            let release = &mut self.ongoing[place];
            release.stopped = release.stopped.or(Some(Instant::now()));
        }
    }

    async fn say(&mut self, says: Says) -> Option<usize> {
        let about = self.chance(self.names.len());
        let mut purpose = Some(self.wishes.recipients[about].purpose);
        if says == Says::Yes {
            purpose = Some(Purpose::AiAnalysis);
        } else if self.chance(5) == 0 {
            purpose = None;
        }
        let recipient = (self.chance(2) == 0).then_some(about);
        let directive = Directive {
            id: DirectiveId(0),
            says,
            scope: purpose.map_or(Scope::Everything, Scope::Purpose),
            recipient: recipient.map(|place| self.names[place].clone()),
            starts: now(),
            ends: None,
            signed_by: Signer::Patient,
            covers_payment: false,
            after_death: false,
            made_at: now(),
            withdrawn_at: None,
        };
        let recorded = self.site.store.record_directive(self.identity.clone(), directive);
        let id = recorded.await.unwrap().directive.unwrap();
        self.wishes.give(id, says, purpose, recipient);
        None
    }

    async fn withdraw(&mut self, says: Says) -> Option<usize> {
        let standing = self.wishes.standing(says);
        if let Some(id) = standing.get(self.chance(standing.len().max(1))) {
            self.site
                .store
                .withdraw_directive(*id, now())
                .await
                .unwrap()
                .unwrap();
            self.wishes.withdraw(*id);
        }
        None
    }

    async fn suspend(&mut self) -> Option<usize> {
        let place = self.chance(self.names.len());
        let suspended = &mut self.wishes.recipients[place].suspended;
        let why = (!*suspended).then_some("under inquiry");
        self.site
            .store
            .suspend_recipient(&self.names[place], why, now())
            .await
            .unwrap();
        *suspended = !*suspended;
        None
    }

    async fn flag(&mut self) -> Option<usize> {
        let place = self.chance(self.studies.len());
        let (study, by) = (self.studies[place].clone(), "officer".to_owned());
        let flagged = &mut self.wishes.flagged[place];
        if *flagged {
            self.site.store.clear_flags(study, by, now()).await.unwrap();
        } else {
            let reason = "not this patient's".to_owned();
            let flagging = self.site.store.flag_study(study, reason, by, now());
            flagging.await.unwrap().unwrap();
        }
        *flagged = !*flagged;
        None
    }

    /// The agreement runs out or is renewed, changes its profile, or the recipient is struck off or comes back.
    async fn agreement(&mut self) -> Option<usize> {
        let place = self.chance(self.names.len());
        let mut changed = self.wishes.recipients[place].clone();
        match self.chance(3) {
            _ if changed.removed => changed.removed = false,
            0 => changed.removed = true,
            1 if changed.purpose == Purpose::AiAnalysis => {
                changed.profile = if changed.profile == "vendor" {
                    "basic"
                } else {
                    "vendor"
                };
            }
            _ => changed.expired = !changed.expired,
        }
        let name = &self.names[place];
        let store = &self.site.store;
        if changed.removed {
            store.remove_recipient(name, now()).await.unwrap();
        } else {
            store.set_recipient(&record(name, &changed), now()).await.unwrap();
        }
        self.wishes.recipients[place] = changed;
        Some(place)
    }

    /// Lets every recipient take what it gets, and waits until nothing is under way. Gives what did not end.
    async fn come_to_rest(&mut self) -> Vec<String> {
        let last = Instant::now();
        for recipient in &self.recipients {
            recipient.calm_down();
        }
        // A recipient that was struck off has nothing open: all of its releases were stopped.
        loop {
            let stuck = self.unfinished().await;
            let over = last.elapsed() >= TO_THE_END;
            if (stuck.is_empty() && last.elapsed() >= QUIET) || over {
                return stuck;
            }
            sleep(Duration::from_millis(150)).await;
        }
    }

    async fn unfinished(&self) -> Vec<String> {
        let mut stuck = Vec::new();
        for ongoing in &self.ongoing {
            let row = self.site.store.release(ongoing.id).await.unwrap().unwrap();
            if matches!(row.state, ReleaseState::Queued | ReleaseState::Running) {
                stuck.push(format!(
                    "release {} is stuck: {} {:?}",
                    row.id, row.state, row.reason
                ));
                continue;
            }
            let counts = self.site.store.attempt_counts(ongoing.id).await.unwrap();
            if counts.intended > 0 {
                stuck.push(format!("release {} ({}) has intended rows", row.id, row.state));
            }
        }
        stuck
    }
}

fn manner(random: &mut Random) -> Manner {
    let reliable = Manner {
        cannot_be_reached: 0,
        refuses: 0,
        dies_before: 0,
        falls_silent: 0,
        answers_late: 0,
        quickest: 0,
        slowest: 4,
    };
    match random.below(3) {
        0 => reliable,
        1 => Manner {
            answers_late: 15,
            quickest: 5,
            slowest: 300,
            ..reliable
        },
        _ => Manner {
            cannot_be_reached: 25,
            refuses: 8,
            dies_before: 15,
            falls_silent: 15,
            answers_late: 20,
            slowest: 80,
            ..reliable
        },
    }
}

fn record(name: &RecipientId, standing: &Standing) -> consent::Recipient {
    let analysis = standing.purpose == Purpose::AiAnalysis;
    let expired = standing.expired.then(|| "2026-01-02".parse().unwrap());
    consent::Recipient {
        id: name.clone(),
        name: name.as_str().to_owned(),
        address: None,
        contact: None,
        inside: !analysis,
        destination: Some(Destination::Folder {
            path: "/nowhere".into(),
        }),
        deletion: None,
        receipt_key: None,
        agreement: analysis.then(|| Agreement {
            kind: AgreementKind::Baa,
            signed_on: "2026-01-01".parse().unwrap(),
            expires: expired,
            purposes: vec![Purpose::AiAnalysis],
            retention_days: Some(30),
            may_train: false,
            paid: false,
            storage_place: "Ireland".to_owned(),
            subprocessors: Vec::new(),
            profile: standing.profile.to_owned(),
            breach_notice_hours: None,
        }),
    }
}
