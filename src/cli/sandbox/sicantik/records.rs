//! What the office's register holds: applicants, their logins and files, applications and the steps
//! that each goes through.

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::register::RegisterError;
use super::permits::Permit;

/// The office's tables, with its applicants: made up, and plainly so.
pub(in crate::cli::sandbox) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS applicants (
    id       INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    name     TEXT NOT NULL,
    born     TEXT NOT NULL        -- dd-MM-yyyy
) STRICT;
INSERT OR IGNORE INTO applicants (id, username, password, name, born) VALUES
    (1, 'pemohon.satu', 'rahasia-satu', 'Contoh Dewi Lestari', '12-03-1988'),
    (2, 'pemohon.dua', 'rahasia-dua', 'Contoh Agus Wijaya', '30-11-1979');
CREATE TABLE IF NOT EXISTS logins (
    token     TEXT PRIMARY KEY,
    applicant INTEGER NOT NULL REFERENCES applicants (id),
    expires   INTEGER NOT NULL    -- seconds since 1970, as are all moments
) STRICT;
CREATE TABLE IF NOT EXISTS files (
    name      TEXT PRIMARY KEY,
    applicant INTEGER NOT NULL REFERENCES applicants (id),
    bytes     BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS applications (
    id        INTEGER PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    applicant INTEGER NOT NULL REFERENCES applicants (id),
    permit    INTEGER NOT NULL,
    name      TEXT NOT NULL,      -- of the permit
    body      TEXT NOT NULL,      -- JSON, as it came
    state     TEXT,               -- ditetapkan, ditolak, Hold
    sent      INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS steps (
    id          INTEGER PRIMARY KEY,
    application INTEGER NOT NULL REFERENCES applications (id),
    name        TEXT NOT NULL,
    status      TEXT NOT NULL,
    started     INTEGER,
    ended       INTEGER
) STRICT;
";

/// Somebody who applies.
#[derive(Clone, Debug)]
pub(super) struct Applicant {
    pub(super) id: i64,
}

/// Keeps a token for whoever has this name and password.
pub(super) fn log_in(
    connection: &Connection,
    who: (&str, &str),
    token: &str,
    expires: i64,
) -> Result<bool, RegisterError> {
    let added = connection.execute(
        "INSERT INTO logins (token, applicant, expires)
         SELECT ?3, id, ?4 FROM applicants WHERE username = ?1 AND password = ?2",
        (who.0, who.1, token, expires),
    )?;
    Ok(added > 0)
}

/// Whose token that is, if it still holds.
pub(super) fn logged_in(connection: &Connection, token: &str, now: i64) -> Result<Option<Applicant>, RegisterError> {
    let mut statement = connection.prepare_cached("SELECT applicant FROM logins WHERE token = ?1 AND expires > ?2")?;
    Ok(statement
        .query_row((token, now), |row| Ok(Applicant { id: row.get(0)? }))
        .optional()?)
}

/// Keeps a file.
pub(super) fn keep_file(
    connection: &Connection,
    name: &str,
    applicant: i64,
    bytes: &[u8],
) -> Result<(), RegisterError> {
    connection.execute(
        "INSERT OR REPLACE INTO files (name, applicant, bytes) VALUES (?1, ?2, ?3)",
        (name, applicant, bytes),
    )?;
    Ok(())
}

/// A file's bytes.
pub(super) fn file(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, RegisterError> {
    Ok(connection
        .query_row("SELECT bytes FROM files WHERE name = ?1", [name], |row| row.get(0))
        .optional()?)
}

/// A step of an application.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Step {
    pub(super) id: i64,
    pub(super) name: String,
    /// Menunggu, Proses, Selesai or Drop.
    pub(super) status: String,
    /// `d/MM/yyyy HH:mm:ss`, in the office's own time.
    pub(super) started: Option<String>,
    pub(super) ended: Option<String>,
}

/// An application, with its steps in order.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Application {
    pub(super) id: i64,
    pub(super) number: String,
    pub(super) applicant: i64,
    pub(super) name: String,
    pub(super) born: String,
    pub(super) permit: i64,
    pub(super) permit_name: String,
    pub(super) body: Value,
    pub(super) state: Option<String>,
    /// `dd-MM-yyyy`.
    pub(super) sent: String,
    pub(super) steps: Vec<Step>,
}

/// Takes an application in, numbered at once: `IZN/2026/08/000101`.
pub(super) fn apply(
    connection: &Connection,
    applicant: i64,
    permit: &Permit,
    body: &Value,
    now: i64,
) -> Result<i64, RegisterError> {
    connection.execute(
        "INSERT INTO applications (number, applicant, permit, name, body, sent)
         SELECT printf('IZN/%s/%06d', strftime('%Y/%m', ?5, 'unixepoch', '+7 hours'), coalesce(max(id), 0) + 101), ?1, ?2, ?3, ?4, ?5
         FROM applications",
        (applicant, permit.id, &permit.name, body.to_string(), now),
    )?;
    let id = connection.last_insert_rowid();
    for (order, name) in permit.steps.iter().enumerate() {
        connection.execute(
            "INSERT INTO steps (application, name, status, started) VALUES (?1, ?2, ?3, ?4)",
            (
                id,
                name,
                if order == 0 { "Proses" } else { "Menunggu" },
                (order == 0).then_some(now),
            ),
        )?;
    }
    Ok(id)
}

/// What the officer does with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Move {
    /// The step that is open is done; the next one opens, and after the last the permit is given.
    Next,
    /// The step that is open is dropped, and the application with it.
    Drop,
    /// Nothing goes on for now.
    Hold,
    /// It goes on.
    Resume,
}

/// Moves an application along; whether there is one.
pub(super) fn move_along(connection: &Connection, id: i64, step: Move, now: i64) -> Result<bool, RegisterError> {
    let open = "SELECT min(id) FROM steps WHERE application = ?1 AND status = 'Proses'";
    let state = match step {
        Move::Next => {
            connection.execute(
                &format!("UPDATE steps SET status = 'Selesai', ended = ?2 WHERE id = ({open})"),
                (id, now),
            )?;
            let opened = connection.execute(
                "UPDATE steps SET status = 'Proses', started = ?2
                 WHERE id = (SELECT min(id) FROM steps WHERE application = ?1 AND status = 'Menunggu')",
                (id, now),
            )?;
            (opened == 0).then_some("ditetapkan")
        }
        Move::Drop => {
            connection.execute(
                &format!("UPDATE steps SET status = 'Drop', ended = ?2 WHERE id = ({open})"),
                (id, now),
            )?;
            Some("ditolak")
        }
        Move::Hold => Some("Hold"),
        Move::Resume => None,
    };
    Ok(connection.execute("UPDATE applications SET state = ?2 WHERE id = ?1", (id, state))? > 0)
}

/// What a list of applications is narrowed to; `None` is everything.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrow {
    pub(super) applicant: Option<i64>,
    pub(super) id: Option<i64>,
    pub(super) number: Option<String>,
    /// A part of the number or of the permit's name.
    pub(super) part: Option<String>,
}

/// Applications, the oldest first.
pub(super) fn applications(connection: &Connection, narrow: &Narrow) -> Result<Vec<Application>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT applications.id, number, applicant, applicants.name AS person, born, permit, applications.name AS permit_name,
                body, state, strftime('%d-%m-%Y', sent, 'unixepoch', '+7 hours') AS day
         FROM applications JOIN applicants ON applicants.id = applicant
         WHERE (?1 IS NULL OR applicant = ?1) AND (?2 IS NULL OR applications.id = ?2) AND (?3 IS NULL OR number = ?3)
           AND (?4 IS NULL OR instr(lower(number || ' ' || applications.name), lower(?4)) > 0)
         ORDER BY applications.id",
    )?;
    let mut rows = statement.query((narrow.applicant, narrow.id, &narrow.number, &narrow.part))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = row.get("id")?;
        found.push(Application {
            id,
            number: row.get("number")?,
            applicant: row.get("applicant")?,
            name: row.get("person")?,
            born: row.get("born")?,
            permit: row.get("permit")?,
            permit_name: row.get("permit_name")?,
            body: serde_json::from_str(&row.get::<_, String>("body")?)?,
            state: row.get("state")?,
            sent: row.get("day")?,
            steps: steps(connection, id)?,
        });
    }
    Ok(found)
}

fn steps(connection: &Connection, application: i64) -> Result<Vec<Step>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, name, status,
                ltrim(strftime('%d/%m/%Y %H:%M:%S', started, 'unixepoch', '+7 hours'), '0'),
                ltrim(strftime('%d/%m/%Y %H:%M:%S', ended, 'unixepoch', '+7 hours'), '0')
         FROM steps WHERE application = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([application], |row| {
        Ok(Step {
            id: row.get(0)?,
            name: row.get(1)?,
            status: row.get(2)?,
            started: row.get(3)?,
            ended: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
