//! What the village's register holds: citizens, their logins, applications, documents, the archive
//! of written letters, and complaints.
//!
//! Every function works on the connection that [`super::super::register::Register::with`] hands out.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use serde_json::Value;

use super::super::register::RegisterError;
use super::status::Status;

/// The village's tables, with its citizens.
///
/// Their NIKs obey every rule and belong to nobody: serial numbers from 9001 are not given.
pub(in crate::cli::sandbox) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS citizens (
    id    INTEGER PRIMARY KEY,
    nik   TEXT NOT NULL UNIQUE,
    pin   TEXT NOT NULL,
    name  TEXT NOT NULL,
    email TEXT UNIQUE
) STRICT;
INSERT OR IGNORE INTO citizens (id, nik, pin, name, email) VALUES
    (1, '3404070101909001', '111111', 'Contoh Budi Santoso', 'budi@warga.example'),
    (2, '3404074202929002', '222222', 'Contoh Siti Aminah', 'siti@warga.example'),
    (3, '3404070303859003', '333333', 'Contoh Joko Susilo', NULL);
CREATE TABLE IF NOT EXISTS logins (
    token   TEXT PRIMARY KEY,
    citizen INTEGER NOT NULL REFERENCES citizens (id),
    expires INTEGER NOT NULL      -- seconds since 1970, as are all moments
) STRICT;
CREATE TABLE IF NOT EXISTS tries (
    credential TEXT NOT NULL,
    moment     INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS applications (
    id      INTEGER PRIMARY KEY,
    citizen INTEGER NOT NULL REFERENCES citizens (id),
    letter  INTEGER NOT NULL,
    name    TEXT NOT NULL,        -- of the letter
    answers TEXT NOT NULL,        -- JSON: all fields as they came
    status  TEXT NOT NULL,
    note    TEXT NOT NULL,        -- the officer's; the interface does not show it
    sent    INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS documents (
    id          INTEGER PRIMARY KEY,
    citizen     INTEGER NOT NULL REFERENCES citizens (id),
    requirement INTEGER NOT NULL,
    name        TEXT NOT NULL,
    file        TEXT NOT NULL,
    bytes       BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS archive (
    id          INTEGER PRIMARY KEY,
    application INTEGER NOT NULL UNIQUE REFERENCES applications (id),
    number      TEXT NOT NULL,
    written     INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS complaints (
    id      INTEGER PRIMARY KEY,
    answers INTEGER REFERENCES complaints (id),
    citizen INTEGER REFERENCES citizens (id),
    name    TEXT NOT NULL,
    email   TEXT NOT NULL,
    phone   TEXT NOT NULL,
    title   TEXT NOT NULL,
    text    TEXT NOT NULL,
    file    TEXT NOT NULL,
    status  INTEGER NOT NULL,
    sent    INTEGER NOT NULL
) STRICT;
";

/// The first id in the archive: no id of an application is one there.
const FIRST_ARCHIVED: i64 = 5001;

/// Somebody who may log in.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Citizen {
    pub(super) id: i64,
    pub(super) nik: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
}

fn read_citizen(row: &Row<'_>) -> rusqlite::Result<Citizen> {
    Ok(Citizen {
        id: row.get("id")?,
        nik: row.get("nik")?,
        name: row.get("name")?,
        email: row.get("email")?,
    })
}

/// The citizen with this NIK or email address, and this PIN.
pub(super) fn identify(connection: &Connection, credential: &str, pin: &str) -> Result<Option<Citizen>, RegisterError> {
    let mut statement = connection
        .prepare_cached("SELECT * FROM citizens WHERE (nik = ?1 OR lower(email) = lower(?1)) AND pin = ?2")?;
    Ok(statement.query_row((credential, pin), read_citizen).optional()?)
}

/// Keeps a token.
pub(super) fn log_in(connection: &Connection, token: &str, citizen: i64, expires: i64) -> Result<(), RegisterError> {
    connection.execute(
        "INSERT INTO logins (token, citizen, expires) VALUES (?1, ?2, ?3)",
        (token, citizen, expires),
    )?;
    Ok(())
}

/// Whose token that is, if it still holds.
pub(super) fn logged_in(connection: &Connection, token: &str, now: i64) -> Result<Option<Citizen>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT citizens.* FROM logins JOIN citizens ON citizens.id = citizen WHERE token = ?1 AND expires > ?2",
    )?;
    Ok(statement.query_row((token, now), read_citizen).optional()?)
}

/// Ends every login: the next call with any token is refused.
pub(super) fn log_all_out(connection: &Connection) -> Result<(), RegisterError> {
    connection.execute("DELETE FROM logins", ())?;
    Ok(())
}

/// An application for a letter.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Application {
    pub(super) id: i64,
    pub(super) nik: String,
    pub(super) citizen: String,
    pub(super) letter: i64,
    pub(super) name: String,
    pub(super) answers: Value,
    pub(super) status: Status,
    pub(super) note: String,
    /// ISO 8601, in UTC.
    pub(super) sent: String,
}

const APPLICATIONS: &str = "
    SELECT applications.id, nik, citizens.name AS citizen, letter, applications.name, answers, status, note,
           strftime('%Y-%m-%dT%H:%M:%S', sent, 'unixepoch') || '.000000Z' AS moment
    FROM applications JOIN citizens ON citizens.id = citizen";

fn read_application(row: &Row<'_>) -> Result<Application, RegisterError> {
    let status: String = row.get("status")?;
    Ok(Application {
        id: row.get("id")?,
        nik: row.get("nik")?,
        citizen: row.get("citizen")?,
        letter: row.get("letter")?,
        name: row.get("name")?,
        answers: serde_json::from_str(&row.get::<_, String>("answers")?)?,
        status: Status::from_word(&status).unwrap_or(Status::SedangDiperiksa),
        note: row.get("note")?,
        sent: row.get("moment")?,
    })
}

/// Takes an application in; gives its id.
pub(super) fn apply(
    connection: &Connection,
    citizen: i64,
    letter: (i64, &str),
    answers: &Value,
    now: i64,
) -> Result<i64, RegisterError> {
    connection.execute(
        "INSERT INTO applications (citizen, letter, name, answers, status, note, sent) VALUES (?1, ?2, ?3, ?4, ?5, '', ?6)",
        (citizen, letter.0, letter.1, answers.to_string(), Status::SedangDiperiksa.word(), now),
    )?;
    Ok(connection.last_insert_rowid())
}

/// Puts new answers in the place of old ones; the application is looked at again.
pub(super) fn complete(connection: &Connection, id: i64, answers: &Value) -> Result<(), RegisterError> {
    connection.execute(
        "UPDATE applications SET answers = ?2, status = ?3 WHERE id = ?1",
        (id, answers.to_string(), Status::SedangDiperiksa.word()),
    )?;
    Ok(())
}

/// Moves an application along; once it is ready its letter is in the archive.
pub(super) fn move_along(
    connection: &Connection,
    id: i64,
    status: Status,
    note: &str,
    now: i64,
) -> Result<Option<Application>, RegisterError> {
    connection.execute(
        "UPDATE applications SET status = ?2, note = ?3 WHERE id = ?1",
        (id, status.word(), note),
    )?;
    let application = application(connection, id)?;
    if application.is_some() && matches!(status, Status::SiapDiambil | Status::SudahDiambil) {
        connection.execute(
            "INSERT OR IGNORE INTO archive (id, application, number, written)
             SELECT next, ?1, printf('400/%03d/KAL-SW/%s', next - ?3 + 1, strftime('%Y', ?2, 'unixepoch', '+7 hours')), ?2
             FROM (SELECT coalesce(max(id) + 1, ?3) AS next FROM archive)",
            (id, now, FIRST_ARCHIVED),
        )?;
    }
    Ok(application)
}

/// An application by its id, whoever's it is.
pub(super) fn application(connection: &Connection, id: i64) -> Result<Option<Application>, RegisterError> {
    let mut statement = connection.prepare_cached(&format!("{APPLICATIONS} WHERE applications.id = ?1"))?;
    let mut rows = statement.query([id])?;
    rows.next()?.map(read_application).transpose()
}

/// What a list of applications is narrowed to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Narrow {
    /// One citizen's; `None`: everybody's.
    pub(super) citizen: Option<i64>,
    pub(super) id: Option<i64>,
    pub(super) newest_first: bool,
    /// Most rows, and how many to skip before.
    pub(super) part: (u32, i64),
}

/// Applications, and how many there are on all pages.
pub(super) fn applications(connection: &Connection, narrow: Narrow) -> Result<(Vec<Application>, u32), RegisterError> {
    const WHERE: &str = "WHERE (?1 IS NULL OR citizen = ?1) AND (?2 IS NULL OR applications.id = ?2)";
    let total = connection.query_row(
        &format!("SELECT count(*) FROM applications {WHERE}"),
        (narrow.citizen, narrow.id),
        |row| row.get(0),
    )?;
    let order = if narrow.newest_first { "DESC" } else { "ASC" };
    let sql = format!("{APPLICATIONS} {WHERE} ORDER BY applications.id {order} LIMIT ?3 OFFSET ?4");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query((narrow.citizen, narrow.id, narrow.part.0, narrow.part.1))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read_application(row)?);
    }
    Ok((found, total))
}

/// A letter that was written.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Archived {
    pub(super) id: i64,
    pub(super) number: String,
    pub(super) letter: String,
    pub(super) citizen: String,
    /// `YYYY-MM-DD HH:MM:SS`, in the village's own time.
    pub(super) written: String,
}

/// A citizen's written letters, or one of them, and how many there are on all pages.
pub(super) fn archive(
    connection: &Connection,
    citizen: i64,
    id: Option<i64>,
    part: (u32, i64),
) -> Result<(Vec<Archived>, u32), RegisterError> {
    const FROM: &str = "FROM archive JOIN applications ON applications.id = application
                        JOIN citizens ON citizens.id = citizen
                        WHERE citizen = ?1 AND (?2 IS NULL OR archive.id = ?2)";
    let total = connection.query_row(&format!("SELECT count(*) {FROM}"), (citizen, id), |row| row.get(0))?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT archive.id, number, applications.name, citizens.name, datetime(written, 'unixepoch', '+7 hours')
         {FROM} ORDER BY archive.id LIMIT ?3 OFFSET ?4"
    ))?;
    let rows = statement.query_map((citizen, id, part.0, part.1), |row| {
        Ok(Archived {
            id: row.get(0)?,
            number: row.get(1)?,
            letter: row.get(2)?,
            citizen: row.get(3)?,
            written: row.get(4)?,
        })
    })?;
    Ok((rows.collect::<Result<_, _>>()?, total))
}

/// Keeps a document; gives its id.
pub(super) fn keep_document(
    connection: &Connection,
    citizen: i64,
    requirement: i64,
    name: &str,
    file: &str,
    bytes: &[u8],
) -> Result<i64, RegisterError> {
    connection.execute(
        "INSERT INTO documents (citizen, requirement, name, file, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
        (citizen, requirement, name, file, bytes),
    )?;
    Ok(connection.last_insert_rowid())
}

/// A citizen's documents: id, requirement, name.
pub(super) fn documents(connection: &Connection, citizen: i64) -> Result<Vec<(i64, i64, String)>, RegisterError> {
    let mut statement =
        connection.prepare_cached("SELECT id, requirement, name FROM documents WHERE citizen = ?1 ORDER BY id")?;
    let rows = statement.query_map([citizen], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A document's bytes, by the name of its file.
pub(super) fn document(connection: &Connection, file: &str) -> Result<Option<Vec<u8>>, RegisterError> {
    Ok(connection
        .query_row("SELECT bytes FROM documents WHERE file = ?1", [file], |row| row.get(0))
        .optional()?)
}
