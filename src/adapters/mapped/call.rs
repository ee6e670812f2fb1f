//! One request of an intent, as a profile says it.

use super::body::Draft;
use super::condition::Condition;
use super::gives::Kind;
use super::pick::Pick;
use super::profile::{Empty, texts};
use super::soap::Soap;
use super::template::{Name, Template};
use crate::adapters::http::Method;
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;

/// Keys of a request.
pub(super) const CALL_KEYS: [&str; 15] = [
    "as", "method", "path", "query", "headers", "encoding", "soap", "body", "empty", "take", "succeeds", "fails",
    "optional", "delivers", "pages",
];

/// Keys of a failure.
pub(super) const FAIL_KEYS: [&str; 5] = ["when", "means", "message", "field", "after"];

/// Keys of paging.
pub(super) const PAGE_KEYS: [&str; 5] = ["first", "step", "last", "next", "size"];

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// There is none.
    None,
    Json,
    Form,
    Multipart,
    /// What would be the body goes into the query.
    Query,
    Xml,
    Soap11,
    Soap12,
}

/// What an answer means that is no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    Rejected,
    NotFound,
    LoginNeeded,
    RateLimited,
    Upstream,
}

/// When an answer is a failure, and what it says of it.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) when: Vec<Condition>,
    pub(super) means: Means,
    pub(super) message: Option<Pick>,
    pub(super) field: Option<Pick>,
    pub(super) after: Option<Pick>,
}

/// How a list is asked for page by page: `{page}` says which.
#[derive(Clone, Debug)]
pub(super) struct Pages {
    pub(super) first: u32,
    pub(super) step: u32,
    /// The number of the last one.
    pub(super) last: Option<Pick>,
    /// There is another one where this is there.
    pub(super) next: Option<Pick>,
    /// A page with fewer rows is the last one.
    pub(super) size: Option<u32>,
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) path: Template,
    pub(super) query: Vec<(String, Template)>,
    pub(super) headers: Vec<(String, Template)>,
    pub(super) encoding: Encoding,
    pub(super) soap: Soap,
    pub(super) body: Option<Draft>,
    pub(super) empty: Empty,
    pub(super) take: Vec<(String, Pick)>,
    pub(super) succeeds: Vec<Condition>,
    pub(super) fails: Vec<Failure>,
    /// Whatever it answers, the conversation goes on.
    pub(super) optional: bool,
    /// It is what delivers an application.
    pub(super) delivers: bool,
    pub(super) pages: Option<Pages>,
}

/// What gaps may name in an intent's texts.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The intent.
    pub(super) kind: Kind,
    /// What earlier requests took.
    pub(super) taken: &'a [String],
    /// Names of the profile's maps.
    pub(super) maps: &'a [&'a str],
    /// What is kept with a case.
    pub(super) kept: &'a [String],
    /// Names of the profile's constants.
    pub(super) constants: &'a [&'a str],
}

impl Scope<'_> {
    fn knows(&self, name: &Name) -> bool {
        use Kind::{
            Catalogue, Document, Form, List, Login, Reconcile, Resolve, Submit, Timeline, Token, Track, Upload,
        };
        let among = |kinds: &[Kind]| kinds.contains(&self.kind);
        match name {
            Name::Answer(_) | Name::Row(_) => among(&[Submit, Reconcile]),
            Name::Service => among(&[Form, Submit, Upload, Reconcile]),
            Name::Application => among(&[Submit, Upload, Reconcile]),
            Name::Reference => among(&[Resolve, Track, Timeline, Document]),
            Name::Handle => among(&[Document]),
            Name::Owner => among(&[Resolve, Track, Timeline, Document]),
            Name::Session => !among(&[Token, Login]),
            Name::Identifier | Name::Proof => among(&[Login]),
            Name::Took(taken) => self.taken.contains(taken),
            Name::Constant(name) => self.constants.contains(&name.as_str()),
            Name::Kept(kept) => among(&[Resolve, Track, Timeline, Document]) && self.kept.contains(kept),
            Name::File | Name::FileLabel | Name::FileKind => among(&[Upload]),
            Name::Page => among(&[Catalogue, Track, Timeline, List, Reconcile]),
        }
    }

    /// Notes what a text names that is not known here.
    pub(super) fn check(&self, template: &Template, path: &str, wrong: &mut Vec<Diagnostic>) {
        for gap in template.gaps() {
            if !self.knows(&gap.name) {
                let expected = match &gap.name {
                    Name::Took(_) => "what an earlier request of this intent takes",
                    _ => "a gap that this intent knows",
                };
                wrong.push(Diagnostic::new(path, expected, gap.name.written()));
            }
            for map in gap.maps().filter(|map| !self.maps.contains(map)) {
                wrong.push(Diagnostic::new(path, "the name of one of maps", map));
            }
        }
    }

    /// Notes what a pick names that is not there.
    pub(super) fn check_pick(&self, pick: &Pick, requests: &[String], path: &str, wrong: &mut Vec<Diagnostic>) {
        for pick in pick.alternatives() {
            if let Some(template) = pick.template() {
                self.check(template, path, wrong);
            }
            if let Some(map) = pick.map.as_deref().filter(|map| !self.maps.contains(map)) {
                wrong.push(Diagnostic::new(path, "the name of one of maps", map));
            }
            if let Some(name) = pick
                .request()
                .filter(|name| !requests.iter().any(|known| known == name))
            {
                wrong.push(Diagnostic::new(path, ["one of ", &requests.join(", ")].concat(), name));
            }
        }
    }
}

impl Call {
    /// The requests of an intent, and whether all of them can be sent.
    pub(super) fn chain(intent: &mut Keys<'_>, scope: Scope<'_>) -> (Vec<Self>, bool) {
        let mut places = Vec::new();
        if let Some(one) = intent.value("request") {
            places.push((intent.at("request"), one));
        }
        if let Some(list) = intent.value("requests") {
            match list.as_array() {
                Some(items) => {
                    let path = intent.at("requests");
                    let items = items.iter().enumerate();
                    places.extend(items.map(|(at, item)| ([&path, "/", &at.to_string()].concat(), item)));
                }
                None => intent.complain("requests", "a list of requests", || list.json()),
            }
        }
        if places.is_empty() {
            intent.complain("request", "a request with a path", || "nothing".to_owned());
            return (Vec::new(), false);
        }
        let mut calls: Vec<Self> = Vec::new();
        let mut taken = scope.taken.to_vec();
        let mut sound = true;
        for (at, (path, value)) in places.into_iter().enumerate() {
            let Some(map) = value.as_object() else {
                intent.wrong.push(Diagnostic::new(path, "a request", value.json()));
                sound = false;
                continue;
            };
            let before = intent.wrong.len();
            let mut keys = Keys::new(map, path, intent.wrong);
            let scope = Scope { taken: &taken, ..scope };
            let names: Vec<String> = calls.iter().map(|call| call.name.clone()).collect();
            match Self::read(&mut keys, scope, at, &names) {
                Some(call) => {
                    taken.extend(call.taken());
                    calls.push(call);
                }
                None => sound = false,
            }
            // A request that says something else than was meant is not sent.
            sound &= intent.wrong.len() == before;
        }
        if scope.kind == Kind::Submit
            && !calls.iter().any(|call| call.delivers)
            && let Some(last) = calls.last_mut()
        {
            last.delivers = true;
        }
        (calls, sound)
    }

    fn read(keys: &mut Keys<'_>, scope: Scope<'_>, at: usize, before: &[String]) -> Option<Self> {
        keys.unknown(&CALL_KEYS);
        let encodings = [
            ("none", Encoding::None),
            ("json", Encoding::Json),
            ("form", Encoding::Form),
            ("multipart", Encoding::Multipart),
            ("query", Encoding::Query),
            ("xml", Encoding::Xml),
            ("soap11", Encoding::Soap11),
            ("soap12", Encoding::Soap12),
        ];
        let has_body = keys.value("body").is_some();
        let usual = if has_body { Encoding::Json } else { Encoding::None };
        let encoding = keys.word("encoding", &encodings).unwrap_or(usual);
        let usual = match encoding {
            Encoding::None | Encoding::Query => Method::Get,
            _ => Method::Post,
        };
        let methods = [("GET", Method::Get), ("POST", Method::Post), ("PUT", Method::Put)];
        let method = keys.word("method", &methods).unwrap_or(usual);
        let path = path(keys);
        let name = keys.text("as").unwrap_or_else(|| at.saturating_add(1).to_string());
        let body = keys.value("body").map(|value| {
            let place = keys.at("body");
            Draft::read(value, &place, keys.wrong)
        });
        let words = [("omit", Empty::Omit), ("send", Empty::Send), ("null", Empty::Null)];
        let mut call = Self {
            method,
            path: path?,
            query: texts(keys, "query"),
            headers: texts(keys, "headers"),
            encoding,
            soap: Soap::read(keys, encoding),
            body,
            empty: keys.word("empty", &words).unwrap_or_default(),
            take: Vec::new(),
            succeeds: Condition::read(keys, "succeeds"),
            fails: failures(keys),
            optional: false,
            delivers: false,
            pages: None,
            name,
        };
        keys.flag("optional", &mut call.optional);
        keys.flag("delivers", &mut call.delivers);
        if let Some(mut take) = keys.object("take") {
            let map = take.map;
            for name in map.keys() {
                call.take
                    .extend(Pick::read(&mut take, name).map(|pick| (name.to_owned(), pick)));
            }
        }
        call.pages = pages(keys);
        call.check(keys, scope, before);
        Some(call)
    }

    /// Every text, with its place below the request.
    fn templates(&self) -> Vec<(String, &Template)> {
        let mut all = vec![("path".to_owned(), &self.path)];
        for (key, pairs) in [("query", &self.query), ("headers", &self.headers)] {
            all.extend(pairs.iter().map(|(name, text)| ([key, "/", name].concat(), text)));
        }
        if let Some(body) = &self.body {
            body.templates("body", &mut all);
        }
        if let Some(header) = &self.soap.header {
            header.templates("soap/header", &mut all);
        }
        all
    }

    fn check(&self, keys: &mut Keys<'_>, scope: Scope<'_>, before: &[String]) {
        for (key, template) in self.templates() {
            let place = keys.at(&key);
            scope.check(template, &place, keys.wrong);
        }
        let mut requests = before.to_vec();
        requests.push(self.name.clone());
        for (name, pick) in &self.take {
            let place = keys.at(&["take/", name].concat());
            scope.check_pick(pick, &requests, &place, keys.wrong);
        }
        let conditions = self.fails.iter().flat_map(|fails| &fails.when).chain(&self.succeeds);
        for pick in conditions.filter_map(Condition::pick) {
            let place = keys.at("succeeds");
            scope.check_pick(pick, &requests, &place, keys.wrong);
        }
    }

    /// What it takes for later ones.
    pub(super) fn taken(&self) -> Vec<String> {
        self.take.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Whether a gap of it has this name.
    pub(super) fn names(&self, name: &Name) -> bool {
        self.templates()
            .iter()
            .any(|(_, template)| template.gaps().any(|gap| gap.name == *name))
    }

    /// Every place that is looked at in its answer.
    pub(super) fn picks(&self) -> Vec<&Pick> {
        let mut all: Vec<&Pick> = self.take.iter().map(|(_, pick)| pick).collect();
        let conditions = self.fails.iter().flat_map(|fails| &fails.when).chain(&self.succeeds);
        all.extend(conditions.filter_map(Condition::pick));
        for failure in &self.fails {
            all.extend([&failure.message, &failure.field, &failure.after].into_iter().flatten());
        }
        if let Some(pages) = &self.pages {
            all.extend([&pages.last, &pages.next].into_iter().flatten());
        }
        all
    }
}

/// A path relative to the backend, with gaps; without them it is as other adapters have it.
fn path(keys: &mut Keys<'_>) -> Option<Template> {
    let Some(text) = keys.text("path") else {
        if keys.value("path").is_none() {
            keys.complain("path", "a path relative to the server's address", || {
                "nothing".to_owned()
            });
        }
        return None;
    };
    let path = text.trim_start_matches('/');
    let template = match Template::read(path) {
        Ok(template) => template,
        Err(expected) => {
            keys.complain("path", expected, || text);
            return None;
        }
    };
    let plain = template.pattern();
    let safe = plain
        .trim_end_matches('/')
        .split('/')
        .all(|segment| !segment.bytes().all(|byte| byte == b'.'))
        && plain.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'~' | b'.' | b'*' | b':' | b'+' | b',')
        });
    if !safe {
        keys.complain("path", "a relative path without .., query or host", || text);
        return None;
    }
    Some(template)
}

fn failures(keys: &mut Keys<'_>) -> Vec<Failure> {
    let Some(value) = keys.value("fails") else {
        return Vec::new();
    };
    let path = keys.at("fails");
    let Some(items) = value.as_array() else {
        keys.complain("fails", "a list of {\"when\", \"means\"}", || value.json());
        return Vec::new();
    };
    let words = [
        ("rejected", Means::Rejected),
        ("not_found", Means::NotFound),
        ("login_needed", Means::LoginNeeded),
        ("rate_limited", Means::RateLimited),
        ("upstream", Means::Upstream),
    ];
    let mut failures = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let place = [&path, "/", &at.to_string()].concat();
        let Some(map) = item.as_object() else {
            keys.wrong
                .push(Diagnostic::new(place, "{\"when\", \"means\"}", item.json()));
            continue;
        };
        let mut keys = Keys::new(map, place, keys.wrong);
        keys.unknown(&FAIL_KEYS);
        let when = Condition::read(&mut keys, "when");
        if when.is_empty() {
            keys.complain("when", "a condition", || "nothing".to_owned());
            continue;
        }
        failures.push(Failure {
            when,
            means: keys.word("means", &words).unwrap_or(Means::Rejected),
            message: Pick::read(&mut keys, "message"),
            field: Pick::read(&mut keys, "field"),
            after: Pick::read(&mut keys, "after"),
        });
    }
    failures
}

fn pages(keys: &mut Keys<'_>) -> Option<Pages> {
    let mut keys = keys.object("pages")?;
    let (mut first, mut step, mut size) = (1, 1, 0);
    keys.count("first", &mut first);
    keys.count("step", &mut step);
    keys.count("size", &mut size);
    let pages = Pages {
        first,
        step,
        last: Pick::read(&mut keys, "last"),
        next: Pick::read(&mut keys, "next"),
        size: (size > 0).then_some(size),
    };
    keys.unknown(&PAGE_KEYS);
    if pages.last.is_none() && pages.next.is_none() && pages.size.is_none() {
        keys.complain(
            "size",
            "one of last, next and size, by which the last page is known",
            || "none".to_owned(),
        );
    }
    Some(pages)
}
