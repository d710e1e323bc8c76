//! `leadglass deid` from outside, on objects with planted identifiers: nothing of them comes out, by any layer; what a
//! researcher needs does.
//!
//! `LEADGLASS_PLANTED=100` plants that many patients (about 14 objects each; 22 without it), and
//! `LEADGLASS_PLANTED_KEEP=FOLDER` keeps what came out.

#[cfg(test)]
mod planted;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod score;
