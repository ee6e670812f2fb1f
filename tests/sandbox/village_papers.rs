//! The village's letters, documents and complaints: each call, and each shape of a refusal.

use reqwest::Method;
use serde_json::{Value, json};

use crate::city::{City, expect_json};
use crate::parts::{BOUNDARY, multipart};
use crate::village::{BASE, BUDI, SITI, Village, business};

#[tokio::test]
async fn letters_come_with_their_template_and_with_the_form_made_from_it() {
    let village = Village::new().await;
    let list = village.read("surat/jenis-permohonan").await;
    let letters = list["data"].as_array().expect("a list");
    assert_eq!((letters.len(), &list["meta"]["pagination"]["total"]), (7, &json!(7)));
    let kinds: std::collections::BTreeSet<&str> = letters
        .iter()
        .filter_map(|letter| letter["attributes"]["kode_isian"].as_array())
        .flatten()
        .filter_map(|question| question["tipe"].as_str())
        .collect();
    let all = [
        "date",
        "number",
        "select-manual",
        "select-otomatis",
        "text",
        "textarea",
        "time",
    ];
    assert_eq!(kinds, all.into());
    let birth = letters
        .iter()
        .find(|letter| letter["id"] == "195")
        .expect("the letter on a birth");
    let form = birth["attributes"]["form_surat"].as_array().expect("a form");
    let sex = form
        .iter()
        .find(|field| field["name"] == "jenis_kelamin")
        .expect("a field");
    assert_eq!((&sex["type"], &sex["required"]), (&json!("select"), &json!(true)));
    assert_eq!(sex["values"][1], json!({"label": "Perempuan", "value": "Perempuan"}));
    let names: Vec<&str> = form.iter().filter_map(|field| field["name"].as_str()).collect();
    assert!(names.ends_with(&["keterangan", "no_hp_aktif", "syarat"]), "{names:?}");
    assert_eq!(
        form.last().map(|field| field["values"].as_array().map_or(0, Vec::len)),
        Some(3)
    );
    let requirements = village.read("surat/syarat").await;
    assert_eq!(
        requirements["data"][0],
        json!({"type": "syarat", "id": "1", "attributes": {"nama": "Kartu Tanda Penduduk"}})
    );
}

#[tokio::test]
async fn an_application_is_taken_in_listed_with_its_label_and_seen_by_nobody_else() {
    let mut village = Village::new().await;
    let id = village.apply().await;
    let list = village.read("surat/permohonan").await;
    let row = &list["data"][0];
    assert_eq!((&row["type"], &row["id"]), (&json!("permohonan"), &json!(id)));
    let attributes = &row["attributes"];
    assert_eq!(attributes["nama_penduduk"], "Contoh Budi Santoso");
    assert_eq!(
        (&attributes["jenis_surat"], &attributes["status"]),
        (&json!("Keterangan Usaha"), &json!("Sedang Diperiksa"))
    );
    assert!(
        attributes["tanggal_kirim"]
            .as_str()
            .is_some_and(|moment| moment.ends_with(".000000Z"))
    );
    village.settings(json!({"release": "2021"})).await;
    assert_eq!(
        village.read("surat/permohonan").await["data"][0]["attributes"]["status"],
        "Sedang diperiksa"
    );
    village.token = village.log_in(SITI).await;
    assert_eq!(village.read("surat/permohonan").await["data"], json!([]));
}

#[tokio::test]
async fn what_a_letter_needs_is_asked_for_by_field_and_no_letter_at_all_breaks_the_server() {
    let village = Village::new().await;
    let path = "surat/surat-keterangan-usaha/permohonan";
    let mut body = business();
    for name in ["nama_usaha", "syarat"] {
        body[name] = Value::Null;
    }
    let answer = expect_json(
        village.send(Method::POST, path, &body).send().await.expect("an answer"),
        422,
    )
    .await;
    let wrong: Vec<&String> = answer["errors"].as_object().expect("errors").keys().collect();
    assert_eq!(wrong, ["nama_usaha", "syarat"]);
    let answer = village
        .send(Method::POST, path, &json!({"nama_usaha": "x"}))
        .send()
        .await
        .expect("an answer");
    expect_json(answer, 500).await;
    assert_eq!(village.read("surat/permohonan").await["data"], json!([]));
}

#[tokio::test]
async fn an_incomplete_application_is_completed_once_and_another_cannot_be_changed() {
    let village = Village::new().await;
    let id = village.apply().await;
    let path = format!("surat/{id}/permohonan");
    let mut body = business();
    body["nama_usaha"] = json!("Warung Baru");
    let early = expect_json(
        village.send(Method::PUT, &path, &body).send().await.expect("an answer"),
        400,
    )
    .await;
    assert_eq!(early["code"], 400);
    village.moved(&id, "belum_lengkap").await;
    assert_eq!(
        village.read("surat/permohonan").await["data"][0]["attributes"]["status"],
        "Belum Lengkap"
    );
    let lacking = village
        .send(Method::PUT, &path, &json!({"keperluan": "x"}))
        .send()
        .await
        .expect("an answer");
    assert!(expect_json(lacking, 422).await["errors"]["nama_usaha"].is_array());
    let done = expect_json(
        village.send(Method::PUT, &path, &body).send().await.expect("an answer"),
        200,
    )
    .await;
    assert_eq!(
        (&done["data"]["id"], &done["data"]["attributes"]["status"]),
        (&json!(id), &json!("Sedang Diperiksa"))
    );
    let cases = village.city.control_read(&format!("{BASE}/sandbox/cases")).await;
    assert_eq!(
        (&cases["count"], &cases["letters"][0]["answers"]["nama_usaha"]),
        (&json!(1), &json!("Warung Baru"))
    );
    let other = village
        .send(Method::PUT, "surat/99/permohonan", &body)
        .send()
        .await
        .expect("an answer");
    assert!(
        expect_json(other, 400).await["messages"]
            .as_str()
            .is_some_and(|words| words.contains("No query results"))
    );
}

#[tokio::test]
async fn a_put_as_multipart_is_not_read_and_one_release_cancels_whatever_it_holds() {
    let village = Village::new().await;
    let id = village.apply().await;
    village.moved(&id, "belum_lengkap").await;
    let request = village.call(Method::PUT, &format!("layanan-mandiri/surat/{id}/permohonan"));
    let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    let sent = request
        .body(multipart(&[("nama_usaha", "x")], &[]))
        .send()
        .await
        .expect("an answer");
    assert!(expect_json(sent, 422).await["errors"]["nama_usaha"].is_array());
    village.settings(json!({"update": "cancel"})).await;
    let sent = village.send(Method::PUT, &format!("surat/{id}/permohonan"), &business());
    let answer = expect_json(sent.send().await.expect("an answer"), 200).await;
    assert_eq!(answer["messages"], "Permohonan surat berhasil dibatalkan.");
    assert_eq!(
        village.read("surat/permohonan").await["data"][0]["attributes"]["status"],
        "Dibatalkan"
    );
}

#[tokio::test]
async fn the_list_has_pages_an_order_and_one_filter_and_refuses_others() {
    let village = Village::new().await;
    for _ in 0..17 {
        village.apply().await;
    }
    let first = village.read("surat/permohonan").await;
    assert_eq!(first["data"].as_array().map(Vec::len), Some(15));
    let pagination = json!({"total": 17, "count": 15, "per_page": 15, "current_page": 1, "total_pages": 2});
    assert_eq!(first["meta"]["pagination"], pagination);
    let next = first["links"]["next"].as_str().expect("a link");
    assert!(next.ends_with("/surat/permohonan?page[number]=2"), "{next}");
    let second = village
        .read("surat/permohonan?page[number]=2&page[size]=10&sort=-id")
        .await;
    assert_eq!(
        (&second["data"][0]["id"], second["data"].as_array().map(Vec::len)),
        (&json!("7"), Some(7))
    );
    assert_eq!(
        village.read("surat/permohonan?page[size]=5000").await["meta"]["pagination"]["per_page"],
        100
    );
    let one = village.read("surat/permohonan?filter[id]=3").await;
    assert_eq!(
        (&one["data"][0]["id"], &one["meta"]["pagination"]["total"]),
        (&json!("3"), &json!(1))
    );
    for query in ["filter[status]=1", "sort=tanggal"] {
        let path = format!("layanan-mandiri/surat/permohonan?{query}");
        let answer = village.call(Method::GET, &path).send().await.expect("an answer");
        assert!(
            expect_json(answer, 400).await["message"]
                .as_str()
                .is_some_and(|words| words.contains("not allowed"))
        );
    }
}

#[tokio::test]
async fn a_finished_letter_is_in_the_archive_under_an_id_of_its_own_and_is_a_pdf_for_its_owner_alone() {
    let mut village = Village::new().await;
    let id = village.apply().await;
    village.moved(&id, "menunggu_tandatangan").await;
    assert_eq!(village.read("surat/arsip").await["data"], json!([]));
    village.moved(&id, "siap_diambil").await;
    village.moved(&id, "sudah_diambil").await;
    let archive = village.read("surat/arsip").await;
    assert_eq!(archive["meta"]["pagination"]["total"], 1);
    let letter = &archive["data"][0];
    assert_eq!(
        (&letter["id"], &letter["attributes"]["jenis_surat"]),
        (&json!("5001"), &json!("Keterangan Usaha"))
    );
    let path = "layanan-mandiri/surat/5001/unduh";
    let answer = village.call(Method::GET, path).send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["content-type"]),
        (200, &"application/pdf".parse().expect("a value"))
    );
    let file = answer.bytes().await.expect("bytes");
    assert!(file.starts_with(b"%PDF-1.4\n") && file.ends_with(b"%%EOF\n"));
    let text = String::from_utf8_lossy(&file);
    let start: usize = text
        .rsplit("startxref\n")
        .next()
        .and_then(|rest| rest.lines().next()?.parse().ok())
        .expect("an offset");
    assert!(text[start..].starts_with("xref"), "the table is where the file says");
    assert!(text.contains("(Contoh Budi Santoso)"));
    for other in [
        format!("layanan-mandiri/surat/{id}/unduh"),
        "layanan-mandiri/surat/5002/unduh".to_owned(),
    ] {
        expect_json(village.call(Method::GET, &other).send().await.expect("an answer"), 404).await;
    }
    village.token = village.log_in(SITI).await;
    expect_json(village.call(Method::GET, path).send().await.expect("an answer"), 404).await;
}

#[tokio::test]
async fn documents_are_pdf_by_their_own_bytes_and_are_offered_in_the_form_afterwards() {
    let village = Village::new().await;
    let good = [("nama_dokumen", "KTP saya"), ("syarat", "1")];
    let answer = expect_json(
        village.upload(&good, b"%PDF-1.7 ...").send().await.expect("an answer"),
        200,
    )
    .await;
    let attributes = &answer["data"]["attributes"];
    assert_eq!(
        (&attributes["nama"], &attributes["jenis_dokumen"]),
        (&json!("KTP saya"), &json!("Kartu Tanda Penduduk"))
    );
    let url = attributes["file"].as_str().expect("an address");
    let file = village
        .city
        .client
        .get(url)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("bytes");
    assert_eq!(&file[..], b"%PDF-1.7 ...");
    let list = village.read("surat/jenis-permohonan?filter[id]=192").await;
    let form = list["data"][0]["attributes"]["form_surat"].as_array().expect("a form");
    let offered = &form.last().expect("a field")["values"][0]["form_surat"][0]["values"];
    assert_eq!(offered, &json!([{"label": "KTP saya", "value": 1}]));

    let wrong = |pairs: &'static [(&str, &str)], file: &'static [u8]| village.upload(pairs, file).send();
    let answer = expect_json(
        wrong(&[("nama_dokumen", "x"), ("syarat", "1")], &[0xff, 0xd8, 0xff])
            .await
            .expect("an answer"),
        422,
    )
    .await;
    assert!(
        answer["errors"]["file"][0]
            .as_str()
            .is_some_and(|words| words.contains("application/pdf"))
    );
    let answer = expect_json(wrong(&[("syarat", "77")], b"").await.expect("an answer"), 422).await;
    let fields: Vec<&String> = answer["errors"].as_object().expect("errors").keys().collect();
    assert_eq!(fields, ["file", "nama_dokumen", "syarat"]);
}

#[tokio::test]
async fn a_complaint_is_answered_without_its_number_and_found_in_ones_own_list() {
    let mut village = Village::new().await;
    let pairs = [
        ("email", "budi@warga.example"),
        ("telepon", "0812"),
        ("judul", "Lampu padam"),
        ("isi", "Di gang tiga"),
    ];
    let send = |pairs: &[(&str, &str)], files: &[(&str, &str, &[u8])]| {
        let request = village.call(Method::POST, "layanan-mandiri/pengaduan/store");
        let request = request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        request.body(multipart(pairs, files)).send()
    };
    let lacking = expect_json(send(&pairs, &[]).await.expect("an answer"), 422).await;
    assert!(lacking["errors"]["file"].is_array());
    let photo: (&str, &str, &[u8]) = ("file", "image/jpeg", &[0xff, 0xd8]);
    let answer = expect_json(send(&pairs, &[photo]).await.expect("an answer"), 200).await;
    assert_eq!(answer, json!({"status": true, "message": "success"}));
    let list = village.read("pengaduan").await;
    let row = &list["data"][0];
    assert_eq!(
        (&row["attributes"]["judul"], &row["attributes"]["status"]),
        (&json!("Lampu padam"), &json!("Menunggu Diproses"))
    );

    let path = format!("{BASE}/sandbox/complaints/1");
    assert_eq!(
        village
            .city
            .control(&path, json!({"status": 3, "answer": "Sudah diganti"}))
            .await
            .status(),
        204
    );
    let thread = village.read("pengaduan/detail?id=1").await;
    assert_eq!(thread["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(thread["data"][0]["attributes"]["status"], "Selesai Diproses");
    assert_eq!(thread["data"][1]["attributes"]["isi"], "Sudah diganti");
    village.settings(json!({"complaint_labels": false})).await;
    assert_eq!(village.read("pengaduan").await["data"][0]["attributes"]["status"], 3);
    let without = village
        .call(Method::GET, "layanan-mandiri/pengaduan/detail")
        .send()
        .await
        .expect("an answer");
    expect_json(without, 422).await;

    village.token = village.log_in(SITI).await;
    assert_eq!(village.read("pengaduan").await["data"], json!([]));
    assert_eq!(
        village.read("pengaduan/detail?id=1").await["data"]
            .as_array()
            .map(Vec::len),
        Some(2),
        "the server does not ask whose it is"
    );
}

#[tokio::test]
async fn the_village_has_faults_and_a_clock_of_its_own_and_the_city_goes_on() {
    let village = Village::new().await;
    let down = village
        .city
        .control(&format!("{BASE}/sandbox/faults"), json!({"mode": "error500"}))
        .await;
    expect_json(down, 200).await;
    let answer = village
        .call(Method::GET, "layanan-mandiri/surat/syarat")
        .send()
        .await
        .expect("an answer");
    assert_eq!(expect_json(answer, 500).await, json!({"message": "Server Error"}));
    village.city.read("services.json").await;
    let nowhere = village.call(Method::GET, "nowhere").send().await.expect("an answer");
    assert_eq!(nowhere.status(), 500, "a fault meets every address of the interface");
    village
        .city
        .control(
            &format!("{BASE}/sandbox/faults"),
            json!({"mode": "error429", "seconds": 9}),
        )
        .await;
    let answer = village
        .call(Method::GET, "layanan-mandiri/surat/syarat")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.headers()["retry-after"], "9");
    assert_eq!(expect_json(answer, 429).await["message"], "Too Many Attempts.");
}

#[tokio::test]
async fn the_village_officer_works_with_forms_and_sees_what_was_written_as_text() {
    let village = Village::new().await;
    let mut body = business();
    body["nama_usaha"] = json!("<script>alert(1)</script>");
    let sent = village.send(Method::POST, "surat/surat-keterangan-usaha/permohonan", &body);
    expect_json(sent.send().await.expect("an answer"), 200).await;
    assert!(
        village
            .city
            .page(&format!("{BASE}/petugas"))
            .await
            .contains("Contoh Budi Santoso")
    );
    let page = village.city.page(&format!("{BASE}/petugas/kasus/1")).await;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    let step = [("status", "belum_lengkap"), ("note", "Foto usaha belum ada")];
    let pressed = village
        .city
        .form(&format!("{BASE}/petugas/kasus/1"), &step)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (pressed.status().as_u16(), pressed.headers()["location"].to_str().ok()),
        (303, Some("/34.04/kalurahan/petugas/kasus/1"))
    );
    assert_eq!(
        village.read("surat/permohonan").await["data"][0]["attributes"]["status"],
        "Belum Lengkap"
    );
    assert!(
        village
            .city
            .page(&format!("{BASE}/petugas/petugas.css"))
            .await
            .contains("color-scheme")
    );
}

#[tokio::test]
async fn templates_as_the_real_software_exports_them_are_offered_too() {
    let Some(folder) = std::env::var_os("PENDOPO_PAYLOADS") else {
        println!("PENDOPO_PAYLOADS is not set: the software's own templates are not read.");
        return;
    };
    let file = std::path::PathBuf::from(folder).join("indonesia/opensid_letter_forms.json");
    let mut village = Village {
        city: City::with(None, Some(file)).await,
        token: String::new(),
    };
    village.token = village.log_in(BUDI).await;
    let list = village.read("surat/jenis-permohonan?page[size]=100").await;
    assert_eq!(list["data"].as_array().map(Vec::len), Some(49));
}
