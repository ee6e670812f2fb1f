//! Bytes to trees, and pairs to bodies: what several protocols share.
//!
//! Backends answer in JSON, in XML, in one where the other was asked for, in a page of HTML, in a
//! bare sentence, or in nothing, and `Content-Type` says little about which. [`read`] looks at the
//! body itself and gives a [`Payload`]. JSON and XML both become the same bounded [`Node`] tree, so
//! that an adapter has one reader for both and for every conversion between them.
//!
//! Numbers keep the digits that were written (a case's number may exceed any integer type), doubled
//! keys are both kept, document types and their entities are never expanded.
//!
//! What this does not do: it validates nothing and knows no protocol; it streams nothing (the
//! transport bounds a body already); it mends no broken tree, half a list is not a list.

pub mod base64;
pub mod json;
pub mod multipart;
pub mod node;
pub mod text;
pub mod urlencoded;
pub mod xml;

use node::Node;
use thiserror::Error;

/// Deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;
/// Most nodes of one tree.
pub const MAX_NODES: usize = 200_000;

/// Why a body is no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Broken {
    /// It ends before it is complete.
    #[error("it is cut off")]
    CutOff,
    /// It breaks the format's grammar.
    #[error("it is malformed")]
    Malformed,
    /// It goes on after its end.
    #[error("something follows its end")]
    Trailing,
    /// It is nested deeper than [`MAX_DEPTH`] or has more than [`MAX_NODES`] nodes.
    #[error("it is nested too deeply or has too many members")]
    TooLarge,
}

/// What a body turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// Nothing but white space.
    Empty,
    /// JSON or XML: a nameless root whose children are the top-level values.
    Tree(Node),
    /// A page of HTML.
    Page,
    /// Plain words, a bare JSON string included.
    Words(String),
    /// Something that began as JSON or XML.
    Broken(Broken),
}

/// Elements at whose sight a body is a page and no data.
const PAGE_ROOTS: [&str; 16] = [
    "html", "head", "body", "title", "h1", "h2", "p", "br", "b", "center", "div", "font", "pre", "script", "table",
    "span",
];

/// Reads a body by what is in it; `content_type` only helps to decode its letters.
#[must_use]
pub fn read(body: &[u8], content_type: Option<&str>) -> Payload {
    let decoded = text::decode(body, content_type);
    let whole = decoded.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0' || letter == '\u{feff}');
    match whole.chars().next() {
        None => Payload::Empty,
        Some('<') => markup(whole),
        Some('{' | '[') => json::parse(whole).map_or_else(Payload::Broken, Payload::Tree),
        Some(_) => Payload::Words(match json::parse(whole) {
            Ok(root) => root.children.first().map(|only| only.text.clone()).unwrap_or_default(),
            Err(_) => whole.to_owned(),
        }),
    }
}

fn markup(whole: &str) -> Payload {
    let head: String = whole
        .chars()
        .take(1024)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if head.contains("<!doctype html") || head.contains("<html") {
        return Payload::Page;
    }
    match xml::parse(whole) {
        Ok(root) if root.children.iter().any(|node| is_page_root(&node.name)) => Payload::Page,
        Ok(root) => Payload::Tree(root),
        Err(broken) => {
            let first = head.trim_start_matches('<');
            let name = first.split(|letter: char| !letter.is_ascii_alphanumeric()).next();
            if name.is_some_and(is_page_root) {
                Payload::Page
            } else {
                Payload::Broken(broken)
            }
        }
    }
}

fn is_page_root(name: &str) -> bool {
    PAGE_ROOTS.iter().any(|root| name.eq_ignore_ascii_case(root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_what_it_looks_like_whatever_its_header_says() {
        let tree = |body: &str| matches!(read(body.as_bytes(), Some("text/html")), Payload::Tree(_));
        assert!(tree("\u{feff}  [ ]"));
        assert!(tree("{\"a\":1}"));
        assert!(tree("<?xml version=\"1.0\"?><services/>"));
        assert!(!tree("<!DOCTYPE html><html><body>Selamat datang</body></html>"));
    }

    #[test]
    fn pages_words_and_nothing_are_told_apart() {
        for page in [
            "<html></html>",
            "  <!doctype HTML><p>x",
            "<h1>Not Found</h1>",
            "<br />\n<b>Warning</b>: x in y on line 3",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\" \"y\"><html xmlns=\"z\"/>",
        ] {
            assert_eq!(read(page.as_bytes(), Some("application/json")), Payload::Page, "{page}");
        }
        assert_eq!(read(b" \r\n\0", None), Payload::Empty);
        assert_eq!(read(b"Unauthorized.", None), Payload::Words("Unauthorized.".to_owned()));
        assert_eq!(read(b"\"Tidak ada\"", None), Payload::Words("Tidak ada".to_owned()));
    }

    #[test]
    fn half_a_tree_is_no_tree() {
        assert_eq!(read(b"[{\"a\":1}", None), Payload::Broken(Broken::CutOff));
        assert_eq!(read(b"<services><service>", None), Payload::Broken(Broken::CutOff));
    }
}
