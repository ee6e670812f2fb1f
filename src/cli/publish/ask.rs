//! Asking one backend for its catalogue and its forms, over whatever transport is given. A guarded one
//! is told its secrets, and logged in at where its catalogue needs an account.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};

use super::form_engine;
use super::report::{Note, Report};
use crate::adapters::http::{Request, Response};
use crate::adapters::{Adapter, Intent, Known, Listed, Outcome, Step};
use crate::cli::edge::guarded::secrets::Secrets;
use crate::cli::edge::transport::Transport;
use crate::model::diagnostic::Diagnostic;
use crate::model::form::Form;
use crate::model::login::Credentials;
use crate::model::problem::{Fault, Problem};
use crate::model::region::BackendId;
use crate::model::secret::Secret;
use crate::model::service::{Service, ServiceCode};

/// Requests under way at one backend: weak servers answer citizens beside us.
const AT_ONCE: usize = 4;
/// Most requests of one conversation; a catalogue of this many pages does not end.
const MAX_REQUESTS: usize = 500;
/// Most services of one backend.
const MAX_SERVICES: usize = 5000;

/// Sends a request to a backend's own address.
pub trait Upstream {
    /// Sends `request` to the backend whose address is `base`, and gives what came back with an
    /// HTTP status, or why nothing did.
    fn send(&self, base: &str, request: &Request) -> impl Future<Output = Result<Response, Problem>>;
}

impl Upstream for Transport {
    /// Over the network; publishing sends no attachments.
    async fn send(&self, base: &str, request: &Request) -> Result<Response, Problem> {
        Self::send(self, base, request, |_| None).await
    }
}

/// The way to a backend.
pub(super) struct Way<'a, U> {
    /// What sends.
    pub(super) upstream: &'a U,
    /// The backend's address.
    pub(super) base: &'a str,
    /// From a request until the last byte of its answer, at most.
    pub(super) timeout: Duration,
    /// Headers that go with every request.
    pub(super) headers: Vec<(String, Secret<String>)>,
    /// What else it wants to be told.
    pub(super) secrets: Secrets,
    /// The publisher's session.
    pub(super) session: Option<Secret<String>>,
}

impl<U: Upstream> Way<'_, U> {
    async fn send(&self, request: Request) -> Result<Response, Problem> {
        let mut request = self
            .secrets
            .told_in(request)
            .ok_or_else(|| unexpected("a body that a secret can be added to"))?;
        request.secrets.extend(self.headers.iter().cloned());
        let most = u32::try_from(self.timeout.as_millis()).unwrap_or(u32::MAX);
        request.timeout = request.timeout.min(most);
        self.upstream.send(self.base, &request).await
    }

    /// Logs in with the publisher's account.
    pub(super) async fn log_in(&mut self, adapter: &dyn Adapter, account: Credentials) -> Result<(), Problem> {
        match converse(self, adapter, Intent::LogIn(account)).await? {
            (Outcome::LoggedIn { session, .. }, _) => {
                self.session = Some(session);
                Ok(())
            }
            _ => Err(unexpected("a session")),
        }
    }
}

/// A service as its backend tells it, without a form.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    /// What the catalogue says.
    pub(super) service: Service,
    /// What it says of a form.
    pub(super) form: FormAnswer,
}

/// What a backend says of a service's form.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum FormAnswer {
    /// It has none of its own.
    HasNone,
    /// It was not asked: the region has one of its own.
    NotNeeded,
    /// This one.
    Given(Form),
    /// It has one and did not give it.
    Missing,
}

/// Asks for the catalogue, and for the form of every service that has one and is not in
/// `own_forms`. Everything that could not be used is noted in `report`.
pub(super) async fn ask<U: Upstream>(
    way: &Way<'_, U>,
    id: &BackendId,
    adapter: &dyn Adapter,
    own_forms: &BTreeSet<&ServiceCode>,
    report: &mut Report,
) -> Result<Vec<Told>, Problem> {
    let (outcome, found) = converse(way, adapter, Intent::Catalogue).await?;
    report.note_all(id, None, found);
    let Outcome::Catalogue(listed) = outcome else {
        return Err(unexpected("a catalogue"));
    };
    let listed = only_once(listed, id, report);
    let answers: Vec<_> = stream::iter(listed)
        .map(|listed| async move {
            let code = listed.service.code.clone();
            let asked = if own_forms.contains(&code) {
                Ok((FormAnswer::NotNeeded, Vec::new()))
            } else if !listed.has_form {
                Ok((FormAnswer::HasNone, Vec::new()))
            } else {
                let answer = form(way, adapter, code).await;
                answer.map(|(form, found)| (FormAnswer::Given(form), found))
            };
            (listed.service, asked)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let mut told = Vec::with_capacity(answers.len());
    for (service, answer) in answers {
        let code = &service.code;
        let form = match answer {
            Ok((asked, found)) => {
                report.note_all(id, Some(code), found);
                if let FormAnswer::Given(form) = &asked {
                    report.note_all(id, Some(code), form_engine::diagnostics(form));
                }
                asked
            }
            Err(problem) => {
                report.note(Note::form(id, code, &problem));
                FormAnswer::Missing
            }
        };
        let service = Service { form: None, ..service };
        told.push(Told { service, form });
    }
    Ok(told)
}

async fn form<U: Upstream>(
    way: &Way<'_, U>,
    adapter: &dyn Adapter,
    service: ServiceCode,
) -> Result<(Form, Vec<Diagnostic>), Problem> {
    match converse(way, adapter, Intent::Form { service }).await? {
        (Outcome::Form(form), found) => Ok((form, found)),
        _ => Err(unexpected("a form")),
    }
}

/// A backend may list a service twice, or without end; the first of each code is kept.
fn only_once(listed: Vec<Listed>, id: &BackendId, report: &mut Report) -> Vec<Listed> {
    let count = listed.len();
    if count > MAX_SERVICES {
        let expected = format!("at most {MAX_SERVICES} services");
        report.note_all(id, None, [Diagnostic::new("", expected, count.to_string())]);
    }
    let mut codes = BTreeSet::new();
    let mut kept = Vec::new();
    for listed in listed.into_iter().take(MAX_SERVICES) {
        let code = listed.service.code.clone();
        if codes.insert(code.clone()) {
            kept.push(listed);
        } else {
            let found = Diagnostic::new("", "a code that no service before it has", code.as_str());
            report.note_all(id, Some(&code), [found]);
        }
    }
    kept
}

async fn converse<U: Upstream>(
    way: &Way<'_, U>,
    adapter: &dyn Adapter,
    intent: Intent,
) -> Result<(Outcome, Vec<Diagnostic>), Problem> {
    let mut conversation = adapter.start(
        intent,
        Known {
            facts: &[],
            session: way.session.as_ref(),
        },
    );
    let mut step = conversation.begin();
    for _ in 0..MAX_REQUESTS {
        match step {
            Step::Send { request, .. } => step = conversation.resume(way.send(request).await),
            Step::Done {
                outcome, diagnostics, ..
            } => return Ok((outcome, diagnostics)),
            Step::Failed(problem) => return Err(problem),
        }
    }
    Err(unexpected("an end"))
}

fn unexpected(what: &str) -> Problem {
    Problem::unsent(Fault::Protocol {
        what: format!("expected {what}, which did not come"),
    })
}
