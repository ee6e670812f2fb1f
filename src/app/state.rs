//! What all pages share: where we are, and what is on its way.
//!
//! One [`Shared`] for the page's life, reached by [`shared`]; its signals are copies. What the engine
//! says comes into them by [`super::line`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use crate::app::components::element::Markup;
use crate::app::form::filling::Handle;
use crate::app::signal::Signal;
use crate::app::soon::Soon;
use crate::browser::address;
use crate::model::application::{ApplicationId, Draft};
use crate::model::case::{Case, MyCase, Reference};
use crate::model::delivery::{Delivery, OutboxEntry};
use crate::model::login::Access;
use crate::model::message::File;
use crate::model::person::Person;
use crate::model::problem::{Fault, Problem};
use crate::model::receipt::Receipt;
use crate::model::region::BackendId;
use crate::model::route::Route;
use crate::model::time::Timestamp;
use crate::store::journal::{Journal, StoreError};

/// Something that concerns every page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A newer build is on the phone, or the engine is of another one than the app.
    NewBuild,
    /// There is hardly any room left on the phone.
    Scarce,
    /// The engine died twice.
    EngineGone,
    /// The engine cannot keep its data.
    Store(String),
    /// What was typed in this widget goes on in a full tab.
    HandedOver,
    /// A part of the program did not come.
    PartMissing,
}

/// Drafts that the journal holds and that cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenDrafts {
    /// All can be.
    None,
    /// So many cannot be read: a newer build wrote them, or they are damaged.
    Unreadable(usize),
    /// The journal itself cannot be read.
    Refused,
}

/// The answer to a look-up.
#[derive(Clone, Debug, PartialEq)]
pub struct LookedUp {
    /// The system.
    pub backend: BackendId,
    /// The number that was asked for.
    pub reference: Reference,
    /// The case and when it was said, or what went wrong.
    pub answer: Result<(Case, Timestamp), Problem>,
}

/// Draws what is offered under a field, by its index.
pub type Offer = fn(Handle, usize) -> Markup;

/// A document that was fetched, or why it was not.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetched {
    /// Which one.
    pub handle: String,
    /// The file.
    pub answer: Result<File, Problem>,
}

/// What all pages share.
#[derive(Clone, Copy)]
pub struct Shared {
    /// The page.
    pub route: Signal<Route>,
    /// Counts up when the whole page is to be drawn anew, as after a change of language.
    pub drawn: Signal<u32>,
    /// Counts up with each move through the history, also within one page.
    pub moved: Signal<u32>,
    /// What is not delivered yet; `None` until the engine has said so.
    pub outbox: Signal<Option<Vec<Arc<OutboxEntry>>>>,
    /// The citizen's own cases; `None` until the engine has said so.
    pub cases: Signal<Option<Vec<Arc<MyCase>>>>,
    /// Drafts in the journal; `None` until it was read.
    pub drafts: Signal<Option<Vec<Draft>>>,
    /// Drafts that are there and not in [`Shared::drafts`].
    pub hidden_drafts: Signal<HiddenDrafts>,
    /// The last receipt of this page's life.
    pub receipt: Signal<Option<Receipt>>,
    /// The answer to the last look-up.
    pub looked_up: Signal<Option<Arc<LookedUp>>>,
    /// The logins that the engine holds.
    pub accesses: Signal<Vec<Access>>,
    /// How the last login of this page ended.
    pub logged_in: Signal<Option<(BackendId, Option<Fault>)>>,
    /// The last document that was fetched.
    pub document: Signal<Option<Arc<Fetched>>>,
    /// Something that concerns every page.
    pub trouble: Signal<Option<Trouble>>,
    /// What a screen reader is to say.
    pub announcement: Signal<String>,
    /// Everything was erased.
    pub erased: Signal<bool>,
    /// What comes once a form answers to typing.
    pub soon: Signal<Option<Soon>>,
    /// Of whom something is known, the citizen first; `None` until the journal was read.
    pub people: Signal<Option<Vec<Person>>>,
    /// What is offered under a field of a form, once there is anything to offer.
    pub offer: Signal<Option<Offer>>,
    /// A PIN keeps what the phone holds closed.
    pub locked: Signal<bool>,
    /// The browser would install the app.
    pub installable: Signal<bool>,
}

thread_local! {
    static SHARED: Cell<Option<Shared>> = const { Cell::new(None) };
    static JOURNAL: RefCell<Option<Rc<Journal>>> = const { RefCell::new(None) };
}

/// What all pages share. The first call makes it, under the root that `pages::start` mounts.
pub fn shared() -> Shared {
    SHARED.with(|cell| {
        cell.get().unwrap_or_else(|| {
            let shared = Shared {
                route: Signal::new(Route::parse(&address::path())),
                drawn: Signal::new(0),
                moved: Signal::new(0),
                outbox: Signal::new(None),
                cases: Signal::new(None),
                drafts: Signal::new(None),
                hidden_drafts: Signal::new(HiddenDrafts::None),
                receipt: Signal::new(None),
                looked_up: Signal::new(None),
                accesses: Signal::new(Vec::new()),
                logged_in: Signal::new(None),
                document: Signal::new(None),
                trouble: Signal::new(None),
                announcement: Signal::new(String::new()),
                erased: Signal::new(false),
                soon: Signal::new(None),
                people: Signal::new(None),
                offer: Signal::new(None),
                locked: Signal::new(false),
                installable: Signal::new(false),
            };
            cell.set(Some(shared));
            shared
        })
    })
}

/// The journal, opened once.
pub async fn journal() -> Result<Rc<Journal>, StoreError> {
    if let Some(open) = JOURNAL.with_borrow(Clone::clone) {
        return Ok(open);
    }
    let opened = Journal::open().await;
    // Said once: whoever draws a page anew for it reads the journal again.
    if matches!(opened, Err(StoreError::Locked)) && !shared().locked.now() {
        shared().locked.set(true);
    }
    let opened = Rc::new(opened?);
    JOURNAL.set(Some(Rc::clone(&opened)));
    Ok(opened)
}

impl Shared {
    /// Goes to a page, as a link does.
    pub fn go(self, route: &Route) {
        address::push(&route.to_string(), "");
        self.arrive();
    }

    /// Goes to a page in place of this one, so that Back does not lead here again.
    pub fn go_instead(self, route: &Route) {
        address::replace(&route.to_string(), "");
        self.arrive();
    }

    /// Reads the address anew.
    pub fn arrive(self) {
        self.announcement.set(String::new());
        self.erased.set(false);
        let route = Route::parse(&address::path());
        if self.route.look(|here| *here != route) {
            self.route.set(route);
        }
        self.moved.update(|moved| *moved = moved.wrapping_add(1));
    }

    /// Tells of something that is no emergency, unless there is one.
    pub fn warn(self, trouble: Trouble) {
        if self.trouble.look(Option::is_none) {
            self.trouble.set(Some(trouble));
        }
    }

    /// What the engine has said of an application.
    pub fn told(self, id: &ApplicationId) -> Option<Arc<OutboxEntry>> {
        self.outbox
            .with(|outbox| outbox.iter().flatten().find(|entry| entry.id == *id).cloned())
    }

    /// The entry of an application: the engine's, else as the journal holds it.
    pub fn entry(self, id: &ApplicationId) -> Option<Arc<OutboxEntry>> {
        self.told(id).or_else(|| {
            self.drafts.with(|drafts| {
                drafts.iter().flatten().find(|draft| draft.id == *id).and_then(|draft| {
                    Some(Arc::new(OutboxEntry {
                        id: draft.id.clone(),
                        service: draft.service.clone(),
                        title: draft.title.clone(),
                        submitted: draft.submitted?,
                        delivery: Delivery::Queued,
                    }))
                })
            })
        })
    }

    /// Everything that was given to be sent and is not delivered, the journal's included.
    pub fn unsent(self) -> Vec<Arc<OutboxEntry>> {
        let mut entries = self.outbox.get().unwrap_or_default();
        let ids: Vec<ApplicationId> = self.drafts.with(|drafts| {
            drafts
                .iter()
                .flatten()
                .filter(|draft| draft.submitted.is_some())
                .map(|draft| draft.id.clone())
                .collect()
        });
        let delivered: Vec<ApplicationId> = self
            .cases
            .with(|cases| cases.iter().flatten().map(|case| case.receipt.id.clone()).collect());
        for id in ids {
            if entries.iter().all(|entry| entry.id != id) && !delivered.contains(&id) {
                entries.extend(self.entry(&id));
            }
        }
        entries
    }
}
