//! A region's colours: nila and sogan alone are replaced, and corrected until they can be read.
//!
//! A colour is moved towards black (on the light ground) or white (on the dark one) until its
//! contrast reaches [`ENOUGH`] against the page, the cards and the badges (WCAG 2.2, success
//! criterion 1.4.3).
//! A region's yellow stays a yellow, only a readable one. In a widget the site around may choose one
//! colour instead, which is corrected in the same way.

use crate::model::region::Theme;

/// The contrast that text needs.
pub const ENOUGH: f32 = 4.5;

/// The grounds that text in a region's colour stands on: page, card, and the badge's nila-muda.
const LIGHT: [Rgb; 3] = [Rgb(0xfb, 0xf8, 0xf1), Rgb(0xff, 0xff, 0xff), Rgb(0xe8, 0xef, 0xf6)];
const DARK: [Rgb; 3] = [Rgb(0x12, 0x16, 0x1c), Rgb(0x1b, 0x21, 0x29), Rgb(0x1c, 0x2c, 0x3b)];

/// The names of the properties that a theme sets.
#[cfg(target_arch = "wasm32")]
const PROPERTIES: [&str; 2] = ["--nila", "--sogan"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Rgb(u8, u8, u8);

impl Rgb {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self(red, green, blue))
    }

    fn print(self) -> String {
        let mut text = String::from("#");
        for byte in [self.0, self.1, self.2] {
            for digit in [byte >> 4, byte & 15] {
                text.extend(char::from_digit(digit.into(), 16));
            }
        }
        text
    }

    /// Relative luminance. The sRGB curve by a cubic that is off by less than 0.005, since the true
    /// one needs a power function of several kilobytes.
    fn luminance(self) -> f32 {
        let linear = |byte: u8| {
            let c = f32::from(byte) / 255.0;
            c * (c * (c * 0.305_306 + 0.682_171) + 0.012_523)
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    fn contrast(self, other: Self) -> f32 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// A twelfth of the way to black or white.
    fn step_to(self, end: u8) -> Self {
        let step = |byte: u8| {
            if end > byte {
                byte.saturating_add(((end - byte) / 12).max(1))
            } else {
                byte.saturating_sub(((byte - end) / 12).max(1))
            }
        };
        Self(step(self.0), step(self.1), step(self.2))
    }

    fn readable_on(mut self, grounds: [Self; 3], end: u8) -> Self {
        // Black and white themselves are reached in fewer steps than there are shades.
        for _ in 0..255 {
            if grounds.iter().all(|ground| self.contrast(*ground) >= ENOUGH) {
                break;
            }
            self = self.step_to(end);
        }
        self
    }
}

/// The theme's two colours as they are shown; `None` for one that is missing or no colour.
#[must_use]
pub fn corrected(theme: &Theme, dark: bool) -> [Option<String>; 2] {
    [&theme.nila, &theme.sogan].map(|colour| {
        let colour = Rgb::parse(colour.as_deref()?)?;
        Some(
            if dark {
                colour.readable_on(DARK, 255)
            } else {
                colour.readable_on(LIGHT, 0)
            }
            .print(),
        )
    })
}

/// Puts a region's colours on the page, or Pendopo's own back; in a widget, the site's.
#[cfg(target_arch = "wasm32")]
pub fn apply(theme: Option<&Theme>) {
    use crate::browser::frame::{Told, told};
    use crate::browser::style;
    let accent = told(Told::Accent);
    let chosen = accent.is_some().then(|| Theme {
        nila: accent.clone(),
        sogan: accent,
    });
    let theme = chosen.as_ref().or(theme);
    let colours = theme.map_or([None, None], |theme| corrected(theme, style::prefers_dark()));
    for (property, colour) in PROPERTIES.into_iter().zip(colours) {
        style::set_property(property, colour.as_deref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(nila: &str) -> Theme {
        Theme {
            nila: Some(nila.to_owned()),
            sogan: None,
        }
    }

    #[test]
    fn a_readable_colour_is_left_alone() {
        assert_eq!(corrected(&theme("#1e4e79"), false), [Some("#1e4e79".to_owned()), None]);
    }

    #[test]
    fn every_colour_becomes_readable_on_both_grounds() {
        for value in (0..0x0100_0000_u32).step_by(0x1_0f37) {
            let colour = format!("#{value:06x}");
            for (dark, grounds) in [(false, LIGHT), (true, DARK)] {
                let [shown, _] = corrected(&theme(&colour), dark);
                let shown = shown.as_deref().and_then(Rgb::parse).unwrap();
                for ground in grounds {
                    assert!(shown.contrast(ground) >= ENOUGH, "{colour} became {shown:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_colour_is_left_out() {
        for text in ["red", "#12", "#12345g", "url(x)", "#éé3"] {
            assert_eq!(corrected(&theme(text), false), [None, None], "{text}");
        }
    }
}
