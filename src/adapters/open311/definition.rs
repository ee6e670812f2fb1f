//! A service's form: what every report needs, and what the service's definition asks beyond it.
//!
//! Field ids are near to the wire: `description`, `location`, `media` (or `media_url`), `name`,
//! `first_name`, `last_name`, `email`, `phone`, `attribute[CODE]`. The server's texts are shown as
//! they are; ours come in both languages of the interface.

use super::profile::{Asked, MediaWay, Profile};
use crate::adapters::answer::record::{Found, Marks, Notes, Record, outline, records};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::clean;
use crate::model::decimal::Decimal;
use crate::model::form::{ChoiceOption, FORMAT, Field, Form, Section, Step};
use crate::model::order::sort_by;
use crate::model::text::Text;

const MARKS: Marks = Marks {
    strong: &["code", "datatype"],
    weak: &["variable", "datatype_description"],
};

/// The form of a service without a definition, known without asking.
pub(super) fn base(profile: &Profile) -> Form {
    with_attributes(profile, Vec::new())
}

/// The form of a service with the definition that came.
pub(super) fn read(profile: &Profile, root: &Node, notes: &mut Notes) -> Form {
    // The definition names the service; the rest of it is its attributes.
    let body = Node {
        children: root.children.iter().map(without_header).collect(),
        ..Node::default()
    };
    let rows = records(&body, MARKS, notes);
    let mut fields: Vec<(Option<Decimal>, Field)> = Vec::new();
    for row in &rows {
        let Some((order, field)) = attribute(row, notes, fields.len()) else {
            continue;
        };
        if fields.iter().any(|(_, other)| other.id == field.id) {
            notes.add(&row.path, "a code that occurs once; the row is left out", &field.id);
        } else {
            fields.push((order, field));
        }
    }
    // Stable: attributes of one order, and those without, keep the order in which they came.
    sort_by(&mut fields, |(one, _), (other, _)| match (one, other) {
        (Some(one), Some(other)) => one.cmp(other),
        (one, other) => one.is_none().cmp(&other.is_none()),
    });
    with_attributes(profile, fields.into_iter().map(|(_, field)| field).collect())
}

/// A definition without what it says of the service, at its top level or one below.
fn without_header(node: &Node) -> Node {
    const HEADER: [&str; 5] = [
        "service_code",
        "service_name",
        "description",
        "group",
        "jurisdiction_id",
    ];
    if MARKS.strong.iter().any(|mark| node.named(mark).next().is_some()) {
        return node.clone();
    }
    let children = node
        .children
        .iter()
        .filter(|child| !HEADER.iter().any(|name| child.is(name)));
    Node {
        name: node.name.clone(),
        text: node.text.clone(),
        children: if node.named("service_code").next().is_some() {
            children.cloned().collect()
        } else {
            node.children.iter().map(without_header).collect()
        },
    }
}

fn attribute(row: &Found<'_>, notes: &mut Notes, number: usize) -> Option<(Option<Decimal>, Field)> {
    let mut record = Record::new(row, notes);
    let code = record.identifier("code").to_owned();
    let description = record.text("description");
    let variable = record.flag("variable").unwrap_or(true);
    let kind = record.raw("datatype").to_ascii_lowercase();
    let required = record.flag("required").unwrap_or(false);
    let hint = record.text("datatype_description");
    let order = record.raw("order");
    let position = Decimal::parse(order);
    if !order.is_empty() && position.is_none() {
        record.wrong("order", "a number", order);
    }
    let options = options(&mut record);
    // FixMyStreet: filled in by the server or by its own page, never by a citizen.
    let automated = record.text("automated");
    if !automated.is_empty() {
        record.wrong(
            "automated",
            "a question for the citizen; the attribute is left out",
            &code,
        );
        return None;
    }
    if code.is_empty() && variable {
        record.wrong("code", "an attribute's code; the row is left out", &description);
        return None;
    }
    if code.chars().any(char::is_control) {
        record.wrong("code", "a code without control characters; the row is left out", &code);
        return None;
    }
    let id = if code.is_empty() {
        ["text-", &number.to_string()].concat()
    } else {
        ["attribute[", &code, "]"].concat()
    };
    let mut field = Field {
        id,
        kind: "text".to_owned(),
        label: Text::plain(if description.is_empty() {
            clean(&code)
        } else {
            description
        }),
        required: required && variable,
        ..Field::default()
    };
    if !hint.is_empty() {
        field.hint = Text::plain(hint);
    }
    if !variable {
        field.kind = "static".to_owned();
        if !options.is_empty() {
            record.wrong(
                "values",
                "no values of a text that asks nothing",
                &options.len().to_string(),
            );
        }
        record.finish("attribute", &[]);
        return Some((position, field));
    }
    let list = matches!(kind.as_str(), "singlevaluelist" | "multivaluelist");
    match kind.as_str() {
        "string" => {}
        "text" => "textarea".clone_into(&mut field.kind),
        "number" | "datetime" => field.kind.clone_from(&kind),
        _ if list && !options.is_empty() => {
            "choice".clone_into(&mut field.kind);
            field.many = kind == "multivaluelist";
            field.options.clone_from(&options);
        }
        _ if list => record.wrong("values", "values to choose from; asked as text", &code),
        other => record.wrong("datatype", "a datatype of GeoReport; asked as text", other),
    }
    if !list && !options.is_empty() {
        record.wrong("values", "no values with this datatype", &options.len().to_string());
    }
    record.finish("attribute", &[]);
    Some((position, field))
}

/// What can be chosen: pairs of key and name, an object from key to name, or bare texts.
fn options(record: &mut Record<'_, '_>) -> Vec<ChoiceOption> {
    let mut options: Vec<ChoiceOption> = Vec::new();
    let mut strays: Vec<String> = Vec::new();
    for values in record.all("values") {
        gather(values, &mut options, &mut strays);
    }
    for stray in strays {
        record.wrong("values", "a key and a name, once", &stray);
    }
    options
}

fn add(key: &str, name: &str, options: &mut Vec<ChoiceOption>, strays: &mut Vec<String>) {
    if options.iter().any(|option| option.value == key) {
        strays.push(key.to_owned());
    } else {
        options.push(ChoiceOption {
            value: key.to_owned(),
            label: Text::plain(clean(name)),
            ..ChoiceOption::default()
        });
    }
}

fn gather(node: &Node, options: &mut Vec<ChoiceOption>, strays: &mut Vec<String>) {
    let member = |names: [&str; 3]| {
        names
            .into_iter()
            .find_map(|name| node.children.iter().find(|child| child.is(name)))
            .map(Node::scalar)
            .filter(|text| !text.is_empty())
    };
    if node.is_leaf() {
        let text = node.scalar();
        if !text.is_empty() {
            add(text, text, options, strays);
        }
        return;
    }
    let pair = (member(["key", "code", "id"]), member(["name", "label", "description"]));
    if let (Some(one), other) | (other, Some(one)) = pair {
        add(pair.0.unwrap_or(one), pair.1.or(other).unwrap_or(one), options, strays);
        const KNOWN: [&str; 6] = ["key", "code", "id", "name", "label", "description"];
        for child in &node.children {
            if !child.is_blank() && !KNOWN.iter().any(|name| child.is(name)) {
                strays.push([&child.name, "=", &outline(child)].concat());
            }
        }
        return;
    }
    for child in &node.children {
        let list = child.name.is_empty() || child.is("value") || child.is("values");
        if child.is_leaf() && !list {
            let name = child.scalar();
            add(
                &child.name,
                if name.is_empty() { &child.name } else { name },
                options,
                strays,
            );
        } else {
            gather(child, options, strays);
        }
    }
}

fn with_attributes(profile: &Profile, attributes: Vec<Field>) -> Form {
    let mut what = Vec::new();
    if profile.description != Asked::None {
        what.push(Field {
            id: "description".to_owned(),
            kind: "textarea".to_owned(),
            label: Text::both("Ceritakan apa yang terjadi", "Tell us what happened"),
            hint: Text::both(
                "Jangan tulis NIK atau data pribadi orang lain.",
                "Leave out identity numbers and other people's personal data.",
            ),
            required: profile.description == Asked::Required,
            max_length: Some(profile.description_length).filter(|most| *most > 0),
            ..Field::default()
        });
    }
    what.extend(attributes);
    let mut place = Vec::new();
    if profile.location != Asked::None {
        place.push(Field {
            id: "location".to_owned(),
            kind: "location".to_owned(),
            label: Text::both("Lokasi kejadian", "The place"),
            hint: Text::both(
                "Pakai lokasi ponsel, atau tulis nama jalan dan patokan terdekat.",
                "Use the phone's location, or write the street and the nearest landmark.",
            ),
            required: profile.location == Asked::Required,
            ..Field::default()
        });
    }
    let steps = [
        step(
            "what",
            Text::both("Apa yang terjadi?", "What happened?"),
            Text::default(),
            what,
        ),
        step("where", Text::both("Di mana?", "Where is it?"), Text::default(), place),
        step("photo", Text::both("Foto", "Photos"), Text::default(), media(profile)),
        step(
            "who",
            Text::both("Siapa Anda?", "Who are you?"),
            Text::both(
                "Supaya petugas dapat menghubungi Anda.",
                "So that the office can reach you.",
            ),
            profile
                .contact
                .iter()
                .map(|(name, asked)| contact(name, *asked))
                .collect(),
        ),
    ];
    Form {
        format: FORMAT,
        steps: steps.into_iter().flatten().collect(),
        ..Form::default()
    }
}

fn step(id: &str, title: Text, lead: Text, fields: Vec<Field>) -> Option<Step> {
    (!fields.is_empty()).then(|| Step {
        id: id.to_owned(),
        title,
        lead,
        sections: vec![Section {
            title: Text::default(),
            fields,
        }],
    })
}

fn media(profile: &Profile) -> Vec<Field> {
    let media = &profile.media;
    match media.way {
        MediaWay::None => Vec::new(),
        MediaWay::Url => vec![Field {
            id: "media_url".to_owned(),
            kind: "text".to_owned(),
            label: Text::both("Tautan foto", "Link to a photo"),
            hint: Text::both(
                "Kalau fotonya sudah ada di internet, tempel tautannya di sini.",
                "If the photo is already on the internet, paste its link here.",
            ),
            ..Field::default()
        }],
        MediaWay::Photos | MediaWay::Field(_) => vec![Field {
            id: "media".to_owned(),
            kind: "file".to_owned(),
            label: Text::both("Foto keadaannya", "Photos of it"),
            hint: Text::both(
                "Hindari wajah dan pelat nomor orang lain.",
                "Keep other people's faces and number plates out.",
            ),
            accept: media.accept.clone(),
            max_bytes: media.max_bytes,
            many: media.max_files > 1,
            max_files: (media.max_files > 1).then_some(media.max_files),
            ..Field::default()
        }],
    }
}

fn contact(name: &str, asked: Asked) -> Field {
    let (kind, label, autocomplete) = match name {
        "name" => ("text", Text::both("Nama lengkap", "Full name"), "name"),
        "first_name" => ("text", Text::both("Nama depan", "First name"), "given-name"),
        "last_name" => ("text", Text::both("Nama belakang", "Last name"), "family-name"),
        "email" => ("email", Text::both("Alamat surel", "Email address"), "email"),
        _ => ("phone", Text::both("Nomor telepon", "Telephone number"), "tel"),
    };
    Field {
        id: name.to_owned(),
        kind: kind.to_owned(),
        label,
        required: asked == Asked::Required,
        autocomplete: autocomplete.to_owned(),
        ..Field::default()
    }
}
