//! All tests, with one closing count.

use crate::front::{self, Make};
use crate::paths;
use crate::postgres::Cluster;
use crate::shell::{Done, cargo, run_step, watched};
use crate::system;
use std::process::Command;

/// What is tested, and looked at by clippy: the server side, with the gateway that stands for 专有钉钉.
pub const EVERYTHING: [&str; 5] = ["--workspace", "--exclude", "frontend", "--features", "dingtalk/fake,oidc/fake"];

/// Unit, property and integration tests; unless `quick`, the browser tests as well.
pub fn test(quick: bool) -> Done {
    let mut count = Count::default();
    // The programs with them, and with the features of tests: by themselves they would be compiled once more for the browser tests.
    let all = ["--lib", "--bins", "--tests", "--examples"];
    run_step("tests: compile", cargo().arg("build").args(EVERYTHING).args(all))?;
    let cluster = Cluster::start()?;
    let rust = rust_tests(&cluster, &mut count);
    let browser = if quick || rust.is_err() { Ok(()) } else { browser_tests(&cluster, &mut count) };
    println!("\n{} passed, {} failed", count.passed, count.failed);
    rust.and(browser)
}

fn rust_tests(cluster: &Cluster, count: &mut Count) -> Done {
    system::need(system::SANDBOX)?;
    // The whole browser takes pictures of previews (试运行).
    system::need(system::BROWSER)?;
    let mut tests = cargo();
    tests.env("IRS_TEST_POSTGRES", cluster.address());
    // After what the machine has.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(system::proxies()?);
    tests.env("PATH", std::env::join_paths(folders).map_err(|e| format!("PATH: {e}"))?);
    tests.args(["test", "--quiet"]).args(EVERYTHING).arg("--no-fail-fast");
    watched("tests", &mut tests, |line| count.cargo_line(line))
}

/// Playwright against the dev-profile server with the release front end, as design.md, Toolchain, has it.
fn browser_tests(cluster: &Cluster, count: &mut Count) -> Done {
    let folder = paths::root().join("end2end");
    system::npm("browser tests", &folder, &folder)?;
    front::build(Make::Release)?;
    let schemathesis = system::schemathesis()?;
    run_step("end2end: types", Command::new("npx").args(["tsc", "--noEmit"]).current_dir(&folder))?;
    let mut tests = Command::new("npx");
    tests
        .args(["playwright", "test"])
        .current_dir(&folder)
        .env("IRS_SERVER", paths::target().join("debug/server"))
        .env("IRS_DINGTALK_FAKE", paths::target().join("debug/dingtalk-fake"))
        .env("IRS_OBJECT_STORE", paths::target().join("debug/examples/object_store"))
        .env("IRS_TEST_POSTGRES", cluster.address())
        .env("IRS_SITE", paths::site())
        .env("IRS_SCHEMATHESIS", schemathesis);
    watched("browser tests", &mut tests, |line| count.playwright_line(line))
}

/// What the runners said in their closing lines.
#[derive(Default)]
struct Count {
    passed: u32,
    failed: u32,
}

impl Count {
    /// `test result: ok. 12 passed; 0 failed; …`
    fn cargo_line(&mut self, line: &str) {
        if line.starts_with("test result:") {
            self.passed += number_before(line, " passed");
            self.failed += number_before(line, " failed");
        }
    }

    /// `  12 passed (3.2s)`, `  1 failed`
    fn playwright_line(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [number, word, ..] = words.as_slice()
            && words.len() <= 3
            && let Ok(number) = number.parse::<u32>()
        {
            match *word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                _ => {}
            }
        }
    }
}

fn number_before(line: &str, word: &str) -> u32 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn the_closing_lines_of_both_runners_are_counted() {
        let mut count = Count::default();
        count.cargo_line("test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out");
        count.cargo_line("test result is not a closing line: 5 passed");
        count.playwright_line("  40 passed (3.2s)");
        count.playwright_line("  2 failed");
        count.playwright_line("  7 passed the gate on their way");
        assert_eq!((count.passed, count.failed), (52, 5));
    }
}
