//! The payloads of real servers, read from the folder that `PENDOPO_PAYLOADS` names: what is known of
//! each, and that no leaf of any is dropped silently.

use std::path::PathBuf;

use pendopo::adapters::codec::node::Node;
use pendopo::adapters::codec::{self, Payload, text::clean};
use pendopo::adapters::http::Response;
use pendopo::adapters::{Intent, Known, Outcome, Step};
use pendopo::model::case::Acknowledgement;
use pendopo::model::form::Form;
use pendopo::model::problem::{Fault, Sent};
use pendopo::model::status::{Outcome as Ending, Phase};
use pendopo::model::text::Lang;
use pendopo::model::time::Timestamp;
use serde_json::json;

use crate::harness::*;

/// Members that are read into something other than text, or deliberately not used: what a citizen
/// wrote and where, a service's type, and what only repeats the question.
const NOT_TEXT: [(&str, &str); 16] = [
    ("metadata", "Listed::has_form"),
    ("type", "the answer to a submission says it"),
    ("variable", "a static field"),
    ("datatype", "the field's type"),
    ("required", "Field::required"),
    ("order", "the fields' order"),
    ("service_code@definition", "what was asked for"),
    ("description@request", "the citizen's words"),
    ("address", "the citizen's place"),
    ("address_id", "the citizen's place"),
    ("zipcode", "the citizen's place"),
    ("lat", "the citizen's place"),
    ("long", "the citizen's place"),
    ("account_id", "a person"),
    ("token", "what was asked for"),
    ("code@errors", "the kind of fault"),
];

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("PENDOPO_PAYLOADS").map(|folder| PathBuf::from(folder).join("open311"));
    if folder.is_none() {
        println!("PENDOPO_PAYLOADS is unset: the payloads of real servers are not read");
    }
    folder
}

fn files() -> Vec<(String, Response)> {
    let Some(folder) = folder() else {
        return Vec::new();
    };
    let mut files: Vec<(String, Response)> = std::fs::read_dir(&folder)
        .expect("the folder of payloads")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, recorded(&path))
        })
        .collect();
    files.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(!files.is_empty());
    files
}

fn tree(response: &Response) -> Node {
    match codec::read(&response.body, None) {
        Payload::Tree(root) => root,
        other => panic!("{other:?}"),
    }
}

/// The intents whose answer a payload is, by what is in it.
fn intents(name: &str, root: &Node) -> (&'static str, Vec<Intent>) {
    let mut numbers = Vec::new();
    all(root, "service_request_id", &mut numbers);
    let submit = || Intent::Submit(submission(Form::default(), &[]));
    let service = || Intent::Form {
        service: "DMV66".parse().expect("a code"),
    };
    if name.contains("403") || name.contains("post_") {
        ("request", vec![submit()])
    } else if name.contains("definition") {
        ("definition", vec![service()])
    } else if name.contains("not_found") {
        ("errors", vec![submit(), reference("not-an-id")])
    } else if name.contains("token") {
        ("request", vec![token("12345")])
    } else if name.contains("requests_empty") {
        ("request", vec![reference("1"), submit()])
    } else if numbers.is_empty() {
        ("service", vec![Intent::Catalogue])
    } else {
        ("request", numbers.iter().map(|number| reference(number)).collect())
    }
}

fn all<'a>(node: &'a Node, name: &'a str, found: &mut Vec<&'a str>) {
    found.extend(node.named(name).map(Node::scalar));
    for child in &node.children {
        all(child, name, found);
    }
}

fn each_leaf<'a>(node: &'a Node, found: &mut Vec<(&'a str, &'a str)>) {
    if node.is_leaf() && !node.is_blank() {
        found.push((&node.name, node.text.trim()));
    }
    for child in &node.children {
        each_leaf(child, found);
    }
}

/// Everything that a conversation told at its end, in one text.
fn told(intent: Intent, response: &Response) -> String {
    let adapter = adapter(json!({"format": "xml"}));
    let mut conversation = adapter.start(intent, Known::default());
    let mut step = conversation.begin();
    let mut asked = String::new();
    let mut first = Some(response.clone());
    while let Step::Send { request, facts } = step {
        asked.push_str(&format!("{:?}{facts:?}", request.path));
        step = conversation.resume(Ok(first.take().unwrap_or_else(|| answer(404, ""))));
    }
    format!("{asked}{step:?}")
}

#[test]
fn no_leaf_of_a_real_payload_is_dropped_silently() {
    for (name, response) in files() {
        let root = tree(&response);
        let (kind, intents) = intents(&name, &root);
        let told: String = intents.into_iter().map(|intent| told(intent, &response)).collect();
        let mut leaves = Vec::new();
        each_leaf(&root, &mut leaves);
        for (member, text) in leaves {
            let at = format!("{member}@{kind}");
            if NOT_TEXT.iter().any(|(ignored, _)| *ignored == member || *ignored == at) {
                continue;
            }
            let parts: Vec<&str> = if member == "keywords" {
                text.split(',').collect()
            } else {
                vec![text]
            };
            for part in parts {
                let quoted = format!("{:?}", clean(part));
                let moment = Timestamp::parse_iso(part, 0).map(|moment| format!("{moment:?}"));
                assert!(
                    told.contains(quoted.trim_matches('"')) || moment.is_some_and(|moment| told.contains(&moment)),
                    "{name}: {member} {part:?} is neither told nor noted"
                );
            }
        }
    }
}

#[test]
fn what_is_known_of_each_payload_is_what_is_read() {
    let files = files();
    let file = |name: &str| {
        let found = files.iter().find(|(file, _)| file == name);
        found.unwrap_or_else(|| panic!("{name} is gone")).1.clone()
    };
    if files.is_empty() {
        return;
    }
    let run = |intent: Intent, name: &str| play(&*adapter(json!({})), intent, vec![file(name)]);
    let submit = || Intent::Submit(submission(Form::default(), &[]));

    let Outcome::Catalogue(services) = run(Intent::Catalogue, "sf_cfa_services.xml").outcome().0 else {
        panic!("no catalogue");
    };
    let mut codes = Vec::new();
    let root = tree(&file("sf_cfa_services.xml"));
    all(&root, "service_code", &mut codes);
    assert_eq!(services.len(), codes.len());
    assert_eq!(services[0].service.name.get(Lang::Id), "Cans_Left_Out_24x7");
    assert!(services.iter().all(|listed| !listed.has_form));

    let (outcome, notes) = run(Intent::Catalogue, "spec_service_list.json").outcome();
    let Outcome::Catalogue(services) = outcome else {
        panic!("no catalogue");
    };
    assert_eq!((services.len(), notes.len()), (3, 0));
    assert_eq!(services[2].service.keywords, ["lorem", "ipsum", "dolor"]);
    assert!(services.iter().all(|listed| listed.has_form));

    let service = "DMV66".parse().expect("a code");
    let (outcome, notes) = run(Intent::Form { service }, "sf_cfa_service_definition.xml").outcome();
    let Outcome::Form(form) = outcome else {
        panic!("no form");
    };
    let field = &form.steps[0].sections[0].fields[1];
    assert_eq!(
        (field.id.as_str(), field.kind.as_str()),
        ("attribute[WHISHETN]", "choice")
    );
    assert_eq!((field.required, field.options.len(), notes.len()), (true, 2, 0));

    let (outcome, notes) = run(submit(), "sf_cfa_post_service_request.xml").outcome();
    let Outcome::Submitted {
        acknowledgement: Acknowledgement::Reference(number),
        notice,
    } = outcome
    else {
        panic!("no number");
    };
    assert_eq!((number.as_str(), notes.len()), ("293944", 0));
    assert!(notice.starts_with("The City will inspect and require"));

    let problem = run(submit(), "sf_cfa_403.xml").problem();
    assert_eq!(problem.sent, Sent::Yes);
    assert!(matches!(problem.fault, Fault::Rejected { message, .. } if message.starts_with("Invalid api_key")));

    let not_found = run(reference("not-an-id"), "sf_cfa_get_service_request_not_found.xml").problem();
    assert_eq!(not_found.fault, Fault::NotFound);
    let empty = run(reference("1"), "sf_cfa_service_requests_empty.xml").problem();
    assert_eq!(empty.fault, Fault::NotFound);

    let (case, notes) = run(reference("638344"), "sf_cfa_get_service_request.xml").case();
    assert_eq!((case.status.phase, case.status.outcome), (Phase::Closed, Ending::None));
    assert_eq!(case.received, Some(Timestamp(1_271_255_858_000)));
    assert_eq!(case.timeline[1].remark, "Duplicate request.");
    assert!(case.timeline[0].links[0].ends_with("638344.rss"));
    assert_eq!(notes, Vec::new());

    let answers = vec![
        file("sf_cfa_request_id_from_token.xml"),
        file("sf_cfa_get_service_request.xml"),
    ];
    let (case, _) = play(&*adapter(json!({})), token("12345"), answers).case();
    assert_eq!(case.reference.map(String::from).as_deref(), Some("638344"));
}
