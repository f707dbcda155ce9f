//! `fragrant parse --batch`: JSON lines in, one line out for each, in order.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::scenario::{Lines, Running, TOKEN, command, fed, refusal};

/// The answers to lines that are questions, or should be.
fn batch(input: impl AsRef<[u8]>, more: &[&str]) -> Vec<String> {
    let ran = fed(&[&["parse", "--batch"], more].concat(), input.as_ref());
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""));
    assert!(ran.stdout.is_empty() || ran.stdout.ends_with('\n'));
    ran.stdout.lines().map(str::to_owned).collect()
}

fn answer(question: impl std::fmt::Display) -> Value {
    let answers = batch(question.to_string(), &[]);
    assert_eq!(answers.len(), 1, "{answers:?}");
    serde_json::from_str(&answers[0]).unwrap()
}

fn is_bad_line(answer: &Value) -> bool {
    answer["reason"] == "bad_line"
}

#[test]
fn the_three_kinds_whole() {
    let questions = r##"
{"id":1,"input":"https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=Bearer&expires_in=3600&scope=a%20b&state=xyz&own=1&code=c","response_type":"token","expect_state":"xyz","requested_scope":"a b c","expect_iss":null,"expect_redirect_uri":"https://app.example/cb"}
{"id":"two","input":"#access_token=x&token_type=bearer"}
{"id":3,"input":"https://a/?error=access_denied&error_description=no+way&error_uri=https%3A%2F%2Fa%2F&state=s&own=1","expect_state":"s"}
{"id":4,"input":"#error=e","response_type":null,"expect_state":null,"requested_scope":null,"expect_iss":null,"expect_redirect_uri":null}
{"id":5,"input":"#error=e&error=e"}
{"id":6,"input":""}
nonsense
"##;
    assert_eq!(
        batch(questions.trim_start(), &["--show-secrets"]),
        [
            r#"{"id":1,"kind":"success","access_token":"2YotnFZFEjr1zCsicMWpAA","id_token":null,"token_type":"Bearer","expires_in":3600,"scope":"a b","state":"xyz","extra":{"own":"1"},"notes":["code_ignored"]}"#,
            r#"{"id":"two","kind":"success","access_token":"x","id_token":null,"token_type":"bearer","expires_in":null,"scope":null,"state":null,"extra":{},"notes":[]}"#,
            r#"{"id":3,"kind":"error","channel":"query","error":"access_denied","error_description":"no way","error_uri":"https://a/","state":"s","extra":{"own":"1"},"notes":[]}"#,
            r#"{"id":4,"kind":"error","channel":"fragment","error":"e","error_description":null,"error_uri":null,"state":null,"extra":{},"notes":[]}"#,
            r#"{"id":5,"kind":"reject","reason":"duplicate_parameter","parameter":"error","offset":9,"message":"the parameter occurs twice, and none may (error, byte 9)"}"#,
            r#"{"id":6,"kind":"reject","reason":"no_response","parameter":null,"offset":0,"message":"the address holds no answer to an authorization request (byte 0)"}"#,
            r#"{"id":null,"kind":"reject","reason":"bad_line","parameter":null,"offset":0,"message":"expected a JSON object with each key once (column 2)"}"#,
        ]
    );
}

#[test]
fn secrets_are_shortened_unless_asked_for() {
    let state = "abcdefghijklmnopqrstuvwxyz";
    let question = json!({
        "id": TOKEN,
        "input": format!("#access_token={TOKEN}&id_token={TOKEN}&token_type=bearer&state={state}&vendor_token={TOKEN}"),
        "response_type": "id_token token",
        "expect_state": state,
    });
    let short = batch(question.to_string(), &[]).remove(0);
    // The caller's own name for the question is the caller's own.
    assert_eq!(short.matches(TOKEN).count(), 1, "{short}");
    assert_eq!(short.matches("2Yot…(22)").count(), 3, "{short}");
    assert!(short.contains(r#""state":"abcd…(26)""#), "{short}");
    let full = batch(question.to_string(), &["--show-secrets"]).remove(0);
    assert_eq!(full.matches(TOKEN).count(), 4, "{full}");
    assert!(full.contains(state), "{full}");
}

#[test]
fn the_id_comes_back_whatever_it_is() {
    for id in [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1.5),
        json!(""),
        json!("é\u{1b}\"\\"),
        json!([]),
        json!([1, [2], {"z": 1, "a": null}]),
        json!({"z": 1, "a": {"b": []}}),
    ] {
        for input in ["#access_token=x&token_type=bearer", "#error=e", "nothing"] {
            let line = batch(json!({"id": id, "input": input}).to_string(), &[]).remove(0);
            let answer: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(answer["id"], id, "{line}");
            // An object's keys stay in their order.
            assert_eq!(answer["id"].to_string(), id.to_string());
        }
    }
}

#[test]
// req(test): RFC6749-3.3-7
fn the_requested_scope_stands_in_for_one_that_is_not_named() {
    let scope = |requested: Value, input: &str| {
        let question = json!({"id": 1, "input": input, "requested_scope": requested});
        answer(question)["scope"].clone()
    };
    let (silent, named) =
        ("#access_token=x&token_type=bearer", "#access_token=x&token_type=bearer&scope=c+d");
    assert_eq!(scope(json!("a b"), silent), "a b");
    assert_eq!(scope(json!("a b"), named), "c d");
    assert_eq!(scope(json!(null), named), "c d");
    assert_eq!(scope(json!(null), silent), Value::Null);
    assert_eq!(scope(json!(""), silent), Value::Null);
    assert_eq!(scope(json!("a b"), "#access_token=x&token_type=bearer&scope="), "a b");
}

#[test]
fn what_else_a_question_says() {
    let reason = |question: Value| answer(question)["reason"].clone();
    let input = "https://app.example/cb#access_token=x&token_type=bearer&state=s";
    assert_eq!(reason(json!({"id": 1, "input": input})), "state_unexpected");
    assert_eq!(reason(json!({"id": 1, "input": input, "expect_state": "s"})), Value::Null);
    assert_eq!(reason(json!({"id": 1, "input": input, "expect_state": "t"})), "state_mismatch");
    // An empty parameter counts as none.
    assert_eq!(reason(json!({"id": 1, "input": input, "expect_state": ""})), "state_unexpected");
    let with = |key: &str, value: &str| {
        let mut question = json!({"id": 1, "input": input, "expect_state": "s"});
        question[key] = value.into();
        reason(question)
    };
    assert_eq!(with("expect_iss", "https://as.example"), "issuer_missing");
    assert_eq!(with("expect_redirect_uri", "https://app.example/cb"), Value::Null);
    assert_eq!(with("expect_redirect_uri", "https://app.example/"), "redirect_uri_mismatch");
    assert_eq!(with("response_type", "token id_token"), "id_token_missing");
    assert_eq!(with("response_type", "id_token"), "id_token_missing");
    // Whatever else is in a question is no business of the parser's.
    assert_eq!(with("comment", "x"), Value::Null);
}

#[test]
fn an_id_token_is_carried_unread() {
    let ask = |kind: &str, input: &str| {
        let question = json!({"id": 1, "input": input, "response_type": kind});
        let line = batch(question.to_string(), &["--show-secrets"]).remove(0);
        serde_json::from_str::<Value>(&line).unwrap()
    };
    let both = ask("id_token token", "#access_token=x&token_type=bearer&id_token=no.jwt");
    assert_eq!((&both["access_token"], &both["id_token"]), (&json!("x"), &json!("no.jwt")));
    let alone = ask("id_token", "#id_token=no.jwt");
    assert_eq!((&alone["access_token"], &alone["id_token"]), (&json!(null), &json!("no.jwt")));
    assert_eq!(alone["token_type"], Value::Null);
}

#[test]
fn a_line_that_is_no_question_does_not_end_the_run() {
    let good = r##"{"id":7,"input":"#error=e"}"##;
    let bad: Vec<Vec<u8>> = [
        "",
        " ",
        "x",
        "{",
        "{}",
        "[]",
        "null",
        "1",
        r##""#error=e""##,
        r##"[7,"#error=e"]"##,
        r##"[7,"#error=e",null,null,null,null,null]"##,
        r##"{"id":7}"##,
        r##"{"input":"#error=e"}"##,
        r##"{"id":7,"input":null}"##,
        r##"{"id":7,"input":1}"##,
        r##"{"id":7,"input":["#error=e"]}"##,
        r##"{"id":7,"input":"#error=e","expect_state":1}"##,
        r##"{"id":7,"input":"#error=e","requested_scope":["a"]}"##,
        r##"{"id":7,"input":"#error=e","requested_scope":"a  b"}"##,
        r##"{"id":7,"input":"#error=e","response_type":"code"}"##,
        r##"{"id":7,"input":"#error=e","response_type":""}"##,
        r##"{"id":7,"input":"#error=e","input":"#error=e"}"##,
        r##"{"id":7,"id":7,"input":"#error=e"}"##,
        r##"{"id":7,"input":"#error=e"} {}"##,
        r##"{"id":7,"input":"#error=e"},"##,
        r##"{"id":7,"input":"#error=e",}"##,
        r##"{'id':7,'input':'#error=e'}"##,
        r##"{"id":7,"input":"\ud800"}"##,
        r##"{"ID":7,"input":"#error=e"}"##,
        "{\"id\":7,\"input\":\"a\tb\"}",
        "\u{feff}{\"id\":7,\"input\":\"#error=e\"}",
    ]
    .into_iter()
    .map(|line| line.as_bytes().to_vec())
    .chain([
        b"{\"id\":7,\"input\":\"\xff\"}".to_vec(),
        b"\xff".to_vec(),
        b"\0".to_vec(),
        [b"{\"id\":".to_vec(), vec![b'['; 100_000]].concat(),
    ])
    .collect();
    let mut input = Vec::new();
    for line in &bad {
        input.extend_from_slice(line);
        input.push(b'\n');
        input.extend_from_slice(good.as_bytes());
        input.push(b'\n');
    }
    let answers = batch(&input, &[]);
    assert_eq!(answers.len(), 2 * bad.len());
    for (pair, line) in answers.chunks(2).zip(&bad) {
        let told = String::from_utf8_lossy(line);
        let refused: Value = serde_json::from_str(&pair[0]).unwrap();
        let keys: Vec<&String> = refused.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["id", "kind", "reason", "parameter", "offset", "message"], "{told:.60}");
        assert!(is_bad_line(&refused), "{told:.60}: {refused}");
        assert_eq!((&refused["id"], &refused["kind"]), (&Value::Null, &json!("reject")), "{told:.60}");
        assert_eq!(serde_json::from_str::<Value>(&pair[1]).unwrap()["id"], 7, "{told:.60}");
    }
}

#[test]
fn a_bad_line_is_not_repeated() {
    for line in [
        TOKEN.to_owned(),
        format!(r##"{{"{TOKEN}":1}}"##),
        format!(r##"{{"id":1,"input":1,"{TOKEN}":{TOKEN}}}"##),
        format!(r##"{{"id":1,"input":{{"{TOKEN}":"{TOKEN}"}}}}"##),
        format!(r##"{{"id":1,"input":"","response_type":"{TOKEN}"}}"##),
        format!(r##"{{"id":1,"input":"","requested_scope":"{TOKEN}\""}}"##),
        format!(r##"{{"id":1,"input":"","expect_state":{{"{TOKEN}":1}}}}"##),
    ] {
        let answer = batch(&line, &["--show-secrets"]).remove(0);
        assert!(answer.contains("bad_line") && !answer.contains(TOKEN), "{line}: {answer}");
    }
}

#[test]
fn lines_may_end_as_on_windows_and_the_last_one_not_at_all() {
    let question = r##"{"id":1,"input":"#error=e"}"##;
    let expected = batch(question, &[]);
    assert_eq!(expected.len(), 1);
    assert_eq!(batch(format!("{question}\n"), &[]), expected);
    assert_eq!(batch(format!("{question}\r\n"), &[]), expected);
    assert_eq!(batch(format!(" \t{question} \r\n{question}"), &[]), [&expected[..], &expected].concat());
    assert_eq!(batch("", &[]), [""; 0]);
}

#[test]
fn long_lines_are_answered_too() {
    let question = |len: usize| json!({"id": 1, "input": format!("#error=e&a={}", "x".repeat(len))});
    assert_eq!(answer(question(60_000))["kind"], "error");
    let too_long = answer(question(5_000_000));
    assert_eq!((&too_long["reason"], &too_long["offset"]), (&json!("too_long"), &json!(65_536)));
    // Over what is read at all: no memory is spent on it, and the next line is found.
    let huge = vec![b'x'; 65 * 1024 * 1024];
    let input = [&huge[..], b"\n", question(1).to_string().as_bytes(), b"\n"].concat();
    let answers = batch(input, &[]);
    assert_eq!(answers.len(), 2);
    assert!(answers[0].contains("bad_line") && answers[1].contains(r#""kind":"error""#));
}

#[test]
fn offsets_count_bytes_of_the_input_and_not_of_the_line() {
    for (input, offset) in [
        ("#error=e&state=s", 9),
        ("https://a/\u{e9}#error=e&state=s", 9 + 12),
        ("https://a/\u{1f600}#error=e&state=s", 9 + 14),
        ("https://a/\"\\\u{1}#error=e&state=s", 9 + 13),
    ] {
        // Escaped in every way that JSON has, the input is the same.
        let escaped: String = input.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        for line in
            [json!({"id": 1, "input": input}).to_string(), format!(r#"{{"id":1,"input":"{escaped}"}}"#)]
        {
            let answer = answer(line);
            assert_eq!(answer["reason"], "state_unexpected", "{answer}");
            assert_eq!(answer["offset"], offset, "{input}");
        }
    }
    let missing = answer(json!({"id": 1, "input": "https://a/é#error=e", "expect_state": "s"}));
    assert_eq!(missing["offset"], "https://a/é#error=e".len());
}

#[test]
fn answers_keep_their_order() {
    let lines: String = (0..5000)
        .map(|at| match at % 3 {
            0 => json!({"id": at, "input": "#error=e"}).to_string() + "\n",
            1 => json!({"id": at, "input": "#access_token=x&token_type=bearer"}).to_string() + "\r\n",
            _ => json!({"id": at, "input": "x".repeat(at)}).to_string() + "\n",
        })
        .collect();
    let answers = batch(lines, &[]);
    assert_eq!(answers.len(), 5000);
    for (at, answer) in answers.iter().enumerate() {
        assert!(answer.starts_with(&format!("{{\"id\":{at},\"kind\":")), "{answer}");
    }
}

#[test]
fn each_question_is_answered_before_the_next_is_asked() {
    let mut command = command(&["parse", "--batch"]);
    let mut child = Running(command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap());
    let mut stdin = child.0.stdin.take().unwrap();
    let lines = Lines::of(child.0.stdout.take().unwrap());
    let question = |id: usize| json!({"id": id, "input": "#error=e"}).to_string() + "\n";
    let mut ask = |written: &str, ids: &[usize]| {
        stdin.write_all(written.as_bytes()).unwrap();
        for id in ids {
            let answer: Value = serde_json::from_str(&lines.next()).unwrap();
            assert_eq!(answer["id"], *id);
        }
    };
    ask(&question(1), &[1]);
    ask(&question(2), &[2]);
    ask(&(question(3) + &question(4)), &[3, 4]);
    // Half of the next question is written already.
    let next = question(6);
    let (half, rest) = next.split_at(10);
    ask(&(question(5) + half), &[5]);
    ask(rest, &[6]);
}

#[test]
fn what_a_line_says_for_itself_is_no_option() {
    for option in [
        &["#error=e"][..],
        &["--state", "s"],
        &["--no-state"],
        &["--json"],
        &["--redirect-uri", "https://a/"],
        &["--issuer", "https://a"],
        &["--scope", "a"],
        &["--response-type", "id_token"],
    ] {
        refusal(&[&["parse", "--batch"], option].concat(), &["--batch"]);
    }
    let question = r##"{"id":1,"input":"#error=e&endpoint_id=1&endpoint_id=2"}"##;
    assert!(batch(question, &["--profile", "ringcentral"])[0].contains("duplicate_parameter"));
    assert!(batch(question, &[])[0].contains("unknown_parameter_repeated"));
}
