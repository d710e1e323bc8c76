//! The report as a page that stands alone: no script, nothing loaded from elsewhere.

use crate::sheet::Sheet;
use crate::{Account, Asked, ReportError};
use askama::Template;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    sheet: &'a Sheet,
}

/// The report as an HTML page, to be shown, saved or printed.
///
/// # Errors
/// When the page cannot be written.
pub fn html(account: &Account, asked: Asked) -> Result<String, ReportError> {
    let sheet = Sheet::of(account, asked);
    Page { sheet: &sheet }.render().map_err(|_| ReportError::Page)
}
