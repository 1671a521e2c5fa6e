//! The settings file (TOML), the weakest of the three: a variable of the environment is stronger, and a flag is stronger still.
//!
//! Every setting stands in it under the name of its flag. Whatever is not understood is named with its line, never passed over. Start at
//! [`Settings::read`].

use super::{Settings, shown};
use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use thiserror::Error;
use toml::de::{DeTable, DeValue};

/// These are no settings.
const NOT_IN_THE_FILE: [&str; 3] = ["config", "help", "version"];

/// Why there are no settings.
#[derive(Debug, Error)]
pub enum ReadError {
    /// Of flags and variables; also `--help` and `--version`, which are no failures.
    #[error(transparent)]
    Arguments(#[from] clap::Error),
    /// It can't be read.
    #[error("--config (IRS_CONFIG): {} cannot be read: {cause}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// What is in it is no good.
    #[error("{}, line {line}: {wrong}", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong, and what to do.
        wrong: String,
    },
}

impl Settings {
    /// Those of the flags, of the environment, and of the file that one of them names.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read<I: Into<OsString> + Clone>(args: impl IntoIterator<Item = I>) -> Result<Self, ReadError> {
        let mut args = args.into_iter().map(Into::into).collect::<Vec<OsString>>();
        let command = Self::command();
        let matches = command.clone().try_get_matches_from(&args)?;
        let Some(path) = matches.get_one::<PathBuf>("config").filter(|path| !path.as_os_str().is_empty()) else {
            return Self::told(&command, &matches, &BTreeSet::new());
        };
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|cause| ReadError::Unreadable { path: path.clone(), cause })?;
        let stronger = |arg: &Arg| {
            let source = matches.value_source(arg.get_id().as_str());
            source.is_some_and(|source| source != ValueSource::DefaultValue)
        };
        let from_file: Vec<_> =
            arguments(&command, path, &text)?.into_iter().filter(|(arg, _)| !stronger(arg)).collect();
        let named = from_file.iter().map(|(arg, _)| arg.get_id().to_string()).collect();
        args.splice(1..1, from_file.into_iter().map(|(_, argument)| argument.into()));
        Self::told(&command, &command.clone().try_get_matches_from(args)?, &named)
    }

    /// With what the administrator's screen says of them.
    fn told(command: &Command, matches: &ArgMatches, from_file: &BTreeSet<String>) -> Result<Self, ReadError> {
        let shown = shown::of(command, matches, from_file);
        Ok(Self { shown, ..Self::from_arg_matches(matches)? })
    }

    /// A file with all settings, each explained and commented out: deploy/server.example.toml.
    pub fn example() -> String {
        let mut text = String::from(
            "# Settings of 应用发布: server --config /etc/irs/server.toml\n#\n\
             # A variable of the environment is stronger than this file, a flag stronger than both. What is commented out shows the\n\
             # default, if there is one. Whatever holds secrets belongs to root and to the group of the server's account (0640).\n",
        );
        for arg in Self::command().get_arguments() {
            let Some(long) = arg.get_long().filter(|long| !NOT_IN_THE_FILE.contains(long)) else { continue };
            let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
            text.push('\n');
            for line in help.lines() {
                let _ = writeln!(text, "# {line}");
            }
            let default = arg.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
            let value = match default {
                _ if is_flag(arg) => "false".to_owned(),
                Some(number) if number.parse::<i64>().is_ok() => number,
                Some(default) => format!("{default:?}"),
                None => String::new(),
            };
            let variable = arg.get_env().map(|name| name.to_string_lossy()).unwrap_or_default();
            let _ = writeln!(text, "# {variable}\n#{}", format!("{long} = {value}").trim_end());
        }
        text
    }
}

/// Each setting of the file with its argument as a flag has it; none for a switch that is off.
fn arguments<'c>(command: &'c Command, path: &Path, text: &str) -> Result<Vec<(&'c Arg, String)>, ReadError> {
    let failed = |at: usize, wrong: String| {
        let line = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        ReadError::Line { path: path.to_owned(), line, wrong }
    };
    let table = DeTable::parse(text).map_err(|error| {
        failed(error.span().map_or(0, |span| span.start), format!("this is not TOML: {}", error.message()))
    })?;
    let mut arguments = Vec::new();
    for (key, value) in table.get_ref() {
        let (at, key) = (key.span().start, key.get_ref().as_ref());
        let mut known = command.get_arguments().filter(|arg| !NOT_IN_THE_FILE.contains(&arg.get_id().as_str()));
        let Some(arg) = known.find(|arg| arg.get_long() == Some(key)) else {
            return Err(failed(at, format!("there is no setting {key:?}: `server --help` lists all")));
        };
        let argument = match (value.get_ref(), is_flag(arg)) {
            (DeValue::Boolean(true), true) => format!("--{key}"),
            (DeValue::Boolean(false), true) => continue,
            (_, true) => return Err(failed(at, format!("{key} is true or false"))),
            (value, false) => match plain(value) {
                Some(text) => format!("--{key}={text}"),
                None => return Err(failed(at, format!("{key} is a text or a number, or a list of them"))),
            },
        };
        let alone = Command::new("settings").no_binary_name(true).arg(arg.clone().env(Resettable::Reset));
        if let Err(error) = alone.try_get_matches_from([&argument]) {
            let said = error.to_string();
            let said = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
            return Err(failed(at, said));
        }
        arguments.push((arg, argument));
    }
    Ok(arguments)
}

pub(super) fn is_flag(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
}

/// A list as the flag has it: with commas between.
fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Array(list) => {
            let parts: Option<Vec<String>> = list.iter().map(|part| plain(part.get_ref())).collect();
            parts.map(|parts| parts.join(","))
        }
        _ => None,
    }
}
