//! A table whose entries end by their age and whose number is bounded.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use fragrant::value::Timestamp;

/// How many entries one change drops at most, unless room is needed. More than one, so that they go faster than they come.
const PRUNED_AT_ONCE: usize = 8;

/// Keys with values that end, and with that are no longer found. Every change first drops some of what has ended: moments are
/// whole seconds, so thousands may end at once, and nobody is to wait for all.
#[derive(Debug)]
pub(crate) struct Ageing<K, V> {
    entries: HashMap<K, Entry<V>>,
    /// What ends first, and of that what came first, is in front.
    order: BTreeMap<Place, K>,
    capacity: usize,
    next_number: u64,
}

#[derive(Debug)]
struct Entry<V> {
    place: Place,
    value: V,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    end: Timestamp,
    number: u64,
}

/// The table has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl<K: Clone + Eq + Hash, V> Ageing<K, V> {
    /// A table of at most this many entries, at least one.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), order: BTreeMap::new(), capacity: capacity.max(1), next_number: 0 }
    }

    /// Puts an entry in that lives until `end`. When there is no room the one that ends first goes, and is answered.
    pub(crate) fn insert(&mut self, key: K, value: V, end: Timestamp, now: Timestamp) -> Option<K> {
        self.prune(now);
        let is_full = self.entries.len() >= self.capacity && !self.entries.contains_key(&key);
        let gone = if is_full { self.drop_first() } else { None };
        self.put(key, value, end);
        gone
    }

    /// Puts an entry in if there is room.
    pub(crate) fn try_insert(
        &mut self,
        key: K,
        value: V,
        end: Timestamp,
        now: Timestamp,
    ) -> Result<(), Full> {
        self.prune(now);
        if self.entries.len() >= self.capacity {
            self.prune_up_to(usize::MAX, now);
        }
        if self.entries.len() >= self.capacity {
            return Err(Full);
        }
        self.put(key, value, end);
        Ok(())
    }

    /// An entry that has not ended.
    pub(crate) fn get(&self, key: &K, now: Timestamp) -> Option<&V> {
        self.entries.get(key).filter(|entry| entry.place.end > now).map(|entry| &entry.value)
    }

    /// Takes an entry out, if it has not ended and `is_right`: reading and deleting are one act.
    pub(crate) fn take_if(
        &mut self,
        key: &K,
        now: Timestamp,
        is_right: impl FnOnce(&V) -> bool,
    ) -> Option<V> {
        self.prune(now);
        if !is_right(self.get(key, now)?) {
            return None;
        }
        let entry = self.entries.remove(key)?;
        self.order.remove(&entry.place);
        Some(entry.value)
    }

    /// Drops them all.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }

    fn put(&mut self, key: K, value: V, end: Timestamp) {
        let place = Place { end, number: self.next_number };
        self.next_number += 1;
        self.order.insert(place, key.clone());
        if let Some(replaced) = self.entries.insert(key, Entry { place, value }) {
            self.order.remove(&replaced.place);
        }
    }

    fn prune(&mut self, now: Timestamp) {
        self.prune_up_to(PRUNED_AT_ONCE, now);
    }

    fn prune_up_to(&mut self, most: usize, now: Timestamp) {
        for _ in 0..most {
            match self.order.first_key_value() {
                Some((first, _)) if first.end <= now => drop(self.drop_first()),
                _ => return,
            }
        }
    }

    /// Drops the entry that ends first.
    fn drop_first(&mut self) -> Option<K> {
        let (_, key) = self.order.pop_first()?;
        self.entries.remove(&key);
        Some(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    #[test]
    fn an_entry_ends_at_the_very_second() {
        let mut table = Ageing::new(8);
        table.insert("a", 1, at(10), at(0));
        assert_eq!(table.get(&"a", at(9)), Some(&1));
        assert_eq!(table.get(&"a", at(10)), None);
        assert_eq!(table.take_if(&"a", at(10), |_| true), None);
        assert!(table.entries.is_empty() && table.order.is_empty());
    }

    #[test]
    fn an_entry_is_taken_once_and_only_by_the_right_one() {
        let mut table = Ageing::new(8);
        table.insert("a", 1, at(10), at(0));
        assert_eq!(table.take_if(&"a", at(0), |_| false), None);
        assert_eq!(table.take_if(&"a", at(0), |value| *value == 1), Some(1));
        assert_eq!(table.take_if(&"a", at(0), |_| true), None);
    }

    #[test]
    fn what_ends_first_makes_room_or_the_newest_is_refused() {
        let mut table = Ageing::new(2);
        let gone = [("a", 11), ("b", 10), ("c", 12)].map(|(key, end)| table.insert(key, end, at(end), at(0)));
        assert_eq!(gone, [None, None, Some("b")]);
        assert_eq!((table.get(&"b", at(0)), table.get(&"c", at(0))), (None, Some(&12)));
        assert_eq!(table.insert("c", 12, at(12), at(0)), None);
        assert_eq!(table.try_insert("d", 13, at(13), at(0)), Err(Full));
        assert_eq!(table.try_insert("d", 13, at(13), at(11)), Ok(()));
        assert_eq!((table.get(&"a", at(0)), table.get(&"d", at(11))), (None, Some(&13)));
    }

    #[test]
    fn what_lives_long_keeps_nothing_that_has_ended() {
        let mut table = Ageing::new(2);
        table.insert("long", 0, at(1_000), at(0));
        for now in 0..100 {
            assert_eq!(table.try_insert("short", 0, at(now + 1), at(now)), Ok(()));
        }
        assert_eq!(table.get(&"long", at(100)), Some(&0));
    }

    #[test]
    fn what_has_ended_goes_little_by_little_and_at_once_where_there_is_no_room() {
        let mut table = Ageing::new(100);
        for key in 0..100 {
            table.insert(key, (), at(10), at(0));
        }
        assert_eq!(table.take_if(&200, at(10), |()| true), None);
        assert_eq!(table.entries.len(), 100 - PRUNED_AT_ONCE);
        assert_eq!((table.get(&99, at(10)), table.get(&99, at(9))), (None, Some(&())));
        for key in 200..300 {
            assert_eq!(table.try_insert(key, (), at(20), at(10)), Ok(()));
        }
        assert_eq!(table.try_insert(300, (), at(20), at(10)), Err(Full));
    }

    #[test]
    fn a_replaced_entry_keeps_its_new_end() {
        let mut table = Ageing::new(2);
        table.insert("a", 1, at(10), at(0));
        table.insert("a", 2, at(20), at(5));
        assert_eq!(table.take_if(&"b", at(10), |_| true), None);
        assert_eq!(table.get(&"a", at(10)), Some(&2));
    }

    #[test]
    fn every_entry_has_one_place() {
        let mut table = Ageing::new(4);
        for round in 0..100u64 {
            table.insert(0, round, at(1_000_000 - round), at(0));
            table.insert(round + 1, round, at(1_000_000), at(0));
            table.take_if(&(round / 2), at(0), |_| true);
            assert_eq!(table.order.len(), table.entries.len());
            assert!(table.order.iter().all(|(place, key)| table.entries[key].place == *place));
        }
        table.clear();
        assert_eq!((table.get(&0, at(0)), table.order.len()), (None, 0));
    }
}
