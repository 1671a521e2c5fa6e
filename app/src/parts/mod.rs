//! Elements that know the product: used by the frame and by pages.

pub mod clock;
pub mod comparison;
pub mod counts;
pub mod crumbs;
pub mod failed;
pub mod focus;
pub mod form;
pub mod gate;
pub mod keys;
pub mod lifecycle_line;
pub mod live;
pub mod loaded;
pub mod more;
pub mod navigation;
pub mod order_chip;
pub mod problem;
pub mod publication;
pub mod regions;
pub mod registration;
pub mod request;
pub mod session;
pub mod state_chip;
pub mod timeline;
pub mod turn;
pub mod updates;
pub mod version;
