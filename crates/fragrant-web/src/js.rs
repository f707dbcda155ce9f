//! The same for JavaScript and TypeScript. A value crosses once: settings come in as one text, and what is told goes out as
//! one object.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt::Display;

use fragrant::client::session::{self, Problem, Report, ScopeReport};
use fragrant::client::{Client, Purpose};
use fragrant::message::{AuthorizationRequest, ReservedParameter};
use fragrant::profile::{Profile, Renewal};
use fragrant::spec::ResponseParameter;
use fragrant::value::{
    self, AuthorizationEndpoint, ClientId, ExpiresIn, HttpUri, Issuer, Origin, PendingKey, Prompts,
    RedirectUri, Scope,
};
use fragrant::wire::form::{self, Pair};
use wasm_bindgen::prelude::*;

use crate::api::not_fit;
use crate::browser::{self, Function, Headers};
use crate::calls::Outcome;
use crate::records::Store;
use crate::session::WebSession;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a session is of. Texts and numbers alone, so that all of it crosses into the module at once: the words "undefined" and
 * "null" count as none. Times are in seconds. A setting that is none of these is an error. */
export interface Settings {
  authorization_endpoint: string;
  client_id: string;
  redirect_uri: string;
  /** The origins that the token may be sent to, with spaces between them. */
  api_origins?: string;
  /** By which identifier the authorization server names itself (RFC 9207). */
  issuer?: string;
  /** What is asked for unless a sign-in says otherwise. */
  scope?: string;
  /** Whether the server documents `prompt=none`, so that a token is renewed in a hidden frame. */
  renewal?: "silent" | "redirect";
  /** The provider's own parameters of each request, as a query has them: "brand_id=1210&localeId=de_DE". */
  parameters?: string;
  /** The names of the provider's own answer parameters, with spaces between them. */
  response_parameters?: string;
  /** The answer parameter that says which user the token is for. */
  user_parameter?: string;
  /** How long a token is good for that comes without `expires_in`, if the provider documents it. */
  default_lifetime?: number;
  /** How long a request waits for its answer: 600 unless set. */
  pending_lifetime?: number;
  /** How long a hidden frame may take to bring its answer: 10 unless set. */
  answer_timeout?: number;
  /** How far two clocks may differ: 5 unless set. */
  clock_skew?: number;
  /** Where the records of requests are kept: the tab's own storage unless set. A popup's are always in the local one. */
  pending_store?: "session" | "local";
  /** Whether the tabs in which the user is signed in share one renewal and the sign-out. */
  tabs?: "alone" | "several";
  /** Where the token is kept: in memory unless set. In a storage any script of this origin can read it, now or later. */
  dangerously_store_token?: "session" | "local";
}

/** A sign-in, beside what the settings say. */
export interface SignIn {
  scope?: string;
  /** Which pages the server may or must show, such as "login". */
  prompt?: string;
  /** How the server is to show them, such as "touch". */
  display?: string;
  /** The provider's own parameters of this request, beside those of the settings. */
  parameters?: string;
  /** The caller's own text, given back with the sign-in. */
  text?: string;
}

/** What the application is told. */
export interface Report {
  kind: "signed_in" | "signed_out" | "sign_in_failed" | "token_renewed" | "problem";
  /** What went wrong, in a word and in a sentence, and what helps. */
  cause?: string;
  message?: string;
  helps?: "ask the user" | "ignore" | "retry after" | "sign out";
  /** Which sign-in it was, for `identifyUser`. */
  sign_in?: string;
  user?: string;
  text?: string;
  scope?: string;
  missing_scope?: string;
}

/** Where the session stands. */
export interface State {
  /** As docs/spec/session.md has it. `handed_over`: this page is the end of another page's sign-in, and has nothing to show. */
  phase: string;
  user?: string;
  scope?: string;
  /** How long the token is still good for, in seconds, if its end is known. */
  seconds_left?: number;
}
"#;

#[wasm_bindgen]
extern "C" {
    /// What a session is of, as the typed declarations have it.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "Settings")]
    pub type Settings;
    /// A sign-in, beside what the settings say.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "SignIn")]
    pub type SignInOptions;
    /// The function that is told each report.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "(report: Report) => void")]
    pub type OnReport;
    /// Where a session stands.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "State")]
    pub type State;
    /// A text.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "string")]
    pub type Text;
    /// Where something is.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "string | URL")]
    pub type Address;
    /// What `fetch` takes beside an address.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "RequestInit")]
    pub type RequestInit;
    /// What `fetch` gives.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "Promise<Response>")]
    pub type PromisedResponse;
    /// What a probe has found out.
    #[derive(Debug)]
    #[wasm_bindgen(typescript_type = "Promise<\"kept\" | \"blocked\" | \"unanswered\">")]
    pub type PromisedProbe;

    type URLSearchParams;
    #[wasm_bindgen(constructor)]
    fn new(init: &JsValue) -> URLSearchParams;
    #[wasm_bindgen(method, js_name = toString)]
    fn to_text(this: &URLSearchParams) -> String;

    #[wasm_bindgen(method, js_name = bind)]
    fn with(this: &OnReport, receiver: &JsValue, report: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = queueMicrotask)]
    fn queue_microtask(task: &JsValue);
    #[wasm_bindgen(js_namespace = Object)]
    fn assign(to: &JsValue, from: &JsValue) -> JsValue;
    #[wasm_bindgen(js_namespace = Promise)]
    fn reject(problem: &JsValue) -> browser::Promise;
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn property(object: &JsValue, name: &str) -> JsValue;
    type Error;
    #[wasm_bindgen(constructor)]
    fn new(message: &str) -> Error;
}

/// A user's session in this page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    session: WebSession,
    scope: Option<Scope>,
}

#[wasm_bindgen]
impl Session {
    /// Starts a session: looks at the page's address for an answer, takes it out of there, and tells what came of it: each
    /// report in a microtask of its own, so that the first comes when this has returned. One session a page: the first takes
    /// the answer. Keep it for as long as it is to go on: after `free` only a call that is under way keeps it.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &Settings, on_report: OnReport) -> Result<Session, JsValue> {
        if !on_report.is_function() {
            return Err(error("expected a function that is told reports"));
        }
        let settings = Texts::of(settings);
        let client = client(&settings)?;
        let scope = settings.scope()?;
        let mut builder = WebSession::builder(client).with_settings(times(&settings)?);
        if settings.choose("tabs", ["alone", "several"])? == Some(true) {
            builder = builder.with_tabs();
        }
        if let Some(store) = settings.store("pending_store")? {
            builder = builder.with_pending_store(store);
        }
        if let Some(store) = settings.store("dangerously_store_token")? {
            builder = builder.dangerously_store_token(store);
        }
        settings.end()?;
        // Not before whoever starts the session has it, and with nothing in between that would keep an error of the
        // application's from the console.
        let on_report =
            move |report: &Report| queue_microtask(&on_report.with(&JsValue::UNDEFINED, &of_report(report)));
        let session = builder.start_with(on_report).map_err(|problem| thrown(&problem))?;
        Ok(Self { session, scope })
    }

    /// Signs the user in by sending this window to the authorization server.
    #[wasm_bindgen(js_name = signInByRedirect)]
    pub fn sign_in_by_redirect(&self, options: Option<SignInOptions>) -> Result<(), JsValue> {
        self.sign_in(Purpose::Redirect, options)
    }

    /// Signs the user in in a popup. Call it while the user's click is being handled, before anything is awaited.
    #[wasm_bindgen(js_name = signInByPopup)]
    pub fn sign_in_by_popup(&self, options: Option<SignInOptions>) -> Result<(), JsValue> {
        self.sign_in(Purpose::Popup, options)
    }

    /// Signs the user in without any page, if somebody is logged in at the authorization server.
    #[wasm_bindgen(js_name = signInSilently)]
    pub fn sign_in_silently(&self, options: Option<SignInOptions>) -> Result<(), JsValue> {
        self.sign_in(Purpose::Frame, options)
    }

    /// Signs the user out, in the other tabs too. The login at the authorization server is not touched by it.
    #[wasm_bindgen(js_name = signOut)]
    pub fn sign_out(&self) -> Result<(), JsValue> {
        self.session.sign_out().map_err(|problem| thrown(&problem))
    }

    /// Calls the API with the user's token, as `fetch` does otherwise. A body that is a stream cannot be sent a second time.
    /// Redirects are failures unless `init` says `redirect: "follow"`.
    pub fn fetch(&self, address: &Address, init: Option<RequestInit>) -> PromisedResponse {
        let init = init.map_or(JsValue::UNDEFINED, JsValue::from);
        // Nothing of it could be copied, and a write would become a read.
        if !member(&init, "url").is_undefined() {
            return reject(&error("fetch: expected an address and settings, not a Request")).unchecked_into();
        }
        let (promise, fulfil) = browser::promise();
        // Without a session nobody would say what came of it.
        let session = self.session.clone();
        let answer = move |outcome: Outcome| {
            let value = outcome
                .map_or_else(|problem| reject(&thrown(&problem)).into(), |response| response.into_js());
            settle(fulfil, &value);
            drop(session);
        };
        match prepared(&init) {
            Ok((method, init, headers)) => {
                self.session.call((method, address_of(address)), init, headers, answer)
            }
            Err(problem) => answer(Err(not_fit(problem))),
        }
        promise.unchecked_into()
    }

    /// Says who has signed in, as found out from the API: any text that tells users apart. `sign_in` is the report's. A session
    /// whose user changes ends.
    #[wasm_bindgen(js_name = identifyUser)]
    pub fn identify_user(&self, sign_in: &Text, user: &Text) -> Result<(), JsValue> {
        let (sign_in, user) = (text_of("sign_in", sign_in)?, text_of("user", user)?);
        let sign_in = PendingKey::new(&sign_in).map_err(|problem| thrown(&problem))?;
        self.session.identify_user(sign_in, user);
        Ok(())
    }

    /// Says that no cookies reach the authorization server in a frame, so that no silent renewal is tried.
    #[wasm_bindgen(js_name = cookiesAreBlocked)]
    pub fn cookies_are_blocked(&self) {
        self.session.cookies_are_blocked();
    }

    /// Asks a page of the authorization server's, in a hidden frame, whether its cookies reach it there; if they do not, or it does
    /// not answer within 10 seconds, no silent renewal is tried. `probe.html` beside this module is that page.
    pub fn probe(&self, page: &Address) -> PromisedProbe {
        let promise = match HttpUri::parse(address_of(page)) {
            Ok(page) => {
                let (promise, fulfil) = browser::promise();
                self.session.probe_with(&page, move |probed| settle(fulfil, &probed.as_str().into()));
                promise
            }
            Err(problem) => reject(&error(&["probe: ", &problem.to_string()].concat())),
        };
        promise.unchecked_into()
    }

    /// Where the session stands, as one object.
    pub fn state(&self) -> State {
        let state = Object::new();
        state.set_text("phase", Some(&self.session.phase().to_string()));
        self.session.with_authorized(|authorized| {
            state.set_text("user", authorized.user());
            state.set_text("scope", authorized.scope().map(Scope::as_str));
        });
        if let Some(seconds) = self.session.seconds_left() {
            state.set("seconds_left", &(seconds as f64).into());
        }
        state.0.unchecked_into()
    }

    fn sign_in(&self, purpose: Purpose, options: Option<SignInOptions>) -> Result<(), JsValue> {
        let options = Texts::of(&options.map_or_else(browser::object, JsValue::from));
        let request = self.request(&options)?;
        let text = options.take("text");
        options.end()?;
        self.session.sign_in(purpose, request, text).map_err(|problem| thrown(&problem))
    }

    fn request(&self, options: &Texts) -> Result<Box<AuthorizationRequest>, JsValue> {
        let mut request = Box::new(self.session.authorization_request());
        request.scope = options.scope()?.or_else(|| self.scope.clone());
        request.prompt = options.read("prompt", |text| Prompts::parse(&text))?;
        request.display = options.read("display", value::Display::new)?;
        options.add_parameters(&mut |name, value| request.add_extra(name, value))?;
        Ok(request)
    }
}

/// An object whose properties are texts, in one piece.
struct Texts {
    query: String,
    /// Which of them were asked for, a bit for each.
    taken: Cell<u64>,
}

impl Texts {
    fn of(object: &JsValue) -> Self {
        Self { query: URLSearchParams::new(object).to_text(), taken: Cell::new(0) }
    }

    /// All of them, with the bit of each. The browser has written it, so it is sound.
    fn pairs(&self) -> impl Iterator<Item = (u64, Pair<'_>)> {
        let pairs = form::pairs(&self.query, 0).filter_map(Result::ok);
        pairs.enumerate().map(|(at, pair)| (1_u64.checked_shl(at as u32).unwrap_or(0), pair))
    }

    fn take(&self, name: &str) -> Option<String> {
        let (bit, pair) = self.pairs().find(|(_, pair)| pair.name.decode() == name)?;
        self.taken.set(self.taken.get() | bit);
        let value = pair.value.decode().into_owned();
        // A property that is not set comes as the language's own name for that.
        (value != "undefined" && value != "null").then_some(value)
    }

    /// Nothing was misspelt: each of them was asked for.
    fn end(&self) -> Result<(), JsValue> {
        match self.pairs().find(|(bit, _)| self.taken.get() & bit == 0) {
            Some((_, pair)) => Err(error(&[&*pair.name.decode(), ": there is no such setting"].concat())),
            None => Ok(()),
        }
    }

    /// Which of two words it is; whether it is the second.
    fn choose(&self, name: &str, [first, second]: [&str; 2]) -> Result<Option<bool>, JsValue> {
        match self.take(name) {
            None => Ok(None),
            Some(value) if value == first => Ok(Some(false)),
            Some(value) if value == second => Ok(Some(true)),
            Some(_) => Err(error(&[name, ": expected ", first, " or ", second].concat())),
        }
    }

    fn store(&self, name: &str) -> Result<Option<Store>, JsValue> {
        let is_local = self.choose(name, ["session", "local"])?;
        Ok(is_local.map(|is_local| if is_local { Store::Local } else { Store::Session }))
    }

    /// What stands between spaces.
    fn words(&self, name: &str) -> Vec<Cow<'static, str>> {
        let words = self.take(name).unwrap_or_default();
        words.split_ascii_whitespace().map(|word| String::from(word).into()).collect()
    }

    fn seconds(&self, name: &str) -> Result<Option<u64>, JsValue> {
        let seconds = self.take(name).map(|value| ExpiresIn::parse(&value)).transpose();
        let seconds = seconds.map_err(|_| error(&[name, ": expected whole seconds"].concat()))?;
        Ok(seconds.map(ExpiresIn::as_seconds))
    }

    /// The provider's own parameters.
    fn add_parameters(
        &self,
        add: &mut dyn FnMut(String, String) -> Result<(), ReservedParameter>,
    ) -> Result<(), JsValue> {
        let query = self.take("parameters").unwrap_or_default();
        for pair in form::pairs(&query, 0) {
            let pair = pair.map_err(|_| error("parameters: expected a query"))?;
            let added = add(pair.name.decode().into_owned(), pair.value.decode().into_owned());
            added.map_err(|problem| thrown(&problem))?;
        }
        Ok(())
    }

    fn read<T, E: Display>(
        &self,
        name: &str,
        parse: fn(String) -> Result<T, E>,
    ) -> Result<Option<T>, JsValue> {
        let value = self.take(name).map(parse).transpose();
        // A problem says which value it is about.
        value.map_err(|problem| thrown(&problem))
    }

    fn required<T, E: Display>(&self, name: &str, parse: fn(String) -> Result<T, E>) -> Result<T, JsValue> {
        self.read(name, parse)?.ok_or_else(|| error(&[name, ": it is missing"].concat()))
    }

    fn scope(&self) -> Result<Option<Scope>, JsValue> {
        self.read("scope", Scope::new)
    }
}

fn client(settings: &Texts) -> Result<Client, JsValue> {
    let mut profile = Profile::STRICT;
    if settings.choose("renewal", ["redirect", "silent"])? == Some(true) {
        profile.renewal = Renewal::Silent;
    }
    let mut names = settings.words("response_parameters");
    if let Some(name) = settings.take("user_parameter") {
        names.push(name.clone().into());
        profile.user_parameter = Some(name.into());
    }
    if names.iter().any(|name| ResponseParameter::from_name(name).is_some() || name.contains(',')) {
        return Err(error("response_parameters, user_parameter: expected names of the provider's own"));
    }
    profile.response_parameters = names.into();
    profile.default_lifetime = settings.seconds("default_lifetime")?;
    let endpoint = settings.required("authorization_endpoint", AuthorizationEndpoint::new)?;
    let client_id = settings.required("client_id", ClientId::new)?;
    let redirect_uri = settings.required("redirect_uri", RedirectUri::new)?;
    let issuer = settings.read("issuer", Issuer::new)?;
    let mut client = Client::new(profile, endpoint, client_id, redirect_uri);
    if let Some(issuer) = issuer {
        client = client.with_issuer(issuer);
    }
    if let Some(seconds) = settings.seconds("pending_lifetime")? {
        client = client.with_pending_lifetime(seconds);
    }
    for origin in settings.words("api_origins") {
        let origin = Origin::new(origin);
        let origin = origin.map_err(|problem| error(&["api_origins: ", &problem.to_string()].concat()))?;
        client = client.with_api_origin(origin);
    }
    settings.add_parameters(&mut |name, value| client.add_parameter(name, value))?;
    Ok(client)
}

fn times(settings: &Texts) -> Result<session::Settings, JsValue> {
    let mut times = session::Settings::DEFAULT;
    for (name, time) in [("answer_timeout", &mut times.answer_timeout), ("clock_skew", &mut times.clock_skew)]
    {
        if let Some(seconds) = settings.seconds(name)? {
            *time = u32::try_from(seconds).unwrap_or(u32::MAX);
        }
    }
    Ok(times)
}

fn of_report(report: &Report) -> JsValue {
    let object = Object::new();
    let kind = match report {
        Report::Problem(problem) => object.set_problem("problem", problem),
        Report::SignInFailed(problem) => object.set_problem("sign_in_failed", problem),
        Report::SignedIn(signed_in) => {
            object.set_text("sign_in", Some(&signed_in.sign_in.to_text()));
            object.set_text("user", signed_in.user.as_deref());
            object.set_text("text", signed_in.text.as_deref());
            object.set_scope("signed_in", &signed_in.scope)
        }
        Report::SignedOut(problem) => object.set_problem("signed_out", problem),
        Report::TokenRenewed(scope) => object.set_scope("token_renewed", scope),
        _ => "other",
    };
    object.set_text("kind", Some(kind));
    object.0
}

/// An object that is being made.
struct Object(JsValue);

impl Object {
    fn new() -> Self {
        Self(browser::object())
    }

    fn set(&self, name: &str, value: &JsValue) {
        browser::set_property(&self.0, name, value);
    }

    /// A text that is not there is left out.
    fn set_text(&self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.set(name, &text.into());
        }
    }

    fn set_problem(&self, kind: &'static str, problem: &Problem) -> &'static str {
        self.set_text("cause", Some(problem.cause.as_str()));
        self.set_text("message", Some(&problem.to_string()));
        self.set_text("helps", Some(problem.cause.next_action().as_str()));
        kind
    }

    fn set_scope(&self, kind: &'static str, scope: &ScopeReport) -> &'static str {
        self.set_text("scope", scope.granted.as_ref().map(Scope::as_str));
        self.set_text("missing_scope", scope.missing.as_ref().map(Scope::as_str));
        kind
    }
}

fn error(message: &str) -> JsValue {
    Error::new(message).into()
}

/// What is wrong, as an error of the language's own.
fn thrown(problem: &dyn Display) -> JsValue {
    error(&problem.to_string())
}

/// A property of what may be no object, and has none then.
fn member(value: &JsValue, name: &str) -> JsValue {
    if value.is_object() { property(value, name) } else { JsValue::UNDEFINED }
}

fn text_of(name: &str, value: &Text) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| error(&[name, ": expected a text"].concat()))
}

/// What is no address is one that nothing is found at.
fn address_of(address: &Address) -> String {
    let text = address.as_string();
    text.or_else(|| member(address, "href").as_string()).unwrap_or_default()
}

/// Fulfils a promise.
fn settle(fulfil: Option<Function>, value: &JsValue) {
    if let Some(fulfil) = fulfil {
        let _ = fulfil.call(&JsValue::UNDEFINED, value);
    }
}

/// A copy of what `fetch` is given, with headers of its own that the session may add to; and the method.
fn prepared(given: &JsValue) -> Result<(String, JsValue, Headers), JsValue> {
    let init = assign(&browser::object(), given);
    let headers = Headers::new(&property(&init, "headers"))?;
    browser::set_property(&init, "headers", &headers);
    if property(&init, "redirect").is_undefined() {
        browser::set_property(&init, "redirect", &JsValue::from_str("error"));
    }
    let method = property(&init, "method").as_string();
    Ok((method.unwrap_or_else(|| String::from("GET")), init, headers))
}
