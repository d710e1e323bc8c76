//! CSV: RFC 4180, and no formulas.

use crate::sample::{account, everything, party, release};
use disclosure::{Asked, DISCLOSURE_COLUMNS, EVENT_COLUMNS, Reader, View, csv};
use model::Purpose;

/// Reads RFC 4180 strictly.
fn parse(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        rest = rest.strip_prefix('"').unwrap();
        let mut field = String::new();
        loop {
            let (before, after) = rest.split_once('"').unwrap();
            field.push_str(before);
            rest = after;
            match after.strip_prefix('"') {
                Some(after) => {
                    field.push('"');
                    rest = after;
                }
                None => break,
            }
        }
        row.push(field);
        if let Some(after) = rest.strip_prefix(',') {
            rest = after;
        } else {
            rest = rest.strip_prefix("\r\n").unwrap();
            rows.push(std::mem::take(&mut row));
        }
    }
    assert!(row.is_empty());
    rows
}

#[test]
fn every_line_has_the_columns_of_the_header() {
    let account = everything();
    let everything = parse(&csv(&account, Asked::default()));
    assert_eq!(everything[0], EVENT_COLUMNS);
    assert_eq!(everything.len(), account.visible(Reader::Patient).len() + 1);
    assert!(everything.iter().all(|row| row.len() == EVENT_COLUMNS.len()));
    let legal = Asked {
        view: View::Legal,
        ..Asked::default()
    };
    let legal = parse(&csv(&account, legal));
    assert_eq!(legal[0], DISCLOSURE_COLUMNS);
    assert_eq!(legal[1][..4], ["2024-03-01", "2026-03-01", "3", "County Court"]);
}

#[test]
fn no_field_is_a_formula_and_none_loses_text() {
    let nasty = [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "a\",\"=1", "|calc", "x\n=1",
        "%0A",
    ];
    for text in nasty {
        let account = account(vec![release(
            "1",
            "2026-01-01",
            &party("x", text),
            Purpose::Hlegal,
        )]);
        let rows = parse(&csv(&account, Asked::default()));
        let field = &rows[1][5];
        assert!(
            field == text || field.strip_prefix('\'') == Some(text),
            "{field:?}"
        );
        assert!(
            !field
                .trim_start()
                .starts_with(['=', '+', '-', '@', '＝', '|', '%']),
            "{field:?}"
        );
    }
}
