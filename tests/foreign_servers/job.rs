//! The whole job at a server that differs from others in its own ways.

use std::collections::BTreeMap;

use pendopo::model::answers::Answers;
use pendopo::model::application::ApplicationId;
use pendopo::model::case::{Acknowledgement, Case};
use pendopo::model::problem::Fault;
use pendopo::model::status::{Outcome, Phase};
use pendopo::model::text::Lang;
use serde_json::{Value, json};

use crate::phone::house::House;
use crate::phone::{Phone, answers, many, place, text};
use crate::server::{Dates, Definitions, Foreign, History, Ids, Key, Kind, Ways, gathered};

const BACKEND: &str = "34.04/lapor";
const DESCRIPTION: &str = "Puing & sampah di tepi sungai, 2 m³ – “bau”";

struct Job {
    ways: Ways,
    server: Foreign,
    phone: Phone,
    _house: House,
}

/// Does the whole job at a server of these ways, which the operator describes by this profile.
pub async fn job(ways: Ways, profile: Value) {
    let mut job = Job::open(ways, profile).await;
    job.refused().await;
    let id = job.delivered().await;
    job.followed(&id).await;
    job.looked_up().await;
}

impl Job {
    async fn open(ways: Ways, profile: Value) -> Self {
        let server = Foreign::start(ways).await;
        let region = json!({
            "format": 1, "code": "34.04", "name": "Kabupaten Sleman",
            "backends": [{
                "id": "lapor", "name": "Lapor Sleman", "office": "Dinas Kominfo", "adapter": "open311",
                "profile": profile
            }]
        });
        let house = House::open("34.04", &region.to_string(), &server.url).await;
        let report = &house.report;
        assert!(report.wrong.is_empty(), "{report}");
        assert_eq!((report.services, report.forms), (1, 1), "{report}");
        let phone = house.phone();
        Self {
            ways,
            server,
            phone,
            _house: house,
        }
    }

    fn asks(&self) -> bool {
        matches!(self.ways.definitions, Definitions::Given | Definitions::Flat)
    }

    fn answers(&self, description: &str) -> Answers {
        let mut given = answers([
            ("description", text(description)),
            ("location", place("-7.716165", "110.355398")),
            ("email", text("siti@contoh.id")),
        ]);
        if self.asks() {
            let asked = answers([
                ("attribute[UKURAN]", text("besar")),
                ("attribute[JENIS]", many(["plastik", "kaca"])),
                ("attribute[JUMLAH]", text("2,5")),
                ("attribute[SEJAK]", text("2026-11-19T07:30")),
            ]);
            for (field, answer) in asked.0 {
                given.0.insert(field, answer);
            }
        }
        given
    }

    async fn send(&mut self, description: &str) -> ApplicationId {
        let service = self.phone.service(&format!("{BACKEND}/{}", self.ways.code)).await;
        assert_eq!(service.service.name.get(Lang::Id), "Sampah & puing");
        let labels: Vec<&str> = service
            .service
            .form
            .iter()
            .flat_map(|form| &form.steps)
            .flat_map(|step| &step.sections)
            .flat_map(|section| &section.fields)
            .map(|field| field.label.get(Lang::Id))
            .collect();
        assert_eq!(labels.contains(&"Pertanyaan UKURAN?"), self.asks(), "{labels:?}");
        assert_eq!(labels.contains(&"Jangan dekati kabel"), self.asks(), "{labels:?}");
        let id = self.phone.fill(&service, self.answers(description));
        self.phone.send(&id);
        id
    }

    /// What the office does not take is refused in its own words.
    async fn refused(&mut self) {
        let id = self.send("Tumpukan sampah di hutan").await;
        let words = self.phone.rejected(&id).await;
        assert!(words.contains("Hutan lindung: bukan wewenang kami <kota>"), "{words}");
        assert_eq!(self.server.rows().len(), 0);
    }

    /// Everything that was answered reaches the office, once, and nothing else does.
    async fn delivered(&mut self) -> ApplicationId {
        let id = self.send(DESCRIPTION).await;
        let receipt = self.phone.delivered(&id).await;
        let rows = self.server.rows();
        let [row] = &rows[..] else {
            panic!("{rows:?}");
        };
        let mut expected = BTreeMap::from([
            ("service_code", vec![self.ways.code]),
            ("description", vec![DESCRIPTION]),
            ("lat", vec!["-7.716165"]),
            ("long", vec!["110.355398"]),
            ("email", vec!["siti@contoh.id"]),
        ]);
        if self.asks() {
            expected.insert("attribute[UKURAN]", vec!["besar"]);
            expected.insert("attribute[JENIS][]", vec!["plastik", "kaca"]);
            expected.insert("attribute[JUMLAH]", vec!["2.5"]);
            let since = match self.ways.dates {
                Dates::Z => "2026-11-19T00:30:00Z",
                Dates::Offset => "2026-11-19T07:30:00+07:00",
                Dates::Bare => "2026-11-19T07:30:00",
            };
            expected.insert("attribute[SEJAK]", vec![since]);
        }
        if let Some(jurisdiction) = self.ways.jurisdiction.filter(|_| !self.ways.jurisdiction_in_query) {
            expected.insert("jurisdiction_id", vec![jurisdiction]);
        }
        if let Key::Body(key) = self.ways.key {
            expected.insert("api_key", vec![key]);
        }
        let found = gathered(&row.pairs);
        let found: BTreeMap<&str, Vec<&str>> = found
            .iter()
            .map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(found, expected);

        let told = match (self.ways.kind, &row.number) {
            (Kind::Realtime, Some(number)) => Acknowledgement::Reference(number.parse().unwrap()),
            (Kind::Batch, None) => Acknowledgement::Token(row.token.parse().unwrap()),
            _ => Acknowledgement::Nothing,
        };
        assert_eq!(receipt.acknowledgement, told);
        // After a lost answer nobody has heard the office's thanks.
        if !self.ways.loses_the_first_answer && self.ways.kind != Kind::Silent {
            assert_eq!(receipt.notice, "Terima kasih");
        }
        id
    }

    /// Each status is shown as soon as the office has it.
    async fn followed(&mut self, id: &ApplicationId) {
        match self.ways.kind {
            Kind::Blackbox | Kind::Silent => {
                let mine = self.phone.refresh(id).await;
                return assert_eq!((mine.case, mine.trouble), (None, None));
            }
            Kind::Batch => {
                let mine = self.phone.refresh(id).await;
                assert_eq!((mine.case, mine.trouble), (None, None));
                self.server.number_tokens();
            }
            Kind::Realtime => {}
        }
        let case = self.phone.case(id).await;
        assert_eq!(case.status.phase, Phase::Submitted, "{case:?}");
        assert_eq!(case.service_name, "Sampah & puing");
        assert_eq!(case.agency, "Dinas Kebersihan");
        assert_eq!(case.received, Some(self.server.moment(0)));

        self.server.work("in_progress", "Truk berangkat & regu 2 ikut");
        let case = self.phone.case(id).await;
        assert_eq!(case.status.phase, Phase::InProgress, "{case:?}");
        assert!(remarks(&case).contains(&"Truk berangkat & regu 2 ikut"), "{case:?}");
        if self.ways.history != History::None {
            let step = case.timeline.last().unwrap();
            assert_eq!(step.at, Some(self.server.moment(2)));
        }

        self.server.work("Disposisi Camat", "Diteruskan");
        let case = self.phone.case(id).await;
        if self.ways.history != History::FixMyStreet {
            assert_eq!(case.status.phase, Phase::Unknown, "nothing is guessed: {case:?}");
            assert_eq!(case.status.code, "Disposisi Camat");
        }

        self.server.work("closed", "Sudah bersih");
        let case = self.phone.case(id).await;
        assert_eq!((case.status.phase, case.status.outcome), (Phase::Closed, Outcome::None));
        assert!(remarks(&case).contains(&"Sudah bersih"), "{case:?}");
    }

    async fn looked_up(&mut self) {
        if let Some(number) = self.server.rows()[0].number.clone() {
            let case = self.phone.look_up(BACKEND, &number).await.unwrap();
            assert_eq!(case.reference.unwrap().as_str(), number);
        }
        let wrong = match self.ways.ids {
            Ids::Integers => "9999",
            Ids::Texts => "SR-9999",
            Ids::Odd => "LAP/2026 9999",
        };
        let problem = self.phone.look_up(BACKEND, wrong).await.unwrap_err();
        assert_eq!(problem.fault, Fault::NotFound);
    }
}

fn remarks(case: &Case) -> Vec<&str> {
    case.timeline.iter().map(|step| step.remark.as_str()).collect()
}
