//! A GeoReport v2 server of its own: written from the specification and from what real servers are
//! known to do, and it knows nothing of the adapter that is going to speak to it.
//!
//! [`Ways`] is how it differs from others. It refuses what such a server refuses: a missing
//! jurisdiction or key, a date that it cannot read, a path that it does not have.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use pendopo::model::time::Timestamp;
use reqwest::Url;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::writing;

/// In milliseconds.
const HOUR: i64 = 3_600_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
}

/// Which formats there are, and what is said where another one is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formats {
    Both,
    /// One, and the web server's own page with 404 where the path's ending is another.
    OnlyOr404Page(Format),
    /// One, and 404 with an error in that format.
    OnlyOr404Words(Format),
    /// One, and 406 with nothing.
    OnlyOr406(Format),
    /// One, and 400 with an error in that format.
    OnlyOr400Words(Format),
    /// One, whatever the path ends in.
    Always(Format),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ids {
    Integers,
    Texts,
    /// With a slash and a space: `LAP/2026 1`.
    Odd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definitions {
    Given,
    /// Given without a list around the attributes.
    Flat,
    /// `metadata` is false.
    None,
    /// `metadata` is true, and there is nothing.
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    Bare,
    Wrapped,
    /// A list of one is that one.
    Collapsed,
    /// Lists in objects, scalars in lists, nothing as an empty list.
    Inside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// The specification's list.
    List,
    /// `error` is a text.
    Text,
    /// `error` has a code and a message.
    Object,
    /// A code and a detail at the top.
    Detail,
    /// `error` has a description and no code.
    NoCode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    None,
    /// `servicerequestupdates.xml`, in XML whatever else is spoken; the request itself is only open
    /// or closed.
    FixMyStreet,
    /// `requests/{id}/riwayat`, in words of its own.
    Own,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Realtime,
    Batch,
    Blackbox,
    /// Blackbox, and nothing is answered but the status.
    Silent,
}

/// How dates are written, and the only way in which they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    Z,
    /// `+07:00`; refuses `Z`.
    Offset,
    /// No zone; refuses any.
    Bare,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    No,
    Body(&'static str),
    Query(&'static str),
    /// In every query, also of what reads.
    Everywhere(&'static str),
}

/// How this server differs from others.
#[derive(Clone, Copy, Debug)]
pub struct Ways {
    pub formats: Formats,
    /// Status of the answer to a submission.
    pub accepts: u16,
    pub ids: Ids,
    pub definitions: Definitions,
    pub lists: Lists,
    pub errors: Errors,
    pub history: History,
    pub kind: Kind,
    pub dates: Dates,
    pub jurisdiction: Option<&'static str>,
    /// Even of a submission it is looked for in the query.
    pub jurisdiction_in_query: bool,
    pub key: Key,
    pub extension: bool,
    /// Segments before all paths.
    pub prefix: &'static [&'static str],
    /// Names of the resources for services, requests and tokens.
    pub names: [&'static str; 3],
    pub swapped: bool,
    /// The service's code.
    pub code: &'static str,
    /// Errors come with 200; what they are stands in them alone.
    pub errors_are_200: bool,
    /// One request is had by `?service_request_id=` alone.
    pub by_query: bool,
    /// An unknown number is an empty list and no 404.
    pub empty_for_unknown: bool,
    /// The first submission is stored, and what is answered is a gateway's page.
    pub loses_the_first_answer: bool,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            formats: Formats::OnlyOr404Page(Format::Json),
            accepts: 200,
            ids: Ids::Texts,
            definitions: Definitions::Given,
            lists: Lists::Bare,
            errors: Errors::List,
            history: History::None,
            kind: Kind::Realtime,
            dates: Dates::Z,
            jurisdiction: None,
            jurisdiction_in_query: false,
            code: "17",
            errors_are_200: false,
            key: Key::No,
            extension: true,
            prefix: &[],
            names: ["services", "requests", "tokens"],
            swapped: false,
            by_query: false,
            empty_for_unknown: false,
            loses_the_first_answer: false,
        }
    }
}

/// What one submission left.
#[derive(Clone, Debug)]
pub struct Row {
    /// Every pair of the body, in its order.
    pub pairs: Vec<(String, String)>,
    pub number: Option<String>,
    pub token: String,
    pub status: String,
    pub words: String,
}

impl Row {
    fn value(&self, name: &str) -> &str {
        let pair = self.pairs.iter().find(|(known, _)| known == name);
        pair.map_or("", |(_, value)| value.as_str())
    }
}

pub struct Foreign {
    pub url: String,
    office: Arc<Office>,
    task: JoinHandle<()>,
}

struct Office {
    ways: Ways,
    /// When everything arrives; what is done comes after it.
    noon: Timestamp,
    rows: Mutex<Vec<Row>>,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Foreign {
    pub async fn start(ways: Ways) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let office = Arc::new(Office {
            ways,
            noon: Timestamp(i64::try_from(since.as_secs() / 60 * 60_000).unwrap()),
            rows: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&office));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, office, task }
    }

    pub fn rows(&self) -> Vec<Row> {
        self.office.rows().clone()
    }

    /// So many hours after a case's arrival.
    pub fn moment(&self, hours: i64) -> Timestamp {
        self.office.noon.plus(hours * HOUR)
    }

    /// The office numbers what has only a token.
    pub fn number_tokens(&self) {
        for (at, row) in self.office.rows().iter_mut().enumerate() {
            row.number.get_or_insert_with(|| self.office.number(at));
        }
    }

    /// The office works on everything.
    pub fn work(&self, status: &str, words: &str) {
        for row in self.office.rows().iter_mut() {
            status.clone_into(&mut row.status);
            words.clone_into(&mut row.words);
        }
    }
}

type Answer = Result<(u16, Value, &'static str), (u16, String)>;

async fn answer(
    State(office): State<Arc<Office>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let ways = &office.ways;
    let lost = || (StatusCode::NOT_FOUND, Html("<html><h1>404 Not Found</h1></html>")).into_response();
    let query = pairs(uri.query().unwrap_or_default());
    let mut path: Vec<String> = uri.path().trim_start_matches('/').split('/').map(decoded).collect();
    if !ways.prefix.iter().all(|expected| {
        let matches = path.first().is_some_and(|first| first == expected);
        if matches {
            path.remove(0);
        }
        matches
    }) {
        return lost();
    }
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    let mut wanted = if accept.contains("json") {
        Format::Json
    } else {
        Format::Xml
    };
    if ways.extension {
        let last = path.last().cloned().unwrap_or_default();
        let Some((name, ending)) = last.rsplit_once('.') else {
            return lost();
        };
        wanted = match ending {
            "json" => Format::Json,
            "xml" => Format::Xml,
            _ => return lost(),
        };
        path.pop();
        path.push(name.to_owned());
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    if ways.history == History::FixMyStreet && path == ["servicerequestupdates"] && wanted == Format::Xml {
        return match office.check(&query).and_then(|()| office.updates(&query)) {
            Ok(updates) => writing::answer(200, &updates, "service_request_updates", Format::Xml, ways.lists),
            Err((status, words)) => office.error(status, &words, Format::Xml),
        };
    }
    let format = match ways.formats {
        Formats::Both => wanted,
        Formats::Always(only) => only,
        Formats::OnlyOr404Page(only)
        | Formats::OnlyOr404Words(only)
        | Formats::OnlyOr406(only)
        | Formats::OnlyOr400Words(only)
            if only == wanted =>
        {
            only
        }
        Formats::OnlyOr404Page(_) => return lost(),
        Formats::OnlyOr404Words(only) => return office.error(404, "Unknown format", only),
        Formats::OnlyOr400Words(only) => return office.error(400, "Unknown format", only),
        Formats::OnlyOr406(_) => return StatusCode::NOT_ACCEPTABLE.into_response(),
    };
    let [services, requests, tokens] = ways.names;
    let answer = match (&method, &path[..]) {
        (&Method::GET, [name]) if *name == services => office.check(&query).map(|()| office.services()),
        (&Method::GET, [name, code]) if *name == services => {
            office.check(&query).and_then(|()| office.definition(code))
        }
        (&Method::POST, [name]) if *name == requests => {
            let form = pairs(std::str::from_utf8(&body).unwrap());
            let answer = office.submit(&query, form);
            if ways.loses_the_first_answer && answer.is_ok() && office.rows().len() == 1 {
                return (StatusCode::BAD_GATEWAY, Html("<html><h1>502 Bad Gateway</h1></html>")).into_response();
            }
            match &answer {
                Ok((status, _, _)) if ways.kind == Kind::Silent => {
                    return StatusCode::from_u16(*status).unwrap().into_response();
                }
                _ => answer,
            }
        }
        (&Method::GET, [name]) if *name == requests => office.check(&query).and_then(|()| office.list(&query)),
        (&Method::GET, [name, id]) if *name == requests && !ways.by_query => {
            office.check(&query).and_then(|()| office.one(id))
        }
        (&Method::GET, [name, token]) if *name == tokens => office.check(&query).and_then(|()| office.token(token)),
        (&Method::GET, [name, id, "riwayat"]) if *name == requests && ways.history == History::Own => {
            office.check(&query).and_then(|()| office.own_history(id))
        }
        _ => return lost(),
    };
    match answer {
        Ok((status, value, name)) => writing::answer(status, &value, name, format, ways.lists),
        Err((status, words)) => office.error(status, &words, format),
    }
}

impl Office {
    fn rows(&self) -> MutexGuard<'_, Vec<Row>> {
        self.rows.lock().unwrap()
    }

    fn number(&self, at: usize) -> String {
        let count = at + 1;
        match self.ways.ids {
            Ids::Integers => (7000 + count).to_string(),
            Ids::Texts => format!("SR-{count:04}"),
            Ids::Odd => format!("LAP/2026 {count}"),
        }
    }

    /// A number or a code as this server writes it.
    fn id(&self, text: &str) -> Value {
        match text.parse::<u64>() {
            Ok(number) if self.ways.ids == Ids::Integers => json!(number),
            _ => json!(text),
        }
    }

    fn error(&self, status: u16, words: &str, format: Format) -> Response {
        let mut response = writing::error(status, words, format, self.ways.errors);
        if self.ways.errors_are_200 {
            *response.status_mut() = StatusCode::OK;
        }
        response
    }

    /// What every request must have.
    fn check(&self, pairs: &[(String, String)]) -> Result<(), (u16, String)> {
        let value = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        let body = value("service_code").is_some() && value("description").is_some();
        if let Key::Everywhere(key) = self.ways.key
            && !body
            && value("api_key") != Some(key)
        {
            return Err((403, "api_key was not provided".to_owned()));
        }
        if let Some(expected) = self.ways.jurisdiction
            && !(body && self.ways.jurisdiction_in_query)
            && value("jurisdiction_id") != Some(expected)
        {
            return Err((400, "jurisdiction_id was not provided".to_owned()));
        }
        for name in ["start_date", "end_date", "attribute[SEJAK]"] {
            if let Some(date) = value(name)
                && !self.reads(date)
            {
                return Err((400, format!("{name}: {date} is no date here")));
            }
        }
        Ok(())
    }

    fn reads(&self, date: &str) -> bool {
        let digits = date.get(..19).is_some_and(|moment| {
            moment
                .bytes()
                .zip(b"0000-00-00T00:00:00")
                .all(|(found, expected)| found.is_ascii_digit() == expected.is_ascii_digit())
        });
        let zone = date.get(19..).unwrap_or_default();
        digits
            && match self.ways.dates {
                Dates::Z => zone == "Z" || zone == ".000Z",
                Dates::Offset => zone == "+07:00",
                Dates::Bare => zone.is_empty(),
            }
    }

    /// So many hours after a case's arrival, as this server writes it.
    fn date(&self, hours: i64) -> String {
        let at = self.noon.plus(hours * HOUR);
        let local = at.plus(7 * HOUR).to_string().trim_end_matches('Z').to_owned();
        match self.ways.dates {
            Dates::Z => at.to_string(),
            Dates::Offset => local + "+07:00",
            Dates::Bare => local,
        }
    }

    fn services(&self) -> (u16, Value, &'static str) {
        let kind = match self.ways.kind {
            Kind::Realtime => "realtime",
            Kind::Batch => "batch",
            Kind::Blackbox | Kind::Silent => "blackbox",
        };
        let metadata = self.ways.definitions != Definitions::None;
        let service = json!({
            "service_code": self.id(self.ways.code), "service_name": "Sampah & puing", "description": "Sampah yang tidak diangkut",
            "metadata": metadata, "type": kind, "keywords": "sampah, puing", "group": "Kebersihan"
        });
        (200, json!([service]), "services")
    }

    fn definition(&self, code: &str) -> Answer {
        if code != self.ways.code || matches!(self.ways.definitions, Definitions::None | Definitions::Missing) {
            return Err((404, "service_code was not found".to_owned()));
        }
        let attribute = |code: &str, datatype: &str, order: u8, more: Value| {
            let mut attribute = json!({
                "variable": true, "code": code, "datatype": datatype, "required": false, "order": order,
                "datatype_description": null, "description": format!("Pertanyaan {code}?")
            });
            let members = attribute.as_object_mut().unwrap();
            members.extend(more.as_object().unwrap().clone());
            attribute
        };
        let attributes = json!([
            attribute(
                "INFO",
                "string",
                1,
                json!({"variable": false, "description": "Jangan dekati kabel"})
            ),
            attribute(
                "UKURAN",
                "singlevaluelist",
                2,
                json!({"required": true, "values": [
                {"key": "kecil", "name": "Sekantong"}, {"key": "besar", "name": "Satu gerobak <lebih>"}]})
            ),
            attribute(
                "JENIS",
                "multivaluelist",
                3,
                json!({"values": [
                {"key": "plastik", "name": "Plastik"}, {"key": "kaca", "name": "Kaca"}, {"key": "daun", "name": "Daun"}]})
            ),
            attribute("JUMLAH", "number", 4, json!({})),
            attribute("SEJAK", "datetime", 5, json!({})),
        ]);
        if self.ways.definitions == Definitions::Flat {
            return Ok((200, attributes, "service_definition"));
        }
        let definition = json!({"service_code": self.id(self.ways.code), "attributes": attributes});
        Ok((200, definition, "service_definition"))
    }

    fn submit(&self, query: &[(String, String)], form: Vec<(String, String)>) -> Answer {
        let key = match self.ways.key {
            Key::No => None,
            Key::Body(key) => Some((&form[..], key)),
            Key::Query(key) | Key::Everywhere(key) => Some((query, key)),
        };
        if let Some((pairs, key)) = key
            && !pairs.contains(&("api_key".to_owned(), key.to_owned()))
        {
            return Err((403, "api_key was not provided".to_owned()));
        }
        self.check(&form)?;
        if self.ways.jurisdiction_in_query {
            self.check(query)?;
        }
        let mut row = Row {
            pairs: form,
            number: None,
            token: String::new(),
            status: "open".to_owned(),
            words: String::new(),
        };
        if row.value("service_code") != self.ways.code {
            return Err((404, "service_code was not found".to_owned()));
        }
        if row.value("lat").is_empty() || row.value("long").is_empty() {
            return Err((400, "lat and long were not provided".to_owned()));
        }
        if row.value("description").contains("hutan") {
            return Err((400, "Hutan lindung: bukan wewenang kami <kota>".to_owned()));
        }
        let mut rows = self.rows();
        row.token = format!("t{:08x}", rows.len() + 1);
        let notice = "Terima kasih";
        let answer = match self.ways.kind {
            Kind::Realtime => {
                row.number = Some(self.number(rows.len()));
                json!({"service_request_id": self.id(row.number.as_ref().unwrap()), "service_notice": notice, "account_id": null})
            }
            Kind::Batch => json!({"token": row.token, "service_notice": notice, "account_id": null}),
            Kind::Blackbox | Kind::Silent => json!({"service_notice": notice, "account_id": null}),
        };
        rows.push(row);
        Ok((self.ways.accepts, json!([answer]), "service_requests"))
    }

    fn written(&self, row: &Row) -> Value {
        let (mut lat, mut long) = (row.value("lat"), row.value("long"));
        if self.ways.swapped {
            std::mem::swap(&mut lat, &mut long);
        }
        let coarse = if row.status == "closed" { "closed" } else { "open" };
        let told = self.ways.history != History::FixMyStreet;
        json!({
            "service_request_id": self.id(row.number.as_deref().unwrap_or_default()),
            "status": if told { &row.status } else { coarse },
            "status_notes": if told { json!(row.words) } else { Value::Null },
            "service_name": "Sampah & puing", "service_code": self.id(self.ways.code),
            "description": row.value("description"), "agency_responsible": "Dinas Kebersihan",
            "service_notice": null, "requested_datetime": self.date(0), "updated_datetime": self.date(1),
            "expected_datetime": null, "address": null, "address_id": null, "zipcode": null,
            "lat": lat, "long": long, "media_url": null
        })
    }

    fn list(&self, query: &[(String, String)]) -> Answer {
        let value = |name: &str| {
            query
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        let rows = self.rows();
        let shown: Vec<Value> = rows
            .iter()
            .filter(|row| row.number.is_some() && !matches!(self.ways.kind, Kind::Blackbox | Kind::Silent))
            .filter(|row| value("service_request_id").is_none_or(|id| row.number.as_deref() == Some(id)))
            .filter(|row| value("service_code").is_none_or(|code| row.value("service_code") == code))
            .map(|row| self.written(row))
            .collect();
        Ok((200, json!(shown), "service_requests"))
    }

    fn one(&self, id: &str) -> Answer {
        match self.rows().iter().find(|row| row.number.as_deref() == Some(id)) {
            Some(row) => Ok((200, json!([self.written(row)]), "service_requests")),
            None if self.ways.empty_for_unknown => Ok((200, json!([]), "service_requests")),
            None => Err((404, "service_request_id was not found".to_owned())),
        }
    }

    fn token(&self, token: &str) -> Answer {
        let rows = self.rows();
        let row = rows.iter().find(|row| row.token == token);
        let row = row.ok_or_else(|| (404, "token was not found".to_owned()))?;
        let number = row.number.as_deref().map_or(Value::Null, |number| self.id(number));
        let told = json!([{"service_request_id": number, "token": token}]);
        Ok((200, told, "service_requests"))
    }

    fn updates(&self, query: &[(String, String)]) -> Result<Value, (u16, String)> {
        let asked = query.iter().find(|(name, _)| name == "service_request_id");
        let updates: Vec<Value> = self
            .rows()
            .iter()
            .enumerate()
            .filter(|(_, row)| !row.words.is_empty())
            .filter(|(_, row)| asked.is_none_or(|(_, id)| row.number.as_ref() == Some(id)))
            .map(|(at, row)| {
                json!({
                    "update_id": at + 1, "service_request_id": row.number, "status": row.status,
                    "updated_datetime": self.date(2), "description": row.words, "media_url": null
                })
            })
            .collect();
        Ok(json!(updates))
    }

    fn own_history(&self, id: &str) -> Answer {
        let rows = self.rows();
        let row = rows.iter().find(|row| row.number.as_deref() == Some(id));
        let row = row.ok_or_else(|| (404, "service_request_id was not found".to_owned()))?;
        let mut steps = vec![json!({"no": 1, "waktu": self.date(0), "keadaan": "open", "catatan": "Diterima"})];
        if !row.words.is_empty() {
            steps.push(json!({"no": 2, "waktu": self.date(2), "keadaan": row.status, "catatan": row.words}));
        }
        Ok((200, json!(steps), "riwayat"))
    }
}

/// The pairs of a query or a form, in their order.
fn pairs(text: &str) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://x/?{text}")).unwrap();
    url.query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn decoded(segment: &str) -> String {
    // A plus is a plus in a path.
    let mut pairs = pairs(&format!("x={}", segment.replace('+', "%2B"))).into_iter();
    pairs.next().map(|(_, value)| value).unwrap_or_default()
}

/// Pairs with the values of each name together, for comparing.
pub fn gathered(pairs: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut gathered: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        gathered.entry(name.clone()).or_default().push(value.clone());
    }
    gathered
}
