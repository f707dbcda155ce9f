//! The pages that were shown and wait to be sent in.

use std::collections::VecDeque;

use fragrant::value::Timestamp;

/// How long a page waits, in **seconds**. It is the same for all of them, so that the oldest ends first.
pub(crate) const LIFETIME: u64 = 10 * 60;

/// A row of pages in the order in which they were shown, each with the query of the authorization request that it is about.
///
/// A page's number says where it stands, so none is kept beside it; whose it is and that it is ours are proved by
/// [`Proofs`](crate::authorization::Proofs), which keep nothing either. One that waits costs 24 bytes and its query.
#[derive(Debug)]
pub(crate) struct Pending {
    row: VecDeque<Waiting>,
    /// The number of the one that stands first.
    first: u64,
    /// What the queries take together.
    bytes: usize,
    capacity: usize,
    most_bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    /// Until it is sent in.
    query: Option<Box<str>>,
    end: Timestamp,
}

impl Pending {
    /// Room for this many pages, at least one, and for this many bytes of their queries. Beyond that the oldest is void.
    pub(crate) fn new(capacity: usize, most_bytes: usize) -> Self {
        Self { row: VecDeque::new(), first: 0, bytes: 0, capacity: capacity.max(1), most_bytes }
    }

    /// The number that the next page will have.
    pub(crate) fn next_number(&self) -> u64 {
        self.first + self.row.len() as u64
    }

    /// A page is shown; gives its number.
    pub(crate) fn add(&mut self, query: Box<str>, now: Timestamp) -> u64 {
        self.bytes += query.len();
        while let Some(page) = self.row.front()
            && (self.row.len() >= self.capacity || self.bytes > self.most_bytes || page.is_done(now))
        {
            self.bytes -= page.query.as_ref().map_or(0, |query| query.len());
            self.row.pop_front();
            self.first += 1;
        }
        let number = self.next_number();
        self.row.push_back(Waiting { query: Some(query), end: now.saturating_add(LIFETIME) });
        number
    }

    /// A page is sent in: gives its query, once.
    pub(crate) fn take(&mut self, number: u64, now: Timestamp) -> Option<Box<str>> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let query = self.row.get_mut(place).filter(|page| !page.is_done(now))?.query.take()?;
        self.bytes -= query.len();
        Some(query)
    }
}

impl Waiting {
    fn is_done(&self, now: Timestamp) -> bool {
        self.query.is_none() || self.end <= now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_unix_seconds(seconds)
    }

    #[test]
    fn a_page_is_taken_once_and_in_time() {
        let mut pending = Pending::new(8, 99);
        let numbers = ["a", "b"].map(|query| pending.add(query.into(), at(0)));
        assert_eq!(numbers, [0, 1]);
        assert_eq!(pending.take(1, at(LIFETIME - 1)).as_deref(), Some("b"));
        assert_eq!(pending.take(1, at(0)), None);
        assert_eq!(pending.take(0, at(LIFETIME)), None);
        for never in [2, u64::MAX] {
            assert_eq!(pending.take(never, at(0)), None);
        }
    }

    #[test]
    fn what_is_done_makes_room_and_else_the_oldest_does() {
        let mut pending = Pending::new(2, 99);
        for query in ["a", "b", "c"] {
            pending.add(query.into(), at(0));
        }
        assert_eq!(pending.take(0, at(0)), None);
        assert_eq!(pending.take(2, at(0)).as_deref(), Some("c"));
        assert_eq!(pending.add("d".into(), at(LIFETIME)), 3);
        assert_eq!(pending.row.len(), 1);
        assert_eq!(pending.take(3, at(LIFETIME)).as_deref(), Some("d"));
        assert_eq!((pending.take(1, at(0)), pending.next_number()), (None, 4));
    }

    #[test]
    fn long_queries_make_room_for_each_other() {
        let mut pending = Pending::new(99, 10);
        for query in ["aaaa", "bbbb", "cccc"] {
            pending.add(query.into(), at(0));
        }
        assert_eq!(pending.take(0, at(0)), None);
        assert_eq!(pending.take(1, at(0)).as_deref(), Some("bbbb"));
        // One that was taken takes no room.
        pending.add("dddddd".into(), at(0));
        assert_eq!(pending.take(2, at(0)).as_deref(), Some("cccc"));
        assert_eq!(pending.take(3, at(0)).as_deref(), Some("dddddd"));
        assert_eq!(pending.bytes, 0);
    }

    /// What docs/benchmarks.md says of one page that waits.
    #[test]
    fn a_million_pages_cost_no_more_than_forty_bytes_each() {
        const MILLION: usize = 1_000_000;
        let mut pending = Pending::new(MILLION, 0);
        for _ in 0..MILLION {
            pending.add(Box::default(), at(0));
        }
        let bytes = pending.row.capacity() * size_of::<Waiting>();
        assert!(bytes <= 40 * MILLION, "{bytes}");
    }
}
