//! A map for a few entries: a vector in the order of its keys. The code of a B-tree, of which each kind of entry needs its
//! own, would be an eighth of what a browser downloads.

use alloc::vec::Vec;
use core::borrow::Borrow;

/// A map that is fast while it is small, or filled in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct SortedMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Puts a value in, and gives back the one that was there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => self.0.get_mut(at).map(|(_, own)| core::mem::replace(own, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().map(|at| self.0.remove(at).1)
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    #[cfg(feature = "session")]
    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.find(key).ok().and_then(|at| self.0.get_mut(at)).map(|(_, value)| value)
    }

    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(own, _)| own.borrow().cmp(key))
    }

    /// The entries in the order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> + Clone {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    #[cfg(feature = "walk")]
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    #[cfg(feature = "session")]
    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = alloc::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The items in order. A heap's code is a tenth of that of the standard library's faster sorts, and stands here once for items
/// of every kind.
pub(crate) fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items = Vec::from_iter(items);
    sort(&mut items);
    items
}

/// What is to be put in order.
trait Places {
    fn count(&self) -> usize;
    fn is_before(&self, one: usize, other: usize) -> bool;
    fn exchange(&mut self, one: usize, other: usize);
}

impl<T: Ord> Places for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn is_before(&self, one: usize, other: usize) -> bool {
        self.get(one) < self.get(other)
    }

    fn exchange(&mut self, one: usize, other: usize) {
        self.swap(one, other);
    }
}

fn sort(places: &mut dyn Places) {
    let count = places.count();
    for top in (0..count / 2).rev() {
        sink(places, top, count);
    }
    // The front holds the greatest, which goes to the end of what is left.
    for end in (1..count).rev() {
        places.exchange(0, end);
        sink(places, 0, end);
    }
}

/// Lets what stands at `at` sink below all before `end` that are greater.
fn sink(places: &mut dyn Places, mut at: usize, end: usize) {
    loop {
        let mut below = 2 * at + 1;
        if below + 1 < end && places.is_before(below, below + 1) {
            below += 1;
        }
        if below >= end || !places.is_before(at, below) {
            return;
        }
        places.exchange(at, below);
        at = below;
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{SortedMap, sorted};

    proptest! {
        /// As the standard library sorts.
        #[test]
        fn items_are_put_in_order(items in vec(0_u8..16, 0..64)) {
            let mut model = items.clone();
            model.sort_unstable();
            prop_assert_eq!(sorted(items.into_iter()), model);
        }

        /// Whatever is done to it, it holds what a map of the standard library holds, in the same order.
        #[test]
        fn it_is_a_map(moves in vec((any::<bool>(), 0_u8..8, any::<u8>()), 0..64)) {
            let (mut own, mut model) = (SortedMap::default(), BTreeMap::new());
            for (is_insert, key, value) in moves {
                if is_insert {
                    prop_assert_eq!(own.insert(key, value), model.insert(key, value));
                } else {
                    prop_assert_eq!(own.remove(&key), model.remove(&key));
                }
                prop_assert_eq!(own.get(&key), model.get(&key));
                prop_assert_eq!(own.contains_key(&key), model.contains_key(&key));
                prop_assert!(own.iter().eq(model.iter()));
                prop_assert_eq!(own.is_empty(), model.is_empty());
            }
            prop_assert!(own.into_iter().eq(model));
        }
    }
}
