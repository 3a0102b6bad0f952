//! TLS that takes every certificate and says what it is worth.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme};

/// The roots, loaded once.
pub(crate) struct Tls {
    provider: Arc<CryptoProvider>,
    usual: Arc<WebPkiServerVerifier>,
}

/// Why a client would refuse the certificate; nothing when it would take it.
pub(crate) type Refusal = Arc<Mutex<Option<String>>>;

impl Tls {
    pub(crate) fn new() -> Result<Self, String> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let usual = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        Ok(Self { usual: usual.build().map_err(|error| error.to_string())?, provider })
    }

    /// A connection to a host, and where the refusal will stand once it is made.
    pub(crate) fn connect(&self, host: &str) -> Result<(ClientConnection, Refusal), String> {
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|error| error.to_string())?;
        let refusal = Refusal::default();
        let noting = Noting { usual: Arc::clone(&self.usual), refusal: Arc::clone(&refusal) };
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(noting))
            .with_no_client_auth();
        // A host is met once: nothing is worth keeping of it.
        config.resumption = Resumption::disabled();
        let connection = ClientConnection::new(Arc::new(config), name).map_err(|error| error.to_string())?;
        Ok((connection, refusal))
    }
}

/// Takes what the usual verifier refuses, and notes why it was refused.
#[derive(Debug)]
struct Noting {
    usual: Arc<WebPkiServerVerifier>,
    refusal: Refusal,
}

impl Noting {
    fn note(&self, error: &rustls::Error) {
        let mut refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner);
        refusal.get_or_insert_with(|| match error {
            rustls::Error::InvalidCertificate(why) => why.to_string(),
            other => other.to_string(),
        });
    }

    fn checked(&self, outcome: Result<HandshakeSignatureValid, rustls::Error>) -> Result<HandshakeSignatureValid, rustls::Error> {
        if let Err(error) = &outcome {
            self.note(error);
        }
        Ok(outcome.unwrap_or_else(|_| HandshakeSignatureValid::assertion()))
    }
}

impl ServerCertVerifier for Noting {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Err(error) = self.usual.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            self.note(&error);
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.checked(self.usual.verify_tls12_signature(message, cert, dss))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.checked(self.usual.verify_tls13_signature(message, cert, dss))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.usual.supported_verify_schemes()
    }
}
