//! Planted secrets: everything that the servers say, in every header and every body, without a secret in it. Three
//! things hold one because they have to, and are left out: `Location`, the cookies, and what the redirect page is told
//! of a token that it has handed over.

use std::collections::BTreeSet;

use fragrant_profiles::ALL;

use crate::browser::{Answer, Browser};
use crate::scenario::{PASSWORD, Scenario};

/// A good request with a secret wherever one is sent, by its own name or by a wrong one.
const QUERY: &str = "response_type=token&client_id=web&scope=read+write&state=planted-state&nonce=planted-nonce\
                     &id_token_hint=planted.id.token&login_hint=planted&access_token=planted&password=planted";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// What a browser hears of a server, and which secrets it was told in the places that are for secrets.
struct Witness {
    scenario: Scenario,
    secrets: BTreeSet<String>,
    statuses: BTreeSet<u16>,
    checked: usize,
}

impl Witness {
    /// Looks through everything that was said since the last look.
    fn look(&mut self, answer: Answer) -> Answer {
        self.statuses.insert(answer.status);
        let location = answer.header("location").unwrap_or_default();
        assert!(!location.contains(PASSWORD), "{location}");
        let parameters = location.split(['?', '#', '&']).filter_map(|pair| pair.split_once('='));
        let own = parameters.filter(|(name, _)| matches!(*name, "access_token" | "state"));
        self.secrets.extend(own.map(|(_, value)| value.to_owned()));
        self.secrets.extend(self.scenario.browser.cookies.values().cloned());

        let is_told = answer.body.contains("\"outcome\":\"authorized\"");
        let mut shown: Vec<String> = answer
            .headers
            .iter()
            .filter(|(name, _)| name != "location" && name != "set-cookie")
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        shown.extend((!is_told).then(|| answer.body.clone()));
        for text in shown {
            self.checked += 1;
            assert!(!text.to_lowercase().contains("planted"), "{} {text}", answer.address);
            assert!(!self.secrets.iter().any(|secret| text.contains(&**secret)), "{} {text}", answer.address);
        }
        answer
    }

    fn get(&mut self, address: &str) -> Answer {
        let answer = self.scenario.browser.get(address);
        self.look(answer)
    }

    fn send(
        &mut self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Answer {
        let answer = self.scenario.browser.send(method, address, headers, body);
        self.look(answer)
    }

    /// Sends the page's form in, with these fields.
    fn submit(&mut self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let answer = self.scenario.browser.submit(&page.form().with(fields));
        self.look(answer)
    }

    fn authorization_server(&mut self) {
        let endpoint = self.scenario.server.authorization_endpoint().to_string();
        let origin = self.scenario.server.authorization_origin().to_string();
        for faulty in [
            "",
            "client_id=planted&state=planted",
            "client_id=web&client_id=planted",
            "client_id=web&redirect_uri=https://planted.example/planted&state=planted",
            "client_id=web&redirect_uri=planted%&state=planted",
            "client_id=web&response_type=planted&state=planted",
            "client_id=web&response_type=token&scope=planted%22&state=planted",
            "client_id=web&response_type=token&scope=read&planted=1&planted=2&state=planted",
            &format!("{QUERY}&prompt=none"),
        ] {
            self.get(&format!("{endpoint}?{faulty}"));
        }
        for (method, path, headers, body) in [
            ("GET", "/planted?planted=planted", &[][..], &b""[..]),
            ("DELETE", "/login?planted", &[], b""),
            ("POST", "/login", &[FORM], b"transaction=planted&csrf=planted&password=planted"),
            ("POST", "/consent", &[FORM], b"transaction=planted&csrf=planted&decision=planted"),
            ("POST", "/consent", &[FORM, ("origin", "https://planted.example")], b"planted"),
            ("POST", "/login", &[FORM], b"password=planted\xFF"),
            ("POST", "/login", &[("content-type", "text/planted")], b"planted"),
            ("POST", "/login", &[FORM], &b"planted".repeat(10_000)),
            ("GET", "/style.css?planted", &[("host", "planted.example")], b""),
            ("GET", "/style.css?planted", &[("cookie", "planted=planted")], b""),
        ] {
            self.send(method, &format!("{origin}{path}"), headers, body);
        }

        let login_page = self.get(&format!("{endpoint}?{QUERY}"));
        let wrong = self.submit(&login_page, &[("username", "planted"), ("password", "planted-wrong")]);
        let consent_page = self.submit(&wrong, &[("username", "jane"), ("password", PASSWORD)]);
        let unasked = [("decision", "allow"), ("scope", "planted")];
        assert_eq!(self.submit(&consent_page, &unasked).status, 400);
        for decision in ["deny", "allow"] {
            let consent_page = self.get(&format!("{endpoint}?{QUERY}&prompt=consent"));
            let answer = self.submit(&consent_page, &[("decision", decision)]);
            assert_eq!((answer.status, &*answer.body), (303, ""));
            assert!(answer.location().contains("planted-state"));
            // Sent in once more.
            assert_eq!(self.submit(&consent_page, &[("decision", decision)]).status, 403);
        }
    }

    fn app(&mut self) -> String {
        let origin = self.scenario.server.app_origin().to_string();
        let callback = self.scenario.server.redirect_uri().to_string();
        let script = [("x-fragrant-page", "callback"), ("content-type", "text/plain"), ("origin", &*origin)];
        let received = format!("{origin}/received");
        let mut token = String::new();
        for decision in ["deny", "allow"] {
            let front = self.get(&format!("{origin}/"));
            let off = self.submit(&front, &[]);
            let consent_page = self.get(off.location());
            let answer = self.submit(&consent_page, &[("decision", decision)]);
            let location = answer.location().to_owned();
            self.get(&location);
            // Bad ones in between, of every kind: forged, broken, in the query, elsewhere, without an answer.
            let (_, fragment) = location.split_once('#').unwrap();
            let state = fragment.split_once("state=").unwrap().1.split('&').next().unwrap();
            for bad in [
                location.replace("&state=", "&state=planted&x="),
                location.replace(state, &format!("{}{}", &state[..16], "0".repeat(40))),
                format!("{location}&planted=%"),
                format!("{callback}?{fragment}"),
                format!("{origin}/planted#{fragment}"),
                format!("{callback}#state={state}&planted=planted"),
            ] {
                let answer = self.send("POST", &received, &script, bad);
                assert_ne!(answer.json()["outcome"], "authorized");
            }
            let told = self.send("POST", &received, &script, &location);
            self.send("POST", &received, &script, &location);
            if let Some(own) = told.json()["access_token"].as_str() {
                token = own.to_owned();
            }
        }
        for address in [
            format!("{callback}?access_token=planted&state=planted"),
            format!("{callback}#access_token=planted&token_type=bearer&state=planted"),
            "planted".into(),
        ] {
            self.send("POST", &received, &script, &address);
            self.send("POST", &received, &[], &address);
        }
        self.send("POST", &received, &script, b"\xFFplanted");
        self.send("POST", &received, &script, b"planted".repeat(10_000));
        for path in ["/callback?access_token=planted&next=planted", "/callback.js?planted", "/planted"] {
            self.get(&format!("{origin}{path}"));
        }
        self.send("POST", &format!("{origin}/sign-in"), &[("origin", "https://planted.example")], "planted");
        token
    }

    fn api(&mut self, token: &str) {
        let origin = self.scenario.server.api_origin().to_string();
        let calls = self.scenario.server.client().profile().name.clone();
        let provider = ALL.iter().find(|provider| provider.name == calls).unwrap();
        let own = format!("Bearer {token}");
        let mut paths: Vec<&str> = provider.habits.sample_calls.iter().map(|call| call.path).collect();
        let unknown = format!("{}planted", provider.paths.api);
        paths.extend([&*unknown, "/planted"]);
        for path in paths {
            let address = format!("{origin}{path}");
            for authorization in
                [&*own, "Bearer planted", "Bearer planted planted", "planted", "Basic planted"]
            {
                for method in ["GET", "PUT", "OPTIONS"] {
                    let headers = [("authorization", authorization), ("origin", "https://planted.example")];
                    self.send(method, &address, &headers, "");
                }
            }
            self.get(&format!("{address}?access_token={token}"));
            self.send("POST", &address, &[FORM], format!("access_token={token}"));
            self.send("POST", &address, &[("authorization", &own), FORM], format!("access_token={token}"));
            if let Some(header) = provider.habits.call_header {
                self.send("GET", &address, &[("authorization", &own), (header.name, "planted")], "");
            }
            let preflight = [("origin", "https://planted.example"), ("access-control-request-method", "GET")];
            self.send("OPTIONS", &address, &preflight, "");
        }
        self.scenario.server.revoke_tokens();
        let address = format!("{origin}{}", provider.paths.sample_call);
        assert_eq!(self.send("GET", &address, &[("authorization", &own)], "").status, 401);
    }
}

#[test]
// req(test): RFC6749-10.3-1, RFC9700-2.1-8, RFC9700-4.9.3-1
fn nothing_that_the_servers_say_holds_a_secret() {
    for provider in ALL {
        let mut witness = Witness {
            scenario: Scenario::of(provider),
            secrets: BTreeSet::new(),
            statuses: BTreeSet::new(),
            checked: 0,
        };
        witness.authorization_server();
        let token = witness.app();
        assert!(witness.secrets.contains(&token) && witness.secrets.contains("planted-state"));
        witness.api(&token);
        let statuses: Vec<u16> = witness.statuses.into_iter().collect();
        assert!(witness.checked > 500 && witness.secrets.len() > 6, "{} {}", witness.checked, provider.id);
        for expected in [200, 204, 303, 400, 401, 403, 404, 405, 413, 415, 421] {
            assert!(statuses.contains(&expected), "{expected} {statuses:?} {}", provider.id);
        }
        // What has been seen by one browser is nothing to another.
        let endpoint = witness.scenario.server.authorization_endpoint().to_string();
        let page = Browser::new().get(&format!("{endpoint}?{QUERY}"));
        assert!(page.body.contains("name=\"password\""), "{}", page.body);
    }
}
