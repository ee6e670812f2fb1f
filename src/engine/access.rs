//! Logins of citizens at backends.
//!
//! A citizen logs in once; from then on the engine logs in by itself whenever a session has ended,
//! for as long as it lives, or for as long as the login is kept. A backend that does not know the
//! login any more makes it forgotten, so that nobody is locked out by an engine that tries again and
//! again. A session that was won a moment ago and is refused all the same is not renewed: something
//! else is wrong then.
//!
//! Sessions are never stored. What is kept is what the citizen typed, sealed as everything is.

use crate::adapters::http::Response;
use crate::adapters::{Conversation, Intent, Known, Outcome, Step};
use crate::model::login::{Access as Told, Credentials};
use crate::model::message::Event;
use crate::model::problem::{Fault, Problem};
use crate::model::region::BackendId;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::store::migrations::{self, Login, login_key};

use super::published::{Need, Place};
use super::run::REQUESTS;
use super::{Engine, Owner, edge};

/// A session that ends within so many milliseconds counts as ended: a request takes its time.
const MARGIN: i64 = 30_000;
/// A session refused within so many milliseconds of the login that won it is not renewed.
const YOUNG: i64 = 60_000;

/// A citizen's login at a backend.
pub(super) struct Access {
    backend: BackendId,
    credentials: Credentials,
    name: String,
    kept: bool,
    /// The citizen waits to hear whether it worked.
    asked: bool,
    /// The backend has accepted it before.
    proven: bool,
    session: Option<Session>,
    talk: Option<Talk>,
}

struct Session {
    token: Secret<String>,
    won: Timestamp,
    until: Option<Timestamp>,
}

/// A login under way.
struct Talk {
    /// `None` while the region's file is on its way.
    conversation: Option<Box<dyn Conversation>>,
    since: u64,
    requests: u32,
}

/// What became of a login for which somebody waits.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    /// Nobody is logged in, and nothing is known to log in with.
    Closed,
    /// A login is under way.
    UnderWay,
    /// There is a session.
    Open,
}

impl Access {
    pub(super) fn kept(login: Login) -> Self {
        let mut access = Self::new(login.backend, login.credentials, true);
        access.name = login.name;
        access.proven = true;
        access
    }

    const fn new(backend: BackendId, credentials: Credentials, kept: bool) -> Self {
        Self {
            backend,
            credentials,
            name: String::new(),
            kept,
            asked: false,
            proven: false,
            session: None,
            talk: None,
        }
    }
}

impl Engine {
    /// The citizen logs in.
    pub(super) fn log_in(&mut self, backend: BackendId, credentials: Credentials, keep: bool) {
        self.accesses.retain(|access| access.backend != backend);
        let mut access = Access::new(backend.clone(), credentials, keep);
        access.asked = true;
        self.accesses.push(access);
        self.begin_login(&backend);
    }

    /// The citizen wants a login forgotten.
    pub(super) fn log_out(&mut self, backend: &BackendId) {
        self.forget(backend);
        self.emit_accesses();
    }

    fn forget(&mut self, backend: &BackendId) {
        if let Some(at) = self.accesses.iter().position(|access| access.backend == *backend) {
            let access = self.accesses.remove(at);
            if access.kept {
                self.writer.delete(login_key(backend));
            }
        }
    }

    /// Forgets all, since everything is erased; the places of what was kept.
    pub(super) fn forget_all(&mut self) -> Vec<crate::store::record::Key> {
        let accesses = std::mem::take(&mut self.accesses);
        let kept = accesses.iter().filter(|access| access.kept);
        kept.map(|access| login_key(&access.backend)).collect()
    }

    pub(super) fn emit_accesses(&mut self) {
        let proven = self.accesses.iter().filter(|access| access.proven);
        let told = proven.map(|access| Told {
            backend: access.backend.clone(),
            name: access.name.clone(),
            kept: access.kept,
        });
        let told = told.collect();
        self.emit(Event::Accesses(told));
    }

    /// The citizen's session at a backend, as long as it lasts.
    pub(super) fn session(&self, backend: &BackendId) -> Option<Secret<String>> {
        let session = self.access(backend)?.session.as_ref()?;
        let lasts = session.until.is_none_or(|until| until.since(self.now) > MARGIN);
        lasts.then(|| session.token.clone())
    }

    /// Whether there is a session; one is begun where the citizen's login is known.
    pub(super) fn enter(&mut self, backend: &BackendId) -> Entry {
        if self.session(backend).is_some() {
            return Entry::Open;
        }
        if self.access(backend).is_none() {
            return Entry::Closed;
        }
        self.begin_login(backend);
        // It may have ended at once.
        match self.access(backend) {
            Some(access) if access.talk.is_some() => Entry::UnderWay,
            Some(access) if access.session.is_some() => Entry::Open,
            _ => Entry::Closed,
        }
    }

    /// A backend does not know the session, or wants one. `true` if another login may help.
    pub(super) fn expire(&mut self, backend: &BackendId) -> bool {
        let now = self.now;
        let access = self.accesses.iter_mut().find(|access| access.backend == *backend);
        let session = access.and_then(|access| access.session.take());
        session.is_some_and(|session| !(0..YOUNG).contains(&now.since(session.won)))
    }

    fn access(&self, backend: &BackendId) -> Option<&Access> {
        self.accesses.iter().find(|access| access.backend == *backend)
    }

    fn begin_login(&mut self, backend: &BackendId) {
        let since = self.published.count();
        let Some(access) = self.accesses.iter_mut().find(|access| access.backend == *backend) else {
            return;
        };
        if access.talk.is_none() {
            access.session = None;
            access.talk = Some(Talk {
                conversation: None,
                since,
                requests: 0,
            });
            self.try_login(backend);
        }
    }

    /// Published files came, or failed to.
    pub(super) fn resume_logins(&mut self) {
        let waits = |access: &&Access| access.talk.as_ref().is_some_and(|talk| talk.conversation.is_none());
        let waiting = self.accesses.iter().filter(waits).map(|access| access.backend.clone());
        for backend in waiting.collect::<Vec<_>>() {
            self.try_login(&backend);
        }
    }

    fn try_login(&mut self, backend: &BackendId) {
        let Some((credentials, since)) = self
            .access(backend)
            .and_then(|access| Some((access.credentials.clone(), access.talk.as_ref()?.since)))
        else {
            return;
        };
        match self.need(&Place::Region(backend.region.clone()), since, false) {
            Need::Here => {}
            Need::Failed(problem) => return self.login_ended(backend, Err(problem)),
            Need::Wait | Need::Load(_) => return,
        }
        match self.adapter(backend) {
            Ok(adapter) => {
                let mut conversation = adapter.start(Intent::LogIn(credentials), Known::default());
                let step = conversation.begin();
                self.follow_login(backend, conversation, step);
            }
            Err(problem) => self.login_ended(backend, Err(problem)),
        }
    }

    /// A response for a login.
    pub(super) fn login_answered(&mut self, backend: &BackendId, result: Result<Response, Problem>) {
        let access = self.accesses.iter_mut().find(|access| access.backend == *backend);
        let conversation = access.and_then(|access| access.talk.as_mut()?.conversation.take());
        if let Some(mut conversation) = conversation {
            let step = conversation.resume(result.and_then(edge::backends_own));
            self.follow_login(backend, conversation, step);
        }
    }

    fn follow_login(&mut self, backend: &BackendId, conversation: Box<dyn Conversation>, step: Step) {
        let answer = match step {
            Step::Send { request, .. } => {
                let access = self.accesses.iter_mut().find(|access| access.backend == *backend);
                let Some(talk) = access.and_then(|access| access.talk.as_mut()) else {
                    return;
                };
                talk.requests = talk.requests.saturating_add(1);
                if talk.requests <= REQUESTS {
                    talk.conversation = Some(conversation);
                    self.fetch(Owner::Access(backend.clone()), request);
                    return;
                }
                Err(astray())
            }
            Step::Failed(problem) => {
                self.hush(backend, &problem.fault);
                Err(problem)
            }
            Step::Done {
                outcome, diagnostics, ..
            } => {
                self.note(diagnostics);
                match outcome {
                    Outcome::LoggedIn { session, lasts, name } => Ok((session, lasts, name)),
                    _ => Err(astray()),
                }
            }
        };
        self.login_ended(backend, answer);
    }

    fn login_ended(&mut self, backend: &BackendId, answer: Result<(Secret<String>, Option<u32>, String), Problem>) {
        let now = self.now;
        let Some(access) = self.accesses.iter_mut().find(|access| access.backend == *backend) else {
            return;
        };
        access.talk = None;
        let asked = std::mem::take(&mut access.asked);
        let told = match answer {
            Ok((token, lasts, name)) => {
                let until = lasts.map(|seconds| now.plus(i64::from(seconds).saturating_mul(1000)));
                let won = now;
                access.session = Some(Session { token, won, until });
                access.proven = true;
                access.name.clone_from(&name);
                if access.kept && asked {
                    let record = migrations::login(&Login {
                        backend: backend.clone(),
                        credentials: access.credentials.clone(),
                        name: name.clone(),
                    });
                    self.writer.put(record);
                }
                Ok(name)
            }
            Err(problem) => {
                // One that the backend refuses is no longer of use; one that the citizen has just
                // typed and that could not be tried either, since it may be wrong.
                if asked || !problem.fault.is_passing() {
                    self.forget(backend);
                }
                Err(problem)
            }
        };
        let failed = told.as_ref().err().map(|problem| problem.fault.clone());
        if asked {
            let backend = backend.clone();
            self.emit(Event::LoggedIn { backend, answer: told });
        }
        self.emit_accesses();
        self.login_settled(backend, failed.as_ref());
    }
}

fn astray() -> Problem {
    let what = "the login ended in something else".to_owned();
    Problem::unsent(Fault::Protocol { what })
}
