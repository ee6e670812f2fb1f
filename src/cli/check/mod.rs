//! `pendopo check`: what is wrong with a profile, and how a live system behaves.
//!
//! | asked for | is looked at |
//! |---|---|
//! | a profile's file | itself: by line, what was expected, what was found; with `--url` the system too |
//! | `32.73/lapor` | that backend of `edge.toml` |
//! | `32.73`, nothing | all of that region, all of `edge.toml` |
//!
//! Of a live system: whether it answers and how fast, its catalogue and forms, whether its answers hold
//! personal data of strangers, whether its statuses and dates can be read, and what a citizen will not be
//! able to do there. With `--reference` a case is followed, with `--submit` a test application is filed
//! first, which says of itself that it is one. Otherwise nothing is changed.
//!
//! What it does not do: show what answers say. They may be people's.

pub mod answers;
pub mod line;
pub mod live;
pub mod report;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::adapters;
use crate::cli::edge::config::Config;
use crate::cli::edge::guarded::backend::Private;
use crate::cli::edge::guarded::secrets::{Secrets, environment};
use crate::cli::edge::transport::Transport;
use crate::cli::publish::regions;
use crate::model::region::{Backend, BackendId, RegionFile};
use crate::model::text::Text;
use live::{Follow, Live};
use report::{Checked, Report, Weight};

/// What to look at.
#[derive(Args, Debug, Default)]
pub struct CheckArgs {
    /// A profile's file, a backend (32.73/lapor), or a region (32.73); nothing is all of edge.toml.
    pub target: Option<String>,
    /// The edge's settings.
    #[arg(long, default_value = "edge.toml")]
    pub config: PathBuf,
    /// Of a profile's file: the address of the system.
    #[arg(long)]
    pub url: Option<String>,
    /// Of a profile's file: whose profile it is.
    #[arg(long, default_value = adapters::mapped::NAME)]
    pub adapter: String,
    /// The number of a case to be followed.
    #[arg(long)]
    pub reference: Option<String>,
    /// What its owner knows beside the number.
    #[arg(long)]
    pub fact: Option<String>,
    /// File a test application and follow it.
    #[arg(long)]
    pub submit: bool,
    /// Write the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Looks at what was asked for.
///
/// # Errors
/// Settings or a file that cannot be read, or a name that is in none.
pub async fn run(args: &CheckArgs, transport: &Transport) -> Result<Report, Box<dyn std::error::Error>> {
    let mut report = Report::default();
    let follow = Follow {
        reference: args.reference.clone(),
        fact: args.fact.clone(),
        submit: args.submit,
    };
    let file = args.target.as_deref().map(Path::new).filter(|path| path.is_file());
    if let Some(file) = file {
        report.checked.push(profile(args, file, &follow, transport).await?);
        return Ok(report);
    }
    let config = Config::read(&args.config)?;
    let wanted = |id: &BackendId| match args.target.as_deref() {
        None => true,
        Some(target) => id.to_string() == target || id.region.as_str() == target,
    };
    for (id, upstream) in config.upstreams.iter().filter(|(id, _)| wanted(id)) {
        let mut checked = Checked::of(id.to_string());
        match region(&config.regions, id) {
            Err(why) => checked.add(Weight::Wrong, "profile", why),
            Ok((region, backend)) => match Private::read(upstream, &backend, &environment) {
                Err(why) => checked.add(Weight::Wrong, "profile", why),
                Ok(private) => {
                    let (fitted, secrets, account) = match private {
                        Some(private) => (private.backend, private.secrets, private.account),
                        None => (backend.clone(), Secrets::default(), None),
                    };
                    let text = upstream
                        .profile
                        .as_ref()
                        .and_then(|path| std::fs::read_to_string(path).ok());
                    let (adapter, wrong) = adapters::compile(id, &fitted, region.utc_offset);
                    said(&mut checked, &wrong, text.as_deref());
                    if let Some(adapter) = adapter {
                        let live = Live {
                            transport,
                            url: &upstream.url,
                            headers: upstream.secret_headers(),
                            secrets,
                            account,
                            services: &backend.services,
                        };
                        live.look(adapter.as_ref(), &follow, &mut checked).await;
                    }
                }
            },
        }
        report.checked.push(checked);
    }
    match report.checked.is_empty() {
        true => Err(format!(
            "{} is no file, and no region or backend of {}",
            args.target.as_deref().unwrap_or("this"),
            args.config.display()
        )
        .into()),
        false => Ok(report),
    }
}

async fn profile(
    args: &CheckArgs,
    file: &Path,
    follow: &Follow,
    transport: &Transport,
) -> Result<Checked, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file)?;
    let mut checked = Checked::of(file.display().to_string());
    let profile = match serde_json::from_str(&text) {
        Ok(profile) => profile,
        Err(error) => {
            let what = format!("line {}: expected JSON: {error}", error.line());
            checked.add(Weight::Wrong, "profile", what);
            return Ok(checked);
        }
    };
    let id: BackendId = "34.04/percobaan".parse()?;
    let backend = Backend {
        id: id.backend.clone(),
        name: Text::plain("Percobaan"),
        office: Text::plain("Percobaan"),
        adapter: args.adapter.clone(),
        profile,
        guarded: false,
        capabilities: None,
        services: Vec::new(),
        sources: crate::model::map::Map::default(),
    };
    let (adapter, wrong) = adapters::compile(&id, &backend, 420);
    said(&mut checked, &wrong, Some(&text));
    if let (Some(adapter), Some(url)) = (&adapter, &args.url) {
        let live = Live {
            transport,
            url,
            headers: Vec::new(),
            secrets: Secrets::default(),
            account: None,
            services: &[],
        };
        live.look(adapter.as_ref(), follow, &mut checked).await;
    } else if let Some(adapter) = &adapter {
        live::cannot(&adapter.capabilities(), &mut checked);
    }
    Ok(checked)
}

/// What is wrong with a profile, by line where its text is known.
fn said(checked: &mut Checked, wrong: &[crate::model::diagnostic::Diagnostic], text: Option<&str>) {
    for wrong in wrong {
        let inner = wrong.path.strip_prefix("/profile");
        let what = match (text, inner) {
            (Some(text), Some(inner)) => format!(
                "line {}: {}: expected {}, found {}",
                line::line_of(text, inner),
                inner,
                wrong.expected,
                wrong.found
            ),
            _ => wrong.to_string(),
        };
        checked.add(Weight::Wrong, "profile", what);
    }
    if wrong.is_empty() {
        checked.add(Weight::Good, "profile", "nothing is wrong with it");
    }
}

fn region(folder: &Path, id: &BackendId) -> Result<(RegionFile, Backend), String> {
    let name = format!("{}.json", id.region);
    let file = folder.join(&name);
    let bytes = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let region = regions::parse(&name, &bytes).map_err(|wrong| wrong.to_string())?;
    let backend = region.backends.iter().find(|backend| backend.id == id.backend).cloned();
    let backend = backend.ok_or_else(|| format!("{name}: expected a backend with the id {}", id.backend))?;
    Ok((region, backend))
}
