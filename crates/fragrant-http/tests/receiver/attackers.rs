//! Whoever else is on the machine or in the browser.

use std::io::{Read, Write};
use std::net::Shutdown;

use fragrant::client::Received;

use crate::scenario::{GOOD, Waiting};

/// The honest page still gets its answer in.
fn assert_goes_on(waiting: Waiting) {
    assert_eq!(waiting.hand_in(&waiting.key(), GOOD), 204);
    assert!(matches!(waiting.outcome(), Ok(Received::Authorized(_))));
}

/// The status of an answer.
fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn other_pages_and_names_are_refused() {
    let waiting = Waiting::start();
    let key = waiting.key();
    let rows = [
        ("Host", "evil.example", "421"),
        ("Host", "localhost:1", "421"),
        ("Origin", "https://evil.example", "403"),
        ("Origin", "null", "403"),
        ("Sec-Fetch-Site", "cross-site", "403"),
        ("Content-Type", "text/plain", "415"),
        ("Content-Type", "application/x-www-form-urlencoded", "415"),
        ("Fragrant-Key", "0000000000000000000000000000000000000000", "403"),
    ];
    for (name, value, expected) in rows {
        let answer = waiting.post(&key, &[(name, value)], &format!("{}{GOOD}", waiting.redirect_uri));
        assert_eq!(status(&answer), expected, "{name}: {value}: {answer}");
        assert!(!answer.contains("planted") && !answer.contains("evil"), "{answer}");
    }
    // Nobody may ask for more, so a page of another origin cannot send the key's header.
    let asked = waiting.send(format!(
        "OPTIONS /callback HTTP/1.1\r\nHost: {}\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Headers: fragrant-key\r\n\r\n",
        waiting.address
    ));
    assert_eq!(status(&asked), "405");
    assert!(!asked.to_ascii_lowercase().contains("access-control"), "{asked}");
    // None of them has used the key up.
    assert_eq!(waiting.hand_in(&key, GOOD), 204);
}

#[test]
fn a_key_serves_once_and_only_its_own_page() {
    let waiting = Waiting::start();
    let (first, second) = (waiting.key(), waiting.key());
    assert_ne!(first, second);
    assert_eq!(waiting.hand_in(&first, "#forged"), 409);
    assert_eq!(waiting.hand_in(&first, GOOD), 403);
    assert_eq!(waiting.hand_in(&second, GOOD), 204);
}

#[test]
fn icons_prefetches_frames_and_scanners_use_nothing_up() {
    let waiting = Waiting::start();
    let key = waiting.key();
    assert_eq!(status(&waiting.get("/favicon.ico", &[("Sec-Fetch-Dest", "image")])), "404");
    for (name, value) in [("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch")] {
        let answer = waiting.get("/callback", &[(name, value), ("Sec-Fetch-Dest", "document")]);
        assert_eq!(status(&answer), "503", "{name}");
        assert!(!answer.contains("data-key"), "{name}");
    }
    for destination in ["iframe", "script", "image", "empty"] {
        let answer = waiting.get("/callback", &[("Sec-Fetch-Dest", destination)]);
        assert_eq!(status(&answer), "403", "{destination}");
        assert!(!answer.contains("data-key"), "{destination}");
    }
    // An answer in a query comes to the page like any other, and is not shown there.
    let page = waiting.get("/callback?error=planted&state=planted-state", &[]);
    assert!(status(&page) == "200" && !page.contains("planted"), "{page}");
    assert_eq!(status(&waiting.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")), "421");
    for noise in [&b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1"[..], b"SSH-2.0-x\r\n\r\n", b"GET\r\n\r\n"] {
        assert_eq!(status(&waiting.send(noise)), "400");
    }
    assert_eq!(waiting.hand_in(&key, GOOD), 204);
}

#[test]
fn whoever_connects_and_says_nothing_delays_nobody() {
    let waiting = Waiting::start();
    // More than there is room for, some with half a request.
    let silent: Vec<_> = (0..100)
        .map(|number| {
            let mut stream = waiting.connect();
            if number % 2 == 0 {
                stream.write_all(b"POST /callback HTTP/1.1\r\nHost: ").unwrap();
            }
            stream
        })
        .collect();
    let start = std::time::Instant::now();
    assert_goes_on(waiting);
    // Less than any of them may stay.
    assert!(start.elapsed().as_secs() < 10);
    drop(silent);
}

#[test]
fn whoever_loads_pages_without_end_voids_nobodys_key() {
    let waiting = Waiting::start();
    let (honest, used) = (waiting.key(), waiting.key());
    assert_eq!(waiting.hand_in(&used, "#forged"), 409);
    for _ in 0..200 {
        waiting.key();
    }
    assert_eq!(waiting.hand_in(&used, GOOD), 403);
    assert_eq!(waiting.hand_in(&honest, GOOD), 204);
}

#[test]
fn of_too_many_connections_the_oldest_is_closed() {
    let waiting = Waiting::start();
    let mut oldest = waiting.connect();
    let start = std::time::Instant::now();
    let mut others: Vec<_> = (0..64).map(|_| waiting.connect()).collect();
    assert_eq!(oldest.read(&mut [0]).unwrap(), 0);
    // Before its time, which is ten seconds, was over.
    assert!(start.elapsed().as_secs() < 9, "{:?}", start.elapsed());
    // The next one is still served.
    let next = others.first_mut().unwrap();
    write!(next, "GET /callback HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.address).unwrap();
    let mut answer = String::new();
    next.read_to_string(&mut answer).unwrap();
    assert_eq!(status(&answer), "200");
    assert_goes_on(waiting);
}

#[test]
fn too_much_is_refused_and_uses_no_key_up() {
    let waiting = Waiting::start();
    let key = waiting.key();
    let head = format!("GET /callback HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", "x".repeat(70 * 1024));
    assert_eq!(status(&waiting.send(head)), "431");
    assert_eq!(status(&waiting.post(&key, &[("Content-Length", "99999999999999999999")], "")), "413");
    assert_eq!(status(&waiting.post(&key, &[], &"x".repeat(257 * 1024))), "413");
    assert_eq!(status(&waiting.post(&key, &[("Transfer-Encoding", "chunked")], "0\r\n\r\n")), "411");
    assert_eq!(waiting.hand_in(&key, GOOD), 204);
}

#[test]
fn what_the_receiver_reads_and_the_client_does_not_is_told_as_too_much() {
    let waiting = Waiting::start();
    let (long, many) = (format!("#{}", "x".repeat(100 * 1024)), format!("#{}", "a=b&".repeat(1000)));
    assert_eq!(waiting.hand_in(&waiting.key(), &long), 413);
    assert_eq!(waiting.hand_in(&waiting.key(), &many), 413);
    assert_goes_on(waiting);
}

#[test]
fn whoever_has_said_all_is_answered_though_he_says_so() {
    let waiting = Waiting::start();
    let mut stream = waiting.connect();
    write!(stream, "GET /callback HTTP/1.1\r\nHost: {}\r\n\r\n", waiting.address).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(status(&answer), "200");
    // One that ends in the middle is gone at once.
    let mut half = waiting.connect();
    half.write_all(b"GET /callback HT").unwrap();
    half.shutdown(Shutdown::Write).unwrap();
    assert_eq!(half.read(&mut [0]).unwrap(), 0);
    assert_goes_on(waiting);
}

#[test]
fn a_connection_lasts_ten_seconds() {
    let waiting = Waiting::start();
    let mut slow = waiting.connect();
    slow.write_all(b"GET /callback HTTP/1.1\r\n").unwrap();
    let start = std::time::Instant::now();
    let mut answer = Vec::new();
    // Closed without an answer, with or without a word.
    let _ = slow.read_to_end(&mut answer);
    assert!(answer.is_empty());
    assert!((9..crate::scenario::LIMIT).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_goes_on(waiting);
}
