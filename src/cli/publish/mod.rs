//! `pendopo publish`: every region's catalogue and forms, written as static files.
//!
//! For each region file and each backend in it the adapter asks for the catalogue and for the form
//! of every service that has one, the region's own words are laid over, and the files of
//! [`crate::catalogue`] are written, compressed ones beside them. Run it as often as catalogues
//! change, from cron or by hand; citizens read files meanwhile, each whole.
//!
//! | module | does |
//! |---|---|
//! | [`regions`], `schema` | read region files and say what is wrong with one |
//! | `ask` | asks a backend, through an adapter and a transport |
//! | `overlay` | lays the region's words over the backend's |
//! | `last` | reads back what was published last |
//! | `assemble` | puts the files together |
//! | `lists` | what forms choose from: the region's lists, districts and villages |
//! | `files` | writes them, and removes what is published no longer |
//! | [`report`] | tells the operator |
//! | `form_engine` | the calls to the form engine |
//!
//! What cannot be asked for now keeps what was published last, marked as stale with its date: a
//! backend that is down, a form that did not come, a region whose file is wrong. The same answers
//! give the same bytes, but for the dates.
//!
//! A guarded backend is asked with its private profile, secrets and account, which lie beside
//! `edge.toml`; published of it are its services and forms, and what can be done with it.
//!
//! What it does not do: change anything at a backend, retry (run it again), or read what needs a
//! citizen's login.

mod ask;
mod assemble;
mod files;
mod form_engine;
mod last;
mod lists;
mod overlay;
pub mod regions;
pub mod report;
mod schema;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use futures_util::stream::{self, StreamExt as _};
use thiserror::Error;

use crate::adapters;
use crate::cli::edge::config::{Config, ConfigError};
use crate::cli::edge::guarded::backend::Private;
use crate::cli::edge::guarded::secrets;
use crate::cli::edge::guarded::secrets::environment;
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::diagnostic::Diagnostic;
use crate::model::region::{Backend, BackendId, RegionCode, RegionFile};
use crate::model::service::Service;
use crate::model::time::Timestamp;
pub use ask::Upstream;
use ask::{FormAnswer, Told, Way};
use assemble::{Asked, Ready};
use last::Last;
use overlay::Entry;
use report::{Note, Report, What};

/// Regions asked at once; each asks its backends one after the other. Their systems are not ours to spare
/// from each other, and those that say nothing should not hold up the rest.
const REGIONS_AT_ONCE: usize = 32;

/// Writes the published catalogue of all regions.
#[derive(Args, Clone, Debug)]
pub struct PublishArgs {
    /// The edge's settings: folders and addresses of backends.
    #[arg(long, default_value = "edge.toml")]
    pub config: PathBuf,
    /// Folder that the catalogue goes to, instead of the one in the settings.
    #[arg(long, value_name = "DIR")]
    pub catalogue: Option<PathBuf>,
}

/// Why nothing could be published.
#[derive(Debug, Error)]
pub enum PublishError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file or folder cannot be read or written.
    #[error("{}: {cause}", path.display())]
    Disk {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A published file could not be put into JSON.
    #[error("a published file cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Publishes, asking backends through `upstream`, and says what came of it.
///
/// # Errors
/// The settings or a disk; what is wrong with regions and backends is in the report.
pub async fn run<U: Upstream>(args: &PublishArgs, upstream: &U) -> Result<Report, PublishError> {
    let mut config = Config::read(&args.config)?;
    if let Some(catalogue) = &args.catalogue {
        config.catalogue.clone_from(catalogue);
    }
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX));
    publish(&config, upstream, now).await
}

async fn publish<U: Upstream>(config: &Config, upstream: &U, now: Timestamp) -> Result<Report, PublishError> {
    let disk = |path: &PathBuf| {
        let path = path.clone();
        |cause| PublishError::Disk { path, cause }
    };
    let mut report = Report::default();
    let loaded = regions::load(&config.regions).map_err(disk(&config.regions))?;
    let published: Vec<_> = stream::iter(loaded)
        .map(|loaded| async move {
            match loaded {
                Ok(file) => {
                    let (ready, notes) = region(config, upstream, file, now).await;
                    (Some(ready), notes, None)
                }
                Err(wrong) => {
                    let kept = wrong.code().and_then(|code| keep(config, &code));
                    (kept, Vec::new(), Some(wrong))
                }
            }
        })
        .buffered(REGIONS_AT_ONCE)
        .collect()
        .await;
    let mut ready = Vec::new();
    for (region, notes, wrong) in published {
        ready.extend(region);
        report.notes.extend(notes);
        report.wrong.extend(wrong);
    }
    let mut files = lists::files(&ready, &mut report)?;
    files.extend(assemble::files(&ready)?);
    files::write(&config.catalogue, &files).map_err(|(path, cause)| PublishError::Disk { path, cause })?;
    let mut kept: BTreeSet<String> = files.into_iter().map(|(address, _)| address).collect();
    // The file of a region that is wrong now: it stays as it was published last.
    kept.extend(
        ready
            .iter()
            .map(|ready| crate::model::route::published_region_file(&ready.region.code)),
    );
    kept.extend(lists::still_named(&ready));
    files::sweep(&config.catalogue, &kept).map_err(disk(&config.catalogue))?;
    count(&mut report, &ready);
    Ok(report)
}

fn count(report: &mut Report, ready: &[Ready]) {
    report.regions = ready.len();
    for ready in ready {
        report.backends += ready.region.backends.len();
        report.services += ready.services.len();
        let with_form = ready.services.iter().filter(|service| service.service.form.is_some());
        report.forms += with_form.count();
    }
}

/// A region whose file is wrong, as it was published last.
fn keep(config: &Config, code: &RegionCode) -> Option<Ready> {
    let last = last::published(&config.catalogue, code);
    Some(Ready {
        region: last.region?,
        services: last.services,
        file: None,
    })
}

async fn region<U: Upstream>(config: &Config, upstream: &U, file: RegionFile, now: Timestamp) -> (Ready, Vec<Note>) {
    let mut report = Report::default();
    let last = last::published(&config.catalogue, &file.code);
    let mut asked = Vec::with_capacity(file.backends.len());
    for backend in &file.backends {
        asked.push(ask_backend(config, upstream, &file, backend, &last, now, &mut report).await);
    }
    (assemble::region(file, asked), report.notes)
}

async fn ask_backend<U: Upstream>(
    config: &Config,
    upstream: &U,
    file: &RegionFile,
    backend: &Backend,
    last: &Last,
    now: Timestamp,
    report: &mut Report,
) -> Asked {
    let id = BackendId {
        region: file.code.clone(),
        backend: backend.id.clone(),
    };
    let settings = config.upstreams.get(&id);
    let private = match settings {
        Some(settings) => Private::read(settings, backend, &environment),
        None if backend.guarded => Err("no address in edge.toml".to_owned()),
        None => Ok(None),
    };
    // The publisher's account, wherever the catalogue needs one.
    let account = settings.and_then(|settings| settings.account.as_ref());
    let account = account.map(|at| secrets::account(at, &environment)).transpose();
    let (private, account) = match (private, account) {
        (Ok(private), Ok(account)) => (Ok(private), account),
        (Err(why), _) | (_, Err(why)) => (Err(why), None),
    };
    let guarded = backend.guarded || settings.is_some_and(|settings| settings.profile.is_some());
    let (private, wrong) = match private {
        Ok(private) => (private, None),
        Err(why) => (None, Some(What::Closed(why))),
    };
    let fitted = private.as_ref().map_or(backend, |private| &private.backend);
    let (adapter, found) = match &wrong {
        Some(_) => (None, Vec::new()),
        None => adapters::compile(&id, fitted, file.utc_offset),
    };
    if private.is_some() {
        // An open one's diagnostics were the region file's, and there were none. What stands in a
        // private profile is not shown.
        let found = found
            .into_iter()
            .map(|wrong| Diagnostic::new(wrong.path, wrong.expected, "something else"));
        report.note_all(&id, None, found);
    }
    let capabilities = match &adapter {
        Some(adapter) => Some(adapter.capabilities()),
        None => last.capabilities(&backend.id),
    };
    let told = match (&adapter, settings) {
        (Some(adapter), _) if adapter.capabilities().catalogue == CatalogueSource::Profile => Ok(Vec::new()),
        (Some(adapter), Some(settings)) => {
            let secrets = private
                .as_ref()
                .map(|private| private.secrets.clone())
                .unwrap_or_default();
            let mut way = Way {
                upstream,
                base: &settings.url,
                timeout: settings.timeout(),
                headers: settings.secret_headers(),
                secrets,
                session: None,
            };
            let adapter = adapter.as_ref();
            let logged_in = match account {
                Some(account) if adapter.capabilities().catalogue == CatalogueSource::Account => {
                    way.log_in(adapter, account).await
                }
                _ => Ok(()),
            };
            let with_form = backend.services.iter().filter(|service| service.form.is_some());
            let own_forms: BTreeSet<_> = with_form.map(|service| &service.code).collect();
            match logged_in {
                Ok(()) => ask::ask(&way, &id, adapter, &own_forms, report)
                    .await
                    .map_err(What::Down),
                Err(problem) => Err(What::Down(problem)),
            }
        }
        _ => Err(wrong.unwrap_or(What::NoAddress)),
    };
    let (as_of, stale, entries) = match told {
        Ok(told) => (now, false, entries(told, fitted, last, now)),
        Err(what) => {
            report.note(Note::of(&id, what));
            (last.as_of(&backend.id).unwrap_or(now), true, last.entries(&backend.id))
        }
    };
    Asked {
        capabilities: capabilities.unwrap_or_else(Capabilities::default),
        guarded,
        as_of,
        stale,
        entries: overlay::lay_over(entries, &backend.services, &id, now, report),
    }
}

/// What a backend told, as entries. Where it has no form of its own the adapter's stands in, and a
/// form that did not come is the one published last.
fn entries(told: Vec<Told>, backend: &Backend, last: &Last, now: Timestamp) -> Vec<Entry> {
    let mut before = last.by_code(&backend.id);
    let base = adapters::base_form(backend);
    let entry = |Told { service, form }: Told| {
        let (form, upstream, as_of, stale) = match form {
            FormAnswer::NotNeeded => (None, None, now, false),
            FormAnswer::HasNone => (base.clone(), None, now, false),
            FormAnswer::Given(form) => {
                let fingerprint = form_engine::fingerprint(&form);
                (Some(form), Some(fingerprint), now, false)
            }
            FormAnswer::Missing => match before.remove(&service.code) {
                Some(before) => (before.service.form, before.upstream, before.as_of, true),
                None => (None, None, now, false),
            },
        };
        Entry {
            service: Service { form, ..service },
            upstream,
            as_of,
            stale,
        }
    };
    told.into_iter().map(entry).collect()
}
