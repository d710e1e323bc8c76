//! Tests of reading DICOM.

mod codec;
