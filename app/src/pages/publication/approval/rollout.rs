//! 发布方式: 立即, 定时, or 分批, which divides 适用范围 into batches (packages.md, When an approved version goes live).

use crate::parts::form::{FormState, Grouped, anchor, described};
use domain::RegionCode;
use domain::fields::{ApprovalDraft, BatchDraft, FieldId, Presence};
use leptos::html;
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// So many are offered at first.
const LEAST: usize = 2;

const MODES: [(&str, &str); 3] =
    [("now", "立即：审批通过即上线"), ("at", "定时：到时间自动上线"), ("batches", "分批：按站点分批上线")];

/// The choice, and what belongs to it. The boxes hold what is chosen, so that they work without scripts, too.
#[component]
pub(super) fn RolloutField(
    /// The form.
    state: FormState<ApprovalDraft>,
    /// 适用范围.
    scope: BTreeSet<RegionCode>,
    /// Where a form without scripts keeps its draft, which comes back with a blank batch.
    keep: &'static str,
) -> AnyView {
    let with_scripts = RwSignal::new(false);
    Effect::new(move |_| with_scripts.set(true));
    let first = state.first(|draft| draft.rollout.mode.clone());
    let mode = Memo::new(move |_| state.draft.with(|draft| draft.rollout.mode.clone()));
    let hides = move |of: &'static str| with_scripts.get() && mode.with(|mode| mode != of);
    let choice = move |(id, word): (&'static str, &'static str)| {
        let checked = first == id || (id == "now" && first.is_empty());
        view! {
            <label class="choice">
                <input type="radio" name="draft[rollout][mode]" value=id checked=checked/>
                {word}
            </label>
        }
    };
    view! {
        <Grouped fields=state.fields() field=FieldId::Rollout asks=Signal::stored(Presence::Required)>
            <div class="choices">{MODES.map(choice).collect_view()}</div>
            <div class="rollout-part" hidden=move || hides("at")>
                <label for="rollout-at">"上线时间"</label>
                <input
                    id="rollout-at"
                    name="draft[rollout][at]"
                    type="datetime-local"
                    value=state.first(|draft| draft.rollout.at.clone())
                    class="field-input"
                    aria-describedby=described(FieldId::Rollout)
                />
            </div>
            <div class="rollout-part" hidden=move || hides("batches")>
                <Batches state scope keep with_scripts/>
            </div>
        </Grouped>
    }
    .into_any()
}

/// The batches, in their order.
#[component]
fn Batches(
    state: FormState<ApprovalDraft>,
    scope: BTreeSet<RegionCode>,
    keep: &'static str,
    with_scripts: RwSignal<bool>,
) -> impl IntoView {
    let mut first = state.first(|draft| draft.rollout.batches.clone());
    // Without scripts there is a blank one to fill in after each saving of the draft.
    first.push(BatchDraft::default());
    first.resize_with(LEAST.max(first.len()), BatchDraft::default);
    let rows = RwSignal::new(first.into_iter().enumerate().collect::<Vec<_>>());
    let next_id = StoredValue::new(rows.with_untracked(Vec::len));
    Effect::new(move |_| {
        let blank = state.draft.with_untracked(|draft| draft.rollout.batches.last().is_none_or(BatchDraft::is_blank));
        if blank && rows.with_untracked(Vec::len) > LEAST {
            rows.update(|rows| {
                rows.pop();
            });
        }
    });
    let cities = StoredValue::new(by_city(&scope));
    // Of each site the first batch that has it: there it can be taken away, elsewhere it can't be chosen.
    let batch_of = Memo::new(move |_| {
        let mut batch_of = BTreeMap::new();
        state.draft.with(|draft| {
            for (n, batch) in draft.rollout.batches.iter().enumerate() {
                for code in &batch.sites {
                    batch_of.entry(code.clone()).or_insert(n);
                }
            }
        });
        batch_of
    });
    let all = scope.len();
    let left = move || all.saturating_sub(batch_of.with(BTreeMap::len));
    let add = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let id = next_id.get_value();
        next_id.set_value(id + 1);
        rows.update(|rows| rows.push((id, BatchDraft::default())));
    };
    let remove = move |id: usize| {
        // First in what was read: else the boxes of later batches would count as another batch's, and be left out of the next reading.
        if let Some(at) = rows.with_untracked(|rows| rows.iter().position(|(other, _)| *other == id)) {
            state.draft.update(|draft| {
                if at < draft.rollout.batches.len() {
                    draft.rollout.batches.remove(at);
                }
            });
        }
        rows.update(|rows| rows.retain(|(other, _)| *other != id));
        request_animation_frame(move || state.changed());
    };
    let several = Signal::derive(move || rows.with(|rows| rows.len() > 1));
    view! {
        <p class="quiet" role="status">
            {move || match left() {
                0 => format!("{all} 个站点都已分到批次"),
                left => format!("{all} 个站点，还有 {left} 个没有分到批次"),
            }}
        </p>
        <ol class="rollout-batches">
            <ForEnumerate
                each=move || rows.get()
                key=|(id, _)| *id
                children=move |index, (id, batch)| {
                    let remove = Callback::new(move |()| remove(id));
                    view! { <One state index batch cities batch_of with_scripts several remove/> }
                }
            />
        </ol>
        <div>
            // Without scripts it saves the draft, which comes back. With them Enter must not press it.
            <button
                type=move || if with_scripts.get() { "button" } else { "submit" }
                formaction=keep
                formnovalidate=true
                class="button"
                on:click=add
            >
                "添加一批"
            </button>
        </div>
    }
}

/// One batch. The names and ids follow the place in the list, as errors count it.
#[component]
fn One(
    state: FormState<ApprovalDraft>,
    index: ReadSignal<usize>,
    batch: BatchDraft,
    cities: StoredValue<Vec<(String, Vec<RegionCode>)>>,
    batch_of: Memo<BTreeMap<String, usize>>,
    with_scripts: RwSignal<bool>,
    several: Signal<bool>,
    remove: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Li>::new();
    let row_id = move || anchor(FieldId::Rollout, u16::try_from(index.get()).ok());
    let name = move |part: &str| format!("draft[rollout][batches][{}][{part}]", index.get());
    let id = move |part: &str| format!("rollout-{}-{part}", index.get());
    let elsewhere = move |code: &str| batch_of.with(|of| of.get(code).is_some_and(|batch| *batch != index.get()));
    // Ticks all that these still have, or takes all away if there is nothing to tick.
    let toggle = move |regions: Vec<RegionCode>| {
        let boxes: Vec<_> =
            regions.iter().filter_map(|region| tick(node, *region)).filter(|it| !it.disabled()).collect();
        let on = boxes.iter().any(|it| !it.checked());
        for tick in boxes {
            tick.set_checked(on);
        }
        state.changed();
    };
    let chosen = StoredValue::new(batch.sites);
    let site = move |region: RegionCode| {
        let code = region.to_string();
        let checked = chosen.with_value(|chosen| chosen.contains(&code));
        let taken = Memo::new({
            let code = code.clone();
            move |_| elsewhere(&code)
        });
        view! {
            <label class="choice" class:rollout-taken=taken>
                <input type="checkbox" name=move || name("sites") + "[]" value=code checked=checked disabled=taken/>
                {region.site_name()}
            </label>
        }
    };
    let city = move |(word, regions): (String, Vec<RegionCode>)| {
        let whole = (regions.len() > 1).then(|| {
            let regions = regions.clone();
            let said = word.clone();
            view! {
                <Show when=move || with_scripts.get()>
                    <button type="button" class="button" on:click={
                        let regions = regions.clone();
                        move |_| toggle(regions.clone())
                    }>
                        "全选" <span class="visually-hidden">{said.clone()}</span>
                    </button>
                </Show>
            }
        });
        view! {
            <div class="rollout-city">
                <p class="rollout-city-head">{word} {whole}</p>
                <div class="scope-sites">{regions.into_iter().map(site).collect_view()}</div>
            </div>
        }
    };
    let everything = move || cities.with_value(|cities| cities.iter().flat_map(|(_, of)| of.clone()).collect());
    view! {
        <li class="rollout-batch" id=row_id tabindex="-1" node_ref=node>
            <div class="rollout-batch-head">
                <div>
                    <label for=move || id("name")>{move || format!("第 {} 批名称", index.get() + 1)}</label>
                    <input
                        id=move || id("name")
                        name=move || name("name")
                        type="text"
                        autocomplete="off"
                        value=batch.name
                        class="field-input"
                        aria-describedby=described(FieldId::Rollout)
                    />
                </div>
                <div>
                    <label for=move || id("at")>"开始时间（不填则由业主单位开始）"</label>
                    <input
                        id=move || id("at")
                        name=move || name("at")
                        type="datetime-local"
                        value=batch.at
                        class="field-input"
                        aria-describedby=described(FieldId::Rollout)
                    />
                </div>
                <button type="button" class="button" hidden=move || !(with_scripts.get() && several.get()) on:click=move |_| remove.run(())>
                    "删除"<span class="visually-hidden">{move || format!("第 {} 批", index.get() + 1)}</span>
                </button>
            </div>
            <Show when=move || with_scripts.get()>
                <div>
                    <button type="button" class="button" on:click=move |_| toggle(everything())>
                        "选中其余站点"
                    </button>
                </div>
            </Show>
            <div class="scope-tree" role="group" aria-label=move || format!("第 {} 批的站点", index.get() + 1)>
                {cities.get_value().into_iter().map(city).collect_view()}
            </div>
        </li>
    }
}

/// The sites, by city; 省本级 by itself.
fn by_city(scope: &BTreeSet<RegionCode>) -> Vec<(String, Vec<RegionCode>)> {
    let mut cities: Vec<(String, Vec<RegionCode>)> = Vec::new();
    for region in scope {
        let word = region.city().unwrap_or(*region).name().to_owned();
        match cities.last_mut().filter(|(last, _)| *last == word) {
            Some((_, sites)) => sites.push(*region),
            None => cities.push((word, vec![*region])),
        }
    }
    cities
}

/// The box of a site in a batch.
fn tick(batch: NodeRef<html::Li>, region: RegionCode) -> Option<HtmlInputElement> {
    let found = batch.get_untracked()?.query_selector(&format!("input[value='{region}']")).ok()??;
    found.dyn_into().ok()
}
