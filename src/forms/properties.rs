//! What holds of every form and every answer, however odd: nothing panics, canonical answers stay
//! canonical, and the rooms of the form engine agree with each other.

mod arbitrary;

use proptest::collection::vec;
use proptest::prelude::*;

use self::arbitrary::{KINDS, answers, form, typed, typed_as};
use super::model::{FieldKind, When};
use super::*;
use crate::model::answers::{Answer, Answers};
use crate::model::form::{ChoiceOption, FORMAT, Field, Form, Section, Step};

/// How many forms and answers a test tries: so many, times `PENDOPO_FUZZ` for a long run.
pub(super) fn many(cases: u32) -> ProptestConfig {
    let times = std::env::var("PENDOPO_FUZZ").ok().and_then(|times| times.parse().ok());
    ProptestConfig {
        cases: cases.saturating_mul(times.unwrap_or(1)),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

const TODAY: (i64, i64, i64) = (2026, 3, 15);

/// A type and a text for it.
fn kind_and_text() -> impl Strategy<Value = (&'static str, String)> {
    prop::sample::select(KINDS.to_vec()).prop_flat_map(|kind| (Just(kind), typed_as(kind)))
}

proptest! {
    #![proptest_config(many(2000))]

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
        let (model, _) = compile(&Form { format: FORMAT, steps: vec![step], ..Form::default() });
        let raw = Answers([("a".to_owned(), Answer::Text(text))].into());
        let once = canonical(&model, &raw);
        prop_assert_eq!(&canonical(&model, &once), &once);
        prop_assert_eq!(validate::whole(&model, &once, TODAY), validate::whole(&model, &raw, TODAY));
    }
}

proptest! {
    #![proptest_config(many(256))]

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
            let computed = field.computed.as_ref().map(|rule| rule.reads.clone()).unwrap_or_default();
            let when = match &field.visible_when {
                Some(When::Simple(condition)) => vec![condition.field],
                Some(When::Rule(rule)) => rule.reads.clone(),
                None => Vec::new(),
            };
            for read in when.into_iter().chain(computed) {
                prop_assert!(read < index, "what a field hangs on comes before it");
                prop_assert!(model.fields[read].dependents.contains(&index));
            }
            prop_assert!(field.dependents.is_sorted_by(|one, two| one < two));
            if let FieldKind::Repeat { entry, min, max } = &field.kind {
                prop_assert!(min <= max && !entry.fields.is_empty());
                let repeated = entry.fields.iter().any(|field| matches!(field.kind, FieldKind::Repeat { .. }));
                prop_assert!(!repeated, "no group in a group");
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
        let mut firsts = whole.clone();
        firsts.dedup_by_key(|complaint| complaint.field);
        prop_assert_eq!(&by_field, &firsts, "of a repeated group the first");
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
        let mut shown = open(&model, &mut answers);
        for (field, text) in changes {
            let Some(changed) = model.fields.get(field) else { continue };
            if !changed.asks() {
                continue;
            }
            let before = (shown.clone(), answers.clone());
            answers.0.insert(changed.id.clone(), Answer::Text(text));
            let changes = refresh(&model, &mut answers, &mut shown, field);
            let mut anew = answers.clone();
            prop_assert_eq!(&shown, &open(&model, &mut anew));
            prop_assert_eq!(&anew, &answers, "what is computed is computed");
            let differ: Vec<_> = (0..shown.len()).filter(|at| shown[*at] != before.0[*at]).collect();
            prop_assert_eq!(&changes.flipped, &differ);
            let other = |at: &usize| answers.0.get(&model.fields[*at].id) != before.1.0.get(&model.fields[*at].id);
            let differ: Vec<_> = (0..shown.len()).filter(|at| *at != field && other(at)).collect();
            prop_assert_eq!(&changes.computed, &differ);
            let dependents = dependents(&model, field);
            prop_assert!(changes.flipped.iter().chain(&changes.computed).all(|at| dependents.contains(at)));
        }
    }
}
