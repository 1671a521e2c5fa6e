//! One rule: for which orders, and its steps.

use crate::parts::form::{Fields, anchor};
use domain::fields::{AREAS, FieldId, NAMED, RouteDraft, STEPS_MOST, StepDraft};
use domain::{OrderKind, RegionCode, Role, Side, words};
use leptos::prelude::*;

/// Kinds that a rule may be for alone, in the order of the form.
const KINDS: [OrderKind; 7] = OrderKind::ALL;

#[component]
pub(super) fn Rule(fields: Fields, at: usize, typed: RouteDraft) -> impl IntoView {
    let item = u16::try_from(at).ok();
    let wrong = move || {
        fields.errors.with(|errors| {
            errors
                .of(FieldId::Routes)
                .filter(|error| error.item == item)
                .map(|error| error.text.clone())
                .collect::<Vec<_>>()
        })
    };
    let id = anchor(FieldId::Routes, item);
    let is_new = typed.steps.is_empty();
    let said = typed.sentence();
    let name = move |part: &str| format!("draft[routes][{at}][{part}]");
    let lines = RwSignal::new(typed.steps.len() + 1);
    let steps = StoredValue::new(typed.steps);
    let step = move |n: usize| {
        let typed = steps.with_value(|steps| steps.get(n).cloned()).unwrap_or_default();
        view! { <Step rule=at at=n typed/> }
    };
    let more = move |_| lines.update(|n| *n = (*n + 1).min(STEPS_MOST));
    let sides = Side::ALL.map(|side| (side.id().to_owned(), words::side(side).to_owned())).to_vec();
    let unified = [("yes", "统建"), ("no", "自建")].map(|(id, word)| (id.to_owned(), word.to_owned())).to_vec();
    let chosen = typed.kinds.clone();
    let kind = move |(n, kind): (usize, OrderKind)| {
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    name=format!("draft[routes][{at}][kinds][{n}]")
                    value=kind.id()
                    checked=chosen.iter().any(|id| id == kind.id())
                />
                {words::order_kind(kind)}
            </label>
        }
    };
    view! {
        <details class="card" open=move || is_new || !wrong().is_empty()>
            <summary class="routing-summary">
                <strong>{format!("第 {} 条", at + 1)}</strong>
                <span class="quiet">{said}</span>
            </summary>
            <fieldset class="routing-rule" id=id tabindex="-1" aria-describedby=format!("rule-error-{at}")>
            <legend class="visually-hidden">{format!("第 {} 条规则", at + 1)}</legend>
            <div class="field-errors" id=format!("rule-error-{at}") aria-live="polite">
                {move || wrong().into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
            </div>
            <label class="choice">
                <input type="checkbox" name=name("remove") value="yes" checked={typed.remove == "yes"}/>
                "删除这条规则"
            </label>
            <div class="routing-pairs">
                <Typed name=name("order") label="顺序" value=typed.order/>
                <Select name=name("side") label="侧" nothing="不限" options=sides chosen=typed.side/>
                <Select name=name("unified") label="是否统建" nothing="不限" options=unified chosen=typed.unified/>
                <Select name=name("region") label="区域及其下级" nothing="不限" options=regions() chosen=typed.region/>
                <Typed name=name("department") label="建设部门浙政钉ID" value=typed.department/>
            </div>
            <fieldset class="routing-kinds">
                <legend>"工单种类（都不选：除存量关联外都适用）"</legend>
                {KINDS.into_iter().enumerate().map(kind).collect_view()}
            </fieldset>
            <For each=move || 0..lines.get() key=|n| *n children=step/>
            <button type="button" class="button routing-more with-scripts" on:click=more>
                "再加一步" <span class="visually-hidden">{format!("，第 {} 条规则", at + 1)}</span>
            </button>
            </fieldset>
        </details>
    }
    .into_any()
}

#[component]
fn Step(rule: usize, at: usize, typed: StepDraft) -> impl IntoView {
    let name = move |part: &str| format!("draft[routes][{rule}][steps][{at}][{part}]");
    let roles =
        [Role::Reviewer, Role::Operator].map(|role| (role.id().to_owned(), words::role(role).to_owned())).to_vec();
    let areas = AREAS.map(|(id, _, word)| (id.to_owned(), word.to_owned()));
    // The province is among the words already.
    let fixed = regions().into_iter().filter(|(code, _)| *code != RegionCode::PROVINCE.to_string());
    let named = (NAMED.0.to_owned(), NAMED.1.to_owned());
    let areas = areas.into_iter().chain([named]).chain(fixed).collect();
    let need = [("one".to_owned(), "或签（任意 1 人）".to_owned()), ("all".to_owned(), "会签（全部）".to_owned())];
    let counts = (2..=9).map(|n| (n.to_string(), format!("任意 {n} 人")));
    let need = need.into_iter().chain(counts).collect();
    view! {
        <fieldset class="routing-step">
            <legend>{format!("第 {} 步", at + 1)}</legend>
            <div class="routing-pairs">
                <Select name=name("role") label="由谁审批" nothing="没有这一步" options=roles chosen=typed.role/>
                <Select name=name("area") label="哪里的" nothing="请选择" options=areas chosen=typed.area/>
                <Select name=name("need") label="几人同意" nothing="" options=need chosen=typed.need/>
            </div>
            <div class="routing-named">
                <Typed name=name("people") label="指定哪些人" hint="姓名或账号，用顿号分开；要有这个角色。" value=typed.people/>
            </div>
        </fieldset>
    }
    .into_any()
}

/// All regions, by their whole names.
pub(super) fn regions() -> Vec<(String, String)> {
    RegionCode::all().map(|region| (region.to_string(), region.path_name())).collect()
}

/// One of these; `nothing`: the word for none of them, if there is such a choice.
#[component]
pub(super) fn Select(
    name: String,
    label: &'static str,
    nothing: &'static str,
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView {
    let option = |(value, word): (String, String)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{word}</option> }
    };
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            <select id=name.clone() name=name class="field-input">
                {(!nothing.is_empty()).then(|| view! { <option value="">{nothing}</option> })}
                {options.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

#[component]
fn Typed(name: String, label: &'static str, #[prop(optional)] hint: &'static str, value: String) -> impl IntoView {
    let hint_id = (!hint.is_empty()).then(|| format!("{name}-hint"));
    view! {
        <div class="field">
            <label for=name.clone()>{label}</label>
            {hint_id.clone().map(|id| view! { <p class="field-hint" id=id>{hint}</p> })}
            <input id=name.clone() name=name class="field-input" autocomplete="off" aria-describedby=hint_id value=value/>
        </div>
    }
    .into_any()
}
