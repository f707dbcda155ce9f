//! Each value once, by number. Two are compared in full.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::rc::Rc;

pub(super) struct Interner<T> {
    values: Vec<Rc<T>>,
    numbers: HashMap<Rc<T>, u32>,
}

impl<T: Eq + Hash> Interner<T> {
    pub(super) fn new() -> Self {
        Self { values: Vec::new(), numbers: HashMap::new() }
    }

    pub(super) fn number(&mut self, value: T) -> u32 {
        match self.numbers.entry(Rc::new(value)) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                // No machine has the memory for more.
                let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
                self.values.push(entry.key().clone());
                *entry.insert(number)
            }
        }
    }

    /// The value of a number that was given out here.
    pub(super) fn value(&self, number: u32) -> Rc<T> {
        self.values[number as usize].clone()
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }
}

/// The states that were met: a table of numbers, open and half empty, over the states themselves. A map that owned its keys
/// would hold each of them twice.
pub(super) struct States<W> {
    all: Vec<W>,
    slots: Vec<u32>,
}

const EMPTY: u32 = u32::MAX;

impl<W: Copy + Eq + Hash> States<W> {
    pub(super) fn new() -> Self {
        Self { all: Vec::new(), slots: vec![EMPTY; 1 << 10] }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, number: usize) -> W {
        self.all[number]
    }

    /// Adds a state; `false` if it was there.
    pub(super) fn add(&mut self, state: W) -> bool {
        let at = self.slot(&state);
        if self.slots[at] != EMPTY {
            return false;
        }
        self.slots[at] = u32::try_from(self.all.len()).unwrap_or(EMPTY - 1);
        self.all.push(state);
        if self.all.len() * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    fn slot(&self, state: &W) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = usize::try_from(mix(state)).unwrap_or_default() & mask;
        while self.slots[at] != EMPTY && self.all[self.slots[at] as usize] != *state {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        self.slots = vec![EMPTY; self.slots.len() * 2];
        for number in 0..self.all.len() {
            let at = self.slot(&self.all[number]);
            self.slots[at] = u32::try_from(number).unwrap_or(EMPTY - 1);
        }
    }
}

fn mix(state: &impl Hash) -> u64 {
    let mut mixer = Mixer(0);
    state.hash(&mut mixer);
    // The low bits choose the slot, so the high ones are brought down.
    mixer.0 ^ mixer.0 >> 32
}

/// A quick hash for small states of numbers. Nobody chooses them, so it need not withstand anybody.
struct Mixer(u64);

impl std::hash::Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.write_u64(word.into());
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_number() {
        let mut interner = Interner::new();
        let (a, b) = (interner.number("a"), interner.number("b"));
        assert_eq!((a, b, interner.number("a"), interner.len()), (0, 1, 0, 2));
        assert_eq!(*interner.value(b), "b");
    }

    #[test]
    fn a_state_is_added_once_however_many_there_are() {
        let mut states = States::new();
        let state = |number: u32| (number, [number as u8; 3]);
        for number in 0..5000 {
            assert!(states.add(state(number)));
        }
        for number in 0..5000 {
            assert!(!states.add(state(number)));
            assert_eq!(states.get(number as usize), state(number));
        }
        assert_eq!(states.len(), 5000);
    }
}
