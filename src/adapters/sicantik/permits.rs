//! Permits, and the form of one: its fields, and the documents that it requires.
//!
//! A field's id is its column (`data_kolom`), under which its answer is sent; a document's is
//! `persyaratan[ID]`.

use crate::adapters::Listed;
use crate::adapters::answer::record::{Notes, outline};
use crate::adapters::answer::resource::text;
use crate::adapters::codec::json;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::model::form::{ChoiceOption, FORMAT, Field, Form, Section, Step};
use crate::model::service::{Service, ServiceCode};
use crate::model::text::Text;

/// A permit of the list.
#[derive(Clone, Debug)]
pub(super) struct Permit {
    pub(super) code: ServiceCode,
    pub(super) name: String,
    pub(super) form: String,
}

/// The items of a page, and whether there are more behind it.
pub(super) fn items(root: &Node, page: u32) -> Option<(Vec<&Node>, bool)> {
    let data = root.children.iter().find_map(|top| top.named("data").next())?;
    let items: Vec<&Node> = data.named("items").filter(|item| !item.is_leaf()).collect();
    let number = |name: &str| text(data, name).parse::<u32>().ok();
    let before = number("limit").unwrap_or(0).saturating_mul(page);
    let more = !items.is_empty() && number("total_items").is_some_and(|total| before < total);
    data.children
        .iter()
        .any(|child| child.is("items"))
        .then_some((items, more))
}

/// Reads a page of permits; `None` where it is none, else whether there are more.
pub(super) fn read(root: &Node, page: u32, permits: &mut Vec<Permit>, notes: &mut Notes) -> Option<bool> {
    let (items, more) = items(root, page)?;
    for item in items {
        let name = ["jenis_izin", "nama"].map(|name| text(item, name)).join("");
        match text(item, "id").parse::<ServiceCode>() {
            Ok(code) if permits.iter().all(|permit| permit.code != code) => permits.push(Permit {
                name: if name.is_empty() {
                    clean(code.as_str())
                } else {
                    clean(&name)
                },
                code,
                form: text(item, "form_id").to_owned(),
            }),
            _ => notes.add("/data/items", "an id that is listed once", &outline(item)),
        }
    }
    Some(more)
}

/// Permits as services.
pub(super) fn listed(permits: &[Permit]) -> Vec<Listed> {
    let services = permits.iter().map(|permit| {
        let mut service = Service::of(permit.code.clone());
        service.name = Text::plain(permit.name.as_str());
        Listed {
            service,
            has_form: true,
        }
    });
    services.collect()
}

/// Documents that a permit requires: id, name, and whether it must be there.
pub(super) fn requirements(root: &Node) -> Option<Vec<(String, String, bool)>> {
    let rows: Vec<&Node> = root.children.iter().flat_map(|top| top.named("data")).collect();
    if rows.is_empty() {
        return None;
    }
    let found = rows.into_iter().filter_map(|row| {
        let id = text(row, "jenis_dokumen_id");
        // One member is misspelt at the server.
        let named = row
            .children
            .iter()
            .find(|child| child.is("jenis_dokuman") || child.is("jenis_dokumen"));
        let name = named.map(|named| match text(named, "jenis_dokumen") {
            "" => named.scalar(),
            inner => inner,
        });
        let needed = text(row, "status").eq_ignore_ascii_case("W");
        (!id.is_empty()).then(|| (id.to_owned(), clean(name.unwrap_or(id)), needed))
    });
    Some(found.collect())
}

/// The field rows within a form's canvas, wherever they stand.
fn fields<'a>(node: &'a Node, found: &mut Vec<&'a Node>) {
    for child in &node.children {
        if !text(child, "data_kolom").is_empty() {
            found.push(child);
        } else {
            fields(child, found);
        }
    }
}

/// The form of a permit.
pub(super) fn form(root: &Node, documents: &[(String, String, bool)], most: u64, notes: &mut Notes) -> Form {
    let mut rows = Vec::new();
    fields(root, &mut rows);
    let mut asked: Vec<Field> = Vec::new();
    for row in rows {
        let id = clean(text(row, "data_kolom"));
        if asked.iter().any(|other| other.id == id) {
            notes.add("/data/canvas", "a column that occurs once; the field is left out", &id);
            continue;
        }
        asked.extend(field(row, id, notes));
    }
    let files: Vec<Field> = documents
        .iter()
        .map(|(id, name, needed)| Field {
            id: ["persyaratan[", id, "]"].concat(),
            kind: "file".to_owned(),
            label: Text::plain(name.as_str()),
            required: *needed,
            accept: vec!["application/pdf".to_owned(), "image/*".to_owned()],
            max_bytes: Some(most),
            ..Field::default()
        })
        .collect();
    let steps = [
        ("isian", Text::both("Isi permohonan", "What is applied for"), asked),
        (
            "syarat",
            Text::both("Dokumen apa yang disertakan?", "Which documents go along?"),
            files,
        ),
    ];
    Form {
        format: FORMAT,
        steps: steps
            .into_iter()
            .filter(|(.., fields)| !fields.is_empty())
            .map(|(id, title, fields)| Step {
                id: id.to_owned(),
                title,
                lead: Text::default(),
                sections: vec![Section {
                    title: Text::default(),
                    fields,
                }],
            })
            .collect(),
        ..Form::default()
    }
}

fn field(row: &Node, id: String, notes: &mut Notes) -> Option<Field> {
    let label = clean(text(row, "label"));
    let mut field = Field {
        label: Text::plain(if label.is_empty() { id.as_str() } else { label.as_str() }),
        id,
        kind: "text".to_owned(),
        required: text(row, "required") == "true",
        ..Field::default()
    };
    let kind = text(row, "type").to_ascii_lowercase();
    match kind.as_str() {
        "text" | "textarea" | "number" | "date" | "email" => field.kind = kind,
        // The server gives these itself.
        "numbering" | "qrcode" => return None,
        "checkbox" | "select" | "select-ws" | "autocomplete" | "radio" => {
            field.options = options(row);
            if field.options.is_empty() {
                notes.add("/data/canvas", "choices; asked as text", &field.id);
            } else {
                "choice".clone_into(&mut field.kind);
                field.many = kind == "checkbox";
            }
        }
        "label" => {
            "static".clone_into(&mut field.kind);
            field.required = false;
        }
        "file" | "photo" => {
            "file".clone_into(&mut field.kind);
            if kind == "photo" {
                field.accept = vec!["image/*".to_owned()];
            }
        }
        other => notes.add("/data/canvas", "a type of SiCantik's; asked as text", other),
    }
    Some(field)
}

/// What can be chosen: a list, or a list that is written as a text of JSON.
fn options(row: &Node) -> Vec<ChoiceOption> {
    let mut found: Vec<ChoiceOption> = Vec::new();
    for options in row.children.iter().filter(|child| child.is("options")) {
        let written = json::parse(options.text.trim()).ok().filter(|_| options.is_leaf());
        let rows = written
            .as_ref()
            .map_or_else(|| std::slice::from_ref(options), |root| &root.children);
        for option in rows {
            let (value, label) = (text(option, "id"), text(option, "name"));
            if !value.is_empty() && found.iter().all(|other| other.value != value) {
                found.push(ChoiceOption {
                    value: value.to_owned(),
                    label: Text::plain(clean(label)),
                    ..ChoiceOption::default()
                });
            }
        }
    }
    found
}
