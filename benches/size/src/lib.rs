//! What a program needs where there is no operating system: nothing to allocate from, and nobody to tell about a panic.
//! Whatever asks for memory gets none, which the compiler is not to know: it would leave out all that comes behind the first
//! asking. That is enough to weigh the code, and `page`, which is run too, never asks.

#![no_std]

use core::alloc::{GlobalAlloc, Layout};
use core::panic::PanicInfo;

struct Nothing;

// SAFETY: a null pointer is how an allocator says that it has no memory.
unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::hint::black_box(core::ptr::null_mut())
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static NOTHING: Nothing = Nothing;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

/// The text of which the first `len` bytes are an answer.
pub fn text(answer: &[u8; 512], len: usize) -> Option<&str> {
    core::str::from_utf8(answer.get(..len)?).ok()
}
