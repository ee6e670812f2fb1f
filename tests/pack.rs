//! `pendopo pack`, on a staging folder as Trunk leaves one.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pendopo::cli::compress::{QUICK, unpack};
use pendopo::cli::pack::{Table, pack};
use serde_json::Value;
use tempfile::TempDir;

const PAGE: &str = r#"<!DOCTYPE html><html lang=id><head><meta charset=utf-8>
<link rel="stylesheet" href="/pendopo.css"/>
<link rel=modulepreload href=/app.js>
<link rel="preload" href="/app_bg.wasm" as="fetch" type="application/wasm" crossorigin>
<link rel="icon" href="/atap.svg"><link rel="manifest" href="/manifest.webmanifest">
<script type="module" src="/start.js"></script></head><body><a href="/daerah">Daerah</a></body></html>"#;

/// What Trunk stages, with `app` as the app's script.
fn stage(folder: &Path, app: &str) {
    let wasm: String = (0..2000).map(|number| format!("code {} ", number % 7)).collect();
    for (path, content) in [
        ("index.html", PAGE),
        ("app.js", app),
        ("app_bg.wasm", &wasm),
        ("engine.js", "import init from './app.js';await init();"),
        ("engine.wasm", &wasm),
        ("start.js", "import(new URL('app.js', import.meta.url))"),
        ("snippets/idb-0/inline.js", "export {}"),
        ("pendopo.css", "body { color: black; background: white }"),
        (
            "atap.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h1\"/></svg>",
        ),
        ("manifest.webmanifest", "{\"name\": \"Pendopo\"}"),
        ("robots.txt", "User-agent: *\nDisallow: /embed/\n"),
        ("embed-1.js", "customElements.define('pendopo-widget', class {});"),
    ] {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// Every file below a folder, by its path with `/`.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

struct Dist(TempDir);

impl Dist {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Builds as Trunk does: stages below the folder, packs, empties the folder, moves it there.
    fn build(&self, app: &str) -> Table {
        let staged = self.path().join(".stage");
        fs::create_dir(&staged).unwrap();
        stage(&staged, app);
        let table = pack(&staged, Some(self.path()), QUICK).unwrap();
        let entries = |folder: &Path| -> Vec<PathBuf> {
            fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect()
        };
        for old in entries(self.path())
            .into_iter()
            .filter(|path| !path.ends_with(".stage"))
        {
            if old.is_dir() {
                fs::remove_dir_all(old).unwrap();
            } else {
                fs::remove_file(old).unwrap();
            }
        }
        for new in entries(&staged) {
            fs::rename(&new, self.path().join(new.file_name().unwrap())).unwrap();
        }
        fs::remove_dir(staged).unwrap();
        table
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    fn builds(&self) -> Vec<String> {
        serde_json::from_str(&self.text("b/builds.json")).unwrap()
    }
}

fn list(script: &str, name: &str) -> Vec<String> {
    let (_, after) = script.split_once(&format!("const {name} = ")).unwrap();
    let (list, _) = after.split_once(';').unwrap();
    let list: Value = serde_json::from_str(list).unwrap();
    serde_json::from_value(list).unwrap()
}

#[test]
fn a_build_moves_into_its_folder_with_its_names_and_the_page_follows() {
    let dist = Dist::new();
    let build = dist.build("export default 1").build;
    assert!(build.len() == 12 && build.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let all = files(dist.path());
    for name in [
        "app.js",
        "app_bg.wasm",
        "engine.js",
        "engine.wasm",
        "start.js",
        "pendopo.css",
        "snippets/idb-0/inline.js",
    ] {
        assert!(all.contains_key(&format!("b/{build}/{name}")), "{name}");
        assert!(!all.contains_key(name), "{name}");
    }
    for name in [
        "index.html",
        "atap.svg",
        "manifest.webmanifest",
        "robots.txt",
        "embed-1.js",
        "sw.js",
    ] {
        assert!(all.contains_key(name), "{name}");
    }
    assert!(!dist.path().join("snippets").exists());
    let expected = PAGE
        .replace("/pendopo.css", &format!("/b/{build}/pendopo.css"))
        .replace("/app.js", &format!("/b/{build}/app.js"))
        .replace("/app_bg.wasm", &format!("/b/{build}/app_bg.wasm"))
        .replace("/start.js", &format!("/b/{build}/start.js"));
    assert_eq!(dist.text("index.html"), expected);
}

#[test]
fn a_builds_name_depends_on_what_it_is_made_of_and_on_nothing_else() {
    let (one, other) = (Dist::new(), Dist::new());
    let first = one.build("export default 1").build;
    assert_eq!(other.build("export default 1").build, first);
    assert_ne!(one.build("export default 2").build, first);
    // A picture is no part of the build: phones keep what they have.
    let third = Dist::new();
    stage(third.path(), "export default 1");
    fs::write(third.path().join("atap.svg"), "<svg/>").unwrap();
    assert_eq!(pack(third.path(), None, QUICK).unwrap().build, first);
}

#[test]
fn this_build_and_the_two_before_it_are_kept_the_newest_first() {
    let dist = Dist::new();
    let mut builds: Vec<String> = (0..5)
        .map(|number| dist.build(&format!("export default {number}")).build)
        .collect();
    builds.reverse();
    assert_eq!(dist.builds(), builds[..3]);
    let folders: Vec<String> = fs::read_dir(dist.path().join("b"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders.len(), 3);
    assert_eq!(dist.text(&format!("b/{}/app.js", builds[2])), "export default 2");
    assert!(dist.path().join(format!("b/{}/app_bg.wasm.br", builds[2])).is_file());
    // The same build again is not another one, and an older one again is the newest.
    dist.build("export default 4");
    assert_eq!(dist.builds(), builds[..3]);
    dist.build("export default 2");
    assert_eq!(dist.builds(), [2, 0, 1].map(|at: usize| builds[at].clone()));
}

#[test]
fn the_worker_names_every_file_that_the_app_needs_and_only_files_that_exist() {
    let dist = Dist::new();
    dist.build("export default 1");
    let build = dist.build("export default 2").build;
    let script = dist.text("sw.js");
    let of_build = list(&script, "BUILD_FILES");
    let expected: Vec<String> = files(dist.path())
        .into_keys()
        .filter(|path| path.starts_with(&format!("b/{build}/")) && !path.ends_with(".br"))
        .map(|path| format!("/{path}"))
        .collect();
    assert_eq!(of_build, expected);
    assert_eq!(
        list(&script, "SHELL_FILES"),
        ["/", "/atap.svg", "/manifest.webmanifest"]
    );
    for path in list(&script, "SHELL_FILES").iter().filter(|path| *path != "/") {
        assert!(dist.path().join(path.trim_start_matches('/')).is_file(), "{path}");
    }
    assert!(script.contains(&format!("const BUILD = \"{build}\"")));
    assert!(!script.contains('@'));
}

#[test]
fn the_worker_changes_when_the_page_or_a_picture_does() {
    let script = |change: &dyn Fn(&Path)| {
        let dist = Dist::new();
        stage(dist.path(), "export default 1");
        change(dist.path());
        pack(dist.path(), None, QUICK).unwrap();
        dist.text("sw.js")
    };
    let as_it_was = script(&|_| {});
    assert_eq!(script(&|_| {}), as_it_was);
    assert_ne!(
        script(&|folder| fs::write(folder.join("atap.svg"), "<svg/>").unwrap()),
        as_it_was
    );
    let page = PAGE.replace("Daerah", "Semua daerah");
    assert_ne!(
        script(&|folder| fs::write(folder.join("index.html"), &page).unwrap()),
        as_it_was
    );
    assert_eq!(
        script(&|folder| fs::write(folder.join("robots.txt"), "").unwrap()),
        as_it_was
    );
}

#[test]
fn compressed_twins_decode_to_their_files_and_exist_where_they_are_smaller() {
    let dist = Dist::new();
    let build = dist.build("export default 1").build;
    let all = files(dist.path());
    let twins: Vec<&String> = all.keys().filter(|path| path.ends_with(".br")).collect();
    for twin in &twins {
        let plain = &all[twin.trim_end_matches(".br")];
        assert!(all[*twin].len() < plain.len(), "{twin}");
        assert_eq!(&unpack(&all[*twin]).unwrap(), plain, "{twin}");
    }
    for path in [
        "index.html".to_owned(),
        "sw.js".to_owned(),
        format!("b/{build}/app_bg.wasm"),
    ] {
        assert!(all.contains_key(&format!("{path}.br")), "{path}");
    }
}

#[test]
fn packing_twice_changes_nothing() {
    let dist = Dist::new();
    dist.build("export default 1");
    let first = dist.build("export default 2");
    let before = files(dist.path());
    let again = pack(dist.path(), None, QUICK).unwrap();
    assert_eq!(files(dist.path()), before);
    assert_eq!(again, first);
}

#[test]
fn the_table_sums_what_it_lists() {
    let dist = Dist::new();
    let table = dist.build("export default 1");
    let all = files(dist.path());
    for row in &table.rows {
        assert_eq!(row.raw, all[&row.path].len() as u64, "{}", row.path);
        let twin = all
            .get(&format!("{}.br", row.path))
            .map_or(row.raw, |twin| twin.len() as u64);
        assert_eq!(row.wire, twin, "{}", row.path);
    }
    let printed = table.to_string();
    let sums: Vec<&str> = printed.lines().last().unwrap().split_whitespace().collect();
    let raw: u64 = table.rows.iter().map(|row| row.raw).sum();
    let wire: u64 = table.rows.iter().map(|row| row.wire).sum();
    assert_eq!(sums, ["all", &raw.to_string(), &wire.to_string()]);
}

#[test]
fn a_folder_without_a_build_is_refused_with_the_reason() {
    let empty = tempfile::tempdir().unwrap();
    let error = pack(empty.path(), None, QUICK).unwrap_err().to_string();
    assert!(error.contains("no index.html"), "{error}");
    fs::write(empty.path().join("index.html"), "<p>hello").unwrap();
    let error = pack(empty.path(), None, QUICK).unwrap_err().to_string();
    assert!(error.contains("no scripts"), "{error}");
}
