//! Stories of the contacts' numbers, against the gateway of the tests (lifecycle.md, Registration fields).

use super::contacts::UNKNOWN;
use super::{commands, register};
use crate::Error;
use crate::stock;
use crate::world::both;
use dingtalk::fake::Fails;
use domain::command::publication::{CorrectRegistration, RequestInfoChange};
use domain::command::stock::Link;
use domain::fields::{ContactDraft, FieldErrors, FieldId, Registration};
use domain::query::StockQuery;
use domain::view::publication::Numbers;

const LOOK_UP: &str = "/mozi/employee/get_by_mobile";

fn sun_yue() -> ContactDraft {
    ContactDraft { name: "孙悦".to_owned(), phone: "138 0000-0002".to_owned() }
}

/// The number at this place is not known.
fn unknown(item: usize) -> FieldErrors {
    let mut due = FieldErrors::new();
    due.add_item(FieldId::Contacts, item, UNKNOWN);
    due
}

fn errors_of<T: std::fmt::Debug>(outcome: Result<T, Error>) -> FieldErrors {
    match outcome {
        Err(Error::Invalid(errors)) => errors,
        other => panic!("{other:?}"),
    }
}

both! {
    async fn a_number_that_nobody_has_is_an_error_of_its_field_and_one_that_somebody_has_is_taken(w: World) {
        let fake = w.gateway(&["zhaolei"]).await;
        let engine = w.linked(&fake).await;
        let wang = w.request_of("wangjianguo").await;
        let mut draft = w.h5(&wang, "杭州公交查询").await;
        let known = draft.contacts.clone();
        draft.contacts.push(sun_yue());
        assert_eq!(errors_of(register(&engine, &wang, w.sent(draft.clone())).await), unknown(1));
        draft.contacts = known;
        let registered = register(&engine, &wang, w.sent(draft)).await.unwrap();
        assert_eq!(registered.numbers, Numbers::Asked);
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
            let registered = register(&engine, &wang, w.sent(draft)).await.unwrap();
            assert_eq!(registered.numbers, Numbers::Unasked, "{fails:?}");
        }
        engine.close().await;
    }

    async fn a_site_without_it_asks_nobody(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let draft = w.h5(&wang, "杭州公交查询").await;
        assert_eq!(register(&w.engine, &wang, w.sent(draft)).await.unwrap().numbers, Numbers::Asked);
    }

    async fn a_correction_asks_for_its_numbers(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let id = w.registers(&wang, "杭州公交查询").await;
        let fake = w.gateway(&["zhaolei", "sunyue"]).await;
        let engine = w.linked(&fake).await;
        let draft = async |contacts: &[ContactDraft], intro: &str| {
            let now = Registration::of(&w.granted(&wang, id).await.unwrap().registration().unwrap());
            let contacts = [now.contacts.clone(), contacts.to_vec()].concat();
            Registration { contacts, intro: intro.to_owned(), ..now }
        };
        let corrects = async |draft: Registration| {
            let seen = w.facts(id).await.version;
            commands::correct_registration(&engine, &wang, CorrectRegistration { id, seen, key: w.key(), draft }).await
        };
        assert_eq!(corrects(draft(&[], "到站时间").await).await.unwrap().numbers, Numbers::Asked);
        let nobodys = ContactDraft { name: "周末".to_owned(), phone: "13900000000".to_owned() };
        assert_eq!(errors_of(corrects(draft(&[sun_yue(), nobodys.clone()], "x").await).await), unknown(2));
        // With what else is wrong with the form.
        let blank = errors_of(corrects(draft(&[nobodys], "").await).await);
        assert_eq!(blank.iter().map(|error| error.field).collect::<Vec<_>>(), [FieldId::Intro, FieldId::Contacts]);
        fake.fails_at(LOOK_UP, Fails::Http500, 2);
        assert_eq!(corrects(draft(&[sun_yue()], "x").await).await.unwrap().numbers, Numbers::Unasked);
        // 赵磊 has left 浙政钉 since.
        let other = w.gateway(&["sunyue"]).await;
        let engine = w.linked(&other).await;
        let (seen, key, draft) = (w.facts(id).await.version, w.key(), draft(&[], "换一句").await);
        let gone = commands::correct_registration(&engine, &wang, CorrectRegistration { id, seen, key, draft }).await;
        assert_eq!(errors_of(gone), unknown(0));
        engine.close().await;
    }

    async fn a_change_asks_for_its_numbers_only_if_it_has_them(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let id = w.registers(&wang, "杭州公交查询").await;
        w.publishes(id, "1.0.0").await;
        let fake = w.gateway(&["zhaolei"]).await;
        let engine = w.linked(&fake).await;
        let now = Registration::of(&w.granted(&wang, id).await.unwrap().registration().unwrap());
        let contacts = [now.contacts.clone(), vec![sun_yue()]].concat();
        let changes = async |part: &str, intro: &str| {
            let (seen, parts) = (w.facts(id).await.version, vec![part.to_owned()]);
            let draft = Registration { parts, contacts: contacts.clone(), intro: intro.to_owned(), ..now.clone() };
            commands::request_info_change(&engine, &wang, RequestInfoChange { id, seen, key: w.key(), draft }).await
        };
        assert_eq!(errors_of(changes("release", &now.intro).await), unknown(1));
        assert_eq!(changes("listing", "到站时间").await.unwrap().numbers, Numbers::Asked);
        w.approves(&w.request_of("limin").await, id).await;
        fake.fails_at(LOOK_UP, Fails::Resets, 2);
        let done = changes("release", "到站时间").await.unwrap();
        assert_eq!(done.numbers, Numbers::Unasked);
        engine.close().await;
    }

    async fn a_link_says_that_its_numbers_were_not_asked_for(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let fake = w.gateway(&[]).await;
        let engine = w.linked(&fake).await;
        let query = StockQuery { keyword: "OLD-00001".to_owned(), ..StockQuery::default() };
        let of = stock::list(&engine, &wang, &query).await.unwrap().rows.remove(0);
        let form = stock::link_form(&engine, &wang, of.id, false).await.unwrap();
        let draft = Registration {
            channels: Vec::new(),
            name: form.draft.name,
            mobile_url: form.draft.mobile_url,
            system: form.systems[0].id.to_string(),
            ..w.h5(&wang, "x").await
        };
        let links = async || {
            let command = Link { id: of.id, seen: of.version, key: w.key(), draft: draft.clone() };
            stock::link(&engine, &wang, command).await
        };
        assert_eq!(errors_of(links().await), unknown(0));
        fake.fails_at(LOOK_UP, Fails::Hangs, 1);
        assert_eq!(links().await.unwrap().numbers, Numbers::Unasked);
        engine.close().await;
    }
}
