//! `mapped`: a server whose whole behaviour is a profile.
//!
//! Somebody who knows a system, and no Rust, says in one JSON file what is asked of it and where its
//! answers say what: for each intent the requests, one after the other, with gaps for answers and for what
//! earlier requests took; where number, status and dates stand; what its codes mean; what a refusal looks
//! like. Profiles that ship are in `profiles/`; `README.md` leads through writing one, and
//! `public/schema/mapped-profile.schema.json` completes it in an editor.
//!
//! | module | holds |
//! |---|---|
//! | [`profile`], [`gives`], [`call`] | the profile, read, with what is wrong with it |
//! | [`template`], [`body`], [`soap`], [`request`] | what is sent |
//! | [`tree`], [`path`], [`pick`], [`condition`], [`dates`] | finding values in what comes back |
//! | [`read`] | whether it is a success, and what it means where it is none |
//! | [`case`], [`wanted`], [`talk`] | what is known, what it is about, and the conversation |
//!
//! It is only ever a guarded backend: the edge alone runs it, and no phone downloads it.
//!
//! What it deliberately does not do: compute. Where a conversation needs arithmetic, encryption or a
//! decision over several answers, a module in Rust says so better. Files are never read, so they cannot go
//! into a body as text. There is no clock here, so nothing can say what day it is.

mod body;
mod call;
mod case;
mod condition;
mod dates;
mod gives;
mod path;
mod pick;
pub mod profile;
mod read;
mod request;
mod soap;
mod talk;
mod template;
mod tree;
mod wanted;

use std::sync::Arc;

use super::{Adapter, Conversation, Intent, Known, RoutePattern};
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::diagnostic::Diagnostic;
use crate::model::region::{Backend, BackendId};
use gives::Kind;
use profile::Profile;

/// The adapter's name in a region's file.
pub const NAME: &str = "mapped";

/// Fits the adapter to a backend; see [`super::compile`].
#[must_use]
pub fn compile(id: &BackendId, backend: &Backend, utc_offset: i32) -> (Option<Box<dyn Adapter>>, Vec<Diagnostic>) {
    let (profile, wrong) = Profile::read(&backend.profile);
    let adapter = profile.map(|profile| -> Box<dyn Adapter> {
        Box::new(Mapped {
            profile: Arc::new(profile),
            backend: id.clone(),
            offset: utc_offset,
        })
    });
    (adapter, wrong)
}

struct Mapped {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
}

impl Adapter for Mapped {
    fn capabilities(&self) -> Capabilities {
        let can = |kind| self.profile.doing(kind).is_some();
        let names_session = |kind| {
            let doing = self.profile.doing(kind);
            doing.is_some_and(|doing| doing.calls.iter().any(|call| call.names(&template::Name::Session)))
        };
        let track = self.profile.doing(Kind::Track);
        Capabilities {
            catalogue: match can(Kind::Catalogue) {
                true if names_session(Kind::Catalogue) => CatalogueSource::Account,
                true => CatalogueSource::Public,
                false => CatalogueSource::Profile,
            },
            form: can(Kind::Form),
            submit: can(Kind::Submit),
            upload: can(Kind::Upload) || self.profile.doing(Kind::Submit).is_some_and(carries_files),
            track: can(Kind::Track),
            list: can(Kind::List),
            timeline: can(Kind::Timeline) || track.is_some_and(|track| track.gives.timeline.is_some()),
            reply: false,
            withdraw: false,
            idempotent: self.profile.idempotent,
            reconcile: can(Kind::Reconcile),
            complete: false,
            documents: can(Kind::Document),
            login: self.profile.asks.clone(),
            second_fact: self.profile.second_fact.clone(),
        }
    }

    /// None: it is never passed through.
    fn routes(&self) -> Vec<RoutePattern> {
        Vec::new()
    }

    fn start(&self, intent: Intent, known: Known<'_>) -> Box<dyn Conversation> {
        Box::new(talk::Talk::new(
            &self.profile,
            self.backend.clone(),
            self.offset,
            intent,
            known,
        ))
    }
}

/// Whether files go along in a body of parts.
fn carries_files(doing: &profile::Doing) -> bool {
    doing
        .calls
        .iter()
        .any(|call| call.encoding == call::Encoding::Multipart)
}
