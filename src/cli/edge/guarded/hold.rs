//! A conversation with a guarded backend, held here in a phone's stead.
//!
//! By the engine's own rules: in a delivery, a request that may have changed something and got no
//! answer ends the conversation there and then, and nobody knows whether it arrived; where nothing is
//! delivered nothing is in doubt. Bounded by requests and by time, whatever the backend answers.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use tokio::time::Instant;

use super::backend::GuardedBackend;
use crate::adapters::http::{Request, Response};
use crate::adapters::{Fact, Intent, Known, Outcome, Step};
use crate::cli::edge::line::Refused;
use crate::cli::edge::transport::{Incoming, Transport, assemble};
use crate::model::application::AttachmentId;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::secret::Secret;

/// Requests of one conversation, at most: as many as the engine allows.
const REQUESTS: usize = 64;

/// What a conversation needs.
pub struct Talk {
    /// Whom it is with.
    pub backend: Arc<GuardedBackend>,
    /// How requests get there.
    pub transport: Arc<Transport>,
    /// The phone's address, told to the backend.
    pub client: String,
    /// Facts won before.
    pub facts: Vec<Fact>,
    /// The citizen's session, the backend's own.
    pub session: Option<Secret<String>>,
    /// Files that go along.
    pub files: HashMap<AttachmentId, Bytes>,
    /// By when it must be over.
    pub until: Instant,
}

/// What it ended in.
pub struct Ended {
    /// The outcome, or the problem.
    pub result: Result<Outcome, Problem>,
    /// After an outcome, facts to be kept with it; after a problem, all that was won.
    pub facts: Vec<Fact>,
}

impl Talk {
    /// Holds it. `key` is the key of a delivery, in place of the application's id in its requests' own.
    pub async fn hold(&self, intent: Intent, key: Option<&str>) -> Ended {
        let id = match &intent {
            Intent::Submit(submission) => Some(submission.id.as_str().to_owned()),
            _ => None,
        };
        let known = Known {
            facts: &self.facts,
            session: self.session.as_ref(),
        };
        let mut conversation = self.backend.adapter.start(intent, known);
        let mut won = self.facts.clone();
        let failed = |problem, facts| Ended {
            result: Err(problem),
            facts,
        };
        let mut step = conversation.begin();
        for _ in 0..REQUESTS {
            let mut request = match step {
                Step::Send { request, facts } => {
                    for fact in facts {
                        if !won.contains(&fact) {
                            won.push(fact);
                        }
                    }
                    request
                }
                Step::Done { outcome, facts, .. } => {
                    return Ended {
                        result: Ok(outcome),
                        facts,
                    };
                }
                Step::Failed(problem) => return failed(problem, won),
            };
            // What changes something has a key; a question in the form of a POST has none.
            let delivers = id.is_some() && request.key.is_some();
            if let (Some(id), Some(key)) = (&id, key) {
                let own = request.key.take();
                let rest = own.as_deref().map(|own| own.strip_prefix(id.as_str()).unwrap_or(own));
                request.key = delivers.then(|| format!("{key}{}", rest.unwrap_or_default()));
            }
            let result = match self.send(request).await {
                Err(problem) if delivers && problem.sent != Sent::No => {
                    let sent = Sent::Unknown;
                    return failed(Problem { sent, ..problem }, won);
                }
                Err(problem) => Err(Problem::unsent(problem.fault)),
                Ok(response) => Ok(response),
            };
            step = conversation.resume(result);
        }
        let what = "a conversation that ends".to_owned();
        let sent = if id.is_some() { Sent::Unknown } else { Sent::No };
        failed(
            Problem {
                fault: Fault::Protocol { what },
                sent,
            },
            won,
        )
    }

    async fn send(&self, request: Request) -> Result<Response, Problem> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Problem::unsent(Fault::Timeout));
        }
        let request = self.backend.secrets.told_in(request).ok_or_else(|| {
            let what = "a body that a secret can be added to".to_owned();
            Problem::unsent(Fault::Protocol { what })
        })?;
        let mut outgoing = assemble(&self.backend.url, &request, |id| self.files.get(id).cloned())?;
        outgoing.timeout = outgoing.timeout.min(self.backend.timeout).min(left);
        outgoing.most = self.backend.max_response;
        outgoing.headers.extend(self.backend.headers.clone());
        if let Ok(client) = self.client.parse() {
            outgoing.headers.insert("x-forwarded-for", client);
        }
        let answer = self.backend.line.call(&self.transport, outgoing).await;
        answer.map(Incoming::for_adapter).map_err(Refused::problem)
    }
}
