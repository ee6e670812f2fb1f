//! The line of a JSON text at which a member stands, for whoever has to mend it.

/// The line, counted from 1, at which the member at this pointer begins; of one that is not there, that of
/// the nearest member around it.
#[must_use]
pub fn line_of(text: &str, pointer: &str) -> usize {
    let wanted: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|part| part.replace("~1", "/").replace("~0", "~"))
        .collect();
    let mut reader = Reader {
        rest: text.chars().collect(),
        at: 0,
        line: 1,
    };
    let mut best = (0, 1);
    reader.value(&wanted, 0, true, &mut best, 0);
    best.1
}

struct Reader {
    rest: Vec<char>,
    at: usize,
    line: usize,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        self.line += usize::from(letter == '\n');
        Some(letter)
    }

    fn space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn string(&mut self) -> String {
        let mut text = String::new();
        self.next();
        while let Some(letter) = self.next() {
            match letter {
                '"' => break,
                '\\' => text.extend(self.next()),
                letter => text.push(letter),
            }
        }
        text
    }

    /// Reads a value; `on` is whether the way so far is the wanted one, `depth` how far it went.
    fn value(&mut self, wanted: &[String], depth: usize, on: bool, best: &mut (usize, usize), nested: usize) {
        if nested > 100 {
            return;
        }
        self.space();
        if on && depth >= best.0 {
            *best = (depth, self.line);
        }
        match self.peek() {
            Some('"') => {
                self.string();
            }
            Some(open @ ('{' | '[')) => {
                self.next();
                let mut number = 0_usize;
                loop {
                    self.space();
                    match self.peek() {
                        None => return,
                        Some('}' | ']') => {
                            self.next();
                            return;
                        }
                        Some(',') => {
                            self.next();
                            continue;
                        }
                        _ => {}
                    }
                    let line = self.line;
                    let key = if open == '{' && self.peek() == Some('"') {
                        let key = self.string();
                        self.space();
                        if self.peek() == Some(':') {
                            self.next();
                        }
                        key
                    } else {
                        number.to_string()
                    };
                    number += 1;
                    let on = on && wanted.get(depth) == Some(&key);
                    if on && depth + 1 >= best.0 {
                        *best = (depth + 1, line);
                    }
                    let before = self.at;
                    self.member(wanted, depth + 1, on, best, nested);
                    if self.at == before {
                        // Nothing that JSON has: on with the next letter.
                        self.next();
                    }
                }
            }
            _ => {
                while self
                    .peek()
                    .is_some_and(|letter| !matches!(letter, ',' | '}' | ']') && !letter.is_whitespace())
                {
                    self.next();
                }
            }
        }
    }

    fn member(&mut self, wanted: &[String], depth: usize, on: bool, best: &mut (usize, usize), nested: usize) {
        let line = best.1;
        self.value(wanted, depth, on, best, nested + 1);
        // A member is where its key is, not where its value begins.
        if on && best.0 == depth {
            best.1 = line;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_found_at_the_line_of_its_key() {
        let text = "{\n \"a\": {\"x\": 1},\n \"intents\": {\n  \"track\":\n   {\"gives\": [\n    1,\n    {\"s\": \"}\\\"\"}\n   ]}\n }\n}";
        for (pointer, line) in [
            ("", 1),
            ("/a/x", 2),
            ("/intents", 3),
            ("/intents/track", 4),
            ("/intents/track/gives/1/s", 7),
            ("/intents/track/gives/0", 6),
            ("/intents/track/none/x", 4),
            ("/none", 1),
        ] {
            assert_eq!(line_of(text, pointer), line, "{pointer}");
        }
    }

    #[test]
    fn any_text_ends() {
        for text in ["", "{", "[[[", "{\"a\"", "{\"a\":}", "]]", "{,,}", "{:}"] {
            assert!(line_of(text, "/a/b") >= 1, "{text}");
        }
        assert_eq!(line_of(&"[".repeat(100_000), "/0/0/0"), 1);
    }
}
