//! What others changed since a page was read (design.md, Live events): one stream a tab, open while the tab is seen.
//!
//! It never moves what stands on a page: a list draws the rows anew that it has ([`crate::parts::updates`]), all else is
//! counted behind a button. Start reading at [`Live`].

use crate::api::ApiError;
use crate::api::asking;
use crate::api::home::home_counts;
use crate::api::json;
use crate::api::session::{Current, session_current};
use domain::PublicationId;
use domain::view::live::{Heard, News};
use leptos::leptos_dom::helpers::document;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::location::Url;
use std::collections::BTreeMap;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// News that are kept at most; a page that is older counts as having missed some.
const KEPT: usize = 500;

/// A stream that broke off has so long to come back before the page says so.
const PATIENCE: Duration = Duration::from_secs(3);

/// A stream that was refused is asked for again after so long.
const AGAIN: Duration = Duration::from_secs(15);

/// How often is looked whether the server has to hear of who reads: more often than who did nothing is taken for gone.
const THERE_EVERY: Duration = Duration::from_secs(45);

/// What was heard since the document was opened.
#[derive(Clone, Copy)]
pub struct Live {
    news: RwSignal<Vec<News>>,
    /// Of what came up to this number some may be missing.
    missed: RwSignal<i64>,
    /// The stream is broken, and this is not only for a moment.
    cut: RwSignal<bool>,
    /// The session is over: nothing will be heard any more.
    ended: RwSignal<bool>,
    /// From here the next stream goes on.
    last: StoredValue<i64>,
}

impl Live {
    /// Hands it to all below; nothing is heard before [`LiveStream`] is drawn.
    pub fn provide() {
        provide_context(Self {
            news: RwSignal::default(),
            missed: RwSignal::default(),
            cut: RwSignal::default(),
            ended: RwSignal::default(),
            last: StoredValue::default(),
        });
    }

    /// From the context. A page outside the frame hears nothing.
    pub fn get() -> Option<Self> {
        use_context()
    }

    /// The newest version of each publication that changed after this number.
    pub fn changed_since(self, heard: i64) -> BTreeMap<PublicationId, News> {
        self.news.with(|news| {
            let mut newest: BTreeMap<PublicationId, News> = BTreeMap::new();
            for news in news.iter().filter(|news| news.seq > heard) {
                let known = newest.entry(news.publication).or_insert(*news);
                known.version = known.version.max(news.version);
                known.order = news.order.or(known.order);
            }
            newest
        })
    }

    /// Whether changes after this number may be unknown.
    pub fn missed_since(self, heard: i64) -> bool {
        self.missed.get() > heard
    }

    /// The number of the last news; 0 before.
    pub fn last(self) -> i64 {
        let missed = self.missed.get();
        self.news.with(|news| news.iter().map(|news| news.seq).max().unwrap_or(0).max(missed))
    }

    /// Whether the connection is lost, and not only for a moment.
    pub fn is_cut(self) -> bool {
        self.cut.get()
    }

    fn hear(self, text: &str) {
        let Ok(heard) = json::read::<Heard>(text.as_bytes()) else { return };
        self.last.update_value(|last| *last = heard.seq().max(*last));
        match heard {
            Heard::Missed(seq) => self.missed.update(|missed| *missed = seq.max(*missed)),
            // A stream that resumes tells some again.
            Heard::News(news) if self.news.with_untracked(|known| known.iter().any(|other| other.seq == news.seq)) => {}
            Heard::News(news) => {
                self.news.update(|known| known.push(news));
                if self.news.with_untracked(Vec::len) > KEPT {
                    let oldest = self.news.try_update(|known| known.remove(0).seq).unwrap_or_default();
                    self.missed.update(|missed| *missed = oldest.max(*missed));
                }
            }
        }
    }
}

/// This tab in its browser, with the stream that it holds.
#[derive(Clone, Copy)]
struct Tab {
    live: Live,
    stream: StoredValue<Option<Stream>, LocalStorage>,
}

impl Tab {
    /// Only in the browser: what is local to a thread may not come to be on the server.
    fn new(live: Live) -> Self {
        Self { live, stream: StoredValue::new_local(None) }
    }

    /// Opens the stream, if the tab is seen; closes it, if not.
    fn follow(self) {
        let seen = !document().hidden();
        let open = self.stream.with_value(Option::is_some);
        if seen && !open {
            self.stream.set_value(Stream::open(self));
        } else if !seen && open {
            self.stream.set_value(None);
        }
    }

    /// Once it had time to mend itself: says that it is broken, and asks again where the browser has given up.
    fn look_after(self) {
        // The page may be gone by now.
        let state = self.stream.try_with_value(|stream| stream.as_ref().map(|stream| stream.source.ready_state()));
        let Some(state) = state.flatten().filter(|state| *state != EventSource::OPEN) else { return };
        self.live.cut.set(true);
        if state == EventSource::CLOSED {
            self.find_out();
            set_timeout(
                move || {
                    if self.stream.try_set_value(None).is_none() {
                        self.follow();
                    }
                },
                AGAIN,
            );
        }
    }

    /// A refused stream does not say why: whether the session is over, another question does.
    fn find_out(self) {
        spawn_local(async move {
            if let Err(ApiError::NotSignedIn) = home_counts().await {
                let _ = self.live.ended.try_set(true);
            }
        });
    }
}

/// An open stream; dropped, it is closed.
struct Stream {
    source: EventSource,
    _heard: Closure<dyn Fn(MessageEvent)>,
    _opened: Closure<dyn Fn()>,
    _broken: Closure<dyn Fn()>,
}

impl Stream {
    fn open(tab: Tab) -> Option<Self> {
        let live = tab.live;
        let source = EventSource::new(&format!("/events?after={}", live.last.get_value())).ok()?;
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                live.hear(&text);
            }
        });
        let opened = Closure::<dyn Fn()>::new(move || {
            live.cut.set(false);
            live.ended.set(false);
        });
        let broken = Closure::<dyn Fn()>::new(move || set_timeout(move || tab.look_after(), PATIENCE));
        source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        source.set_onopen(Some(opened.as_ref().unchecked_ref()));
        source.set_onerror(Some(broken.as_ref().unchecked_ref()));
        Some(Self { source, _heard: heard, _opened: opened, _broken: broken })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Listens for who is signed in, and says when the connection is lost.
#[component]
pub fn LiveStream(
    /// Who is signed in.
    current: Current,
) -> impl IntoView {
    let live = Live::get().filter(|_| current.me.is_some());
    Effect::new(move |_| {
        let Some(live) = live else { return };
        live.last.update_value(|last| *last = current.heard.max(*last));
        let tab = Tab::new(live);
        tab.follow();
        let handle = window_event_listener_untyped("visibilitychange", move |_| tab.follow());
        on_cleanup(move || {
            handle.remove();
            tab.stream.try_set_value(None);
        });
    });
    Effect::new(move |_| {
        if live.is_some()
            && let Ok(timer) = set_interval_with_handle(say_there, THERE_EVERY)
        {
            on_cleanup(move || timer.clear());
        }
    });
    let lost = move || {
        let live = live?;
        if live.ended.get() {
            let here = window().location();
            let path = here.pathname().unwrap_or_default() + &here.search().unwrap_or_default();
            let way = format!("/login?next={}", Url::escape(&path));
            return Some(view! { <p class="live-stream-cut">"登录已失效，请" <a href=way target="_blank" rel="external noopener">"重新登录"</a> "（在新页面打开，这里填写的内容不会丢失）。"</p> }.into_any());
        }
        let words = "连接中断，页面上的内容可能不是最新的。正在重新连接……";
        live.cut.get().then(|| view! { <p class="live-stream-cut">{words}</p> }.into_any())
    };
    view! { <div role="status">{lost}</div> }
}

/// Whoever reads or types for long without asking for anything is there all the same; the stream is no use of the session.
fn say_there() {
    if asking::has_to_tell() {
        spawn_local(async { drop(session_current().await) });
    }
}
