//! OpenDK: complaints to a district.
//!
//! Its public list says of each complaint whose it is: `nik`, `nama`, and in `detail_penduduk` all that
//! is known of that resident. So it is only ever a guarded backend, and not in what a phone downloads.
//! Here that is read for one thing: whoever asks about a complaint must say the NIK that it bears, and
//! is told of it only then. Nothing of a person, and none of the complainant's words, is in an outcome
//! or a note.
//!
//! The list hides a complaint while it is in review (`REVIEW`), and for good where it was turned down
//! (`DITOLAK`). So one that is not in the list says nothing: to its own sender it is shown with its
//! number alone, status unknown; to anybody else it is not found, and neither can be told from a NIK
//! that is not the complaint's. Nor can the list decide whether a complaint arrived.
//!
//! # Profile
//! | key | value | default |
//! |---|---|---|
//! | `path` | where complaints are read and posted (the published OpenAPI names another, which is wrong) | `api/frontend/v1/komplain` |
//! | `categories` | `{"1": "Jalan"}`: what a complaint may be about; without it a number is asked for | none |
//! | `picture_max_bytes` | most bytes of a picture | 1000000 |
//! | `status` | `{"code": "phase"}` or `{"code": {"phase", "outcome"}}`, beside and above the known ones | none |
//! | `per_page` | rows of a page, at most 100 | 100 |

pub mod profile;
mod talk;

use std::sync::Arc;

use super::http::Method;
use super::{Adapter, Conversation, Intent, Known, RoutePattern};
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::diagnostic::Diagnostic;
use crate::model::form::{ChoiceOption, FORMAT, Field, Form, Section, Step};
use crate::model::login::SecondFact;
use crate::model::region::{Backend, BackendId};
use crate::model::text::Text;
use profile::Profile;

/// The adapter's name in a region's file.
pub const NAME: &str = "opendk";

/// The only service.
const COMPLAINT: &str = "komplain";

/// Fits the adapter to a backend; see [`super::compile`].
#[must_use]
pub fn compile(id: &BackendId, backend: &Backend, utc_offset: i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>) {
    let (profile, wrong) = Profile::read(&backend.profile);
    let adapter = profile.map(|profile| -> Box<dyn Adapter> {
        Box::new(District {
            profile: Arc::new(profile),
            backend: id.clone(),
            offset: utc_offset,
        })
    });
    (adapter, wrong)
}

struct District {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
}

impl Adapter for District {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            catalogue: CatalogueSource::Public,
            form: true,
            submit: true,
            upload: true,
            track: true,
            second_fact: Some(SecondFact {
                label: Text::both("NIK pelapor", "The complainant's NIK"),
                hint: Text::both("16 angka", "16 digits"),
                digits: true,
            }),
            ..Capabilities::default()
        }
    }

    fn routes(&self) -> Vec<RoutePattern> {
        [Method::Get, Method::Post]
            .map(|method| RoutePattern::new(method, self.profile.path.as_str()))
            .to_vec()
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

/// The form of a complaint, known without asking.
fn form(profile: &Profile) -> Form {
    let field = |id: &str, kind: &str, label: Text| Field {
        id: id.to_owned(),
        kind: kind.to_owned(),
        label,
        required: true,
        ..Field::default()
    };
    let option = |value: &str, label: Text| ChoiceOption {
        value: value.to_owned(),
        label,
        ..ChoiceOption::default()
    };
    let about = Text::both("Tentang apa?", "What is it about?");
    let category = if profile.categories.is_empty() {
        Field {
            integer: true,
            hint: Text::both(
                "Nomor kategori dari kecamatan.",
                "The district's number of the category.",
            ),
            ..field("kategori", "number", about)
        }
    } else {
        let categories = profile.categories.iter();
        Field {
            options: categories
                .map(|(id, name)| option(id, Text::plain(name.as_str())))
                .collect(),
            ..field("kategori", "choice", about)
        }
    };
    let what = vec![
        category,
        Field {
            max_length: Some(255),
            ..field("judul", "text", Text::both("Judul singkat", "A short title"))
        },
        Field {
            max_length: Some(4000),
            hint: Text::both(
                "Laporan Anda dapat dibaca siapa saja di halaman kecamatan. Jangan tulis data pribadi.",
                "Anyone can read your report on the district's page. Leave personal data out.",
            ),
            ..field(
                "laporan",
                "textarea",
                Text::both("Ceritakan apa yang terjadi", "Tell us what happened"),
            )
        },
        Field {
            required: false,
            accept: vec!["image/jpeg".to_owned(), "image/png".to_owned()],
            max_bytes: Some(profile.picture_max_bytes),
            many: true,
            max_files: Some(4),
            ..field("lampiran", "file", Text::both("Foto", "Photos"))
        },
    ];
    let who = vec![
        field("nik", "person_id", Text::plain("NIK")),
        Field {
            max: Some(crate::model::form::Bound::Date("today".to_owned())),
            ..field("tanggal_lahir", "date", Text::both("Tanggal lahir", "Date of birth"))
        },
        Field {
            required: false,
            options: vec![
                option("1", Text::both("Ya, sembunyikan nama saya", "Yes, hide my name")),
                option("0", Text::both("Tidak", "No")),
            ],
            ..field(
                "anonim",
                "choice",
                Text::both("Lapor tanpa nama?", "Report without your name?"),
            )
        },
    ];
    let step = |id: &str, title: Text, fields: Vec<Field>| Step {
        id: id.to_owned(),
        title,
        lead: Text::default(),
        sections: vec![Section {
            title: Text::default(),
            fields,
        }],
    };
    Form {
        format: FORMAT,
        steps: vec![
            step("apa", Text::both("Apa yang terjadi?", "What happened?"), what),
            step("siapa", Text::both("Siapa Anda?", "Who are you?"), who),
        ],
        ..Form::default()
    }
}
