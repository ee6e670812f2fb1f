//! What a demonstration city offers: services with their attributes, read from a file of its own.
//!
//! The file is the sandbox's own shape, not the protocol's: [`super::protocol`] writes it out as
//! GeoReport says, and [`super::submission`] checks requests against it.

use serde::Deserialize;

/// When a request of a service is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// At once.
    Realtime,
    /// Later; until then there is a token.
    Batch,
    /// Never.
    Blackbox,
}

impl Kind {
    /// GeoReport's word, for the member `type`.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Realtime => "realtime",
            Self::Batch => "batch",
            Self::Blackbox => "blackbox",
        }
    }
}

/// Whether a request must say where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    /// As GeoReport asks: `lat` and `long`, or `address_string`.
    #[default]
    Needed,
    /// This service happens at a desk.
    None,
}

/// GeoReport's six datatypes of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Datatype {
    /// One line.
    String,
    /// A number with a decimal point.
    Number,
    /// ISO 8601.
    Datetime,
    /// Several lines.
    Text,
    /// One of the values.
    SingleValueList,
    /// Any number of the values.
    MultiValueList,
}

impl Datatype {
    /// GeoReport's word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Datetime => "datetime",
            Self::Text => "text",
            Self::SingleValueList => "singlevaluelist",
            Self::MultiValueList => "multivaluelist",
        }
    }

    /// Whether answers come from a list.
    pub(super) const fn is_list(self) -> bool {
        matches!(self, Self::SingleValueList | Self::MultiValueList)
    }
}

/// A rule beyond the datatype, which GeoReport cannot state and this city checks all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Check {
    /// Sixteen digits.
    Nik,
}

/// A question of a service, or a text (see [`Attribute::is_question`]).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attribute {
    /// Unique within its service.
    pub(super) code: String,
    pub(super) datatype: Datatype,
    #[serde(default)]
    pub(super) required: bool,
    /// The question, or the text itself.
    pub(super) description: String,
    /// `datatype_description`: help with the answer.
    #[serde(default)]
    pub(super) hint: Option<String>,
    /// Key and name of what can be chosen, in order.
    #[serde(default)]
    pub(super) values: Vec<(String, String)>,
    #[serde(default)]
    pub(super) check: Option<Check>,
    /// GeoReport's `variable`: `false` for a text to read.
    #[serde(default = "yes", rename = "question")]
    pub(super) is_question: bool,
}

const fn yes() -> bool {
    true
}

/// Something a citizen can ask for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) group: String,
    pub(super) description: String,
    /// Separated by commas, as GeoReport writes them.
    pub(super) keywords: String,
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    /// The office that a new case goes to.
    pub(super) agency: String,
    /// What the citizen is told on sending.
    pub(super) notice: String,
    /// Days after which a case is expected to be finished.
    pub(super) days: u32,
    /// Batch services: minutes until a number is given without an officer.
    #[serde(default)]
    pub(super) number_after_minutes: u32,
    /// Name, telephone number and email address are thrown away.
    #[serde(default)]
    pub(super) anonymous: bool,
    #[serde(default)]
    pub(super) place: Place,
    pub(super) attributes: Vec<Attribute>,
}

/// All services, in the order in which the city lists them.
#[derive(Clone, Debug)]
pub(super) struct Catalogue(Vec<Service>);

impl Catalogue {
    /// Reads a city's own file.
    ///
    /// # Errors
    /// When the file that was built in cannot be read, with its line.
    pub(super) fn read(file: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(file).map(Self)
    }

    pub(super) fn services(&self) -> &[Service] {
        &self.0
    }

    pub(super) fn service(&self, code: &str) -> Option<&Service> {
        self.0.iter().find(|service| service.code == code)
    }
}
