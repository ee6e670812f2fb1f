//! Whether answers can be sent: verdicts as keys with arguments, without words.
//!
//! A verdict looks at the raw answer, and is the same for its canonical form. At most one complaint
//! a question, the first that the citizen has to mend; a repeated group has one for each question of
//! each entry. Only fields that are shown and ask for something are looked at.
//!
//! A rule between answers is looked at once the answers that it reads have nothing to mend
//! themselves: its words make sense only then. It complains of the last field that it is about.
//!
//! A complaint stops the citizen, so only the impossible is one. What is merely odd (a NIK that
//! disagrees with a date of birth) is a doubt, which stops nobody: see [`super::doubt`].

use std::ops::Range;

use super::canonical::{MAX_LAT, MAX_LONG, boolean};
use super::given::{Given, given};
use super::model::{Check, Choices, DateBound, FieldKind, FieldModel, Model};
use super::typed::address::{area_level, url};
use super::typed::contact::{is_email, phone};
use super::typed::coordinate::coordinate;
use super::typed::moment::{self, Day, NoDay};
use super::typed::number::number;
use super::typed::organisation::organisation;
use super::visibility::{Settled, holds, settle};
use crate::model::answers::{Answers, Area, FileAnswer, Place};
use crate::model::decimal::Decimal;
use crate::model::nik::{Nik, NikError};
use crate::model::text::Text;

/// A field that stands in the way, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// Index in [`Model::fields`].
    pub field: usize,
    /// For a repeated group: which question of which entry. `None` where it is the group itself.
    pub row: Option<InRow>,
    /// Why.
    pub kind: ComplaintKind,
}

/// A question of an entry of a repeated group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InRow {
    /// The entry, from 0.
    pub number: usize,
    /// Index of the question in the entry's own model.
    pub field: usize,
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
    /// Neither yes nor no.
    NotYesOrNo,
    /// Not an address on the web.
    NotUrl,
    /// No number of an organisation.
    NotOrganisation,
    /// A region above the one that is asked for: the smaller one within it was not chosen.
    AreaTooLarge,
    /// No region's code, or one elsewhere.
    NotAnArea,
    /// Fewer entries than the form asks for.
    TooFewRows {
        /// Fewest.
        min: u32,
    },
    /// More entries than the form takes.
    TooManyRows {
        /// Most.
        max: u32,
    },
    /// A rule between answers does not hold.
    Rule {
        /// The form's own words.
        message: Text,
    },
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

/// The verdict on one field; a hidden one, and one that there is not, has nothing to answer for. Of a
/// repeated group it is the first complaint.
///
/// `today` is year, month, day where the citizen is.
///
/// # Errors
/// The complaint.
pub fn field(model: &Model, index: usize, answers: &Answers, today: Day) -> Result<(), Complaint> {
    let range = index..index.saturating_add(1);
    match complaints(model, range, answers, today).into_iter().next() {
        Some(complaint) => Err(complaint),
        None => Ok(()),
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
    let looking = Looking {
        model,
        settled: settle(model, answers),
        today,
    };
    let mut found = Vec::new();
    for index in range {
        let before = found.len();
        looking.field(index, &mut found);
        if found.len() == before
            && let Some(check) = looking.broken(index)
        {
            found.push(Complaint {
                field: index,
                row: None,
                kind: ComplaintKind::Rule {
                    message: check.message.clone(),
                },
            });
        }
    }
    found
}

/// Settled answers that are looked at.
struct Looking<'a> {
    model: &'a Model,
    settled: Settled<'a>,
    today: Day,
}

impl Looking<'_> {
    /// What a field itself has to answer for.
    fn field(&self, index: usize, found: &mut Vec<Complaint>) {
        let Some(field) = self.model.fields.get(index) else {
            return;
        };
        if self.settled.shown.get(index) != Some(&true) || !field.asks() {
            return;
        }
        let rows = match (&field.kind, given(field, &self.settled.answers)) {
            (FieldKind::Repeat { entry, min, max }, Some(Given::Rows(rows))) => Some((entry, *min, *max, rows)),
            (FieldKind::Repeat { entry, min, max }, None) => Some((entry, *min, *max, &[][..])),
            _ => None,
        };
        let verdict = match &rows {
            Some((_, min, max, rows)) => self.count(field, rows.len(), *min, *max),
            None => self.verdict(field),
        };
        if let Err(kind) = verdict {
            found.push(Complaint {
                field: index,
                row: None,
                kind,
            });
        } else if let Some((entry, _, _, rows)) = rows {
            for (number, row) in rows.iter().enumerate() {
                let within = whole(entry, row, self.today);
                found.extend(within.into_iter().map(|complaint| Complaint {
                    field: index,
                    row: Some(InRow {
                        number,
                        field: complaint.field,
                    }),
                    kind: complaint.kind,
                }));
            }
        }
    }

    fn count(&self, field: &FieldModel, has: usize, min: u32, max: u32) -> Result<(), ComplaintKind> {
        let has = u32::try_from(has).unwrap_or(u32::MAX);
        let min = if has == 0 && self.required(field) {
            min.max(1)
        } else {
            min
        };
        ensure(has >= min, ComplaintKind::TooFewRows { min })?;
        ensure(has <= max, ComplaintKind::TooManyRows { max })
    }

    fn required(&self, field: &FieldModel) -> bool {
        let when = || {
            let when = field.required_when.as_ref()?;
            holds(self.model, &self.settled.answers, when, &self.settled.shown)
        };
        field.required || when() == Some(true)
    }

    fn verdict(&self, field: &FieldModel) -> Result<(), ComplaintKind> {
        let Some(given) = given(field, &self.settled.answers) else {
            return match field.kind {
                _ if !self.required(field) => Ok(()),
                FieldKind::Location => Err(ComplaintKind::PlaceNeeded),
                _ => Err(ComplaintKind::Required),
            };
        };
        match given {
            Given::Text(typed) => {
                if let FieldKind::One(choices) = &field.kind {
                    return self.option(choices, typed);
                }
                text(&field.kind, typed, self.today)
            }
            Given::Chosen(chosen) => match &field.kind {
                FieldKind::Many(choices) => chosen.iter().try_for_each(|choice| self.option(choices, choice.trim())),
                _ => Ok(()),
            },
            Given::Place(given) => place(given),
            Given::Files(given) => files(&field.kind, given),
            Given::Area(given) => area(&field.kind, given),
            Given::Rows(_) => Ok(()),
        }
    }

    /// Blank choices are nothing chosen. What a source offers is known where it was read; the backend
    /// looks at it again.
    fn option(&self, choices: &Choices, choice: &str) -> Result<(), ComplaintKind> {
        if choice.is_empty() || !choices.source.is_empty() {
            return Ok(());
        }
        let whole = choices.within.and_then(|whole| {
            let shown = self.settled.shown.get(whole) == Some(&true);
            match given(self.model.fields.get(whole)?, &self.settled.answers).filter(|_| shown)? {
                Given::Text(text) => Some(text),
                _ => None,
            }
        });
        let known = choices.options.iter().any(|option| {
            let part = choices.within.is_none() || option.parent.is_empty() || Some(option.parent.trim()) == whole;
            part && option.value.trim() == choice
        });
        ensure(known, ComplaintKind::NotAnOption)
    }

    /// A rule that complains of a field and does not hold.
    fn broken(&self, index: usize) -> Option<&Check> {
        let evaluate = self.model.evaluator.0?;
        if self.settled.shown.get(index) != Some(&true) {
            return None;
        }
        let mut checks = self.model.checks.iter().filter(|check| check.at == index);
        checks.find(|check| {
            let mut wrong = Vec::new();
            for read in &check.rule.reads {
                self.field(*read, &mut wrong);
            }
            let outcome = || evaluate(self.model, &check.rule, &self.settled.answers, &self.settled.shown);
            wrong.is_empty() && outcome().is_some_and(|outcome| !outcome.holds)
        })
    }
}

fn text(kind: &FieldKind, typed: &str, today: Day) -> Result<(), ComplaintKind> {
    match kind {
        FieldKind::Text { length } | FieldKind::TextArea { length } => characters(*length, typed),
        FieldKind::Email { max_length } => {
            characters((None, *max_length), typed)?;
            ensure(is_email(typed), ComplaintKind::NotEmail)
        }
        FieldKind::Number { min, max, integer, .. } => {
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
        FieldKind::Boolean => ensure(boolean(typed).is_some(), ComplaintKind::NotYesOrNo),
        FieldKind::Url => ensure(url(typed).is_some(), ComplaintKind::NotUrl),
        FieldKind::OrgId => ensure(organisation(typed).is_some(), ComplaintKind::NotOrganisation),
        FieldKind::Phone => ensure(phone(typed).is_some(), ComplaintKind::NotPhone),
        FieldKind::PersonId => Nik::parse(typed).map(|_| ()).map_err(ComplaintKind::Nik),
        FieldKind::Signature => characters((None, Some(MAX_SIGNATURE)), typed),
        // They have no text, or were looked at before.
        FieldKind::One(_)
        | FieldKind::Many(_)
        | FieldKind::File { .. }
        | FieldKind::Location
        | FieldKind::Area { .. }
        | FieldKind::Repeat { .. }
        | FieldKind::Static
        | FieldKind::Assigned => Ok(()),
    }
}

/// Most characters of a signature that is typed.
const MAX_SIGNATURE: u32 = 200;

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

fn area(kind: &FieldKind, area: &Area) -> Result<(), ComplaintKind> {
    let FieldKind::Area { level, below } = kind else {
        return Ok(());
    };
    let code = area.code.trim();
    let has = area_level(code).ok_or(ComplaintKind::NotAnArea)?;
    let inside = code.strip_prefix(below.as_str());
    let inside = inside.is_some_and(|rest| below.is_empty() || rest.is_empty() || rest.starts_with('.'));
    ensure(inside && has <= *level, ComplaintKind::NotAnArea)?;
    ensure(has == *level, ComplaintKind::AreaTooLarge)
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
        // A signature is drawn by us.
        return ensure(files.len() <= 1, ComplaintKind::TooManyFiles { max: 1, has: 2 });
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
