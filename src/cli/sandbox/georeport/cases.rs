//! What is done with cases: taken in, numbered, moved along, found.
//!
//! Every function works on the connection that [`super::super::register::Register::with`] hands out, so
//! each is part of one transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use super::super::register::RegisterError;
use super::catalogue::{Kind, Service};
use super::manner::Numbering;
use super::status::Status;

/// The tables of a city.
pub(in crate::cli::sandbox) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS cases (
    number      INTEGER PRIMARY KEY,  -- counts every case, also those that never get a reference
    serial      INTEGER UNIQUE,       -- the running number within `reference`
    reference   TEXT UNIQUE,
    token       TEXT UNIQUE,
    numbered_at INTEGER,              -- batch: when it is numbered without an officer
    service     TEXT NOT NULL,
    status      TEXT NOT NULL,
    notes       TEXT NOT NULL,
    agency      TEXT NOT NULL,
    description TEXT NOT NULL,
    address     TEXT,
    lat         REAL,
    long        REAL,
    media_url   TEXT,
    attributes  TEXT NOT NULL,        -- JSON: code to list of values
    reporter    TEXT NOT NULL,        -- JSON: parameter to value
    requested   INTEGER NOT NULL,     -- seconds since 1970, as are all moments
    updated     INTEGER NOT NULL,
    expected    INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS updates (
    number      INTEGER PRIMARY KEY,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    moment      INTEGER NOT NULL,
    status      TEXT NOT NULL,
    notes       TEXT NOT NULL,
    agency      TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS media (
    number      INTEGER PRIMARY KEY,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    kind        TEXT NOT NULL,        -- media type, one of those accepted
    bytes       BLOB NOT NULL
) STRICT;
";

/// Most rows of a list.
pub(super) const MOST_ROWS: u32 = 50;

/// The first running number within a dated reference: the city has been at it before.
const FIRST_SERIAL: i64 = 417;

/// A file that came with a request.
#[derive(Clone, Debug)]
pub(super) struct Medium {
    /// Media type, one of those accepted.
    pub(super) kind: String,
    pub(super) bytes: Vec<u8>,
}

/// What a citizen sent, checked.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) description: String,
    pub(super) address: Option<String>,
    /// Latitude and longitude, WGS84 degrees.
    pub(super) place: Option<(f64, f64)>,
    pub(super) media_url: Option<String>,
    /// Values by attribute code.
    pub(super) attributes: BTreeMap<String, Vec<String>>,
    /// Who reports: `first_name`, `last_name`, `email`, `phone`.
    pub(super) reporter: BTreeMap<String, String>,
    pub(super) media: Vec<Medium>,
}

/// A case as the register holds it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Case {
    pub(super) number: i64,
    pub(super) reference: Option<String>,
    pub(super) token: Option<String>,
    pub(super) service_code: String,
    pub(super) status: String,
    pub(super) status_notes: String,
    pub(super) agency: String,
    pub(super) description: String,
    pub(super) address: Option<String>,
    pub(super) lat: Option<f64>,
    pub(super) long: Option<f64>,
    pub(super) media_url: Option<String>,
    /// Numbers of the files, to be had at `/media/{number}`.
    pub(super) media: Vec<i64>,
    pub(super) attributes: BTreeMap<String, Vec<String>>,
    pub(super) reporter: BTreeMap<String, String>,
    pub(super) requested_datetime: String,
    pub(super) updated_datetime: String,
    pub(super) expected_datetime: String,
}

/// One entry of a case's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Update {
    pub(super) update_id: i64,
    pub(super) updated_datetime: String,
    pub(super) status: String,
    pub(super) description: String,
    pub(super) agency: String,
}

/// What a list is narrowed to; `None` is everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) references: Option<Vec<String>>,
    pub(super) services: Option<Vec<String>>,
    pub(super) statuses: Option<Vec<Status>>,
    /// Earliest and latest moment of arrival, in seconds since 1970.
    pub(super) arrived: Option<(i64, i64)>,
    /// Cases without a reference as well.
    pub(super) unnumbered: bool,
    /// All rows, where it would be [`MOST_ROWS`].
    pub(super) unlimited: bool,
}

/// Takes a case in and, if its service numbers at once, numbers it; gives the officer's number.
pub(super) fn insert(
    connection: &Connection,
    numbering: Numbering,
    service: &Service,
    entry: &Entry,
    token: &str,
    now: i64,
) -> Result<i64, RegisterError> {
    let batch = service.kind == Kind::Batch;
    let (lat, long) = entry.place.unzip();
    connection.execute(
        "INSERT INTO cases (token, numbered_at, service, status, notes, agency, description, address, lat, long,
                            media_url, attributes, reporter, requested, updated, expected)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?15)",
        rusqlite::params![
            batch.then_some(token),
            batch.then(|| now.saturating_add(i64::from(service.number_after_minutes).saturating_mul(60))),
            service.code,
            Status::Open.word(),
            Status::Open.note(),
            service.agency,
            entry.description,
            entry.address,
            lat,
            long,
            entry.media_url,
            serde_json::to_string(&entry.attributes)?,
            serde_json::to_string(&entry.reporter)?,
            now,
            now.saturating_add(i64::from(service.days).saturating_mul(86_400)),
        ],
    )?;
    let number = connection.last_insert_rowid();
    for medium in &entry.media {
        connection.execute(
            "INSERT INTO media (case_number, kind, bytes) VALUES (?1, ?2, ?3)",
            (number, &medium.kind, &medium.bytes),
        )?;
    }
    note(
        connection,
        number,
        Status::Open,
        Status::Open.note(),
        &service.agency,
        now,
    )?;
    if service.kind == Kind::Realtime {
        give_reference(connection, numbering, number, now)?;
    }
    Ok(number)
}

fn note(
    connection: &Connection,
    number: i64,
    status: Status,
    text: &str,
    agency: &str,
    now: i64,
) -> Result<(), RegisterError> {
    connection.execute(
        "INSERT INTO updates (case_number, moment, status, notes, agency) VALUES (?1, ?2, ?3, ?4, ?5)",
        (number, now, status.word(), text, agency),
    )?;
    Ok(())
}

/// Gives a case the next reference, unless it has one.
fn give_reference(connection: &Connection, numbering: Numbering, number: i64, now: i64) -> Result<(), RegisterError> {
    let (first, prefix) = match numbering {
        Numbering::Dated(prefix) => (FIRST_SERIAL, Some(prefix)),
        Numbering::Plain(first) => (first, None),
    };
    connection.execute(
        "WITH next AS (SELECT coalesce(max(serial) + 1, ?3) AS serial FROM cases)
         UPDATE cases SET serial = next.serial,
                          reference = CASE WHEN ?4 IS NULL THEN printf('%d', next.serial)
                                      ELSE printf('%s-%s-%06d', ?4, strftime('%Y', ?2, 'unixepoch', '+7 hours'), next.serial) END
         FROM next WHERE number = ?1 AND reference IS NULL",
        (number, now, first, prefix),
    )?;
    Ok(())
}

/// Gives the case behind a token its reference now; whether there is such a token.
pub(super) fn number_token(
    connection: &Connection,
    numbering: Numbering,
    token: &str,
    now: i64,
) -> Result<bool, RegisterError> {
    let number: Option<i64> = connection
        .query_row("SELECT number FROM cases WHERE token = ?1", [token], |row| row.get(0))
        .optional()?;
    if let Some(number) = number {
        give_reference(connection, numbering, number, now)?;
    }
    Ok(number.is_some())
}

/// Numbers every case whose time has come.
pub(super) fn number_due(connection: &Connection, numbering: Numbering, now: i64) -> Result<(), RegisterError> {
    let mut statement =
        connection.prepare("SELECT number FROM cases WHERE reference IS NULL AND numbered_at <= ?1 ORDER BY number")?;
    let due: Vec<i64> = statement
        .query_map([now], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    due.into_iter()
        .try_for_each(|number| give_reference(connection, numbering, number, now))
}

/// Moves a case along. An empty `text` becomes the status's own; an empty `agency` stays as it is.
/// `None` where there is no such case.
pub(super) fn move_along(
    connection: &Connection,
    id: &str,
    status: Status,
    text: &str,
    agency: &str,
    now: i64,
) -> Result<Option<Case>, RegisterError> {
    let Some(case) = find(connection, id)? else {
        return Ok(None);
    };
    let text = if text.is_empty() { status.note() } else { text };
    let agency = if agency.is_empty() { &case.agency } else { agency };
    connection.execute(
        "UPDATE cases SET status = ?2, notes = ?3, agency = ?4, updated = ?5 WHERE number = ?1",
        (case.number, status.word(), text, agency, now),
    )?;
    note(connection, case.number, status, text, agency, now)?;
    find(connection, id)
}

const COLUMNS: &str = "
    number, reference, token, service, status, notes, agency, description, address, lat, long, media_url, attributes, reporter,
    strftime('%Y-%m-%dT%H:%M:%S', requested, 'unixepoch', '+7 hours') || '+07:00' AS requested_text,
    strftime('%Y-%m-%dT%H:%M:%S', updated, 'unixepoch', '+7 hours') || '+07:00' AS updated_text,
    strftime('%Y-%m-%dT%H:%M:%S', expected, 'unixepoch', '+7 hours') || '+07:00' AS expected_text,
    (SELECT json_group_array(media.number) FROM media WHERE case_number = cases.number) AS media";

fn read(row: &Row<'_>) -> Result<Case, RegisterError> {
    let json = |column| row.get::<_, String>(column);
    Ok(Case {
        number: row.get("number")?,
        reference: row.get("reference")?,
        token: row.get("token")?,
        service_code: row.get("service")?,
        status: row.get("status")?,
        status_notes: row.get("notes")?,
        agency: row.get("agency")?,
        description: row.get("description")?,
        address: row.get("address")?,
        lat: row.get("lat")?,
        long: row.get("long")?,
        media_url: row.get("media_url")?,
        media: serde_json::from_str(&json("media")?)?,
        attributes: serde_json::from_str(&json("attributes")?)?,
        reporter: serde_json::from_str(&json("reporter")?)?,
        requested_datetime: row.get("requested_text")?,
        updated_datetime: row.get("updated_text")?,
        expected_datetime: row.get("expected_text")?,
    })
}

/// The case with this reference.
pub(super) fn find_reference(connection: &Connection, reference: &str) -> Result<Option<Case>, RegisterError> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE reference = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([reference])?;
    rows.next()?.map(read).transpose()
}

/// The case with this reference, or with this number of the officer's; not for the public, who
/// could count the numbers through.
pub(super) fn find(connection: &Connection, id: &str) -> Result<Option<Case>, RegisterError> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE reference = ?1 OR number = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query((id, id.parse::<i64>().ok()))?;
    rows.next()?.map(read).transpose()
}

/// The case with this token, numbered or not.
pub(super) fn find_token(connection: &Connection, token: &str) -> Result<Option<Case>, RegisterError> {
    let sql = format!("SELECT {COLUMNS} FROM cases WHERE token = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([token])?;
    rows.next()?.map(read).transpose()
}

/// Cases that pass the filter, the newest first.
pub(super) fn list(connection: &Connection, filter: &Filter) -> Result<Vec<Case>, RegisterError> {
    let as_json = |words: &Option<Vec<String>>| words.as_ref().map(serde_json::to_string).transpose();
    let statuses = filter
        .statuses
        .as_ref()
        .map(|statuses| statuses.iter().map(|status| status.word().to_owned()).collect());
    let sql = format!(
        "SELECT {COLUMNS} FROM cases
         WHERE (?1 IS NULL OR reference IN (SELECT value FROM json_each(?1)))
           AND (?2 IS NULL OR service IN (SELECT value FROM json_each(?2)))
           AND (?3 IS NULL OR status IN (SELECT value FROM json_each(?3)))
           AND (?4 IS NULL OR requested BETWEEN ?4 AND ?5)
           AND (?6 OR reference IS NOT NULL)
         ORDER BY requested DESC, number DESC LIMIT ?7"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params![
        as_json(&filter.references)?,
        as_json(&filter.services)?,
        as_json(&statuses)?,
        filter.arrived.map(|(from, _)| from),
        filter.arrived.map(|(_, to)| to),
        filter.unnumbered,
        // SQLite takes a negative limit as none.
        if filter.unlimited { -1 } else { i64::from(MOST_ROWS) },
    ])?;
    let mut cases = Vec::new();
    while let Some(row) = rows.next()? {
        cases.push(read(row)?);
    }
    Ok(cases)
}

/// A case's history, the oldest entry first.
pub(super) fn history(connection: &Connection, number: i64) -> Result<Vec<Update>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT number, strftime('%Y-%m-%dT%H:%M:%S', moment, 'unixepoch', '+7 hours') || '+07:00', status, notes, agency
         FROM updates WHERE case_number = ?1 ORDER BY number",
    )?;
    let updates = statement
        .query_map([number], |row| {
            Ok(Update {
                update_id: row.get(0)?,
                updated_datetime: row.get(1)?,
                status: row.get(2)?,
                description: row.get(3)?,
                agency: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(updates)
}

/// A file by its number.
pub(super) fn medium(connection: &Connection, number: i64) -> Result<Option<Medium>, RegisterError> {
    Ok(connection
        .query_row("SELECT kind, bytes FROM media WHERE number = ?1", [number], |row| {
            Ok(Medium {
                kind: row.get(0)?,
                bytes: row.get(1)?,
            })
        })
        .optional()?)
}
