//! Copies leave into a folder: a share, a removable disk, the inbox of a program.
//!
//! ```text
//! PATH/<release number>/<study>/<series>/<instance>.dcm
//!                                        <instance>.lgseal    evidence, where there is some
//!                       manifest.json                         last, when all copies are there
//!                       .delivered.jsonl                      what the manifest is made of
//! ```
//!
//! **A folder without `manifest.json` is unfinished**: a delivery is under way, or was cut off. What stands under its name is
//! whole, always: files are written under another name, synced, then renamed. To deliver a release again overwrites it.
//!
//! The recipient may write to PATH. No link that it plants leads anywhere else: below PATH no link is followed.

mod copy;
mod delivery;
mod journal;
mod manifest;
mod place;

pub use copy::Copy;
pub use delivery::Shelf;
pub use manifest::{Banner, Instance, Manifest};

use async_trait::async_trait;
use consent::Destination;
use release::{Consignment, Deliver, Delivery, Failure};

/// Delivers to [`Destination::Folder`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Folder;

#[async_trait]
impl Deliver for Folder {
    async fn begin(
        &self,
        destination: &Destination,
        consignment: &Consignment,
    ) -> Result<Box<dyn Delivery>, Failure> {
        let Destination::Folder { path } = destination else {
            return Err(Failure::NoDoor);
        };
        Ok(Box::new(Shelf::open(path, consignment).await?))
    }
}
