//! What holds of every form and every answer, however odd: nothing panics, canonical answers stay
//! canonical, and the rooms of the form engine agree with each other.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::model::answers::{Answer, Answers, FileAnswer, Place};
use crate::model::decimal::Decimal;
use crate::model::form::{Bound, ChoiceOption, Condition, FORMAT, Field, Form, Section, Step};

const TODAY: (i64, i64, i64) = (2026, 3, 15);

/// The fields' ids are `a`, `b`, `c`, … but for a few that clash or cannot be used.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![20 => "[a-p]", 1 => Just(String::new()), 1 => "\\PC{0,3}", 1 => Just("a\n".to_owned())]
}

/// What people type into fields of a type, right and nearly right.
fn typed_as(kind: &str) -> BoxedStrategy<String> {
    match kind {
        "number" => prop_oneof![
            "[-+]?(Rp )?[1-9][0-9]{0,2}([.,][0-9]{3}){1,3}([.,][0-9]{0,4})?(,-)?",
            "[-+]?[0-9]{1,4}([., ][0-9]{1,4}){0,3}(,-)?",
            "[0-9]{1,3}",
        ]
        .boxed(),
        "date" => "[0-9]{1,4}[-/. ]([0-9]{1,2}|Jan|Feb|Agustus|mei|xx)[-/. ][0-9]{1,4}".boxed(),
        "datetime" => prop_oneof![
            "[0-9]{1,2}[-/ ]([0-9]{1,2}|Okt)[-/ ](19|20)[0-9]{2},? (pukul |jam )?[0-9]{1,2}[.:][0-9]{2}",
            "[12][0-9]{3}-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]",
        ]
        .boxed(),
        "time" => "[0-9]{1,2}[.:][0-9]{2}([.:][0-9]{2})?".boxed(),
        "phone" => "(\\+?62|0|\\+1)[ (]{0,2}0?[2-9][-0-9 )]{6,14}".boxed(),
        "person_id" => "[0-9]{6}[ -]?[0-7][0-9][01][0-9]{3}[ -]?[0-9]{4}".boxed(),
        "email" => "[a-z.]{1,4}@[a-z.-]{1,6}".boxed(),
        "choice" => " ?[xyz] ?".boxed(),
        _ => prop_oneof!["\\PC{0,12}", "[ \u{a0}\u{202f}\n]{0,3}"].boxed(),
    }
}

fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        10 => "[xy]",
        2 => "[12](,0)?",
        1 => prop::sample::select(KINDS.to_vec()).prop_flat_map(typed_as),
    ]
}

const KINDS: [&str; 15] = [
    "text",
    "textarea",
    "number",
    "date",
    "time",
    "datetime",
    "choice",
    "file",
    "location",
    "email",
    "phone",
    "person_id",
    "static",
    "checkbox",
    "",
];

fn kind() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("choice"),
        2 => prop::sample::select(vec!["text", "number"]),
        3 => prop::sample::select(KINDS.to_vec()),
    ]
    .prop_map(str::to_owned)
}

fn bound() -> impl Strategy<Value = Bound> {
    prop_oneof![
        any::<i64>().prop_map(|number| Bound::Number(Decimal::parse(&number.to_string()).unwrap())),
        (-5.0..2000.0).prop_map(|number: f64| Bound::Number(Decimal::parse(&number.to_string()).unwrap())),
        prop_oneof![Just("today".to_owned()), Just("2020-02-29".to_owned()), typed()].prop_map(Bound::Date),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    (
        id(),
        prop_oneof![
            4 => typed().prop_map(|value| (Some(value), None, None)),
            4 => vec(typed(), 0..4).prop_map(|values| (None, Some(values), None)),
            4 => any::<bool>().prop_map(|answered| (None, None, Some(answered))),
            1 => (option::of(typed()), option::of(vec(typed(), 0..2)), option::of(any::<bool>())),
        ],
    )
        .prop_map(|(field, (equals, any_of, answered))| Condition {
            field,
            equals,
            any_of,
            answered,
        })
}

fn field() -> impl Strategy<Value = Field> {
    let head = (
        id(),
        kind(),
        prop_oneof![4 => "[A-Z]", 1 => Just(String::new())],
        any::<[bool; 3]>(),
    );
    let limits = (
        option::of(0..5_u32),
        option::of(0..8_u32),
        option::of(bound()),
        option::of(bound()),
    );
    let files = (
        vec(
            prop_oneof![Just("image/*".to_owned()), Just("image/png".to_owned()), typed()],
            0..3,
        ),
        option::of(0..100_u64),
        option::of(0..3_u32),
    );
    let rest = (
        vec(typed(), 0..5),
        option::weighted(0.6, condition()),
        prop_oneof![Just("name".to_owned()), typed()],
    );
    (head, limits, files, rest).prop_map(|(head, limits, files, rest)| {
        let (id, kind, label, [required, integer, many]) = head;
        let (min_length, max_length, min, max) = limits;
        let (accept, max_bytes, max_files) = files;
        let (values, visible_when, autocomplete) = rest;
        let options = values
            .into_iter()
            .map(|value| ChoiceOption {
                value,
                ..ChoiceOption::default()
            })
            .collect();
        Field {
            id,
            kind,
            required,
            visible_when,
            min_length,
            max_length,
            min,
            max,
            integer,
            options,
            many,
            accept,
            max_bytes,
            max_files,
            autocomplete,
            label: label.into(),
            ..Field::default()
        }
    })
}

fn form() -> impl Strategy<Value = Form> {
    let section = vec(field(), 0..7).prop_map(|fields| Section {
        fields,
        ..Section::default()
    });
    let step = (id(), vec(section, 0..4)).prop_map(|(id, sections)| Step {
        id,
        sections,
        ..Step::default()
    });
    let format = prop_oneof![40 => Just(FORMAT), 1 => any::<u32>()];
    (
        format,
        vec(step, 0..5),
        vec((0..12_u8, any::<prop::sample::Index>()), 40),
    )
        .prop_map(|(format, mut steps, luck)| {
            let fields = steps
                .iter_mut()
                .flat_map(|step| &mut step.sections)
                .flat_map(|section| &mut section.fields);
            let letters: Vec<String> = ('a'..='z').chain('A'..='Z').map(String::from).collect();
            for ((index, field), (odd, parent)) in fields.enumerate().zip(luck) {
                if odd == 0 {
                    continue;
                }
                field.id.clone_from(&letters[index]);
                if let Some(condition) = field.visible_when.as_mut().filter(|_| odd > 2 && index > 0) {
                    // Near ones, so that conditions make chains.
                    let back = parent.index(index.min(3)).saturating_add(1);
                    condition.field.clone_from(&letters[index.saturating_sub(back)]);
                }
            }
            for (at, step) in steps.iter_mut().enumerate().filter(|(at, _)| *at != 3) {
                step.id = at.to_string();
            }
            Form { format, steps }
        })
}

fn answers() -> impl Strategy<Value = Answers> {
    let file = (typed(), prop_oneof![Just("image/png".to_owned()), typed()], 0..120_u64).prop_map(
        |(name, media_type, size)| FileAnswer {
            was: None,
            id: "4e8b2a9c-2a52-4c53-9d1c-6a3a5a0d2f11".parse().unwrap(),
            name,
            media_type,
            size,
        },
    );
    let degrees = || prop_oneof![2 => "-?[0-9]{1,3}[.,][0-9]{1,5}", 1 => typed()];
    let place = (degrees(), degrees(), typed()).prop_map(|(lat, long, address)| Place { lat, long, address });
    let answer = prop_oneof![
        8 => typed().prop_map(Answer::Text),
        3 => vec(typed(), 0..4).prop_map(Answer::Many),
        1 => place.prop_map(Answer::Place),
        1 => vec(file, 0..3).prop_map(Answer::Files),
    ];
    btree_map(id(), answer, 0..24).prop_map(Answers)
}

/// A type and a text for it.
fn kind_and_text() -> impl Strategy<Value = (&'static str, String)> {
    prop::sample::select(KINDS.to_vec()).prop_flat_map(|kind| (Just(kind), typed_as(kind)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_has_one_canonical_form((kind, text) in kind_and_text(), integer: bool) {
        let options = ["x", " y "].map(|value| ChoiceOption { value: value.to_owned(), ..ChoiceOption::default() });
        let field = Field {
            id: "a".to_owned(),
            kind: kind.to_owned(),
            label: "A".into(),
            integer,
            options: options.to_vec(),
            ..Field::default()
        };
        let section = Section { fields: vec![field], ..Section::default() };
        let step = Step { id: "s".to_owned(), sections: vec![section], ..Step::default() };
        let (model, _) = compile(&Form { format: FORMAT, steps: vec![step] });
        let raw = Answers([("a".to_owned(), Answer::Text(text))].into());
        let once = canonical(&model, &raw);
        prop_assert_eq!(&canonical(&model, &once), &once);
        prop_assert_eq!(validate::whole(&model, &once, TODAY), validate::whole(&model, &raw, TODAY));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_model_is_sound_whatever_the_form(form in form()) {
        let (model, _) = compile(&form);
        let mut next = 0;
        for step in &model.steps {
            prop_assert!(!step.sections.is_empty());
            for section in &step.sections {
                prop_assert_eq!(section.fields.start, next, "sections follow each other");
                prop_assert!(section.fields.end > section.fields.start);
                next = section.fields.end;
            }
        }
        prop_assert_eq!(next, model.fields.len());
        for (index, field) in model.fields.iter().enumerate() {
            prop_assert!(field.label.all().any(|(_, text)| !text.trim().is_empty()));
            prop_assert!(model.step_of(index).is_some());
            if let Some(condition) = &field.visible_when {
                prop_assert!(condition.field < index, "conditions look back");
                prop_assert!(model.fields[condition.field].dependents.contains(&index));
            }
        }
    }

    #[test]
    fn a_form_reads_the_same_after_being_written(form in form()) {
        // NaN and the infinities cannot be written as JSON.
        let text = serde_json::to_string(&form).unwrap();
        if let Ok(again) = serde_json::from_str::<Form>(&text) {
            prop_assert_eq!(fingerprint(&again), fingerprint(&form));
        }
    }

    #[test]
    fn canonical_answers_stay_canonical_and_get_the_same_verdict(form in form(), answers in answers()) {
        let (model, _) = compile(&form);
        let once = canonical(&model, &answers);
        prop_assert_eq!(&canonical(&model, &once), &once);
        prop_assert_eq!(visibility(&model, &once), visibility(&model, &answers));
        prop_assert_eq!(validate::whole(&model, &once, TODAY), validate::whole(&model, &answers, TODAY));
    }

    #[test]
    fn steps_and_fields_make_up_the_whole(form in form(), answers in answers()) {
        let (model, _) = compile(&form);
        let whole = validate::whole(&model, &answers, TODAY);
        let by_step: Vec<_> = (0..model.steps.len()).flat_map(|step| validate::step(&model, step, &answers, TODAY)).collect();
        prop_assert_eq!(&by_step, &whole);
        let fields = 0..model.fields.len();
        let by_field: Vec<_> = fields.clone().filter_map(|field| validate::field(&model, field, &answers, TODAY).err()).collect();
        prop_assert_eq!(&by_field, &whole);
        let shown: Vec<_> = fields.map(|field| visible(&model, &answers, field)).collect();
        prop_assert_eq!(shown, visibility(&model, &answers));
        let first = whole.first().and_then(|complaint| model.step_of(complaint.field));
        prop_assert_eq!(first_incomplete(&model, &answers, TODAY), first);
    }

    #[test]
    fn the_way_meets_every_page_that_is_there_once_and_back(form in form(), answers in answers()) {
        let (model, _) = compile(&form);
        let there: Vec<_> = journey::steps(&model, &answers).iter().enumerate().filter(|(_, there)| **there).map(|(at, _)| at).collect();
        prop_assert_eq!(there.first().copied(), (!model.steps.is_empty()).then_some(0), "the first page is always there");
        let way = |from, go: &dyn Fn(usize) -> Option<usize>| std::iter::successors(from, |at| go(*at)).collect::<Vec<_>>();
        let forth = way(there.first().copied(), &|at| next(&model, &answers, at));
        prop_assert_eq!(&forth, &there);
        let mut back = way(there.last().copied(), &|at| previous(&model, &answers, at));
        back.reverse();
        prop_assert_eq!(&back, &there);
        for (number, at) in there.iter().enumerate() {
            let (shown, of) = progress(&model, &answers, *at);
            prop_assert_eq!((shown as usize, of as usize), (number.saturating_add(1), there.len()));
        }
    }

    #[test]
    fn a_keystroke_changes_only_what_depends_on_it(form in form(), mut answers in answers(), changes in vec((0..16_usize, typed()), 1..16)) {
        let (model, _) = compile(&form);
        let mut shown = visibility(&model, &answers);
        for (field, text) in changes {
            let Some(changed) = model.fields.get(field) else { continue };
            let before = shown.clone();
            answers.0.insert(changed.id.clone(), Answer::Text(text));
            let flipped = refresh(&model, &answers, &mut shown, field);
            prop_assert_eq!(&shown, &visibility(&model, &answers));
            let differ: Vec<_> = (0..shown.len()).filter(|at| shown[*at] != before[*at]).collect();
            prop_assert_eq!(&flipped, &differ);
            let dependents = dependents(&model, field);
            prop_assert!(flipped.iter().all(|at| dependents.contains(at)));
        }
    }
}
