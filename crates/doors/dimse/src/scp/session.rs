//! An established association: receives messages and answers them, until one side ends it.

use super::Peer;
use super::handshake::Established;
use crate::command::{CommandSet, field};
use crate::commitment::{LONGEST_REPORT, Report};
use crate::message::Assembly;
use crate::negotiation::{Agreement, Context, Service};
use crate::pdu::{Abort, Header, PduType, PdvHeader, RELEASE_RP, write_command};
use crate::status::Verdict;
use crate::wire::{Patience, Transport, Wire, WireError};
use crate::{Commitments, Limits, Status, StoreObject, StoreService};
use intake::{Announced, Arrival, Form, Reason};
use model::{Door, Source};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// After this long without a message an association gives its large buffer back.
const BUFFER_KEPT: Duration = Duration::from_secs(1);

/// Bytes of data sets after which an association lets the others have their turn. A fast peer could keep a
/// thread for itself, since its next bytes are always there already.
const TURN: usize = 1 << 20;

/// How an association ends.
#[derive(Debug)]
enum End {
    Released,
    AbortedByPeer,
    /// The connection is gone without a word.
    Lost,
    /// We end it, for this reason.
    Abort(Abort),
}

impl From<WireError> for End {
    fn from(error: WireError) -> Self {
        match error {
            WireError::TooSlow => Self::Abort(Abort::NOT_SPECIFIED),
            WireError::Closed | WireError::Io(_) => Self::Lost,
        }
    }
}

impl From<Abort> for End {
    fn from(abort: Abort) -> Self {
        Self::Abort(abort)
    }
}

/// Runs an association to its end.
pub(super) async fn run<S: Transport, T: StoreService>(
    wire: Wire<S>,
    association: Established,
    peer: Peer<T>,
) {
    let calling = association.agreement.calling.clone();
    let Established { agreement, place } = association;
    let mut session = Session {
        wire,
        agreement,
        max_pdu: peer.config.max_pdu(),
        limits: &peer.config.limits,
        service: &peer.service,
        commitments: peer.config.commitments.as_ref(),
        going_down: peer.going_down.clone(),
        assembly: Assembly::default(),
        patience: Patience::until(Instant::now()),
        message: None,
        out: Vec::new(),
        turn: 0,
        stored: 0,
        refused: 0,
    };
    let end = session.exchange().await;
    let Session {
        wire,
        stored,
        refused,
        message,
        ..
    } = session;
    // What it held is free before the last word, which may take a moment.
    drop((place, message));
    tracing::info!(peer = %peer.address, %calling, stored, refused, ?end, "association ended");
    match end {
        End::Released => wire.farewell(&RELEASE_RP).await,
        End::Abort(abort) => wire.farewell(&abort.encode()).await,
        End::AbortedByPeer | End::Lost => {}
    }
}

struct Session<'a, S, T: StoreService> {
    wire: Wire<S>,
    agreement: Agreement,
    max_pdu: u32,
    limits: &'a Limits,
    service: &'a T,
    commitments: Option<&'a Commitments>,
    going_down: watch::Receiver<bool>,
    assembly: Assembly,
    /// With the message that is coming.
    patience: Patience,
    /// The request whose data set is coming.
    message: Option<Message<T::Object>>,
    /// Responses are put together here.
    out: Vec<u8>,
    /// Bytes since the others had theirs.
    turn: usize,
    stored: u64,
    refused: u64,
}

/// A request with a data set, while that comes.
struct Message<O> {
    request: CommandSet,
    body: Body<O>,
}

enum Body<O> {
    /// Handed on as it comes.
    Taken(O),
    /// Refused midway: the rest is read and thrown away, so that the association lives on.
    Spurned(O),
    /// A report, whole once it is complete.
    Report(Vec<u8>),
    /// Refused before its first byte.
    Refused(Verdict),
}

impl<S: Transport, T: StoreService> Session<'_, S, T> {
    async fn exchange(&mut self) -> End {
        loop {
            if let Err(end) = self.pdu().await {
                return end;
            }
        }
    }

    /// Receives one PDU and does what it says.
    async fn pdu(&mut self) -> Result<(), End> {
        if self.assembly.at_rest() {
            self.rest().await?;
            // From the first byte of a message to its last.
            self.patience =
                Patience::while_progressing(self.limits.progress_window, self.limits.progress_bytes);
        }
        self.wire.need(Header::LEN, &mut self.patience).await?;
        let Some(header) = Header::decode(self.wire.buffered()) else {
            return Err(End::Lost);
        };
        self.wire.consume(Header::LEN);
        match PduType::from_byte(header.kind) {
            Some(PduType::Data) => self.data(header.length).await,
            Some(PduType::ReleaseRq) if header.length == 4 => Err(End::Released),
            Some(PduType::Abort) => Err(End::AbortedByPeer),
            Some(PduType::ReleaseRq) => Err(Abort::INVALID_PARAMETER.into()),
            _ => Err(Abort::for_misplaced(header).into()),
        }
    }

    /// Waits between messages for the next one.
    async fn rest(&mut self) -> Result<(), End> {
        let begun = Instant::now();
        for deadline in [
            begun + BUFFER_KEPT.min(self.limits.idle),
            begun + self.limits.idle,
        ] {
            let mut patience = Patience::until(deadline);
            tokio::select! {
                biased;
                _ = self.going_down.wait_for(|down| *down) => return Err(Abort::NOT_SPECIFIED.into()),
                waited = self.wire.some(&mut patience) => match waited {
                    Err(WireError::TooSlow) => self.wire.shrink(),
                    other => return Ok(other?),
                },
            }
        }
        Err(Abort::NOT_SPECIFIED.into())
    }

    /// Receives the body of a P-DATA-TF PDU.
    async fn data(&mut self, length: u32) -> Result<(), End> {
        if length > self.max_pdu || length < PdvHeader::LEN as u32 {
            return Err(Abort::INVALID_PARAMETER.into());
        }
        let mut left = length;
        while left > 0 {
            if left < PdvHeader::LEN as u32 {
                return Err(Abort::INVALID_PARAMETER.into());
            }
            self.wire.need(PdvHeader::LEN, &mut self.patience).await?;
            let pdv = PdvHeader::decode(self.wire.buffered(), left).map_err(|_| Abort::INVALID_PARAMETER)?;
            self.wire.consume(PdvHeader::LEN);
            left -= PdvHeader::LEN as u32 + pdv.fragment;
            if self.agreement.context(pdv.context).is_none() {
                return Err(Abort::INVALID_PARAMETER.into());
            }
            self.assembly.admit(pdv)?;
            self.fragment(pdv).await?;
            match (pdv.last, pdv.command) {
                (true, true) => self.command(pdv.context).await?,
                (true, false) => self.data_set_end(pdv.context).await?,
                (false, _) => {}
            }
        }
        Ok(())
    }

    /// Receives the bytes of a fragment, in as many slices as they come.
    async fn fragment(&mut self, pdv: PdvHeader) -> Result<(), End> {
        let mut left = pdv.fragment as usize;
        while left > 0 {
            self.wire.flow(&mut self.patience).await?;
            let buffered = self.wire.buffered();
            let slice = buffered.get(..left).unwrap_or(buffered);
            if pdv.command {
                self.assembly.collect(slice);
            } else if let Some(message) = &mut self.message {
                message.body.take(slice);
            }
            let used = slice.len();
            left -= used;
            self.wire.consume(used);
            self.turn += used;
            if self.turn >= TURN {
                self.turn = 0;
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Acts on a complete command set.
    async fn command(&mut self, context: u8) -> Result<(), End> {
        let request = self.assembly.complete_command()?;
        if request.is_response() {
            return Err(Abort::UNEXPECTED_PARAMETER.into());
        }
        let cancel = request.command_field == field::C_CANCEL_RQ;
        if request.message_id.is_none() && !cancel {
            return Err(Abort::INVALID_PARAMETER.into());
        }
        let Some(negotiated) = self.agreement.context(context) else {
            return Err(Abort::INVALID_PARAMETER.into());
        };
        let body = match (request.command_field, negotiated.service) {
            (field::C_ECHO_RQ, Service::Verification) => Body::Refused(Verdict::SUCCESS),
            (field::C_STORE_RQ, Service::Storage) if request.data_set => {
                begin(self.service, &self.agreement, negotiated, &request)
                    .map_or_else(Body::Refused, Body::Taken)
            }
            (field::C_STORE_RQ, Service::Storage) => {
                Body::Refused(Verdict::new(Status::CANNOT_UNDERSTAND, "no data set follows"))
            }
            (field::N_EVENT_REPORT_RQ, Service::Commitment) if request.data_set => Body::Report(Vec::new()),
            (field::C_ECHO_RQ | field::C_STORE_RQ | field::N_EVENT_REPORT_RQ, _) => {
                Body::Refused(Verdict::new(
                    Status::SOP_CLASS_NOT_SUPPORTED,
                    "not negotiated for this presentation context",
                ))
            }
            // It would cancel an operation that has several responses, and there are none here.
            _ if cancel => {
                return if request.data_set {
                    Err(Abort::INVALID_PARAMETER.into())
                } else {
                    Ok(())
                };
            }
            _ => Body::Refused(Verdict::new(
                Status::UNRECOGNIZED_OPERATION,
                "operation not supported",
            )),
        };
        self.message = Some(Message { request, body });
        if self.assembly.at_rest() {
            self.answer(context).await
        } else {
            Ok(())
        }
    }

    async fn data_set_end(&mut self, context: u8) -> Result<(), End> {
        self.assembly.complete_data_set();
        self.answer(context).await
    }

    /// Hands a report of storage commitment to who awaits it.
    fn report(&self, context: u8, data_set: &[u8]) -> Verdict {
        let report = self
            .agreement
            .context(context)
            .and_then(|context| Report::read(data_set, &context.transfer_syntax));
        let Some(report) = report else {
            return Verdict::new(Status::CANNOT_UNDERSTAND, "the report cannot be read");
        };
        if self
            .commitments
            .is_some_and(|commitments| commitments.tell(report))
        {
            Verdict::SUCCESS
        } else {
            Verdict::new(
                Status::PROCESSING_FAILURE,
                "nobody awaits a report of this transaction",
            )
        }
    }

    /// Responds to a message that came in whole.
    async fn answer(&mut self, context: u8) -> Result<(), End> {
        let Some(Message { request, body }) = self.message.take() else {
            return Ok(());
        };
        let verdict = match body {
            Body::Taken(object) | Body::Spurned(object) => Verdict::from(&object.finish().await),
            Body::Report(data_set) => self.report(context, &data_set),
            Body::Refused(verdict) => verdict,
        };
        if request.command_field == field::C_STORE_RQ {
            let count = if verdict.status.is_stored() {
                &mut self.stored
            } else {
                &mut self.refused
            };
            *count += 1;
        }
        let response = request.response(verdict.status, verdict.comment.as_deref());
        let mut command = Vec::with_capacity(256);
        response.encode(&mut command);
        self.out.clear();
        write_command(&mut self.out, context, &command, self.agreement.peer_max_pdu);
        Ok(self.wire.send(&self.out, self.limits.progress_window).await?)
    }
}

impl<O: StoreObject> Body<O> {
    fn take(&mut self, bytes: &[u8]) {
        if let Self::Report(data_set) = self {
            if data_set.len() + bytes.len() > LONGEST_REPORT {
                *self = Self::Refused(Verdict::new(Status::OUT_OF_RESOURCES, "the report is too long"));
            } else {
                data_set.extend_from_slice(bytes);
            }
            return;
        }
        if let Self::Taken(object) = self
            && object.write(bytes).is_err()
        {
            // `finish` says why.
            *self = match std::mem::replace(self, Self::Refused(Verdict::SUCCESS)) {
                Self::Taken(object) => Self::Spurned(object),
                other => other,
            };
        }
    }
}

/// Opens the reception of an object that a C-STORE-RQ announces.
fn begin<T: StoreService>(
    service: &T,
    agreement: &Agreement,
    context: &Context,
    request: &CommandSet,
) -> Result<T::Object, Verdict> {
    let sop_class = request.affected_sop_class.as_ref();
    if sop_class != Some(&context.abstract_syntax) {
        let why = "Affected SOP Class UID is not the one negotiated";
        return Err(Verdict::new(Status::SOP_CLASS_NOT_SUPPORTED, why));
    }
    let Some(sop_instance) = &request.affected_sop_instance else {
        return Err(Verdict::new(
            Status::INVALID_INSTANCE,
            "Affected SOP Instance UID is missing or no UID",
        ));
    };
    let arrival = Arrival {
        source: Source {
            door: Door::Dimse,
            ae: Some(agreement.calling.as_str().to_owned()),
            authenticated: false,
        },
        form: Form::DataSet(context.transfer_syntax.clone()),
        announced: Some(Announced {
            sop_class_uid: context.abstract_syntax.clone(),
            sop_instance_uid: sop_instance.clone(),
        }),
        study_instance_uid: None,
    };
    service
        .begin(arrival)
        .map_err(|reason: Reason| Verdict::from(&reason))
}
