//! What is asked before a decision: a dialog over the page, or in the page where there are no scripts.

use super::desk::{Desk, Sent};
use super::foot::{Hidden, can};
use crate::api::work_order::{Came, Deed, Problem, WorkOrderApprove, WorkOrderRefuse, WorkOrderWithdraw, order_page};
use crate::ui::dialog::{Dialog, close};
use domain::fields::requests::validate_reason;
use domain::view::work_order::WorkOrderDetail;
use domain::{Action, Side, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The questions of what the viewer may do now.
#[component]
pub(super) fn Questions(detail: WorkOrderDetail, desk: Desk) -> impl IntoView {
    view! {
        {can(&detail, Action::Approve).then(|| view! { <ApproveQuestion detail=detail.clone() desk/> })}
        {can(&detail, Action::Refuse).then(|| view! { <RefuseQuestion detail=detail.clone() desk/> })}
        {can(&detail, Action::Withdraw).then(|| view! { <WithdrawQuestion detail=detail.clone() desk/> })}
    }
}

#[component]
fn ApproveQuestion(detail: WorkOrderDetail, desk: Desk) -> impl IntoView {
    let consequence = consequence(&detail);
    view! {
        <Question
            detail
            desk
            deed=Deed::Approve
            id="ask-approve"
            title="同意这个申请？"
            action=WorkOrderApprove::url()
            text=Some(Text { name: "comment", label: "审批意见", required: false, rows: 2 })
            word="确认同意"
            class="button button-main"
        >
            <p>{consequence}</p>
        </Question>
    }
}

/// What becomes true with this 同意.
fn consequence(detail: &WorkOrderDetail) -> String {
    let row = &detail.row;
    let configured = row.side == Side::Governance && detail.release.is_some();
    let planned = detail.release.as_ref().is_some_and(|release| release.planned);
    let effect = words::order_effect(row.kind, configured, planned);
    let others = detail.timeline.iter().find(|step| step.current).map_or(0, |step| step.lacks.saturating_sub(1));
    let more = if others > 0 { format!("您同意后，这一步还要 {others} 人同意。") } else { String::new() };
    match detail.timeline.get(usize::from(row.step)) {
        Some(next) => format!("{more}这一步通过后，转到{}审批；全部通过后，「{}」{effect}。", next.name, row.name),
        None => format!("{more}这是最后一步：通过后，「{}」{effect}。", row.name),
    }
}

#[component]
fn RefuseQuestion(detail: WorkOrderDetail, desk: Desk) -> impl IntoView {
    view! {
        <Question
            detail
            desk
            deed=Deed::Refuse
            id="ask-refuse"
            title="拒绝这个申请？"
            action=WorkOrderRefuse::url()
            text=Some(Text { name: "reason", label: "拒绝原因", required: true, rows: 4 })
            word="确认拒绝"
            class="button button-danger"
        >
            <p>"发起人会看到原因，修改后可以再次提交。"</p>
        </Question>
    }
}

#[component]
fn WithdrawQuestion(detail: WorkOrderDetail, desk: Desk) -> impl IntoView {
    view! {
        <Question
            detail
            desk
            deed=Deed::Withdraw
            id="ask-withdraw"
            title="撤回这个申请？"
            action=WorkOrderWithdraw::url()
            text=None
            word="确认撤回"
            class="button button-main"
        >
            <p>"审批到此结束，内容不变；修改后可以再次提交。"</p>
        </Question>
    }
}

/// Something to type.
#[derive(Clone, Copy)]
struct Text {
    name: &'static str,
    label: &'static str,
    required: bool,
    rows: u8,
}

#[component]
fn Question(
    detail: WorkOrderDetail,
    desk: Desk,
    deed: Deed,
    id: &'static str,
    title: &'static str,
    action: &'static str,
    text: Option<Text>,
    word: &'static str,
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let (order, seen, key) = (detail.row.id, detail.row.version, detail.key);
    let node = desk.dialog(deed);
    let asked = desk.asked() == Some(deed);
    let before = desk.typed.get_value().filter(|typed| (typed.0, typed.1) == (order, deed)).map(|typed| typed.2);
    let first = before.unwrap_or_else(|| if deed == Deed::Refuse { detail.reason } else { String::new() });
    // Without scripts the page came back with what was typed: the same rules say again what is wrong with it.
    let came_wrong = desk.came() == Some(Came::Not(deed, Problem::Text));
    let wrong_at_first = came_wrong.then(|| reason_error(&first)).flatten();
    let here = RwSignal::new(wrong_at_first);
    let wrong = Signal::derive(move || here.get().or_else(|| desk.wrong(order, deed)));
    let value = StoredValue::new(first.clone());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let text = value.get_value();
        let found = if deed == Deed::Refuse { reason_error(&text) } else { None };
        here.set(found.clone());
        if found.is_some() {
            focus(id);
        } else {
            desk.send(Sent { deed, id: order, seen, key, text });
        }
    };
    let typed = move |event| {
        value.set_value(event_target_value(&event));
        desk.typed.set_value(Some((order, deed, value.get_value())));
        if here.get_untracked().is_some() {
            here.set(reason_error(&value.get_value()));
        }
    };
    // What was typed before the scripts came is in the field already.
    Effect::new(move |_| {
        if let Some(text) = text.and_then(|_| typed_in(id)) {
            value.set_value(text);
        }
    });
    let cancel = move |event: web_sys::MouseEvent| {
        if !asked {
            event.prevent_default();
            close(node);
        }
    };
    let field = text.map(|text| {
        let (field, error) = (format!("{id}-text"), format!("{id}-error"));
        view! {
            <div class="field">
                <label for=field.clone()>
                    {text.label}
                    {text
                        .required
                        .then(|| view! { <span class="field-asterisk">"*"<span class="visually-hidden">"必填"</span></span> })}
                    {(!text.required).then(|| view! { <span class="field-optional">"选填"</span> })}
                </label>
                <textarea
                    id=field
                    name=text.name
                    rows=text.rows
                    maxlength="500"
                    class="field-input"
                    aria-describedby=error.clone()
                    aria-invalid=move || wrong.get().map(|_| "true")
                    on:input=typed
                >
                    {first}
                </textarea>
                <div class="field-errors" id=error aria-live="polite">{move || wrong.get().map(|text| view! { <p>{text}</p> })}</div>
            </div>
        }
    });
    view! {
        <Dialog node id title asked>
            {children()}
            <form method="post" action=action novalidate class="dialog-form" on:submit=send>
                <Hidden id=order seen key/>
                {field}
                <div class="dialog-foot">
                    <a href=order_page(order) class="button" on:click=cancel>"取消"</a>
                    <button type="submit" class=class autofocus=deed != Deed::Refuse disabled=desk.pending()>{word}</button>
                </div>
            </form>
        </Dialog>
    }
}

fn reason_error(text: &str) -> Option<String> {
    validate_reason(text).err().and_then(|errors| errors.iter().next().map(|error| error.text.clone()))
}

fn text_area(id: &str) -> Option<web_sys::HtmlTextAreaElement> {
    use wasm_bindgen::JsCast;
    document().get_element_by_id(&format!("{id}-text"))?.dyn_into().ok()
}

fn typed_in(id: &str) -> Option<String> {
    text_area(id).map(|area| area.value())
}

fn focus(id: &str) {
    if let Some(area) = text_area(id) {
        let _ = area.focus();
    }
}
