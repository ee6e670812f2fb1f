//! Decimal numbers to calculate with: eighteen digits and an exponent, NaN and the infinities.
//!
//! Sixteen digits are seen (written, compared), about as many as a float of JavaScript has; the two
//! further ones take up what rounding leaves, so that `1 / 3 * 3` is 1. Operations are rounded half
//! to even, and every one takes bounded time. There is no negative zero.

use std::cmp::Ordering;

/// One more than the largest digits that are kept.
const KEPT: u128 = 1_000_000_000_000_000_000;
/// One more than the largest digits that are seen.
const SEEN: u128 = 10_000_000_000_000_000;
/// One more than the largest digits that are read before the rest is counted only.
const ROOM: u128 = KEPT * KEPT;
/// The largest power of ten, as that of JavaScript's numbers.
const MAX_POWER: i32 = 308;
/// From here on, in eighteen digits before 10^291, a number would be seen above JavaScript's largest.
const TOO_LARGE: u128 = 179_769_313_486_231_550;
/// The smallest.
const MIN_POWER: i32 = -324;

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// Not a number.
    Nan,
    /// More than any number, or less than any.
    Infinite {
        /// Less.
        negative: bool,
    },
    /// `digits × 10^power`, without zeros at the end of the digits; zero has no sign and no power.
    Finite {
        /// Below zero.
        negative: bool,
        /// Below 10^18.
        digits: u64,
        /// The power of ten.
        power: i32,
    },
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self::Finite {
        negative: false,
        digits: 0,
        power: 0,
    };

    /// Brings digits into their one form.
    fn rounded(negative: bool, mut digits: u128, mut power: i32, bound: u128) -> Self {
        let mut divisor = 1_u128;
        while digits.checked_div(divisor).unwrap_or(0) >= bound {
            divisor = divisor.saturating_mul(10);
            power = power.saturating_add(1);
        }
        let rest = digits.checked_rem(divisor).unwrap_or(0);
        digits = digits.checked_div(divisor).unwrap_or(0);
        let twice = rest.saturating_mul(2);
        if twice > divisor || (twice == divisor && divisor > 1 && digits % 2 == 1) {
            digits = digits.saturating_add(1);
        }
        if digits == 0 {
            return Self::ZERO;
        }
        while digits.is_multiple_of(10) {
            digits /= 10;
            power = power.saturating_add(1);
        }
        let first = power.saturating_add(length(digits)).saturating_sub(1);
        let eighteen = || {
            let ten = ten_to(u32::try_from(power.saturating_sub(291)).unwrap_or(0)).unwrap_or(u128::MAX);
            digits.saturating_mul(ten)
        };
        if first > MAX_POWER || (first == MAX_POWER && eighteen() >= TOO_LARGE) {
            return Self::Infinite { negative };
        }
        match u64::try_from(digits) {
            Ok(digits) if first >= MIN_POWER => Self::Finite {
                negative,
                digits,
                power,
            },
            _ => Self::ZERO,
        }
    }

    fn kept(negative: bool, digits: u128, power: i32) -> Self {
        Self::rounded(negative, digits, power, KEPT)
    }

    /// The number as it is written and compared.
    #[must_use]
    pub fn seen(self) -> Self {
        match self {
            Self::Finite {
                negative,
                digits,
                power,
            } => Self::rounded(negative, u128::from(digits), power, SEEN),
            other => other,
        }
    }

    /// A whole number.
    #[must_use]
    pub fn whole(number: usize) -> Self {
        Self::kept(false, u128::try_from(number).unwrap_or(u128::MAX), 0)
    }

    /// Reads a number as JavaScript's `Number` reads a text: white space around it and none for zero
    /// are allowed; NaN for what is no number.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::ZERO;
        }
        match Self::prefix(text) {
            (number, "") => number,
            _ => Self::Nan,
        }
    }

    /// Reads the number at the beginning of a text, as JavaScript's `parseFloat` does, and gives what
    /// is left of it; NaN where there is none.
    #[must_use]
    pub fn prefix(text: &str) -> (Self, &str) {
        let text = text.trim_start();
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if let Some(rest) = rest.strip_prefix("Infinity") {
            return (Self::Infinite { negative }, rest);
        }
        let (mut digits, mut power, mut any) = (0_u128, 0_i32, false);
        let mut take = |text: &str, after_dot: bool| {
            let mut used = 0_usize;
            for byte in text.bytes().take_while(u8::is_ascii_digit) {
                any = true;
                used = used.saturating_add(1);
                // More digits than can be kept say only how large the number is.
                let room = digits < ROOM;
                if room {
                    let digit = u128::from(byte.saturating_sub(b'0'));
                    digits = digits.saturating_mul(10).saturating_add(digit);
                }
                if room == after_dot {
                    power = if after_dot {
                        power.saturating_sub(1)
                    } else {
                        power.saturating_add(1)
                    };
                }
            }
            used
        };
        let used = take(rest, false);
        let mut left = rest.get(used..).unwrap_or_default();
        if let Some(fraction) = left.strip_prefix('.') {
            let used = take(fraction, true);
            let follows = used > 0 || left.len() < rest.len();
            if follows {
                left = fraction.get(used..).unwrap_or_default();
            }
        }
        if !any {
            return (Self::Nan, text);
        }
        if let Some(exponent) = left.strip_prefix(['e', 'E']) {
            let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            let end = unsigned.bytes().take_while(u8::is_ascii_digit).count();
            if let Some(written) = unsigned.get(..end).filter(|written| !written.is_empty()) {
                let shift = written.parse::<i32>().unwrap_or(100_000).min(100_000);
                let shift = if exponent.starts_with('-') {
                    shift.saturating_neg()
                } else {
                    shift
                };
                power = power.saturating_add(shift);
                left = unsigned.get(end..).unwrap_or_default();
            }
        }
        (Self::kept(negative, digits, power), left)
    }

    /// Whether it is zero, or not a number.
    #[must_use]
    pub const fn is_nothing(self) -> bool {
        matches!(self, Self::Nan | Self::Finite { digits: 0, .. })
    }

    /// Minus the number.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::Infinite { negative } => Self::Infinite { negative: !negative },
            Self::Finite {
                negative,
                digits,
                power,
            } if digits > 0 => Self::Finite {
                negative: !negative,
                digits,
                power,
            },
            other => other,
        }
    }

    const fn negative(self) -> bool {
        matches!(
            self,
            Self::Infinite { negative: true } | Self::Finite { negative: true, .. }
        )
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nan, _) | (_, Self::Nan) => Self::Nan,
            (Self::Infinite { negative }, Self::Infinite { negative: too }) if negative != too => Self::Nan,
            (infinite @ Self::Infinite { .. }, _) | (_, infinite @ Self::Infinite { .. }) => infinite,
            (
                Self::Finite {
                    negative,
                    digits,
                    power,
                },
                Self::Finite {
                    negative: negative_too,
                    digits: digits_too,
                    power: power_too,
                },
            ) => {
                let (one, two, power) = aligned((digits, power), (digits_too, power_too));
                if negative == negative_too {
                    return Self::kept(negative, one.saturating_add(two), power);
                }
                match one.checked_sub(two) {
                    Some(left) => Self::kept(negative, left, power),
                    None => Self::kept(negative_too, two.saturating_sub(one), power),
                }
            }
        }
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        self.plus(other.negated())
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let negative = self.negative() != other.negative();
        match (self, other) {
            (Self::Nan, _) | (_, Self::Nan) => Self::Nan,
            (Self::Infinite { .. }, other) | (other, Self::Infinite { .. }) => {
                if other.is_nothing() {
                    Self::Nan
                } else {
                    Self::Infinite { negative }
                }
            }
            (
                Self::Finite { digits, power, .. },
                Self::Finite {
                    digits: digits_too,
                    power: power_too,
                    ..
                },
            ) => {
                let product = u128::from(digits).saturating_mul(u128::from(digits_too));
                Self::kept(negative, product, power.saturating_add(power_too))
            }
        }
    }

    /// The quotient; by zero it is infinite, as in JavaScript.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        let negative = self.negative() != other.negative();
        match (self, other) {
            (Self::Nan, _) | (_, Self::Nan) | (Self::Infinite { .. }, Self::Infinite { .. }) => Self::Nan,
            (Self::Infinite { .. }, _) => Self::Infinite { negative },
            (_, Self::Infinite { .. }) => Self::ZERO,
            (
                Self::Finite { digits, power, .. },
                Self::Finite {
                    digits: divisor,
                    power: power_too,
                    ..
                },
            ) => {
                let (mut digits, mut power) = (u128::from(digits), power.saturating_sub(power_too));
                // Digits enough for eighteen of the quotient, and below 2^128.
                while digits > 0 && digits < ROOM {
                    digits = digits.saturating_mul(10);
                    power = power.saturating_sub(1);
                }
                match digits.checked_div(u128::from(divisor)) {
                    Some(quotient) => Self::kept(negative, quotient, power),
                    None if digits == 0 => Self::Nan,
                    None => Self::Infinite { negative },
                }
            }
        }
    }

    /// What division leaves, with the sign of the number that is divided.
    #[must_use]
    pub fn rest(self, other: Self) -> Self {
        match (self, other) {
            (
                Self::Finite {
                    negative,
                    digits,
                    power,
                },
                Self::Finite {
                    digits: divisor,
                    power: power_too,
                    ..
                },
            ) if divisor > 0 => {
                let shift = power.saturating_sub(power_too);
                if shift < 0 {
                    // Past twenty digits the divisor is the greater one by far.
                    let Some(scaled) = ten_to(shift.unsigned_abs()).and_then(|ten| ten.checked_mul(divisor.into()))
                    else {
                        return self;
                    };
                    return Self::kept(negative, u128::from(digits).checked_rem(scaled).unwrap_or(0), power);
                }
                let divisor = u128::from(divisor);
                let mut left = u128::from(digits).checked_rem(divisor).unwrap_or(0);
                for _ in 0..shift {
                    left = left.saturating_mul(10).checked_rem(divisor).unwrap_or(0);
                }
                Self::kept(negative, left, power_too)
            }
            (Self::Finite { .. }, Self::Infinite { .. }) => self,
            _ => Self::Nan,
        }
    }

    /// The order; none where one is not a number.
    #[must_use]
    pub fn order(self, other: Self) -> Option<Ordering> {
        let sign = |number: Self| match number {
            Self::Nan => None,
            number if number.is_nothing() => Some(0),
            number => Some(if number.negative() { -1 } else { 1 }),
        };
        let (one, two) = (sign(self)?, sign(other)?);
        if self.seen() == other.seen() {
            return Some(Ordering::Equal);
        }
        if one != two {
            return Some(one.cmp(&two));
        }
        let greater = match (self, other) {
            (Self::Infinite { .. }, _) => Ordering::Greater,
            (_, Self::Infinite { .. }) => Ordering::Less,
            _ => match self.minus(other) {
                difference if difference.negative() == (one < 0) => Ordering::Greater,
                _ => Ordering::Less,
            },
        };
        Some(if one < 0 { greater.reverse() } else { greater })
    }

    /// The number as a count, where it is whole and not negative.
    #[must_use]
    pub fn count(self) -> Option<usize> {
        match self.seen() {
            Self::Finite {
                negative: false,
                digits,
                power,
            } => {
                let ten = ten_to(u32::try_from(power).ok()?)?;
                usize::try_from(u128::from(digits).checked_mul(ten)?).ok()
            }
            _ => None,
        }
    }

    /// The whole part, towards zero, held to what a text can be long.
    #[must_use]
    pub fn towards_zero(self) -> i64 {
        let (negative, whole) = match self.seen() {
            Self::Nan => (false, 0),
            Self::Infinite { negative } => (negative, i64::MAX),
            Self::Finite {
                negative,
                digits,
                power,
            } => {
                let ten = ten_to(power.unsigned_abs()).unwrap_or(u128::MAX);
                let whole = if power < 0 {
                    u128::from(digits).checked_div(ten).unwrap_or(0)
                } else {
                    u128::from(digits).saturating_mul(ten)
                };
                (negative, i64::try_from(whole).unwrap_or(i64::MAX))
            }
        };
        if negative { whole.saturating_neg() } else { whole }
    }

    /// The number as JavaScript writes it, which is JSON but for NaN and the infinities.
    #[must_use]
    pub fn written(self) -> String {
        let (negative, digits, power) = match self.seen() {
            Self::Nan => return "NaN".to_owned(),
            Self::Infinite { negative } => return if negative { "-Infinity" } else { "Infinity" }.to_owned(),
            Self::Finite {
                negative,
                digits,
                power,
            } => (negative, digits.to_string(), power),
        };
        let mut text = String::with_capacity(24);
        if negative {
            text.push('-');
        }
        let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        // Where the dot stands, counted from the first digit.
        let dot = count.saturating_add(power);
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        if (1..=21).contains(&dot) {
            let (whole, fraction) = usize::try_from(dot)
                .ok()
                .and_then(|dot| digits.split_at_checked(dot))
                .unwrap_or((&digits, ""));
            text.push_str(whole);
            text.push_str(&zeros(power));
            if !fraction.is_empty() {
                text.push('.');
                text.push_str(fraction);
            }
        } else if (-5..=0).contains(&dot) && digits != "0" {
            text.push_str("0.");
            text.push_str(&zeros(dot.saturating_neg()));
            text.push_str(&digits);
        } else if digits == "0" {
            text.push('0');
        } else {
            let (first, further) = digits.split_at_checked(1).unwrap_or((&digits, ""));
            text.push_str(first);
            if !further.is_empty() {
                text.push('.');
                text.push_str(further);
            }
            let exponent = dot.saturating_sub(1);
            text.push_str(if exponent < 0 { "e-" } else { "e+" });
            text.push_str(&exponent.unsigned_abs().to_string());
        }
        text
    }
}

/// How many digits a number has; none for zero.
fn length(digits: u128) -> i32 {
    digits
        .checked_ilog10()
        .map_or(0, |log| i32::try_from(log).unwrap_or(0).saturating_add(1))
}

fn ten_to(power: u32) -> Option<u128> {
    10_u128.checked_pow(power)
}

/// Two magnitudes with one power; what is too small beside the other is cut off.
fn aligned(one: (u64, i32), two: (u64, i32)) -> (u128, u128, i32) {
    let scaled = |(digits, power): (u64, i32), to: i32| {
        let shift = power.saturating_sub(to);
        let ten = ten_to(shift.unsigned_abs());
        let digits = u128::from(digits);
        match ten {
            Some(ten) if shift >= 0 => digits.saturating_mul(ten),
            Some(ten) => digits.checked_div(ten).unwrap_or(0),
            None => 0,
        }
    };
    // The greater power goes down by nineteen digits at most, since 10^18 × 10^19 is below 2^128.
    let power = one.1.min(two.1).max(one.1.max(two.1).saturating_sub(19));
    let power = match (one.0, two.0) {
        (0, _) => two.1,
        (_, 0) => one.1,
        _ => power,
    };
    (scaled(one, power), scaled(two, power), power)
}
