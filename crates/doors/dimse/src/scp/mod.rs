//! The service class provider: accepts connections, each of which is a task of its own.

mod admission;
mod handshake;
mod session;

use crate::wire::Wire;
use crate::{Config, StoreService};
use admission::Admission;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// Connections that the kernel keeps while they wait to be accepted.
const BACKLOG: u32 = 4096;

/// How long accepting rests when the process has no file descriptor left, until some are free again.
const EXHAUSTED: Duration = Duration::from_millis(5);

/// Listens on an address with a backlog that a burst of connections does not fill.
///
/// # Errors
/// When the address is taken or not this machine's.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves C-ECHO and C-STORE until `shutdown` resolves; then lets messages that are under way end, and aborts
/// the associations.
///
/// Each association needs a file descriptor, and so does each object that the service spools: the process'
/// limit should exceed `max_associations` + `max_handshakes`. At the limit, connections without an association
/// are closed first.
pub async fn serve<T: StoreService>(
    listener: TcpListener,
    config: Config,
    service: T,
    shutdown: impl Future<Output = ()>,
) {
    let (going_down, is_going_down) = watch::channel(false);
    let admission = Arc::new(Admission::new(&config.limits));
    let config = Arc::new(config);
    let mut peers = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => break,
            Some(ended) = peers.join_next() => note_panic(ended),
            accepted = listener.accept() => match accepted {
                Ok((stream, address)) => {
                    let peer = Peer {
                        address: address.ip().to_canonical(),
                        config: Arc::clone(&config),
                        admission: Arc::clone(&admission),
                        service: service.clone(),
                        going_down: is_going_down.clone(),
                    };
                    let ticket = admission.arrive(peer.address);
                    let id = ticket.id();
                    let from = peer.address;
                    admission.watch(from, id, peers.spawn(peer.attend(stream, ticket)));
                }
                Err(error) if is_exhausted(&error) => {
                    tracing::warn!("no file descriptor left for a new connection: raise the process' limit");
                    admission.thin_out();
                    sleep(EXHAUSTED).await;
                }
                // The peer was gone before it was accepted: nothing to do with the next one.
                Err(_) => {}
            }
        }
    }
    drop(listener);
    admission.evict_all();
    going_down.send_replace(true);
    let rest = async {
        while let Some(ended) = peers.join_next().await {
            note_panic(ended);
        }
    };
    if timeout(config.limits.shutdown_grace, rest).await.is_err() {
        tracing::warn!("associations did not end in time and were cut");
        peers.shutdown().await;
    }
}

fn note_panic(ended: Result<(), tokio::task::JoinError>) {
    if ended.is_err_and(|error| error.is_panic()) {
        tracing::error!("an association failed inside this gateway; its last object was not acknowledged");
    }
}

/// EMFILE, ENFILE and ENOBUFS have no stable kind of their own; everything else that accept reports concerns
/// one connection (accept(2)).
fn is_exhausted(error: &io::Error) -> bool {
    !matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
            | io::ErrorKind::NotConnected
            | io::ErrorKind::TimedOut
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
    )
}

/// Everything that one connection's task needs to know.
struct Peer<T> {
    address: IpAddr,
    config: Arc<Config>,
    admission: Arc<Admission>,
    service: T,
    going_down: watch::Receiver<bool>,
}

impl<T: StoreService> Peer<T> {
    async fn attend(self, stream: TcpStream, ticket: admission::Ticket) {
        let artim = Instant::now() + self.config.limits.artim;
        // An answer that waits for more to send would only be late (Nagle).
        let _ = stream.set_nodelay(true);
        let mut wire = Wire::new(stream);
        match handshake::accept(&mut wire, &self, artim, ticket).await {
            Ok(association) => session::run(wire, association, self).await,
            Err(refusal) => refusal.tell(wire, self.address).await,
        }
    }
}
