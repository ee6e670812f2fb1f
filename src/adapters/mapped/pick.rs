//! Taking values out of answers: where they stand, and what is done to them.
//!
//! | written | means |
//! |---|---|
//! | `"/data/id"`, `"//nomor"` | a path ([`super::path`]) |
//! | `"css:td.status"`, `"css:input[name=t]@value"` | the text, or an attribute, of elements of a page |
//! | `"header:location"` | a header of the response |
//! | `"text:"` | the whole body as text |
//! | `{"value": "Tiket {took.nomor}"}` | a text with gaps |
//! | `["/a", "/b"]` | the first of these that finds anything |
//! | `{"from": …, "of": "history", "beside": "Status", "after": "No. ", "until": "/", "map": "kode", "or": "-"}` | the same, from the answer of another request; the element beside the one that reads so; what stands behind and before these words; a moment written anew (`"date": "yyyy-MM-dd"`); by a map; where there is none |
//!
//! Within a row a path begins at the row and a selector looks within its element, which itself is `css:`. What is taken is text:
//! trimmed, its white space collapsed, never markup.

use scraper::{ElementRef, Html, Selector};

use super::dates::{self, Format};
use super::path::Path;
use super::template::{Source, Template};
use super::tree::Tree;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::http::Response;
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::Value;

/// Most characters of one value.
const MOST_TEXT: usize = 5000;

/// Keys of a pick that is an object.
pub(super) const PICK_KEYS: [&str; 10] = [
    "from", "value", "of", "beside", "after", "until", "date", "map", "or", "join",
];

/// Where a value stands, and what is done to it.
#[derive(Clone, Debug)]
pub(super) struct Pick {
    from: From,
    /// The request whose answer it is in; the latest where it says none.
    of: Option<String>,
    beside: Option<String>,
    after: Option<String>,
    until: Option<String>,
    /// A moment, written anew in this format.
    date: Option<Format>,
    pub(super) map: Option<String>,
    or: Option<String>,
    join: Option<String>,
}

#[derive(Clone, Debug)]
enum From {
    Path(Path),
    /// Elements that a selector finds, or a row's own element; their words or an attribute.
    Css(Option<Selector>, Option<String>),
    Header(String),
    Text,
    Value(Template),
    /// The first of these that finds anything.
    Any(Vec<Pick>),
}

/// An answer, read.
pub(super) struct Document {
    /// The request's name.
    pub(super) name: String,
    pub(super) tree: Option<Tree>,
    pub(super) page: Option<Html>,
    pub(super) text: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) status: u16,
}

/// A row of a list.
#[derive(Clone, Copy)]
pub(super) enum Row<'a> {
    Tree(&'a Tree),
    Element(ElementRef<'a>),
}

/// Where values are looked for.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The answers so far, the latest last.
    pub(super) documents: &'a [Document],
    /// The row, within a list.
    pub(super) row: Option<Row<'a>>,
    /// What knows of gaps and maps.
    pub(super) source: &'a dyn Source,
}

impl Document {
    /// Reads an answer.
    pub(super) fn new(name: &str, response: &Response, tree: Option<Tree>, text: String, page: bool) -> Self {
        let page = (page && tree.is_none()).then(|| Html::parse_document(&text));
        Self {
            name: name.to_owned(),
            tree,
            page,
            text,
            headers: response.headers.clone(),
            status: response.status,
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Pick {
    /// Reads the pick of a key; what is wrong with it is noted.
    pub(super) fn read(keys: &mut Keys<'_>, key: &str) -> Option<Self> {
        let value = keys.value(key)?;
        let path = keys.at(key);
        Self::of(value, &path, keys.wrong)
    }

    /// Reads a pick.
    pub(super) fn of(value: &Value, path: &str, wrong: &mut Vec<Diagnostic>) -> Option<Self> {
        let bare = |from| Self {
            from,
            of: None,
            beside: None,
            after: None,
            until: None,
            date: None,
            map: None,
            or: None,
            join: None,
        };
        match value {
            Value::String(text) => match From::read(text) {
                Ok(from) => Some(bare(from)),
                Err(expected) => {
                    wrong.push(Diagnostic::new(path, expected, text));
                    None
                }
            },
            Value::Array(items) if !items.is_empty() => {
                let items = items.iter().enumerate();
                let picks =
                    items.filter_map(|(at, item)| Self::of(item, &[path, "/", &at.to_string()].concat(), wrong));
                Some(bare(From::Any(picks.collect())))
            }
            Value::Object(map) => {
                let mut keys = Keys::new(map, path.to_owned(), wrong);
                let from = match (keys.text("from"), keys.value("value").and_then(Value::as_str)) {
                    (Some(text), None) => From::read(&text).map_err(|expected| ("from", expected, text)),
                    (None, Some(text)) => Template::read(text)
                        .map(From::Value)
                        .map_err(|expected| ("value", expected, text.to_owned())),
                    _ => Err(("from", "from or value, one of the two", value.json())),
                };
                let pick = match from {
                    Ok(from) => Some(Self {
                        of: keys.text("of"),
                        beside: keys.text("beside"),
                        after: verbatim(&mut keys, "after"),
                        until: verbatim(&mut keys, "until"),
                        date: format(&mut keys),
                        map: keys.text("map"),
                        or: verbatim(&mut keys, "or"),
                        join: verbatim(&mut keys, "join"),
                        ..bare(from)
                    }),
                    Err((key, expected, found)) => {
                        keys.complain(key, expected, || found);
                        None
                    }
                };
                keys.unknown(&PICK_KEYS);
                pick
            }
            other => {
                wrong.push(Diagnostic::new(path, "where it stands, such as /data/id", other.json()));
                None
            }
        }
    }

    /// The template in it, for what a gap may name.
    pub(super) const fn template(&self) -> Option<&Template> {
        match &self.from {
            From::Value(template) => Some(template),
            _ => None,
        }
    }

    /// The request that it names.
    pub(super) fn request(&self) -> Option<&str> {
        self.of.as_deref()
    }

    /// Itself, or those of which it is the first that finds anything.
    pub(super) fn alternatives(&self) -> Vec<&Self> {
        match &self.from {
            From::Any(picks) => picks.iter().flat_map(Self::alternatives).collect(),
            _ => vec![self],
        }
    }

    /// Whether a page of HTML must be read for it.
    pub(super) fn needs_page(&self) -> bool {
        self.alternatives()
            .iter()
            .any(|pick| matches!(pick.from, From::Css(..)))
    }

    /// The first value that is there; empty where none is.
    pub(super) fn first(&self, place: Place<'_>) -> String {
        if let From::Any(picks) = &self.from {
            let mut found = picks.iter().map(|pick| pick.first(place));
            return found.find(|found| !found.is_empty()).unwrap_or_default();
        }
        let all = self.all(place);
        let found = match &self.join {
            Some(by) => all.join(by),
            None => all.into_iter().next().unwrap_or_default(),
        };
        match &self.or {
            Some(or) if found.is_empty() => or.clone(),
            _ => found,
        }
    }

    /// All values that are there, none of them empty.
    pub(super) fn all(&self, place: Place<'_>) -> Vec<String> {
        if let From::Any(picks) = &self.from {
            let mut found = picks.iter().map(|pick| pick.all(place));
            return found.find(|found| !found.is_empty()).unwrap_or_default();
        }
        let texts = self.texts(place);
        let texts = texts.into_iter().filter_map(|text| self.cut(&text));
        let texts = texts.map(|text| bounded(clean(&text), MOST_TEXT));
        let texts = texts.filter(|text| !text.is_empty());
        let dated = texts.map(|text| match &self.date {
            Some(format) => anew(&text, format, place.source.offset()),
            None => text,
        });
        let mapped = dated.map(|text| match &self.map {
            Some(map) => place.source.mapped(map, &text).unwrap_or(text),
            None => text,
        });
        // A map may say that there is nothing.
        mapped.filter(|text| !text.is_empty()).collect()
    }

    fn cut(&self, text: &str) -> Option<String> {
        let text = match &self.after {
            Some(after) => text.split_once(after.as_str())?.1,
            None => text,
        };
        let text = match &self.until {
            Some(until) => text.split_once(until.as_str()).map_or(text, |(before, _)| before),
            None => text,
        };
        Some(text.to_owned())
    }

    fn texts(&self, place: Place<'_>) -> Vec<String> {
        match &self.from {
            From::Path(path) => {
                let trees = self.trees(path, place);
                trees.into_iter().map(|tree| tree.text().to_owned()).collect()
            }
            From::Css(selector, attribute) => {
                let elements = self.elements(selector.as_ref(), place);
                let beside = elements.into_iter().filter_map(|element| match &self.beside {
                    Some(label) => beside(element, label),
                    None => Some(element),
                });
                beside
                    .map(|element| match attribute {
                        Some(name) => element.value().attr(name).unwrap_or_default().to_owned(),
                        None => words(element),
                    })
                    .collect()
            }
            From::Header(name) => {
                let document = self.document(place);
                let value = document.and_then(|document| document.header(name));
                value.map(str::to_owned).into_iter().collect()
            }
            From::Text => self
                .document(place)
                .map(|document| document.text.clone())
                .into_iter()
                .collect(),
            From::Value(template) => vec![template.text(place.source)],
            From::Any(_) => Vec::new(),
        }
    }

    /// Rows: what a path or selector finds, each a place of its own.
    pub(super) fn rows<'a>(&self, place: Place<'a>) -> Vec<Row<'a>> {
        match &self.from {
            From::Path(path) => self.trees(path, place).into_iter().map(Row::Tree).collect(),
            From::Css(selector, _) => {
                let elements = self.elements(selector.as_ref(), place);
                elements.into_iter().map(Row::Element).collect()
            }
            From::Any(picks) => {
                let mut found = picks.iter().map(|pick| pick.rows(place));
                found.find(|found| !found.is_empty()).unwrap_or_default()
            }
            From::Header(_) | From::Text | From::Value(_) => Vec::new(),
        }
    }

    /// Whether what it names is there at all, be it empty.
    pub(super) fn is_there(&self, place: Place<'_>) -> bool {
        match &self.from {
            From::Path(path) => !self.trees(path, place).is_empty(),
            From::Css(selector, _) => !self.elements(selector.as_ref(), place).is_empty(),
            From::Any(picks) => picks.iter().any(|pick| pick.is_there(place)),
            From::Header(_) | From::Text | From::Value(_) => !self.all(place).is_empty(),
        }
    }

    fn document<'a>(&self, place: Place<'a>) -> Option<&'a Document> {
        match &self.of {
            Some(name) => place.documents.iter().rev().find(|document| document.name == *name),
            None => place.documents.last(),
        }
    }

    fn trees<'a>(&self, path: &Path, place: Place<'a>) -> Vec<&'a Tree> {
        let root = match (place.row, &self.of) {
            (Some(Row::Tree(row)), None) => Some(row),
            (Some(Row::Element(_)), None) => None,
            _ => self.document(place).and_then(|document| document.tree.as_ref()),
        };
        root.map(|root| path.select(root)).unwrap_or_default()
    }

    fn elements<'a>(&self, selector: Option<&Selector>, place: Place<'a>) -> Vec<ElementRef<'a>> {
        let Some(selector) = selector else {
            return match place.row {
                Some(Row::Element(row)) => vec![row],
                _ => Vec::new(),
            };
        };
        match (place.row, &self.of) {
            (Some(Row::Element(row)), None) => row.select(selector).collect(),
            (Some(Row::Tree(_)), None) => Vec::new(),
            _ => {
                let page = self.document(place).and_then(|document| document.page.as_ref());
                page.map(|page| page.select(selector).collect()).unwrap_or_default()
            }
        }
    }
}

fn format(keys: &mut Keys<'_>) -> Option<Format> {
    let text = keys.text("date")?;
    match Format::read(&text) {
        Ok(format) => Some(format),
        Err(expected) => {
            keys.complain("date", expected, || text);
            None
        }
    }
}

/// A moment in another format; what is none stays as it is.
fn anew(text: &str, format: &Format, offset: i32) -> String {
    let read = [Format::Http, Format::Iso, Format::Epoch];
    let moment = dates::moment(&read, text, offset);
    let written = moment.and_then(|moment| format.written(&dates::local(moment, offset), offset));
    written.unwrap_or_else(|| text.to_owned())
}

/// A text as it is written, spaces at its ends included.
fn verbatim(keys: &mut Keys<'_>, key: &str) -> Option<String> {
    let value = keys.value(key)?;
    let text = value.as_str().map(str::to_owned);
    if text.is_none() {
        keys.complain(key, "a text", || value.json());
    }
    text
}

impl From {
    fn read(text: &str) -> Result<Self, &'static str> {
        if let Some(css) = text.strip_prefix("css:") {
            let (selector, attribute) = match css.rsplit_once('@') {
                Some((selector, attribute)) if !attribute.contains([']', ' ', '"']) => (selector, Some(attribute)),
                _ => (css, None),
            };
            let selector = match selector.trim() {
                "" => None,
                selector => {
                    let parsed = Selector::parse(selector);
                    Some(parsed.map_err(|_| "a CSS selector, such as css:table td.status@title")?)
                }
            };
            return Ok(Self::Css(selector, attribute.map(str::to_owned)));
        }
        if let Some(name) = text.strip_prefix("header:") {
            return Ok(Self::Header(name.trim().to_ascii_lowercase()));
        }
        match text {
            "text:" => Ok(Self::Text),
            "." => Ok(Self::Path(Path::here())),
            path => Path::read(path).map(Self::Path),
        }
    }
}

/// An element's words.
fn words(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for piece in element.text() {
        text.push_str(piece);
        text.push(' ');
    }
    text
}

/// The element beside one that reads so; a colon behind the words is none.
fn beside<'a>(element: ElementRef<'a>, label: &str) -> Option<ElementRef<'a>> {
    let plain = |text: &str| clean(text).trim_end_matches([':', ' ']).to_lowercase();
    if plain(&words(element)) != plain(label) {
        return None;
    }
    let next = element.next_siblings().filter_map(ElementRef::wrap);
    // A cell that holds nothing but the colon stands between them in many a table.
    next.into_iter().find(|next| !plain(&words(*next)).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::mapped::template::{Filling, Name};
    use crate::adapters::mapped::tree::json;
    use serde_json::json as value;

    struct Nothing;

    impl Source for Nothing {
        fn filling(&self, _: &Name) -> Filling {
            Filling::None
        }
        fn mapped(&self, map: &str, word: &str) -> Option<String> {
            (map == "m" && word == "Selesai").then(|| "done".to_owned())
        }
        fn offset(&self) -> i32 {
            0
        }
    }

    fn pick(written: serde_json::Value) -> Pick {
        let mut wrong = Vec::new();
        let pick = Pick::of(&written.into(), "/x", &mut wrong);
        assert_eq!(wrong, []);
        pick.expect("a pick")
    }

    fn found(documents: &[Document], written: serde_json::Value) -> Vec<String> {
        pick(written).all(Place {
            documents,
            row: None,
            source: &Nothing,
        })
    }

    fn page(html: &str) -> Document {
        Document::new("a", &Response::default(), None, html.to_owned(), true)
    }

    #[test]
    fn a_page_is_read_by_selectors_and_by_what_stands_beside() {
        let page = [page(
            "<table><tr><th>No. Tiket :</th><td>:</td><td>T-7 <b>baru</b></td></tr>\
             <tr><td>Status</td><td title='x'>Selesai\n</td></tr></table><a href='/d/9?x=1'>unduh</a>",
        )];
        assert_eq!(
            found(&page, value!({"from": "css:tr > *", "beside": "no. tiket"})),
            ["T-7 baru"]
        );
        assert_eq!(
            found(&page, value!({"from": "css:td", "beside": "Status", "map": "m"})),
            ["done"]
        );
        assert_eq!(found(&page, value!("css:td@title")), ["x"]);
        assert_eq!(
            found(&page, value!({"from": "css:a@href", "after": "/d/", "until": "?"})),
            ["9"]
        );
        let rows = pick(value!("css:tr")).rows(Place {
            documents: &page,
            row: None,
            source: &Nothing,
        });
        let first = pick(value!("css:td"));
        let texts: Vec<String> = rows
            .into_iter()
            .map(|row| {
                first.first(Place {
                    documents: &page,
                    row: Some(row),
                    source: &Nothing,
                })
            })
            .collect();
        assert_eq!(texts, [":", "Status"]);
    }

    #[test]
    fn another_requests_answer_is_read_by_its_name() {
        let mut documents = vec![page("<p>x</p>"), page("<p>y</p>")];
        documents[0].name = "first".to_owned();
        documents[0].tree = Some(json(r#"{"a":[1,2]}"#));
        assert_eq!(found(&documents, value!({"from": "/a/*", "of": "first"})), ["1", "2"]);
        assert_eq!(found(&documents, value!({"from": "css:p", "of": "first"})), ["x"]);
        assert_eq!(found(&documents, value!("css:p")), ["y"]);
        let joined = pick(value!({"from": "/a/*", "of": "first", "join": "+"}));
        assert_eq!(
            joined.first(Place {
                documents: &documents,
                row: None,
                source: &Nothing
            }),
            "1+2"
        );
    }

    #[test]
    fn what_is_no_pick_is_noted_with_its_place() {
        for (written, path) in [
            (value!("css:]["), "/x"),
            (value!("/a//b//c"), "/x"),
            (value!(3), "/x"),
            (value!({"from": "a", "value": "b"}), "/x/from"),
            (value!({"value": "{nope}"}), "/x/value"),
            (value!({"from": "a", "zz": 1}), "/x/zz"),
        ] {
            let mut wrong = Vec::new();
            let _ = Pick::of(&written.into(), "/x", &mut wrong);
            let paths: Vec<&str> = wrong.iter().map(|wrong| wrong.path.as_str()).collect();
            assert_eq!(paths, [path]);
        }
    }
}
