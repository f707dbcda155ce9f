//! Where a receiver is.

use std::io::ErrorKind;
use std::net::TcpListener;

use fragrant::authorization_server::RegisteredRedirectUri;
use fragrant::client::Received;
use fragrant_http::receiver::{BindError, LoopbackFamily, LoopbackReceiver, LoopbackSettings};

use crate::scenario::{GOOD, LIMIT, Waiting, is_closed};

#[test]
// req(test): RFC8252-8.3-2, RFC8252-8.10-1
fn it_is_at_an_address_in_numbers_that_a_server_takes_for_the_registered_one() {
    let settings = LoopbackSettings::default().with_path("/oauth/rfc6749");
    let registered: Vec<_> = settings.to_register().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(registered, ["http://127.0.0.1/oauth/rfc6749", "http://[::1]/oauth/rfc6749"]);
    let receiver = settings.bind().unwrap();
    let redirect_uri = receiver.redirect_uri().as_str();
    assert!(redirect_uri.starts_with("http://127.0.0.1:"), "{redirect_uri}");
    assert!(RegisteredRedirectUri::new(&*registered[0]).unwrap().matches(redirect_uri));
    assert_eq!(format!("{receiver:?}").matches("oauth/rfc6749").count(), 1, "{receiver:?}");
}

#[test]
fn a_port_that_was_asked_for_and_is_taken_is_told_with_its_address() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let settings = LoopbackSettings::default().with_port(port);
    for settings in [settings.clone(), settings.clone().with_family(LoopbackFamily::V4)] {
        let error = settings.bind().unwrap_err();
        assert!(matches!(&error, BindError::Socket { source, .. } if source.kind() == ErrorKind::AddrInUse));
        assert!(error.to_string().starts_with(&format!("loopback receiver: 127.0.0.1:{port}: ")), "{error}");
    }
    let receiver = settings.with_family(LoopbackFamily::V6).bind().unwrap();
    assert_eq!(receiver.redirect_uri().as_str(), format!("http://[::1]:{port}/callback"));
}

#[test]
fn both_addresses_serve() {
    for family in [LoopbackFamily::V4, LoopbackFamily::V6] {
        let receiver = LoopbackSettings::default().with_family(family).bind().unwrap();
        let waiting = Waiting::at(receiver, LIMIT);
        assert_eq!(waiting.hand_in(&waiting.key(), GOOD), 204, "{family:?}");
        assert!(matches!(waiting.outcome(), Ok(Received::Authorized(_))), "{family:?}");
    }
}

#[test]
fn a_path_that_makes_no_redirection_uri_is_told_before_a_user_is_sent_away() {
    for path in ["/callback#x", "/a b", "/cb?state=1", "/../x"] {
        let settings = LoopbackSettings::default().with_path(path);
        assert!(matches!(settings.bind(), Err(BindError::RedirectUri(_))), "{path}");
    }
    // Without a slash it would lengthen the port or the host, and `//host/` alone is an address at another one.
    for path in ["", "callback", "1/callback", ".evil.example/callback", "//", "//evil.example/callback"] {
        let settings = LoopbackSettings::default().with_path(path);
        let (to_register, bind) = (settings.to_register().unwrap_err(), settings.bind().unwrap_err());
        assert!(matches!((&to_register, &bind), (BindError::Path, BindError::Path)), "{path}");
        assert_eq!(bind.to_string(), "path: expected `/` at the beginning, and no second one after it");
    }
}

#[test]
// req(test): RFC8252-8.3-1
fn a_receiver_that_is_dropped_is_closed() {
    let receiver = LoopbackReceiver::bind().unwrap();
    let authority =
        receiver.redirect_uri().http().unwrap().origin().strip_prefix("http://").unwrap().to_owned();
    let address = authority.parse().unwrap();
    assert!(!is_closed(address));
    drop(receiver);
    assert!(is_closed(address));
}
