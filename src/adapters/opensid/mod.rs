//! OpenSID's Layanan Mandiri: what a village's residents do with their NIK and a PIN.
//!
//! [`compile`] fits the adapter to one village by its profile; an empty one, `{}`, fits the releases
//! whose source is open (`opensid-api`, 2021) and those that are documented. Everything needs the
//! citizen's login but the form of a complaint. `/api/v1` belongs to the backend's address, or to
//! `prefix`.
//!
//! The interface shows any resident's complaint to whoever names its number, so a village is a guarded
//! backend and this is not in what a phone downloads.
//!
//! # Profile
//! | key | value | default |
//! |---|---|---|
//! | `prefix` | path before all others, such as `api/v1` | none |
//! | `identifier` | by what a citizen logs in: `nik`, `email` or `nik_or_email` | `nik_or_email` |
//! | `login_help` | where one gets the PIN, in a sentence | none |
//! | `throttle` | seconds for which the server shuts a login after too many tries, where it does not say | 3600 |
//! | `documents` | the documents that a letter requires: `required`, `optional` (one that is missing is brought to the office, and sent as `-1`) or `none` | `required` |
//! | `document_max_bytes` | most bytes of one | 2000000 |
//! | `phone`, `note` | `no_hp_aktif` and `keterangan` of an application: `none`, `optional` or `required` | `optional` |
//! | `dates` | how dates are sent: `day_first` (`31-12-2026`, as the village's own page does) or `iso` | `day_first` |
//! | `tables` | choices of the server's own tables that it does not tell, by their names (`tweb_penduduk_agama`) | none |
//! | `complete` | `put` where PUT `surat/{id}/permohonan` completes an application; `none`, since a release is known that cancels it by that | `none` |
//! | `status`, `complaint_status` | `{"label": "phase"}` or `{"label": {"phase", "outcome"}}`, beside and above the known ones | none |
//! | `remark` | members of an application in which the office says what is missing | `["alasan"]` |
//! | `complaints` | whether complaints can be made | `true` |
//! | `complaint_file` | its file: `none`, `optional` or `required`, or `{"ask", "accept", "max_bytes"}` | `required`, JPEG and PNG, 10000000 |
//! | `paths` | `document` (`{id}`, of the archive), `complaints`, `complaint`, `complain` | as documented |
//! | `per_page` | rows of a page, at most 100 | 100 |
//! | `reconcile` | the list shows a new application at once | `true` |
//!
//! # What it deliberately does not do
//! It reads no messages (`pesan`), cancels nothing, and asks for no complaint that is not in the
//! citizen's own list, although the server would show anybody's. Of an application's list it takes
//! over neither names nor numbers of people.

mod applying;
mod case;
mod form;
mod letters;
pub mod profile;
mod refusal;
mod search;
mod talk;
mod wire;

use std::sync::Arc;

use super::{Adapter, Conversation, Intent, Known, RoutePattern};
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::diagnostic::Diagnostic;
use crate::model::login::{LoginForm, Proof};
use crate::model::region::{Backend, BackendId};
use crate::model::text::Text;
use profile::{Asked, Profile};

/// The adapter's name in a region's file.
pub const NAME: &str = "opensid";

/// Fits the adapter to a backend; see [`super::compile`].
#[must_use]
pub fn compile(id: &BackendId, backend: &Backend, utc_offset: i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>) {
    let (profile, wrong) = Profile::read(&backend.profile);
    let adapter = profile.map(|profile| -> Box<dyn Adapter> {
        Box::new(Village {
            profile: Arc::new(profile),
            backend: id.clone(),
            offset: utc_offset,
        })
    });
    (adapter, wrong)
}

struct Village {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
}

impl Adapter for Village {
    fn capabilities(&self) -> Capabilities {
        let profile = &self.profile;
        let file = profile.complaints && profile.complaint_file != Asked::None;
        Capabilities {
            catalogue: CatalogueSource::Account,
            form: true,
            submit: true,
            upload: profile.documents != Asked::None || file,
            track: true,
            list: true,
            reconcile: profile.reconcile,
            complete: profile.complete,
            documents: true,
            login: Some(LoginForm {
                identifier: profile.identifier,
                proof: Proof::Pin,
                help: if profile.login_help.is_empty() {
                    Text::both(
                        "PIN Layanan Mandiri diberikan oleh kantor desa.",
                        "The village office gives out the PIN.",
                    )
                } else {
                    Text::plain(profile.login_help.as_str())
                },
            }),
            ..Capabilities::default()
        }
    }

    fn routes(&self) -> Vec<RoutePattern> {
        wire::routes(&self.profile)
    }

    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation> {
        Box::new(talk::Talk::new(
            Arc::clone(&self.profile),
            self.backend.clone(),
            self.offset,
            intent,
            known,
        ))
    }
}
