//! Why a report cannot be made.

/// Why a report cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The page's template failed.
    #[error("the page cannot be written: this is an error in the program, please report it")]
    Page,
    /// The fonts inside the program cannot be used.
    #[error("the fonts inside the program cannot be read: install it anew")]
    Font,
    /// The PDF writer refused.
    #[error(
        "the PDF cannot be written: this is an error in the program, please report it; HTML has the same content"
    )]
    Pdf,
}
