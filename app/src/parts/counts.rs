//! The numbers beside rooms of the navigation: orders that wait for who is signed in, notices that they have not read. They come
//! with the page, and are asked for again when something happens.

use crate::api::home::home_counts;
use crate::parts::live::Live;
use domain::view::home::Counts;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use std::time::Duration;

/// Whatever happens meanwhile is asked for together.
const PAUSE: Duration = Duration::from_millis(400);

/// The numbers that came after the page: one for all of it.
#[derive(Clone, Copy)]
pub struct CountsContext(RwSignal<Option<Counts>>);

impl CountsContext {
    /// Hands them to all below.
    pub fn provide() {
        provide_context(Self(RwSignal::default()));
    }

    /// From the context. A page outside the frame has none.
    pub fn get() -> Option<Self> {
        use_context()
    }

    /// Asks the server: something was decided, or read.
    pub fn refresh(self) {
        spawn_local(async move {
            // What can't be read now is read with the next event.
            if let Ok(counts) = home_counts().await {
                let _ = self.0.try_set(Some(counts));
            }
        });
    }

    /// The numbers, as far as they are newer than the page.
    pub fn newer(self) -> Option<Counts> {
        self.0.get()
    }

    /// Asks again whenever something happened that the person may hear of, or another page is opened.
    pub fn follow(self) {
        let path = use_location().pathname;
        let waiting = StoredValue::new(false);
        Effect::new(move |before: Option<(String, i64)>| {
            let now = (path.get(), Live::get().map_or(0, Live::last));
            if before.is_some_and(|before| before != now) && !waiting.get_value() {
                waiting.set_value(true);
                let ask = move || {
                    if waiting.try_set_value(false).is_none() {
                        self.refresh();
                    }
                };
                set_timeout(ask, PAUSE);
            }
            now
        });
    }
}

/// One of the numbers, if it is not zero.
#[component]
pub fn CountBadge(
    /// Which.
    of: fn(Counts) -> i64,
    /// As they came with the page.
    first: Counts,
) -> impl IntoView {
    let counts = CountsContext::get();
    let number = move || {
        let count = of(counts.and_then(CountsContext::newer).unwrap_or(first));
        (count > 0).then(|| {
            view! { <span class="badge"><span class="visually-hidden">"，"</span>{up_to_999(count)}<span class="visually-hidden">"个"</span></span> }
        })
    };
    view! { {number} }
}

/// A number that is counted up to 1,000.
pub fn up_to_999(n: i64) -> String {
    if n >= 1_000 { "999+".to_owned() } else { n.to_string() }
}
