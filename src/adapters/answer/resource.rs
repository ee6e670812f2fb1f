//! Lists and records in the manner of JSON:API, as servers built on Laravel send them:
//! `{"data": [{"type", "id", "attributes": {…}}], "meta": {"pagination": {…}}, "links": {…}}`.
//!
//! Older releases send the members right in the record, and a record alone instead of a list.

use super::record::{Found, Notes};
use crate::adapters::codec::node::Node;

/// A record: its id, and the node that holds its members.
#[derive(Clone, Debug)]
pub(in crate::adapters) struct Resource<'a> {
    /// May be empty.
    pub(in crate::adapters) id: &'a str,
    pub(in crate::adapters) attributes: Found<'a>,
}

/// The records of an answer; `None` where it has no `data`.
pub(in crate::adapters) fn resources<'a>(root: &'a Node, notes: &mut Notes) -> Option<Vec<Resource<'a>>> {
    let items: Vec<&Node> = root.children.iter().flat_map(|top| top.named("data")).collect();
    if items.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for (number, item) in items.into_iter().enumerate() {
        let mut path = ["/data/", &number.to_string()].concat();
        if item.is_leaf() {
            if !item.is_blank() {
                notes.add(&path, "a record of the list", item.scalar());
            }
            continue;
        }
        let inner = item.named("attributes").find(|attributes| !attributes.is_leaf());
        if inner.is_some() {
            path.push_str("/attributes");
        }
        let node = inner.unwrap_or(item);
        let id = [item, node].into_iter().map(|node| text(node, "id"));
        found.push(Resource {
            id: id.into_iter().find(|id| !id.is_empty()).unwrap_or_default(),
            attributes: Found { node, path },
        });
    }
    Some(found)
}

/// The first text of a node's members of this name; may be empty.
pub(in crate::adapters) fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    let members = node.children.iter().filter(|child| child.is(name));
    members
        .map(Node::scalar)
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// The first node at the end of these names, one within the other.
pub(in crate::adapters) fn within<'a>(node: &'a Node, names: &[&str]) -> Option<&'a Node> {
    names
        .iter()
        .try_fold(node, |node, name| node.children.iter().find(|child| child.is(name)))
}

/// Whether a list goes on after page `number`, counted from 1.
pub(in crate::adapters) fn goes_on(root: &Node, number: u32) -> bool {
    root.children.iter().any(|top| {
        match within(top, &["meta", "pagination", "total_pages"]).map(|pages| pages.scalar().parse::<u32>()) {
            Some(Ok(pages)) => number < pages,
            _ => within(top, &["links", "next"]).is_some_and(|next| !next.is_blank()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::codec::json;

    fn ids(text: &str) -> Option<Vec<String>> {
        let root = json::parse(text).expect("parses");
        let found = resources(&root, &mut Notes::default())?;
        Some(found.into_iter().map(|resource| resource.id.to_owned()).collect())
    }

    #[test]
    fn records_are_found_with_attributes_and_without() {
        let two = Some(vec!["1".to_owned(), "2".to_owned()]);
        assert_eq!(
            ids(r#"{"data":[{"type":"x","id":"1","attributes":{"a":1}},{"type":"x","id":"2","attributes":{"a":1}}]}"#),
            two
        );
        assert_eq!(ids(r#"{"data":[{"id":1,"a":1},{"id":2}],"meta":{}}"#), two);
        assert_eq!(
            ids(r#"{"data":{"type":"x","id":"7","attributes":{"a":1}}}"#),
            Some(vec!["7".to_owned()])
        );
        assert_eq!(ids(r#"{"data":[]}"#), Some(Vec::new()));
        assert_eq!(ids(r#"{"message":"x"}"#), None);
    }

    #[test]
    fn a_list_goes_on_by_its_pages_or_by_its_link() {
        let more = |text: &str, number| goes_on(&json::parse(text).expect("parses"), number);
        let paged = r#"{"data":[],"meta":{"pagination":{"total_pages":2}},"links":{"next":"x"}}"#;
        assert!(more(paged, 1) && !more(paged, 2));
        assert!(more(r#"{"data":[],"links":{"next":"x"}}"#, 9));
        assert!(!more(r#"{"data":[],"links":{"next":null}}"#, 1));
        assert!(!more("[]", 1));
    }
}
