//! A live system, looked at through its adapter.

use std::time::{Duration, Instant, SystemTime};

use super::answers;
use super::report::{Checked, Weight};
use crate::adapters::{Adapter, Fact, Intent, Known, Listed, Outcome, Step, Submission};
use crate::cli::edge::guarded::secrets::Secrets;
use crate::cli::edge::transport::Transport;
use crate::forms;
use crate::model::capabilities::{Capabilities, CatalogueSource};
use crate::model::case::{Acknowledgement, Case};
use crate::model::diagnostic::Diagnostic;
use crate::model::login::Credentials;
use crate::model::problem::{Fault, Problem};
use crate::model::secret::Secret;
use crate::model::service::Service;
use crate::model::status::Phase;
use crate::model::time::Timestamp;

/// Requests of one conversation, at most.
const REQUESTS: usize = 100;
/// Forms that are looked at, at most: weak servers answer citizens beside us.
const FORMS: usize = 20;
/// Slower than this a citizen on a bad line gives up.
const SLOW: Duration = Duration::from_secs(3);

/// What is followed.
#[derive(Clone, Debug, Default)]
pub struct Follow {
    /// A case's number.
    pub reference: Option<String>,
    /// What its owner knows.
    pub fact: Option<String>,
    /// A test application is filed first.
    pub submit: bool,
}

/// The way to a system.
pub struct Live<'a> {
    /// What sends.
    pub transport: &'a Transport,
    /// Its address.
    pub url: &'a str,
    /// Headers of every request.
    pub headers: Vec<(String, Secret<String>)>,
    /// What it wants to be told.
    pub secrets: Secrets,
    /// With what the publisher logs in.
    pub account: Option<Credentials>,
    /// Services that the region's file describes.
    pub services: &'a [Service],
}

/// What a conversation ended in, and what was seen on the way.
struct Talked {
    result: Result<Outcome, Problem>,
    notes: Vec<Diagnostic>,
    facts: Vec<Fact>,
    slowest: Duration,
    /// Numbers of sixteen digits in its answers.
    niks: Vec<String>,
    /// Rates that its answers speak of.
    rates: Option<String>,
}

impl Live<'_> {
    /// Looks at everything.
    pub async fn look(&self, adapter: &dyn Adapter, follow: &Follow, checked: &mut Checked) {
        let capabilities = adapter.capabilities();
        cannot(&capabilities, checked);
        let session = match (&self.account, &capabilities.login) {
            (Some(account), Some(_)) => self.log_in(adapter, account, checked).await,
            _ => None,
        };
        let listed = match capabilities.catalogue {
            CatalogueSource::Profile => {
                let what = format!("{} services, from the region's file", self.services.len());
                checked.add(Weight::Good, "catalogue", what);
                Vec::new()
            }
            CatalogueSource::Account if session.is_none() => {
                checked.add(
                    Weight::Notice,
                    "catalogue",
                    "it needs the publisher's account, and edge.toml has none",
                );
                Vec::new()
            }
            _ => self.catalogue(adapter, session.as_ref(), checked).await,
        };
        let with_form = listed.iter().filter(|listed| listed.has_form).take(FORMS);
        for listed in with_form {
            let service = listed.service.code.clone();
            let talked = self
                .hold(adapter, Intent::Form { service }, &[], session.as_ref())
                .await;
            match &talked.result {
                Ok(Outcome::Form(form)) => {
                    let wrong = forms::compile(form).1.len();
                    let weight = if wrong == 0 { Weight::Good } else { Weight::Notice };
                    let what = format!(
                        "{}: {} questions, {wrong} remarks",
                        listed.service.code,
                        form.fields().len()
                    );
                    checked.add(weight, "form", what);
                }
                Ok(_) => {}
                Err(problem) => checked.add(Weight::Wrong, "form", format!("{}: {problem}", listed.service.code)),
            }
        }
        let mut reference = follow.reference.clone();
        let mut facts = Vec::new();
        if follow.submit {
            match self.submit(adapter, &listed, session.as_ref(), checked).await {
                Some((number, kept)) => (reference, facts) = (Some(number), kept),
                None => return,
            }
        }
        if let Some(reference) = reference {
            self.follow(
                adapter,
                &reference,
                follow.fact.as_deref(),
                &facts,
                session.as_ref(),
                checked,
            )
            .await;
        }
    }

    async fn log_in(
        &self,
        adapter: &dyn Adapter,
        account: &Credentials,
        checked: &mut Checked,
    ) -> Option<Secret<String>> {
        let talked = self.hold(adapter, Intent::LogIn(account.clone()), &[], None).await;
        match talked.result {
            Ok(Outcome::LoggedIn { session, .. }) => Some(session),
            Ok(_) => None,
            Err(problem) => {
                checked.add(Weight::Wrong, "reach", format!("the publisher's account: {problem}"));
                None
            }
        }
    }

    async fn catalogue(
        &self,
        adapter: &dyn Adapter,
        session: Option<&Secret<String>>,
        checked: &mut Checked,
    ) -> Vec<Listed> {
        let talked = self.hold(adapter, Intent::Catalogue, &[], session).await;
        seen(&talked, None, checked);
        match talked.result {
            Ok(Outcome::Catalogue(listed)) => {
                let weight = if listed.is_empty() { Weight::Wrong } else { Weight::Good };
                checked.add(weight, "catalogue", format!("{} services", listed.len()));
                listed
            }
            Ok(_) => Vec::new(),
            Err(problem) => {
                checked.add(Weight::Wrong, "catalogue", problem.to_string());
                Vec::new()
            }
        }
    }

    async fn submit(
        &self,
        adapter: &dyn Adapter,
        listed: &[Listed],
        session: Option<&Secret<String>>,
        checked: &mut Checked,
    ) -> Option<(String, Vec<Fact>)> {
        let own = self.services.iter().find(|service| service.form.is_some());
        let (service, form) = match (own, listed.first()) {
            (Some(service), _) => (service.code.clone(), service.form.clone()?),
            (None, Some(listed)) => {
                let service = listed.service.code.clone();
                let intent = Intent::Form {
                    service: service.clone(),
                };
                match self.hold(adapter, intent, &[], session).await.result {
                    Ok(Outcome::Form(form)) => (service, form),
                    _ => {
                        checked.add(Weight::Wrong, "submit", "there is no form to be filled in");
                        return None;
                    }
                }
            }
            (None, None) => {
                checked.add(
                    Weight::Wrong,
                    "submit",
                    "there is no service with a form, here or in the region's file",
                );
                return None;
            }
        };
        let (id, today) = (new_id()?, today());
        let answers = match answers::plain(&form, &today) {
            Ok(answers) => answers,
            Err(what) => {
                checked.add(Weight::Notice, "submit", format!("not tried: {what}"));
                return None;
            }
        };
        let submission = Submission {
            id: id.parse().ok()?,
            service,
            form,
            answers,
            completes: None,
        };
        let talked = self.hold(adapter, Intent::Submit(submission), &[], session).await;
        match talked.result {
            Ok(Outcome::Submitted { acknowledgement, .. }) => {
                let shown = acknowledgement.shown().map(ToString::to_string);
                let number = shown.clone().unwrap_or_else(|| "no number".to_owned());
                let took = talked.slowest.as_millis();
                checked.add(Weight::Good, "submit", format!("taken in as {number}; {took} ms"));
                shown.map(|number| (number, talked.facts))
            }
            Ok(_) => None,
            Err(problem) => {
                checked.add(Weight::Wrong, "submit", problem.to_string());
                None
            }
        }
    }

    async fn follow(
        &self,
        adapter: &dyn Adapter,
        reference: &str,
        fact: Option<&str>,
        facts: &[Fact],
        session: Option<&Secret<String>>,
        checked: &mut Checked,
    ) {
        let Ok(number) = reference.parse() else {
            checked.add(Weight::Wrong, "track", "that is no case's number");
            return;
        };
        let intent = Intent::Track {
            acknowledgement: Acknowledgement::Reference(number),
            second_fact: fact.map(|fact| Secret::new(fact.to_owned())),
        };
        let talked = self.hold(adapter, intent, facts, session).await;
        seen(&talked, fact, checked);
        match &talked.result {
            Ok(Outcome::Case(Some(case))) => told(case, checked),
            Ok(_) => checked.add(Weight::Notice, "track", "there is only a token so far"),
            Err(problem) if problem.fault == Fault::LoginNeeded => {
                checked.add(Weight::Notice, "track", "not tried: a citizen must log in for it");
            }
            Err(problem) => checked.add(Weight::Wrong, "track", problem.to_string()),
        }
    }

    async fn hold(
        &self,
        adapter: &dyn Adapter,
        intent: Intent,
        facts: &[Fact],
        session: Option<&Secret<String>>,
    ) -> Talked {
        let mut talked = Talked {
            result: Err(Problem::unsent(Fault::Protocol {
                what: "a conversation that ends".to_owned(),
            })),
            notes: Vec::new(),
            facts: Vec::new(),
            slowest: Duration::ZERO,
            niks: Vec::new(),
            rates: None,
        };
        let mut conversation = adapter.start(intent, Known { facts, session });
        let mut step = conversation.begin();
        for _ in 0..REQUESTS {
            match step {
                Step::Send { request, .. } => {
                    let Some(mut request) = self.secrets.told_in(request) else {
                        return talked;
                    };
                    request.secrets.extend(self.headers.iter().cloned());
                    let began = Instant::now();
                    let result = self.transport.send(self.url, &request, |_| None).await;
                    talked.slowest = talked.slowest.max(began.elapsed());
                    if let Ok(response) = &result {
                        niks(&response.body, &mut talked.niks);
                        let rate = response
                            .header("x-ratelimit-limit")
                            .or(response.header("ratelimit-limit"));
                        talked.rates = rate.map(str::to_owned).or(talked.rates);
                    }
                    step = conversation.resume(result);
                }
                Step::Done {
                    outcome,
                    diagnostics,
                    facts,
                } => {
                    talked.result = Ok(outcome);
                    talked.notes = diagnostics;
                    talked.facts = facts;
                    return talked;
                }
                Step::Failed(problem) => {
                    talked.result = Err(problem);
                    return talked;
                }
            }
        }
        talked
    }
}

/// What a conversation's answers show beside what they say.
fn seen(talked: &Talked, own: Option<&str>, checked: &mut Checked) {
    let took = format!("the slowest answer took {} ms", talked.slowest.as_millis());
    let weight = if talked.slowest > SLOW {
        Weight::Notice
    } else {
        Weight::Good
    };
    match &talked.result {
        Err(problem) if matches!(problem.fault, Fault::Unreachable | Fault::Timeout) => {
            checked.add(Weight::Wrong, "reach", problem.to_string());
        }
        _ => checked.add(weight, "reach", took),
    }
    let own: String = own.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let others = talked
        .niks
        .iter()
        .filter(|nik| **nik != own && *nik != answers::NIK)
        .count();
    if others > 0 {
        let what = format!("its answers hold {others} numbers that look like NIKs of others: keep it guarded");
        checked.add(Weight::Notice, "privacy", what);
    }
    if let Some(rate) = &talked.rates {
        let what = format!("it lets {rate} requests through, shared by everybody behind this edge");
        checked.add(Weight::Notice, "reach", what);
    }
    for note in &talked.notes {
        checked.add(
            Weight::Notice,
            "answers",
            format!("{}: expected {}", note.path, note.expected),
        );
    }
}

fn told(case: &Case, checked: &mut Checked) {
    let weight = match case.status.phase {
        Phase::Unknown => Weight::Notice,
        _ => Weight::Good,
    };
    let status = format!("{:?} is told as {}", case.status.code, case.status.phase.word());
    checked.add(weight, "track", status);
    let unnamed = case.timeline.iter().filter_map(|step| step.status.as_ref());
    for status in unnamed.filter(|status| status.phase == Phase::Unknown && !status.code.is_empty()) {
        let what = format!("{:?} is in its history, and no status of the profile", status.code);
        checked.add(Weight::Notice, "track", what);
    }
    if case.received.is_none() && case.updated.is_none() {
        checked.add(Weight::Notice, "track", "no date could be read");
    }
    checked.add(
        Weight::Good,
        "track",
        format!("{} steps of history", case.timeline.len()),
    );
}

/// What a citizen will not be able to do.
pub fn cannot(capabilities: &Capabilities, checked: &mut Checked) {
    for (can, cannot) in [
        (capabilities.submit, "send anything"),
        (capabilities.upload, "add a file"),
        (capabilities.track, "see where a case stands"),
        (
            capabilities.timeline,
            "see the history of a case, only where it stands now",
        ),
        (capabilities.list, "see all of their cases"),
        (capabilities.reply, "answer the office"),
        (capabilities.withdraw, "withdraw a case"),
    ] {
        if !can {
            checked.add(Weight::Notice, "citizen", format!("cannot {cannot}"));
        }
    }
    if capabilities.submit && !capabilities.reconcile && !capabilities.idempotent {
        let what = "after a broken line must decide alone whether to send again: nothing here can tell";
        checked.add(Weight::Notice, "citizen", what);
    }
    if capabilities.track && capabilities.second_fact.is_none() && capabilities.login.is_none() {
        checked.add(Weight::Notice, "privacy", "whoever knows a case's number sees the case");
    }
}

/// Numbers of sixteen digits that could be NIKs, each once.
fn niks(body: &[u8], into: &mut Vec<String>) {
    let text = String::from_utf8_lossy(body);
    for part in text.split(|letter: char| !letter.is_ascii_digit()) {
        if part.len() == 16 && crate::model::nik::Nik::parse(part).is_ok() && !into.iter().any(|nik| nik == part) {
            into.push(part.to_owned());
        }
    }
}

fn today() -> String {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let now = Timestamp(i64::try_from(since.as_millis()).unwrap_or_default());
    now.to_string().chars().take(10).collect()
}

/// A new application's id: a random UUID.
fn new_id() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let part = |from, to| digits.get(from..to);
    Some(format!(
        "{}-{}-4{}-8{}-{}",
        part(0, 8)?,
        part(8, 12)?,
        part(13, 16)?,
        part(17, 20)?,
        part(20, 32)?
    ))
}
