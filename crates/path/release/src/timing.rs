//! How long things may take.

use std::time::Duration;

/// The times of releases and deletions.
#[derive(Clone, Debug)]
pub struct Timing {
    /// A worker holds a release this long without renewing: at most 500 ms, since a revocation must stop the last byte within
    /// a second.
    pub lease: Duration,
    /// How often it renews.
    pub renew: Duration,
    /// How often it looks for work that another process queued.
    pub poll: Duration,
    /// The first wait after a failure; it doubles with each.
    pub first_retry: Duration,
    /// The longest wait after a failure.
    pub longest_retry: Duration,
    /// A release that waits longer than this is worth an alarm.
    pub age_alarm: Duration,
    /// How often copies outside are looked after.
    pub copies: Duration,
    /// A recipient must have answered a deletion request within this time.
    pub answer_within: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lease: Duration::from_millis(500),
            renew: Duration::from_millis(120),
            poll: Duration::from_millis(200),
            first_retry: Duration::from_secs(2),
            longest_retry: Duration::from_mins(15),
            age_alarm: Duration::from_hours(1),
            copies: Duration::from_secs(1),
            answer_within: Duration::from_hours(7 * 24),
        }
    }
}

impl Timing {
    /// The wait after so many failures in a row: doubling, between half and all of it by chance, so that many that failed
    /// together do not come back together. `chance` is any random number.
    pub(crate) fn retry(&self, failures: u32, chance: u64) -> Duration {
        let doubled = self.first_retry.saturating_mul(1u32 << failures.min(20));
        let wait = doubled.min(self.longest_retry);
        let half = wait / 2;
        half + Duration::from_millis(chance % (half.as_millis() as u64 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_their_bound_and_scatter() {
        let timing = Timing::default();
        let mut longest = Duration::ZERO;
        for failures in 0..40 {
            for chance in (0..1000).map(|step| step * 997) {
                let wait = timing.retry(failures, chance);
                assert!(wait >= timing.first_retry / 2 && wait <= timing.longest_retry);
                longest = longest.max(wait);
            }
        }
        assert!(timing.retry(1, 0) > timing.retry(0, 0));
        assert!(longest > timing.longest_retry * 3 / 4);
        assert_ne!(timing.retry(5, 1), timing.retry(5, 77_777));
    }
}
