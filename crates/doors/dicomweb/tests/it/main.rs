//! The service as its clients see it, over a real archive.

mod hostile;
mod qido;
mod service;
mod stow;
mod wado;
