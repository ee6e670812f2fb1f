//! Bandung: the city, the edge in front of it, and a citizen's phone.

use pendopo::catalogue::PublishedService;
use pendopo::model::answers::Answers;
use pendopo::model::application::ApplicationId;
use pendopo::model::case::Acknowledgement;
use pendopo::model::receipt::Receipt;
use serde_json::{Value, json};

use crate::city::{City, expect_json};
use crate::phone::house::House;
use crate::phone::{Phone, answers, many, place, text};

pub const BACKEND: &str = "32.73/lapor";

/// The region's file, as the demonstration has it.
const REGION: &str = include_str!("../demo/regions/32.73.json");

pub struct Home {
    pub city: City,
    pub phone: Phone,
    /// Serves as long as it is here.
    _house: House,
}

impl Home {
    pub async fn new() -> Self {
        let city = City::new().await;
        let house = House::open("32.73", REGION, &city.running.endpoint()).await;
        assert!(house.report.wrong.is_empty(), "{}", house.report);
        let phone = house.phone();
        Self {
            city,
            phone,
            _house: house,
        }
    }

    pub async fn service(&self, code: &str) -> PublishedService {
        self.phone.service(&format!("{BACKEND}/{code}")).await
    }

    /// Fills in a form and presses "Kirim".
    pub async fn send(&mut self, code: &str, answers: Answers) -> ApplicationId {
        let service = self.service(code).await;
        let id = self.phone.fill(&service, answers);
        self.phone.send(&id);
        id
    }

    pub async fn fault(&self, mode: &str) {
        let answer = self.city.control("/sandbox/faults", json!({ "mode": mode })).await;
        assert_eq!(answer.status(), 200, "{mode}");
    }

    /// The only case that the city has.
    pub async fn only_case(&self) -> Value {
        let cases = self.city.cases().await;
        assert_eq!(cases["count"], 1, "{cases}");
        cases["cases"][0].clone()
    }

    /// An officer moves a case along.
    pub async fn officer(&self, number: &str, step: Value) {
        let answer = self.city.control(&format!("/sandbox/cases/{number}"), step).await;
        expect_json(answer, 200).await;
    }
}

/// The number in a receipt.
pub fn number(receipt: &Receipt) -> &str {
    match &receipt.acknowledgement {
        Acknowledgement::Reference(number) => number.as_str(),
        other => panic!("{other:?}"),
    }
}

/// A hole in the road, as a citizen reports it.
pub fn pothole() -> Answers {
    answers([
        (
            "description",
            text("Lubang besar di depan Pasar Cihapit, sudah dua motor jatuh"),
        ),
        ("attribute[UKURAN]", text("besar")),
        ("attribute[JUMLAH]", text("3")),
        ("attribute[DAMPAK]", many(["macet", "jatuh"])),
        ("location", place("-6.9147", "107.6098")),
        ("first_name", text("Asep")),
    ])
}

/// A crossing that is wished for: this service gives numbers later.
pub fn crossing() -> Answers {
    answers([
        ("description", text("Anak sekolah menyeberang di sini setiap pagi")),
        ("attribute[DEKAT]", many(["sekolah"])),
        ("location", place("-6.9", "107.61")),
    ])
}

/// A bribe that was asked for: this service gives no numbers.
pub fn bribe() -> Answers {
    answers([
        (
            "description",
            text("Diminta uang tunai untuk legalisir yang seharusnya gratis"),
        ),
        ("attribute[INSTANSI]", text("Kantor kelurahan")),
        ("location", place("-6.92", "107.6")),
    ])
}
