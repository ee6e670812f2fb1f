//! What the answers to an intent's requests say, and where.

use super::call::Scope;
use super::pick::Pick;
use crate::adapters::keys::Keys;

/// An intent, as a profile calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What every other intent begins with: an application's own token.
    Token,
    Catalogue,
    Form,
    Login,
    /// What every file of a submission is sent by, before it.
    Upload,
    Submit,
    /// What became of a token that was no number yet.
    Resolve,
    Track,
    /// A case's history, where it is asked for separately.
    Timeline,
    List,
    Document,
    Reconcile,
}

const CASE: &[&str] = &[
    "rows",
    "reference",
    "status",
    "label",
    "service_name",
    "service_code",
    "agency",
    "received",
    "updated",
    "expected",
    "remark",
    "owner",
    "timeline",
    "documents",
];

/// Keys of a history's rows.
pub(super) const TIMELINE: &[&str] = &["rows", "at", "status", "label", "remark", "link"];

/// Keys of a case's documents.
pub(super) const DOCUMENTS: &[&str] = &["rows", "label", "handle"];

impl Kind {
    /// All, in the order in which they are read.
    pub(super) const ALL: [Self; 12] = [
        Self::Token,
        Self::Catalogue,
        Self::Form,
        Self::Login,
        Self::Upload,
        Self::Submit,
        Self::Resolve,
        Self::Track,
        Self::Timeline,
        Self::List,
        Self::Document,
        Self::Reconcile,
    ];

    /// Its key.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Catalogue => "catalogue",
            Self::Form => "form",
            Self::Login => "login",
            Self::Upload => "upload",
            Self::Submit => "submit",
            Self::Resolve => "resolve",
            Self::Track => "track",
            Self::Timeline => "timeline",
            Self::List => "list",
            Self::Document => "document",
            Self::Reconcile => "reconcile",
        }
    }

    /// Keys that only this intent has.
    pub(super) const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Login => &["asks"],
            Self::Submit => &["owner", "keeps"],
            Self::Track => &["hides"],
            Self::Reconcile => &["complete"],
            _ => &[],
        }
    }

    /// Keys of what it gives.
    pub(super) const fn gives(self) -> &'static [&'static str] {
        match self {
            Self::Token => &[],
            Self::Catalogue => &[
                "rows",
                "code",
                "name",
                "description",
                "group",
                "keywords",
                "office",
                "requirements",
                "cost",
                "duration",
            ],
            Self::Form => &[
                "rows",
                "id",
                "type",
                "label",
                "hint",
                "required",
                "options",
                "option_value",
                "option_label",
            ],
            Self::Login => &["session", "lasts", "name"],
            Self::Upload => &["file"],
            Self::Submit => &["reference", "token", "notice"],
            Self::Resolve => &["reference"],
            Self::Track | Self::List => CASE,
            Self::Timeline => TIMELINE,
            Self::Document => &["name"],
            Self::Reconcile => &["rows", "key", "reference"],
        }
    }

    /// Those without which it says nothing.
    const fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Token | Self::Submit | Self::Document => &[],
            Self::Catalogue => &["rows", "code", "name"],
            Self::Form => &["rows", "id", "label"],
            Self::Login => &["session"],
            Self::Upload => &["file"],
            Self::Track => &["status"],
            Self::List => &["rows", "reference", "status"],
            Self::Timeline => &["rows"],
            Self::Resolve => &["reference"],
            Self::Reconcile => &["rows", "key", "reference"],
        }
    }
}

/// Where things stand, by what they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Gives {
    picks: Vec<(&'static str, Pick)>,
    pub(super) timeline: Option<Box<Gives>>,
    pub(super) documents: Option<Box<Gives>>,
}

impl Gives {
    /// Reads the `gives` of an intent whose requests have these names.
    pub(super) fn read(intent: &mut Keys<'_>, kind: Kind, requests: &[String], scope: Scope<'_>) -> Self {
        let mut gives = Self::default();
        if let Some(mut keys) = intent.object("gives") {
            gives = Self::picks(&mut keys, kind.gives(), requests, scope);
            for (key, known) in [("timeline", TIMELINE), ("documents", DOCUMENTS)] {
                if !kind.gives().contains(&key) {
                    continue;
                }
                if let Some(mut inner) = keys.object(key) {
                    let inner = Some(Box::new(Self::picks(&mut inner, known, requests, scope)));
                    match key {
                        "timeline" => gives.timeline = inner,
                        _ => gives.documents = inner,
                    }
                }
            }
        }
        for key in kind.needed() {
            if gives.pick(key).is_none() {
                let place = ["gives/", key].concat();
                intent.complain(&place, "where it stands in the answer, such as /data/id", || {
                    "nothing".to_owned()
                });
            }
        }
        gives
    }

    fn picks(keys: &mut Keys<'_>, known: &'static [&'static str], requests: &[String], scope: Scope<'_>) -> Self {
        keys.unknown(known);
        let mut gives = Self::default();
        for key in known.iter().filter(|key| !matches!(**key, "timeline" | "documents")) {
            let Some(pick) = Pick::read(keys, key) else {
                continue;
            };
            let place = keys.at(key);
            scope.check_pick(&pick, requests, &place, keys.wrong);
            gives.picks.push((key, pick));
        }
        gives
    }

    /// Where one thing stands.
    pub(super) fn pick(&self, key: &str) -> Option<&Pick> {
        self.picks.iter().find(|(name, _)| *name == key).map(|(_, pick)| pick)
    }

    /// All places.
    pub(super) fn all(&self) -> Vec<&Pick> {
        let mut all: Vec<&Pick> = self.picks.iter().map(|(_, pick)| pick).collect();
        for inner in [&self.timeline, &self.documents].into_iter().flatten() {
            all.extend(inner.all());
        }
        all
    }
}
