//! Rules over text, tags, paths and lock files.

use super::*;

#[test]
fn private_keys() {
    let body = "MIIEpAIBAAKCAQEA7bq2f1m3n5p7q9s1u3w5y7A9C1E3G5I7K9M1O3Q5S7U9W1Y3a5c7".repeat(2);
    let key = format!("x\n-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n");
    assert_eq!(found("a.pem", &key), ["secrets/private-key 2:1 RSA PRIVATE KEY"]);
    let report = static_zip().with("a.pem", &key).report();
    assert!(!serde_json::to_string(&report).unwrap().contains("MIIEpA"), "the key is shown");
    assert_eq!(
        found("a.js", "const begin = '-----BEGIN PRIVATE KEY-----', end = '-----END PRIVATE KEY-----'"),
        Vec::<String>::new()
    );
    assert_eq!(found("a.pem", &key.replace("RSA PRIVATE", "PUBLIC")), Vec::<String>::new());
}

#[test]
fn tokens() {
    for token in ["LTAI5tQ7mZk3Vx9BcW2nHs4d", "AKIAIQX7MZ3KVB9WHS4D", "ghp_a8Kd02LmQ4xVz7Rt5Yw1Ns6Bc3Hf9Jp0Gu2e"] {
        let report = static_zip().with("a.js", format!("\nconst k = \"{token}\";")).report();
        let finding = &report.findings[0];
        assert_eq!((finding.rule, finding.line, finding.column), (Rule::Token, Some(2), Some(12)));
        assert!(!serde_json::to_string(&report).unwrap().contains(token), "shown");
    }
    let jwt = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    assert_eq!(found("a.txt", jwt), ["secrets/token 1:1 eyJh****"]);
    for no in ["AKIAAAAAAAAAAAAAAAAA", "LTAIxxxxxxxxxxxxxxxx", "AKIA", "ghp_short"] {
        assert_eq!(found("a.txt", no), Vec::<String>::new(), "{no}");
    }
}

#[test]
fn passwords_in_configuration() {
    assert_eq!(found("config.json", "{\n \"db_password\": \"Zj2024@gov\"\n}"), ["secrets/password 2:18 Zj20****"]);
    assert_eq!(found("app.properties", "app.pwd=Zj2024gov"), ["secrets/password 1:9 Zj20****"]);
    assert_eq!(found("config.js", "export default { password: 'Zj2024@gov' }"), ["secrets/password 1:29 Zj20****"]);
    for (path, no) in [
        ("config.json", r#"{"password": ""}"#),
        ("config.json", r#"{"password": "${PASSWORD}"}"#),
        ("config.json", r#"{"password": "请输入密码"}"#),
        ("config.js", "const form = { password: this.password }"),
        ("main.js", "const form = { password: 'Zj2024@gov' }"),
        ("config.json", r#"{"passwordHint": "Zj2024@gov"}"#),
    ] {
        assert_eq!(found(path, no), Vec::<String>::new(), "{no}");
    }
}

#[test]
fn env_files_and_internal_addresses() {
    assert_eq!(found(".env.production", "A=1"), ["secrets/env-file .env.production"]);
    assert_eq!(found(".env.example", "A=1"), Vec::<String>::new());
    assert_eq!(found("a.js", "get('http://192.168.1.20:8080/')"), ["secrets/internal-address 1:13 192.168.1.20"]);
    assert_eq!(found("a.js", "get('http://db.internal/')"), ["secrets/internal-address 1:13 db.internal"]);
    assert_eq!(found("a.js", "v('1.10.0.1'); w('172.32.0.1'); x('300.1.1.1'); y('8.8.8.8')"), Vec::<String>::new());
}

#[test]
fn pages() {
    let bare = "<!doctype html>\n<html><body><img src=a.png><img src=b.png alt=\"\"></body></html>";
    assert_eq!(
        found("index.html", bare),
        ["listing/title 2:1 ", "listing/lang 2:1 ", "listing/viewport 2:1 ", "listing/img-alt 2:13 a.png"]
    );
    assert_eq!(found("part.html", "<p>a piece</p>"), Vec::<String>::new());
    let svg_title =
        "<html lang=zh><head><meta name=viewport content=a></head><body><svg><title></title></svg></body></html>";
    assert_eq!(found("a.html", svg_title), ["listing/title 1:1 "]);
}

#[test]
fn telephones() {
    let page = |body: &str| found("b.html", &GOOD_PAGE.replace("<p>好</p>", body));
    assert_eq!(page("<p>0571-12345678</p>"), ["listing/bare-phone 8:10 0571****"]);
    assert_eq!(page("<a href=\"tel:057112345678\">电话 <b>0571-12345678</b></a>"), Vec::<String>::new());
    assert_eq!(page("<a href=\"tel:1\">x</a> 0571-12345678"), ["listing/bare-phone 8:29 0571****"]);
    assert_eq!(found("a.js", "call('13812345678')"), ["listing/phone-in-source 1:7 1381****"]);
    assert_eq!(found("a.js", "x = 1381234567890; y = 0.13812345678; z = '2013812345678'"), Vec::<String>::new());
    // Nor may the excerpt of another finding on that line show it.
    let off = Severities::default().with(Rule::PhoneInSource, Level::Off);
    let report = static_zip().with("a.js", "debugger; call('13812345678')").report_with(&off);
    assert_eq!(report.findings.len(), 1);
    assert!(!serde_json::to_string(&report).unwrap().contains("13812345678"));
}

#[test]
fn identity_cards() {
    assert_eq!(found("a.js", "id = '11010519491231002X'"), ["listing/id-card 1:7 1101****"]);
    assert_eq!(found("a.txt", "440524188001010014 11010519491231002X"), ["listing/id-card 1:20 1101****"]);
    assert_eq!(found("a.js", "id = '110105194912310021'"), Vec::<String>::new());
}

#[test]
fn folders() {
    let report = source_zip()
        .with("node_modules/a/index.js", "eval(1)")
        .with("node_modules/b/index.js", "eval(1)")
        .with("dist/a.js", "eval(1)")
        .with("src/build/a.js", "1")
        .report();
    let found: Vec<_> = report.findings.iter().map(|f| (f.rule, f.file.as_str())).collect();
    assert_eq!(found, [(Rule::ForbiddenFolder, "dist"), (Rule::ForbiddenFolder, "node_modules")]);
    assert!(!report.passes());
    assert_eq!(static_zip().with("dist/a.js", "1").report().findings, []);
    assert_eq!(static_zip().with("x/.git/HEAD", "1").report().findings[0].file, "x/.git");
}

#[test]
fn executables_and_scripts() {
    let mut pe = vec![0_u8; 80];
    pe[..2].copy_from_slice(b"MZ");
    pe[60] = 64;
    pe[64..68].copy_from_slice(b"PE\0\0");
    let rules = |zip: Zip| zip.report().findings.iter().map(|f| f.rule).collect::<Vec<_>>();
    assert_eq!(rules(static_zip().with("a.png", &pe)), [Rule::Executable]);
    assert_eq!(rules(static_zip().with("a.txt", b"\x7fELF....")), [Rule::Executable]);
    assert_eq!(rules(static_zip().with("a.txt", "#!/bin/sh\n")), [Rule::ServerScript]);
    assert_eq!(rules(static_zip().with("a.php", "hello")), [Rule::ServerScript]);
    assert_eq!(rules(source_zip().with("tools/a.sh", "#!/bin/sh\n")), []);
    assert_eq!(rules(static_zip().with("a.jpg.exe", "x")), [Rule::Executable, Rule::DoubleExtension]);
    assert_eq!(rules(static_zip().with("a.pdf.html", "x")), [Rule::DoubleExtension]);
    assert_eq!(rules(static_zip().with("a.min.js", "x").with("MZ.txt", "MZ is no program")), []);
    assert_eq!(
        rules(static_zip().with("app-env.js", "1").with("__x/a.txt", "1")),
        [Rule::ReservedName, Rule::ReservedName]
    );
}

#[test]
fn lock_files() {
    assert_eq!(source_zip().without("package-lock.json").report().findings[0].rule, Rule::NoLock);
    let lock = r#"{
 "lockfileVersion": 3,
 "packages": {
  "": { "name": "a" },
  "packages/own": { "version": "1.0.0" },
  "node_modules/own": { "resolved": "packages/own", "link": true },
  "node_modules/good": { "version": "1.0.0", "resolved": "https://registry.npmjs.org/good/-/good-1.0.0.tgz", "integrity": "sha512-x" },
  "node_modules/git": { "version": "1.0.0", "resolved": "git+ssh://git@github.com/a/git.git#1", "integrity": "sha512-x" },
  "node_modules/bare": { "version": "1.0.0", "resolved": "https://registry.npmjs.org/bare/-/bare-1.0.0.tgz" },
  "node_modules/@s/run": { "version": "1.0.0", "resolved": "https://registry.npmmirror.com/run/-/run-1.0.0.tgz", "integrity": "sha512-x", "hasInstallScript": true }
 }
}"#;
    let report = source_zip().with("package-lock.json", lock).report();
    let found: Vec<_> = report.findings.iter().map(|f| (f.line, f.rule, f.subject.as_str())).collect();
    assert_eq!(
        found,
        [
            (Some(8), Rule::OutsideRegistry, "git: git+ssh://git@github.com/a/git.git#1"),
            (Some(9), Rule::NoIntegrity, "bare@1.0.0"),
            (Some(10), Rule::InstallScript, "@s/run@1.0.0"),
        ]
    );
    let old = r#"{"lockfileVersion":1,"dependencies":{"a":{"version":"1.0.0","resolved":"http://evil.test/a.tgz","dependencies":{"b":{"version":"1.0.0","integrity":"x"}}}}}"#;
    let report = source_zip().with("package-lock.json", old).report();
    let rules: Vec<_> = report.findings.iter().map(|f| f.rule).collect();
    assert_eq!(rules, [Rule::NoIntegrity, Rule::OutsideRegistry]);
}

#[test]
fn of_members_of_one_name_in_a_lock_file_the_last_counts() {
    let found = |members: &str| -> Vec<_> {
        let lock = format!("{{\"lockfileVersion\":3,\"packages\":{{\"node_modules/a\": {{{members}}}}}}}");
        let report = source_zip().with("package-lock.json", &lock).report();
        report.findings.into_iter().map(|f| (f.rule, f.subject)).collect()
    };
    let evil = r#""version":"1.0.0","resolved":"https://evil.test/a.tgz","hasInstallScript":true"#;
    for flags in [
        r#""link":true,"link":false"#,
        r#""link":true,"link":null"#,
        r#""inBundle":true,"inBundle":false"#,
        r#""bundled":true,"inBundle":false,"bundled":false"#,
    ] {
        let all = found(&format!("{flags},{evil}"));
        assert_eq!(all.len(), 3, "{flags}: {all:?}");
        for rule in [Rule::OutsideRegistry, Rule::NoIntegrity, Rule::InstallScript] {
            assert!(all.iter().any(|(of, _)| *of == rule), "{flags}: {all:?}");
        }
    }
    for flags in [r#""link":false,"link":true"#, r#""inBundle":true,"bundled":false"#] {
        assert!(found(&format!("{flags},{evil}")).is_empty(), "{flags}");
    }
    let good = r#""version":"1.0.0","resolved":"https://registry.npmjs.org/a/-/a-1.0.0.tgz","integrity":"sha512-x""#;
    assert!(found(good).is_empty());
    // Without an address the version says where it comes from.
    assert_eq!(
        found(&format!(r#"{good},"version":"git+ssh://git@evil.test/a.git","resolved":null"#)),
        [(Rule::OutsideRegistry, "a: git+ssh://git@evil.test/a.git".to_owned())]
    );
    assert_eq!(found(&format!(r#"{good},"integrity":null"#)), [(Rule::NoIntegrity, "a@1.0.0".to_owned())]);
}

#[test]
fn lock_files_of_other_tools() {
    let found = |name: &str, lock: &str| -> Vec<_> {
        let report = source_zip().without("package-lock.json").with(name, lock).report();
        report.findings.into_iter().map(|f| (f.line, f.rule, f.subject)).collect()
    };
    let pnpm = "lockfileVersion: '6.0'\npackages:\n  /good@1.0.0:\n    resolution: {integrity: sha512-x}\n  /bare@1.0.0:\n    \
        resolution: {}\n    requiresBuild: true\n  /git@https://codeload.github.com/a/git/tar.gz/1:\n    \
        resolution: {integrity: sha512-x, tarball: https://codeload.github.com/a/git/tar.gz/1}\n";
    let git = "git: https://codeload.github.com/a/git/tar.gz/1".to_owned();
    assert_eq!(
        found("pnpm-lock.yaml", pnpm),
        [
            (Some(5), Rule::NoIntegrity, "bare@1.0.0".to_owned()),
            (Some(5), Rule::InstallScript, "bare@1.0.0".to_owned()),
            (Some(8), Rule::OutsideRegistry, git),
        ]
    );
    let yarn = "# yarn lockfile v1\n\n\ngood@^1:\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/good/-/good-1.0.0.tgz#1\"\n  \
        integrity sha512-x\n\nbare@^1:\n  version \"1.0.0\"\n  resolved \"https://evil.test/bare/-/bare-1.0.0.tgz#1\"\n";
    assert_eq!(
        found("yarn.lock", yarn),
        [
            (Some(9), Rule::NoIntegrity, "bare@1.0.0".to_owned()),
            (Some(9), Rule::OutsideRegistry, "bare: https://evil.test/bare/-/bare-1.0.0.tgz#1".to_owned()),
        ]
    );
}

#[test]
fn a_lock_file_in_another_form_or_too_long_is_said() {
    let found = |name: &str, lock: &str| -> Vec<_> {
        let report = source_zip().without("package-lock.json").with(name, lock).report();
        report.findings.into_iter().map(|f| (f.line, f.rule, f.subject)).collect()
    };
    let said = |subject: &str| vec![(Some(1), Rule::Syntax, subject.to_owned())];
    let flow = "{\"lockfileVersion\": \"9.0\", \"packages\": {\"x@https://evil.test/x.tgz\": {}}}\n";
    assert_eq!(found("pnpm-lock.yaml", flow), said("pnpm-lock.yaml"));
    assert!(found("pnpm-lock.yaml", "lockfileVersion: '9.0'\n").is_empty());
    assert_eq!(found("yarn.lock", "{\"x@^1\": {}}\n"), said("yarn.lock"));
    assert!(found("yarn.lock", "# yarn lockfile v1\n\n\n").is_empty());
    let keys: Vec<String> = (0..20_001).map(|n| format!("\"node_modules/{n}\": {{\"link\": true}}")).collect();
    let many = format!("{{\"packages\": {{{}}}}}", keys.join(",\n"));
    assert_eq!(found("package-lock.json", &many), said("package-lock.json（只检查了前 20000 项）"));
}
