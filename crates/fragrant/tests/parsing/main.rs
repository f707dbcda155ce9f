//! Every class of input of `docs/parsing.md`, judged. The page's tables are `cases.toml` and `others.toml`, so what the page
//! says of us is what is tested here; what it says of others is not.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside `#[test]` functions fail tests too

use fragrant::client::rules::{SuccessResponse, Verdict as Judged};
use fragrant::testing::Question;
use fragrant::value::Scope;

mod judged;
mod others;
mod table;

use table::{Case, Shown, Table, Verdict, expand};

fn table() -> Table {
    Table::parse(include_str!("cases.toml")).unwrap()
}

fn question(case: &Case) -> Question {
    Question {
        state: case.state().map(Into::into),
        issuer: case.issuer.clone(),
        redirect_uri: Some(case.redirect_uri.clone()),
        scope: Some(Scope::new(table::SCOPE).unwrap()),
        ..Question::new()
    }
}

/// What we make of the row: the verdict, what is read of it, and the notes.
fn judged(case: &Case, shown: Shown) -> (Verdict, Option<String>, Vec<String>) {
    match question(case).judge(&case.address().unwrap()) {
        Judged::TokenGranted(granted) => {
            let SuccessResponse::AccessToken(response) = &granted.response else { panic!("{}", case.id) };
            let read = match shown {
                Shown::Lifetime => response.expires_in.map(|lifetime| lifetime.as_seconds().to_string()),
                Shown::Scope => granted.scope.as_ref().map(|scope| scope.as_str().to_owned()),
                Shown::Token => Some(response.access_token.reveal_secret().to_owned()),
            };
            let notes = granted.notes.iter().map(ToString::to_string).collect();
            (Verdict::Token, Some(read.unwrap_or_else(|| "none".into())), notes)
        }
        Judged::ErrorReturned(returned) => {
            let code = returned.response.error.as_str().to_owned();
            (Verdict::Error { code }, None, returned.notes.iter().map(ToString::to_string).collect())
        }
        Judged::ResponseRejected(rejection) => {
            let reason = rejection.reason.as_str().to_owned();
            (Verdict::Rejected { reason, parameter: rejection.parameter }, None, Vec::new())
        }
        Judged::NotOurs(_) => (Verdict::NotOurs, None, Vec::new()),
    }
}

#[test]
fn every_row_is_judged_as_the_table_says() {
    let mut wrong = Vec::new();
    for class in table().classes {
        assert!(!class.cases.is_empty(), "{} has no rows", class.title);
        for case in &class.cases {
            let read = (case.says == Verdict::Token).then(|| case.reads(class.shown).unwrap());
            let expected = (case.says.clone(), read, case.notes.clone());
            let got = judged(case, class.shown);
            if got != expected {
                let (id, shows, looked_at) = (&case.id, &case.shows, class.shown.as_str());
                wrong.push(format!(
                    "{id} ({shows}; {looked_at}): the table says {expected:?}, but it is {got:?}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_kind_of_verdict_and_each_reason_that_an_access_token_can_meet_has_its_row() {
    let table = table();
    let says = |wanted: &dyn Fn(&Verdict) -> bool| table.cases().filter(|case| wanted(&case.says)).count();
    assert!(says(&|verdict| *verdict == Verdict::Token) > 50);
    assert!(says(&|verdict| *verdict == Verdict::NotOurs) > 10);
    assert!(says(&|verdict| matches!(verdict, Verdict::Error { .. })) > 5);
    for reason in fragrant::client::Reason::ALL {
        // ID tokens are asked for by other response types, time is not in an address, and "no response" is "not ours".
        let elsewhere = ["id_token_missing", "id_token_invalid", "pending_expired", "no_response"];
        let rows = says(
            &|verdict| matches!(verdict, Verdict::Rejected { reason: row, .. } if row == reason.as_str()),
        );
        assert_eq!(rows == 0, elsewhere.contains(&reason.as_str()), "{reason}");
    }
}

#[test]
fn marks_in_the_table_are_written_out() {
    assert_eq!(expand("#⟨ok⟩&x=⟨y×3⟩⟨&p№=⟩").unwrap_err(), "⟨&p№=⟩ is unknown");
    assert_eq!(expand("#⟨ok⟩&x=⟨%74×2⟩⟨&p№=×2⟩").unwrap(), format!("#{}&x=%74%74&p0=&p1=", table::OK));
    assert_eq!(expand("⟨ok").unwrap_err(), "a `⟨` without its `⟩`");
    assert_eq!(expand("⟨x×y⟩").unwrap_err(), "⟨x×y⟩ has no number");
}

#[test]
fn a_table_that_contradicts_itself_is_refused() {
    let one = "{ id = \"a\", input = \"\", shows = \"\", says = \"token\", rule = \"r\" }";
    let parse_saying = |rule: &str, says: &str, cases: &str| {
        let text = format!(
            "[rules]\n{rule} = {{ source = \"s\", says = \"{says}\" }}\n[[classes]]\ntitle = \"t\"\ncases = [{cases}]"
        );
        Table::parse(&text).map(|table| table.cases().count())
    };
    let parse = |rule: &str, cases: &str| parse_saying(rule, "says", cases);
    assert_eq!(parse("r", one), Ok(1));
    for says in ["", "A sentence."] {
        let untold = "the rule `r` is not told, or ends in a full stop";
        assert_eq!(parse_saying("r", says, one), Err(untold.into()));
    }
    assert_eq!(parse("r", &format!("{one}, {one}")), Err("two cases are called `a`".into()));
    assert_eq!(parse("s", one), Err("`a` follows `r`, which is no rule of the table".into()));
    assert_eq!(parse("r", ""), Err("no case follows the rule `r`".into()));
    assert!(parse("r", &one.replace("token", "taken")).unwrap_err().contains("`taken` is no verdict"));
    assert!(parse("r", &one.replace("\"\"", "\"⟨x⟩\"")).unwrap_err().contains("⟨x⟩ is unknown"));
}
