//! What the forms open with, what they keep, and when they are refused.

use super::{change_form, offline_form, roll_back_form, save_change_draft, save_offline_draft, save_roll_back_draft};
use crate::error::Error;
use crate::publication::ask::Ask;
use crate::publication::{commands, save_approval_draft};
use crate::world::{approval, approval_draft, both};
use domain::command::publication::{CorrectRegistration, RequestInfoChange, RollBack};
use domain::fields::{FieldId, OfflineDraft, Registration, RollBackDraft};
use domain::{Action, State};

const CORRECT: Action = Action::CorrectRegistration;
const CHANGE: Action = Action::RequestInfoChange;

both! {
    async fn a_correction_opens_over_what_is_registered_and_keeps_what_was_typed(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        let opened = change_form(&w.engine, &wang, p, CORRECT, false).await.unwrap();
        assert_eq!((opened.request.draft.name.as_str(), opened.request.saved_at), ("杭州公交查询", None));
        assert_eq!(opened.request.draft.contacts[0].phone, "13800000001", "staff see whole numbers");
        assert!(opened.request.route.steps.is_empty(), "nobody else decides it");
        assert_eq!(opened.department, "杭州市交通运输局");

        let draft = Registration { intro: String::new(), name: "杭州地铁查询".to_owned(), ..opened.request.draft };
        save_change_draft(&w.engine, &wang, p, CORRECT, draft.clone()).await.unwrap();
        let again = change_form(&w.engine, &wang, p, CORRECT, true).await.unwrap();
        assert_eq!(again.request.draft.name, "杭州地铁查询");
        assert!(again.request.errors.of(FieldId::Intro).next().is_some(), "with its errors, if they are asked");

        let draft = Registration { intro: "到站时间".to_owned(), ..draft };
        let (seen, key) = (again.request.row.version, again.request.key);
        commands::correct_registration(&w.engine, &wang, CorrectRegistration { id: p, seen, key, draft }).await.unwrap();
        let after = change_form(&w.engine, &wang, p, CORRECT, false).await.unwrap();
        assert_eq!((after.before.name.as_str(), after.request.saved_at), ("杭州地铁查询", None), "the draft is gone");
    }

    async fn a_draft_over_something_else_is_dropped(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let opened = change_form(&w.engine, &wang, p, CORRECT, false).await.unwrap().request.draft;
        save_change_draft(&w.engine, &wang, p, CORRECT, Registration { intro: "草稿".to_owned(), ..opened }).await.unwrap();
        let version = w.uploads(p, "1.0.0").await;
        let kept = change_form(&w.engine, &wang, p, CORRECT, false).await.unwrap().request;
        assert_eq!(kept.draft.intro, "草稿", "an upload changes nothing that is registered");
        // Somebody else changes what is registered: sent now, the draft would undo that.
        w.does(&zhao, p, Ask::SubmitForAcceptance(version)).await;
        w.does(&wang, p, Ask::Accept(version)).await;
        w.does(&wang, p, approval()).await;
        w.approves(&w.request_of("limin").await, p).await;
        w.approves(&w.request_of("zhoutao").await, p).await;
        let change = change_form(&w.engine, &wang, p, CHANGE, false).await.unwrap().request.draft;
        let mine = Registration { parts: vec!["listing".to_owned()], intro: "我的".to_owned(), ..change.clone() };
        save_change_draft(&w.engine, &wang, p, CHANGE, mine.clone()).await.unwrap();
        let other = Registration { parts: vec!["release".to_owned()], vendor: "别的开发商".to_owned(), ..change };
        w.does(&wang, p, Ask::ChangeInfo(other.chosen_parts(), Box::new(other))).await;
        save_change_draft(&w.engine, &wang, p, CHANGE, mine).await.unwrap();
        w.approves(&w.request_of("limin").await, p).await;
        let now = change_form(&w.engine, &wang, p, CHANGE, false).await.unwrap().request;
        assert_eq!((now.draft.vendor.as_str(), now.draft.intro.as_str()), ("别的开发商", "查询公交到站时间"));
    }

    async fn an_information_change_is_routed_and_takes_only_the_chosen_kinds(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        let refused = change_form(&w.engine, &wang, p, CHANGE, false).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "nothing is live yet");
        w.publishes(p, "1.0.0").await;
        assert!(matches!(change_form(&w.engine, &wang, p, CORRECT, false).await, Err(Error::Refused(_))));

        let opened = change_form(&w.engine, &wang, p, CHANGE, false).await.unwrap();
        let steps: Vec<_> = opened.request.route.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(steps, ["杭州市审核人员"], "the first step of the route");
        assert_eq!(opened.live_address, "sv00000001");
        let draft = Registration {
            parts: vec!["listing".to_owned()],
            name: "杭州出行".to_owned(),
            vendor: "不该变的开发商".to_owned(),
            ..opened.request.draft
        };
        let (seen, key) = (opened.request.row.version, opened.request.key);
        let none = RequestInfoChange { id: p, seen, key, draft: Registration { parts: Vec::new(), ..draft.clone() } };
        assert!(matches!(commands::request_info_change(&w.engine, &wang, none).await, Err(Error::Refused(_))));
        let command = RequestInfoChange { id: p, seen, key: w.key(), draft };
        let done = commands::request_info_change(&w.engine, &wang, command).await.unwrap();
        assert_eq!(done.state, State::InfoChangeInReview);
        w.approves(&w.request_of("limin").await, p).await;
        let registered = w.granted(&wang, p).await.unwrap().registration().unwrap();
        assert_eq!((registered.name.as_str(), registered.vendor.as_str()), ("杭州出行", "杭州云途科技有限公司"));
    }

    async fn rolling_back_offers_what_was_live(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        let first = w.publishes(p, "1.0.0").await;
        w.does(&wang, p, Ask::Upgrade).await;
        w.publishes(p, "1.1.0").await;
        let draft = RollBackDraft { version: String::new(), reason: "首页打不开".to_owned() };
        save_roll_back_draft(&w.engine, &wang, p, &draft).await.unwrap();
        let (form, versions) = roll_back_form(&w.engine, &wang, p, true).await.unwrap();
        assert_eq!(versions.iter().map(|it| it.version).collect::<Vec<_>>(), [first], "without the present one");
        assert_eq!(form.draft, draft);
        assert!(form.errors.of(FieldId::RollBackTo).next().is_some());
        assert_eq!(form.route.steps.len(), 1);
        let (seen, key) = (form.row.version, form.key);
        let nothing = RollBack { id: p, seen, key, draft: draft.clone() };
        assert!(matches!(commands::roll_back(&w.engine, &wang, nothing).await, Err(Error::Refused(_))));
        let chosen = RollBackDraft { version: first.0.to_string(), ..draft };
        let done = commands::roll_back(&w.engine, &wang, RollBack { id: p, seen, key: w.key(), draft: chosen }).await.unwrap();
        assert_eq!((done.state, done.order.is_some()), (State::Published, true));
    }

    async fn nobody_else_opens_or_keeps_them(w: World) {
        let (wang, chen, zhao) =
            (w.request_of("wangjianguo").await, w.request_of("chenjing").await, w.request_of("zhaolei").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        let draft = OfflineDraft { reason: "业务合并".to_owned(), ..OfflineDraft::default() };
        save_offline_draft(&w.engine, &wang, p, &draft).await.unwrap();
        let form = offline_form(&w.engine, &wang, p, false).await.unwrap();
        assert_eq!((form.draft, form.route.steps.len()), (draft.clone(), 2), "the whole route");
        assert!(matches!(offline_form(&w.engine, &chen, p, false).await, Err(Error::NotFound)));
        assert!(matches!(save_offline_draft(&w.engine, &chen, p, &draft).await, Err(Error::NotFound)));
        assert!(matches!(offline_form(&w.engine, &zhao, p, false).await, Err(Error::Forbidden)));
        assert!(matches!(save_approval_draft(&w.engine, &zhao, p, &approval_draft()).await, Err(Error::Forbidden)));
        assert!(matches!(change_form(&w.engine, &wang, p, Action::Upgrade, false).await, Err(Error::NotFound)));
        let long = Registration { intro: "长".repeat(100_000), ..Registration::default() };
        assert!(matches!(save_change_draft(&w.engine, &wang, p, CHANGE, long).await, Err(Error::TooLarge)));
    }
}
