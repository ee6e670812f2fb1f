//! XML to a [`Node`] tree, by local names.
//!
//! Namespaces are dropped: servers declare them, misspell them, or do not. CDATA is text. The five
//! entities of XML and character references are undone; any other reference stays as written, and a
//! document type is skipped, so that nothing can be expanded without end. A lone `&` is text. End
//! tags must match, and the end must be there.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::node::Node;
use super::{Broken, MAX_DEPTH, MAX_NODES};

/// Reads a document; the root is nameless and has the document element as its child.
///
/// # Errors
/// Where the text is cut off, malformed or too large.
pub fn parse(text: &str) -> Result<Node, Broken> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut room = MAX_NODES;
    // The last one is open; the first is the root.
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(start) => {
                if open.len() > MAX_DEPTH {
                    return Err(Broken::TooLarge);
                }
                open.push(element(&start, &mut room)?);
            }
            Event::Empty(start) => {
                let node = element(&start, &mut room)?;
                put(&mut open, node)?;
            }
            Event::End(_) => {
                let node = open.pop().ok_or(Broken::Malformed)?;
                put(&mut open, node)?;
            }
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                match reference.resolve_char_ref() {
                    Ok(Some(letter)) => append(&mut open, letter.encode_utf8(&mut [0; 4])),
                    _ => append(&mut open, &resolved(&name)),
                }
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    let root = open.pop().ok_or(Broken::Malformed)?;
    if !open.is_empty() {
        return Err(Broken::CutOff);
    }
    if root.children.is_empty() {
        return Err(Broken::Malformed);
    }
    Ok(root)
}

fn broken(error: &quick_xml::Error) -> Broken {
    use quick_xml::errors::{Error, IllFormedError};
    match error {
        Error::Syntax(_) | Error::IllFormed(IllFormedError::MissingEndTag(_)) => Broken::CutOff,
        _ => Broken::Malformed,
    }
}

fn element(start: &BytesStart<'_>, room: &mut usize) -> Result<Node, Broken> {
    let mut take = || -> Result<(), Broken> {
        *room = room.checked_sub(1).ok_or(Broken::TooLarge)?;
        Ok(())
    };
    take()?;
    let mut node = Node::leaf(start.local_name().into_inner(), String::new());
    for attribute in start.attributes().with_checks(false).flatten() {
        let (local, prefix) = attribute.key.decompose();
        let local = local.into_inner();
        let prefix = prefix.map(quick_xml::name::Prefix::into_inner).unwrap_or_default();
        // Declarations, `xsi:nil` and `xml:lang` say nothing of the data.
        if local == "xmlns" || matches!(prefix, "xmlns" | "xsi" | "xml") {
            continue;
        }
        take()?;
        let text = match quick_xml::escape::unescape(&attribute.value) {
            Ok(text) => text.into_owned(),
            Err(_) => attribute.value.into_owned(),
        };
        node.children.push(Node::leaf(local, text));
    }
    Ok(node)
}

fn put(open: &mut [Node], node: Node) -> Result<(), Broken> {
    open.last_mut().ok_or(Broken::Malformed)?.children.push(node);
    Ok(())
}

fn append(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

/// An entity of XML itself; any other is kept as written.
fn resolved(name: &str) -> String {
    match name {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        "nbsp" => "\u{a0}".to_owned(),
        _ => ["&", name, ";"].concat(),
    }
}

#[cfg(test)]
mod tests {
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
    fn what_is_cut_off_or_does_not_match_is_refused() {
        for text in ["<a><b>", "<a>x", "<a", "<a><![CDATA[x", "<a><!-- "] {
            assert_eq!(parse(text), Err(Broken::CutOff), "{text}");
        }
        assert_eq!(parse("<a></b>"), Err(Broken::Malformed));
        assert_eq!(parse("<!-- nothing -->"), Err(Broken::Malformed));
        assert_eq!(parse(&"<a>".repeat(100)), Err(Broken::TooLarge));
    }
}
