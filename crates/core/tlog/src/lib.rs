//! Transparency log per C2SP: tiles, checkpoint, signed note, proofs.
