//! A thin wrapper over IndexedDB: open, transact, and nothing else.
//!
//! Transactions are short: what is to be written is encrypted first, and inside a transaction
//! nothing is awaited but the database, or the browser would end it. Every write asks for strict
//! durability: it is done once it is on the disk (browsers that do not know the wish ignore it).
//!
//! They follow one another, and none is under way in a page that is left ([`abandon`]). WebKit keeps such
//! a page as it is, in the middle of a transaction for which every other page then waits; and where a
//! worker ends in the middle of one, the database is of no use until the browser is started again (its
//! bug 324094).
//!
//! Connections are lost: a browser closes them in the background, and a newer build makes them close
//! so that it can change the database. A lost one is opened again by the next transaction.
//!
//! Why not the `idb` crate: the same program (open, get, put, delete, commit, all rows) is 18.4 KB with
//! this file and 26.2 KB with `idb` (wasm and JavaScript, brotli 11), and it has no durability.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
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

    /// `IDBFactory` with `databases`, which older browsers have not.
    type Factory;

    #[wasm_bindgen(method, catch)]
    fn databases(this: &Factory) -> Result<Promise, JsValue>;

    /// `IDBTransaction` with `commit`, whose name `web-sys` has for something else.
    type Begun;

    #[wasm_bindgen(method, catch)]
    fn commit(this: &Begun) -> Result<(), JsValue>;
}

thread_local! {
    static HERE: Here = const { Here { newest: RefCell::new(Vec::new()), left: Cell::new(false), missed: Cell::new(false) } };
}

/// Of this thread's databases all together.
struct Here {
    /// The newest transaction on each; those before it are over.
    newest: RefCell<Vec<(&'static str, IdbTransaction)>>,
    /// The page was left.
    left: Cell<bool>,
    /// A transaction failed for that.
    missed: Cell<bool>,
}

/// Takes back what has not been committed, and begins nothing more: for a page that is left, and a
/// worker that ends. Whoever waits for a transaction hears that it failed.
pub fn abandon() {
    HERE.with(|here| {
        here.left.set(true);
        for (_, transaction) in here.newest.take() {
            // It fails where the transaction is over, or the database is already writing it.
            if transaction.abort().is_ok() {
                here.missed.set(true);
            }
        }
    });
}

/// Begins again, for a page that comes back. Whether a transaction failed because it was left.
pub fn resume() -> bool {
    HERE.with(|here| {
        here.left.set(false);
        here.missed.take()
    })
}

/// A database.
pub struct Database {
    name: &'static str,
    stores: &'static [&'static str],
    connection: RefCell<Option<IdbDatabase>>,
    /// Fulfilled once the transaction that was begun last is over.
    last: RefCell<Promise>,
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
            last: RefCell::new(Promise::resolve(&JsValue::UNDEFINED)),
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
        let mut over = None;
        let mine = Promise::new(&mut |resolve, _| over = Some(resolve));
        // Nothing rejects it.
        let _ = JsFuture::from(self.last.replace(mine)).await;
        let begun = self.begin_now(stores, mode).await;
        match (&begun, over) {
            (Ok(Transaction(transaction)), Some(over)) => {
                HERE.with(|here| {
                    let mut newest = here.newest.borrow_mut();
                    newest.retain(|(name, _)| *name != self.name);
                    newest.push((self.name, transaction.clone()));
                });
                for end in ["complete", "abort"] {
                    transaction.add_event_listener_with_callback(end, &over)?;
                }
            }
            (Err(_), Some(over)) => {
                let _ = over.call0(&JsValue::UNDEFINED);
            }
            // A promise hands out its functions at once.
            (_, None) => {}
        }
        begun
    }

    async fn begin_now(&self, stores: &[&str], mode: &str) -> Result<Transaction, StoreError> {
        let left = HERE.with(|here| {
            let left = here.left.get();
            here.missed.set(here.missed.get() || left);
            left
        });
        if left {
            return Err(StoreError::from_exception("AbortError", "the page was left"));
        }
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

/// Whether there is a database of this name; where the browser does not say, there is.
pub async fn exists(name: &str) -> bool {
    let factory: Factory = global("indexedDB");
    let Ok(answer) = factory.databases() else { return true };
    let Ok(list) = JsFuture::from(answer).await else {
        return true;
    };
    let list: Array = list.unchecked_into();
    list.iter().any(|one| get(&one, "name") == name)
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
        // Without this the browser would write only once it has heard of every request's end.
        let _ = self.0.unchecked_ref::<Begun>().commit();
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
