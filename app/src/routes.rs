//! Every page of the product, in one list.

use crate::pages::about::AboutPage;
use crate::pages::activation::ActivationPage;
use crate::pages::administration::{
    AccountListPage, AccountPage, DepartmentListPage, ImportPage, OwnSessionsPage, PolicyPage, RoleListPage, RolePage,
    RoutingPage, SessionsPage, SignInsPage,
};
use crate::pages::application_system::SystemListPage;
use crate::pages::audit::AuditPage;
use crate::pages::authenticator::{AuthenticatorPage, BindPage};
use crate::pages::backup::BackupPage;
use crate::pages::channel::{ChannelAdminPage, DirectoryPage};
use crate::pages::dashboard::{DashboardPage, LiveTodayPage};
use crate::pages::doctor::DoctorPage;
use crate::pages::first_start::FirstStartPage;
use crate::pages::home::HomePage;
use crate::pages::inbox::InboxPage;
use crate::pages::limit::LimitPage;
use crate::pages::me::MePage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::outbox::OutboxPage;
use crate::pages::page;
use crate::pages::password::PasswordPage;
use crate::pages::publication::{
    AcceptancePage, ActPage, ApprovalPage, ChannelsPage, CorrectionPage, GovernanceListPage, InfoChangePage,
    OfflinePage, PublicationDetailPage, RegisterGovernancePage, RegisterServicePage, RollBackPage, ServiceListPage,
};
use crate::pages::rule::RulePage;
use crate::pages::scan::ScanPage;
use crate::pages::search::SearchPage;
use crate::pages::setting::SettingPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::stock::{LinkPage, StockListPage};
use crate::pages::system_host::SystemHostPage;
use crate::pages::work_order::{AdministeredPage, AllPage, InitiatedPage, OrderPage, WaitingPage};
use crate::pages::workbench::{TokensPage, WorkbenchPage, WorkbenchPublicationPage};
use crate::parts::counts::CountsContext;
use crate::parts::live::Live;
use crate::parts::session::SessionContext;
use crate::shell::Frame;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{PossibleRouteMatch, SsrMode, path};
use std::sync::Arc;

/// A path of any shape: the router makes code of its own for every type of path, too.
fn at(path: impl PossibleRouteMatch + Send + Sync + 'static) -> Arc<dyn PossibleRouteMatch + Send + Sync> {
    Arc::new(path)
}

/// The application: the frame, and in it the page that the address names.
///
/// Pages are `Async`: the server waits for their data and sends them whole, so that they read without scripts.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    SessionContext::provide();
    Live::provide();
    CountsContext::provide();
    let (navigating, set_navigating) = signal(false);
    view! {
        <Router set_is_routing=set_navigating>
            <Routes fallback={move || view! { <Frame navigating><NotFoundPage/></Frame> }}>
                <ParentRoute path=path!("") view={move || view! { <Frame navigating><Outlet/></Frame> }}>
                    <Route path=at(path!("")) view={page::<HomePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("login")) view={page::<SignInPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("setup")) view={page::<FirstStartPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("activate")) view={page::<ActivationPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("authenticator")) view={page::<BindPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("me/authenticator")) view={page::<AuthenticatorPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("password")) view={page::<PasswordPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("scan/:code")) view={page::<ScanPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("systems")) view={page::<SystemListPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("service")) view={page::<ServiceListPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("service/register")) view={page::<RegisterServicePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("governance")) view={page::<GovernanceListPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("governance/register")) view={page::<RegisterGovernancePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("stock")) view={page::<StockListPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/accounts")) view={page::<AccountListPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/accounts/:id")) view={page::<AccountPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/departments")) view={page::<DepartmentListPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/roles")) view={page::<RoleListPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/roles/:id")) view={page::<RolePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/sessions")) view={page::<SessionsPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/sign-ins")) view={page::<SignInsPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/policy")) view={page::<PolicyPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("me/sessions")) view={page::<OwnSessionsPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/routing")) view={page::<RoutingPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/import")) view={page::<ImportPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/import/:kind")) view={page::<ImportPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("stock/:id/link")) view={page::<LinkPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id")) view={page::<PublicationDetailPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/approval")) view={page::<ApprovalPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/correction")) view={page::<CorrectionPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/change")) view={page::<InfoChangePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/offline")) view={page::<OfflinePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/rollback")) view={page::<RollBackPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/channels")) view={page::<ChannelsPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/act/:action")) view={page::<ActPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("publications/:id/acceptance")) view={page::<AcceptancePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("dev")) view={page::<WorkbenchPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("dev/:id")) view={page::<WorkbenchPublicationPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("dev/:id/tokens")) view={page::<TokensPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("orders/initiated")) view={page::<InitiatedPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("orders/waiting")) view={page::<WaitingPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("orders/all")) view={page::<AllPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("orders/administered")) view={page::<AdministeredPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("orders/:id")) view={page::<OrderPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("channels/:channel")) view={page::<DirectoryPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("dashboard")) view={page::<DashboardPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("dashboard/live")) view={page::<LiveTodayPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("inbox")) view={page::<InboxPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("search")) view={page::<SearchPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("me")) view={page::<MePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/audit")) view={page::<AuditPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/hosts")) view={page::<SystemHostPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/health")) view={page::<DoctorPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/backups")) view={page::<BackupPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/settings")) view={page::<SettingPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/limits")) view={page::<LimitPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/channels")) view={page::<ChannelAdminPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("admin/notifications")) view={page::<OutboxPage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("rules")) view={page::<RulePage>()} ssr=SsrMode::Async/>
                    <Route path=at(path!("about")) view={page::<AboutPage>()} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
