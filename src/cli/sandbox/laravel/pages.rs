//! Lists in the manner of JSON:API: pages, and records with `type`, `id` and `attributes`.

use reqwest::Url;
use serde_json::{Map, Value, json};

/// Records on a page where nobody says how many.
const USUAL_SIZE: u32 = 15;
/// Most records on a page.
const LARGEST_SIZE: u32 = 100;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli::sandbox) struct Page {
    /// Counted from 1.
    number: u32,
    size: u32,
}

impl Page {
    /// The page that `page[number]` and `page[size]` say; what is no number is as if it were missing.
    pub(in crate::cli::sandbox) fn asked(pairs: &[(String, String)]) -> Self {
        let number = |name: &str| {
            let value = pairs.iter().find(|(key, _)| key == name);
            value
                .and_then(|(_, text)| text.parse::<u32>().ok())
                .filter(|number| *number > 0)
        };
        Self {
            number: number("page[number]").unwrap_or(1),
            size: number("page[size]").unwrap_or(USUAL_SIZE).min(LARGEST_SIZE),
        }
    }

    /// Most rows to read.
    pub(in crate::cli::sandbox) const fn limit(self) -> u32 {
        self.size
    }

    /// Rows to skip before.
    pub(in crate::cli::sandbox) fn offset(self) -> i64 {
        i64::from(self.number.saturating_sub(1)).saturating_mul(i64::from(self.size))
    }
}

/// A record: its id as a text, whatever it is in the register.
pub(in crate::cli::sandbox) fn item(kind: &str, id: i64, attributes: Value) -> Value {
    json!({ "type": kind, "id": id.to_string(), "attributes": attributes })
}

/// A page of records, with `meta.pagination` and `links`.
pub(in crate::cli::sandbox) fn links(
    records: Vec<Value>,
    total: u32,
    page: Page,
    address: &str,
    pairs: &[(String, String)],
) -> Value {
    let pages = total.div_ceil(page.size).max(1);
    let link = |number: u32| at_page(address, pairs, number);
    let mut links = Map::new();
    links.insert("self".to_owned(), link(page.number));
    links.insert("first".to_owned(), link(1));
    if page.number > 1 {
        links.insert("prev".to_owned(), link(page.number.saturating_sub(1)));
    }
    if page.number < pages {
        links.insert("next".to_owned(), link(page.number.saturating_add(1)));
    }
    links.insert("last".to_owned(), link(pages));
    json!({
        "meta": {"pagination": {
            "total": total,
            "count": records.len(),
            "per_page": page.size,
            "current_page": page.number,
            "total_pages": pages,
        }},
        "data": records,
        "links": links,
    })
}

/// The same query at another page, with its brackets as they are.
fn at_page(address: &str, pairs: &[(String, String)], number: u32) -> Value {
    let others = pairs.iter().filter(|(key, _)| key != "page[number]");
    let number = ("page[number]".to_owned(), number.to_string());
    let Ok(url) = Url::parse_with_params(address, others.chain([&number])) else {
        return Value::Null;
    };
    Value::from(String::from(url).replace("%5B", "[").replace("%5D", "]"))
}
