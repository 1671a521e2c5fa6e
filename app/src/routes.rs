//! Every page of the product, in one list.

use crate::pages::page;
use crate::pages::about::AboutPage;
use crate::pages::application_system::SystemListPage;
use crate::pages::channel::{ChannelAdminPage, DirectoryPage};
use crate::pages::dashboard::DashboardPage;
use crate::pages::home::HomePage;
use crate::pages::inbox::InboxPage;
use crate::pages::me::MePage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::outbox::OutboxPage;
use crate::pages::publication::{
    AcceptancePage, ActPage, ApprovalPage, ChannelsPage, CorrectionPage, GovernanceListPage, InfoChangePage,
    OfflinePage, PublicationDetailPage, RegisterGovernancePage, RegisterServicePage, RollBackPage, ServiceListPage,
};
use crate::pages::scan::ScanPage;
use crate::pages::search::SearchPage;
use crate::pages::sign_in::SignInPage;
use crate::pages::stock::{LinkPage, StockImportPage, StockListPage};
use crate::pages::work_order::{AllPage, InitiatedPage, OrderPage, WaitingPage};
use crate::pages::workbench::{WorkbenchPage, WorkbenchPublicationPage};
use crate::parts::counts::CountsContext;
use crate::parts::live::Live;
use crate::parts::session::SessionContext;
use crate::shell::Frame;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::{SsrMode, path};

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
                    <Route path=path!("") view={page::<HomePage>()} ssr=SsrMode::Async/>
                    <Route path=path!("login") view={page::<SignInPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("scan/:code") view={page::<ScanPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("systems") view={page::<SystemListPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("service") view={page::<ServiceListPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("service/register") view={page::<RegisterServicePage>()} ssr=SsrMode::Async/>
                    <Route path=path!("governance") view={page::<GovernanceListPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("governance/register") view={page::<RegisterGovernancePage>()} ssr=SsrMode::Async/>
                    <Route path=path!("stock") view={page::<StockListPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("stock/import") view={page::<StockImportPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("stock/:id/link") view={page::<LinkPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id") view={page::<PublicationDetailPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/approval") view={page::<ApprovalPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/correction") view={page::<CorrectionPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/change") view={page::<InfoChangePage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/offline") view={page::<OfflinePage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/rollback") view={page::<RollBackPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/channels") view={page::<ChannelsPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/act/:action") view={page::<ActPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/acceptance") view={page::<AcceptancePage>()} ssr=SsrMode::Async/>
                    <Route path=path!("dev") view={page::<WorkbenchPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("dev/:id") view={page::<WorkbenchPublicationPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/initiated") view={page::<InitiatedPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/waiting") view={page::<WaitingPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/all") view={page::<AllPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/:id") view={page::<OrderPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("channels/:channel") view={page::<DirectoryPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("dashboard") view={page::<DashboardPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("inbox") view={page::<InboxPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("search") view={page::<SearchPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("me") view={page::<MePage>()} ssr=SsrMode::Async/>
                    <Route path=path!("admin/channels") view={page::<ChannelAdminPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("admin/notifications") view={page::<OutboxPage>()} ssr=SsrMode::Async/>
                    <Route path=path!("about") view={page::<AboutPage>()} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
