//! 限制, for the system administrator: what packages and builds may take, from the next one on. Also without scripts.

use crate::api::ApiError;
use crate::api::limit::{LimitChange as Change, limit_change, limit_open};
use crate::pages::Page;
use crate::parts::form::typed;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::request::came_to_check;
use crate::parts::versions::{VersionLine, Versions};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::limit::{Limit, LimitDraft, validate};
use domain::view::limit::{LimitChange, LimitPage as Opened, LimitRow};
use domain::{Role, words};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use std::collections::BTreeMap;

/// The form.
pub struct LimitPage {
    page: Read<Result<Opened, ApiError>>,
}

/// What is wrong with what was typed.
type Wrong = RwSignal<BTreeMap<Limit, String>>;

impl Page for LimitPage {
    fn data() -> Self {
        let check = came_to_check();
        Self { page: ask(|| (), move |()| limit_open(check)) }
    }

    fn view(this: Self) -> AnyView {
        let page = this.page;
        let again = Callback::new(move |()| page.refetch());
        let draw = move |page: Opened| view! { <Form page again/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="限制"/>
                <p class="quiet">
                    "程序包和编译最多能用多少。超过的程序包会被拒绝，超过的编译会被停止。改动对以后的上传和编译有效，所有服务器都用同样的值；在服务器上用文件、环境变量或命令行设置的是固定的，要在"
                    <A href="/admin/settings">"系统设置"</A> "说的地方改。"
                </p>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Form(page: Opened, again: Callback<()>) -> impl IntoView {
    let Opened { came_back, number, made, rows, changes } = page;
    let known = rows.iter().filter_map(|row| Some((row.limit, row.wrong.clone()?))).collect::<BTreeMap<_, _>>();
    let came_back = came_back.then_some(match known.is_empty() {
        true => "没有保存：限制已被别人更改，请核对后再保存。",
        false => "没有保存：请改好标出的限制。",
    });
    let wrong: Wrong = RwSignal::new(known);
    let element = NodeRef::<html::Form>::new();
    let save = Action::new(move |draft: &LimitDraft| limit_change(number, draft.clone()));
    Effect::new(move |_| {
        if let Some(Ok(())) = save.value().get() {
            again.run(());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(draft) = element.get_untracked().and_then(|form| typed::<LimitDraft>(&form)) else { return };
        match validate(&draft) {
            Ok(_) => {
                wrong.set(BTreeMap::new());
                save.dispatch(draft);
            }
            Err(found) => wrong.set(found.into_iter().collect()),
        }
    };
    let failed = move || match save.value().get() {
        Some(answer) => answer.err().map(|error| error.to_string()),
        None if wrong.with(BTreeMap::is_empty) => came_back.map(str::to_owned),
        None => Some("没有保存：请改好标出的限制。".to_owned()),
    };
    let said = match made {
        Some((by, at)) => format!("现行的是第 {number} 版，{by} 于 {} 修改。", at.local_text()),
        None => "现在全部是默认值。".to_owned(),
    };
    view! {
        <p class="quiet">{said}</p>
        {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        <form node_ref=element method="post" action=Change::PATH class="form" novalidate on:submit=send>
            <input type="hidden" name="seen" value=number/>
            <section class="card limit">
                {rows.into_iter().map(|row| view! { <Row row wrong/> }).collect_view()}
            </section>
            <div class="form-foot form-foot-plain">
                <button type="submit" class="button button-main" disabled=save.pending()>"保存"</button>
            </div>
        </form>
        <Versions lines=changes.into_iter().map(line).collect()/>
    }
}

#[component]
fn Row(row: LimitRow, wrong: Wrong) -> impl IntoView {
    let LimitRow { limit, value, fixed, standard, typed, .. } = row;
    let (id, word, unit) = (format!("limit-{}", limit.id()), words::limit(limit), words::limit_unit(limit));
    if let Some(source) = fixed {
        let source = words::setting_source(source);
        return view! {
            <div class="field">
                <span class="limit-word">{word}</span>
                <span>{format!("{value} {unit}")}</span>
                <p class="field-hint">{format!("已在服务器上用{source}固定，不能在这里改")}</p>
            </div>
        }
        .into_any();
    }
    let range = limit.range();
    let hint = format!("{} 到 {}；留空是默认的 {standard} {unit}", range.start(), range.end());
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = format!("{hint_id} {error_id}");
    let is_wrong = move || wrong.with(|wrong| wrong.contains_key(&limit));
    let error = move || wrong.with(|wrong| wrong.get(&limit).cloned());
    view! {
        <div class="field">
            <label for=id.clone()>{format!("{word}（{unit}）")}</label>
            <p class="field-hint" id=hint_id>{hint}</p>
            <input
                id=id
                name=format!("draft[values][{}]", limit.id())
                class="field-input"
                inputmode="numeric"
                autocomplete="off"
                placeholder=standard.to_string()
                value=typed
                aria-describedby=described
                aria-invalid=move || is_wrong().then_some("true")
            />
            <div class="field-errors" id=error_id aria-live="polite">{error}</div>
        </div>
    }
    .into_any()
}

/// A version, as the table has it.
fn line(change: LimitChange) -> VersionLine {
    let said = |limit: Limit, value: Option<u32>| match value {
        Some(value) => format!("{value} {}", words::limit_unit(limit)),
        None => "默认".to_owned(),
    };
    let moves = change.moves.into_iter();
    let moves =
        moves.map(|(limit, from, to)| format!("{}：{} → {}", words::limit(limit), said(limit, from), said(limit, to)));
    VersionLine {
        word: format!("第 {} 版", change.number),
        moves: moves.collect(),
        made: Some((change.by, change.at)),
        ..VersionLine::default()
    }
}
