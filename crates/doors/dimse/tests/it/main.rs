//! The door as its peers see it: over real sockets, with real peers where they are installed.

mod associations;
mod crowd;
mod decoders;
mod gateway;
mod hostile;
mod peers;
mod raw;
mod scu;
mod streaming;
