//! What publishing tells its operator: plain lines, the numbers first.

use std::fmt;
use std::process::ExitCode;

use super::regions::WrongFile;
use crate::model::diagnostic::Diagnostic;
use crate::model::problem::Problem;
use crate::model::region::BackendId;
use crate::model::service::ServiceCode;

/// What was published, and what stood in the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Regions that are online.
    pub regions: usize,
    /// Backends of theirs.
    pub backends: usize,
    /// Services published.
    pub services: usize,
    /// Of these, with a form.
    pub forms: usize,
    /// Region files that cannot be used; what was published of them last was kept.
    pub wrong: Vec<WrongFile>,
    /// Everything else worth knowing, in the order of regions and backends.
    pub notes: Vec<Note>,
}

/// Something worth knowing about a backend.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The backend.
    pub backend: BackendId,
    /// The service, where it is about one.
    pub service: Option<ServiceCode>,
    /// What it is.
    pub what: What,
}

/// What is worth knowing.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Something that the backend gave cannot be used, or has no counterpart here.
    Unusable(Diagnostic),
    /// `edge.toml` names no address for it.
    NoAddress,
    /// It is guarded, and what lies beside `edge.toml` for it cannot be used.
    Closed(String),
    /// It did not give its catalogue; what was published last was kept.
    Down(Problem),
    /// It did not give this form; the one published last was kept, if there is one.
    NoForm(Problem),
    /// The region describes a service that the catalogue does not have, and gives it no form.
    NotListed,
}

impl Note {
    pub(super) fn of(backend: &BackendId, what: What) -> Self {
        Self {
            backend: backend.clone(),
            service: None,
            what,
        }
    }

    pub(super) fn form(backend: &BackendId, service: &ServiceCode, problem: &Problem) -> Self {
        Self {
            backend: backend.clone(),
            service: Some(service.clone()),
            what: What::NoForm(problem.clone()),
        }
    }

    pub(super) fn not_listed(backend: &BackendId, service: &ServiceCode) -> Self {
        Self {
            backend: backend.clone(),
            service: Some(service.clone()),
            what: What::NotListed,
        }
    }
}

impl Report {
    pub(super) fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    pub(super) fn note_all(
        &mut self,
        backend: &BackendId,
        service: Option<&ServiceCode>,
        found: impl IntoIterator<Item = Diagnostic>,
    ) {
        self.notes.extend(found.into_iter().map(|diagnostic| Note {
            backend: backend.clone(),
            service: service.cloned(),
            what: What::Unusable(diagnostic),
        }));
    }

    /// Failure only where a region file is wrong: a backend that is down is no fault of the
    /// operator's.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        if self.wrong.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "published: {} regions, {} backends, {} services, {} of them with a form",
            self.regions, self.backends, self.services, self.forms
        )?;
        if !self.wrong.is_empty() {
            let count = self.wrong.len();
            writeln!(
                formatter,
                "\nregion files that cannot be used ({count}); what was published of them last is kept:"
            )?;
            for wrong in &self.wrong {
                writeln!(formatter, "{wrong}")?;
            }
        }
        if !self.notes.is_empty() {
            writeln!(formatter, "\nworth knowing ({}):", self.notes.len())?;
            for note in &self.notes {
                writeln!(formatter, "{note}")?;
            }
        }
        Ok(())
    }
}

/// `32.73/lapor/001 /steps/0: expected …, found …`.
impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.backend)?;
        if let Some(service) = &self.service {
            write!(formatter, "/{service}")?;
        }
        match &self.what {
            What::Unusable(diagnostic) => write!(formatter, " {diagnostic}"),
            What::NoAddress => {
                let backend = &self.backend;
                write!(
                    formatter,
                    ": no address in [upstreams.\"{backend}\"]; what was published last is kept"
                )
            }
            What::Closed(why) => write!(formatter, ": {why}; what was published last is kept"),
            What::Down(problem) => write!(formatter, ": down ({problem}); what was published last is kept"),
            What::NoForm(problem) => write!(formatter, ": no form ({problem}); the one published last is kept"),
            What::NotListed => {
                formatter.write_str(": not in the backend's catalogue and without a form, so not published")
            }
        }
    }
}
