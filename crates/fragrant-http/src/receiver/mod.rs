//! Step 3 for native programs: how the answer gets from the browser into the program.
//!
//! **The implicit grant is NOT RECOMMENDED for native programs** (RFC 8252 section 8.2). PKCE, which protects the
//! authorization code grant on a machine that others share, cannot protect it: what arrives is the token itself, and whoever
//! receives it has it. Any app can claim a scheme, and the system asks nobody which of two is the right one (section 8.1); any
//! program can wait at a port (section 8.3). Use the code grant with PKCE for anything new. This is for servers that offer
//! nothing else.
//!
//! | | How the answer comes | What stays open |
//! |---|---|---|
//! | [`LoopbackReceiver`] | to a port of this machine, which is open while the program waits | whoever takes the port while the browser is on its way; whoever has served something at the same port before, where the browser keeps it |
//! | [`redirect_address_among`] | as text, from the system, for a scheme that the program has registered | any other program that has registered the scheme |
//!
//! Use the first where it can be had. What is best, an `https` address that the system hands to the app whose maker owns the
//! domain (section 7.2), needs nothing from here: the system hands the program the whole address.
//!
//! # Loopback
//!
//! ```no_run
//! use fragrant::client::{Client, Received};
//! use fragrant::profile::Profile;
//! use fragrant::value::{AuthorizationEndpoint, ClientId, Entropy, Origin, Timestamp};
//! use fragrant_http::{ApiClient, receiver::LoopbackReceiver};
//!
//! fn now() -> Timestamp {
//!     let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
//!     Timestamp::from_unix_seconds(since.map_or(0, |since| since.as_secs()))
//! }
//!
//! fn sign_in(entropy: Entropy) -> Result<(), Box<dyn std::error::Error>> {
//!     let receiver = LoopbackReceiver::bind()?; // registered: http://127.0.0.1/callback and http://[::1]/callback
//!     let endpoint = AuthorizationEndpoint::new("https://as.example/authorize")?;
//!     let client = Client::new(Profile::STRICT, endpoint, ClientId::new("s6BhdRkqt3")?, receiver.redirect_uri().clone())
//!         .with_api_origin(Origin::new("https://api.example")?)
//!         .with_pending_lifetime(300); // seconds
//!     let (url, awaiting) = client.begin(client.authorization_request(), entropy, now())?;
//!     println!("Open this in a browser: {}", url.as_str()); // the state is in it
//!     match receiver.receive(awaiting, now)? {
//!         Received::Authorized(token) => {
//!             let answer = ApiClient::new().send(&token.api_request("GET", "https://api.example/v1/me")?, &[], b"")?;
//!             println!("{}", answer.status);
//!         }
//!         Received::Denied(denied) => println!("the server said no: {}", denied.response.error),
//!         other => println!("nothing to believe: {other:?}"), // no token is in it, and none would be shown
//!     }
//!     Ok(())
//! }
//! ```
//!
//! ## What it holds off
//!
//! - **Pages in the user's browser.** One of another origin cannot read the page, so it has no key; it cannot frame it; what it
//!   sends is refused for its `Origin`, its `Sec-Fetch-Site`, its type, and for a header that it may not set. A name that leads
//!   to this machine (DNS rebinding) is refused for the `Host`.
//! - **Forged answers.** A page can open the redirection URI with a fragment of its own making, and so can a program. The core
//!   finds that the state is not the request's, and the waiting goes on. So a favicon, a prefetch, a scanner or a forged answer
//!   cannot end a sign-in. A prefetch gets no page, and no page can use up or void another's key.
//! - **Slow and large ones.** A connection lasts 10 seconds, and one that says nothing delays nobody; a head has 64 KiB at most, a
//!   body 256 KiB. At more than 64 connections the oldest one is closed.
//! - **A second answer.** The port closes with the first one that is believed, or is a no.
//!
//! An answer of more than the client's profile reads is not taken either, and the waiting goes on. The page says so, as it may be the
//! server's own.
//!
//! ## What it does not
//!
//! - A program of the same user can do all that this one can.
//! - A program of another user on the same machine can load the page, and get a key for it. It knows no state, unless the
//!   address of step 1 was shown to it: **a command line can be read by every user of the machine** on many systems, and a
//!   browser that is started with the address has it there. It can keep the receiver busy, until the time is over; and if it opens
//!   connections by the dozen, the browser's own may be the oldest one when the answer is on it. Then the answer is lost, the page says
//!   that it does not know, and the sign-in has to begin again.
//! - **What another program has served at the same port before.** A browser keeps what it may keep by host and port: a permanent
//!   redirect of the same path, a page with a long life, a service worker. If it has one, the receiver sees no request at all, and the
//!   answer goes where that leads: a redirect takes the fragment along. With a port of the system's choice this is unlikely; with
//!   [a set one](LoopbackSettings::with_port) it is not: any program that was there once can have prepared it, and a web
//!   server that somebody tries things with can do it by chance. The receiver cannot undo it, as it is not asked.
//! - Before the receiver has bound its port, or after it has closed it, the port is anybody's: do not send the user away before
//!   [`bind`](LoopbackReceiver::bind), and let nobody open an old address. On Windows a program can ask for a port that is taken.
//! - **The browser writes the address into its history before a script can run, and the token is in it.** Chromium has it on the disk
//!   then. The page replaces its address first of all, so it is in no address bar and behind no Back button; the entry
//!   on the disk stays, for whoever can read the profile, and wherever the browser syncs it to. No page can prevent that. Ask the server
//!   for tokens that live shortly.
//! - Nothing is encrypted between the browser and the program. It stays on the machine.
//!
//! # An app's own scheme
//!
//! The redirection URI is `com.example.app:/callback`: a domain name of the maker's in reverse, one slash, and a path for each
//! server (RFC 8252 sections 7.1 and 8.10). The system starts the program with the whole address as an argument (Linux: `%u` in the
//! `Exec` line of a desktop entry with the type `x-scheme-handler/com.example.app`; Windows: `"%1"`, in quotation marks, in the
//! scheme's registry key), or tells the running app as an event (macOS, iOS, Android). [`redirect_address_among`] finds it.
//!
//! **What is started is a new process, and the request waits in another.** Either of two ways leads on:
//!
//! - The first process stores the [record](fragrant::client::PendingAuthorization::encode) of its request where the user alone can
//!   read, under its key. The new one finds it by [`Redirect::pending_key`](fragrant::wire::Redirect::pending_key), takes it
//!   out, in one act, and goes on with [`Client::resume`](fragrant::client::Client::resume). Nothing needs to be running. **Where
//!   the core hands the request back**, as [`NotOurs`](fragrant::client::Received::NotOurs) or as a
//!   [`Rejected`](fragrant::client::Received::Rejected) with the request that still stands, the new process stores its record again
//!   ([`into_pending`](fragrant::client::AwaitingResponse::into_pending)): anybody can have the system start it with an
//!   address, and the user's own answer is still to come.
//! - The new process hands the text to the running one and ends: through a socket or a pipe that the user alone can open, such as
//!   one in `$XDG_RUNTIME_DIR`, or what the framework has for single instances. Whoever can write there can hand in any address;
//!   the core judges it as it judges every other, and the running process goes on waiting while the request stands.
//!
//! ## Traps
//!
//! - **An argument can be read by every user of the machine** on many systems, as long as the process lives, and the token is in it.
//!   Go on at once, and start nothing with it.
//! - `com.example.app:/callback`, `com.example.app://callback` and `com.example.app:///callback` are three addresses, and some
//!   systems turn one into another or add a `/` at the end. The core compares bytes and says `redirect_uri_mismatch`. Look at what
//!   arrives (without its fragment) before you register.
//! - A launcher that goes through a shell cuts at `&` and `#` unless the address is quoted.
//! - Some launchers decode escapes, or encode again what was encoded. The core sees another state, or none, and says so.
//! - An argument that begins like an option is none; an address cannot begin so, as a scheme begins with a letter.

mod connection;
mod key;
mod loopback;
mod page;
mod private_use;
mod redirect_address;
mod reply;
mod request;
mod rules;

pub use loopback::{BindError, LoopbackFamily, LoopbackReceiver, LoopbackSettings, ReceiveError};
pub use private_use::{NoRedirectAddress, redirect_address_among};
pub use redirect_address::RedirectAddress;
