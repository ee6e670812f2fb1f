//! The edge and the offices behind it, as far as a phone can tell: published files, a ledger of
//! keys, and counters that take applications in.

use std::collections::{BTreeMap, BTreeSet};

use pendopo::adapters::http::{
    HEADER_BACKEND, HEADER_EDGE, HEADER_LEDGER, HEADER_LEDGER_SINCE, HEADER_LEDGER_STATUS, HEADER_RESEND, HEADER_SENT,
    LEDGER_PATH, Method, Part, Request, Response, Target,
};
use serde_json::{Value, json};

/// How long the ledger keeps an answer.
const KEPT: i64 = 24 * 3_600_000;

/// What an office does with a request that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// What it should.
    Fine,
    /// It cannot be reached: the edge knows that nothing was sent.
    Unreachable,
    /// It wants quiet.
    RateLimited,
    /// It fails before it has taken anything in.
    FailsBefore,
    /// It takes the application in and then fails.
    FailsAfter,
    /// It takes it in and answers something that is no answer.
    Garbled,
    /// It takes it in long after the edge has given up.
    Slow,
}

impl Fate {
    /// Whether nobody but the office can know afterwards whether it was taken in.
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Self::FailsBefore | Self::FailsAfter | Self::Garbled | Self::Slow)
    }
}

/// What makes a request the same as another.
type Content = (String, Vec<Part>);

#[derive(Clone, Debug)]
enum Kept {
    Pending,
    Answered(Response),
    Unknown,
}

/// What the edge does with a request.
pub enum Handling {
    /// It answers at once.
    Answer(Response),
    /// It forwards it; the office's end of it comes later.
    Forward,
}

#[derive(Default)]
pub struct Edge {
    /// Published files by path.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Forms that the offices have, by `{backend}/{service}`.
    pub forms: BTreeMap<String, Value>,
    /// Whether the office's forms can be read at all.
    pub form_status: u16,
    /// By backend and key: since when, for which content, what is kept, and the last decision to send
    /// again that was let through.
    ledger: BTreeMap<(String, String), (i64, Content, Kept, u32)>,
    /// Keys that a lost ledger knew.
    forgotten: BTreeSet<String>,
    /// Since when the ledger keeps everything.
    pub since: i64,
    /// Applications taken in: their id, and the text that was written in them.
    pub accepted: Vec<(String, String)>,
    /// Files taken in, by key.
    pub files_taken: Vec<String>,
    /// Applications of which, at some time, only their office could know whether it had them.
    pub ambiguous: BTreeSet<String>,
    /// Logins that `balai` accepts: name, and password.
    pub citizens: Vec<(String, String)>,
    /// Tokens that it gave, and until when each is good.
    pub tokens: Vec<(String, i64)>,
    /// Logins tried.
    pub logins: usize,
    /// Requests that reached an office, in order: method, path, key.
    pub reached: Vec<(String, String, String)>,
}

impl Edge {
    pub fn new(now: i64) -> Self {
        Self {
            since: now - 3_600_000,
            form_status: 200,
            ..Self::default()
        }
    }

    /// The ledger is lost and begun anew.
    pub fn lose_ledger(&mut self, now: i64) {
        self.forgotten.extend(self.ledger.keys().map(|(_, key)| key.clone()));
        self.ambiguous.extend(self.forgotten.iter().map(|key| application(key)));
        self.ledger.clear();
        self.since = now;
    }

    /// Whether a lost ledger knew of a request.
    pub fn has_forgotten(&self, request: &Request) -> bool {
        request.key.as_ref().is_some_and(|key| self.forgotten.contains(key))
    }

    pub fn receive(&mut self, request: &Request, now: i64) -> Handling {
        let Target::Backend(backend) = &request.target else {
            return Handling::Answer(self.site(request, now));
        };
        if backend.backend.as_str() == "balai"
            && let Some(answer) = self.guard(request, now)
        {
            return Handling::Answer(answer);
        }
        let Some(key) = request.key.clone() else {
            self.reached
                .push((request.method.name().to_owned(), request.path.clone(), String::new()));
            return Handling::Answer(self.read(&backend.to_string(), request));
        };
        let place = (backend.to_string(), key);
        let resend = request.headers.iter().find(|(name, _)| name == HEADER_RESEND);
        let resend: u32 = resend.map_or(0, |(_, number)| number.parse().unwrap());
        let content = content(request);
        if let Some((_, before, kept, last)) = self.ledger.get(&place).filter(|(at, ..)| now - at < KEPT) {
            let same = *before == content;
            match kept {
                Kept::Pending => return Handling::Answer(own(409, "pending", "unknown")),
                Kept::Answered(response) if same => return Handling::Answer(response.clone()),
                // A refused application may be mended.
                Kept::Answered(response) if (400..500).contains(&response.status) => {}
                _ if !same => return Handling::Answer(own(409, "key_reused", "no")),
                _ if resend <= *last => return Handling::Answer(own(409, "unknown", "unknown")),
                _ => {}
            }
        }
        self.ledger.insert(place, (now, content, Kept::Pending, resend));
        Handling::Forward
    }

    /// The office's end of a forwarded request. The second part is what the office still does later.
    pub fn forwarded(&mut self, request: &Request, fate: Fate, now: i64) -> Response {
        let Target::Backend(backend) = &request.target else {
            panic!("only requests to offices are forwarded");
        };
        let key = request.key.clone().unwrap_or_default();
        if fate.is_ambiguous() {
            self.ambiguous.insert(application(&key));
        }
        let place = (backend.to_string(), key);
        let (kept, response) = match fate {
            Fate::Unreachable => (None, own(502, "unreachable", "no")),
            Fate::Slow => (Some(Kept::Unknown), own(504, "timeout", "unknown")),
            Fate::Fine | Fate::RateLimited | Fate::FailsBefore | Fate::FailsAfter | Fate::Garbled => {
                let response = match fate {
                    Fate::RateLimited => {
                        let mut response = json(429, &json!({}));
                        response.headers.push(("retry-after".to_owned(), "30".to_owned()));
                        response
                    }
                    Fate::FailsBefore => json(500, &json!({})),
                    _ => self.take_in(request),
                };
                let response = match fate {
                    Fate::FailsAfter => json(500, &json!({})),
                    Fate::Garbled => Response {
                        status: 200,
                        headers: Vec::new(),
                        body: b"<b>Fatal error</b>".to_vec(),
                    },
                    _ => response,
                };
                let kept = match response.status {
                    429 => None,
                    500.. => Some(Kept::Unknown),
                    _ => Some(Kept::Answered(response.clone())),
                };
                (kept, response)
            }
        };
        match kept {
            Some(kept) => {
                let last = self.ledger.get(&place).map_or(0, |(.., last)| *last);
                self.ledger.insert(place, (now, content(request), kept, last))
            }
            None => self.ledger.remove(&place),
        };
        response
    }

    /// What `balai` says of a request before it looks at it.
    fn guard(&mut self, request: &Request, now: i64) -> Option<Response> {
        if request.path == "masuk" {
            self.logins += 1;
            let Some(Part::Secret(body)) = request.body.parts.first() else {
                panic!("a login is a secret");
            };
            let body: Value = serde_json::from_slice(body.expose()).unwrap();
            let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
            if !self.citizens.contains(&(text("nama"), text("sandi"))) {
                return Some(json(401, &json!({})));
            }
            let token = format!("token-{}", self.logins);
            self.tokens.push((token.clone(), now + 600_000));
            return Some(json(200, &json!({ "token": token, "detik": 600 })));
        }
        let shown = request.secrets.iter().find(|(name, _)| name == "Authorization");
        let good = shown.is_some_and(|(_, shown)| {
            let known = |(token, until): &(String, i64)| token == shown.expose() && now < *until;
            self.tokens.iter().any(known)
        });
        (!good).then(|| json(401, &json!({})))
    }

    /// An office takes something in.
    pub fn take_in(&mut self, request: &Request) -> Response {
        let key = request.key.clone().unwrap_or_default();
        let method = request.method.name().to_owned();
        self.reached.push((method, request.path.clone(), key.clone()));
        if request.path == "berkas" {
            self.files_taken.push(key);
            return json(201, &json!({ "nomor": self.files_taken.len().to_string() }));
        }
        let body: Value = match request.body.parts.first() {
            Some(Part::Bytes(bytes)) => serde_json::from_slice(bytes).unwrap(),
            _ => Value::Null,
        };
        let text = body["jawaban"]["uraian"]["text"].as_str().unwrap_or_default();
        if text.contains("salah") {
            return json(422, &json!({ "pesan": "Uraian tidak lengkap" }));
        }
        let id = body["id"].as_str().unwrap_or_default();
        self.accepted.push((id.to_owned(), text.to_owned()));
        json(201, &json!({ "nomor": number(self.accepted.len()) }))
    }

    fn read(&self, backend: &str, request: &Request) -> Response {
        let (folder, rest) = request.path.split_once('/').unwrap_or((&request.path, ""));
        match folder {
            "formulir" => match self.forms.get(&format!("{backend}/{rest}")) {
                Some(form) if self.form_status == 200 => json(200, form),
                Some(_) => json(self.form_status, &json!({})),
                None => json(404, &json!({})),
            },
            "cari" => {
                let id = request.query.first().map(|(_, id)| id.as_str()).unwrap_or_default();
                let at = self.accepted.iter().position(|(accepted, _)| accepted == id);
                json(200, &json!({ "nomor": at.map(|at| number(at + 1)) }))
            }
            "milik" => json(200, &json!({ "milik": ["LKT-1"] })),
            "surat" => json(200, &json!({ "isi": "%PDF" })),
            _ if (1..=self.accepted.len()).any(|at| number(at) == rest) => json(200, &json!({ "status": "diterima" })),
            _ => json(404, &json!({})),
        }
    }

    fn site(&self, request: &Request, now: i64) -> Response {
        assert_eq!(request.method, Method::Get);
        if request.path != LEDGER_PATH {
            return match self.files.get(&request.path) {
                Some(body) => Response {
                    status: 200,
                    headers: Vec::new(),
                    body: body.clone(),
                },
                None => json(404, &json!({})),
            };
        }
        let header = |wanted: &str| {
            let found = request
                .headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.clone()).unwrap()
        };
        let place = (header(HEADER_BACKEND), header("idempotency-key"));
        let said = |status, word: &str| Response {
            status,
            headers: vec![(HEADER_LEDGER.to_owned(), word.to_owned())],
            body: Vec::new(),
        };
        match self.ledger.get(&place) {
            Some((_, _, Kept::Pending, _)) => said(202, "pending"),
            Some((at, _, Kept::Answered(kept), _)) if now - at < KEPT => {
                let mut response = said(200, "answered");
                response
                    .headers
                    .push((HEADER_LEDGER_STATUS.to_owned(), kept.status.to_string()));
                response.body.clone_from(&kept.body);
                response
            }
            Some((at, _, Kept::Unknown, _)) if now - at < KEPT => said(409, "unknown"),
            _ => {
                let mut response = said(404, "absent");
                response
                    .headers
                    .push((HEADER_LEDGER_SINCE.to_owned(), self.since.to_string()));
                response
            }
        }
    }
}

fn content(request: &Request) -> Content {
    (request.path.clone(), request.body.parts.clone())
}

/// The application that a key belongs to.
pub fn application(key: &str) -> String {
    key.get(..36).unwrap_or(key).to_owned()
}

fn number(at: usize) -> String {
    format!("LKT-{at}")
}

fn json(status: u16, value: &Value) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: value.to_string().into_bytes(),
    }
}

fn own(status: u16, word: &str, sent: &str) -> Response {
    Response {
        status,
        headers: vec![
            (HEADER_EDGE.to_owned(), word.to_owned()),
            (HEADER_SENT.to_owned(), sent.to_owned()),
        ],
        body: Vec::new(),
    }
}
