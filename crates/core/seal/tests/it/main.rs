//! Tests of seals on real files and on synthetic ones.

mod corpus;
