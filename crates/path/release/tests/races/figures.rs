//! What came of all schedules.

use std::fmt;
use std::time::Duration;

#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) seconds: f64,
    pub(crate) schedules: u64,
    pub(crate) orders: u64,
    pub(crate) refused: u64,
    pub(crate) attempts: u64,
    pub(crate) arrivals: u64,
    pub(crate) unknown: u64,
    pub(crate) revocations: u64,
    pub(crate) stopped: u64,
    pub(crate) crashes: u64,
    /// How long after the commit that stopped its release each of these arrived.
    pub(crate) late: Vec<Duration>,
    pub(crate) violations: Vec<String>,
}

impl Figures {
    pub(crate) fn add(&mut self, other: Self) {
        self.schedules += other.schedules;
        self.orders += other.orders;
        self.refused += other.refused;
        self.attempts += other.attempts;
        self.arrivals += other.arrivals;
        self.unknown += other.unknown;
        self.revocations += other.revocations;
        self.stopped += other.stopped;
        self.crashes += other.crashes;
        self.late.extend(other.late);
        self.violations.extend(other.violations);
    }

    fn percentile(&self, percent: usize) -> u128 {
        let mut late = self.late.clone();
        late.sort_unstable();
        let at = (late.len() * percent / 100).min(late.len().saturating_sub(1));
        late.get(at).map_or(0, Duration::as_millis)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| measure | value |\n|---|---|")?;
        let rate = self.schedules as f64 / self.seconds.max(0.001);
        writeln!(
            f,
            "| schedules | {} in {:.0} s ({rate:.0} a second) |",
            self.schedules, self.seconds
        )?;
        writeln!(
            f,
            "| orders | {}, {} of them refused |",
            self.orders, self.refused
        )?;
        writeln!(f, "| attempts to hand over an instance | {} |", self.attempts)?;
        writeln!(f, "| arrivals | {} |", self.arrivals)?;
        writeln!(f, "| rows that end as unknown | {} |", self.unknown)?;
        writeln!(
            f,
            "| revocations | {}, which stopped {} releases |",
            self.revocations, self.stopped
        )?;
        writeln!(f, "| crashes of workers | {} |", self.crashes)?;
        writeln!(
            f,
            "| arrivals after the commit that forbade them | {}: p50 {} ms, p99 {} ms, latest {} ms |",
            self.late.len(),
            self.percentile(50),
            self.percentile(99),
            self.percentile(100)
        )?;
        writeln!(f, "| violations | {} |", self.violations.len())?;
        for violation in self.violations.iter().take(40) {
            writeln!(f, "\n{violation}")?;
        }
        Ok(())
    }
}
