//! The verify page, the public log, health.
