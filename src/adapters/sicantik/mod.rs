//! SiCantik Cloud: licensing offices. Anyone with a number may see where an application stands; those
//! who apply need an account.
//!
//! [`compile`] fits the adapter to one office by its profile.
//!
//! # Profile
//! | key | value | default |
//! |---|---|---|
//! | `prefix` | path before all others, such as `api` | none |
//! | `report` | the number of the report that tracks: `TemplateData/keluaran/{report}.json` | no tracking by number |
//! | `parameter` | the name of its parameter | `no_permohonan` |
//! | `label` | the name under which its rows stand | whatever list there is |
//! | `fields` | a row's members: `number`, `permit`, `sent`, `state`, `step`, `status`, `start`, `end` | `no_permohonan`, `jenis_izin`, `tgl_pengajuan`, `status_permohonan`, `nama_proses`, `status`, `start_date`, `end_date` |
//! | `status` | `{"word": "phase"}` or `{"word": {"phase", "outcome"}}`, beside and above the known ones | none |
//! | `applicants` | `none`, or an object where those who apply are served: `app` (spoken to as the office's own app does, `Source: android`), `login_help`, `upload_max_bytes` 1000000, `per_page` 100 | `none` |
//! | `reconcile` | the list of applications shows a new one at once | `true` |
//!
//! # What it deliberately does not do
//! Its report leaks to whoever writes a quotation mark into a number, and names people: so an office is
//! always a guarded backend, and this is not in what a phone downloads. Of a report's rows it takes over no person's data.

mod applicants;
mod permits;
pub mod profile;
mod refusal;
mod tracking;
mod wire;

use std::sync::Arc;

use super::answer::record::Notes;
use super::codec::{self, Payload};
use super::http::Response;
use super::{Adapter, Conversation, Intent, Known, Outcome, RoutePattern, Step};
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::case::{Acknowledgement, Reference};
use crate::model::diagnostic::Diagnostic;
use crate::model::problem::{Fault, Problem};
use crate::model::region::{Backend, BackendId};
use profile::Profile;

/// The adapter's name in a region's file.
pub const NAME: &str = "sicantik";

/// Fits the adapter to a backend; see [`super::compile`].
#[must_use]
pub fn compile(id: &BackendId, backend: &Backend, utc_offset: i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>) {
    let (profile, wrong) = Profile::read(&backend.profile);
    let adapter = profile.map(|profile| -> Box<dyn Adapter> {
        Box::new(Office {
            profile: Arc::new(profile),
            backend: id.clone(),
            offset: utc_offset,
        })
    });
    (adapter, wrong)
}

struct Office {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
}

impl Adapter for Office {
    fn capabilities(&self) -> Capabilities {
        let tracks = self.profile.report.is_some();
        let capabilities = Capabilities {
            catalogue: CatalogueSource::Profile,
            track: tracks,
            timeline: tracks,
            ..Capabilities::default()
        };
        if let Some(served) = &self.profile.applicants {
            return applicants::capabilities(&self.profile, served);
        }
        capabilities
    }

    fn routes(&self) -> Vec<RoutePattern> {
        #[cfg_attr(
            target_arch = "wasm32",
            expect(unused_mut, reason = "those who apply are not served here")
        )]
        let mut routes = wire::routes(&self.profile);
        if self.profile.applicants.is_some() {
            routes.extend(applicants::routes(&self.profile));
        }
        routes
    }

    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation> {
        let _ = &known;
        match intent {
            Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference),
                ..
            } if self.profile.report.is_some() => Box::new(Tracking {
                profile: Arc::clone(&self.profile),
                backend: self.backend.clone(),
                offset: self.offset,
                reference: Some(reference),
            }),
            intent if self.profile.applicants.is_some() => Box::new(applicants::Talk::new(
                Arc::clone(&self.profile),
                self.backend.clone(),
                self.offset,
                intent,
                known,
            )),
            // Nothing asks for these where the capabilities say so.
            _ => Box::new(Tracking {
                profile: Arc::clone(&self.profile),
                backend: self.backend.clone(),
                offset: self.offset,
                reference: None,
            }),
        }
    }
}

/// Tracking by number: one request.
struct Tracking {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
    /// `None` once it is over.
    reference: Option<Reference>,
}

impl Conversation for Tracking {
    fn begin(&mut self) -> Step {
        // A number that may not be sent is no number of this office's.
        let reference = self.reference.take().filter(tracking::is_number);
        let request = reference
            .as_ref()
            .and_then(|reference| wire::track(&self.profile, &self.backend, reference));
        match request {
            Some(request) => {
                self.reference = reference;
                Step::Send {
                    request,
                    facts: Vec::new(),
                }
            }
            None => Step::Failed(Problem::unsent(Fault::NotFound)),
        }
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let Some(reference) = self.reference.take() else {
            return Step::Failed(Problem::unsent(Fault::NotFound));
        };
        let response = match result {
            Ok(response) => response,
            Err(problem) => return Step::Failed(Problem::unsent(problem.fault)),
        };
        let payload = codec::read(&response.body, response.header("content-type"));
        if let Some(problem) = refusal::of_response(&response, &payload, None) {
            return Step::Failed(Problem::unsent(problem.fault));
        }
        let mut notes = Notes::default();
        let rows = match &payload {
            Payload::Tree(root) => tracking::rows(root, self.profile.label.as_deref(), &mut notes),
            _ => None,
        };
        let Some(rows) = rows else {
            return Step::Failed(Problem::unsent(refusal::unreadable(response.status, &payload)));
        };
        match tracking::case(&self.profile, &rows, &reference, None, self.offset, &mut notes) {
            Some(case) => Step::Done {
                outcome: Outcome::Case(Some(Box::new(case))),
                diagnostics: notes.take(),
                facts: Vec::new(),
            },
            None => Step::Failed(Problem::unsent(Fault::NotFound)),
        }
    }
}
