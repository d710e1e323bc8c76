//! Storage commitment on an association that this side requested: N-ACTION out, N-EVENT-REPORT in (PS3.4 annex J).

use super::{Association, Error, Response, read_pdu};
use crate::Progress;
use crate::Status;
use crate::command::{CommandSet, field};
use crate::commitment::{LONGEST_REPORT, Report, SOP_CLASS, SOP_INSTANCE, data_set};
use crate::message::Assembly;
use crate::pdu::{Abort, PduType, PdvHeader};
use crate::wire::Patience;
use model::Uid;
use tokio::time::Instant;

/// Action Type ID "Request Storage Commitment".
const REQUEST: u16 = 1;

/// Its data sets are written in Implicit VR Little Endian, the only one that is proposed.
const IMPLICIT_LE: &str = "1.2.840.10008.1.2";

impl Association {
    /// N-ACTION: asks the peer to keep these instances, each with its SOP class.
    pub(crate) async fn ask_commitment(
        &mut self,
        transaction: &Uid,
        instances: &[(Uid, Uid)],
    ) -> Result<Response, Error> {
        let context = self.agreed.commitment.ok_or(Error::NoCommitment)?;
        let id = self.message_id();
        let command = CommandSet::action_rq(id, SOP_CLASS, SOP_INSTANCE, REQUEST);
        self.message(context, &command, &data_set(transaction, instances)[..])
            .await?;
        let response = self.response(context, id).await?;
        self.progress = Progress::AtRest;
        Ok(response)
    }

    /// N-EVENT-REPORT: waits for a report on this association and answers it. Dropped while one is coming, it leaves
    /// [`is_between_messages`](Self::is_between_messages) false.
    pub(crate) async fn commitment_report(&mut self) -> Result<Report, Error> {
        let context = self.agreed.commitment.ok_or(Error::NoCommitment)?;
        let mut patience = Patience::until(Instant::now() + self.timeouts.response);
        self.wire.some(&mut patience).await?;
        self.incoming = true;
        let (mut assembly, mut request, mut report) = (Assembly::default(), None, Vec::new());
        loop {
            let (kind, body) = read_pdu(&mut self.wire, &mut patience).await?;
            match kind {
                PduType::Data => {}
                PduType::Abort => return Err(Error::Aborted(Abort::decode(&body)?)),
                _ => return Err(Error::Protocol("a PDU that does not belong here")),
            }
            let mut left = body.as_slice();
            while !left.is_empty() {
                let pdv = PdvHeader::decode(left, left.len() as u32)?;
                let (fragment, rest) = left
                    .split_at_checked(PdvHeader::LEN + pdv.fragment as usize)
                    .ok_or(Error::Protocol("a fragment that reaches past its PDU"))?;
                left = rest;
                let fragment = fragment.get(PdvHeader::LEN..).unwrap_or_default();
                if pdv.context != context {
                    return Err(Error::Protocol("a report on another presentation context"));
                }
                assembly
                    .admit(pdv)
                    .map_err(|_| Error::Protocol("fragments out of their order"))?;
                if pdv.command {
                    assembly.collect(fragment);
                } else if report.len() + fragment.len() > LONGEST_REPORT {
                    return Err(Error::Protocol("a report that is too long"));
                } else {
                    report.extend_from_slice(fragment);
                }
                match (pdv.last, pdv.command) {
                    (false, _) => {}
                    (true, true) => {
                        let command = assembly
                            .complete_command()
                            .map_err(|_| Error::Protocol("a command set that cannot be read"))?;
                        let expected = command.command_field == field::N_EVENT_REPORT_RQ
                            && command.data_set
                            && command.message_id.is_some();
                        if !expected {
                            return Err(Error::Protocol("a message that is no report"));
                        }
                        request = Some(command);
                    }
                    (true, false) => {
                        let request: CommandSet = request.ok_or(Error::Protocol("no command"))?;
                        let read = Uid::new(IMPLICIT_LE)
                            .ok()
                            .and_then(|uid| Report::read(&report, &uid));
                        let status = if read.is_some() {
                            Status::SUCCESS
                        } else {
                            Status::CANNOT_UNDERSTAND
                        };
                        self.send_command(context, &request.response(status, None))
                            .await?;
                        self.incoming = !left.is_empty();
                        return read.ok_or(Error::Protocol("a report that cannot be read"));
                    }
                }
            }
        }
    }

    /// True when no message is half-way, in either direction.
    pub(crate) fn is_between_messages(&self) -> bool {
        self.progress == Progress::AtRest && !self.incoming && !self.torn
    }
}
