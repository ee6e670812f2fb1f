//! The service worker: `sw.js` beside this file, with the lists of one build in it.

use sha2::{Digest as _, Sha256};

/// First segments of the app's own addresses, for which the cached shell may stand in; the empty one
/// is `/`. Addresses under `/embed/` are not among them: a cached page would carry the wrong
/// `frame-ancestors`.
pub const PAGES: &[&str] = &[
    "",
    "daerah",
    "layanan",
    "kotak-keluar",
    "status",
    "data-saya",
    "pengaturan",
    "privasi",
    "sematkan",
];

const TEMPLATE: &str = include_str!("sw.js");

/// The script for a build: `build_files` and `shell_files` are addresses; `shell` names the state of
/// the latter.
pub(super) fn script(build: &str, build_files: &[String], shell: &str, shell_files: &[String]) -> String {
    let list = |items: &[String]| serde_json::Value::from(items).to_string();
    let pages: Vec<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    // Phones look at it again and again; comments, each on a line of its own, stay here.
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code: Vec<&str> = TEMPLATE.lines().filter(is_code).collect();
    code.join("\n")
        .trim_start()
        .replace("@BUILD@", build)
        .replace("[\"@BUILD_FILES@\"]", &list(build_files))
        .replace("@SHELL@", shell)
        .replace("[\"@SHELL_FILES@\"]", &list(shell_files))
        .replace("[\"@PAGES@\"]", &list(&pages))
}

/// The first 12 hexadecimal digits of the SHA-256 over names and contents, each with its length.
pub(super) fn name_of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hash = Sha256::new();
    for (name, content) in files {
        for piece in [name.as_bytes(), content] {
            hash.update((piece.len() as u64).to_be_bytes());
            hash.update(piece);
        }
    }
    let digest = hash.finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::route::Route;

    #[test]
    fn the_shell_stands_in_for_every_address_of_the_app_and_no_other() {
        for path in [
            "/",
            "/daerah",
            "/daerah/32.73",
            "/layanan/32.73/lapor/001",
            "/layanan/32.73/lapor/001/isi",
            "/kotak-keluar",
            "/status",
            "/status/32.73/lapor/1",
            "/data-saya",
            "/pengaturan",
            "/privasi",
            "/sematkan",
        ] {
            assert!(!matches!(Route::parse(path), Route::Unknown(_)), "{path}");
            let first = path.split('/').nth(1).unwrap();
            assert!(PAGES.contains(&first), "{path}");
        }
        for page in PAGES {
            // Each is an address by itself, or the beginning of one.
            let known = [format!("/{page}"), format!("/{page}/32.73/lapor/001")]
                .iter()
                .any(|path| !matches!(Route::parse(path), Route::Unknown(_)));
            assert!(known, "{page}");
        }
        for path in ["embed", "r", "i", "l", "katalog", "b"] {
            assert!(!PAGES.contains(&path), "{path}");
        }
    }

    #[test]
    fn every_list_is_put_in() {
        let script = script("0123", &["/b/0123/app.js".to_owned()], "4567", &["/".to_owned()]);
        assert!(!script.contains('@'));
        assert!(script.contains("const BUILD = \"0123\";"));
        assert!(script.contains("const BUILD_FILES = [\"/b/0123/app.js\"];"));
        assert!(script.contains("const SHELL_FILES = [\"/\"];"));
        assert!(script.contains("\"kotak-keluar\""));
    }

    #[test]
    fn names_of_states_depend_on_names_and_contents() {
        let name = name_of([("a", b"1" as &[u8]), ("b", b"2")]);
        assert_eq!(name, name_of([("a", b"1" as &[u8]), ("b", b"2")]));
        assert_eq!(name.len(), 12);
        assert_ne!(name, name_of([("a", b"1" as &[u8]), ("b", b"3")]));
        assert_ne!(name, name_of([("a", b"1" as &[u8]), ("c", b"2")]));
        assert_ne!(name, name_of([("a1", b"" as &[u8]), ("b", b"2")]));
    }
}
