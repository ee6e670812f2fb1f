//! Cases, tokens and histories.

use pendopo::adapters::{Fact, Outcome};
use pendopo::model::problem::{Fault, Problem};
use pendopo::model::status::{Outcome as Ending, Phase};
use pendopo::model::time::Timestamp;
use serde_json::json;

use crate::harness::*;

fn at(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse_iso(text, WIB).expect("a moment"))
}

#[test]
fn a_case_is_what_the_server_says_and_no_more() {
    let play = play(&*adapter(json!({})), reference("638344"), vec![fixture("request.json")]);
    assert_eq!(play.paths(), ["requests/638344.json"]);
    let (case, notes) = play.case();
    assert_eq!(case.reference.as_ref().map(|number| number.as_str()), Some("638344"));
    assert_eq!((case.status.phase, case.status.outcome), (Phase::Closed, Ending::None));
    assert_eq!(case.status.code, "closed");
    assert_eq!((case.service_code.as_str(), case.agency.as_str()), ("12", "Dinas PU"));
    assert_eq!(case.received, at("2024-05-01T08:00:00+07:00"));
    assert_eq!(case.updated, at("2024-05-03T10:30:00"));
    assert_eq!(case.timeline.len(), 2);
    assert_eq!(case.timeline[0].at, case.received);
    assert_eq!(case.timeline[1].remark, "Sudah ditambal.");
    assert_eq!(case.timeline[1].at, case.updated);
    // Neither the citizen's words nor anybody's data are in it.
    let told = format!("{case:?}");
    for personal in ["Ditulis warga", "Merdeka", "a@b.example", "-6.9", "javascript"] {
        assert!(!told.contains(personal), "{personal}");
    }
    assert_eq!(paths(&notes), ["/expected_datetime", "/media_url", "/ward"]);
}

#[test]
fn rows_without_a_number_are_left_out_with_a_note_and_unknown_codes_are_verbatim() {
    let profile = json!({"track": "query", "format": "json", "extension": false, "prefix": "api/v2"});
    let play = play(
        &*adapter(profile),
        reference("17"),
        vec![fixture("requests_without_numbers.json")],
    );
    assert_eq!(play.paths(), ["api/v2/requests"]);
    assert_eq!(
        play.requests[0].query,
        [("service_request_id".to_owned(), "17".to_owned())]
    );
    let (case, notes) = play.case();
    assert_eq!(case.reference.as_ref().map(|number| number.as_str()), Some("00000017"));
    assert_eq!(case.status.phase, Phase::Unknown);
    assert_eq!(case.status.code, "Disposisi Camat");
    assert_eq!(case.timeline[0].links, ["https://foto.example/1.jpg"]);
    assert_eq!(paths(&notes), ["/0/service_request_id"]);
}

#[test]
fn a_case_that_is_not_there_is_not_found_and_another_is_never_shown() {
    for response in [
        answer(404, r#"[{"code":404,"description":"x"}]"#),
        answer(
            200,
            "<errors><error><code>404</code><description>x</description></error></errors>",
        ),
        answer(200, "[]"),
        answer(200, "<service_requests/>"),
        answer(204, ""),
        answer(200, r#"[{"service_request_id":"8","status":"open"}]"#),
    ] {
        let problem = play(&*adapter(json!({})), reference("7"), vec![response]).problem();
        assert_eq!(problem, Problem::unsent(Fault::NotFound));
    }
}

#[test]
fn a_history_of_its_own_is_the_timeline_oldest_first() {
    let profile = json!({"history": {"style": "fixmystreet", "path": "servicerequestupdates.xml"}});
    let request = r#"[{"service_request_id":638344,"status":"closed","requested_datetime":"2024-05-01T08:00:00","updated_datetime":"2024-05-03T10:30:00"}]"#;
    let play = play(
        &*adapter(profile),
        reference("638344"),
        vec![answer(200, request), fixture("updates.xml")],
    );
    assert_eq!(play.paths(), ["requests/638344.json", "servicerequestupdates.xml"]);
    assert_eq!(
        play.requests[1].query,
        [("service_request_id".to_owned(), "638344".to_owned())]
    );
    let (case, notes) = play.case();
    let told: Vec<(Option<Phase>, &str)> = case
        .timeline
        .iter()
        .map(|step| (step.status.as_ref().map(|status| status.phase), step.remark.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(Phase::Submitted), ""),
            (Some(Phase::InReview), "Kami periksa"),
            (None, "Menunggu aspal"),
            (Some(Phase::Closed), "Selesai"),
        ]
    );
    assert_eq!(case.timeline[1].links, ["https://foto.example/2.jpg"]);
    // "closed" says less than "fixed".
    assert_eq!(case.status.code, "fixed");
    assert_eq!(case.status.outcome, Ending::Resolved);
    assert_eq!(notes.len(), 1);
    assert!(notes[0].path.ends_with("customer_reference"));
}

#[test]
fn a_history_of_one_that_collapsed_is_a_step_and_a_later_word_holds() {
    let profile = json!({"history": {"style": "updates", "path": "requests/{id}/updates",
        "query": {"start_date": "{received}"}}, "dates": "local"});
    let request = r#"{"service_request_id":638344,"status":"open","requested_datetime":"2024-05-01T08:00:00"}"#;
    let play = play(
        &*adapter(profile),
        reference("638344"),
        vec![answer(200, request), fixture("updates_collapsed.json")],
    );
    assert_eq!(play.paths()[1], "requests/638344/updates.json");
    assert_eq!(
        play.requests[1].query,
        [("start_date".to_owned(), "2024-05-01T08:00:00".to_owned())]
    );
    let (case, notes) = play.case();
    assert_eq!(case.status.phase, Phase::InProgress);
    assert_eq!((case.timeline.len(), notes.len()), (2, 0));
}

#[test]
fn a_history_that_fails_is_done_without() {
    let profile = || json!({"history": {"style": "fixmystreet"}});
    let request = || {
        answer(
            200,
            r#"{"service_request_id":7,"status":"open","status_notes":"Sabar"}"#,
        )
    };
    let timeout = Err(Problem::unsent(Fault::Timeout));
    for history in [
        timeout,
        Ok(answer(500, "")),
        Ok(fixture("page.html")),
        Ok(answer(404, "")),
    ] {
        let answers = vec![Ok(request()), history];
        let (case, notes) = play_results(&*adapter(profile()), reference("7"), &[], answers).case();
        assert_eq!(case.timeline.len(), 1);
        assert_eq!(case.timeline[0].remark, "Sabar");
        assert_eq!(notes.len(), 1);
    }
}

#[test]
fn a_history_within_the_request_is_read_with_it() {
    let profile = json!({"history": {"style": "notes", "query": {"extensions": "true"}}});
    let play = play(
        &*adapter(profile),
        reference("17"),
        vec![fixture("request_with_notes.json")],
    );
    assert_eq!(play.requests[0].query, [("extensions".to_owned(), "true".to_owned())]);
    let (case, notes) = play.case();
    let told: Vec<&str> = case.timeline.iter().map(|step| step.remark.as_str()).collect();
    assert_eq!(told, ["Diterima", "Petugas ditunjuk"]);
    assert_eq!(case.status.phase, Phase::InProgress);
    assert_eq!(paths(&notes), ["/extended_attributes"]);
}

#[test]
fn a_token_stays_a_token_until_there_is_a_number() {
    for empty in [fixture("token_empty.json"), answer(200, "[]"), answer(200, "")] {
        let play = play(&*adapter(json!({})), token("tok/1"), vec![empty]);
        assert_eq!(play.paths(), ["tokens/tok%2F1.json"]);
        assert_eq!(play.outcome().0, Outcome::Case(None));
    }
}

#[test]
fn a_token_that_became_a_number_is_not_asked_about_again() {
    let answers = vec![fixture("token_ready.json"), fixture("request.json")];
    let play_ = play(&*adapter(json!({})), token("tok/1"), answers);
    assert_eq!(play_.paths(), ["tokens/tok%2F1.json", "requests/638344.json"]);
    let facts = play_.facts.clone();
    assert_eq!(
        facts,
        [Fact {
            name: "reference".to_owned(),
            value: "638344".to_owned()
        }]
    );
    assert_eq!(play_.case().0.reference.map(String::from).as_deref(), Some("638344"));
    let answers = vec![Ok(fixture("request.json"))];
    let play_ = play_results(&*adapter(json!({})), token("tok/1"), &facts, answers);
    assert_eq!(play_.paths(), ["requests/638344.json"]);
}

#[test]
fn a_number_is_kept_even_where_its_request_cannot_be_seen_yet() {
    let answers = vec![
        fixture("token_ready.json"),
        answer(404, r#"[{"code":404,"description":"x"}]"#),
    ];
    let (case, notes) = play(&*adapter(json!({})), token("tok/1"), answers).case();
    assert_eq!(case.reference.map(String::from).as_deref(), Some("638344"));
    assert_eq!((case.status.phase, notes.len()), (Phase::Unknown, 1));
}

#[test]
fn a_number_cannot_leave_its_path() {
    for number in ["..", "../../admin", "a b/c", "%2e%2e", "x?y#z"] {
        let play = play(&*adapter(json!({})), reference(number), vec![answer(200, "[]")]);
        let path = play.paths()[0];
        assert_eq!(path.matches('/').count(), 1, "{path}");
        assert!(
            !path.contains("..") || path.contains("%2E") || path.contains("%2F"),
            "{path}"
        );
    }
}

#[test]
fn a_profile_names_the_finer_status_and_maps_it() {
    let profile = json!({"status_field": "detailed_status", "status": {"Menunggu Warga": "needs_citizen"}});
    let body = r#"{"service_request_id":7,"status":"open","detailed_status":"menunggu warga"}"#;
    let (case, notes) = play(&*adapter(profile), reference("7"), vec![answer(200, body)]).case();
    assert_eq!((case.status.phase, notes.len()), (Phase::NeedsCitizen, 0));
    assert_eq!(case.status.code, "menunggu warga");
}
