//! Who calls: logging in with NIK or email address and PIN, and the token of every later call.
//!
//! After five wrong tries for one credential the sixth is refused for an hour, with 403, and even
//! where the PIN is right.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::super::laravel::{self, Failed, Input};
use super::super::register::RegisterError;
use super::records::{self, Citizen};
use super::status::Release;
use super::{Village, fail};

/// Wrong tries that are let pass.
const MOST_TRIES: i64 = 5;
/// Seconds for which a wrong try counts.
const DECAY: i64 = 3600;

/// What became of a try to log in.
enum Try {
    In(Citizen, String),
    Wrong,
    /// Too many before; seconds until it may be tried again.
    Throttled(i64),
}

pub(super) async fn login(State(village): State<Arc<Village>>, request: Request) -> Result<Response, Failed> {
    let input = Input::read(request).await?;
    let now = village.ground.clock.now();
    let settings = village.settings();
    let key = input.get("credential").unwrap_or_default().to_lowercase();
    let complete = input.require(&["credential", "password"]);
    let credential = input.get("credential").unwrap_or_default().to_owned();
    let pin = input.get("password").unwrap_or_default().to_owned();
    let is_complete = complete.is_ok();
    let token = new_token()?;
    let expires = now.saturating_add(settings.token_seconds.into());
    let outcome = village
        .ground
        .register
        .with(move |connection| {
            if let Some(wait) = wait(connection, &key, now)? {
                return Ok(Try::Throttled(wait));
            }
            if !is_complete {
                return Ok(Try::Wrong);
            }
            match records::identify(connection, &credential, &pin)? {
                Some(citizen) => {
                    connection.execute("DELETE FROM tries WHERE credential = ?1", [&key])?;
                    records::log_in(connection, &token, citizen.id, expires)?;
                    Ok(Try::In(citizen, token))
                }
                None => {
                    connection.execute("INSERT INTO tries (credential, moment) VALUES (?1, ?2)", (&key, now))?;
                    Ok(Try::Wrong)
                }
            }
        })
        .await?;
    Ok(match outcome {
        Try::Throttled(seconds) => {
            let minutes = (seconds.saturating_add(59)) / 60;
            let words = format!("Terlalu banyak upaya masuk. Silakan coba lagi dalam {minutes} menit.");
            match settings.release {
                Release::R2021 => fail(StatusCode::FORBIDDEN, json!({ "credential": words })),
                Release::R2024 => fail(StatusCode::FORBIDDEN, Value::from(words)),
            }
        }
        Try::Wrong => {
            complete?;
            let words = "Identitas tersebut tidak cocok dengan data kami.";
            fail(StatusCode::UNAUTHORIZED, json!({ "credential": words }))
        }
        Try::In(citizen, token) => Json(json!({"data": laravel::item("penduduk", citizen.id, json!({
            "nik": citizen.nik,
            "nama": citizen.name,
            "email": citizen.email,
            "access_token": {"token": token, "token_type": "Bearer", "expires_in": settings.token_seconds},
        }))}))
        .into_response(),
    })
}

/// Seconds until this credential may be tried again, if it may not be now.
fn wait(connection: &Connection, key: &str, now: i64) -> Result<Option<i64>, RegisterError> {
    let (tries, first): (i64, Option<i64>) = connection.query_row(
        "SELECT count(*), min(moment) FROM tries WHERE credential = ?1 AND moment > ?2",
        (key, now.saturating_sub(DECAY)),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(first
        .filter(|_| tries >= MOST_TRIES)
        .map(|first| first.saturating_add(DECAY).saturating_sub(now)))
}

/// A token that nobody guesses.
fn new_token() -> Result<String, Failed> {
    let number = || getrandom::u64().map_err(|_| Failed::broken());
    Ok(format!("{:016x}{:016x}", number()?, number()?))
}

pub(super) async fn logout(State(village): State<Arc<Village>>, caller: Caller) -> Result<Response, Failed> {
    village
        .ground
        .register
        .with(move |connection| {
            connection.execute("DELETE FROM logins WHERE token = ?1", [&caller.token])?;
            Ok(())
        })
        .await?;
    Ok(fail(StatusCode::OK, Value::from("Berhasil keluar.")))
}

/// The citizen whose token a call carries.
pub(super) struct Caller {
    pub(super) citizen: Citizen,
    token: String,
}

impl FromRequestParts<Arc<Village>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, village: &Arc<Village>) -> Result<Self, Response> {
        let unauthorized = || (StatusCode::UNAUTHORIZED, "Unauthorized.").into_response();
        let token = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned())
            .ok_or_else(unauthorized)?;
        let wanted = token.clone();
        let now = village.ground.clock.now();
        let citizen = village
            .ground
            .register
            .with(move |connection| records::logged_in(connection, &wanted, now))
            .await
            .map_err(|error| Failed::from(error).into_response())?;
        let citizen = citizen.ok_or_else(unauthorized)?;
        Ok(Self { citizen, token })
    }
}
