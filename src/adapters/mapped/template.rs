//! What is sent, with gaps: `Bearer {session}`, `{answers.lahir|date:dd/MM/yyyy}`.
//!
//! | gap | is |
//! |---|---|
//! | `{answers.ID}` | an answer; of a place also `.lat`, `.long`, `.address`, of a region `.code`, `.name` |
//! | `{service}`, `{application}` | the service's code; the application's id, which is the same at every try |
//! | `{reference}`, `{handle}` | the case's number; the document's handle |
//! | `{owner}` | what the case's owner knows: kept from when it was sent, or asked for |
//! | `{session}`, `{login.identifier}`, `{login.proof}` | the citizen's login |
//! | `{took.NAME}` | what an earlier request of the same conversation took |
//! | `{kept.NAME}` | what `submit` kept with the case |
//! | `{file.name}`, `{file.type}`, `{file}` | while files go up one by one: that one |
//! | `{row.ID}`, `{row.took}` | within `$each`: the entry's answer; what the upload of that file gave |
//! | `{const.NAME}` | one of the profile's constants |
//! | `{page}` | the page of a list |
//!
//! Behind a `|` stands what is done to it, one after the other: `digits`, `upper`, `lower`, `trim`,
//! `date:PATTERN`, `map:NAME`, `or:TEXT`, `join:TEXT`, and, of a member of JSON that is nothing but the
//! gap, `number` and `bool`; in a path, `path`: its slashes part segments. `{{` is a brace.

use super::dates::Format;
use crate::model::answers::FileAnswer;

/// A text with gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Gap(Gap),
}

/// A gap, and what is done to what goes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    /// What goes in.
    pub(super) name: Name,
    filters: Vec<Filter>,
}

/// What can go into a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Answer(String),
    Row(String),
    Service,
    Application,
    Reference,
    Handle,
    Owner,
    Session,
    Identifier,
    Proof,
    Took(String),
    Kept(String),
    Constant(String),
    File,
    FileLabel,
    FileKind,
    Page,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Filter {
    Digits,
    Upper,
    Lower,
    Trim,
    Date(Format),
    Map(String),
    Or(String),
    Join(String),
    Number,
    Bool,
    Path,
}

/// What goes into a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filling {
    /// Nothing.
    None,
    /// A text.
    Text(String),
    /// Several choices.
    Many(Vec<String>),
    /// Files.
    Files(Vec<FileAnswer>),
}

/// A text that was filled in, and what JSON makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    Text(String),
    /// A number or a truth value, as it is written.
    Bare(String),
    Many(Vec<String>),
    Files(Vec<FileAnswer>),
}

/// What knows what goes into gaps.
pub(super) trait Source {
    /// What goes into this one.
    fn filling(&self, name: &Name) -> Filling;
    /// The meaning of a word by one of the profile's maps; `None` where the map has no such word.
    fn mapped(&self, map: &str, word: &str) -> Option<String>;
    /// Minutes east of UTC.
    fn offset(&self) -> i32;
}

impl Name {
    fn read(text: &str) -> Option<Self> {
        let after = |prefix: &str| text.strip_prefix(prefix).filter(|rest| !rest.is_empty());
        Some(match text {
            "service" => Self::Service,
            "application" => Self::Application,
            "reference" => Self::Reference,
            "handle" => Self::Handle,
            "owner" => Self::Owner,
            "session" => Self::Session,
            "login.identifier" => Self::Identifier,
            "login.proof" => Self::Proof,
            "file" => Self::File,
            "file.name" => Self::FileLabel,
            "file.type" => Self::FileKind,
            "page" => Self::Page,
            _ => {
                if let Some(id) = after("answers.") {
                    Self::Answer(id.to_owned())
                } else if let Some(id) = after("row.") {
                    Self::Row(id.to_owned())
                } else if let Some(name) = after("kept.") {
                    Self::Kept(name.to_owned())
                } else if let Some(name) = after("const.") {
                    Self::Constant(name.to_owned())
                } else {
                    Self::Took(after("took.")?.to_owned())
                }
            }
        })
    }

    /// Whether it must not be printed.
    pub(super) const fn is_secret(&self) -> bool {
        matches!(self, Self::Session | Self::Identifier | Self::Proof | Self::Owner)
    }

    /// As it is written.
    pub(super) fn written(&self) -> String {
        let word = match self {
            Self::Answer(id) => return ["answers.", id].concat(),
            Self::Row(id) => return ["row.", id].concat(),
            Self::Took(name) => return ["took.", name].concat(),
            Self::Kept(name) => return ["kept.", name].concat(),
            Self::Constant(name) => return ["const.", name].concat(),
            Self::Service => "service",
            Self::Application => "application",
            Self::Reference => "reference",
            Self::Handle => "handle",
            Self::Owner => "owner",
            Self::Session => "session",
            Self::Identifier => "login.identifier",
            Self::Proof => "login.proof",
            Self::File => "file",
            Self::FileLabel => "file.name",
            Self::FileKind => "file.type",
            Self::Page => "page",
        };
        word.to_owned()
    }
}

impl Filter {
    fn read(text: &str) -> Result<Self, &'static str> {
        let (word, argument) = text.split_once(':').unwrap_or((text, ""));
        Ok(match word {
            "digits" => Self::Digits,
            "upper" => Self::Upper,
            "lower" => Self::Lower,
            "trim" => Self::Trim,
            "date" => Self::Date(Format::read(argument)?),
            "map" => Self::Map(argument.to_owned()),
            "or" => Self::Or(argument.to_owned()),
            "join" => Self::Join(argument.to_owned()),
            "number" => Self::Number,
            "bool" => Self::Bool,
            "path" => Self::Path,
            _ => return Err("one of digits, upper, lower, trim, date:, map:, or:, join:, number, bool, path"),
        })
    }
}

impl Template {
    /// Reads a text; the error is what would have been right.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, found) = rest.split_at_checked(at).unwrap_or((rest, ""));
            plain.push_str(before);
            if let Some(after) = found.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = found.strip_prefix('}') {
                plain.push('}');
                rest = after.strip_prefix('}').unwrap_or(after);
            } else {
                let inner = found.strip_prefix('{').unwrap_or(found);
                let (gap, after) = inner.split_once('}').ok_or("a closing brace after {")?;
                rest = after;
                let mut parts = gap.split('|');
                let name = parts.next().unwrap_or_default().trim();
                let name = Name::read(name).ok_or(
                    "a gap such as {answers.nik}, {service}, {application}, {reference}, {owner}, {session}, {took.token}",
                )?;
                let filters = parts.map(|filter| Filter::read(filter.trim_start()));
                let filters = filters.collect::<Result<_, _>>()?;
                if !plain.is_empty() {
                    pieces.push(Piece::Plain(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Gap(Gap { name, filters }));
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        Ok(Self(pieces))
    }

    /// All gaps.
    pub(super) fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Gap(gap) => Some(gap),
            Piece::Plain(_) => None,
        })
    }

    /// Whether something goes in that must not be printed.
    pub(super) fn is_secret(&self) -> bool {
        self.gaps().any(|gap| gap.name.is_secret())
    }

    /// Fills it in as one text; several choices are joined by commas, files are their names.
    pub(super) fn text(&self, source: &dyn Source) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Gap(gap) => match gap.fill(source) {
                    Filled::Text(filled) | Filled::Bare(filled) => text.push_str(&filled),
                    Filled::Many(many) => text.push_str(&many.join(", ")),
                    Filled::Files(files) => {
                        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
                        text.push_str(&names.join(", "));
                    }
                },
            }
        }
        text
    }

    /// Fills it in; a text that is nothing but one gap keeps what went in as it is.
    pub(super) fn fill(&self, source: &dyn Source) -> Filled {
        match self.0.as_slice() {
            [Piece::Gap(gap)] => gap.fill(source),
            _ => Filled::Text(self.text(source)),
        }
    }

    /// It with `*` in place of each gap.
    pub(super) fn pattern(&self) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Plain(plain) => plain.as_str(),
            Piece::Gap(_) => "*",
        });
        pieces.collect()
    }

    /// Fills in a path, each gap as one segment of it or a part of one. `None` where a gap would be empty,
    /// or would lead elsewhere.
    pub(super) fn path(&self, source: &dyn Source) -> Option<String> {
        let mut path = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Plain(plain) => path.push_str(plain),
                Piece::Gap(gap) => {
                    let (Filled::Text(text) | Filled::Bare(text)) = gap.fill(source) else {
                        return None;
                    };
                    let parts: Vec<&str> = match gap.filters.contains(&Filter::Path) {
                        true => text.trim().split('/').collect(),
                        false => vec![text.trim()],
                    };
                    if parts.iter().any(|part| part.bytes().all(|byte| byte == b'.')) {
                        return None;
                    }
                    let parts: Vec<String> = parts.into_iter().map(crate::model::route::encode).collect();
                    path.push_str(&parts.join("/"));
                }
            }
        }
        Some(path)
    }
}

impl Gap {
    /// The maps that it names.
    pub(super) fn maps(&self) -> impl Iterator<Item = &str> {
        self.filters.iter().filter_map(|filter| match filter {
            Filter::Map(name) => Some(name.as_str()),
            _ => None,
        })
    }

    fn fill(&self, source: &dyn Source) -> Filled {
        let mut filled = match source.filling(&self.name) {
            Filling::None => Filled::Text(String::new()),
            Filling::Text(text) => Filled::Text(text),
            Filling::Many(many) => Filled::Many(many),
            Filling::Files(files) => Filled::Files(files),
        };
        for filter in &self.filters {
            filled = filter.apply(filled, source);
        }
        filled
    }
}

impl Filter {
    fn apply(&self, filled: Filled, source: &dyn Source) -> Filled {
        match (self, filled) {
            (_, Filled::Files(files)) => Filled::Files(files),
            (Self::Join(by), Filled::Many(many)) => Filled::Text(many.join(by)),
            (Self::Or(other), Filled::Many(many)) if many.is_empty() => Filled::Text(other.clone()),
            (Self::Number | Self::Bool | Self::Or(_), Filled::Many(many)) => Filled::Many(many),
            (_, Filled::Many(many)) => Filled::Many(many.iter().map(|one| self.one(one, source)).collect()),
            (Self::Number, Filled::Text(text)) => number(&text).map_or(Filled::Text(text), Filled::Bare),
            (Self::Bool, Filled::Text(text)) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "ya" | "yes" => Filled::Bare("true".to_owned()),
                "false" | "0" | "tidak" | "no" => Filled::Bare("false".to_owned()),
                _ => Filled::Text(text),
            },
            (_, Filled::Text(text) | Filled::Bare(text)) => Filled::Text(self.one(&text, source)),
        }
    }

    fn one(&self, text: &str, source: &dyn Source) -> String {
        match self {
            Self::Digits => text.chars().filter(char::is_ascii_digit).collect(),
            Self::Upper => text.to_uppercase(),
            Self::Lower => text.to_lowercase(),
            Self::Trim => text.trim().to_owned(),
            Self::Date(format) => {
                let written = format.written(text.trim(), source.offset());
                written.unwrap_or_else(|| text.to_owned())
            }
            Self::Map(map) => source.mapped(map, text.trim()).unwrap_or_else(|| text.to_owned()),
            Self::Or(other) if text.trim().is_empty() => other.clone(),
            Self::Or(_) | Self::Join(_) | Self::Number | Self::Bool | Self::Path => text.to_owned(),
        }
    }
}

/// A text that is a number as JSON writes one.
fn number(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let leads = whole.len() > 1 && whole.starts_with('0');
    (all(whole) && all(fraction) && !leads).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Source for Known {
        fn filling(&self, name: &Name) -> Filling {
            match name {
                Name::Answer(id) if id == "nik" => Filling::Text("3404 0141 0290 0007".to_owned()),
                Name::Answer(id) if id == "lahir" => Filling::Text("1990-02-01".to_owned()),
                Name::Answer(id) if id == "jenis" => Filling::Many(vec!["jalan".to_owned(), "air".to_owned()]),
                Name::Reference => Filling::Text("A/1 é".to_owned()),
                Name::Took(name) if name == "dots" => Filling::Text("..".to_owned()),
                _ => Filling::None,
            }
        }
        fn mapped(&self, map: &str, word: &str) -> Option<String> {
            (map == "kode" && word == "jalan").then(|| "1".to_owned())
        }
        fn offset(&self) -> i32 {
            420
        }
    }

    fn text(template: &str) -> String {
        Template::read(template).expect("a template").text(&Known)
    }

    #[test]
    fn gaps_are_filled_and_what_stands_behind_them_is_done() {
        assert_eq!(text("NIK {answers.nik|digits}!"), "NIK 3404014102900007!");
        assert_eq!(text("{answers.lahir|date:dd/MM/yyyy}"), "01/02/1990");
        assert_eq!(text("{answers.none|or:-}{{x}}"), "-{x}");
        assert_eq!(text("{answers.jenis|map:kode|join:;}"), "1;air");
        assert_eq!(text("a } b"), "a } b");
    }

    #[test]
    fn what_is_nothing_but_a_gap_keeps_its_kind() {
        let fill = |template: &str| Template::read(template).expect("a template").fill(&Known);
        assert_eq!(
            fill("{answers.jenis}"),
            Filled::Many(vec!["jalan".to_owned(), "air".to_owned()])
        );
        assert_eq!(fill("{answers.none|or:12|number}"), Filled::Bare("12".to_owned()));
        assert_eq!(fill("{answers.none|or:012|number}"), Filled::Text("012".to_owned()));
        assert_eq!(fill("{answers.none|or:ya|bool}"), Filled::Bare("true".to_owned()));
    }

    #[test]
    fn a_path_leads_nowhere_else() {
        let path = |template: &str| Template::read(template).expect("a template").path(&Known);
        assert_eq!(path("x/{reference}.json").as_deref(), Some("x/A%2F1%20%C3%A9.json"));
        assert_eq!(path("x/{reference|path}").as_deref(), Some("x/A/1%20%C3%A9"));
        assert_eq!(path("x/{took.dots}/y"), None);
        assert_eq!(path("x/{took.dots|path}/y"), None);
        assert_eq!(path("x/{answers.none}"), None);
        assert_eq!(
            Template::read("x/{reference}.json").expect("a template").pattern(),
            "x/*.json"
        );
    }

    #[test]
    fn what_is_no_gap_is_refused() {
        for text in ["{", "{x}", "{answers.}", "{answers.a|y}", "{answers.a|date:x}", "{}"] {
            assert!(Template::read(text).is_err(), "{text}");
        }
    }
}
