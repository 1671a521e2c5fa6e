//! Stories of accounts: made, changed, stopped; and what the system administrator must not touch.

use super::*;
use crate::identity::activation;
use crate::identity::sign_in::{self, Credentials};
use crate::publication;
use crate::store::audit_event;
use crate::world::{Held, World, both};
use domain::fields::{ActivationDraft, FieldId};

const PASSWORD: &str = "Qiantang-Chao-18";

fn draft(account: &str, name: &str) -> PersonDraft {
    PersonDraft { account: account.to_owned(), name: name.to_owned(), ..PersonDraft::default() }
}

fn fields(error: &Error) -> Vec<FieldId> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|error| error.field).collect(),
        other => panic!("{other}"),
    }
}

impl World {
    pub(crate) async fn id_of(&self, account: &str) -> PersonId {
        let row = person::by_account(&mut self.engine.db().reader().await.unwrap(), account).await.unwrap();
        row.unwrap().person_id()
    }

    async fn found(&self, ctx: &Ctx, keyword: &str) -> Vec<String> {
        let query = PersonQuery { keyword: keyword.to_owned(), ..PersonQuery::default() };
        list(&self.engine, ctx, &query).await.unwrap().rows.into_iter().map(|row| row.account).collect()
    }

    async fn activates_account(&self, link: &NewLink) -> Result<()> {
        let code = link.link.rsplit_once("code=").unwrap().1;
        let typed = ActivationDraft { password: PASSWORD.to_owned(), code: String::new() };
        activation::complete(&self.engine, &self.nobody(), code, &typed).await
    }

    async fn signs_in(&self, account: &str) -> Result<session::Token> {
        let typed = Credentials { account, password: PASSWORD, code: "" };
        Ok(sign_in::by_password(&self.engine, &self.nobody(), typed, "test").await?.inside().unwrap())
    }
}

both! {
    async fn an_account_is_made_activated_and_signs_in(w: World) {
        let feng = w.request_of("fengxue").await;
        let typed = PersonDraft {
            department: "杭州市交通运输局".to_owned(),
            mobile: "138 1234 5678".to_owned(),
            ..draft("Qianduo", "钱多")
        };
        let made = create(&w.engine, &feng, &typed).await.unwrap();
        assert_eq!((made.account.as_str(), made.name.as_str()), ("qianduo", "钱多"));
        let id = w.id_of("qianduo").await;
        let shown = form(&w.engine, &feng, Some(id), false).await.unwrap();
        assert_eq!(shown.draft.mobile, "13812345678", "whole where it is edited");
        let row = shown.row.unwrap();
        assert_eq!((row.mobile.as_str(), row.standing), ("138****5678", Standing::NoPassword), "masked in lists");
        w.activates_account(&made).await.unwrap();
        w.signs_in("qianduo").await.unwrap();
        assert!(w.activates_account(&made).await.is_err(), "the link is used");
        for keyword in ["钱", "QIANDUO", "交通运输", "13812345678"] {
            assert!(w.found(&feng, keyword).await.contains(&"qianduo".to_owned()), "{keyword}");
        }
        assert!(w.found(&feng, "1381234").await.is_empty(), "a part of a number finds nobody");
    }

    async fn what_is_refused_is_said_by_field_and_not_lost(w: World) {
        let feng = w.request_of("fengxue").await;
        let bad = PersonDraft { email: "x".to_owned(), ..draft("1", "") };
        let refused = create(&w.engine, &feng, &bad).await.unwrap_err();
        assert_eq!(fields(&refused), [FieldId::Account, FieldId::PersonName, FieldId::PersonEmail]);
        let shown = form(&w.engine, &feng, None, true).await.unwrap();
        assert_eq!((shown.draft, shown.errors.len()), (bad, 3));
        let taken = |account: &str, mobile: &str| PersonDraft { mobile: mobile.to_owned(), ..draft(account, "钱多") };
        let one = create(&w.engine, &feng, &taken("limin", "")).await.unwrap_err();
        assert_eq!(fields(&one), [FieldId::Account]);
        let two = create(&w.engine, &feng, &taken("qianduo", "13800000001")).await.unwrap_err();
        assert_eq!(fields(&two), [FieldId::PersonMobile]);
        let nowhere = PersonDraft { department: "没有的局".to_owned(), ..draft("qianduo", "钱多") };
        assert_eq!(fields(&create(&w.engine, &feng, &nowhere).await.unwrap_err()), [FieldId::PersonDepartment]);
    }

    async fn who_makes_links_waits_for_one_that_is_used_without_the_log_in_hand(w: World) {
        let feng = w.request_of("fengxue").await;
        let (zhao, li) = (w.id_of("zhaolei").await, w.id_of("limin").await);
        let (_, of) = activation::new(&w.engine);
        let (used, held) = Held::pair();
        let used = w.engine.db().write((used, w.engine.now()), move |conn, s| {
            Box::pin(async move {
                credentials::put_activation(conn, li, of, s.1).await?;
                s.0.holds().await;
                Ok(())
            })
        });
        let makes = async {
            held.is_done().await;
            new_links(&w.engine, &feng, &[zhao, li]).await.map(|links| links.len())
        };
        let looks = async {
            let is_taken = w.is_log_taken_while_somebody_waits().await;
            held.ends();
            is_taken
        };
        let (used, made, is_taken) = tokio::join!(used, makes, looks);
        used.unwrap();
        assert_eq!(made.unwrap(), 2);
        assert_ne!(is_taken, Some(true), "who waits for the link has the log in hand");
    }

    async fn whoever_is_stopped_is_out_at_once_and_may_come_back(w: World) {
        let feng = w.request_of("fengxue").await;
        let id = w.id_of("zhaolei").await;
        let (token, link) = (w.token_of("zhaolei").await, new_links(&w.engine, &feng, &[id]).await.unwrap().remove(0));
        assert!(w.request_with(&token).await.signed_in.is_some());
        set_active(&w.engine, &feng, id, false).await.unwrap();
        assert!(w.request_with(&token).await.signed_in.is_none());
        assert!(w.activates_account(&link).await.is_err(), "its link, too");
        assert!(matches!(new_links(&w.engine, &feng, &[id]).await, Err(Error::Stopped)));
        set_active(&w.engine, &feng, id, true).await.unwrap();
        assert!(w.request_with(&token).await.signed_in.is_none(), "what ended stays ended");
        w.token_of("zhaolei").await;
    }

    async fn another_number_asks_to_sign_in_anew(w: World) {
        let feng = w.request_of("fengxue").await;
        let (id, token) = (w.id_of("zhaolei").await, w.token_of("zhaolei").await);
        let shown = form(&w.engine, &feng, Some(id), false).await.unwrap();
        change(&w.engine, &feng, id, &PersonDraft { email: "z@example.com".to_owned(), ..shown.draft.clone() }).await.unwrap();
        assert!(w.request_with(&token).await.signed_in.is_some());
        let other = PersonDraft { mobile: "13912345678".to_owned(), ..shown.draft };
        change(&w.engine, &feng, id, &other).await.unwrap();
        assert!(w.request_with(&token).await.signed_in.is_none());
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let changed = events.iter().rfind(|event| event.action == "account.change").unwrap();
        assert!(changed.detail.contains("139****5678") && !changed.detail.contains("13912345678"), "{}", changed.detail);
    }

    async fn the_accounts_of_administrators_are_not_touched_and_others_change_none(w: World) {
        let feng = w.request_of("fengxue").await;
        for account in ["chuqiang", "weiping", "fengxue"] {
            let id = w.id_of(account).await;
            let shown = form(&w.engine, &feng, Some(id), false).await.unwrap();
            assert!(matches!(change(&w.engine, &feng, id, &shown.draft).await, Err(Error::OfAdministrator)));
            assert!(matches!(set_active(&w.engine, &feng, id, false).await, Err(Error::OfAdministrator)));
            assert!(matches!(new_links(&w.engine, &feng, &[id]).await, Err(Error::OfAdministrator)));
        }
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.result == "refused").count(), 9, "each is noted");
        let id = w.id_of("zhaolei").await;
        for account in ["chuqiang", "weiping", "wangjianguo"] {
            let who = w.request_of(account).await;
            assert!(matches!(create(&w.engine, &who, &draft("x1", "某")).await, Err(Error::Forbidden)));
            assert!(matches!(set_active(&w.engine, &who, id, false).await, Err(Error::Forbidden)));
            assert!(matches!(new_links(&w.engine, &who, &[id]).await, Err(Error::Forbidden)));
            assert!(matches!(form(&w.engine, &who, Some(id), false).await, Err(Error::Forbidden)));
        }
    }

    async fn the_list_is_paged_and_filtered(w: World) {
        let feng = w.request_of("fengxue").await;
        for n in 0..15 {
            create(&w.engine, &feng, &draft(&format!("more{n}"), "多人")).await.unwrap();
        }
        let first = list(&w.engine, &feng, &PersonQuery::default()).await.unwrap();
        assert_eq!((first.rows.len(), first.total, first.rows[0].account.as_str()), (20, 27, "more14"));
        let older = domain::query::From::Before(first.older.unwrap());
        let second = list(&w.engine, &feng, &PersonQuery { from: older, ..PersonQuery::default() }).await.unwrap();
        assert_eq!((second.rows.len(), second.older), (7, None));
        let only = |standing, role| PersonQuery { standing, role, ..PersonQuery::default() };
        let count = async |query: PersonQuery| list(&w.engine, &feng, &query).await.unwrap().total;
        assert_eq!(count(only(Some(Standing::NoPassword), None)).await, 15);
        assert_eq!(count(only(Some(Standing::Active), None)).await, 12);
        assert_eq!(count(only(None, Some(HasRole::Nothing))).await, 15);
        assert_eq!(count(only(None, Some(HasRole::Is(Role::Reviewer)))).await, 3);
        let region = PersonQuery { region: domain::RegionCode::parse("330100"), ..PersonQuery::default() };
        assert_eq!(count(region).await, 1);
    }

    async fn a_number_that_moves_takes_nothing_along_until_staff_confirm(w: World) {
        let (feng, wang) = (w.request_of("fengxue").await, w.request_of("wangjianguo").await);
        let id = w.registers(&wang, "移号的应用").await;
        let (zhao, sun) = (w.id_of("zhaolei").await, w.id_of("sunyue").await);
        let of = async |who| form(&w.engine, &feng, Some(who), false).await.unwrap().draft;
        change(&w.engine, &feng, zhao, &PersonDraft { mobile: String::new(), ..of(zhao).await }).await.unwrap();
        change(&w.engine, &feng, sun, &PersonDraft { mobile: "13800000001".to_owned(), ..of(sun).await }).await.unwrap();
        let sun = w.request_of("sunyue").await;
        let unseen = publication::detail(&w.engine, &sun, id).await;
        assert!(matches!(unseen, Err(Error::NotFound)), "the number alone opens nothing");
        let page = publication::detail(&w.engine, &wang, id).await.unwrap();
        assert_eq!(page.suspended, [("赵磊".to_owned(), "13800000001".to_owned())]);
        assert!(matches!(publication::confirm_contacts(&w.engine, &sun, id).await, Err(Error::Forbidden)));
        let chen = w.request_of("chenjing").await;
        assert!(matches!(publication::confirm_contacts(&w.engine, &chen, id).await, Err(Error::NotFound)));
        publication::confirm_contacts(&w.engine, &wang, id).await.unwrap();
        publication::detail(&w.engine, &sun, id).await.unwrap();
        assert!(publication::detail(&w.engine, &wang, id).await.unwrap().suspended.is_empty());
    }
}
