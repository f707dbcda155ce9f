//! What a program needs where there is no operating system: nothing to allocate from, and nobody to tell about a panic.
//! Whatever asks for memory gets none, which is enough to weigh the code; in a browser, where `page` is run too, there is some.

#![no_std]

#[cfg(not(target_arch = "wasm32"))]
use core::alloc::{GlobalAlloc, Layout};
use core::panic::PanicInfo;

#[cfg(target_arch = "wasm32")]
pub mod arena;

#[cfg(not(target_arch = "wasm32"))]
struct Nothing;

// SAFETY: a null pointer is how an allocator says that it has no memory.
#[cfg(not(target_arch = "wasm32"))]
unsafe impl GlobalAlloc for Nothing {
    unsafe fn alloc(&self, _: Layout) -> *mut u8 {
        core::ptr::null_mut()
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[cfg(not(target_arch = "wasm32"))]
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
