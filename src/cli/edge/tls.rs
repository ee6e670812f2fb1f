//! TLS by certificate files, where no proxy ends it.
//!
//! What it does not do: fetch or renew a certificate. Whatever does that writes the files and sends
//! SIGHUP; connections that are made from then on have the new one.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;

use super::config::program::TlsFiles;

/// Why a certificate cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{}: cannot be read: {error}", file.display())]
    Read {
        /// Which one.
        file: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: expected {expected} in PEM", file.display())]
    Pem {
        /// Which one.
        file: PathBuf,
        /// What was expected.
        expected: &'static str,
    },
    /// The two do not belong together, or are of a kind that is not known.
    #[error("{}: with {}: {error}", certificate.display(), key.display())]
    Pair {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What was found.
        error: rustls::Error,
    },
}

/// What connections are encrypted with.
///
/// # Errors
/// The file that cannot be used, and what was expected of it.
pub fn read(files: &TlsFiles) -> Result<Arc<ServerConfig>, TlsError> {
    let wrong = |file: &Path, error: pem::Error, expected| match error {
        pem::Error::Io(error) => TlsError::Read {
            file: file.to_owned(),
            error,
        },
        _ => TlsError::Pem {
            file: file.to_owned(),
            expected,
        },
    };
    let certificates = "a certificate and those that vouch for it";
    let chain: Vec<_> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(|error| wrong(&files.certificate, error, certificates))?;
    if chain.is_empty() {
        return Err(wrong(&files.certificate, pem::Error::NoItemsFound, certificates));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| wrong(&files.key, error, "a private key"))?;
    let pair = |error| TlsError::Pair {
        certificate: files.certificate.clone(),
        key: files.key.clone(),
        error,
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(pair)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(pair)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
