//! Reading the regions' files, and saying what is wrong with one so that its author can mend it.
//!
//! A file is checked in three passes, each only where the one before found nothing: against the
//! published schema, by the types, and by what they cannot say: the file's name, the region's
//! existence, names used twice, the adapter's profile, and forms. A file with a single fault is not
//! used at all: half a region would be a surprise to everybody.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;
use thiserror::Error;

use super::{form_engine, schema};
use crate::adapters;
use crate::catalogue::regions as official;
use crate::model::diagnostic::Diagnostic;
use crate::model::region::{Backend, BackendId, RegionCode, RegionFile};

/// Most bytes of a region file.
const MAX_FILE: u64 = 4 * 1024 * 1024;

/// A region file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub struct WrongFile {
    /// The file's name: `32.73.json`.
    pub file: String,
    /// What is wrong with it; never empty.
    pub problems: Vec<Diagnostic>,
}

impl WrongFile {
    fn new(file: &str, problems: Vec<Diagnostic>) -> Self {
        Self {
            file: file.to_owned(),
            problems,
        }
    }

    /// The region that it is for, by its name.
    #[must_use]
    pub fn code(&self) -> Option<RegionCode> {
        self.file.strip_suffix(".json")?.parse().ok()
    }
}

/// One line a problem: `32.73.json /theme/nila: expected …, found …`.
impl fmt::Display for WrongFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            write!(formatter, "{line}{} {problem}", self.file)?;
        }
        Ok(())
    }
}

/// Reads every `*.json` in `folder`, by name.
///
/// # Errors
/// The folder cannot be read. What is wrong with a file is its own result.
pub fn load(folder: &Path) -> io::Result<Vec<Result<RegionFile, WrongFile>>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".json") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names.iter().map(|name| read(&folder.join(name), name)).collect())
}

fn read(path: &Path, name: &str) -> Result<RegionFile, WrongFile> {
    let unreadable = |found: String| WrongFile::new(name, vec![Diagnostic::new("", "a file that can be read", found)]);
    let size = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?.len();
    if size > MAX_FILE {
        let problem = Diagnostic::new("", "at most 4 MiB", format!("{size} bytes"));
        return Err(WrongFile::new(name, vec![problem]));
    }
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    parse(name, &bytes)
}

/// Reads one region file's content; `name` is the file's name.
///
/// # Errors
/// Everything that is wrong with it, as far as the pass that found something.
pub fn parse(name: &str, bytes: &[u8]) -> Result<RegionFile, WrongFile> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| WrongFile::new(name, vec![Diagnostic::new("", "JSON", error.to_string())]))?;
    let problems = schema::check(&value);
    if !problems.is_empty() {
        return Err(WrongFile::new(name, problems));
    }
    let file: RegionFile = serde_json::from_value(value).map_err(|error| {
        let problem = Diagnostic::new("", "a region's file", error.to_string());
        WrongFile::new(name, vec![problem])
    })?;
    let problems = meaning(name, &file);
    if problems.is_empty() {
        Ok(file)
    } else {
        Err(WrongFile::new(name, problems))
    }
}

fn meaning(name: &str, file: &RegionFile) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    if name != format!("{}.json", file.code) {
        let expected = format!("the code in the file's name, {}", name.trim_end_matches(".json"));
        problems.push(Diagnostic::new("/code", expected, file.code.as_str()));
    }
    if official::find(&file.code).is_none() {
        let expected = "the Kemendagri code of a province, regency or city";
        problems.push(Diagnostic::new("/code", expected, file.code.as_str()));
    }
    let mut names = BTreeSet::new();
    for (at, backend) in file.backends.iter().enumerate() {
        let path = format!("/backends/{at}");
        if !names.insert(&backend.id) {
            let expected = "a name that no system before it has";
            problems.push(Diagnostic::new(format!("{path}/id"), expected, backend.id.as_str()));
        }
        backend_meaning(file, backend, &path, &mut problems);
    }
    problems
}

fn backend_meaning(file: &RegionFile, backend: &Backend, path: &str, problems: &mut Vec<Diagnostic>) {
    for (key, text) in [("name", &backend.name), ("office", &backend.office)] {
        if text.is_empty() {
            problems.push(Diagnostic::new(format!("{path}/{key}"), "a text", "none"));
        }
    }
    if backend.guarded && !backend.profile.is_null() {
        let expected = "none: a guarded system's profile lies beside edge.toml";
        problems.push(Diagnostic::new(format!("{path}/profile"), expected, "one"));
    }
    let id = BackendId {
        region: file.code.clone(),
        backend: backend.id.clone(),
    };
    let (adapter, found) = adapters::compile(&id, backend, file.utc_offset);
    if adapter.is_none() && found.is_empty() {
        problems.push(Diagnostic::new(path, "a profile that can be used", "none"));
    }
    problems.extend(found.into_iter().map(|problem| below(path, problem)));
    if adapter.is_some() && !backend.guarded && !adapters::is_on_phones(&backend.adapter) {
        let expected = "true: the answers of such a system tell too much for a phone to ask it";
        problems.push(Diagnostic::new(format!("{path}/guarded"), expected, "none"));
    }
    let mut codes = BTreeSet::new();
    for (at, service) in backend.services.iter().enumerate() {
        let path = format!("{path}/services/{at}");
        if !codes.insert(&service.code) {
            let expected = "a code that no service before it has";
            problems.push(Diagnostic::new(format!("{path}/code"), expected, service.code.as_str()));
        }
        if let Some(form) = &service.form {
            let path = format!("{path}/form");
            let found = form_engine::diagnostics(form);
            problems.extend(found.into_iter().map(|problem| below(&path, problem)));
        }
    }
}

fn below(path: &str, mut problem: Diagnostic) -> Diagnostic {
    problem.path.insert_str(0, path);
    problem
}
