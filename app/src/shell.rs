//! What stands around every page: the document, and the frame with navigation and top bar.

use crate::PRODUCT;
use crate::api::session::Current;
use crate::parts::focus::keep_focus;
use crate::parts::keys::{SearchBar, listen_to_keys};
use crate::parts::live::LiveStream;
use crate::parts::navigation::{InboxLink, Navigation};
use crate::parts::session::{Person, SessionContext};
use crate::routes::App;
use crate::ui::drawn::drawn;
use crate::ui::look::{DENSITY, HIDDEN, KEYS, NAVIGATION, THEME};
use crate::ui::menu::close_menus;
use crate::ui::theme::ThemeSwitch;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use leptos_router::components::A;

/// The HTML document that the server sends. `options` name the folder of this build's files.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html
            lang="zh-CN"
            data-theme=THEME.chosen()
            data-density=DENSITY.chosen()
            data-hidden=HIDDEN.chosen()
            data-navigation=NAVIGATION.chosen()
            data-keys=KEYS.chosen()
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=style/>
                <script src="/broken.js" defer></script>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Navigation, top bar and the place of the page.
#[component]
pub fn Frame(
    /// Whether to show the progress line of a slow navigation.
    navigating: ReadSignal<bool>,
    /// The page.
    children: Children,
) -> impl IntoView {
    Effect::new(mark_as_interactive);
    close_menus();
    listen_to_keys();
    keep_focus();
    let session = |part: fn(Current) -> AnyView| {
        view! {
            <Suspense>
                {drawn(move || Suspend::new(async move {
                    part(SessionContext::current_of_page().await)
                }))}
            </Suspense>
        }
    };
    view! {
        // External to the router, so that the browser moves the focus.
        <a class="skip-link" href="#main" rel="external">
            "跳到正文"
        </a>
        <div class="progress-line" class:progress-line-active=navigating aria-hidden="true"></div>
        <header class="frame-top">
            {session(demo_strip)}
            {session(|current| view! { <LiveStream current/> }.into_any())}
            <div class="top-bar">
                <A href="/" attr:class="top-bar-brand">{PRODUCT}</A>
                {session(|current| current.me.is_some().then(|| view! { <SearchBar/> <InboxLink first=current.counts/> }).into_any())}
                {session(|current| view! { <Person current/> }.into_any())}
                <ThemeSwitch/>
            </div>
        </header>
        <div class="frame-body">
            {session(|current| view! { <Navigation current/> }.into_any())}
            <main id="main" class="page" tabindex="-1">
                {children()}
            </main>
        </div>
    }
}

/// Says on every page that this is a demo, and leads to the other persons.
fn demo_strip(current: Current) -> AnyView {
    current
        .demo
        .then(|| view! { <div class="demo-strip"><span>"演示环境"</span><A href="/login">"换一个人"</A></div> })
        .into_any()
}

/// Tells the tests, and nobody else, that the browser has taken the page over.
fn mark_as_interactive() {
    let _ = gloo_utils::document_element().set_attribute("data-interactive", "true");
}
