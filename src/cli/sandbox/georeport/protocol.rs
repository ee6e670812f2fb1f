//! The protocol: GeoReport v2 in JSON, written from the specification
//! (<https://wiki.open311.org/GeoReport_v2/>), with this city's own ways.
//!
//! | address under `/open311/v2` | |
//! |---|---|
//! | GET `services.json`, `services/{code}.json` | what can be reported, and the questions |
//! | POST `requests.json` | 201 and an array of one |
//! | GET `requests.json`, `requests/{id}.json` | at most 50, the newest first |
//! | GET `tokens/{token}.json` | the reference, or `null` while there is none |
//! | GET `requests/{id}/updates.json` | the history: this city's own extension |
//!
//! What goes beyond the specification, or falls short of it, is listed in `UNCONFIRMED.md`.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use serde::Serialize;

use super::super::fault;
use super::super::register::{self, RegisterError};
use super::City;
use super::body;
use super::cases::{self, Case, Filter, Update};
use super::catalogue::{Attribute, Service};
use super::refusal::Refusal;
use super::status::Status;
use super::submission;

/// The longest span of a list, in seconds: the specification's 90 days.
const LONGEST_SPAN: i64 = 90 * 86_400;

/// The routes, with the fault that is switched on before them all.
pub(super) fn routes(city: &Arc<City>) -> Router<Arc<City>> {
    Router::new()
        .route("/services.json", get(services))
        .route("/services/{file}", get(definition))
        .route("/requests.json", get(list).post(submit))
        .route("/requests/{id}", get(one))
        .route("/requests/{id}/updates.json", get(updates))
        .route("/tokens/{file}", get(token))
        .fallback(async || Refusal::not_found("Alamat ini tidak ada. Layanan ini hanya berbicara JSON (.json)."))
        .method_not_allowed_fallback(async || Refusal::bad("Cara memanggil alamat ini keliru."))
        .layer(DefaultBodyLimit::max(body::LARGEST_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&city.ground), fault::apply))
}

type Pairs = Query<Vec<(String, String)>>;

fn parameter<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}

/// A parameter that may be given several times and holds several words, separated by commas.
fn words(pairs: &[(String, String)], name: &str) -> Option<Vec<String>> {
    let words: Vec<String> = pairs
        .iter()
        .filter(|(key, _)| key == name)
        .flat_map(|(_, value)| value.split(','))
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    (!words.is_empty()).then_some(words)
}

/// The name in `name.json`.
fn resource(file: &str) -> Result<&str, Refusal> {
    file.strip_suffix(".json")
        .ok_or_else(|| Refusal::not_found("Layanan ini hanya berbicara JSON (.json)."))
}

#[derive(Serialize)]
struct ListedService<'a> {
    service_code: &'a str,
    service_name: &'a str,
    description: &'a str,
    metadata: bool,
    r#type: &'a str,
    keywords: &'a str,
    group: &'a str,
}

async fn services(State(city): State<Arc<City>>, Query(pairs): Pairs) -> Result<Response, Refusal> {
    submission::jurisdiction(parameter(&pairs, "jurisdiction_id"))?;
    let listed: Vec<ListedService<'_>> = city
        .catalogue
        .services()
        .iter()
        .map(|service| ListedService {
            service_code: &service.code,
            service_name: &service.name,
            description: &service.description,
            metadata: !service.attributes.is_empty(),
            r#type: service.kind.word(),
            keywords: &service.keywords,
            group: &service.group,
        })
        .collect();
    Ok(Json(listed).into_response())
}

#[derive(Serialize)]
struct Definition<'a> {
    service_code: &'a str,
    attributes: Vec<Question<'a>>,
}

#[derive(Serialize)]
struct Question<'a> {
    variable: bool,
    code: &'a str,
    datatype: &'a str,
    required: bool,
    datatype_description: Option<&'a str>,
    order: usize,
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Value<'a>>>,
}

#[derive(Serialize)]
struct Value<'a> {
    key: &'a str,
    name: &'a str,
}

impl<'a> Question<'a> {
    fn new(order: usize, attribute: &'a Attribute) -> Self {
        Self {
            variable: attribute.is_question,
            code: &attribute.code,
            datatype: attribute.datatype.word(),
            required: attribute.required,
            datatype_description: attribute.hint.as_deref(),
            order,
            description: &attribute.description,
            values: attribute
                .datatype
                .is_list()
                .then(|| attribute.values.iter().map(|(key, name)| Value { key, name }).collect()),
        }
    }
}

async fn definition(
    State(city): State<Arc<City>>,
    Path(file): Path<String>,
    Query(pairs): Pairs,
) -> Result<Response, Refusal> {
    submission::jurisdiction(parameter(&pairs, "jurisdiction_id"))?;
    let code = resource(&file)?;
    let service = city
        .catalogue
        .service(code)
        .ok_or_else(|| Refusal::not_found(format!("service_code: layanan {code} tidak dikenal.")))?;
    let attributes = (1..)
        .zip(&service.attributes)
        .map(|(order, attribute)| Question::new(order, attribute))
        .collect();
    Ok(Json(Definition {
        service_code: &service.code,
        attributes,
    })
    .into_response())
}

#[derive(Serialize)]
struct Receipt<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    service_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    service_notice: &'a str,
    account_id: Option<String>,
}

async fn submit(State(city): State<Arc<City>>, request: Request) -> Result<Response, Refusal> {
    let fields = body::read(request).await?;
    let now = city.ground.clock.now();
    let checking = Arc::clone(&city);
    let token = new_token()?;
    let taken = city
        .ground
        .register
        .with(move |connection| {
            let is_moment = |text: &str| matches!(register::moment(connection, text), Ok(Some(_)));
            let (service, entry) = match submission::check(&checking.catalogue, fields, &is_moment) {
                Ok(checked) => checked,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let number = cases::insert(connection, service, &entry, &token, now)?;
            Ok(Ok(cases::find(connection, &number.to_string())?))
        })
        .await??;
    let case = taken.ok_or_else(Refusal::broken)?;
    let service = city.catalogue.service(&case.service_code);
    let receipt = Receipt {
        service_request_id: case.reference,
        token: case.token,
        service_notice: service.map_or("", |service| service.notice.as_str()),
        account_id: None,
    };
    Ok((StatusCode::CREATED, Json([receipt])).into_response())
}

/// A token that nobody guesses.
fn new_token() -> Result<String, Refusal> {
    let number = getrandom::u64().map_err(|_| Refusal::broken())?;
    Ok(format!("{number:016x}"))
}

#[derive(Serialize)]
struct Row {
    service_request_id: Option<String>,
    status: String,
    status_notes: String,
    service_name: String,
    service_code: String,
    description: Option<String>,
    agency_responsible: String,
    service_notice: String,
    requested_datetime: String,
    updated_datetime: String,
    expected_datetime: String,
    address: Option<String>,
    address_id: Option<u32>,
    zipcode: Option<u32>,
    lat: Option<f64>,
    long: Option<f64>,
    media_url: Option<String>,
}

impl Row {
    fn new(city: &City, case: Case) -> Self {
        let service: Option<&Service> = city.catalogue.service(&case.service_code);
        let media_url = case
            .media
            .first()
            .map(|number| format!("{}{}/media/{number}", city.ground.origin, city.ground.base));
        Self {
            service_request_id: case.reference,
            status: case.status,
            status_notes: case.status_notes,
            service_name: service.map_or_else(|| case.service_code.clone(), |service| service.name.clone()),
            service_notice: service.map_or_else(String::new, |service| service.notice.clone()),
            service_code: case.service_code,
            description: Some(case.description).filter(|text| !text.is_empty()),
            agency_responsible: case.agency,
            requested_datetime: case.requested_datetime,
            updated_datetime: case.updated_datetime,
            expected_datetime: case.expected_datetime,
            zipcode: case.address.as_deref().and_then(postcode),
            address: case.address,
            address_id: None,
            lat: case.lat,
            long: case.long,
            media_url: media_url.or(case.media_url),
        }
    }
}

/// The postcode in an address: a number of five digits. None begins with 0.
fn postcode(address: &str) -> Option<u32> {
    address
        .split(|letter: char| !letter.is_ascii_digit())
        .find(|digits| digits.len() == 5)?
        .parse()
        .ok()
}

/// What a query for a list means.
fn filter(pairs: &[(String, String)]) -> Result<Filter, Refusal> {
    let references = words(pairs, "service_request_id");
    if references.is_some() {
        // The specification: this overrides all other arguments.
        return Ok(Filter {
            references,
            ..Filter::default()
        });
    }
    let mut statuses = Vec::new();
    for word in words(pairs, "status").into_iter().flatten() {
        match word.as_str() {
            "open" => statuses.extend(Status::ALL.into_iter().filter(|status| !status.is_finished())),
            "closed" => statuses.extend(Status::ALL.into_iter().filter(|status| status.is_finished())),
            own => statuses
                .push(Status::from_word(own).ok_or_else(|| Refusal::bad(format!("status: {own} tidak dikenal.")))?),
        }
    }
    Ok(Filter {
        services: words(pairs, "service_code"),
        statuses: (!statuses.is_empty()).then_some(statuses),
        ..Filter::default()
    })
}

/// The span that `start_date` and `end_date` ask for; 90 days where one of them is missing.
fn span(start: Option<i64>, end: Option<i64>, now: i64) -> Result<(i64, i64), Refusal> {
    match (start, end) {
        (None, None) => Ok((now.saturating_sub(LONGEST_SPAN), now)),
        (Some(start), None) => Ok((start, start.saturating_add(LONGEST_SPAN))),
        (None, Some(end)) => Ok((end.saturating_sub(LONGEST_SPAN), end)),
        (Some(start), Some(end)) if end < start => Err(Refusal::bad("end_date: lebih awal daripada start_date.")),
        (Some(start), Some(end)) if end.saturating_sub(start) > LONGEST_SPAN => {
            Err(Refusal::bad("start_date, end_date: paling lama 90 hari."))
        }
        (Some(start), Some(end)) => Ok((start, end)),
    }
}

async fn list(State(city): State<Arc<City>>, Query(pairs): Pairs) -> Result<Response, Refusal> {
    submission::jurisdiction(parameter(&pairs, "jurisdiction_id"))?;
    let mut filter = filter(&pairs)?;
    let now = city.ground.clock.now();
    let found = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, now)?;
            if filter.references.is_none() {
                let mut dates = [None, None];
                for (name, date) in ["start_date", "end_date"].into_iter().zip(&mut dates) {
                    if let Some(text) = parameter(&pairs, name) {
                        *date = register::moment(connection, text)?;
                        if date.is_none() {
                            return Ok(Err(Refusal::bad(format!("{name}: harus berupa tanggal ISO 8601."))));
                        }
                    }
                }
                let [start, end] = dates;
                match span(start, end, now) {
                    Ok(span) => filter.arrived = Some(span),
                    Err(refusal) => return Ok(Err(refusal)),
                }
            }
            Ok(Ok(cases::list(connection, &filter)?))
        })
        .await??;
    let rows: Vec<Row> = found.into_iter().map(|case| Row::new(&city, case)).collect();
    Ok(Json(rows).into_response())
}

fn unknown_request(reference: &str) -> Refusal {
    Refusal::not_found(format!("service_request_id: laporan {reference} tidak ditemukan."))
}

async fn one(
    State(city): State<Arc<City>>,
    Path(file): Path<String>,
    Query(pairs): Pairs,
) -> Result<Response, Refusal> {
    submission::jurisdiction(parameter(&pairs, "jurisdiction_id"))?;
    let reference = resource(&file)?.to_owned();
    let wanted = reference.clone();
    let now = city.ground.clock.now();
    let case = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, now)?;
            cases::find_reference(connection, &wanted)
        })
        .await?
        .ok_or_else(|| unknown_request(&reference))?;
    Ok(Json([Row::new(&city, case)]).into_response())
}

async fn updates(State(city): State<Arc<City>>, Path(reference): Path<String>) -> Result<Json<Vec<Update>>, Refusal> {
    let wanted = reference.clone();
    let now = city.ground.clock.now();
    let history = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, now)?;
            cases::find_reference(connection, &wanted)?
                .map(|case| cases::history(connection, case.number))
                .transpose()
        })
        .await?
        .ok_or_else(|| unknown_request(&reference))?;
    Ok(Json(history))
}

#[derive(Serialize)]
struct Numbered {
    service_request_id: Option<String>,
    token: String,
}

async fn token(State(city): State<Arc<City>>, Path(file): Path<String>) -> Result<Json<[Numbered; 1]>, Refusal> {
    let token = resource(&file)?.to_owned();
    let wanted = token.clone();
    let now = city.ground.clock.now();
    let case: Option<Case> = city
        .ground
        .register
        .with(move |connection| -> Result<_, RegisterError> {
            cases::number_due(connection, now)?;
            cases::find_token(connection, &wanted)
        })
        .await?;
    let case = case.ok_or_else(|| Refusal::not_found(format!("token: {token} tidak ditemukan.")))?;
    Ok(Json([Numbered {
        service_request_id: case.reference,
        token,
    }]))
}
