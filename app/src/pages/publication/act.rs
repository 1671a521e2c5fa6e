//! An action without a form: what it will do, and the button. One page for all of them.

use crate::api::ApiError;
use crate::api::publication::act::{
    PublicationCancelUpgrade, PublicationRedeploy, PublicationRepublish, PublicationUpgrade,
    publication_cancel_upgrade, publication_redeploy, publication_republish, publication_upgrade,
};
use crate::pages::Page;
use crate::parts::crumbs::{Crumbs, above_deed};
use crate::parts::failed::Failed;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::more::detail_page;
use crate::parts::problem::Problem;
use crate::parts::publication::detail_of_address;
use crate::parts::request::came_to_check;
use crate::ui::read::Read;
use crate::ui::title::PageTitle;
use domain::view::publication::PublicationDetail;
use domain::{Action as Deed, PublicationId, Role, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map};
use uuid::Uuid;

/// 重新部署, 版本升级, 撤销升级, 重新发布.
pub struct ActPage {
    detail: Read<Result<PublicationDetail, ApiError>>,
    deed: Memo<Option<Deed>>,
}

/// What the button sends, and what will happen.
fn of(deed: Deed) -> Option<(&'static str, &'static str)> {
    Some(match deed {
        Deed::Redeploy => (
            PublicationRedeploy::PATH,
            "回到部署，由开发商重新上传并提交验收。已经验收的版本不再用于这次发布；线上版本不受影响。",
        ),
        Deed::Upgrade => (
            PublicationUpgrade::PATH,
            "开始一次版本升级：由开发商上传新版本，验收、审批之后替换线上版本。在此之前线上版本不变。",
        ),
        Deed::CancelUpgrade => (
            PublicationCancelUpgrade::PATH,
            "结束这次升级：进行中的检测和编译会取消，新版本不再上线，记录保留。线上版本不变。",
        ),
        Deed::Republish => (PublicationRepublish::PATH, "重新走一遍发布流程，审批通过后再次上线。"),
        _ => return None,
    })
}

async fn act(deed: Deed, id: PublicationId, seen: i64, key: Uuid) -> Result<(), ApiError> {
    match deed {
        Deed::Redeploy => publication_redeploy(id, seen, key).await,
        Deed::Upgrade => publication_upgrade(id, seen, key).await,
        Deed::CancelUpgrade => publication_cancel_upgrade(id, seen, key).await,
        Deed::Republish => publication_republish(id, seen, key).await,
        // Has no page here.
        _ => Err(ApiError::NotFound),
    }
}

impl Page for ActPage {
    fn data() -> Self {
        let detail = detail_of_address();
        let params = use_params_map();
        let deed = Memo::new(move |_| params.with(|map| Deed::from_id(&map.get("action")?)));
        Self { detail, deed }
    }

    fn view(this: Self) -> AnyView {
        let ActPage { detail, deed } = this;
        let draw = move |detail| match deed.get_untracked().and_then(|deed| Some((deed, of(deed)?))) {
            Some((deed, (path, what))) => view! { <Confirm detail deed path what/> }.into_any(),
            None => view! { <Problem error=ApiError::NotFound/> }.into_any(),
        };
        view! {
            <Gate roles=&[Role::Staff]>
                <Loaded data=detail draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Confirm(detail: PublicationDetail, deed: Deed, path: &'static str, what: &'static str) -> impl IntoView {
    let (id, seen, key) = (detail.row.id, detail.row.version, detail.key);
    let refusal = detail.row.menu.refused.iter().find(|(action, _)| *action == deed).map(|(_, why)| why.clone());
    let possible = detail.row.menu.possible.contains(&deed);
    let doing = Action::new(move |(): &()| act(deed, id, seen, key));
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(Ok(())) = doing.value().get() {
            navigate(&detail_page(id), Default::default());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.dispatch(());
    };
    // Back from a sending without scripts that was refused for a moment.
    let again = possible && came_to_check();
    let failed = move || match doing.value().get() {
        Some(answer) => answer.err().map(|error| view! { <Failed error way=detail_page(id)/> }.into_any()),
        None => again
            .then(|| view! { <p class="notice notice-danger" role="alert">"没有完成，请再试一次。"</p> }.into_any()),
    };
    view! {
        <Crumbs above=above_deed(detail.side, &detail.row)/>
        <PageTitle text=format!("{}：{}", words::action(deed), detail.row.name)/>
        {failed}
        {if possible {
            view! {
                <form method="post" action=path class="card form" on:submit=send>
                    <p>{what}</p>
                    <input type="hidden" name="id" value=id.0.to_string()/>
                    <input type="hidden" name="seen" value=seen/>
                    <input type="hidden" name="key" value=key.to_string()/>
                    <div class="form-foot form-foot-plain">
                        <A href=detail_page(id) attr:class="button">"返回"</A>
                        <button type="submit" class="button button-main" disabled=doing.pending()>{words::action(deed)}</button>
                    </div>
                </form>
            }
            .into_any()
        } else {
            view! {
                <p class="notice notice-warning">{refusal.unwrap_or_else(|| "这个发布不能这样操作。".to_owned())}</p>
                <p><A href=detail_page(id)>"回到详情"</A></p>
            }
            .into_any()
        }}
    }
}
