//! 检测规则: all rules of 源码检测 for everybody; the system administrator changes what they weigh (packages.md, 源码检测).

use crate::api::ApiError;
use crate::api::rule::{RULES_PAGE, RuleChange as Change, rule_change, rule_list, rule_versions};
use crate::pages::Page;
use crate::parts::change_pages::before_of_address;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::request::came_to_check;
use crate::parts::versions::ReadVersions;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::change_pages::ChangePage;
use domain::view::rule::{RuleCategory, RuleLevel, RuleRow, RulesPage};
use domain::{Role, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use std::collections::BTreeMap;

/// The rules; and the changes, apart from them: whoever leafs through them loses nothing chosen.
pub struct RulePage {
    page: Read<Result<RulesPage, ApiError>>,
    changes: Read<Result<ChangePage, ApiError>>,
}

type Chosen = RwSignal<BTreeMap<String, RuleLevel>>;

impl Page for RulePage {
    fn data() -> Self {
        let before = before_of_address();
        Self { page: ask(|| (), |()| rule_list()), changes: ask(move || before.get(), rule_versions) }
    }

    fn view(this: Self) -> AnyView {
        let (page, changes) = (this.page, this.changes);
        let reload = Callback::new(move |()| {
            page.refetch();
            changes.refetch();
        });
        let draw = move |page: RulesPage| view! { <Rules page reload/> }.into_any();
        view! {
            <Gate roles=&Role::ALL>
                <PageTitle text="检测规则"/>
                <p class="quiet">
                    "上传的包按下列规则检测。阻断的要先修改，警告可以写明理由后仍要继续。规则由本平台制定，每份检测结果都注明所用规则的版本。"
                </p>
                <Loaded data=page part=true draw/>
                <ReadVersions data=changes page=RULES_PAGE/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Rules(page: RulesPage, reload: Callback<()>) -> impl IntoView {
    let RulesPage { number, set, categories, may_change } = page;
    let chosen: Chosen = RwSignal::new(BTreeMap::new());
    let saving = Action::new(move |levels: &BTreeMap<String, RuleLevel>| rule_change(number, levels.clone()));
    Effect::new(move |_| {
        if let Some(Ok(())) = saving.value().get() {
            reload.run(());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        saving.dispatch(chosen.get_untracked());
    };
    // Back from a sending without scripts.
    let refused = came_to_check();
    let failed = move || match saving.value().get() {
        Some(answer) => answer.err().map(|error| error.to_string()),
        None => refused.then(|| "没有保存：规则已被别人更改，请核对后再改。".to_owned()),
    };
    let cards = categories.into_iter().map(|of| view! { <Category of may_change chosen/> }).collect_view();
    view! {
        <p class="quiet">{format!("现行版本 {set}")}</p>
        {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        {if may_change {
            let changes = move || chosen.with(BTreeMap::len);
            view! {
                <form method="post" action=Change::PATH class="rules" on:submit=send>
                    <input type="hidden" name="seen" value=number/>
                    {cards}
                    <div class="form-foot">
                        <span class="form-saved" role="status">
                            {move || (changes() > 0).then(|| format!("{} 条规则待保存，保存后只影响以后的检测", changes()))}
                        </span>
                        <button type="submit" class="button button-main" disabled=saving.pending()>"保存"</button>
                    </div>
                </form>
            }
            .into_any()
        } else {
            view! { <div class="rules">{cards}</div> }.into_any()
        }}
    }
}

#[component]
fn Category(of: RuleCategory, may_change: bool, chosen: Chosen) -> impl IntoView {
    view! {
        <section class="card">
            <h2>{of.word}</h2>
            <div class="findings">
                {of.rules.into_iter().map(|rule| view! { <Rule rule may_change chosen/> }).collect_view()}
            </div>
        </section>
    }
}

#[component]
fn Rule(rule: RuleRow, may_change: bool, chosen: Chosen) -> impl IntoView {
    let RuleRow { id, what, why, how, example, standard, level } = rule;
    let changed = (level != standard).then(|| format!("（默认{}）", words::rule_level(standard)));
    let (label, place) = (format!("级别：{what}"), id.clone());
    view! {
        <div class="rule" id=place>
            <details class="finding">
                <summary>
                    {what} " " <span class="quiet">{id.clone()}</span>
                    {changed.map(|text| view! { " " <span class="quiet">{text}</span> })}
                </summary>
                <p>{why}</p>
                <p><strong>"怎么改："</strong>{how}</p>
                <pre class="code" tabindex="0">{example}</pre>
            </details>
            <span class="rule-level">
                {if may_change {
                    view! { <Level id label level chosen/> }.into_any()
                } else {
                    view! { <span class=chip(level)>{words::rule_level(level)}</span> }.into_any()
                }}
            </span>
        </div>
    }
}

/// The level, to be chosen.
#[component]
fn Level(id: String, label: String, level: RuleLevel, chosen: Chosen) -> impl IntoView {
    let name = format!("levels[{id}]");
    let choose = move |event: web_sys::Event| {
        let picked = event_target_value(&event);
        let picked = RuleLevel::ALL.into_iter().find(|level| level.id() == picked).unwrap_or(level);
        chosen.update(|chosen| {
            // What is as it was needs no saving.
            if picked == level {
                chosen.remove(&id);
            } else {
                chosen.insert(id.clone(), picked);
            }
        });
    };
    let option = move |of: RuleLevel| {
        view! { <option value=of.id() selected=of == level>{words::rule_level(of)}</option> }
    };
    view! {
        <select name=name class="field-input" aria-label=label on:change=choose>
            {RuleLevel::ALL.map(option).collect_view()}
        </select>
    }
}

fn chip(level: RuleLevel) -> &'static str {
    match level {
        RuleLevel::Block => "finding-severity finding-block",
        RuleLevel::Warn => "finding-severity finding-warn",
        RuleLevel::Off => "finding-severity",
    }
}
