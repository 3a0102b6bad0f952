//! The webhook's certificate counts: what is sent is not public.
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use afterpatch_remote::{Hook, Posted};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A receiver with a certificate of its own for `name`: its address, the certificate (PEM), and the bodies that it got.
fn receiver(name: &str) -> (SocketAddr, String, Arc<Mutex<Vec<String>>>) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", BASE64_STANDARD.encode(certificate.der()));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let (address, got) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let bodies = Arc::clone(&got);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut request = Vec::new();
            let mut part = [0; 1024];
            while !request.ends_with(b"{}") {
                match stream.read(&mut part) {
                    Ok(0) | Err(_) => break,
                    Ok(count) => request.extend(&part[..count]),
                }
            }
            if request.ends_with(b"{}") {
                bodies.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }
    });
    (address, pem, got)
}

#[test]
fn only_a_certificate_of_the_right_authority_and_name_gets_an_alert() {
    let (address, pem, got) = receiver("localhost");
    let (_, foreign, _) = receiver("localhost");
    let url = format!("https://localhost:{}/in", address.port());
    let post =
        |url: &str, authority: Option<&str>| Hook::new(url, authority.map(str::as_bytes), "test").unwrap().post(b"{}", "1");
    assert_eq!(post(&url, Some(&pem)), Ok(Posted::Taken));
    assert_eq!(got.lock().unwrap().len(), 1);
    for (url, authority) in [(&*url, None), (&url, Some(&*foreign)), (&format!("https://{address}/in"), Some(&pem))] {
        assert!(post(url, authority).unwrap_err().starts_with("TLS: "), "{url}");
    }
    assert_eq!(got.lock().unwrap().len(), 1, "nothing was sent to the others");
    assert!(Hook::new(&url, Some(b"no certificate"), "test").is_err());
}
