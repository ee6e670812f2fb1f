//! What is left once drafts, outbox and cases are gone: the databases themselves, caches, and what was
//! kept of preferences.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::network;
use crate::store::script::{get, global};
use crate::store::{database, indexeddb, journal};

/// Erases all that this origin keeps in the browser: both databases, local and session storage, and
/// the caches. Without a network the app's own files stay in theirs, since nothing else could open the
/// app again; they are the same for everybody and tell of nobody.
///
/// What cannot be removed now, since another tab does not let go of it, holds nothing any more.
pub async fn rest() {
    for name in [journal::NAME, indexeddb::NAME] {
        database::remove(name).await;
    }
    for storage in ["localStorage", "sessionStorage"] {
        call(&global::<JsValue>(storage), "clear", &[]).await;
    }
    let caches = global::<JsValue>("caches");
    let everything = network::is_online();
    for name in Array::from(&call(&caches, "keys", &[]).await) {
        let public = name.as_string().is_none_or(|name| !name.starts_with("pendopo-katalog"));
        if everything || !public {
            call(&caches, "delete", &[name]).await;
        }
    }
    let workers = get(&global::<JsValue>("navigator"), "serviceWorker");
    if everything {
        for worker in Array::from(&call(&workers, "getRegistrations", &[]).await) {
            call(&worker, "unregister", &[]).await;
        }
    }
}

/// Calls a method that may not be there, and waits for what it gives; an empty list where it fails.
async fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> JsValue {
    let given = get(object, method)
        .dyn_into::<Function>()
        .and_then(|method| method.apply(object, &arguments.iter().collect::<Array>()));
    let end = match given {
        Ok(given) => JsFuture::from(Promise::resolve(&given)).await,
        Err(none) => Err(none),
    };
    end.unwrap_or_else(|_| Array::new().into())
}
