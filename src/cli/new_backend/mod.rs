//! `pendopo new-backend`: a first profile of the adapter `mapped`, from what a system says of itself.
//!
//! Either its OpenAPI document (version 2 or 3, as JSON), or answers that were saved: one to a ticket created,
//! one to a ticket read. What can be told from names is filled in; everything else is marked `{?}` with what
//! belongs there, which is no gap, so that `pendopo check` names each by its line until it is filled.
//!
//! What it deliberately does not do: say what a status means. Codes that were seen are listed with
//! `unknown`, and shown in the system's own words until somebody who knows replaces that.

mod guess;
mod openapi;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Map, Value, json};

/// What a profile is made of.
#[derive(Args, Debug, Default)]
pub struct NewBackendArgs {
    /// The system's OpenAPI document, as JSON.
    pub openapi: Option<PathBuf>,
    /// A saved answer to a ticket created.
    #[arg(long)]
    pub created: Option<PathBuf>,
    /// A saved answer to a ticket read.
    #[arg(long)]
    pub read: Option<PathBuf>,
    /// Where the profile is written; nothing that is there is overwritten.
    #[arg(long, default_value = "profile.json")]
    pub out: PathBuf,
}

/// What is known of a system.
#[derive(Debug, Default, PartialEq)]
pub struct Known {
    /// Where a ticket is created, below the system's address.
    pub create: Option<String>,
    /// How the body is written.
    pub encoding: Option<&'static str>,
    /// Members of the body.
    pub fields: Vec<String>,
    /// An answer to a ticket created.
    pub created: Option<Value>,
    /// Where one is read; its number is `{reference}`.
    pub track: Option<String>,
    /// An answer to a ticket read.
    pub read: Option<Value>,
}

/// Writes a first profile.
///
/// # Errors
/// A file that cannot be read or written, or is no JSON.
pub fn run(args: &NewBackendArgs) -> Result<String, Box<dyn std::error::Error>> {
    let mut known = match &args.openapi {
        Some(file) => {
            openapi::known(&json_of(file)?).ok_or("expected an OpenAPI document with a POST among its paths")?
        }
        None => Known::default(),
    };
    for (file, into) in [(&args.created, &mut known.created), (&args.read, &mut known.read)] {
        if let Some(file) = file {
            *into = Some(json_of(file)?);
        }
    }
    if known == Known::default() {
        return Err("expected an OpenAPI document, or --created and --read".into());
    }
    if args.out.exists() {
        return Err(format!("{} is there already", args.out.display()).into());
    }
    let profile = profile(&known);
    let text = serde_json::to_string_pretty(&profile)?;
    std::fs::write(&args.out, format!("{text}\n"))?;
    Ok(format!(
        "Wrote {}. {} places are marked {{?}}; pendopo check {} names them.\n",
        args.out.display(),
        text.matches("{?}").count(),
        args.out.display()
    ))
}

fn json_of(file: &Path) -> Result<Value, Box<dyn std::error::Error>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let value = serde_json::from_str(&text);
    Ok(value.map_err(|error| format!("{}: line {}: expected JSON: {error}", file.display(), error.line()))?)
}

/// The profile of what is known.
#[must_use]
pub fn profile(known: &Known) -> Value {
    let missing = |what: &str| Value::String(format!("{{?}} {what}"));
    let or = |found: Option<String>, what: &str| found.map_or_else(|| missing(what), Value::String);
    let body: Map<String, Value> = match known.fields.is_empty() {
        true => [("?".to_owned(), missing("the members that the system wants"))]
            .into_iter()
            .collect(),
        false => known
            .fields
            .iter()
            .map(|field| (field.clone(), Value::String(format!("{{answers.{field}}}"))))
            .collect(),
    };
    let number = |sample: &Option<Value>| sample.as_ref().and_then(|sample| guess::path(sample, guess::NUMBER));
    let mut submit = json!({
        "request": {"path": or(known.create.clone(), "where a ticket is created"), "body": body},
        "gives": {"reference": or(number(&known.created), "where its number stands, such as /data/id")}
    });
    if let (Some(encoding), Some(request)) = (
        known.encoding,
        submit.pointer_mut("/request").and_then(Value::as_object_mut),
    ) {
        request.insert("encoding".to_owned(), encoding.into());
    }
    let read = known.read.as_ref();
    let mut gives = Map::new();
    gives.insert(
        "reference".to_owned(),
        or(number(&known.read), "where its number stands"),
    );
    let at = |names| read.and_then(|sample| guess::path(sample, names));
    gives.insert("status".to_owned(), or(at(guess::STATUS), "where its status stands"));
    for (key, names) in [("received", guess::RECEIVED), ("updated", guess::UPDATED)] {
        if let Some(path) = at(names) {
            gives.insert(key.to_owned(), path.into());
        }
    }
    let history = read.and_then(guess::history);
    if let Some((rows, row)) = &history {
        let mut timeline = json!({ "rows": rows });
        for (key, names) in [
            ("at", guess::MOMENT),
            ("status", guess::STATUS),
            ("remark", guess::REMARK),
        ] {
            if let (Some(path), Some(timeline)) = (guess::path(row, names), timeline.as_object_mut()) {
                timeline.insert(key.to_owned(), path.trim_start_matches('/').into());
            }
        }
        gives.insert("timeline".to_owned(), timeline);
    }
    let codes = read.map(guess::codes).unwrap_or_default();
    let status: Map<String, Value> = codes.into_iter().map(|code| (code, "unknown".into())).collect();
    json!({
        "$schema": "public/schema/mapped-profile.schema.json",
        "dates": read.map_or_else(|| vec!["iso", "epoch"], guess::dates),
        "status": status,
        "second_fact": {"label": missing("what only its owner knows, such as NIK pelapor; or take this key away"), "digits": true},
        "intents": {
            "submit": submit,
            "track": {
                "request": {"path": or(known.track.clone(), "where one is read, such as tickets/{reference}")},
                "gives": gives
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters;
    use crate::model::region::Backend;

    fn wrong(profile: &Value) -> Vec<String> {
        let backend = json!({"id": "x", "name": "X", "office": "X", "adapter": "mapped", "profile": profile});
        let backend: Backend = serde_json::from_value(backend).unwrap();
        let (_, wrong) = adapters::compile(&"34.04/x".parse().unwrap(), &backend, 420);
        wrong.into_iter().map(|wrong| wrong.path).collect()
    }

    #[test]
    fn saved_answers_give_a_profile_whose_gaps_are_marked() {
        let known = Known {
            created: Some(json!({"success": true, "data": {"ticket_number": "T-1"}})),
            read: Some(
                json!({"data": {"ticket_number": "T-1", "status": "baru", "created_at": "24-11-2026 10:00", "history": [
                {"status": "baru", "tanggal": "24-11-2026 10:00", "catatan": "x"}, {"status": "proses", "tanggal": "25-11-2026 09:00"}]}}),
            ),
            ..Known::default()
        };
        let profile = profile(&known);
        assert_eq!(
            profile["intents"]["submit"]["gives"]["reference"],
            "/data/ticket_number"
        );
        let gives = &profile["intents"]["track"]["gives"];
        assert_eq!(
            (&gives["status"], &gives["received"]),
            (&"/data/status".into(), &"/data/created_at".into())
        );
        let timeline = json!({"rows": "/data/history/*", "at": "tanggal", "status": "status", "remark": "catatan"});
        assert_eq!(gives["timeline"], timeline);
        assert_eq!(profile["status"], json!({"baru": "unknown", "proses": "unknown"}));
        assert_eq!(profile["dates"], json!(["dd-MM-yyyy HH:mm"]));
        let paths = wrong(&profile);
        for place in [
            "/profile/intents/submit/request/path",
            "/profile/intents/submit/request/body/?",
            "/profile/intents/track/request/path",
        ] {
            assert!(paths.iter().any(|path| path == place), "{place} in {paths:?}");
        }
    }

    #[test]
    fn what_is_filled_in_is_without_a_fault() {
        let known = Known {
            create: Some("tickets".to_owned()),
            fields: vec!["subject".to_owned()],
            created: Some(json!({"id": 7})),
            track: Some("tickets/{reference}".to_owned()),
            read: Some(json!({"id": 7, "status": "new"})),
            ..Known::default()
        };
        let mut profile = profile(&known);
        profile.as_object_mut().unwrap().remove("second_fact");
        assert_eq!(wrong(&profile), [""; 0]);
    }
}
