//! The letters that the village writes, read from `letters.json`: each with its form, and with the
//! documents that it requires.
//!
//! The file's members are those of OpenSID's own templates (`kode_isian`), and another file in that
//! shape may be read beside it: [`Letters::read`]. Over the interface a form goes out twice, see
//! [`Letters::form`].

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::SandboxError;

/// A question of a letter, as its template has it.
#[derive(Clone, Debug, Deserialize)]
struct Question {
    tipe: String,
    nama: String,
    #[serde(default)]
    deskripsi: Option<String>,
    #[serde(default)]
    required: Value,
    #[serde(default)]
    pilihan: Option<Vec<String>>,
    #[serde(default)]
    refrensi: Option<String>,
}

impl Question {
    fn is_required(&self) -> bool {
        match &self.required {
            Value::Bool(required) => *required,
            Value::String(text) => !text.is_empty() && text != "0",
            Value::Number(number) => number.as_u64() != Some(0),
            _ => false,
        }
    }
}

/// A letter that a citizen can ask for.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) slug: String,
    /// Ids of the documents that it requires.
    pub(super) requirements: Vec<i64>,
    questions: Vec<Question>,
    /// The questions as they stand in the template.
    pub(super) template: Value,
}

impl Letter {
    /// Names of the fields that a request for this letter must have.
    pub(super) fn required(&self) -> impl Iterator<Item = String> {
        let questions = self.questions.iter().filter(|question| question.is_required());
        questions.map(|question| underscored(&question.nama))
    }

    /// Names of all its questions' fields, with what they ask.
    pub(super) fn fields(&self) -> impl Iterator<Item = (String, &str)> {
        let questions = self.questions.iter();
        questions.map(|question| (underscored(&question.nama), question.nama.as_str()))
    }
}

/// A question's name as the name of its field: `Nama Usaha` is `nama_usaha`.
pub(super) fn underscored(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join("_")
}

#[derive(Deserialize)]
struct Template {
    #[serde(default)]
    id: Option<i64>,
    nama: String,
    kode_surat: String,
    url_surat: String,
    #[serde(default)]
    syarat_surat: Value,
    #[serde(default)]
    kode_isian: Value,
}

/// All letters, and what their forms refer to.
#[derive(Clone, Debug)]
pub(super) struct Letters {
    /// In the order of their ids.
    pub(super) letters: Vec<Letter>,
    /// Documents that a letter can require, by id.
    pub(super) requirements: Vec<(i64, String)>,
    /// The server's own tables that a form may choose from.
    tables: BTreeMap<String, Vec<String>>,
}

/// The first id of a letter that was read from another file.
const FIRST_READ: i64 = 501;

impl Letters {
    /// The village's own letters, and those of `more`: a list of templates, of which all are offered.
    ///
    /// # Errors
    /// When a file cannot be read, or is not of that shape.
    pub(super) fn read(more: Option<&Path>) -> Result<Self, SandboxError> {
        #[derive(Deserialize)]
        struct Own {
            requirements: Vec<(i64, String)>,
            tables: BTreeMap<String, Vec<String>>,
            letters: Vec<Template>,
        }
        let own: Own = serde_json::from_str(include_str!("letters.json"))?;
        let mut templates = own.letters;
        if let Some(file) = more {
            let text = std::fs::read_to_string(file).map_err(|source| SandboxError::Letters {
                file: file.to_owned(),
                source,
            })?;
            templates.extend(serde_json::from_str::<Vec<Template>>(&text)?);
        }
        let letters = (FIRST_READ..).zip(templates).map(|(id, template)| read(id, template));
        Ok(Self {
            letters: letters.collect::<Result<_, _>>()?,
            requirements: own.requirements,
            tables: own.tables,
        })
    }

    pub(super) fn letter(&self, id: i64) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.id == id)
    }

    /// The name of a document that a letter can require.
    pub(super) fn requirement(&self, id: i64) -> Option<&str> {
        let found = self.requirements.iter().find(|(each, _)| *each == id);
        found.map(|(_, name)| name.as_str())
    }

    /// A letter's form as the interface has it: the questions, and three more that every letter has.
    /// `documents` are the citizen's own, by the requirement that they meet.
    pub(super) fn form(&self, letter: &Letter, documents: &[(i64, i64, String)]) -> Value {
        let mut fields: Vec<Value> = letter.questions.iter().map(|question| self.field(question)).collect();
        fields.push(json!({"type": "textarea", "required": false, "label": "Keterangan", "name": "keterangan", "subtype": "textarea"}));
        fields.push(json!({"type": "number", "required": false, "label": "No hp aktif", "name": "no_hp_aktif"}));
        let requirements = letter.requirements.iter().map(|id| {
            let own = documents.iter().filter(|(_, requirement, _)| requirement == id);
            let values: Vec<Value> = own.map(|(id, _, name)| json!({"label": name, "value": id})).collect();
            json!({"label": self.requirement(*id), "value": id, "form_surat": [
                {"type": "select", "required": true, "label": "Dokumen Syarat", "name": "dokumen", "multiple": false, "values": values},
            ]})
        });
        fields.push(json!({
            "type": "select", "required": true, "label": "Syarat Surat", "name": "syarat", "multiple": false,
            "values": requirements.collect::<Vec<_>>(),
        }));
        Value::Array(fields)
    }

    fn field(&self, question: &Question) -> Value {
        let mut field = json!({
            "type": if question.tipe.starts_with("select-") { "select" } else { question.tipe.as_str() },
            "required": question.is_required(),
            "label": question.nama,
            "name": underscored(&question.nama),
            "placeholder": question.deskripsi.as_deref().unwrap_or(&question.nama),
        });
        let table = question.refrensi.as_ref().and_then(|table| self.tables.get(table));
        let choices = match question.tipe.as_str() {
            "select-otomatis" => Some(table.cloned().unwrap_or_default()),
            "select-manual" => Some(question.pilihan.clone().unwrap_or_default()),
            _ => None,
        };
        if let (Some(choices), Some(members)) = (choices, field.as_object_mut()) {
            let values: Vec<Value> = choices
                .iter()
                .map(|choice| json!({"label": choice, "value": choice}))
                .collect();
            members.insert("multiple".to_owned(), false.into());
            members.insert("values".to_owned(), values.into());
        }
        field
    }
}

fn read(next: i64, template: Template) -> Result<Letter, serde_json::Error> {
    // A list, or a list written as a text, of numbers, or of numbers written as texts.
    let requirements = match &template.syarat_surat {
        Value::String(text) => serde_json::from_str(text)?,
        other => other.clone(),
    };
    let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
    Ok(Letter {
        id: template.id.unwrap_or(next),
        name: template.nama,
        code: template.kode_surat,
        slug: template.url_surat,
        requirements: requirements
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(number)
            .collect(),
        questions: match &template.kode_isian {
            Value::Null => Vec::new(),
            questions => Vec::<Question>::deserialize(questions)?,
        },
        template: template.kode_isian,
    })
}
