//! Every page of the product, in one list.

use crate::pages::Part;
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
use leptos_router::{Lazy, SsrMode, path};

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
                    <Route path=path!("") view={Lazy::<Part<HomePage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("login") view={Lazy::<Part<SignInPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("scan/:code") view={Lazy::<Part<ScanPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("systems") view={Lazy::<Part<SystemListPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("service") view={Lazy::<Part<ServiceListPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("service/register") view={Lazy::<Part<RegisterServicePage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("governance") view={Lazy::<Part<GovernanceListPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("governance/register") view={Lazy::<Part<RegisterGovernancePage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("stock") view={Lazy::<Part<StockListPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("stock/import") view={Lazy::<Part<StockImportPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("stock/:id/link") view={Lazy::<Part<LinkPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id") view={Lazy::<Part<PublicationDetailPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/approval") view={Lazy::<Part<ApprovalPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/correction") view={Lazy::<Part<CorrectionPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/change") view={Lazy::<Part<InfoChangePage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/offline") view={Lazy::<Part<OfflinePage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/rollback") view={Lazy::<Part<RollBackPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/channels") view={Lazy::<Part<ChannelsPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/act/:action") view={Lazy::<Part<ActPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/acceptance") view={Lazy::<Part<AcceptancePage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("dev") view={Lazy::<Part<WorkbenchPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("dev/:id") view={Lazy::<Part<WorkbenchPublicationPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/initiated") view={Lazy::<Part<InitiatedPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/waiting") view={Lazy::<Part<WaitingPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/all") view={Lazy::<Part<AllPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/:id") view={Lazy::<Part<OrderPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("channels/:channel") view={Lazy::<Part<DirectoryPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("dashboard") view={Lazy::<Part<DashboardPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("inbox") view={Lazy::<Part<InboxPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("search") view={Lazy::<Part<SearchPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("me") view={Lazy::<Part<MePage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("admin/channels") view={Lazy::<Part<ChannelAdminPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("admin/notifications") view={Lazy::<Part<OutboxPage>>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("about") view={Lazy::<Part<AboutPage>>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
