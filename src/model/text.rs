//! Text in several languages, as published data carries it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::json::{Node, Read};

/// The languages the interface itself speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Bahasa Indonesia, the first language of everything.
    #[default]
    Id,
    /// English.
    En,
}

impl Lang {
    /// The BCP 47 tag: `id` or `en`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language of a BCP 47 tag; anything but English is Indonesian.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag.starts_with("en") { Self::En } else { Self::Id }
    }
}

/// A text in one or several languages.
///
/// JSON is either a bare string (language not stated, shown to everyone) or an object from
/// language tag to text: `{"id": "Jalan rusak", "en": "Damaged road"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(
    /// Each language once, by its tag; a list, since there are hardly ever more than two.
    Vec<(String, String)>,
);

impl Text {
    /// A text whose language is not stated.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![(String::new(), text.into())])
    }

    /// A text in the two languages of the interface.
    #[must_use]
    pub fn both(id: &str, en: &str) -> Self {
        Self(vec![("en".to_owned(), en.to_owned()), ("id".to_owned(), id.to_owned())])
    }

    fn put(&mut self, tag: String, text: String) {
        let at = self.0.partition_point(|(before, _)| *before < tag);
        match self.0.get_mut(at) {
            Some((same, old)) if *same == tag => *old = text,
            _ => self.0.insert(at, (tag, text)),
        }
    }

    /// The text for `lang`, else without a language, else Indonesian, else any; empty if there is none.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        [lang.tag(), "", Lang::Id.tag()]
            .into_iter()
            .find_map(|tag| self.all().find(|(language, _)| *language == tag))
            .or_else(|| self.all().next())
            .map_or("", |(_, text)| text)
    }

    /// Whether no language has a character of text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().all(|(_, text)| text.is_empty())
    }

    /// Every text, with its language tag (empty where none is stated).
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::plain(text)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [(tag, text)] if tag.is_empty() => serializer.serialize_str(text),
            _ => serializer.collect_map(self.all()),
        }
    }
}

impl Read for Text {
    fn read(node: &Node<'_>, wrong: &mut bool) -> Self {
        if let Node::Text(text) = node {
            return Self::plain(&**text);
        }
        let mut texts = Self::default();
        for (tag, text) in node.members(wrong) {
            texts.put(tag.clone().into_owned(), String::read(text, wrong));
        }
        texts
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Text;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text, or an object from language to text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text::plain(text))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
                let mut texts = Text::default();
                while let Some((tag, text)) = map.next_entry()? {
                    texts.put(tag, text);
                }
                Ok(texts)
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
