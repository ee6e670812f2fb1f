//! The permits that the office gives, read from `permits.json`: each with its form, the documents
//! that it requires, and the steps that an application goes through.

use serde::Deserialize;
use serde_json::{Value, json};

/// A question of a permit's form, in the words of the software.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    label: String,
    /// The column that the answer goes into: the question's name.
    data_kolom: String,
    r#type: String,
    required: bool,
    #[serde(default)]
    options: Vec<(String, String)>,
}

/// A permit that can be applied for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Permit {
    pub(super) id: i64,
    pub(super) name: String,
    /// The id of its form.
    pub(super) form: i64,
    /// Names of its steps, in order.
    pub(super) steps: Vec<String>,
    /// Documents: id, name, and whether it must be there.
    documents: Vec<(i64, String, bool)>,
    fields: Vec<Field>,
}

impl Permit {
    /// Names of the questions that must be answered.
    pub(super) fn required(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().filter(|field| field.required);
        fields.map(|field| field.data_kolom.as_str())
    }

    /// All questions: name and label.
    pub(super) fn questions(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter();
        fields.map(|field| (field.data_kolom.as_str(), field.label.as_str()))
    }

    /// Ids of the documents that must be there.
    pub(super) fn needed(&self) -> impl Iterator<Item = i64> {
        self.documents.iter().filter(|(.., needed)| *needed).map(|(id, ..)| *id)
    }

    /// The documents as the interface lists them. One member is misspelt, as it is there.
    pub(super) fn requirements(&self) -> Value {
        let rows = self.documents.iter().map(|(id, name, needed)| {
            json!({
                "id": id.saturating_add(self.id.saturating_mul(100)),
                "jenis_izin_id": self.id,
                "jenis_dokumen_id": id,
                "jenis_dokuman": {"id": id, "jenis_dokumen": name},
                "status": if *needed { "W" } else { "T" },
            })
        });
        Value::Array(rows.collect())
    }

    /// The form as the interface has it: a canvas of the kind `form`, with its fields.
    pub(super) fn form(&self) -> Value {
        let fields = (1..).zip(&self.fields).map(|(order, field)| {
            let mut shown = json!({
                "id": order + self.form * 10,
                "del": false,
                "required": field.required,
                "label": field.label,
                "data_kolom": field.data_kolom,
                "type": field.r#type,
                "data": if field.r#type == "numbering" { Value::from("440/0001/DPMPTSP!N!") } else { Value::Null },
                "data_label": null,
                "disabled": false,
                "no_urut": order,
            });
            let options = field
                .options
                .iter()
                .map(|(id, name)| json!({"row_id": null, "id": id, "name": name}));
            let options: Vec<Value> = options.collect();
            // Options from a list stand there as they are; those from a query are a text of JSON.
            let options = match field.r#type.as_str() {
                "select" => Some(Value::Array(options)),
                "select-ws" => Some(Value::from(Value::Array(options).to_string())),
                _ => None,
            };
            if let (Some(options), Some(members)) = (options, shown.as_object_mut()) {
                members.insert("options".to_owned(), options);
            }
            shown
        });
        json!({
            "id": self.form,
            "nama_form": self.name,
            "key_field": "permohonan_izin_id",
            "unit_id": null,
            "canvas": [{
                "id": self.form,
                "del": false,
                "tabIdx": null,
                "ftype": "form",
                "fName": self.name,
                "no_urut": 1,
                "fields": [{"id": null, "del": false, "disabled": false, "field": fields.collect::<Vec<_>>()}],
                "has_photo": self.fields.iter().any(|field| field.r#type == "photo"),
            }],
        })
    }
}

/// All permits.
#[derive(Clone, Debug)]
pub(super) struct Permits(Vec<Permit>);

impl Permits {
    /// Reads the office's own file.
    ///
    /// # Errors
    /// When the file that was built in cannot be read.
    pub(super) fn load() -> Result<Self, serde_json::Error> {
        serde_json::from_str(include_str!("permits.json")).map(Self)
    }

    pub(super) fn all(&self) -> &[Permit] {
        &self.0
    }

    pub(super) fn permit(&self, id: i64) -> Option<&Permit> {
        self.0.iter().find(|permit| permit.id == id)
    }
}
