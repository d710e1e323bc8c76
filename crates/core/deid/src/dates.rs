//! Dates and times (PS3.5 6.2 DA, TM, DT): shifted by whole days, so that every interval stays exact.

/// How a profile treats dates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dates {
    /// Gone, as the basic profile says.
    Remove,
    /// Moved by an offset of the patient's own (PS3.15 E.3.6 modified dates).
    Shift,
    /// As they are (PS3.15 E.3.6 full dates).
    Keep,
    /// The year alone, times gone (45 CFR 164.514(b)(2)(i)(C)).
    Year,
}

/// Dates that stand for "not known". Moved, they would tell by how much.
const PLACEHOLDERS: [(i64, u32, u32); 14] = [
    (1, 1, 1),
    (1600, 1, 1),
    (1601, 1, 1),
    (1753, 1, 1),
    (1800, 1, 1),
    (1858, 11, 17),
    (1899, 12, 30),
    (1899, 12, 31),
    (1900, 1, 1),
    (1901, 1, 1),
    (1904, 1, 1),
    (1970, 1, 1),
    (9999, 12, 31),
    (9999, 1, 1),
];

/// A calendar date, or its beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Date {
    year: i64,
    month: Option<u32>,
    day: Option<u32>,
}

fn digits(text: &str) -> Option<u32> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())
        .flatten()
}

fn month_length(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl Date {
    /// Reads YYYY, YYYYMM or YYYYMMDD; `None` for anything that is no date.
    fn read(text: &str) -> Option<Self> {
        let part = |from: usize, to: usize| match text.get(from..to) {
            Some(part) => digits(part).map(Some),
            None if text.len() <= from => Some(None),
            None => None,
        };
        let year = part(0, 4)??;
        let (month, day) = (part(4, 6)?, part(6, 8)?);
        let date = Self {
            year: year.into(),
            month,
            day,
        };
        let month_fits = month.is_none_or(|month| (1..=12).contains(&month));
        let day_fits = day.is_none_or(|day| {
            let length = month.map_or(31, |month| month_length(date.year, month));
            (1..=length).contains(&day)
        });
        (text.len() <= 8 && year > 0 && month_fits && day_fits).then_some(date)
    }

    fn is_placeholder(self) -> bool {
        PLACEHOLDERS.iter().any(|(year, month, day)| {
            self.year == *year && self.month.is_none_or(|m| m == *month) && self.day.is_none_or(|d| d == *day)
        })
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    fn to_days(self) -> i64 {
        let (month, day) = (
            i64::from(self.month.unwrap_or(1)),
            i64::from(self.day.unwrap_or(1)),
        );
        // Years begin in March, so that the leap day is the last one.
        let year = self.year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn from_days(days: i64) -> Self {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: Some(month as u32),
            day: Some((day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32),
        }
    }

    /// Moved by whole days, as precise as it was.
    fn shift(self, days: i64) -> Option<Self> {
        if self.is_placeholder() {
            return Some(self);
        }
        let moved = Self::from_days(self.to_days() + days);
        (1..=9999).contains(&moved.year).then_some(Self {
            year: moved.year,
            month: moved.month.filter(|_| self.month.is_some()),
            day: moved.day.filter(|_| self.day.is_some()),
        })
    }

    fn write(self) -> String {
        match (self.month, self.day) {
            (Some(month), Some(day)) => format!("{:04}{month:02}{day:02}", self.year),
            (Some(month), None) => format!("{:04}{month:02}", self.year),
            (None, _) => format!("{:04}", self.year),
        }
    }
}

/// True when the text is a time of day (PS3.5 6.2 TM), also in the form with colons of ACR-NEMA.
fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let fraction_fits = fraction.is_none_or(|f| (1..=6).contains(&f.len()) && digits(f).is_some());
    let plain: String = whole.chars().filter(|c| *c != ':').collect();
    let parts: Vec<u32> = plain
        .as_bytes()
        .chunks(2)
        .filter_map(|pair| std::str::from_utf8(pair).ok().and_then(digits))
        .collect();
    let limits = [23, 59, 60];
    fraction_fits
        && matches!(plain.len(), 2 | 4 | 6)
        && parts.len() * 2 == plain.len()
        && parts.iter().zip(limits).all(|(part, limit)| *part <= limit)
}

/// `YYYY.MM.DD` (ACR-NEMA) and `YYYY-MM-DD` (met) without what separates.
fn joined(text: &str) -> Option<String> {
    let separated = |mark| text.len() == 10 && text.split(mark).map(str::len).eq([4, 2, 2]);
    (separated('.') || separated('-')).then(|| text.chars().filter(char::is_ascii_digit).collect())
}

/// One value of DA. Also ranges (PS3.4 C.2.2.2.5).
fn da(value: &str, dates: Dates, days: i64) -> Option<String> {
    if let Some(text) = joined(value) {
        return da(&text, dates, days);
    }
    if let Some((from, to)) = value.split_once('-') {
        let side = |text: &str| {
            if text.is_empty() {
                Some(String::new())
            } else {
                da(text, dates, days)
            }
        };
        return (!value.starts_with('-') || !value.ends_with('-'))
            .then(|| Some(format!("{}-{}", side(from)?, side(to)?)))?;
    }
    let text = value.trim();
    let date = Date::read(text).filter(|_| text.len() == 8)?;
    apply(date, dates, days, true)
}

fn apply(date: Date, dates: Dates, days: i64, whole: bool) -> Option<String> {
    match dates {
        Dates::Remove => None,
        Dates::Keep => Some(date.write()),
        Dates::Shift => Some(date.shift(days)?.write()),
        Dates::Year if whole => Some(format!("{:04}0101", date.year)),
        Dates::Year => Some(format!("{:04}", date.year)),
    }
}

/// One value of DT: date, time, fraction, offset from UTC, each only with what stands before it.
fn dt(value: &str, dates: Dates, days: i64) -> Option<String> {
    let text = value.trim();
    let (local, offset) = match text.char_indices().skip(4).find(|(_, c)| matches!(c, '+' | '-')) {
        Some((at, _)) => text.split_at_checked(at)?,
        None => (text, ""),
    };
    let offset_fits = offset.is_empty() || (offset.len() == 5 && offset.get(1..).and_then(digits).is_some());
    let (date, time) = local.split_at_checked(local.len().min(8))?;
    let time_fits = time.is_empty() || is_time(time);
    let date = Date::read(date).filter(|_| offset_fits && time_fits)?;
    let moved = apply(date, dates, days, false)?;
    Some(if dates == Dates::Year {
        moved
    } else {
        format!("{moved}{time}{offset}")
    })
}

fn tm(value: &str, dates: Dates) -> Option<String> {
    let text = value.trim();
    (matches!(dates, Dates::Shift | Dates::Keep) && is_time(text)).then(|| text.to_owned())
}

/// Every value of a DA, TM or DT attribute treated; `None` when it must go: the policy says so, or one value cannot be read
/// (a date that nobody understands is one that nobody moved).
pub fn treat(vr: dicom::Vr, text: &str, dates: Dates, days: i64) -> Option<String> {
    let treated: Option<Vec<String>> = text
        .split('\\')
        .map(|value| match (&vr.0, value.trim()) {
            (_, "") => Some(String::new()),
            (b"DA", value) => da(value, dates, days),
            (b"DT", value) => dt(value, dates, days),
            (b"TM", value) => tm(value, dates),
            _ => None,
        })
        .collect();
    treated.map(|values| values.join("\\"))
}

#[cfg(test)]
mod tests {
    use super::{Dates, treat};
    use dicom::Vr;

    const DA: Vr = Vr(*b"DA");
    const DT: Vr = Vr(*b"DT");
    const TM: Vr = Vr(*b"TM");

    fn shift(vr: Vr, text: &str, days: i64) -> Option<String> {
        treat(vr, text, Dates::Shift, days)
    }

    #[test]
    fn dates_move_by_whole_days() {
        assert_eq!(shift(DA, "20240301", -1).as_deref(), Some("20240229"));
        assert_eq!(shift(DA, "20230301", -1).as_deref(), Some("20230228"));
        assert_eq!(
            shift(DA, "20240101\\20231231", -365).as_deref(),
            Some("20230101\\20221231")
        );
        assert_eq!(shift(DA, "2024.03.01", 1).as_deref(), Some("20240302"));
        assert_eq!(
            shift(DA, "20240101-20240131", 31).as_deref(),
            Some("20240201-20240302")
        );
        assert_eq!(
            shift(DT, "20240301123059.123456+0100", -1).as_deref(),
            Some("20240229123059.123456+0100")
        );
        assert_eq!(shift(DT, "202403", -31).as_deref(), Some("202401"));
        assert_eq!(shift(TM, "235959.999999", -31).as_deref(), Some("235959.999999"));
    }

    #[test]
    fn placeholders_do_not_move() {
        for text in ["19000101", "00010101", "19700101", "99991231", "18581117"] {
            assert_eq!(shift(DA, text, -700).as_deref(), Some(text));
        }
        assert_eq!(shift(DT, "19000101000000", -7).as_deref(), Some("19000101000000"));
    }

    #[test]
    fn what_is_no_date_goes() {
        for text in [
            "20241301",
            "20240230",
            "ANNA SMITH",
            "2024",
            "2024030",
            "20240301x",
            "0000",
            "-",
            "20240301\\x",
        ] {
            assert_eq!(shift(DA, text, -1), None, "{text}");
        }
        for text in [
            "20240301SMITH",
            "2024030125",
            "20240301+SMIT",
            "2024030112.1234567",
        ] {
            assert_eq!(shift(DT, text, -1), None, "{text}");
        }
        for text in ["SMITH", "2460", "12.SMITH", "123", "120000.1234567"] {
            assert_eq!(shift(TM, text, -1), None, "{text}");
        }
    }

    #[test]
    fn the_year_alone() {
        assert_eq!(treat(DA, "20240301", Dates::Year, 0).as_deref(), Some("20240101"));
        assert_eq!(
            treat(DT, "20240301123059", Dates::Year, 0).as_deref(),
            Some("2024")
        );
        assert_eq!(treat(TM, "123059", Dates::Year, 0), None);
    }
}
