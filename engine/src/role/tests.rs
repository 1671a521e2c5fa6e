//! Stories of roles: given and taken, with separated duties.

use super::*;
use crate::store::audit_event;
use crate::world::{World, both};
use domain::RegionCode;

fn roles(lines: &[(&str, &str)]) -> RolesDraft {
    let line = |(role, region): &(&str, &str)| SeatDraft { role: (*role).to_owned(), region: (*region).to_owned() };
    RolesDraft { seats: lines.iter().map(line).collect() }
}

fn sentence(error: Error) -> String {
    match error {
        Error::Invalid(errors) => errors.iter().map(|error| error.text.clone()).collect(),
        other => panic!("{other}"),
    }
}

impl World {
    /// As from a form that was just opened.
    async fn gives(&self, ctx: &Ctx, id: PersonId, draft: &RolesDraft) -> Result<()> {
        let seen = form(&self.engine, ctx, id, false).await.unwrap().seen;
        change(&self.engine, ctx, id, &seen, draft).await
    }
}

both! {
    async fn roles_are_given_and_taken_and_sessions_end_at_once(w: World) {
        let chu = w.request_of("chuqiang").await;
        let (id, token) = (w.id_of("hemin").await, w.token_of("hemin").await);
        w.gives(&chu, id, &roles(&[("staff", ""), ("reviewer", "330100"), ("reviewer", "330102")])).await.unwrap();
        assert!(w.request_with(&token).await.signed_in.is_none());
        let he = w.request_of("hemin").await;
        let has = he.person().unwrap().roles;
        assert!(has.has(Role::Staff) && has.has(Role::Reviewer));
        let shown = form(&w.engine, &chu, id, false).await.unwrap();
        assert_eq!(shown.row.seats.len(), 3);
        assert_eq!(shown.row.seats[1], Seat { role: Role::Reviewer, region: RegionCode::parse("330100") });
        w.gives(&chu, id, &roles(&[("reviewer", "330102")])).await.unwrap();
        w.gives(&chu, id, &roles(&[("reviewer", "330102")])).await.unwrap();
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let changes: Vec<_> = events.iter().filter(|event| event.action == "role.change").collect();
        assert_eq!(changes.len(), 2, "what changes nothing is no event");
        assert!(changes[1].detail.contains("杭州市审核人员") && changes[1].detail.contains("上城区审核人员"), "{}", changes[1].detail);
    }

    async fn duties_stay_separated_and_nobody_is_left_without_an_administrator(w: World) {
        let chu = w.request_of("chuqiang").await;
        let wei = w.id_of("weiping").await;
        let both = w.gives(&chu, wei, &roles(&[("auditor", ""), ("staff", "")])).await.unwrap_err();
        assert!(sentence(both).contains("不能同时"));
        let shown = form(&w.engine, &chu, wei, true).await.unwrap();
        assert_eq!((shown.draft.seats.len(), shown.errors.len()), (2, 1), "what was typed is not lost");
        let last = w.gives(&chu, wei, &roles(&[])).await.unwrap_err();
        assert!(sentence(last).contains("最后一位审计员"));
        let own = w.gives(&chu, w.id_of("chuqiang").await, &roles(&[("staff", "")])).await.unwrap_err();
        assert!(sentence(own).contains("另一位安全管理员"));
        // A second one is there: the first may go.
        w.gives(&chu, w.id_of("hemin").await, &roles(&[("auditor", "")])).await.unwrap();
        w.gives(&chu, wei, &roles(&[])).await.unwrap();
        let last = w.gives(&chu, w.id_of("hemin").await, &roles(&[])).await.unwrap_err();
        assert!(sentence(last).contains("最后一位审计员"));
    }

    async fn of_the_last_two_who_go_at_once_one_stays(w: World) {
        let chu = w.request_of("chuqiang").await;
        let (he, wei) = (w.id_of("hemin").await, w.id_of("weiping").await);
        w.gives(&chu, he, &roles(&[("auditor", "")])).await.unwrap();
        let none = roles(&[]);
        let (one, two) = tokio::join!(w.gives(&chu, he, &none), w.gives(&chu, wei, &none));
        assert_eq!(i32::from(one.is_ok()) + i32::from(two.is_ok()), 1, "{one:?} {two:?}");
    }

    async fn only_the_security_administrator_changes_roles(w: World) {
        let id = w.id_of("zhaolei").await;
        for account in ["fengxue", "weiping", "wangjianguo", "limin"] {
            let who = w.request_of(account).await;
            assert!(matches!(change(&w.engine, &who, id, "", &roles(&[("staff", "")])).await, Err(Error::Forbidden)));
            assert!(matches!(form(&w.engine, &who, id, false).await, Err(Error::Forbidden)));
        }
    }

    async fn who_becomes_or_ceases_to_be_an_administrator_keeps_nothing_that_opened_before(w: World) {
        let (feng, chu) = (w.request_of("fengxue").await, w.request_of("chuqiang").await);
        let id = w.id_of("hemin").await;
        let link = crate::account::new_links(&w.engine, &feng, &[id]).await.unwrap().remove(0).link;
        let code = link.rsplit_once("code=").unwrap().1;
        crate::identity::activation::look(&w.engine, &w.nobody(), code).await.unwrap();
        w.gives(&chu, id, &roles(&[("auditor", "")])).await.unwrap();
        let taken_over = crate::identity::activation::look(&w.engine, &w.nobody(), code).await;
        assert!(matches!(taken_over, Err(Error::LinkOver)), "whoever kept the link is no auditor");
        w.gives(&chu, id, &roles(&[("staff", "")])).await.unwrap();
        let shown = form(&w.engine, &chu, id, false).await.unwrap().row;
        assert_eq!(shown.standing, domain::view::account::Standing::NoPassword);
    }

    async fn an_old_form_gives_nothing_back_and_the_stopped_become_no_administrators(w: World) {
        let (feng, chu) = (w.request_of("fengxue").await, w.request_of("chuqiang").await);
        let id = w.id_of("limin").await;
        let seen = form(&w.engine, &chu, id, false).await.unwrap().seen;
        w.gives(&chu, id, &roles(&[("staff", "")])).await.unwrap();
        let old = change(&w.engine, &chu, id, &seen, &roles(&[("reviewer", "330100"), ("staff", "")])).await;
        assert!(matches!(old, Err(Error::Conflict)));
        crate::account::set_active(&w.engine, &feng, id, false).await.unwrap();
        let stopped = w.gives(&chu, id, &roles(&[("auditor", "")])).await.unwrap_err();
        assert!(sentence(stopped).contains("账号已停用"));
    }
}
