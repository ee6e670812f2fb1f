//! A guarded backend: where it is, what speaks to it, and what of it no phone may know.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use tokio::sync::Mutex;

use super::scrub::Scrub;
use super::secrets::{Environment, Secrets, account};
use crate::adapters::Adapter;
use crate::cli::edge::config::upstream::{Upstream, eight_mebibytes, twelve_mebibytes};
use crate::cli::edge::line::{Line, Treatment};
use crate::model::json::Value;
use crate::model::login::Credentials;
use crate::model::region::{Backend, BackendId};
use crate::model::secret::Secret;

/// A backend that only the edge speaks to.
pub struct GuardedBackend {
    /// Its region and name.
    pub id: BackendId,
    /// Its address.
    pub url: String,
    /// What speaks to it.
    pub adapter: Arc<dyn Adapter>,
    /// From a request of the conversation until the last byte of its answer.
    pub timeout: Duration,
    /// From a phone's intent until the end of the conversation.
    pub conversation: Duration,
    /// Most bytes of what a phone sends.
    pub max_request: usize,
    /// Most bytes of an answer's body.
    pub max_response: usize,
    /// Headers that are added to every request.
    pub headers: HeaderMap,
    /// What it is told with every request.
    pub secrets: Secrets,
    /// With what the publisher logs in.
    pub account: Option<Credentials>,
    /// How often a citizen may try to log in within an hour.
    pub login_tries: u32,
    /// How often the fact that opens a case may be tried within an hour.
    pub look_ups: u32,
    /// The line to it.
    pub line: Arc<Line>,
    /// What must not be said of it.
    pub scrub: Scrub,
    /// The publisher's session, once there was a login.
    pub publisher: Mutex<Option<Secret<String>>>,
}

impl GuardedBackend {
    /// A backend with the limits that hold where nothing else is said.
    #[must_use]
    pub fn new(id: BackendId, url: impl Into<String>, adapter: Arc<dyn Adapter>, secrets: Secrets) -> Self {
        let url = url.into();
        Self {
            id,
            adapter,
            timeout: Duration::from_secs(20),
            conversation: Duration::from_secs(60),
            max_request: twelve_mebibytes(),
            max_response: eight_mebibytes(),
            headers: HeaderMap::new(),
            account: None,
            login_tries: 4,
            look_ups: 5,
            line: Arc::new(Line::new(Treatment::default())),
            scrub: Scrub::new(&url, &secrets),
            publisher: Mutex::default(),
            secrets,
            url,
        }
    }

    /// The same, as its upstream's settings say.
    #[must_use]
    pub fn fitted(self, upstream: &Upstream, account: Option<Credentials>) -> Self {
        Self {
            timeout: upstream.timeout(),
            conversation: upstream.conversation(),
            max_request: upstream.max_request_bytes,
            max_response: upstream.max_response_bytes,
            headers: upstream.headers(),
            login_tries: upstream.login_tries_per_hour,
            look_ups: upstream.look_ups_per_hour,
            line: Arc::new(Line::new(upstream.treatment())),
            account,
            ..self
        }
    }
}

/// What lies beside `edge.toml` for a guarded backend.
pub struct Private {
    /// The backend with its profile, as if it were open, for an adapter to be fitted to.
    pub backend: Backend,
    /// What it is told with every request.
    pub secrets: Secrets,
    /// With what the publisher logs in.
    pub account: Option<Credentials>,
}

impl Private {
    /// Reads it; `None` for a backend that is open.
    ///
    /// # Errors
    /// What is wrong with the profile's file, the region's entry or the environment, without a value
    /// of theirs.
    pub fn read(upstream: &Upstream, backend: &Backend, environment: Environment<'_>) -> Result<Option<Self>, String> {
        let Some(file) = &upstream.profile else {
            return match backend.guarded {
                true => Err("it is guarded: expected its profile in edge.toml".to_owned()),
                false => Ok(None),
            };
        };
        if !backend.profile.is_null() {
            return Err("its profile lies beside edge.toml: expected none in the region's file".to_owned());
        }
        let backend = Backend {
            profile: profile(file)?,
            guarded: false,
            capabilities: None,
            ..backend.clone()
        };
        let account = upstream.account.as_ref().map(|at| account(at, environment));
        Ok(Some(Self {
            backend,
            secrets: Secrets::read(&upstream.secrets, environment)?,
            account: account.transpose()?,
        }))
    }
}

fn profile(file: &Path) -> Result<Value, String> {
    let said = |what: &dyn std::fmt::Display| format!("{}: {what}", file.display());
    let text = std::fs::read(file).map_err(|error| said(&error))?;
    // Not by way of `serde_json::Value`, which would sort the members: a template's are sent in their order.
    serde_json::from_slice(&text).map_err(|error| {
        let place = format!("no JSON at line {}, column {}", error.line(), error.column());
        said(&place)
    })
}
