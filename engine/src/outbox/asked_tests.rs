//! After an outage nobody is asked for what was done or withdrawn while it lasted.

use super::fakes::Peer;
use super::tests::{by_mail, by_robot};
use crate::ctx::Ctx;
use crate::publication::apply::{Change, apply};
use crate::publication::ask::Ask;
use crate::world::{approval, both};

both! {
    async fn what_was_done_or_withdrawn_meanwhile_is_asked_of_nobody(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let mail = Peer::mail_server(&w.clock).await;
        let engine = w.telling(mail.with_mail(peer.as_robot())).await;
        let wang = w.request_of("wangjianguo").await;
        let (zhao, li) = (w.request_of("zhaolei").await, w.request_of("limin").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        let does = async |who: &Ctx, ask: Ask| {
            let seen = w.facts(p).await.version;
            apply(&engine, who, Change { publication: p, seen, key: w.key(), ask }).await.unwrap();
        };
        // An outage: nothing goes out while all of this happens.
        does(&zhao, Ask::SubmitForAcceptance(v)).await;
        does(&wang, Ask::Accept(v)).await;
        does(&wang, approval()).await;
        let withdrawn = w.order(p).await;
        does(&wang, Ask::Withdraw(withdrawn)).await;
        does(&wang, approval()).await;
        let order = w.order(p).await;
        does(&li, Ask::Approve(order, String::new())).await;
        // This one still waits: it was rejected, deployed again and submitted once more.
        let other = w.registers(&wang, "公交卡").await;
        let first = w.uploads(other, "1.0.0").await;
        let mut submits = ("zhaolei", Ask::SubmitForAcceptance(first));
        for again in [true, false] {
            let rejects = ("wangjianguo", Ask::Reject(first, "首页打不开".to_owned()));
            let asks = if again { vec![submits, rejects, ("wangjianguo", Ask::Redeploy)] } else { vec![submits] };
            for (who, ask) in asks {
                w.wait_ms(1);
                let (who, seen) = (w.request_of(who).await, w.facts(other).await.version);
                apply(&engine, &who, Change { publication: other, seen, key: w.key(), ask }).await.unwrap();
            }
            let next = if again { w.uploads(other, "1.0.1").await } else { first };
            submits = ("zhaolei", Ask::SubmitForAcceptance(next));
        }
        while by_robot(&engine).await || by_mail(&engine).await {}
        let sent: Vec<_> = w.outbox().await.into_iter().map(|row| (row.state, row.address, row.body)).collect();
        let title = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap()["title"].to_string();
        let told: Vec<_> = sent.iter().map(|(_, to, body)| (to.as_deref().unwrap_or("group"), title(body))).collect();
        assert!(sent.iter().all(|(state, ..)| state == "sent"), "{sent:?}");
        let (of_other, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|(_, title)| title.contains("公交卡"));
        let to_group: Vec<_> = of_other.iter().filter(|(to, _)| *to == "group").map(|(_, title)| title.as_str()).collect();
        assert_eq!(to_group, [
            r#""「公交卡」验收未通过，请修改后重新提交""#,
            r#""「公交卡」要重新部署，请上传新版本""#,
            r#""「公交卡」提交了验收，待验收""#,
        ]);
        let gone = r#""「杭州公交查询」的发布申请已撤回，不用再审批""#.to_owned();
        let personal = r#""「杭州公交查询」的发布申请等你审批""#.to_owned();
        assert_eq!(told, [
            ("group", gone.clone()),
            ("limin@example.gov.cn", gone),
            ("group", r#""「杭州公交查询」的发布申请待审批""#.to_owned()),
            ("zhoutao@example.gov.cn", personal.clone()),
            ("wufang@example.gov.cn", personal),
        ]);
        engine.close().await;
    }
}
