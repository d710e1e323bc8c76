//! What is kept: index, blobs, keys, log; durable in groups.
