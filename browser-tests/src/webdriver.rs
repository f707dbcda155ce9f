//! WebDriver (W3C), the client's side: JSON over HTTP to a driver that was started here.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{fmt, fs};

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::wait::PAUSE;

/// Longer than anything that a driver waits for by itself.
const TIMEOUT: Duration = Duration::from_secs(90);
/// How often the driver is started before it counts as one that does not start.
const STARTS: usize = 5;
/// How long the driver may take to end by itself.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// A driver, its process, and the one session it has: a browser. Dropping it ends all three.
pub(crate) struct WebDriver {
    process: Child,
    /// Held, as the driver would end at the next word that nobody could hear.
    _output: BufReader<ChildStdout>,
    agent: Agent,
    /// The driver's address.
    driver: String,
    /// The session's, below that.
    session: String,
    /// Where driver and browser put what they need while they run.
    folder: PathBuf,
    /// What the browser says of itself.
    capabilities: Value,
}

/// What a driver says when it does not do what it was told.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// One of the standard's words, such as `no such element`.
    pub(crate) error: String,
    message: String,
}

impl WebDriver {
    /// Starts the driver and a browser.
    pub(crate) fn start(capabilities: &Value) -> Self {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("fragrant-browser-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (process, output, port) = start_driver(&program, &folder);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .build();
        let mut driver = Self {
            process,
            _output: output,
            agent: config.into(),
            driver: format!("http://127.0.0.1:{port}"),
            session: "/session".into(),
            folder,
            capabilities: Value::Null,
        };
        let session = driver.post("", &json!({ "capabilities": capabilities }));
        let mut session = session.unwrap_or_else(|refusal| panic!("no browser: {refusal}"));
        let id = session["sessionId"].as_str().unwrap();
        driver.session = format!("/session/{id}");
        driver.capabilities = session["capabilities"].take();
        driver
    }

    pub(crate) const fn capabilities(&self) -> &Value {
        &self.capabilities
    }

    pub(crate) fn get(&self, command: &str) -> Result<Value, Refusal> {
        self.send("GET", &format!("{}{command}", self.session), "")
    }

    pub(crate) fn post(&self, command: &str, body: &Value) -> Result<Value, Refusal> {
        self.send("POST", &format!("{}{command}", self.session), &body.to_string())
    }

    pub(crate) fn delete(&self, command: &str) -> Result<Value, Refusal> {
        self.send("DELETE", &format!("{}{command}", self.session), "")
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Result<Value, Refusal> {
        let address = format!("{}{path}", self.driver);
        let request = Request::builder().method(method).uri(&address);
        let sent = match method {
            "POST" => self.agent.run(request.header("content-type", "application/json").body(body).unwrap()),
            _ => self.agent.run(request.body(()).unwrap()),
        };
        let gone = |error: ureq::Error| Refusal { error: "no answer".into(), message: error.to_string() };
        let mut response = sent.map_err(gone)?;
        let text = response.body_mut().with_config().limit(u64::MAX).read_to_string().map_err(gone)?;
        let mut answer: Value = serde_json::from_str(&text)
            .map_err(|error| Refusal { error: "no JSON".into(), message: error.to_string() })?;
        let value = answer["value"].take();
        match value["error"].as_str().filter(|_| !response.status().is_success()) {
            None => Ok(value),
            Some(error) => {
                // The message goes on with the driver's own stack.
                let message = value["message"].as_str().and_then(|message| message.lines().next());
                Err(Refusal { error: error.into(), message: message.unwrap_or_default().into() })
            }
        }
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        // The browser ends with its session, and what is left of it with the driver; which is stopped if it does not end.
        let _ = self.delete("");
        let _ = self.send("GET", "/shutdown", "");
        let start = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) && start.elapsed() < END_TIMEOUT {
            sleep(PAUSE);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Refusal {
    /// Whether the page became another one meanwhile, so that nobody knows how far it has come.
    pub(crate) fn is_cut_off(&self) -> bool {
        self.error == "aborted by navigation"
    }

    /// Whether the page has only not come to it yet.
    pub(crate) fn is_passing(&self) -> bool {
        [
            "element click intercepted",
            "element not interactable",
            "no such element",
            "no such frame",
            "stale element reference",
        ]
        .contains(&&*self.error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error, self.message)
    }
}

/// Starts the driver. It asks for one port for IPv4 and IPv6, and ends if the one that it is given for the one is somebody
/// else's for the other, which happens where many servers are started.
fn start_driver(program: &str, folder: &Path) -> (Child, BufReader<ChildStdout>, u16) {
    let mut said = String::new();
    for _ in 0..STARTS {
        let mut process = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{program} does not start: {error}; on Debian: apt-get install -y chromium chromium-driver")
            });
        let mut output = BufReader::new(process.stdout.take().unwrap());
        match port(&mut output) {
            Ok(port) => return (process, output, port),
            Err(words) => said = words,
        }
        let _ = process.wait();
    }
    panic!("the driver says no port: {said}");
}

/// The port that the driver has been given, which it prints; or else all that it has printed before it ended.
fn port(output: &mut impl BufRead) -> Result<u16, String> {
    let mut said = String::new();
    while output.read_line(&mut said).unwrap() > 0 {
        let line = said.lines().last().unwrap_or_default();
        if let Some((_, rest)) = line.split_once("started successfully on port ") {
            return Ok(rest.trim_end_matches('.').parse().unwrap());
        }
    }
    Err(said)
}
