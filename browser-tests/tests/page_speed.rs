//! How fast an answer is read in a browser: `cargo xtask page-speed` puts the page of `benches/page` together and runs this.

// clippy knows `#[test]` functions, and not those that they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::PathBuf;

use browser_tests::{BrowserSettings, World};
use fragrant_profiles::rfc6749;

/// How many times as fast as `URLSearchParams` it has to be at least.
const MUST: f64 = 1.0;

#[test]
fn reading_2_kb_takes_no_longer_than_with_what_the_browser_has() {
    let page = std::env::var_os("FRAGRANT_SPEED_PAGE").map(PathBuf::from);
    let page = page.expect("`cargo xtask page-speed` says where the page is");
    let world =
        World::start(World::server(&rfc6749::PROVIDER).with_app_folder(page), &BrowserSettings::default());
    let tab = world.open_app();
    let result = tab.wait_for("the result", "return window.result ?? null;");
    let number = |name: &str| result[name].as_f64().unwrap();
    let (bytes, module, browser, ratio) =
        (number("bytes"), number("module"), number("browser"), number("ratio"));
    println!("   {bytes} bytes in {module} ns; URLSearchParams {browser} ns: {ratio}x, at least {MUST}x");
    assert_eq!(result["agree"], true, "both read the same");
    assert!(bytes >= 2048.0 && module > 0.0, "{result}");
    assert!(ratio >= MUST, "{ratio}x");
}
