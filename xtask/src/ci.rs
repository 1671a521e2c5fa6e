//! What must be true before a change lands.

use crate::shell::{Done, cargo, run_step};
use crate::{test, tidy};

/// Formatting, clippy on both feature sets, tidy, all tests.
pub fn ci() -> Done {
    run_step("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    run_step(
        "formatting: front-end builder",
        cargo().args(["fmt", "--check", "--manifest-path", "xtask/front/Cargo.toml"]),
    )?;
    run_step(
        "clippy: server side",
        cargo().args([
            "clippy",
            "--locked",
            "--workspace",
            "--exclude",
            "frontend",
            "--all-targets",
            "--",
            "-Dwarnings",
        ]),
    )?;
    run_step("clippy: browser side", cargo().args(["clippy", "--locked", "-p", "frontend", "--", "-Dwarnings"]))?;
    tidy::tidy()?;
    test::test(false)
}
