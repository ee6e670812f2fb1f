//! Regions by the hundred: a GeoReport server for every code that is asked for, to see how publishing and
//! searching bear a whole country.
//!
//! | address | answer |
//! |---|---|
//! | `/banyak/{code}/services.json` | 50 services |
//! | `/banyak/{code}/services/{service}.json` | the definition of each fifth |
//!
//! What a region offers is drawn from [`WORDS`] by its code, always the same, in names that differ from
//! region to region as they do in life. A third of all regions is down, in three ways that systems have
//! of being down: whose code, as a number, leaves 0 divided by nine says so (503), 3 says nothing at all,
//! 6 shows a page.
//!
//! What it does not do: take reports. It is a catalogue and nothing behind it.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

/// Services of each region.
pub(super) const SERVICES: usize = 50;

/// What services are about: group, and things that go wrong in it or are asked for.
const WORDS: [(&str, [&str; 6]); 12] = [
    (
        "Jalan dan jembatan",
        [
            "Jalan berlubang",
            "Jembatan rusak",
            "Trotoar rusak",
            "Bahu jalan longsor",
            "Marka pudar",
            "Drainase tersumbat",
        ],
    ),
    (
        "Penerangan",
        [
            "Lampu jalan padam",
            "Tiang lampu miring",
            "Kabel menjuntai",
            "Lampu taman mati",
            "Permohonan lampu baru",
            "Lampu menyala siang",
        ],
    ),
    (
        "Kebersihan",
        [
            "Sampah menumpuk",
            "TPS liar",
            "Permohonan bak sampah",
            "Pengangkutan terlambat",
            "Sungai penuh sampah",
            "Bangkai hewan",
        ],
    ),
    (
        "Air minum",
        [
            "Pipa bocor",
            "Air keruh",
            "Air tidak mengalir",
            "Meteran rusak",
            "Sambungan baru",
            "Tagihan tidak wajar",
        ],
    ),
    (
        "Kependudukan",
        [
            "KTP elektronik hilang",
            "Kartu keluarga baru",
            "Akta kelahiran",
            "Akta kematian",
            "Surat pindah",
            "Kartu identitas anak",
        ],
    ),
    (
        "Perizinan",
        [
            "Izin mendirikan bangunan",
            "Izin reklame",
            "Izin keramaian",
            "Izin usaha mikro",
            "Izin praktik dokter",
            "Izin penelitian",
        ],
    ),
    (
        "Kesehatan",
        [
            "Antrean puskesmas",
            "Fogging demam berdarah",
            "Vaksinasi anak",
            "Ambulans desa",
            "Keluhan rumah sakit",
            "Gizi buruk",
        ],
    ),
    (
        "Sosial",
        [
            "Bantuan pangan",
            "Rumah tidak layak huni",
            "Lansia terlantar",
            "Penyandang disabilitas",
            "Data kesejahteraan",
            "Anak jalanan",
        ],
    ),
    (
        "Pendidikan",
        [
            "Pungutan sekolah",
            "Sekolah rusak",
            "Beasiswa daerah",
            "Penerimaan murid",
            "Mutasi murid",
            "Guru tidak hadir",
        ],
    ),
    (
        "Ketertiban",
        [
            "Pedagang kaki lima",
            "Parkir liar",
            "Kebisingan",
            "Bangunan liar",
            "Miras ilegal",
            "Hewan lepas",
        ],
    ),
    (
        "Perhubungan",
        [
            "Lampu lalu lintas mati",
            "Rambu hilang",
            "Angkutan ugal-ugalan",
            "Halte rusak",
            "Uji kendaraan",
            "Terminal kotor",
        ],
    ),
    (
        "Pertanian",
        [
            "Pupuk langka",
            "Irigasi rusak",
            "Hama tanaman",
            "Vaksin ternak",
            "Alat mesin pertanian",
            "Harga panen jatuh",
        ],
    ),
];
/// How regions call the same thing.
const MANNERS: [&str; 6] = [
    "",
    "Laporan: ",
    "Pengaduan ",
    "Layanan ",
    "Aduan ",
    "Permohonan penanganan ",
];
/// What regions write under it.
const SENTENCES: [&str; 8] = [
    "Petugas memeriksa lokasi paling lambat tiga hari kerja.",
    "Sertakan foto dan patokan terdekat agar mudah ditemukan.",
    "Diteruskan kepada dinas teknis yang berwenang.",
    "Gratis, tanpa pungutan apa pun.",
    "Berlaku bagi warga dengan KTP setempat.",
    "Untuk keadaan darurat hubungi 112.",
    "Hasilnya diberitahukan lewat nomor laporan.",
    "Kantor kecamatan menerima berkas aslinya.",
];

/// All of them.
pub(super) fn routes() -> Router {
    Router::new()
        .route("/banyak/{code}/services.json", get(services))
        .route("/banyak/{code}/services/{service}", get(definition))
}

/// How a region is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Down {
    Says,
    Silent,
    ShowsPage,
}

fn down(code: &str) -> Option<Down> {
    match number(code) % 9 {
        0 => Some(Down::Says),
        3 => Some(Down::Silent),
        6 => Some(Down::ShowsPage),
        _ => None,
    }
}

impl Down {
    async fn response(self) -> Response {
        match self {
            Self::Says => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            Self::Silent => std::future::pending().await,
            Self::ShowsPage => Html("<h1>Sedang dalam pemeliharaan</h1>").into_response(),
        }
    }
}

/// A code's digits as a number.
fn number(code: &str) -> usize {
    let digits = code.bytes().filter(u8::is_ascii_digit);
    digits.fold(0, |number, digit| {
        number
            .wrapping_mul(10)
            .wrapping_add(usize::from(digit.wrapping_sub(b'0')))
    })
}

async fn services(Path(code): Path<String>) -> Response {
    if let Some(down) = down(&code) {
        return down.response().await;
    }
    let services: Vec<Value> = (0..SERVICES).map(|at| service(&code, at)).collect();
    data(&Value::Array(services))
}

fn service(code: &str, at: usize) -> Value {
    // Steps without a common divisor with the number of things: each comes once.
    let things = WORDS.len() * 6;
    let thing = (number(code).wrapping_mul(31).wrapping_add(at.wrapping_mul(7))) % things;
    let (group, names) = WORDS.get(thing / 6).copied().unwrap_or_default();
    let name = names.get(thing % 6).copied().unwrap_or_default();
    let manner = MANNERS
        .get(number(code) / 7 % MANNERS.len())
        .copied()
        .unwrap_or_default();
    let sentence = |by: usize| {
        SENTENCES
            .get((number(code) / by + at) % SENTENCES.len())
            .copied()
            .unwrap_or_default()
    };
    json!({
        "service_code": format!("{}-{at:02}", number(code) % 97),
        "service_name": format!("{manner}{name}"),
        "description": format!("{} {}", sentence(1), sentence(11)),
        "metadata": at.is_multiple_of(5),
        "type": "realtime",
        "keywords": "",
        "group": group,
    })
}

async fn definition(Path((code, service)): Path<(String, String)>) -> Response {
    if let Some(down) = down(&code) {
        return down.response().await;
    }
    let Some(service) = service.strip_suffix(".json") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let question = |order: usize, code: &str, datatype: &str, description: &str| {
        json!({
            "variable": true, "code": code, "datatype": datatype, "required": order == 1, "order": order,
            "datatype_description": "", "description": description,
        })
    };
    data(&json!({
        "service_code": service,
        "attributes": [
            question(1, "SEJAK", "datetime", "Sejak kapan?"),
            question(2, "JUMLAH", "number", "Berapa banyak?"),
            question(3, "CATATAN", "text", "Apa lagi yang perlu kami ketahui?"),
        ],
    }))
}

fn data(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_service_of_a_region_is_another_and_a_third_of_all_regions_is_down() {
        for code in ["11.01", "32.73", "94.71"] {
            let names: BTreeSet<String> = (0..SERVICES)
                .map(|at| service(code, at)["service_name"].to_string())
                .collect();
            assert_eq!(names.len(), SERVICES, "{code}");
        }
        let codes: Vec<String> = (11..95)
            .flat_map(|p| (1..10).map(move |r| format!("{p}.{r:02}")))
            .collect();
        let of = |how| codes.iter().filter(|code| down(code) == how).count();
        let third = codes.len() / 9;
        for how in [Down::Says, Down::Silent, Down::ShowsPage] {
            assert!(
                of(Some(how)).abs_diff(third) <= third / 10,
                "{how:?}: {}",
                of(Some(how))
            );
        }
    }
}
