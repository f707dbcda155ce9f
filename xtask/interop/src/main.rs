//! Our client against servers that nobody here wrote, and clients that nobody here wrote against our server.
//!
//! `cargo xtask interop` installs them and runs this; `docs/interop.md` shows what comes of it. Every cell of its tables
//! is expected here: one that comes out otherwise fails the run, and so does a page that says something else.
//!
//! It is a test of the project and no tool: what goes wrong is a panic, and whoever was spoken to then shows what it has
//! said. All of it happens on this machine's own address, on ports that the system gives.

#![forbid(unsafe_code)]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod clients;
mod matrix;
mod our_client;
mod page;
mod peer;
mod person;
mod rows;
mod servers;
mod user_agent;

use std::process::ExitCode;

use clients::CLIENTS;
use matrix::{Matrix, compare_with_the_page};
use our_client::Trial;
use peer::Runtimes;
use rows::{ROWS, Row};
use servers::SERVERS;

/// Who has an account at every server.
const USER: &str = "jane";
/// The password.
const PASSWORD: &str = "correct horse battery staple";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(python), Some(javascript)) = (arguments.next(), arguments.next()) else {
        panic!("expected the Python and the folder of JavaScript packages to use: run `cargo xtask interop`");
    };
    let runtimes = Runtimes { python: python.into(), javascript: javascript.into() };
    let complaints =
        compare_with_the_page(&[our_client(&runtimes), our_server(&runtimes)], &runtimes.versions());
    for complaint in &complaints {
        eprintln!("{complaint}");
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn our_client(runtimes: &Runtimes) -> Matrix {
    let mut matrix = Matrix::new("Our client against other servers", ROWS.map(Row::title));
    for tested in SERVERS {
        let trial = Trial::start(tested, runtimes);
        println!("=== our client against {} ({})", tested.title, trial.facts().version);
        let cells = ROWS.map(|row| {
            let cell = trial.run(row);
            println!("   {}: {cell}", row.title());
            cell
        });
        matrix.add(
            tested.title,
            trial.facts().version.clone(),
            cells.into(),
            &ROWS.map(|row| tested.expected(row)),
        );
    }
    matrix
}

fn our_server(runtimes: &Runtimes) -> Matrix {
    let mut matrix = Matrix::new("Other clients against our server", clients::ROWS);
    for tested in CLIENTS {
        println!("=== {} against our server", tested.package);
        let (version, cells) = tested.run(runtimes);
        for (row, cell) in clients::ROWS.iter().zip(&cells) {
            println!("   {row}: {cell}");
        }
        matrix.add(tested.package, version, cells, &tested.expected());
    }
    matrix
}
