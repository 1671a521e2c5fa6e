//! What a child gives up before it touches anything hostile.

use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::{Gid, Uid, setgid, setgroups, setuid};

/// An account that owns nothing: what a child of root becomes. Not `nobody`, which others use, too: the limit on processes counts
/// per account.
pub(crate) const NO_ONE: u32 = 61_507;

/// Becomes [`NO_ONE`], if we are root.
///
/// # Errors
/// The system refuses; then nothing hostile may be touched.
pub(super) fn become_no_one() -> nix::Result<()> {
    if !Uid::effective().is_root() {
        return Ok(());
    }
    setgroups(&[])?;
    setgid(Gid::from_raw(NO_ONE))?;
    setuid(Uid::from_raw(NO_ONE))
}

/// Limits of this process and all that it starts.
///
/// # Errors
/// The system refuses.
pub(super) fn limit(limits: &[(Resource, u64)]) -> nix::Result<()> {
    limits.iter().try_for_each(|(resource, most)| setrlimit(*resource, *most, *most))
}
