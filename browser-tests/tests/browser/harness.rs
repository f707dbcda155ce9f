//! The harness itself: what the other tests rely on.

use std::panic::catch_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use browser_tests::{Browser, BrowserSettings, until};

#[test]
fn tabs_popups_and_the_console() {
    let browser = Browser::start(&BrowserSettings::default());
    let first = browser.tab();
    first.open("data:text/html,<button onclick=\"open('about:blank','p','popup')\">Open</button>");
    first.press("Open");
    let popup = browser.wait_for_other_than(&[&first]);
    assert_eq!(popup.run("return opener !== null;", &[]), true);
    popup.close();
    browser.wait_for_tabs(1);
    let second = browser.new_tab();
    second.open("data:text/html,<p>second");
    assert_eq!((first.has("button"), second.has("button")), (true, false));
    second.run("console.log('heard');", &[]);
    assert!(browser.console().iter().any(|line| line.contains("heard")));
}

#[test]
fn a_popup_that_no_click_has_opened_is_blocked_if_that_is_asked_for() {
    for (settings, is_blocked) in
        [(BrowserSettings::default(), false), (BrowserSettings::default().with_popup_blocker(), true)]
    {
        let browser = Browser::start(&settings);
        let tab = browser.tab();
        // The driver's own scripts count as a user's doing, so a timer opens it.
        tab.open("data:text/html,<script>setTimeout(() => { window.popup = open('about:blank', 'p', 'popup'); window.done = true; })</script>");
        tab.wait_for("the popup", "return window.done ?? null;");
        assert_eq!(tab.run("return window.popup === null;", &[]), is_blocked);
    }
}

#[test]
fn a_browser_ends_with_a_test_that_fails() {
    let process = AtomicU64::new(0);
    let failure = catch_unwind(|| {
        let browser = Browser::start(&BrowserSettings::default());
        process.store(browser.process(), Ordering::Relaxed);
        assert!(is_running(browser.process()));
        browser.tab().click("((");
    });
    let words = failure.unwrap_err();
    let words = words.downcast_ref::<String>().unwrap();
    assert!(words.starts_with("((: invalid selector"), "{words}");
    until("the end of the browser", || (!is_running(process.load(Ordering::Relaxed))).then_some(()));
}

/// Whether a process runs. Where there is no `/proc` the test above ends at its first look.
fn is_running(process: u64) -> bool {
    Path::new(&format!("/proc/{process}")).exists()
}
