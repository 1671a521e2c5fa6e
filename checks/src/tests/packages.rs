//! Shape, the enclosing folder, and what is left out.

use super::*;

#[test]
fn a_static_package() {
    let package = static_zip().below("dist").read().unwrap();
    assert_eq!(package.shape(), &Shape::Static);
    assert_eq!(package.enclosing(), Some("dist"));
    let paths: Vec<&str> = package.files().iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["index.html", "main.js"]);
}

#[test]
fn only_one_folder_is_peeled_off() {
    assert!(matches!(static_zip().below("a").below("b").read().err(), Some(BadPackage::NoShape { .. })));
}

#[test]
fn what_finder_leaves_behind_is_not_there() {
    let package =
        static_zip().below("app").with("__MACOSX/app/._index.html", "x").with("app/.DS_Store", "x").read().unwrap();
    assert_eq!(package.files().len(), 2);
    assert_eq!(package.enclosing(), Some("app"));
}

#[test]
fn a_source_package() {
    let Shape::Source(source) = source_zip().read().unwrap().shape().clone() else { panic!() };
    assert_eq!(source.lock, Some(Lock::Npm));
    assert_eq!(source.looked_for(), ["build", "dist"]);
    let zip = source_zip().with("gbc.json", r#"{"type":"build-config","version":"0.0.1","outputPath":"./out/"}"#);
    let Shape::Source(source) = zip.without("package-lock.json").with("yarn.lock", "").read().unwrap().shape().clone()
    else {
        panic!()
    };
    assert_eq!((source.looked_for(), source.lock), (vec!["out"], Some(Lock::Yarn)));
}

#[test]
fn of_several_lock_files_the_one_counts_whose_tool_is_named() {
    let both = source_zip()
        .with("pnpm-lock.yaml", "lockfileVersion: '9.0'\n")
        .with("yarn.lock", "__metadata:\n  version: 8\n");
    let named = |manager: &str| {
        let package = format!("{{\"packageManager\":\"{manager}\",\"scripts\":{{\"build\":\"x\"}}}}");
        match both.clone().with("package.json", package).read().unwrap().shape().clone() {
            Shape::Source(source) => (source.lock, source.manager),
            Shape::Static => (None, None),
        }
    };
    assert_eq!(named("pnpm@9.15.9+sha512.abc"), (Some(Lock::Pnpm), Some("pnpm@9.15.9".to_owned())));
    assert_eq!(named("yarn@4.9.1").0, Some(Lock::YarnBerry));
    assert_eq!(named("bun@1.0.0").0, Some(Lock::Npm));
}

#[test]
fn manifests_that_cannot_be_used() {
    let bad = |path: &str, content: &str| source_zip().with(path, content).read().err().unwrap().to_string();
    insta::assert_snapshot!(
        [
            bad("package.json", "{"),
            bad("package.json", "[]"),
            bad("gbc.json", r#"{"outputPath":"../etc"}"#),
            bad("gbc.json", r#"{"outputPath":7}"#),
            source_zip().without("index.html").with("package.json", "{}").read().err().unwrap().to_string(),
            static_zip().without("index.html").read().err().unwrap().to_string(),
        ]
        .join("\n")
    );
    let static_after_all = source_zip().with("package.json", r#"{"scripts":{}}"#).read().unwrap();
    assert_eq!(static_after_all.shape(), &Shape::Static);
}

#[test]
fn good_packages_give_nothing() {
    assert_eq!(static_zip().report().findings, []);
    assert_eq!(source_zip().report().findings, []);
}

#[test]
fn progress_is_heard_and_stops_it() {
    let mut steps = Vec::new();
    let mut package = static_zip().read().unwrap();
    check_source(&mut package, &Severities::default(), &mut |step: Progress| {
        steps.push(step);
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(steps.len(), 2);
    let last = steps[1];
    assert_eq!((last.files, last.bytes), (last.of_files, last.of_bytes));
    let mut stop = |_: Progress| std::ops::ControlFlow::Break(());
    assert_eq!(check_source(&mut package, &Severities::default(), &mut stop).err(), Some(BadPackage::Cancelled));
    let reader = Cursor::new(static_zip().bytes());
    assert_eq!(read_package(reader, &Limits::default(), &mut stop).err(), Some(BadPackage::Cancelled));
}

#[test]
fn what_is_built_elsewhere_is_left_out_of_what_is_built_here_alone() {
    assert!(builds(br#"{"scripts":{"build":"vite build"}}"#));
    for manifest in [r#"{"type":"module"}"#, r#"{"scripts":{"build":" "}}"#, "no JSON", ""] {
        assert!(!builds(manifest.as_bytes()), "{manifest}");
    }
    for (path, source, elsewhere) in [
        ("dist/a.js", Some("dist"), None),
        ("src/dist/a.js", None, None),
        ("a/node_modules/b/c.js", Some("a/node_modules"), Some("a/node_modules")),
        (".git/config", Some(".git"), Some(".git")),
        ("dist", None, None),
    ] {
        assert_eq!((left_out_of(path, true), left_out_of(path, false)), (source, elsewhere), "{path}");
    }
}

#[test]
fn a_manifest_of_megabytes_is_not_read() {
    let long: Vec<String> = (0..200_000).map(|n| n.to_string()).collect();
    let manifest = format!("{{\"scripts\":{{\"build\":\"x\"}},\"a\":[{}]}}", long.join(","));
    assert!(manifest.len() > 1024 * 1024);
    let bad = source_zip().with("package.json", manifest).read().err().unwrap();
    assert_eq!(bad.to_string(), "“package.json”无法读取：超过 1 MB。请修正后重新打包。");
}
