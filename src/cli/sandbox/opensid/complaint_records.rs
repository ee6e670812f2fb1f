//! Complaints in the village's register: a complaint, and the answers to it, which are rows of the
//! same kind.

use rusqlite::{Connection, Row};
use serde::Serialize;

use super::super::register::RegisterError;

/// A complaint, or an answer to one.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Complaint {
    pub(super) id: i64,
    /// The complaint that this one answers.
    pub(super) answers: Option<i64>,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) file: String,
    pub(super) status: u8,
    /// ISO 8601, in UTC.
    pub(super) sent: String,
}

const COMPLAINTS: &str = "
    SELECT id, answers, name, email, phone, title, text, file, status,
           strftime('%Y-%m-%dT%H:%M:%S', sent, 'unixepoch') || '.000000Z' AS moment
    FROM complaints";

fn read(row: &Row<'_>) -> rusqlite::Result<Complaint> {
    Ok(Complaint {
        id: row.get("id")?,
        answers: row.get("answers")?,
        name: row.get("name")?,
        email: row.get("email")?,
        phone: row.get("phone")?,
        title: row.get("title")?,
        text: row.get("text")?,
        file: row.get("file")?,
        status: row.get("status")?,
        sent: row.get("moment")?,
    })
}

/// What a citizen complains of.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) citizen: i64,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) file: String,
}

/// Takes a complaint in.
pub(super) fn insert(connection: &Connection, entry: &Entry, now: i64) -> Result<(), RegisterError> {
    connection.execute(
        "INSERT INTO complaints (citizen, name, email, phone, title, text, file, status, sent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)",
        (
            entry.citizen,
            &entry.name,
            &entry.email,
            &entry.phone,
            &entry.title,
            &entry.text,
            &entry.file,
            now,
        ),
    )?;
    Ok(())
}

/// Answers a complaint and sets where it stands; whether there is one.
pub(super) fn answer(
    connection: &Connection,
    id: i64,
    status: u8,
    text: &str,
    now: i64,
) -> Result<bool, RegisterError> {
    let known = connection.execute(
        "UPDATE complaints SET status = ?2 WHERE id = ?1 AND answers IS NULL",
        (id, status),
    )?;
    if known > 0 && !text.is_empty() {
        connection.execute(
            "INSERT INTO complaints (answers, name, email, phone, title, text, file, status, sent)
             VALUES (?1, 'Petugas Kalurahan', '', '', '', ?2, '', ?3, ?4)",
            (id, text, status, now),
        )?;
    }
    Ok(known > 0)
}

/// A citizen's complaints, or everybody's, and how many there are on all pages.
pub(super) fn list(
    connection: &Connection,
    citizen: Option<i64>,
    part: (u32, i64),
) -> Result<(Vec<Complaint>, u32), RegisterError> {
    const WHERE: &str = "WHERE answers IS NULL AND (?1 IS NULL OR citizen = ?1)";
    let total = connection.query_row(&format!("SELECT count(*) FROM complaints {WHERE}"), [citizen], |row| {
        row.get(0)
    })?;
    let sql = format!("{COMPLAINTS} {WHERE} ORDER BY id LIMIT ?2 OFFSET ?3");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map((citizen, part.0, part.1), read)?;
    Ok((rows.collect::<Result<_, _>>()?, total))
}

/// A complaint and the answers to it, whoever's it is: the server does not ask.
pub(super) fn thread(connection: &Connection, id: i64) -> Result<Vec<Complaint>, RegisterError> {
    let mut statement =
        connection.prepare_cached(&format!("{COMPLAINTS} WHERE id = ?1 OR answers = ?1 ORDER BY id"))?;
    let rows = statement.query_map([id], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
