//! `size-peers`: what other clients of the implicit grant weigh, each bundled as an application would bundle it. docs/size.md
//! says what is in them, and what they weigh there is compared.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::table::grouped;
use super::{esbuild, zipped};
use crate::command::run;
use crate::context::Context;
use crate::npm::{self, on_disk};
use crate::outcome::{Outcome, Shortfall, failed};

/// From the root.
const PAGE: &str = "docs/size.md";
/// The table there.
const HEAD: &str = "| other clients | together | what is in it |\n|---|---:|---|\n";
const PINS: &str = include_str!("../../../size/package.json");

/// Modules of Node that some of them name, and a page without a bundler's own copy lacks; and the framework of which one is a
/// part. They are not weighed.
const LEFT_OUTSIDE: [&str; 6] = [
    "--external:@angular/*",
    "--external:crypto",
    "--external:events",
    "--external:querystring",
    "--external:rxjs",
    "--external:rxjs/*",
];

/// A client of somebody else's.
#[derive(Debug)]
struct Peer {
    /// The package's name.
    name: &'static str,
    /// What an application imports: the class that does the most, or all that there is.
    import: &'static str,
    /// Where from, unless it is the package as such.
    from: Option<&'static str>,
    /// For the page.
    what: &'static str,
}

/// The largest first.
const PEERS: &[Peer] = &[
    Peer {
        name: "oidc-client",
        import: "UserManager",
        from: None,
        what: "redirect, popup, silent renewal, discovery, ID tokens verified with a library for it",
    },
    Peer {
        name: "auth0-js",
        import: "WebAuth",
        from: None,
        what: "redirect, popup, web messages, ID tokens verified, an HTTP client, the vendor's own calls",
    },
    Peer {
        name: "@okta/okta-auth-js",
        import: "OktaAuth",
        from: Some("@okta/okta-auth-js/core"),
        what: "redirect, popup, silent renewal by one tab for all, discovery, ID tokens verified by the browser's own cryptography; the code grant too",
    },
    Peer {
        name: "msal",
        import: "UserAgentApplication",
        from: None,
        what: "redirect, popup, silent renewal, discovery, tokens of several APIs kept; ID tokens read, not verified",
    },
    Peer {
        name: "hellojs",
        import: "default",
        from: None,
        what: "redirect, popup, hidden frame, addresses and calls of twenty services",
    },
    Peer {
        name: "angular-oauth2-oidc",
        import: "OAuthService",
        from: None,
        what: "redirect, popup, silent renewal, discovery, ID tokens verified in part; the code grant too; Angular and RxJS, which it needs, are not weighed",
    },
    Peer {
        name: "@ringcentral/sdk",
        import: "SDK",
        from: None,
        what: "redirect, popup, an API client; answers parsed, state not checked",
    },
    Peer {
        name: "adal-angular",
        import: "default",
        from: None,
        what: "redirect, popup, silent renewal, tokens of several APIs kept; ID tokens read, not verified; Angular is not needed",
    },
    Peer {
        name: "keycloak-js",
        import: "default",
        from: None,
        what: "redirect, a hidden frame that watches the login, state checked; ID tokens read, not verified; the code grant too",
    },
    Peer {
        name: "client-oauth2",
        import: "default",
        from: None,
        what: "builds addresses, reads an answer; stores, renews and opens nothing",
    },
];

pub(crate) fn run_part(context: &Context) -> Outcome {
    let folder = npm::installed(context, &context.root.join("xtask").join("size"), "size/peers")?;
    let sizes = PEERS.iter().map(|peer| weighed(context, peer, &folder)).collect::<Outcome<Vec<u64>>>()?;
    let rows: Vec<String> = PEERS.iter().zip(sizes).map(|(peer, size)| row(peer, size)).collect();
    print!("\n{HEAD}{}\n", rows.concat());
    let file = context.root.join(PAGE);
    let page = fs::read_to_string(&file)
        .map_err(|error| Shortfall::Failed(format!("{PAGE} cannot be read: {error}")))?;
    let Some(there) = table(&page) else { return failed(format!("{PAGE} has no table of other clients")) };
    if std::env::var_os("FRAGRANT_UPDATE").is_some_and(|value| value == "1") {
        return fs::write(&file, page.replacen(there, &rows.concat(), 1))
            .or_else(|error| failed(format!("{PAGE} cannot be written: {error}")));
    }
    match says(there, &rows) {
        true => Ok(()),
        false => failed(format!(
            "{PAGE} says something else; `FRAGRANT_UPDATE=1 cargo xtask size-peers` writes it anew"
        )),
    }
}

/// The bytes of a client in a page, zipped.
fn weighed(context: &Context, peer: &Peer, folder: &Path) -> Outcome<u64> {
    let entry = folder.join("entry.js");
    let bundle = folder.join("bundle.js");
    on_disk(fs::write(&entry, peer.entry()))?;
    let mut bundling = esbuild(context)?;
    bundling.arg(&entry).args(["--bundle", "--platform=browser"]).args(LEFT_OUTSIDE);
    run(bundling.arg(format!("--outfile={}", bundle.display())))?;
    match fs::read_to_string(&bundle).is_ok_and(|text| text.contains("export{")) {
        true => zipped(context, &bundle),
        false => failed(format!("the bundle of {} exports nothing", peer.name)),
    }
}

impl Peer {
    /// The module that is bundled.
    fn entry(&self) -> String {
        format!("export {{ {} }} from \"{}\";\n", self.import, self.from.unwrap_or(self.name))
    }

    fn version(&self) -> Option<String> {
        let pins: Value = serde_json::from_str(PINS).ok()?;
        Some(pins["dependencies"][self.name].as_str()?.to_owned())
    }
}

/// What the page says of a client.
fn row(peer: &Peer, size: u64) -> String {
    let import = match peer.import {
        "default" => String::new(),
        class => format!(", `{class}`"),
    };
    let version = peer.version().unwrap_or_default();
    format!("| {} {version}{import} | {} | {} |\n", peer.name, grouped(size), peer.what)
}

/// The rows that stand in the page.
fn table(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once(HEAD)?;
    Some(rest.split_once("\n\n").map_or(rest, |(rows, _)| &rest[..=rows.len()]))
}

/// Whether the page has the same rows, with sizes within a hundredth: another Node.js zips a little differently.
fn says(there: &str, rows: &[String]) -> bool {
    let there: Vec<_> = there.lines().map(cells).collect();
    let rows: Vec<_> = rows.iter().map(|row| cells(row.trim_end())).collect();
    there.len() == rows.len()
        && there.iter().zip(&rows).all(|(there, row)| match (there, row) {
            (Some((there, size)), Some((row, found))) => {
                there == row && size.abs_diff(*found) * 100 <= *found
            }
            _ => false,
        })
}

/// A row without its size, and that.
fn cells(row: &str) -> Option<([&str; 2], u64)> {
    let mut cells = row.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ");
    let (name, size, what) = (cells.next()?, cells.next()?, cells.next()?);
    Some(([name, what], size.replace(',', "").parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_is_pinned() {
        for peer in PEERS {
            assert!(peer.version().is_some(), "{}", peer.name);
        }
    }

    #[test]
    fn the_pins_name_no_registry() {
        let lock = include_str!("../../../size/package-lock.json");
        assert!(lock.contains("\"integrity\": \"sha512-"));
        assert!(!lock.contains("\"resolved\""));
    }

    #[test]
    fn the_page_has_a_row_for_each_client_and_its_version() {
        let there = table(include_str!("../../../../docs/size.md")).unwrap();
        let sizes = there.lines().map(|row| cells(row).unwrap().1);
        let rows: Vec<String> = PEERS.iter().zip(sizes).map(|(peer, size)| row(peer, size)).collect();
        assert_eq!(there, rows.concat());
        assert_eq!(rows.len(), PEERS.len());
    }

    #[test]
    fn another_size_another_word_and_another_row_are_seen() {
        let rows: Vec<String> = [(0, 76_990), (9, 3_325)].map(|(peer, size)| row(&PEERS[peer], size)).into();
        assert!(says(&rows.concat(), &rows));
        assert!(says(&rows.concat().replace("76,990", "76,221"), &rows));
        for (text, instead) in
            [("76,990", "76,220"), ("76,990", "77,760"), ("1.11.5", "1.11.4"), ("stores", "keeps")]
        {
            assert!(!says(&rows.concat().replace(text, instead), &rows), "{instead}");
        }
        assert!(!says(&rows[0], &rows));
        assert!(!says(&rows.concat(), &rows[..1]));
        assert_eq!(table(&format!("above\n{HEAD}{}\nbelow\n", rows.concat())), Some(&*rows.concat()));
    }
}
