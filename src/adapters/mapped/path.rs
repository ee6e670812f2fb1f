//! Where in an answer something stands, as a profile says it.
//!
//! | written | means |
//! |---|---|
//! | `/data/items/0/id` | a JSON Pointer (RFC 6901), `~0` and `~1` included; the slash in front may be left out |
//! | `/data/items/*/id` | `*` is every item of a list, or every member of an object |
//! | `/Envelope/Body/*/return/nomor` | the same in XML, by local names; attributes are members |
//! | `//nomor` | at any depth, which can be said once in a path |
//!
//! It is lenient where servers are: a name after a list is looked for in each of its items; a list of one
//! that has become the item itself is read by `*` as that item; names are compared exactly, and where
//! none is so written, without regard to case. The time that it takes grows with the answer alone.

use super::tree::Tree;

/// A path, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Name(String),
    Any,
    Deep,
}

impl Path {
    /// Reads a path; the error is what would have been right.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let mut segments = Vec::new();
        let mut rest = text;
        if text.trim().is_empty() {
            return Err("a path such as /data/*/id");
        }
        while !rest.is_empty() {
            if let Some(deep) = rest.strip_prefix("//") {
                segments.push(Segment::Deep);
                rest = deep;
            } else {
                rest = rest.strip_prefix('/').unwrap_or(rest);
            }
            let end = rest.find('/').unwrap_or(rest.len());
            let (segment, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            segments.push(match segment {
                "" => return Err("a path whose parts are names, numbers or *"),
                "*" => Segment::Any,
                name => Segment::Name(name.replace("~1", "/").replace("~0", "~")),
            });
            rest = after;
        }
        match segments.iter().filter(|segment| **segment == Segment::Deep).count() {
            0 | 1 => Ok(Self(segments)),
            _ => Err("a path with // once at most"),
        }
    }

    /// The node itself.
    pub(super) const fn here() -> Self {
        Self(Vec::new())
    }

    /// Everything there, in the answer's order.
    pub(super) fn select<'a>(&self, root: &'a Tree) -> Vec<&'a Tree> {
        follow(&self.0, vec![root])
    }
}

fn follow<'a>(segments: &[Segment], here: Vec<&'a Tree>) -> Vec<&'a Tree> {
    let Some((first, rest)) = segments.split_first() else {
        return here;
    };
    match first {
        Segment::Deep => {
            let mut all = Vec::new();
            here.into_iter().for_each(|tree| within(tree, &mut all));
            follow(rest, all)
        }
        Segment::Name(name) => {
            let named: Vec<&Tree> = here.iter().flat_map(|tree| members(tree, name)).collect();
            if named.is_empty()
                && here.len() > 1
                && let Ok(number) = name.parse::<usize>()
            {
                return follow(rest, here.get(number).copied().into_iter().collect());
            }
            follow(rest, named)
        }
        Segment::Any => {
            let found = follow(rest, here.iter().flat_map(|tree| every(tree, rest)).collect());
            if found.is_empty() {
                // A list of one that has become its item.
                return follow(rest, here);
            }
            found
        }
    }
}

fn within<'a>(tree: &'a Tree, into: &mut Vec<&'a Tree>) {
    // A list is looked into where its items are: with itself each would be found twice.
    if !matches!(tree, Tree::List(_)) {
        into.push(tree);
    }
    match tree {
        Tree::List(items) => items.iter().for_each(|item| within(item, into)),
        Tree::Object(members) => members.iter().for_each(|(_, member)| within(member, into)),
        Tree::Null | Tree::Leaf(_) => {}
    }
}

fn members<'a>(tree: &'a Tree, name: &str) -> Vec<&'a Tree> {
    match tree {
        Tree::Object(members) => {
            let by = |same: &dyn Fn(&str) -> bool| -> Vec<&'a Tree> {
                let named = members.iter().filter(|(other, _)| same(other));
                named.map(|(_, member)| member).collect()
            };
            let exact = by(&|other| other == name);
            if exact.is_empty() {
                return by(&|other| other.eq_ignore_ascii_case(name));
            }
            exact
        }
        Tree::List(items) => match name.parse::<usize>() {
            Ok(number) => items.get(number).into_iter().collect(),
            // A list of lists is none of records.
            Err(_) => items
                .iter()
                .filter(|item| matches!(item, Tree::Object(_)))
                .flat_map(|item| members(item, name))
                .collect(),
        },
        Tree::Null | Tree::Leaf(_) => Vec::new(),
    }
}

fn every<'a>(tree: &'a Tree, rest: &[Segment]) -> Vec<&'a Tree> {
    match tree {
        Tree::List(items) => items.iter().collect(),
        // At a path's end a record is itself what a list of one has become, unless its members are records.
        Tree::Object(members) if rest.is_empty() && !members.iter().all(|(_, member)| is_record(member)) => vec![tree],
        Tree::Object(members) => members.iter().map(|(_, member)| member).collect(),
        Tree::Null | Tree::Leaf(_) => Vec::new(),
    }
}

const fn is_record(tree: &Tree) -> bool {
    matches!(tree, Tree::Object(_) | Tree::List(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::codec::xml;
    use crate::adapters::mapped::tree::json;

    fn texts(path: &str, tree: &Tree) -> Vec<String> {
        let path = Path::read(path).expect("a path");
        path.select(tree)
            .into_iter()
            .map(|tree| tree.text().to_owned())
            .collect()
    }

    #[test]
    fn pointers_lists_and_members_are_found() {
        let tree = json(r#"{"data":{"items":[{"id":1},{"id":2}],"a/b~":"x"},"list":[[1],[2]]}"#);
        assert_eq!(texts("/data/items/*/id", &tree), ["1", "2"]);
        assert_eq!(texts("data/items/id", &tree), ["1", "2"]);
        assert_eq!(texts("/data/items/1/id", &tree), ["2"]);
        assert_eq!(texts("/data/a~1b~0", &tree), ["x"]);
        assert_eq!(texts("//id", &tree), ["1", "2"]);
        assert_eq!(texts("/list/1/0", &tree), ["2"]);
        assert_eq!(texts("/data/none/*", &tree), [""; 0]);
    }

    #[test]
    fn a_list_of_one_that_became_its_item_is_read_as_the_list() {
        let tree = json(r#"{"data":{"items":{"id":7,"status":"x"}}}"#);
        assert_eq!(texts("/data/items/*/id", &tree), ["7"]);
        let rows = Path::read("/data/items/*").expect("a path");
        assert_eq!(rows.select(&tree).len(), 1);
        let numbered = json(r#"{"items":{"0":{"id":1},"1":{"id":2}}}"#);
        assert_eq!(texts("/items/*/id", &numbered), ["1", "2"]);
        assert_eq!(Path::read("/items/*").expect("a path").select(&numbered).len(), 2);
    }

    #[test]
    fn xml_is_found_by_local_names_wherever_it_is() {
        let root = xml::parse(
            "<s:E xmlns:s='x'><s:Body><r><return><item n='a'>1</item><item>2</item></return></r></s:Body></s:E>",
        );
        let tree = Tree::of(&root.expect("XML"));
        assert_eq!(texts("/E/Body/*/return/item", &tree), ["1", "2"]);
        assert_eq!(texts("/E/Body/r/return/item/1", &tree), ["2"]);
        assert_eq!(texts("//item/n", &tree), ["a"]);
        assert_eq!(texts("//Item", &tree), ["1", "2"]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", " ", "/", "/a//b//c", "/a/", "//"] {
            assert!(Path::read(text).is_err(), "{text}");
        }
    }
}
