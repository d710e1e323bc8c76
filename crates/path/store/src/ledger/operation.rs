//! A change of the ledger on its way through the group commit.

use crate::group::{Change, Group, Reply};
use crate::index::Names;
use crate::keys::{KeyRing, Token};
use crate::store::Store;
use crate::{Error, Result};
use async_trait::async_trait;

/// One change of the ledger: durable whole, with its log entries, or not at all.
#[async_trait]
pub(crate) trait Operation: Send + Sync + 'static {
    type Answer: Send + Sync + 'static;

    /// The patient whose row it may make.
    fn patient(&self, _keys: &KeyRing) -> Option<Token> {
        None
    }

    /// Writes what it asks for. Nothing counts before the transaction is committed; it may be applied again when that failed.
    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Self::Answer>;
}

/// An operation of whichever kind, and who waits for its answer.
#[async_trait]
pub(crate) trait Pending: Send + Sync {
    fn name(&self, names: &mut Names, keys: &KeyRing);
    async fn apply(&mut self, group: &mut Group<'_, '_>) -> Result<()>;
    fn confirm(self: Box<Self>);
    fn fail(self: Box<Self>, error: Error);
}

struct Asked<O: Operation> {
    operation: O,
    reply: Reply<O::Answer>,
}

#[async_trait]
impl<O: Operation> Pending for Asked<O> {
    fn name(&self, names: &mut Names, keys: &KeyRing) {
        names.tokens.extend(self.operation.patient(keys));
    }

    async fn apply(&mut self, group: &mut Group<'_, '_>) -> Result<()> {
        let answer = self.operation.apply(group).await?;
        self.reply.set(answer);
        Ok(())
    }

    fn confirm(self: Box<Self>) {
        self.reply.confirm();
    }

    fn fail(self: Box<Self>, error: Error) {
        self.reply.fail(error);
    }
}

impl Store {
    /// Does it, durably.
    pub(crate) async fn perform<O: Operation>(&self, operation: O) -> Result<O::Answer> {
        self.commit(|reply| Change::Ledger(Box::new(Asked { operation, reply })))
            .await
    }
}
