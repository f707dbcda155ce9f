//! The session's timers. A browser's own sleep with the machine, so a timer also remembers when it is due.

use alloc::rc::Rc;
use core::cell::Cell;

use fragrant::client::session::Timer;

use crate::browser::{self, Callback, callback};

/// The timers, of which one of each name runs at most.
pub(crate) struct Timers([Slot; 3]);

struct Slot {
    timer: Timer,
    fired: Callback,
    running: Rc<Cell<Option<Running>>>,
}

#[derive(Clone, Copy)]
struct Running {
    timeout: i32,
    /// When it is to fire, in milliseconds since 1970.
    due: f64,
}

impl Timers {
    /// No timer yet; `fired` is told of each that runs out.
    pub(crate) fn new(fired: impl Fn(Timer) + Clone + 'static) -> Self {
        Self([Timer::Answer, Timer::Renewal, Timer::Retry].map(|timer| {
            let (fired, running) = (fired.clone(), Rc::<Cell<Option<Running>>>::default());
            let ran = running.clone();
            let fired = callback(move |_| {
                ran.set(None);
                fired(timer);
            });
            Slot { timer, fired, running }
        }))
    }

    /// Starts a timer, in the place of the one of this name that may be running.
    pub(crate) fn start(&self, timer: Timer, seconds: u32) {
        if let Some(slot) = self.named(timer) {
            slot.stop();
            let milliseconds = seconds.saturating_mul(1000);
            let timeout = browser::set_timeout(&slot.fired, milliseconds);
            slot.running
                .set(Some(Running { timeout, due: browser::milliseconds() + f64::from(milliseconds) }));
        }
    }

    /// Stops a timer, if it runs.
    pub(crate) fn stop(&self, timer: Timer) {
        if let Some(slot) = self.named(timer) {
            slot.stop();
        }
    }

    /// Stops and names a timer that should have fired by now: one that has slept with the machine.
    pub(crate) fn take_late(&self) -> Option<Timer> {
        let now = browser::milliseconds();
        let is_late = |slot: &&Slot| slot.running.get().is_some_and(|running| running.due <= now);
        let late = self.0.iter().find(is_late)?;
        late.stop();
        Some(late.timer)
    }

    fn named(&self, timer: Timer) -> Option<&Slot> {
        self.0.iter().find(|slot| slot.timer == timer)
    }
}

impl Slot {
    fn stop(&self) {
        if let Some(running) = self.running.take() {
            browser::clear_timeout(running.timeout);
        }
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        self.0.iter().for_each(Slot::stop);
    }
}
