//! Reading a server's answer, whatever protocol it is of: records and their members however they are
//! wrapped, what a refusal means, status codes.
//!
//! [`codec`](super::codec) makes a tree of the bytes; here it is looked through. What is found and not
//! used becomes a note, so that nothing is dropped silently. What a member means, only an adapter knows.

pub(in crate::adapters) mod case;
#[cfg(not(target_arch = "wasm32"))]
pub(in crate::adapters) mod moment;
pub(in crate::adapters) mod record;
pub(in crate::adapters) mod refusal;
#[cfg(not(target_arch = "wasm32"))]
pub(in crate::adapters) mod resource;
pub(in crate::adapters) mod status;
