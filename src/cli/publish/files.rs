//! The catalogue's folder on disk: written file by file, each whole or not at all, and rid of what
//! is no longer published.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::last::place;
use crate::cli::compress::{BEST, brotli_all, unpack};
use crate::model::region::{BackendName, RegionCode};

/// Writes files by their addresses in the order given, each with a `.br` beside it. A file whose
/// bytes are there already is left alone.
///
/// # Errors
/// The first that a disk gives, with the file's path.
pub(super) fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), (PathBuf, io::Error)> {
    let changed: Vec<(PathBuf, &[u8])> = files
        .iter()
        .map(|(address, bytes)| (place(folder, address), bytes.as_slice()))
        .filter(|(path, bytes)| !same(path, bytes))
        .collect();
    let contents: Vec<&[u8]> = changed.iter().map(|(_, bytes)| *bytes).collect();
    let compressed = brotli_all(&contents, BEST).map_err(|error| (folder.to_owned(), error))?;
    for ((path, bytes), small) in changed.iter().zip(compressed) {
        // In this order: a compressed file that is older than the plain one is not served.
        write_whole(path, bytes).map_err(|error| (path.clone(), error))?;
        write_whole(&beside(path), &small).map_err(|error| (beside(path), error))?;
    }
    Ok(())
}

fn same(path: &Path, bytes: &[u8]) -> bool {
    let plain = fs::read(path).is_ok_and(|there| there == bytes);
    plain && fs::read(beside(path)).is_ok_and(|small| unpack(&small).is_ok_and(|there| there == bytes))
}

/// The path of a file's compressed twin.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".br");
    name.into()
}

/// Writes beside the place and then moves there, so that a reader sees the old file or the new one.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".tmp");
    let temporary = PathBuf::from(name);
    let mut file = fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    drop(file);
    fs::rename(&temporary, path)
}

/// Removes what is published no longer: files of ours, in folders of ours, that are not in `kept`.
/// Nothing else in the folder is touched, should it be the wrong one.
///
/// # Errors
/// The first that a disk gives.
pub(super) fn sweep(folder: &Path, kept: &BTreeSet<String>) -> io::Result<()> {
    let kept: BTreeSet<PathBuf> = kept
        .iter()
        .map(|address| place(folder, address))
        .flat_map(|path| [beside(&path), path])
        .collect();
    for region in folders(folder, |name| name.parse::<RegionCode>().is_ok())? {
        for backend in folders(&region, |name| name.parse::<BackendName>().is_ok())? {
            sweep_one(&backend, &kept)?;
        }
        sweep_one(&region, &kept)?;
    }
    Ok(())
}

fn folders(folder: &Path, ours: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name().to_str().is_some_and(&ours) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn sweep_one(folder: &Path, kept: &BTreeSet<PathBuf>) -> io::Result<()> {
    let mut left = false;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = [".json", ".json.br", ".json.tmp", ".json.br.tmp"]
            .iter()
            .any(|end| name.ends_with(end));
        if ours && entry.file_type()?.is_file() && !kept.contains(&entry.path()) {
            fs::remove_file(entry.path())?;
        } else {
            left = true;
        }
    }
    if !left {
        fs::remove_dir(folder)?;
    }
    Ok(())
}
