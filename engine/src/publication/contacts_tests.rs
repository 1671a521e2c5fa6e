//! Stories of the contacts' numbers, against the gateway of the tests (lifecycle.md, Registration fields).

use super::contacts::UNKNOWN;
use super::register;
use crate::Error;
use crate::world::both;
use dingtalk::fake::Fails;
use domain::fields::{ContactDraft, FieldErrors, FieldId};

const LOOK_UP: &str = "/mozi/employee/get_by_mobile";

both! {
    async fn a_number_that_nobody_has_is_an_error_of_its_field_and_one_that_somebody_has_is_taken(w: World) {
        let fake = w.gateway(&["zhaolei"]).await;
        let engine = w.linked(&fake).await;
        let wang = w.request_of("wangjianguo").await;
        let mut draft = w.h5(&wang, "杭州公交查询").await;
        let known = draft.contacts.clone();
        draft.contacts.push(ContactDraft { name: "孙悦".to_owned(), phone: "138 0000-0002".to_owned() });
        let errors = match register(&engine, &wang, w.sent(draft.clone())).await {
            Err(Error::Invalid(errors)) => errors,
            other => panic!("{other:?}"),
        };
        let mut due = FieldErrors::new();
        due.add_item(FieldId::Contacts, 1, UNKNOWN);
        assert_eq!(errors, due);
        draft.contacts = known;
        let registered = register(&engine, &wang, w.sent(draft)).await.unwrap();
        assert!(!registered.numbers_unasked);
        engine.close().await;
    }

    async fn while_the_gateway_is_away_the_numbers_are_taken_and_it_is_said(w: World) {
        let fake = w.gateway(&[]).await;
        let engine = w.linked(&fake).await;
        let wang = w.request_of("wangjianguo").await;
        for (n, fails) in
            [Fails::Http500, Fails::Hangs, Fails::Resets, Fails::HalfAnswers, Fails::Babbles, Fails::GatewayRefuses]
                .into_iter()
                .enumerate()
        {
            fake.fails_at(LOOK_UP, fails, 1);
            let draft = w.h5(&wang, &format!("公交{n}路")).await;
            assert!(register(&engine, &wang, w.sent(draft)).await.unwrap().numbers_unasked, "{fails:?}");
        }
        engine.close().await;
    }

    async fn a_site_without_it_asks_nobody(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let draft = w.h5(&wang, "杭州公交查询").await;
        assert!(!register(&w.engine, &wang, w.sent(draft)).await.unwrap().numbers_unasked);
    }
}
