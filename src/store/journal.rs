//! The journal: every answer that was typed, until it is delivered or discarded.
//!
//! An IndexedDB database of its own, `pendopo-journal`, with its own key, so that the app can write
//! without the engine and the engine's trouble never reaches an answer. Stores: `keys`; `drafts` by
//! application id; `people` by their id; `files` by `{application id}/{attachment id}`, or a person's id
//! in the first place, so that whose a file is is found without opening one.
//!
//! Several tabs may have the same draft open. A write says when the draft that it builds upon was
//! written ([`Journal::put`]); where another tab has written since, it fails with
//! [`StoreError::Conflict`] and nothing is overwritten.
//!
//! A draft is JSON with a version beside it. One that a newer build has written, or that does not
//! open, is reported and kept. A file may be stored before its draft is; one whose draft never came is
//! swept away after a day ([`Journal::sweep`]). Files never pass through the program's memory; they are sealed and opened by the browser.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::crypto::KEYS;
use super::database::exists;
pub use super::database::{abandon, resume};
pub use super::failure::StoreError;
use super::script::get;
use super::vault::{Expected, Guard, Row, Vault, number, timestamp};
use crate::model::application::{ApplicationId, AttachmentId, Draft};
use crate::model::json;
use crate::model::person::{Ground, Person, PersonId};
use crate::model::time::Timestamp;

/// The database's name.
pub const NAME: &str = "pendopo-journal";
/// Its stores.
pub const STORES: &[&str] = &[KEYS, DRAFTS, FILES, PEOPLE];
const DRAFTS: &str = "drafts";
const FILES: &str = "files";
const PEOPLE: &str = "people";
/// Version of a draft's JSON.
const VERSION: f64 = 1.0;
/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// The journal.
pub struct Journal(Vault);

/// What the journal holds.
#[derive(Debug, Default)]
pub struct Kept {
    /// Drafts, in no particular order.
    pub drafts: Vec<Draft>,
    /// Drafts that are there and cannot be read: the application's id, and why.
    pub unreadable: Vec<(String, StoreError)>,
}

/// Whether there is a journal on this phone yet, which is known sooner than one is made; where the
/// browser does not say, there is.
pub async fn is_begun() -> bool {
    exists(NAME).await
}

impl Journal {
    /// Opens the journal, and makes it where there is none.
    ///
    /// # Errors
    /// [`StoreError::Blocked`], [`StoreError::Newer`], or what the browser says (storage may be switched off).
    pub async fn open() -> Result<Self, StoreError> {
        Ok(Self(Vault::open(NAME, STORES).await?))
    }

    /// Everything that is kept.
    ///
    /// # Errors
    /// What the browser says; a draft that cannot be read is no error.
    pub async fn drafts(&self) -> Result<Kept, StoreError> {
        let mut kept = Kept::default();
        let rows = self.0.database.read(&[DRAFTS]).await?.rows(DRAFTS).await?;
        for (id, row) in rows {
            match self.read(&id, &row).await {
                Ok(draft) => kept.drafts.push(draft),
                Err(why) => kept.unreadable.push((id, why)),
            }
        }
        Ok(kept)
    }

    /// One draft, if it is there.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`], [`StoreError::Newer`], or what the browser says.
    pub async fn get(&self, id: &ApplicationId) -> Result<Option<Draft>, StoreError> {
        let row = self.0.row(DRAFTS, id.as_str()).await?;
        if row.is_undefined() {
            return Ok(None);
        }
        self.read(id.as_str(), &row).await.map(Some)
    }

    async fn read(&self, id: &str, row: &JsValue) -> Result<Draft, StoreError> {
        if get(row, "version").as_f64().is_none_or(|version| version > VERSION) {
            return Err(StoreError::Newer);
        }
        let data = self.0.open_row(DRAFTS, id, row).await?;
        json::read(&Uint8Array::new(&data).to_vec()).map_err(|error| StoreError::Unreadable {
            what: error.to_string(),
        })
    }

    /// Writes a draft, durably. `expected` is the `updated` of the draft that this one builds upon;
    /// `None` where it is the first.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if what is stored is not what was expected, [`StoreError::Full`], or what the browser says.
    pub async fn put(&self, draft: &Draft, expected: Option<Timestamp>) -> Result<(), StoreError> {
        let text = json::write(draft).map_err(|error| StoreError::Unreadable {
            what: error.to_string(),
        })?;
        let row = Row {
            store: DRAFTS,
            key: draft.id.to_string(),
            clear: &[("version", VERSION), ("updated", number(draft.updated))],
            data: &Uint8Array::from(text.as_bytes()),
        };
        let guard = Guard {
            store: DRAFTS,
            key: draft.id.as_str(),
            field: "updated",
            expected: expected.map_or(Expected::Absent, |updated| Expected::Number(number(updated))),
        };
        self.0.write(Some(guard), &[row], &[]).await
    }

    /// When a draft was last written, without opening it; `None` if it is not there.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn updated(&self, id: &ApplicationId) -> Result<Option<Timestamp>, StoreError> {
        let row = self.0.row(DRAFTS, id.as_str()).await?;
        Ok(get(&row, "updated").as_f64().map(timestamp))
    }

    /// Takes back the mark of a draft as submitted. Does nothing where there is no such draft.
    ///
    /// # Errors
    /// See [`Journal::get`] and [`Journal::put`].
    pub async fn reopen(&self, id: &ApplicationId, now: Timestamp) -> Result<(), StoreError> {
        loop {
            let Some(mut draft) = self.get(id).await? else {
                return Ok(());
            };
            if draft.submitted.is_none() {
                return Ok(());
            }
            let before = draft.updated;
            draft.submitted = None;
            // Later than before even where the clock went back, so that other tabs notice.
            draft.updated = now.max(before.plus(1));
            match self.put(&draft, Some(before)).await {
                Err(StoreError::Conflict { .. }) => {}
                end => return end,
            }
        }
    }

    /// Removes a draft and its files, if they are there.
    ///
    /// # Errors
    /// What the browser says; then nothing is removed.
    pub async fn discard(&self, id: &ApplicationId) -> Result<(), StoreError> {
        self.drop_owner(DRAFTS, id.as_str()).await
    }

    /// Keeps a file's bytes, durably, for a draft or a person of this id.
    ///
    /// # Errors
    /// [`StoreError::Full`], [`StoreError::Unreadable`] if the phone does not give the bytes, or what
    /// the browser says.
    pub async fn put_file(&self, id: &AttachmentId, owner: &str, bytes: &Blob) -> Result<(), StoreError> {
        let data = JsFuture::from(bytes.array_buffer()).await;
        let data = data.map_err(|error| StoreError::Unreadable {
            what: StoreError::from(error).to_string(),
        })?;
        let row = Row {
            store: FILES,
            key: [owner, id.as_str()].join("/"),
            clear: &[("added", js_sys::Date::now())],
            data: data.unchecked_ref(),
        };
        self.0.write(None, &[row], &[]).await
    }

    /// A file's bytes, if they are there. The media type is not kept here but in the answer.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`], or what the browser says.
    pub async fn file(&self, id: &AttachmentId) -> Result<Option<Blob>, StoreError> {
        let transaction = self.0.database.read(&[FILES]).await?;
        let keys = transaction.keys(FILES).await?;
        let Some(key) = keys.into_iter().find(|key| key.ends_with(id.as_str())) else {
            return Ok(None);
        };
        let row = transaction.get(FILES, &key).await?;
        let data = self.0.open_row(FILES, &key, &row).await?;
        Ok(Some(Blob::new_with_buffer_source_sequence(&Array::of1(&data))?))
    }

    /// Removes a file's bytes, if they are there: the citizen has taken the file out of the answer.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn drop_file(&self, id: &AttachmentId) -> Result<(), StoreError> {
        let transaction = self.0.database.write(&[FILES]).await?;
        for key in transaction.keys(FILES).await? {
            if key.ends_with(id.as_str()) {
                transaction.delete(FILES, &key)?;
            }
        }
        transaction.commit().await
    }

    /// Removes files whose draft or person is not there and which were stored more than a day before `now`: the
    /// tab was killed between a file and its draft's first write.
    ///
    /// # Errors
    /// What the browser says; then nothing is removed.
    pub async fn sweep(&self, now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.0.database.write(&[DRAFTS, FILES, PEOPLE]).await?;
        let mut owners = transaction.keys(DRAFTS).await?;
        owners.extend(transaction.keys(PEOPLE).await?);
        for key in transaction.keys(FILES).await? {
            if owners.iter().any(|owner| key.starts_with(owner)) {
                continue;
            }
            let added = get(&transaction.get(FILES, &key).await?, "added").as_f64();
            if added.is_none_or(|added| now.since(timestamp(added)) > DAY) {
                transaction.delete(FILES, &key)?;
            }
        }
        transaction.commit().await
    }

    /// The people, themselves first; those that cannot be read stay where they are.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut people: Vec<Person> = Vec::new();
        for (id, row) in self.0.database.read(&[PEOPLE]).await?.rows(PEOPLE).await? {
            let Ok(data) = self.0.open_row(PEOPLE, &id, &row).await else {
                continue;
            };
            let Ok(person) = json::read::<Person>(&Uint8Array::new(&data).to_vec()) else {
                continue;
            };
            match person.ground {
                Ground::Own => people.insert(0, person),
                _ => people.push(person),
            }
        }
        Ok(people)
    }

    /// Writes a person, durably.
    ///
    /// # Errors
    /// [`StoreError::Full`], or what the browser says.
    pub async fn put_person(&self, person: &Person) -> Result<(), StoreError> {
        let text = json::write(person).map_err(|error| StoreError::Unreadable {
            what: error.to_string(),
        })?;
        let row = Row {
            store: PEOPLE,
            key: person.id.to_string(),
            clear: &[("version", VERSION), ("updated", number(person.updated))],
            data: &Uint8Array::from(text.as_bytes()),
        };
        self.0.write(None, &[row], &[]).await
    }

    /// Removes a person and their documents, if they are there.
    ///
    /// # Errors
    /// What the browser says; then nothing is removed.
    pub async fn drop_person(&self, id: &PersonId) -> Result<(), StoreError> {
        self.drop_owner(PEOPLE, id.as_str()).await
    }

    /// Removes what a row says and the files that are its own.
    async fn drop_owner(&self, store: &str, id: &str) -> Result<(), StoreError> {
        let transaction = self.0.database.write(&[store, FILES]).await?;
        for key in transaction.keys(FILES).await? {
            if key.starts_with(id) {
                transaction.delete(FILES, &key)?;
            }
        }
        transaction.delete(store, id)?;
        transaction.commit().await
    }

    /// Erases everything, the key included.
    ///
    /// # Errors
    /// What the browser says; then nothing is erased.
    pub async fn erase(&self) -> Result<(), StoreError> {
        let transaction = self.0.database.write(STORES).await?;
        for store in STORES {
            transaction.clear(store)?;
        }
        transaction.commit().await
    }
}
