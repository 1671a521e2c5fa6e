//! 发布: the name lists, registering, the page of one. What is done with one is in [`act`] and [`request`].

pub mod act;
pub mod request;

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use crate::parts::numbers::telling;
use domain::fields::Registration;
use domain::query::{HistoryQuery, PublicationQuery};
use domain::view::history::HistoryPage;
use domain::view::publication::{self as view, PublicationPage, PublicationUpdate, Registered, RegistrationForm};
use domain::view::running::RunningView;
use domain::{PublicationId, Side, UtcMillis};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// A page of 服务侧名称列表 or 治理侧名称列表.
#[server(endpoint = "publication/list", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_list(
    /// Which list.
    side: Side,
    /// What the address asks for.
    query: PublicationQuery,
) -> Result<PublicationPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::publication::list(&engine, &ctx, side, &query).await?)
}

/// These rows of the list as they are now, for a list that is open.
#[server(endpoint = "publication/rows", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_rows(
    /// Which list.
    side: Side,
    /// Which of its rows, at most 100.
    ids: Vec<PublicationId>,
    /// What the list is asked for, which its tabs count.
    query: PublicationQuery,
) -> Result<PublicationUpdate, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::publication::rows(&engine, &ctx, side, &ids, &query).await?)
}

/// The page of one publication.
#[server(endpoint = "publication/detail", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_detail(
    /// Which.
    id: PublicationId,
) -> Result<view::PublicationDetail, ApiError> {
    let (engine, ctx) = super::context::request()?;
    let mut detail = engine::publication::detail(&engine, &ctx, id).await?;
    detail.live_address = super::context::whole_address(&engine, detail.live_address);
    if let Some(plan) = &mut detail.plan {
        plan.address = super::context::whole_address(&engine, std::mem::take(&mut plan.address));
    }
    Ok(detail)
}

/// A page of everything that happened to one publication.
#[server(endpoint = "publication/history", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_history(
    /// Which.
    id: PublicationId,
    /// What the address asks for.
    query: HistoryQuery,
) -> Result<HistoryPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::publication::history(&engine, &ctx, id, &query).await?)
}

/// 运行 of one publication.
#[server(endpoint = "publication/running", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_running(
    /// Which.
    id: PublicationId,
) -> Result<RunningView, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::publication::running(&engine, &ctx, id).await?)
}

/// What the registration form opens with.
#[server(endpoint = "publication/form", input = GetUrl, output = Json, client = Asking)]
pub async fn publication_form(
    /// Which form.
    side: Side,
    /// Whether the draft's errors are wanted: it came back from [`publication_register`] without scripts.
    check: bool,
) -> Result<RegistrationForm, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::publication::form(&engine, &ctx, side, check).await?)
}

/// Keeps what was typed so far; answers when.
#[server(endpoint = "publication/save_draft", output = Json)]
pub async fn publication_save_draft(
    /// Which form.
    side: Side,
    /// As typed.
    draft: Registration,
) -> Result<UtcMillis, ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    let saved = engine::publication::save_draft(&engine, &ctx, side, &draft).await?;
    context::send_on(register_path(side));
    Ok(saved)
}

/// 注册服务侧名称 / 注册治理侧名称. Twice the same `key` registers once.
#[server(endpoint = "publication/register", output = Json)]
pub async fn publication_register(
    /// The idempotency key of the form.
    key: Uuid,
    /// Which form.
    side: Side,
    /// As typed.
    draft: Registration,
) -> Result<Registered, ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    // Nothing typed is lost, whatever comes next.
    if context::is_plain_form() {
        engine::publication::save_draft(&engine, &ctx, side, &draft).await?;
    }
    let command = domain::command::publication::Register { key, side, draft };
    match engine::publication::register(&engine, &ctx, command).await {
        Ok(registered) => {
            context::send_on(&registered_path(side, &registered));
            Ok(registered)
        }
        Err(engine::Error::Invalid(_)) if context::is_plain_form() => {
            context::send_on(&format!("{}?check=true", register_path(side)));
            Err(ApiError::Transport)
        }
        Err(error) => Err(error.into()),
    }
}

/// The page that a registration leads to: the list, which says if the contacts' numbers could not be looked up.
pub fn registered_path(side: Side, registered: &Registered) -> String {
    telling(list_path(side), registered.numbers)
}

/// The page with the list of the side.
pub const fn list_path(side: Side) -> &'static str {
    match side {
        Side::Service => "/service",
        Side::Governance => "/governance",
    }
}

/// The page with the registration form of the side.
pub const fn register_path(side: Side) -> &'static str {
    match side {
        Side::Service => "/service/register",
        Side::Governance => "/governance/register",
    }
}

/// 确认联系人: those whose number moved have access again.
#[server(endpoint = "publication/confirm_contacts", output = Json)]
pub async fn publication_confirm_contacts(
    /// Which.
    id: PublicationId,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    let page = crate::parts::more::detail_page(id);
    super::context::finish(
        engine::publication::confirm_contacts(&engine, &ctx, id).await,
        &page,
        &format!("{page}?check=true"),
    )
}
