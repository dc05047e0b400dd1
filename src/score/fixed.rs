//! Numbers that are the same on every machine.

use serde::{Serialize, Serializer};
use std::fmt;

/// A number with four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Fixed(i64);

/// What one is in it.
const ONE: i64 = 10_000;

impl Fixed {
    /// Nought.
    pub const ZERO: Fixed = Fixed(0);
    /// One, which also stands for yes.
    pub const ONE: Fixed = Fixed(ONE);

    /// A whole number.
    pub fn whole(number: u64) -> Fixed {
        Fixed(i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(ONE))
    }

    /// Ten-thousandths.
    pub const fn raw(ten_thousandths: i64) -> Fixed {
        Fixed(ten_thousandths)
    }

    /// The ten-thousandths in it.
    pub fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// `part / whole`, rounded; nought of nothing.
    pub fn ratio(part: u64, whole: u64) -> Fixed {
        if whole == 0 {
            return Fixed::ZERO;
        }
        let (part, whole) = (i128::from(part), i128::from(whole));
        let rounded = (part * i128::from(ONE) * 2 + whole) / (whole * 2);
        Fixed(i64::try_from(rounded).unwrap_or(i64::MAX))
    }

    /// The product, rounded.
    #[must_use]
    pub fn by(self, other: Fixed) -> Fixed {
        let product = i128::from(self.0) * i128::from(other.0);
        let half = i128::from(ONE / 2);
        Fixed(i64::try_from((product + half).div_euclid(i128::from(ONE))).unwrap_or(i64::MAX))
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Fixed) -> Fixed {
        Fixed(self.0.saturating_add(other.0))
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Fixed) -> Fixed {
        Fixed(self.0.saturating_sub(other.0))
    }

    /// The number that `text` writes: digits, perhaps a point and more digits. What is finer than four decimals is refused.
    pub fn parse(text: &str) -> Option<Fixed> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + part.len() == 0 || !digits(whole) || !digits(part) {
            return None;
        }
        let part = part.trim_end_matches('0');
        if part.len() > 4 {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let part: i64 = if part.is_empty() { 0 } else { format!("{part:0<4}").parse().ok()? };
        Some(Fixed(whole.checked_mul(ONE)?.checked_add(part)?))
    }

    /// As a binary number, for those who reckon on with it.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let (whole, part) = (size / ONE as u64, size % ONE as u64);
        let sign = if self.0 < 0 { "-" } else { "" };
        let part = format!("{part:04}");
        match part.trim_end_matches('0') {
            "" => f.pad(&format!("{sign}{whole}")),
            part => f.pad(&format!("{sign}{whole}.{part}")),
        }
    }
}

impl Serialize for Fixed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 % ONE {
            0 => serializer.serialize_i64(self.0 / ONE),
            _ => serializer.serialize_f64(self.as_f64()),
        }
    }
}

/// A share as it was counted: compared without rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratio {
    /// What was counted.
    pub part: u64,
    /// Of how many.
    pub whole: u64,
}

impl Ratio {
    /// `part` of `whole`.
    pub fn new(part: u64, whole: u64) -> Ratio {
        Ratio { part, whole }
    }

    /// Whether it is more than `limit`. Nothing of nothing is not.
    pub fn exceeds(self, limit: Fixed) -> bool {
        i128::from(self.part) * i128::from(ONE) > i128::from(self.whole) * i128::from(limit.0)
    }

    /// Whether it is less than `limit`. Nothing of nothing is not.
    pub fn falls_short(self, limit: Fixed) -> bool {
        i128::from(self.part) * i128::from(ONE) < i128::from(self.whole) * i128::from(limit.0)
    }

    /// It, rounded.
    pub fn fixed(self) -> Fixed {
        Fixed::ratio(self.part, self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_alike() {
        for (text, written) in
            [("0", "0"), ("12", "12"), ("0.5", "0.5"), (".25", "0.25"), ("3.1400", "3.14"), ("0.0001", "0.0001")]
        {
            assert_eq!(Fixed::parse(text).unwrap().to_string(), written);
        }
        for wrong in ["", ".", "-1", "1e3", "0.00001", "1.2.3", "99999999999999999999"] {
            assert_eq!(Fixed::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Fixed::ZERO.minus(Fixed::raw(2500)).to_string(), "-0.25");
    }

    #[test]
    fn shares_are_compared_as_they_were_counted() {
        assert_eq!(Fixed::ratio(2, 3).to_string(), "0.6667");
        assert_eq!(Fixed::ratio(1, 0), Fixed::ZERO);
        assert!(!Ratio::new(3, 10).exceeds(Fixed::raw(3000)) && Ratio::new(3001, 10_000).exceeds(Fixed::raw(3000)));
        assert!(Ratio::new(300_001, 1_000_000).exceeds(Fixed::raw(3000)), "a difference that rounding would hide");
        assert!(!Ratio::new(0, 0).falls_short(Fixed::ONE));
        assert_eq!(Fixed::raw(5000).by(Fixed::raw(3333)).to_string(), "0.1667");
    }
}
