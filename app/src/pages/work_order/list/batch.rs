//! Several orders at once: what is chosen, the bar that says so, and what came of each. Only with scripts.

use crate::api::ApiError;
use crate::api::work_order::work_order_decide_all;
use crate::parts::counts::CountsContext;
use crate::ui::dialog::{Dialog, close, open};
use domain::command::work_order::DecideOne;
use domain::fields::requests::validate_reason;
use domain::view::work_order::{WorkOrderPage, WorkOrderRow};
use domain::{OrderId, words};
use leptos::html;
use leptos::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What came of an order.
type Came = Result<&'static str, ApiError>;

/// What is decided: 同意 or 拒绝, which orders, and what is said of them.
type Sent = (bool, Vec<DecideOne>, String);

/// What is chosen, and what came of it. Cheap to copy; it outlives the rows, which are drawn anew when others decide.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    /// What the page offers.
    choices: RwSignal<Vec<DecideOne>>,
    chosen: RwSignal<Vec<OrderId>>,
    came: RwSignal<BTreeMap<OrderId, Came>>,
    action: Action<Sent, Result<(), ApiError>>,
}

impl Batch {
    pub(super) fn new() -> Self {
        let came = RwSignal::new(BTreeMap::new());
        let chosen = RwSignal::new(Vec::new());
        let counts = CountsContext::get();
        let action = Action::new(move |(approves, orders, text): &Sent| {
            let (approves, orders, text) = (*approves, orders.clone(), text.clone());
            async move {
                let answers = work_order_decide_all(approves, orders, text).await?;
                let word = if approves { "已同意" } else { "已拒绝" };
                // The page may be gone by now.
                let _ = chosen.try_set(Vec::new());
                let _ = came
                    .try_update(|came| came.extend(answers.into_iter().map(|(id, done)| (id, done.map(|()| word)))));
                if let Some(counts) = counts {
                    counts.refresh();
                }
                Ok(())
            }
        });
        Self { choices: RwSignal::new(Vec::new()), chosen, came, action }
    }

    /// The page was read: what it has no more is not chosen any more.
    pub(super) fn offer(self, page: &WorkOrderPage) {
        let choice = |(row, key): (&WorkOrderRow, &Uuid)| DecideOne { id: row.id, seen: row.version, key: *key };
        let choices: Vec<DecideOne> = page.rows.iter().zip(&page.keys).map(choice).collect();
        if self.chosen.with_untracked(|chosen| !chosen.is_empty()) {
            self.chosen.update(|chosen| chosen.retain(|id| choices.iter().any(|choice| choice.id == *id)));
        }
        self.choices.set(choices);
    }

    fn choose(self, id: OrderId, yes: bool) {
        self.chosen.update(|chosen| {
            chosen.retain(|other| *other != id);
            if yes {
                chosen.push(id);
            }
        });
    }

    /// Those of which nothing came yet.
    fn open(self) -> Vec<OrderId> {
        self.choices.with(|all| all.iter().map(|choice| choice.id).filter(|id| !self.has_come(*id)).collect())
    }

    /// Whether it was sent with others, and answered for good.
    pub(super) fn has_come(self, id: OrderId) -> bool {
        self.came.with(|came| came.get(&id).is_some_and(|came| !came.as_ref().is_err_and(ApiError::is_passing)))
    }

    fn n(self) -> usize {
        self.chosen.with(Vec::len)
    }

    fn send(self, approves: bool, text: String) {
        let chosen = self.chosen.get_untracked();
        let orders = self
            .choices
            .with_untracked(|all| all.iter().filter(|choice| chosen.contains(&choice.id)).cloned().collect::<Vec<_>>());
        // A second press while the first is under way does nothing.
        if !self.action.pending().get_untracked() {
            self.action.dispatch((approves, orders, text));
        }
    }
}

/// The box of a row, until something came of it.
#[component]
pub(super) fn RowBox(batch: Batch, id: OrderId, name: String) -> impl IntoView {
    let chosen = move || batch.chosen.with(|chosen| chosen.contains(&id));
    let change = move |event| batch.choose(id, event_target_checked(&event));
    view! {
        <td class="batch-cell">
            {move || (!batch.has_come(id)).then(|| view! {
                <input
                    type="checkbox"
                    class="batch-box"
                    aria-label=format!("选择 {name}")
                    prop:checked=chosen
                    disabled=batch.action.pending()
                    on:change=change
                />
            })}
        </td>
    }
}

/// What came of a row, under its name.
#[component]
pub(super) fn Outcome(batch: Batch, id: OrderId) -> impl IntoView {
    move || match batch.came.with(|came| came.get(&id).cloned()) {
        None => ().into_any(),
        Some(Ok(word)) => view! { <p class="batch-done" role="status">{word}</p> }.into_any(),
        Some(Err(error)) => view! { <p class="batch-failed" role="alert">{error.to_string()}</p> }.into_any(),
    }
}

/// The box of all rows.
#[component]
pub(super) fn HeadBox(batch: Batch) -> impl IntoView {
    let change = move |event| batch.chosen.set(if event_target_checked(&event) { batch.open() } else { Vec::new() });
    let all = move || {
        let open = batch.open();
        !open.is_empty() && batch.chosen.with(|chosen| open.iter().all(|id| chosen.contains(id)))
    };
    view! {
        <th scope="col" class="batch-cell">
            <input
                type="checkbox"
                class="batch-box"
                aria-label="选择本页全部"
                prop:checked=all
                disabled=batch.action.pending()
                on:change=change
            />
        </th>
    }
}

/// 已选 3 项, and what all of them allow.
#[component]
pub(super) fn Bar(batch: Batch) -> impl IntoView {
    let (approve, refuse) = (NodeRef::<html::Dialog>::new(), NodeRef::<html::Dialog>::new());
    let ask = move |dialog| {
        move |_| {
            open(dialog);
        }
    };
    let reason = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let send = move |approves: bool| {
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let text = if approves { String::new() } else { reason.get_untracked() };
            let found = if approves { None } else { validate_reason(&text).err() };
            let found = found.and_then(|errors| errors.iter().next().map(|error| error.text.clone()));
            wrong.set(found.clone());
            if found.is_none() {
                close(approve);
                close(refuse);
                reason.set(String::new());
                batch.send(approves, text);
            }
        }
    };
    let n = move || format!("已选 {} 项", batch.n());
    let foot = move |node: NodeRef<html::Dialog>, word: &'static str, class: &'static str| {
        view! {
            <div class="dialog-foot">
                <button type="button" class="button" on:click=move |_| close(node)>"取消"</button>
                <button type="submit" class=class>{word}</button>
            </div>
        }
    };
    let failed = move || batch.action.value().get().and_then(Result::err).map(|error| error.to_string());
    view! {
        {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        <div class="batch-bar" class:batch-bar-there=move || { batch.n() > 0 }>
            <span role="status">{n}</span>
            <button type="button" class="button" on:click=ask(refuse) disabled=batch.action.pending()>{words::action(domain::Action::Refuse)}</button>
            <button type="button" class="button button-main" on:click=ask(approve) disabled=batch.action.pending()>
                {words::action(domain::Action::Approve)}
            </button>
        </div>
        <Dialog node=approve id="batch-approve" title="同意所选的申请？" asked=false>
            <p>{n} "。到了最后一步的，通过后立即生效。每一个的结果显示在它的那一行。"</p>
            <form class="dialog-form" on:submit=send(true)>{foot(approve, "确认同意", "button button-main")}</form>
        </Dialog>
        <Dialog node=refuse id="batch-refuse" title="拒绝所选的申请？" asked=false>
            <p>{n} "。每个发起人都会看到这个原因。"</p>
            <form novalidate class="dialog-form" on:submit=send(false)>
                <div class="field">
                    <label for="batch-reason">"拒绝原因"<span class="field-asterisk">"*"<span class="visually-hidden">"必填"</span></span></label>
                    <textarea
                        id="batch-reason"
                        rows="4"
                        maxlength="500"
                        class="field-input"
                        aria-describedby="batch-reason-error"
                        aria-invalid=move || wrong.get().map(|_| "true")
                        prop:value=reason
                        on:input=move |event| reason.set(event_target_value(&event))
                    ></textarea>
                    <div class="field-errors" id="batch-reason-error" aria-live="polite">
                        {move || wrong.get().map(|text| view! { <p>{text}</p> })}
                    </div>
                </div>
                {foot(refuse, "确认拒绝", "button button-danger")}
            </form>
        </Dialog>
    }
}
