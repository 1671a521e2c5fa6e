//! What a package brings that yarn would run while it installs dependencies, although no script may run then (packages.md,
//! 代码编译). What a flag or a setting turns off is off already ([`super::tool`], [`super::sandbox`]); what none turns off is refused
//! here: a package that is hard to read is refused, too. Start at [`objection`].

use serde_json::Value;
use std::path::Path;

const PLUGINS: &str =
    "源码包的 .yarnrc.yml 带有 plugins，安装依赖时会运行包里的程序，平台不允许。请去掉 plugins 后重新打包。";

const BUILT: &str = "源码包的 package.json 在 dependenciesMeta 里写了 built，安装依赖时会运行包里的程序，平台不允许。请去掉 built，在本地运行 yarn install，把更新后的 package.json 和 yarn.lock 重新打包。";

const UNREAD: &str = "源码包的 package.json 读不懂：不是 UTF-8 的 JSON，或嵌套太深。请改好后重新打包。";

/// Why yarn 3 and later can't install the package in this folder without running what it brings, in a sentence.
pub(super) async fn objection(work: &Path) -> Option<String> {
    let read = async |name: &str| tokio::fs::read(work.join(name)).await.unwrap_or_default();
    let (settings, manifest) = (read(".yarnrc.yml").await, read("package.json").await);
    of_settings(&String::from_utf8_lossy(&settings))
        .or_else(|| of_manifest(&String::from_utf8_lossy(&manifest)).map(str::to_owned))
}

/// Of `.yarnrc.yml`. Where each setting begins a line with its plain name, plugins are seen; YAML has many other ways to name them.
fn of_settings(text: &str) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let mut begun = false;
    for (at, line) in text.split(['\n', '\r']).enumerate() {
        let said = line.trim_matches([' ', '\t']);
        // Of the setting above it.
        let below = begun && (line.starts_with([' ', '\t', ']', '}']) || line == "-" || line.starts_with("- "));
        if said.is_empty() || said.starts_with('#') || below || (line == "---" && !begun) {
            continue;
        }
        match setting(line) {
            Some("plugins") => return Some(PLUGINS.to_owned()),
            Some(_) => begun = true,
            None => {
                return Some(format!(
                    "源码包的 .yarnrc.yml 第 {} 行的写法平台看不懂，不能确认其中没有 plugins。请每个设置从新的一行开头写起，如“nodeLinker: node-modules”，然后重新打包。",
                    at + 1
                ));
            }
        }
    }
    None
}

/// The name of the setting that begins this line.
fn setting(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim_end_matches([' ', '\t']);
    let quoted = ['"', '\''].into_iter().find_map(|quote| name.strip_prefix(quote)?.strip_suffix(quote));
    let name = quoted.unwrap_or(name);
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && (value.is_empty() || value.starts_with([' ', '\t']))).then_some(name)
}

/// Of `package.json`: what is to be `built` all the same may be `exec:` a script of the package's.
fn of_manifest(text: &str) -> Option<&'static str> {
    let Ok(manifest) = serde_json::from_str::<Value>(text.strip_prefix('\u{feff}').unwrap_or(text)) else {
        return Some(UNREAD);
    };
    let is_built = |of: &Value| !matches!(of.get("built"), None | Some(Value::Null | Value::Bool(false)));
    let any = match manifest.get("dependenciesMeta") {
        Some(Value::Object(metas)) => metas.values().any(is_built),
        // To yarn, a list is an object with numbers for names.
        Some(Value::Array(metas)) => metas.iter().any(is_built),
        _ => false,
    };
    any.then_some(BUILT)
}

#[cfg(test)]
mod tests {
    use super::{BUILT, PLUGINS, UNREAD, of_manifest, of_settings};

    /// Each was tried with yarn 4.18: all but the last two ran the file.
    #[test]
    fn plugins_are_found_or_the_settings_are_refused_however_they_are_written() {
        for text in ["plugins:\n  - ./x.cjs\n", "\u{feff}plugins: [./x.cjs]\n", "\"plugins\":\n- ./x.cjs\n"] {
            assert_eq!(of_settings(text).as_deref(), Some(PLUGINS), "{text}");
        }
        for text in ["nodeLinker: node-modules\rplugins: [./x.cjs]\r", "nodeLinker: pnp\r\n'plugins' : [./x.cjs]\r\n"] {
            assert_eq!(of_settings(text).as_deref(), Some(PLUGINS), "{text}");
        }
        for text in [
            "{plugins: [./x.cjs]}\n",
            "? plugins\n: - ./x.cjs\n",
            "\"\\x70lugins\": [./x.cjs]\n",
            "---\nnodeLinker: node-modules\n\"pl\\u0075gins\": [./x.cjs]\n",
            "&a plugins: [./x.cjs]\n",
            "!!str plugins: [./x.cjs]\n",
            "  plugins:\n  - ./x.cjs\n",
            "--- {plugins: [./x.cjs]}\n",
            "# yarn lockfile v1\nplugins, nodeLinker:\n  - ./x.cjs\n",
            "- plugins: [./x.cjs]\n",
            "nodeLinker: pnp\n--- \nplugins\n",
        ] {
            assert!(of_settings(text).is_some_and(|said| said.contains("写法平台看不懂")), "{text}");
        }
    }

    #[test]
    fn settings_as_people_write_them_are_taken() {
        for text in [
            "",
            "nodeLinker: node-modules\n",
            "---\n# ours\nnodeLinker: node-modules\r\n\r\nyarnPath: .yarn/releases/yarn-4.9.1.cjs\r\n",
            "npmScopes:\n  a:\n    npmRegistryServer: \"https://registry.npmmirror.com\"\n\nsupportedArchitectures:\n  os:\n  - linux\n",
            "packageExtensions:\n  \"webpack@*\":\n    dependencies:\n      plugins: \"1\"\nunsafeHttpWhitelist:\n- a\n- b\n",
            "logFilters: [\n  { code: YN0013, level: discard }\n]\n",
        ] {
            assert_eq!(of_settings(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_to_be_built_all_the_same_is_refused() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(300), "]".repeat(300));
        for (text, said) in [
            (r#"{"dependenciesMeta":{"g":{"built":true}}}"#, Some(BUILT)),
            (r#"{"dependenciesMeta":{"g":{"\u0062uilt":"true"}}}"#, Some(BUILT)),
            ("\u{feff}{\"dependenciesMeta\":[{\"built\":1}]}", Some(BUILT)),
            (&deep, Some(UNREAD)),
            (r#"{"dependenciesMeta":{"g":{"built":false},"h":{"optional":true}}}"#, None),
            (r#"{"dependencies":{"built":"1"}}"#, None),
        ] {
            assert_eq!(of_manifest(text), said, "{text}");
        }
    }
}
