//! A certificate and its key.

use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, fs, io};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::running::StartError;

/// By what the three servers prove who they are, over TLS 1.2 or 1.3 (RFC 6749 section 3.1): a chain of certificates, for the
/// [hosts](crate::Hosts) by which the servers go, and the key of the first.
#[derive(Clone)]
pub struct TlsIdentity {
    config: Arc<ServerConfig>,
}

/// How a server is told of its identity.
#[derive(Clone, Debug)]
pub(crate) enum Tls {
    Identity(TlsIdentity),
    Files { certificate: PathBuf, key: PathBuf },
}

impl Tls {
    /// The identity; where it stands in files, they are read now.
    pub(crate) fn identity(&self) -> Result<TlsIdentity, StartError> {
        let (certificate, key) = match self {
            Self::Identity(identity) => return Ok(identity.clone()),
            Self::Files { certificate, key } => (certificate, key),
        };
        let read = |file: &PathBuf| {
            fs::read(file)
                .map(Zeroizing::new)
                .map_err(|reason| StartError::TlsFile { file: file.clone(), reason })
        };
        TlsIdentity::from_pem(&read(certificate)?, &read(key)?).map_err(|invalid| {
            let file = match invalid {
                InvalidTlsIdentity::Certificate | InvalidTlsIdentity::CertificateMissing => certificate,
                InvalidTlsIdentity::Key | InvalidTlsIdentity::Mismatch(_) => key,
            };
            StartError::TlsFile { file: file.clone(), reason: io::Error::other(invalid) }
        })
    }
}

/// Why there is no identity in it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InvalidTlsIdentity {
    /// The text with the certificates cannot be read. What is wrong in it is not said: it may be the key.
    #[error("certificate: expected certificates in PEM, each line on its own")]
    Certificate,
    /// There is no certificate.
    #[error("certificate: expected at least one in PEM")]
    CertificateMissing,
    /// The text with the key cannot be read. What is wrong in it is not said, as that could tell the key.
    #[error("key: expected a private key in PEM, each line on its own")]
    Key,
    /// The two do not belong together, or are not of a kind that is known.
    #[error("certificate and key: {0}")]
    Mismatch(rustls::Error),
}

impl TlsIdentity {
    /// Reads the certificates, that of the servers first, and the key, both in PEM.
    ///
    /// # Errors
    /// [`InvalidTlsIdentity`] says which of the two does not fit. Nothing of the key is in it.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, InvalidTlsIdentity> {
        let chain = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| InvalidTlsIdentity::Certificate)?;
        if chain.is_empty() {
            return Err(InvalidTlsIdentity::CertificateMissing);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| InvalidTlsIdentity::Key)?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(InvalidTlsIdentity::Mismatch)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(InvalidTlsIdentity::Mismatch)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config) })
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.config.clone().into()
    }
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsIdentity")
    }
}
