// Secrets are equal or not, in constant time. An order would compare byte by byte and stop early.

use fragrant::value::State;

fn compares(left: &State, right: &State) -> bool {
    left < right
}

fn main() {}
