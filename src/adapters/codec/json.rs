//! Lenient JSON to a [`Node`] tree.
//!
//! Read by hand and not by serde, since backends need what serde cannot give: numbers with the digits
//! that were written (`37.70`, `006`, a number of forty digits), doubled keys, raw line breaks within
//! strings, a comma before a closing bracket. What is structurally broken is refused as a whole.

use super::node::Node;
use super::{Broken, MAX_DEPTH, MAX_NODES};

/// Reads one JSON value; the root is nameless and has it as its child (or, of a list, its items).
///
/// # Errors
/// Where the text is cut off, malformed, too large, or goes on after the value.
pub fn parse(text: &str) -> Result<Node, Broken> {
    let mut reader = Reader {
        rest: text,
        room: MAX_NODES,
    };
    let mut root = Node::default();
    reader.value("", &mut root.children, MAX_DEPTH)?;
    reader.space();
    if reader.rest.trim_matches([';', '\0']).trim().is_empty() {
        Ok(root)
    } else {
        Err(Broken::Trailing)
    }
}

struct Reader<'a> {
    rest: &'a str,
    /// How many more nodes may come.
    room: usize,
}

impl<'a> Reader<'a> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
    }

    fn peek(&mut self) -> Result<char, Broken> {
        self.space();
        self.rest.chars().next().ok_or(Broken::CutOff)
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.space();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn push(&mut self, into: &mut Vec<Node>, node: Node) -> Result<(), Broken> {
        self.room = self.room.checked_sub(1).ok_or(Broken::TooLarge)?;
        into.push(node);
        Ok(())
    }

    fn value(&mut self, name: &str, into: &mut Vec<Node>, depth: usize) -> Result<(), Broken> {
        let depth = depth.checked_sub(1).ok_or(Broken::TooLarge)?;
        match self.peek()? {
            '{' => {
                let children = self.members(depth)?;
                let node = Node {
                    name: name.to_owned(),
                    text: String::new(),
                    children,
                };
                self.push(into, node)
            }
            '[' => self.items(name, into, depth),
            '"' => {
                let text = self.string()?;
                self.push(into, Node::leaf(name, text))
            }
            _ => {
                let text = self.word()?;
                self.push(into, Node::leaf(name, text))
            }
        }
    }

    fn members(&mut self, depth: usize) -> Result<Vec<Node>, Broken> {
        let mut children = Vec::new();
        self.eat('{');
        while !self.eat('}') {
            if self.peek()? != '"' {
                return Err(Broken::Malformed);
            }
            let name = self.string()?;
            if self.peek()? != ':' {
                return Err(Broken::Malformed);
            }
            self.eat(':');
            self.value(&name, &mut children, depth)?;
            self.separator('}')?;
        }
        Ok(children)
    }

    fn items(&mut self, name: &str, into: &mut Vec<Node>, depth: usize) -> Result<(), Broken> {
        let before = into.len();
        self.eat('[');
        while !self.eat(']') {
            self.value(name, into, depth)?;
            self.separator(']')?;
        }
        if into.len() == before {
            self.push(into, Node::leaf(name, String::new()))?;
        }
        Ok(())
    }

    /// A comma, or the closing bracket still to come.
    fn separator(&mut self, closing: char) -> Result<(), Broken> {
        if self.eat(',') || self.peek()? == closing {
            Ok(())
        } else {
            Err(Broken::Malformed)
        }
    }

    /// A number as written, `true`, `false`, or nothing for `null`.
    fn word(&mut self) -> Result<String, Broken> {
        let end = self
            .rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).ok_or(Broken::Malformed)?;
        let number = word
            .trim_start_matches(['+', '-', '.'])
            .starts_with(|letter: char| letter.is_ascii_digit());
        if !number && !matches!(word, "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity") {
            // A literal cut off by the end of the text is told apart from one that never was.
            let cut = rest.is_empty() && ["true", "false", "null"].iter().any(|whole| whole.starts_with(word));
            return Err(if cut { Broken::CutOff } else { Broken::Malformed });
        }
        self.rest = rest;
        Ok(if word == "null" { String::new() } else { word.to_owned() })
    }

    fn string(&mut self) -> Result<String, Broken> {
        let mut text = String::new();
        self.rest = self.rest.strip_prefix('"').ok_or(Broken::Malformed)?;
        loop {
            let end = self.rest.find(['"', '\\']).ok_or(Broken::CutOff)?;
            let (plain, rest) = self.rest.split_at_checked(end).ok_or(Broken::CutOff)?;
            text.push_str(plain);
            if let Some(rest) = rest.strip_prefix('"') {
                self.rest = rest;
                return Ok(text);
            }
            self.rest = rest.strip_prefix('\\').unwrap_or(rest);
            let letter = self.next()?;
            text.push(match letter {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => self.unicode()?,
                other => other,
            });
        }
    }

    fn next(&mut self) -> Result<char, Broken> {
        let mut letters = self.rest.chars();
        let letter = letters.next().ok_or(Broken::CutOff)?;
        self.rest = letters.as_str();
        Ok(letter)
    }

    fn unit(&mut self) -> Result<u32, Broken> {
        let mut unit = 0_u32;
        for _ in 0..4 {
            let digit = self.next()?.to_digit(16).ok_or(Broken::Malformed)?;
            unit = (unit << 4) | digit;
        }
        Ok(unit)
    }

    /// A `\u` escape, with the second half of a surrogate pair where there is one.
    fn unicode(&mut self) -> Result<char, Broken> {
        let high = self.unit()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.rest;
        if let Some(rest) = self.rest.strip_prefix("\\u") {
            self.rest = rest;
            let low = self.unit()?;
            if (0xdc00..0xe000).contains(&low) {
                let scalar = 0x1_0000_u32.saturating_add(((high & 0x3ff) << 10) | (low & 0x3ff));
                return Ok(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.rest = before;
        Ok(char::REPLACEMENT_CHARACTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Node {
        parse(text).expect("parses").children.remove(0)
    }

    #[test]
    fn numbers_keep_the_digits_that_were_written() {
        for number in ["37.70", "006", "123456789012345678901234567890", "-1.5e3", "+3"] {
            assert_eq!(only(number).text, number);
        }
    }

    #[test]
    fn a_list_is_siblings_of_one_name_and_an_empty_one_is_an_empty_node() {
        let node = only(r#"{"a":[1,{"b":2},[3]],"c":[],"d":null}"#);
        assert_eq!(node.named("a").count(), 3);
        assert!(node.named("c").all(Node::is_blank));
        assert_eq!(node.named("d").count(), 1);
        assert_eq!(parse("[{},{}]").expect("parses").children.len(), 2);
    }

    #[test]
    fn doubled_keys_trailing_commas_and_raw_line_breaks_are_read() {
        let node = only("{\"a\":1,\"a\":2,\"b\":\"x\ny\",}");
        assert_eq!(node.named("a").map(Node::scalar).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(node.named("b").next().map(Node::scalar), Some("x\ny"));
    }

    #[test]
    fn escapes_are_undone_surrogate_pairs_included() {
        let text = "\"\\u00e9\\n\\/\\\"\\uD83D\\uDE00 \\ud800x \\uDBFF\\uDFFF\"";
        assert_eq!(only(text).text, "é\n/\"😀 \u{fffd}x \u{10ffff}");
    }

    #[test]
    fn what_is_cut_off_or_malformed_is_refused() {
        for text in [
            "",
            "{",
            "{\"a\"",
            "{\"a\":",
            "[1,",
            "\"x",
            "\"\\u00",
            "tru",
            "{\"a\":nul",
        ] {
            assert_eq!(parse(text), Err(Broken::CutOff), "{text}");
        }
        for text in ["{a:1}", "[1 2]", "{\"a\" 1}", "x", "\"\\uzzzz\"", "]"] {
            assert_eq!(parse(text), Err(Broken::Malformed), "{text}");
        }
        assert_eq!(parse("{} {}"), Err(Broken::Trailing));
        assert_eq!(parse(&"[".repeat(100)), Err(Broken::TooLarge));
        assert_eq!(parse(&format!("[{}1]", "1,".repeat(MAX_NODES))), Err(Broken::TooLarge));
    }
}
