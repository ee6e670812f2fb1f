//! What the city refuses, and that it says everything that is wrong at once.

use serde_json::json;

use crate::city::{City, POTHOLE, reasons};
use crate::parts::{BOUNDARY, multipart};

/// The pothole with one pair replaced, or added.
fn with<'a>(pair: (&'a str, &'a str)) -> Vec<(&'a str, &'a str)> {
    let others = POTHOLE.into_iter().filter(|(name, _)| *name != pair.0);
    others.chain([pair]).collect()
}

#[tokio::test]
async fn an_unknown_service_is_not_found_and_a_missing_one_is_asked_for() {
    let city = City::new().await;
    let words = city.refused(&with(("service_code", "XXX-99")), 404).await;
    assert!(words[0].contains("XXX-99"));
    let words = city.refused(&[("description", "x")], 400).await;
    assert!(words[0].starts_with("service_code"));
    city.refused(&with(("jurisdiction_id", "jakarta.go.id")), 404).await;
    city.submit(&with(("jurisdiction_id", "bandung.go.id"))).await;
}

#[tokio::test]
async fn every_missing_attribute_is_named_with_its_question() {
    let city = City::new().await;
    let flood = [("service_code", "AIR-01"), ("address_string", "Jalan Pagarsih")];
    let words = city.refused(&flood, 400).await;
    assert_eq!(
        words,
        [
            "TINGGI_AIR (Setinggi apa airnya?): wajib diisi.",
            "MULAI (Sejak kapan?): wajib diisi."
        ]
    );
    assert_eq!(city.cases().await["count"], 0);
}

#[tokio::test]
async fn what_does_not_fit_its_attribute_is_refused() {
    let city = City::new().await;
    let long_line = "x".repeat(256);
    for (pairs, named) in [
        (with(("attribute[UKURAN]", "raksasa")), "UKURAN"),
        (with(("attribute[DAMPAK][]", "gempa")), "DAMPAK"),
        (with(("attribute[JUMLAH]", "banyak")), "JUMLAH"),
        (with(("attribute[JUMLAH]", "NaN")), "JUMLAH"),
        (with(("attribute[WARNA]", "merah")), "WARNA"),
        (with(("attribute[INFO]", "x")), "INFO"),
        (
            [
                &with(("attribute[UKURAN]", "besar"))[..],
                &[("attribute[UKURAN]", "kecil")],
            ]
            .concat(),
            "UKURAN",
        ),
    ] {
        let words = city.refused(&pairs, 400).await;
        assert!(words.len() == 1 && words[0].starts_with(named), "{named}: {words:?}");
    }
    let lamp = |name, value| {
        [
            ("service_code", "PJU-01"),
            ("address_string", "Dago"),
            ("attribute[JUMLAH]", "2"),
            (name, value),
        ]
    };
    for (name, value, named) in [
        ("attribute[SEJAK]", "2026-02-30", "SEJAK"),
        ("attribute[SEJAK]", "kemarin", "SEJAK"),
        ("attribute[SEJAK]", "2026-02-01T25:00:00+07:00", "SEJAK"),
        ("attribute[NOMOR_TIANG]", "dua\nbaris", "NOMOR_TIANG"),
        ("attribute[NOMOR_TIANG]", &long_line, "NOMOR_TIANG"),
    ] {
        let words = city.refused(&lamp(name, value), 400).await;
        assert!(
            words.len() == 1 && words[0].starts_with(named),
            "{name}={value:?}: {words:?}"
        );
    }
    for moment in [
        "2026-02-01",
        "2026-02-01T05:30",
        "2026-02-01T05:30:00Z",
        "2026-02-01T05:30:00.5+07:00",
    ] {
        city.submit(&lamp("attribute[SEJAK]", moment)).await;
    }
}

#[tokio::test]
async fn a_place_is_needed_and_must_be_one() {
    let city = City::new().await;
    let somewhere = |place: &[(&'static str, &'static str)]| [&[("service_code", "TIB-02")][..], place].concat();
    for place in [
        &[][..],
        &[("address_string", "   ")],
        &[("lat", "-6.9")],
        &[("long", "107.6")],
        &[("lat", "-6,9"), ("long", "107,6")],
        &[("lat", "-96.9"), ("long", "107.6")],
        &[("lat", "NaN"), ("long", "107.6")],
    ] {
        let words = city.refused(&somewhere(place), 400).await;
        assert!(words.len() == 1 && words[0].contains("lat"), "{place:?}: {words:?}");
    }
    city.submit(&somewhere(&[("lat", "-6.9"), ("long", "107.6")])).await;
    city.submit(&somewhere(&[("address_string", "Simpang Dago")])).await;
    city.submit(&somewhere(&[("address_id", "12")])).await;
}

#[tokio::test]
async fn a_description_has_at_most_a_thousand_characters_not_bytes() {
    let city = City::new().await;
    city.submit(&with(("description", &"é".repeat(1000)))).await;
    let words = city.refused(&with(("description", &"e".repeat(1001))), 400).await;
    assert!(words[0].starts_with("description"));
}

#[tokio::test]
async fn contact_and_media_address_are_checked_and_the_contact_is_never_shown_in_public() {
    let city = City::new().await;
    city.refused(&with(("email", "bukan email")), 400).await;
    city.refused(&with(("media_url", "javascript:alert(1)")), 400).await;
    let pairs = [
        &with(("email", "ibu@example.org"))[..],
        &[("first_name", "Ibu Enok"), ("media_url", "https://example.org/a.jpg")],
    ]
    .concat();
    let reference = city.reference(&pairs).await;
    let row = city.read(&format!("requests/{reference}.json")).await;
    assert_eq!(row[0]["media_url"], "https://example.org/a.jpg");
    assert!(!row.to_string().contains("Enok") && !row.to_string().contains("ibu@"));
    assert_eq!(
        city.cases().await["cases"][0]["reporter"],
        json!({"email": "ibu@example.org", "first_name": "Ibu Enok"})
    );
}

#[tokio::test]
async fn other_kinds_of_bodies_are_refused() {
    let city = City::new().await;
    let address = city.url("/open311/v2/requests.json");
    let json = city
        .client
        .post(&address)
        .header("content-type", "application/json")
        .body("{}");
    reasons(json.send().await.expect("an answer"), 400).await;
    reasons(city.client.post(&address).send().await.expect("an answer"), 400).await;
}

#[tokio::test]
async fn a_photo_comes_along_as_multipart_and_can_be_fetched_again() {
    let city = City::new().await;
    let post = |files: &[(&str, &str, &[u8])]| {
        let request = city.client.post(city.url("/open311/v2/requests.json"));
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        request.body(multipart(&POTHOLE, files)).send()
    };
    let photo: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 1, 2];
    let answer = post(&[("media", "image/jpeg", photo), ("media", "image/png", b"second")])
        .await
        .expect("an answer");
    let answer = crate::city::expect_json(answer, 201).await;
    let reference = answer[0]["service_request_id"].as_str().expect("a reference");
    let row = city.read(&format!("requests/{reference}.json")).await[0].clone();
    assert_eq!(row["description"], "Lubang di depan pasar");
    let file = city
        .client
        .get(row["media_url"].as_str().expect("an address"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(file.headers()["content-type"], "image/jpeg");
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    assert_eq!(file.bytes().await.expect("bytes"), photo);

    reasons(
        post(&[("media", "text/html", b"<script>")]).await.expect("an answer"),
        400,
    )
    .await;
    reasons(post(&[("berkas", "image/png", b"x")]).await.expect("an answer"), 400).await;
    reasons(post(&[("media", "image/png", photo); 6]).await.expect("an answer"), 400).await;
    assert_eq!(city.cases().await["count"], 1);
}

#[tokio::test]
async fn a_birth_certificate_is_asked_for_without_a_place_and_with_a_proper_nik() {
    let city = City::new().await;
    let birth = |nik: &'static str| {
        [
            ("service_code", "akta-kelahiran"),
            ("attribute[nik]", nik),
            ("attribute[nama]", "Siti Rahayu"),
            ("attribute[email]", "siti@example.org"),
            ("attribute[hp]", "081234567890"),
            ("attribute[prov]", "Jawa Barat"),
            ("attribute[namaAnak]", "Budi"),
            ("attribute[lahir]", "2026-07-30"),
            ("attribute[kelamin]", "Laki-laki"),
            ("attribute[kembar]", "Ya"),
            ("attribute[urutan]", "2"),
            ("attribute[dok][]", "KK"),
            ("attribute[dok][]", "Buku nikah"),
            ("attribute[catatan]", "Lahir\ndi rumah"),
        ]
    };
    let words = city.refused(&birth("32730157089000"), 400).await;
    assert_eq!(words, ["nik (NIK pemohon): harus 16 angka."]);
    let reference = city.reference(&birth("3273015708900001")).await;
    let case = city.cases().await["cases"][0].clone();
    assert_eq!(case["attributes"]["dok"], json!(["KK", "Buku nikah"]));
    let public = city.read(&format!("requests/{reference}.json")).await.to_string();
    assert!(
        !public.contains("3273015708900001") && !public.contains("Siti"),
        "{public}"
    );
}
