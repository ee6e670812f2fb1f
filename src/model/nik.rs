//! The NIK, Indonesia's citizen number: `PPKKCC DDMMYY SSSS`.
//!
//! Only the impossible is refused; the rest of what might be wrong is a doubt to mention. A woman's
//! day of birth is written plus 40. There is no check digit. The region is where the number was
//! first registered and never changes, so it says nothing about where somebody lives.

use std::fmt;

use super::time::days_in_month;

/// Why a text cannot be a NIK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NikError {
    /// Something other than digits, spaces, dots and hyphens.
    NotDigits,
    /// Not 16 digits; holds how many there are.
    Length(usize),
    /// No such day or month of birth.
    BirthDate,
    /// Serial number 0000.
    Serial,
}

/// A number that can be a NIK.
#[derive(Clone, PartialEq, Eq)]
pub struct Nik(String);

impl Nik {
    /// Reads a NIK as people type it: spaces, dots and hyphens between digits are dropped.
    ///
    /// # Errors
    /// [`NikError`] for what no NIK can be.
    pub fn parse(text: &str) -> Result<Self, NikError> {
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}'))
            .collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NikError::NotDigits);
        }
        if digits.len() != 16 {
            return Err(NikError::Length(digits.len()));
        }
        let number = |from: usize, to: usize| {
            digits
                .get(from..to)
                .and_then(|part| part.parse::<i64>().ok())
                .unwrap_or_default()
        };
        let (day, month) = (number(6, 8), number(8, 10));
        let day = if day > 40 { day.saturating_sub(40) } else { day };
        // The century is not written: 29 February must be possible in one of the two.
        let longest = days_in_month(1900_i64.saturating_add(number(10, 12)), month)
            .max(days_in_month(2000_i64.saturating_add(number(10, 12)), month));
        if day < 1 || longest.is_none_or(|longest| day > longest) {
            return Err(NikError::BirthDate);
        }
        if number(12, 16) == 0 {
            return Err(NikError::Serial);
        }
        Ok(Self(digits))
    }

    /// The sixteen digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The code of the district's regency, `PP.KK`, where the number was first registered.
    #[must_use]
    pub fn regency(&self) -> String {
        format!(
            "{}.{}",
            self.0.get(..2).unwrap_or_default(),
            self.0.get(2..4).unwrap_or_default()
        )
    }

    /// Day, month and the last two digits of the year of birth.
    #[must_use]
    pub fn birth(&self) -> (u8, u8, u8) {
        let number = |from: usize, to: usize| {
            self.0
                .get(from..to)
                .and_then(|part| part.parse::<u8>().ok())
                .unwrap_or_default()
        };
        let day = number(6, 8);
        (
            if day > 40 { day.saturating_sub(40) } else { day },
            number(8, 10),
            number(10, 12),
        )
    }
}

/// Personal data: the number itself is not printed.
impl fmt::Debug for Nik {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Nik(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nik_is_read_as_people_type_it() {
        let nik = Nik::parse("3404 0141 0290-0007");
        assert_eq!(nik.as_ref().map(Nik::digits), Ok("3404014102900007"));
        assert_eq!(
            nik.as_ref().map(Nik::birth),
            Ok((1, 2, 90)),
            "a woman's day is written plus 40"
        );
        assert_eq!(nik.map(|nik| nik.regency()), Ok("34.04".to_owned()));
    }

    #[test]
    fn only_the_impossible_is_refused() {
        assert_eq!(Nik::parse("340401410290000"), Err(NikError::Length(15)));
        assert_eq!(Nik::parse("34040141029OOOO7"), Err(NikError::NotDigits));
        assert_eq!(Nik::parse("3404013202900007"), Err(NikError::BirthDate));
        assert_eq!(Nik::parse("3404014013900007"), Err(NikError::BirthDate));
        assert_eq!(Nik::parse("3404010102900000"), Err(NikError::Serial));
        assert_eq!(Nik::parse("3404017113900007"), Err(NikError::BirthDate));
        assert!(
            Nik::parse("9999992902000001").is_ok(),
            "29 February 2000, an unknown region"
        );
        assert!(
            Nik::parse("3404012902010001").is_err(),
            "neither 1901 nor 2001 is a leap year"
        );
    }
}
