//! What is shown in a frame, and what is not.

use browser_tests::{BrowserSettings, World, until};

use super::{NOTHING, begin, logged_in, server, shown_in_the_frame};

#[test]
fn the_login_page_is_not_shown_in_a_frame() {
    let world = World::start(server(), &BrowserSettings::default());
    let tab = world.open_app();
    let (url, _) = begin(&world, None);
    tab.run("frame(args[0]);", &[url.into()]);
    until("an empty frame", || (shown_in_the_frame(&tab) == NOTHING).then_some(()));
    let mut console = Vec::new();
    until("the reason in the console", || {
        console.extend(world.browser.console());
        console.iter().any(|line| line.contains("frame-ancestors")).then_some(())
    });
}

#[test]
fn a_server_that_refuses_frames_leaves_the_client_without_an_answer() {
    let world = World::start(server().refusing_frames(), &BrowserSettings::default());
    let tab = logged_in(&world);
    let (url, _) = begin(&world, Some("none"));
    tab.run("frame(args[0]);", &[url.into()]);
    until("an empty frame", || (shown_in_the_frame(&tab) == NOTHING).then_some(()));
    assert_eq!(tab.run("return answers.length;", &[]), 0);
}

#[test]
fn the_clients_page_is_framed_by_itself_and_by_nobody_else() {
    let world = World::start(server(), &BrowserSettings::default());
    let other = World::server(&fragrant_profiles::rfc6749::PROVIDER)
        .with_app_folder(concat!(env!("CARGO_MANIFEST_DIR"), "/page"))
        .start()
        .unwrap();
    let tab = world.open_app();
    let own = world.server.redirect_uri().as_str().to_owned();
    tab.run("frame(args[0]);", &[own.clone().into()]);
    let answer = tab.wait_for("the page in the frame", "return answers[0] ?? null;");
    assert_eq!(answer["address"], own);
    // The policy of the page around the frame would forbid it, too; so the page is one without a policy.
    tab.open("data:text/html,<body>");
    tab.run(
        "const frame = document.createElement('iframe'); frame.src = args[0]; document.body.append(frame);",
        &[other.redirect_uri().as_str().into()],
    );
    until("an empty frame", || (shown_in_the_frame(&tab) == NOTHING).then_some(()));
}
