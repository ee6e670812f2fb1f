//! What is wanted of a server, and what is known of it: what gaps are filled with.

use std::sync::Arc;

use super::body::Entries;
use super::gives::Kind;
use super::profile::Profile;
use super::template::{Filling, Name, Source};
use crate::adapters::{Intent, Known, Submission, words};
use crate::model::answers::{Answer, Answers, FileAnswer};
use crate::model::application::AttachmentId;
use crate::model::case::{Acknowledgement, Reference};
use crate::model::login::Credentials;
use crate::model::secret::Secret;
use crate::model::service::ServiceCode;

/// The fact that only a case's owner knows.
pub(super) const OWNER: &str = "owner";
/// Facts of files that were taken in: this, and the file's id.
const FILE: &str = "file ";
/// Facts that a profile keeps with a case: this, and their names.
pub(super) const KEPT: &str = "kept ";

/// What is wanted, and what is known.
pub(super) struct Wanted {
    pub(super) profile: Arc<Profile>,
    /// Minutes east of UTC.
    pub(super) offset: i32,
    pub(super) kind: Kind,
    pub(super) submission: Option<Box<Submission>>,
    pub(super) service: Option<ServiceCode>,
    pub(super) reference: Option<Reference>,
    /// It is a token that is no number yet.
    pub(super) is_token: bool,
    handle: String,
    credentials: Option<Credentials>,
    session: Option<Secret<String>>,
    owner: Option<Secret<String>>,
    /// It was kept from when the application was sent: whoever asks is its sender.
    pub(super) own: bool,
    pub(super) took: Vec<(String, String)>,
    kept: Vec<(String, String)>,
    pub(super) uploads: Vec<(AttachmentId, String)>,
    pub(super) file: Option<FileAnswer>,
    pub(super) page: u32,
}

impl Wanted {
    pub(super) fn new(profile: &Arc<Profile>, offset: i32, intent: Intent, known: Known<'_>) -> Self {
        let fact = |name: &str| known.facts.iter().rev().find(|fact| fact.name == name);
        let owner = fact(OWNER).map(|fact| Secret::new(fact.value.clone()));
        let uploads = known.facts.iter().filter_map(|fact| {
            let id = fact.name.strip_prefix(FILE)?.parse().ok()?;
            Some((id, fact.value.clone()))
        });
        let kept = known.facts.iter().filter_map(|fact| {
            let name = fact.name.strip_prefix(KEPT)?;
            Some((name.to_owned(), fact.value.clone()))
        });
        let mut wanted = Self {
            profile: Arc::clone(profile),
            offset,
            kind: Kind::Catalogue,
            submission: None,
            service: None,
            reference: None,
            is_token: false,
            handle: String::new(),
            credentials: None,
            session: known.session.cloned(),
            own: owner.is_some(),
            owner,
            took: Vec::new(),
            kept: kept.collect(),
            uploads: uploads.collect(),
            file: None,
            page: 0,
        };
        match intent {
            Intent::Catalogue => {}
            Intent::Form { service } => {
                wanted.kind = Kind::Form;
                wanted.service = Some(service);
            }
            Intent::Submit(submission) => {
                wanted.kind = Kind::Submit;
                wanted.service = Some(submission.service.clone());
                wanted.submission = Some(Box::new(submission));
            }
            Intent::Reconcile { submission, .. } => {
                wanted.kind = Kind::Reconcile;
                wanted.service = Some(submission.service.clone());
                wanted.submission = Some(Box::new(submission));
            }
            Intent::Track {
                acknowledgement,
                second_fact,
            } => {
                wanted.kind = Kind::Track;
                wanted.owner = wanted.owner.or(second_fact);
                wanted.is_token = matches!(acknowledgement, Acknowledgement::Token(_));
                wanted.reference = match acknowledgement {
                    Acknowledgement::Reference(reference) | Acknowledgement::Token(reference) => Some(reference),
                    Acknowledgement::Nothing => None,
                };
            }
            Intent::List => wanted.kind = Kind::List,
            Intent::Document { reference, handle } => {
                wanted.kind = Kind::Document;
                wanted.reference = Some(reference);
                wanted.handle = handle;
            }
            Intent::LogIn(credentials) => {
                wanted.kind = Kind::Login;
                wanted.credentials = Some(credentials);
            }
        }
        wanted
    }

    /// What the case's owner knows, as it is compared: digits alone where it is digits.
    pub(super) fn owner(&self) -> Option<String> {
        let owner = self.owner.as_ref().map(|owner| self.plain(owner.expose()));
        owner.filter(|owner| !owner.is_empty())
    }

    /// A second fact as it is compared.
    pub(super) fn plain(&self, fact: &str) -> String {
        match &self.profile.second_fact {
            Some(asked) if asked.digits => fact.chars().filter(char::is_ascii_digit).collect(),
            _ => fact.trim().to_lowercase(),
        }
    }

    pub(super) const fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// What a server must not say back: who logs in and with what.
    pub(super) fn unsaid(&self) -> Vec<String> {
        let credentials = self.credentials.iter();
        let mut unsaid: Vec<String> = credentials
            .flat_map(|credentials| [&credentials.identifier, &credentials.proof])
            .map(|secret| secret.expose().trim().to_owned())
            .collect();
        unsaid.extend(self.owner.as_ref().map(|owner| owner.expose().trim().to_owned()));
        unsaid.retain(|text| text.chars().count() >= 4);
        unsaid
    }

    /// The fact that a file was taken in.
    pub(super) fn uploaded(&mut self, file: &FileAnswer, given: &str) -> crate::adapters::Fact {
        self.uploads.push((file.id.clone(), given.to_owned()));
        crate::adapters::Fact {
            name: [FILE, file.id.as_str()].concat(),
            value: given.to_owned(),
        }
    }

    fn upload(&self, file: &FileAnswer) -> Option<&str> {
        let found = self.uploads.iter().find(|(id, _)| *id == file.id);
        found.map(|(_, given)| given.as_str())
    }

    fn answers(&self) -> Option<&Answers> {
        self.submission.as_ref().map(|submission| &submission.answers)
    }

    fn answer(&self, id: &str) -> Filling {
        let Some(submission) = &self.submission else {
            return Filling::None;
        };
        if let Some(answer) = submission.answers.get(id) {
            return match answer {
                Answer::Text(text) => Filling::Text(text.trim().to_owned()),
                Answer::Many(many) => Filling::Many(many.clone()),
                Answer::Place(place) => {
                    let parts = [place.address.trim(), place.lat.trim(), place.long.trim()];
                    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                    Filling::Text(said.join(", "))
                }
                Answer::Files(files) => Filling::Files(files.clone()),
                Answer::Area(area) => Filling::Text(words::area(area)),
                Answer::Rows(rows) => {
                    let fields = submission.form.fields();
                    let field = fields.into_iter().find(|field| field.id == id);
                    let entry = field.map(|field| field.fields.as_slice()).unwrap_or_default();
                    Filling::Text(words::rows(entry, rows))
                }
            };
        }
        let Some((id, part)) = id.rsplit_once('.') else {
            return Filling::None;
        };
        let text = match (submission.answers.get(id), part) {
            (Some(Answer::Place(place)), "lat") => &place.lat,
            (Some(Answer::Place(place)), "long") => &place.long,
            (Some(Answer::Place(place)), "address") => &place.address,
            (Some(Answer::Area(area)), "code") => &area.code,
            (Some(Answer::Area(area)), "name") => &area.name,
            _ => return Filling::None,
        };
        Filling::Text(text.trim().to_owned())
    }
}

fn some(text: Option<&str>) -> Filling {
    text.map_or(Filling::None, |text| Filling::Text(text.to_owned()))
}

impl Source for Wanted {
    fn filling(&self, name: &Name) -> Filling {
        let exposed = |secret: &Option<Secret<String>>| some(secret.as_ref().map(|secret| secret.expose().as_str()));
        let credentials = self.credentials.as_ref();
        let file = self.file.as_ref();
        match name {
            Name::Answer(id) => self.answer(id),
            Name::Row(_) => Filling::None,
            Name::Service => some(self.service.as_ref().map(ServiceCode::as_str)),
            Name::Application => some(self.submission.as_ref().map(|submission| submission.id.as_str())),
            Name::Reference => some(self.reference.as_ref().map(Reference::as_str)),
            Name::Handle => some(Some(&self.handle)),
            Name::Owner => some(self.owner().as_deref()),
            Name::Session => exposed(&self.session),
            Name::Identifier => some(credentials.map(|credentials| credentials.identifier.expose().trim())),
            Name::Proof => some(credentials.map(|credentials| credentials.proof.expose().as_str())),
            Name::Took(taken) => {
                let found = self.took.iter().rev().find(|(name, _)| name == taken);
                some(found.map(|(_, value)| value.as_str()))
            }
            Name::Kept(kept) => {
                let found = self.kept.iter().rev().find(|(name, _)| name == kept);
                some(found.map(|(_, value)| value.as_str()))
            }
            Name::Constant(name) => some(self.profile.constant(name)),
            Name::File => file.map_or(Filling::None, |file| Filling::Files(vec![file.clone()])),
            Name::FileLabel => some(file.map(|file| file.name.as_str())),
            Name::FileKind => some(file.map(|file| file.media_type.as_str())),
            Name::Page => Filling::Text(self.page.to_string()),
        }
    }

    fn mapped(&self, map: &str, word: &str) -> Option<String> {
        self.profile.mapped(map, word)
    }

    fn offset(&self) -> i32 {
        self.offset
    }
}

impl Entries for Wanted {
    fn entries(&self, answer: &str) -> Vec<Box<dyn Entries + '_>> {
        let entry = |of| -> Box<dyn Entries + '_> { Box::new(Entry { all: self, of }) };
        match self.answers().and_then(|answers| answers.get(answer)) {
            Some(Answer::Rows(rows)) => rows.iter().map(|row| entry(Of::Row(row))).collect(),
            Some(Answer::Many(many)) => many.iter().map(|one| entry(Of::One(one))).collect(),
            Some(Answer::Files(files)) => files.iter().map(|file| entry(Of::File(file))).collect(),
            Some(Answer::Text(text)) => vec![entry(Of::One(text))],
            _ => Vec::new(),
        }
    }
}

enum Of<'a> {
    Row(&'a Answers),
    One(&'a str),
    File(&'a FileAnswer),
}

/// One entry of an answer.
struct Entry<'a> {
    all: &'a Wanted,
    of: Of<'a>,
}

impl Source for Entry<'_> {
    fn filling(&self, name: &Name) -> Filling {
        let Name::Row(part) = name else {
            return self.all.filling(name);
        };
        match (&self.of, part.as_str()) {
            (Of::Row(row), id) => match row.get(id) {
                Some(Answer::Text(text)) => Filling::Text(text.trim().to_owned()),
                Some(Answer::Many(many)) => Filling::Many(many.clone()),
                Some(Answer::Files(files)) => Filling::Files(files.clone()),
                Some(Answer::Area(area)) => Filling::Text(words::area(area)),
                _ => Filling::None,
            },
            (Of::One(one), "value") => some(Some(one.trim())),
            (Of::File(file), "name") => some(Some(&file.name)),
            (Of::File(file), "type") => some(Some(&file.media_type)),
            (Of::File(file), "took") => some(self.all.upload(file)),
            (Of::File(file), "file") => Filling::Files(vec![(*file).clone()]),
            _ => Filling::None,
        }
    }

    fn mapped(&self, map: &str, word: &str) -> Option<String> {
        self.all.mapped(map, word)
    }

    fn offset(&self) -> i32 {
        self.all.offset
    }
}

impl Entries for Entry<'_> {
    /// There is nothing within an entry that has entries of its own.
    fn entries(&self, answer: &str) -> Vec<Box<dyn Entries + '_>> {
        self.all.entries(answer)
    }
}
