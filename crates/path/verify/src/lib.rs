//! Is this image the one that was sealed? Where was it altered?
//!
//! A [`Candidate`] is what somebody holds; [`Evidence`] is the seal with everything signed about it, out of the store or
//! out of a bundle; [`Trust`] is what is believed without proof. [`Verifier`] brings them together in a [`Report`].

mod bundles;
mod candidate;
mod completion;
mod error;
mod evidence;
mod image;
mod report;
mod study;
mod trust;
mod verifier;

pub use bundles::{bundle_copy, bundle_instance, bundle_study, export_trust};
pub use candidate::Candidate;
pub use completion::{complete, complete_pending};
pub use error::Error;
pub use evidence::{Evidence, examine};
pub use image::{Picture, draw, render};
pub use report::{AmendmentNote, ChangedAttribute, LogPlace, Report};
pub use study::{FileReport, StudyReport, close_quiet_studies, close_study};
pub use trust::{Admission, Distrust, Trust};
pub use verifier::Verifier;
