//! Parse and build for a page, without `wasm-bindgen`: functions over linear memory. The page writes a text into it, and gets
//! places in that text, so that no value is copied back: it cuts them out of its own string.
//!
//! `parse` judges the structure of an answer and finds every known parameter; it knows no state and no rule of the client's.
//! `build` writes a query.

#![no_std]
#![no_main]

#[cfg(target_arch = "wasm32")]
extern crate alloc;
// For other machines it is empty, but for what every program needs.
extern crate fragrant_size as _;

#[cfg(target_arch = "wasm32")]
mod exports {
    use alloc::string::String;
    use core::cell::UnsafeCell;

    use fragrant::spec::ResponseParameter;
    use fragrant::wire::{Limits, Redirect, form};

    const SIZE: usize = 16 * 1024;
    /// For each known parameter where its value begins and ends, and whether it is to be decoded.
    type Places = [[u32; 3]; ResponseParameter::COUNT];

    struct Shared<T>(UnsafeCell<T>);

    // SAFETY: a module has one thread, and the page touches nothing during a call.
    unsafe impl<T> Sync for Shared<T> {}

    static TEXT: Shared<[u8; SIZE]> = Shared(UnsafeCell::new([0; SIZE]));
    static PLACES: Shared<Places> = Shared(UnsafeCell::new([[0; 3]; ResponseParameter::COUNT]));

    /// Where the page writes its text.
    #[unsafe(no_mangle)]
    extern "C" fn text() -> *mut u8 {
        TEXT.0.get().cast()
    }

    /// Where it finds the places.
    #[unsafe(no_mangle)]
    extern "C" fn places() -> *const u32 {
        PLACES.0.get().cast::<u32>()
    }

    /// Reads the address of `len` bytes. Answers with a bit for each known parameter that is there, or 0 if there is none or
    /// the address is not sound.
    #[unsafe(no_mangle)]
    extern "C" fn parse(len: usize) -> u32 {
        // SAFETY: nothing of an earlier call is left.
        unsafe { fragrant_size::arena::free_all() };
        // SAFETY: nobody else holds either during the call.
        let (text, places) = unsafe { (&*TEXT.0.get(), &mut *PLACES.0.get()) };
        let Some(text) = text.get(..len).and_then(|bytes| core::str::from_utf8(bytes).ok()) else { return 0 };
        let Ok(parameters) = Redirect::split(text).parameters(&Limits::DEFAULT, &[]) else { return 0 };
        let mut found = 0;
        for (index, (parameter, place)) in ResponseParameter::ALL.iter().zip(places).enumerate() {
            if let Some(pair) = parameters.fragment.get(*parameter) {
                let start = pair.value.raw().as_ptr() as usize - text.as_ptr() as usize;
                let end = start + pair.value.raw().len();
                *place = [start as u32, end as u32, u32::from(pair.value.is_encoded())];
                found |= 1 << index;
            }
        }
        found
    }

    /// Writes the query of the pairs in the `len` bytes, name and value in turn, each with a line feed after it. It stands
    /// behind them. Answers with its length, or 0 if there is no room for it.
    #[unsafe(no_mangle)]
    extern "C" fn build(len: usize) -> usize {
        // SAFETY: nothing of an earlier call is left.
        unsafe { fragrant_size::arena::free_all() };
        // SAFETY: nobody else holds it during the call.
        let text = unsafe { &mut *TEXT.0.get() };
        let Some((given, room)) = text.split_at_mut_checked(len) else { return 0 };
        let Ok(given) = core::str::from_utf8(given) else { return 0 };
        let mut query = String::new();
        let mut writer = form::Writer::new(&mut query, false);
        let mut texts = given.split_terminator('\n');
        while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
            writer.pair(name, value);
        }
        match room.get_mut(..query.len()) {
            Some(room) => {
                room.copy_from_slice(query.as_bytes());
                query.len()
            }
            None => 0,
        }
    }
}
