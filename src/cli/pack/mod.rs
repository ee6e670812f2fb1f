//! `pendopo pack`: a build made ready to be served, for years and without a network.
//!
//! It runs as Trunk's `post_build` hook on what Trunk has staged (with `filehash = false`):
//!
//! 1. What a build is made of (scripts, wasm, styles, fonts) moves to `/b/{build}/`, names
//!    unchanged, where it may be cached for ever; `index.html` follows. The build's name is a hash
//!    of these files, and programs read it from `import.meta.url`.
//! 2. The builds before it stay reachable, since pages that were opened then still fetch their
//!    engine: this one and the two before are kept. Trunk empties its folder after the hook, so the
//!    older ones are copied over from there; `/b/builds.json` names them, the newest first.
//! 3. `/sw.js` is written, with the list of what the app needs without a network.
//! 4. Beside every file that becomes smaller by it lies a `.br`.
//!
//! Icons, manifest, `robots.txt`, `embed-1.js` and whatever else Trunk copied stay where they are:
//! others know them by their address. Run twice, it changes nothing the second time.
//!
//! What it does not do: build, minify, or look into scripts; published catalogues lie elsewhere.

mod builds;
mod references;
mod table;
mod worker;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use thiserror::Error;

use super::compress::{BEST, QUICK, brotli_all};
pub use table::{Row, Table};
pub use worker::PAGES;

/// What moves into the build's folder, by the end of its name.
const OF_BUILD: &[&str] = &["bin", "css", "js", "mjs", "wasm", "woff2"];
/// Scripts that others know by their address.
const AT_ROOT: &[&str] = &["sw.js", "embed-1.js"];
/// What the shell shows besides its page. Icons as PNG are the system's, which fetches them when it
/// installs the app.
const OF_SHELL: &[&str] = &["ico", "svg", "webmanifest"];
/// What compression makes smaller.
const COMPRESSIBLE: &[&str] = &[
    "bin",
    "css",
    "html",
    "ico",
    "js",
    "json",
    "map",
    "md",
    "mjs",
    "svg",
    "ts",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// Makes a build ready to be served: moves it below /b/, writes the service worker, compresses.
#[derive(Args, Clone, Debug, Default)]
pub struct PackArgs {
    /// Folder of the build; Trunk's hook names it in `TRUNK_STAGING_DIR`.
    #[arg(value_name = "DIST")]
    pub dist: Option<PathBuf>,
    /// Folder of the build before, whose builds are kept; Trunk's hook names it in `TRUNK_DIST_DIR`.
    #[arg(long, value_name = "DIR")]
    pub previous: Option<PathBuf>,
}

/// Why a build could not be packed.
#[derive(Debug, Error)]
pub enum PackError {
    /// Neither an argument nor Trunk says where the build is.
    #[error("no folder to pack: name one, or run as Trunk's post_build hook (TRUNK_STAGING_DIR)")]
    NoFolder,
    /// The folder has no page.
    #[error("{} has no index.html in UTF-8", .0.display())]
    NoPage(PathBuf),
    /// There is neither a build to move nor one that was moved before.
    #[error("{} has no scripts, and its index.html names no build", .0.display())]
    NoBuild(PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {cause}", path.display())]
    Disk {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}

/// A file, by its path below the folder, with `/` between names.
type File = (String, Vec<u8>);

/// Packs what the arguments or Trunk's hook name, and gives the sizes to print.
///
/// # Errors
/// [`PackError`]; a build that is packed half can be packed again.
pub fn run(args: &PackArgs) -> Result<Table, PackError> {
    let by_trunk = |name| env::var_os(name).map(PathBuf::from);
    let stage = args.dist.clone().or_else(|| by_trunk("TRUNK_STAGING_DIR"));
    let stage = stage.ok_or(PackError::NoFolder)?;
    let previous = args.previous.clone().or_else(|| by_trunk("TRUNK_DIST_DIR"));
    let debug = env::var_os("TRUNK_PROFILE").is_some_and(|profile| profile == "debug");
    pack(&stage, previous.as_deref(), if debug { QUICK } else { BEST })
}

/// Packs `stage`, keeping older builds of `previous`.
///
/// # Errors
/// [`PackError`].
pub fn pack(stage: &Path, previous: Option<&Path>, quality: u32) -> Result<Table, PackError> {
    let files = read_all(stage, |path| {
        !path.starts_with("b/") && path != "sw.js" && !path.ends_with(".br")
    })?;
    let page = files.iter().find(|(path, _)| path == "index.html");
    let page = page.and_then(|(_, bytes)| String::from_utf8(bytes.clone()).ok());
    let mut page = page.ok_or_else(|| PackError::NoPage(stage.to_owned()))?;
    let (of_build, at_root): (Vec<File>, Vec<File>) = files.into_iter().partition(|(path, _)| is_of_build(path));
    let build = if of_build.is_empty() {
        // Packed before; then its page says which build it is.
        builds::named_in(&page).ok_or_else(|| PackError::NoBuild(stage.to_owned()))?
    } else {
        let build = worker::name_of(of_build.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())));
        let prefix = format!("/b/{build}/");
        for (path, bytes) in &of_build {
            write(&stage.join(prefix.trim_start_matches('/')).join(path), bytes)?;
        }
        let moved: BTreeSet<String> = of_build.iter().map(|(path, _)| path.clone()).collect();
        page = references::rewrite(&page, &moved, &prefix);
        write(&stage.join("index.html"), page.as_bytes())?;
        for path in &moved {
            remove_moved(stage, path)?;
        }
        build
    };
    builds::carry_over(stage, previous, &build)?;
    let build_files = read_all(&stage.join("b").join(&build), |path| !path.ends_with(".br"))?;
    write_worker(stage, &build, &build_files, &at_root, &page)?;
    compress(stage, quality)?;
    table::measure(stage, &build)
}

fn is_of_build(path: &str) -> bool {
    ends_in(path, OF_BUILD) && !AT_ROOT.contains(&path)
}

fn ends_in(path: &str, endings: &[&str]) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default();
    path.contains('.') && endings.contains(&ending)
}

fn write_worker(stage: &Path, build: &str, of_build: &[File], at_root: &[File], page: &str) -> Result<(), PackError> {
    let build_files: Vec<String> = of_build
        .iter()
        .filter(|(path, _)| is_of_build(path))
        .map(|(path, _)| format!("/b/{build}/{path}"))
        .collect();
    let shell: Vec<&File> = at_root.iter().filter(|(path, _)| ends_in(path, OF_SHELL)).collect();
    let contents = shell.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let state = worker::name_of(std::iter::once(("index.html", page.as_bytes())).chain(contents));
    let mut shell_files = vec!["/".to_owned()];
    shell_files.extend(shell.iter().map(|(path, _)| format!("/{path}")));
    let script = worker::script(build, &build_files, &state, &shell_files);
    write(&stage.join("sw.js"), script.as_bytes())
}

fn compress(stage: &Path, quality: u32) -> Result<(), PackError> {
    let mut files = read_all(stage, |path| ends_in(path, COMPRESSIBLE))?;
    // Older builds were compressed when they were made.
    files.retain(|(path, _)| !(path.starts_with("b/") && twin(&stage.join(path)).is_file()));
    let contents: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
    let compressed = brotli_all(&contents, quality).map_err(|cause| disk(stage, cause))?;
    for ((path, bytes), small) in files.iter().zip(compressed) {
        let twin = twin(&stage.join(path));
        if small.len() < bytes.len() {
            write(&twin, &small)?;
        } else if twin.is_file() {
            fs::remove_file(&twin).map_err(|cause| disk(&twin, cause))?;
        }
    }
    Ok(())
}

/// The path of a file's compressed twin.
fn twin(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

fn disk(path: &Path, cause: io::Error) -> PackError {
    PackError::Disk {
        path: path.to_owned(),
        cause,
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), PackError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|cause| disk(folder, cause))?;
    }
    fs::write(path, bytes).map_err(|cause| disk(path, cause))
}

/// Removes a file that has moved, and the folders that it leaves empty.
fn remove_moved(stage: &Path, path: &str) -> Result<(), PackError> {
    let file = stage.join(path);
    fs::remove_file(&file).map_err(|cause| disk(&file, cause))?;
    let twin = twin(&file);
    if twin.is_file() {
        fs::remove_file(&twin).map_err(|cause| disk(&twin, cause))?;
    }
    let mut folder = file.parent();
    while let Some(empty) = folder.filter(|folder| *folder != stage && fs::remove_dir(folder).is_ok()) {
        folder = empty.parent();
    }
    Ok(())
}

/// Every file below `folder` that is `wanted`, by path; none where there is no folder.
fn read_all(folder: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<File>, PackError> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|cause| disk(&folder, cause))? {
            let entry = entry.map_err(|cause| disk(&folder, cause))?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(|cause| disk(&entry.path(), cause))?;
            if kind.is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else if kind.is_file() && wanted(&path) {
                let bytes = fs::read(entry.path()).map_err(|cause| disk(&entry.path(), cause))?;
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    Ok(files)
}
