//! Every page of the product, in one list.

use crate::pages::about::AboutPage;
use crate::pages::application_system::SystemListPage;
use crate::pages::channel::DirectoryPage;
use crate::pages::home::HomePage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::publication::{
    AcceptancePage, ActPage, ApprovalPage, PublicationDetailPage, RegisterServicePage, ServiceListPage,
};
use crate::pages::sign_in::SignInPage;
use crate::pages::work_order::{InitiatedPage, OrderPage, WaitingPage};
use crate::pages::workbench::{WorkbenchPage, WorkbenchPublicationPage};
use crate::parts::live::Live;
use crate::parts::session::SessionContext;
use crate::parts::waiting::WaitingContext;
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
    let session = SessionContext::provide();
    Live::provide();
    WaitingContext::provide(session);
    let (navigating, set_navigating) = signal(false);
    view! {
        <Router set_is_routing=set_navigating>
            <Routes fallback={move || view! { <Frame navigating><NotFoundPage/></Frame> }}>
                <ParentRoute path=path!("") view={move || view! { <Frame navigating><Outlet/></Frame> }}>
                    <Route path=path!("") view={Lazy::<HomePage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("login") view={Lazy::<SignInPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("systems") view={Lazy::<SystemListPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("service") view={Lazy::<ServiceListPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("service/register") view={Lazy::<RegisterServicePage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id") view={Lazy::<PublicationDetailPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/approval") view={Lazy::<ApprovalPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/act/:action") view={Lazy::<ActPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("publications/:id/acceptance") view={Lazy::<AcceptancePage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("dev") view={Lazy::<WorkbenchPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("dev/:id") view={Lazy::<WorkbenchPublicationPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/initiated") view={Lazy::<InitiatedPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/waiting") view={Lazy::<WaitingPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("orders/:id") view={Lazy::<OrderPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("channels/:channel") view={Lazy::<DirectoryPage>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("about") view={Lazy::<AboutPage>::new()} ssr=SsrMode::Async/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
