//! What a child gives up before it touches anything hostile.

use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::{Gid, Uid, setgid, setgroups, setuid};

/// An account that owns nothing: what a child of root becomes. Not `nobody`, which others use, too.
pub(crate) const NO_ONE: u32 = 61_507;

/// Becomes this account, if we are root, and takes these limits on, with all that it starts.
///
/// # Errors
/// The system refuses; then nothing hostile may be touched.
pub(super) fn give_up(account: u32, limits: &[(Resource, u64)]) -> nix::Result<()> {
    change_to(account)?;
    limits.iter().try_for_each(|(resource, most)| setrlimit(*resource, *most, *most))
}

fn change_to(account: u32) -> nix::Result<()> {
    if !Uid::effective().is_root() {
        return Ok(());
    }
    setgroups(&[])?;
    setgid(Gid::from_raw(account))?;
    setuid(Uid::from_raw(account))
}
