//! A village's adapter, its letters, and applications for them.

pub use crate::recorded::*;

use pendopo::adapters::http::Response;
use pendopo::adapters::{self, Adapter, Fact, Intent, Known, Outcome, Submission};
use pendopo::model::answers::{Answer, Answers, FileAnswer};
use pendopo::model::form::{Field, Form};
use pendopo::model::problem::Problem;
use pendopo::model::region::{Backend, BackendId};
use pendopo::model::secret::Secret;
use serde_json::{Value, json};

/// Minutes east of UTC.
pub const WIB: i32 = 420;
pub const APPLICATION: &str = "3f2c8a52-9a51-4f7e-8b0e-0d9f5f6f7a10";
pub const FILE: &str = "8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11";
pub const TOKEN: &str = "token-of-siti-do-not-print";

pub fn id() -> BackendId {
    "34.04/sendangwangi".parse().expect("an id")
}

pub fn backend(profile: Value) -> Backend {
    serde_json::from_value(json!({
        "id": "sendangwangi", "name": "Sendangwangi", "office": "Kalurahan", "adapter": "opensid", "profile": profile,
    }))
    .expect("a backend")
}

pub fn adapter(profile: Value) -> Box<dyn Adapter> {
    let (adapter, wrong) = adapters::compile(&id(), &backend(profile), WIB);
    assert_eq!(wrong, Vec::new());
    adapter.expect("an adapter")
}

/// Plays with a session.
pub fn ask(profile: Value, intent: Intent, answers: Vec<Response>) -> Play {
    ask_with(profile, intent, &[], answers.into_iter().map(Ok).collect())
}

pub fn ask_with(profile: Value, intent: Intent, facts: &[Fact], answers: Vec<Result<Response, Problem>>) -> Play {
    let session = Secret::new(TOKEN.to_owned());
    let known = Known {
        facts,
        session: Some(&session),
    };
    play_known(&*adapter(profile), intent, known, answers)
}

pub fn data(rows: Value) -> Response {
    answer(200, &json!({ "data": rows }).to_string())
}

/// A page of a list.
pub fn page(rows: Value, number: u32, pages: u32) -> Response {
    let body = json!({"data": rows, "meta": {"pagination": {"current_page": number, "total_pages": pages}}});
    answer(200, &body.to_string())
}

pub fn item(kind: &str, id: u32, attributes: Value) -> Value {
    json!({"type": kind, "id": id.to_string(), "attributes": attributes})
}

/// A letter as the list of letters has it.
pub fn usaha() -> Value {
    item(
        "jenis-surat",
        192,
        json!({
            "kode": "S-37", "nama": "Keterangan Usaha", "slug": "surat-keterangan-usaha",
            "kode_isian": [
                {"tipe": "text", "kode": "[form_nama_usaha]", "nama": "Nama Usaha", "deskripsi": "Masukkan Nama Usaha",
                 "atribut": "maxlength=\"60\"", "required": "1"},
                {"tipe": "date", "kode": "[form_mulai_usaha]", "nama": "Mulai Usaha", "deskripsi": "", "atribut": "", "required": "0"},
                {"tipe": "textarea", "kode": "[form_keperluan]", "nama": "Keperluan", "deskripsi": "Untuk apa surat ini",
                 "atribut": null, "required": "1"},
            ],
            "syarat_surat": "[\"1\",\"3\"]",
        }),
    )
}

pub fn syarat() -> Response {
    data(json!([
        item("syarat", 1, json!({"nama": "Kartu Tanda Penduduk"})),
        item("syarat", 3, json!({"nama": "Surat Pengantar RT/RW"})),
    ]))
}

pub fn form_of(letter: Value, profile: Value) -> Form {
    let service = Intent::Form {
        service: letter["attributes"]["slug"]
            .as_str()
            .expect("a slug")
            .parse()
            .expect("a code"),
    };
    let session = Secret::new(TOKEN.to_owned());
    let known = Known {
        facts: &[],
        session: Some(&session),
    };
    let mut conversation = adapter(profile).start(service, known);
    let mut step = conversation.begin();
    while let adapters::Step::Send { request, .. } = step {
        let answer = if request.path.ends_with("syarat") {
            syarat()
        } else {
            data(json!([letter]))
        };
        step = conversation.resume(Ok(answer));
    }
    match step {
        adapters::Step::Done {
            outcome: Outcome::Form(form),
            ..
        } => form,
        other => panic!("{other:?}"),
    }
}

pub fn fields(form: &Form) -> Vec<&Field> {
    form.steps
        .iter()
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields)
        .collect()
}

pub fn text(text: &str) -> Answer {
    Answer::Text(text.to_owned())
}

pub fn file(name: &str) -> Answer {
    Answer::Files(vec![FileAnswer {
        id: FILE.parse().expect("an id"),
        name: name.to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 1000,
        was: None,
    }])
}

pub fn submission(service: &str, form: Form, answers: &[(&str, Answer)]) -> Submission {
    Submission {
        completes: None,
        id: APPLICATION.parse().expect("an id"),
        service: service.parse().expect("a code"),
        form,
        answers: Answers(
            answers
                .iter()
                .map(|(field, answer)| ((*field).to_owned(), answer.clone()))
                .collect(),
        ),
    }
}

/// An application for the letter of [`usaha`], with one of its two documents.
pub fn application() -> Submission {
    let form = form_of(usaha(), json!({}));
    submission(
        "surat-keterangan-usaha",
        form,
        &[
            ("nama_usaha", text("Warung Bu Siti")),
            ("mulai_usaha", text("2020-03-01")),
            ("keperluan", text("Pinjaman & modal")),
            ("no_hp_aktif", text("081234567890")),
            ("syarat[1]", file("ktp.pdf")),
        ],
    )
}

/// A row of the list of applications.
pub fn row(id: u32, letter: &str, status: &str, sent: &str) -> Value {
    item(
        "permohonan",
        id,
        json!({"nama_penduduk": "Siti Rahayu", "jenis_surat": letter, "status": status, "tanggal_kirim": sent}),
    )
}

/// Pairs of an urlencoded body or of a query.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    pendopo::adapters::codec::urlencoded::decode(text)
}

pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map_or_else(|| panic!("no {name} in {pairs:?}"), |(_, value)| value.as_str())
}
