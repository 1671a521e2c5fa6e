//! Licences, sources and known holes of what we depend on. What could not be looked at is said to be 未检查, never to be good.

use crate::shell::{Done, cargo, step};
use crate::{paths, system};
use std::path::Path;
use std::process::{Command, Stdio};

/// The folders with packages of npm, each with a lock file.
const NPM: [&str; 2] = ["end2end", "xtask/front"];

/// What pip says of a file that has another hash than the one we know.
const OTHER_FILE: &str = "DO NOT MATCH THE HASHES";

/// `cargo deny` by deny.toml, `npm audit` by the registry's list of holes.
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
    step("cargo deny: bans, licences, sources", || {
        let mut check = Command::new(&program);
        check.current_dir(paths::root()).args(["check", "bans", "licenses", "sources"]);
        check.env("CARGO", cargo().get_program());
        let (good, said) = told(&mut check)?;
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
    use super::was_not_asked;

    #[test]
    fn silence_is_told_from_holes() {
        assert!(was_not_asked("npm warn audit 405 Method Not Allowed\nnpm error audit endpoint returned an error"));
        assert!(was_not_asked("npm error code ENOTFOUND"));
        assert!(!was_not_asked("# npm audit report\n\nleft-pad  *\nSeverity: high\n1 high severity vulnerability"));
    }
}
