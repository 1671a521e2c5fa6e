//! The packages of end2end/fixtures, through the whole line: real tools, the real registry (CONTRIBUTING: tests need npm).

use crate::store::stage;
use crate::world::bench::zip;
use crate::world::{On, World};
use crate::{hosting, version};
use domain::Stage;
use domain::StageStatus::Passed;
use std::path::Path;

/// The folder as a person would pack it.
fn packed(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/fixtures").join(name);
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let name = entry.file_name();
            if ["node_modules", "build", "dist", "www"].iter().any(|left_out| name == *left_out) {
                continue;
            }
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                files.push((path, std::fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    zip(&files.iter().map(|(path, content)| (path.as_str(), content.as_str())).collect::<Vec<_>>())
}

/// Runs it; answers the paths that are served.
async fn served(name: &str) -> Vec<String> {
    let w = World::new(On::Sqlite).await;
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &packed(name)).await;
    w.runs_jobs().await;
    let page = w.version(id).await;
    let log = w.log(id, Stage::Build).await;
    assert_eq!(w.statuses(id).await, [Passed; 4], "{:?}\n{log}", page.stages);
    let findings: Vec<_> = page.stages.iter().flat_map(|s| &s.findings).map(|f| (&f.rule, &f.path)).collect();
    // esbuild and fsevents have one, which never runs here.
    assert!(findings.iter().all(|(rule, _)| *rule == "licences/install-script"), "{findings:?}");
    let built = stage::of_version(&mut w.engine.db().reader().await.unwrap(), id.0).await.unwrap();
    let dependencies = built[1].outcome().dependencies;
    let vite = dependencies.iter().find(|d| d.name == "vite").map(|d| d.direct);
    assert_eq!(vite, (name != "static-card").then_some(true), "{} dependencies", dependencies.len());
    let preview = version::present_preview(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap().unwrap();
    let hosting::Found::Site(site) = hosting::find(&w.engine, &preview.label, None).await.unwrap() else {
        panic!("it is there")
    };
    let paths = site.manifest.files.keys().cloned().collect();
    drop(site);
    w.end().await;
    paths
}

#[tokio::test]
async fn bus_times_is_built_with_typescript_and_served_from_the_root() {
    let paths = served("bus-times").await;
    assert!(paths.contains(&"index.html".to_owned()) && paths.contains(&"bus.svg".to_owned()), "{paths:?}");
    assert!(
        paths.iter().any(|path| path.starts_with("assets/index-") && hosting::manifest::is_hashed(path)),
        "{paths:?}"
    );
}

#[tokio::test]
async fn clinic_queue_is_built_to_the_folder_that_gbc_json_names() {
    let paths = served("clinic-queue").await;
    assert!(paths.contains(&"index.html".to_owned()) && paths.len() == 3, "{paths:?}");
}

#[tokio::test]
async fn static_card_is_served_as_it_is() {
    assert_eq!(served("static-card").await, ["card.css", "card.js", "card.svg", "index.html"]);
}
