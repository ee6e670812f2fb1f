//! What a build weighs, file by file.

use std::fmt;
use std::fs;
use std::path::Path;

use super::{PackError, read_all, twin};

/// The files of a build and of its shell, with sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The build.
    pub build: String,
    /// Its files, by path; older builds are not among them.
    pub rows: Vec<Row>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its path below the folder.
    pub path: String,
    /// Its bytes.
    pub raw: u64,
    /// Its bytes over the wire: compressed where that is smaller.
    pub wire: u64,
}

pub(super) fn measure(stage: &Path, build: &str) -> Result<Table, PackError> {
    let this = format!("b/{build}/");
    let files = read_all(stage, |path| {
        !path.ends_with(".br") && (!path.starts_with("b/") || path.starts_with(&this))
    })?;
    let rows = files.into_iter().map(|(path, bytes)| {
        let raw = bytes.len() as u64;
        let wire = fs::metadata(twin(&stage.join(&path))).map_or(raw, |twin| twin.len());
        Row { path, raw, wire }
    });
    Ok(Table {
        build: build.to_owned(),
        rows: rows.collect(),
    })
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "build {}", self.build)?;
        writeln!(formatter, "{:<44} {:>10} {:>10}", "", "bytes", "brotli")?;
        let sum = |size: fn(&Row) -> u64| self.rows.iter().map(size).sum();
        let all = Row {
            path: "all".to_owned(),
            raw: sum(|row| row.raw),
            wire: sum(|row| row.wire),
        };
        for Row { path, raw, wire } in self.rows.iter().chain([&all]) {
            writeln!(formatter, "{path:<44} {raw:>10} {wire:>10}")?;
        }
        Ok(())
    }
}
