//! The numbers beside rooms of the navigation: orders that wait for who is signed in, notices that they have not read.

use crate::api::ApiError;
use crate::api::home::home_counts;
use crate::parts::live::Live;
use crate::parts::session::SessionContext;
use crate::ui::drawn::drawn;
use domain::view::home::Counts;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The numbers: one resource for all of the page.
#[derive(Clone, Copy)]
pub struct CountsContext(Resource<Result<Counts, ApiError>>);

impl CountsContext {
    /// Asks the server, and hands the answer to all below.
    pub fn provide(session: SessionContext) {
        let counts = move || async move {
            // Nobody is told anything before they have signed in: not worth a question.
            if session.current().await.me.is_some() { home_counts().await } else { Ok(Counts::default()) }
        };
        provide_context(Self(Resource::new_blocking(|| (), move |()| counts())));
    }

    /// Asks again: something was decided, or read.
    pub fn refresh() {
        if let Some(counts) = use_context::<Self>() {
            counts.ask_again();
        }
    }

    /// The same, for whoever has left the page meanwhile.
    pub fn ask_again(self) {
        self.0.refetch();
    }

    /// Asks again whenever something happened that the person may hear of, or another page is opened.
    pub fn follow() {
        let Some(Self(counts)) = use_context() else { return };
        let path = use_location().pathname;
        Effect::new(move |before: Option<(String, i64)>| {
            let now = (path.get(), Live::get().map_or(0, Live::last));
            if before.is_some_and(|before| before != now) {
                counts.refetch();
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
) -> impl IntoView {
    let number = move || {
        Suspend::new(async move {
            let counts = match use_context::<CountsContext>() {
                Some(CountsContext(counts)) => counts.await.unwrap_or_default(),
                None => Counts::default(),
            };
            let count = of(counts);
            let text = if count >= 1_000 { "999+".to_owned() } else { count.to_string() };
            (count > 0).then(|| {
                view! { <span class="badge"><span class="visually-hidden">"，"</span>{text}<span class="visually-hidden">"个"</span></span> }
            })
        })
    };
    view! { <Transition>{drawn(number)}</Transition> }
}
