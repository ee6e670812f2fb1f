//! What a server answered, as a tree in which lists are lists.
//!
//! The tree that other adapters read ([`crate::adapters::codec::node`]) gives a list no place of its own,
//! which makes JSON and XML look alike. Somebody who writes a profile looks at the answer itself, and
//! counts on a list being there: so here JSON keeps its lists. An XML element is an object of its
//! attributes and elements; those of one name stay beside each other. JSON that a strict reader refuses
//! (a comma too many, a raw line break) is read leniently.

use crate::adapters::codec::node::Node;
use crate::adapters::codec::{Payload, json as lenient, text};
use crate::adapters::http::Response;
use crate::model::json::tree::{self, Node as Strict};

/// A value of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    /// JSON's `null`, an empty element.
    Null,
    /// A text, a number as it is written, `true` or `false`.
    Leaf(String),
    /// A JSON list.
    List(Vec<Tree>),
    /// Members in their order; a name may be there several times.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// The tree of what was read as XML, or leniently as JSON.
    pub(super) fn of(node: &Node) -> Self {
        if node.is_leaf() {
            return Self::leaf(&node.text);
        }
        let mut members: Vec<(String, Self)> = node
            .children
            .iter()
            .map(|child| (child.name.clone(), Self::of(child)))
            .collect();
        if !node.text.trim().is_empty() {
            members.push((String::new(), Self::leaf(&node.text)));
        }
        Self::Object(members)
    }

    fn leaf(text: &str) -> Self {
        match text.trim() {
            "" => Self::Null,
            text => Self::Leaf(text.to_owned()),
        }
    }

    fn strict(node: &Strict<'_>) -> Self {
        match node {
            Strict::Absent | Strict::Null => Self::Null,
            Strict::Flag(flag) => Self::Leaf(flag.to_string()),
            Strict::Number(digits) => Self::Leaf((*digits).to_owned()),
            Strict::Text(text) => Self::Leaf(text.clone().into_owned()),
            Strict::List(items) => Self::List(items.iter().map(Self::strict).collect()),
            Strict::Object(members) => {
                let members = members.iter();
                Self::Object(
                    members
                        .map(|(name, value)| (name.clone().into_owned(), Self::strict(value)))
                        .collect(),
                )
            }
        }
    }

    /// Its text: a leaf's, or the own text of an element that has members too.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Leaf(text) => text.trim(),
            Self::Object(members) => {
                let own = members.iter().find(|(name, _)| name.is_empty());
                own.map(|(_, own)| own.text()).unwrap_or_default()
            }
            Self::Null | Self::List(_) => "",
        }
    }
}

/// What a body turned out to be, with the tree where there is one.
pub(super) fn read(response: &Response, payload: &Payload) -> Option<Tree> {
    let Payload::Tree(node) = payload else {
        return None;
    };
    let decoded = text::decode(&response.body, response.header("content-type"));
    let whole = decoded.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0' || letter == '\u{feff}');
    if whole.starts_with(['{', '[']) {
        if let Ok(tree) = tree::parse(whole.as_bytes()) {
            return Some(Tree::strict(&tree));
        }
        // One value at the top, or the items of a list there.
        if let Ok(root) = lenient::parse(whole) {
            return Some(match root.children.as_slice() {
                [only] if whole.starts_with('{') => Tree::of(only),
                items => Tree::List(items.iter().map(Tree::of).collect()),
            });
        }
    }
    Some(Tree::of(node))
}

#[cfg(test)]
pub(super) fn json(text: &str) -> Tree {
    Tree::strict(&tree::parse(text.as_bytes()).expect("JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::codec;

    fn tree(body: &str) -> Option<Tree> {
        let response = Response {
            status: 200,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        read(&response, &codec::read(&response.body, None))
    }

    #[test]
    fn lists_stay_lists_and_numbers_keep_their_digits() {
        let one = tree(r#"{"data":[{"id":007.10}],"none":null}"#);
        let number = |digits: &str| Tree::Object(vec![("id".to_owned(), Tree::Leaf(digits.to_owned()))]);
        let data = |item| Tree::Object(vec![("data".to_owned(), item), ("none".to_owned(), Tree::Null)]);
        // A number like this is no JSON, so it is read leniently, where a list of one has no place of its own.
        assert_eq!(one, Some(data(number("007.10"))));
        let one = tree(r#"{"data":[{"id":123456789012345678901234567890}],"none":null}"#);
        assert_eq!(
            one,
            Some(data(Tree::List(vec![number("123456789012345678901234567890")])))
        );
        assert_eq!(
            tree("[1,2,]"),
            Some(Tree::List(vec![Tree::Leaf("1".to_owned()), Tree::Leaf("2".to_owned())]))
        );
        assert_eq!(tree("<html></html>"), None);
    }

    #[test]
    fn an_elements_attributes_and_elements_are_members() {
        let found = tree("<a:x xmlns:a='y' n='1'>own<b>2</b><b/></a:x>").expect("a tree");
        let Tree::Object(top) = &found else { panic!("{found:?}") };
        assert_eq!(top[0].1.text(), "own");
        let Tree::Object(members) = &top[0].1 else {
            panic!("{found:?}")
        };
        let texts: Vec<(&str, &str)> = members
            .iter()
            .map(|(name, member)| (name.as_str(), member.text()))
            .collect();
        assert_eq!(texts, [("n", "1"), ("b", "2"), ("b", ""), ("", "own")]);
    }
}
