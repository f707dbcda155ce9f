//! Parse and build for a page, without `wasm-bindgen`: functions over linear memory. The page writes a text into it, and gets
//! places in that text, so that no value is copied back: it cuts them out of its own string.
//!
//! `parse` judges the structure of an answer and finds every known parameter; it knows no state and no rule of the client's.
//! `build` writes a query.

#![no_std]
#![no_main]

// What every program needs.
extern crate fragrant_size as _;

#[cfg(target_arch = "wasm32")]
mod exports {
    use core::cell::UnsafeCell;
    use core::fmt::{self, Write};

    use fragrant::grammar::is_utf8;
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
        // SAFETY: nobody else holds either during the call.
        let (text, places) = unsafe { (&*TEXT.0.get(), &mut *PLACES.0.get()) };
        let Some(text) = text.get(..len).and_then(utf8) else { return 0 };
        let redirect = Redirect::split(text);
        let Some(parameters) = redirect.sound_parameters(&Limits::DEFAULT, &[]) else { return 0 };
        let mut found = 0;
        for (index, (parameter, place)) in ResponseParameter::ALL.iter().zip(places).enumerate() {
            if let Some(value) = parameters.fragment.value(*parameter) {
                let start = value.raw().as_ptr() as usize - text.as_ptr() as usize;
                let end = start + value.raw().len();
                *place = [start as u32, end as u32, u32::from(value.is_encoded())];
                found |= 1 << index;
            }
        }
        found
    }

    /// Writes the query of the pairs in the `len` bytes, name and value in turn, each with a line feed after it. It stands
    /// behind them. Answers with its length, or 0 if there is no room for it.
    #[unsafe(no_mangle)]
    extern "C" fn build(len: usize) -> usize {
        // SAFETY: nobody else holds it during the call.
        let text = unsafe { &mut *TEXT.0.get() };
        let Some((given, room)) = text.split_at_mut_checked(len) else { return 0 };
        let mut query = Query { room, len: 0 };
        match write(given, &mut query) {
            Some(()) => query.len,
            None => 0,
        }
    }

    fn write(given: &[u8], query: &mut Query<'_>) -> Option<()> {
        let mut writer = form::Writer::new(query, false);
        let mut texts = given.split(|byte| *byte == b'\n').map(utf8);
        while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
            writer.try_pair(name?, value?).ok()?;
        }
        Some(())
    }

    /// The room for a query, and how much of it is written.
    struct Query<'a> {
        room: &'a mut [u8],
        len: usize,
    }

    impl Write for Query<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let room = self.room.get_mut(self.len..).and_then(|room| room.get_mut(..text.len()));
            room.ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
            self.len += text.len();
            Ok(())
        }
    }

    /// What `core::str::from_utf8` says, with a check that is here anyway.
    fn utf8(bytes: &[u8]) -> Option<&str> {
        // Nearly every text is ASCII, and this is seen sooner.
        let is_text = bytes.iter().all(u8::is_ascii) || is_utf8(&mut bytes.iter().copied());
        // SAFETY: it is one.
        is_text.then(|| unsafe { core::str::from_utf8_unchecked(bytes) })
    }
}
