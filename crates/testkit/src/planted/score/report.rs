//! What was counted.

use crate::planted::key::{Action, Category};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Passed and not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Checks that passed.
    pub passed: u64,
    /// Checks that did not.
    pub failed: u64,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
    }

    /// All checks.
    pub fn total(self) -> u64 {
        self.passed + self.failed
    }

    /// The share that passed, 0 to 100; 100 of none.
    pub fn percent(self) -> f64 {
        if self.total() == 0 {
            100.0
        } else {
            self.passed as f64 * 100.0 / self.total() as f64
        }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A score.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Objects in.
    pub instances: u64,
    /// Objects that came out.
    pub released: u64,
    /// Objects kept back, by reason.
    pub withheld: BTreeMap<String, u64>,
    /// MIDI-B's checks.
    pub published: BTreeMap<(Action, Category), Tally>,
    /// Our own, stricter.
    pub strict: BTreeMap<&'static str, Tally>,
    /// Places that failed: check, kind of object, path without item numbers; how often, and the first example.
    pub failures: BTreeMap<(String, String, String), (u64, String)>,
}

impl Report {
    /// Counts a check of MIDI-B's.
    pub(super) fn published(&mut self, action: Action, category: Category, passed: bool) {
        self.published
            .entry((action, category))
            .or_default()
            .count(passed);
    }

    /// Counts a check of our own.
    pub(super) fn strict(&mut self, name: &'static str, passed: bool) {
        self.strict.entry(name).or_default().count(passed);
    }

    /// Keeps a failure.
    pub(super) fn failure(&mut self, check: &str, kind: &str, path: &str, example: impl Into<String>) {
        let key = (check.to_owned(), kind.to_owned(), without_items(path));
        let entry = self.failures.entry(key).or_insert_with(|| (0, example.into()));
        entry.0 += 1;
    }

    /// Adds the counts of another batch.
    pub fn merge(&mut self, other: Self) {
        self.instances += other.instances;
        self.released += other.released;
        for (reason, count) in other.withheld {
            *self.withheld.entry(reason).or_default() += count;
        }
        for (key, tally) in other.published {
            self.published.entry(key).or_default().add(tally);
        }
        for (name, tally) in other.strict {
            self.strict.entry(name).or_default().add(tally);
        }
        for (key, (count, example)) in other.failures {
            self.failures.entry(key).or_insert((0, example)).0 += count;
        }
    }

    /// All checks of MIDI-B's form, equal in weight.
    pub fn score(&self) -> Tally {
        self.of(|_, _| true)
    }

    /// The checks that count as identifiers.
    pub fn identifiers(&self) -> Tally {
        self.of(|action, category| category == Category::Hipaa && action != Action::TextRetained)
    }

    /// Clinical text and technical values that must stay.
    pub fn kept(&self) -> Tally {
        self.of(|action, _| action == Action::TextRetained)
    }

    fn of(&self, wanted: impl Fn(Action, Category) -> bool) -> Tally {
        let mut sum = Tally::default();
        for ((action, category), tally) in &self.published {
            if wanted(*action, *category) {
                sum.add(*tally);
            }
        }
        sum
    }

    /// A tally of our own checks.
    pub fn of_strict(&self, name: &str) -> Tally {
        self.strict.get(name).copied().unwrap_or_default()
    }

    /// Rows of MIDI-B's checks: action, category, passed, failed, percent.
    pub fn published_rows(&self) -> Vec<Vec<String>> {
        let row = |name: &str, category: &str, tally: Tally| {
            vec![
                name.to_owned(),
                category.to_owned(),
                tally.passed.to_string(),
                tally.failed.to_string(),
                format!("{:.4}", tally.percent()),
            ]
        };
        let rows = self
            .published
            .iter()
            .map(|((action, category), tally)| row(action.name(), category.name(), *tally));
        let mut rows: Vec<_> = rows.collect();
        for category in Category::ALL {
            rows.push(row("all", category.name(), self.of(|_, own| own == category)));
        }
        rows.push(row("all", "all", self.score()));
        rows
    }

    /// Rows of our own checks: name, passed, failed, percent.
    pub fn strict_rows(&self) -> Vec<Vec<String>> {
        let rows = self.strict.iter().map(|(name, tally)| {
            vec![
                (*name).to_owned(),
                tally.passed.to_string(),
                tally.failed.to_string(),
                format!("{:.4}", tally.percent()),
            ]
        });
        rows.collect()
    }

    /// The places that failed most, a line each.
    pub fn worst(&self, lines: usize) -> String {
        let mut all: Vec<_> = self.failures.iter().collect();
        all.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
        let mut out = String::new();
        for ((check, kind, path), (count, example)) in all.into_iter().take(lines) {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{count} x {check} | {kind} | {path} | {example}");
        }
        out
    }
}

/// Paths alike but for the number of an item are one place.
fn without_items(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for (at, part) in path.split("[<").enumerate() {
        if at == 0 {
            out.push_str(part);
        } else {
            out.push_str("[]");
            out.push_str(part.split_once(">]").map_or("", |(_, rest)| rest));
        }
    }
    out
}
