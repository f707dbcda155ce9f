//! What the page is a client with, as its own server says.

use fragrant::client::Client;
use fragrant::profile::Profile;
use fragrant::value::{AuthorizationEndpoint, ClientId, Issuer, Origin, RedirectUri, Scope};
use fragrant_profiles::{procore, ringcentral};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

pub(crate) struct Config {
    pub(crate) client: Client,
    pub(crate) provider: String,
    pub(crate) scope: Option<Scope>,
    pub(crate) calls: Vec<Call>,
}

/// A call to try the token with.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) title: String,
    pub(crate) address: String,
    pub(crate) headers: Vec<(String, String)>,
}

type Error = Box<dyn core::error::Error>;

impl Config {
    /// Asks for `/config.json`.
    pub(crate) async fn load() -> Result<Self, Error> {
        let config = fetch_json("/config.json").await.map_err(|_| "the page's settings cannot be loaded")?;
        let profile = match text(&config, "provider")?.as_str() {
            "ringcentral" => ringcentral::PROFILE,
            "procore" => procore::PROFILE,
            _ => Profile::STRICT,
        };
        let provider = profile.name.clone().into_owned();
        let endpoint = AuthorizationEndpoint::new(text(&config, "authorization_endpoint")?)?;
        let client_id = ClientId::new(text(&config, "client_id")?)?;
        let redirect_uri = RedirectUri::new(text(&config, "redirect_uri")?)?;
        let mut client = Client::new(profile, endpoint, client_id, redirect_uri)
            .with_api_origin(Origin::new(text(&config, "api_origin")?)?);
        if let Ok(issuer) = text(&config, "issuer") {
            client = client.with_issuer(Issuer::new(issuer)?);
        }
        let scope = text(&config, "scope").ok().map(Scope::new).transpose()?;
        Ok(Self { client, provider, scope, calls: calls(&config) })
    }
}

async fn fetch_json(address: &str) -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let response: Response = JsFuture::from(window.fetch_with_str(address)).await?.dyn_into()?;
    JsFuture::from(response.json()?).await
}

fn calls(config: &JsValue) -> Vec<Call> {
    let calls = Reflect::get(config, &"calls".into()).unwrap_or_default();
    let calls = calls.dyn_into::<Array>().unwrap_or_default();
    calls.iter().filter_map(|call| Call::read(&call).ok()).collect()
}

impl Call {
    fn read(call: &JsValue) -> Result<Self, Error> {
        let headers = Reflect::get(call, &"headers".into()).ok().and_then(|headers| headers.dyn_into().ok());
        let headers = Object::entries(&headers.unwrap_or_default());
        let pairs = headers.iter().filter_map(|pair| {
            let pair = pair.dyn_into::<Array>().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        });
        Ok(Self { title: text(call, "title")?, address: text(call, "url")?, headers: pairs.collect() })
    }
}

fn text(object: &JsValue, name: &str) -> Result<String, Error> {
    let value = Reflect::get(object, &name.into()).ok().and_then(|value| value.as_string());
    value.ok_or_else(|| format!("the page's settings lack `{name}`").into())
}
