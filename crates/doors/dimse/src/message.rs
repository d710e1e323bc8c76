//! Fragments to messages (PS3.8 annex E): which fragment may come when. No IO.

use crate::command::{CommandSet, MAX_COMMAND_SET};
use crate::pdu::{Abort, PdvHeader};

/// Where in the exchange of messages an association is.
#[derive(Debug, Default)]
enum Stage {
    /// Between messages.
    #[default]
    Rest,
    /// In a command set, on this presentation context.
    Command(u8),
    /// In the data set that its command announced, on this presentation context.
    DataSet(u8),
}

/// Puts the fragments of one message after the other together: collects command sets, and says of data sets
/// only that their fragments stand where they should.
#[derive(Debug, Default)]
pub(crate) struct Assembly {
    stage: Stage,
    command: Vec<u8>,
}

impl Assembly {
    /// True between messages.
    pub(crate) fn at_rest(&self) -> bool {
        matches!(self.stage, Stage::Rest)
    }

    /// Checks that this fragment may come now.
    pub(crate) fn admit(&mut self, pdv: PdvHeader) -> Result<(), Abort> {
        match self.stage {
            Stage::Rest if pdv.command => {
                self.command.clear();
                self.stage = Stage::Command(pdv.context);
            }
            Stage::Command(context) if pdv.command && pdv.context == context => {}
            Stage::DataSet(context) if !pdv.command && pdv.context == context => {}
            _ => return Err(Abort::UNEXPECTED_PARAMETER),
        }
        let room = MAX_COMMAND_SET.saturating_sub(self.command.len());
        if pdv.command && pdv.fragment as usize > room {
            return Err(Abort::INVALID_PARAMETER);
        }
        Ok(())
    }

    /// Takes bytes of a command set's fragment that was admitted.
    pub(crate) fn collect(&mut self, bytes: &[u8]) {
        self.command.extend_from_slice(bytes);
    }

    /// The command set is complete: reads it, and expects its data set if it announces one.
    pub(crate) fn complete_command(&mut self) -> Result<CommandSet, Abort> {
        let command = CommandSet::decode(&self.command).map_err(|_| Abort::INVALID_PARAMETER)?;
        self.command.clear();
        self.command.shrink_to(1024);
        self.stage = match self.stage {
            Stage::Command(context) if command.data_set => Stage::DataSet(context),
            _ => Stage::Rest,
        };
        Ok(command)
    }

    /// The data set is complete.
    pub(crate) fn complete_data_set(&mut self) {
        self.stage = Stage::Rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pdv(context: u8, command: bool, fragment: u32) -> PdvHeader {
        PdvHeader {
            fragment,
            context,
            command,
            last: false,
        }
    }

    fn after_store_rq(context: u8) -> Assembly {
        let mut assembly = Assembly::default();
        assembly.admit(pdv(context, true, 100)).unwrap();
        let mut bytes = Vec::new();
        CommandSet {
            command_field: 1,
            data_set: true,
            ..CommandSet::default()
        }
        .encode(&mut bytes);
        assembly.collect(&bytes);
        assembly.complete_command().unwrap();
        assembly
    }

    #[test]
    fn a_message_starts_with_its_command() {
        assert_eq!(
            Assembly::default().admit(pdv(1, false, 9)),
            Err(Abort::UNEXPECTED_PARAMETER)
        );
    }

    #[test]
    fn a_message_keeps_to_its_context() {
        let mut assembly = after_store_rq(1);
        assert_eq!(assembly.admit(pdv(3, false, 9)), Err(Abort::UNEXPECTED_PARAMETER));
        assert_eq!(assembly.admit(pdv(1, false, 9)), Ok(()));
    }

    #[test]
    fn no_command_comes_before_the_data_set_ends() {
        let mut assembly = after_store_rq(1);
        assert_eq!(assembly.admit(pdv(1, true, 9)), Err(Abort::UNEXPECTED_PARAMETER));
        assembly.complete_data_set();
        assert!(assembly.at_rest());
        assert_eq!(assembly.admit(pdv(1, true, 9)), Ok(()));
    }

    #[test]
    fn a_command_set_has_a_bound() {
        let mut assembly = Assembly::default();
        assert_eq!(
            assembly.admit(pdv(1, true, MAX_COMMAND_SET as u32 + 1)),
            Err(Abort::INVALID_PARAMETER)
        );
        let mut assembly = Assembly::default();
        assembly.admit(pdv(1, true, 60_000)).unwrap();
        assembly.collect(&vec![0; 60_000]);
        assert_eq!(
            assembly.admit(pdv(1, true, 10_000)),
            Err(Abort::INVALID_PARAMETER)
        );
    }
}
