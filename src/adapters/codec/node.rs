//! One tree for JSON and XML.
//!
//! An XML element is a node; its attributes are children beside its elements. A JSON object is a
//! node with its members as children. A JSON list has no node of its own: its items are siblings
//! that all bear the list's name, just as a repeated XML element does, and an empty list is one
//! empty node. So `"attributes":[{…},{…}]`, `"attributes":{…}` and `<attribute>…</attribute>` twice
//! look alike to a reader.

/// A named value: text, or children, or (mixed XML) both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Local name; empty for the root and for items of a top-level list.
    pub name: String,
    /// Text as written, not trimmed; empty for null, for objects and for empty lists.
    pub text: String,
    /// Members, elements and attributes in their order.
    pub children: Vec<Node>,
}

/// Names under which conversions from XML keep an element's own text.
const OWN_TEXT: [&str; 9] = [
    "#text",
    "$",
    "$t",
    "_",
    "_text",
    "__text",
    "#cdata-section",
    "content",
    "value",
];

impl Node {
    /// A node without children.
    #[must_use]
    pub fn leaf(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            text,
            children: Vec::new(),
        }
    }

    /// Whether it bears this name, without regard to the case of ASCII letters.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its children of this name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// Whether it has no children, whatever its text.
    #[must_use]
    pub fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }

    /// Whether there is no text anywhere in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty() && self.children.iter().all(Self::is_blank)
    }

    /// Its text, trimmed: its own, or that of the child in which a conversion from XML kept it.
    #[must_use]
    pub fn scalar(&self) -> &str {
        let own = self.text.trim();
        if !own.is_empty() {
            return own;
        }
        self.children
            .iter()
            .filter(|child| child.is_leaf() && OWN_TEXT.iter().any(|name| child.is(name)))
            .map(|child| child.text.trim())
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }
}
