//! Medians and Markdown.

use std::fmt::Write;

/// Several measurements of the same thing.
#[derive(Clone, Default, Debug)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Adds a measurement.
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
        self.0.sort_by(f64::total_cmp);
    }

    /// The middle one (of an even number, the mean of the middle two); 0 of none.
    pub fn median(&self) -> f64 {
        let at = |index: usize| self.0.get(index).copied().unwrap_or(0.0);
        f64::midpoint(at(self.0.len() / 2), at(self.0.len().saturating_sub(1) / 2))
    }

    /// The value that a share of all does not exceed, such as 0.99; 0 of none.
    pub fn quantile(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0
            .get((last as f64 * share).ceil() as usize)
            .copied()
            .unwrap_or(0.0)
    }

    /// `median [lowest-highest]`.
    pub fn shown(&self) -> String {
        match (self.0.first(), self.0.last()) {
            (Some(low), Some(high)) => {
                let digits = usize::from(self.median() < 10.0) + usize::from(self.median() < 1.0);
                format!("{:.digits$} [{low:.digits$}-{high:.digits$}]", self.median())
            }
            _ => "-".to_owned(),
        }
    }
}

/// A table in Markdown.
pub fn markdown(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        let of = |values: &[f64]| {
            let mut sample = Sample::default();
            for value in values {
                sample.push(*value);
            }
            (sample.median(), sample.shown())
        };
        assert_eq!(of(&[3.0, 1.0, 2.0]), (2.0, "2.0 [1.0-3.0]".to_owned()));
        assert_eq!(of(&[40.0, 10.0]).1, "25 [10-40]");
        assert_eq!(of(&[]).1, "-");
    }

    #[test]
    fn a_table() {
        assert_eq!(
            markdown(&["a", "b"], &[vec!["1".into(), "2".into()]]),
            "| a | b |\n|---|---|\n| 1 | 2 |\n"
        );
    }
}
