//! References in `index.html` to files that have moved.
//!
//! Trunk's release builds write HTML without quotes and optional tags, so tags are read as browsers
//! do, as far as `href` and `src` need it. Texts, comments and scripts are left as they are.

use std::collections::BTreeSet;

/// `html`, with every `href` and `src` that names a file in `moved` (paths without a leading slash)
/// pointing below `prefix`, such as `/b/0123456789ab/`.
pub(super) fn rewrite(html: &str, moved: &BTreeSet<String>, prefix: &str) -> String {
    let mut written = String::with_capacity(html.len() + 512);
    let mut rest = html;
    while let Some((text, from)) = rest.find('<').and_then(|at| rest.split_at_checked(at)) {
        written.push_str(text);
        let length = if from.starts_with("<!--") {
            from.find("-->").map_or(from.len(), |at| at + 3)
        } else {
            tag_length(from)
        };
        let (tag, after) = from.split_at_checked(length).unwrap_or((from, ""));
        rewrite_tag(tag, moved, prefix, &mut written);
        rest = after;
        for (opening, closing) in [("<script", "</script"), ("<style", "</style")] {
            if begins(tag, opening)
                && let Some((content, after)) = until(after, closing)
            {
                written.push_str(content);
                rest = after;
            }
        }
    }
    written.push_str(rest);
    written
}

fn begins(text: &str, with: &str) -> bool {
    text.get(..with.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(with))
}

fn until<'a>(text: &'a str, end: &str) -> Option<(&'a str, &'a str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find('<')?;
        let (before, after) = text.split_at_checked(at)?;
        if begins(after, end) {
            return Some((before, after));
        }
        from = at + 1;
    }
}

/// Bytes of the tag that `text` begins with, its `>` included.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '>' => return at + 1,
            // A quote opens a value only right after its `=`.
            None if matches!(c, '"' | '\'') && before == '=' => quote = Some(c),
            None => {}
        }
        if !c.is_ascii_whitespace() {
            before = c;
        }
    }
    text.len()
}

fn rewrite_tag(tag: &str, moved: &BTreeSet<String>, prefix: &str, written: &mut String) {
    if !tag.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic()) {
        written.push_str(tag);
        return;
    }
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        written.push_str(before);
        written.push('=');
        let name = before
            .trim_end()
            .rsplit(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'');
        let name = name.into_iter().next().unwrap_or_default();
        let space = after.len() - after.trim_start().len();
        let (space, value) = after.split_at_checked(space).unwrap_or(("", after));
        written.push_str(space);
        let (open, length) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                written.push(quote);
                let inside = value.get(1..).unwrap_or_default();
                (1, inside.find(quote).unwrap_or(inside.len()))
            }
            _ => {
                let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>');
                (0, end.unwrap_or(value.len()))
            }
        };
        let (value, after) = value
            .get(open..)
            .and_then(|value| value.split_at_checked(length))
            .unwrap_or((value, ""));
        if name.eq_ignore_ascii_case("href") || name.eq_ignore_ascii_case("src") {
            written.push_str(&pointed(value, moved, prefix));
        } else {
            written.push_str(value);
        }
        rest = after;
    }
    written.push_str(rest);
}

fn pointed(value: &str, moved: &BTreeSet<String>, prefix: &str) -> String {
    let path = value
        .strip_prefix("./")
        .or_else(|| value.strip_prefix('/'))
        .unwrap_or(value);
    let end = path.find(['?', '#']).unwrap_or(path.len());
    match path.split_at_checked(end) {
        Some((file, suffix)) if moved.contains(file) => format!("{prefix}{file}{suffix}"),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(html: &str) -> String {
        let moved = ["app.js", "x.css", "snippets/a/b.js"].map(str::to_owned).into();
        rewrite(html, &moved, "/b/0/")
    }

    #[test]
    fn references_are_followed_in_every_way_of_writing_them() {
        for (html, expected) in [
            (
                r#"<link rel="stylesheet" href="/x.css"/>"#,
                r#"<link rel="stylesheet" href="/b/0/x.css"/>"#,
            ),
            (
                "<link href=/x.css rel=stylesheet>",
                "<link href=/b/0/x.css rel=stylesheet>",
            ),
            (
                "<script src='./app.js?v=1'></script>",
                "<script src='/b/0/app.js?v=1'></script>",
            ),
            ("<LINK\n HREF = \"x.css\">", "<LINK\n HREF = \"/b/0/x.css\">"),
            (
                r#"<link title="a>b" href="/snippets/a/b.js">"#,
                r#"<link title="a>b" href="/b/0/snippets/a/b.js">"#,
            ),
            (
                "<link href=/x.css><link href=/x.css>",
                "<link href=/b/0/x.css><link href=/b/0/x.css>",
            ),
        ] {
            assert_eq!(rewritten(html), expected);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for html in [
            r#"<a href="/daerah">x.css = "/app.js"</a>"#,
            r#"<img src="/icon.svg" alt="/app.js">"#,
            r#"<!-- <script src="/app.js"> --><p>it's < "/x.css"</p>"#,
            r#"<script type="application/json">{"a": "<link href='/x.css'>"}</script>"#,
            r#"<script src="https://elsewhere.id/app.js"></script>"#,
            r#"<div data-href="/x.css" srcset="/app.js">"#,
            r#"<a title="x href=/app.js" href="/">"#,
            "<link href=\"/x.css",
            "<",
            "",
        ] {
            let expected = if html.ends_with("x.css") {
                "<link href=\"/b/0/x.css"
            } else {
                html
            };
            assert_eq!(rewritten(html), expected);
        }
    }
}
