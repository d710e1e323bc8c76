//! The service class user: requests an association, verifies, sends objects, releases.

mod commit;
mod request;

pub use request::{Proposal, Request, Timeouts};

use crate::Status;
use crate::command::CommandSet;
use crate::message::Assembly;
use crate::pdu::{
    Abort, AssociateAc, DecodeError, Header, PduType, PdvHeader, RELEASE_RP, RELEASE_RQ, Reject, TooLong,
    write_command,
};
use crate::wire::{Patience, Wire, WireError};
use model::Uid;
use request::Agreed;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpStream, ToSocketAddrs};
use tokio::time::{Instant, timeout};

/// The longest P-DATA-TF body that is sent to peers that take any length, in bytes.
const LONGEST_SENT: u32 = 131_072;

/// The longest PDU body that is read whole: acceptances, with room for 128 contexts.
const LONGEST_READ: u32 = 64 * 1024;

/// Why an association could not be had, or was lost.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nobody answers at the address.
    #[error("cannot connect: {0}; check host and port")]
    Connect(#[source] io::Error),
    /// The peer refuses the association.
    #[error("the peer rejected the association: {0}")]
    Rejected(Reject),
    /// The peer, or this side over the peer's fault, ended the association.
    #[error("association aborted: {0}")]
    Aborted(Abort),
    /// The peer answers with what the standard does not allow.
    #[error("the peer broke the protocol: {0}")]
    Protocol(&'static str),
    /// The peer did not answer in time.
    #[error("the peer did not answer in time")]
    TimedOut,
    /// The connection broke.
    #[error("the connection failed: {0}")]
    Connection(#[source] io::Error),
    /// The peer does not take requests for storage commitment, or was not asked whether it does.
    #[error("storage commitment was not agreed on")]
    NoCommitment,
    /// The object itself could not be read.
    #[error("cannot read the object to send: {0}")]
    Source(#[source] io::Error),
    /// The peer accepted no presentation context for this SOP class and transfer syntax.
    #[error("no presentation context for SOP class {sop_class} in transfer syntax {transfer_syntax}")]
    NoContext {
        /// The SOP class.
        sop_class: Uid,
        /// The transfer syntax.
        transfer_syntax: Uid,
    },
    /// The peer does not answer C-ECHO, or was not asked whether it does.
    #[error("verification was not agreed on")]
    NoVerification,
    /// The request does not fit its PDU.
    #[error(transparent)]
    TooLong(#[from] TooLong),
}

impl From<WireError> for Error {
    fn from(error: WireError) -> Self {
        match error {
            WireError::TooSlow => Self::TimedOut,
            WireError::Closed => Self::Connection(io::ErrorKind::UnexpectedEof.into()),
            WireError::Io(error) => Self::Connection(error),
        }
    }
}

impl From<DecodeError> for Error {
    fn from(_: DecodeError) -> Self {
        Self::Protocol("a PDU that cannot be read")
    }
}

/// What the peer responds to a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Response {
    /// Its status.
    pub status: Status,
    /// Its Error Comment (0000,0902). Text from the peer: it may hold anything.
    pub error_comment: Option<String>,
}

/// How far the message under way got. A future that was dropped midway leaves it as it was then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Progress {
    /// No message is under way: the last one has its answer.
    #[default]
    AtRest,
    /// Its last byte has not been handed to the network.
    Sending,
    /// Its last byte was handed to the network, and no answer came yet.
    Sent,
}

/// An association that this side requested. Dropped without [`Association::release`], the connection just closes.
pub struct Association {
    wire: Wire<TcpStream>,
    agreed: Agreed,
    timeouts: Timeouts,
    next_message_id: u16,
    /// PDUs are put together here: one buffer for the association's life.
    out: Vec<u8>,
    progress: Progress,
    /// A PDU was begun and not written to its end: whatever is written next would be taken for its rest.
    torn: bool,
    /// A message of the peer's has begun to come and was not read to its end.
    incoming: bool,
}

impl Association {
    /// Connects to an address, as `("pacs.example", 104)`, and requests an association.
    ///
    /// # Errors
    /// When nobody answers in time, or the peer rejects.
    pub async fn request(address: impl ToSocketAddrs, request: &Request) -> Result<Self, Error> {
        let timeouts = request.timeouts.clone();
        let connecting = timeout(timeouts.connect, TcpStream::connect(address)).await;
        let stream = connecting.map_err(|_| Error::TimedOut)?.map_err(Error::Connect)?;
        stream.set_nodelay(true).map_err(Error::Connect)?;
        let mut wire = Wire::new(stream);
        wire.send(&request.pdu()?.encode()?, timeouts.send).await?;
        let mut patience = Patience::until(Instant::now() + timeouts.associate);
        let (kind, body) = read_pdu(&mut wire, &mut patience).await?;
        let agreed = match kind {
            PduType::AssociateAc => request.agree(AssociateAc::decode(&body)?)?,
            PduType::AssociateRj => return Err(Error::Rejected(Reject::decode(&body)?)),
            PduType::Abort => return Err(Error::Aborted(Abort::decode(&body)?)),
            _ => return Err(Error::Protocol("no answer to the association request")),
        };
        Ok(Self {
            wire,
            agreed,
            timeouts,
            next_message_id: 1,
            out: Vec::new(),
            progress: Progress::AtRest,
            torn: false,
            incoming: false,
        })
    }

    /// True when an object of this SOP class in this transfer syntax can be sent.
    pub fn takes(&self, sop_class: &Uid, transfer_syntax: &Uid) -> bool {
        self.agreed.context(sop_class, transfer_syntax).is_some()
    }

    /// The transfer syntaxes in which the peer takes this SOP class.
    pub fn transfer_syntaxes(&self, sop_class: &Uid) -> impl Iterator<Item = &Uid> {
        self.agreed.transfer_syntaxes(sop_class)
    }

    /// How far the message under way got.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// C-ECHO: is the peer there?
    ///
    /// # Errors
    /// When Verification was not agreed on, or the association breaks.
    pub async fn echo(&mut self) -> Result<Response, Error> {
        let context = self.agreed.verification.ok_or(Error::NoVerification)?;
        let id = self.message_id();
        self.send_command(context, &CommandSet::echo_rq(id)).await?;
        self.response(context, id).await
    }

    /// C-STORE: sends one object, whose `data_set` is its bytes in this transfer syntax without preamble and file
    /// meta information. It streams: memory does not grow with the object.
    ///
    /// # Errors
    /// When there is no presentation context for it, `data_set` cannot be read (the association is unusable
    /// then), or the association breaks. A refusal by the peer is no error but a [`Response`].
    pub async fn store(
        &mut self,
        sop_class: &Uid,
        sop_instance: &Uid,
        transfer_syntax: &Uid,
        data_set: impl AsyncRead + Unpin,
    ) -> Result<Response, Error> {
        let context = self
            .agreed
            .context(sop_class, transfer_syntax)
            .ok_or_else(|| Error::NoContext {
                sop_class: sop_class.clone(),
                transfer_syntax: transfer_syntax.clone(),
            })?;
        let id = self.message_id();
        let command = CommandSet::store_rq(id, sop_class, sop_instance);
        self.message(context, &command, data_set).await?;
        let response = self.response(context, id).await?;
        self.progress = Progress::AtRest;
        Ok(response)
    }

    /// Sends a command with its data set.
    async fn message(
        &mut self,
        context: u8,
        command: &CommandSet,
        data_set: impl AsyncRead + Unpin,
    ) -> Result<(), Error> {
        self.progress = Progress::Sending;
        self.send_command(context, command).await?;
        match self.send_data_set(context, data_set).await {
            // A peer that ended the association says why before it closes.
            Err(Error::Connection(error)) => Err(self.last_words().await.unwrap_or(Error::Connection(error))),
            other => other,
        }
    }

    /// Releases the association in order.
    ///
    /// # Errors
    /// When the peer does not agree in time.
    pub async fn release(mut self) -> Result<(), Error> {
        self.wire.send(&RELEASE_RQ, self.timeouts.send).await?;
        let mut patience = Patience::until(Instant::now() + self.timeouts.associate);
        match read_pdu(&mut self.wire, &mut patience).await? {
            (PduType::ReleaseRp, _) => Ok(()),
            // Both sides at once: answer, and wait for the answer to ours (PS3.8 table 9-10, release collision).
            (PduType::ReleaseRq, _) => {
                self.wire.send(&RELEASE_RP, self.timeouts.send).await?;
                read_pdu(&mut self.wire, &mut patience).await.map(|_| ())
            }
            (PduType::Abort, body) => Err(Error::Aborted(Abort::decode(&body)?)),
            _ => Err(Error::Protocol("no answer to the release request")),
        }
    }

    /// Ends the association at once: the peer is told where it can still be, and what has not reached it yet is
    /// thrown away. It takes at most a second.
    pub async fn abort(self) {
        self.wire.forget_on_close();
        // In the midst of a PDU the A-ABORT would be taken for its rest, and could even complete the object.
        if !self.torn {
            self.wire.farewell(&Abort::USER.encode()).await;
        }
    }

    /// Writes whole PDUs.
    async fn send_pdus(&mut self, length: usize) -> Result<(), Error> {
        let pdus = self.out.get(..length).unwrap_or_default();
        self.torn = true;
        self.wire.send(pdus, self.timeouts.send).await?;
        self.torn = false;
        Ok(())
    }

    fn message_id(&mut self) -> u16 {
        let id = self.next_message_id;
        self.next_message_id = id.checked_add(1).unwrap_or(1);
        id
    }

    async fn send_command(&mut self, context: u8, command: &CommandSet) -> Result<(), Error> {
        let mut bytes = Vec::with_capacity(256);
        command.encode(&mut bytes);
        self.out.clear();
        write_command(&mut self.out, context, &bytes, self.agreed.peer_max_pdu);
        self.send_pdus(self.out.len()).await
    }

    /// Sends a data set in PDUs as long as the peer takes. It reads one byte ahead, to know which is the last.
    async fn send_data_set(
        &mut self,
        context: u8,
        mut data_set: impl AsyncRead + Unpin,
    ) -> Result<(), Error> {
        const HEADERS: usize = Header::LEN + PdvHeader::LEN;
        let limit = match self.agreed.peer_max_pdu {
            0 => LONGEST_SENT,
            limit => limit.min(LONGEST_SENT),
        };
        let room = (limit as usize).saturating_sub(PdvHeader::LEN).max(1);
        self.out.resize(HEADERS + room + 1, 0);
        let mut filled = 0;
        loop {
            while filled <= room {
                let free = self.out.get_mut(HEADERS + filled..).unwrap_or_default();
                match data_set.read(free).await.map_err(Error::Source)? {
                    0 => break,
                    bytes => filled += bytes,
                }
            }
            let fragment = filled.min(room);
            let last = filled <= room;
            let pdv = PdvHeader {
                fragment: fragment as u32,
                context,
                command: false,
                last,
            };
            self.out
                .iter_mut()
                .zip(pdv.encode_with_pdu())
                .for_each(|(byte, value)| *byte = value);
            self.send_pdus(HEADERS + fragment).await?;
            if last {
                // Without a pause after the write: a future that is dropped was dropped before or after both.
                self.progress = Progress::Sent;
                return Ok(());
            }
            self.out.copy_within(HEADERS + room.., HEADERS);
            filled = 1;
        }
    }

    /// Receives the response to this message.
    async fn response(&mut self, context: u8, message_id: u16) -> Result<Response, Error> {
        let mut patience = Patience::until(Instant::now() + self.timeouts.response);
        let mut assembly = Assembly::default();
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
                if pdv.context != context || !pdv.command {
                    return Err(Error::Protocol(
                        "a response on another presentation context or with a data set",
                    ));
                }
                assembly
                    .admit(pdv)
                    .map_err(|_| Error::Protocol("a command set that is too long"))?;
                assembly.collect(fragment.get(PdvHeader::LEN..).unwrap_or_default());
                if !pdv.last {
                    continue;
                }
                let command = assembly
                    .complete_command()
                    .map_err(|_| Error::Protocol("a command set that cannot be read"))?;
                let Some(status) = command.status.filter(|_| command.is_response()) else {
                    return Err(Error::Protocol("no response"));
                };
                if command.responded_to != Some(message_id) || command.data_set || !left.is_empty() {
                    return Err(Error::Protocol("a response to another message"));
                }
                return Ok(Response {
                    status,
                    error_comment: command.error_comment,
                });
            }
        }
    }

    /// After sending failed: the abort that the peer sent before it closed, if it did.
    async fn last_words(&mut self) -> Option<Error> {
        let mut patience = Patience::until(Instant::now() + self.timeouts.last_words);
        let (kind, body) = read_pdu(&mut self.wire, &mut patience).await.ok()?;
        (kind == PduType::Abort)
            .then(|| Abort::decode(&body).ok().map(Error::Aborted))
            .flatten()
    }
}

/// Reads one PDU whole. What a provider sends an SCU is small; the longest is bounded.
async fn read_pdu(wire: &mut Wire<TcpStream>, patience: &mut Patience) -> Result<(PduType, Vec<u8>), Error> {
    wire.need(Header::LEN, patience).await?;
    let header = Header::decode(wire.buffered()).ok_or(Error::Protocol("no PDU header"))?;
    let kind = PduType::from_byte(header.kind).ok_or(Error::Protocol("an unknown PDU type"))?;
    if header.length > LONGEST_READ {
        return Err(Error::Protocol("a PDU longer than was agreed"));
    }
    wire.consume(Header::LEN);
    let length = header.length as usize;
    wire.need(length, patience).await?;
    let body = wire.buffered().get(..length).unwrap_or_default().to_vec();
    wire.consume(length);
    Ok((kind, body))
}
