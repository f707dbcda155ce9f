//! The adapter in [Leptos](https://leptos.dev): a hook that gives a component the session and what is to be known of it as
//! signals, and a page that uses it.

use std::error::Error;

use fragrant::client::Client;
use fragrant::client::session::Report;
use fragrant::profile::Profile;
use fragrant::value::{AuthorizationEndpoint, ClientId, Origin, RedirectUri};
use fragrant_web::{ApiCall, WebSession};
use leptos::prelude::*;
use leptos::task::spawn_local;

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
fn use_session(client: Client) -> Result<SessionHook, Box<dyn Error>> {
    let (session, mut events) = WebSession::builder(client).with_tabs().start()?;
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
    fn sign_in(self) {
        self.session.with_value(|session| {
            if let Err(error) = session.sign_in_by_popup(session.authorization_request(), None) {
                self.problem.set(Some(error.to_string()));
            }
        });
    }

    fn sign_out(self) {
        if let Err(error) = self.session.with_value(WebSession::sign_out) {
            self.problem.set(Some(error.to_string()));
        }
    }

    /// Calls the API, and puts the answer where it is to be shown.
    fn call(self, address: &'static str, shown: RwSignal<String>) {
        let session = self.session.get_value();
        spawn_local(async move {
            let answer = match session.fetch(ApiCall::get(address)).await {
                Ok(response) => response.text().await,
                Err(error) => Err(error),
            };
            shown.set(answer.unwrap_or_else(|error| error.to_string()));
        });
    }
}

#[component]
fn Account(hook: SessionHook) -> impl IntoView {
    let answer = RwSignal::new(String::new());
    view! {
        <main>
            <p role="alert">{move || hook.problem.get()}</p>
            <Show
                when=move || hook.user.with(Option::is_some)
                fallback=move || view! { <button on:click=move |_| hook.sign_in()>"Sign in"</button> }
            >
                <p>"Signed in: " {move || hook.user.get()}</p>
                <button on:click=move |_| hook.call("https://api.example/v1/me", answer)>"Who am I?"</button>
                <button on:click=move |_| hook.sign_out()>"Sign out"</button>
                <pre>{move || answer.get()}</pre>
            </Show>
        </main>
    }
}

fn client() -> Result<Client, Box<dyn Error>> {
    Ok(Client::new(
        Profile::STRICT,
        AuthorizationEndpoint::new("https://as.example/authorize")?,
        ClientId::new("s6BhdRkqt3")?,
        RedirectUri::new("https://app.example/cb")?,
    )
    .with_api_origin(Origin::new("https://api.example")?))
}

fn main() {
    mount_to_body(|| match client().and_then(use_session) {
        Ok(hook) => view! { <Account hook/> }.into_any(),
        Err(error) => view! { <p role="alert">{error.to_string()}</p> }.into_any(),
    });
}
