//! Values by number, each once, and what is remembered of them. Several threads may ask and add; which number a value has may
//! then be another each time, and nothing that is found depends on it.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What is behind a lock. A thread that panicked has left no half of anything behind.
pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

/// Each value once, by number. Two are compared in full. Each may have a mark: something about it that is asked for often.
pub(crate) struct Table<T>(RwLock<Entries<T>>);

struct Entries<T> {
    values: Vec<(Arc<T>, u64)>,
    numbers: QuickMap<Arc<T>, u32>,
}

impl<T: Eq + Hash> Table<T> {
    pub(crate) fn new() -> Self {
        Self(RwLock::new(Entries { values: Vec::new(), numbers: QuickMap::default() }))
    }

    pub(crate) fn number(&self, value: impl Into<Arc<T>>) -> u32 {
        self.marked(value, |_| 0)
    }

    pub(crate) fn marked(&self, value: impl Into<Arc<T>>, mark: impl FnOnce(&T) -> u64) -> u32 {
        let value = value.into();
        if let Some(number) = read(&self.0).numbers.get(&value) {
            return *number;
        }
        let mark = mark(&value);
        let mut entries = write(&self.0);
        // No machine has the memory for more.
        let next = u32::try_from(entries.values.len()).unwrap_or(u32::MAX);
        let number = *entries.numbers.entry(value.clone()).or_insert(next);
        if number == next {
            entries.values.push((value, mark));
        }
        number
    }

    /// The value of a number that was given out here.
    pub(crate) fn value(&self, number: u32) -> Arc<T> {
        read(&self.0).values[number as usize].0.clone()
    }

    pub(crate) fn mark(&self, number: u32) -> u64 {
        read(&self.0).values[number as usize].1
    }
}

/// The same for small values that are numbers themselves: a table of numbers, open and half empty, over the values. A map that
/// owned its keys would hold each of them twice.
pub(crate) struct Numbered<W> {
    all: Vec<W>,
    slots: Vec<u32>,
}

const EMPTY: u32 = u32::MAX;

impl<W: Copy + Eq + Hash> Numbered<W> {
    pub(crate) fn new() -> Self {
        Self { all: Vec::new(), slots: vec![EMPTY; 1 << 10] }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn get(&self, number: usize) -> W {
        self.all[number]
    }

    pub(crate) fn find(&self, value: &W) -> Option<u32> {
        let number = self.slots[self.slot(value)];
        (number != EMPTY).then_some(number)
    }

    /// Adds a value; `false` if it was there.
    pub(crate) fn add(&mut self, value: W) -> bool {
        let at = self.slot(&value);
        if self.slots[at] != EMPTY {
            return false;
        }
        self.slots[at] = u32::try_from(self.all.len()).unwrap_or(EMPTY - 1);
        self.all.push(value);
        if self.all.len() * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    fn slot(&self, value: &W) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = usize::try_from(quick().hash_one(value)).unwrap_or_default() & mask;
        while self.slots[at] != EMPTY && self.all[self.slots[at] as usize] != *value {
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

/// What has been worked out, by what it was worked out from.
pub(crate) struct Remembered<K, V>([RwLock<QuickMap<K, V>>; SHARDS]);

/// So many that two threads seldom want the same lock.
const SHARDS: usize = 16;

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| RwLock::default()))
    }

    pub(crate) fn get(&self, key: &K) -> Option<V> {
        read(self.shard(key)).get(key).cloned()
    }

    pub(crate) fn insert(&self, key: K, value: V) {
        write(self.shard(&key)).insert(key, value);
    }

    /// What is remembered, or what it comes to now. No lock is held meanwhile.
    pub(crate) fn get_or(&self, key: K, work_out: impl FnOnce() -> V) -> V {
        self.get(&key).unwrap_or_else(|| {
            let value = work_out();
            self.insert(key, value.clone());
            value
        })
    }

    fn shard(&self, key: &K) -> &RwLock<QuickMap<K, V>> {
        // Other bits than those by which the map chooses.
        &self.0[usize::try_from(quick().hash_one(key) >> 40).unwrap_or_default() % SHARDS]
    }
}

pub(crate) type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;
pub(crate) type QuickSet<V> = HashSet<V, BuildHasherDefault<Quick>>;

fn quick() -> BuildHasherDefault<Quick> {
    BuildHasherDefault::default()
}

/// A quick hash. Nobody chooses what is hashed here, so it need not withstand anybody.
#[derive(Default)]
pub(crate) struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        // The low bits choose the slot, so the high ones are brought down.
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
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

    fn write_usize(&mut self, word: usize) {
        self.write_u64(u64::try_from(word).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_number() {
        let table = Table::<u8>::new();
        let (a, b) = (table.marked(10, |value| u64::from(*value) + 1), table.number(20));
        assert_eq!((a, b, table.number(10)), (0, 1, 0));
        assert_eq!((*table.value(b), table.mark(a), table.mark(b)), (20, 11, 0));
    }

    #[test]
    fn a_small_value_is_added_once_however_many_there_are() {
        let mut numbered = Numbered::new();
        let value = |number: u32| (number, [number as u8; 3]);
        for number in 0..5000 {
            assert_eq!(numbered.find(&value(number)), None);
            assert!(numbered.add(value(number)));
        }
        for number in 0..5000 {
            assert!(!numbered.add(value(number)));
            assert_eq!(numbered.find(&value(number)), Some(number));
            assert_eq!(numbered.get(number as usize), value(number));
        }
        assert_eq!(numbered.len(), 5000);
    }

    #[test]
    fn a_thing_is_worked_out_once() {
        let remembered = Remembered::new();
        assert_eq!(remembered.get(&1), None);
        assert_eq!(remembered.get_or(1, || "one"), "one");
        assert_eq!(remembered.get_or(1, || "another"), "one");
    }

    #[test]
    fn texts_that_differ_hash_differently() {
        let texts = ["", "a", "b", "12345678", "123456789", "123456780"];
        let hashes: std::collections::BTreeSet<u64> =
            texts.iter().map(|text| quick().hash_one(text)).collect();
        assert_eq!(hashes.len(), texts.len());
    }
}
