//! A single-page application without a framework: it signs in by redirect, in a popup or silently, calls the API, shows
//! who is signed in and for how long, and signs out. Its two pages are routes in the fragment, which is also where the
//! answer of a sign-in comes; the user is back on his page afterwards.
//!
//! All text of servers gets into the page as text, never as markup.

mod config;
mod page;

use std::rc::Rc;

use fragrant::client::session::{HandleError, Report};
use fragrant::message::AuthorizationRequest;
use fragrant::value::Scope;
use fragrant_web::{ApiCall, Arrival, Events, WebSession};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use config::{Call, Config};
use page::Page;

/// Smaller than what the standard library brings.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// What runs when the module is loaded.
#[wasm_bindgen(start)]
fn start() {
    // Nothing is awaited before the answer is out of the address.
    let (Ok(arrival), Some(page)) = (Arrival::take(), Page::new()) else { return };
    spawn_local(async move {
        if let Err(problem) = run(&page, arrival).await {
            page.status("");
            page.problem(&problem.to_string());
        }
    });
}

async fn run(page: &Page, arrival: Arrival) -> Result<(), Box<dyn core::error::Error>> {
    let config = Config::load().await?;
    let session = WebSession::builder(config.client.clone()).with_tabs().with_arrival(arrival);
    let (session, events) = session.start()?;
    if session.is_handed_over() {
        page.status("");
        page.show_handed_over();
        return Ok(());
    }
    let app = Rc::new(App { session, page: page.clone(), scope: config.scope.clone() });
    page.provider(&config.provider, config.scope.as_ref().map_or("nothing in particular", Scope::as_str));
    app.wire_up(&config.calls);
    app.show();
    page.status("Ready.");
    app.follow(events).await;
    Ok(())
}

/// The application.
struct App {
    session: WebSession,
    page: Page,
    scope: Option<Scope>,
}

impl App {
    /// Gives every button its meaning.
    fn wire_up(self: &Rc<Self>, calls: &[Call]) {
        let button = |id: &str, asked: fn(&Self) -> Result<(), HandleError>| {
            let app = self.clone();
            self.page.on_click(id, move || {
                app.page.problem("");
                if let Err(error) = asked(&app) {
                    app.page.problem(&format!("{error}."));
                }
            });
        };
        // The text that a sign-in carries is the user's own page.
        button("sign-in-redirect", |app| app.session.sign_in_by_redirect(app.begin(), app.page.route()));
        button("sign-in-popup", |app| app.session.sign_in_by_popup(app.begin(), app.page.route()));
        button("sign-in-silent", |app| app.session.sign_in_silently(app.begin(), app.page.route()));
        button("sign-out", |app| app.session.sign_out());
        for call in calls {
            let (app, call) = (self.clone(), call.clone());
            self.page.add_call(&call.title.clone(), move || {
                let (app, call) = (app.clone(), call.clone());
                spawn_local(async move { app.call(&call).await });
            });
        }
        let app = self.clone();
        self.page.on_route(move || app.show());
        let app = self.clone();
        self.page.every_second(move || app.page.time_left(app.session.seconds_left()));
    }

    /// Says that a sign-in begins, and what it asks for.
    fn begin(&self) -> AuthorizationRequest {
        self.page.status("Signing in.");
        let mut request = self.session.authorization_request();
        request.scope.clone_from(&self.scope);
        request
    }

    /// Follows the session for as long as the page is there.
    async fn follow(&self, mut events: Events) {
        while let Some(report) = events.next().await {
            self.tell(&report);
            self.show();
        }
    }

    fn tell(&self, report: &Report) {
        let page = &self.page;
        match report {
            Report::SignedIn(signed_in) => {
                page.problem("");
                page.status("Signed in.");
                if let Some(route) = &signed_in.text {
                    page.go_to(route);
                }
            }
            Report::SignedOut(problem) => {
                page.forget_result();
                page.status(&format!("Signed out: {problem}."));
            }
            Report::TokenRenewed(_) => page.status("The token was renewed."),
            Report::SignInFailed(problem) => {
                page.status("Not signed in.");
                page.problem(&format!("{problem}."));
            }
            Report::Problem(problem) => page.problem(&format!("{problem}.")),
            _ => {}
        }
    }

    fn show(&self) {
        self.page.show_route();
        let authorized = self.session.authorized();
        self.page.show_signed_in(authorized.is_some());
        self.page.phase(&self.session.phase().to_string());
        self.page.time_left(self.session.seconds_left());
        if let Some(authorized) = authorized {
            self.page.user(authorized.user().unwrap_or("the server does not say"));
            self.page.scope(authorized.scope().map_or("the server does not say", Scope::as_str));
        }
    }

    async fn call(&self, call: &Call) {
        self.page.problem("");
        let mut api_call = ApiCall::get(&*call.address);
        for (name, value) in &call.headers {
            api_call = api_call.with_header(&**name, &**value);
        }
        let answer = match self.session.fetch(api_call).await {
            Ok(response) => {
                response.text().await.map(|text| format!("{} {}\n\n{text}", response.status(), call.address))
            }
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => self.page.result(&answer),
            Err(error) => self.page.problem(&format!("{error}.")),
        }
    }
}
