//! XML to a [`Node`] tree, by local names.
//!
//! Namespaces are dropped: servers declare them, misspell them, or do not. CDATA is text. The five
//! entities of XML and character references are undone; any other reference stays as written, and a
//! document type is skipped, so that nothing can be expanded without end. A lone `&` is text. End
//! tags must match, and the end must be there.
//!
//! Read by hand, as JSON is: `quick-xml` for the same is 6 KB more in the engine. The tests hold that
//! both read the same documents to the same trees.

use super::node::Node;
use super::{Broken, MAX_DEPTH, MAX_NODES};

/// Longest name of a reference, with zeros to spare.
const LONGEST_REFERENCE: usize = 20;

/// Reads a document; the root is nameless and has the document element as its child.
///
/// # Errors
/// Where the text is cut off, malformed or too large.
pub fn parse(text: &str) -> Result<Node, Broken> {
    let mut room = MAX_NODES;
    // The last one is open, with its name as its end tag must have it; the first is the root.
    let mut open = vec![("", Node::default())];
    let mut rest = text;
    while let Some((words, markup)) = rest.split_once('<') {
        append(&mut open, words, true);
        rest = if let Some(comment) = markup.strip_prefix("!--") {
            until(comment, "-->")?.1
        } else if let Some(data) = markup.strip_prefix("![CDATA[") {
            let (data, rest) = until(data, "]]>")?;
            append(&mut open, data, false);
            rest
        } else if let Some(instruction) = markup.strip_prefix('?') {
            until(instruction, "?>")?.1
        } else if markup.starts_with('!') {
            tag(markup)?.1
        } else if let Some(end) = markup.strip_prefix('/') {
            let (name, rest) = until(end, ">")?;
            let (opened, node) = open.pop().ok_or(Broken::Malformed)?;
            if opened != name.trim_end() {
                return Err(Broken::Malformed);
            }
            put(&mut open, node)?;
            rest
        } else {
            let (tag, rest) = tag(markup)?;
            let (tag, empty) = match tag.strip_suffix('/') {
                Some(tag) => (tag, true),
                None => (tag, false),
            };
            let (name, attributes) = tag.split_once(is_space).unwrap_or((tag, ""));
            if name.is_empty() {
                return Err(Broken::Malformed);
            }
            let node = element(name, attributes, &mut room)?;
            if empty {
                put(&mut open, node)?;
            } else if open.len() > MAX_DEPTH {
                return Err(Broken::TooLarge);
            } else {
                open.push((name, node));
            }
            rest
        };
    }
    append(&mut open, rest, true);
    let (_, root) = open.pop().ok_or(Broken::Malformed)?;
    if !open.is_empty() {
        return Err(Broken::CutOff);
    }
    if root.children.is_empty() {
        return Err(Broken::Malformed);
    }
    Ok(root)
}

const fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

/// What stands before `end`, and what after it.
fn until<'a>(text: &'a str, end: &str) -> Result<(&'a str, &'a str), Broken> {
    text.split_once(end).ok_or(Broken::CutOff)
}

/// What stands before the bracket that closes a tag or a document type, and what after it. A bracket
/// in quotes does not, nor one within the document type's own declarations.
fn tag(text: &str) -> Result<(&str, &str), Broken> {
    let declares = text.starts_with('!');
    let mut depth = 0_u32;
    let mut rest = text;
    loop {
        let at = rest.find(['"', '\'', '>', '[', ']', '<']).ok_or(Broken::CutOff)?;
        let (_, found) = rest.split_at_checked(at).ok_or(Broken::CutOff)?;
        let mut letters = found.chars();
        let letter = letters.next();
        rest = letters.as_str();
        match letter {
            Some('>') if depth == 0 => {
                let length = text.len().saturating_sub(found.len());
                return Ok((text.split_at_checked(length).ok_or(Broken::CutOff)?.0, rest));
            }
            Some(quote @ ('"' | '\'')) => rest = rest.split_once(quote).ok_or(Broken::CutOff)?.1,
            Some('[') if declares => depth = depth.saturating_add(1),
            Some(']') if declares => depth = depth.saturating_sub(1),
            Some('<') if declares => {
                if let Some(comment) = rest.strip_prefix("!--") {
                    rest = until(comment, "-->")?.1;
                }
            }
            _ => {}
        }
    }
}

/// A node with its attributes, as far as they can be read.
fn element(name: &str, mut attributes: &str, room: &mut usize) -> Result<Node, Broken> {
    let mut take = || -> Result<(), Broken> {
        *room = room.checked_sub(1).ok_or(Broken::TooLarge)?;
        Ok(())
    };
    take()?;
    let (_, local) = parts(name);
    let mut node = Node::leaf(local, String::new());
    while let Some((key, rest)) = attributes.split_once('=') {
        let rest = rest.trim_start_matches(is_space);
        let Some(quote @ ('"' | '\'')) = rest.chars().next() else {
            break;
        };
        // The first piece is what stands before the quote: nothing.
        let mut pieces = rest.splitn(3, quote).skip(1);
        let (Some(value), Some(after)) = (pieces.next(), pieces.next()) else {
            break;
        };
        attributes = after;
        let (prefix, local) = parts(key.trim_matches(is_space));
        // Declarations, `xsi:nil` and `xml:lang` say nothing of the data.
        if local == "xmlns" || matches!(prefix, "xmlns" | "xsi" | "xml") {
            continue;
        }
        take()?;
        let mut text = String::new();
        undo(value, true, &mut text);
        node.children.push(Node::leaf(local, text));
    }
    Ok(node)
}

/// A name's prefix and local part.
fn parts(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

fn put(open: &mut [(&str, Node)], node: Node) -> Result<(), Broken> {
    open.last_mut().ok_or(Broken::Malformed)?.1.children.push(node);
    Ok(())
}

fn append(open: &mut [(&str, Node)], text: &str, references: bool) {
    if let Some((_, node)) = open.last_mut() {
        undo(text, references, &mut node.text);
    }
}

/// Adds a text with its line ends as `\n` (XML 1.0, section 2.11) and its references undone.
fn undo(text: &str, references: bool, into: &mut String) {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let rest = letters.as_str();
        match letter {
            '\r' => {
                if !rest.starts_with('\n') {
                    into.push('\n');
                }
            }
            '&' if references => match reference(rest) {
                Some((meant, after)) => {
                    into.push(meant);
                    letters = after.chars();
                }
                None => into.push('&'),
            },
            letter => into.push(letter),
        }
    }
}

/// What the reference stands for that a text begins with, and what comes after it.
fn reference(text: &str) -> Option<(char, &str)> {
    let length = text.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';')?;
    let (name, rest) = text.split_at_checked(length)?;
    Some((resolved(name)?, rest.strip_prefix(';')?))
}

/// What a character reference or an entity of XML itself stands for; any other is kept as written.
fn resolved(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let code = name.strip_prefix('#')?;
            let (code, radix) = match code.strip_prefix('x') {
                Some(code) => (code, 16),
                None => (code, 10),
            };
            let code = u32::from_str_radix(code, radix).ok().filter(|_| !code.starts_with('+'));
            code.and_then(char::from_u32).filter(|letter| *letter != '\0')
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn only(text: &str) -> Node {
        parse(text).expect("parses").children.remove(0)
    }

    #[test]
    fn namespaces_are_dropped_and_attributes_are_members() {
        let node =
            only("<g:services xmlns:g='urn:x' xmlns='urn:y'><g:service code='A&amp;B' xsi:nil='true'/></g:services>");
        assert_eq!(node.name, "services");
        let service = &node.children[0];
        assert_eq!((service.name.as_str(), service.children.len()), ("service", 1));
        assert_eq!(service.children[0], Node::leaf("code", "A&B".to_owned()));
    }

    #[test]
    fn cdata_entities_and_lone_ampersands_are_text() {
        let node = only("<a>x &amp; <![CDATA[<b>&amp;</b>]]> &#233; &#x1F600; R & D &copy;</a>");
        assert_eq!(node.text, "x & <b>&amp;</b> é 😀 R & D &copy;");
    }

    #[test]
    fn a_document_type_is_never_expanded() {
        let text = "<!DOCTYPE a [<!ENTITY x \"boo\"><!ENTITY y \"&x;&x;\">]><a>&y;</a>";
        assert_eq!(only(text).text, "&y;");
    }

    #[test]
    fn what_is_no_element_is_passed_over() {
        let text = "<?xml version='1.0'?><!DOCTYPE a SYSTEM \"x>y\" [<!-- don't ]> --><!ENTITY b '>]'>]>\
            <!-- <b> --><a><?php > ?>x<!-- & --></a>\n";
        assert_eq!(only(text).text, "x");
    }

    #[test]
    fn attributes_are_read_as_far_as_they_can_be() {
        let names = |text| {
            only(text)
                .children
                .into_iter()
                .map(|node| [node.name, node.text].join("="))
                .collect::<Vec<_>>()
        };
        assert_eq!(names("<a b = '1>\"'\tc=\"&lt;'\"/>"), ["b=1>\"", "c=<'"]);
        assert_eq!(names("<a b='1' c=2 d='3'/>"), ["b=1"]);
        assert_eq!(names("<a b/>"), [""; 0]);
    }

    #[test]
    fn line_ends_are_one_letter_and_references_that_mean_nothing_stay() {
        assert_eq!(only("<a>1\r\n2\r3<![CDATA[\r\n]]>&#13;</a>").text, "1\n2\n3\n\r");
        let odd = "&; &#; &#x; &#0; &#xD800; &#+65; &#x110000; &amp &nbsp";
        assert_eq!(only(&["<a>", odd, "</a>"].concat()).text, odd);
    }

    #[test]
    fn time_grows_with_length_alone() {
        for (piece, end) in [
            ("&", ""),
            ("<b/>", ""),
            ("x='1' ", ""),
            ("<!-- ", "-->"),
            ("<![CDATA[", "]]>"),
        ] {
            let _ = parse(&["<a ", &piece.repeat(200_000), end, "></a>"].concat());
            let _ = parse(&["<a>", &piece.repeat(200_000), end, "</a>"].concat());
        }
    }

    /// The same tree by `quick-xml`.
    fn by_quick_xml(text: &str) -> Node {
        use quick_xml::events::{BytesStart, Event};
        let element = |start: &BytesStart<'_>| {
            let mut node = Node::leaf(start.local_name().into_inner(), String::new());
            for attribute in start.attributes().with_checks(false) {
                let attribute = attribute.unwrap();
                let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
                node.children
                    .push(Node::leaf(attribute.key.local_name().into_inner(), value));
            }
            node
        };
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().allow_dangling_amp = true;
        let mut open = vec![Node::default()];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => open.push(element(&start)),
                Event::Empty(start) => open.last_mut().unwrap().children.push(element(&start)),
                Event::End(_) => {
                    let node = open.pop().unwrap();
                    open.last_mut().unwrap().children.push(node);
                }
                Event::Text(text) => open.last_mut().unwrap().text.push_str(&text.xml10_content()),
                Event::CData(text) => open.last_mut().unwrap().text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content().into_owned();
                    let text = &mut open.last_mut().unwrap().text;
                    match (reference.resolve_char_ref(), name.as_str()) {
                        (Ok(Some(letter)), _) => text.push(letter),
                        (_, "amp") => text.push('&'),
                        (_, "lt") => text.push('<'),
                        _ => text.push_str(&["&", &name, ";"].concat()),
                    }
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
                Event::Eof => break,
            }
        }
        assert_eq!(open.len(), 1);
        open.remove(0)
    }

    fn document() -> impl Strategy<Value = String> {
        let words = "([a-z é😀\r\n'\"]|&amp;|&lt;|&#233;|&#x1F600;|& |&copy;){0,6}";
        let leaf = prop_oneof![
            words.prop_map(String::from),
            "[a-z<&>\r]{0,5}".prop_map(|data| ["<![CDATA[", &data, "]]>"].concat()),
            "[a-z<&>' ]{0,5}".prop_map(|words| ["<!-- ", &words, " -->"].concat()),
            "[a-z<&' ]{0,5}".prop_map(|words| ["<?p ", &words, "?>"].concat()),
            "<[a-z]{1,3}( [a-z]{1,2} ?= ?\"[a-z>' ]{0,3}(&amp;|&#65;)?\"){0,2} ?/>",
        ];
        let inside = leaf.prop_recursive(4, 24, 4, |inner| {
            let name = "([a-z]:)?[a-z]{1,4}";
            let attributes = "( [a-w]:[a-z]{1,2}='[a-z\"> ]{0,3}'){0,2}\n?";
            (name, attributes, prop::collection::vec(inner, 0..4), " ?").prop_map(|(name, attributes, inner, space)| {
                ["<", &name, &attributes, ">", &inner.concat(), "</", &name, &space, ">"].concat()
            })
        });
        inside.prop_map(|inside| ["<?xml version=\"1.0\"?>\n<root>", &inside, "</root>"].concat())
    }

    proptest! {
        #[test]
        fn documents_are_read_as_quick_xml_reads_them(text in document()) {
            prop_assert_eq!(parse(&text), Ok(by_quick_xml(&text)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[<>/!?\\[\\]&;#xCDAT'\"= a-]{0,40}") {
            let _ = parse(&text);
        }
    }

    #[test]
    fn what_is_cut_off_or_does_not_match_is_refused() {
        for text in ["<a><b>", "<a>x", "<a", "<a><![CDATA[x", "<a><!-- "] {
            assert_eq!(parse(text), Err(Broken::CutOff), "{text}");
        }
        assert_eq!(parse("<a></b>"), Err(Broken::Malformed));
        assert_eq!(parse("<!-- nothing -->"), Err(Broken::Malformed));
        assert_eq!(parse(&"<a>".repeat(100)), Err(Broken::TooLarge));
    }
}
