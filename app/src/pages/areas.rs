//! Which pages the browser loads together: a part of the WebAssembly module an area.
//!
//! A part for each page would be many more: the splitter makes one of every set of pages that share code, and the document names
//! all that a page needs. Reading belongs to the part, too, or what is read would weigh on every page.

use super::Page;
use super::about::AboutPage;
use super::application_system::SystemListPage;
use super::channel::{ChannelAdminPage, DirectoryPage};
use super::dashboard::DashboardPage;
use super::home::HomePage;
use super::inbox::InboxPage;
use super::me::MePage;
use super::outbox::OutboxPage;
use super::publication::{
    AcceptancePage, ActPage, ApprovalPage, ChannelsPage, CorrectionPage, GovernanceListPage, InfoChangePage,
    OfflinePage, PublicationDetailPage, RegisterGovernancePage, RegisterServicePage, RollBackPage, ServiceListPage,
};
use super::scan::ScanPage;
use super::search::SearchPage;
use super::sign_in::SignInPage;
use super::stock::{LinkPage, StockImportPage, StockListPage};
use super::work_order::{AllPage, InitiatedPage, OrderPage, WaitingPage};
use super::workbench::{WorkbenchPage, WorkbenchPublicationPage};
use leptos::lazy;
use leptos::prelude::AnyView;
use leptos_router::LazyRoute;
use std::marker::PhantomData;

/// The route of a page that comes with its area's part.
pub struct Part<P>(PhantomData<fn() -> P>);

macro_rules! area {
    ($(#[doc = $doc:expr])* $area:ident, $preload:ident, $Page:ident { $($page:ident),* $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy)]
        #[allow(clippy::enum_variant_names, reason = "they are the pages' names, few or many")]
        enum $Page {
            $($page),*
        }

        #[lazy]
        fn $area(page: $Page) -> AnyView {
            match page {
                $($Page::$page => <$page as Page>::view(<$page as Page>::data())),*
            }
        }

        $(impl LazyRoute for Part<$page> {
            fn data() -> Self {
                Self(PhantomData)
            }

            async fn view(_: Self) -> AnyView {
                $area($Page::$page).await
            }

            async fn preload() {
                #[cfg(target_arch = "wasm32")]
                $preload().await;
            }
        })*
    };
}

area! {
    /// For everybody, and for administrators.
    open, __preload_open, OpenPage {
        SignInPage, ScanPage, AboutPage, DirectoryPage, ChannelAdminPage, StockImportPage, OutboxPage,
    }
}
area! {
    /// Where a person begins, and work orders.
    desk, __preload_desk, DeskPage {
        HomePage, InboxPage, MePage, SystemListPage, StockListPage, InitiatedPage, WaitingPage, AllPage, DashboardPage,
        SearchPage,
    }
}
area! {
    /// The name lists.
    lists, __preload_lists, ListsPage { ServiceListPage, GovernanceListPage }
}
area! {
    /// One publication or order, and what is decided with a button.
    single, __preload_single, SinglePage { PublicationDetailPage, OrderPage, AcceptancePage, ActPage }
}
area! {
    /// Forms.
    forms, __preload_forms, FormsPage {
        RegisterServicePage, RegisterGovernancePage, CorrectionPage, InfoChangePage, ApprovalPage, OfflinePage,
        RollBackPage, ChannelsPage, LinkPage,
    }
}
area! {
    /// The developer workbench.
    workbench, __preload_workbench, WorkbenchArea { WorkbenchPage, WorkbenchPublicationPage }
}
