//! What a search finds, as documents of the DICOM JSON Model with the attributes that PS3.18 tables 10.6.3-3 to 10.6.3-5
//! require.

use super::matching;
use super::query::{Level, Query};
use crate::Dicomweb;
use crate::refusal::Refusal;
use crate::uri::Base;
use model::{Redacted, Uid};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use store::{InstanceMatch, InstanceQuery, PatientId, SeriesMatch, SeriesQuery, StudyMatch, StudyQuery};

type Attributes = Map<String, Value>;

/// Attributes that a result has even where nothing is known of them, and their VRs.
const OF_STUDY: [(&str, &str); 10] = [
    ("00080020", "DA"),
    ("00080030", "TM"),
    ("00080050", "SH"),
    ("00080061", "CS"),
    ("00080090", "PN"),
    ("00100010", "PN"),
    ("00100020", "LO"),
    ("00100030", "DA"),
    ("00100040", "CS"),
    ("00200010", "SH"),
];
const OF_SERIES: [(&str, &str); 2] = [("00080060", "CS"), ("00200011", "IS")];
const OF_INSTANCE: [(&str, &str); 1] = [("00200013", "IS")];

/// Results that are looked through where the index alone cannot tell what matches.
const SCANNED: usize = 50_000;

/// What was found.
pub(super) struct Results {
    pub(super) documents: Vec<Value>,
    /// Whose, each once.
    pub(super) patients: Vec<PatientId>,
    /// True when the service's own limit left some out.
    pub(super) more: bool,
}

impl Results {
    pub(super) async fn find(state: &Dicomweb, query: &Query, base: &Base) -> Result<Self, Refusal> {
        let most = state.config.limits.results;
        let limit = query.limit.unwrap_or(most).min(most);
        let mut search = Search {
            state,
            query,
            base,
            studies: HashMap::new(),
        };
        // Only where the index matches on everything can it also count; one more tells whether there are more.
        let one_search = match query.level {
            Level::Study => true,
            Level::Series => !query.matches_studies(),
            Level::Instance => !query.matches_studies() && query.series_instance_uids.len() <= 1,
        };
        let counted = query.others.is_empty() && one_search;
        let window = if counted {
            (Some(limit + 1), query.offset)
        } else {
            (Some(SCANNED), 0)
        };
        let mut found = match query.level {
            Level::Study => search.studies(window).await?,
            Level::Series => search.series(window).await?,
            Level::Instance => search.instances(window).await?,
        };
        let has_all = |attributes: &Attributes| {
            query
                .others
                .iter()
                .all(|(tag, wanted)| matching::matches(attributes, *tag, wanted.reveal()))
        };
        let cut_short = !counted && found.len() >= SCANNED;
        found.retain(|(_, attributes)| has_all(attributes));
        if !counted {
            found.drain(..query.offset.min(found.len()));
        }
        let more = cut_short || (found.len() > limit && query.limit.is_none_or(|wanted| wanted > limit));
        found.truncate(limit);
        let mut patients: Vec<PatientId> = found.iter().map(|(patient, _)| *patient).collect();
        patients.sort_unstable();
        patients.dedup();
        let documents = found
            .into_iter()
            .map(|(_, attributes)| Value::Object(attributes))
            .collect();
        Ok(Self {
            documents,
            patients,
            more,
        })
    }
}

/// How many are wanted, and how many are left out first.
type Window = (Option<usize>, usize);

struct Search<'a> {
    state: &'a Dicomweb,
    query: &'a Query,
    base: &'a Base,
    /// Attributes of studies, for results below them that are not asked for by study.
    studies: HashMap<Uid, Attributes>,
}

impl Search<'_> {
    async fn studies(&mut self, (limit, offset): Window) -> Result<Vec<(PatientId, Attributes)>, Refusal> {
        let query = StudyQuery {
            limit,
            offset,
            ..self.query.study.clone()
        };
        let found = self.state.store.find_studies(&query).await?;
        Ok(found
            .into_iter()
            .map(|study| (study.patient, self.study(&study)))
            .collect())
    }

    async fn series(&mut self, window: Window) -> Result<Vec<(PatientId, Attributes)>, Refusal> {
        let mut found = Vec::new();
        for study in self.studies_to_search().await? {
            let query = SeriesQuery {
                study_instance_uid: study,
                series_instance_uids: self.query.series_instance_uids.clone(),
                modality: self.query.modality.clone(),
                limit: window.0,
                offset: window.1,
            };
            found.extend(self.state.store.find_series(&query).await?);
            if found.len() >= SCANNED {
                break;
            }
        }
        self.know_studies(found.iter().map(|series| &series.study_instance_uid))
            .await?;
        Ok(found
            .into_iter()
            .map(|series| (series.patient, self.series_document(&series)))
            .collect())
    }

    async fn instances(&mut self, window: Window) -> Result<Vec<(PatientId, Attributes)>, Refusal> {
        let mut found = Vec::new();
        let all_series = match (&self.query.in_series, self.query.series_instance_uids.as_slice()) {
            (Some(series), _) => vec![Some(series.clone())],
            (None, []) => vec![None],
            (None, some) => some.iter().cloned().map(Some).collect(),
        };
        for study in self.studies_to_search().await? {
            if found.len() >= SCANNED {
                break;
            }
            for series in &all_series {
                let query = InstanceQuery {
                    study_instance_uid: study.clone(),
                    series_instance_uid: series.clone(),
                    sop_instance_uids: self.query.sop_instance_uids.clone(),
                    sop_class_uid: self.query.sop_class_uid.clone(),
                    limit: window.0,
                    offset: window.1,
                };
                found.extend(self.state.store.find_instances(&query).await?);
            }
        }
        self.know_studies(found.iter().map(|instance| &instance.study_instance_uid))
            .await?;
        Ok(found
            .into_iter()
            .map(|instance| (instance.patient, self.instance_document(&instance)))
            .collect())
    }

    /// The studies to look into, one after the other; None stands for all.
    async fn studies_to_search(&mut self) -> Result<Vec<Option<Uid>>, Refusal> {
        let asked = &self.query.study.study_instance_uids;
        if let (Some(study), false) = (&self.query.in_study, self.query.matches_studies()) {
            let excluded = !asked.is_empty() && !asked.contains(study);
            return Ok(if excluded {
                Vec::new()
            } else {
                vec![Some(study.clone())]
            });
        }
        if !self.query.matches_studies() {
            return Ok(vec![asked.first().cloned()]);
        }
        let mut query = self.query.study.clone();
        if let Some(study) = &self.query.in_study {
            query.study_instance_uids.retain(|uid| uid == study);
            query.study_instance_uids.push(study.clone());
        }
        query.limit = Some(SCANNED);
        let found = self.state.store.find_studies(&query).await?;
        for study in &found {
            let attributes = self.study(study);
            self.studies.insert(study.study_instance_uid.clone(), attributes);
        }
        Ok(found
            .into_iter()
            .map(|study| Some(study.study_instance_uid))
            .collect())
    }

    /// Learns the attributes of studies that results below them repeat (PS3.18 10.6.3.3.1).
    async fn know_studies(&mut self, uids: impl Iterator<Item = &Uid>) -> Result<(), Refusal> {
        if self.query.in_study.is_some() {
            return Ok(());
        }
        let mut unknown: Vec<Uid> = uids
            .filter(|uid| !self.studies.contains_key(uid))
            .cloned()
            .collect();
        unknown.sort();
        unknown.dedup();
        for some in unknown.chunks(100) {
            let query = StudyQuery {
                study_instance_uids: some.to_vec(),
                ..StudyQuery::default()
            };
            for study in self.state.store.find_studies(&query).await? {
                let attributes = self.study(&study);
                self.studies.insert(study.study_instance_uid.clone(), attributes);
            }
        }
        Ok(())
    }

    fn study(&self, study: &StudyMatch) -> Attributes {
        let mut attributes = parsed(&study.patient_attributes);
        attributes.extend(parsed(&study.study_attributes));
        set(
            &mut attributes,
            "0020000D",
            "UI",
            &[study.study_instance_uid.as_str()],
        );
        set(&mut attributes, "00080061", "CS", &study.modalities);
        set(&mut attributes, "00201206", "IS", &[study.series]);
        set(&mut attributes, "00201208", "IS", &[study.instances]);
        complete(
            &mut attributes,
            &OF_STUDY,
            self.base.study(&study.study_instance_uid),
        );
        attributes
    }

    fn series_document(&self, series: &SeriesMatch) -> Attributes {
        let (study, uid) = (&series.study_instance_uid, &series.series_instance_uid);
        let mut attributes = self.studies.get(study).cloned().unwrap_or_default();
        attributes.extend(parsed(&series.attributes));
        set(&mut attributes, "0020000D", "UI", &[study.as_str()]);
        set(&mut attributes, "0020000E", "UI", &[uid.as_str()]);
        set(&mut attributes, "00080060", "CS", &[&series.modality]);
        set(&mut attributes, "00201209", "IS", &[series.instances]);
        complete(&mut attributes, &OF_SERIES, self.base.series(study, uid));
        attributes
    }

    fn instance_document(&self, instance: &InstanceMatch) -> Attributes {
        let (study, series, uid) = (
            &instance.study_instance_uid,
            &instance.series_instance_uid,
            &instance.sop_instance_uid,
        );
        let mut attributes = self.studies.get(study).cloned().unwrap_or_default();
        attributes.extend(parsed(&instance.attributes));
        set(
            &mut attributes,
            "00080016",
            "UI",
            &[instance.sop_class_uid.as_str()],
        );
        set(&mut attributes, "00080018", "UI", &[uid.as_str()]);
        set(&mut attributes, "0020000D", "UI", &[study.as_str()]);
        set(&mut attributes, "0020000E", "UI", &[series.as_str()]);
        complete(
            &mut attributes,
            &OF_INSTANCE,
            self.base.instance(study, series, uid),
        );
        attributes
    }
}

/// The attributes that the intake left with the index.
fn parsed(text: &Redacted<String>) -> Attributes {
    serde_json::from_str(text.reveal()).unwrap_or_default()
}

fn set(attributes: &mut Attributes, key: &str, vr: &str, values: &[impl serde::Serialize]) {
    attributes.insert(key.to_owned(), json!({ "vr": vr, "Value": values }));
}

/// What is required and not known, where it can be had (RetrieveURL), and that it is at hand.
fn complete(attributes: &mut Attributes, required: &[(&str, &str)], url: String) {
    for (key, vr) in required {
        attributes.entry(*key).or_insert_with(|| json!({ "vr": vr }));
    }
    set(attributes, "00080056", "CS", &["ONLINE"]);
    set(attributes, "00081190", "UR", &[url]);
}
