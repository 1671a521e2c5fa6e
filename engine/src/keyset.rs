//! A page of a list that is paged by the key of its rows, newest first: what is asked of the store, and what it makes of the answer.

use crate::store::publication_list::Part;
use domain::query::From;

/// Counts stop here ("999+").
pub(crate) const COUNT_MOST: i64 = 1_000;

/// Where a page begins, and how many rows it has.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    from: From,
    size: u8,
}

/// The rows of a page, newest first, with the keys of the pages around it.
pub(crate) struct Page<R> {
    pub(crate) rows: Vec<R>,
    /// Above this key the newer page lies, if there is one.
    pub(crate) newer: Option<i64>,
    /// Below this key the older page lies, if there is one.
    pub(crate) older: Option<i64>,
}

impl Window {
    pub(crate) fn new(from: From, size: u8) -> Self {
        Self { from, size }
    }

    /// The part of the list that the store is asked for.
    pub(crate) fn part(self) -> Part {
        match self.from {
            From::Start => Part::First,
            From::Before(key) => Part::Before(key),
            From::After(key) => Part::After(key),
        }
    }

    /// One row more than the page has: it tells whether there is another page.
    pub(crate) fn limit(self) -> i64 {
        i64::from(self.size) + 1
    }

    /// The page, from the rows that the store gave for [`Self::part`] and [`Self::limit`].
    pub(crate) fn page<R>(self, mut rows: Vec<R>, key: impl Fn(&R) -> i64) -> Page<R> {
        let upwards = matches!(self.from, From::After(_));
        let more = rows.len() > usize::from(self.size);
        rows.truncate(usize::from(self.size));
        if upwards {
            rows.reverse();
        }
        let (above, below) = (upwards && more || matches!(self.from, From::Before(_)), more || upwards);
        let newer = rows.first().filter(|_| above).map(&key);
        let older = rows.last().filter(|_| below).map(&key);
        Page { rows, newer, older }
    }
}
