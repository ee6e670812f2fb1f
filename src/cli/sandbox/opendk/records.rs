//! What the district's register holds: residents, complaints, the officer's answers.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::register::RegisterError;

/// The district's tables, with its residents (the village's, as it happens) and what others said
/// before.
pub(in crate::cli::sandbox) const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS residents (
    nik     TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    born    TEXT NOT NULL,        -- YYYY-MM-DD
    address TEXT NOT NULL
) STRICT;
INSERT OR IGNORE INTO residents (nik, name, born, address) VALUES
    ('3404070101909001', 'Contoh Budi Santoso', '1990-01-01', 'Padukuhan Contoh 1'),
    ('3404074202929002', 'Contoh Siti Aminah', '1992-02-02', 'Padukuhan Contoh 2'),
    ('3404070303859003', 'Contoh Joko Susilo', '1985-03-03', 'Padukuhan Contoh 3');
CREATE TABLE IF NOT EXISTS complaints (
    id        INTEGER PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    nik       TEXT NOT NULL REFERENCES residents (nik),
    title     TEXT NOT NULL,
    text      TEXT NOT NULL,
    category  INTEGER NOT NULL,
    anonymous INTEGER NOT NULL,
    status    TEXT NOT NULL,
    seen      INTEGER NOT NULL,
    files     TEXT NOT NULL,      -- JSON: names of four files, or null
    sent      INTEGER NOT NULL,   -- seconds since 1970, as are all moments
    updated   INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO complaints VALUES
    (1, '411205', '3404074202929002', 'Lampu jalan padam', 'Sudah seminggu gelap.', 1, 0, 'SELESAI', 12, '[null,null,null,null]', 1767600000, 1768000000),
    (2, '411206', '3404070303859003', 'Antrean KTP', 'Antrean terlalu panjang.', 2, 1, 'PROSES', 4, '[null,null,null,null]', 1767700000, 1767900000);
CREATE TABLE IF NOT EXISTS files (
    name  TEXT PRIMARY KEY,
    kind  TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
";

/// Categories: id and name.
pub(super) const CATEGORIES: [(i64, &str); 4] = [
    (1, "Infrastruktur (sarana dan prasarana)"),
    (2, "Administrasi kependudukan"),
    (3, "Bantuan sosial"),
    (4, "Lain-lain"),
];

/// Where a complaint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Status {
    Review,
    Belum,
    Proses,
    Selesai,
    Ditolak,
}

impl Status {
    pub(super) const ALL: [Self; 5] = [Self::Review, Self::Belum, Self::Proses, Self::Selesai, Self::Ditolak];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Review => "REVIEW",
            Self::Belum => "BELUM",
            Self::Proses => "PROSES",
            Self::Selesai => "SELESAI",
            Self::Ditolak => "DITOLAK",
        }
    }
}

/// Somebody who lives in the district.
#[derive(Clone, Debug)]
pub(super) struct Resident {
    pub(super) born: String,
}

/// The resident with this NIK.
pub(super) fn resident(connection: &Connection, nik: &str) -> Result<Option<Resident>, RegisterError> {
    Ok(connection
        .query_row("SELECT born FROM residents WHERE nik = ?1", [nik], |row| {
            Ok(Resident { born: row.get(0)? })
        })
        .optional()?)
}

/// A complaint, with whose it is.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Complaint {
    pub(super) id: i64,
    pub(super) number: String,
    pub(super) nik: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) category: i64,
    pub(super) anonymous: bool,
    pub(super) status: String,
    pub(super) seen: i64,
    pub(super) files: [Option<String>; 4],
    /// All that is known of the resident, as a text of JSON: the real server shows it to everybody.
    pub(super) details: String,
    /// ISO 8601, in UTC.
    pub(super) sent: String,
    pub(super) updated: String,
}

fn read(row: &Row<'_>) -> Result<Complaint, RegisterError> {
    let (nik, name): (String, String) = (row.get("nik")?, row.get("name")?);
    let (born, address): (String, String) = (row.get("born")?, row.get("address")?);
    let details = json!({"nik": nik, "nama": name, "tanggal_lahir": born, "alamat": address});
    Ok(Complaint {
        id: row.get("id")?,
        number: row.get("number")?,
        nik,
        name,
        title: row.get("title")?,
        text: row.get("text")?,
        category: row.get("category")?,
        anonymous: row.get("anonymous")?,
        status: row.get("status")?,
        seen: row.get("seen")?,
        files: serde_json::from_str(&row.get::<_, String>("files")?)?,
        details: details.to_string(),
        sent: row.get("sent_text")?,
        updated: row.get("updated_text")?,
    })
}

/// What a resident complains of.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) nik: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) category: i64,
    pub(super) anonymous: bool,
    pub(super) files: [Option<String>; 4],
}

/// Takes a complaint in, for review; gives it with its number of six digits.
pub(super) fn insert(connection: &Connection, entry: &Entry, now: i64) -> Result<Option<Complaint>, RegisterError> {
    connection.execute(
        "INSERT INTO complaints (number, nik, title, text, category, anonymous, status, seen, files, sent, updated)
         SELECT printf('%06d', max(CAST(number AS INTEGER)) + 7), ?1, ?2, ?3, ?4, ?5, 'REVIEW', 0, ?6, ?7, ?7 FROM complaints",
        (
            &entry.nik,
            &entry.title,
            &entry.text,
            entry.category,
            entry.anonymous,
            serde_json::to_string(&entry.files)?,
            now,
        ),
    )?;
    let id = connection.last_insert_rowid();
    Ok(complaints(connection)?.into_iter().find(|complaint| complaint.id == id))
}

/// All complaints, the newest first.
pub(super) fn complaints(connection: &Connection) -> Result<Vec<Complaint>, RegisterError> {
    let mut statement = connection.prepare_cached(
        "SELECT complaints.*, residents.name, born, address,
                strftime('%Y-%m-%dT%H:%M:%S', sent, 'unixepoch') || '.000000Z' AS sent_text,
                strftime('%Y-%m-%dT%H:%M:%S', updated, 'unixepoch') || '.000000Z' AS updated_text
         FROM complaints JOIN residents ON residents.nik = complaints.nik ORDER BY sent DESC, id DESC",
    )?;
    let mut rows = statement.query(())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Moves a complaint along, by its id or its number; whether there is one.
pub(super) fn move_along(connection: &Connection, id: &str, status: Status, now: i64) -> Result<bool, RegisterError> {
    let changed = connection.execute(
        "UPDATE complaints SET status = ?2, updated = ?3 WHERE number = ?1 OR id = CAST(?1 AS INTEGER)",
        (id, status.word(), now),
    )?;
    Ok(changed > 0)
}

/// Keeps a picture.
pub(super) fn keep_file(connection: &Connection, name: &str, kind: &str, bytes: &[u8]) -> Result<(), RegisterError> {
    connection.execute(
        "INSERT INTO files (name, kind, bytes) VALUES (?1, ?2, ?3)",
        (name, kind, bytes),
    )?;
    Ok(())
}

/// A picture: its media type and its bytes.
pub(super) fn file(connection: &Connection, name: &str) -> Result<Option<(String, Vec<u8>)>, RegisterError> {
    Ok(connection
        .query_row("SELECT kind, bytes FROM files WHERE name = ?1", [name], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}

/// A category's own record.
pub(super) fn category(id: i64) -> Value {
    let name = CATEGORIES.iter().find(|(each, _)| *each == id).map(|(_, name)| *name);
    json!({"id": id, "nama": name})
}
