//! A letter's form: the questions of its template (`kode_isian`), the documents that it requires, and
//! what every application has beside them. And the form of a complaint, which is known without asking.
//!
//! A field's id is the name under which its answer is sent: the one that the server's own form
//! (`form_surat`) says where there is such, else what stands in the template's `[form_…]`. Of
//! questions of one name, as old templates have them in several categories, each later one gets its
//! category's name behind it. Documents are `syarat[ID]`.

use super::profile::{Asked, Profile};
use crate::adapters::answer::record::{Notes, leaves};
use crate::adapters::answer::resource::text;
use crate::adapters::codec::json;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::model::decimal::Decimal;
use crate::model::form::{Bound, ChoiceOption, Condition, FORMAT, Field, Form, Section, Step, When};
use crate::model::text::Text;

/// The service of complaints.
pub(super) const COMPLAINT: &str = "pengaduan";
/// The name of the telephone number's field.
pub(super) const PHONE: &str = "no_hp_aktif";
/// The name of the remark's field.
pub(super) const NOTE: &str = "keterangan";
/// Most questions of a letter that are asked on one page.
const MOST_ON_A_PAGE: usize = 12;
const DAYS: [&str; 7] = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"];

/// Ids and names of documents.
pub(super) type Requirements = Vec<(String, String)>;

/// A question with what ties it to others.
struct Question {
    field: Field,
    name: String,
    category: String,
    /// `kaitkan_kode`: for which answers which others are asked.
    ties: Vec<Node>,
}

/// A node, or what is written in it as a text of JSON.
fn opened(node: &Node) -> Vec<Node> {
    let written = node.text.trim_start();
    if node.is_leaf() && written.starts_with(['[', '{']) {
        json::parse(written).map(|root| root.children).unwrap_or_default()
    } else if node.is_blank() {
        Vec::new()
    } else {
        vec![node.clone()]
    }
}

fn members(node: &Node, name: &str) -> Vec<Node> {
    let members = node.children.iter().filter(|child| child.is(name));
    members.flat_map(opened).collect()
}

/// The first text under one of two names: the template's and the server's own form's.
fn either<'a>(node: &'a Node, template: &str, own: &str) -> &'a str {
    match text(node, template) {
        "" => text(node, own),
        found => found,
    }
}

/// Ids of the documents that a letter requires, with their names as far as the letter says them.
pub(super) fn requirements(letter: &Node) -> Requirements {
    let mut found: Requirements = Vec::new();
    for own in members(letter, "form_surat")
        .iter()
        .filter(|own| text(own, "name") == "syarat")
    {
        for value in own.children.iter().filter(|child| child.is("values")) {
            let id = text(value, "value");
            if !id.is_empty() {
                found.push((id.to_owned(), clean(text(value, "label"))));
            }
        }
    }
    if found.is_empty() {
        for node in members(letter, "syarat_surat") {
            let mut ids = Vec::new();
            leaves(&node, &mut ids);
            found.extend(ids.into_iter().map(|id| (id.to_owned(), String::new())));
        }
    }
    found
}

/// The form of a letter.
pub(super) fn read(profile: &Profile, letter: &Node, path: &str, documents: &Requirements, notes: &mut Notes) -> Form {
    let own = members(letter, "form_surat");
    let mut rows = members(letter, "kode_isian");
    let templates = !rows.is_empty();
    if !templates {
        rows = own
            .iter()
            .filter(|row| !["syarat", PHONE, NOTE].contains(&text(row, "name")))
            .cloned()
            .collect();
    }
    let part = if templates { "/kode_isian/" } else { "/form_surat/" };
    let mut questions: Vec<Question> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let place = [path, part, &number.to_string()].concat();
        if let Some(question) = question(profile, row, &own, &questions, &place, notes) {
            questions.push(question);
        }
    }
    tie(&mut questions, path, notes);
    let mut form = Form {
        format: FORMAT,
        steps: steps(letter, questions),
        ..Form::default()
    };
    let files = files(profile, documents);
    if !files.is_empty() {
        form.steps.push(step(
            "syarat".to_owned(),
            Text::both("Dokumen apa yang disertakan?", "Which documents go along?"),
            files,
        ));
    }
    let taken = |id: &str| form.steps.iter().flat_map(fields).any(|field| field.id == id);
    let mut last = Vec::new();
    if profile.phone != Asked::None && !taken(PHONE) {
        last.push(Field {
            id: PHONE.to_owned(),
            kind: "phone".to_owned(),
            label: Text::both("Nomor telepon yang aktif", "A telephone number that reaches you"),
            required: profile.phone == Asked::Required,
            autocomplete: "tel".to_owned(),
            ..Field::default()
        });
    }
    if profile.note != Asked::None && !taken(NOTE) {
        last.push(Field {
            id: NOTE.to_owned(),
            kind: "textarea".to_owned(),
            label: Text::both("Keterangan untuk petugas", "A remark for the office"),
            required: profile.note == Asked::Required,
            max_length: Some(500),
            ..Field::default()
        });
    }
    if !last.is_empty() {
        let title = Text::both("Bagaimana Anda dihubungi?", "How can you be reached?");
        form.steps.push(step("kontak".to_owned(), title, last));
    }
    form
}

fn fields(step: &Step) -> impl Iterator<Item = &Field> {
    step.sections.iter().flat_map(|section| &section.fields)
}

fn step(id: String, title: Text, fields: Vec<Field>) -> Step {
    Step {
        id,
        title,
        lead: Text::default(),
        sections: vec![Section {
            title: Text::default(),
            fields,
        }],
    }
}

/// What stands in `[form_…]`.
fn code(row: &Node) -> &str {
    let code = text(row, "kode").trim_start_matches('[').trim_end_matches(']');
    code.strip_prefix("form_").unwrap_or(code)
}

/// Whether two names are the same but for case and what is neither letter nor digit.
fn alike(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(one) == letters(other)
}

fn question(
    profile: &Profile,
    row: &Node,
    own: &[Node],
    before: &[Question],
    place: &str,
    notes: &mut Notes,
) -> Option<Question> {
    let name = clean(either(row, "nama", "label"));
    let category = match text(row, "kategori") {
        "individu" => String::new(),
        category => clean(category),
    };
    // The server's own form says under which name an answer is sent, and what can be chosen.
    let twin = own.iter().find(|twin| alike(text(twin, "label"), &name));
    let said = twin.map(|twin| text(twin, "name")).filter(|name| !name.is_empty());
    let mut id = clean(said.unwrap_or_else(|| either(row, "name", "kode")));
    if said.is_none() && !code(row).is_empty() {
        id = clean(code(row));
    }
    let taken = |id: &str| before.iter().any(|other| other.field.id == id);
    if taken(&id) && !category.is_empty() {
        id = [&id, "_", &category].concat();
    }
    if id.is_empty() || taken(&id) {
        notes.add(place, "a name that no question before it has; it is left out", &id);
        return None;
    }
    let mut field = Field {
        id,
        kind: "text".to_owned(),
        label: Text::plain(name.as_str()),
        required: matches!(text(row, "required"), "1" | "true" | "on"),
        ..Field::default()
    };
    let hint = clean(either(row, "deskripsi", "placeholder"));
    let plain = hint.strip_prefix("Masukkan ").unwrap_or(&hint);
    if !alike(plain, &name) {
        field.hint = Text::plain(hint);
    }
    let attributes = text(row, "atribut");
    let kind = either(row, "tipe", "type").to_ascii_lowercase();
    match kind.as_str() {
        "text" if attributes.contains("hari") && attributes.contains("readonly") => choose(&mut field, &DAYS),
        "text" | "textarea" => {
            field.kind = kind;
            field.max_length = limit(attributes, "maxlength").and_then(|most| most.parse().ok());
        }
        "number" => {
            field.kind = kind;
            field.min = limit(attributes, "min").and_then(Decimal::parse).map(Bound::Number);
            field.max = limit(attributes, "max").and_then(Decimal::parse).map(Bound::Number);
        }
        "email" | "date" | "time" | "datetime" => field.kind = kind,
        "hari" | "hari-tanggal" => "date".clone_into(&mut field.kind),
        "select-manual" | "select-otomatis" | "select" => {
            let choices = choices(profile, row, twin);
            if choices.is_empty() {
                let table = either(row, "refrensi", "nama");
                notes.add(place, "choices, or a table in the profile; asked as text", table);
            } else {
                choose(&mut field, &choices);
            }
        }
        other => notes.add(place, "a type of OpenSID's; asked as text", other),
    }
    Some(Question {
        field,
        name,
        category,
        ties: members(row, "kaitkan_kode"),
    })
}

fn choose(field: &mut Field, choices: &[&str]) {
    "choice".clone_into(&mut field.kind);
    for choice in choices {
        if !field.options.iter().any(|option| option.value == *choice) {
            field.options.push(ChoiceOption {
                value: (*choice).to_owned(),
                label: Text::plain(clean(choice)),
                ..ChoiceOption::default()
            });
        }
    }
}

/// What can be chosen: as the template lists it, as the server's own form does, or as the profile does.
fn choices<'a>(profile: &'a Profile, row: &'a Node, twin: Option<&'a Node>) -> Vec<&'a str> {
    let listed = |node: &'a Node| -> Vec<&'a str> {
        let values = node
            .children
            .iter()
            .filter(|child| child.is("pilihan") || child.is("values"));
        values
            .map(|value| {
                if value.is_leaf() {
                    value.scalar()
                } else {
                    either(value, "value", "label")
                }
            })
            .filter(|value| !value.is_empty())
            .collect()
    };
    let own = [Some(row), twin].into_iter().flatten().map(listed);
    let table = text(row, "refrensi");
    let profile = profile.tables.iter().filter(|(name, _)| name == table);
    own.chain(profile.map(|(_, choices)| choices.iter().map(String::as_str).collect()))
        .find(|choices| !choices.is_empty())
        .unwrap_or_default()
}

/// The value of `name=…` among an input's attributes.
fn limit<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    attributes.split_ascii_whitespace().find_map(|word| {
        let value = word.strip_prefix(name)?.strip_prefix('=')?;
        Some(value.trim_matches(['"', '\'']))
    })
}

/// Sets when a question is asked at all: `[{"nilai_isian": […], "kode_isian_terkait": […]}]` at another.
fn tie(questions: &mut [Question], path: &str, notes: &mut Notes) {
    let mut ties: Vec<(usize, Node)> = Vec::new();
    for (number, question) in questions.iter_mut().enumerate() {
        ties.extend(std::mem::take(&mut question.ties).into_iter().map(|tie| (number, tie)));
    }
    for (number, tie) in ties {
        let Some(parent) = questions.get(number).map(|parent| parent.field.id.clone()) else {
            continue;
        };
        let texts = |name: &str| {
            let mut texts = Vec::new();
            for node in members(&tie, name) {
                let mut found = Vec::new();
                leaves(&node, &mut found);
                texts.extend(found.into_iter().map(str::to_owned));
            }
            texts
        };
        let values = texts("nilai_isian");
        let (names, categories) = (texts("kode_isian_terkait"), texts("kategori_terkait"));
        for name in &names {
            if !questions.iter().any(|question| alike(&question.name, name)) {
                notes.add(path, "a question of this letter", name);
            }
        }
        for (at, question) in questions.iter_mut().enumerate() {
            let meant = names.iter().any(|name| alike(&question.name, name)) || categories.contains(&question.category);
            if !meant {
                continue;
            }
            match &mut question.field.visible_when {
                // Only what was asked before can decide.
                _ if at <= number => notes.add(path, "a question that comes later", &question.name),
                Some(When::Simple(condition)) if condition.field == parent => {
                    condition.any_of.get_or_insert_default().extend(values.iter().cloned());
                }
                Some(_) => notes.add(path, "one question that decides", &question.name),
                none => {
                    *none = Some(When::Simple(Condition {
                        field: parent.clone(),
                        any_of: Some(values.clone()),
                        ..Condition::default()
                    }));
                }
            }
        }
    }
}

/// Questions on pages: a category is a page, and a long one is cut.
fn steps(letter: &Node, questions: Vec<Question>) -> Vec<Step> {
    let mut steps: Vec<(String, Step)> = Vec::new();
    for question in questions {
        match steps.iter_mut().next_back() {
            Some((category, step)) if *category == question.category && fields(step).count() < MOST_ON_A_PAGE => {
                if let Some(section) = step.sections.first_mut() {
                    section.fields.push(question.field);
                }
            }
            _ => {
                let id = ["isian-", &steps.len().saturating_add(1).to_string()].concat();
                let title = title(letter, &question.category);
                let step = step(id, title, vec![question.field]);
                steps.push((question.category, step));
            }
        }
    }
    steps.into_iter().map(|(_, step)| step).collect()
}

/// What a category is called: as the template says, else by its own name.
fn title(letter: &Node, category: &str) -> Text {
    if category.is_empty() {
        return Text::both("Isi surat", "What the letter says");
    }
    let said = letter.children.iter().filter(|child| child.is("form_isian"));
    let said = said.flat_map(opened).find_map(|parts| {
        let part = parts.children.iter().find(|part| part.is(category))?;
        Some(clean(text(part, "judul"))).filter(|title| !title.is_empty())
    });
    Text::plain(said.unwrap_or_else(|| category.replace('_', " ")))
}

fn files(profile: &Profile, documents: &Requirements) -> Vec<Field> {
    if profile.documents == Asked::None {
        return Vec::new();
    }
    let required = profile.documents == Asked::Required;
    documents
        .iter()
        .map(|(id, name)| Field {
            id: ["syarat[", id, "]"].concat(),
            kind: "file".to_owned(),
            label: Text::plain(if name.is_empty() { id.as_str() } else { name }),
            hint: if required {
                Text::both("Dikirim sebagai PDF.", "Sent as a PDF.")
            } else {
                Text::both(
                    "Dikirim sebagai PDF. Kalau dikosongkan, bawa aslinya ke kantor desa.",
                    "Sent as a PDF. If left empty, bring the original to the village office.",
                )
            },
            required,
            accept: vec!["application/pdf".to_owned()],
            max_bytes: Some(profile.document_max_bytes),
            ..Field::default()
        })
        .collect()
}

/// The form of a complaint.
pub(super) fn complaint(profile: &Profile) -> Form {
    let field = |id: &str, kind: &str, label: Text| Field {
        id: id.to_owned(),
        kind: kind.to_owned(),
        label,
        required: true,
        ..Field::default()
    };
    let mut what = vec![
        Field {
            max_length: Some(100),
            ..field("judul", "text", Text::both("Judul singkat", "A short title"))
        },
        Field {
            max_length: Some(2000),
            hint: Text::both(
                "Jangan tulis NIK atau data pribadi orang lain.",
                "Leave out identity numbers and other people's personal data.",
            ),
            ..field(
                "isi",
                "textarea",
                Text::both("Ceritakan apa yang terjadi", "Tell us what happened"),
            )
        },
    ];
    if profile.complaint_file != Asked::None {
        what.push(Field {
            required: profile.complaint_file == Asked::Required,
            accept: profile.complaint_accept.clone(),
            max_bytes: Some(profile.complaint_max_bytes),
            ..field("file", "file", Text::both("Foto keadaannya", "A photo of it"))
        });
    }
    let who = vec![
        Field {
            autocomplete: "email".to_owned(),
            ..field("email", "email", Text::both("Alamat surel", "Email address"))
        },
        Field {
            autocomplete: "tel".to_owned(),
            ..field("telepon", "phone", Text::both("Nomor telepon", "Telephone number"))
        },
    ];
    let what_title = Text::both("Apa yang terjadi?", "What happened?");
    let who_title = Text::both("Bagaimana Anda dihubungi?", "How can you be reached?");
    Form {
        format: FORMAT,
        steps: vec![
            step("apa".to_owned(), what_title, what),
            step("kontak".to_owned(), who_title, who),
        ],
        ..Form::default()
    }
}
