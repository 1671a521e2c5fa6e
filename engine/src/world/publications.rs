//! What people do to publications in stories, with good defaults.

use super::World;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::publication::apply::{Change, Done, apply};
use crate::publication::ask::Ask;
use crate::publication::{facts, register};
use crate::store::{reach, version_facts};
use crate::{access, application_system, icon};
use domain::command::publication::Register;
use domain::fields::{ApprovalDraft, ContactDraft, OfflineDraft, Registration};
use domain::{Facts, OrderId, PersonId, PublicationId, Side, Stage, State, VersionId};
use image::{ImageFormat, RgbaImage};
use std::io::Cursor;
use uuid::Uuid;

/// A picture of 180 × 180 pixels.
pub(crate) fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = RgbaImage::from_pixel(180, 180, image::Rgba([shade, 90, 200, 255]));
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

/// A good approval form.
pub(crate) fn approval() -> Ask {
    Ask::SubmitForApproval(Box::new(approval_draft()))
}

/// A good approval form, as typed.
pub(crate) fn approval_draft() -> ApprovalDraft {
    ApprovalDraft {
        statement: "首次发布".to_owned(),
        test_report: "功能测试全部通过".to_owned(),
        contact_name: "王建国".to_owned(),
        contact_phone: "13900000009".to_owned(),
        ..ApprovalDraft::default()
    }
}

/// A good form of taking offline.
pub(crate) fn offline() -> Ask {
    Ask::TakeOffline(OfflineDraft { reason: "业务合并".to_owned(), substitute: "出行一码通".to_owned() })
}

impl World {
    /// A good H5 registration of a system that the person administers.
    pub(crate) async fn h5(&self, ctx: &Ctx, name: &str) -> Registration {
        let systems = application_system::list(&self.engine, ctx, "", None).await.unwrap();
        Registration {
            channels: vec!["zheli_app".to_owned()],
            system: systems.rows[0].id.to_string(),
            name: name.to_owned(),
            intro: "查询公交到站时间".to_owned(),
            icon: icon::store(&self.engine, ctx, png(10).into(), None).await.unwrap(),
            audience: "person".to_owned(),
            domestic_os: "yes".to_owned(),
            scope: vec!["330100".to_owned(), "330102".to_owned()],
            vendor: "杭州云途科技有限公司".to_owned(),
            credit_code: "91330100MA20000120".to_owned(),
            contacts: vec![ContactDraft { name: "赵磊".to_owned(), phone: "138 0000 0001".to_owned() }],
            ..Registration::default()
        }
    }

    /// A good registration of a hosted H5 for 浙政钉, 自建 in 上城区.
    pub(crate) async fn governance(&self, ctx: &Ctx, name: &str) -> Registration {
        Registration {
            channels: Vec::new(),
            kind: "h5".to_owned(),
            unified: "no".to_owned(),
            region: "330102".to_owned(),
            ..self.h5(ctx, name).await
        }
    }

    pub(crate) fn sent(&self, draft: Registration) -> Register {
        self.sent_to(Side::Service, draft)
    }

    pub(crate) fn sent_to(&self, side: Side, draft: Registration) -> Register {
        Register { key: self.key(), side, draft }
    }

    /// A form's key.
    pub(crate) fn key(&self) -> Uuid {
        self.engine.entropy().id(self.engine.now())
    }

    /// An H5 for 浙里办APP.
    pub(crate) async fn registers(&self, ctx: &Ctx, name: &str) -> PublicationId {
        let draft = self.h5(ctx, name).await;
        register(&self.engine, ctx, self.sent(draft)).await.unwrap().id
    }

    /// The developer uploads, and the pipeline lets everything pass.
    pub(crate) async fn uploads(&self, publication: PublicationId, number: &str) -> VersionId {
        self.uploads_with(publication, number, &Stage::ALL).await
    }

    /// The developer uploads, and these stages pass.
    pub(crate) async fn uploads_with(&self, publication: PublicationId, number: &str, passed: &[Stage]) -> VersionId {
        let zhao = self.request_of("zhaolei").await.person().unwrap().person;
        let (id, number, passed) = (self.key(), number.parse().unwrap(), passed.to_vec());
        let plant = self.engine.db().write((), move |conn, _| {
            let passed = passed.clone();
            Box::pin(async move { version_facts::plant(conn, publication.0, id, number, zhao.0, &passed).await })
        });
        plant.await.unwrap();
        VersionId(id)
    }

    /// Asks, having seen the page just now.
    pub(crate) async fn asks(&self, ctx: &Ctx, publication: PublicationId, ask: Ask) -> Result<Done> {
        let seen = self.facts(publication).await.version;
        Box::pin(apply(&self.engine, ctx, Change { publication, seen, key: self.key(), ask })).await
    }

    /// Asks, and it is done.
    pub(crate) async fn does(&self, ctx: &Ctx, publication: PublicationId, ask: Ask) -> State {
        self.asks(ctx, publication, ask).await.unwrap().state
    }

    /// The open order.
    pub(crate) async fn order(&self, publication: PublicationId) -> OrderId {
        self.facts(publication).await.order.expect("an order is open").id
    }

    /// The reviewer says 同意 to the open order.
    pub(crate) async fn approves(&self, ctx: &Ctx, publication: PublicationId) -> State {
        let order = self.order(publication).await;
        self.does(ctx, publication, Ask::Approve(order, String::new())).await
    }

    /// What the rules read, as nobody sees it.
    pub(crate) async fn facts(&self, publication: PublicationId) -> Facts {
        let nobody = PersonId(Uuid::nil());
        let mut conn = self.engine.db().reader().await.unwrap();
        let of = reach::publication(&mut conn, publication.0, nobody).await.unwrap().expect("it is there");
        facts::of_one(&mut conn, &of.row, nobody).await.unwrap().facts
    }

    /// What a person was granted.
    pub(crate) async fn granted(&self, ctx: &Ctx, publication: PublicationId) -> Result<access::Granted> {
        access::publication(&mut self.engine.db().reader().await.unwrap(), ctx, publication).await
    }

    /// All the way to 已发布, with this version.
    pub(crate) async fn publishes(&self, publication: PublicationId, number: &str) -> VersionId {
        let version = self.uploads(publication, number).await;
        self.makes_live(publication, version).await;
        version
    }

    /// The same with a version that is there.
    pub(crate) async fn makes_live(&self, publication: PublicationId, version: VersionId) {
        let (wang, zhao) = (self.request_of("wangjianguo").await, self.request_of("zhaolei").await);
        let (li, zhou) = (self.request_of("limin").await, self.request_of("zhoutao").await);
        self.does(&zhao, publication, Ask::SubmitForAcceptance(version)).await;
        self.does(&wang, publication, Ask::Accept(version)).await;
        self.does(&wang, publication, approval()).await;
        self.approves(&li, publication).await;
        self.approves(&zhou, publication).await;
    }
}
