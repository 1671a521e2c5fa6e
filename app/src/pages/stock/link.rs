//! 关联: the registration form over what the stock list knows (screens.md, Registration and change forms).

use crate::api::ApiError;
use crate::api::stock::{STOCK_PAGE, StockLink, StockSaveDraft, stock_link, stock_link_form, stock_save_draft};
use crate::pages::Page;
use crate::parts::form::{Card, Opening, Saving};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::registration::{Addresses, Basic, Developer, Known, RegistrationState, ScopeField, SystemChoice};
use crate::parts::request::{Request, RequestFrame, RouteCard, came_to_check};
use crate::ui::read::{Read, ask};
use domain::fields::{Group, Registration};
use domain::view::stock::{LinkForm, StockRow};
use domain::{Action as Deed, Role, StockId, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_params_map;

/// The form of one stock application.
pub struct LinkPage(Read<Result<LinkForm, ApiError>>);

impl Page for LinkPage {
    fn data() -> Self {
        let map = use_params_map();
        let id = Memo::new(move |_| map.with(|map| map.get("id")?.parse().ok()).map(StockId));
        let check = came_to_check();
        let form =
            move |id: Option<StockId>| async move { stock_link_form(id.ok_or(ApiError::NotFound)?, check).await };
        Self(ask(move || id.get(), form))
    }

    fn view(this: Self) -> AnyView {
        let draw = |form: LinkForm| view! { <Whole form/> }.into_any();
        view! { <Gate roles=&[Role::Staff]><Loaded data=this.0 draw/></Gate> }.into_any()
    }
}

#[component]
fn Whole(form: LinkForm) -> AnyView {
    let LinkForm { key, stock, draft, saved_at, systems, errors, route } = form;
    let (id, seen) = (stock.id, stock.version);
    let opening = Opening { first: draft, errors, saved_at };
    let save = move |draft| -> Saving { Box::pin(stock_save_draft(id, draft)) };
    let state = RegistrationState::stock(id, opening, save);
    let submit = Action::new(move |draft: &Registration| {
        let draft = draft.clone();
        async move { stock_link(id, seen, key, draft).await }
    });
    let request = Request {
        id: id.0,
        back: STOCK_PAGE.to_owned(),
        back_to: "存量应用".to_owned(),
        seen,
        key,
        title: format!("{}：{}", words::action(Deed::Link), stock.name),
        word: "提交",
        send: StockLink::PATH,
        keep: StockSaveDraft::PATH,
    };
    let blocked = route.blocked.is_some() || systems.is_empty();
    let list = StoredValue::new(systems.clone());
    let known = Known::of(state, list);
    let aside = view! {
        <Stock stock/>
        <RouteCard route/>
    };
    view! {
        <RequestFrame request state=*state submit held=Signal::stored(blocked) aside=aside.into_any()>
            <Basic state known><SystemChoice state systems/></Basic>
            <Addresses state known/>
            <Card group=Group::Scope><ScopeField state/></Card>
            <Developer state/>
        </RequestFrame>
        <IconWithoutScripts id/>
    }
    .into_any()
}

/// What the old platform says of it.
#[component]
fn Stock(stock: StockRow) -> impl IntoView {
    let line = |label: &'static str, text: String| view! { <div><dt>{label}</dt><dd>{text}</dd></div> };
    let refusal = Some(stock.refusal).filter(|reason| !reason.is_empty());
    view! {
        <section class="card" aria-labelledby="stock">
            <h2 id="stock">"原平台上的应用"</h2>
            <dl class="order-form">
                {line("原应用ID", stock.original_id)}
                {line("中文名", stock.name)}
                {line("英文名", if stock.english_name.is_empty() { "—".to_owned() } else { stock.english_name })}
                {line("建设部门", stock.department)}
                {line("状态", words::state(stock.listed).to_owned())}
                {line("移动端地址", stock.address)}
            </dl>
            <p class="quiet">"通过后沿用这个状态；在本平台上线第一个版本之前，访问地址不变。"</p>
            {refusal.map(|reason| view! { <p class="notice notice-warning">{format!("上次被拒绝：{reason}")}</p> })}
        </section>
    }
}

/// Puts the icon into the draft, for browsers without scripts; the others never see it.
#[component]
fn IconWithoutScripts(id: StockId) -> impl IntoView {
    view! {
        <form method="post" action="/icon" enctype="multipart/form-data" class="card form-plain">
            <input type="hidden" name="stock" value=id.0.to_string()/>
            <label for="plain-icon">"图标（先保存草稿，再上传）"</label>
            <input id="plain-icon" type="file" name="file" accept="image/png,image/jpeg"/>
            <button type="submit" class="button">"上传图标"</button>
        </form>
    }
}
