//! Servers of which an operator knows the address and nothing else: the profile is empty.

use serde_json::json;

use crate::job::job;
use crate::server::{Definitions, Errors, Format, Formats, Ids, Kind, Lists, Ways};

#[tokio::test]
async fn a_plain_json_server_needs_no_description() {
    job(Ways::default(), json!({})).await;
}

#[tokio::test]
async fn a_json_server_that_creates_with_201_and_collapses_lists_of_one_needs_none() {
    let ways = Ways {
        accepts: 201,
        ids: Ids::Integers,
        lists: Lists::Collapsed,
        errors: Errors::Object,
        empty_for_unknown: true,
        ..Ways::default()
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn a_json_server_that_accepts_with_202_and_a_token_needs_none() {
    let ways = Ways {
        accepts: 202,
        kind: Kind::Batch,
        lists: Lists::Wrapped,
        errors: Errors::Detail,
        ..Ways::default()
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn a_server_that_creates_without_a_word_needs_none() {
    let ways = Ways {
        accepts: 201,
        kind: Kind::Silent,
        definitions: Definitions::None,
        errors: Errors::Text,
        ..Ways::default()
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn a_server_of_both_formats_with_numbers_that_hold_a_slash_and_a_space_needs_none() {
    let ways = Ways {
        formats: Formats::Both,
        ids: Ids::Odd,
        errors: Errors::NoCode,
        definitions: Definitions::Missing,
        ..Ways::default()
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn a_json_server_that_puts_lists_into_objects_and_scalars_into_lists_needs_none() {
    let ways = Ways {
        lists: Lists::Inside,
        ids: Ids::Integers,
        ..Ways::default()
    };
    job(ways, json!({})).await;
}

/// An XML-only server, whose definitions have their attributes without a list around them.
fn xml(formats: Formats) -> Ways {
    Ways {
        formats,
        definitions: Definitions::Flat,
        ids: Ids::Integers,
        ..Ways::default()
    }
}

#[tokio::test]
async fn an_xml_server_that_shows_a_page_for_json_needs_none() {
    job(xml(Formats::OnlyOr404Page(Format::Xml)), json!({})).await;
}

#[tokio::test]
async fn an_xml_server_that_says_in_xml_that_it_has_no_json_needs_none() {
    let ways = Ways {
        errors: Errors::Text,
        ..xml(Formats::OnlyOr404Words(Format::Xml))
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn an_xml_server_that_takes_json_for_a_bad_request_needs_none() {
    let ways = Ways {
        errors: Errors::NoCode,
        ..xml(Formats::OnlyOr400Words(Format::Xml))
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn an_xml_server_that_finds_json_not_acceptable_needs_none() {
    let ways = Ways {
        kind: Kind::Batch,
        errors: Errors::Object,
        ..xml(Formats::OnlyOr406(Format::Xml))
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn a_server_that_answers_in_xml_whatever_it_is_asked_for_needs_none() {
    let ways = Ways {
        errors: Errors::Detail,
        accepts: 201,
        ..xml(Formats::Always(Format::Xml))
    };
    job(ways, json!({})).await;
}

#[tokio::test]
async fn a_server_whose_errors_come_with_200_and_whose_codes_hold_a_slash_and_a_space_needs_none() {
    let ways = Ways {
        errors_are_200: true,
        code: "PU/Jalan rusak",
        kind: Kind::Batch,
        ..Ways::default()
    };
    job(ways, json!({})).await;
}
