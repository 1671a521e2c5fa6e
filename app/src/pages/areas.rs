//! Which pages the browser loads together: a part of the WebAssembly module an area.
//!
//! A part for each page would be many more: the splitter makes one of every set of pages that share code, and the document names
//! all that a page needs. Reading belongs to the part, too, or what is read would weigh on every page.

use super::Page;
use super::about::AboutPage;
use super::activation::ActivationPage;
use super::administration::{
    AccountListPage, AccountPage, DepartmentListPage, ImportPage, OwnSessionsPage, PolicyPage, RoleListPage, RolePage,
    RoutingPage, SessionsPage, SignInsPage,
};
use super::application_system::SystemListPage;
use super::audit::AuditPage;
use super::authenticator::{AuthenticatorPage, BindPage};
use super::backup::BackupPage;
use super::channel::{ChannelAdminPage, DirectoryPage};
use super::dashboard::{DashboardPage, LiveTodayPage};
use super::doctor::DoctorPage;
use super::first_start::FirstStartPage;
use super::home::HomePage;
use super::inbox::InboxPage;
use super::limit::LimitPage;
use super::me::MePage;
use super::outbox::OutboxPage;
use super::password::PasswordPage;
use super::publication::{
    AcceptancePage, ActPage, ApprovalPage, ChannelsPage, CorrectionPage, GovernanceListPage, InfoChangePage,
    OfflinePage, PublicationDetailPage, RegisterGovernancePage, RegisterServicePage, RollBackPage, ServiceListPage,
};
use super::rule::RulePage;
use super::scan::ScanPage;
use super::search::SearchPage;
use super::setting::SettingPage;
use super::sign_in::SignInPage;
use super::stock::{LinkPage, StockListPage};
use super::system_host::SystemHostPage;
use super::work_order::{AdministeredPage, AllPage, InitiatedPage, OrderPage, WaitingPage};
use super::workbench::{TokensPage, WorkbenchPage, WorkbenchPublicationPage};
use leptos::lazy;
use leptos::prelude::AnyView;
use leptos_router::ChooseView;

/// What a route shows: a page, which comes with its area's part. One type for all of them: the router makes code of its own for every
/// type of view.
#[derive(Clone, Copy)]
pub struct Shown(Area);

/// What the route of this page shows.
pub fn page<P: Placed>() -> Shown {
    Shown(P::AREA)
}

/// A page with its place.
pub trait Placed: Page {
    #[doc(hidden)]
    const AREA: Area;
}

macro_rules! areas {
    ($($(#[doc = $doc:expr])* $Area:ident, $area:ident, $preload:ident, $Page:ident { $($page:ident),* $(,)? })*) => {
        /// Which page of which area.
        #[derive(Clone, Copy)]
        pub enum Area {
            $($(#[doc = $doc])* $Area($Page)),*
        }

        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy)]
            #[allow(missing_docs, reason = "they are the pages' names")]
            #[allow(clippy::enum_variant_names, reason = "they are the pages' names, few or many")]
            pub enum $Page {
                $($page),*
            }

            #[lazy]
            fn $area(page: $Page) -> AnyView {
                match page {
                    $($Page::$page => <$page as Page>::view(<$page as Page>::data())),*
                }
            }

            $(impl Placed for $page {
                const AREA: Area = Area::$Area($Page::$page);
            })*
        )*

        impl ChooseView for Shown {
            async fn choose(self) -> AnyView {
                match self.0 {
                    $(Area::$Area(page) => $area(page).await),*
                }
            }

            async fn preload(&self) {
                #[cfg(target_arch = "wasm32")]
                match self.0 {
                    $(Area::$Area(_) => $preload().await),*
                }
            }
        }
    };
}

areas! {
    /// For everybody.
    Open, open, __preload_open, OpenPage {
        SignInPage, ScanPage, AboutPage, DirectoryPage, FirstStartPage, ActivationPage, PasswordPage,
        AuthenticatorPage, BindPage, RulePage,
    }
    /// What administrators keep.
    Administration, administration, __preload_administration, AdministrationPages {
        ChannelAdminPage, OutboxPage, AuditPage, AccountListPage, AccountPage, DepartmentListPage, ImportPage, RoleListPage, RolePage,
        RoutingPage, SessionsPage, OwnSessionsPage, PolicyPage, SignInsPage, SystemHostPage,
        DoctorPage, BackupPage, SettingPage, LimitPage,
    }
    /// Where a person begins, and work orders.
    Desk, desk, __preload_desk, DeskPage {
        HomePage, InboxPage, MePage, SystemListPage, StockListPage, InitiatedPage, WaitingPage, AllPage, AdministeredPage,
        DashboardPage, LiveTodayPage, SearchPage,
    }
    /// The name lists.
    Lists, lists, __preload_lists, ListsPage { ServiceListPage, GovernanceListPage }
    /// One publication or order, and what is decided with a button.
    Single, single, __preload_single, SinglePage { PublicationDetailPage, OrderPage, AcceptancePage, ActPage }
    /// Forms.
    Forms, forms, __preload_forms, FormsPage {
        RegisterServicePage, RegisterGovernancePage, CorrectionPage, InfoChangePage, ApprovalPage, OfflinePage,
        RollBackPage, ChannelsPage, LinkPage,
    }
    /// The developer workbench.
    Workbench, workbench, __preload_workbench, WorkbenchPages { WorkbenchPage, WorkbenchPublicationPage, TokensPage }
}
