//! What a package and its build may take at most (packages.md, What a package is; 代码编译). The defaults are the spec's.

use clap::Args;
use engine::{BuildLimits, MB, PackageLimits};
use std::time::Duration;

/// Each of them is at least one.
#[derive(Debug, Clone, Args)]
pub struct LimitSettings {
    /// The zip of a package, at most. Megabytes.
    #[arg(long, env = "IRS_PACKAGE_MEGABYTES", default_value_t = 100, value_parser = some())]
    pub package_megabytes: u32,

    /// All of its files together, unpacked, at most. Megabytes.
    #[arg(long, env = "IRS_PACKAGE_UNPACKED_MEGABYTES", default_value_t = 500, value_parser = some())]
    pub package_unpacked_megabytes: u32,

    /// One of its files, unpacked, at most. Megabytes.
    #[arg(long, env = "IRS_PACKAGE_FILE_MEGABYTES", default_value_t = 20, value_parser = some())]
    pub package_file_megabytes: u32,

    /// Files and folders of a package, at most.
    #[arg(long, env = "IRS_PACKAGE_ENTRIES", default_value_t = 20_000, value_parser = some())]
    pub package_entries: u32,

    /// Characters of a path in it, at most.
    #[arg(long, env = "IRS_PACKAGE_PATH_CHARACTERS", default_value_t = 200, value_parser = some())]
    pub package_path_characters: u32,

    /// Levels of a path in it, at most.
    #[arg(long, env = "IRS_PACKAGE_PATH_LEVELS", default_value_t = 12, value_parser = some())]
    pub package_path_levels: u32,

    /// Unpacked size to packed size, of the whole and of a file over 1 MB, at most: 200 is 200 to 1.
    #[arg(long, env = "IRS_PACKAGE_RATIO", default_value_t = 200, value_parser = some())]
    pub package_ratio: u32,

    /// A build, with its dependencies, at most. Minutes.
    #[arg(long, env = "IRS_BUILD_MINUTES", default_value_t = 10, value_parser = some())]
    pub build_minutes: u32,

    /// Memory of all processes of a build together, at most. Megabytes.
    #[arg(long, env = "IRS_BUILD_MEMORY_MEGABYTES", default_value_t = 2048, value_parser = some())]
    pub build_memory_megabytes: u32,

    /// Processes and threads of a build, at most.
    #[arg(long, env = "IRS_BUILD_PROCESSES", default_value_t = 512, value_parser = some())]
    pub build_processes: u32,

    /// What a build puts out, at most. Megabytes.
    #[arg(long, env = "IRS_BUILD_OUTPUT_MEGABYTES", default_value_t = 300, value_parser = some())]
    pub build_output_megabytes: u32,

    /// What a build takes on the disk while it runs, at most. Megabytes.
    #[arg(long, env = "IRS_BUILD_DISK_MEGABYTES", default_value_t = 2048, value_parser = some())]
    pub build_disk_megabytes: u32,
}

fn some() -> clap::builder::RangedU64ValueParser<u32> {
    clap::builder::RangedU64ValueParser::new().range(1..)
}

impl LimitSettings {
    /// Of a package.
    pub(super) fn package(&self) -> PackageLimits {
        let bytes = |megabytes: u32| u64::from(megabytes) * MB;
        PackageLimits {
            packed_bytes: bytes(self.package_megabytes),
            unpacked_bytes: bytes(self.package_unpacked_megabytes),
            entries: self.package_entries,
            path_chars: self.package_path_characters,
            path_levels: self.package_path_levels,
            file_bytes: bytes(self.package_file_megabytes),
            ratio: self.package_ratio,
        }
    }

    /// Of its build.
    pub(super) fn build(&self) -> BuildLimits {
        let bytes = |megabytes: u32| u64::from(megabytes) * MB;
        BuildLimits {
            time: Duration::from_secs(u64::from(self.build_minutes) * 60),
            memory: bytes(self.build_memory_megabytes),
            processes: self.build_processes.into(),
            output: bytes(self.build_output_megabytes),
            disk: bytes(self.build_disk_megabytes),
        }
    }
}
