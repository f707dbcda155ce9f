//! What we make of the rows of `others.toml`.

use fragrant::authorization_server::{ErrorPageReason, Policy, receive};
use fragrant::testing::reference::request::{Answer, Registered};
use fragrant::wire::bearer::{self, InvalidCredentials};

use crate::others::{Others, Reader};
use crate::table::expand;

fn others() -> Others {
    Others::parse(include_str!("others.toml")).unwrap()
}

/// Who is registered at the server: clients with one address, with two and a scope, and of another grant.
const CLIENTS: [Registered; 3] = [
    Registered {
        client_id: "one",
        redirect_uris: &["https://one.example/cb"],
        scope: None,
        default_scope: None,
        may_ask_for_token: true,
    },
    Registered {
        client_id: "two",
        redirect_uris: &["https://two.example/a", "https://two.example/b"],
        scope: Some("read write"),
        default_scope: None,
        may_ask_for_token: true,
    },
    Registered {
        client_id: "code",
        redirect_uris: &["https://code.example/cb"],
        scope: None,
        default_scope: None,
        may_ask_for_token: false,
    },
];

fn judged(reader: Reader, input: &str) -> String {
    match reader {
        Reader::Authorization => authorization(input),
        Reader::Challenges => challenges(input),
        Reader::Request => request(input),
    }
}

fn authorization(header: &str) -> String {
    match bearer::token(header.as_bytes()) {
        Ok(token) => format!("token {token}"),
        Err(InvalidCredentials::NoScheme) => "no scheme".into(),
        Err(InvalidCredentials::NoToken) => "no token".into(),
        Err(InvalidCredentials::OtherScheme) => "other scheme".into(),
        Err(_) => "bad token".into(),
    }
}

fn challenges(headers: &str) -> String {
    let shown: Vec<String> = bearer::challenges(headers.lines())
        .iter()
        .map(|challenge| {
            let token68 = challenge.token68.map(|text| format!("({text})")).unwrap_or_default();
            let parameters: String =
                challenge.parameters.iter().map(|(name, value)| format!("[{name}={value}]")).collect();
            let malformed = if challenge.is_malformed { "!" } else { "" };
            format!("{}{token68}{parameters}{malformed}", challenge.scheme.unwrap_or("-"))
        })
        .collect();
    if shown.is_empty() { "none".into() } else { shown.join(" ") }
}

fn request(query: &str) -> String {
    let lookup = |id: &str| CLIENTS.iter().find(|client| client.client_id == id)?.registration();
    match Answer::of(&receive(query, &Policy::default(), |id| lookup(id.as_str()))) {
        Answer::Error(code, _) => format!("error {code}"),
        Answer::Page(reason) => format!("page {reason}"),
        Answer::Received(_) => "received".into(),
    }
}

#[test]
fn every_other_row_is_judged_as_its_table_says() {
    let mut wrong = Vec::new();
    for table in others().tables {
        assert!(!table.cases.is_empty(), "{} has no rows", table.title);
        for row in &table.cases {
            let got = judged(table.reader, &expand(&row.input).unwrap());
            if got != row.says {
                wrong.push(format!(
                    "{} ({}): the table says {:?}, but it is {got:?}",
                    table.title, row.shows, row.says
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_kind_of_verdict_about_a_request_and_its_headers_has_its_row() {
    let others = others();
    let has = |says: &str| others.rows().any(|row| row.says == says);
    for reason in ErrorPageReason::ALL {
        assert!(has(&format!("page {reason}")), "{reason}");
    }
    for code in ["invalid_request", "invalid_scope", "unauthorized_client", "unsupported_response_type"] {
        assert!(has(&format!("error {code}")), "{code}");
    }
    for word in ["received", "no scheme", "no token", "other scheme", "bad token", "none"] {
        assert!(has(word), "{word}");
    }
}

#[test]
fn other_tables_that_contradict_themselves_are_refused() {
    let row = "{ input = \"\", shows = \"x\", says = \"none\", rule = \"r\" }";
    let parse = |rule: &str, rows: &str| {
        let text = format!(
            "[rules]\n{rule} = {{ source = \"s\", says = \"says\" }}\n[[tables]]\ntitle = \"t\"\nreader = \"challenges\"\ncases = [{rows}]"
        );
        Others::parse(&text).map(|others| others.rows().count())
    };
    assert_eq!(parse("r", row), Ok(1));
    assert_eq!(parse("r", &format!("{row}, {row}")), Err("t has `` twice".into()));
    assert_eq!(parse("s", row), Err("`x` follows `r`, which is no rule".into()));
    assert_eq!(parse("r", ""), Err("no row follows the rule `r`".into()));
    assert_eq!(parse("r", &row.replace("\"\"", "\"⟨x⟩\"")), Err("`x`: ⟨x⟩ is unknown".into()));
}
