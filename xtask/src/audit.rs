//! Licences, sources and known holes of what we depend on. What could not be looked at is said to be 未检查, never to be good.

use crate::shell::{Done, cargo, step, succeeds_within};
use crate::{paths, system};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The folders with packages of npm, each with a lock file.
const NPM: [&str; 2] = ["end2end", "xtask/front"];

/// The list of holes of crates comes within this, or it does not come.
const LIST: Duration = Duration::from_secs(120);

/// What pip says of a file that has another hash than the one we know.
const OTHER_FILE: &str = "DO NOT MATCH THE HASHES";

/// `cargo deny` by deny.toml and RustSec's list of holes, `npm audit` by the registry's.
pub fn audit() -> Done {
    deny()?;
    NPM.iter().try_for_each(|folder| npm(folder))
}

/// By the program that is here, or is fetched. One that is not the file it should be is not passed over as 未检查.
fn deny() -> Done {
    let program = match system::cargo_deny() {
        Ok(program) => program,
        Err(why) if why.contains(OTHER_FILE) => return Err(why),
        Err(why) => {
            println!("         未检查: there is no cargo-deny: {why}");
            return Ok(());
        }
    };
    let asks = |args: &[&str]| {
        let mut asked = Command::new(&program);
        asked.current_dir(paths::root()).args(args).env("CARGO", cargo().get_program());
        asked
    };
    good("cargo deny: bans, licences, sources", &mut asks(&["check", "bans", "licenses", "sources"]))?;
    holes_of_crates(asks)
}

/// By RustSec's list, which `cargo deny` fetches with git from a host that is no registry: where that is out of reach nothing is found out.
fn holes_of_crates(asks: impl Fn(&[&str]) -> Command) -> Done {
    if !succeeds_within(LIST, &mut asks(&["fetch", "db"])) {
        println!("         未检查: RustSec's list of holes of crates does not come (`cargo deny fetch db` says why)");
        return Ok(());
    }
    good("cargo deny: advisories", &mut asks(&["check", "--disable-fetch", "advisories"]))
}

fn good(name: &str, check: &mut Command) -> Done {
    step(name, || {
        let (good, said) = told(check)?;
        if good { Ok(()) } else { Err(said) }
    })
}

fn npm(folder: &str) -> Done {
    let mut looked = true;
    let done = step(&format!("npm audit: {folder}"), || {
        let mut audit = Command::new("npm");
        audit.args(["audit", "--package-lock-only", "--audit-level=moderate"]).current_dir(paths::root().join(folder));
        match told(&mut audit)? {
            (true, _) => Ok(()),
            (false, said) if was_not_asked(&said) => {
                looked = false;
                Ok(())
            }
            (false, said) => Err(said),
        }
    });
    if !looked {
        println!("         未检查: the registry of npm does not answer questions about holes ({folder})");
    }
    done
}

/// The registry, or the way to it, does not answer: nothing was found out.
fn was_not_asked(said: &str) -> bool {
    let away =
        ["audit endpoint returned an error", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ECONNRESET"];
    away.iter().any(|word| said.contains(word))
}

fn told(command: &mut Command) -> Done<(bool, String)> {
    let name = Path::new(command.get_program()).display().to_string();
    let out = command.stdin(Stdio::null()).output().map_err(|e| format!("{name} did not start: {e}"))?;
    let said = [&out.stdout[..], &out.stderr[..]].concat();
    Ok((out.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::{holes_of_crates, was_not_asked};
    use std::process::Command;

    #[test]
    fn a_hole_of_a_crate_fails_and_a_list_that_does_not_come_is_passed_over() {
        let asked = |fetched: u8, checked: u8| {
            let script = format!("[ \"$1\" = fetch ] && exit {fetched}; echo RUSTSEC-0000-0000; exit {checked}");
            holes_of_crates(|args| {
                let mut deny = Command::new("sh");
                deny.args(["-c", &script, "cargo-deny"]).args(args);
                deny
            })
        };
        assert_eq!(asked(1, 1), Ok(()));
        assert_eq!(asked(0, 0), Ok(()));
        assert!(asked(0, 1).unwrap_err().contains("RUSTSEC-0000-0000"));
    }

    #[test]
    fn silence_is_told_from_holes() {
        assert!(was_not_asked("npm warn audit 405 Method Not Allowed\nnpm error audit endpoint returned an error"));
        assert!(was_not_asked("npm error code ENOTFOUND"));
        assert!(!was_not_asked("# npm audit report\n\nleft-pad  *\nSeverity: high\n1 high severity vulnerability"));
    }
}
