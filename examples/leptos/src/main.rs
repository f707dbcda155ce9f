//! The adapter in [Leptos](https://leptos.dev): a hook that gives a component the session and what is to be known of it as
//! signals, and a page that uses it.
//!
//! `cargo xtask leptos` builds the page into `target/web/leptos`, and signs in with it in a browser.
//! `fragrant serve --app target/web/leptos` shows it.

// What the page is a client with, as its own server says: nothing of it is Leptos'.
#[path = "../../spa/src/config.rs"]
mod config;

use std::error::Error;

use config::{Call, Config};
use fragrant::client::Client;
use fragrant::client::session::Report;
use fragrant::value::Scope;
use fragrant_web::{ApiCall, Arrival, WebSession};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// A session and its signals. Copies are of one session.
#[derive(Clone, Copy)]
struct SessionHook {
    session: StoredValue<WebSession, LocalStorage>,
    /// Who is signed in, if anybody is: what the server says of the user, which may be nothing.
    user: RwSignal<Option<String>>,
    /// What went wrong last.
    problem: RwSignal<Option<String>>,
}

/// Starts the session of a client, and follows it for as long as the component is there.
fn use_session(client: Client, arrival: Arrival) -> Result<SessionHook, Box<dyn Error>> {
    let (session, mut events) = WebSession::builder(client).with_tabs().with_arrival(arrival).start()?;
    let hook = SessionHook {
        session: StoredValue::new_local(session),
        user: RwSignal::new(None),
        problem: RwSignal::new(None),
    };
    spawn_local(async move {
        while let Some(report) = events.next().await {
            match report {
                Report::SignedIn(signed_in) => {
                    hook.problem.set(None);
                    hook.user.set(Some(signed_in.user.unwrap_or_default()));
                }
                Report::SignedOut(_) => hook.user.set(None),
                Report::SignInFailed(problem) | Report::Problem(problem) => {
                    hook.problem.set(Some(problem.to_string()));
                }
                _ => {}
            }
        }
    });
    Ok(hook)
}

impl SessionHook {
    /// Opens the popup; for the handler of a click.
    fn sign_in(self, scope: Option<Scope>) {
        self.problem.set(None);
        self.session.with_value(|session| {
            let mut request = session.authorization_request();
            request.scope = scope;
            if let Err(error) = session.sign_in_by_popup(request, None) {
                self.problem.set(Some(error.to_string()));
            }
        });
    }

    fn sign_out(self) {
        if let Err(error) = self.session.with_value(WebSession::sign_out) {
            self.problem.set(Some(error.to_string()));
        }
    }

    /// Whether this page is a popup whose answer the page that waits has now.
    fn is_handed_over(self) -> bool {
        self.session.with_value(WebSession::is_handed_over)
    }

    /// Calls the API, and puts the answer where it is to be shown.
    fn call(self, call: &Call, shown: RwSignal<String>) {
        let session = self.session.get_value();
        let mut api_call = ApiCall::get(&*call.address);
        for (name, value) in &call.headers {
            api_call = api_call.with_header(&**name, &**value);
        }
        spawn_local(async move {
            let answer = match session.fetch(api_call).await {
                Ok(response) => response.text().await,
                Err(error) => Err(error),
            };
            shown.set(answer.unwrap_or_else(|error| error.to_string()));
        });
    }
}

#[component]
fn Account(hook: SessionHook, provider: String, scope: Option<Scope>, calls: Vec<Call>) -> impl IntoView {
    let answer = RwSignal::new(String::new());
    let (scope, calls) = (StoredValue::new(scope), StoredValue::new(calls));
    let buttons = move |call: Call| {
        let title = call.title.clone();
        view! { <button on:click=move |_| hook.call(&call, answer)>{title}</button> }
    };
    let sign_in = move || {
        answer.set(String::new());
        hook.sign_in(scope.get_value());
    };
    view! {
        <main>
            <h1>"Sign in with " {provider}</h1>
            <p role="alert">{move || hook.problem.get()}</p>
            <Show
                when=move || hook.user.with(Option::is_some)
                fallback=move || view! { <button on:click=move |_| sign_in()>"Sign in"</button> }
            >
                <p role="status">"Signed in: " {move || hook.user.get()}</p>
                {calls.get_value().into_iter().map(buttons).collect_view()}
                <button on:click=move |_| hook.sign_out()>"Sign out"</button>
                <pre>{move || answer.get()}</pre>
            </Show>
        </main>
    }
}

/// The page of a client.
fn page(config: Config, arrival: Arrival) -> Result<AnyView, Box<dyn Error>> {
    let hook = use_session(config.client, arrival)?;
    Ok(match hook.is_handed_over() {
        true => view! { <p>"You can close this window."</p> }.into_any(),
        false => view! { <Account hook provider=config.provider scope=config.scope calls=config.calls/> }
            .into_any(),
    })
}

fn main() {
    // Nothing is awaited before the answer is out of the address.
    let arrival = Arrival::take();
    spawn_local(async move {
        let config = Config::load().await;
        mount_to_body(move || {
            let shown = arrival.map_err(Into::into).and_then(|arrival| page(config?, arrival));
            shown.unwrap_or_else(|error| view! { <p role="alert">{error.to_string()}</p> }.into_any())
        });
    });
}
