//! Synthetic scans, a fake modality, a whole gateway in one process.
