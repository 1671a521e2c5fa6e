//! Elements that know the product: used by the frame and by pages.

pub mod problem;
pub mod session;
