//! `mapped`: systems joined by a profile alone.
//!
//! | module | holds |
//! |---|---|
//! | `foreign` | whole jobs through the edge, at servers that know nothing of Pendopo: a SOAP service run by PHP's own SoapServer, and an office that has nothing but pages |
//! | `profiles` | the profiles that ship, against answers as their systems give them |
//! | `checking` | `pendopo check` |
//! | `compiling` | what is said of a profile that is wrong |
//! | `damage` | answers of any shape |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that finds something else than it expects shall fail there and then"
)]

#[path = "mapped/checking.rs"]
mod checking;
#[path = "mapped/compiling.rs"]
mod compiling;
#[path = "mapped/damage.rs"]
mod damage;
#[path = "mapped/foreign.rs"]
mod foreign;
#[allow(dead_code, reason = "shared with the edge's own tests")]
#[path = "edge/house.rs"]
mod house;
#[path = "mapped/office.rs"]
mod office;
#[allow(dead_code, reason = "shared with the edge's own tests")]
#[path = "edge/phone.rs"]
mod phone;
#[path = "mapped/profiles.rs"]
mod profiles;
#[path = "recorded/mod.rs"]
mod recorded;
