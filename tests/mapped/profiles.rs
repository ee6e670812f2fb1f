//! The profiles that ship, against answers as their systems give them.

use std::path::PathBuf;

use pendopo::adapters::{Adapter, Fact, Intent, Known, Outcome, Step};
use pendopo::model::answers::{Answer, FileAnswer, Place};
use pendopo::model::case::Acknowledgement;
use pendopo::model::login::Credentials;
use pendopo::model::problem::{Fault, Problem, Sent};
use pendopo::model::secret::Secret;
use pendopo::model::status::{Outcome as Ended, Phase};
use serde_json::{Value, json};

use crate::office::{APPLICATION, NIK, OTHER, adapter, shipped, submission, track};
use crate::recorded::{answer, body};

/// What a conversation asked and how it ended; the answers come in order.
struct Played {
    requests: Vec<pendopo::adapters::http::Request>,
    end: Step,
}

fn play(adapter: &dyn Adapter, intent: Intent, known: Known<'_>, answers: &[(u16, String)]) -> Played {
    let mut talk = adapter.start(intent, known);
    let mut requests = Vec::new();
    let mut end = talk.begin();
    let mut answers = answers.iter();
    while let Step::Send { request, .. } = end {
        requests.push(request);
        let (status, body) = answers.next().expect("an answer to every request");
        end = talk.resume(Ok(answer(*status, body)));
    }
    assert_eq!(answers.len(), 0, "answers that nobody asked for");
    Played { requests, end }
}

fn simply(profile: &str, intent: Intent, answers: &[(u16, Value)]) -> Played {
    let answers: Vec<(u16, String)> = answers
        .iter()
        .map(|(status, body)| (*status, body.to_string()))
        .collect();
    play(&*adapter(&shipped(profile)), intent, Known::default(), &answers)
}

impl Played {
    fn case(self) -> pendopo::model::case::Case {
        match self.end {
            Step::Done {
                outcome: Outcome::Case(Some(case)),
                ..
            } => *case,
            other => panic!("{other:?}"),
        }
    }

    fn problem(self) -> Problem {
        match self.end {
            Step::Failed(problem) => problem,
            other => panic!("{other:?}"),
        }
    }

    fn submitted(self) -> (String, String, Vec<Fact>) {
        match self.end {
            Step::Done {
                outcome:
                    Outcome::Submitted {
                        acknowledgement: Acknowledgement::Reference(reference),
                        notice,
                    },
                facts,
                ..
            } => (reference.to_string(), notice, facts),
            other => panic!("{other:?}"),
        }
    }
}

fn file(id: &str, name: &str) -> FileAnswer {
    FileAnswer {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 3,
        was: None,
    }
}

fn row(number: &str, status: &str) -> Value {
    json!({"type": "komplain", "id": "7", "attributes": {"komplain_id": number, "status": status, "nik": NIK,
        "nama": "Siti Rahayu", "detail_penduduk": "{\"alamat\":\"Dusun Krajan\"}", "laporan": "rumah",
        "created_at": "2026-05-01T03:04:05.000000Z", "updated_at": "2026-05-02T03:04:05.000000Z"}})
}

#[test]
fn an_opendk_complaint_bears_its_pictures_and_is_shown_to_who_knows_its_nik() {
    let mut complaint = submission(
        "komplain",
        &[
            ("nik", "3404 0141 0290 0007"),
            ("judul", "Jalan Mawar"),
            ("kategori", "1"),
            ("laporan", "x"),
        ],
    );
    let pictures = vec![
        file("8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11", "a.jpg"),
        file("8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a12", "b.jpg"),
    ];
    complaint
        .answers
        .0
        .insert("lampiran".to_owned(), Answer::Files(pictures));
    let created = json!({"data": row("123456", "REVIEW")["attributes"], "message": "Komplain berhasil dikirim."});
    let played = simply(
        "opendk-pengaduan.json",
        Intent::Submit(complaint.clone()),
        &[(201, created)],
    );
    let sent = body(&played.requests[0]);
    for part in [
        "name=\"nik\"\r\n\r\n3404014102900007",
        "name=\"lampiran1\"",
        "name=\"lampiran2\"",
        "name=\"anonim\"\r\n\r\n0",
    ] {
        assert!(sent.contains(part), "{part} in {sent}");
    }
    assert_eq!(played.requests[0].key.as_deref(), Some(APPLICATION));
    let (number, notice, facts) = played.submitted();
    assert_eq!(
        (number.as_str(), notice.as_str()),
        ("123456", "Komplain berhasil dikirim.")
    );

    let page = |rows: Value, number: u32| json!({"data": rows, "meta": {"pagination": {"current_page": number, "total_pages": 2}}});
    let pages = || {
        [
            (200, page(json!([row("111111", "BELUM")]), 1)),
            (200, page(json!([row("123456", "PROSES")]), 2)),
        ]
    };
    let played = simply("opendk-pengaduan.json", track("123456", Some(NIK)), &pages());
    assert_eq!(played.requests[1].query[0], ("page[number]".to_owned(), "2".to_owned()));
    let shown = format!("{:?}", played.end);
    for private in [NIK, "Siti", "Krajan", "rumah"] {
        assert!(!shown.contains(private), "{private} in {shown}");
    }
    let case = played.case();
    assert_eq!((case.status.phase, case.timeline.len()), (Phase::InProgress, 2));
    let problem = simply("opendk-pengaduan.json", track("123456", Some(OTHER)), &pages()).problem();
    assert_eq!(problem, Problem::unsent(Fault::NotFound));

    // To its sender one that the list hides is shown by its number alone.
    let hidden = json!({"data": [], "meta": {"pagination": {"total_pages": 1}}}).to_string();
    let known = Known::from(facts.as_slice());
    let case = play(
        &*adapter(&shipped("opendk-pengaduan.json")),
        track("123456", None),
        known,
        &[(200, hidden)],
    )
    .case();
    assert_eq!((case.status.phase, case.status.code.as_str()), (Phase::Unknown, ""));

    let refused = json!({"errors": {"nik": ["Isian nik wajib diisi."], "lampiran2": ["Terlalu besar."]}});
    let problem = simply("opendk-pengaduan.json", Intent::Submit(complaint), &[(422, refused)]).problem();
    let Fault::Rejected { fields, .. } = &problem.fault else {
        panic!("{problem:?}")
    };
    let named: Vec<&str> = fields.iter().map(|refusal| refusal.field.as_str()).collect();
    // The form of this test has no field for pictures: what is said of them is said of all.
    assert_eq!((named, problem.sent), (vec!["nik"], Sent::Yes));
}

#[test]
fn sapawarga_logs_in_uploads_first_and_tells_its_statuses_by_number() {
    let profile = "sapawarga-aspirasi.json";
    let login = Intent::LogIn(Credentials {
        identifier: Secret::new("siti.rahayu".to_owned()),
        proof: Secret::new("rahasia-1".to_owned()),
    });
    let good = json!({"success": true, "status": 200, "data": {"id": 7, "access_token": "TOKEN", "name": "Siti"}});
    let played = simply(profile, login.clone(), &[(200, good)]);
    let sent = body(&played.requests[0]);
    assert_eq!(
        sent,
        "LoginForm%5Busername%5D=siti.rahayu&LoginForm%5Bpassword%5D=rahasia-1"
    );
    assert!(!format!("{:?}", played.requests).contains("rahasia-1"));
    let Step::Done {
        outcome: Outcome::LoggedIn { session, name, .. },
        ..
    } = played.end
    else {
        panic!("no session")
    };
    assert_eq!((session.expose().as_str(), name.as_str()), ("TOKEN", "Siti"));
    let bad = json!({"success": false, "status": 422, "data": {"password": ["Kata sandi siti.rahayu salah."]}});
    let problem = simply(profile, login, &[(422, bad)]).problem();
    assert!(
        matches!(&problem.fault, Fault::Rejected { message, .. } if message == "Kata sandi … salah."),
        "{problem:?}"
    );

    let mut aspiration = submission("9", &[("judul", "Taman"), ("uraian", "Mohon taman"), ("kabkota", "22")]);
    aspiration.answers.0.insert(
        "foto".to_owned(),
        Answer::Files(vec![file("8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11", "a.jpg")]),
    );
    let adapter = adapter(&shipped(profile));
    let known = Known {
        facts: &[],
        session: Some(&session),
    };
    let uploaded =
        json!({"success": true, "status": 200, "data": {"path": "2026/a.jpg", "url": "https://x/a.jpg"}}).to_string();
    let created = json!({"success": true, "status": 201, "data": {"id": 314, "status": 5}}).to_string();
    let played = play(
        &*adapter,
        Intent::Submit(aspiration.clone()),
        known,
        &[(200, uploaded), (201, created.clone())],
    );
    let sent: Value = serde_json::from_str(&body(&played.requests[1])).unwrap();
    let expected = json!({"title": "Taman", "description": "Mohon taman", "category_id": 9, "kabkota_id": 22,
        "attachments": [{"type": "photo", "path": "2026/a.jpg"}], "status": 5});
    assert_eq!(sent, expected);
    assert_eq!(played.submitted().0, "314");
    // A file that was taken in does not go up again.
    let facts = [Fact {
        name: "file 8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11".to_owned(),
        value: "2026/a.jpg".to_owned(),
    }];
    let known = Known {
        facts: &facts,
        session: Some(&session),
    };
    let played = play(&*adapter, Intent::Submit(aspiration.clone()), known, &[(201, created)]);
    assert_eq!(played.requests.len(), 1);
    // Nobody is logged in, and an envelope that says no.
    let problem = play(&*adapter, Intent::Submit(aspiration.clone()), Known::default(), &[]).problem();
    assert_eq!(problem, Problem::unsent(Fault::LoginNeeded));
    let refused = json!({"success": false, "status": 422, "data": {"judul": ["Judul sudah dipakai."]}}).to_string();
    let known = Known {
        facts: &facts,
        session: Some(&session),
    };
    let problem = play(&*adapter, Intent::Submit(aspiration), known, &[(200, refused)]).problem();
    assert!(
        matches!(&problem.fault, Fault::Rejected { fields, .. } if fields[0].field == "judul"),
        "{problem:?}"
    );

    let item = |id: u32, status: i32| json!({"id": id, "status": status, "status_label": "x", "created_at": 1_793_772_300 + id, "category": {"name": "Taman"}});
    let page = |items: Value| {
        json!({"success": true, "status": 200, "data": {"items": items, "_meta": {"pageCount": 2}}}).to_string()
    };
    let pages = [
        (200, page(json!([item(1, 10), item(2, 3)]))),
        (200, page(json!([item(3, 5), item(4, 7)]))),
    ];
    let known = Known {
        facts: &[],
        session: Some(&session),
    };
    let played = play(&*adapter, Intent::List, known, &pages);
    let Step::Done {
        outcome: Outcome::Cases(cases),
        diagnostics,
        ..
    } = played.end
    else {
        panic!("{:?}", played.end)
    };
    let told: Vec<(String, Phase)> = cases
        .iter()
        .map(|case| (case.reference.as_ref().unwrap().to_string(), case.status.phase))
        .collect();
    let expected = [
        ("4", Phase::Unknown),
        ("3", Phase::InReview),
        ("2", Phase::Closed),
        ("1", Phase::Closed),
    ];
    assert_eq!(told, expected.map(|(number, phase)| (number.to_owned(), phase)));
    assert_eq!(
        diagnostics.len(),
        1,
        "the code that nothing names is told to the operator"
    );
    let expired =
        json!({"name": "Unauthorized", "message": "Your request was made with invalid credentials.", "status": 401})
            .to_string();
    let problem = play(&*adapter, Intent::List, known, &[(401, expired)]).problem();
    assert_eq!(problem, Problem::unsent(Fault::LoginNeeded));
}

#[test]
fn jabar_aduan_sends_coordinates_as_numbers_and_tells_its_history() {
    let profile = "jabar-aduan.json";
    let page =
        |rows: Value| json!({"data": {"data": rows, "page": 1, "page_size": 100, "total_pages": 1, "total_data": 1}});
    let played = simply(
        profile,
        Intent::Catalogue,
        &[(200, page(json!([{"id": "infra", "name": "Infrastruktur"}])))],
    );
    assert!(matches!(played.end, Step::Done { outcome: Outcome::Catalogue(listed), .. } if listed.len() == 1));
    let mut report = submission(
        "infra",
        &[
            ("judul", "Jalan"),
            ("uraian", "x"),
            ("nama", "Siti"),
            ("hp", "0812-3456-789"),
        ],
    );
    let place = Place {
        lat: "-6.9".to_owned(),
        long: "107.6".to_owned(),
        address: "Jl. Braga".to_owned(),
    };
    report.answers.0.insert("lokasi".to_owned(), Answer::Place(place));
    let played = simply(
        profile,
        Intent::Submit(report),
        &[(201, json!({"data": {"complaint_id": "ADU-9"}}))],
    );
    let sent = body(&played.requests[0]);
    assert!(sent.contains("\"latitude\":-6.9,\"longitude\":107.6"), "{sent}");
    let (number, _, facts) = played.submitted();
    assert_eq!(
        facts,
        [Fact {
            name: "owner".to_owned(),
            value: "08123456789".to_owned()
        }]
    );
    let told = json!({"data": {"complaint_id": "ADU-9", "user_phone": "08123456789", "status": {"id": "diverted_to_span", "name": "Dialihkan"},
        "created_at": "2026-11-01T03:00:00Z", "status_history": [
            {"status": {"id": "diverted_to_span"}, "created_at": "2026-11-03T03:00:00Z", "note": "Ke SP4N"},
            {"status": {"id": "unverified"}, "created_at": "2026-11-01T03:00:00Z"}]}});
    let case = simply(profile, track(&number, Some("0812 3456 789")), &[(200, told.clone())]).case();
    assert_eq!(
        (case.status.phase, case.status.label.as_str()),
        (Phase::Referred, "Dialihkan")
    );
    assert_eq!((case.timeline.len(), case.timeline[1].remark.as_str()), (2, "Ke SP4N"));
    let problem = simply(profile, track(&number, Some("0899")), &[(200, told)]).problem();
    assert_eq!(problem, Problem::unsent(Fault::NotFound));
}

#[test]
fn oss_rba_is_read_however_its_root_is_spelt_and_whether_its_code_is_a_number_or_a_text() {
    for root in [
        "responcheckLicenseStatus",
        "respondcheckLicenseStatus",
        "responseCheckLicenseStatus",
    ] {
        for kode in [json!(200), json!("200")] {
            let told = json!({root: {"kode": kode, "keterangan": "Sukses", "dataIzin": [{"nib": "9120001234567",
                "id_permohonan_izin": "I-2026-1", "kd_status": "50", "nama_status": "Izin terbit",
                "nama_izin": "Sertifikat standar", "instansi": "DPMPTSP", "tgl_status": "2026-11-01 10:00:00"}]}});
            let played = simply("oss-rba.json", track("I-2026-1", Some("9120001234567")), &[(200, told)]);
            let expected = r#"{"CHECKLICENSESTATUS":{"nib":"9120001234567","id_permohonan_izin":"I-2026-1"}}"#;
            assert_eq!(body(&played.requests[0]), expected);
            let case = played.case();
            assert_eq!(
                (case.status.phase, case.status.outcome),
                (Phase::Closed, Ended::Granted)
            );
            assert!(case.updated.is_some());
        }
    }
    let none = json!({"responcheckLicenseStatus": {"kode": "404", "keterangan": "Data tidak ditemukan"}});
    let problem = simply("oss-rba.json", track("I-1", Some("9120001234567")), &[(200, none)]).problem();
    assert_eq!(problem, Problem::unsent(Fault::NotFound));
    let closed = json!({"responcheckLicenseStatus": {"kode": 403, "keterangan": "User key tidak dikenal"}});
    let problem = simply("oss-rba.json", track("I-1", Some("9120001234567")), &[(200, closed)]).problem();
    assert!(matches!(problem.fault, Fault::Upstream { .. }), "{problem:?}");
}

#[test]
fn a_demarche_is_handed_off_to_where_the_citizen_finishes_it() {
    let profile = "demarches-simplifiees.json";
    let created = json!({"dossier_url": "https://demarches.example/commencer/x?prefill_token=T", "state": "prefilled",
        "dossier_number": 10015, "dossier_prefill_token": "TOKEN-1", "dossier_id": "RG9z"});
    let application = submission("82161", &[("prenom", "John"), ("nom", "Doe"), ("sujet", "x")]);
    let played = simply(profile, Intent::Submit(application), &[(201, created)]);
    assert_eq!(played.requests[0].body.content_type, "application/json");
    assert_eq!(played.requests[0].path, "api/public/v1/demarches/82161/dossiers");
    let (number, notice, facts) = played.submitted();
    assert_eq!(number, "10015");
    assert!(
        notice.contains("https://demarches.example/commencer/x?prefill_token=T"),
        "{notice}"
    );
    let told = json!([{"state": "en_instruction", "dossier_number": 10015}]).to_string();
    let adapter = adapter(&shipped(profile));
    let look = |answer: String| {
        play(
            &*adapter,
            track("10015", None),
            Known::from(facts.as_slice()),
            &[(200, answer)],
        )
    };
    let played = look(told);
    assert_eq!(played.requests[0].path, "api/public/v1/demarches/82161/dossiers");
    assert_eq!(
        played.requests[0].query,
        [("prefill_token".to_owned(), "token-1".to_owned())]
    );
    assert_eq!(played.case().status.phase, Phase::InReview);
    assert_eq!(look("[]".to_owned()).problem(), Problem::unsent(Fault::NotFound));
}

#[test]
fn document_literal_soap_has_its_elements_in_order_and_x_roads_header() {
    let mut application = submission("IMB", &[("nik", NIK), ("nama", "Siti & Budi")]);
    application.answers.0.insert(
        "syarat".to_owned(),
        Answer::Many(vec!["ktp".to_owned(), "kk".to_owned()]),
    );
    let adapter = adapter(&shipped("soap-document.json"));
    let created = "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body><r:ajukanIzinResponse xmlns:r='x'>\
        <r:nomor>IZ-1</r:nomor></r:ajukanIzinResponse></e:Body></e:Envelope>";
    let played = play(
        &*adapter,
        Intent::Submit(application.clone()),
        Known::default(),
        &[(200, created.to_owned())],
    );
    let sent = body(&played.requests[0]);
    let inner = format!(
        "<ajukanIzin xmlns=\"http://izin.example.id/v1\"><pemohon><nik>{NIK}</nik><nama>Siti &amp; Budi</nama></pemohon>\
         <jenis>IMB</jenis><syarat>ktp</syarat><syarat>kk</syarat></ajukanIzin>"
    );
    assert!(sent.contains(&inner), "{sent}");
    assert!(sent.contains("<id:memberCode>PENDOPO</id:memberCode>"), "{sent}");
    assert!(
        sent.contains(&format!(
            "<xrd:id xmlns:xrd=\"http://x-road.eu/xsd/xroad.xsd\">{APPLICATION}</xrd:id>"
        )),
        "{sent}"
    );
    assert_eq!(
        played.requests[0].body.content_type,
        "application/soap+xml; charset=UTF-8; action=\"http://izin.example.id/v1/ajukanIzin\""
    );
    assert_eq!(played.submitted().0, "IZ-1");
    let fault = "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value>\
        </e:Code><e:Reason><e:Text xml:lang='id'>Basis data penuh</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>";
    for status in [200, 500] {
        let played = play(
            &*adapter,
            Intent::Submit(application.clone()),
            Known::default(),
            &[(status, fault.to_owned())],
        );
        let problem = played.problem();
        assert_eq!(problem.sent, Sent::Unknown, "{status}");
    }
}

/// A recorded answer of another project, where the folder of recordings is there.
fn payload(name: &str) -> Option<String> {
    let folder = std::env::var_os("PENDOPO_PAYLOADS").map(PathBuf::from)?;
    let path = folder.join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

#[test]
fn recorded_soap_answers_are_read_by_profiles() {
    let Some(response) = payload("soap/soap_response.xml") else {
        eprintln!("PENDOPO_PAYLOADS is not set: recorded SOAP answers were not read");
        return;
    };
    let profile = |reference: &str, status: &str| {
        json!({"status": {"bar": "in_progress", "melding": "submitted", "Bv03": "submitted"}, "intents": {
            "track": {"request": {"path": "x", "encoding": "soap11"}, "gives": {"reference": reference, "status": status}}
        }})
        .to_string()
    };
    let look = |profile: String, number: &str, answer: String| {
        play(
            &*adapter(&profile),
            track(number, None),
            Known::default(),
            &[(200, answer)],
        )
    };
    let xroad = profile("/Envelope/Header/issue", "/Envelope/Body/*/exampleOutput");
    assert_eq!(
        look(xroad.clone(), "12345", response).case().status.phase,
        Phase::InProgress
    );
    let problem = look(xroad, "12345", payload("soap/soap_fault_technical.xml").unwrap()).problem();
    assert!(
        matches!(&problem.fault, Fault::Upstream { message, .. } if message == "Malformed SOAP message: body missing"),
        "{problem:?}"
    );
    let stuf = profile("//referentienummer", "//berichtcode");
    let case = look(
        stuf,
        "7771605337",
        payload("soap/stuf_zds_creeerZaak_response.xml").unwrap(),
    )
    .case();
    assert_eq!(case.status.phase, Phase::Submitted);
    let number = profile("//zaak/identificatie", "//melding");
    let answer = payload("soap/stuf_zds_genereerZaakIdentificatie_response.xml").unwrap();
    assert_eq!(
        look(number, "{{ zaak_identificatie }}", answer).case().status.phase,
        Phase::Submitted
    );
}

/// The bodies of a recorded cassette's answers, by their order. Its YAML quotes them with `'` and folds
/// them over lines; nothing else of it is needed.
fn cassette(text: &str) -> Vec<String> {
    let bodies = text.split("      string: '").skip(1);
    bodies
        .map(|rest| {
            let end = rest.find("'\n    headers").expect("an end");
            let lines: Vec<&str> = rest.split_at(end).0.lines().map(str::trim).collect();
            lines.join(" ").replace("''", "'")
        })
        .collect()
}

#[test]
fn recorded_zgw_answers_are_read_from_the_catalogue_to_the_case() {
    let Some(created) = payload("zgw/openforms_vcr_create_zaak.yaml") else {
        eprintln!("PENDOPO_PAYLOADS is not set: recorded ZGW answers were not read");
        return;
    };
    let adapter = adapter(&shipped("zgw.json"));
    let bodies = cassette(&created);
    let [_, types, case, _] = bodies.as_slice() else {
        panic!("{} bodies", bodies.len())
    };
    let played = play(&*adapter, Intent::Catalogue, Known::default(), &[(200, types.clone())]);
    let Step::Done {
        outcome: Outcome::Catalogue(listed),
        ..
    } = played.end
    else {
        panic!("{:?}", played.end)
    };
    assert_eq!((listed.len(), listed[0].service.code.as_str()), (1, "ZT-001"));

    let application = submission(
        "ZT-001",
        &[
            ("bsn", "111222333"),
            ("subject", "Form 267"),
            ("description", "x"),
            ("role", "r"),
        ],
    );
    let mut talk = adapter.start(Intent::Submit(application), Known::default());
    let Step::Send { request, .. } = talk.begin() else {
        panic!("nothing is asked")
    };
    assert_eq!(request.query[1], ("identificatie".to_owned(), "ZT-001".to_owned()));
    let mut found = answer(200, types);
    found
        .headers
        .push(("date".to_owned(), "Mon, 17 Aug 2026 20:00:00 GMT".to_owned()));
    let Step::Send { request, .. } = talk.resume(Ok(found)) else {
        panic!("no case is created")
    };
    let sent: Value = serde_json::from_str(&body(&request)).unwrap();
    assert_eq!(sent["startdatum"], "2026-08-18", "the day where the region is");
    assert_eq!(
        sent["zaaktype"],
        "http://localhost:8003/catalogi/api/v1/zaaktypen/f609b6fe-449a-46dc-a0af-de55dc5f6774"
    );
    assert!(
        request
            .headers
            .contains(&("Content-Crs".to_owned(), "EPSG:4326".to_owned()))
    );
    assert_eq!(request.key.as_deref(), Some(APPLICATION));
    let Step::Send { request, .. } = talk.resume(Ok(answer(201, case))) else {
        panic!("nobody applies")
    };
    assert_eq!(
        (request.path.as_str(), request.key.is_none()),
        ("zaken/api/v1/rollen", true)
    );
    // What comes behind the delivery may fail: the case is there.
    let end = talk.resume(Err(Problem {
        fault: Fault::Timeout,
        sent: Sent::Unknown,
    }));
    let Step::Done {
        outcome: Outcome::Submitted { acknowledgement, .. },
        ..
    } = end
    else {
        panic!("{end:?}")
    };
    assert_eq!(acknowledgement.shown().unwrap().as_str(), "OF-NFMZJR");

    // No status yet: what there is of it is said, and nothing else is asked.
    let list = |case: &str| format!("{{\"count\":1,\"next\":null,\"previous\":null,\"results\":[{case}]}}");
    let look = |answers: &[(u16, String)]| {
        play(
            &*adapter,
            track("OF-NFMZJR", Some("111222333")),
            Known::default(),
            answers,
        )
    };
    let case_now = look(&[(200, list(case))]).case();
    assert_eq!(
        (case_now.status.phase, case_now.status.code.as_str()),
        (Phase::Unknown, "-")
    );
    assert!(case_now.received.is_some() && case_now.expected.is_some());
    let status = "http://localhost:8003/zaken/api/v1/statussen/5d5d";
    let with_status = case.replace("\"status\":null", &format!("\"status\":\"{status}\""));
    let kind = |number: u8, end: bool| {
        let told = json!({"volgnummer": number, "isEindstatus": end, "omschrijving": "In behandeling"}).to_string();
        let held =
            json!({"statustype": "http://localhost:8003/catalogi/api/v1/statustypen/018e", "statustoelichting": "x"})
                .to_string();
        look(&[(200, list(&with_status)), (200, held), (200, told)]).case()
    };
    assert_eq!(kind(1, false).status.phase, Phase::Submitted);
    assert_eq!(kind(4, true).status.phase, Phase::Closed);
    let between = kind(2, false);
    assert_eq!(
        (between.status.phase, between.status.label.as_str()),
        (Phase::Unknown, "In behandeling"),
        "nothing is guessed"
    );
    assert_eq!(look(&[(200, list(""))]).problem(), Problem::unsent(Fault::NotFound));

    let many = cassette(&payload("zgw/openforms_vcr_catalogi_zaaktypen.yaml").unwrap());
    let types: Vec<(u16, String)> = many
        .iter()
        .filter(|body| body.contains("\"identificatie\""))
        .map(|body| (200, body.clone()))
        .collect();
    let played = play(&*adapter, Intent::Catalogue, Known::default(), &types[..1]);
    assert!(matches!(played.end, Step::Done { outcome: Outcome::Catalogue(listed), .. } if listed.len() > 1));
    let refused = json!({"type": "http://x/ref/fouten/ValidationError/", "code": "invalid", "title": "Invalid input.", "status": 400,
        "detail": "", "invalidParams": [{"name": "startdatum", "code": "required", "reason": "Dit veld is vereist."}]});
    let application = submission("ZT-001", &[("bsn", "1"), ("subject", "x")]);
    let mut talk = adapter.start(Intent::Submit(application), Known::default());
    let _ = talk.begin();
    let mut found = answer(200, &bodies[1]);
    found
        .headers
        .push(("date".to_owned(), "Mon, 17 Aug 2026 20:00:00 GMT".to_owned()));
    let _ = talk.resume(Ok(found));
    let Step::Failed(problem) = talk.resume(Ok(answer(400, &refused.to_string()))) else {
        panic!("it was taken")
    };
    assert!(
        matches!(&problem.fault, Fault::Rejected { message, .. } if message.contains("Invalid input.")),
        "{problem:?}"
    );
}

#[test]
fn open_forms_gives_a_token_first_and_a_number_when_it_has_delivered() {
    let adapter = adapter(&shipped("open-forms.json"));
    let application = submission("melding", &[("name", "Jan"), ("bsn", "111222333"), ("subject", "x")]);
    let mut talk = adapter.start(Intent::Submit(application), Known::default());
    let mut step = talk.begin();
    let site = "https://formulieren.example.nl/api/v2";
    let mut paths = Vec::new();
    for (status, told) in [
        (200, json!({"url": format!("{site}/forms/f1"), "steps": []})),
        (
            201,
            json!({"id": "s1", "steps": [{"id": "x", "url": format!("{site}/submissions/s1/steps/p1")}]}),
        ),
        (201, json!({"id": "x", "data": {}})),
        (200, json!({"statusUrl": format!("{site}/submissions/s1/tok-1/status")})),
    ] {
        let Step::Send { request, .. } = step else {
            panic!("{step:?}")
        };
        paths.push(format!("{} {}", request.method.name(), request.path));
        let mut response = answer(status, &told.to_string());
        response
            .headers
            .push(("set-cookie".to_owned(), "sessionid=abc; Path=/; HttpOnly".to_owned()));
        step = talk.resume(Ok(response));
    }
    let expected = [
        "GET api/v2/forms/melding",
        "POST api/v2/submissions",
        "PUT api/v2/submissions/s1/steps/p1",
        "POST api/v2/submissions/s1/_complete",
    ];
    assert_eq!(paths, expected);
    let Step::Done {
        outcome: Outcome::Submitted { acknowledgement, .. },
        facts,
        ..
    } = step
    else {
        panic!("{step:?}")
    };
    assert!(
        matches!(&acknowledgement, Acknowledgement::Token(token) if token.as_str() == "s1"),
        "{acknowledgement:?}"
    );
    let look = |answers: &[(u16, String)]| {
        let intent = Intent::Track {
            acknowledgement: acknowledgement.clone(),
            second_fact: None,
        };
        play(&*adapter, intent, Known::from(facts.as_slice()), answers)
    };
    let played = look(&[(
        200,
        json!({"status": "in_progress", "result": "", "publicReference": ""}).to_string(),
    )]);
    assert_eq!(played.requests[0].path, "api/v2/submissions/s1/tok-1/status");
    assert_eq!(
        played.requests[0].secrets.len(),
        1,
        "a session is nothing to be printed"
    );
    assert!(
        matches!(
            played.end,
            Step::Done {
                outcome: Outcome::Case(None),
                ..
            }
        ),
        "{:?}",
        played.end
    );
    let done = json!({"status": "done", "result": "success", "publicReference": "OF-L337"}).to_string();
    let case = look(&[(200, done.clone()), (200, done)]).case();
    assert_eq!(
        (case.reference.unwrap().as_str(), case.status.phase),
        ("OF-L337", Phase::Submitted)
    );
    let failed =
        json!({"status": "done", "result": "failed", "errorMessage": "Mislukt", "publicReference": ""}).to_string();
    let problem = look(&[(200, failed)]).problem();
    assert!(matches!(problem.fault, Fault::Rejected { message, .. } if message == "Mislukt"));
}

#[test]
fn recorded_digit_answers_are_read_and_a_complaint_bears_its_token_in_the_body() {
    let adapter = adapter(&shipped("digit-pgr.json"));
    let session = Secret::new("penanda-token".to_owned());
    let known = Known {
        facts: &[],
        session: Some(&session),
    };
    let mut complaint = submission(
        "StreetLightNotWorking",
        &[
            ("description", "x"),
            ("landmark", "Near City Hall"),
            ("locality", "SUN01"),
        ],
    );
    let place = Place {
        lat: "31.63".to_owned(),
        long: "74.87".to_owned(),
        address: "10th main".to_owned(),
    };
    complaint.answers.0.insert("place".to_owned(), Answer::Place(place));
    complaint.answers.0.insert(
        "photos".to_owned(),
        Answer::Files(vec![file("8a6e4b1e-0c41-4a55-9a0e-7d1f5f6f7a11", "a.jpg")]),
    );
    let stored = json!({"files": [{"fileStoreId": "fs-1", "tenantId": "pb"}]}).to_string();
    let created = json!({"responseInfo": {}, "ServiceWrappers": [{"service": {"serviceRequestId": "PB-PGR-2026-11-24-001"}, "workflow": {}}]}).to_string();
    let played = play(
        &*adapter,
        Intent::Submit(complaint.clone()),
        known,
        &[(201, stored.clone()), (200, created)],
    );
    let sent: Value = serde_json::from_str(&body(&played.requests[1])).unwrap();
    assert_eq!(sent["RequestInfo"]["authToken"], "penanda-token");
    assert!(!format!("{:?}", played.requests).contains("penanda-token"));
    assert_eq!(
        sent["service"]["address"]["geoLocation"],
        json!({"latitude": 31.63, "longitude": 74.87})
    );
    assert_eq!(
        sent["workflow"]["verificationDocuments"],
        json!([{"documentType": "PHOTO", "fileStoreId": "fs-1"}])
    );
    assert_eq!(played.submitted().0, "PB-PGR-2026-11-24-001");
    let Some(mock) = payload("digit/pgr_v2_mockData.json") else {
        eprintln!("PENDOPO_PAYLOADS is not set: recorded DIGIT answers were not read");
        return;
    };
    let history = json!({"ProcessInstances": [
        {"action": "ASSIGN", "state": {"applicationStatus": "PENDINGATLME"}, "comment": "Regu 2", "auditDetails": {"createdTime": 1_793_772_300_000_u64}},
        {"action": "APPLY", "state": {"applicationStatus": "PENDINGFORASSIGNMENT"}, "auditDetails": {"createdTime": 1_793_700_000_000_u64}}]});
    let case = play(
        &*adapter,
        track("string", None),
        known,
        &[(200, mock.clone()), (200, history.to_string())],
    )
    .case();
    assert_eq!(
        (case.status.phase, case.status.code.as_str()),
        (Phase::Unknown, "APPLIED"),
        "nothing is guessed"
    );
    let steps: Vec<Phase> = case
        .timeline
        .iter()
        .filter_map(|step| Some(step.status.as_ref()?.phase))
        .collect();
    assert_eq!(steps, [Phase::Submitted, Phase::InProgress]);
    // Without its history it is told all the same.
    let case = play(
        &*adapter,
        track("string", None),
        known,
        &[(200, mock), (500, "x".to_owned())],
    )
    .case();
    assert_eq!(case.service_code, "string");
    let refused = payload("digit/error_response_missing_tenant.json").unwrap();
    let problem = play(
        &*adapter,
        Intent::Submit(complaint),
        known,
        &[(201, stored), (400, refused)],
    )
    .problem();
    assert!(
        matches!(&problem.fault, Fault::Rejected { message, .. } if message == "Required String parameter 'tenantId' is not present"),
        "{problem:?}"
    );
    // Every status that its workflow knows is one that the profile names.
    let workflow: Value = serde_json::from_str(&payload("digit/pgr_workflowConfig.json").unwrap()).unwrap();
    for state in workflow["BusinessServices"][0]["states"].as_array().unwrap() {
        let Some(code) = state["applicationStatus"].as_str() else {
            continue;
        };
        let told =
            json!({"ServiceWrappers": [{"service": {"serviceRequestId": "A", "applicationStatus": code}}]}).to_string();
        let case = play(
            &*adapter,
            track("A", None),
            known,
            &[(200, told), (500, "x".to_owned())],
        )
        .case();
        assert_ne!(case.status.phase, Phase::Unknown, "{code}");
    }
}
