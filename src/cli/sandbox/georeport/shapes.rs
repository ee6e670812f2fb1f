//! The records as the specification names their members.

use serde::Serialize;

use super::City;
use super::cases::{Case, Update};
use super::catalogue::{Attribute, Service};

#[derive(Serialize)]
pub(super) struct ListedService<'a> {
    pub(super) service_code: &'a str,
    pub(super) service_name: &'a str,
    pub(super) description: &'a str,
    pub(super) metadata: bool,
    pub(super) r#type: &'a str,
    pub(super) keywords: &'a str,
    pub(super) group: &'a str,
}

#[derive(Serialize)]
pub(super) struct Question<'a> {
    pub(super) variable: bool,
    pub(super) code: &'a str,
    pub(super) datatype: &'a str,
    pub(super) required: bool,
    pub(super) datatype_description: Option<&'a str>,
    pub(super) order: usize,
    pub(super) description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) values: Option<Vec<Value<'a>>>,
}

#[derive(Serialize)]
pub(super) struct Value<'a> {
    pub(super) key: &'a str,
    pub(super) name: &'a str,
}

impl<'a> ListedService<'a> {
    pub(super) fn new(service: &'a Service) -> Self {
        Self {
            service_code: &service.code,
            service_name: &service.name,
            description: &service.description,
            metadata: !service.attributes.is_empty(),
            r#type: service.kind.word(),
            keywords: &service.keywords,
            group: &service.group,
        }
    }
}

impl<'a> Question<'a> {
    pub(super) fn new(order: usize, attribute: &'a Attribute) -> Self {
        Self {
            variable: attribute.is_question,
            code: &attribute.code,
            datatype: attribute.datatype.word(),
            required: attribute.required,
            datatype_description: attribute.hint.as_deref(),
            order,
            description: &attribute.description,
            values: attribute
                .datatype
                .is_list()
                .then(|| attribute.values.iter().map(|(key, name)| Value { key, name }).collect()),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Receipt<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) service_request_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    pub(super) service_notice: &'a str,
    pub(super) account_id: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Row {
    pub(super) service_request_id: Option<String>,
    pub(super) status: String,
    pub(super) status_notes: String,
    pub(super) service_name: String,
    pub(super) service_code: String,
    pub(super) description: Option<String>,
    pub(super) agency_responsible: String,
    pub(super) service_notice: String,
    pub(super) requested_datetime: String,
    pub(super) updated_datetime: String,
    pub(super) expected_datetime: String,
    pub(super) address: Option<String>,
    pub(super) address_id: Option<u32>,
    pub(super) zipcode: Option<u32>,
    pub(super) lat: Option<f64>,
    pub(super) long: Option<f64>,
    pub(super) media_url: Option<String>,
}

impl Row {
    pub(super) fn new(city: &City, case: Case) -> Self {
        let case = city.manner.case(case);
        let service: Option<&Service> = city.catalogue.service(&case.service_code);
        let media_url = case
            .media
            .first()
            .map(|number| format!("{}{}/media/{number}", city.ground.origin, city.ground.base));
        Self {
            service_request_id: case.reference,
            status: case.status,
            status_notes: case.status_notes,
            service_name: service.map_or_else(|| case.service_code.clone(), |service| service.name.clone()),
            service_notice: service.map_or_else(String::new, |service| service.notice.clone()),
            service_code: case.service_code,
            description: Some(case.description).filter(|text| !text.is_empty()),
            agency_responsible: case.agency,
            requested_datetime: case.requested_datetime,
            updated_datetime: case.updated_datetime,
            expected_datetime: case.expected_datetime,
            zipcode: case.address.as_deref().and_then(postcode),
            address: case.address,
            address_id: None,
            lat: case.lat,
            long: case.long,
            media_url: media_url.or(case.media_url),
        }
    }
}

/// The postcode in an address: a number of five digits. None begins with 0.
fn postcode(address: &str) -> Option<u32> {
    address
        .split(|letter: char| !letter.is_ascii_digit())
        .find(|digits| digits.len() == 5)?
        .parse()
        .ok()
}

#[derive(Serialize)]
pub(super) struct Numbered {
    pub(super) service_request_id: Option<String>,
    pub(super) token: String,
}

/// An entry of a history as FixMyStreet has it: each says whose it is.
#[derive(Serialize)]
pub(super) struct RequestUpdate {
    pub(super) update_id: i64,
    pub(super) service_request_id: String,
    pub(super) status: String,
    pub(super) updated_datetime: String,
    pub(super) description: String,
    pub(super) media_url: Option<String>,
}

impl RequestUpdate {
    pub(super) fn new(city: &City, reference: &str, update: Update) -> Self {
        Self {
            update_id: update.update_id,
            service_request_id: reference.to_owned(),
            status: city.manner.status(update.status),
            updated_datetime: city.manner.moment(update.updated_datetime),
            description: update.description,
            media_url: None,
        }
    }
}
