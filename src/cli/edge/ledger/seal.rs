//! What is derived from an idempotency key, so that the ledger's file alone reveals nothing.
//!
//! The key is a random UUID that only the phone keeps; the ledger never stores it. Three values
//! come from it: the entry's name (a hash), the key that its answer is sealed under, and a secret
//! that goes into fingerprints, since the plain hash of a short form could be guessed.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use sha2::{Digest, Sha256};

use crate::model::region::BackendId;

/// Bytes of a nonce.
const NONCE: usize = 12;

/// Whoever holds an idempotency key, as the ledger knows them.
pub struct Owner {
    /// The entry's name: SHA-256 of backend and key.
    pub name: [u8; 32],
    fingerprinting: [u8; 32],
    sealing: [u8; 32],
}

/// What makes two requests the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Fingerprint(…)")
    }
}

impl Owner {
    /// The owner of `key` at `backend`.
    #[must_use]
    pub fn new(backend: &BackendId, key: &str) -> Self {
        let backend = backend.to_string();
        let mut name = Sha256::new();
        for part in ["pendopo-ledger-1", &backend, key] {
            name.update(part);
            name.update([0]);
        }
        let derive = |purpose: &str| {
            let mut bytes = [0; 32];
            // Fails only for more than 8160 bytes.
            let _ =
                Hkdf::<Sha256>::new(Some(backend.as_bytes()), key.as_bytes()).expand(purpose.as_bytes(), &mut bytes);
            bytes
        };
        Self {
            name: name.finalize().into(),
            fingerprinting: derive("pendopo-ledger-1 fingerprint"),
            sealing: derive("pendopo-ledger-1 answer"),
        }
    }

    /// The fingerprint of a request: of its parts, and of its body, which comes in pieces that may
    /// be cut anywhere.
    #[must_use]
    pub fn fingerprint<'a>(&self, parts: &[&[u8]], body: impl IntoIterator<Item = &'a [u8]>) -> Fingerprint {
        let mut hash = Sha256::new_with_prefix(self.fingerprinting);
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        for piece in body {
            hash.update(piece);
        }
        Fingerprint(hash.finalize().into())
    }

    /// Seals an answer under AES-256-GCM; it belongs to this entry and this request alone.
    /// `None` where the system has no randomness.
    #[must_use]
    pub fn seal(&self, fingerprint: Fingerprint, plain: &[u8]) -> Option<Vec<u8>> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let sealed = self.cipher().encrypt(
            &Nonce::from(nonce),
            Payload {
                msg: plain,
                aad: &self.bound_to(fingerprint),
            },
        );
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed.ok()?);
        Some(bytes)
    }

    /// Opens what [`Owner::seal`] sealed; `None` for anything else.
    #[must_use]
    pub fn open(&self, fingerprint: Fingerprint, bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: sealed,
            aad: &self.bound_to(fingerprint),
        };
        self.cipher().decrypt(&Nonce::from(*nonce), payload).ok()
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&self.sealing.into())
    }

    fn bound_to(&self, fingerprint: Fingerprint) -> Vec<u8> {
        [self.name, fingerprint.0].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(backend: &str, key: &str) -> Owner {
        Owner::new(&backend.parse().unwrap(), key)
    }

    #[test]
    fn only_the_same_key_at_the_same_backend_opens_an_answer_to_the_same_request() {
        let mine = owner("32.73/lapor", "key-1");
        let request = mine.fingerprint(&[b"POST"], [&b"body"[..]]);
        let sealed = mine.seal(request, b"an answer").unwrap();
        assert_eq!(mine.open(request, &sealed).as_deref(), Some(&b"an answer"[..]));

        assert_eq!(owner("32.73/lapor", "key-2").open(request, &sealed), None);
        assert_eq!(owner("32.74/lapor", "key-1").open(request, &sealed), None);
        assert_eq!(mine.open(mine.fingerprint(&[b"POST"], [&b"other"[..]]), &sealed), None);
        for end in 0..sealed.len() {
            assert_eq!(mine.open(request, &sealed[..end]), None);
        }
    }

    #[test]
    fn parts_of_a_fingerprint_do_not_run_together() {
        let mine = owner("32.73/lapor", "key-1");
        assert_ne!(
            mine.fingerprint(&[b"ab", b"c"], []),
            mine.fingerprint(&[b"a", b"bc"], [])
        );
        assert_ne!(
            mine.fingerprint(&[b"ab"], []),
            owner("32.73/lapor", "key-2").fingerprint(&[b"ab"], [])
        );
    }

    #[test]
    fn a_body_is_the_same_however_it_arrives() {
        let mine = owner("32.73/lapor", "key-1");
        let whole = mine.fingerprint(&[b"POST"], [&b"abc"[..]]);
        assert_eq!(whole, mine.fingerprint(&[b"POST"], [&b"a"[..], b"bc"]));
    }

    #[test]
    fn the_same_answer_is_sealed_differently_each_time() {
        let mine = owner("32.73/lapor", "key-1");
        let request = mine.fingerprint(&[], []);
        assert_ne!(mine.seal(request, b"x"), mine.seal(request, b"x"));
    }
}
