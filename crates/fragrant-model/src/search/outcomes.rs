//! What came of a deed, remembered by what it asked of the browser: a tree of questions. What a deed asks next depends on nothing
//! but what it has been answered so far, so all browsers with the same answers come to the same end, and what differs between
//! them in other respects is not looked at.

use std::sync::{Arc, RwLock};

use crate::property::Properties;
use crate::table::{QuickMap, Table, read, write};
use crate::world::{Deed, Question, Written};

/// A deed, and all that what comes of it depends on beside the browser.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Root {
    pub(super) user: u8,
    pub(super) waits: u8,
    pub(super) is_undisturbed: bool,
    pub(super) deed: Deed,
    /// The browser, where nothing is shared between browsers.
    pub(super) browser: Option<u32>,
}

/// What came of one action of a deed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Change {
    pub(super) written: Box<[Written]>,
    /// What has come the attacker's way, as a number of the knowledge that has just that.
    pub(super) gains: u32,
    pub(super) broken: Properties,
    pub(super) is_reached: bool,
}

impl Change {
    /// Whether nothing has come of it.
    pub(super) fn is_nothing(&self) -> bool {
        self.written.is_empty() && self.gains == 0 && self.broken.is_empty()
    }
}

/// The actions of a deed of which something came, each with what did.
pub(super) type Changes = Arc<Box<[(u32, Change)]>>;

/// What was asked and answered, each once, in its order.
#[derive(Default)]
pub(super) struct Way {
    pub(super) taken: Vec<(Question, u32)>,
    is_asked: u32,
}

impl Way {
    pub(super) fn take(&mut self, question: Question, answer: impl FnOnce(Question) -> u32) -> u32 {
        let answer = answer(question);
        if self.is_asked >> question & 1 == 0 {
            self.is_asked |= 1 << question;
            self.taken.push((question, answer));
        }
        answer
    }
}

pub(super) struct Outcomes {
    tree: RwLock<Tree>,
    changes: Table<Box<[(u32, Change)]>>,
}

#[derive(Default)]
struct Tree {
    roots: QuickMap<Root, u32>,
    nodes: Vec<Node>,
    /// Where an answer leads.
    edges: QuickMap<(u32, u32), u32>,
}

#[derive(Clone, Copy)]
enum Node {
    Asks(Question),
    /// What came of it, by number.
    Ends(u32),
}

impl Outcomes {
    pub(super) fn new() -> Self {
        Self { tree: RwLock::default(), changes: Table::new() }
    }

    /// What is known to come of a deed in a browser that answers like this.
    pub(super) fn find(&self, root: &Root, mut answer: impl FnMut(Question) -> u32) -> Option<Changes> {
        let tree = read(&self.tree);
        let mut at = *tree.roots.get(root)?;
        loop {
            match *tree.nodes.get(at as usize)? {
                Node::Asks(question) => at = *tree.edges.get(&(at, answer(question)))?,
                Node::Ends(changes) => return Some(self.changes.value(changes)),
            }
        }
    }

    /// Remembers what came of a deed, and what was asked and answered on the way, in its order.
    pub(super) fn learn(&self, root: Root, way: &[(Question, u32)], changes: Vec<(u32, Change)>) -> Changes {
        let number = self.changes.number(changes.into_boxed_slice());
        let tree = &mut *write(&self.tree);
        let node = |nodes: &mut Vec<Node>, depth: usize| {
            nodes.push(match way.get(depth) {
                Some((question, _)) => Node::Asks(*question),
                None => Node::Ends(number),
            });
            // No machine has the memory for more.
            u32::try_from(nodes.len() - 1).unwrap_or(u32::MAX)
        };
        let Tree { roots, nodes, edges } = tree;
        let mut at = *roots.entry(root).or_insert_with(|| node(nodes, 0));
        for (depth, (_, answer)) in (1..).zip(way) {
            at = *edges.entry((at, *answer)).or_insert_with(|| node(nodes, depth));
        }
        self.changes.value(number)
    }
}
