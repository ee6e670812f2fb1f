//! Servers that differ from the specification, each described by the keys that say so.

use serde_json::json;

use crate::job::job;
use crate::server::{Dates, Definitions, Errors, Format, Formats, History, Ids, Key, Kind, Lists, Ways};

#[tokio::test]
async fn a_server_that_refuses_zones_and_wants_a_jurisdiction_and_a_key_in_the_query() {
    let ways = Ways {
        dates: Dates::Bare,
        jurisdiction: Some("sleman.go.id"),
        key: Key::Query("umum+&1"),
        kind: Kind::Batch,
        accepts: 201,
        ..Ways::default()
    };
    let profile = json!({
        "format": "json", "dates": "local", "jurisdiction_id": "sleman.go.id", "api_key": "umum+&1",
        "api_key_in": "query"
    });
    job(ways, profile).await;
}

#[tokio::test]
async fn a_fixmystreet_with_its_history_in_xml() {
    let ways = Ways {
        formats: Formats::OnlyOr404Page(Format::Xml),
        history: History::FixMyStreet,
        jurisdiction: Some("sleman"),
        key: Key::Body("umum"),
        dates: Dates::Offset,
        ..Ways::default()
    };
    let profile = json!({
        "format": "xml", "history": {"style": "fixmystreet"}, "jurisdiction_id": "sleman", "api_key": "umum",
        "dates": "offset"
    });
    job(ways, profile).await;
}

#[tokio::test]
async fn a_json_server_with_fixmystreets_history_in_xml_alone() {
    let ways = Ways {
        history: History::FixMyStreet,
        ids: Ids::Integers,
        ..Ways::default()
    };
    let profile = json!({"history": {"style": "fixmystreet", "path": "servicerequestupdates.xml"}});
    job(ways, profile).await;
}

#[tokio::test]
async fn a_server_with_a_history_in_its_own_words() {
    let ways = Ways {
        history: History::Own,
        dates: Dates::Bare,
        ids: Ids::Odd,
        lists: Lists::Wrapped,
        ..Ways::default()
    };
    let profile = json!({
        "dates": "local",
        "history": {
            "path": "requests/{id}/riwayat", "query": {}, "item": "riwayat",
            "fields": {"id": "no", "at": "waktu", "status": "keadaan", "remark": "catatan"}
        }
    });
    job(ways, profile).await;
}

#[tokio::test]
async fn a_server_below_a_prefix_without_endings_whose_numbers_hold_a_slash() {
    let ways = Ways {
        extension: false,
        prefix: &["index.php", "api", "v2"],
        ids: Ids::Odd,
        accepts: 201,
        errors: Errors::Object,
        ..Ways::default()
    };
    job(ways, json!({"extension": false, "prefix": "index.php/api/v2"})).await;
}

#[tokio::test]
async fn an_xml_server_without_endings_that_is_told_what_to_say_by_accept() {
    let ways = Ways {
        extension: false,
        formats: Formats::Both,
        errors: Errors::Text,
        ..Ways::default()
    };
    job(ways, json!({"extension": false, "format": "xml"})).await;
}

#[tokio::test]
async fn a_server_with_names_of_its_own_that_gives_one_request_by_query_alone() {
    let ways = Ways {
        names: ["layanan", "laporan", "tanda"],
        by_query: true,
        kind: Kind::Batch,
        lists: Lists::Collapsed,
        ids: Ids::Integers,
        ..Ways::default()
    };
    let profile = json!({
        "track": "query",
        "paths": {
            "services": "layanan", "service": "layanan/{code}", "submit": "laporan", "list": "laporan",
            "token": "tanda/{token}"
        }
    });
    job(ways, profile).await;
}

#[tokio::test]
async fn a_server_that_swaps_its_coordinates_and_lost_its_answer_is_searched() {
    let ways = Ways {
        swapped: true,
        loses_the_first_answer: true,
        dates: Dates::Bare,
        lists: Lists::Wrapped,
        ids: Ids::Integers,
        ..Ways::default()
    };
    job(
        ways,
        json!({"swap_lat_long": true, "reconcile": "search", "dates": "local"}),
    )
    .await;
}

#[tokio::test]
async fn an_xml_server_that_lost_its_answer_is_searched_in_xml() {
    let ways = Ways {
        formats: Formats::OnlyOr404Words(Format::Xml),
        loses_the_first_answer: true,
        jurisdiction: Some("sleman"),
        errors: Errors::Text,
        ..Ways::default()
    };
    job(ways, json!({"reconcile": "search", "jurisdiction_id": "sleman"})).await;
}

#[tokio::test]
async fn a_server_that_lost_its_answer_and_collapses_the_list_to_the_one_that_was_lost_is_searched() {
    let ways = Ways {
        lists: Lists::Collapsed,
        loses_the_first_answer: true,
        dates: Dates::Offset,
        ..Ways::default()
    };
    job(ways, json!({"reconcile": "search", "dates": "offset"})).await;
}

#[tokio::test]
async fn a_blackbox_without_definitions_behind_a_key_in_its_body() {
    let ways = Ways {
        kind: Kind::Blackbox,
        definitions: Definitions::Missing,
        key: Key::Body("umum"),
        errors: Errors::Detail,
        lists: Lists::Inside,
        ..Ways::default()
    };
    job(ways, json!({"api_key": "umum", "metadata": "never"})).await;
}

#[tokio::test]
async fn a_server_that_wants_its_key_everywhere_and_its_jurisdiction_in_the_query_of_a_submission_too() {
    let ways = Ways {
        key: Key::Everywhere("umum"),
        jurisdiction: Some("sleman"),
        jurisdiction_in_query: true,
        lists: Lists::Wrapped,
        ids: Ids::Integers,
        ..Ways::default()
    };
    let profile = json!({
        "api_key": "umum", "api_key_in": "every_query", "extra_query": {"jurisdiction_id": "sleman"}
    });
    job(ways, profile).await;
}

#[tokio::test]
async fn an_xml_server_whose_errors_come_with_200() {
    let ways = Ways {
        formats: Formats::OnlyOr404Page(Format::Xml),
        errors_are_200: true,
        definitions: Definitions::Missing,
        errors: Errors::Object,
        kind: Kind::Batch,
        ..Ways::default()
    };
    job(ways, json!({"format": "xml"})).await;
}
