//! XML bodies, SOAP envelopes and faults.
//!
//! A template's members are elements in their order; `@name` is an attribute, `#` an element's own text,
//! a list the same element several times. `soap` says the rest:
//!
//! | key | value | default |
//! |---|---|---|
//! | `operation` | the element around the body's members; without it they stand in the body themselves | none |
//! | `namespace` | its namespace | none |
//! | `style` | `rpc` (encoded: `xsi:type` on every value, lists as `SOAP-ENC:Array`) or `document` (literal) | `document` |
//! | `qualified` | `document`: the members are of the namespace too | true |
//! | `action` | the SOAP action | none |
//! | `header` | a template of the envelope's header, such as X-Road's `client` and `service` | none |
//!
//! A fault is one whatever the HTTP status, and in whichever of the two versions' words: envelopes of 1.2
//! with faults of 1.1 exist. X-Road's own errors of a service stand inside a normal body (`fault` with
//! `faultCode` and `faultString`). What a fault means: the sender's (`Client`, `Sender`) is a refusal, any
//! other a failure of which nobody knows what it left behind.

use super::body::{Draft, Full};
use super::call::Encoding;
use super::profile::{Charset, Empty};
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::http::{Body, Part};
use crate::adapters::keys::Keys;
use crate::model::problem::{Fault, Problem, Sent};

/// Keys of what a SOAP request says beside its body.
pub(super) const SOAP_KEYS: [&str; 6] = ["operation", "namespace", "style", "qualified", "action", "header"];

const ENVELOPE_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const ENVELOPE_12: &str = "http://www.w3.org/2003/05/soap-envelope";
const ENCODING: &str = "http://schemas.xmlsoap.org/soap/encoding/";

/// Most nodes that references within an answer may add.
const MOST_COPIES: usize = 20_000;

/// What a SOAP request says beside its body.
#[derive(Clone, Debug, Default)]
pub(super) struct Soap {
    operation: Option<String>,
    namespace: String,
    encoded: bool,
    qualified: bool,
    action: Option<String>,
    pub(super) header: Option<Draft>,
}

impl Soap {
    /// Reads the `soap` of a request.
    pub(super) fn read(request: &mut Keys<'_>, encoding: Encoding) -> Self {
        let mut soap = Self {
            qualified: true,
            ..Self::default()
        };
        let is_soap = matches!(encoding, Encoding::Soap11 | Encoding::Soap12);
        if !is_soap && request.value("soap").is_some() {
            request.complain("soap", "none, or the encoding soap11 or soap12", || "one".to_owned());
        }
        let Some(mut keys) = request.object("soap") else {
            return soap;
        };
        keys.unknown(&SOAP_KEYS);
        soap.operation = keys.text("operation");
        if let Some(name) = soap.operation.clone().filter(|name| !is_name(name)) {
            keys.complain("operation", "an element's name", || name);
            soap.operation = None;
        }
        soap.namespace = keys.text("namespace").unwrap_or_default();
        soap.encoded = keys
            .word("style", &[("rpc", true), ("document", false)])
            .unwrap_or(false);
        keys.flag("qualified", &mut soap.qualified);
        soap.action = keys.text("action");
        if let Some(value) = keys.value("header") {
            let place = keys.at("header");
            soap.header = Some(Draft::read(value, &place, keys.wrong));
        }
        soap
    }

    /// The `SOAPAction` of version 1.1: always there, in quotation marks, be it empty.
    pub(super) fn header_11(&self) -> String {
        ["\"", self.action.as_deref().unwrap_or_default(), "\""].concat()
    }
}

/// A body of XML, in an envelope where it is SOAP.
pub(super) fn body(
    full: Option<&Full>,
    header: Option<&Full>,
    soap: &Soap,
    encoding: Encoding,
    empty: Empty,
    charset: Charset,
) -> Body {
    let mut writer = Writer {
        text: ["<?xml version=\"1.0\" encoding=\"", charset.name(), "\"?>\n"].concat(),
        empty,
        encoded: soap.encoded,
    };
    let namespace = match encoding {
        Encoding::Soap11 => ENVELOPE_11,
        Encoding::Soap12 => ENVELOPE_12,
        _ => "",
    };
    if namespace.is_empty() {
        full.into_iter().for_each(|full| writer.members(full));
    } else {
        writer.push(&["<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"", namespace, "\""]);
        if soap.encoded {
            writer.push(&[
                " xmlns:SOAP-ENC=\"",
                ENCODING,
                "\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
            ]);
        }
        writer.push(&[">"]);
        if let Some(header) = header {
            writer.push(&["<SOAP-ENV:Header>"]);
            // A header's values are typed by nobody.
            writer.encoded = false;
            writer.members(header);
            writer.encoded = soap.encoded;
            writer.push(&["</SOAP-ENV:Header>"]);
        }
        writer.push(&["<SOAP-ENV:Body>"]);
        writer.operation(full, soap);
        writer.push(&["</SOAP-ENV:Body></SOAP-ENV:Envelope>"]);
    }
    let content_type = match (encoding, &soap.action) {
        (Encoding::Soap12, Some(action)) => [
            "application/soap+xml; charset=",
            charset.name(),
            "; action=\"",
            &action.replace(['"', '\r', '\n'], ""),
            "\"",
        ]
        .concat(),
        (Encoding::Soap12, None) => ["application/soap+xml; charset=", charset.name()].concat(),
        _ => ["text/xml; charset=", charset.name()].concat(),
    };
    Body {
        content_type,
        parts: vec![Part::Bytes(charset.encode(&writer.text))],
    }
}

struct Writer {
    text: String,
    empty: Empty,
    encoded: bool,
}

impl Writer {
    fn push(&mut self, pieces: &[&str]) {
        pieces.iter().for_each(|piece| self.text.push_str(piece));
    }

    fn operation(&mut self, full: Option<&Full>, soap: &Soap) {
        let Some(operation) = &soap.operation else {
            full.into_iter().for_each(|full| self.members(full));
            return;
        };
        let namespace = escaped(&soap.namespace);
        let prefixed = soap.encoded || !soap.qualified;
        let name = match (prefixed, namespace.is_empty()) {
            (_, true) => operation.clone(),
            (true, false) => ["m:", operation].concat(),
            (false, false) => operation.clone(),
        };
        self.push(&["<", &name]);
        if !namespace.is_empty() {
            self.push(&[if prefixed { " xmlns:m=\"" } else { " xmlns=\"" }, &namespace, "\""]);
        }
        if soap.encoded {
            self.push(&[" SOAP-ENV:encodingStyle=\"", ENCODING, "\""]);
        }
        if let Some(full) = full {
            self.attributes(full);
        }
        self.push(&[">"]);
        full.into_iter().for_each(|full| self.members(full));
        self.push(&["</", &name, ">"]);
    }

    fn attributes(&mut self, full: &Full) {
        let Full::Members(members) = full else { return };
        for (name, value) in members {
            let Some(name) = name.strip_prefix('@').filter(|name| is_name(name)) else {
                continue;
            };
            if let Full::Text(text) | Full::Bare(text) = value {
                let text = escaped(text);
                self.push(&[" ", name, "=\"", &text, "\""]);
            }
        }
    }

    fn members(&mut self, full: &Full) {
        match full {
            Full::Members(members) => {
                for (name, member) in members {
                    if name == "#" {
                        self.members(member);
                    } else if is_name(name) && !(member.is_empty() && self.empty == Empty::Omit) {
                        self.element(name, member);
                    }
                }
            }
            Full::Text(text) | Full::Bare(text) => {
                let text = escaped(text);
                self.push(&[&text]);
            }
            Full::List(items) => items.iter().for_each(|item| self.members(item)),
            Full::Null | Full::Files(_) => {}
        }
    }

    fn element(&mut self, name: &str, value: &Full) {
        if let Full::List(items) = value {
            if self.encoded {
                let count = items.len().to_string();
                self.push(&[
                    "<",
                    name,
                    " SOAP-ENC:arrayType=\"xsd:anyType[",
                    &count,
                    "]\" xsi:type=\"SOAP-ENC:Array\">",
                ]);
                items.iter().for_each(|item| self.element("item", item));
                self.push(&["</", name, ">"]);
            } else {
                items.iter().for_each(|item| self.element(name, item));
            }
            return;
        }
        self.push(&["<", name]);
        let typed = matches!(value, Full::Members(members) if members.iter().any(|(key, _)| key == "@xsi:type"));
        if self.encoded && !typed {
            let kind = match value {
                Full::Text(_) => Some("xsd:string"),
                Full::Bare(bare) if bare == "true" || bare == "false" => Some("xsd:boolean"),
                Full::Bare(bare) if bare.contains('.') => Some("xsd:decimal"),
                Full::Bare(_) => Some("xsd:int"),
                _ => None,
            };
            if let Some(kind) = kind {
                self.push(&[" xsi:type=\"", kind, "\""]);
            }
        }
        self.attributes(value);
        self.push(&[">"]);
        self.members(value);
        self.push(&["</", name, ">"]);
    }
}

/// A name as XML has it, prefix and all; of letters beyond ASCII none.
fn is_name(name: &str) -> bool {
    let mut letters = name.bytes();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
}

/// A text between tags or in an attribute; characters that XML has not are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter < ' ' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// An answer with its references resolved: rpc/encoded servers write a value once and refer to it
/// (`href="#id1"`). What refers to itself is left as it is.
pub(super) fn resolved(root: &mut Node) {
    let mut named = Vec::new();
    gather(root, &mut named);
    if !named.is_empty() {
        let mut room = MOST_COPIES;
        replace(root, &named, 8, &mut room);
    }
}

fn attribute<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    let found = node.children.iter().find(|child| child.name == name && child.is_leaf());
    found.map(|child| child.text.as_str())
}

fn gather(node: &Node, into: &mut Vec<(String, Node)>) {
    if into.len() < 1000
        && node.children.len() > 1
        && let Some(id) = attribute(node, "id")
    {
        into.push((["#", id].concat(), node.clone()));
    }
    node.children.iter().for_each(|child| gather(child, into));
}

fn replace(node: &mut Node, named: &[(String, Node)], depth: u8, room: &mut usize) {
    let Some(deeper) = depth.checked_sub(1) else { return };
    let target = attribute(node, "href").filter(|href| href.starts_with('#'));
    let target = target.and_then(|href| named.iter().find(|(id, _)| id == href));
    if let Some((_, target)) = target {
        let Some(left) = room.checked_sub(size(target)) else {
            return;
        };
        *room = left;
        node.children.clone_from(&target.children);
        node.children.retain(|child| child.name != "id" || !child.is_leaf());
        node.text.clone_from(&target.text);
        node.children
            .iter_mut()
            .for_each(|child| replace(child, named, deeper, room));
        return;
    }
    node.children
        .iter_mut()
        .for_each(|child| replace(child, named, depth, room));
}

fn size(node: &Node) -> usize {
    node.children.iter().map(size).fold(1, usize::saturating_add)
}

/// What a fault in an answer means; `None` where there is none.
pub(super) fn fault(root: &Node) -> Option<Problem> {
    let child = |node: &'_ Node, name: &str| node.children.iter().position(|child| child.is(name));
    let envelope = root.children.iter().find(|node| node.is("Envelope"))?;
    let body = envelope.children.get(child(envelope, "Body")?)?;
    if let Some(fault) = body.children.iter().find(|node| node.is("Fault")) {
        let text = |paths: &[&[&str]]| {
            let mut found = paths.iter().filter_map(|path| {
                path.iter()
                    .try_fold(fault, |node, name| node.children.iter().find(|child| child.is(name)))
            });
            let found = found.find(|node| !node.is_blank());
            bounded(clean(found.map(Node::scalar).unwrap_or_default()), 500)
        };
        let code = text(&[&["faultcode"], &["Code", "Value"]]);
        let message = text(&[&["faultstring"], &["Reason", "Text"], &["Reason"]]);
        let local = code.rsplit(':').next().unwrap_or_default();
        return Some(match local.split('.').next().unwrap_or_default() {
            "Client" | "Sender" => Problem {
                fault: Fault::Rejected {
                    fields: Vec::new(),
                    message,
                },
                sent: Sent::Yes,
            },
            "VersionMismatch" | "MustUnderstand" | "DataEncodingUnknown" => Problem {
                fault: Fault::Protocol {
                    what: ["a SOAP fault ", &code, ": ", &message].concat(),
                },
                sent: Sent::No,
            },
            _ => Problem {
                fault: Fault::Upstream { status: 500, message },
                sent: Sent::Unknown,
            },
        });
    }
    let answers = body.children.iter();
    let fault = answers
        .flat_map(|answer| &answer.children)
        .find(|node| node.is("fault") && child(node, "faultString").is_some())?;
    let words = fault.named("faultString").next().map(Node::scalar).unwrap_or_default();
    Some(Problem {
        fault: Fault::Rejected {
            fields: Vec::new(),
            message: bounded(clean(words), 500),
        },
        sent: Sent::Yes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::codec::xml;
    use crate::adapters::mapped::path::Path;
    use crate::adapters::mapped::tree::Tree;

    fn written(soap: &Soap, encoding: Encoding, full: &Full) -> (String, String) {
        let body = self::body(Some(full), None, soap, encoding, Empty::Omit, Charset::Utf8);
        let [Part::Bytes(bytes)] = &body.parts[..] else {
            panic!("parts")
        };
        (body.content_type, String::from_utf8(bytes.clone()).expect("UTF-8"))
    }

    fn full() -> Full {
        let text = |text: &str| Full::Text(text.to_owned());
        Full::Members(vec![
            ("nik".to_owned(), text("1<2&\"\u{1}")),
            ("jumlah".to_owned(), Full::Bare("3".to_owned())),
            ("kosong".to_owned(), text("")),
            ("x y".to_owned(), text("no name")),
            ("foto".to_owned(), Full::List(vec![text("a"), text("b")])),
        ])
    }

    #[test]
    fn rpc_encoded_types_every_value_and_document_literal_none() {
        let soap = Soap {
            operation: Some("buat".to_owned()),
            namespace: "urn:x".to_owned(),
            encoded: true,
            action: Some("urn:x#buat".to_owned()),
            ..Soap::default()
        };
        let (kind, text) = written(&soap, Encoding::Soap11, &full());
        assert_eq!(kind, "text/xml; charset=UTF-8");
        assert!(
            text.contains("<m:buat xmlns:m=\"urn:x\" SOAP-ENV:encodingStyle="),
            "{text}"
        );
        assert!(
            text.contains("<nik xsi:type=\"xsd:string\">1&lt;2&amp;&quot;</nik>"),
            "{text}"
        );
        assert!(
            text.contains("<jumlah xsi:type=\"xsd:int\">3</jumlah><foto SOAP-ENC:arrayType"),
            "{text}"
        );
        let soap = Soap {
            encoded: false,
            qualified: true,
            ..soap
        };
        let (kind, text) = written(&soap, Encoding::Soap12, &full());
        assert_eq!(kind, "application/soap+xml; charset=UTF-8; action=\"urn:x#buat\"");
        let inner =
            "<buat xmlns=\"urn:x\"><nik>1&lt;2&amp;&quot;</nik><jumlah>3</jumlah><foto>a</foto><foto>b</foto></buat>";
        assert!(text.contains(inner), "{text}");
        assert!(xml::parse(&text).is_ok());
    }

    #[test]
    fn references_within_an_answer_are_resolved_and_end() {
        let mut root = xml::parse(
            "<E><Body><r><return href='#a'/></r><multiRef id='a'><nomor>7</nomor><self href='#a'/></multiRef></Body></E>",
        )
        .expect("XML");
        resolved(&mut root);
        let tree = Tree::of(&root);
        let found = Path::read("/E/Body/r/return/nomor")
            .expect("a path")
            .select(&tree)
            .len();
        assert_eq!(found, 1);
    }

    #[test]
    fn faults_are_found_in_either_versions_words_and_inside_a_normal_body() {
        let problem = |text: &str| fault(&xml::parse(text).expect("XML"));
        let eleven = |code: &str| {
            let text = format!(
                "<s:Envelope xmlns:s='x'><s:Body><s:Fault><faultcode>{code}</faultcode><faultstring>NIK salah</faultstring>\
                 </s:Fault></s:Body></s:Envelope>"
            );
            problem(&text).map(|problem| problem.sent)
        };
        assert_eq!(eleven("SOAP-ENV:Client"), Some(Sent::Yes));
        assert_eq!(eleven("Client.Authentication"), Some(Sent::Yes));
        assert_eq!(
            eleven("Server.ClientProxy.ServiceFailed.MissingBody"),
            Some(Sent::Unknown)
        );
        assert_eq!(eleven("MustUnderstand"), Some(Sent::No));
        let twelve = "<Envelope><Body><Fault><Code><Value>env:Sender</Value></Code><Reason><Text lang='id'>x</Text></Reason>\
            </Fault></Body></Envelope>";
        assert_eq!(problem(twelve).map(|problem| problem.sent), Some(Sent::Yes));
        let inside = "<Envelope><Body><r><fault><faultCode>E1</faultCode><faultString>tidak ada</faultString></fault></r></Body></Envelope>";
        assert!(
            matches!(problem(inside), Some(Problem { fault: Fault::Rejected { message, .. }, .. }) if message == "tidak ada")
        );
        assert_eq!(problem("<Envelope><Body><r><x>1</x></r></Body></Envelope>"), None);
    }
}
