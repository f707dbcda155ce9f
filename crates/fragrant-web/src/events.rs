//! What the application is told, as a stream.

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
/// It ends when the last [`WebSession`](crate::WebSession) of the session is dropped. What nobody takes is kept.
pub struct Events(Rc<Queue>);

/// Who is told.
#[derive(Default)]
pub(crate) struct Listeners {
    queues: RefCell<Vec<Weak<Queue>>>,
    #[cfg(feature = "js")]
    told: core::cell::OnceCell<Told>,
}

#[cfg(feature = "js")]
type Told = alloc::boxed::Box<dyn Fn(&Report)>;

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
        self.queues.borrow_mut().push(Rc::downgrade(&queue));
        Events(queue)
    }

    /// Has a function told, too.
    #[cfg(feature = "js")]
    pub(crate) fn tell_also(&self, told: impl Fn(&Report) + 'static) {
        let _ = self.told.set(alloc::boxed::Box::new(told));
    }

    /// Tells all of them. Nobody is woken while a list is borrowed: it may call back at once.
    pub(crate) fn tell(&self, report: &Report) {
        self.queues.borrow_mut().retain(|queue| queue.strong_count() > 0);
        for queue in self.all() {
            queue.reports.borrow_mut().push_back(report.clone());
            queue.wake();
        }
        #[cfg(feature = "js")]
        if let Some(told) = self.told.get() {
            told(report);
        }
    }

    fn all(&self) -> Vec<Rc<Queue>> {
        self.queues.borrow().iter().filter_map(Weak::upgrade).collect()
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        for queue in self.all() {
            queue.is_over.set(true);
            queue.wake();
        }
    }
}
