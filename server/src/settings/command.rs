//! The subcommands.

use clap::Subcommand;
use domain::time::Date;
use domain::view::audit::Anchor;
use serde::Deserialize;
use std::path::PathBuf;

/// What the program can do.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Serve until SIGTERM or Ctrl-C.
    Serve,
    /// Build packages for servers that share this database and these files, until SIGTERM or Ctrl-C.
    BuildWorker,
    /// Print the link of the first start, with which the three administrators are named: good for 30 minutes, used once. Later: new
    /// activation links for those of them who never activated.
    Init {
        /// A new activation link for this administrator, who has lost what they sign in with.
        #[arg(long)]
        account: Option<String>,
    },
    /// Bring the database to this version's schema, and end.
    Migrate,
    /// The audit log.
    Audit {
        /// What is done with it.
        #[command(subcommand)]
        what: AuditCommand,
    },
    /// Copy database and files into a new folder, while servers run.
    Backup {
        /// New, empty, or with a backup that broke off.
        folder: PathBuf,
    },
    /// Bring a backup back into an empty place: no database, no files.
    Restore {
        /// What `backup` made.
        folder: PathBuf,
    },
    /// Say in words what is wrong with this site, and what to do; ends with an error if anything is.
    Doctor,
}

/// What is done with the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum AuditCommand {
    /// Verify its chain; names the first row that does not fit.
    Verify {
        /// An anchor (每日锚点) that was kept elsewhere, the line as it was given out: says whether the log has its row as it was. As
        /// often as there are anchors.
        #[arg(long = "anchor", value_name = "LINE", value_parser = kept)]
        anchors: Vec<Anchor>,
    },
}

/// An anchor's line ([`Anchor::line`]).
fn kept(line: &str) -> Result<Anchor, String> {
    #[derive(Deserialize)]
    struct Line {
        date: String,
        seq: i64,
        hash: String,
    }
    let wrong = || r#"an anchor is one line: {"date":"2026-11-24","seq":5,"hash":"64 hexadecimal digits"}"#.to_owned();
    let Line { date, seq, hash } = serde_json::from_str(line).map_err(|_| wrong())?;
    let date = Date::parse(&date).ok_or_else(wrong)?;
    if seq < 1 || hash.len() != 64 || !hash.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    Ok(Anchor { date, seq, hash: hash.to_ascii_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::kept;
    use domain::time::Date;
    use domain::view::audit::Anchor;

    #[test]
    fn an_anchor_is_read_as_it_was_given_out_and_nothing_else_is() {
        let date = Date { year: 2026, month: 11, day: 24 };
        let anchor = Anchor { date, seq: 5, hash: "0a".repeat(32) };
        let line = anchor.line();
        assert_eq!(kept(&line), Ok(anchor.clone()));
        assert_eq!(kept(&format!("{line}\n")), Ok(anchor), "the file has an end of line");
        for (part, other) in [("2026-11-24", "2026-11-31"), ("5", "0"), ("0a0a", "0a"), ("0a0a", "0a0x"), ("}", "")] {
            assert!(kept(&line.replacen(part, other, 1)).is_err(), "{part} as {other}");
        }
        assert!(kept("").is_err());
    }
}
