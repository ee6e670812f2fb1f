//! Each rule of the rooms against a snippet that breaks it, and against one that does not.

use std::collections::BTreeSet;

use super::{PURE, ROOMS, violations};

/// What is found in one file, as `line: what`.
fn found(path: &str, text: &str) -> Vec<String> {
    violations(&[(path.to_owned(), text.to_owned())])
        .into_iter()
        .map(|violation| format!("{}: {}", violation.line, violation.what))
        .collect()
}

fn assert_found(path: &str, text: &str, what: &str) {
    assert_eq!(found(path, text), [what], "{path}: {text}");
}

fn assert_clean(path: &str, text: &str) {
    assert_eq!(found(path, text), Vec::<String>::new(), "{path}: {text}");
}

#[test]
fn a_room_may_use_itself_and_what_lies_below_it() {
    assert_clean("model/case.rs", "use super::text::Text; use crate::model::time;");
    assert_clean(
        "adapters/open311/mod.rs",
        "use super::http::Request; use crate::model::case::Case;",
    );
    assert_clean("cli/serve.rs", "use crate::{engine, store::record, adapters::http};");
    assert_clean("main.rs", "use pendopo::{app, browser}; use wasm_bindgen::JsCast;");
    assert_clean("main.rs", "use pendopo::app; use leptos::prelude::*;");
    assert_clean("bin/pendopo.rs", "use pendopo::cli; use tokio::runtime::Runtime;");
}

#[test]
fn no_room_uses_one_above_it() {
    for (index, room) in ROOMS.iter().enumerate() {
        for above in &ROOMS[index + 1..] {
            let text = format!("use crate::{above}::Thing;");
            assert!(
                found(&format!("{room}/a.rs"), &text)
                    .contains(&format!("1: {room} names {above}, which lies above it")),
                "{room} and {above}"
            );
        }
    }
}

#[test]
fn a_path_is_found_however_it_is_written() {
    let what = "1: forms names engine, which lies above it";
    for text in [
        "use crate::engine::Input;",
        "use crate::engine::*;",
        "use crate::engine as motor;",
        "use crate::{model::text::Text, engine::{self, Input}};",
        "use ::pendopo::engine::Input;",
        "use super::super::engine::Input;",
        "use self::super::super::engine::Input;",
        "fn f(input: crate::engine::Input) {}",
        "fn f() { crate::engine::start() }",
        "fn f() { let pendopo::engine::Input { .. } = g(); }",
        "fn f() -> Vec<crate::engine::Effect> { g() }",
        "impl crate::engine::Drive for X {}",
        "fn f() { vec![crate::engine::start()] }",
        "fn f() { assert!(matches!(x, crate::engine::Input::Tick)) }",
        "macro_rules! m { () => { $crate::engine::start() } }",
        "macro_rules! m { () => { use crate::{engine::Input, model::text}; } }",
        "#[serde(with = \"crate::engine::seconds\")] struct X;",
        "#[derive(crate::engine::Derive)] struct X;",
        "#[cfg(test)] mod tests { use crate::engine::Input; }",
        "mod inner { use super::super::super::engine::Input; }",
        "use crate::r#engine::Input;",
        "fn f() { use crate::engine::Input; }",
    ] {
        assert_found("forms/logic.rs", text, what);
    }
    assert_found(
        "forms/logic.rs",
        "use crate::{\n    model::text::Text,\n    engine::{\n        Input,\n    },\n};",
        "4: forms names engine, which lies above it",
    );
}

#[test]
fn super_stops_at_the_room_that_it_reaches() {
    assert_clean("forms/mod.rs", "mod tests { use super::*; }");
    assert_clean("forms/logic/parse.rs", "use super::super::model::Model;");
    assert_found(
        "forms/mod.rs",
        "use super::engine::Input;",
        "1: forms names engine, which lies above it",
    );
}

#[test]
fn the_whole_crate_is_never_taken() {
    let what = "1: forms takes the whole crate, which hides what it uses";
    for text in [
        "use crate as root;",
        "use crate::*;",
        "use super::super::*;",
        "use pendopo as root;",
        "use crate::{self as root};",
        "extern crate pendopo as root;",
    ] {
        assert_found("forms/logic.rs", text, what);
    }
}

#[test]
fn only_rooms_lie_in_the_house() {
    assert_found("utils/mod.rs", "", "1: lies in no room");
    assert_found(
        "forms/logic.rs",
        "use crate::utils::x;",
        "1: forms names crate::utils, which is no room",
    );
}

#[test]
fn no_room_re_exports_another() {
    assert_clean(
        "store/journal.rs",
        "pub use crate::model::application::Draft; pub use super::seal::Seal;",
    );
    assert_found(
        "store/journal.rs",
        "pub use crate::delivery::Outbox;",
        "1: store re-exports from delivery, which hides who uses it",
    );
}

#[test]
fn the_app_never_names_adapters_delivery_or_engine() {
    for room in ["adapters", "delivery", "engine"] {
        assert_found(
            "app/pages/home.rs",
            &format!("use crate::{room}::X;"),
            &format!("1: app names {room}"),
        );
        assert_found(
            "main.rs",
            &format!("use pendopo::{room}::X;"),
            &format!("1: main.rs names {room}"),
        );
    }
}

#[test]
fn the_app_knows_of_the_store_only_the_journal() {
    assert_clean("app/mod.rs", "use crate::store::journal::{self, Journal};");
    let what = "1: app names of store more than its journal";
    for text in [
        "use crate::store;",
        "use crate::store::*;",
        "use crate::store::{self};",
        "use crate::store::record::Record;",
        "use crate::store::{journal, record};",
        "fn f(record: crate::store::record::Record) {}",
    ] {
        assert_found("app/mod.rs", text, what);
    }
}

#[test]
fn the_sandbox_never_names_adapters() {
    assert_clean("cli/serve.rs", "use crate::adapters::http;");
    for path in ["cli/sandbox.rs", "cli/sandbox/mod.rs", "cli/sandbox/open311.rs"] {
        assert_found(path, "use crate::adapters::http;", "1: cli/sandbox names adapters");
    }
}

#[test]
fn programs_wire_only_what_is_theirs() {
    assert_found("main.rs", "use pendopo::cli::serve;", "1: main.rs names cli");
    assert_found(
        "bin/pendopo.rs",
        "use pendopo::browser::fetch;",
        "1: bin/pendopo.rs names browser",
    );
    assert_found("main.rs", "use tokio::main;", "1: main.rs names tokio");
}

#[test]
fn browser_crates_stay_at_the_browsers_edge() {
    for name in [
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "wasm_bindgen_futures",
        "gloo_net",
        "idb",
    ] {
        for room in ["browser", "store", "app"] {
            assert_clean(&format!("{room}/a.rs"), &format!("use {name}::Thing;"));
        }
        for room in ["model", "forms", "catalogue", "adapters", "delivery", "engine", "cli"] {
            for text in [
                format!("use {name}::Thing;"),
                format!("use {name};"),
                format!("use ::{name} as x;"),
                format!("fn f() {{ {name}::thing() }}"),
                format!("fn f() {{ m!({name}::thing()) }}"),
                format!("extern crate {name};"),
            ] {
                assert_found(&format!("{room}/a.rs"), &text, &format!("1: {room} names {name}"));
            }
        }
    }
}

#[test]
fn leptos_stays_in_the_app() {
    assert_clean("app/mod.rs", "use leptos::prelude::*;");
    for room in ["model", "store", "browser", "cli"] {
        assert_found(
            &format!("{room}/a.rs"),
            "use leptos::prelude::*;",
            &format!("1: {room} names leptos"),
        );
    }
}

#[test]
fn server_crates_stay_in_the_native_program() {
    for name in ["tokio", "axum", "reqwest", "rusqlite"] {
        assert_clean("cli/a.rs", &format!("use {name}::Thing;"));
        for room in ["model", "adapters", "delivery", "store", "engine", "browser", "app"] {
            assert_found(
                &format!("{room}/a.rs"),
                &format!("use {name}::Thing;"),
                &format!("1: {room} names {name}"),
            );
        }
    }
}

#[test]
fn pure_rooms_touch_neither_world_nor_clock() {
    assert_clean("adapters/a.rs", "use std::time::Duration; use std::io::Write;");
    assert_clean("store/a.rs", "use std::time::SystemTime;");
    for room in PURE {
        for (text, named) in [
            ("use std::fs;", "std::fs"),
            ("use std::{fmt, net::TcpStream};", "std::net::TcpStream"),
            ("fn f() { std::time::SystemTime::now(); }", "std::time::SystemTime::now"),
            ("use std::time::Instant;", "std::time::Instant"),
            ("fn f() { std::thread::spawn(g); }", "std::thread::spawn"),
            ("fn f() { m!(std::env::var(x)); }", "std::env::var"),
            ("use std::time::*;", "std::time::*"),
            ("use std as s;", "std"),
        ] {
            assert_found(&format!("{room}/a.rs"), text, &format!("1: {room} names {named}"));
        }
        assert_found(
            &format!("{room}/a.rs"),
            "async fn f() {}",
            &format!("1: {room} has an async function"),
        );
        assert_found(
            &format!("{room}/a.rs"),
            "fn f() { g(async {}) }",
            &format!("1: {room} has an async block"),
        );
    }
}

#[test]
fn tests_of_a_pure_room_may_read_recordings() {
    assert_clean("adapters/a.rs", "#[cfg(test)] mod tests { use std::{env, fs}; }");
    assert_clean("adapters/a.rs", "#[cfg(all(test, unix))] mod tests { use std::fs; }");
    assert_found(
        "adapters/a.rs",
        "#[cfg(not(test))] use std::fs;",
        "1: adapters names std::fs",
    );
    let apart = [
        ("adapters/a.rs".to_owned(), "#[cfg(test)] mod tests;".to_owned()),
        ("adapters/a/tests.rs".to_owned(), "use std::fs;".to_owned()),
    ];
    assert_eq!(violations(&apart), BTreeSet::new());
    assert_eq!(violations(&apart[1..]).len(), 1);
}
