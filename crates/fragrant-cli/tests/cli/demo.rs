//! `fragrant demo`: the whole story over real HTTP, for each provider and each decision.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::scenario::{answer, assert_inert, command, refusal, run};

const PROFILES: [&str; 3] = ["ringcentral", "procore", "rfc6749"];

/// The story of one provider.
fn story(profile: &str, more: &[&str]) -> Value {
    let text = answer(&[&["demo", "--json", "--profile", profile], more].concat());
    assert_no_secret(&text);
    let stories: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(stories.len(), 1);
    stories.into_iter().next().unwrap()
}

fn lines(story: &Value) -> Vec<&Value> {
    let scenes = story["scenes"].as_array().unwrap();
    scenes.iter().flat_map(|scene| scene["lines"].as_array().unwrap()).collect()
}

/// The labels of a scene, each once, in the order in which they come first.
fn labels<'a>(lines: impl IntoIterator<Item = &'a Value>) -> Vec<&'a str> {
    let mut labels = Vec::new();
    for label in lines.into_iter().filter_map(|line| line["label"].as_str()) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// Tokens have 40 hexadecimal digits and states 56: none stands there whole.
fn assert_no_secret(text: &str) {
    let longest = text.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
    assert!(longest < Some(40), "{longest:?} digits in a row");
}

#[test]
fn each_provider_does_what_it_should() {
    for profile in PROFILES {
        let story = story(profile, &[]);
        assert_eq!(
            (&story["profile"], &story["ok"], &story["problem"]),
            (&profile.into(), &true.into(), &Value::Null)
        );
        let steps: Vec<u64> = lines(&story).iter().filter_map(|line| line["step"].as_u64()).collect();
        for step in 1..=4 {
            assert!(steps.contains(&step), "{profile}: step {step}");
        }
        for line in lines(&story) {
            let keys: Vec<&String> = line.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["step", "label", "from", "to", "text", "wire"]);
            // The demo and the provider's own list of moves tell one story.
            if let Some(label) = line["label"].as_str() {
                let moves = fragrant_profiles::by_id(profile).unwrap().moves;
                let is_own =
                    |own: &fragrant_profiles::Move| own.label == label && line["step"] == own.step.number();
                assert!(moves.iter().any(is_own), "{profile}: {line}");
            }
        }
        let wire: Vec<&str> = lines(&story)
            .iter()
            .flat_map(|line| line["wire"].as_array().unwrap())
            .filter_map(Value::as_str)
            .collect();
        // The browser keeps the fragment to itself: no request line has one.
        assert!(wire.iter().filter(|line| line.starts_with("GET ")).all(|line| !line.contains('#')));
        for part in [
            "#access_token=",
            "Authorization: Bearer ",
            "HTTP/1.1 401 Unauthorized",
            "error=\"invalid_token\"",
        ] {
            assert!(wire.iter().any(|line| line.contains(part)), "{profile}: {part}");
        }
        // Only RingCentral documents silent renewal.
        assert_eq!(
            wire.iter().any(|line| line.contains("prompt=none")),
            profile == "ringcentral",
            "{profile}"
        );
        assert_eq!(wire.iter().any(|line| line.contains("#error=login_required")), profile == "ringcentral");
    }
}

#[test]
fn procores_thirteen_moves_in_their_order() {
    let story = story("procore", &[]);
    let first = story["scenes"][0]["lines"].as_array().unwrap();
    let expected: Vec<String> = (1..=13).map(|label| label.to_string()).collect();
    assert_eq!(labels(first), expected);
    let renewal = story["scenes"][1]["title"].as_str().unwrap();
    assert!(renewal.contains("no prompt=none is documented"), "{renewal}");
    let text = answer(&["demo", "--profile", "procore"]);
    let places: Vec<usize> = (1..=13).map(|label| text.find(&format!("\n  {label:>4}  ")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}

#[test]
fn ringcentrals_four_steps() {
    let story = story("ringcentral", &[]);
    assert_eq!(labels(story["scenes"][0]["lines"].as_array().unwrap()), ["1", "2", "3", "4"]);
    let text = answer(&["demo", "--profile", "ringcentral"]);
    for step in ["step 1: ", "step 2: ", "step 3: ", "step 4: "] {
        assert!(text.contains(&format!("\n  {step}")), "{text}");
    }
    assert!(text.contains("/restapi/oauth/authorize?response_type=token&"), "{text}");
}

#[test]
fn the_specifications_seven_moves() {
    let story = story("rfc6749", &[]);
    let first = story["scenes"][0]["lines"].as_array().unwrap();
    assert_eq!(labels(first), ["A", "B", "C", "D", "E", "F", "G"]);
}

#[test]
fn the_resource_owner_may_say_no() {
    for profile in PROFILES {
        let story = story(profile, &["--deny"]);
        assert_eq!(story["ok"], true);
        let text = story.to_string();
        assert!(text.contains("#error=access_denied&state="), "{text}");
        assert!(!text.contains("access_token"), "{text}");
        assert!(lines(&story).iter().all(|line| line["step"] != 4), "no token, no call");
        let text = answer(&["demo", "--deny", "--profile", profile]);
        assert_no_secret(&text);
        assert!(text.ends_with("\nEach step did what it should.\n"), "{text}");
    }
}

#[test]
fn all_of_them_at_once() {
    let began = Instant::now();
    let text = answer(&["demo"]);
    // In a release build it is to take less than three seconds; this is a debug build on a machine with other work.
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_no_secret(&text);
    assert_inert(&text);
    let places = ["\nRingCentral: ", "\nProcore: ", "\nRFC 6749: "].map(|title| text.find(title).unwrap());
    assert!(places.is_sorted(), "{text}");
    assert!(text.contains("SHOULD NOT") && text.ends_with("\nEach step did what it should.\n"), "{text}");
    let stories: Vec<Value> = serde_json::from_str(&answer(&["demo", "--json"])).unwrap();
    let told: Vec<&str> = stories.iter().filter_map(|story| story["profile"].as_str()).collect();
    assert_eq!(told, PROFILES);
    assert!(stories.iter().all(|story| story["ok"] == true));
}

#[test]
fn no_proxy_sees_it() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let mut command = command(&["demo", "--profile", "procore"]);
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, &url);
    }
    let ran = run(command.env_remove("NO_PROXY").env_remove("no_proxy"), b"");
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    assert!(proxy.accept().is_err());
}

#[test]
fn a_provider_that_there_is_not() {
    refusal(&["demo", "--profile", "github"], &["--profile", "ringcentral", "procore", "rfc6749"]);
    refusal(&["demo", "--profile", ""], &["--profile"]);
}

/// What the documentation draws is what happens over HTTP: the same lines, but for addresses, and what the API says.
#[test]
fn over_http_the_tale_is_the_one_that_is_drawn() {
    use fragrant_model::tale::{InMemory, Plot, tell};
    for (more, plot) in [(&[][..], Plot::Whole), (&["--deny"][..], Plot::Denial)] {
        for profile in PROFILES {
            let story = story(profile, more);
            let over_http: Vec<(Option<&str>, &str, &str, String)> = lines(&story)
                .iter()
                .map(|line| {
                    let text = line["text"].as_str().unwrap();
                    (
                        line["label"].as_str(),
                        line["from"].as_str().unwrap(),
                        line["to"].as_str().unwrap(),
                        without_token(text),
                    )
                })
                .collect();
            let mut stage = InMemory::new(fragrant_profiles::by_id(profile).unwrap()).unwrap();
            let (recording, _) = tell(&mut stage, plot);
            let drawn: Vec<_> = recording
                .lines()
                .map(|line| (line.label, line.from.name(), line.to.name(), without_token(&line.text)))
                .collect();
            assert_eq!(over_http, drawn, "{profile}");
        }
    }
}

/// Tokens differ: each is shown by its beginning and its length.
fn without_token(text: &str) -> String {
    let words = text.split(' ').map(|word| if word.contains('…') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}
