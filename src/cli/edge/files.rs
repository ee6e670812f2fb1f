//! Static files: the app's and the published catalogue's.
//!
//! A file is read once, hashed for its `ETag`, and kept in memory within a bound, until its date or
//! length on disk changes. Where a `.br` file lies beside it that is not older, those bytes go to
//! clients that accept brotli; otherwise it is compressed here, once.
//!
//! Nothing outside the folder is ever read, no matter how it is asked for or linked; there are no
//! listings, and names that begin with a dot do not exist.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::model::route::{decode, encode};

/// Most bytes that one folder's files take in memory.
const MEMORY: usize = 96 * 1024 * 1024;
/// Files below this many bytes are not worth compressing.
const SMALL: usize = 512;
/// Brotli's quality for files that nobody compressed before: most of the gain, little of the time.
const QUALITY: u32 = 5;

/// How long a browser may keep a file without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It never changes: one year.
    Forever,
    /// An hour, and for a day after that while it is asked for anew: what other sites load on each of
    /// their pages.
    Hour,
    /// It must ask each time.
    Ask,
}

/// A folder that is served.
#[derive(Clone)]
pub struct Folder(Arc<Inner>);

struct Inner {
    root: PathBuf,
    /// The only extension that is served, if there is but one.
    only: Option<&'static str>,
    kept: Mutex<Kept>,
    /// Held while a file is read and compressed, so that this happens once.
    loading: Mutex<()>,
}

#[derive(Default)]
struct Kept {
    files: HashMap<PathBuf, (Stamp, Arc<File>)>,
    bytes: usize,
}

/// What changes when a file or its `.br` does.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp(SystemTime, u64, Option<(SystemTime, u64)>);

/// A file, ready to be sent.
pub struct File {
    media: &'static str,
    hash: String,
    plain: Bytes,
    brotli: Option<Bytes>,
}

impl Folder {
    /// The files below `root`, which need not exist yet; with `only`, those with that extension.
    #[must_use]
    pub fn new(root: PathBuf, only: Option<&'static str>) -> Self {
        Self(Arc::new(Inner {
            root,
            only,
            kept: Mutex::default(),
            loading: Mutex::default(),
        }))
    }

    /// The file that `path` names: percent-encoded, relative to the folder. `None` if there is none
    /// that may be served.
    ///
    /// A segment names the file with its encoded name (`a%2Fb.json`) or else with its decoded one.
    pub async fn file(&self, path: &str) -> Option<Arc<File>> {
        let mut relative = PathBuf::new();
        let mut literal = PathBuf::new();
        let mut is_literal = true;
        for segment in path.split('/') {
            let name = decode(segment)?;
            let encoded = encode(&name);
            if encoded.starts_with('.') || encoded.is_empty() {
                return None;
            }
            relative.push(&encoded);
            if !is_name(&name) {
                is_literal = false;
            }
            literal.push(&name);
        }
        let extension = relative.extension()?.to_str()?.to_owned();
        if extension == "br" || self.0.only.is_some_and(|only| only != extension) {
            return None;
        }
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let media = media(&extension);
            let file = inner.load(&relative, media);
            file.or_else(|| is_literal.then(|| inner.load(&literal, media)).flatten())
        })
        .await
        .ok()
        .flatten()
    }
}

/// Whether a decoded segment is a plain file name on every system.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\' | ':'))
}

impl Inner {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn load(&self, relative: &Path, media: &'static str) -> Option<Arc<File>> {
        let root = self.root.canonicalize().ok()?;
        let path = root.join(relative).canonicalize().ok()?;
        if !path.starts_with(&root) {
            return None;
        }
        let (modified, length) = stamp(&path)?;
        let mut beside = path.clone().into_os_string();
        beside.push(".br");
        let beside = PathBuf::from(beside);
        let compressed = stamp(&beside).filter(|(at, _)| *at >= modified && !beside.is_symlink());
        let stamp = Stamp(modified, length, compressed);
        let kept = || {
            let kept = self.kept();
            let (found, file) = kept.files.get(&path)?;
            (*found == stamp).then(|| Arc::clone(file))
        };
        if let Some(file) = kept() {
            return Some(file);
        }
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = kept() {
            return Some(file);
        }
        let plain = std::fs::read(&path).ok()?;
        let brotli = match compressed {
            Some(_) => std::fs::read(&beside).ok(),
            None => compress(media, &plain),
        };
        let file = Arc::new(File {
            media,
            hash: short_hash(&plain),
            plain: plain.into(),
            brotli: brotli.map(Bytes::from),
        });
        self.kept().insert(path, stamp, &file);
        Some(file)
    }
}

impl Kept {
    fn insert(&mut self, path: PathBuf, stamp: Stamp, file: &Arc<File>) {
        if file.size() > MEMORY / 4 {
            return;
        }
        if let Some((_, old)) = self.files.remove(&path) {
            self.bytes = self.bytes.saturating_sub(old.size());
        }
        while self.bytes.saturating_add(file.size()) > MEMORY {
            let Some(victim) = self.files.keys().next().cloned() else {
                break;
            };
            if let Some((_, old)) = self.files.remove(&victim) {
                self.bytes = self.bytes.saturating_sub(old.size());
            }
        }
        self.bytes = self.bytes.saturating_add(file.size());
        self.files.insert(path, (stamp, Arc::clone(file)));
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn compress(media: &str, plain: &[u8]) -> Option<Vec<u8>> {
    let gains = media.starts_with("text/") || media.starts_with("application/") || media == "image/svg+xml";
    if !gains || plain.len() < SMALL {
        return None;
    }
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, QUALITY, 22);
    writer.write_all(plain).ok()?;
    writer.flush().ok()?;
    let compressed = writer.into_inner();
    (compressed.len() < plain.len()).then_some(compressed)
}

fn short_hash(bytes: &[u8]) -> String {
    let hash: [u8; 32] = Sha256::digest(bytes).into();
    let half = hash.into_iter().take(16);
    half.map(|byte| format!("{byte:02x}")).collect()
}

/// The media type of a file with this extension.
#[must_use]
pub fn media(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "pdf" => "application/pdf",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

impl File {
    fn size(&self) -> usize {
        let brotli = self.brotli.as_ref().map_or(0, Bytes::len);
        self.plain.len().saturating_add(brotli)
    }

    /// The answer to a request with these headers: the file, or that the client has it.
    #[must_use]
    pub fn response(&self, status: StatusCode, keep: Keep, request: &HeaderMap) -> Response<Body> {
        let brotli = self.brotli.as_ref().filter(|_| accepts_brotli(request));
        let tag = match brotli {
            Some(_) => format!("\"{}-br\"", self.hash),
            None => format!("\"{}\"", self.hash),
        };
        let has_it = status == StatusCode::OK && has(request, &tag);
        let mut response = Response::new(match (has_it, brotli) {
            (true, _) => Body::empty(),
            (false, Some(bytes)) => Body::from(bytes.clone()),
            (false, None) => Body::from(self.plain.clone()),
        });
        *response.status_mut() = if has_it { StatusCode::NOT_MODIFIED } else { status };
        let headers = response.headers_mut();
        let cache = match keep {
            Keep::Forever => "public, max-age=31536000, immutable",
            Keep::Hour => "public, max-age=3600, stale-while-revalidate=86400",
            Keep::Ask => "no-cache",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = tag.parse() {
            headers.insert(header::ETAG, tag);
        }
        if !has_it {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
            if brotli.is_some() {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            }
        }
        response
    }
}

fn accepts_brotli(request: &HeaderMap) -> bool {
    let lines = request.get_all(header::ACCEPT_ENCODING).iter();
    let codings = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    codings
        .map(|coding| coding.split_once(';').unwrap_or((coding, "")))
        .any(|(name, quality)| {
            let refused = quality
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.parse() == Ok(0.0_f32));
            name.trim().eq_ignore_ascii_case("br") && !refused
        })
}

fn has(request: &HeaderMap, tag: &str) -> bool {
    let lines = request.get_all(header::IF_NONE_MATCH).iter();
    let tags = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    tags.map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn brotli_goes_to_those_who_accept_it() {
        for (value, accepts) in [
            ("gzip, deflate, br, zstd", true),
            ("BR;q=0.5", true),
            ("br;q=0", false),
            ("br; q=0.000", false),
            ("gzip", false),
            ("brx", false),
        ] {
            assert_eq!(
                accepts_brotli(&request(header::ACCEPT_ENCODING, value)),
                accepts,
                "{value}"
            );
        }
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        for (value, known) in [
            ("\"a\"", true),
            ("\"b\", W/\"a\"", true),
            ("*", true),
            ("\"a-br\"", false),
            ("a", false),
        ] {
            assert_eq!(has(&request(header::IF_NONE_MATCH, value), "\"a\""), known, "{value}");
        }
    }

    #[tokio::test]
    async fn what_changed_on_disk_is_read_anew_and_an_old_compressed_file_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let write = |name: &str, text: &str, at: u64| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let at = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(at);
            std::fs::File::options()
                .append(true)
                .open(&path)
                .unwrap()
                .set_modified(at)
                .unwrap();
        };
        let served = Folder::new(folder.path().to_owned(), Some("json"));
        write("a.json", "one", 1000);
        write("a.json.br", "compressed one", 1000);
        let file = served.file("a.json").await.unwrap();
        assert_eq!(
            (&file.plain[..], file.brotli.as_deref()),
            (&b"one"[..], Some(&b"compressed one"[..]))
        );
        write("a.json", "two", 2000);
        let file = served.file("a.json").await.unwrap();
        assert_eq!((&file.plain[..], file.brotli.as_deref()), (&b"two"[..], None));
        std::fs::remove_file(path).unwrap();
        assert!(served.file("a.json").await.is_none());
    }

    #[tokio::test]
    async fn nothing_outside_the_folder_is_served() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("dist");
        std::fs::create_dir_all(root.join("b")).unwrap();
        for path in [
            "secret.json",
            "dist/in.json",
            "dist/.hidden.json",
            "dist/plain",
            "dist/b/deep.json",
            "dist/a%2Fb.json",
        ] {
            std::fs::write(folder.path().join(path), "{}").unwrap();
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("secret.json"), root.join("link.json")).unwrap();
            std::os::unix::fs::symlink(folder.path(), root.join("up")).unwrap();
        }
        let served = Folder::new(root, Some("json"));
        for path in ["in.json", "b/deep.json", "a%2Fb.json", "%69n.json"] {
            assert!(served.file(path).await.is_some(), "{path}");
        }
        for path in [
            "",
            "b",
            "b/",
            "plain",
            ".hidden.json",
            "%2ehidden.json",
            "../secret.json",
            "%2e%2e/secret.json",
            "..%2Fsecret.json",
            "b/../../secret.json",
            "b%2F..%2F..%2Fsecret.json",
            "link.json",
            "up/secret.json",
            "/in.json",
            "b//deep.json",
            "b%2Fdeep.json",
            "b%5Cdeep.json",
            "in.json%00",
            "in.json/",
            "%252e%252e/secret.json",
        ] {
            assert!(served.file(path).await.is_none(), "{path}");
        }
    }
}
