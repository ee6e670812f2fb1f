//! Where the phone is, asked once.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Position, PositionError, PositionOptions};

/// Why the phone did not say where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoPosition {
    /// The citizen, or the page's policy, said no.
    #[error("denied")]
    Denied,
    /// It cannot tell, or not in time.
    #[error("unavailable")]
    Unavailable,
}

/// Milliseconds to wait for a position.
const PATIENCE: u32 = 15_000;

/// Latitude and longitude in degrees, accuracy in metres.
///
/// # Errors
/// [`NoPosition`].
pub async fn position() -> Result<(f64, f64, f64), NoPosition> {
    let geolocation = web_sys::window().and_then(|window| window.navigator().geolocation().ok());
    let geolocation = geolocation.ok_or(NoPosition::Unavailable)?;
    let why = Rc::new(RefCell::new(NoPosition::Unavailable));
    let promise = Promise::new(&mut |resolve, reject| {
        let found = Closure::once_into_js(move |position: Position| {
            let _ = resolve.call1(&JsValue::UNDEFINED, &position);
        });
        let why = Rc::clone(&why);
        let failed = Closure::once_into_js(move |error: PositionError| {
            if error.code() == PositionError::PERMISSION_DENIED {
                *why.borrow_mut() = NoPosition::Denied;
            }
            let _ = reject.call0(&JsValue::UNDEFINED);
        });
        let options = PositionOptions::new();
        options.set_enable_high_accuracy(true);
        options.set_timeout(PATIENCE);
        let _ = geolocation.get_current_position_with_error_callback_and_options(
            found.unchecked_ref(),
            Some(failed.unchecked_ref()),
            &options,
        );
    });
    match JsFuture::from(promise).await {
        Ok(position) => {
            let coordinates = position.unchecked_into::<Position>().coords();
            Ok((coordinates.latitude(), coordinates.longitude(), coordinates.accuracy()))
        }
        Err(_) => Err(*why.borrow()),
    }
}
