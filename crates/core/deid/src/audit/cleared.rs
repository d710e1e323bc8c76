//! The proof that the audit ran.

/// Proof that the audit searched these bytes and found nothing. Only the audit makes one.
///
/// ```compile_fail
/// let forged = deid::audit::Cleared { output: Vec::<u8>::new() };
/// ```
#[derive(Debug)]
pub struct Cleared<T> {
    output: T,
}

impl<T> Cleared<T> {
    pub(super) fn new(output: T) -> Self {
        Self { output }
    }

    /// What was searched.
    pub fn output(&self) -> &T {
        &self.output
    }

    /// What was searched; the proof ends here.
    pub fn into_output(self) -> T {
        self.output
    }
}
