//! Variables of the environment that look like settings and are none: a slip of the pen is named at the start, which it stops: what was
//! meant would not hold (identity.md, Operations).

use super::Settings;
use clap::CommandFactory;
use std::collections::BTreeSet;

/// How our variables begin.
const OURS: &str = "IRS_";

/// Those of the programs beside this one: of `irs`, of `cargo xtask`, of the tests.
const OF_OTHERS: [&str; 14] = [
    "IRS_ADDRESS",
    "IRS_DINGTALK_FAKE",
    "IRS_HISTORIES",
    "IRS_KILLED_SEED",
    "IRS_OBJECT_STORE",
    "IRS_PACKAGE",
    "IRS_POSTGRES",
    "IRS_PROCESSES",
    "IRS_SCHEMATHESIS",
    "IRS_SERVER",
    "IRS_SQLITE",
    "IRS_TEST_POSTGRES",
    "IRS_TOKEN",
    "IRS_TOOLS",
];

impl Settings {
    /// Which of these variables look like settings, and are none.
    pub fn unknown_variables(names: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let command = Self::command();
        let known: BTreeSet<String> =
            command.get_arguments().filter_map(|arg| Some(arg.get_env()?.to_string_lossy().into_owned())).collect();
        let is_ours = |name: &String| {
            name.starts_with(OURS)
                && !known.contains(name)
                && !OF_OTHERS.contains(&name.as_str())
                && !is_of_the_cluster(name)
        };
        names.into_iter().filter(is_ours).collect()
    }
}

/// What Kubernetes sets for services that are called `irs` or `irs-…`: `IRS_SERVICE_HOST`, `IRS_PORT_3000_TCP`, `IRS_DB_PORT`. None of our
/// settings is called so.
fn is_of_the_cluster(name: &str) -> bool {
    name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.ends_with("_PORT")
        || name.contains("_PORT_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_setting_is_named_and_what_is_one_is_not() {
        let unknown = |names: &[&str]| Settings::unknown_variables(names.iter().map(|name| (*name).to_owned()));
        let all: Vec<String> = Settings::command()
            .get_arguments()
            .filter_map(|arg| arg.get_env().map(|name| name.to_string_lossy().into_owned()))
            .collect();
        assert!(!all.iter().any(|name| is_of_the_cluster(name)), "a setting would be taken for Kubernetes': {all:?}");
        assert!(all.len() > 40 && Settings::unknown_variables(all).is_empty());
        assert_eq!(unknown(&["IRS_TOKEN", "IRS_SERVICE_HOST", "IRS_PORT_80_TCP", "PATH", "HOME"]), BTreeSet::new());
        let services = ["IRS_PORT", "IRS_SERVICE_PORT_HTTP", "IRS_DB_SERVICE_HOST", "IRS_DB_PORT_5432_TCP_ADDR"];
        assert_eq!(unknown(&services), BTreeSet::new());
        let named = unknown(&["IRS_PUBLC_URL", "IRS_DEMO", "IRS_", "irs_demo"]);
        assert_eq!(named.into_iter().collect::<Vec<_>>(), ["IRS_", "IRS_PUBLC_URL"]);
    }
}
