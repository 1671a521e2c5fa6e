//! The settings as the system administrator's screen shows them: what is in force, and where it comes from. What may hold a secret is
//! said to be set, and no more.

use super::file::is_flag;
use super::words;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use domain::view::setting::{Setting, SettingValue, Source};
use std::collections::BTreeSet;
use std::ffi::OsString;

/// These are no settings.
const NOT_SHOWN: [&str; 2] = ["help", "version"];

/// All of them, as arguments, environment and file gave them; `from_file` names those that the file gave.
pub(super) fn of(command: &Command, matches: &ArgMatches, from_file: &BTreeSet<String>) -> Vec<Setting> {
    let shown = |arg: &&Arg| arg.get_long().is_some_and(|long| !NOT_SHOWN.contains(&long));
    command.get_arguments().filter(shown).map(|arg| one(arg, matches, from_file)).collect()
}

fn one(arg: &Arg, matches: &ArgMatches, from_file: &BTreeSet<String>) -> Setting {
    let (id, name) = (arg.get_id().as_str(), arg.get_long().unwrap_or_default());
    let source = match matches.value_source(id) {
        Some(ValueSource::CommandLine) if from_file.contains(id) => Source::File,
        Some(ValueSource::CommandLine) => Source::Flag,
        Some(ValueSource::EnvVariable) => Source::Environment,
        _ => Source::Default,
    };
    let word = words::of(name);
    Setting {
        name: name.to_owned(),
        variable: arg.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        group: word.group,
        meaning: word.meaning.to_owned(),
        value: value(arg, matches, word.unit),
        source,
    }
}

fn value(arg: &Arg, matches: &ArgMatches, unit: &str) -> SettingValue {
    let raw = matches.get_raw(arg.get_id().as_str());
    let parts = raw.into_iter().flatten().map(|part| OsString::from(part).to_string_lossy().trim().to_owned());
    let text = parts.collect::<Vec<String>>().join(",");
    match text.as_str() {
        _ if is_flag(arg) => SettingValue::Text(if text == "true" { "开" } else { "关" }.to_owned()),
        "" => SettingValue::Unset,
        _ if arg.is_hide_env_values_set() || holds_a_password(&text) => SettingValue::Secret,
        text => SettingValue::Text(format!("{text} {unit}").trim_end().to_owned()),
    }
}

/// `https://user:password@host`: addresses of tools take that, too.
fn holds_a_password(text: &str) -> bool {
    let authority = text.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    authority.is_some_and(|authority| authority.contains('@'))
}
