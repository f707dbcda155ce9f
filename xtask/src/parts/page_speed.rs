//! `page-speed`: an answer is read in a browser's page at least as fast as by what the browser has. The page is
//! `benches/page`: the two take turns, and the best of many rounds counts.

use std::fs;

use super::{browser, size};
use crate::command::run;
use crate::context::Context;
use crate::outcome::{Outcome, failed};

pub(crate) fn run_part(context: &Context) -> Outcome {
    browser::programs(context)?;
    let folder = context.target().join("web").join("page-speed");
    let own = context.root.join("benches").join("page");
    let files = [
        (own.join("index.html"), "index.html"),
        (own.join("page.js"), "page.js"),
        (size::bare(context, "page")?, "page.wasm"),
    ];
    let copied = fs::create_dir_all(&folder)
        .and_then(|()| files.iter().try_for_each(|(from, to)| fs::copy(from, folder.join(to)).map(drop)));
    copied.or_else(|error| failed(format!("{}: {error}", folder.display())))?;
    let mut test = context.cargo("test --package browser-tests --test page_speed --locked -- --nocapture");
    run(test.env("FRAGRANT_SPEED_PAGE", folder))
}
