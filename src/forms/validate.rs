//! Whether answers can be sent: verdicts as keys with arguments, without words.
//!
//! A verdict looks at the raw answer, and is the same for its canonical form. At most one complaint
//! a field, the first that the citizen has to mend. Only fields that are shown are looked at.
//!
//! A complaint stops the citizen, so only the impossible is one. What is merely odd (a NIK that
//! disagrees with a date of birth, a region that nobody knows, coordinates in the sea) is a *doubt*:
//! doubts need their own module beside this one, with the same arguments and a result that nobody
//! can mistake for a complaint. There is none yet.

use std::ops::Range;

use super::canonical::{MAX_LAT, MAX_LONG};
use super::given::{Given, given};
use super::model::{DateBound, FieldKind, FieldModel, Model};
use super::typed::contact::{is_email, phone};
use super::typed::coordinate::coordinate;
use super::typed::moment::{self, Day, NoDay};
use super::typed::number::number;
use super::visibility::{visibility, visible};
use crate::model::answers::{Answers, FileAnswer, Place};
use crate::model::decimal::Decimal;
use crate::model::form::ChoiceOption;
use crate::model::nik::{Nik, NikError};

/// A field that stands in the way, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// Index in [`Model::fields`].
    pub field: usize,
    /// Why.
    pub kind: ComplaintKind,
}

/// Why an answer cannot be sent.
#[derive(Clone, Debug, PartialEq)]
pub enum ComplaintKind {
    /// Nothing was entered.
    Required,
    /// Fewer characters than the form asks for.
    TooShort {
        /// Fewest.
        min: u32,
        /// How many there are.
        has: u32,
    },
    /// More characters than the form takes.
    TooLong {
        /// Most.
        max: u32,
        /// How many there are.
        has: u32,
    },
    /// Not a number.
    NotANumber,
    /// A number with decimals, or one that may be meant so, where a whole one is needed.
    NotWhole,
    /// A number below the smallest.
    Below {
        /// Smallest.
        min: Decimal,
    },
    /// A number above the largest.
    Above {
        /// Largest.
        max: Decimal,
    },
    /// Not a day of the calendar, or, for a moment, not a day and a time.
    NotADate,
    /// The year has two digits, the century is anyone's guess.
    ShortYear,
    /// A day before the earliest.
    Before {
        /// Earliest: year, month, day.
        min: Day,
    },
    /// A day after the latest.
    After {
        /// Latest: year, month, day.
        max: Day,
    },
    /// Not a time of day.
    NotATime,
    /// None of the options.
    NotAnOption,
    /// Not an email address.
    NotEmail,
    /// Not a telephone number.
    NotPhone,
    /// Not a NIK.
    Nik(NikError),
    /// More files than the form takes.
    TooManyFiles {
        /// Most.
        max: u32,
        /// How many there are.
        has: u32,
    },
    /// A file of no bytes: the phone never had it whole.
    FileEmpty {
        /// Its name.
        name: String,
    },
    /// A file with too many bytes.
    FileTooLarge {
        /// Most bytes.
        max: u64,
        /// Its name.
        name: String,
    },
    /// A file of a type that the form does not take.
    WrongFileType {
        /// Its name.
        name: String,
    },
    /// No place was given.
    PlaceNeeded,
    /// Latitude and longitude are not both degrees on the globe.
    NotCoordinates,
}

/// The verdict on one field; a hidden one, and one that there is not, has nothing to answer for.
///
/// `today` is year, month, day where the citizen is.
///
/// # Errors
/// The complaint.
pub fn field(model: &Model, index: usize, answers: &Answers, today: Day) -> Result<(), Complaint> {
    match model.fields.get(index) {
        Some(field) if visible(model, answers, index) => {
            verdict(field, answers, today).map_err(|kind| Complaint { field: index, kind })
        }
        _ => Ok(()),
    }
}

/// The complaints of one step, in the form's order.
#[must_use]
pub fn step(model: &Model, step: usize, answers: &Answers, today: Day) -> Vec<Complaint> {
    complaints(model, model.fields_of(step), answers, today)
}

/// The complaints of the whole form, in its order.
#[must_use]
pub fn whole(model: &Model, answers: &Answers, today: Day) -> Vec<Complaint> {
    complaints(model, 0..model.fields.len(), answers, today)
}

fn complaints(model: &Model, range: Range<usize>, answers: &Answers, today: Day) -> Vec<Complaint> {
    let shown = visibility(model, answers);
    let fields = model.fields.iter().enumerate().take(range.end).skip(range.start);
    fields
        .filter(|(index, _)| shown.get(*index) == Some(&true))
        .filter_map(|(index, field)| {
            let kind = verdict(field, answers, today).err()?;
            Some(Complaint { field: index, kind })
        })
        .collect()
}

fn verdict(field: &FieldModel, answers: &Answers, today: Day) -> Result<(), ComplaintKind> {
    let Some(given) = given(field, answers) else {
        return match field.kind {
            _ if !field.required => Ok(()),
            FieldKind::Static => Ok(()),
            FieldKind::Location => Err(ComplaintKind::PlaceNeeded),
            _ => Err(ComplaintKind::Required),
        };
    };
    match given {
        Given::Text(typed) => text(&field.kind, typed, today),
        Given::Chosen(chosen) => match &field.kind {
            FieldKind::Many(options) => chosen.iter().try_for_each(|choice| option(options, choice.trim())),
            _ => Ok(()),
        },
        Given::Place(given) => place(given),
        Given::Files(given) => files(&field.kind, given),
    }
}

fn text(kind: &FieldKind, typed: &str, today: Day) -> Result<(), ComplaintKind> {
    match kind {
        FieldKind::Text { length } | FieldKind::TextArea { length } => characters(*length, typed),
        FieldKind::Email { max_length } => {
            characters((None, *max_length), typed)?;
            ensure(is_email(typed), ComplaintKind::NotEmail)
        }
        FieldKind::Number { min, max, integer } => {
            let number = number(typed).ok_or(ComplaintKind::NotANumber)?;
            ensure(number.whole || !integer, ComplaintKind::NotWhole)?;
            let value = number.value();
            match (min, max) {
                (Some(min), _) if value < *min => Err(ComplaintKind::Below { min: min.clone() }),
                (_, Some(max)) if value > *max => Err(ComplaintKind::Above { max: max.clone() }),
                _ => Ok(()),
            }
        }
        FieldKind::Date { min, max } => {
            let day = moment::day(typed).map_err(no_day)?;
            match (bound(*min, today), bound(*max, today)) {
                (Some(min), _) if day < min => Err(ComplaintKind::Before { min }),
                (_, Some(max)) if day > max => Err(ComplaintKind::After { max }),
                _ => Ok(()),
            }
        }
        FieldKind::Time => ensure(moment::time(typed).is_some(), ComplaintKind::NotATime),
        FieldKind::DateTime => moment::moment(typed).map(|_| ()).map_err(no_day),
        FieldKind::One(options) => option(options, typed),
        FieldKind::Phone => ensure(phone(typed).is_some(), ComplaintKind::NotPhone),
        FieldKind::PersonId => Nik::parse(typed).map(|_| ()).map_err(ComplaintKind::Nik),
        FieldKind::Many(_) | FieldKind::File { .. } | FieldKind::Location | FieldKind::Static => Ok(()),
    }
}

fn ensure(holds: bool, otherwise: ComplaintKind) -> Result<(), ComplaintKind> {
    if holds { Ok(()) } else { Err(otherwise) }
}

fn characters((min, max): (Option<u32>, Option<u32>), typed: &str) -> Result<(), ComplaintKind> {
    let has = u32::try_from(typed.chars().count()).unwrap_or(u32::MAX);
    match (min, max) {
        (Some(min), _) if has < min => Err(ComplaintKind::TooShort { min, has }),
        (_, Some(max)) if has > max => Err(ComplaintKind::TooLong { max, has }),
        _ => Ok(()),
    }
}

const fn no_day(why: NoDay) -> ComplaintKind {
    match why {
        NoDay::Unreadable => ComplaintKind::NotADate,
        NoDay::ShortYear => ComplaintKind::ShortYear,
    }
}

fn bound(bound: Option<DateBound>, today: Day) -> Option<Day> {
    bound.map(|bound| match bound {
        DateBound::Day(year, month, day) => (year, month, day),
        DateBound::Today => today,
    })
}

/// Blank choices are nothing chosen.
fn option(options: &[ChoiceOption], choice: &str) -> Result<(), ComplaintKind> {
    let known = choice.is_empty() || options.iter().any(|option| option.value.trim() == choice);
    ensure(known, ComplaintKind::NotAnOption)
}

/// Words are enough; coordinates come in pairs.
fn place(place: &Place) -> Result<(), ComplaintKind> {
    let without = place.lat.trim().is_empty() && place.long.trim().is_empty();
    let readable = || coordinate(&place.lat, MAX_LAT).is_some() && coordinate(&place.long, MAX_LONG).is_some();
    ensure(without || readable(), ComplaintKind::NotCoordinates)
}

fn files(kind: &FieldKind, files: &[FileAnswer]) -> Result<(), ComplaintKind> {
    let FieldKind::File {
        accept,
        max_bytes,
        max_files,
    } = kind
    else {
        return Ok(());
    };
    for file in files {
        let name = || file.name.clone();
        if file.size == 0 {
            return Err(ComplaintKind::FileEmpty { name: name() });
        }
        if let Some(max) = max_bytes.filter(|max| file.size > *max) {
            return Err(ComplaintKind::FileTooLarge { max, name: name() });
        }
        if !accept.is_empty() && !accept.iter().any(|wanted| matches(wanted, file)) {
            return Err(ComplaintKind::WrongFileType { name: name() });
        }
    }
    let has = u32::try_from(files.len()).unwrap_or(u32::MAX);
    ensure(has <= *max_files, ComplaintKind::TooManyFiles { max: *max_files, has })
}

/// Media types by the end of a file's name, for phones that do not say them.
const ENDINGS: [(&str, &str); 12] = [
    (".jpg", "image/jpeg"),
    (".jpeg", "image/jpeg"),
    (".png", "image/png"),
    (".webp", "image/webp"),
    (".heic", "image/heic"),
    (".gif", "image/gif"),
    (".pdf", "application/pdf"),
    (".doc", "application/msword"),
    (
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (".xls", "application/vnd.ms-excel"),
    (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    (".mp4", "video/mp4"),
];

/// Whether a file is of a media type, or of a range of them such as `image/*`. The backend looks at
/// its bytes; this is the early word to the citizen.
fn matches(wanted: &str, file: &FileAnswer) -> bool {
    let stated = file.media_type.split(';').next().unwrap_or_default().trim();
    let found = match stated {
        "" | "application/octet-stream" => {
            let name = file.name.to_ascii_lowercase();
            ENDINGS
                .into_iter()
                .find_map(|(ending, found)| name.ends_with(ending).then_some(found))
                .unwrap_or_default()
        }
        "image/jpg" => "image/jpeg",
        stated => stated,
    };
    match wanted.strip_suffix('*') {
        Some(range) => found
            .get(..range.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(range)),
        None => found.eq_ignore_ascii_case(wanted),
    }
}

#[cfg(test)]
mod tests;
