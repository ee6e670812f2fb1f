//! The builds that are kept: this one and those before it that a page may still be running.

use std::fs;
use std::path::Path;

use super::{PackError, disk, read_all, write};

/// How many, this one included.
pub(super) const KEPT: usize = 3;

/// The build that a packed page names.
pub(super) fn named_in(page: &str) -> Option<String> {
    let (_, after) = page.split_once("/b/")?;
    let (build, _) = after.split_once('/')?;
    is_name(build).then(|| build.to_owned())
}

fn is_name(text: &str) -> bool {
    text.len() == 12
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Copies the builds before `build` from `previous`, writes which there are, and removes others.
pub(super) fn carry_over(stage: &Path, previous: Option<&Path>, build: &str) -> Result<(), PackError> {
    let before = previous.map(listed).filter(|before| !before.is_empty());
    let before = before.unwrap_or_else(|| listed(stage));
    let mut kept = vec![build.to_owned()];
    for older in before {
        if kept.len() == KEPT {
            break;
        }
        if kept.contains(&older) {
            continue;
        }
        let place = stage.join("b").join(&older);
        if let Some(previous) = previous.filter(|_| !place.is_dir()) {
            copy(&previous.join("b").join(&older), &place)?;
        }
        if place.is_dir() {
            kept.push(older);
        }
    }
    let list = serde_json::Value::from(kept.as_slice()).to_string();
    write(&stage.join("b/builds.json"), list.as_bytes())?;
    let folder = stage.join("b");
    for entry in fs::read_dir(&folder).map_err(|cause| disk(&folder, cause))? {
        let entry = entry.map_err(|cause| disk(&folder, cause))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_name(&name) && !kept.contains(&name) {
            fs::remove_dir_all(entry.path()).map_err(|cause| disk(&entry.path(), cause))?;
        }
    }
    Ok(())
}

/// The builds of a folder, the newest first; none where it does not say.
fn listed(folder: &Path) -> Vec<String> {
    let list = fs::read(folder.join("b/builds.json")).unwrap_or_default();
    let mut names: Vec<String> = serde_json::from_slice(&list).unwrap_or_default();
    names.retain(|name| is_name(name));
    names
}

fn copy(from: &Path, to: &Path) -> Result<(), PackError> {
    if !from.is_dir() {
        return Ok(());
    }
    for (path, bytes) in read_all(from, |_| true)? {
        write(&to.join(path), &bytes)?;
    }
    Ok(())
}
