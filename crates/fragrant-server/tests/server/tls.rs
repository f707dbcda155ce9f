//! The servers over TLS.

use std::fs;

use fragrant_profiles::rfc6749;
use fragrant_server::{InvalidTlsIdentity, StartError, TlsIdentity};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::scenario::server;

/// A certificate for this machine and its key, in PEM.
fn made() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned(), "localhost".to_owned()]).unwrap();
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn trusting(certificate: &str) -> ureq::Agent {
    let root = Certificate::from_pem(certificate.as_bytes()).unwrap();
    let tls = TlsConfig::builder().root_certs(RootCerts::from(vec![root])).build();
    let config = ureq::Agent::config_builder().tls_config(tls).max_redirects(0);
    ureq::Agent::new_with_config(config.http_status_as_error(false).build())
}

#[test]
// req(test): RFC6749-3.1-4, RFC6749-10.9-1, RFC6749-10.11-1, RFC6750-5.2-3, RFC6819-4.4.2.1-1, RFC6819-5.1.1-1
// req(test): RFC6749-10.12-5, RFC8414-2-1
fn everything_is_said_over_tls_and_nothing_in_clear() {
    let (certificate, key) = made();
    let identity = TlsIdentity::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap();
    let running = server(&rfc6749::PROVIDER).with_tls(identity).start().unwrap();
    for origin in [running.authorization_origin(), running.api_origin(), running.app_origin()] {
        assert!(origin.as_str().starts_with("https://127.0.0.1:"), "{origin}");
        let clear = origin.as_str().replace("https://", "http://");
        assert!(ureq::get(clear).call().is_err());
        // Nor to whoever does not know the certificate.
        assert!(ureq::get(origin.as_str()).call().is_err());
    }
    let agent = trusting(&certificate);
    let page = agent
        .get(format!("{}?response_type=token&client_id=web&scope=read", running.authorization_endpoint()))
        .call()
        .unwrap();
    assert_eq!(page.status(), 200);
    let cookie = page.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-fragrant_browser_"), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    let api = agent.get(format!("{}/resource/1", running.api_origin())).call().unwrap();
    assert_eq!(api.status(), 401);
    let app = agent.get(running.app_origin().as_str()).call().unwrap();
    assert!(app.headers()["set-cookie"].to_str().unwrap().starts_with("__Host-fragrant_app_"));
    let metadata = format!("{}/.well-known/oauth-authorization-server", running.authorization_origin());
    let metadata = agent.get(metadata).call().unwrap().body_mut().read_to_string().unwrap();
    let issuer = format!("\"issuer\":\"{}\"", running.authorization_origin());
    assert!(metadata.contains(&issuer), "{metadata}");
    // A redirection URI over https proves who asks, as one in clear text cannot.
    assert!(running.redirect_uri().as_str().starts_with("https://"));
}

#[test]
fn what_is_no_identity_is_refused_without_a_word_of_the_key() {
    let (certificate, key) = made();
    let (_, other_key) = made();
    let refused = |certificate: &str, key: &str| {
        TlsIdentity::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err()
    };
    assert!(matches!(refused("", &key), InvalidTlsIdentity::CertificateMissing));
    assert!(matches!(refused(&certificate, ""), InvalidTlsIdentity::Key));
    assert!(matches!(refused(&certificate, &other_key), InvalidTlsIdentity::Mismatch(_)));
    let secret = key.lines().nth(1).unwrap();
    for broken in [
        key.replace("-----END", "-----"),
        key.replace(secret, &secret[..20]),
        secret.to_owned(),
        // As a key looks that came through a variable of the environment.
        key.replace('\n', " "),
        key.replace('\n', ""),
        key.replace('\n', "\\n"),
        key.replacen('\n', "", 1),
    ] {
        for (certificate, key) in [(&*certificate, &*broken), (&*broken, &*key)] {
            let shown = format!("{0} {0:?}", refused(certificate, key));
            // Nor as the numbers of its bytes.
            let numbers: Vec<_> = secret.bytes().take(4).map(|byte| byte.to_string()).collect();
            assert!(!shown.contains(&secret[..8]) && !shown.contains(&numbers.join(", ")), "{shown}");
        }
    }
}

#[test]
fn an_identity_may_be_in_files() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = made();
    fs::write(folder.path().join("cert.pem"), &certificate).unwrap();
    let toml = folder.path().join("my.toml");
    fs::write(&toml, "tls = { certificate = \"cert.pem\", key = \"key.pem\" }").unwrap();
    let start = || fragrant_server::Server::from_toml_file(&toml).unwrap().start();
    let missing = start().unwrap_err();
    assert!(matches!(&missing, StartError::TlsFile { file, .. } if file.ends_with("key.pem")), "{missing}");
    fs::write(folder.path().join("key.pem"), &key).unwrap();
    let running = start().unwrap();
    let answer = trusting(&certificate).get(running.app_origin().as_str()).call().unwrap();
    assert_eq!(answer.status(), 200);
}
