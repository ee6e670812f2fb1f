//! What the demonstration city makes of a POST: fields become an entry, or a refusal that names
//! everything that is wrong at once.
//!
//! Fields are pairs, however they came (urlencoded or multipart). Nothing beyond the protocol is
//! looked at: no key, no client's own id, so the same request twice is two cases.

use std::collections::BTreeMap;

use super::City;
use super::cases::{Entry, Medium};
use super::catalogue::{Attribute, Check, Datatype, Place, Service};
use super::manner::Manner;
use super::refusal::Refusal;

/// Most characters of `description`. GeoReport allows 4,000; this city does not.
const LONGEST_DESCRIPTION: usize = 1000;
/// Most characters of an attribute of several lines.
const LONGEST_TEXT: usize = 2000;
/// Most characters of anything else.
const LONGEST_LINE: usize = 255;
/// Media types of files that are taken.
pub(super) const MEDIA_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// The fields of a request, in the order in which they came, and its files.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) pairs: Vec<(String, String)>,
    pub(super) media: Vec<Medium>,
}

impl Fields {
    /// A field's value without space around it; `None` where that is empty.
    fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// What was answered, by attribute: `attribute[CODE]` and `attribute[CODE][]`.
    fn attributes(&self) -> BTreeMap<String, Vec<String>> {
        let mut answers: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in &self.pairs {
            let code = key
                .strip_prefix("attribute[")
                .map(|rest| rest.strip_suffix("[]").unwrap_or(rest))
                .and_then(|rest| rest.strip_suffix(']'));
            if let Some(code) = code
                && !value.trim().is_empty()
            {
                answers
                    .entry(code.to_owned())
                    .or_default()
                    .push(value.trim().to_owned());
            }
        }
        answers
    }
}

/// Checks a request against the service that it names.
///
/// `is_moment` says whether a text is a moment in ISO 8601.
///
/// # Errors
/// 404 for an unknown service or jurisdiction, 400 with a reason for each field that is wrong.
pub(super) fn check<'a>(
    city: &'a City,
    fields: Fields,
    is_moment: &dyn Fn(&str) -> bool,
) -> Result<(&'a Service, Entry), Refusal> {
    jurisdiction(&city.manner, fields.get("jurisdiction_id"))?;
    let code = fields
        .get("service_code")
        .ok_or_else(|| Refusal::bad("service_code: kode layanan wajib dikirim."))?;
    let service = city
        .catalogue
        .service(code)
        .ok_or_else(|| Refusal::not_found(format!("service_code: layanan {code} tidak dikenal.")))?;

    let mut wrong = Vec::new();
    let description = fields.get("description").unwrap_or_default().to_owned();
    if description.chars().count() > LONGEST_DESCRIPTION {
        wrong.push(format!("description: paling banyak {LONGEST_DESCRIPTION} karakter."));
    }
    let place = coordinates(&fields, &mut wrong);
    let address = line(&fields, "address_string", &mut wrong);
    let somewhere = place.is_some() || address.is_some() || fields.get("address_id").is_some();
    let tried = fields.get("lat").is_some() || fields.get("long").is_some();
    if service.place == Place::Needed && !somewhere && !tried {
        wrong.push("lat, long, address_string: lokasi wajib diisi.".to_owned());
    }
    let media_url = line(&fields, "media_url", &mut wrong);
    if media_url
        .as_ref()
        .is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://"))
    {
        wrong.push("media_url: harus berupa alamat http atau https.".to_owned());
    }
    let mut reporter = BTreeMap::new();
    for name in ["first_name", "last_name", "email", "phone"] {
        if let Some(value) = line(&fields, name, &mut wrong) {
            reporter.insert(name.to_owned(), value);
        }
    }
    if reporter.get("email").is_some_and(|email| !email.contains('@')) {
        wrong.push("email: alamat email tidak benar.".to_owned());
    }
    if service.anonymous {
        reporter.clear();
    }
    let attributes = fields.attributes();
    check_attributes(service, &attributes, is_moment, &mut wrong);
    match Refusal::all(wrong) {
        Some(refusal) => Err(refusal),
        None => Ok((
            service,
            Entry {
                description,
                address,
                place,
                media_url,
                attributes,
                reporter,
                media: fields.media,
            },
        )),
    }
}

/// Checks a `jurisdiction_id`, which this city can do without.
pub(super) fn jurisdiction(manner: &Manner, id: Option<&str>) -> Result<(), Refusal> {
    match id {
        Some(id) if id != manner.jurisdiction => {
            Err(Refusal::not_found(format!("jurisdiction_id: {id} tidak dikenal.")))
        }
        _ => Ok(()),
    }
}

fn line(fields: &Fields, name: &str, wrong: &mut Vec<String>) -> Option<String> {
    let value = fields.get(name)?;
    if value.chars().count() > LONGEST_LINE || value.chars().any(char::is_control) {
        wrong.push(format!(
            "{name}: paling banyak {LONGEST_LINE} karakter dalam satu baris."
        ));
    }
    Some(value.to_owned())
}

fn coordinates(fields: &Fields, wrong: &mut Vec<String>) -> Option<(f64, f64)> {
    let degrees = |name: &str, most: f64| {
        let value: f64 = fields.get(name)?.parse().ok()?;
        (-most..=most).contains(&value).then_some(value)
    };
    match (fields.get("lat"), fields.get("long")) {
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            wrong.push("lat, long: keduanya harus dikirim bersama.".to_owned());
            None
        }
        (Some(_), Some(_)) => {
            let place = degrees("lat", 90.0).zip(degrees("long", 180.0));
            if place.is_none() {
                wrong.push("lat, long: harus berupa derajat desimal.".to_owned());
            }
            place
        }
    }
}

fn check_attributes(
    service: &Service,
    answers: &BTreeMap<String, Vec<String>>,
    is_moment: &dyn Fn(&str) -> bool,
    wrong: &mut Vec<String>,
) {
    let questions = || service.attributes.iter().filter(|attribute| attribute.is_question);
    for attribute in questions() {
        match answers.get(&attribute.code) {
            None if attribute.required => {
                wrong.push(format!("{} ({}): wajib diisi.", attribute.code, attribute.description));
            }
            None => {}
            Some(values) => {
                if let Some(reason) = fault(attribute, values, is_moment) {
                    wrong.push(format!("{} ({}): {reason}.", attribute.code, attribute.description));
                }
            }
        }
    }
    for code in answers.keys() {
        if !questions().any(|attribute| attribute.code == *code) {
            wrong.push(format!("{code}: tidak dikenal pada layanan ini."));
        }
    }
}

/// What is wrong with the answers to one attribute.
fn fault(attribute: &Attribute, values: &[String], is_moment: &dyn Fn(&str) -> bool) -> Option<String> {
    if values.len() > 1 && attribute.datatype != Datatype::MultiValueList {
        return Some("hanya boleh satu jawaban".to_owned());
    }
    if attribute.check == Some(Check::Nik)
        && !values
            .iter()
            .all(|value| value.len() == 16 && value.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Some("harus 16 angka".to_owned());
    }
    let all = |right: &dyn Fn(&str) -> bool| values.iter().all(|value| right(value));
    let short = |most: usize| move |value: &str| value.chars().count() <= most;
    match attribute.datatype {
        Datatype::String if !all(&|value| short(LONGEST_LINE)(value) && !value.contains(['\r', '\n'])) => {
            Some(format!("paling banyak {LONGEST_LINE} karakter dalam satu baris"))
        }
        Datatype::Text if !all(&short(LONGEST_TEXT)) => Some(format!("paling banyak {LONGEST_TEXT} karakter")),
        Datatype::Number if !all(&|value| value.parse().is_ok_and(f64::is_finite)) => {
            Some("harus berupa angka".to_owned())
        }
        Datatype::Datetime if !all(is_moment) => Some("harus berupa tanggal ISO 8601".to_owned()),
        Datatype::SingleValueList | Datatype::MultiValueList => values
            .iter()
            .find(|value| !attribute.values.iter().any(|(key, _)| key == *value))
            .map(|value| format!("pilihan {value:?} tidak ada")),
        _ => None,
    }
}
