//! What is said beneath an input while it is typed into: what was understood, how much room is left,
//! what is odd.

use super::filling::Handle;
use super::review::rupiah;
use crate::app::locale;
use crate::app::messages as m;
use crate::forms::typed::moment;
use crate::forms::{self, Doubt};

/// What is said beneath an input.
#[derive(Clone, Copy)]
pub enum Beneath {
    /// How many characters are left, near the limit.
    Count(u32),
    /// The day that was understood.
    Day,
    /// The amount that was understood.
    Amount,
    /// What is odd about a NIK.
    Doubt,
}

/// What is said beneath an input in which `typed` stands.
pub fn beneath(form: Handle, index: usize, typed: &str, what: Beneath) -> Option<String> {
    let most = match what {
        Beneath::Day => return moment::day(typed).ok().map(|day| m::understood_as(&locale::day(day))),
        Beneath::Amount => return rupiah(typed).map(|amount| m::understood_as(&amount)),
        Beneath::Doubt => return doubt(form, index),
        Beneath::Count(most) => i64::from(most),
    };
    let left = most.saturating_sub(i64::try_from(typed.trim().chars().count()).ok()?);
    if left < 0 {
        Some(m::characters_over(&left.unsigned_abs().to_string()))
    } else if left <= most / 4 {
        Some(m::characters_left(&left.to_string()))
    } else {
        None
    }
}

fn doubt(form: Handle, index: usize) -> Option<String> {
    let doubt = form.try_look(|form| forms::doubt(&form.model, index, &form.draft.answers))??;
    let words = match doubt {
        Doubt::OtherBirthDate => m::doubt_birth_date(),
        Doubt::NoSuchProvince => m::doubt_province(),
    };
    Some(words.to_owned())
}
