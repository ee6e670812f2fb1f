//! The programs as an operator starts them: a guarded backend by its region's file, its profile beside
//! `edge.toml`, and its secret in the environment.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

use crate::phone::Ask;
use crate::upstream::{Act, Heard, Upstream};

fn pendopo(folder: &Path, command: &str, key: Option<&str>) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pendopo"));
    program.current_dir(folder).args([command, "--config", "edge.toml"]);
    program.env_remove("PENANDA_KEY");
    if let Some(key) = key {
        program.env("PENANDA_KEY", key);
    }
    program.stdout(Stdio::piped()).stderr(Stdio::piped());
    program
}

fn furnish(folder: &Path, url: &str) {
    for name in ["dist", "regions"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
    std::fs::write(folder.join("dist/index.html"), "app").unwrap();
    let region = json!({
        "format": 1, "code": "32.73", "name": "Kota Bandung",
        "backends": [{
            "id": "aduan", "name": "Aduan", "office": "Dinas", "adapter": "open311", "guarded": true,
            "services": [{"code": "001", "cost": "Gratis"}]
        }]
    });
    std::fs::write(folder.join("regions/32.73.json"), region.to_string()).unwrap();
    let profile = json!({"format": "json", "jurisdiction_id": "penanda-jurisdiksi", "reconcile": "none"});
    std::fs::write(folder.join("aduan.json"), profile.to_string()).unwrap();
    let settings = format!(
        "listen = '127.0.0.1:0'\ndist = 'dist'\nregions = 'regions'\ncatalogue = 'katalog'\nledger = 'ledger'\n\
         [upstreams.'32.73/aduan']\nurl = '{url}'\nprofile = 'aduan.json'\n\
         secrets = [{{ header = 'X-Api-Key', env = 'PENANDA_KEY' }}]\n"
    );
    std::fs::write(folder.join("edge.toml"), settings).unwrap();
}

/// A GeoReport server that answers nobody without its key.
fn guarded_server(heard: &Heard) -> Act {
    let answer = |value: Value| Act::answer("200 OK", "content-type: application/json\r\n", &value.to_string());
    if heard.header("x-api-key") != Some("penanda-kunci")
        || !heard.line().contains("penanda-jurisdiksi") && heard.body.is_empty()
    {
        return Act::answer("403 Forbidden", "", "[]");
    }
    let path = heard.line().split([' ', '?']).nth(1).unwrap();
    match path {
        "/penanda-alamat/services.json" => answer(json!([{
            "service_code": "001", "service_name": "Jalan rusak", "description": "", "metadata": false,
            "type": "realtime", "keywords": "", "group": "Jalan"
        }])),
        "/penanda-alamat/requests.json" => answer(json!([{"service_request_id": "SR-7"}])),
        "/penanda-alamat/requests/SR-7.json" => answer(json!([{
            "service_request_id": "SR-7", "status": "open", "service_name": "Jalan rusak", "service_code": "001",
            "description": "penanda-uraian", "phone": "penanda-telepon", "requested_datetime": "2026-11-24T10:00:00Z"
        }])),
        _ => Act::answer("404 Not Found", "", "[]"),
    }
}

async fn run(folder: &Path, key: Option<&str>) -> Output {
    let mut program = pendopo(folder, "publish", key);
    tokio::task::spawn_blocking(move || program.output().unwrap())
        .await
        .unwrap()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

fn first_line(child: &mut Child) -> String {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    line
}

#[tokio::test(flavor = "multi_thread")]
async fn guarded_backends_are_published_by_what_they_can_do_and_nothing_else_of_them() {
    let upstream = Upstream::answering(guarded_server).await;
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), &format!("http://{}/penanda-alamat", upstream.address));
    let output = run(folder.path(), Some("penanda-kunci")).await;
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    let catalogue = folder.path().join("katalog");
    let published = files(&catalogue);
    assert!(published.len() >= 8, "{published:?}");
    let address = upstream.address.to_string();
    for (name, bytes) in &published {
        let text = if name.ends_with(".br") {
            let mut text = Vec::new();
            brotli::BrotliDecompress(&mut &bytes[..], &mut text).unwrap();
            text
        } else {
            bytes.clone()
        };
        let text = String::from_utf8_lossy(&text).into_owned();
        for hidden in ["penanda", address.as_str(), "X-Api-Key", "jurisdiction"] {
            assert!(
                !text.to_lowercase().contains(&hidden.to_lowercase()),
                "{hidden} in {name}: {text}"
            );
        }
    }
    assert!(!said.contains("penanda"), "{said}");
    let region = published
        .iter()
        .find(|(name, _)| name.ends_with("regions/32.73.json") || name.ends_with("32.73/region.json"));
    let file: Vec<Value> = published
        .iter()
        .filter(|(name, _)| name.ends_with(".json"))
        .filter_map(|(_, bytes)| serde_json::from_slice::<Value>(bytes).ok())
        .filter(|value| value["backends"][0]["guarded"] == json!(true))
        .collect();
    assert_eq!(file.len(), 1, "{region:?}");
    let backend = &file[0]["backends"][0];
    assert_eq!(
        (&backend["profile"], &backend["capabilities"]["track"]),
        (&Value::Null, &json!(true))
    );
    assert!(
        published
            .iter()
            .any(|(name, bytes)| name.ends_with("001.json") && String::from_utf8_lossy(bytes).contains("Gratis"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guarded_backends_without_their_secret_are_named_and_neither_published_nor_served() {
    let upstream = Upstream::answering(guarded_server).await;
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), &format!("http://{}/penanda-alamat", upstream.address));
    let output = run(folder.path(), None).await;
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(said.contains("the environment has no variable PENANDA_KEY"), "{said}");
    let mut child = pendopo(folder.path(), "serve", None).spawn().unwrap();
    let address = first_line(&mut child)
        .trim()
        .strip_prefix("http://")
        .unwrap()
        .parse()
        .unwrap();
    let told = Ask::new("POST", "/i/32.73/aduan")
        .header("content-type", "application/json")
        .body(json!({"format": 1, "intent": {"form": {"service": "001"}}}).to_string())
        .of(address)
        .await;
    assert_eq!(told.fault(), (404, "not_allowed", "no"));
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("32.73/aduan is not open: the environment has no variable PENANDA_KEY"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guarded_backends_are_served_by_the_adapter_that_their_profile_fits() {
    let upstream = Upstream::answering(guarded_server).await;
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), &format!("http://{}/penanda-alamat", upstream.address));
    let mut child = pendopo(folder.path(), "serve", Some("penanda-kunci")).spawn().unwrap();
    let address = first_line(&mut child)
        .trim()
        .strip_prefix("http://")
        .unwrap()
        .parse()
        .unwrap();
    let track =
        json!({"format": 1, "intent": {"track": {"acknowledgement": {"reference": "SR-7"}, "second_fact": null}}});
    let told = Ask::new("POST", "/i/32.73/aduan")
        .header("content-type", "application/json")
        .body(track.to_string())
        .of(address)
        .await;
    assert_eq!(told.status, 200, "{}", told.text());
    let value: Value = serde_json::from_slice(&told.body).unwrap();
    assert_eq!(value["ended"]["case"]["reference"], "SR-7");
    assert!(!told.text().contains("penanda"), "{}", told.text());
    let told = Ask::get("/r/32.73/aduan/requests/SR-7.json").of(address).await;
    assert_eq!(told.fault(), (404, "not_allowed", "no"));
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && !said.contains("penanda"), "{said}");
}
