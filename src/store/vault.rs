//! A database of sealed rows: [`super::database`] and [`super::crypto`] put together, with the one
//! write that both databases need.
//!
//! A row holds in clear only numbers that the store itself must compare (a version, when it was
//! written); everything else is sealed for the row's place, `store/key`.
//!
//! A write seals first and then takes one transaction, in which it looks once more at what it relies
//! on: that the database's key is still the one that was sealed with (another tab may have erased
//! everything), and, where a [`Guard`] is given, that a row is still what the writer believes.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Object};
use wasm_bindgen::prelude::*;

use super::crypto::{DataKey, KEYS};
use super::database::Database;
use super::failure::StoreError;
use super::script::{get, set};
use crate::model::time::Timestamp;

/// A database of sealed rows.
pub struct Vault {
    /// The database beneath, for what needs no key.
    pub database: Database,
    key: RefCell<Rc<DataKey>>,
}

/// A row to be written.
pub struct Row<'a> {
    /// The store it goes to.
    pub store: &'a str,
    /// Its key there.
    pub key: String,
    /// What stays in clear.
    pub clear: &'a [(&'a str, f64)],
    /// What is sealed: an `ArrayBuffer` or a view of one.
    pub data: &'a Object,
}

/// What must hold for a write.
pub struct Guard<'a> {
    /// The store of the row that is looked at.
    pub store: &'a str,
    /// Its key.
    pub key: &'a str,
    /// The clear number that is compared.
    pub field: &'a str,
    /// What is allowed.
    pub expected: Expected,
}

/// What a guarded row must be.
#[derive(Clone, Copy, PartialEq)]
pub enum Expected {
    /// There is no such row.
    Absent,
    /// Its number is this one.
    Number(f64),
}

impl Vault {
    /// Opens a database, and makes it and its key where there are none. The store `keys` must be among `stores`.
    ///
    /// # Errors
    /// See [`Database::open`].
    pub async fn open(name: &'static str, stores: &'static [&'static str]) -> Result<Self, StoreError> {
        let database = Database::open(name, stores).await?;
        let key = DataKey::of(&database).await?;
        Ok(Self {
            database,
            key: RefCell::new(Rc::new(key)),
        })
    }

    fn key(&self) -> Rc<DataKey> {
        self.key.borrow().clone()
    }

    async fn renew_key(&self) -> Result<Rc<DataKey>, StoreError> {
        let key = Rc::new(DataKey::of(&self.database).await?);
        self.key.replace(key.clone());
        Ok(key)
    }

    /// Writes and removes rows in one strict transaction.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if the guard does not hold, [`StoreError::Full`], or what the browser says.
    pub async fn write(
        &self,
        guard: Option<Guard<'_>>,
        put: &[Row<'_>],
        delete: &[(&str, String)],
    ) -> Result<(), StoreError> {
        let mut key = self.key();
        loop {
            let mut sealed = Vec::with_capacity(put.len());
            for row in put {
                let object = Object::new();
                for (name, number) in row.clear {
                    set(&object, name, &JsValue::from_f64(*number));
                }
                key.seal(&place(row.store, &row.key), row.data, &object).await?;
                sealed.push(object);
            }
            let mut stores = vec![KEYS];
            let written = put.iter().map(|row| row.store).chain(delete.iter().map(|row| row.0));
            for store in written.chain(guard.iter().map(|guard| guard.store)) {
                if !stores.contains(&store) {
                    stores.push(store);
                }
            }
            let transaction = self.database.write(&stores).await?;
            if !put.is_empty() && !key.holds(&transaction).await? {
                transaction.abort();
                key = self.renew_key().await?;
                continue;
            }
            if let Some(guard) = &guard {
                let row = transaction.get(guard.store, guard.key).await?;
                let number = get(&row, guard.field).as_f64();
                let holds = match guard.expected {
                    Expected::Absent => row.is_undefined(),
                    Expected::Number(expected) => number == Some(expected),
                };
                if !holds {
                    transaction.abort();
                    return Err(StoreError::Conflict {
                        stored: number.map(timestamp),
                    });
                }
            }
            for (store, key) in delete {
                transaction.delete(store, key)?;
            }
            for (row, sealed) in put.iter().zip(&sealed) {
                transaction.put(row.store, &row.key, sealed)?;
            }
            return transaction.commit().await;
        }
    }

    /// The row of a key as it is stored; `undefined` where there is none.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn row(&self, store: &str, key: &str) -> Result<JsValue, StoreError> {
        self.database.read(&[store]).await?.get(store, key).await
    }

    /// Opens a row that was read.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where it does not open.
    pub async fn open_row(&self, store: &str, key: &str, row: &JsValue) -> Result<ArrayBuffer, StoreError> {
        let mut data_key = self.key();
        if !data_key.sealed(row) {
            data_key = self.renew_key().await?;
        }
        data_key.open(&place(store, key), row).await
    }
}

fn place(store: &str, key: &str) -> String {
    [store, key].join("/")
}

/// A number of a row as a moment.
#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` saturates; a moment beyond it is no moment"
)]
#[must_use]
pub const fn timestamp(number: f64) -> Timestamp {
    Timestamp(number as i64)
}

/// A moment as a number of a row: exact for 285,000 years.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53 milliseconds")]
#[must_use]
pub const fn number(moment: Timestamp) -> f64 {
    moment.0 as f64
}
