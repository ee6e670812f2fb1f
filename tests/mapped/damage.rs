//! Answers of any shape, and profiles of any shape: everything ends, and says what happened.
//!
//! `PENDOPO_FUZZ` is how many cases each of these tries in place of the usual few.

use pendopo::adapters::http::Response;
use pendopo::adapters::{Adapter, Intent, Known, Step};
use pendopo::model::login::Credentials;
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::secret::Secret;
use pendopo::model::time::Timestamp;
use proptest::prelude::*;

use crate::office::{NIK, adapter, compiled, shipped, submission, track};

const PROFILES: [&str; 11] = [
    "demarches-simplifiees.json",
    "digit-pgr.json",
    "halaman-cek-status.json",
    "jabar-aduan.json",
    "open-forms.json",
    "opendk-pengaduan.json",
    "oss-rba.json",
    "sapawarga-aspirasi.json",
    "soap-document.json",
    "soap-rpc.json",
    "zgw.json",
];

fn cases() -> u32 {
    let asked = std::env::var("PENDOPO_FUZZ").ok();
    asked.and_then(|asked| asked.parse().ok()).unwrap_or(48)
}

fn intents() -> Vec<Intent> {
    let application = || {
        submission(
            "JLN",
            &[("nik", NIK), ("nama", "x"), ("uraian", "y"), ("tanggal", "2026-11-03")],
        )
    };
    vec![
        Intent::Catalogue,
        Intent::Form {
            service: "JLN".parse().unwrap(),
        },
        Intent::Submit(application()),
        Intent::Reconcile {
            submission: application(),
            since: Timestamp(0),
        },
        Intent::List,
        track("A-1", Some(NIK)),
        Intent::Document {
            reference: "A-1".parse().unwrap(),
            handle: "1".to_owned(),
        },
        Intent::LogIn(Credentials {
            identifier: Secret::new("siti".to_owned()),
            proof: Secret::new("rahasia".to_owned()),
        }),
    ]
}

/// Every conversation ends by itself, and stays over.
fn endure(adapter: &dyn Adapter, answer: &Result<Response, Problem>) {
    let session = Secret::new("session".to_owned());
    for intent in intents() {
        let submits = matches!(intent, Intent::Submit(_));
        let mut talk = adapter.start(
            intent,
            Known {
                facts: &[],
                session: Some(&session),
            },
        );
        let mut step = talk.begin();
        let mut requests = 0;
        while let Step::Send { .. } = step {
            requests += 1;
            assert!(requests <= 30, "a conversation that does not end");
            step = talk.resume(answer.clone());
        }
        if let Step::Failed(problem) = &step
            && !submits
        {
            assert_eq!(problem.sent, Sent::No, "nothing was delivered: {problem:?}");
        }
        assert!(
            matches!(talk.resume(answer.clone()), Step::Failed(_)),
            "what is over stays over"
        );
    }
}

const WHOLE: [&str; 6] = [
    r#"{"success":true,"status":200,"data":{"id":7,"access_token":"T","path":"p","items":[{"id":1,"status":5}],"complaint_id":"A-1","_meta":{"pageCount":999}}}"#,
    r#"{"data":[{"attributes":{"komplain_id":"A-1","nik":"3404014102900007","status":"PROSES","created_at":null}}],"meta":{"pagination":{"total_pages":999}}}"#,
    r#"[{"state":"accepte","dossier_number":"A-1"}]"#,
    "<E:Envelope xmlns:E='x'><E:Body><r><return><nomor>A-1</nomor><status>1</status><item href='#a'/></return></r><m id='a'><x/><y href='#a'/></m></E:Body></E:Envelope>",
    "<!doctype html><input name=_token value=t><select name=layanan><option value=a>A</select><div class=berhasil>Nomor registrasi: 1.</div><table class=rincian><tr><th>Status<td>x</table>",
    "{}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_and_any_damage_end_every_conversation(
        profile in 0..PROFILES.len(),
        whole in 0..WHOLE.len(),
        status in prop_oneof![Just(200_u16), Just(201), 100_u16..600],
        noise in proptest::collection::vec(any::<u8>(), 0..200),
        cut in any::<prop::sample::Index>(),
        change in (any::<prop::sample::Index>(), any::<u8>()),
    ) {
        let adapter = adapter(&shipped(PROFILES[profile]));
        endure(&*adapter, &Ok(Response { status, headers: Vec::new(), body: noise }));
        let mut body = WHOLE[whole].as_bytes().to_vec();
        endure(&*adapter, &Ok(Response { status, headers: Vec::new(), body: body.clone() }));
        let at = change.0.index(body.len());
        body[at] = change.1;
        body.truncate(cut.index(body.len() + 1));
        endure(&*adapter, &Ok(Response { status, headers: Vec::new(), body }));
    }

    #[test]
    fn any_damage_to_a_profile_gives_diagnostics_or_a_sound_adapter(
        profile in 0..PROFILES.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), 0..REPLACEMENTS.len()), 1..4),
    ) {
        let mut value: serde_json::Value = serde_json::from_str(&shipped(PROFILES[profile])).unwrap();
        for (place, with) in &changes {
            let mut pointers = Vec::new();
            gather(&value, String::new(), &mut pointers);
            let pointer = &pointers[place.index(pointers.len())];
            *value.pointer_mut(pointer).unwrap() = serde_json::from_str(REPLACEMENTS[*with]).unwrap();
        }
        let (adapter, wrong) = compiled(&value.to_string());
        prop_assert!(adapter.is_some() || !wrong.is_empty());
        for wrong in &wrong {
            prop_assert!(wrong.path.starts_with("/profile"), "{wrong}");
        }
        if let Some(adapter) = adapter {
            endure(&*adapter, &Ok(Response { status: 200, headers: Vec::new(), body: WHOLE[0].as_bytes().to_vec() }));
        }
    }
}

/// What takes the place of any member.
const REPLACEMENTS: [&str; 14] = [
    "null",
    "true",
    "-1",
    "1e9",
    "\"\"",
    "\"{\"",
    "\"{answers.nik|date:x}\"",
    "\"{took.x}\"",
    "\"css:][\"",
    "\"//a//b\"",
    "[]",
    "{}",
    "[[{}]]",
    "{\"$each\":1}",
];

fn gather(value: &serde_json::Value, at: String, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, member) in members {
                gather(
                    member,
                    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                    into,
                );
            }
        }
        serde_json::Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                gather(item, format!("{at}/{number}"), into);
            }
        }
        _ => {}
    }
    into.push(at);
}

#[test]
fn a_transport_that_always_fails_ends_every_conversation() {
    for profile in PROFILES {
        let adapter = adapter(&shipped(profile));
        endure(
            &*adapter,
            &Err(Problem {
                fault: Fault::Unreachable,
                sent: Sent::Unknown,
            }),
        );
    }
}
