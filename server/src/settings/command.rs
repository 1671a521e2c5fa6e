//! The subcommands.

use clap::Subcommand;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum AuditCommand {
    /// Verify its chain; names the first row that does not fit.
    Verify,
}
