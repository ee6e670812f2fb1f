//! A thin wrapper over IndexedDB: open, transact, and nothing else.
//!
//! Transactions are short: what is to be written is encrypted first, and inside a transaction
//! nothing is awaited but the database, or the browser would end it. Every write asks for strict
//! durability: it is done once it is on the disk (browsers that do not know the wish ignore it).
//!
//! Connections are lost: a browser closes them in the background, and a newer build makes them close
//! so that it can change the database. A lost one is opened again by the next transaction.
//!
//! Why not the `idb` crate: the same program (open, get, put, delete, commit, all rows) is 18.4 KB with
//! this file and 26.2 KB with `idb` (wasm and JavaScript, brotli 11), and it has no durability.

use std::cell::RefCell;

use js_sys::{Array, Function, Object};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::failure::StoreError;
use super::script::{get, global, heard, object};

/// Version of both databases: 1 as it began, 2 with the journal's `people`. Every step so far adds
/// stores, so [`connect`] makes those that are missing; one that does more needs its own lines there.
const VERSION: u32 = 2;

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the third argument of `transaction`, which `web-sys` calls unstable.
    type Connection;

    #[wasm_bindgen(method, catch)]
    fn transaction(this: &Connection, stores: &Array, mode: &str, options: &Object) -> Result<IdbTransaction, JsValue>;
}

/// A database.
pub struct Database {
    name: &'static str,
    stores: &'static [&'static str],
    connection: RefCell<Option<IdbDatabase>>,
}

impl Database {
    /// Opens a database, and makes it where there is none. Keys are not in the rows.
    ///
    /// # Errors
    /// [`StoreError::Blocked`], [`StoreError::Newer`], or what the browser says.
    pub async fn open(name: &'static str, stores: &'static [&'static str]) -> Result<Self, StoreError> {
        let connection = connect(name, stores).await?;
        Ok(Self {
            name,
            stores,
            connection: RefCell::new(Some(connection)),
        })
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn read(&self, stores: &[&str]) -> Result<Transaction, StoreError> {
        self.begin(stores, "readonly").await
    }

    /// Begins a transaction that writes; nothing of it is stored before [`Transaction::commit`] returns.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn write(&self, stores: &[&str]) -> Result<Transaction, StoreError> {
        self.begin(stores, "readwrite").await
    }

    async fn begin(&self, stores: &[&str], mode: &str) -> Result<Transaction, StoreError> {
        let begin = |connection: &IdbDatabase| {
            let names = stores.iter().map(|name| JsValue::from_str(name)).collect::<Array>();
            let options = object(&[("durability", JsValue::from_str("strict"))]);
            connection
                .unchecked_ref::<Connection>()
                .transaction(&names, mode, &options)
                .map(Transaction)
        };
        let open = self.connection.borrow().clone();
        if let Some(Ok(transaction)) = open.as_ref().map(begin) {
            return Ok(transaction);
        }
        let connection = connect(self.name, self.stores).await?;
        let transaction = begin(&connection)?;
        self.connection.replace(Some(connection));
        Ok(transaction)
    }
}

/// Removes a whole database, if there is one. Open connections of ours close for it; where another tab
/// keeps one, the browser removes it once that is gone.
pub async fn remove(name: &str) {
    let factory: IdbFactory = global("indexedDB");
    if let Ok(request) = factory.delete_database(name) {
        let _ = heard(|resolve, reject| {
            request.set_onsuccess(Some(resolve));
            request.set_onblocked(Some(resolve));
            request.set_onerror(Some(reject));
        })
        .await;
    }
}

async fn connect(name: &str, stores: &[&str]) -> Result<IdbDatabase, StoreError> {
    let factory: IdbFactory = global("indexedDB");
    if factory.is_undefined() || factory.is_null() {
        return Err(StoreError::from_exception("NotSupportedError", "no IndexedDB"));
    }
    let request: IdbOpenDbRequest = factory.open_with_u32(name, VERSION)?;
    let event = heard(|resolve, reject| {
        request.set_onsuccess(Some(resolve));
        request.set_onupgradeneeded(Some(resolve));
        request.set_onblocked(Some(resolve));
        request.set_onerror(Some(reject));
    })
    .await;
    let event = event.map_err(|_| failure(&request))?;
    match get(&event, "type").as_string().as_deref() {
        Some("blocked") => return Err(StoreError::Blocked),
        Some("upgradeneeded") => {
            let connection: IdbDatabase = request.result()?.unchecked_into();
            let there = connection.object_store_names();
            for store in stores.iter().filter(|store| !there.contains(store)) {
                connection.create_object_store(store)?;
            }
            done(&request).await?;
        }
        _ => {}
    }
    let connection: IdbDatabase = request.result()?.unchecked_into();
    // Lets a newer build go on: `connection.close()`, with no closure of ours.
    let close: Function = get(&connection, "close").unchecked_into();
    connection.set_onversionchange(Some(&close.bind0(&connection)));
    Ok(connection)
}

fn failure(request: &IdbRequest) -> StoreError {
    get(request, "error").into()
}

async fn done(request: &IdbRequest) -> Result<JsValue, StoreError> {
    let event = heard(|resolve, reject| {
        request.set_onsuccess(Some(resolve));
        request.set_onerror(Some(reject));
    })
    .await;
    event.map_err(|_| failure(request))?;
    Ok(request.result()?)
}

/// A transaction. Dropped without [`Transaction::commit`] or [`Transaction::abort`], a browser
/// finishes it by itself, and nobody learns whether it held.
pub struct Transaction(IdbTransaction);

impl Transaction {
    fn store(&self, name: &str) -> Result<IdbObjectStore, StoreError> {
        Ok(self.0.object_store(name)?)
    }

    /// The row of a key; `undefined` where there is none.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn get(&self, store: &str, key: &str) -> Result<JsValue, StoreError> {
        done(&self.store(store)?.get(&JsValue::from_str(key))?).await
    }

    /// All keys, in their order.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn keys(&self, store: &str) -> Result<Vec<String>, StoreError> {
        let keys: Array = done(&self.store(store)?.get_all_keys()?).await?.unchecked_into();
        Ok(keys.iter().filter_map(|key| key.as_string()).collect())
    }

    /// All rows with their keys, in the order of the keys.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn rows(&self, store: &str) -> Result<Vec<(String, JsValue)>, StoreError> {
        let keys: Array = done(&self.store(store)?.get_all_keys()?).await?.unchecked_into();
        let rows: Array = done(&self.store(store)?.get_all()?).await?.unchecked_into();
        let keyed = keys.iter().zip(rows.iter());
        Ok(keyed.filter_map(|(key, row)| Some((key.as_string()?, row))).collect())
    }

    /// Writes a row. Whether it held is known by [`Transaction::commit`].
    ///
    /// # Errors
    /// What the browser says.
    pub fn put(&self, store: &str, key: &str, row: &JsValue) -> Result<(), StoreError> {
        self.store(store)?.put_with_key(row, &JsValue::from_str(key))?;
        Ok(())
    }

    /// Removes a row, if there is one.
    ///
    /// # Errors
    /// What the browser says.
    pub fn delete(&self, store: &str, key: &str) -> Result<(), StoreError> {
        self.store(store)?.delete(&JsValue::from_str(key))?;
        Ok(())
    }

    /// Removes all rows.
    ///
    /// # Errors
    /// What the browser says.
    pub fn clear(&self, store: &str) -> Result<(), StoreError> {
        self.store(store)?.clear()?;
        Ok(())
    }

    /// Waits until everything is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Full`], or what the browser says; then nothing is stored.
    pub async fn commit(self) -> Result<(), StoreError> {
        let event = heard(|resolve, reject| {
            self.0.set_oncomplete(Some(resolve));
            self.0.set_onabort(Some(reject));
        })
        .await;
        match event {
            Ok(_) => Ok(()),
            Err(_) => Err(get(&self.0, "error").into()),
        }
    }

    /// Takes everything back.
    pub fn abort(self) {
        // It fails only where the transaction is over already.
        let _ = self.0.abort();
    }
}
