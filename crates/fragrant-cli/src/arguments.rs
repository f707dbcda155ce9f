//! The command line, as clap reads it.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use fragrant::value::ResponseType;

/// The OAuth 2.0 implicit grant: build its URLs, explain its answers, watch it happen.
///
/// RFC 9700 says the implicit grant SHOULD NOT be used; use the authorization code grant with PKCE for anything new. This
/// command is for what still speaks implicit, and for whoever tests, secures, migrates or studies it.
#[derive(Debug, Parser)]
#[command(name = "fragrant", version, arg_required_else_help = false, subcommand_required = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Watch the grant happen between six actors, over HTTP on this machine.
    ///
    /// Exit status: 0 if each step did what it should, 1 otherwise, 64 bad usage.
    Demo(DemoArguments),
    /// Search all that can happen in a world with an attacker: nothing breaks, until a mitigation is left out.
    ///
    /// Exit status: 0 if all is as it should be (with --off: an attack was found), 1 otherwise, 64 bad usage.
    #[command(after_help = MODEL_EXAMPLES)]
    Model(ModelArguments),
    /// Explain what an authorization server sent back: each parameter, what it means, and what is wrong.
    ///
    /// Exit status: 0 a token was granted, 1 the server said no, 2 the answer is rejected, 64 bad usage.
    #[command(after_help = PARSE_EXAMPLES)]
    Parse(ParseArguments),
    /// Run the test server: authorization server, API server and a page with a Sign in control, for trying by hand.
    ///
    /// Exit status: 64 bad usage or a configuration that does not fit, 66 a configuration that cannot be read, 74 if it
    /// cannot listen or write; otherwise it runs until it is stopped. With --init it ends with 0 once the file is written.
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(ServeArguments),
    /// What the library is, written down: for those who work on it.
    #[command(subcommand)]
    Spec(SpecCommand),
    /// Print the authorization URL of step 1, and nothing else.
    ///
    /// Exit status: 0, or 64 bad usage.
    #[command(after_help = URL_EXAMPLES)]
    Url(UrlArguments),
}

#[derive(Debug, Subcommand)]
pub(crate) enum SpecCommand {
    /// Compare the pages of docs/spec with what the library says of itself now.
    ///
    /// Everything is written anew in memory, and each file that differs is named with its first line that does.
    ///
    /// Exit status: 0 if nothing differs, 1 otherwise, 64 bad usage, 66 if there is no repository, 74 if a file cannot be read.
    #[command(after_help = SPEC_EXAMPLES)]
    Check(SpecPagesArguments),
    /// Compare what the specifications ask for with the marks in code and tests.
    ///
    /// Fails for a MUST that has neither both marks nor a written exception, for a mark that says nothing, and if
    /// docs/spec/ledger.md is not what the marks say. CONTRIBUTING.md says how to mark.
    ///
    /// Exit status: 0 if all is as it should be, 1 otherwise, 64 bad usage, 66 if there is no list to read.
    Ledger(LedgerArguments),
    /// Write the pages of docs/spec from the library itself: tables, pictures, and all of it as data in model.json.
    ///
    /// Parameters come from the tables that the codec reads, moves from the machines, which are set going in every way, runs
    /// from the recorder, attacks from the model. A file that an earlier version wrote and this one does not is taken away.
    ///
    /// Exit status: 0, or 64 bad usage, 66 if there is no repository, 74 if a file cannot be written.
    #[command(after_help = SPEC_EXAMPLES)]
    Render(SpecPagesArguments),
}

const SPEC_EXAMPLES: &str = "\
Examples:
  fragrant spec render                  # in a clone of the repository: docs/spec, whole and anew
  fragrant spec check                   # what `cargo xtask test` runs
  fragrant spec render --out pages      # anywhere else";

const PARSE_EXAMPLES: &str = "\
Examples:
  fragrant parse --state xyz 'https://app.example/cb#access_token=2YotnFZFEjr1zCsicMWpAA&token_type=bearer&state=xyz'
  fragrant parse --no-state --profile ringcentral '#access_token=...&token_type=bearer&endpoint_id=...'
  fragrant parse --batch < answers.jsonl

Batch: one JSON object a line,
  {\"id\", \"input\", \"response_type\", \"expect_state\", \"requested_scope\", \"expect_iss\", \"expect_redirect_uri\"}
of which all but \"id\" and \"input\" may be missing or null; one line out for each, in order.";

const SERVE_EXAMPLES: &str = "\
Examples:
  fragrant serve --profile procore --port 8080
  fragrant serve --init                            # writes fragrant.toml, where every setting is explained
  fragrant serve --config fragrant.toml --port 8080

An option beside --config wins over the file. Without --config the server is the one of the file that --init writes.";

const MODEL_EXAMPLES: &str = "\
Examples:
  fragrant model
  fragrant model --off T09
  fragrant model --bounds users=2,clients=2,servers=2,tabs=2,starts=2,lures=3
  fragrant model --json

What the properties mean, and what the model leaves out, is in docs/model.md.";

const URL_EXAMPLES: &str = "\
Examples:
  fragrant url --profile ringcentral --client-id s6BhdRkqt3 --redirect-uri https://app.example/cb --scope Contacts
  fragrant url --profile procore --environment developer-sandbox --client-id ID --redirect-uri http://localhost:8080/cb
  fragrant url --endpoint https://as.example/authorize --client-id ID --redirect-uri com.example.app:/cb";

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// The provider: ringcentral, procore or rfc6749; all of them unless given.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Let the resource owner say no.
    #[arg(long)]
    pub(crate) deny: bool,
    /// Tell the story in JSON: a list with one object for each provider.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LedgerArguments {
    /// The root of the repository; the nearest folder from here upwards that has docs/requirements.toml, unless given.
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Write docs/spec/ledger.md anew instead of comparing it.
    #[arg(long)]
    pub(crate) write: bool,
    /// Answer in JSON, one object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ModelArguments {
    /// A mitigation to leave out, such as T14; may be given more than once.
    #[arg(long, value_name = "ID")]
    pub(crate) off: Vec<String>,
    /// How large the world is: users, clients, servers, tabs, starts, lures, waits.
    #[arg(long, value_name = "NAME=NUMBER,...")]
    pub(crate) bounds: Option<String>,
    /// Answer in JSON, one object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the gallery's sequence charts into this folder, as SVG and in the language of Mermaid, and nothing else.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["off", "json", "bounds"])]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The configuration, in TOML; an option that is given beside it wins.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Write a commented configuration to this file, which must not be there yet, and end; to fragrant.toml unless given,
    /// to standard output for `-`.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "fragrant.toml")]
    #[arg(conflicts_with_all = ["config", "profile", "port", "app", "store", "token_lifetime", "session_lifetime"])]
    pub(crate) init: Option<PathBuf>,
    /// The provider whose paths and parameters the server has: rfc6749, ringcentral or procore; ringcentral unless given.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The port of the page with the Sign in control; any free one unless given.
    #[arg(long, value_name = "PORT", value_parser = port)]
    pub(crate) port: Option<u16>,
    /// The folder of a built single-page application, whose index.html is shown for the plain page; target/web/spa unless
    /// given, if it is there, in this folder or in one above.
    #[arg(long, value_name = "DIR")]
    pub(crate) app: Option<PathBuf>,
    /// A file that tokens, login sessions and consents are kept in when the server ends; made if it is not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
    /// How long a token lives, in seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) token_lifetime: Option<u64>,
    /// How long a login session lives, in seconds.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) session_lifetime: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct SpecPagesArguments {
    /// The folder of the pages; docs/spec of the nearest repository from here upwards, unless given.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("expectation").args(["state", "no_state", "batch"]).required(true))]
pub(crate) struct ParseArguments {
    /// The whole address that came back, or its fragment from the `#` on.
    #[arg(value_name = "URI", required_unless_present = "batch", conflicts_with = "batch")]
    pub(crate) uri: Option<String>,
    /// The state that the request was sent with.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,
    /// The request was sent without a state.
    #[arg(long)]
    pub(crate) no_state: bool,
    /// What was asked for: token, id_token, or both separated by a space.
    #[arg(long, value_name = "TYPE", default_value = "token", value_parser = response_type)]
    pub(crate) response_type: ResponseType,
    /// Where the answer was to go; compared byte by byte.
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: Option<String>,
    /// The issuer that the server names itself by (RFC 9207).
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// The scope that was asked for; may be given more than once.
    #[arg(long, value_name = "NAMES")]
    pub(crate) scope: Vec<String>,
    /// The provider: rfc6749, ringcentral or procore.
    #[arg(long, value_name = "NAME", default_value = "rfc6749")]
    pub(crate) profile: String,
    /// Answer in JSON, one object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Read JSON lines from standard input, and answer each with one.
    #[arg(long, conflicts_with_all = ["json", "response_type", "redirect_uri", "issuer", "scope"])]
    pub(crate) batch: bool,
    /// Show tokens and states in full.
    #[arg(long)]
    pub(crate) show_secrets: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UrlArguments {
    /// The provider: rfc6749, ringcentral or procore.
    #[arg(long, value_name = "NAME", default_value = "rfc6749")]
    pub(crate) profile: String,
    /// Which of the provider's environments, such as sandbox; production unless given.
    #[arg(long, value_name = "NAME", conflicts_with = "endpoint")]
    pub(crate) environment: Option<String>,
    /// The authorization endpoint, instead of the provider's own.
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
    /// The client's identifier at the authorization server.
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: String,
    /// Where the answer is to go; must be registered there exactly so.
    #[arg(long, value_name = "URI")]
    pub(crate) redirect_uri: String,
    /// What to ask for: token, or `id_token token`.
    #[arg(long, value_name = "TYPE", default_value = "token", value_parser = response_type)]
    pub(crate) response_type: ResponseType,
    /// A scope to ask for; may be given more than once.
    #[arg(long, value_name = "NAMES")]
    pub(crate) scope: Vec<String>,
    /// The state to send; a fresh one is drawn without it.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<String>,
    /// Which pages the server may or must show: none, login, consent ...; may be given more than once.
    #[arg(long, value_name = "NAMES")]
    pub(crate) prompt: Vec<String>,
    /// The form in which they should come: page, popup, touch ...
    #[arg(long, value_name = "NAME")]
    pub(crate) display: Option<String>,
    /// RingCentral's brand, such as 1210.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) brand_id: Option<String>,
    /// A parameter of the provider's own; may be given more than once, and may not override a reserved one.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<String>,
}

fn response_type(text: &str) -> Result<ResponseType, String> {
    let parsed = ResponseType::new(text).map_err(|error| error.to_string())?;
    if parsed.is_implicit() { Ok(parsed) } else { Err("expected token, id_token or `id_token token`".into()) }
}

fn port(text: &str) -> Result<u16, &'static str> {
    text.parse().map_err(|_| "expected a number from 0 to 65535")
}

fn seconds(text: &str) -> Result<u64, &'static str> {
    text.parse().map_err(|_| "expected a whole number of seconds")
}
