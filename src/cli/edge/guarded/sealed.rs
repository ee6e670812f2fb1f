//! What phones keep for the edge: facts won on the way and sessions, sealed.
//!
//! A fact may be a file's address inside the backend's network, a session is the backend's own token.
//! Phones carry both from one request to the next, and neither may be read there, nor made up: so
//! they go out sealed under a key that only this edge's ledger holds, each for one backend and one
//! purpose. To hold the facts of a case is therefore proof of having been told them.
//!
//! What it does not do: expire. A backend's session expires there; facts of a case are its owner's for
//! as long as the ledger's key lives, and without it they are as if they had never been.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::adapters::Fact;
use crate::model::region::BackendId;
use crate::model::secret::Secret;

/// Bytes of a nonce.
const NONCE: usize = 12;
/// The name of the one fact that a phone is given.
const NAME: &str = "edge";

/// Seals and opens.
#[derive(Clone)]
pub struct Sealer([u8; 32]);

impl Sealer {
    /// By the ledger's secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        let mut key = [0; 32];
        // Fails only for more than 8160 bytes.
        let _ = Hkdf::<Sha256>::new(None, secret).expand(b"pendopo-guarded-1", &mut key);
        Self(key)
    }

    /// Facts for one purpose, as the one fact that a phone keeps. `None` where the system gives no
    /// random bytes.
    #[must_use]
    pub fn facts(&self, backend: &BackendId, purpose: &str, facts: &[Fact]) -> Option<Fact> {
        let value = self.seal(backend, purpose, &serde_json::to_vec(facts).ok()?)?;
        Some(Fact {
            name: NAME.to_owned(),
            value,
        })
    }

    /// Facts as they were sealed for this purpose; `None` where a phone has none.
    #[must_use]
    pub fn opened(&self, backend: &BackendId, purpose: &str, facts: &[Fact]) -> Option<Vec<Fact>> {
        let named = facts.iter().rev().filter(|fact| fact.name == NAME);
        let mut opened = named.filter_map(|fact| self.open(backend, purpose, &fact.value));
        serde_json::from_slice(&opened.next()?).ok()
    }

    /// A session as a phone keeps it.
    #[must_use]
    pub fn session(&self, backend: &BackendId, session: &Secret<String>) -> Option<Secret<String>> {
        self.seal(backend, "session", session.expose().as_bytes())
            .map(Secret::new)
    }

    /// The backend's own session.
    #[must_use]
    pub fn opened_session(&self, backend: &BackendId, session: &Secret<String>) -> Option<Secret<String>> {
        let plain = self.open(backend, "session", session.expose())?;
        String::from_utf8(plain).ok().map(Secret::new)
    }

    fn seal(&self, backend: &BackendId, purpose: &str, plain: &[u8]) -> Option<String> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).ok()?;
        let payload = Payload {
            msg: plain,
            aad: &bound(backend, purpose),
        };
        let sealed = Aes256Gcm::new(&self.0.into())
            .encrypt(&Nonce::from(nonce), payload)
            .ok()?;
        let digits = nonce.iter().chain(&sealed).map(|byte| format!("{byte:02x}"));
        Some(digits.collect())
    }

    fn open(&self, backend: &BackendId, purpose: &str, text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(text.len() / 2);
        for pair in text.as_bytes().chunks(2) {
            let [high, low] = pair else { return None };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            bytes.push(u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()?);
        }
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload {
            msg: sealed,
            aad: &bound(backend, purpose),
        };
        Aes256Gcm::new(&self.0.into())
            .decrypt(&Nonce::from(*nonce), payload)
            .ok()
    }
}

fn bound(backend: &BackendId, purpose: &str) -> Vec<u8> {
    format!("{backend}\0{purpose}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_open_for_their_backend_and_purpose_alone() {
        let sealer = Sealer::new(&[7; 32]);
        let backend: BackendId = "32.73/perizinan".parse().unwrap();
        let facts = [Fact {
            name: "file".to_owned(),
            value: "http://10.0.0.1/rahasia".to_owned(),
        }];
        let kept = sealer.facts(&backend, "case A-1", &facts).unwrap();
        assert!(!kept.value.contains("rahasia"));
        let opened = |sealer: &Sealer, backend: &str, purpose: &str, fact: &Fact| {
            sealer.opened(&backend.parse().unwrap(), purpose, std::slice::from_ref(fact))
        };
        assert_eq!(
            opened(&sealer, "32.73/perizinan", "case A-1", &kept).as_deref(),
            Some(&facts[..])
        );
        assert_eq!(opened(&sealer, "32.73/perizinan", "case A-2", &kept), None);
        assert_eq!(opened(&sealer, "32.73/lapor", "case A-1", &kept), None);
        assert_eq!(
            opened(&Sealer::new(&[8; 32]), "32.73/perizinan", "case A-1", &kept),
            None
        );
        for value in ["", "a", "zz", kept.value.split_at(40).0, &kept.value.replace('0', "1")] {
            let forged = Fact {
                value: value.to_owned(),
                ..kept.clone()
            };
            assert_eq!(opened(&sealer, "32.73/perizinan", "case A-1", &forged), None, "{value}");
        }
        assert_eq!(sealer.opened(&backend, "case A-1", &facts), None);
    }

    #[test]
    fn a_session_cannot_be_made_up() {
        let sealer = Sealer::new(&[7; 32]);
        let backend: BackendId = "32.73/perizinan".parse().unwrap();
        let own = Secret::new("token".to_owned());
        let kept = sealer.session(&backend, &own).unwrap();
        assert_eq!(sealer.opened_session(&backend, &kept), Some(own.clone()));
        assert_eq!(sealer.opened_session(&backend, &own), None);
    }
}
