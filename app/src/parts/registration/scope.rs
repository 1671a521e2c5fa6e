//! 适用范围: the tree of sites, with search, whole cities, and the chosen ones as tags.

use super::RegistrationState;
use crate::parts::form::Grouped;
use domain::RegionCode;
use domain::fields::FieldId;
use domain::region::{search, sites};
use leptos::prelude::*;
use std::collections::BTreeSet;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The boxes hold what is chosen, so that they work without scripts, too; tags and whole cities change the boxes.
#[component]
pub fn ScopeField(
    /// The form.
    state: RegistrationState,
) -> AnyView {
    let chosen = Memo::new(move |_| state.draft.with(|draft| sites(&draft.scope)).unwrap_or_default());
    let found = RwSignal::new(None::<BTreeSet<RegionCode>>);
    // Search, tags and whole cities are of use only with scripts.
    let with_scripts = RwSignal::new(false);
    Effect::new(move |_| with_scripts.set(true));
    let set = Callback::new(move |(regions, on): (Vec<RegionCode>, bool)| {
        for region in regions {
            if let Some(tick) = tick(region) {
                tick.set_checked(on);
            }
        }
        state.changed();
    });
    let look = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        let wanted = Some(search(&typed)).filter(|_| !typed.trim().is_empty());
        found.set(wanted.map(|regions| regions.into_iter().collect()));
        // What is typed here is no part of the form.
        event.stop_propagation();
    };
    let nothing = move || found.with(|found| found.as_ref().is_some_and(BTreeSet::is_empty));
    view! {
        <Grouped fields=state.fields() field=FieldId::Scope asks=state.asks(FieldId::Scope)>
            <p class="scope-count" role="status">{move || format!("已选 {} 个站点", chosen.with(BTreeSet::len))}</p>
            <Show when=move || with_scripts.get()>
                <Tags chosen set/>
                <input
                    type="search"
                    class="field-input"
                    placeholder="搜索市、县（市、区）或代码"
                    aria-label="搜索站点"
                    on:input=look
                />
            </Show>
            <p class="field-hint" hidden=move || !nothing()>"没有这样的站点，请换一个词"</p>
            <div class="scope-tree">
                <Tick state region=RegionCode::PROVINCE found/>
                {RegionCode::cities().map(|city| view! { <City state city chosen found with_scripts set/> }).collect_view()}
            </div>
        </Grouped>
    }
    .into_any()
}

/// Chosen sites, whole cities as one, each to be taken away.
#[component]
fn Tags(chosen: Memo<BTreeSet<RegionCode>>, set: Callback<(Vec<RegionCode>, bool)>) -> impl IntoView {
    let tags = move || chosen.with(tags_of);
    view! {
        <ul class="tags">
            <For each=tags key=|(_, regions)| regions.clone() let((word, regions))>
                <li class="tag">
                    {word.clone()}
                    <button
                        type="button"
                        class="tag-remove"
                        aria-label=format!("去掉{word}")
                        on:click=move |_| set.run((regions.clone(), false))
                    >
                        "×"
                    </button>
                </li>
            </For>
        </ul>
    }
}

fn tags_of(chosen: &BTreeSet<RegionCode>) -> Vec<(String, Vec<RegionCode>)> {
    let mut tags = Vec::new();
    let mut told = BTreeSet::new();
    for region in chosen {
        let whole = region.city().map(RegionCode::whole).unwrap_or_default();
        if !whole.is_empty() && whole.iter().all(|part| chosen.contains(part)) {
            if told.insert(whole[0]) {
                tags.push((format!("{}（全部）", whole[0].name()), whole));
            }
        } else {
            tags.push((region.site_name(), vec![*region]));
        }
    }
    tags
}

#[component]
fn City(
    state: RegistrationState,
    city: RegionCode,
    chosen: Memo<BTreeSet<RegionCode>>,
    found: RwSignal<Option<BTreeSet<RegionCode>>>,
    with_scripts: RwSignal<bool>,
    set: Callback<(Vec<RegionCode>, bool)>,
) -> AnyView {
    let whole = StoredValue::new(city.whole());
    let of = whole.with_value(Vec::len);
    let count = Memo::new(move |_| {
        chosen.with(|chosen| whole.with_value(|whole| whole.iter().filter(|part| chosen.contains(part)).count()))
    });
    let shown = move || {
        found.with(|found| found.as_ref().is_none_or(|found| whole.with_value(|w| w.iter().any(|p| found.contains(p)))))
    };
    let searched = move || found.with(Option::is_some);
    let all = move |event: web_sys::Event| {
        event.stop_propagation();
        set.run((whole.get_value(), event_target_checked(&event)));
    };
    view! {
        <details class="scope-city" hidden=move || !shown() open=searched>
            <summary>
                {city.name()}
                <span class="scope-city-count">{move || format!("{}/{of}", count.get())}</span>
            </summary>
            <div class="scope-sites">
                <Show when=move || with_scripts.get()>
                    <label class="choice scope-whole">
                        <input
                            type="checkbox"
                            prop:checked=move || count.get() == of
                            prop:indeterminate=move || (1..of).contains(&count.get())
                            on:change=all
                        />
                        {format!("{}（全部）", city.name())}
                    </label>
                </Show>
                {city.whole().into_iter().map(|region| view! { <Tick state region found/> }).collect_view()}
            </div>
        </details>
    }
    .into_any()
}

/// One site.
#[component]
fn Tick(state: RegistrationState, region: RegionCode, found: RwSignal<Option<BTreeSet<RegionCode>>>) -> impl IntoView {
    let code = region.to_string();
    let checked = state.first(|draft| draft.scope.contains(&code));
    let shown = move || found.with(|found| found.as_ref().is_none_or(|found| found.contains(&region)));
    view! {
        <label class="choice" hidden=move || !shown()>
            <input type="checkbox" id=site_id(region) name="draft[scope][]" value=code checked=checked/>
            {region.site_name()}
        </label>
    }
}

fn site_id(region: RegionCode) -> String {
    format!("site-{region}")
}

fn tick(region: RegionCode) -> Option<HtmlInputElement> {
    document().get_element_by_id(&site_id(region))?.dyn_into().ok()
}
