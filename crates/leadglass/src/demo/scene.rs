//! Who is in the second half of the story: patients with their scans, recipients, and how orders are given.

use super::story;
use super::vendors::{AiVendor, recipient};
use crate::clock::SystemClock;
use crate::commands::serve::Running;
use anyhow::{Context as _, Result, bail};
use consent::{Destination, Directive, DirectiveId, Recipient, Says, Scope, Signer};
use model::{Clock as _, Purpose, Redacted, Timestamp, Uid};
use release::Held;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{
    CopyRow, Effect, NewRelease, Ordered, PatientId, PatientIdentity, Release, ReleaseId, ReleaseState, Store,
};
use testkit::vendor::Behaviour;
use testkit::{Encoding, Instance, Modality, Object, Patient, Study};
use tokio::time::Instant;

pub(super) const SCHOOL: &str = "model-school";
pub(super) const UNIVERSITY: &str = "university";
pub(super) const READING_ROOM: &str = "reading-room";
pub(super) const CLINICIAN: &str = "dr.noor";

/// The Issuer of Patient ID (0010,0021) in the scans of the test kit.
const ISSUER: &str = "GLASSHOUSE";
/// How long anything may take before it counts as not happening.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to look.
const LOOK: Duration = Duration::from_millis(40);
/// How long the slow vendor takes over an object.
const SLOW: Duration = Duration::from_millis(150);

/// A patient whose scans are here.
pub(super) struct Person {
    pub(super) patient: Patient,
    pub(super) scans: Vec<Instance>,
    pub(super) study: Uid,
    pub(super) row: PatientId,
}

impl Person {
    pub(super) fn given_name(&self) -> &str {
        self.patient.name.split('^').nth(1).unwrap_or_default()
    }
}

/// Everybody in the story.
pub(super) struct Scene<'a> {
    pub(super) running: &'a Running,
    pub(super) folder: PathBuf,
    pub(super) began: Timestamp,
    /// Whose scans are analysed and then erased; whose account is read.
    pub(super) emmy: Person,
    /// Who says no to AI.
    pub(super) fritz: Person,
    /// Who changes her mind in mid-release.
    pub(super) grace: Person,
    /// Whose scans the bad vendor gets.
    pub(super) henrietta: Person,
    /// Whose scans the bad vendor gets, too; who is brought in as an emergency.
    pub(super) inge: Person,
    /// Whose scans the good vendor may still have.
    pub(super) jose: Person,
    pub(super) good: AiVendor,
    pub(super) slow: AiVendor,
    pub(super) bad: AiVendor,
}

pub(super) fn now() -> Timestamp {
    SystemClock.now()
}

impl<'a> Scene<'a> {
    /// The patients' scans arrive, and the officer writes down who may get copies.
    pub(super) async fn set(running: &'a Running, folder: &Path) -> Result<Self> {
        let person = |number: u64, slices: u32| arrive(running, number, slices);
        let scene = Self {
            running,
            folder: folder.to_owned(),
            began: now(),
            emmy: person(28, 4).await?,
            fritz: person(29, 2).await?,
            grace: person(30, 40).await?,
            henrietta: person(31, 3).await?,
            inge: person(32, 2).await?,
            jose: person(33, 2).await?,
            good: AiVendor::start("lung-ai", "Lung AI", Behaviour::Honest, 1, Duration::ZERO)?,
            slow: AiVendor::start("slow-ai", "Slow AI", Behaviour::Honest, 2, SLOW)?,
            bad: AiVendor::start("hoard-ai", "Hoard AI", Behaviour::OnlyAcks, 3, Duration::ZERO)?,
        };
        let receipts = format!("http://{}{}", running.http, vendor::RECEIPTS_PATH);
        let key = deletion::PublicKey::of_seed(&scene.store().deletion_seed()).to_bytes();
        for vendor in scene.vendors() {
            vendor.desk.trust(&key)?;
            vendor.desk.post_receipts_to(&receipts);
            scene.admit(&vendor.record()?).await?;
        }
        let mut school = recipient(SCHOOL, "Model School", &[Purpose::AiTrain], "vendor", 30)?;
        school.destination = Some(scene.shelf(SCHOOL)?);
        scene.admit(&school).await?;
        let mut university = recipient(UNIVERSITY, "University", &[Purpose::Hresch], "research", 365)?;
        university.destination = Some(scene.shelf(UNIVERSITY)?);
        scene.admit(&university).await?;
        let mut room = recipient(READING_ROOM, "Reading room", &[Purpose::Treat], "original", 1)?;
        (room.inside, room.agreement) = (true, None);
        room.destination = Some(scene.shelf(READING_ROOM)?);
        scene.admit(&room).await?;
        scene
            .store()
            .set_staff(CLINICIAN, Some("clinician"), now())
            .await?;
        Ok(scene)
    }

    pub(super) fn store(&self) -> &Store {
        &self.running.gateway.store
    }

    pub(super) fn people(&self) -> [&Person; 6] {
        [
            &self.emmy,
            &self.fritz,
            &self.grace,
            &self.henrietta,
            &self.inge,
            &self.jose,
        ]
    }

    pub(super) fn vendors(&self) -> [&AiVendor; 3] {
        [&self.good, &self.slow, &self.bad]
    }

    async fn admit(&self, recipient: &Recipient) -> Result<()> {
        recipient.check()?;
        Ok(self.store().set_recipient(recipient, now()).await?)
    }

    /// The folder into which copies for a recipient go.
    pub(super) fn folder_of(&self, recipient: &str) -> PathBuf {
        self.folder.join("recipients").join(recipient)
    }

    fn shelf(&self, recipient: &str) -> Result<Destination> {
        let path = self.folder_of(recipient);
        std::fs::create_dir_all(&path)?;
        Ok(Destination::Folder { path })
    }

    pub(super) async fn order(&self, new: NewRelease) -> Result<Ordered> {
        Ok(self.running.releaser.order(new).await?)
    }

    /// An order that must be permitted, to its end.
    pub(super) async fn deliver(&self, new: NewRelease) -> Result<Release> {
        match self.order(new).await? {
            Ordered::Queued { release, .. } => self.over(release).await,
            Ordered::Denied(denial) => bail!("it was refused: {}", denial.plain()),
            Ordered::NotFound => bail!("no such study is here"),
        }
    }

    /// Waits until a release is over.
    pub(super) async fn over(&self, id: ReleaseId) -> Result<Release> {
        let found = eventually(|| async move {
            let release = self.store().release(id).await?.context("the release is gone")?;
            let open = matches!(release.state, ReleaseState::Queued | ReleaseState::Running);
            Ok((!open).then_some(release))
        });
        found.await?.context("a release does not come to its end")
    }

    /// The copy that a release left outside.
    pub(super) async fn copy(&self, release: &Release) -> Result<CopyRow> {
        let copies = self.store().copies_of(release.patient).await?;
        let copy = copies.into_iter().find(|copy| copy.release == release.id);
        copy.context("no copy was noted")
    }

    /// The copy of a release as its patient is told of it.
    pub(super) async fn told(&self, copy: &CopyRow) -> Result<Held> {
        let told = release::who_has(self.store(), &[copy.patient], false, now()).await?;
        let held = told.into_iter().find(|held| held.number == copy.number);
        held.context("the patient is not told of a copy")
    }

    /// A patient says yes or no, signed, from this moment on.
    pub(super) async fn say(&self, person: &Person, says: Says, scope: Scope) -> Result<Effect> {
        let directive = Directive {
            id: DirectiveId(0),
            says,
            scope,
            recipient: None,
            starts: now(),
            ends: None,
            signed_by: Signer::Patient,
            covers_payment: false,
            after_death: false,
            made_at: now(),
            withdrawn_at: None,
        };
        let recorded = self
            .store()
            .record_directive(identity(&person.patient), directive);
        Ok(recorded.await?)
    }
}

/// An order as the desk would give it.
pub(super) fn new_release(person: &Person, recipient: &str, purpose: Purpose) -> NewRelease {
    NewRelease {
        study: person.study.clone(),
        instances: Vec::new(),
        recipient: recipient.to_owned(),
        purpose,
        retention_days: None,
        origin: "cli".to_owned(),
        ordered_by: "operator".to_owned(),
        emergency: None,
        at: now(),
    }
}

/// Looks again and again until there is something, or patience is at its end.
pub(super) async fn eventually<T, F>(mut look: impl FnMut() -> F) -> Result<Option<T>>
where
    F: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await? {
            return Ok(Some(found));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The sentence of a refusal; None when it was permitted.
pub(super) fn refusal(answer: &Ordered) -> Option<&str> {
    match answer {
        Ordered::Denied(denial) => Some(denial.plain()),
        Ordered::Queued { .. } | Ordered::NotFound => None,
    }
}

fn identity(patient: &Patient) -> PatientIdentity {
    PatientIdentity {
        issuer: Redacted::new(ISSUER.to_owned()),
        id: Redacted::new(patient.id.clone()),
    }
}

async fn arrive(running: &Running, number: u64, slices: u32) -> Result<Person> {
    let patient = Patient::number(number);
    let mut study = Study::new(number, patient.clone(), Modality::Ct, now());
    (study.slices, study.matrix) = (slices, 64);
    let scans: Vec<Instance> = study.instances().collect();
    let objects: Vec<Object> = scans
        .iter()
        .map(|scan| scan.object(Encoding::ExplicitLe))
        .collect();
    let mut scanner = story::association(running, &objects).await?;
    for object in &objects {
        let status = story::send(&mut scanner, object).await?;
        if status != 0 {
            bail!("a scan was not taken: status {status:04x}");
        }
    }
    let _ = scanner.release().await;
    let rows = running.gateway.store.rows_of(&identity(&patient)).await?;
    Ok(Person {
        patient,
        scans,
        study: study.uid(),
        row: rows.first().copied().context("nobody arrived")?,
    })
}
