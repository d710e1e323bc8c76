//! The facts of the rules: against the standard's own words, and against the table in other hands.

mod outside;
mod private;
mod requirement;
mod shared;
mod table;
mod term;
