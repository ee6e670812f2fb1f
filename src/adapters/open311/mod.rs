//! GeoReport v2 (Open311), in JSON and in XML, and FixMyStreet's extensions of it.
//!
//! [`compile`] fits the adapter to one server by its profile. An empty profile, `{}`, fits a server
//! that follows the specification (<https://wiki.open311.org/GeoReport_v2/>). Reading is as liberal
//! as it can be: bodies are told by what is in them, records are found however they are wrapped, and
//! what cannot be used becomes a diagnostic with its place in the answer.
//!
//! # Profile
//! | key | value | default |
//! |---|---|---|
//! | `format` | `json` or `xml`; to be named where paths that do not exist are answered with 200 and a page, or with an error in JSON by something in front of an XML server | JSON, and XML where the server has no JSON |
//! | `extension` | whether paths end in `.json` or `.xml` | `true` |
//! | `prefix` | path before all others, such as `api/v2` | none |
//! | `paths` | `services`, `service` (`{code}`), `submit`, `request` (`{id}`), `list`, `token` (`{token}`); one that ends in `.json` or `.xml` is used as it is | the specification's |
//! | `jurisdiction_id` | sent with everything | not sent |
//! | `api_key` | a key that is public; one that is secret needs a guarded backend, whose profile lies beside `edge.toml` | none |
//! | `api_key_in` | `none`, `body`, `query` (both of the submission) or `every_query` | `body` |
//! | `account_id` | sent with a submission | not sent |
//! | `extra_query`, `extra_form` | fixed parameters: of every query, of a submission's body | none |
//! | `dates` | how dates are written: `utc` (`…Z`), `offset` (`…+07:00`), `local` (no zone, for servers that refuse `Z`) | `utc` |
//! | `metadata` | whether services have definitions: `listed` (as the catalogue says), `always`, `never` | `listed` |
//! | `description` | `none`, `optional`, `required`, or `{"ask", "max_length"}` | `required`, 4000 |
//! | `location` | `none`, `optional` or `required` | `required` |
//! | `media` | `none`, `media_url` (a link), `photos` (`photo1`…), `multipart` or `multipart:<field>`, or `{"send", "max_files", "max_bytes", "accept"}` | `none` |
//! | `contact` | `none`, or of `name`, `first_name`, `last_name`, `email`, `phone` each `none`, `optional` or `required` | all but `name` optional |
//! | `track` | a case is asked for by `path`, or by `query` (`?service_request_id=`) | `path` |
//! | `history` | `none`, or `{"style": "fixmystreet" or "updates" (a resource of its own) or "notes" (within the request), "path", "query", "item", "fields": {"id", "reference", "at", "status", "remark", "link"}}`; in `query` and `path` stand `{id}` and, in `query`, `{received}` | `none` |
//! | `status` | `{"code": "phase"}` or `{"code": {"phase", "outcome"}}`, beside and above the known ones | none |
//! | `status_field` | the member that says the status more finely than `status` | `status` |
//! | `paging` | `page`, `size`: the parameters' names; `per_page` 100, `first` 1, `limit` (rows at most), `max_pages` 20 | one request |
//! | `reconcile` | `search`: the list of requests shows new ones at once, with description and place; or `none` | `none` |
//! | `reconcile_except` | codes of services whose cases that list never shows, or only once they have a number (`blackbox`, `batch`): not to be found there says nothing of them | none |
//! | `swap_lat_long` | the server's answers have latitude and longitude swapped | `false` |
//!
//! A link to the next page in `X-Next-Page-URL` is followed whatever `paging` says; only its query is
//! used, never its host.
//!
//! # What it deliberately does not do
//! It does not use the service discovery document (the edge knows the address), does not post
//! updates, and does not keep a service's `type`: the answer to a submission says whether there is a
//! number, a token or nothing. Of a request it takes over neither the citizen's words, nor the place,
//! nor any person's data (see `case::IGNORED`).

mod acknowledgement;
mod case;
#[cfg(not(target_arch = "wasm32"))]
mod catalogue;
mod definition;
pub mod profile;
mod refusal;
#[cfg(not(target_arch = "wasm32"))]
mod routes;
mod search;
mod status;
mod talk;
mod wire;

use std::sync::Arc;

#[cfg(not(target_arch = "wasm32"))]
use super::RoutePattern;
use super::{Adapter, Conversation, Intent, Known};
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::diagnostic::Diagnostic;
use crate::model::form::Form;
use crate::model::region::{Backend, BackendId};
use profile::{MediaWay, Metadata, Profile};

/// The adapter's name in a region's file.
pub const NAME: &str = "open311";

/// Fits the adapter to a backend; see [`super::compile`].
#[must_use]
pub fn compile(id: &BackendId, backend: &Backend, utc_offset: i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>) {
    let (profile, wrong) = Profile::read(&backend.profile);
    let adapter = profile.map(|profile| -> Box<dyn Adapter> {
        Box::new(GeoReport {
            profile: Arc::new(profile),
            backend: id.clone(),
            offset: utc_offset,
        })
    });
    (adapter, wrong)
}

/// The form of a service without a definition ([`super::Listed::has_form`] is false): known from the
/// profile alone, without a request.
#[must_use]
pub fn base_form(backend: &Backend) -> Form {
    let (profile, _) = Profile::read(&backend.profile);
    definition::base(&profile.unwrap_or_default())
}

struct GeoReport {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
}

impl Adapter for GeoReport {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            catalogue: CatalogueSource::Public,
            form: self.profile.metadata != Metadata::Never,
            submit: true,
            upload: matches!(self.profile.media.way, MediaWay::Photos | MediaWay::Field(_)),
            track: true,
            timeline: self.profile.history.is_some(),
            reconcile: self.profile.reconcile,
            ..Capabilities::default()
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn routes(&self) -> Vec<RoutePattern> {
        routes::routes(&self.profile)
    }

    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation> {
        Box::new(talk::Talk::new(
            Arc::clone(&self.profile),
            self.backend.clone(),
            self.offset,
            intent,
            known.facts,
        ))
    }
}
