//! What a module needs that stands alone, without the standard library: memory, and an end. Both are smaller than those of
//! the standard library by far, whose panics bring all of text formatting along.

use core::panic::PanicInfo;

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

#[global_allocator]
static MEMORY: WasmDynamicTalc = new_wasm_dynamic_allocator();

/// Ends the call with a trap, as the standard library would have done, without its text. Nothing here panics that is known of.
#[panic_handler]
fn panicked(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
