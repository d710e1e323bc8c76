//! What an audit repository must still be told, and up to where it was.
//!
//! Denials, reads and emergency access are only ever added, with numbers in the order of their commits: a cursor in the
//! register says how far they were told. Releases and directives change after they were added. When a release is over, and
//! when a directive is recorded or withdrawn, the same transaction puts a row into the register, which stays until it was
//! told. So nothing hangs on clocks, and nothing that was committed late is passed over.

use super::gather;
use super::ids::ReleaseId;
use super::operation::Operation;
use super::rows::{CopyRow, DenialRow, GlassRow, Release};
use crate::cipher::Context;
use crate::group::{Group, Patient};
use crate::index::Rows;
use crate::row::Record;
use crate::store::Store;
use crate::{Error, PatientId, Result, sealed};
use async_trait::async_trait;
use consent::Directive;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Names the cursor in the register.
const CURSOR: &str = "audit-cursor";
const EVENTS: &str = "events";

/// How far what is only added was told, by number.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Cursor {
    denial: i64,
    access: i64,
    glass: i64,
}

impl Cursor {
    async fn read(rows: &mut Rows<'_>) -> Result<Self> {
        let document = rows.registered(CURSOR, EVENTS).await?;
        document.map_or(Ok(Self::default()), |document| gather::read(&document))
    }
}

/// Something that happened. Where its record cannot be opened, what is known without it is here all the same.
#[derive(Clone, Debug)]
pub enum Audited {
    /// A release is over; with its copy outside, if it made one.
    Release(Box<Release>, Option<Box<CopyRow>>),
    /// Copies were refused.
    Denial(DenialRow),
    /// Somebody inside read scans. The record is empty where it is damaged.
    Access(Record),
    /// The glass was broken.
    BreakGlass(GlassRow),
    /// A directive was recorded; None where its record is damaged.
    Directive(Option<Box<Directive>>, u64),
    /// A directive was withdrawn; None where its record is damaged.
    Withdrawal(Option<Box<Directive>>),
}

#[derive(Clone, Copy, Debug)]
enum Place {
    Denial(i64),
    Access(i64),
    Glass(i64),
    /// A row of the register.
    Due(i64),
}

/// Something that an audit repository was not told yet, or not for certain.
#[derive(Clone, Debug)]
pub struct Untold {
    /// Whose scans.
    pub patient: PatientId,
    /// When it happened, or was over.
    pub at: Timestamp,
    /// What.
    pub what: Audited,
    place: Place,
}

struct Told {
    places: Vec<Place>,
    now: Timestamp,
}

#[async_trait]
impl Operation for Told {
    type Answer = ();

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<()> {
        let mut rows = group.tx.rows();
        // Another process may have told more meanwhile: the cursor never goes back.
        let mut cursor = Cursor::read(&mut rows).await?;
        let (mut due, mut moved) = (Vec::new(), false);
        for place in &self.places {
            let (mark, number) = match *place {
                Place::Denial(number) => (&mut cursor.denial, number),
                Place::Access(number) => (&mut cursor.access, number),
                Place::Glass(number) => (&mut cursor.glass, number),
                Place::Due(number) => {
                    due.push(number);
                    continue;
                }
            };
            moved |= number > *mark;
            *mark = number.max(*mark);
        }
        if !due.is_empty() {
            rows.end_audit_due(&due).await?;
        }
        if moved {
            let document = serde_json::to_string(&cursor).map_err(|_| Error::Corrupt("the audit cursor"))?;
            rows.overwrite(CURSOR, EVENTS, &document, self.now).await?;
        }
        Ok(())
    }
}

/// Merges streams by time without changing the order inside any: the cursor of each names its last one that was told.
fn merge(streams: Vec<Vec<Untold>>, limit: usize) -> Vec<Untold> {
    let mut all = Vec::new();
    for stream in streams {
        let mut latest = i64::MIN;
        for untold in stream {
            latest = latest.max(untold.at.millis());
            all.push((latest, untold));
        }
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, untold)| untold).take(limit).collect()
}

impl Store {
    /// What an audit repository was not told yet, in the order in which it happened; at most `limit`.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn untold(&self, limit: u32) -> Result<Vec<Untold>> {
        let mut rows = self.index().rows().await?;
        let cursor = Cursor::read(&mut rows).await?;
        let denials = rows.denials_after(cursor.denial, limit).await?;
        let denials = denials.into_iter().map(|(patient, denial)| Untold {
            patient,
            at: denial.made_at,
            place: Place::Denial(denial.number),
            what: Audited::Denial(denial),
        });
        let glasses = rows.glasses_after(cursor.glass, limit).await?;
        let glasses = glasses.into_iter().map(|used| Untold {
            patient: used.patient,
            at: used.made_at,
            place: Place::Glass(used.number),
            what: Audited::BreakGlass(used),
        });
        let (denials, glasses) = (denials.collect(), glasses.collect());
        let due = self.due(&mut rows, limit).await?;
        let accesses = rows.accesses_after(cursor.access, limit).await?;
        drop(rows);
        let mut people: HashMap<PatientId, Patient> = HashMap::new();
        let mut reads = Vec::with_capacity(accesses.len());
        for (number, patient, row) in accesses {
            if let std::collections::hash_map::Entry::Vacant(unknown) = people.entry(patient) {
                unknown.insert(self.patient(patient).await?);
            }
            let context = Context {
                what: sealed::ACCESS,
                of: &row.log_index.to_be_bytes(),
            };
            let opened = people
                .get(&patient)
                .and_then(|person| person.accounting().open(&context, &row.sealed).ok());
            reads.push(Untold {
                patient,
                at: row.made_at,
                what: Audited::Access(Record {
                    record: opened.map(|record| record.to_vec()).unwrap_or_default(),
                    made_at: row.made_at,
                    log_index: row.log_index,
                }),
                place: Place::Access(number),
            });
        }
        Ok(merge(vec![denials, glasses, reads, due], limit as usize))
    }

    async fn due(&self, rows: &mut Rows<'_>, limit: u32) -> Result<Vec<Untold>> {
        let mut found = Vec::new();
        for (place, name, at) in rows.audit_due(limit).await? {
            let damaged = || Error::Corrupt("a row of the audit register");
            let (kind, number) = name.split_once(' ').ok_or_else(damaged)?;
            let number: i64 = number.parse().map_err(|_| damaged())?;
            let (patient, what) = if kind == "release" {
                let id = ReleaseId(number);
                let release = rows.release(id).await?.ok_or_else(damaged)?;
                let copy = rows.copy_of_release(id).await?;
                (
                    release.patient,
                    Audited::Release(Box::new(release), copy.map(Box::new)),
                )
            } else {
                let row = rows.directive(number).await?.ok_or_else(damaged)?;
                let patient = rows.patient_row(row.patient).await?.ok_or_else(damaged)?;
                let opened = Patient::open(&patient, self.keys())
                    .and_then(|person| gather::directive(&person, &row))
                    .ok()
                    .map(Box::new);
                let what = match kind {
                    "directive" => Audited::Directive(opened, row.log_index),
                    _ => Audited::Withdrawal(opened),
                };
                (row.patient, what)
            };
            found.push(Untold {
                patient,
                at,
                what,
                place: Place::Due(place),
            });
        }
        Ok(found)
    }

    /// These were told: the audit repository has them.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn told(&self, events: &[Untold], now: Timestamp) -> Result<()> {
        let places = events.iter().map(|untold| untold.place).collect();
        self.perform(Told { places, now }).await
    }
}

#[cfg(test)]
mod tests {
    use super::{Audited, Place, Untold, merge};
    use crate::PatientId;
    use model::Timestamp;

    fn at(number: i64, millis: i64) -> Untold {
        Untold {
            patient: PatientId(1),
            at: Timestamp::from_millis(millis),
            what: Audited::Withdrawal(None),
            place: Place::Denial(number),
        }
    }

    #[test]
    fn a_clock_that_was_set_back_lets_nobody_overtake_in_their_own_stream() {
        let set_back = vec![at(1, 50), at(2, 10), at(3, 60)];
        let other = vec![at(101, 20), at(102, 55)];
        let number = |untold: &Untold| match untold.place {
            Place::Denial(number) => number,
            _ => 0,
        };
        let order = |limit| -> Vec<i64> {
            merge(vec![set_back.clone(), other.clone()], limit)
                .iter()
                .map(number)
                .collect()
        };
        assert_eq!(order(9), [101, 1, 2, 102, 3]);
        assert_eq!(order(2), [101, 1]);
    }
}
