// Nor is there a copy of it.

use fragrant::value::Entropy;

fn doubles(entropy: &Entropy) -> Entropy {
    entropy.clone()
}

fn main() {}
