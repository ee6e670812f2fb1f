//! What can be done with a backend.

use serde::{Deserialize, Serialize};

use super::json::{choice, object};
use super::login::{LoginForm, SecondFact};

/// Where a backend's catalogue comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CatalogueSource {
    /// Anyone may read it.
    #[default]
    Public,
    /// The publisher needs an account.
    Account,
    /// The region's file says it.
    Profile,
}

choice!(CatalogueSource {
    "public" => Public,
    "account" => Account,
    "profile" => Profile,
});

/// What can be done with a backend. The interface shows what there is and says what there is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent yes or no of the backend's"
)]
pub struct Capabilities {
    /// Where the catalogue comes from.
    pub catalogue: CatalogueSource,
    /// Forms can be read from it.
    pub form: bool,
    /// Applications can be delivered.
    pub submit: bool,
    /// Files can go along.
    pub upload: bool,
    /// One case can be asked about by its number.
    pub track: bool,
    /// The cases of a citizen can be listed.
    pub list: bool,
    /// A case's history can be read.
    pub timeline: bool,
    /// A citizen can answer the office.
    pub reply: bool,
    /// A citizen can withdraw a case.
    pub withdraw: bool,
    /// The backend itself refuses the same application twice.
    pub idempotent: bool,
    /// After a broken attempt the backend can say whether it arrived.
    pub reconcile: bool,
    /// A citizen can supply what the office says is missing from an application.
    pub complete: bool,
    /// Documents of a case can be fetched.
    pub documents: bool,
    /// What is asked of a citizen who logs in; `None` where nobody has to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginForm>,
    /// What must be known beside its number to look up a case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_fact: Option<SecondFact>,
}

object!(Capabilities { catalogue = default, form = default, submit = default, upload = default, track = default, list = default, timeline = default, reply = default, withdraw = default, idempotent = default, reconcile = default, complete = default, documents = default, login, second_fact });
