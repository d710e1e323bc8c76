//! Calendar dates and the ways to write them.

/// A day, in the Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) struct Date {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Days that stand for "no date". They say nothing about a patient.
const PLACEHOLDERS: [(u16, u8, u8); 12] = [
    (1, 1, 1),
    (1111, 11, 11),
    (1582, 10, 15),
    (1601, 1, 1),
    (1753, 1, 1),
    (1858, 11, 17),
    (1899, 12, 30),
    (1900, 1, 1),
    (1970, 1, 1),
    (1980, 1, 1),
    (2000, 1, 1),
    (9999, 12, 31),
];

impl Date {
    pub(super) fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let plausible = (1..=12).contains(&month) && (1..=31).contains(&day);
        (plausible && !PLACEHOLDERS.contains(&(year, month, day))).then_some(Self { year, month, day })
    }

    /// The day of a DA or DT value: `YYYYMMDD...`, or `YYYY.MM.DD` as ACR-NEMA wrote it.
    pub(super) fn of_value(value: &str) -> Option<Self> {
        let value = value.trim_matches([' ', '\0']);
        let old = value.len() == 10 && value.get(4..5) == Some(".") && value.get(7..8) == Some(".");
        let digits = if old {
            value.replace('.', "")
        } else {
            value.get(..8)?.to_owned()
        };
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Self::new(
            digits.get(..4)?.parse().ok()?,
            digits.get(4..6)?.parse().ok()?,
            digits.get(6..8)?.parse().ok()?,
        )
    }

    /// Folded spellings with blanks between the parts.
    pub(super) fn spaced(self) -> Vec<String> {
        let Self { year, month, day } = self;
        let name = MONTHS.get(usize::from(month) - 1).copied().unwrap_or_default();
        let short = name.get(..3).unwrap_or_default();
        let mut all = vec![
            format!("{year:04} {month:02} {day:02}"),
            format!("{day:02} {month:02} {year:04}"),
            format!("{month:02} {day:02} {year:04}"),
        ];
        if month < 10 || day < 10 {
            all.push(format!("{year:04} {month} {day}"));
            all.push(format!("{day} {month} {year:04}"));
            all.push(format!("{month} {day} {year:04}"));
        }
        for month in [name, short] {
            all.push(format!("{day:02} {month} {year:04}"));
            all.push(format!("{month} {day:02} {year:04}"));
            all.push(format!("{year:04} {month} {day:02}"));
            if day < 10 {
                all.push(format!("{day} {month} {year:04}"));
                all.push(format!("{month} {day} {year:04}"));
            }
            // 1st, 2nd, 3rd, 4th.
            let ending = match day {
                1 | 21 | 31 => "st",
                2 | 22 => "nd",
                3 | 23 => "rd",
                _ => "th",
            };
            all.push(format!("{day}{ending} {month} {year:04}"));
            all.push(format!("{month} {day}{ending} {year:04}"));
        }
        all.push(format!("{day:02}{short}{year:04}"));
        all.push(format!("{day:02}{month:02}{year:04}"));
        all.push(format!("{month:02}{day:02}{year:04}"));
        all
    }

    /// `YYYYMMDD`, which may begin a longer number (a time behind it).
    pub(super) fn compact(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// Spellings with a year of two digits, for dates of birth alone: they are short.
    pub(super) fn with_short_year(self) -> [String; 3] {
        let (year, month, day) = (self.year % 100, self.month, self.day);
        [
            format!("{year:02}{month:02}{day:02}"),
            format!("{day:02} {month:02} {year:02}"),
            format!("{month:02} {day:02} {year:02}"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn placeholders_are_no_dates() {
        for value in [
            "19000101", "18581117", "99991231", "20041301", "2004", "", "20040100",
        ] {
            assert_eq!(Date::of_value(value), None, "{value}");
        }
        assert_eq!(Date::of_value("20040119"), Date::of_value("2004.01.19"));
        assert_eq!(Date::of_value("20040119120000.5+0100"), Date::new(2004, 1, 19));
    }
}
