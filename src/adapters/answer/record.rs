//! Finding the records in an answer, however it is wrapped, and reading their members.
//!
//! The same list comes as a bare array, under one name, under two (`services`/`service`), as an
//! object of numbered members, or as the one record that a list of one collapsed to. So records are
//! found by what they contain, not by where they are. Whatever is neither a record nor a way to one,
//! and whatever member of a record nobody reads, becomes a note: nothing is dropped silently.

use std::collections::BTreeMap;

use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::{bounded, clean};
use crate::model::diagnostic::{Diagnostic, SAID};
use crate::model::problem::Fault;
use crate::model::time::Timestamp;

/// Most notes of one conversation; how many more there were is said in a last one.
const MOST_NOTES: usize = 200;

/// Most characters of one text.
const MOST_TEXT: usize = 5000;

/// What a backend said that could not be used.
#[derive(Debug, Default)]
pub(in crate::adapters) struct Notes {
    list: Vec<Diagnostic>,
    seen: Vec<String>,
    more: usize,
}

impl Notes {
    #[inline]
    pub(in crate::adapters) fn add(&mut self, path: &str, expected: &'static str, found: &str) {
        if SAID {
            self.note(path, expected, found);
        }
    }

    /// The same of what went wrong with a request.
    #[inline]
    pub(in crate::adapters) fn add_fault(&mut self, expected: &'static str, fault: &Fault) {
        if SAID {
            self.note("", expected, &fault.to_string());
        }
    }

    fn note(&mut self, path: &str, expected: &'static str, found: &str) {
        if self.list.len() < MOST_NOTES {
            self.list.push(Diagnostic::new(path, expected, found));
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// The same once for all rows of a list: the first one stands for the others.
    fn once(&mut self, kind: String, path: &str, expected: &'static str, found: &str) {
        if self.list.len() >= MOST_NOTES {
            self.more = self.more.saturating_add(1);
        } else if !self.seen.contains(&kind) {
            self.seen.push(kind);
            self.note(path, expected, found);
        }
    }

    pub(in crate::adapters) fn take(&mut self) -> Vec<Diagnostic> {
        if !SAID {
            return Vec::new();
        }
        let mut list = std::mem::take(&mut self.list);
        if self.more > 0 {
            let found = [&self.more.to_string(), " more"].concat();
            list.push(Diagnostic::new("", "fewer things that cannot be used", found));
        }
        list
    }
}

/// What a record is known by.
#[derive(Clone, Copy)]
pub(in crate::adapters) struct Marks {
    /// One of these alone makes a record.
    pub(in crate::adapters) strong: &'static [&'static str],
    /// One of these does where nothing within is a record.
    pub(in crate::adapters) weak: &'static [&'static str],
}

/// A record, and its place in the answer.
#[derive(Clone, Debug)]
pub(in crate::adapters) struct Found<'a> {
    pub(in crate::adapters) node: &'a Node,
    pub(in crate::adapters) path: String,
}

/// The records of an answer in their order. What lies beside them is noted.
pub(in crate::adapters) fn records<'a>(root: &'a Node, marks: Marks, notes: &mut Notes) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    collect(root, String::new(), marks, notes, &mut found);
    found
}

fn collect<'a>(node: &'a Node, path: String, marks: Marks, notes: &mut Notes, found: &mut Vec<Found<'a>>) {
    if is_record(node, marks) {
        found.push(Found { node, path });
        return;
    }
    if !SAID {
        for child in node.children.iter().filter(|child| !child.is_leaf()) {
            collect(child, String::new(), marks, notes, found);
        }
        return;
    }
    for (child, path) in with_paths(node, &path) {
        if child.is_leaf() {
            if !child.is_blank() {
                notes.add(&path, "a record of the list", child.scalar());
            }
        } else {
            collect(child, path, marks, notes, found);
        }
    }
}

fn is_record(node: &Node, marks: Marks) -> bool {
    let has = |names: &[&str]| {
        node.children
            .iter()
            .any(|child| names.iter().any(|name| child.is(name)))
    };
    has(marks.strong) || (has(marks.weak) && !node.children.iter().any(|child| contains(child, marks)))
}

fn contains(node: &Node, marks: Marks) -> bool {
    node.children
        .iter()
        .any(|child| marks.strong.iter().chain(marks.weak).any(|name| child.is(name)) || contains(child, marks))
}

/// A node's children with their paths: by name, and by number where several bear it.
fn with_paths<'a>(node: &'a Node, path: &str) -> Vec<(&'a Node, String)> {
    // How many bear a name and how many of them were met, each name under its own number.
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    let mut counted: Vec<(usize, usize)> = Vec::new();
    for child in &node.children {
        let number = *names.entry(&child.name).or_insert(counted.len());
        match counted.get_mut(number) {
            Some((total, _)) => *total = total.saturating_add(1),
            None => counted.push((1, 0)),
        }
    }
    node.children
        .iter()
        .map(|child| {
            let name: &str = &child.name;
            let mut place = path.to_owned();
            if !name.is_empty() {
                place.push('/');
                place.push_str(name);
            }
            if let Some((total, next)) = names.get(name).and_then(|number| counted.get_mut(*number)) {
                if *total > 1 {
                    place.push('/');
                    place.push_str(&next.to_string());
                }
                *next = next.saturating_add(1);
            }
            (child, place)
        })
        .collect()
}

/// A record's members, by name.
pub(in crate::adapters) struct Record<'a, 'n> {
    node: &'a Node,
    path: &'n str,
    notes: &'n mut Notes,
    read: Vec<String>,
}

impl<'a, 'n> Record<'a, 'n> {
    pub(in crate::adapters) const fn new(found: &'n Found<'a>, notes: &'n mut Notes) -> Self {
        Self {
            node: found.node,
            path: found.path.as_str(),
            notes,
            read: Vec::new(),
        }
    }

    /// All members of a name, even those that are objects.
    pub(in crate::adapters) fn all(&mut self, name: &str) -> Vec<&'a Node> {
        if SAID {
            self.read.push(name.to_owned());
        }
        self.node.children.iter().filter(|child| child.is(name)).collect()
    }

    /// A member as written but trimmed; empty where it is missing, null, or no scalar. Of a doubled
    /// member that is not the same twice the first holds.
    pub(in crate::adapters) fn raw(&mut self, name: &str) -> &'a str {
        let mut value = "";
        for member in self.all(name) {
            let text = member.scalar();
            if text.is_empty() {
                if SAID && !member.is_blank() {
                    let place = [self.path, "/", name].concat();
                    self.notes
                        .once(["scalar ", name].concat(), &place, "a single value", &outline(member));
                }
            } else if value.is_empty() {
                value = text;
            } else if value != text {
                self.wrong(name, "one value", text);
            }
        }
        value
    }

    /// A member as it may be shown; a text without end is cut, and noted.
    pub(in crate::adapters) fn text(&mut self, name: &str) -> String {
        let text = clean(self.raw(name));
        let whole = text.len();
        let text = bounded(text, MOST_TEXT);
        if SAID && text.len() < whole {
            self.wrong(
                name,
                "at most 5000 characters; the rest is left out",
                &whole.to_string(),
            );
        }
        text
    }

    /// A number, name or token by which something is asked for; the words in which servers write that
    /// there is none are none.
    pub(in crate::adapters) fn identifier(&mut self, name: &str) -> &'a str {
        let text = self.raw(name);
        let none = ["null", "none", "nil", "undefined"];
        if none.iter().any(|word| text.eq_ignore_ascii_case(word)) {
            ""
        } else {
            text
        }
    }

    /// A moment; noted where it cannot be read.
    pub(in crate::adapters) fn moment(&mut self, name: &str, offset: i32) -> Option<Timestamp> {
        let text = self.raw(name);
        if text.is_empty() {
            return None;
        }
        let moment = read_moment(text, offset);
        if moment.is_none() {
            self.wrong(name, "a date as ISO 8601 writes it", text);
        }
        moment
    }

    /// A yes or no; noted where it is neither.
    pub(in crate::adapters) fn flag(&mut self, name: &str) -> Option<bool> {
        let text = self.raw(name);
        if text.is_empty() {
            return None;
        }
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        if is(&["true", "1", "yes", "y", "t"]) {
            Some(true)
        } else if is(&["false", "0", "no", "n", "f"]) {
            Some(false)
        } else {
            self.wrong(name, "true or false", text);
            None
        }
    }

    /// http(s) links under these names, once each; anything else there is noted.
    pub(in crate::adapters) fn links(&mut self, names: &[&str]) -> Vec<String> {
        let mut links: Vec<String> = Vec::new();
        for name in names {
            for member in self.all(name) {
                let mut texts = Vec::new();
                leaves(member, &mut texts);
                for text in texts {
                    if !is_link(text) {
                        self.wrong(name, "an http or https link", text);
                    } else if !links.iter().any(|link| link == text) {
                        links.push(text.to_owned());
                    }
                }
            }
        }
        links
    }

    /// Notes something about a member.
    #[inline]
    pub(in crate::adapters) fn wrong(&mut self, name: &str, expected: &'static str, found: &str) {
        if SAID {
            let path = [self.path, "/", name].concat();
            self.notes.note(&path, expected, found);
        }
    }

    /// Notes every member that was not read and is not in `ignored`.
    pub(in crate::adapters) fn finish(self, what: &str, ignored: &[&str]) {
        if !SAID {
            return;
        }
        for (child, path) in with_paths(self.node, self.path) {
            let known = self.read.iter().any(|name| child.is(name)) || ignored.iter().any(|name| child.is(name));
            if !known && !child.is_blank() {
                let kind = [what, " ", &child.name].concat();
                self.notes
                    .once(kind, &path, "a member that can be used", &outline(child));
            }
        }
        if !self.node.text.trim().is_empty() {
            self.notes.once(
                [what, " text"].concat(),
                self.path,
                "members only",
                self.node.text.trim(),
            );
        }
    }
}

/// The texts of a node and all within it, trimmed and not empty.
pub(in crate::adapters) fn leaves<'a>(node: &'a Node, into: &mut Vec<&'a str>) {
    let own = node.text.trim();
    if !own.is_empty() {
        into.push(own);
    }
    for child in &node.children {
        leaves(child, into);
    }
}

/// A node in a few words: `name=text` of all within it.
pub(in crate::adapters) fn outline(node: &Node) -> String {
    fn write(node: &Node, into: &mut String) {
        // What a diagnostic cuts off need not be written.
        if into.len() > 500 {
            return;
        }
        let own = node.text.trim();
        if !own.is_empty() {
            if !into.is_empty() {
                into.push_str(", ");
            }
            if !node.name.is_empty() {
                into.push_str(&node.name);
                into.push('=');
            }
            into.push_str(own);
        }
        for child in &node.children {
            write(child, into);
        }
    }
    if node.is_leaf() {
        return node.text.trim().to_owned();
    }
    let mut text = String::new();
    write(node, &mut text);
    text
}

fn is_link(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
        && text.len() <= 2000
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
}

/// A moment in ISO 8601, or as seconds or milliseconds since 1970.
pub(in crate::adapters) fn read_moment(text: &str, offset: i32) -> Option<Timestamp> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            9 | 10 => number.checked_mul(1000).map(Timestamp),
            12 | 13 => Some(Timestamp(number)),
            _ => None,
        };
    }
    Timestamp::parse_iso(text, offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::codec::{json, xml};

    const MARKS: Marks = Marks {
        strong: &["service_request_id"],
        weak: &["status"],
    };

    fn paths(root: &Node) -> (Vec<String>, Vec<Diagnostic>) {
        let mut notes = Notes::default();
        let found = records(root, MARKS, &mut notes)
            .into_iter()
            .map(|found| found.path)
            .collect();
        (found, notes.take())
    }

    #[test]
    fn records_are_found_however_they_are_wrapped() {
        for text in [
            r#"[{"service_request_id":1},{"service_request_id":2}]"#,
            r#"{"service_requests":[{"service_request_id":1},{"service_request_id":2}]}"#,
            r#"{"service_requests":{"request":[{"service_request_id":1},{"service_request_id":2}]}}"#,
            r#"{"service_requests":{"0":{"service_request_id":1},"1":{"service_request_id":2}}}"#,
            r#"[[{"service_request_id":1}],[{"service_request_id":2}]]"#,
        ] {
            let (found, notes) = paths(&json::parse(text).expect("parses"));
            assert_eq!((found.len(), notes.len()), (2, 0), "{text}");
        }
        let root =
            xml::parse("<x:a xmlns:x='y'><x:request><service_request_id>1</service_request_id></x:request></x:a>");
        assert_eq!(paths(&root.expect("parses")).0, ["/a/request"]);
    }

    #[test]
    fn a_wrapper_that_bears_a_members_name_is_a_wrapper_and_what_is_in_it_is_noted() {
        let root = json::parse(r#"{"status":"ok","requests":[{"status":"open"},{"status":"closed"}]}"#);
        let (found, notes) = paths(&root.expect("parses"));
        assert_eq!(found, ["/requests/0", "/requests/1"]);
        assert_eq!(notes, [Diagnostic::new("/status", "a record of the list", "ok")]);
    }

    #[test]
    fn a_doubled_member_that_differs_is_noted_and_the_first_holds() {
        let root = json::parse(r#"{"service_request_id":null,"service_request_id":7,"service_request_id":8}"#);
        let root = root.expect("parses");
        let mut notes = Notes::default();
        let found = records(&root, MARKS, &mut notes);
        let mut record = Record::new(&found[0], &mut notes);
        assert_eq!(record.identifier("service_request_id"), "7");
        record.finish("request", &[]);
        assert_eq!(notes.take(), [Diagnostic::new("/service_request_id", "one value", "8")]);
    }

    #[test]
    fn a_text_without_end_is_cut_and_noted() {
        let text = ["{\"service_request_id\":1,\"status\":\"", &"é".repeat(6000), "\"}"].concat();
        let root = json::parse(&text).expect("parses");
        let mut notes = Notes::default();
        let found = records(&root, MARKS, &mut notes);
        let mut record = Record::new(&found[0], &mut notes);
        assert_eq!(record.text("status").chars().count(), MOST_TEXT);
        assert_eq!(notes.take().len(), 1);
    }

    #[test]
    fn only_http_links_are_links() {
        assert!(is_link("https://a.example/x.jpg") && is_link("HTTP://a.example"));
        for text in ["javascript://x", "/x.jpg", "http://a b", "data:x", ""] {
            assert!(!is_link(text), "{text}");
        }
    }

    #[test]
    fn moments_are_read_in_iso_and_as_epochs() {
        let moment = read_moment("2010-04-14T14:37:38Z", 0);
        assert_eq!(read_moment("1271255858", 0), moment);
        assert_eq!(read_moment("1271255858000", 0), moment);
        assert_eq!(read_moment("20100414", 0), None);
    }
}
