//! Answers for a test application: the plainest that a form takes.

use crate::model::answers::{Answer, Answers, Area, Place};
use crate::model::form::{Bound, Field, Form};

/// A NIK that nobody has: of a test, and well-formed.
pub const NIK: &str = "3404014102900007";

/// Answers to every question that must be answered; the error names one that this cannot answer.
///
/// # Errors
/// A question that needs a file, or something else that no test has.
pub fn plain(form: &Form, today: &str) -> Result<Answers, String> {
    let mut answers = Answers::default();
    for field in form.fields() {
        if !field.required || field.kind == "static" || field.kind == "server_assigned" {
            continue;
        }
        let answer = one(field, today)
            .ok_or_else(|| format!("the field {} needs an answer of type {}", field.id, field.kind))?;
        answers.0.insert(field.id.clone(), answer);
    }
    Ok(answers)
}

fn one(field: &Field, today: &str) -> Option<Answer> {
    let text = |text: &str| Some(Answer::Text(text.to_owned()));
    let number = |usual: &str| match &field.min {
        Some(Bound::Number(least)) => Some(Answer::Text(least.as_str().to_owned())),
        _ => text(usual),
    };
    match field.kind.as_str() {
        "text" | "textarea" => {
            let least = usize::try_from(field.min_length.unwrap_or(0)).unwrap_or(0);
            let most = field
                .max_length
                .and_then(|most| usize::try_from(most).ok())
                .unwrap_or(200);
            let words = "Uji coba Pendopo, mohon diabaikan. ".repeat(least / 30 + 1);
            text(words.trim().chars().take(most.max(1)).collect::<String>().trim())
        }
        "number" | "integer" | "decimal" | "money" => number("1"),
        "date" => text(today),
        "time" => text("09:00"),
        "datetime" => text(&format!("{today}T09:00")),
        "email" => text("uji.coba@pendopo.example"),
        "phone" => text("081200000000"),
        "person_id" => text(NIK),
        "url" => text("https://pendopo.example/"),
        "boolean" => text("true"),
        "choice" => {
            let value = field.options.first()?.value.clone();
            Some(if field.many {
                Answer::Many(vec![value])
            } else {
                Answer::Text(value)
            })
        }
        "location" | "address" => Some(Answer::Place(Place {
            lat: "-7.797068".to_owned(),
            long: "110.370529".to_owned(),
            address: "Uji coba".to_owned(),
        })),
        "admin_area" => Some(Answer::Area(Area {
            code: "34.04.12.2003".to_owned(),
            name: "Uji coba".to_owned(),
        })),
        _ => None,
    }
}
