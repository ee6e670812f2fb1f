//! The protocol: GeoReport v2, written from the specification
//! (<https://wiki.open311.org/GeoReport_v2/>), with each city's own ways ([`super::manner`]).
//!
//! | address under `/open311/v2` | |
//! |---|---|
//! | GET `services.json`, `services/{code}.json` | what can be reported, and the questions |
//! | POST `requests.json` | a list of one |
//! | GET `requests.json`, `requests/{id}.json` | at most 50, the newest first |
//! | GET `tokens/{token}.json` | the reference, or nothing while there is none |
//! | GET `requests/{id}/updates.json`, or `servicerequestupdates.xml` | the history, an extension |
//!
//! Where the city speaks XML every `json` is an `xml`.
//!
//! What goes beyond the specification, or falls short of it, is listed in `UNCONFIRMED.md`.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router, middleware};

use super::super::fault;
use super::super::register::{self, RegisterError};
use super::City;
use super::body;
use super::cases::{self, Case, Filter, Update};
use super::refusal::Refusal;
use super::shapes::{ListedService, Numbered, Question, Receipt, RequestUpdate, Row};
use super::status::Status;
use super::submission;
use super::wire::{self, Wire};

/// The longest span of a list, in seconds: the specification's 90 days.
const LONGEST_SPAN: i64 = 90 * 86_400;

/// The routes, with the fault that is switched on before them all.
pub(super) fn routes(city: &Arc<City>) -> Router<Arc<City>> {
    let wire = city.manner.wire;
    let at = |name: &str| format!("/{name}.{}", wire.extension());
    let router = Router::new()
        .route(&at("services"), get(services))
        .route("/services/{file}", get(definition))
        .route(&at("requests"), get(list).post(submit))
        .route("/requests/{id}", get(one))
        .route("/tokens/{file}", get(token))
        .fallback(async move || wire.unknown_format())
        .method_not_allowed_fallback(async || Refusal::bad("Cara memanggil alamat ini keliru."))
        .layer(DefaultBodyLimit::max(body::LARGEST_BODY));
    let router = match wire {
        Wire::Json => router.route("/requests/{id}/updates.json", get(updates)),
        Wire::Xml => router
            .route("/servicerequestupdates.xml", get(request_updates))
            .layer(middleware::from_fn(wire::refuse_in_xml)),
    };
    router.layer(middleware::from_fn_with_state(Arc::clone(&city.ground), fault::apply))
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

async fn services(State(city): State<Arc<City>>, Query(pairs): Pairs) -> Result<Response, Refusal> {
    submission::jurisdiction(&city.manner, parameter(&pairs, "jurisdiction_id"))?;
    let listed: Vec<ListedService<'_>> = city.catalogue.services().iter().map(ListedService::new).collect();
    Ok(city.manner.wire.list(StatusCode::OK, "services", "service", &listed))
}

async fn definition(
    State(city): State<Arc<City>>,
    Path(file): Path<String>,
    Query(pairs): Pairs,
) -> Result<Response, Refusal> {
    submission::jurisdiction(&city.manner, parameter(&pairs, "jurisdiction_id"))?;
    let code = city.manner.wire.resource(&file)?;
    let service = city
        .catalogue
        .service(code)
        .ok_or_else(|| Refusal::not_found(format!("service_code: layanan {code} tidak dikenal.")))?;
    let attributes: Vec<Question<'_>> = (1..)
        .zip(&service.attributes)
        .map(|(order, attribute)| Question::new(order, attribute))
        .collect();
    Ok(city.manner.wire.definition(&service.code, &attributes))
}

async fn submit(State(city): State<Arc<City>>, request: Request) -> Result<Response, Refusal> {
    let fields = body::read(&city.manner, request).await?;
    let now = city.ground.clock.now();
    let checking = Arc::clone(&city);
    let token = new_token()?;
    let numbering = city.manner.numbering;
    let taken = city
        .ground
        .register
        .with(move |connection| {
            let is_moment = |text: &str| matches!(register::moment(connection, text), Ok(Some(_)));
            let (service, entry) = match submission::check(&checking, fields, &is_moment) {
                Ok(checked) => checked,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let number = cases::insert(connection, numbering, service, &entry, &token, now)?;
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
    Ok(city
        .manner
        .wire
        .list(city.manner.taken, "service_requests", "request", &[receipt]))
}

/// A token that nobody guesses.
fn new_token() -> Result<String, Refusal> {
    let number = getrandom::u64().map_err(|_| Refusal::broken())?;
    Ok(format!("{number:016x}"))
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
    submission::jurisdiction(&city.manner, parameter(&pairs, "jurisdiction_id"))?;
    let mut filter = filter(&pairs)?;
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    let found = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, numbering, now)?;
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
    Ok(city
        .manner
        .wire
        .list(StatusCode::OK, "service_requests", "request", &rows))
}

fn unknown_request(reference: &str) -> Refusal {
    Refusal::not_found(format!("service_request_id: laporan {reference} tidak ditemukan."))
}

async fn one(
    State(city): State<Arc<City>>,
    Path(file): Path<String>,
    Query(pairs): Pairs,
) -> Result<Response, Refusal> {
    submission::jurisdiction(&city.manner, parameter(&pairs, "jurisdiction_id"))?;
    let reference = city.manner.wire.resource(&file)?.to_owned();
    let wanted = reference.clone();
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    let case = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, numbering, now)?;
            cases::find_reference(connection, &wanted)
        })
        .await?
        .ok_or_else(|| unknown_request(&reference))?;
    Ok(city.manner.wire.alone("request", Row::new(&city, case)))
}

/// A case's history, and its reference.
async fn history(city: &City, reference: &str) -> Result<Vec<Update>, Refusal> {
    let wanted = reference.to_owned();
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    let history = city
        .ground
        .register
        .with(move |connection| {
            cases::number_due(connection, numbering, now)?;
            cases::find_reference(connection, &wanted)?
                .map(|case| cases::history(connection, case.number))
                .transpose()
        })
        .await?;
    history.ok_or_else(|| unknown_request(reference))
}

async fn updates(State(city): State<Arc<City>>, Path(reference): Path<String>) -> Result<Json<Vec<Update>>, Refusal> {
    Ok(Json(history(&city, &reference).await?))
}

async fn request_updates(State(city): State<Arc<City>>, Query(pairs): Pairs) -> Result<Response, Refusal> {
    let reference = parameter(&pairs, "service_request_id")
        .ok_or_else(|| Refusal::bad("service_request_id: nomor laporan wajib dikirim."))?;
    let history = history(&city, reference).await?;
    let rows: Vec<RequestUpdate> = history
        .into_iter()
        .map(|update| RequestUpdate::new(&city, reference, update))
        .collect();
    let wire = city.manner.wire;
    Ok(wire.list(StatusCode::OK, "service_request_updates", "request_update", &rows))
}

async fn token(State(city): State<Arc<City>>, Path(file): Path<String>) -> Result<Response, Refusal> {
    let token = city.manner.wire.resource(&file)?.to_owned();
    let wanted = token.clone();
    let now = city.ground.clock.now();
    let numbering = city.manner.numbering;
    let case: Option<Case> = city
        .ground
        .register
        .with(move |connection| -> Result<_, RegisterError> {
            cases::number_due(connection, numbering, now)?;
            cases::find_token(connection, &wanted)
        })
        .await?;
    let case = case.ok_or_else(|| Refusal::not_found(format!("token: {token} tidak ditemukan.")))?;
    let numbered = Numbered {
        service_request_id: case.reference,
        token,
    };
    let wire = city.manner.wire;
    Ok(wire.list(StatusCode::OK, "service_requests", "request", &[numbered]))
}
