//! The store, to search: the index narrows down what it can by tokens, the rest is matched after decrypting.

use crate::cipher::Context;
use crate::group::Patient;
use crate::index::{Candidate, Page, StudyFilter};
use crate::sealed::{self, SealedStudy};
use crate::store::Store;
use crate::{Error, InstanceQuery, PatientId, Result, SeriesQuery, StudyQuery, wildcard};
use model::{Redacted, Timestamp, Uid};
use std::collections::HashMap;

/// A study that a query found.
#[derive(Clone, Debug)]
pub struct StudyMatch {
    /// Study Instance UID.
    pub study_instance_uid: Uid,
    /// Whose it is.
    pub patient: PatientId,
    /// Patient-level attributes, JSON text as it was given.
    pub patient_attributes: Redacted<String>,
    /// Study-level attributes, JSON text as it was given.
    pub study_attributes: Redacted<String>,
    /// The modalities of its series, each once.
    pub modalities: Vec<String>,
    /// Number of its series.
    pub series: u64,
    /// Number of its instances.
    pub instances: u64,
    /// When the first of them came.
    pub received_at: Timestamp,
}

/// A series that a query found.
#[derive(Clone, Debug)]
pub struct SeriesMatch {
    /// Series Instance UID.
    pub series_instance_uid: Uid,
    /// The study it is in.
    pub study_instance_uid: Uid,
    /// Modality.
    pub modality: String,
    /// Whose it is.
    pub patient: PatientId,
    /// Series-level attributes, JSON text as it was given.
    pub attributes: Redacted<String>,
    /// Number of its instances.
    pub instances: u64,
}

/// An instance that a query found.
#[derive(Clone, Debug)]
pub struct InstanceMatch {
    /// SOP Instance UID.
    pub sop_instance_uid: Uid,
    /// SOP Class UID.
    pub sop_class_uid: Uid,
    /// The series it is in.
    pub series_instance_uid: Uid,
    /// The study it is in.
    pub study_instance_uid: Uid,
    /// Whose it is.
    pub patient: PatientId,
    /// Instance-level attributes, JSON text as it was given.
    pub attributes: Redacted<String>,
}

/// Days that are looked up by their tokens; a longer range is filtered after decrypting.
const DAYS: usize = 400;

impl Store {
    /// Looks for studies, the newest first. Those of erased patients are not found.
    pub async fn find_studies(&self, query: &StudyQuery) -> Result<Vec<StudyMatch>> {
        let filter = self.study_filter(query);
        let wanted = Wanted::new(query);
        let mut opener = Opener::new(self);
        let mut window = Window::new(query.limit, query.offset);
        let mut found = Vec::new();
        let mut before = i64::MAX;
        'pages: loop {
            let page = self.index().find_studies(&filter, before).await?;
            for row in &page.rows {
                let study = SealedStudy::decode(opener.open(row, sealed::STUDY)?.as_bytes())?;
                if !wanted.has(&study) {
                    continue;
                }
                match window.next() {
                    Turn::Skip => {}
                    Turn::Stop => break 'pages,
                    Turn::Take => {
                        let totals = self.index().study_totals(row.id).await?;
                        found.push(StudyMatch {
                            study_instance_uid: row.uid.clone(),
                            patient: row.patient.id,
                            patient_attributes: Redacted::new(study.patient),
                            study_attributes: Redacted::new(study.study),
                            modalities: totals.modalities,
                            series: totals.series,
                            instances: totals.instances,
                            received_at: row.received_at,
                        });
                    }
                }
            }
            match page.next {
                Some(next) => before = next,
                None => break,
            }
        }
        Ok(found)
    }

    /// Looks for series, in the order in which they came.
    pub async fn find_series(&self, query: &SeriesQuery) -> Result<Vec<SeriesMatch>> {
        let mut opener = Opener::new(self);
        let mut window = Window::new(query.limit, query.offset);
        let mut found = Vec::new();
        let mut after = 0;
        loop {
            let page = self.index().find_series(query, after).await?;
            for row in window.cut(&page) {
                found.push(SeriesMatch {
                    series_instance_uid: row.uid.clone(),
                    study_instance_uid: row.study_uid.clone(),
                    modality: row.detail.clone(),
                    patient: row.patient.id,
                    attributes: Redacted::new(opener.open(row, sealed::SERIES)?),
                    instances: self.index().series_instances(row.id).await?,
                });
            }
            match page.next.filter(|_| !window.is_full()) {
                Some(next) => after = next,
                None => return Ok(found),
            }
        }
    }

    /// Looks for instances, in the order in which they came.
    pub async fn find_instances(&self, query: &InstanceQuery) -> Result<Vec<InstanceMatch>> {
        let mut opener = Opener::new(self);
        let mut window = Window::new(query.limit, query.offset);
        let mut found = Vec::new();
        let mut after = 0;
        loop {
            let page = self.index().find_instances(query, after).await?;
            for row in window.cut(&page) {
                let damaged = Error::Corrupt("a row of the index");
                found.push(InstanceMatch {
                    sop_instance_uid: row.uid.clone(),
                    sop_class_uid: row.sop_class.clone().ok_or(damaged.clone())?,
                    series_instance_uid: Uid::new(&row.detail).map_err(|_| damaged)?,
                    study_instance_uid: row.study_uid.clone(),
                    patient: row.patient.id,
                    attributes: Redacted::new(opener.open(row, sealed::INSTANCE)?),
                });
            }
            match page.next.filter(|_| !window.is_full()) {
                Some(next) => after = next,
                None => return Ok(found),
            }
        }
    }

    /// What the index can match by itself; it may find too much, never too little.
    fn study_filter(&self, query: &StudyQuery) -> StudyFilter {
        let exact = |text: &Option<Redacted<String>>| {
            text.as_ref()
                .map(|text| text.reveal().trim().to_owned())
                .filter(|text| !wildcard::is_wild(text))
        };
        StudyFilter {
            uids: query.study_instance_uids.clone(),
            patient: query.patient.map(|patient| patient.0),
            id_token: exact(&query.patient_id).map(|id| self.keys().patient_id(&id)),
            accession_token: exact(&query.accession_number)
                .map(|number| self.keys().accession_number(&number)),
            date_tokens: days(query).map(|days| days.iter().map(|day| self.keys().study_date(day)).collect()),
            modality: query.modality.clone(),
        }
    }
}

/// The days of a closed range that is not long, each as YYYYMMDD. The calendar is taken loosely: days that no month has
/// match nothing.
fn days(query: &StudyQuery) -> Option<Vec<String>> {
    let number = |date: &Option<String>| date.as_ref().filter(|date| date.len() == 8)?.parse::<u32>().ok();
    let (from, to) = (number(&query.study_date_from)?, number(&query.study_date_to)?);
    let is_day = |day: &u32| (1..=12).contains(&(day / 100 % 100)) && (1..=31).contains(&(day % 100));
    if to.saturating_sub(from) > 20_000 {
        return None;
    }
    let days: Vec<String> = (from..=to)
        .filter(is_day)
        .map(|day| format!("{day:08}"))
        .collect();
    (days.len() <= DAYS).then_some(days)
}

/// What a study must hold, compared with its opened column.
struct Wanted<'a> {
    query: &'a StudyQuery,
    name: Option<String>,
}

impl<'a> Wanted<'a> {
    fn new(query: &'a StudyQuery) -> Self {
        let name = query
            .patient_name
            .as_ref()
            .map(|name| name.reveal().trim().to_lowercase());
        Self { query, name }
    }

    fn has(&self, study: &SealedStudy) -> bool {
        let like = |wanted: &Option<Redacted<String>>, value: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wildcard::matches(wanted.reveal().trim(), value))
        };
        let named = |name: &String| wildcard::matches(name, &study.patient_name.to_lowercase());
        let date = study.study_date.as_str();
        let dated = self.query.study_date_from.is_some() || self.query.study_date_to.is_some();
        like(&self.query.patient_id, &study.patient_id)
            && like(&self.query.accession_number, &study.accession_number)
            && self.name.as_ref().is_none_or(named)
            && !(dated && date.is_empty())
            && self
                .query
                .study_date_from
                .as_deref()
                .is_none_or(|from| from <= date)
            && self.query.study_date_to.as_deref().is_none_or(|to| date <= to)
    }
}

/// Opens sealed columns; a patient's key is unwrapped once for a query.
struct Opener<'a> {
    store: &'a Store,
    patients: HashMap<PatientId, Patient>,
}

impl<'a> Opener<'a> {
    fn new(store: &'a Store) -> Self {
        Self {
            store,
            patients: HashMap::new(),
        }
    }

    fn open(&mut self, row: &Candidate, what: &'static str) -> Result<String> {
        let patient = match self.patients.entry(row.patient.id) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(unknown) => {
                unknown.insert(Patient::open(&row.patient, self.store.keys())?)
            }
        };
        patient.data()?.open_text(
            &Context {
                what,
                of: row.uid.as_str().as_bytes(),
            },
            &row.sealed,
        )
    }
}

/// Which matches are wanted: some are skipped, then some are taken.
struct Window {
    skip: usize,
    take: usize,
}

enum Turn {
    Skip,
    Take,
    Stop,
}

impl Window {
    fn new(limit: Option<usize>, offset: usize) -> Self {
        Self {
            skip: offset,
            take: limit.unwrap_or(usize::MAX),
        }
    }

    fn is_full(&self) -> bool {
        self.take == 0
    }

    fn next(&mut self) -> Turn {
        match (self.take, self.skip) {
            (0, _) => Turn::Stop,
            (_, 0) => {
                self.take -= 1;
                Turn::Take
            }
            _ => {
                self.skip -= 1;
                Turn::Skip
            }
        }
    }

    /// The rows of a page that are taken.
    fn cut<'p>(&mut self, page: &'p Page<Candidate>) -> Vec<&'p Candidate> {
        page.rows
            .iter()
            .filter(|_| matches!(self.next(), Turn::Take))
            .collect()
    }
}
