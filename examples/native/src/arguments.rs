//! The command line.

use clap::Parser;

/// Signs in through the browser with the OAuth 2.0 implicit grant, and calls an API with the token.
///
/// The implicit grant is NOT RECOMMENDED for native programs (RFC 8252 section 8.2): PKCE cannot protect it, and whoever receives
/// the answer has the token. Use the authorization code grant with PKCE for anything new. This shows how to do it for a server
/// that offers nothing else.
///
/// The program prints the address of step 1, and waits. You open it in a browser, log in and allow; the server sends the browser back
/// to a port of this machine at which the program waits (127.0.0.1, or [::1]), and the page there hands the answer over. Register
/// http://127.0.0.1/callback with the server, and http://[::1]/callback: without a port, as the system chooses one.
///
/// The address goes to standard output, and so does what the API answers; all else goes to standard error. The token is shown
/// nowhere.
// req: RFC8252-8.2-1
#[derive(Debug, Parser)]
#[command(name = "native", after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Take what is not given here from a test server of Fragrant: the address of its application, as `fragrant serve` prints it.
    #[arg(long, value_name = "ORIGIN")]
    pub(crate) test_server: Option<String>,
    /// The server's authorization endpoint.
    #[arg(long, value_name = "URL", required_unless_present = "test_server")]
    pub(crate) endpoint: Option<String>,
    /// Who the program is to the server.
    #[arg(long, value_name = "ID", required_unless_present = "test_server")]
    pub(crate) client_id: Option<String>,
    /// What to GET with the token. The token goes to this origin and to no other.
    #[arg(long, value_name = "URL", required_unless_present = "test_server")]
    pub(crate) call: Option<String>,
    /// What to ask for, names with blanks between them.
    #[arg(long, value_name = "NAMES")]
    pub(crate) scope: Option<String>,
    /// How the server names itself in its answers (RFC 9207), if it does. Answers that name another, or none, are then refused.
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<String>,
    /// How the server is treated: rfc6749, procore or ringcentral; rfc6749 unless given.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// How many seconds to wait for the answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Wait at this port. Only for a server that does not allow any port: another program can wait there first, and a page that
    /// another program has served there before can get the answer from the browser's cache.
    #[arg(long, value_name = "PORT", conflicts_with = "own_scheme")]
    pub(crate) port: Option<u16>,
    /// The path of the redirection URI.
    #[arg(long, value_name = "PATH", default_value = "/callback", conflicts_with = "own_scheme")]
    pub(crate) path: String,
    /// Use an address in the app's own scheme, such as com.example.app:/callback. The system would start the program with the answer
    /// as an argument; here it is read from standard input, as a line. A line that is typed or pasted is visible in the terminal, and
    /// stays there, token and all. Any other program can claim the scheme.
    #[arg(long, value_name = "URI")]
    pub(crate) own_scheme: Option<String>,
    /// Open the address in the system's browser, too. On many systems every user of the machine can read the command line of a
    /// program that is started, and with it the state that protects this sign-in.
    #[arg(long)]
    pub(crate) open: bool,
}

const EXAMPLES: &str = "\
Examples:
  fragrant serve --port 8080 &
  native --test-server http://127.0.0.1:8080
  native --endpoint https://as.example/authorize --client-id s6BhdRkqt3 --call https://api.example/v1/me

With an app's own scheme, at a server that knows it:
  fragrant serve --config examples/native/fragrant.toml --port 8080 &
  native --test-server http://127.0.0.1:8080 --client-id native --scope read --own-scheme com.example.app:/callback

Exit status: 0 the API has served the call, 1 it has not, 2 bad usage.";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
