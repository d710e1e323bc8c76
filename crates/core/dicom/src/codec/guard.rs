//! Decoders that are not ours may panic on broken input; here that is an error like any other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::CodecError;

/// Runs a decoder that is not ours. What it leaves behind when it panics is dropped, never looked at.
pub(super) fn guarded<T>(
    codec: &'static str,
    decode: impl FnOnce() -> Result<T, CodecError>,
) -> Result<T, CodecError> {
    let fault = "the decoder gave up on it";
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or(Err(CodecError::Malformed { codec, fault }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let decoded: Result<(), _> = guarded("test", || panic!("broken input"));
        assert!(matches!(
            decoded,
            Err(CodecError::Malformed { codec: "test", .. })
        ));
        assert_eq!(guarded("test", || Ok(7)), Ok(7));
    }
}
