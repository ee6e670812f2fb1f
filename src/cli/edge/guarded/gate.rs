//! Whether an intent may go on to a guarded backend: before anything goes up.
//!
//! An adapter asks its backend whatever it is told to; what a stranger may make it ask is decided
//! here, from what the backend can do and from what the phone can show: a session that this edge
//! sealed, facts that it sealed for this case, or the fact that the case's owner knows, which may be
//! tried a few times an hour.

use std::time::Instant;

use super::backend::GuardedBackend;
use crate::adapters::guarded::Ask;
use crate::adapters::{Fact, Intent, Outcome};
use crate::cli::edge::Edge;
use crate::cli::edge::client::Client;
use crate::cli::edge::login;
use crate::cli::edge::reply::EdgeFault;
use crate::cli::edge::tries::Try;
use crate::model::capabilities::Capabilities;
use crate::model::case::{Acknowledgement, Reference};
use crate::model::problem::{Fault, FieldRefusal, Problem};
use crate::model::region::BackendId;
use crate::model::secret::Secret;

/// Most letters of what only a case's owner knows.
const LONGEST_FACT: usize = 200;

/// An intent's name, for logs.
#[must_use]
pub const fn word(intent: &Intent) -> &'static str {
    match intent {
        Intent::Catalogue => "catalogue",
        Intent::Form { .. } => "form",
        Intent::Submit(_) => "submit",
        Intent::Track { .. } => "track",
        Intent::List => "list",
        Intent::Document { .. } => "document",
        Intent::LogIn(_) => "log_in",
        Intent::Reconcile { .. } => "reconcile",
    }
}

/// The purpose of the facts of a case.
#[must_use]
pub fn of_case(reference: &Reference) -> String {
    format!("case {reference}")
}

/// A problem for whoever tries too often; in seconds.
#[must_use]
pub fn too_often(after: u64) -> Problem {
    Problem::unsent(Fault::RateLimited {
        after: Some(u32::try_from(after).unwrap_or(u32::MAX)),
    })
}

/// What is remembered of an intent while its conversation is held.
pub struct Wanted {
    backend: BackendId,
    /// What its facts are for.
    pub purpose: Option<String>,
    /// The case that is asked about by its number.
    reference: Option<Reference>,
    /// It looks up a case, and may be a guess.
    pub guesses: bool,
}

impl Wanted {
    /// Of this intent.
    #[must_use]
    pub fn of(backend: &BackendId, intent: &Intent) -> Self {
        let purpose = match intent {
            Intent::Submit(submission) | Intent::Reconcile { submission, .. } => {
                Some(format!("application {}", submission.id))
            }
            Intent::Track { acknowledgement, .. } => acknowledgement.shown().map(of_case),
            Intent::Document { reference, .. } => Some(of_case(reference)),
            Intent::Catalogue | Intent::Form { .. } | Intent::List | Intent::LogIn(_) => None,
        };
        let reference = match intent {
            Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference),
                ..
            } => Some(reference.clone()),
            _ => None,
        };
        Self {
            backend: backend.clone(),
            purpose,
            reference,
            guesses: matches!(intent, Intent::Track { .. }),
        }
    }

    /// The outcome, if it is of the case that was asked about: a backend that takes a number for a
    /// pattern may answer with another.
    ///
    /// # Errors
    /// There is no such case.
    pub fn own(&self, outcome: Outcome) -> Result<Outcome, Problem> {
        let (Some(asked), Outcome::Case(Some(case))) = (&self.reference, &outcome) else {
            return Ok(outcome);
        };
        let same = |told: &Reference| told.as_str().trim().eq_ignore_ascii_case(asked.as_str().trim());
        if case.reference.as_ref().is_none_or(same) {
            return Ok(outcome);
        }
        tracing::warn!(backend = %self.backend, "a backend answered with another case than was asked for");
        Err(Problem::unsent(Fault::NotFound))
    }
}

/// What an intent goes on with.
pub struct Pass {
    /// Facts that were sealed for it; `None` where the phone shows none.
    pub facts: Option<Vec<Fact>>,
    /// The backend's own session.
    pub session: Option<Secret<String>>,
    /// Tries that are taken back if it succeeds.
    pub tries: Vec<Try>,
}

/// Whether an intent may go on.
///
/// # Errors
/// The outer one where no phone asks such a thing; the inner one is told to a phone that does.
pub fn pass(
    edge: &Edge,
    client: Client,
    backend: &GuardedBackend,
    wanted: &Wanted,
    ask: &Ask,
) -> Result<Result<Pass, Problem>, EdgeFault> {
    let capabilities = backend.adapter.capabilities();
    if !can(&capabilities, &ask.intent) {
        return Err(EdgeFault::NotAllowed);
    }
    let sealer = &edge.0.sealer;
    let session = ask
        .session
        .as_ref()
        .map(|kept| sealer.opened_session(&backend.id, kept));
    let session = match session {
        // It was not sealed here, or the ledger is a new one.
        Some(None) => return Ok(Err(Problem::unsent(Fault::LoginNeeded))),
        Some(session) => session,
        None => None,
    };
    if session.is_none() && needs_session(&capabilities, &ask.intent) {
        return Ok(Err(Problem::unsent(Fault::LoginNeeded)));
    }
    let purpose = wanted.purpose.as_deref();
    let facts = purpose.and_then(|purpose| sealer.opened(&backend.id, purpose, &ask.facts));
    let guarded = capabilities.second_fact.is_some();
    let tries = match &ask.intent {
        Intent::Track {
            acknowledgement,
            second_fact,
        } if guarded && facts.is_none() => look_up(edge, client, backend, acknowledgement, second_fact.as_ref()),
        Intent::Document { .. } if guarded && facts.is_none() && session.is_none() => {
            return Err(EdgeFault::NotAllowed);
        }
        Intent::LogIn(credentials) => log_in(edge, client, backend, credentials.identifier.expose()),
        Intent::Reconcile { .. } => edge.guess(client).map(|_| Vec::new()).map_err(too_often),
        _ => Ok(Vec::new()),
    };
    Ok(tries.map(|tries| Pass { facts, session, tries }))
}

/// Whether phones ask this of such a backend.
const fn can(capabilities: &Capabilities, intent: &Intent) -> bool {
    match intent {
        // It is published.
        Intent::Catalogue => false,
        Intent::Form { .. } => true,
        Intent::Submit(_) => capabilities.submit,
        Intent::Track { .. } => capabilities.track,
        // Whose cases they are is known by the session alone.
        Intent::List => capabilities.list && capabilities.login.is_some(),
        Intent::Document { .. } => capabilities.documents,
        Intent::LogIn(_) => capabilities.login.is_some(),
        Intent::Reconcile { .. } => capabilities.reconcile,
    }
}

const fn needs_session(capabilities: &Capabilities, intent: &Intent) -> bool {
    match intent {
        Intent::List => true,
        Intent::Document { .. } | Intent::Reconcile { .. } => capabilities.login.is_some(),
        _ => false,
    }
}

fn refused(field: &str) -> Problem {
    let refusal = FieldRefusal {
        field: field.to_owned(),
        message: String::new(),
    };
    Problem::unsent(Fault::Rejected {
        fields: vec![refusal],
        message: String::new(),
    })
}

fn look_up(
    edge: &Edge,
    client: Client,
    backend: &GuardedBackend,
    acknowledgement: &Acknowledgement,
    second_fact: Option<&Secret<String>>,
) -> Result<Vec<Try>, Problem> {
    let fact = second_fact.map(|fact| fact.expose().trim()).unwrap_or_default();
    if fact.is_empty() || fact.chars().count() > LONGEST_FACT {
        return Err(refused("second_fact"));
    }
    let Some(shown) = acknowledgement.shown() else {
        return Err(Problem::unsent(Fault::NotFound));
    };
    let of_client = edge.guess(client).map_err(too_often)?;
    let id = backend.id.to_string();
    // However it is written: the backend may not heed it.
    let plain = shown.as_str().chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = plain.flat_map(char::to_lowercase).collect();
    let counted = edge
        .0
        .tries
        .count(&["look-up", &id, &plain], backend.look_ups, Instant::now());
    Ok(vec![of_client, counted.map_err(too_often)?])
}

fn log_in(edge: &Edge, client: Client, backend: &GuardedBackend, identifier: &str) -> Result<Vec<Try>, Problem> {
    let who = login::counted(identifier).ok_or_else(|| refused("identifier"))?;
    let of_client = edge.guess(client).map_err(too_often)?;
    let id = backend.id.to_string();
    let counted = edge
        .0
        .tries
        .count(&login::key(&id, &who), backend.login_tries, Instant::now());
    Ok(vec![of_client, counted.map_err(too_often)?])
}
