use serde_json::{Value, json};

use super::*;
use crate::forms::compile;
use crate::model::answers::Answer;

const TODAY: Day = (2026, 3, 15);

fn model(fields: &Value) -> Model {
    let form = json!({ "format": 1, "steps": [{ "id": "s", "title": "S", "sections": [{ "fields": fields }] }] });
    let (model, diagnostics) = compile(&serde_json::from_value(form).unwrap());
    assert_eq!(diagnostics, []);
    model
}

/// The verdict on the answer to a single field.
fn verdict_on(kind: &str, keys: &Value, answer: Answer) -> Option<ComplaintKind> {
    let mut one = json!({ "id": "a", "type": kind, "label": "A" });
    for (key, value) in keys.as_object().unwrap() {
        one[key] = value.clone();
    }
    let answers = Answers([("a".to_owned(), answer)].into());
    field(&model(&json!([one])), 0, &answers, TODAY)
        .err()
        .map(|complaint| complaint.kind)
}

fn typed(kind: &str, keys: &Value, text: &str) -> Option<ComplaintKind> {
    verdict_on(kind, keys, Answer::Text(text.to_owned()))
}

#[test]
fn an_answer_is_needed_only_where_the_form_says_so() {
    use ComplaintKind::{PlaceNeeded, Required};
    let required = json!({ "required": true });
    for kind in [
        "text",
        "textarea",
        "number",
        "date",
        "time",
        "datetime",
        "email",
        "phone",
        "person_id",
        "file",
    ] {
        assert_eq!(typed(kind, &required, " "), Some(Required), "{kind}");
        assert_eq!(typed(kind, &json!({}), " "), None, "{kind}");
    }
    assert_eq!(typed("location", &required, ""), Some(PlaceNeeded));
    assert_eq!(typed("location", &json!({}), ""), None);
    let choice = json!({ "required": true, "many": true, "options": [{ "value": "x" }] });
    assert_eq!(
        verdict_on("choice", &choice, Answer::Many(vec![" ".to_owned()])),
        Some(Required)
    );
}

#[test]
fn a_name_of_one_word_is_a_name() {
    assert_eq!(
        typed("text", &json!({ "required": true, "autocomplete": "name" }), "Sukarno"),
        None
    );
}

#[test]
fn characters_are_counted_as_people_see_them_after_trimming() {
    let limits = json!({ "min_length": 2, "max_length": 3 });
    assert_eq!(
        typed("text", &limits, " é "),
        Some(ComplaintKind::TooShort { min: 2, has: 1 })
    );
    assert_eq!(typed("text", &limits, "ééé"), None);
    assert_eq!(
        typed("textarea", &limits, "éééé"),
        Some(ComplaintKind::TooLong { max: 3, has: 4 })
    );
    assert_eq!(
        typed("email", &json!({ "max_length": 5 }), "a@b.id"),
        Some(ComplaintKind::TooLong { max: 5, has: 6 })
    );
}

#[test]
fn numbers_are_held_to_their_limits() {
    let limits = json!({ "min": 1, "max": 1500 });
    assert_eq!(typed("number", &limits, "1.500"), None);
    assert_eq!(
        typed("number", &limits, "1.501"),
        Some(ComplaintKind::Above { max: 1500.into() })
    );
    assert_eq!(
        typed("number", &limits, "0,9"),
        Some(ComplaintKind::Below { min: 1.into() })
    );
    assert_eq!(typed("number", &limits, "sepuluh"), Some(ComplaintKind::NotANumber));
    let whole = json!({ "integer": true });
    assert_eq!(typed("number", &whole, "2,5"), Some(ComplaintKind::NotWhole));
    assert_eq!(
        typed("number", &whole, "1,000"),
        Some(ComplaintKind::NotWhole),
        "one, or a thousand"
    );
    assert_eq!(typed("number", &whole, "2,0"), None);
}

#[test]
fn days_are_held_to_their_limits_and_today_is_an_argument() {
    let limits = json!({ "min": "1945-08-17", "max": "today" });
    assert_eq!(typed("date", &limits, "15/3/2026"), None);
    assert_eq!(
        typed("date", &limits, "16 Maret 2026"),
        Some(ComplaintKind::After { max: TODAY })
    );
    assert_eq!(
        typed("date", &limits, "16-8-1945"),
        Some(ComplaintKind::Before { min: (1945, 8, 17) })
    );
    assert_eq!(typed("date", &limits, "1/2/90"), Some(ComplaintKind::ShortYear));
    assert_eq!(typed("date", &limits, "kemarin"), Some(ComplaintKind::NotADate));
    assert_eq!(
        typed("datetime", &json!({}), "15/3/2026"),
        Some(ComplaintKind::NotADate)
    );
    assert_eq!(typed("time", &json!({}), "25.00"), Some(ComplaintKind::NotATime));
}

#[test]
fn only_the_options_can_be_chosen() {
    let one = json!({ "options": [{ "value": "x" }] });
    assert_eq!(typed("choice", &one, "x"), None);
    assert_eq!(typed("choice", &one, "X"), Some(ComplaintKind::NotAnOption));
    let many = json!({ "many": true, "options": [{ "value": "x" }, { "value": "y" }] });
    let chosen = |values: &[&str]| Answer::Many(values.iter().map(|value| (*value).to_owned()).collect());
    assert_eq!(verdict_on("choice", &many, chosen(&["y", "x", ""])), None);
    assert_eq!(
        verdict_on("choice", &many, chosen(&["x", "z"])),
        Some(ComplaintKind::NotAnOption)
    );
}

#[test]
fn what_cannot_be_reached_is_refused() {
    assert_eq!(typed("email", &json!({}), "siti@"), Some(ComplaintKind::NotEmail));
    assert_eq!(typed("phone", &json!({}), "555 1234"), Some(ComplaintKind::NotPhone));
    assert_eq!(
        typed("person_id", &json!({}), "34040"),
        Some(ComplaintKind::Nik(NikError::Length(5)))
    );
}

#[test]
fn words_are_enough_for_a_place_and_coordinates_come_in_pairs() {
    let place = |lat: &str, long: &str, address: &str| {
        let place = Place {
            lat: lat.to_owned(),
            long: long.to_owned(),
            address: address.to_owned(),
        };
        verdict_on("location", &json!({ "required": true }), Answer::Place(place))
    };
    assert_eq!(place("", "", "depan pasar"), None);
    assert_eq!(place("-6,9", "107,6", ""), None);
    assert_eq!(place("-6.9", "", "depan pasar"), Some(ComplaintKind::NotCoordinates));
    assert_eq!(
        place("107.6", "-6.9", ""),
        Some(ComplaintKind::NotCoordinates),
        "the wrong way round"
    );
    assert_eq!(place(" ", "", ""), Some(ComplaintKind::PlaceNeeded));
}

#[test]
fn files_are_held_to_type_size_and_number() {
    let file = |name: &str, media_type: &str, size: u64| FileAnswer {
        was: None,
        id: "4e8b2a9c-2a52-4c53-9d1c-6a3a5a0d2f11".parse().unwrap(),
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size,
    };
    let keys = json!({ "many": true, "max_files": 2, "max_bytes": 10, "accept": ["image/*", "application/pdf"] });
    let given = |files: &[FileAnswer]| verdict_on("file", &keys, Answer::Files(files.to_vec()));
    for good in [
        file("a.jpg", "image/jpeg", 10),
        file("A.PDF", "", 1),
        file("a.heic", "application/octet-stream", 1),
        file("a", "IMAGE/PNG; x=y", 1),
    ] {
        assert_eq!(given(std::slice::from_ref(&good)), None, "{}", good.name);
    }
    let name = || "a.exe".to_owned();
    assert_eq!(
        given(&[file("a.exe", "", 1)]),
        Some(ComplaintKind::WrongFileType { name: name() })
    );
    assert_eq!(
        given(&[file("a.exe", "imageé", 1)]),
        Some(ComplaintKind::WrongFileType { name: name() })
    );
    assert_eq!(
        given(&[file("a.exe", "image/png", 11)]),
        Some(ComplaintKind::FileTooLarge { max: 10, name: name() })
    );
    assert_eq!(
        given(&[file("a.exe", "image/png", 0)]),
        Some(ComplaintKind::FileEmpty { name: name() })
    );
    let three = [
        file("a", "image/png", 1),
        file("b", "image/png", 1),
        file("c", "image/png", 1),
    ];
    assert_eq!(given(&three), Some(ComplaintKind::TooManyFiles { max: 2, has: 3 }));
    assert_eq!(
        verdict_on("file", &json!({}), Answer::Files(three[..1].to_vec())),
        None,
        "any type, any size"
    );
}

#[test]
fn only_what_is_shown_is_looked_at() {
    let model = model(&json!([
        { "id": "a", "type": "text", "label": "A" },
        { "id": "b", "type": "text", "label": "B", "required": true, "visible_when": { "field": "a", "answered": true } },
    ]));
    let mut answers = Answers::default();
    assert_eq!(whole(&model, &answers, TODAY), []);
    assert_eq!(field(&model, 1, &answers, TODAY), Ok(()));
    answers.0.insert("a".to_owned(), Answer::Text("x".to_owned()));
    let complaint = Complaint {
        row: None,
        field: 1,
        kind: ComplaintKind::Required,
    };
    assert_eq!(whole(&model, &answers, TODAY), std::slice::from_ref(&complaint));
    assert_eq!(step(&model, 0, &answers, TODAY), std::slice::from_ref(&complaint));
    assert_eq!(step(&model, 1, &answers, TODAY), [], "a step that there is not");
    assert_eq!(field(&model, 1, &answers, TODAY), Err(complaint));
    assert_eq!(field(&model, 9, &answers, TODAY), Ok(()), "a field that there is not");
}
