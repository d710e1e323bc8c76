//! Compressed pixels are decoded in a child process with limits.
