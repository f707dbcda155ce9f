//! A place for one value that comes later, and the future that waits for it.

use alloc::rc::Rc;
use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// Where the value is put. A future whose slot is gone unfilled never ends, so whoever holds one fills it.
pub(crate) struct Slot<T>(Rc<Shared<T>>);

/// Waits for the value.
pub(crate) struct Filled<T>(Rc<Shared<T>>);

struct Shared<T> {
    value: Cell<Option<T>>,
    waker: Cell<Option<Waker>>,
}

pub(crate) fn slot<T>() -> (Slot<T>, Filled<T>) {
    let shared = Rc::new(Shared { value: Cell::new(None), waker: Cell::new(None) });
    (Slot(shared.clone()), Filled(shared))
}

impl<T> Slot<T> {
    pub(crate) fn fill(self, value: T) {
        self.0.value.set(Some(value));
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }
}

impl<T> Future for Filled<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        match self.0.value.take() {
            Some(value) => Poll::Ready(value),
            None => {
                self.0.waker.set(Some(context.waker().clone()));
                Poll::Pending
            }
        }
    }
}
