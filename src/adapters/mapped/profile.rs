//! A profile: all that there is to know of a server, read.
//!
//! What is wrong with it is noted with its place and what was expected there; a request that cannot be
//! sent as it stands takes its intent away, and no other.

use super::call::{Call, Scope};
use super::dates::Format;
use super::gives::{Gives, Kind};
use super::template::{Name, Template};
use crate::adapters::answer::status::StatusTable;
use crate::adapters::keys::Keys;
use crate::model::diagnostic::Diagnostic;
use crate::model::json::{self, Value};
use crate::model::login::{Identifier, LoginForm, Proof, SecondFact};
use crate::model::text::Text;

/// Keys of a profile.
pub const KEYS: [&str; 11] = [
    "$schema",
    "charset",
    "headers",
    "dates",
    "constants",
    "maps",
    "status",
    "fields",
    "second_fact",
    "idempotent",
    "intents",
];

/// Keys of an intent beside those that only one has.
pub(super) const INTENT_KEYS: [&str; 3] = ["request", "requests", "gives"];

/// Keys of what is asked beside a case's number.
pub(super) const FACT_KEYS: [&str; 3] = ["label", "hint", "digits"];

/// Keys of what a citizen who logs in is asked.
pub(super) const ASKS_KEYS: [&str; 3] = ["identifier", "proof", "help"];

/// How letters are written in requests. Answers are read as they are, whatever they are said to be:
/// [`crate::adapters::codec::text`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Charset {
    #[default]
    Utf8,
    Latin1,
    Windows,
}

impl Charset {
    /// A text's bytes; a letter that it does not have becomes a character reference, as in browsers.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            // On the web the two are one; the letters that only windows-1252 has are kept out of Latin 1.
            Self::Windows => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
            Self::Latin1 => {
                let letters = text.chars().map(|letter| match u8::try_from(u32::from(letter)) {
                    Ok(byte) if !(0x80..0xa0).contains(&byte) => vec![byte],
                    _ => format!("&#{};", u32::from(letter)).into_bytes(),
                });
                letters.flatten().collect()
            }
        }
    }

    /// Its name in a header or an XML declaration.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Latin1 => "ISO-8859-1",
            Self::Windows => "windows-1252",
        }
    }
}

/// What is sent for what is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Empty {
    #[default]
    Omit,
    Send,
    Null,
}

/// What is done for an intent.
#[derive(Clone, Debug)]
pub(super) struct Doing {
    /// Requests, one after the other.
    pub(super) calls: Vec<Call>,
    /// What their answers say.
    pub(super) gives: Gives,
    /// `submit`: what the case's owner knows, kept for later questions.
    pub(super) owner: Option<Template>,
    /// `submit`: what else is kept for them.
    pub(super) keeps: Vec<(String, Template)>,
    /// `track`: what is looked through hides some cases, and says nothing of them.
    pub(super) hides: bool,
    /// `reconcile`: what is looked through holds everything, so what is not in it did not arrive.
    pub(super) complete: bool,
}

/// A profile, read.
#[derive(Debug, Default)]
pub(super) struct Profile {
    pub(super) charset: Charset,
    pub(super) headers: Vec<(String, Template)>,
    pub(super) dates: Vec<Format>,
    constants: Vec<(String, String)>,
    maps: Vec<(String, Vec<(String, String)>)>,
    pub(super) status: StatusTable,
    /// The form's names for fields that the server calls otherwise.
    pub(super) fields: Vec<(String, String)>,
    pub(super) second_fact: Option<SecondFact>,
    pub(super) idempotent: bool,
    pub(super) asks: Option<LoginForm>,
    doings: Vec<(Kind, Doing)>,
}

impl Profile {
    /// Reads a profile; `None` where it is no object, or nothing can be done by it.
    pub(super) fn read(value: &Value) -> (Option<Self>, Vec<Diagnostic>) {
        let mut wrong = Vec::new();
        let mut profile = Self::default();
        let Some(mut keys) = Keys::of(value, &mut wrong) else {
            if value.is_null() {
                wrong.push(Diagnostic::new("/profile", "a profile of this server", "none"));
            }
            return (None, wrong);
        };
        profile.manners(&mut keys);
        profile.facts(&mut keys);
        if let Some(mut intents) = keys.object("intents") {
            profile.intents(&mut intents);
        } else if keys.value("intents").is_none() {
            keys.complain("intents", "what can be done here, such as submit and track", || {
                "nothing".to_owned()
            });
        }
        keys.unknown(&KEYS);
        profile.owned(&mut keys);
        let usable = !profile.doings.is_empty();
        (usable.then_some(profile), wrong)
    }

    fn manners(&mut self, keys: &mut Keys<'_>) {
        let charsets = [
            ("utf-8", Charset::Utf8),
            ("iso-8859-1", Charset::Latin1),
            ("windows-1252", Charset::Windows),
        ];
        self.charset = keys.word("charset", &charsets).unwrap_or_default();
        self.headers = texts(keys, "headers");
        for format in keys.texts("dates").unwrap_or_default() {
            match Format::read(&format) {
                Ok(format) => self.dates.push(format),
                Err(expected) => keys.complain("dates", expected, || format),
            }
        }
        if self.dates.is_empty() {
            self.dates = vec![Format::Iso, Format::Epoch];
        }
        self.constants = keys.pairs("constants").unwrap_or_default();
        if let Some(mut maps) = keys.object("maps") {
            let names: Vec<String> = maps.map.keys().map(str::to_owned).collect();
            for name in names {
                let pairs = maps.pairs(&name).unwrap_or_default();
                self.maps.push((name, pairs));
            }
        }
        keys.statuses("status", &mut self.status);
        self.fields = keys.pairs("fields").unwrap_or_default();
        keys.flag("idempotent", &mut self.idempotent);
    }

    fn facts(&mut self, keys: &mut Keys<'_>) {
        if let Some(mut fact) = keys.object("second_fact") {
            let mut asked = SecondFact {
                label: text(&mut fact, "label"),
                hint: text(&mut fact, "hint"),
                digits: false,
            };
            fact.flag("digits", &mut asked.digits);
            fact.unknown(&FACT_KEYS);
            if asked.label.is_empty() {
                fact.complain("label", "what is asked, such as NIK pelapor", || "nothing".to_owned());
            }
            self.second_fact = Some(asked);
        }
    }

    fn intents(&mut self, keys: &mut Keys<'_>) {
        let mut taken = Vec::new();
        // What a token's requests take, all others may use; so they are read first.
        for kind in Kind::ALL {
            if let Some(mut intent) = keys.object(kind.word()) {
                let maps: Vec<&str> = self.maps.iter().map(|(name, _)| name.as_str()).collect();
                let kept = self.kept();
                let constants: Vec<&str> = self.constants.iter().map(|(name, _)| name.as_str()).collect();
                let scope = Scope {
                    kind,
                    taken: &taken,
                    maps: &maps,
                    kept: &kept,
                    constants: &constants,
                };
                let doing = doing(&mut intent, scope);
                if kind == Kind::Login {
                    self.asks = Some(asks(&mut intent));
                }
                if let Some(doing) = doing {
                    if kind == Kind::Token {
                        taken = doing.calls.iter().flat_map(|call| call.taken()).collect();
                    }
                    self.doings.push((kind, doing));
                }
            }
        }
        let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        keys.unknown(&words);
    }

    /// Names of what is kept with a case.
    fn kept(&self) -> Vec<String> {
        let submit = self.doing(Kind::Submit);
        let keeps = submit.map(|submit| submit.keeps.as_slice()).unwrap_or_default();
        keeps.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Where a second fact is asked for, something must compare it, and its sender must have given it.
    fn owned(&self, keys: &mut Keys<'_>) {
        if self.second_fact.is_some() && self.doing(Kind::Submit).is_some_and(|submit| submit.owner.is_none()) {
            keys.complain(
                "intents/submit/owner",
                "what its sender gave of the second fact, such as {answers.nik|digits}",
                || "nothing".to_owned(),
            );
        }
        let Some(track) = self.doing(Kind::Track).filter(|_| self.second_fact.is_some()) else {
            return;
        };
        let told = track.calls.iter().any(|call| call.names(&Name::Owner));
        if !told && track.gives.pick("owner").is_none() {
            keys.complain(
                "second_fact",
                "that track sends it ({owner}), or says where the answer has it (gives/owner)",
                || "neither: anybody would be shown any case".to_owned(),
            );
        }
    }

    /// What is done for an intent.
    pub(super) fn doing(&self, kind: Kind) -> Option<&Doing> {
        self.doings
            .iter()
            .find(|(other, _)| *other == kind)
            .map(|(_, doing)| doing)
    }

    /// One of the constants.
    pub(super) fn constant(&self, name: &str) -> Option<&str> {
        let found = self.constants.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A word by a map; `*` is any other word.
    pub(super) fn mapped(&self, map: &str, word: &str) -> Option<String> {
        let (_, pairs) = self.maps.iter().find(|(name, _)| name == map)?;
        let exact = pairs.iter().find(|(from, _)| from == word);
        let loose = || {
            pairs
                .iter()
                .find(|(from, _)| from.trim().eq_ignore_ascii_case(word.trim()))
        };
        let any = || pairs.iter().find(|(from, _)| from == "*");
        exact.or_else(loose).or_else(any).map(|(_, to)| to.clone())
    }
}

/// Texts with gaps by their names.
pub(super) fn texts(keys: &mut Keys<'_>, key: &str) -> Vec<(String, Template)> {
    let pairs = keys.pairs(key).unwrap_or_default();
    let mut read = Vec::new();
    for (name, text) in pairs {
        match Template::read(&text) {
            Ok(template) => read.push((name, template)),
            Err(expected) => keys.complain(&[key, "/", &name].concat(), expected, || text),
        }
    }
    read
}

/// A text for citizens: plain, or by languages.
fn text(keys: &mut Keys<'_>, key: &str) -> Text {
    let Some(value) = keys.value(key) else {
        return Text::default();
    };
    let read = json::write(value)
        .ok()
        .and_then(|text| json::read(text.as_bytes()).ok());
    read.unwrap_or_else(|| {
        keys.complain(key, "a text, or texts by language", || value.json());
        Text::default()
    })
}

fn asks(intent: &mut Keys<'_>) -> LoginForm {
    let mut form = LoginForm::default();
    if let Some(mut asks) = intent.object("asks") {
        let identifiers = [
            ("name", Identifier::Name),
            ("nik", Identifier::Nik),
            ("email", Identifier::Email),
            ("nik_or_email", Identifier::NikOrEmail),
        ];
        form.identifier = asks.word("identifier", &identifiers).unwrap_or_default();
        let proofs = [("password", Proof::Password), ("pin", Proof::Pin)];
        form.proof = asks.word("proof", &proofs).unwrap_or_default();
        form.help = text(&mut asks, "help");
        asks.unknown(&ASKS_KEYS);
    }
    form
}

fn doing(keys: &mut Keys<'_>, scope: Scope<'_>) -> Option<Doing> {
    let kind = scope.kind;
    let mut known = INTENT_KEYS.to_vec();
    known.extend(kind.keys());
    keys.unknown(&known);
    let (calls, sound) = Call::chain(keys, scope);
    let requests: Vec<String> = calls.iter().map(|call| call.name.clone()).collect();
    let mut taken: Vec<String> = scope.taken.to_vec();
    taken.extend(calls.iter().flat_map(Call::taken));
    let scope = Scope { taken: &taken, ..scope };
    let gives = Gives::read(keys, kind, &requests, scope);
    let mut doing = Doing {
        calls,
        gives,
        owner: None,
        keeps: Vec::new(),
        hides: false,
        complete: false,
    };
    match kind {
        Kind::Submit => {
            if let Some(text) = keys.text("owner") {
                match Template::read(&text) {
                    Ok(template) => {
                        scope.check(&template, &keys.at("owner"), keys.wrong);
                        doing.owner = Some(template);
                    }
                    Err(expected) => keys.complain("owner", expected, || text),
                }
            }
            doing.keeps = texts(keys, "keeps");
            for (name, template) in &doing.keeps {
                let place = keys.at(&["keeps/", name].concat());
                scope.check(template, &place, keys.wrong);
            }
        }
        Kind::Track => keys.flag("hides", &mut doing.hides),
        Kind::Reconcile => keys.flag("complete", &mut doing.complete),
        _ => {}
    }
    sound.then_some(doing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_names_the_same_keys() {
        use super::super::{call, condition, gives, pick, soap};
        use crate::adapters::answer::status::STATUS_KEYS;
        use crate::adapters::keys::described::same;
        let schema = include_str!("../../../public/schema/mapped-profile.schema.json");
        let request = "/$defs/request/properties";
        same(schema, "/properties", &KEYS);
        same(
            schema,
            "/properties/status/additionalProperties/oneOf/1/properties",
            &STATUS_KEYS,
        );
        same(schema, "/properties/second_fact/properties", &FACT_KEYS);
        same(schema, request, &call::CALL_KEYS);
        same(schema, &[request, "/fails/items/properties"].concat(), &call::FAIL_KEYS);
        same(schema, &[request, "/pages/properties"].concat(), &call::PAGE_KEYS);
        same(schema, &[request, "/soap/properties"].concat(), &soap::SOAP_KEYS);
        same(schema, "/$defs/pick/oneOf/1/properties", &pick::PICK_KEYS);
        same(schema, "/$defs/condition/properties", &condition::CONDITION_KEYS);
        same(schema, "/$defs/timeline/properties", gives::TIMELINE);
        same(schema, "/$defs/documents/properties", gives::DOCUMENTS);
        let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        same(schema, "/properties/intents/properties", &words);
        for kind in Kind::ALL {
            let intent = ["/properties/intents/properties/", kind.word(), "/properties"].concat();
            let mut keys = INTENT_KEYS.to_vec();
            keys.extend(kind.keys());
            same(schema, &intent, &keys);
            same(schema, &[&intent, "/gives/properties"].concat(), kind.gives());
        }
        same(
            schema,
            "/properties/intents/properties/login/properties/asks/properties",
            &ASKS_KEYS,
        );
    }

    #[test]
    fn letters_that_a_charset_has_not_become_references() {
        assert_eq!(Charset::Latin1.encode("é “x”"), b"\xe9 &#8220;x&#8221;");
        assert_eq!(Charset::Windows.encode("é “x” ☎"), b"\xe9 \x93x\x94 &#9742;");
        assert_eq!(Charset::Utf8.encode("é"), "é".as_bytes());
    }
}
