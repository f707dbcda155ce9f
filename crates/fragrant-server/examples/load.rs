//! How many authorization requests of a browser that is logged in are answered in a second, and how soon: starts a server,
//! logs in, allows, and then has `wrk` (a package of that name nearly everywhere) ask for tokens on the same machine.
//!
//! ```text
//! cargo run --release -p fragrant-server --example load [-- [--seconds N] [--rounds N] [--limit N] [--store FILE]]
//! ```
//!
//! `--limit` sets how many requests an address may send in a second, and so has them counted; `--store` keeps what is issued
//! in a file. It prints what `wrk` says of each round, and how much memory the server has after it. Thirty seconds and ten
//! rounds are five minutes in which sixty generations of tokens come and go.

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;
use std::str::FromStr;

use fragrant::authorization_server::{ClientRegistration, RegisteredRedirectUri};
use fragrant::value::{ClientId, Scope};
use fragrant_profiles::rfc6749;
use fragrant_server::{Limits, Server, User};

const PASSWORD: &str = "correct horse battery staple";
const QUERY: &str = "response_type=token&client_id=web&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=read\
                     &state=0123456789abcdef0123456789abcdef&prompt=none";
const FORM: &str = "application/x-www-form-urlencoded";

fn main() -> Result<(), Box<dyn Error>> {
    let seconds: u64 = option("--seconds")?.unwrap_or(10);
    let rounds: u64 = option("--rounds")?.unwrap_or(3);
    let mut limits = Limits::default();
    limits.requests_per_second = option("--limit")?;
    let redirect_uri = RegisteredRedirectUri::new("https://app.example/cb")?;
    let client = ClientRegistration::new(ClientId::new("web")?, "Web", [redirect_uri])?;
    let mut server = Server::new(&rfc6749::PROVIDER)
        .with_limits(limits)
        .with_client(client.with_scope(Scope::new("read")?, None)?)
        .with_user(User::new("jane", PASSWORD)?)
        // Or the million tokens that are remembered would be there soon.
        .with_token_lifetime(5)
        .with_session_lifetime(24 * 3600);
    if let Some(file) = option::<PathBuf>("--store")? {
        server = server.with_store(file);
    }
    let server = server.start()?;
    let address = format!("{}?{QUERY}", server.authorization_endpoint());
    let cookies = logged_in(&address.replace("&prompt=none", ""))?;
    println!("{}", memory()?);
    for _ in 0..rounds {
        let mut wrk = Command::new("wrk");
        wrk.args(["-t1", "-c32", "--latency", &format!("-d{seconds}s"), "-H", &format!("Cookie: {cookies}")]);
        let status = wrk.arg(&address).status().map_err(|error| format!("wrk does not start: {error}"))?;
        if !status.success() {
            return Err(format!("wrk ended with {status}").into());
        }
        println!("{}", memory()?);
    }
    Ok(())
}

/// The value after an option, if it is given.
fn option<T>(name: &str) -> Result<Option<T>, Box<dyn Error>>
where
    T: FromStr<Err: Error + 'static>,
{
    let mut arguments = std::env::args();
    match arguments.find(|argument| argument == name) {
        Some(_) => Ok(Some(arguments.next().ok_or("expected a value")?.parse()?)),
        None => Ok(None),
    }
}

/// Logs in, allows, and gives the cookies of a browser that has done so. The answer to the request that follows is looked at:
/// errors would be fast, too.
fn logged_in(address: &str) -> Result<String, Box<dyn Error>> {
    let config = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build();
    let agent = ureq::Agent::new_with_config(config);
    let mut cookies: Vec<String> = Vec::new();
    let mut page = agent.get(address).call()?;
    let origin = address.split("/authorize").next().unwrap_or_default();
    for (path, fields) in [
        ("/login", format!("username=jane&password={PASSWORD}")),
        ("/consent", "decision=allow&scope=read".into()),
    ] {
        cookies.extend(set_cookies(&page));
        let text = page.body_mut().read_to_string()?;
        let (number, csrf) = (hidden(&text, "transaction")?, hidden(&text, "csrf")?);
        let form = format!("{fields}&transaction={number}&csrf={csrf}").replace(' ', "+");
        let request = agent.post(format!("{origin}{path}")).header("content-type", FORM);
        page = request.header("cookie", cookies.join("; ")).send(form)?;
    }
    let answer = agent.get(address).header("cookie", cookies.join("; ")).call()?;
    let location = answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
    match location.contains("#access_token=") {
        true => Ok(cookies.join("; ")),
        false => Err(format!("expected a token, found status {}", answer.status()).into()),
    }
}

fn set_cookies<B>(page: &ureq::http::Response<B>) -> Vec<String> {
    let values = page.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    values.filter_map(|value| Some(value.split(';').next()?.to_owned())).collect()
}

/// The value of a field that the page has in its form.
fn hidden<'a>(page: &'a str, name: &str) -> Result<&'a str, Box<dyn Error>> {
    let start = format!("name=\"{name}\" value=\"");
    let value = page.split_once(&start).and_then(|(_, rest)| rest.split('"').next());
    Ok(value.ok_or_else(|| format!("the page has no field {name}"))?)
}

/// What this process has in memory.
fn memory() -> Result<String, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    Ok(line.unwrap_or("VmRSS: not known").to_owned())
}
