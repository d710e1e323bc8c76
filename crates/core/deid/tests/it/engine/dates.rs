//! Dates: intervals stay, placeholders do not move.

use super::{apply, builtin, slice, value};
use testkit::{DataSet, Vr};

fn study(date: &str, instance: &str) -> DataSet {
    let mut set = slice();
    set.text(0x0008_0018, Vr::UI, instance)
        .text(0x0008_0020, Vr::DA, date)
        .text(0x0008_002A, Vr::DT, format!("{date}101112.500000+0100"));
    set
}

/// Days since some day, by counting.
fn day(date: &str) -> i64 {
    let (year, month, day): (i64, i64, i64) = (
        date[..4].parse().unwrap(),
        date[4..6].parse().unwrap(),
        date[6..8].parse().unwrap(),
    );
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let years: i64 = (1800..year).map(|y| if leap(y) { 366 } else { 365 }).sum();
    let months: i64 = lengths.iter().take(month as usize - 1).sum();
    years + months + i64::from(month > 2 && leap(year)) + day
}

#[test]
fn intervals_are_exact_across_studies_and_years() {
    let profile = builtin("research");
    let dates = [
        "20240229", "20240301", "20231231", "19991231", "20000301", "20380119",
    ];
    let shifted: Vec<String> = dates
        .iter()
        .enumerate()
        .map(|(n, date)| {
            let output = apply(&study(date, &format!("1.2.3.9.{}", n + 1)), &profile);
            let shifted = value(&output, "00080020").unwrap();
            assert_eq!(
                value(&output, "0008002a").unwrap(),
                format!("{shifted}101112.500000+0100")
            );
            assert_eq!(value(&output, "00080030").as_deref(), Some("101112.5"));
            shifted
        })
        .collect();
    let offset = day(&shifted[0]) - day(dates[0]);
    assert!(offset < 0, "dates move into the past");
    for (before, after) in dates.iter().zip(&shifted) {
        assert_eq!(day(after) - day(before), offset);
    }
}

#[test]
fn another_patient_moves_by_another_offset() {
    let profile = builtin("research");
    let offsets: Vec<i64> = (0..8)
        .map(|n| {
            let mut set = study("20240229", "1.2.3.9.1");
            set.text(0x0010_0020, Vr::LO, format!("MRN{n}"));
            day(&value(&apply(&set, &profile), "00080020").unwrap())
        })
        .collect();
    assert!(offsets.iter().any(|offset| *offset != offsets[0]));
}

#[test]
fn placeholders_stay() {
    for date in ["19000101", "00010101", "19700101", "99991231"] {
        let output = apply(&study(date, "1.2.3.9.1"), &builtin("research"));
        assert_eq!(value(&output, "00080020").as_deref(), Some(date));
    }
}

#[test]
fn a_date_that_cannot_be_read_goes() {
    let output = apply(&study("29 Feb 2024", "1.2.3.9.1"), &builtin("research"));
    // Type 2: it stands there, empty or not; never as it was.
    assert_ne!(value(&output, "00080020").as_deref(), Some("29 Feb 2024"));
}

#[test]
fn safe_harbor_keeps_the_year_and_caps_the_age() {
    let mut set = study("20240229", "1.2.3.9.1");
    set.text(0x0010_1010, Vr::AS, "097Y");
    let output = apply(&set, &builtin("safe-harbor"));
    assert_eq!(value(&output, "00080020").as_deref(), Some("20240101"));
    assert_eq!(value(&output, "0008002a").as_deref(), Some("2024"));
    assert_eq!(value(&output, "00101010").as_deref(), Some("090Y"));
    assert_eq!(value(&output, "00081030"), None);
}
