//! Canonical digests of attributes: equal for every lossless way of writing the same data set.

mod canonical;
mod digester;
mod group;
mod leaf;
mod loose;
mod tokens;

pub use digester::{AttributeDigest, Digester};
pub use group::Group;
pub use leaf::AttributeLeaf;
pub(crate) use leaf::group_root;
