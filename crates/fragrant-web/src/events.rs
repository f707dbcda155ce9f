//! What the application is told, as a stream.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::rc::{Rc, Weak};
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use fragrant::client::session::Report;
use futures_core::Stream;

/// The session's reports, from the moment on at which this was made, each once and in their order.
///
/// It ends when the last [`WebSession`](crate::WebSession) of the session is dropped. What nobody takes is kept, but
/// for problems beyond the first thousand reports: whoever can send this page messages can bring some about.
pub struct Events(Rc<Queue>);

/// How many reports may wait for a problem to be put with them.
const MOST_PROBLEMS: usize = 1000;

/// Who is told.
#[derive(Default)]
pub(crate) struct Listeners(RefCell<Vec<Listener>>);

/// Takes a report, if there is one, and says whether it wants to hear more.
type Listener = Box<dyn Fn(Option<&Report>) -> bool>;

/// The session's end of a stream.
struct Sender(Weak<Queue>);

#[derive(Default)]
struct Queue {
    reports: RefCell<VecDeque<Report>>,
    waker: Cell<Option<Waker>>,
    is_over: Cell<bool>,
}

impl Events {
    /// The next report; `None` when there will be none any more.
    pub async fn next(&mut self) -> Option<Report> {
        poll_fn(|context| self.0.poll(context)).await
    }

    /// The next report, if it is there already.
    pub fn try_next(&mut self) -> Option<Report> {
        self.0.reports.borrow_mut().pop_front()
    }
}

impl Stream for Events {
    type Item = Report;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Report>> {
        self.0.poll(context)
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}

impl Queue {
    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Report>> {
        match self.reports.borrow_mut().pop_front() {
            Some(report) => Poll::Ready(Some(report)),
            None if self.is_over.get() => Poll::Ready(None),
            None => {
                self.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }

    fn push(&self, report: &Report) {
        let mut reports = self.reports.borrow_mut();
        if reports.len() < MOST_PROBLEMS || !matches!(report, Report::Problem(_)) {
            reports.push_back(report.clone());
        }
        drop(reports);
        self.wake();
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl Listeners {
    /// Another stream.
    pub(crate) fn listen(&self) -> Events {
        let queue = Rc::<Queue>::default();
        let sender = Sender(Rc::downgrade(&queue));
        self.add(move |report| sender.send(report));
        Events(queue)
    }

    /// Has a function told until it says that it wants to hear no more.
    pub(crate) fn add(&self, told: impl Fn(Option<&Report>) -> bool + 'static) {
        let mut listeners = self.0.borrow_mut();
        // Who has gone since the last report goes now: there may be none for long.
        listeners.retain(|told| told(None));
        listeners.push(Box::new(told));
    }

    /// Tells all of them. The list is not borrowed meanwhile: whoever is told may listen anew at once.
    pub(crate) fn tell(&self, report: &Report) {
        let mut told = self.0.take();
        told.retain(|told| told(Some(report)));
        told.append(&mut self.0.take());
        self.0.replace(told);
    }
}

impl Sender {
    /// Whether there is somebody still who may take it.
    fn send(&self, report: Option<&Report>) -> bool {
        let queue = self.0.upgrade();
        if let (Some(queue), Some(report)) = (&queue, report) {
            queue.push(report);
        }
        queue.is_some()
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        if let Some(queue) = self.0.upgrade() {
            queue.is_over.set(true);
            queue.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use fragrant::client::session::{Cause, Problem};

    use super::*;

    #[test]
    fn of_problems_that_nobody_takes_a_thousand_wait_and_of_the_rest_all() {
        let listeners = Listeners::default();
        let mut events = listeners.listen();
        let problem = Report::Problem(Problem::from(Cause::WrongOrigin));
        let ended = Report::SignedOut(Problem::from(Cause::UserSignedOut));
        for _ in 0..1500 {
            listeners.tell(&problem);
        }
        listeners.tell(&ended);
        let told: Vec<Report> = core::iter::from_fn(|| events.try_next()).collect();
        assert_eq!((told.len(), told.last()), (1001, Some(&ended)));
        listeners.tell(&problem);
        assert_eq!(events.try_next(), Some(problem), "there is room again");
    }

    #[test]
    fn a_stream_that_is_gone_leaves_nothing_behind() {
        let listeners = Listeners::default();
        let mut kept = listeners.listen();
        for _ in 0..100 {
            drop(listeners.listen());
        }
        assert!(listeners.0.borrow().len() <= 2);
        listeners.tell(&Report::Problem(Problem::from(Cause::WrongOrigin)));
        assert!(kept.try_next().is_some() && kept.try_next().is_none());
    }
}
