//! Submissions, and looking for one that may have arrived.

use pendopo::adapters::http::Response;
use pendopo::adapters::{self, Intent, Outcome, Reconciled};
use pendopo::model::answers::{Answer, FileAnswer, Place};
use pendopo::model::case::Acknowledgement;
use pendopo::model::form::{Field, Form, Section, Step};
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::time::Timestamp;
use serde_json::{Value, json};

use crate::harness::*;

fn place(lat: &str, long: &str) -> Answer {
    Answer::Place(Place {
        lat: lat.to_owned(),
        long: long.to_owned(),
        address: "Jl. Merdeka".to_owned(),
    })
}

fn submit(profile: Value, answers: &[(&str, Answer)], responses: Vec<Response>) -> Play {
    let form = adapters::base_form(&backend(profile.clone())).expect("a form");
    play(&*adapter(profile), Intent::Submit(submission(form, answers)), responses)
}

fn acknowledged(response: Response) -> (Acknowledgement, String) {
    match submit(json!({}), &[], vec![response]).outcome() {
        (
            Outcome::Submitted {
                acknowledgement,
                notice,
            },
            notes,
        ) => {
            assert_eq!(notes, Vec::new());
            (acknowledgement, notice)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_way_to_acknowledge_is_understood() {
    let number = |text: &str| Acknowledgement::Reference(text.parse().expect("a reference"));
    assert_eq!(
        acknowledged(fixture("submitted_201.json")),
        (number("293944"), "Petugas datang dalam 24 jam".to_owned())
    );
    assert_eq!(
        acknowledged(fixture("submitted_collapsed.json")).0,
        number("SR 2024/17")
    );
    assert_eq!(
        acknowledged(fixture("submitted_token.xml")).0,
        Acknowledgement::Token("tok/1".parse().expect("a token"))
    );
    assert_eq!(
        acknowledged(fixture("submitted_blackbox.xml")),
        (Acknowledgement::Nothing, "Terima kasih".to_owned())
    );
    for nothing in [
        answer(201, ""),
        answer(204, ""),
        answer(200, "[]"),
        answer(200, "<service_requests/>"),
    ] {
        assert_eq!(acknowledged(nothing).0, Acknowledgement::Nothing);
    }
    let whole = r#"{"service_request_id":"A-1","token":null,"status":"open","service_code":"12","lat":1,"long":2}"#;
    assert_eq!(acknowledged(answer(200, whole)).0, number("A-1"));
    let null = r#"[{"service_request_id":"null","token":"t"}]"#;
    assert!(matches!(acknowledged(answer(200, null)).0, Acknowledgement::Token(_)));
}

#[test]
fn what_is_no_acknowledgement_is_never_taken_for_one() {
    for response in [
        fixture("page.html"),
        answer(200, ""),
        answer(200, "OK"),
        answer(200, r#"{"success":true}"#),
        answer(201, r#"[{"service_request_id":"","hint":"try later"}]"#),
        answer(200, r#"[{"service_request_id":29"#),
        answer(302, ""),
        answer(400, "<html>"),
        answer(403, ""),
        answer(500, "<error>x</error>"),
        answer(502, "<html>"),
    ] {
        let problem = submit(json!({}), &[], vec![response.clone()]).problem();
        assert_eq!(problem.sent, Sent::Unknown, "{response:?}");
        assert!(
            matches!(problem.fault, Fault::Protocol { .. } | Fault::Upstream { .. }),
            "{problem:?}"
        );
    }
}

#[test]
fn a_refusal_in_words_is_final() {
    for (status, body) in [
        (
            400,
            "<errors><error><code>400</code><description>lat wajib</description></error></errors>",
        ),
        (403, "<error>lat wajib</error>"),
        (404, r#"[{"code":404,"description":"lat wajib"}]"#),
        (200, r#"{"errors":[{"code":400,"description":"lat wajib"}]}"#),
    ] {
        let format = if body.starts_with('<') { "xml" } else { "json" };
        let problem = submit(json!({"format": format}), &[], vec![answer(status, body)]).problem();
        let fault = Fault::Rejected {
            fields: Vec::new(),
            message: "lat wajib".to_owned(),
        };
        assert_eq!(problem, Problem { fault, sent: Sent::Yes });
    }
}

#[test]
fn a_submission_says_what_the_specification_names() {
    let attribute = |id: &str, kind: &str, many: bool| Field {
        id: id.to_owned(),
        kind: kind.to_owned(),
        many,
        ..Field::default()
    };
    let form = Form {
        format: 1,
        steps: vec![Step {
            sections: vec![Section {
                fields: vec![
                    attribute("attribute[SEJAK]", "datetime", false),
                    attribute("attribute[BAHAYA]", "choice", true),
                ],
                ..Section::default()
            }],
            ..Step::default()
        }],
        ..Form::default()
    };
    let answers = [
        ("description", text(" Lubang & retak ")),
        ("location", place("-6,9", "107.6")),
        ("attribute[SEJAK]", text("2024-05-01T08:00")),
        ("attribute[BAHAYA]", Answer::Many(vec!["1".to_owned(), "2".to_owned()])),
        ("email", text("  ")),
        ("api_key", text("mine")),
    ];
    let profile =
        json!({"jurisdiction_id": "bdg", "api_key": "k", "extra_query": {"v": 2}, "extra_form": {"locale": "id"}});
    let submission = submission(form, &answers);
    let play = play(
        &*adapter(profile),
        Intent::Submit(submission.clone()),
        vec![fixture("submitted_201.json")],
    );
    let request = &play.requests[0];
    assert_eq!(
        body(request),
        "api_key=k&jurisdiction_id=bdg&service_code=12&attribute%5BBAHAYA%5D%5B%5D=1&attribute%5BBAHAYA%5D%5B%5D=2\
         &attribute%5BSEJAK%5D=2024-05-01T01%3A00%3A00Z&description=Lubang+%26+retak&lat=-6.9&long=107.6\
         &address_string=Jl.+Merdeka&locale=id"
    );
    assert_eq!(request.query, [("v".to_owned(), "2".to_owned())]);
    assert_eq!(request.key.as_deref(), Some(APPLICATION));
    assert_eq!(request.path, "requests.json");
    for (dates, moment) in [("offset", "08%3A00%3A00%2B07%3A00"), ("local", "08%3A00%3A00&")] {
        let profile = json!({"dates": dates});
        let play = crate::harness::play(
            &*adapter(profile),
            Intent::Submit(submission.clone()),
            vec![fixture("submitted_201.json")],
        );
        assert!(body(&play.requests[0]).contains(&format!("2024-05-01T{moment}")));
        assert!(!body(&play.requests[0]).contains("jurisdiction_id"));
    }
}

#[test]
fn files_go_along_under_the_names_that_the_profile_says() {
    let file = |name: &str, id: &str| FileAnswer {
        was: None,
        id: id.parse().expect("an id"),
        name: name.to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 1,
    };
    let one = "11111111-1111-4111-8111-111111111111";
    let two = "22222222-2222-4222-8222-222222222222";
    let files = [("media", Answer::Files(vec![file("a.jpg", one), file("b.jpg", two)]))];
    for (media, names) in [("photos", ["photo1", "photo2"]), ("multipart:foto", ["foto", "foto"])] {
        let play = submit(json!({"media": media}), &files, vec![fixture("submitted_201.json")]);
        let request = &play.requests[0];
        assert!(request.body.content_type.starts_with("multipart/form-data; boundary="));
        let body = body(request);
        for (name, (file, id)) in names.iter().zip([("a.jpg", one), ("b.jpg", two)]) {
            let head = format!("name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: image/jpeg\r\n\r\n<{id}>\r\n");
            assert!(body.contains(&head), "{body}");
        }
    }
    let play = submit(json!({"media": "photos"}), &[], vec![fixture("submitted_201.json")]);
    assert_eq!(play.requests[0].body.content_type, "application/x-www-form-urlencoded");
}

#[test]
fn a_key_may_go_in_the_query() {
    let profile = json!({"api_key": "k", "api_key_in": "query"});
    let play = submit(profile, &[], vec![fixture("submitted_201.json")]);
    assert_eq!(play.requests[0].query, [("api_key".to_owned(), "k".to_owned())]);
    assert!(!body(&play.requests[0]).contains("api_key"));
}

#[test]
fn a_path_that_does_not_exist_is_left_for_the_other_format_under_another_key() {
    let play = submit(
        json!({}),
        &[("description", text("x"))],
        vec![answer(404, "<html>"), fixture("submitted_blackbox.xml")],
    );
    assert_eq!(play.paths(), ["requests.json", "requests.xml"]);
    assert_ne!(play.requests[0].key, play.requests[1].key);
    let play = submit(json!({}), &[], vec![answer(404, ""), answer(404, "")]);
    assert_eq!(
        play.problem(),
        Problem {
            fault: Fault::NotFound,
            sent: Sent::No
        }
    );
}

#[test]
fn a_refusal_in_xml_is_put_to_the_xml_path_and_holds_where_there_is_none() {
    let refused = || answer(400, "<error>Di luar kota</error>");
    let play = submit(json!({}), &[], vec![refused(), fixture("submitted_blackbox.xml")]);
    assert_eq!(play.paths(), ["requests.json", "requests.xml"]);
    assert_ne!(play.requests[0].key, play.requests[1].key);
    assert!(matches!(play.outcome().0, Outcome::Submitted { .. }));

    let later = Fault::RateLimited { after: None };
    assert_eq!(
        submit(json!({}), &[], vec![refused(), answer(429, "")]).problem().fault,
        later
    );
    for second in [answer(404, "<html>"), answer(406, "")] {
        let problem = submit(json!({}), &[], vec![refused(), second]).problem();
        assert!(
            matches!(&problem.fault, Fault::Rejected { message, .. } if message == "Di luar kota"),
            "{problem:?}"
        );
    }
    // Where the second path may have stored something, that is what counts.
    let problem = submit(json!({}), &[], vec![refused(), answer(500, "")]).problem();
    assert_eq!(problem.sent, Sent::Unknown);
    // A refusal in JSON is final, and so is one where the format is known.
    let play = submit(json!({}), &[], vec![answer(400, r#"{"error":"Di luar kota"}"#)]);
    assert!(matches!(play.problem().fault, Fault::Rejected { .. }));
    let play = submit(json!({"format": "json"}), &[], vec![refused()]);
    assert!(matches!(play.problem().fault, Fault::Rejected { .. }));
}

#[test]
fn a_broken_transport_is_handed_on_as_it_is() {
    let problem = Problem {
        fault: Fault::Timeout,
        sent: Sent::Unknown,
    };
    let intent = Intent::Submit(submission(Form::default(), &[]));
    let play = play_results(&*adapter(json!({})), intent, &[], vec![Err(problem.clone())]);
    assert_eq!(play.problem(), problem);
}

#[test]
fn rate_limits_say_how_long() {
    let mut response = answer(429, "");
    response.headers = vec![("retry-after".to_owned(), "30".to_owned())];
    let problem = submit(json!({}), &[], vec![response]).problem();
    let fault = Fault::RateLimited { after: Some(30) };
    assert_eq!(problem, Problem { fault, sent: Sent::No });
}

fn reconcile(profile: Value, answers: &[(&str, Answer)], responses: Vec<Response>) -> Reconciled {
    let since = Timestamp::parse_iso("2024-05-01T08:00:00", WIB).expect("a moment");
    let intent = Intent::Reconcile {
        submission: submission(Form::default(), answers),
        since,
    };
    match play(&*adapter(profile), intent, responses).outcome().0 {
        Outcome::Reconciled(reconciled) => reconciled,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_application_is_found_by_its_words_and_place_and_nothing_else_is() {
    let profile = || json!({"reconcile": "search", "swap_lat_long": true, "dates": "local"});
    let words = "Lubang besar di depan pasar";
    let here = [("description", text(words)), ("location", place("-6.9", "107.6"))];
    let list = || vec![fixture("requests_list.json")];
    let one = Acknowledgement::Reference("1".parse().expect("a reference"));
    assert_eq!(reconcile(profile(), &here, list()), Reconciled::Arrived(one));
    let elsewhere = [("description", text(words)), ("location", place("-7.9", "107.6"))];
    assert_eq!(reconcile(profile(), &elsewhere, list()), Reconciled::Absent);
    // Without a place both rows fit.
    let anywhere = [("description", text(words))];
    assert_eq!(reconcile(profile(), &anywhere, list()), Reconciled::CannotTell);
    assert_eq!(reconcile(json!({}), &here, Vec::new()), Reconciled::CannotTell);
    assert_eq!(reconcile(profile(), &[], Vec::new()), Reconciled::CannotTell);
}

#[test]
fn a_list_that_never_shows_a_service_cannot_say_that_its_case_is_absent() {
    let profile = |except: Value| json!({"reconcile": "search", "reconcile_except": except});
    let mine = [("description", text("Pungutan di loket"))];
    let none = || vec![answer(200, "[]")];
    assert_eq!(reconcile(profile(json!(["12"])), &mine, none()), Reconciled::CannotTell);
    assert_eq!(reconcile(profile(json!(["120"])), &mine, none()), Reconciled::Absent);
    // Once it has a number the list shows it, and then it has arrived.
    let numbered = answer(
        200,
        r#"[{"service_request_id":"7","service_code":"12","description":"Pungutan di loket"}]"#,
    );
    let seven = Acknowledgement::Reference("7".parse().expect("a reference"));
    assert_eq!(
        reconcile(profile(json!(["12"])), &mine, vec![numbered]),
        Reconciled::Arrived(seven)
    );
}

#[test]
fn an_absence_is_only_told_by_a_list_that_can_tell() {
    let profile = || json!({"reconcile": "search"});
    let mine = [("description", text("Pohon tumbang"))];
    for hidden in [
        r#"[{"service_request_id":1,"status":"open","service_code":"12","description":null}]"#.to_owned(),
        r#"[{"service_request_id":null,"status":"open","service_code":"12"}]"#.to_owned(),
        r#"[{"service_request_id":1,"description":"Pohon tumbang","requested_datetime":"2023-01-01T00:00:00"}]"#
            .to_owned(),
        format!(
            "[{}]",
            vec![r#"{"service_request_id":1,"description":"x"}"#; 50].join(",")
        ),
    ] {
        assert_eq!(
            reconcile(profile(), &mine, vec![answer(200, &hidden)]),
            Reconciled::CannotTell,
            "{hidden}"
        );
    }
    assert_eq!(reconcile(profile(), &mine, vec![answer(200, "[]")]), Reconciled::Absent);
    assert_eq!(
        reconcile(profile(), &mine, vec![answer(400, r#"{"error":"no"}"#)]),
        Reconciled::CannotTell
    );
}
