//! Start and stop. This is one test in a program of its own: another one beside it could be given the ports that this
//! one has just given back.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use fragrant_profiles::rfc6749;
use fragrant_server::{Ports, RunningServer, Server, StartError};

fn addresses(server: &RunningServer) -> [String; 3] {
    [server.authorization_origin(), server.api_origin(), server.app_origin()]
        .map(|origin| origin.as_str().strip_prefix("http://").unwrap().to_owned())
}

fn port(address: &str) -> u16 {
    address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap()
}

#[test]
fn three_servers_that_give_their_ports_back() {
    let running = Server::new(&rfc6749::PROVIDER).start().unwrap();
    let own = addresses(&running);
    assert!(own[0] != own[1] && own[1] != own[2] && own[0] != own[2]);
    assert_eq!(running.redirect_uri().as_str(), format!("http://{}/callback", own[2]));

    // A port that somebody else has.
    let wanted = Ports { authorization: 0, api: port(&own[1]), app: 0 };
    let error = Server::new(&rfc6749::PROVIDER).with_ports(wanted).start().unwrap_err();
    assert!(matches!(error, StartError::Bind { .. }), "{error}");
    assert!(error.to_string().starts_with(&format!("cannot listen on {}: ", own[1])), "{error}");

    // Neither one who says nothing nor one who does not come to an end keeps it from stopping.
    let silent = TcpStream::connect(&own[0]).unwrap();
    let mut slow = TcpStream::connect(&own[0]).unwrap();
    slow.write_all(b"POST /login HTTP/1.1\r\nhost: x\r\n").unwrap();
    running.shutdown();
    for address in &own {
        assert!(TcpListener::bind(address).is_ok(), "{address}");
    }
    drop((silent, slow));

    // The same ports again, and dropping does the same.
    let wanted = Ports { authorization: port(&own[0]), api: port(&own[1]), app: port(&own[2]) };
    let running = Server::new(&rfc6749::PROVIDER).with_ports(wanted).start().unwrap();
    assert_eq!(addresses(&running), own);
    drop(running);
    assert!(own.iter().all(|address| TcpStream::connect(address).is_err()));
}
