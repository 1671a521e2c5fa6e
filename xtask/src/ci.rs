//! What must be true before a change lands.

use crate::shell::{Done, cargo, run_step};
use crate::{audit, fuzz, test, tidy};

/// Formatting, clippy on both feature sets, tidy, what we depend on, all tests, the fuzz targets.
pub fn ci() -> Done {
    // Later builds may then leave the lock file unasked: it says all already.
    run_step("lock file", cargo().args(["metadata", "--locked", "--format-version", "1"]))?;
    run_step("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    run_step(
        "formatting: front-end builder",
        cargo().args(["fmt", "--check", "--manifest-path", "xtask/front/Cargo.toml"]),
    )?;
    run_step("formatting: fuzz targets", cargo().args(["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"]))?;
    run_step(
        "clippy: server side",
        cargo().arg("clippy").args(test::EVERYTHING).args(["--all-targets", "--", "-Dwarnings"]),
    )?;
    run_step("clippy: browser side", cargo().args(["clippy", "-p", "frontend", "--", "-Dwarnings"]))?;
    tidy::tidy()?;
    audit::audit()?;
    test::test(false)?;
    fuzz::fuzz(fuzz::SECONDS)
}
