//! What a citizen can ask for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::form::Form;
use super::json::{Node, Read, object};
use super::region::{BackendId, BadCode, code};
use super::text::Text;

code!(
    /// A service's code as its backend writes it; any text of 1 to 200 characters without controls.
    ServiceCode,
    "a service code of 1 to 200 characters",
    |text| !text.is_empty() && text.chars().count() <= 200 && !text.chars().any(char::is_control)
);

/// `region/backend/service`; the service's code is the rest of the text, slashes included.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceId {
    /// The system that offers it.
    pub backend: BackendId,
    /// Its code there.
    pub service: ServiceCode,
}

impl fmt::Display for ServiceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.backend, self.service)
    }
}

impl FromStr for ServiceId {
    type Err = BadCode;
    fn from_str(text: &str) -> Result<Self, BadCode> {
        let wrong = || BadCode {
            found: text.to_owned(),
            expected: "region/backend/service, such as 32.73/lapor/001",
        };
        let (region, rest) = text.split_once('/').ok_or_else(wrong)?;
        let (backend, service) = rest.split_once('/').ok_or_else(wrong)?;
        Ok(Self {
            backend: BackendId {
                region: region.parse()?,
                backend: backend.parse()?,
            },
            service: service.parse()?,
        })
    }
}

impl Read for ServiceId {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        node.text(wrong).parse().unwrap_or_else(|_| {
            *wrong = true;
            Self {
                backend: BackendId::read(&Node::Absent, wrong),
                service: ServiceCode(String::new()),
            }
        })
    }
}

impl TryFrom<String> for ServiceId {
    type Error = BadCode;
    fn try_from(text: String) -> Result<Self, BadCode> {
        text.parse()
    }
}

impl From<ServiceId> for String {
    fn from(id: ServiceId) -> Self {
        id.to_string()
    }
}

/// Something that a citizen can ask for, as far as the backend or the region says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Code at the backend.
    pub code: ServiceCode,
    /// Name for citizens.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub name: Text,
    /// What it is, in a sentence or a few.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub description: Text,
    /// The backend's own grouping.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub group: Text,
    /// Words that a citizen might search by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// The office that handles it, where it is not the backend's.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub office: Text,
    /// What a citizen needs at hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<Text>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub cost: Text,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub duration: Text,
    /// What comes after sending.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub next: Text,
    /// A form of the region's own; it replaces the backend's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<Form>,
}

object!(Service { code, name = default, description = default, group = default, keywords = default, office = default, requirements = default, cost = default, duration = default, next = default, form });

impl Service {
    /// A service of which only the code is known.
    #[must_use]
    pub fn of(code: ServiceCode) -> Self {
        Self {
            code,
            name: Text::default(),
            description: Text::default(),
            group: Text::default(),
            keywords: Vec::new(),
            office: Text::default(),
            requirements: Vec::new(),
            cost: Text::default(),
            duration: Text::default(),
            next: Text::default(),
            form: None,
        }
    }
}
