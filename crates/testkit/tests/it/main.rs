//! What the kit writes, byte by byte, and what its phantoms keep.

#[cfg(test)]
mod encoding;
#[cfg(test)]
mod phantom;
