//! How far a check is, and how it is stopped.

use std::ops::ControlFlow;

/// How far the work is. Monotone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Files (while the directory is read: entries) that are done.
    pub files: u32,
    /// Of so many.
    pub of_files: u32,
    /// Unpacked bytes that are done.
    pub bytes: u64,
    /// Of so many, by what the zip says.
    pub of_bytes: u64,
}

/// Hears how far the work is after each file; `Break` stops it with [`crate::BadPackage::Cancelled`].
pub trait Watch {
    /// One more file is done.
    fn step(&mut self, progress: Progress) -> ControlFlow<()>;
}

impl<F: FnMut(Progress) -> ControlFlow<()>> Watch for F {
    fn step(&mut self, progress: Progress) -> ControlFlow<()> {
        self(progress)
    }
}

/// Does not listen and never stops.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn step(&mut self, _: Progress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
