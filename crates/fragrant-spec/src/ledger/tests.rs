use super::*;

const LIST: &str = r#"
[RFC6749]
title = "The OAuth 2.0 Authorization Framework"
[RFC6749.requirements]
"RFC6749-3.1-7" = { section = "3.1", level = "MUST", actor = "authorization-server", summary = "One." }
"RFC6749-3.1-8" = { section = "3.1", level = "SHOULD", actor = "client", derived = true, summary = "Two | 2." }
"RFC6749-10.9-1" = { section = "10.9", level = "MUST", actor = "client", summary = "TLS.", exception = { kind = "transport", why = "Not ours." } }
[RFC6750]
title = "Bearer Token Usage"
[RFC6750.requirements]
"RFC6750-2-1" = { section = "2", level = "MAY", actor = "api-server", summary = "Three." }
"#;

const KEPT: &str = "fn parse() {} // req: RFC6749-3.1-7";
const SHOWN: &str = "// req(test): RFC6749-3.1-7\n#[test]\nfn it_is_parsed() {}";

fn ledger(text: &str) -> Ledger {
    let mut ledger = Ledger::of_list(LIST).unwrap();
    ledger.read("src/lib.rs", text);
    ledger
}

/// What is wrong with the marks alone.
fn misplaced(text: &str) -> Vec<String> {
    ledger(text).misplaced
}

#[test]
fn a_mark_is_noted_with_its_place() {
    let ledger =
        ledger(&format!("{KEPT}\n{SHOWN}\n// req(test): RFC6749-3.1-8 RFC6750-2-1\n#[test]\nfn b() {{}}"));
    assert_eq!(ledger.complaints(), [""; 0]);
    let one = ledger.requirements().next().unwrap();
    assert_eq!(one.kept[0].to_string(), "src/lib.rs:1");
    assert_eq!(one.kept[0].item.as_deref(), Some("parse"));
    assert_eq!(one.shown[0].item.as_deref(), Some("it_is_parsed"));
    assert_eq!(ledger.unused().count(), 0);
    let open: Vec<&str> = ledger.open_shoulds().map(|requirement| &*requirement.id).collect();
    assert_eq!(open, ["RFC6749-3.1-8"], "a test alone does not keep it");
}

#[test]
fn a_must_needs_its_code_and_its_test() {
    let head = "RFC6749-3.1-7 (MUST, authorization server) has no";
    assert_eq!(
        ledger("").complaints(),
        [format!("{head} code and no test, and no exception in docs/requirements.toml")]
    );
    assert_eq!(
        ledger(KEPT).complaints(),
        [format!("{head} test: mark one with `// req(test): RFC6749-3.1-7`")]
    );
    assert_eq!(ledger(SHOWN).complaints(), [format!("{head} code: mark it with `// req: RFC6749-3.1-7`")]);
    assert_eq!(ledger(&format!("{KEPT}\n{SHOWN}")).complaints(), [""; 0]);
}

#[test]
fn an_exception_and_a_mark_contradict_each_other() {
    let text = format!("{KEPT}\n{SHOWN}\n// req: RFC6749-10.9-1");
    assert_eq!(
        ledger(&text).complaints(),
        [
            "RFC6749-10.9-1 has an exception in docs/requirements.toml and a mark at src/lib.rs:5: one of them is wrong"
        ]
    );
}

#[test]
fn an_unknown_id_is_named_with_its_place_and_its_nearest() {
    assert_eq!(
        misplaced(
            "\nconst A: u8 = 1; // req: RFC6749-3.1-7\n// req: RFC6749-3.1-9, whatever\nconst B: u8 = 2;"
        ),
        [
            "src/lib.rs:3: no requirement has the id RFC6749-3.1-9; the nearest is RFC6749-3.1-7",
            "src/lib.rs:3: no requirement has the id whatever",
        ]
    );
}

#[test]
fn a_mark_gone_wrong_is_refused() {
    for text in [
        "// req",
        "// req:",
        "// req:X",
        "// req RFC6750-2-1",
        "// Req: X",
        "// req(tests): X",
        "// req (test): X",
    ] {
        let expected = ["src/lib.rs:1: a requirement mark is written `// req: ID` or `// req(test): ID`"];
        assert_eq!(misplaced(text), expected, "{text}");
    }
    for text in ["/// req: RFC6750-2-1", "//! req(test): RFC6750-2-1"] {
        assert!(misplaced(text)[0].contains("not documentation"), "{text}");
    }
}

#[test]
fn a_test_keeps_nothing() {
    const COMPLAINT: &str = "a test keeps no requirement, it shows one: `// req(test): ID`";
    let mut ledger = ledger(&SHOWN.replace("(test)", ""));
    ledger.read("crates/x/tests/it.rs", "// req: RFC6749-3.1-7\nfn a_helper() {}");
    assert_eq!(
        ledger.misplaced,
        [format!("src/lib.rs:1: {COMPLAINT}"), format!("crates/x/tests/it.rs:1: {COMPLAINT}")]
    );
    assert!(ledger.requirements().all(|requirement| requirement.kept.is_empty()));
}

#[test]
fn what_is_no_test_shows_nothing() {
    for text in [
        "// req(test): RFC6749-3.1-7\nfn a_helper() {}",
        "fn a_helper() {\n    assert!(true); // req(test): RFC6749-3.1-7\n}",
        "#[test]\nfn it_is_parsed() {}\n// req(test): RFC6749-3.1-7\nconst ROWS: &[&str] = &[];",
        "// req(test): RFC6749-3.1-7\n#[cfg(test)]\nmod tests {",
        "// req(test): RFC6749-3.1-7",
    ] {
        let ledger = ledger(text);
        let line = text.lines().position(|line| line.contains("req")).unwrap() + 1;
        assert_eq!(
            ledger.misplaced,
            [format!(
                "src/lib.rs:{line}: a test's mark stands at a test, with `#[test]` or the like above it; this is none"
            )],
            "{text}"
        );
        assert!(ledger.requirements().all(|requirement| requirement.shown.is_empty()), "{text}");
    }
}

#[test]
fn what_is_no_mark_is_left_alone() {
    for text in [
        "// requests are built here",
        "/// A mark is written `// req: ID`.",
        "// see // req: X",
        "let text = \"// req: X\";",
        "let text = \"a \\\" // req: X\";",
        "let text = \"https://example.com/\"; let quote = \"req: X\";",
        "let not_a_comment = 1 / 2;",
        "/* req: X */",
        "/*\n// req: RFC6749-3.1-7\n*/",
        "const LIST: &str = \"\n// req: RFC6749-3.1-7\n\";",
        "const LIST: &str = r#\"\n\"// req: RFC6749-3.1-7\n\"#;",
    ] {
        let ledger = ledger(text);
        assert_eq!(ledger.misplaced, [""; 0], "{text}");
        assert!(ledger.requirements().all(|requirement| requirement.kept.is_empty()), "{text}");
    }
}

#[test]
fn the_page_counts_and_names_the_places() {
    let page = ledger(&format!("{KEPT}\n{KEPT}\n{SHOWN}")).page();
    for row in [
        "| [RFC6749](#rfc6749-the-oauth-20-authorization-framework) | 1 | 1 | 0 | 0 | 1 | 0 | 0 | 0 |",
        "| [RFC6750](#rfc6750-bearer-token-usage) | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |",
        "| all | 1 | 1 | 0 | 0 | 1 | 0 | 0 | 1 |",
        "| transport | belongs to what carries the messages: TLS and certificates | 1 |",
        "| 3.1 | RFC6749-3.1-7 | MUST | authorization server | One. | [`parse`](../../src/lib.rs) | \
         [`it_is_parsed`](../../src/lib.rs) |",
        "| 3.1 | RFC6749-3.1-8 | SHOULD, derived | client | Two \\| 2. |  |  |",
        "| 10.9 | RFC6749-10.9-1 | MUST | client | TLS. | *transport:* Not ours. | |",
    ] {
        assert!(page.lines().any(|line| line == row), "{row}\n\n{page}");
    }
}

#[test]
fn the_page_says_what_nobody_tries() {
    let list = LIST.replace("summary = \"One.\"", "summary = \"One.\", untried = \"A type keeps it.\"");
    let mut ledger = Ledger::of_list(&list).unwrap();
    assert_eq!(
        ledger.complaints(),
        ["RFC6749-3.1-7 is untried in docs/requirements.toml, and has no marks that could be tried"]
    );
    ledger.read("src/lib.rs", &format!("{KEPT}\n{SHOWN}"));
    assert_eq!(ledger.complaints(), [""; 0]);
    let page = ledger.page();
    assert!(
        page.contains("Of the 1 requirements that code keeps and a test shows, 0 have a fault"),
        "{page}"
    );
    assert!(page.contains("\n| RFC6749-3.1-7 | One. | A type keeps it. |\n"), "{page}");
}

#[test]
fn the_page_stays_when_lines_move() {
    let text = format!("{KEPT}\n{SHOWN}");
    assert_eq!(ledger(&text).page(), ledger(&format!("\n\nuse std::fmt;\n{text}")).page());
    assert_ne!(ledger(&text).page(), ledger(&text.replace("parse()", "read()")).page());
}
