//! A search as a request writes it (PS3.18 8.3.4, 10.6.1.2).

use crate::refusal::Refusal;
use dicom::{Tag, json};
use model::{Redacted, Uid};
use store::StudyQuery;

/// What is looked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
pub(super) enum Level {
    Study,
    Series,
    Instance,
}

/// A search.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) level: Level,
    /// The study and series that the path names.
    pub(super) in_study: Option<Uid>,
    pub(super) in_series: Option<Uid>,
    /// Matching on studies, without its window.
    pub(super) study: StudyQuery,
    pub(super) series_instance_uids: Vec<Uid>,
    pub(super) sop_instance_uids: Vec<Uid>,
    pub(super) sop_class_uid: Option<Uid>,
    /// The modality of a series.
    pub(super) modality: Option<String>,
    /// What the index does not match on: held against the attributes that were found.
    pub(super) others: Vec<(Tag, Redacted<String>)>,
    pub(super) limit: Option<usize>,
    pub(super) offset: usize,
}

impl Query {
    pub(super) fn new(level: Level) -> Self {
        Self {
            level,
            in_study: None,
            in_series: None,
            study: StudyQuery::default(),
            series_instance_uids: Vec::new(),
            sop_instance_uids: Vec::new(),
            sop_class_uid: None,
            modality: None,
            others: Vec::new(),
            limit: None,
            offset: 0,
        }
    }

    pub(super) fn in_study(mut self, study: Uid) -> Self {
        self.in_study = Some(study);
        self
    }

    pub(super) fn in_series(mut self, series: Uid) -> Self {
        self.in_series = Some(series);
        self
    }

    /// Reads the parameters.
    ///
    /// # Errors
    /// [`Refusal::BadRequest`] for what is neither an attribute nor a parameter, and for values that cannot be.
    pub(super) fn read(mut self, pairs: &[(String, String)]) -> Result<Self, Refusal> {
        for (name, value) in pairs {
            match name.as_str() {
                "limit" => self.limit = Some(number(name, value)?),
                "offset" => self.offset = number(name, value)?,
                // Everything that is held is returned, and names match exactly but for case.
                "includefield" | "fuzzymatching" | "emptyvaluematching" | "multiplevaluematching" => {}
                _ => {
                    let tag = json::attribute(name).ok_or_else(|| {
                        Refusal::BadRequest(format!(
                            "not an attribute: {} (a keyword or 8 hex digits is needed)",
                            name.chars()
                                .filter(char::is_ascii_alphanumeric)
                                .take(64)
                                .collect::<String>()
                        ))
                    })?;
                    self.match_on(tag, value)?;
                }
            }
        }
        Ok(self)
    }

    fn match_on(&mut self, tag: Tag, value: &str) -> Result<(), Refusal> {
        // Universal matching (PS3.4 C.2.2.2.3).
        if value.is_empty() || value.bytes().all(|b| b == b'*') {
            return Ok(());
        }
        let text = || Some(Redacted::new(value.to_owned()));
        match tag {
            Tag(0x0008, 0x0016) => self.sop_class_uid = uids(value)?.pop(),
            Tag(0x0008, 0x0018) => self.sop_instance_uids = uids(value)?,
            Tag(0x0020, 0x000D) => self.study.study_instance_uids = uids(value)?,
            Tag(0x0020, 0x000E) => self.series_instance_uids = uids(value)?,
            Tag(0x0010, 0x0010) => self.study.patient_name = text(),
            Tag(0x0010, 0x0020) => self.study.patient_id = text(),
            Tag(0x0008, 0x0050) => self.study.accession_number = text(),
            Tag(0x0008, 0x0020) => (self.study.study_date_from, self.study.study_date_to) = dates(value)?,
            Tag(0x0008, 0x0060 | 0x0061) if value.contains(['*', '?', '\\', ',']) => {
                self.others.push((tag, Redacted::new(value.to_owned())));
            }
            Tag(0x0008, 0x0061) => self.study.modality = Some(value.to_owned()),
            Tag(0x0008, 0x0060) if self.level == Level::Study => self.study.modality = Some(value.to_owned()),
            Tag(0x0008, 0x0060) => self.modality = Some(value.to_owned()),
            _ => self.others.push((tag, Redacted::new(value.to_owned()))),
        }
        Ok(())
    }

    /// True when studies must be found first, and then what is in them.
    pub(super) fn matches_studies(&self) -> bool {
        let study = &self.study;
        study.patient_name.is_some()
            || study.patient_id.is_some()
            || study.accession_number.is_some()
            || study.study_date_from.is_some()
            || study.study_date_to.is_some()
            || study.modality.is_some()
            || study.study_instance_uids.len() > 1
    }
}

fn number(name: &str, value: &str) -> Result<usize, Refusal> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    value
        .parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| Refusal::BadRequest(format!("{name} must be a number that is not negative")))
}

/// A list of UIDs, with commas or backslashes between them.
fn uids(value: &str) -> Result<Vec<Uid>, Refusal> {
    let uids: Result<Vec<Uid>, _> = value.split([',', '\\']).map(Uid::new).collect();
    uids.map_err(|_| Refusal::BadRequest("a UID to match is no UID: digits and dots are needed".to_owned()))
}

type DateRange = (Option<String>, Option<String>);

/// A date or a range of dates (PS3.4 C.2.2.2.5): `20260101`, `20260101-20261231`, `20260101-`, `-20261231`.
fn dates(value: &str) -> Result<DateRange, Refusal> {
    let date = |text: &str| match text {
        "" => Ok(None),
        _ if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) => Ok(Some(text.to_owned())),
        _ => Err(Refusal::BadRequest(
            "a date to match must be YYYYMMDD, or two of them with a hyphen between".to_owned(),
        )),
    };
    match value.split_once('-') {
        None => date(value).map(|day| (day.clone(), day)),
        Some((from, to)) => Ok((date(from)?, date(to)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(level: Level, pairs: &[(&str, &str)]) -> Result<Query, Refusal> {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        Query::new(level).read(&pairs)
    }

    #[test]
    fn keys_by_keyword_and_by_digits() {
        for name in ["StudyDate", "00080020"] {
            let query = read(
                Level::Study,
                &[(name, "20260101-"), ("limit", "5"), ("offset", "7")],
            )
            .unwrap();
            assert_eq!(query.study.study_date_from.as_deref(), Some("20260101"));
            assert_eq!(query.study.study_date_to, None);
            assert_eq!((query.limit, query.offset), (Some(5), 7));
        }
        let query = read(
            Level::Series,
            &[("Modality", "CT"), ("PatientName", "*"), ("SeriesNumber", "2")],
        )
        .unwrap();
        assert_eq!(query.modality.as_deref(), Some("CT"));
        assert!(query.study.patient_name.is_none() && !query.matches_studies());
        assert_eq!(query.others[0].0, Tag(0x0020, 0x0011));
        assert_eq!(
            read(Level::Study, &[("StudyInstanceUID", "1.2,1.3\\1.4")])
                .unwrap()
                .study
                .study_instance_uids
                .len(),
            3
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (name, value) in [
            ("limit", "-1"),
            ("limit", "+1"),
            ("limit", "ten"),
            ("limit", ""),
            ("offset", "1.5"),
            ("offset", "99999999999999999999999"),
            ("StudyDate", "2026"),
            ("StudyDate", "2026-01-01"),
            ("StudyInstanceUID", "1.2;drop"),
            ("NoSuchAttribute", "x"),
            ("00100010.00100020", "x"),
        ] {
            assert!(
                matches!(read(Level::Study, &[(name, value)]), Err(Refusal::BadRequest(_))),
                "{name}={value}"
            );
        }
    }
}
