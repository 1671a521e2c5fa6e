//! Variables of the environment that look like settings and are none: a slip of the pen is named at the start, which it stops: what was
//! meant would not hold (identity.md, Operations).

use super::Settings;
use clap::CommandFactory;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Which of these variables, with their values, look like settings and are none.
    pub fn unknown_variables(variables: impl IntoIterator<Item = (String, String)>) -> BTreeSet<String> {
        let command = Self::command();
        let known: BTreeSet<String> =
            command.get_arguments().filter_map(|arg| Some(arg.get_env()?.to_string_lossy().into_owned())).collect();
        let ours: BTreeMap<String, String> = variables.into_iter().filter(|(name, _)| name.starts_with(OURS)).collect();
        let services = services(&ours);
        let is_unknown = |(name, value): &(&String, &String)| {
            !known.contains(*name)
                && !OF_OTHERS.contains(&name.as_str())
                && !services.iter().any(|service| is_of_service(service, name, value))
        };
        ours.iter().filter(is_unknown).map(|(name, _)| name.clone()).collect()
    }
}

/// How the variables begin that Kubernetes sets for services called `irs` or `irs-…`: `IRS`, `IRS_DB`. Of each there are these two at least.
fn services(variables: &BTreeMap<String, String>) -> Vec<&str> {
    let named = variables.keys().filter_map(|name| name.strip_suffix("_SERVICE_HOST"));
    named.filter(|service| variables.contains_key(&format!("{service}_SERVICE_PORT"))).collect()
}

/// Whether Kubernetes sets it for this service: `IRS_SERVICE_PORT_HTTP`, `IRS_PORT_3000_TCP_ADDR`, and `IRS_PORT`, whose value is an
/// address: a number is somebody's who means the port that we listen on.
fn is_of_service(service: &str, name: &str, value: &str) -> bool {
    let Some(of) = name.strip_prefix(service) else { return false };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    match of {
        "_SERVICE_HOST" | "_SERVICE_PORT" => true,
        "_PORT" => value.split_once("://").is_some_and(|(protocol, _)| ["tcp", "udp", "sctp"].contains(&protocol)),
        _ => {
            of.starts_with("_SERVICE_PORT_")
                || of.strip_prefix("_PORT_").and_then(|of| of.split_once('_')).is_some_and(|(port, of)| {
                    is_port(port) && ["TCP", "UDP", "SCTP"].iter().any(|protocol| of.starts_with(protocol))
                })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Kubernetes sets them for a service `irs` with a named port, and for `irs-db`.
    const OF_THE_CLUSTER: [(&str, &str); 16] = [
        ("IRS_SERVICE_HOST", "10.96.3.7"),
        ("IRS_SERVICE_PORT", "3000"),
        ("IRS_SERVICE_PORT_HTTP", "3000"),
        ("IRS_PORT", "tcp://10.96.3.7:3000"),
        ("IRS_PORT_3000_TCP", "tcp://10.96.3.7:3000"),
        ("IRS_PORT_3000_TCP_PROTO", "tcp"),
        ("IRS_PORT_3000_TCP_PORT", "3000"),
        ("IRS_PORT_3000_TCP_ADDR", "10.96.3.7"),
        ("IRS_DB_SERVICE_HOST", "10.96.3.8"),
        ("IRS_DB_SERVICE_PORT", "5432"),
        ("IRS_DB_PORT", "udp://10.96.3.8:5432"),
        ("IRS_DB_PORT_5432_UDP", "udp://10.96.3.8:5432"),
        ("IRS_DB_PORT_5432_UDP_PROTO", "udp"),
        ("IRS_DB_PORT_5432_UDP_PORT", "5432"),
        ("IRS_DB_PORT_5432_UDP_ADDR", "10.96.3.8"),
        ("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
    ];

    fn unknown(variables: &[(&str, &str)]) -> Vec<String> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::unknown_variables(variables).into_iter().collect()
    }

    #[test]
    fn what_is_no_setting_is_named_and_what_is_one_is_not() {
        let all: Vec<String> = Settings::command()
            .get_arguments()
            .filter_map(|arg| arg.get_env().map(|name| name.to_string_lossy().into_owned()))
            .collect();
        let is_of_a_service =
            |name: &String| name.ends_with("_SERVICE_HOST") || name.ends_with("_PORT") || name.contains("_PORT_");
        assert!(!all.iter().any(is_of_a_service), "Kubernetes would set a setting: {all:?}");
        let all: Vec<_> = all.iter().map(|name| (name.as_str(), "")).collect();
        assert!(all.len() > 40 && unknown(&all).is_empty());
        assert_eq!(unknown(&[("IRS_TOKEN", "x"), ("PATH", "/bin"), ("HOME", "/")]), [""; 0]);
        let named = unknown(&[("IRS_PUBLC_URL", "x"), ("IRS_DEMO", "1"), ("IRS_", ""), ("irs_demo", "1")]);
        assert_eq!(named, ["IRS_", "IRS_PUBLC_URL"]);
    }

    #[test]
    fn a_port_is_named_unless_the_cluster_set_it() {
        assert_eq!(unknown(&OF_THE_CLUSTER), [""; 0]);
        assert_eq!(unknown(&[("IRS_PORT", "8080"), ("IRS_METRICS_PORT", "9100")]), ["IRS_METRICS_PORT", "IRS_PORT"]);
        for slip in
            ["IRS_METRICS_PORT", "IRS_HTTP_SERVICE_PORT", "IRS_PORT_HTTP", "IRS_PORT_3000", "IRS_WEB_SERVICE_HOST"]
        {
            assert_eq!(unknown(&[(slip, "tcp://10.96.3.7:9100")]), [slip], "alone");
            let beside: Vec<_> = OF_THE_CLUSTER.into_iter().chain([(slip, "tcp://10.96.3.7:9100")]).collect();
            assert_eq!(unknown(&beside), [slip], "of no service that is there");
        }
        // What a pod sets itself comes in place of the cluster's.
        let meant = OF_THE_CLUSTER.map(|(name, value)| (name, if name == "IRS_PORT" { "8080" } else { value }));
        assert_eq!(unknown(&meant), ["IRS_PORT"]);
    }
}
