//! How the browser asks, and that it says so when nobody is there: what an open page asks by itself keeps nobody signed in
//! (identity.md, Sign-in). It knows when somebody last did something in this tab, not what. Start reading at [`Asking`].

use futures_util::{Sink, Stream};
use leptos::leptos_dom::helpers::{document, window};
use leptos::server_fn::Bytes;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::browser::BrowserRequest;
use leptos::server_fn::response::browser::BrowserResponse;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The header of what was asked without anybody there.
pub const BY_ITSELF: &str = "x-by-itself";

/// Who did nothing for so long is not there. Milliseconds.
const THERE_MS: f64 = 60_000.0;

/// So often the server is told of who is there, whatever else they ask: half an hour without, and the session is over. Milliseconds.
const TOLD_EVERY_MS: f64 = 5.0 * 60_000.0;

/// What people do. Beside what fingers do: what a screen reader, dictation or the browser's own buttons do for them.
const INPUT: [&str; 8] =
    ["pointerdown", "keydown", "wheel", "touchstart", "click", "input", "popstate", "visibilitychange"];

thread_local! {
    /// When somebody last did something in this tab. Milliseconds of the browser's clock.
    static LAST_INPUT: Cell<f64> = const { Cell::new(0.0) };
    /// When this tab last told the server of them. Milliseconds of the same.
    static LAST_TOLD: Cell<f64> = const { Cell::new(0.0) };
}

/// Sends what reads (tidy wants it of each): the framework's client, and the header.
#[derive(Debug)]
pub struct Asking;

impl<E, I, O> Client<E, I, O> for Asking
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        if is_by_itself(LAST_INPUT.get(), js_sys::Date::now()) {
            request.headers().set(BY_ITSELF, "1");
        }
        <BrowserClient as Client<E, I, O>>::send(request)
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}

/// Notes from now on when somebody does something in this tab; whoever opened it did. Listeners of the window are passive by themselves.
pub fn watch() {
    note();
    LAST_TOLD.set(js_sys::Date::now());
    let noted = Closure::<dyn Fn()>::new(note);
    for event in INPUT {
        // Before any listener of a page, that may keep the event for itself.
        let _ = window().add_event_listener_with_callback_and_bool(event, noted.as_ref().unchecked_ref(), true);
    }
    noted.forget();
}

/// Whether the server is to be told now that somebody is there, as they may only read or type; who asks this tells it.
pub fn has_to_tell() -> bool {
    let now = js_sys::Date::now();
    let has = !is_by_itself(LAST_INPUT.get(), now) && is_due(LAST_TOLD.get(), now);
    if has {
        LAST_TOLD.set(now);
    }
    has
}

/// Somebody is there, or meant this tab to be as if they were. A tab that is hidden was left.
pub fn note() {
    if !document().hidden() {
        LAST_INPUT.set(js_sys::Date::now());
    }
}

/// Also where the clock was set back since.
fn is_due(last_told: f64, now: f64) -> bool {
    (now - last_told).abs() > TOLD_EVERY_MS
}

fn is_by_itself(last_input: f64, now: f64) -> bool {
    now - last_input > THERE_MS
}

#[cfg(test)]
mod tests {
    use super::{is_by_itself, is_due};

    #[test]
    fn who_did_nothing_for_a_minute_is_not_there() {
        let at = 1_790_000_000_000.0;
        for after in [0.0, 59_000.0, 60_000.0] {
            assert!(!is_by_itself(at, at + after), "{after}");
        }
        assert!(is_by_itself(at, at + 60_001.0));
        assert!(is_by_itself(0.0, at), "a tab that was opened in the background, and never looked at");
        assert!(!is_by_itself(at, at - 3_600_000.0), "the clock of the machine was set back");
    }

    #[test]
    fn the_server_is_told_every_five_minutes_whatever_becomes_of_the_clock() {
        let told = 1_790_000_000_000.0;
        assert!(!is_due(told, told + 299_000.0));
        assert!(is_due(told, told + 301_000.0));
        assert!(is_due(told, told - 3_600_000.0), "the clock was set back");
    }
}
