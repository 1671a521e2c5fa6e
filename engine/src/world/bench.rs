//! The developer workbench in stories: packages, uploads, stages.

use super::World;
use crate::ctx::Ctx;
use crate::pipeline;
use crate::upload::{self, PART};
use crate::{Result, application_system, icon, publication, version};
use domain::command::publication::Register;
use domain::command::version::Upload;
use domain::fields::{ContactDraft, HostDraft, Registration, UploadDraft};
use domain::view::version::VersionDetail;
use domain::{PublicationId, Side, Stage, StageStatus, VersionId};
use std::io::{Cursor, Write};
use uuid::Uuid;

/// A page that every check likes.
pub(crate) const PAGE: &str = r#"<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>公交</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="./a.css"></head><body><p>公交查询</p>
<script src="/a.js"></script></body></html>"#;

/// A zip of these files.
pub(crate) fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (path, content) in files {
        writer.start_file(*path, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A static package with this script.
pub(crate) fn static_zip(script: &str) -> Vec<u8> {
    zip(&[("index.html", PAGE), ("a.css", "body { color: #123 }"), ("a.js", script)])
}

/// Builds of several tests must not meet: they run under one account, whose processes are counted together, and one of them
/// forks without end.
pub(crate) static BUILDING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Seconds that nothing on this machine sleeps but what this process started for the test of this number, below ten.
pub(crate) fn own_seconds(test: u32) -> u32 {
    100_000_000 + 10 * std::process::id() + test
}

/// How many sleep for so long.
pub(crate) fn sleeping(seconds: u32) -> usize {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let wanted = format!("sleep\0{seconds}\0");
    processes
        .filter(|process| std::fs::read(process.path().join("cmdline")).is_ok_and(|line| line == wanted.as_bytes()))
        .count()
}

impl World {
    /// 王建国 registers a hosted application, with 赵磊 as its contact.
    pub(crate) async fn hosted(&self, name: &str) -> PublicationId {
        let wang = self.request_of("wangjianguo").await;
        let system = application_system::list(&self.engine, &wang, "", None).await.unwrap().rows[0].id;
        let mut pixels = Cursor::new(Vec::new());
        image::RgbaImage::new(180, 180).write_to(&mut pixels, image::ImageFormat::Png).unwrap();
        let draft = Registration {
            channels: vec!["zheli_app".to_owned()],
            hosted: "yes".to_owned(),
            system: system.to_string(),
            name: name.to_owned(),
            intro: "查询公交线路和到站时间".to_owned(),
            icon: icon::store(&self.engine, &wang, pixels.into_inner().into(), None).await.unwrap(),
            audience: "person".to_owned(),
            domestic_os: "yes".to_owned(),
            scope: vec!["330100".to_owned()],
            vendor: "杭州云途科技有限公司".to_owned(),
            credit_code: "91330100MA20000120".to_owned(),
            contacts: vec![ContactDraft { name: "赵磊".to_owned(), phone: "13800000001".to_owned() }],
            ..Registration::default()
        };
        let command = Register { key: self.key(), side: Side::Service, draft };
        publication::register(&self.engine, &wang, command).await.unwrap().id
    }

    /// The aggregate's version, as a page would show it.
    pub(crate) async fn seen(&self, publication: PublicationId) -> i64 {
        self.facts(publication).await.version
    }

    /// All parts of an upload, in order.
    pub(crate) async fn sends(&self, ctx: &Ctx, publication: PublicationId, zip: &[u8]) -> Result<Uuid> {
        let size = i64::try_from(zip.len()).unwrap();
        let begun = upload::begin(&self.engine, ctx, publication, "app.zip", size).await?;
        for (n, part) in (0..).zip(zip.chunks(usize::try_from(PART).unwrap())) {
            upload::put_part(&self.engine, ctx, begun.id, n, upload::in_memory(part.to_vec())).await?;
        }
        Ok(begun.id)
    }

    pub(crate) async fn finishes(
        &self,
        ctx: &Ctx,
        publication: PublicationId,
        upload: Uuid,
        number: &str,
        hosts: &[&str],
    ) -> Result<VersionId> {
        let host = |host: &&str| HostDraft { host: (*host).to_owned(), purpose: "查询数据".to_owned() };
        let hosts = hosts.iter().map(host).collect();
        let draft = UploadDraft { number: number.to_owned(), note: "首个版本".to_owned(), hosts };
        let seen = self.seen(publication).await;
        let command = Upload { id: publication, seen, key: self.key(), upload, draft };
        upload::finish(&self.engine, ctx, command).await
    }

    /// 赵磊 uploads a package.
    pub(crate) async fn uploads_zip(&self, publication: PublicationId, number: &str, zip: &[u8]) -> VersionId {
        self.uploads_zip_with(publication, number, zip, &[]).await
    }

    pub(crate) async fn uploads_zip_with(
        &self,
        publication: PublicationId,
        number: &str,
        zip: &[u8],
        hosts: &[&str],
    ) -> VersionId {
        let zhao = self.request_of("zhaolei").await;
        let upload = self.sends(&zhao, publication, zip).await.unwrap();
        self.finishes(&zhao, publication, upload, number, hosts).await.unwrap()
    }

    /// Runs what is due, until nothing is.
    pub(crate) async fn runs_jobs(&self) {
        let _alone = BUILDING.lock().await;
        while pipeline::run_next(&self.engine).await.unwrap() {}
    }

    /// Waits until its first stage runs, elsewhere.
    pub(crate) async fn until_it_runs(&self, id: VersionId) {
        let running = async {
            while self.statuses(id).await[0] != StageStatus::Running {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), running).await.expect("it runs");
    }

    /// The page of a version, as 赵磊 sees it.
    pub(crate) async fn version(&self, id: VersionId) -> VersionDetail {
        version::detail(&self.engine, &self.request_of("zhaolei").await, id).await.unwrap()
    }

    /// How far the stages are.
    pub(crate) async fn statuses(&self, id: VersionId) -> Vec<StageStatus> {
        self.version(id).await.stages.iter().map(|stage| stage.status).collect()
    }

    /// The sentence of a stage.
    pub(crate) async fn sentence(&self, id: VersionId, which: Stage) -> String {
        self.version(id).await.stages.into_iter().find(|s| s.stage == which).unwrap().sentence
    }

    /// The whole log of a stage.
    pub(crate) async fn log(&self, id: VersionId, which: Stage) -> String {
        let zhao = self.request_of("zhaolei").await;
        let (mut text, mut after) = (String::new(), -1);
        loop {
            let page = version::log(&self.engine, &zhao, id, which, after).await.unwrap();
            let Some(last) = page.pieces.last() else { return text };
            after = last.number;
            text.extend(page.pieces.iter().map(|piece| piece.body.as_str()));
        }
    }
}

impl crate::Engine {
    /// The same engine, with another program for its children.
    pub(crate) fn with_program(self, program: &str) -> Self {
        self.with_workshop(|workshop| workshop.program = program.into())
    }

    /// The same engine, with other settings.
    pub(crate) fn with_workshop(self, change: impl FnOnce(&mut crate::Workshop)) -> Self {
        let mut inner = std::sync::Arc::try_unwrap(self.inner).unwrap_or_else(|_| panic!("nobody else has it yet"));
        change(&mut inner.workshop);
        Self { inner: std::sync::Arc::new(inner) }
    }
}
