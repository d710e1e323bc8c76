//! The DICOM network: upper layer, SCP and SCU.
