//! 工单: the two lists, one order, and what is done to it.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::OrderId;
use domain::command::work_order::DecideOne;
use domain::query::WorkOrderQuery;
use domain::view::dashboard::OrderList;
use domain::view::work_order as view;
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// A page of 我发起的.
#[server(endpoint = "work_order/initiated", input = GetUrl, output = Json, client = Asking)]
pub async fn work_order_initiated(
    /// What the address asks for.
    query: WorkOrderQuery,
) -> Result<view::WorkOrderPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::work_order::initiated(&engine, &ctx, &query).await?)
}

/// A page of 待我审批.
#[server(endpoint = "work_order/waiting", input = GetUrl, output = Json, client = Asking)]
pub async fn work_order_waiting(
    /// What the address asks for.
    query: WorkOrderQuery,
) -> Result<view::WorkOrderPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::work_order::waiting(&engine, &ctx, &query).await?)
}

/// A page of 全部工单.
#[server(endpoint = "work_order/all", input = GetUrl, output = Json, client = Asking)]
pub async fn work_order_all(
    /// What the address asks for.
    query: WorkOrderQuery,
) -> Result<view::WorkOrderPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::work_order::all(&engine, &ctx, &query).await?)
}

/// A page of 所管系统的工单.
#[server(endpoint = "work_order/administered", input = GetUrl, output = Json, client = Asking)]
pub async fn work_order_administered(
    /// What the address asks for.
    query: WorkOrderQuery,
) -> Result<view::WorkOrderPage, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::work_order::administered(&engine, &ctx, &query).await?)
}

/// The page of one order.
#[server(endpoint = "work_order/detail", input = GetUrl, output = Json, client = Asking)]
pub async fn work_order_detail(
    /// Which.
    id: OrderId,
) -> Result<view::WorkOrderDetail, ApiError> {
    let (engine, ctx) = super::context::request()?;
    Ok(engine::work_order::detail(&engine, &ctx, id).await?)
}

/// 同意. Twice the same `key` decides once.
#[server(endpoint = "work_order/approve", output = Json)]
pub async fn work_order_approve(
    /// Which.
    id: OrderId,
    /// The version that the page showed.
    seen: i64,
    /// The idempotency key of the form.
    key: Uuid,
    /// As typed; may be empty.
    comment: String,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    let command = domain::command::work_order::Approve { id, seen, key, comment };
    answered(id, Deed::Approve, engine::work_order::approve(&engine, &ctx, command).await)
}

/// 同意 or 拒绝 of several orders, with what came of each. Twice the same `key` decides once.
#[server(endpoint = "work_order/decide_all", output = Json)]
pub async fn work_order_decide_all(
    /// 同意; else 拒绝.
    approves: bool,
    /// Which.
    orders: Vec<DecideOne>,
    /// The comment of 同意, the reason of 拒绝.
    text: String,
) -> Result<Vec<(OrderId, Result<(), ApiError>)>, ApiError> {
    let (engine, ctx) = super::context::request()?;
    let came = engine::work_order::decide_all(&engine, &ctx, approves, orders, &text).await?;
    let answer = |(id, done): (OrderId, engine::Result<()>)| (id, done.map_err(|e| ApiError::of(e, &ctx.request_id).1));
    Ok(came.into_iter().map(answer).collect())
}

/// 拒绝. Twice the same `key` decides once.
#[server(endpoint = "work_order/refuse", output = Json)]
pub async fn work_order_refuse(
    /// Which.
    id: OrderId,
    /// The version that the page showed.
    seen: i64,
    /// The idempotency key of the form.
    key: Uuid,
    /// As typed.
    reason: String,
) -> Result<(), ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    // Nothing typed is lost, whatever comes next.
    if context::is_plain_form() {
        engine::work_order::keep_reason(&engine, &ctx, id, &reason).await?;
    }
    let command = domain::command::work_order::Refuse { id, seen, key, reason };
    answered(id, Deed::Refuse, engine::work_order::refuse(&engine, &ctx, command).await)
}

/// 撤回申请. Twice the same `key` withdraws once.
#[server(endpoint = "work_order/withdraw", output = Json)]
pub async fn work_order_withdraw(
    /// Which.
    id: OrderId,
    /// The version that the page showed.
    seen: i64,
    /// The idempotency key of the form.
    key: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    let command = domain::command::work_order::Withdraw { id, seen, key };
    answered(id, Deed::Withdraw, engine::work_order::withdraw(&engine, &ctx, command).await)
}

/// 催办. Twice the same `key` urges once.
#[server(endpoint = "work_order/urge", output = Json)]
pub async fn work_order_urge(
    /// Which.
    id: OrderId,
    /// The version that the page showed.
    seen: i64,
    /// The idempotency key of the form.
    key: Uuid,
) -> Result<(), ApiError> {
    let (engine, ctx) = super::context::request()?;
    let command = domain::command::work_order::Urge { id, seen, key };
    answered(id, Deed::Urge, engine::work_order::urge(&engine, &ctx, command).await)
}

/// The answer; a plain form goes back to the order's page, which says what came of it.
#[cfg(feature = "ssr")]
fn answered<T>(id: OrderId, deed: Deed, outcome: engine::Result<T>) -> Result<(), ApiError> {
    let came = match &outcome {
        Ok(_) => Came::Done(deed),
        Err(error) => Came::Not(deed, Problem::of(error)),
    };
    super::context::send_on(&came.address(id));
    outcome.map(|_| ()).map_err(ApiError::from)
}

/// A list of orders.
pub const fn order_list_path(list: OrderList) -> &'static str {
    match list {
        OrderList::Initiated => "/orders/initiated",
        OrderList::Waiting => "/orders/waiting",
        OrderList::Administered => "/orders/administered",
        OrderList::All => "/orders/all",
    }
}

/// The page of an order.
pub fn order_page(id: OrderId) -> String {
    format!("/orders/{}", id.0)
}

/// What a person does to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// 同意.
    Approve,
    /// 拒绝.
    Refuse,
    /// 撤回申请.
    Withdraw,
    /// 催办.
    Urge,
}

/// Why it did not work, as a code: a link from elsewhere can't put its words on our page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Somebody ended the order before.
    Over,
    /// What was typed is wrong.
    Text,
    /// Urged too lately.
    Urge,
    /// The rules refuse.
    Refused,
    /// Changed meanwhile.
    Conflict,
    /// Anything else.
    Failed,
}

/// What came of a form that was sent without scripts, as the address of the order's page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It is done.
    Done(Deed),
    /// It is not.
    Not(Deed, Problem),
}

impl Deed {
    const ALL: [Self; 4] = [Self::Approve, Self::Refuse, Self::Withdraw, Self::Urge];

    /// As it stands in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
            Self::Urge => "urge",
        }
    }

    /// From an address.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.id() == id)
    }
}

impl Problem {
    const ALL: [Self; 6] = [Self::Over, Self::Text, Self::Urge, Self::Refused, Self::Conflict, Self::Failed];

    const fn id(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Text => "text",
            Self::Urge => "urge",
            Self::Refused => "refused",
            Self::Conflict => "conflict",
            Self::Failed => "failed",
        }
    }

    #[cfg(feature = "ssr")]
    const fn of(error: &engine::Error) -> Self {
        use engine::Error;
        match error {
            Error::OrderOver { .. } => Self::Over,
            Error::Invalid(_) => Self::Text,
            Error::Urge(_) => Self::Urge,
            Error::Refused(_) => Self::Refused,
            Error::Conflict => Self::Conflict,
            _ => Self::Failed,
        }
    }
}

impl Came {
    /// Reads the parameters of an address; what is none of ours is not there.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        if let Some(deed) = get("done").and_then(|id| Deed::from_id(&id)) {
            return Some(Self::Done(deed));
        }
        let problem = get("problem").and_then(|id| Problem::ALL.into_iter().find(|problem| problem.id() == id))?;
        Some(Self::Not(get("ask").and_then(|id| Deed::from_id(&id))?, problem))
    }

    /// The order's page that says it. What was typed wrongly opens its form again.
    pub fn address(self, id: OrderId) -> String {
        let page = order_page(id);
        match self {
            Self::Done(deed) => format!("{page}?done={}", deed.id()),
            Self::Not(deed, problem) => format!("{page}?ask={}&problem={}", deed.id(), problem.id()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Came, Deed, Problem};
    use domain::OrderId;
    use uuid::Uuid;

    fn read(address: &str) -> Option<Came> {
        let query = address.split_once('?').map(|(_, query)| query).unwrap_or_default();
        Came::parse(|name| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(other, _)| *other == name).map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn what_came_of_a_form_survives_the_address_and_strange_words_do_not() {
        let id = OrderId(Uuid::nil());
        for deed in Deed::ALL {
            assert_eq!(read(&Came::Done(deed).address(id)), Some(Came::Done(deed)));
            for problem in Problem::ALL {
                assert_eq!(read(&Came::Not(deed, problem).address(id)), Some(Came::Not(deed, problem)));
            }
        }
        for strange in ["/x?done=请拨打", "/x?ask=refuse&problem=<b>", "/x?problem=over", "/x?ask=refuse"] {
            assert_eq!(read(strange), None, "{strange}");
        }
    }
}
