//! A phone without a browser: the engine with everything around it that it needs to do its job, and
//! a real edge to do it with.
//!
//! [`Phone`] performs effects as the browser's worker does: it saves into a store, reads drafts from
//! a journal, sends requests over a socket, and collects what the app would be told. Nothing in it
//! waits for a clock: when nothing is under way any more and the engine wishes to be woken later,
//! the phone's clock is set ahead to that moment. [`house::House`] is what the phone's owner never
//! sees: an operator's folder, published and served.

#![allow(dead_code, reason = "each test program uses its own part of the phone")]

pub mod house;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use pendopo::adapters::http::{Body, Method, Request, Target};
use pendopo::catalogue::PublishedService;
use pendopo::cli::edge::transport::Transport;
use pendopo::engine::{Effect, Engine, Input, Moment, RequestId};
use pendopo::forms;
use pendopo::model::answers::{Answer, Answers, FileAnswer, Place};
use pendopo::model::application::{ApplicationId, AttachmentId, Draft, uuid_from};
use pendopo::model::case::{Case, MyCase};
use pendopo::model::delivery::Delivery;
use pendopo::model::map::Map;
use pendopo::model::message::{Command, Event};
use pendopo::model::problem::Problem;
use pendopo::model::receipt::Receipt;
use pendopo::model::region::BackendId;
use pendopo::model::route::published_service;
use pendopo::model::service::ServiceId;
use pendopo::model::time::Timestamp;
use pendopo::store::memory::{MemoryJournal, MemoryStore};
use serde::de::DeserializeOwned;
use tokio::task::JoinSet;

/// More wishes to be woken than any job here needs.
const MOST_WAKES: u32 = 100;

pub struct Phone {
    origin: String,
    transport: Arc<Transport>,
    engine: Engine,
    store: MemoryStore,
    pub journal: MemoryJournal,
    files: BTreeMap<AttachmentId, Vec<u8>>,
    /// By how much the phone's clock is ahead, in milliseconds.
    ahead: i64,
    wake: Option<Timestamp>,
    wakes: u32,
    /// What goes into the engine next.
    due: VecDeque<Input>,
    /// Requests under way.
    flying: JoinSet<Input>,
    /// Requests that change something are held back, until [`Phone::release`].
    pub holds: bool,
    held: Vec<(RequestId, Request)>,
    /// Requests that left the phone.
    pub sent: Vec<Request>,
    /// What the app was told and nobody has asked for yet.
    events: Vec<Event>,
    told: BTreeMap<ApplicationId, Delivery>,
    dice: u64,
}

impl Phone {
    /// A phone that knows the edge at this origin and nothing else.
    pub fn new(origin: String) -> Self {
        let mut phone = Self {
            origin,
            transport: Arc::new(Transport::new()),
            engine: Engine::new(),
            store: MemoryStore::default(),
            journal: MemoryJournal::default(),
            files: BTreeMap::new(),
            ahead: 0,
            wake: None,
            wakes: 0,
            due: VecDeque::new(),
            flying: JoinSet::new(),
            holds: false,
            held: Vec::new(),
            sent: Vec::new(),
            events: Vec::new(),
            told: BTreeMap::new(),
            dice: 42,
        };
        phone.start();
        phone
    }

    fn start(&mut self) {
        self.due.push_back(Input::Started {
            records: self.store.records(),
            submitted: self.journal.submitted(),
            build: "b1".to_owned(),
        });
    }

    /// The page is closed in the middle of everything and opened again: what was under way is lost
    /// to the engine, and what was stored is all that it knows.
    pub fn reopen(&mut self) {
        self.engine = Engine::new();
        self.flying = JoinSet::new();
        self.held.clear();
        self.due.clear();
        self.wake = None;
        self.start();
    }

    fn roll(&mut self) -> u64 {
        self.dice = self.dice.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.dice ^ (self.dice >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed ^ (mixed >> 31)
    }

    fn uuid(&mut self) -> String {
        let (one, other) = (self.roll(), self.roll());
        let bytes = (u128::from(one) << 64 | u128::from(other)).to_be_bytes();
        uuid_from(bytes)
    }

    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp(i64::try_from(since.as_millis()).unwrap()).plus(self.ahead)
    }

    /// A published file, as the app fetches it.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> T {
        let request = Request {
            target: Target::Site,
            method: Method::Get,
            path: path.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            secrets: Vec::new(),
            body: Body::default(),
            key: None,
            timeout: 10_000,
        };
        let response = self.transport.send(&self.origin, &request, |_| None).await.unwrap();
        assert_eq!(response.status, 200, "{path}");
        serde_json::from_slice(&response.body).unwrap()
    }

    pub async fn service(&self, id: &str) -> PublishedService {
        let id: ServiceId = id.parse().unwrap();
        self.read(&published_service(&id)).await
    }

    /// What the form says against these answers, field by field.
    pub fn complaints(service: &PublishedService, answers: &Answers) -> Vec<String> {
        let (model, wrong) = forms::compile(service.service.form.as_ref().unwrap());
        assert_eq!(wrong, [], "{}", service.id);
        let complaints = forms::validate::whole(&model, answers, (2026, 11, 24));
        complaints
            .iter()
            .map(|complaint| format!("{}: {complaint:?}", model.fields[complaint.field].id))
            .collect()
    }

    /// Fills in a service's form; it must be content with the answers. "Kirim" is [`Phone::send`].
    pub fn fill(&mut self, service: &PublishedService, answers: Answers) -> ApplicationId {
        assert_eq!(Self::complaints(service, &answers), [""; 0], "{}", service.id);
        let id: ApplicationId = self.uuid().parse().unwrap();
        self.journal.put(Draft {
            completes: None,
            acting: Vec::new(),
            meanings: Map::new(),
            id: id.clone(),
            service: service.id.clone(),
            title: service.service.name.get(pendopo::model::text::Lang::Id).to_owned(),
            form: service.fingerprint.clone(),
            answers,
            step: "what".to_owned(),
            progress: (1, 1),
            submitted: None,
            updated: self.now(),
        });
        id
    }

    /// A file of the citizen's, kept in the journal.
    pub fn file(&mut self, name: &str, media_type: &str, bytes: &[u8]) -> FileAnswer {
        let id: AttachmentId = self.uuid().parse().unwrap();
        self.files.insert(id.clone(), bytes.to_vec());
        FileAnswer {
            was: None,
            id,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size: bytes.len() as u64,
        }
    }

    /// Marks a draft as submitted and says so to the engine.
    pub fn send(&mut self, id: &ApplicationId) {
        let mut draft = self.journal.get(id).expect("a draft").clone();
        assert_eq!(draft.submitted, None, "it is on its way already");
        draft.submitted = Some(self.now());
        self.journal.put(draft);
        self.told.remove(id);
        self.say(Command::Submit { id: id.clone() });
    }

    /// Answers a field of a draft anew.
    pub fn mend(&mut self, id: &ApplicationId, field: &str, answer: Answer) {
        let mut draft = self.journal.get(id).expect("a draft").clone();
        draft.answers.0.insert(field.to_owned(), answer);
        self.journal.put(draft);
    }

    pub fn say(&mut self, command: Command) {
        self.due.push_back(Input::Command(command));
    }

    /// Lets things happen until `found` finds what it looks for.
    pub async fn until<T>(&mut self, mut found: impl FnMut(&mut Self) -> Option<T>) -> T {
        loop {
            if let Some(found) = found(self) {
                return found;
            }
            if let Some(input) = self.due.pop_front() {
                self.step(input);
            } else if let Some(ended) = self.flying.join_next().await {
                self.step(ended.unwrap());
            } else if let Some(at) = self.wake.take() {
                self.wakes += 1;
                assert!(self.wakes < MOST_WAKES, "it never ends: {:?}", self.told);
                self.ahead += at.since(self.now()).max(0);
                self.step(Input::Tick);
            } else {
                panic!(
                    "nothing happens any more: {:?} {:?}",
                    self.told,
                    self.engine.diagnostics()
                );
            }
        }
    }

    /// Lets things happen until a request that changes something is about to leave.
    pub async fn about_to_send(&mut self) {
        self.holds = true;
        self.until(|phone| (!phone.held.is_empty()).then_some(())).await;
    }

    /// Lets what was held back go.
    pub fn release(&mut self) {
        self.holds = false;
        for (id, request) in std::mem::take(&mut self.held) {
            self.fetch(id, request);
        }
    }

    /// Lets things happen until an application is where `there` says.
    pub async fn delivery(&mut self, id: &ApplicationId, there: impl Fn(&Delivery) -> bool) -> Delivery {
        self.until(|phone| phone.told.get(id).filter(|delivery| there(delivery)).cloned())
            .await
    }

    /// Lets things happen until an application is delivered.
    pub async fn delivered(&mut self, id: &ApplicationId) -> Receipt {
        let end = |delivery: &Delivery| matches!(delivery, Delivery::Delivered(_) | Delivery::Rejected { .. });
        match self.delivery(id, end).await {
            Delivery::Delivered(receipt) => receipt,
            other => panic!("{other:?}"),
        }
    }

    /// Lets things happen until an application is refused; the office's words.
    pub async fn rejected(&mut self, id: &ApplicationId) -> String {
        let end = |delivery: &Delivery| matches!(delivery, Delivery::Delivered(_) | Delivery::Rejected { .. });
        match self.delivery(id, end).await {
            Delivery::Rejected { fields, message } => {
                let fields = fields.into_iter().map(|field| field.message);
                fields.chain([message]).collect::<Vec<_>>().join(" ")
            }
            other => panic!("{other:?}"),
        }
    }

    /// Lets things happen until only the citizen can say whether an application arrived.
    pub async fn in_doubt(&mut self, id: &ApplicationId) {
        let end = |delivery: &Delivery| {
            matches!(
                delivery,
                Delivery::Delivered(_)
                    | Delivery::Rejected { .. }
                    | Delivery::Uncertain {
                        until: None,
                        login: false,
                        ..
                    }
            )
        };
        let delivery = self.delivery(id, end).await;
        assert_eq!(delivery.word(), "uncertain", "{delivery:?}");
    }

    /// Asks the backend about one of the citizen's own cases.
    pub async fn refresh(&mut self, id: &ApplicationId) -> MyCase {
        self.events.clear();
        self.say(Command::Refresh { id: Some(id.clone()) });
        self.until(|phone| {
            phone.events.iter().find_map(|event| match event {
                Event::Case(mine) if mine.receipt.id == *id => Some(mine.clone()),
                _ => None,
            })
        })
        .await
    }

    /// What the backend says of one of the citizen's own cases; it must have one, without trouble.
    pub async fn case(&mut self, id: &ApplicationId) -> Case {
        let mine = self.refresh(id).await;
        assert_eq!(mine.trouble, None);
        mine.case.expect("a case")
    }

    pub async fn look_up(&mut self, backend: &str, number: &str) -> Result<Case, Problem> {
        let backend: BackendId = backend.parse().unwrap();
        self.events.clear();
        self.say(Command::LookUp {
            second_fact: None,
            backend,
            reference: number.parse().unwrap(),
        });
        self.until(|phone| {
            phone.events.iter().find_map(|event| match event {
                Event::LookedUp { reference, answer, .. } if reference.as_str() == number => Some(answer.clone()),
                _ => None,
            })
        })
        .await
        .map(|(case, _)| case)
    }

    fn fetch(&mut self, id: RequestId, mut request: Request) {
        self.sent.push(request.clone());
        let base = match &request.target {
            Target::Backend(backend) => format!("{}/r/{backend}", self.origin),
            Target::Guarded(backend) => {
                request.path = format!("i/{backend}");
                self.origin.clone()
            }
            Target::Site => self.origin.clone(),
        };
        let (transport, files) = (Arc::clone(&self.transport), self.files.clone());
        self.flying.spawn(async move {
            let result = transport
                .send(&base, &request, |file| files.get(file).cloned().map(Into::into))
                .await;
            Input::Response { id, result }
        });
    }

    fn step(&mut self, input: Input) {
        let moment = Moment {
            now: self.now(),
            random: self.roll(),
        };
        for effect in self.engine.step(moment, input) {
            match effect {
                Effect::Save { ticket, put, delete } => {
                    let result = self.store.save(put, &delete);
                    self.due.push_back(Input::Saved { ticket, result });
                }
                Effect::ReadDraft(id) => {
                    let draft = Ok(self.journal.get(&id).cloned());
                    self.due.push_back(Input::Draft { id, draft });
                }
                Effect::DropDraft(id) => self.journal.drop_draft(&id),
                Effect::ReopenDraft(id) => self.journal.reopen(&id),
                Effect::Fetch { id, request } if self.holds && request.key.is_some() => self.held.push((id, request)),
                Effect::Fetch { id, request } => self.fetch(id, request),
                Effect::WakeAt(at) => self.wake = Some(at),
                Effect::Emit(event) => {
                    if let Event::Delivery(entry) = &event {
                        self.told.insert(entry.id.clone(), entry.delivery.clone());
                    }
                    self.events.push(event);
                }
            }
        }
    }
}

pub fn answers<const N: usize>(given: [(&str, Answer); N]) -> Answers {
    Answers(given.map(|(field, answer)| (field.to_owned(), answer)).into())
}

pub fn text(text: &str) -> Answer {
    Answer::Text(text.to_owned())
}

pub fn many<const N: usize>(values: [&str; N]) -> Answer {
    Answer::Many(values.map(str::to_owned).into())
}

pub fn place(lat: &str, long: &str) -> Answer {
    Answer::Place(Place {
        lat: lat.to_owned(),
        long: long.to_owned(),
        address: String::new(),
    })
}
