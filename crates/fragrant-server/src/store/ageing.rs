//! A table whose entries end by their age and whose number is bounded.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use fragrant::value::Timestamp;

/// How many places one call goes through at most, unless room is needed. More than one, so that they are gone through faster
/// than they are added.
const PRUNED_AT_ONCE: usize = 8;

/// Keys with values that end, and with that are no longer found. Every change first drops some of what has ended, as far as that
/// stands in front; with one lifetime for all entries, which is how each table here is used, all of it comes to stand there.
#[derive(Debug)]
pub(crate) struct Ageing<K, V> {
    entries: HashMap<K, Entry<V>>,
    /// In the order of insertion, which is that of the ends. One that was taken out, or replaced, leaves its place
    /// behind.
    order: VecDeque<Place<K>>,
    capacity: usize,
    next_number: u64,
}

#[derive(Debug)]
struct Entry<V> {
    number: u64,
    end: Timestamp,
    value: V,
}

#[derive(Debug)]
struct Place<K> {
    number: u64,
    end: Timestamp,
    key: K,
}

/// The table has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl<K: Clone + Eq + Hash, V> Ageing<K, V> {
    /// A table of at most this many entries, at least one.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), capacity: capacity.max(1), next_number: 0 }
    }

    /// Puts an entry in that lives until `end`. When there is no room the oldest one goes.
    pub(crate) fn insert(&mut self, key: K, value: V, end: Timestamp, now: Timestamp) {
        self.prune(now);
        while self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            self.drop_first();
        }
        self.put(key, value, end);
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
        self.entries.get(key).filter(|entry| entry.end > now).map(|entry| &entry.value)
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
        self.entries.remove(key).map(|entry| entry.value)
    }

    /// Drops them all.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }

    fn put(&mut self, key: K, value: V, end: Timestamp) {
        let number = self.next_number;
        self.next_number += 1;
        self.order.push_back(Place { number, end, key: key.clone() });
        self.entries.insert(key, Entry { number, end, value });
        // Places that were left behind are not for ever.
        if self.order.len() > 2 * self.capacity {
            let entries = &self.entries;
            self.order.retain(|place| is_current(entries, place));
        }
    }

    /// Drops some of what has ended: moments are whole seconds, so thousands may end at once, and nobody is to wait for all.
    fn prune(&mut self, now: Timestamp) {
        self.prune_up_to(PRUNED_AT_ONCE, now);
    }

    fn prune_up_to(&mut self, most: usize, now: Timestamp) {
        for _ in 0..most {
            match self.order.front() {
                Some(place) if place.end <= now || !is_current(&self.entries, place) => self.drop_first(),
                _ => return,
            }
        }
    }

    /// Drops the entry that stands first, or the place that it has left behind.
    fn drop_first(&mut self) {
        if let Some(place) = self.order.pop_front()
            && is_current(&self.entries, &place)
        {
            self.entries.remove(&place.key);
        }
    }
}

/// Whether a place is still the entry's own.
fn is_current<K: Eq + Hash, V>(entries: &HashMap<K, Entry<V>>, place: &Place<K>) -> bool {
    entries.get(&place.key).is_some_and(|entry| entry.number == place.number)
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
    fn the_oldest_makes_room_or_the_newest_is_refused() {
        let mut table = Ageing::new(2);
        for (key, end) in [("a", 10), ("b", 11), ("c", 12)] {
            table.insert(key, end, at(end), at(0));
        }
        assert_eq!((table.get(&"a", at(0)), table.get(&"c", at(0))), (None, Some(&12)));
        assert_eq!(table.try_insert("d", 13, at(13), at(0)), Err(Full));
        assert_eq!(table.try_insert("d", 13, at(13), at(11)), Ok(()));
        assert_eq!((table.get(&"b", at(11)), table.get(&"d", at(11))), (None, Some(&13)));
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
    fn places_left_behind_are_bounded() {
        let mut table = Ageing::new(4);
        for round in 0..1_000u64 {
            table.insert(0, round, at(1_000_000), at(0));
            table.insert(round + 1, round, at(1_000_000), at(0));
            table.take_if(&(round + 1), at(0), |_| true);
        }
        assert!(table.order.len() <= 2 * 4 + 1, "{}", table.order.len());
        table.clear();
        assert_eq!(table.get(&0, at(0)), None);
    }
}
