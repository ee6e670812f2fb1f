//! The proof that the citizen keeps.

use serde::{Deserialize, Serialize};

use super::application::ApplicationId;
use super::case::Acknowledgement;
use super::json::object;
use super::service::ServiceId;
use super::time::Timestamp;

/// What was received, by whom, when, and under which number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The application's id.
    pub id: ApplicationId,
    /// What was asked for.
    pub service: ServiceId,
    /// The service's name as the citizen saw it.
    pub title: String,
    /// How the backend acknowledged it.
    pub acknowledgement: Acknowledgement,
    /// What the backend said along with it, in its own words; may be empty.
    #[serde(default)]
    pub notice: String,
    /// When "Kirim" was pressed.
    pub submitted: Timestamp,
    /// When the backend had it.
    pub delivered: Timestamp,
    /// The backend never acknowledged it: the citizen said that it arrived.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub citizens_word: bool,
}

object!(Receipt { id, service, title, acknowledgement, notice = default, submitted, delivered, citizens_word = default });
