//! What can be wrong with a log, its parts or its proofs.

/// Why a part of the log could not be made, read or believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no frontier.
    #[error("not a frontier: rebuild it from the log's leaves")]
    Frontier,
    /// The bytes are no entry of this format.
    #[error("not a log entry: it needs a known kind and {} bytes", crate::entry::LEN)]
    Entry,
    /// Level, index or width that no tile has.
    #[error("no such tile: level 0 to 63 and width 1 to 256 are needed")]
    Tile,
    /// The path names neither a tile nor an entry bundle.
    #[error("not a tile path: ask for tile/<level>/<index> or tile/entries/<index>, optionally .p/<width>")]
    TilePath,
    /// The bytes are no list of hashes.
    #[error("not a tile: it needs 1 to 256 hashes of 32 bytes")]
    TileBytes,
    /// The source of hashes has not got the tile, or only a part of it.
    #[error("tile {0} is missing or too short: rebuild the tiles from the log's leaves")]
    MissingTile(String),
    /// The bytes are no entry bundle.
    #[error("not an entry bundle: it needs 1 to 256 entries, each after its length")]
    Bundle,
    /// An entry too long for the u16 length of a bundle.
    #[error("entry of {0} bytes does not fit a bundle: shorten it to 65535")]
    EntryTooLong(usize),
    /// A proof was asked for an entry that the tree has not got.
    #[error("no entry {index} in a log of size {size}: ask for a smaller index or a larger size")]
    NoSuchEntry {
        /// The entry asked for, from 0.
        index: u64,
        /// Entries in the tree.
        size: u64,
    },
    /// A consistency proof was asked from a larger tree to a smaller one.
    #[error("a log of size {new} cannot extend one of size {old}: ask from the smaller to the larger")]
    NotAnExtension {
        /// The size to start from.
        old: u64,
        /// The size to arrive at.
        new: u64,
    },
    /// The proof does not lead to the root: another entry, another tree, or a forged proof.
    #[error("proof does not lead to the root: the log does not contain what is claimed")]
    Unproven,
    /// The two trees share no history: a roll-back, a fork, or a forged proof.
    #[error("proof does not join the two roots: the log may have been rewritten")]
    Inconsistent,
    /// The name cannot be that of a key.
    #[error("not a key name: it must be non-empty, without spaces, plus or control characters")]
    KeyName,
    /// The text is no Ed25519 verifier key.
    #[error("not a verifier key: name+id+base64 of an Ed25519 key is needed")]
    VerifierKey,
    /// The text cannot be signed as a note.
    #[error("not a note text: it must end with a newline and have no other control character")]
    NoteText,
    /// The text is no signed note.
    #[error("not a signed note: text, an empty line and signature lines are needed")]
    Note,
    /// Nobody whom we know has signed the note.
    #[error("note is not signed by {0}: ask for one that is, or trust another key")]
    Unsigned(String),
    /// The signature under the note is wrong.
    #[error("signature by {0} is wrong: the note was altered")]
    Signature(String),
    /// The text is no checkpoint.
    #[error("not a checkpoint: origin, size and root are needed, a line each")]
    Checkpoint,
    /// The checkpoint is that of another log.
    #[error("checkpoint is of another log: {0} was expected")]
    Origin(String),
    /// The text is no `tlog-proof`.
    #[error("not a log proof: a text of c2sp.org/tlog-proof@v1 is needed")]
    ProofText,
    /// The text is no consistency proof.
    #[error("not a consistency proof: old and new size and the hashes are needed, a line each")]
    ConsistencyText,
}
