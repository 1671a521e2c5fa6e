use super::Settings;
use super::words::WORDS;
use domain::limit::Limit;
use domain::view::setting::{SettingValue, Source};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What the file with this text and these arguments say.
fn read(name: &str, text: &str, args: &[&str]) -> Result<Settings, String> {
    let file = std::env::temp_dir().join(format!("irs-settings-{name}-{}.toml", std::process::id()));
    std::fs::write(&file, text).unwrap();
    let read = Settings::read([&["server", "--config", file.to_str().unwrap()], args].concat());
    std::fs::remove_file(&file).unwrap();
    read.map_err(|error| error.to_string().replace(&format!("{}, ", file.display()), ""))
}

#[test]
fn what_the_file_says_counts_unless_a_flag_says_otherwise() {
    let text = "listen = \"127.0.0.1:4000\"\nbuilds = 3\n\n# a switch\nprobe-private = true\ndemo = false\n\
        trusted-proxies = [\"10.1.2.3\", \"10.1.2.8/29\"]\ndata = \"/srv/irs\"\nsmtp-url = \"--not-a-flag\"\n";
    let settings = read("good", text, &["--builds", "1", "migrate"]).unwrap();
    assert_eq!((settings.listen.port(), settings.builds.builds), (4000, Some(1)));
    assert_eq!(settings.data, PathBuf::from("/srv/irs"));
    assert_eq!(settings.notices.smtp_url.as_deref(), Some("--not-a-flag"));
    assert!(settings.probe_private && !settings.demo && settings.command == Some(super::Command::Migrate));
    assert_eq!(settings.network.trusted_proxies, Some("10.1.2.3,10.1.2.8/29".parse().unwrap()));
    assert_eq!(settings.overdue_hours, 48, "what the file leaves out has its default");
}

#[test]
fn the_screen_says_what_is_in_force_and_where_it_comes_from_but_no_secret() {
    let text = "listen = \"127.0.0.1:4000\"\nbuilds = 3\nsmtp-url = \"smtps://u:secret1@mail\"\n\
        npm-registry = \"https://u:secret2@npm.example.cn\"\nprobe-private = true\n";
    let settings = read("shown", text, &["--builds", "1", "--database-url", "postgres://u:secret3@db/irs"]).unwrap();
    let of = |name: &str| settings.shown.iter().find(|it| it.name == name).unwrap();
    let value = |text: &str| SettingValue::Text(text.to_owned());
    for (name, source, value) in [
        ("listen", Source::File, value("127.0.0.1:4000")),
        ("builds", Source::Flag, value("1 个")),
        ("probe-private", Source::File, value("开")),
        ("demo", Source::Default, value("关")),
        ("overdue-hours", Source::Default, value("48 小时")),
        ("package-megabytes", Source::Default, value("100 MB")),
        ("smtp-url", Source::File, SettingValue::Secret),
        ("npm-registry", Source::File, SettingValue::Secret),
        ("database-url", Source::Flag, SettingValue::Secret),
        ("webhook-secret", Source::Default, SettingValue::Unset),
    ] {
        assert_eq!((of(name).source, &of(name).value), (source, &value), "{name}");
    }
    assert_eq!(of("listen").variable, "IRS_LISTEN");
    let said = format!("{:?}", settings.shown);
    assert!(["secret1", "secret2", "secret3"].iter().all(|secret| !said.contains(secret)), "{said}");
}

#[test]
fn every_setting_has_its_meaning_in_chinese_and_no_word_is_left_over() {
    use clap::CommandFactory;
    let command = Settings::command();
    let names = command.get_arguments().filter_map(|arg| arg.get_long());
    let names: BTreeSet<&str> = names.filter(|name| !["help", "version"].contains(name)).collect();
    let limits = Limit::ALL.map(Limit::id);
    assert_eq!(WORDS.iter().map(|(name, ..)| *name).chain(limits).collect::<BTreeSet<_>>(), names);
    assert!(WORDS.iter().all(|(_, _, meaning, _)| !meaning.is_empty()));
}

#[test]
fn what_is_not_understood_is_named_with_its_line() {
    for (name, text, said) in [
        ("unknown", "\n# a\nlisen = \"x\"\n", "line 3: there is no setting \"lisen\": `server --help` lists all"),
        ("config", "config = \"other.toml\"", "line 1: there is no setting \"config\""),
        ("table", "[smtp]\nurl = \"x\"", "line 1: there is no setting \"smtp\""),
        ("wrong", "site = \"x\"\nlisten = \"nowhere\"", "line 2: invalid value 'nowhere' for '--listen <LISTEN>'"),
        ("range", "overdue-hours = 0", "line 1: invalid value '0' for '--overdue-hours"),
        ("kind", "overdue-hours = { a = 1 }", "line 1: overdue-hours is a text or a number"),
        ("switch", "demo = \"yes\"", "line 1: demo is true or false"),
        ("twice", "builds = 1\nbuilds = 2", "line 2: this is not TOML: "),
        ("broken", "builds = 1\nsite = \"x", "line 2: this is not TOML: "),
        ("everybody", "trusted-proxies = \"0.0.0.0/0\"", "line 1: invalid value '0.0.0.0/0'"),
    ] {
        let wrong = read(name, text, &[]).unwrap_err();
        assert!(wrong.starts_with(said), "{name}: {wrong}");
    }
    let missing = Settings::read(["server", "--config", "/no/such/file.toml"]).unwrap_err().to_string();
    assert!(missing.starts_with("--config (IRS_CONFIG): /no/such/file.toml cannot be read: "), "{missing}");
}

#[test]
fn the_example_has_every_setting_with_its_default() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/server.example.toml");
    let fresh = Settings::example();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, fresh, "write it again with UPDATE_DOCS=1 cargo test -p server --lib example");
    assert!(read("example", &fresh, &[]).is_ok());
    // Those that have a default may be taken as they stand there.
    let taken = fresh.lines().filter_map(|line| line.strip_prefix('#').filter(|line| !line.starts_with(' ')));
    let taken: Vec<&str> = taken.filter(|line| !line.ends_with('=') && !line.is_empty()).collect();
    assert!(taken.len() > 10 && read("taken", &taken.join("\n"), &[]).is_ok(), "{taken:?}");
}

#[test]
fn an_administrator_finds_every_setting_in_the_manual() {
    use clap::CommandFactory;
    let manual = include_str!("../../../docs/operations.md");
    for arg in Settings::command().get_arguments() {
        for name in arg
            .get_long()
            .map(|long| format!("`--{long}`"))
            .into_iter()
            .chain(arg.get_env().map(|name| format!("`{}`", name.to_string_lossy())))
        {
            assert!(
                manual.contains(&name) || name == "`--help`" || name == "`--version`",
                "docs/operations.md lacks {name}"
            );
        }
    }
}
