//! The developer's side of a site beside which the real program serves: it uploads, and looks at what became of it.

#![allow(dead_code, reason = "not every test needs all of it")]

use crate::program::{Place, SOON};
use app::api::context::SESSION_COOKIE;
use domain::command::publication::Register;
use domain::command::version::Upload;
use domain::fields::{ContactDraft, Registration, UploadDraft};
use domain::view::version::VersionDetail;
use domain::{PublicationId, Stage, VersionId};
use engine::identity::{session, sign_in};
use engine::{Clock, Ctx, Database, Engine, Entropy, Files, Workshop, publication, upload, version};
use std::io::{Cursor, Write};
use std::time::Duration;

/// A page that every check likes.
pub const PAGE: &str = r#"<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>公交</title>
<meta name="viewport" content="width=device-width"></head><body><script src="/a.js"></script></body></html>"#;

/// A zip of these files.
pub fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        writer.start_file(*path, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// 赵磊 at one publication. Nothing is checked or built here: the program does it.
pub struct Workbench {
    pub engine: Engine,
    pub publication: PublicationId,
}

impl Workbench {
    /// On the place's data, where 王建国 registers an application first.
    pub async fn open(place: &Place) -> Self {
        Self::open_with(place, Workshop::default()).await
    }

    /// The same, where what is told goes out so.
    pub async fn open_with(place: &Place, workshop: Workshop) -> Self {
        let data = place.folder.join("data");
        let files = Files::local(&data.join("files")).unwrap();
        let own = data.join("irs.db").to_string_lossy().into_owned();
        let db = Database::open(place.database.as_deref().unwrap_or(&own)).await.unwrap();
        let engine = Engine::open_with(db, files, Clock::System, Entropy::System, true, workshop).await.unwrap();
        let publication = registered(&engine).await;
        Self { engine, publication }
    }

    async fn zhao(&self) -> Ctx {
        signed_in(&self.engine, "zhaolei").await.0
    }

    pub async fn uploads(&self, number: &str, package: &[u8]) -> VersionId {
        let zhao = self.zhao().await;
        let size = i64::try_from(package.len()).unwrap();
        let begun = upload::begin(&self.engine, &zhao, self.publication, "app.zip", size).await.unwrap();
        let whole = futures_util::stream::once(std::future::ready(Ok(package.to_vec().into())));
        upload::put_part(&self.engine, &zhao, begun.id, 0, whole).await.unwrap();
        let draft = UploadDraft { number: number.to_owned(), ..UploadDraft::default() };
        let command = Upload { id: self.publication, seen: 0, key: self.engine.new_key(), upload: begun.id, draft };
        upload::finish(&self.engine, &zhao, command).await.unwrap()
    }

    pub async fn version(&self, id: VersionId) -> VersionDetail {
        version::detail(&self.engine, &self.zhao().await, id).await.unwrap()
    }

    /// Until nothing of it runs or waits any more.
    pub async fn until_over(&self, id: VersionId) {
        let zhao = self.zhao().await;
        let over = async {
            while version::detail(&self.engine, &zhao, id).await.unwrap().under_way {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(2 * SOON, over).await.expect("it comes to an end");
    }

    /// The host of its preview.
    pub async fn preview(&self, id: VersionId) -> Option<String> {
        let preview = version::present_preview(&self.engine, &self.zhao().await, id).await.unwrap()?;
        Some(format!("{}.apps.localhost", preview.label))
    }

    /// The whole log of a stage.
    pub async fn log(&self, id: VersionId, stage: Stage) -> String {
        let zhao = self.zhao().await;
        let page = version::log(&self.engine, &zhao, id, stage, -1).await.unwrap();
        page.pieces.into_iter().map(|piece| piece.body).collect()
    }

    /// The logs are those of one run of each stage.
    pub async fn logs_are_of_one_run(&self, id: VersionId) {
        for (stage, line) in [
            (Stage::SourceCheck, "检测 "),
            // 写入, or 沿用 what a run that was cut off wrote.
            (Stage::DeployTest, "清单 "),
            (Stage::DeployTest, "预览地址 "),
            (Stage::Build, "内容摘要 "),
        ] {
            let log = self.log(id, stage).await;
            assert_eq!(log.matches(line).count(), 1, "{line}: {log}");
        }
    }

    pub async fn ends(self) {
        self.engine.close().await;
    }
}

/// Somebody who is signed in, with the cookie of a browser of theirs.
pub async fn signed_in(engine: &Engine, account: &str) -> (Ctx, String) {
    let nobody = Ctx { now: engine.now(), request_id: "t".into(), address: "::1".into(), heard: 0, signed_in: None };
    let token = sign_in::by_demo_click(engine, &nobody, account, "test").await.unwrap();
    let signed_in = session::resolve(engine, token.as_str(), nobody.now, true).await.unwrap();
    (Ctx { signed_in, ..nobody }, format!("{SESSION_COOKIE}={}", token.as_str()))
}

/// 王建国 registers an application that is hosted, with 赵磊 as its developer.
pub async fn registered(engine: &Engine) -> PublicationId {
    let (wang, _) = signed_in(engine, "wangjianguo").await;
    let systems = engine::application_system::list(engine, &wang, "", None).await.unwrap();
    let picture = include_bytes!("../icon.png");
    let draft = Registration {
        channels: vec!["zheli_app".to_owned()],
        hosted: "yes".to_owned(),
        system: systems.rows[0].id.to_string(),
        name: "杭州公交查询".to_owned(),
        intro: "查询公交到站时间".to_owned(),
        icon: engine::icon::store(engine, &wang, picture.to_vec().into(), None).await.unwrap(),
        audience: "person".to_owned(),
        domestic_os: "yes".to_owned(),
        scope: vec!["330100".to_owned()],
        vendor: "杭州云途科技有限公司".to_owned(),
        credit_code: "91330100MA20000120".to_owned(),
        contacts: vec![ContactDraft { name: "赵磊".to_owned(), phone: "13800000001".to_owned() }],
        ..Registration::default()
    };
    let command = Register { key: engine.new_key(), side: domain::Side::Service, draft };
    publication::register(engine, &wang, command).await.unwrap().id
}
