//! The conversation: a complaint is one request, and following one is a look through the public list.

use std::sync::Arc;

use super::profile::Profile;
use super::{COMPLAINT, form};
use crate::adapters::answer::case::{bare, timeline, unknown};
use crate::adapters::answer::record::{Notes, Record};
use crate::adapters::answer::refusal::{self, Manner};
use crate::adapters::answer::resource::{Resource, goes_on, resources, text};
use crate::adapters::answer::status::Known as KnownStatus;
use crate::adapters::codec::node::Node;
use crate::adapters::codec::text::{bounded, clean};
use crate::adapters::codec::{self, Payload, multipart};
use crate::adapters::http::{Method, Request, Response};
use crate::adapters::{Conversation, Fact, Intent, Known, Listed, Outcome, Reconciled, Step, Submission};
use crate::model::answers::Answer;
use crate::model::case::{Acknowledgement, Case, Reference};
use crate::model::nik::Nik;
use crate::model::problem::{Fault, Problem, Sent};
use crate::model::region::BackendId;
use crate::model::secret::Secret;
use crate::model::service::Service;
use crate::model::status::{Outcome as Ended, Phase};
use crate::model::text::Text;

/// Most pages of the list.
const MOST_PAGES: u32 = 20;
/// What every question about one's own complaint takes along: the NIK that it bears.
const FACT_NIK: &str = "nik";

const MANNER: Manner = Manner {
    protocol: "OpenDK",
    record: &["data"],
    fields: |name| vec![name.trim_end_matches(|last: char| last.is_ascii_digit()).to_owned()],
};

const STATUSES: &KnownStatus = &[
    ("review", Phase::Submitted, Ended::None),
    ("belum", Phase::InReview, Ended::None),
    ("proses", Phase::InProgress, Ended::None),
    ("selesai", Phase::Closed, Ended::Resolved),
    ("ditolak", Phase::Closed, Ended::Refused),
];

enum Stage {
    Submit(Box<Submission>),
    Track {
        reference: Reference,
        nik: Secret<String>,
        /// Its sender asks, whom the edge knows by what was sealed.
        own: bool,
    },
    Known(Outcome),
    NotFound,
    Over,
}

pub(super) struct Talk {
    profile: Arc<Profile>,
    backend: BackendId,
    offset: i32,
    stage: Stage,
    notes: Notes,
    page: u32,
}

/// Whether two texts are the same, in a time that tells nothing of where they differ.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut differ = u8::from(one.len() != other.len() || one.is_empty());
    for at in 0..16 {
        let byte = |text: &[u8]| text.get(at).copied().unwrap_or_default();
        differ |= byte(one) ^ byte(other);
    }
    std::hint::black_box(differ) == 0
}

/// Sixteen digits, however they are typed.
fn digits(nik: &str) -> Option<String> {
    Nik::parse(nik).ok().map(|nik| nik.digits().to_owned())
}

impl Talk {
    pub(super) fn new(
        profile: Arc<Profile>,
        backend: BackendId,
        offset: i32,
        intent: Intent,
        known: Known<'_>,
    ) -> Self {
        let fact = known.facts.iter().find(|fact| fact.name == FACT_NIK);
        let stage = match intent {
            Intent::Catalogue => Stage::Known(Outcome::Catalogue(listed())),
            Intent::Form { .. } => Stage::Known(Outcome::Form(form(&profile))),
            Intent::Submit(submission) => Stage::Submit(Box::new(submission)),
            Intent::Reconcile { .. } => Stage::Known(Outcome::Reconciled(Reconciled::CannotTell)),
            Intent::Track {
                acknowledgement: Acknowledgement::Reference(reference),
                second_fact,
            } => {
                let own = fact.is_some();
                let nik = fact.map(|fact| fact.value.as_str());
                let nik = nik.or(second_fact.as_ref().map(|fact| fact.expose().as_str()));
                match nik.and_then(digits) {
                    Some(nik) => Stage::Track {
                        reference,
                        nik: Secret::new(nik),
                        own,
                    },
                    None => Stage::NotFound,
                }
            }
            Intent::Track { .. } => Stage::Known(Outcome::Case(None)),
            // Nothing asks for these where the capabilities say so.
            Intent::List | Intent::Document { .. } | Intent::LogIn(_) => Stage::Over,
        };
        Self {
            profile,
            backend,
            offset,
            stage,
            notes: Notes::default(),
            page: 1,
        }
    }

    fn request(&self) -> Option<Request> {
        let path = self.profile.path.clone();
        Some(match &self.stage {
            Stage::Submit(submission) => self.complain(submission),
            Stage::Track { .. } => {
                let mut request = Request::to(&self.backend, Method::Get, path);
                request.query = vec![
                    ("page[number]".to_owned(), self.page.to_string()),
                    ("page[size]".to_owned(), self.profile.per_page.to_string()),
                ];
                request
            }
            Stage::Known(_) | Stage::NotFound | Stage::Over => return None,
        })
    }

    fn complain(&self, submission: &Submission) -> Request {
        let mut request = Request::to(&self.backend, Method::Post, self.profile.path.clone());
        let mut pairs = Vec::new();
        let mut files = Vec::new();
        for (id, answer) in &submission.answers.0 {
            match answer {
                Answer::Text(typed) if !answer.is_blank() => {
                    let typed = typed.trim();
                    let value = digits(typed).filter(|_| id == FACT_NIK);
                    pairs.push((id.clone(), value.unwrap_or_else(|| typed.to_owned())));
                }
                Answer::Files(given) => files.extend(given.iter().take(4)),
                _ => {}
            }
        }
        let numbered = (1_u8..).zip(files);
        let named: Vec<_> = numbered
            .map(|(number, file)| (["lampiran", &number.to_string()].concat(), file))
            .collect();
        let id = submission.id.as_str();
        request.body = multipart::body(id, &pairs, &named);
        request.key = Some(id.to_owned());
        request.timeout = 180_000;
        request
    }

    fn send(&mut self) -> Step {
        match self.request() {
            Some(request) => Step::Send {
                request,
                facts: Vec::new(),
            },
            None => match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Known(outcome) => self.done(outcome, Vec::new()),
                _ => Step::Failed(Problem::unsent(Fault::NotFound)),
            },
        }
    }

    fn done(&mut self, outcome: Outcome, facts: Vec<Fact>) -> Step {
        Step::Done {
            outcome,
            diagnostics: self.notes.take(),
            facts,
        }
    }

    /// What is said of a complaint that is not there, or not this one's: the same.
    fn absent(&mut self, reference: Reference, own: bool) -> Step {
        if own {
            self.notes
                .add("/data", "the complaint in the list, which hides some", "none");
            return self.done(Outcome::Case(Some(Box::new(bare(Some(reference))))), Vec::new());
        }
        Step::Failed(Problem::unsent(Fault::NotFound))
    }

    fn track(&mut self, reference: Reference, nik: Secret<String>, own: bool, root: &Node) -> Option<Step> {
        let rows = resources(root, &mut self.notes)?;
        let number = |row: &Resource<'_>| match text(row.attributes.node, "komplain_id") {
            "" => row.id.to_owned(),
            number => number.to_owned(),
        };
        if let Some(row) = rows.iter().find(|row| number(row) == reference.as_str()) {
            if !same(text(row.attributes.node, "nik"), nik.expose()) {
                return Some(self.absent(reference, own));
            }
            let case = self.case(reference, row);
            return Some(self.done(Outcome::Case(Some(Box::new(case))), Vec::new()));
        }
        if goes_on(root, self.page) && self.page < MOST_PAGES {
            self.page = self.page.saturating_add(1);
            self.stage = Stage::Track { reference, nik, own };
            return Some(self.send());
        }
        Some(self.absent(reference, own))
    }

    fn case(&mut self, reference: Reference, row: &Resource<'_>) -> Case {
        let mut record = Record::new(&row.attributes, &mut self.notes);
        let mut case = bare(Some(reference));
        let code = record.text("status");
        case.status = self.profile.status.status(&code, STATUSES).unwrap_or_else(unknown);
        COMPLAINT.clone_into(&mut case.service_code);
        case.received = record.moment("created_at", self.offset);
        case.updated = record.moment("updated_at", self.offset);
        // The rest of the row is people and their words: not even that it is there is noted.
        timeline(&mut case, String::new());
        case
    }

    /// The number that a complaint got, and the NIK by which its sender asks for it later.
    fn submitted(&mut self, submission: &Submission, response: &Response, payload: &Payload) -> Step {
        let data = match payload {
            Payload::Tree(root) => root
                .children
                .iter()
                .find_map(|top| Some((top, top.named("data").next()?))),
            _ => None,
        };
        let Some((top, data)) = data.filter(|(_, data)| !data.is_blank()) else {
            return Step::Failed(Problem {
                fault: refusal::unreadable(&MANNER, response.status, payload),
                sent: Sent::Unknown,
            });
        };
        let nik = submission.answers.text(FACT_NIK).and_then(digits);
        let mut notice = bounded(clean(text(top, "message")), 500);
        hide(&mut notice, nik.as_deref());
        let facts = nik.into_iter().map(|value| Fact {
            name: FACT_NIK.to_owned(),
            value,
        });
        let number = text(data, "komplain_id").parse();
        let acknowledgement = number.map_or(Acknowledgement::Nothing, Acknowledgement::Reference);
        self.done(
            Outcome::Submitted {
                acknowledgement,
                notice,
            },
            facts.collect(),
        )
    }
}

/// Takes a NIK out of the server's words.
fn hide(words: &mut String, nik: Option<&str>) {
    if let Some(nik) = nik.filter(|nik| words.contains(nik)) {
        *words = words.replace(nik, "…");
    }
}

fn listed() -> Vec<Listed> {
    let code = COMPLAINT.parse().ok().into_iter();
    code.map(|code| {
        let mut service = Service::of(code);
        service.name = Text::both("Pengaduan", "Complaint");
        Listed {
            service,
            has_form: true,
        }
    })
    .collect()
}

impl Conversation for Talk {
    fn begin(&mut self) -> Step {
        self.send()
    }

    fn resume(&mut self, result: Result<Response, Problem>) -> Step {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        let submission = match &stage {
            Stage::Submit(submission) => Some(submission),
            Stage::Track { .. } => None,
            Stage::Known(_) | Stage::NotFound | Stage::Over => {
                return Step::Failed(Problem::unsent(Fault::NotFound));
            }
        };
        let unsent = |mut problem: Problem| {
            if submission.is_none() {
                problem.sent = Sent::No;
            }
            Step::Failed(problem)
        };
        let response = match result {
            Ok(response) => response,
            Err(problem) => return unsent(problem),
        };
        let payload = codec::read(&response.body, response.header("content-type"));
        let form = submission.map(|submission| &submission.form);
        if let Some(mut problem) = refusal::of_response(&MANNER, &response, &payload, form) {
            let nik = submission
                .and_then(|submission| submission.answers.text(FACT_NIK))
                .and_then(digits);
            match &mut problem.fault {
                Fault::Rejected { fields, message } => {
                    hide(message, nik.as_deref());
                    for refused in fields {
                        hide(&mut refused.message, nik.as_deref());
                    }
                }
                Fault::Upstream { message, .. } => hide(message, nik.as_deref()),
                _ => {}
            }
            return unsent(problem);
        }
        let read = match (stage, &payload) {
            (Stage::Submit(submission), _) => Some(self.submitted(&submission, &response, &payload)),
            (Stage::Track { reference, nik, own }, Payload::Tree(root)) => self.track(reference, nik, own, root),
            _ => None,
        };
        read.unwrap_or_else(|| Step::Failed(Problem::unsent(refusal::unreadable(&MANNER, response.status, &payload))))
    }
}
