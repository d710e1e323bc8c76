//! The read path against its promises.

mod accounting;
mod corpus;
mod places;
