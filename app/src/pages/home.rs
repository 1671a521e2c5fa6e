//! 工作台: where a person begins (screens.md, Home).

mod beginning;
mod cards;

use crate::api::ApiError;
use crate::api::home::home_cards;
use crate::api::routing::ROUTING_PAGE;
use crate::api::session::Current;
use crate::pages::Page;
use crate::parts::counts::up_to_999;
use crate::parts::loaded::reading;
use crate::parts::problem::Problem;
use crate::parts::session::SessionContext;
use crate::parts::updates::ListUpdates;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use beginning::Beginning;
use cards::CardsView;
use domain::view::home::HomeCards;
use domain::words;
use leptos::prelude::*;
use leptos_router::components::A;

/// What waits for the person, what they wait for, what went live; nothing of it for who is not signed in.
pub struct HomePage {
    cards: Read<Result<(Current, Option<HomeCards>), ApiError>>,
}

impl Page for HomePage {
    fn data() -> Self {
        let session = SessionContext::get();
        let read = move || async move {
            let current = match session {
                Some(session) => session.current().await,
                None => Current::default(),
            };
            let cards = if current.me.is_some() { Some(home_cards().await?) } else { None };
            Ok((current, cards))
        };
        Self { cards: ask(|| (), move |()| read()) }
    }

    fn view(this: Self) -> AnyView {
        let reload = Callback::new(move |()| this.cards.refetch());
        let content = move || {
            Suspend::new(async move {
                match this.cards.await {
                    Ok((current, Some(cards))) => view! {
                        <PageTitle text="工作台"/>
                        <ListUpdates heard=cards.heard counts=|_| true reload/>
                        <Stuck n=cards.stuck/>
                        {cards.is_empty().then(|| view! { <Beginning current=current.clone()/> })}
                        <CardsView current cards/>
                    }
                    .into_any(),
                    Ok((_, None)) => view! {
                        <PageTitle text="工作台"/>
                        <p>"一个应用从登记、部署、验收、审批到上线，都在这里完成。"</p>
                        <p><A href="/login" attr:class="button button-main">"登录"</A></p>
                    }
                    .into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })
        };
        view! { <Transition fallback=reading>{content}</Transition> }.into_any()
    }
}

/// 无人可审, for the security administrator, who alone can help.
#[component]
fn Stuck(n: i64) -> impl IntoView {
    let sentence = move || {
        view! {
            <p class="notice notice-warning">
                {format!("有 {} 张工单{}。", up_to_999(n), words::NOBODY_CAN_DECIDE)} " " <A href=ROUTING_PAGE>"看看停在哪一步"</A>
            </p>
        }
    };
    (n > 0).then(sentence)
}
