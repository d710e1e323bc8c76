//! What the demo claims, each held against what happened.

use crate::output;
use serde::Serialize;

/// One claim.
#[derive(Serialize, Clone, Debug)]
pub(super) struct Fact {
    name: &'static str,
    ok: bool,
    detail: String,
}

/// The claims so far.
pub(super) struct Facts {
    list: Vec<Fact>,
    aloud: bool,
}

impl Facts {
    pub(super) fn new(aloud: bool) -> Self {
        Self {
            list: Vec::new(),
            aloud,
        }
    }

    /// Tells what happens next.
    pub(super) fn say(&self, text: &str) {
        if self.aloud {
            output::line(format!("\n{text}"));
        }
    }

    /// Notes a claim with what was seen.
    pub(super) fn hold(&mut self, name: &'static str, ok: bool, detail: impl Into<String>) {
        let detail = detail.into();
        if self.aloud {
            output::line(format!(
                "{} {}: {detail}",
                if ok { "ok  " } else { "FAIL" },
                name.replace('-', " ")
            ));
        }
        self.list.push(Fact { name, ok, detail });
    }

    pub(super) fn list(&self) -> &[Fact] {
        &self.list
    }

    pub(super) fn holding(&self) -> usize {
        self.list.iter().filter(|fact| fact.ok).count()
    }

    pub(super) fn all_hold(&self) -> bool {
        self.holding() == self.list.len()
    }
}
