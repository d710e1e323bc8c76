//! What the SCP hands arriving objects to.

use intake::{Arrival, Intake, Reason, Receipt, Reception};
use std::future::Future;

/// Takes the objects that C-STORE brings. Cheap to clone: every association has its own.
pub trait StoreService: Clone + Send + Sync + 'static {
    /// One object on its way in.
    type Object: StoreObject;

    /// Makes ready to receive one object.
    ///
    /// # Errors
    /// When it cannot be received now; the peer is told why.
    fn begin(&self, arrival: Arrival) -> Result<Self::Object, Reason>;
}

/// One object while it streams in. Dropped unfinished, it must leave nothing behind.
pub trait StoreObject: Send + 'static {
    /// Takes the next bytes of the data set. Called on the network's threads: it must not wait.
    ///
    /// # Errors
    /// Why the object is refused. The rest of it is not handed over then.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Reason>;

    /// The object is complete, or was refused: says what became of it once that is certain.
    fn finish(self) -> impl Future<Output = Receipt> + Send;
}

impl StoreService for Intake {
    type Object = Reception;

    fn begin(&self, arrival: Arrival) -> Result<Reception, Reason> {
        Self::begin(self, arrival)
    }
}

impl StoreObject for Reception {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        Self::write(self, bytes)
    }

    fn finish(self) -> impl Future<Output = Receipt> + Send {
        Self::finish(self)
    }
}
