//! Canonical digests, the seal statement, its signature, and what changed since.
