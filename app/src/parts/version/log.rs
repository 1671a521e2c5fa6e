//! The log of a stage: follows while the stage runs; its lines can be searched and linked to.

use crate::api::version::version_log;
use crate::ui::ansi::{Line, Reader, Span};
use domain::view::version::{LogPage, LogPiece};
use domain::{Stage, VersionId, words};
use leptos::html;
use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use leptos_router::location::Url;
use std::sync::Arc;
use std::time::Duration;

/// How often a log that grows is asked for more.
const ASK_EVERY: Duration = Duration::from_millis(700);

/// So many lines of a long log are drawn, the last ones, until all are asked for.
const DRAWN: usize = 2_000;

/// Lines that come and go together, at most.
const BLOCK: usize = 500;

/// Lines that came together.
#[derive(Clone)]
struct Block {
    /// The number of the first, from 1.
    first: usize,
    lines: Arc<[Line]>,
    /// The end of the log takes their place.
    passing: bool,
}

impl Block {
    /// The number after the last.
    fn next(&self) -> usize {
        self.first + self.lines.len()
    }
}

/// What has come of the log. Cheap to copy.
#[derive(Clone, Copy)]
struct Log {
    version: VersionId,
    stage: Stage,
    reader: StoredValue<Reader>,
    blocks: RwSignal<Vec<Block>>,
    /// How it was before lines of the middle passed by: so many blocks, and the reader.
    before: StoredValue<Option<(usize, Reader)>>,
    /// The line that has not ended.
    rest: RwSignal<Line>,
    last: StoredValue<i64>,
    asking: StoredValue<bool>,
    timer: StoredValue<Option<IntervalHandle>>,
    /// The line that is looked at, from 1: by the address, or found.
    at: RwSignal<Option<usize>>,
    /// All lines are drawn.
    all: RwSignal<bool>,
}

impl Log {
    fn new(version: VersionId, stage: Stage) -> Self {
        Self {
            version,
            stage,
            reader: StoredValue::new(Reader::default()),
            blocks: RwSignal::new(Vec::new()),
            before: StoredValue::new(None),
            rest: RwSignal::new(Vec::new()),
            last: StoredValue::new(-1),
            asking: StoredValue::new(false),
            timer: StoredValue::new(None),
            at: RwSignal::new(None),
            all: RwSignal::new(false),
        }
    }

    fn begin(self) {
        self.stop();
        self.ask();
        self.timer.set_value(set_interval_with_handle(move || self.ask(), ASK_EVERY).ok());
    }

    fn stop(self) {
        if let Some(Some(timer)) = self.timer.try_get_value() {
            timer.clear();
        }
    }

    fn ask(self) {
        if self.asking.get_value() {
            return;
        }
        self.asking.set_value(true);
        spawn_local(async move {
            let page = version_log(self.version, self.stage, self.last.get_value()).await;
            // The page may be gone by now.
            if self.asking.try_set_value(false).is_some() {
                return;
            }
            if let Ok(page) = page {
                self.take(&page);
            }
        });
    }

    fn take(self, page: &LogPage) {
        if let Some(piece) = page.pieces.last() {
            self.last.set_value(piece.number);
            let (passing, kept): (Vec<_>, Vec<_>) = page.pieces.iter().partition(|piece| piece.is_passing());
            if !kept.is_empty() {
                self.forget_what_passed();
                self.append(&kept, false);
            }
            if !passing.is_empty() {
                if self.before.with_value(Option::is_none) {
                    let blocks = self.blocks.with_untracked(Vec::len);
                    self.before.set_value(Some((blocks, self.reader.get_value())));
                }
                self.append(&passing, true);
            }
        }
        if page.over {
            self.stop();
        }
    }

    /// The end of the log takes its place.
    fn forget_what_passed(self) {
        if let Some((blocks, reader)) = self.before.try_update_value(Option::take).flatten() {
            self.blocks.update(|all| all.truncate(blocks));
            self.reader.set_value(reader);
        }
    }

    fn append(self, pieces: &[&LogPiece], passing: bool) {
        let mut lines = Vec::new();
        self.reader.update_value(|reader| {
            for piece in pieces {
                lines.append(&mut reader.read(&piece.body));
            }
        });
        self.rest.set(self.reader.with_value(|reader| reader.rest().clone()));
        if !lines.is_empty() {
            let first = self.count() + 1;
            let numbered = (first..).step_by(BLOCK).zip(lines.chunks(BLOCK));
            let new = numbered.map(|(first, lines)| Block { first, lines: Arc::from(lines), passing });
            self.blocks.update(|blocks| blocks.extend(new));
        }
    }

    /// Lines that have ended.
    fn count(self) -> usize {
        self.blocks.with_untracked(|blocks| blocks.iter().map(|block| block.lines.len()).sum())
    }

    /// Lines before the first that is drawn.
    fn hidden(self) -> usize {
        let all = self.all.get();
        self.blocks.with(|blocks| {
            let from = blocks.last().map_or(0, Block::next).saturating_sub(DRAWN);
            if all { 0 } else { blocks.iter().find(|block| block.next() > from).map_or(0, |block| block.first - 1) }
        })
    }

    fn is_empty(self) -> bool {
        self.blocks.with(Vec::is_empty) && self.rest.with(Vec::is_empty)
    }

    /// Without colours.
    fn text(self) -> String {
        let mut text = String::new();
        self.blocks.with(|blocks| {
            for line in blocks.iter().flat_map(|block| block.lines.iter()) {
                text.extend(line.iter().map(|span| span.text.as_str()));
                text.push('\n');
            }
        });
        self.rest.with(|rest| text.extend(rest.iter().map(|span| span.text.as_str())));
        text
    }

    /// The next line after the one that is looked at that has the words, from the top again at the end.
    fn find(self, words: &str) -> Option<usize> {
        let words = words.to_lowercase();
        let has = |line: &Line| {
            line.iter().map(|span| span.text.as_str()).collect::<String>().to_lowercase().contains(&words)
        };
        let after = self.at.get_untracked().unwrap_or(0);
        self.blocks.with_untracked(|blocks| {
            let lines = || (1..).zip(blocks.iter().flat_map(|block| block.lines.iter()));
            let next = lines().skip(after).find(|(_, line)| has(line));
            next.or_else(|| lines().take(after).find(|(_, line)| has(line))).map(|(number, _)| number)
        })
    }

    fn line_id(self, number: usize) -> String {
        format!("{}-{number}", self.stage.id())
    }

    /// The line that the address names, from 1.
    fn named(self, hash: &str) -> Option<usize> {
        hash.trim_start_matches('#').strip_prefix(self.stage.id())?.strip_prefix('-')?.parse().ok()
    }
}

/// Asks for the log when it is opened, and goes on until the stage is over.
#[component]
pub fn LogPane(
    /// Which version.
    version: VersionId,
    /// Which stage.
    stage: Stage,
    /// Whether it is open from the start.
    open: bool,
) -> impl IntoView {
    let log = Log::new(version, stage);
    let pane = NodeRef::<html::Div>::new();
    let (follow, set_follow) = signal(true);
    let (wrap, set_wrap) = signal(false);
    on_cleanup(move || log.stop());
    let hash = use_location().hash;
    let element = NodeRef::<html::Details>::new();
    Effect::new(move |_| {
        if open {
            log.begin();
        }
    });
    Effect::new(move |_| {
        if let (Some(number), Some(element)) = (hash.with(|hash| log.named(hash)), element.get()) {
            // It opens as if it had been pressed.
            element.set_open(true);
            set_follow.set(false);
            log.at.set(Some(number));
        }
    });
    // The line that is looked at comes into view, once it is there.
    Effect::new(move |_| {
        let there = log.blocks.with(|_| log.count());
        if let Some(number) = log.at.get().filter(|number| *number <= there) {
            if number <= untrack(move || log.hidden()) {
                log.all.set(true);
            }
            let id = log.line_id(number);
            request_animation_frame(move || into_view(&id));
        }
    });
    Effect::new(move |_| {
        log.blocks.track();
        log.rest.track();
        if follow.get() {
            // Once the new lines are drawn.
            request_animation_frame(move || {
                if let Some(pane) = pane.try_get_untracked().flatten() {
                    pane.set_scroll_top(pane.scroll_height());
                }
            });
        }
    });
    let toggled = move |event: web_sys::Event| {
        let details = event_target::<web_sys::HtmlDetailsElement>(&event);
        if details.open() { log.begin() } else { log.stop() }
    };
    let hidden = Memo::new(move |_| log.hidden());
    let drawn = move || {
        let hidden = hidden.get();
        log.blocks.with(|blocks| blocks.iter().filter(|block| block.first > hidden).cloned().collect::<Vec<_>>())
    };
    let download = move || format!("data:text/plain;charset=utf-8,{}", Url::escape(&log.text()));
    let name = format!("{}日志", words::stage(stage));
    view! {
        <details class="log" open=open node_ref=element on:toggle=toggled>
            <summary>{name.clone()}</summary>
            <div class="log-tools">
                <Search log set_follow/>
                <label class="choice">
                    <input type="checkbox" prop:checked=follow on:change=move |e| set_follow.set(event_target_checked(&e))/>
                    "跟随"
                </label>
                <label class="choice">
                    <input type="checkbox" prop:checked=wrap on:change=move |e| set_wrap.set(event_target_checked(&e))/>
                    "换行"
                </label>
                <a class="button" href=download download=format!("{}.log", stage.id()) rel="external">"下载"</a>
            </div>
            <div class="log-text" class:log-wrapped=wrap node_ref=pane tabindex="0" role="log" aria-live="off" aria-label=name>
                {move || log.is_empty().then_some("（还没有输出）")}
                <Show when=move || hidden.get() != 0>
                    <button type="button" class="button log-before" on:click=move |_| log.all.set(true)>
                        {move || format!("显示前面的 {} 行", hidden.get())}
                    </button>
                </Show>
                <For each=drawn key=|block| (block.first, block.passing) let(block)>
                    {(block.first..).zip(block.lines.iter()).map(|(number, line)| view! { <LogLine log number line=line.clone()/> }).collect_view()}
                </For>
                {move || log.rest.with(|rest| rest.iter().map(span).collect_view())}
            </div>
        </details>
    }
    .into_any()
}

/// Looks for words, from the line that is looked at on.
#[component]
fn Search(log: Log, set_follow: WriteSignal<bool>) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let (nothing, set_nothing) = signal(false);
    let look = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let sought = words.get_untracked();
        if sought.trim().is_empty() {
            return;
        }
        let found = log.find(sought.trim());
        set_nothing.set(found.is_none());
        if found.is_some() {
            set_follow.set(false);
            log.at.set(found);
        }
    };
    let id = format!("search-{}", log.stage.id());
    view! {
        <form class="log-search" role="search" on:submit=look>
            <label for=id.clone() class="visually-hidden">"在日志中查找"</label>
            <input
                id=id
                type="search"
                class="field-input"
                placeholder="在日志中查找"
                prop:value=words
                on:input=move |event| {
                    set_nothing.set(false);
                    words.set(event_target_value(&event));
                }
            />
            <button type="submit" class="button">"下一处"</button>
            <span role="status" class="quiet">{move || nothing.get().then_some("没有找到")}</span>
        </form>
    }
}

/// One line; its number is the link to it.
#[component]
fn LogLine(log: Log, number: usize, line: Line) -> impl IntoView {
    let id = log.line_id(number);
    let here = move || log.at.get() == Some(number);
    view! {
        <div class="log-line" class:log-here=here id=id.clone()>
            <a class="log-number" href=format!("#{id}") aria-label=format!("第 {number} 行的链接")>{number}</a>
            <span>{line.iter().map(span).collect_view()}</span>
        </div>
    }
}

fn into_view(id: &str) {
    if let Some(line) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Center);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

fn span(span: &Span) -> AnyView {
    let look = span.look;
    let text = span.text.clone();
    if look == Default::default() {
        return text.into_any();
    }
    let mut class = look.color.map(|color| format!("log-color-{color}")).unwrap_or_default();
    for (set, name) in [(look.bold, " log-bold"), (look.dim, " log-dim")] {
        if set {
            class.push_str(name);
        }
    }
    view! { <span class=class>{text}</span> }.into_any()
}
