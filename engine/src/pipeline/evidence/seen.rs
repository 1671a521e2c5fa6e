//! What the browser tells while the page loads, as evidence. Pure: messages in, evidence out.

use super::host::ORIGIN;
use domain::view::version::{Evidence, PageError};
use serde_json::Value;
use std::collections::BTreeMap;

/// Errors, and addresses of a kind, that are kept.
const MOST: usize = 50;

/// Longest text of one. Characters.
const LONGEST: usize = 300;

/// Grows with each event.
#[derive(Default)]
pub(super) struct Seen {
    evidence: Evidence,
    /// Addresses that were asked for, by number.
    asked: BTreeMap<String, String>,
    rests: bool,
}

impl Seen {
    /// Takes one message of the browser.
    pub(super) fn event(&mut self, message: &Value) {
        let params = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Page.lifecycleEvent" => self.rests |= params["name"] == "networkIdle",
            "Page.frameStartedNavigating" => self.rests = false,
            "Runtime.exceptionThrown" => self.exception(&params["exceptionDetails"]),
            "Runtime.consoleAPICalled" if params["type"] == "error" || params["type"] == "assert" => {
                let frame = &params["stackTrace"]["callFrames"][0];
                self.error(&said(&params["args"]), place(&frame["url"], &frame["lineNumber"], &frame["columnNumber"]));
            }
            "Log.entryAdded" => self.entry(&params["entry"]),
            "Audits.issueAdded" => self.issue(&params["issue"]["details"]["contentSecurityPolicyIssueDetails"]),
            "Network.requestWillBeSent" if self.asked.len() < MOST * 20 => {
                let (number, address) = (text(&params["requestId"]), text(&params["request"]["url"]));
                self.asked.insert(number.to_owned(), short(address));
            }
            "Network.loadingFailed" => self.failed(params),
            _ => {}
        }
    }

    /// Nothing has been loading for half a second.
    pub(super) fn rests(&self) -> bool {
        self.rests
    }

    /// All that was seen.
    pub(super) fn evidence(self) -> Evidence {
        self.evidence
    }

    fn exception(&mut self, details: &Value) {
        let what = first_line(text(&details["exception"]["description"]));
        let what = if what.is_empty() { text(&details["text"]) } else { what };
        self.error(what, place(&details["url"], &details["lineNumber"], &details["columnNumber"]));
    }

    /// What the browser itself writes into the console. What the policy refused, and what has no network here, is told apart.
    fn entry(&mut self, entry: &Value) {
        let address = text(&entry["url"]);
        let elsewhere = entry["source"] == "network" && !is_ours(address);
        if entry["level"] != "error" || entry["source"] == "security" || elsewhere {
            return;
        }
        let line = if entry["source"] == "network" { &Value::Null } else { &entry["lineNumber"] };
        self.error(text(&entry["text"]), place(&entry["url"], line, &Value::Null));
    }

    fn issue(&mut self, policy: &Value) {
        let address = text(&policy["blockedURL"]);
        if !address.is_empty() {
            add(&mut self.evidence.blocked, address);
        } else if !policy.is_null() {
            let at = &policy["sourceCodeLocation"];
            let what = format!(
                "{}: {}",
                text(&policy["violatedDirective"]),
                text(&policy["contentSecurityPolicyViolationType"])
            );
            self.error(&what, place(&at["url"], &at["lineNumber"], &at["columnNumber"]));
        }
    }

    fn failed(&mut self, params: &Value) {
        let Some(address) = self.asked.get(text(&params["requestId"])).filter(|address| !is_ours(address)) else {
            return;
        };
        let to =
            if params["blockedReason"] == "csp" { &mut self.evidence.blocked } else { &mut self.evidence.unreached };
        add(to, address);
    }

    fn error(&mut self, what: &str, place: Option<String>) {
        if self.evidence.errors.len() < MOST {
            self.evidence.errors.push(PageError { text: short(what), place });
        } else {
            self.evidence.more += 1;
        }
    }
}

fn is_ours(address: &str) -> bool {
    address.strip_prefix(ORIGIN).is_some_and(|path| path.starts_with('/'))
}

fn add(addresses: &mut Vec<String>, address: &str) {
    let address = short(address);
    if addresses.len() < MOST && !addresses.contains(&address) {
        addresses.push(address);
    }
}

/// `path:line:column`, from 1, as findings have it.
fn place(address: &Value, line: &Value, column: &Value) -> Option<String> {
    let address = address.as_str().filter(|address| !address.is_empty())?;
    let path = address.strip_prefix(ORIGIN).map_or(address, |path| path.trim_start_matches('/'));
    let mut place = if path.is_empty() { "index.html".to_owned() } else { short(path) };
    for number in [line, column].into_iter().map_while(Value::as_u64) {
        place.push_str(&format!(":{}", number.saturating_add(1)));
    }
    Some(place)
}

/// The arguments of `console.error`, as the console shows them.
fn said(arguments: &Value) -> String {
    let one = |argument: &Value| match &argument["value"] {
        Value::String(text) => text.clone(),
        Value::Null => first_line(text(&argument["description"])).to_owned(),
        other => other.to_string(),
    };
    arguments.as_array().into_iter().flatten().map(one).collect::<Vec<_>>().join(" ")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
