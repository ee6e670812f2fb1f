//! `pendopo publish`, against a GeoReport server in this process: what is written, what is kept when
//! a system is down, what is removed, and what the operator is told.

#![cfg(test)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pendopo::adapters::http::{Request, Response};
use pendopo::catalogue::areas;
use pendopo::catalogue::search::{Hit, search};
use pendopo::catalogue::{Index, PublishedRegion, PublishedService, Regions};
use pendopo::cli::compress::{brotli_all, unpack};
use pendopo::cli::publish::report::Report;
use pendopo::cli::publish::{PublishArgs, Upstream, run};
use pendopo::forms;
use pendopo::model::problem::{Fault, Problem};
use pendopo::model::text::Lang;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A GeoReport server: its answers by path, and how busy it was kept.
#[derive(Default)]
struct Server {
    answers: RefCell<BTreeMap<String, Value>>,
    down: Cell<bool>,
    under_way: Cell<usize>,
    most: Cell<usize>,
    asked: RefCell<Vec<String>>,
}

impl Server {
    fn answer(&self, path: &str, body: Value) {
        self.answers.borrow_mut().insert(path.to_owned(), body);
    }

    fn forget(&self, path: &str) {
        self.answers.borrow_mut().remove(path);
    }
}

impl Upstream for Server {
    async fn send(&self, base: &str, request: &Request) -> Result<Response, Problem> {
        assert_eq!(base, "http://lapor.invalid/v2");
        self.asked.borrow_mut().push(request.path.clone());
        self.under_way.set(self.under_way.get() + 1);
        self.most.set(self.most.get().max(self.under_way.get()));
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        self.under_way.set(self.under_way.get() - 1);
        if self.down.get() {
            return Err(Problem::unsent(Fault::Unreachable));
        }
        let answers = self.answers.borrow();
        let body = answers.get(&request.path);
        Ok(Response {
            status: if body.is_some() { 200 } else { 404 },
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
        })
    }
}

fn listed(code: &str, name: &str, metadata: bool) -> Value {
    json!({
        "service_code": code, "service_name": name, "description": "", "metadata": metadata,
        "type": "realtime", "keywords": "", "group": "Jalan"
    })
}

fn definition(code: &str, question: &str) -> Value {
    json!({"service_code": code, "attributes": [{
        "variable": true, "code": "ukuran", "datatype": "string", "required": true,
        "datatype_description": "", "order": 1, "description": question
    }]})
}

fn region(code: &str, services: Value) -> Value {
    json!({
        "format": 1, "code": code, "name": "Kota Bandung", "languages": ["id"],
        "contact": {"office": "Diskominfo"},
        "backends": [{
            "id": "lapor", "name": "Lapor Bandung", "office": "Dinas Kominfo", "adapter": "open311",
            "profile": {"format": "json"}, "services": services
        }]
    })
}

/// A folder with settings, region files and a catalogue.
struct House {
    folder: TempDir,
    server: Server,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("regions")).unwrap();
        let settings = format!(
            "listen = \"127.0.0.1:1\"\ndist = \"dist\"\nledger = \"ledger.sqlite\"\nregions = {:?}\ncatalogue = {:?}\n\n[upstreams.\"32.73/lapor\"]\nurl = \"http://lapor.invalid/v2\"\ntimeout_seconds = 3\n",
            folder.path().join("regions"),
            folder.path().join("katalog"),
        );
        fs::write(folder.path().join("edge.toml"), settings).unwrap();
        let server = Server::default();
        server.answer(
            "services.json",
            json!([listed("001", "Pothole", true), listed("SMPH", "Sampah", false)]),
        );
        server.answer("services/001.json", definition("001", "Berapa besar?"));
        let house = Self { folder, server };
        house.describe(
            "32.73",
            &region(
                "32.73",
                json!([{"code": "001", "name": "Jalan berlubang", "cost": "Gratis"}]),
            ),
        );
        house
    }

    fn describe(&self, code: &str, file: &Value) {
        let path = self.folder.path().join(format!("regions/{code}.json"));
        fs::write(path, file.to_string()).unwrap();
    }

    async fn publish(&self) -> Report {
        let args = PublishArgs {
            config: self.folder.path().join("edge.toml"),
            catalogue: None,
        };
        run(&args, &self.server).await.unwrap()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("katalog").join(path)
    }

    fn read<T: DeserializeOwned>(&self, path: &str) -> T {
        serde_json::from_slice(&fs::read(self.path(path)).unwrap()).unwrap()
    }

    fn service(&self, name: &str) -> PublishedService {
        self.read(&format!("32.73/lapor/{name}.json"))
    }

    fn page(&self) -> PublishedRegion {
        self.read("32.73/daerah.json")
    }
}

/// Every file below a folder, by path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    found
}

#[tokio::test]
async fn services_are_published_with_their_forms_and_the_regions_own_words() {
    let house = House::new();
    let report = house.publish().await;
    assert!(report.wrong.is_empty() && report.notes.is_empty(), "{report}");
    assert_eq!(
        (report.regions, report.backends, report.services, report.forms),
        (1, 1, 2, 2)
    );

    let pothole = house.service("001");
    assert_eq!(pothole.id.to_string(), "32.73/lapor/001");
    assert_eq!(pothole.service.name.get(Lang::Id), "Jalan berlubang");
    assert_eq!(pothole.service.cost.get(Lang::Id), "Gratis");
    assert_eq!(pothole.office.get(Lang::Id), "Dinas Kominfo");
    let form = pothole.service.form.clone().unwrap();
    assert_eq!(forms::compile(&form).1, []);
    let questions: Vec<&str> = form
        .steps
        .iter()
        .flat_map(|step| &step.sections)
        .flat_map(|section| &section.fields)
        .map(|field| field.label.get(Lang::Id))
        .collect();
    assert!(questions.contains(&"Berapa besar?"), "{questions:?}");
    assert_eq!(pothole.fingerprint, forms::fingerprint(&form));
    assert_eq!(pothole.upstream, Some(pothole.fingerprint.clone()));

    // Without a form of the backend's own there is the adapter's, and nothing to compare it with.
    let rubbish = house.service("~s~m~p~h");
    assert_eq!(rubbish.id.service.as_str(), "SMPH");
    assert!(rubbish.service.form.is_some() && rubbish.upstream.is_none());

    let page = house.page();
    assert_eq!(page.contact.unwrap().office, "Diskominfo");
    let backend = &page.backends[0];
    assert!(!backend.stale && backend.capabilities.submit);
    let names: Vec<&str> = backend.services.iter().map(|line| line.name.get(Lang::Id)).collect();
    assert_eq!(names, ["Jalan berlubang", "Sampah"]);
}

#[tokio::test]
async fn the_index_finds_what_was_published_and_the_list_has_every_region() {
    let house = House::new();
    house.publish().await;
    let index: Index = house.read("indeks.json");
    let regions: Vec<&str> = index.regions.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(regions, ["Jawa Barat", "Kota Bandung"]);
    assert_eq!(
        search(&index, &index.regions, "berlubang bandung", Lang::Id, 5),
        [Hit::Service(0)]
    );
    assert_eq!(index.systems.len(), 1);
    assert_eq!(index.systems[0].id.to_string(), "32.73/lapor");

    let all: Regions = house.read("wilayah.json");
    assert_eq!(all.regions.len(), 38 + 514);
    let online: Vec<(&str, u32)> = all
        .regions
        .iter()
        .filter(|line| line.services > 0)
        .map(|line| (line.code.as_str(), line.services))
        .collect();
    assert_eq!(online, [("32.73", 2)]);
}

#[tokio::test]
async fn a_backend_that_is_down_keeps_what_was_published_last_with_its_date() {
    let house = House::new();
    house.publish().await;
    let (before, page) = (house.service("001"), house.page());

    house.server.down.set(true);
    // The region's own words are laid over what is kept, too.
    house.describe(
        "32.73",
        &region("32.73", json!([{"code": "001", "name": "Lubang di jalan"}])),
    );
    let report = house.publish().await;
    assert!(
        report.to_string().contains("32.73/lapor: down (unreachable"),
        "{report}"
    );
    assert_eq!(format!("{:?}", report.exit_code()), format!("{:?}", ExitCode::SUCCESS));

    let kept = house.service("001");
    assert!(kept.stale && !before.stale);
    assert_eq!(kept.as_of, before.as_of);
    assert_eq!(
        (&kept.service.form, &kept.upstream),
        (&before.service.form, &before.upstream)
    );
    assert_eq!(kept.service.name.get(Lang::Id), "Lubang di jalan");
    let backend = &house.page().backends[0];
    assert!(backend.stale);
    assert_eq!(backend.as_of, page.backends[0].as_of);
    assert_eq!(backend.services.len(), 2);

    house.server.down.set(false);
    house.publish().await;
    assert!(!house.service("001").stale && !house.page().backends[0].stale);
}

#[tokio::test]
async fn a_backend_that_was_never_reached_is_shown_without_services() {
    let house = House::new();
    house.server.down.set(true);
    house.publish().await;
    let backend = &house.page().backends[0];
    assert!(backend.stale && backend.services.is_empty());
    let index: Index = house.read("indeks.json");
    assert!(index.services.is_empty());
}

#[tokio::test]
async fn a_backend_without_an_address_is_named_to_the_operator() {
    let house = House::new();
    let settings = fs::read_to_string(house.folder.path().join("edge.toml")).unwrap();
    let (without, _) = settings.split_once("[upstreams").unwrap();
    fs::write(house.folder.path().join("edge.toml"), without).unwrap();
    let report = house.publish().await;
    assert!(
        report.to_string().contains("no address in [upstreams.\"32.73/lapor\"]"),
        "{report}"
    );
    assert!(house.server.asked.borrow().is_empty());
}

#[tokio::test]
async fn a_form_that_does_not_come_is_the_one_published_last() {
    let house = House::new();
    house.publish().await;
    let before = house.service("001");
    house.server.answer("services/001.json", json!("not a definition"));
    let report = house.publish().await;
    let kept = house.service("001");
    assert_eq!(kept.service.form, before.service.form, "{report}");
    assert!(kept.stale && kept.as_of == before.as_of);
    assert!(!house.service("~s~m~p~h").stale);
    assert!(report.to_string().contains("32.73/lapor/001: no form"), "{report}");
}

#[tokio::test]
async fn what_is_published_no_longer_is_removed_and_what_is_not_ours_stays() {
    let house = House::new();
    house.publish().await;
    for foreign in ["notes.txt", "32.73/lapor/notes.txt", "archive/old.json"] {
        fs::create_dir_all(house.path(foreign).parent().unwrap()).unwrap();
        fs::write(house.path(foreign), "mine").unwrap();
    }
    fs::create_dir_all(house.path("11.01/old")).unwrap();
    fs::write(house.path("11.01/old/1.json"), "{}").unwrap();
    house
        .server
        .answer("services.json", json!([listed("SMPH", "Sampah", false)]));
    house.describe("32.73", &region("32.73", json!([])));
    house.publish().await;
    for gone in ["32.73/lapor/001.json", "32.73/lapor/001.json.br", "11.01"] {
        assert!(!house.path(gone).exists(), "{gone}");
    }
    for there in [
        "notes.txt",
        "32.73/lapor/notes.txt",
        "archive/old.json",
        "32.73/lapor/~s~m~p~h.json",
    ] {
        assert!(house.path(there).exists(), "{there}");
    }
}

#[tokio::test]
async fn the_same_answers_give_the_same_bytes_but_for_dates() {
    fn dateless(value: &mut Value) {
        match value {
            Value::Object(object) => {
                object.remove("as_of");
                object.values_mut().for_each(dateless);
            }
            Value::Array(items) => items.iter_mut().for_each(dateless),
            _ => {}
        }
    }
    let without_dates = |house: &House| -> BTreeMap<PathBuf, String> {
        let root = house.folder.path().join("katalog");
        files(&root)
            .into_iter()
            .filter(|(path, _)| path.extension().is_some_and(|end| end == "json"))
            .map(|(path, bytes)| {
                let mut value: Value = serde_json::from_slice(&bytes).unwrap();
                dateless(&mut value);
                (path.strip_prefix(&root).unwrap().to_owned(), value.to_string())
            })
            .collect()
    };
    let (one, other) = (House::new(), House::new());
    one.publish().await;
    other.publish().await;
    other.publish().await;
    assert_eq!(without_dates(&one), without_dates(&other));
    // Files without a date in them are the same to the last byte.
    for path in ["indeks.json", "wilayah.json", "32.73/region.json"] {
        assert_eq!(fs::read(one.path(path)).unwrap(), fs::read(other.path(path)).unwrap());
    }
}

#[tokio::test]
async fn beside_every_file_lies_its_compressed_twin_and_nothing_half_written() {
    let house = House::new();
    house.publish().await;
    house.publish().await;
    let all = files(&house.folder.path().join("katalog"));
    assert_eq!(all.len(), 2 * 6, "{:?}", all.keys());
    for (path, bytes) in &all {
        let name = path.to_string_lossy();
        if name.ends_with(".br") {
            continue;
        }
        assert!(name.ends_with(".json"), "{name}");
        let twin = PathBuf::from(format!("{name}.br"));
        assert_eq!(&unpack(&all[&twin]).unwrap(), bytes);
        // A twin that is older than its file would not be served.
        let date = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        assert!(date(&twin) >= date(path), "{name}");
    }
}

#[tokio::test]
async fn no_code_of_a_backend_leaves_its_folder_or_meets_another() {
    let house = House::new();
    let codes = [
        "../../indeks",
        "a/b",
        "A",
        "a",
        "..",
        "%2e%2e",
        "con.json",
        &"x".repeat(200),
        &"猫".repeat(200),
    ];
    let services: Vec<Value> = codes.iter().map(|code| listed(code, "Layanan", false)).collect();
    house.server.answer("services.json", json!(services));
    house.describe("32.73", &region("32.73", json!([])));
    let report = house.publish().await;
    assert_eq!(report.services, codes.len(), "{report}");
    let all = files(house.folder.path());
    let names: Vec<String> = all.keys().map(|path| path.to_string_lossy().to_lowercase()).collect();
    let ours = names
        .iter()
        .filter(|name| name.contains("/32.73/lapor/") && name.ends_with(".json"));
    assert_eq!(ours.count(), codes.len());
    let page = house.page();
    for line in &page.backends[0].services {
        let id = format!("32.73/lapor/{}", line.code).parse().unwrap();
        let address = pendopo::model::route::published_service(&id);
        let service: PublishedService = house.read(address.trim_start_matches("/katalog/"));
        assert_eq!(service.id, id);
    }
}

#[tokio::test]
async fn a_region_whose_file_is_wrong_keeps_what_was_published_and_fails_the_run_alone() {
    let house = House::new();
    house.publish().await;
    let before = files(&house.folder.path().join("katalog/32.73"));
    let mut wrong = region("32.73", json!([]));
    wrong["theme"] = json!({"nila": "blue"});
    house.describe("32.73", &wrong);
    house.describe(
        "34.04",
        &json!({"format": 1, "code": "34.04", "name": "Kabupaten Sleman", "backends": []}),
    );
    let report = house.publish().await;
    assert_eq!(format!("{:?}", report.exit_code()), format!("{:?}", ExitCode::FAILURE));
    assert!(
        report.to_string().contains("32.73.json /theme/nila: expected a colour"),
        "{report}"
    );
    assert_eq!(files(&house.folder.path().join("katalog/32.73")), before);
    assert!(house.path("34.04/daerah.json").exists());
    let index: Index = house.read("indeks.json");
    assert_eq!(index.services.len(), 2);
}

#[tokio::test]
async fn a_region_without_its_file_is_taken_down() {
    let house = House::new();
    house.publish().await;
    fs::remove_file(house.folder.path().join("regions/32.73.json")).unwrap();
    let report = house.publish().await;
    assert_eq!((report.regions, report.services), (0, 0));
    assert!(!house.path("32.73").exists());
}

#[tokio::test]
async fn a_service_of_the_regions_own_needs_no_word_of_the_backends() {
    let house = House::new();
    let form = json!({"format": 1, "steps": [{"id": "s", "title": "Data", "sections": [{"fields": [
        {"id": "nama", "type": "text", "label": "Nama", "required": true}
    ]}]}]});
    house.describe(
        "32.73",
        &region(
            "32.73",
            json!([
                {"code": "akta", "name": "Akta", "form": form}, {"code": "001", "form": form}, {"code": "kosong"}
            ]),
        ),
    );
    let report = house.publish().await;
    let own = house.service("akta");
    assert!(own.service.form.is_some() && own.upstream.is_none() && !own.stale);
    // Its form replaces the backend's, which is then not even asked for.
    assert_eq!(house.service("001").upstream, None);
    assert!(!house.server.asked.borrow().contains(&"services/001.json".to_owned()));
    assert!(!house.path("32.73/lapor/kosong.json").exists());
    assert!(
        report
            .to_string()
            .contains("32.73/lapor/kosong: not in the backend's catalogue"),
        "{report}"
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_named_by_service_place_and_what_was_expected() {
    let house = House::new();
    let mut odd = definition("001", "Apa?");
    odd["attributes"][0]["datatype"] = json!("hologram");
    house.server.answer("services/001.json", odd);
    let report = house.publish().await;
    let said = report.to_string();
    let line = said
        .lines()
        .find(|line| line.starts_with("32.73/lapor/001 /"))
        .unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains("expected") && line.contains("found hologram"), "{line}");
    house.server.forget("services/001.json");
}

#[tokio::test]
async fn a_backend_is_never_asked_more_than_four_things_at_once() {
    let house = House::new();
    let codes: Vec<String> = (0..40).map(|number| format!("{number:03}")).collect();
    let services: Vec<Value> = codes.iter().map(|code| listed(code, "Layanan", true)).collect();
    house.server.answer("services.json", json!(services));
    for code in &codes {
        house
            .server
            .answer(&format!("services/{code}.json"), definition(code, "Apa?"));
    }
    let report = house.publish().await;
    assert_eq!((report.services, report.forms), (40, 40));
    assert_eq!(house.server.most.get(), 4);
    let order: Vec<String> = house.page().backends[0]
        .services
        .iter()
        .map(|line| line.code.to_string())
        .collect();
    assert_eq!(order, codes);
}

#[tokio::test]
async fn settings_and_folders_that_cannot_be_used_are_named() {
    let house = House::new();
    fs::remove_dir_all(house.folder.path().join("regions")).unwrap();
    let args = PublishArgs {
        config: house.folder.path().join("edge.toml"),
        catalogue: None,
    };
    let error = run(&args, &house.server).await.unwrap_err().to_string();
    assert!(error.contains("/regions: "), "{error}");
    fs::write(&args.config, "dist = 1").unwrap();
    let error = run(&args, &house.server).await.unwrap_err().to_string();
    assert!(error.contains("edge.toml: dist: "), "{error}");
}

#[tokio::test]
async fn the_catalogue_goes_where_the_command_line_says() {
    let house = House::new();
    let args = PublishArgs {
        config: house.folder.path().join("edge.toml"),
        catalogue: Some(house.folder.path().join("elsewhere")),
    };
    run(&args, &house.server).await.unwrap();
    assert!(house.folder.path().join("elsewhere/indeks.json").is_file());
    assert!(!house.folder.path().join("katalog").exists());
}

#[test]
fn the_villages_of_any_regency_come_in_at_most_30_kb() {
    let regencies = areas::regencies("");
    let files: Vec<Vec<u8>> = regencies
        .iter()
        .map(|regency| serde_json::to_vec(&areas::of(regency)).unwrap())
        .collect();
    // Quicker and a little larger than what is published.
    let packed = brotli_all(&files, 9).unwrap();
    let largest = packed.iter().map(Vec::len).zip(&regencies).max().unwrap();
    println!("{} regencies, the largest {largest:?} bytes", regencies.len());
    assert_eq!(regencies.len(), 514);
    assert!(largest.0 <= 30 * 1024, "{largest:?}");
}
