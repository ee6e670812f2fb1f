//! Public tracking by number, without a login: a report of the office's own, whose id, parameter and
//! label every office chooses for itself.
//!
//! The old server pastes the number into a query, and the query into a program. Three things follow,
//! and are played here so that a client which lets anything through is found out: a quotation mark
//! ends the query early and its error is shown, query and all; a number that closes the quotation and
//! says something that is always true is given everybody's rows; and a double quotation mark or a
//! dollar sign ends the program.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Map, Value, json};

use super::envelope::{self, Source};
use super::records::{self, Application, Narrow};
use super::{Office, Settings};
use crate::cli::sandbox::register::RegisterError;

/// What becomes of a number that is pasted into a query.
enum Pasted {
    Number,
    Everything,
    BrokenQuery,
    BrokenProgram,
}

fn paste(number: &str) -> Pasted {
    if number.contains(['"', '$', '{', '\\', '`']) {
        return Pasted::BrokenProgram;
    }
    let Some((_, rest)) = number.split_once('\'') else {
        return Pasted::Number;
    };
    let rest = rest.to_ascii_lowercase();
    let always = rest.split_whitespace().next() == Some("or") && rest.contains('=');
    if always {
        Pasted::Everything
    } else {
        Pasted::BrokenQuery
    }
}

/// Answers a report.
pub(super) async fn report(
    office: &Office,
    source: Source,
    id: &str,
    pairs: &[(String, String)],
) -> Result<Response, RegisterError> {
    let settings = office.settings();
    if id != settings.report.to_string() {
        return Ok(source.failed("Record not found in table \"template_data\""));
    }
    let parameter = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    let number = parameter(&settings.parameter).unwrap_or_default();
    let narrow = match paste(number) {
        Pasted::Number => Narrow {
            number: Some(number.to_owned()),
            ..Narrow::default()
        },
        Pasted::Everything => Narrow::default(),
        Pasted::BrokenQuery => {
            return Ok(source.failed(&format!(
                "SQLSTATE[42601]: Syntax error: SELECT pp.*, p.nama FROM proses_permohonan pp JOIN pemohon p \
                 ON p.id = pp.pemohon_id WHERE no_permohonan = '{number}'"
            )));
        }
        Pasted::BrokenProgram => {
            let page = "<br />\n<b>Parse error</b>: syntax error, unexpected end of file in \
                        <b>TemplateDataController.php(312) : eval()'d code</b> on line <b>1</b><br />";
            return Ok((StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response());
        }
    };
    let found = office
        .ground
        .register
        .with(move |connection| records::applications(connection, &narrow))
        .await?;
    let rows: Vec<Value> = found.iter().flat_map(rows).collect();
    Ok(envelope::success(
        "",
        &shown(rows, &settings, parameter("page"), parameter("limit")),
    ))
}

/// One row a step; each has the applicant's name and birth date too, as the real reports do.
fn rows(application: &Application) -> Vec<Value> {
    let rows = application.steps.iter().map(|step| {
        json!({
            "id": step.id,
            "no_permohonan": application.number,
            "nama": application.name,
            "tanggal_lahir": application.born,
            "jenis_izin": application.permit_name,
            "tgl_pengajuan": application.sent,
            "status_permohonan": application.state,
            "nama_proses": step.name,
            "status": step.status,
            "start_date": step.started,
            "end_date": step.ended,
        })
    });
    rows.collect()
}

/// The rows under the report's label; a page of them, with their numbers, where one is asked for.
fn shown(rows: Vec<Value>, settings: &Settings, page: Option<&str>, limit: Option<&str>) -> Value {
    let number = |text: Option<&str>| {
        text.and_then(|text| text.parse::<usize>().ok())
            .filter(|number| *number > 0)
    };
    let mut data = Map::new();
    match number(page).zip(number(limit)) {
        None => {
            data.insert(settings.label.clone(), Value::Array(rows));
        }
        Some((page, limit)) => {
            let total = rows.len();
            let page = page.min(total.div_ceil(limit).max(1));
            let skipped = page.saturating_sub(1).saturating_mul(limit);
            let part = (skipped.saturating_add(1)..).zip(rows.into_iter().skip(skipped).take(limit));
            let part = part.map(|(no, mut row)| {
                if let Some(members) = row.as_object_mut() {
                    members.insert("no".to_owned(), no.into());
                }
                row
            });
            data.insert(settings.label.clone(), Value::Array(part.collect()));
            data.insert("page".to_owned(), page.into());
            data.insert("limit".to_owned(), limit.into());
            data.insert("total_items".to_owned(), total.into());
        }
    }
    Value::Object(data)
}
