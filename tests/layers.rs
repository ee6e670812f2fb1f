//! Holds the order of the rooms (`src/lib.rs` tells what it is and why).
//!
//! Every source file is parsed, and every path in it is resolved to the room or crate that it names:
//! `use` trees with braces, globs and renames, `crate::`, `pendopo::` and chains of `super::`, paths
//! in expressions, types, patterns and attributes (also those written as text, such as
//! `#[serde(with = "…")]`), and the tokens of macros, which no parser opens. What it deliberately
//! does not do: it follows no type through inference; a room that never names another cannot hold
//! more of it than a value passed along.
//!
//! `layers/proofs.rs` proves, one snippet a rule, that each rule can fail.

#![expect(
    clippy::expect_used,
    reason = "a source that cannot be read fails the test, as it should"
)]

#[path = "layers/proofs.rs"]
mod proofs;
#[path = "layers/walk.rs"]
mod walk;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit as _;

use walk::Walk;

/// The rooms from the ground up; each may use itself and those above it.
const ROOMS: [&str; 10] = [
    "model",
    "forms",
    "catalogue",
    "adapters",
    "delivery",
    "store",
    "engine",
    "browser",
    "app",
    "cli",
];

/// Rooms that perform nothing: no files, no network, no clock, no threads, no futures.
const PURE: [&str; 6] = ["model", "forms", "catalogue", "adapters", "delivery", "engine"];

/// Standard library paths that a pure room never names outside of its tests.
const EFFECTS: [&[&str]; 10] = [
    &["std", "env"],
    &["std", "fs"],
    &["std", "io", "stderr"],
    &["std", "io", "stdin"],
    &["std", "io", "stdout"],
    &["std", "net"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
];

/// Crates with the only places that may name them.
const CRATES: [(&[&str], &[&str]); 3] = [
    (
        &[
            "gloo",
            "gloo_net",
            "gloo_timers",
            "gloo_utils",
            "idb",
            "js_sys",
            "wasm_bindgen",
            "wasm_bindgen_futures",
            "wasm_split_helpers",
            "web_sys",
        ],
        &["browser", "store", "app", "main.rs"],
    ),
    (
        &["leptos", "leptos_dom", "reactive_graph", "tachys"],
        &["app", "main.rs"],
    ),
    (
        &[
            "axum",
            "clap",
            "hyper",
            "reqwest",
            "rusqlite",
            "rustls",
            "tokio",
            "tower_http",
            "tracing",
            "tracing_subscriber",
        ],
        &["cli", "bin/pendopo.rs"],
    ),
];

/// What each program may name of the library.
const PROGRAMS: [(&str, &[&str]); 2] = [
    ("main.rs", &["model", "forms", "catalogue", "store", "browser", "app"]),
    (
        "bin/pendopo.rs",
        &[
            "model",
            "forms",
            "catalogue",
            "adapters",
            "delivery",
            "store",
            "engine",
            "cli",
        ],
    ),
];

/// Something that is where it must not be.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    file: String,
    line: usize,
    what: String,
}

/// Checks a tree of sources: paths below `src/`, and their text.
fn violations(sources: &[(String, String)]) -> BTreeSet<Violation> {
    let parsed: Vec<(&str, syn::File)> = sources
        .iter()
        .map(|(path, text)| (path.as_str(), syn::parse_file(text).expect("source that parses")))
        .collect();
    let tests: BTreeSet<Vec<String>> = parsed
        .iter()
        .flat_map(|(path, file)| test_files(&module_of(path), &file.items))
        .collect();
    let mut found = BTreeSet::new();
    for (path, file) in &parsed {
        let module = module_of(path);
        if PROGRAMS.iter().all(|(program, _)| program != path)
            && *path != "lib.rs"
            && !module.first().is_some_and(|room| ROOMS.contains(&room.as_str()))
        {
            found.insert(Violation {
                file: (*path).to_owned(),
                line: 1,
                what: "lies in no room".to_owned(),
            });
        }
        let in_test = tests.iter().any(|test| module.starts_with(test));
        let mut walk = Walk {
            path,
            module,
            in_test,
            found: &mut found,
        };
        walk.visit_file(file);
    }
    found
}

/// The module that a file holds: `adapters/open311/mod.rs` is `adapters::open311`.
fn module_of(path: &str) -> Vec<String> {
    if path == "lib.rs" || PROGRAMS.iter().any(|(program, _)| *program == path) {
        return Vec::new();
    }
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    stem.split('/').map(str::to_owned).collect()
}

/// Modules in files of their own that are compiled for tests alone.
fn test_files(module: &[String], items: &[syn::Item]) -> Vec<Vec<String>> {
    items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(child) if child.content.is_none() && only_in_tests(&child.attrs) => {
                Some([module, &[child.ident.to_string()]].concat())
            }
            _ => None,
        })
        .collect()
}

fn only_in_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => needs_test(list.tokens.clone()),
        _ => false,
    })
}

/// Whether a condition holds in tests alone: `test`, or `all(…)` with it.
fn needs_test(condition: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = condition.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Ident(word)] => word == "test",
        [TokenTree::Ident(word), TokenTree::Group(all)] if word == "all" => {
            let inner: Vec<TokenTree> = all.stream().into_iter().collect();
            inner
                .split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','))
                .any(|part| needs_test(part.iter().cloned().collect()))
        }
        _ => false,
    }
}

/// All files below a folder that end in `.rs`, with their paths relative to it.
fn sources(root: &Path, folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            sources(root, &entry, into);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let path = entry
                .strip_prefix(root)
                .expect("a path below")
                .to_string_lossy()
                .replace('\\', "/");
            into.push((path, fs::read_to_string(&entry).expect("a source file")));
        }
    }
}

#[test]
fn the_rooms_keep_their_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut all = Vec::new();
    sources(&root, &root, &mut all);
    for room in ROOMS.iter().filter(|room| !matches!(**room, "browser" | "app")) {
        assert!(
            all.iter().any(|(path, _)| path.starts_with(&format!("{room}/"))),
            "{room} was not read"
        );
    }
    let found: Vec<String> = violations(&all)
        .into_iter()
        .map(|violation| format!("src/{}:{}: {}", violation.file, violation.line, violation.what))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
