//! Stories of roles: given and taken, with separated duties.

use super::*;
use crate::store::audit_event;
use crate::world::both;
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

both! {
    async fn roles_are_given_and_taken_and_sessions_end_at_once(w: World) {
        let chu = w.request_of("chuqiang").await;
        let (id, token) = (w.id_of("hemin").await, w.token_of("hemin").await);
        change(&w.engine, &chu, id, &roles(&[("staff", ""), ("reviewer", "330100"), ("reviewer", "330102")])).await.unwrap();
        assert!(w.request_with(&token).await.signed_in.is_none());
        let he = w.request_of("hemin").await;
        let has = he.person().unwrap().roles;
        assert!(has.has(Role::Staff) && has.has(Role::Reviewer));
        let shown = form(&w.engine, &chu, id, false).await.unwrap();
        assert_eq!(shown.row.seats.len(), 3);
        assert_eq!(shown.row.seats[1], Seat { role: Role::Reviewer, region: RegionCode::parse("330100") });
        change(&w.engine, &chu, id, &roles(&[("reviewer", "330102")])).await.unwrap();
        change(&w.engine, &chu, id, &roles(&[("reviewer", "330102")])).await.unwrap();
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let changes: Vec<_> = events.iter().filter(|event| event.action == "role.change").collect();
        assert_eq!(changes.len(), 2, "what changes nothing is no event");
        assert!(changes[1].detail.contains("杭州市审核人员") && changes[1].detail.contains("上城区审核人员"), "{}", changes[1].detail);
    }

    async fn duties_stay_separated_and_nobody_is_left_without_an_administrator(w: World) {
        let chu = w.request_of("chuqiang").await;
        let wei = w.id_of("weiping").await;
        let both = change(&w.engine, &chu, wei, &roles(&[("auditor", ""), ("staff", "")])).await.unwrap_err();
        assert!(sentence(both).contains("不能同时"));
        let shown = form(&w.engine, &chu, wei, true).await.unwrap();
        assert_eq!((shown.draft.seats.len(), shown.errors.len()), (2, 1), "what was typed is not lost");
        let last = change(&w.engine, &chu, wei, &roles(&[])).await.unwrap_err();
        assert!(sentence(last).contains("最后一位审计员"));
        let own = change(&w.engine, &chu, w.id_of("chuqiang").await, &roles(&[("staff", "")])).await.unwrap_err();
        assert!(sentence(own).contains("另一位安全管理员"));
        // A second one is there: the first may go.
        change(&w.engine, &chu, w.id_of("hemin").await, &roles(&[("auditor", "")])).await.unwrap();
        change(&w.engine, &chu, wei, &roles(&[])).await.unwrap();
        let last = change(&w.engine, &chu, w.id_of("hemin").await, &roles(&[])).await.unwrap_err();
        assert!(sentence(last).contains("最后一位审计员"));
    }

    async fn of_the_last_two_who_go_at_once_one_stays(w: World) {
        let chu = w.request_of("chuqiang").await;
        let (he, wei) = (w.id_of("hemin").await, w.id_of("weiping").await);
        change(&w.engine, &chu, he, &roles(&[("auditor", "")])).await.unwrap();
        let none = roles(&[]);
        let (one, two) = tokio::join!(change(&w.engine, &chu, he, &none), change(&w.engine, &chu, wei, &none));
        assert_eq!(i32::from(one.is_ok()) + i32::from(two.is_ok()), 1, "{one:?} {two:?}");
    }

    async fn only_the_security_administrator_changes_roles(w: World) {
        let id = w.id_of("zhaolei").await;
        for account in ["fengxue", "weiping", "wangjianguo", "limin"] {
            let who = w.request_of(account).await;
            assert!(matches!(change(&w.engine, &who, id, &roles(&[("staff", "")])).await, Err(Error::Forbidden)));
            assert!(matches!(form(&w.engine, &who, id, false).await, Err(Error::Forbidden)));
        }
    }
}
