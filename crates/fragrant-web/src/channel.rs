//! The channel that the pages of one application share: a broadcast channel, or storage events where there is none.

use alloc::string::String;

use wasm_bindgen::{JsCast, JsValue};

use crate::browser::{self, BroadcastChannel, Callback, Event, Window, callback};

/// What is said on the channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The end of a sign-in that another page waits for.
    Answer(String),
    /// A message from tab to tab.
    Tabs(String),
}

/// What stands before an answer that is said.
const ANSWER: &str = "answer ";
/// What stands before a message from tab to tab.
const TABS: &str = "tabs ";

/// The page's end of the channel.
pub(crate) struct Channel(Way);

enum Way {
    Broadcast { channel: BroadcastChannel, _heard: Callback },
    Storage { window: Window, key: String, heard: Callback },
}

impl Channel {
    /// Opens it; `heard` is told what the other pages say.
    pub(crate) fn open(window: &Window, name: &str, heard: impl Fn(Said) + 'static) -> Self {
        let name = ["fragrant:channel:", name].concat();
        let hear = move |text: Option<String>| {
            if let Some(said) = text.as_deref().and_then(Said::decode) {
                heard(said);
            }
        };
        Self(match BroadcastChannel::new(&name) {
            Ok(channel) => {
                let heard = callback(move |event| {
                    hear(event.unchecked_ref::<Event>().data().as_string());
                });
                channel.set_onmessage(&heard);
                Way::Broadcast { channel, _heard: heard }
            }
            Err(_) => {
                let key = name.clone();
                let heard = callback(move |event| {
                    let event = event.unchecked_ref::<Event>();
                    if event.storage_key().as_deref() == Some(&*name) {
                        hear(event.new_value());
                    }
                });
                window.add_event_listener("storage", &heard);
                Way::Storage { window: window.clone(), key, heard }
            }
        })
    }

    /// Says it to the other pages. One that cannot be reached hears nothing, as one that is not there.
    pub(crate) fn say(&self, said: &Said) {
        let text = said.encode();
        match &self.0 {
            Way::Broadcast { channel, .. } => drop(channel.post(&text)),
            Way::Storage { window, key, .. } => {
                if let Ok(Some(storage)) = window.local_storage() {
                    // Only a change is an event, and nothing of it shall stay.
                    let _ = storage.set_item(key, &text);
                    let _ = storage.remove_item(key);
                }
            }
        }
    }
}

impl Said {
    fn encode(&self) -> String {
        match self {
            Self::Answer(text) => [ANSWER, text].concat(),
            Self::Tabs(text) => [TABS, text].concat(),
        }
    }

    fn decode(text: &str) -> Option<Self> {
        let answer = text.strip_prefix(ANSWER).map(|text| Self::Answer(text.into()));
        answer.or_else(|| text.strip_prefix(TABS).map(|text| Self::Tabs(text.into())))
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        match &self.0 {
            Way::Broadcast { channel, .. } => channel.close_channel(),
            Way::Storage { window, heard, .. } => window.remove_event_listener("storage", heard),
        }
    }
}

/// Listens to an event of the window for as long as it lives.
pub(crate) struct Listener {
    window: Window,
    event: &'static str,
    callback: Callback,
}

impl Listener {
    pub(crate) fn new(window: &Window, event: &'static str, heard: impl Fn(JsValue) + 'static) -> Self {
        let callback = browser::callback(heard);
        window.add_event_listener(event, &callback);
        Self { window: window.clone(), event, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.window.remove_event_listener(self.event, &self.callback);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_heard_and_nothing_else_is() {
        for said in [Said::Answer("a b=c".into()), Said::Tabs("v=1&kind=signed_out".into())] {
            assert_eq!(Said::decode(&said.encode()), Some(said));
        }
        for text in ["", "answer", "other text", " tabs"] {
            assert_eq!(Said::decode(text), None, "{text}");
        }
    }
}
