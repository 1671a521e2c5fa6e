//! Who is signed in, for the frame and the pages; and the forms that change it.

use crate::api::ApiError;
use crate::api::session::{Current, SessionSignOut, session_current, session_sign_out};
use crate::ui::read::Read;
use domain::Role;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Who is signed in: one resource for all of the page.
#[derive(Clone, Copy)]
pub struct SessionContext(Read<Result<Current, ApiError>>);

impl SessionContext {
    /// Asks the server, and hands the answer to all below.
    pub fn provide() -> Self {
        let session = Self(Read::new_with_options(|| (), |()| session_current(), true));
        provide_context(session);
        session
    }

    /// From the context. A page outside the frame finds nobody.
    pub fn get() -> Option<Self> {
        use_context()
    }

    /// Who looks at this page; nobody, outside the frame. To be called inside `Suspend`, before anything is awaited.
    pub async fn current_of_page() -> Current {
        match Self::get() {
            Some(session) => session.current().await,
            None => Current::default(),
        }
    }

    /// The answer; nobody, if it did not come.
    pub async fn current(self) -> Current {
        self.0.await.unwrap_or_default()
    }
}

/// Whether one of the roles is among the person's.
pub fn may(current: &Current, role: Role) -> bool {
    current.me.as_ref().is_some_and(|me| me.roles.contains(&role))
}

/// Once the action has answered with a path, opens it as a new document: another person sees another site.
pub fn open_answered(answer: impl Fn() -> Option<Result<String, ApiError>> + 'static) {
    Effect::new(move |_| {
        if let Some(Ok(path)) = answer() {
            let _ = window().location().assign(&path);
        }
    });
}

/// Name and role, and the way out.
#[component]
pub fn Person(
    /// Who is signed in.
    current: Current,
) -> impl IntoView {
    let sign_out = Action::new(|(): &()| session_sign_out());
    open_answered(move || sign_out.value().get());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        sign_out.dispatch(());
    };
    current.me.map(|me| {
        let roles = me.roles.iter().map(|role| domain::words::role(*role)).collect::<Vec<_>>().join("、");
        view! {
            <div class="person">
                <span class="person-name">{me.name}</span>
                <span class="person-role">{roles}</span>
                <form method="post" action=SessionSignOut::PATH on:submit=send>
                    <button type="submit" class="button">"退出"</button>
                </form>
            </div>
        }
    })
}
