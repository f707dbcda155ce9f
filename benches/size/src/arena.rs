//! Memory for one call of the page: it is given out from one end to the other, and all of it is free again with the next.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, UnsafeCell};

const SIZE: usize = 256 * 1024;

struct Arena {
    bytes: UnsafeCell<[u8; SIZE]>,
    used: Cell<usize>,
}

// SAFETY: a module has one thread.
unsafe impl Sync for Arena {}

// SAFETY: what is given out lies in the arena, aligned as asked, and is given out once until all is free again.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let start = self.used.get().next_multiple_of(layout.align());
        let end = start.saturating_add(layout.size());
        if end > SIZE {
            return core::ptr::null_mut();
        }
        self.used.set(end);
        // SAFETY: the end was looked at.
        unsafe { self.bytes.get().cast::<u8>().add(start) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ARENA: Arena = Arena { bytes: UnsafeCell::new([0; SIZE]), used: Cell::new(0) };

/// Frees everything.
///
/// # Safety
/// Nothing that was given out may be used any more.
pub unsafe fn free_all() {
    ARENA.used.set(0);
}
