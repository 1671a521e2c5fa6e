//! Stories, the matrix, the enumeration and the random walks. Builders have good defaults ([`build`]); a
//! test names only what matters to it.

mod build;
mod enumerate;
mod matrix;
mod refusals;
mod stories;
mod walk;
mod world;
