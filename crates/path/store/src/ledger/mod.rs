//! What goes out: releases, their accounts, copies and their ends.

mod ids;

pub use ids::{DisclosureId, ReleaseId};
