//! A peer that writes whatever it is told to, byte by byte.

use crate::gateway::{CT, EXPLICIT, title, uid};
use dimse::command::CommandSet;
use dimse::pdu::{
    APPLICATION_CONTEXT, AssociateAc, AssociateRq, Header, PdvHeader, ProposedContext, TitleField,
    UserInformation, VERSION_1, write_command,
};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Within this time every malformed exchange must have its answer.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// What the gateway did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// A PDU: its type and body.
    Pdu(u8, Vec<u8>),
    /// It closed without a PDU.
    Closed,
}

impl Answer {
    /// The reason of an A-ABORT by the service provider.
    pub(crate) fn abort_reason(&self) -> Option<u8> {
        match self {
            Self::Pdu(7, body) if body[2] == 2 => Some(body[3]),
            _ => None,
        }
    }
}

pub(crate) struct Raw {
    pub(crate) stream: TcpStream,
}

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream }
    }

    /// Connects and agrees on Verification (context 1) and CT (context 3) in Explicit VR Little Endian.
    pub(crate) async fn associate(address: SocketAddr) -> Self {
        let mut raw = Self::connect(address).await;
        let accept = raw.ask(&request()).await;
        assert!(accept.contexts.iter().all(|context| context.result == 0));
        raw
    }

    pub(crate) async fn ask(&mut self, request: &AssociateRq) -> AssociateAc {
        self.send(&request.encode().unwrap()).await;
        match self.answer().await {
            Answer::Pdu(2, body) => AssociateAc::decode(&body).unwrap(),
            other => panic!("no acceptance but {other:?}"),
        }
    }

    /// Sends; a gateway that has closed already is no failure here.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    pub(crate) async fn send_command(&mut self, context: u8, command: &CommandSet) {
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        let mut pdus = Vec::new();
        write_command(&mut pdus, context, &bytes, 0);
        self.send(&pdus).await;
    }

    pub(crate) async fn announce_store(&mut self, instance: &str) {
        self.send_command(3, &CommandSet::store_rq(7, &uid(CT), &uid(instance)))
            .await;
    }

    pub(crate) async fn send_data(&mut self, context: u8, bytes: &[u8], last: bool) {
        self.send(&data(context, bytes, last)).await;
    }

    /// The next PDU, or the end. Fails when neither comes within five seconds.
    pub(crate) async fn answer(&mut self) -> Answer {
        let begun = Instant::now();
        let answer = timeout(ANSWERED_WITHIN, async {
            let mut header = [0; Header::LEN];
            if self.stream.read_exact(&mut header).await.is_err() {
                return Answer::Closed;
            }
            let header = Header::decode(&header).unwrap();
            let mut body = vec![0; header.length as usize];
            match self.stream.read_exact(&mut body).await {
                Ok(_) => Answer::Pdu(header.kind, body),
                Err(_) => Answer::Closed,
            }
        });
        answer
            .await
            .unwrap_or_else(|_| panic!("no answer after {:?}", begun.elapsed()))
    }

    pub(crate) async fn response(&mut self) -> CommandSet {
        match self.answer().await {
            Answer::Pdu(4, body) => CommandSet::decode(&body[PdvHeader::LEN..]).unwrap(),
            other => panic!("no response but {other:?}"),
        }
    }

    /// Waits until the gateway closes.
    pub(crate) async fn closed(&mut self) {
        while self.answer().await != Answer::Closed {}
    }
}

pub(crate) fn request() -> AssociateRq {
    AssociateRq {
        protocol_version: VERSION_1,
        called: TitleField::from(&title("LEADGLASS")),
        calling: TitleField::from(&title("RAW")),
        application_context: Some(uid(APPLICATION_CONTEXT)),
        contexts: vec![
            proposal(1, "1.2.840.10008.1.1", &[EXPLICIT]),
            proposal(3, CT, &[EXPLICIT]),
        ],
        user: UserInformation {
            max_pdu: Some(16_384),
            ..UserInformation::default()
        },
    }
}

pub(crate) fn proposal(id: u8, abstract_syntax: &str, transfer_syntaxes: &[&str]) -> ProposedContext {
    ProposedContext {
        id,
        abstract_syntax: Some(uid(abstract_syntax)),
        transfer_syntaxes: transfer_syntaxes.iter().map(|text| uid(text)).collect(),
    }
}

/// A P-DATA-TF PDU with one data set fragment.
pub(crate) fn data(context: u8, bytes: &[u8], last: bool) -> Vec<u8> {
    let pdv = PdvHeader {
        fragment: bytes.len() as u32,
        context,
        command: false,
        last,
    };
    [&pdv.encode_with_pdu()[..], bytes].concat()
}
