//! Transparency log per C2SP: tiles, checkpoint, signed note, proofs.
//!
//! A log is an append-only list of [entries](Entry) under one Merkle tree (RFC 6962, SHA-256). Its head is a
//! signed [checkpoint](Checkpoint); its tree is published as static [tiles](tile); a
//! [`TlogProof`] shows anyone, offline, that an entry is in it; a
//! [`ConsistencyProof`] shows that one head only added to another.
//!
//! Everything here is a function of its arguments: tiles come in through [`Hashes`], keys and times as values.
//!
//! ```
//! use tlog::{MemoryLog, checkpoint::Checkpoint, entry, note::Signer, proof, tlog_proof::TlogProof};
//!
//! let signer = Signer::new("log.example/scans", [7; 32])?;
//! let sealed = entry::Entry { kind: entry::Kind::Seal, time_s: 1_700_000_000, commitment: [1; 32] };
//!
//! let mut log = MemoryLog::new();
//! log.append(sealed.leaf_hash());
//! log.append(tlog::leaf_hash(b"another entry"));
//!
//! let head = Checkpoint::new("log.example/scans", log.size(), log.root());
//! let proof = TlogProof {
//!     extra: None,
//!     index: 0,
//!     inclusion: proof::inclusion(0, log.size(), &log)?,
//!     checkpoint: head.signed(&signer)?,
//! };
//!
//! // Whoever has the log's public key can check it, with nothing else at hand.
//! let received = TlogProof::parse(&proof.encode())?;
//! assert_eq!(received.verify(&sealed.leaf_hash(), &signer.verifier(), "log.example/scans")?, head);
//! # Ok::<(), tlog::Error>(())
//! ```

pub mod bundle;
pub mod checkpoint;
mod edge;
pub mod entry;
mod error;
mod frontier;
pub mod hash;
mod line;
mod memory;
pub mod note;
pub mod proof;
mod source;
pub mod tile;
pub mod tlog_proof;

pub use checkpoint::Checkpoint;
pub use edge::Edge;
pub use entry::{Entry, Kind};
pub use error::Error;
pub use frontier::Frontier;
pub use hash::{Hash, empty_root, leaf_hash, node_hash};
pub use memory::MemoryLog;
pub use note::{Signer, Verifier};
pub use source::Hashes;
pub use tile::Tile;
pub use tlog_proof::{ConsistencyProof, TlogProof};
