//! Stories of API 令牌.

use super::{create, list, note_refusal, resolve, revoke};
use crate::audit::ONE_BY_ONE;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::publication::ask::Ask;
use crate::store::audit_event;
use crate::world::both;
use domain::PublicationId;
use domain::api_token::ApiScope;
use domain::fields::{FieldId, Registration, TokenDraft};

fn draft(name: &str) -> TokenDraft {
    TokenDraft { name: name.to_owned(), scopes: vec!["read".to_owned(), "upload".to_owned()], days: "7".to_owned() }
}

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

both! {
    async fn a_token_speaks_for_its_owner_until_it_ends_or_is_revoked(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let made = create(&w.engine, &zhao, bus, &draft("流水线")).await.unwrap();
        assert!(made.token.starts_with("irs_") && made.token.len() == 68);
        let listed = list(&w.engine, &zhao, bus).await.unwrap();
        assert_eq!((listed.0.as_str(), listed.1), ("杭州公交查询", vec![made.row.clone()]));
        let bearer = resolve(&w.engine, &made.token, w.engine.now()).await.unwrap().unwrap();
        assert_eq!((bearer.publication, bearer.signed_in.name.as_str()), (bus, "赵磊"));
        assert!(bearer.may(ApiScope::Upload).is_ok());
        assert!(matches!(bearer.may(ApiScope::Submit), Err(Error::Forbidden)));
        assert_eq!(list(&w.engine, &zhao, bus).await.unwrap().1[0].used_at, Some(w.engine.now()));
        for wrong in ["", "irs_", &made.token[4..], &format!("{}0", made.token), &made.token.to_uppercase()] {
            assert!(resolve(&w.engine, wrong, w.engine.now()).await.unwrap().is_none(), "{wrong}");
        }
        w.wait_ms(7 * DAY_MS);
        assert!(resolve(&w.engine, &made.token, w.engine.now()).await.unwrap().is_none());
        let zhao = w.request_of("zhaolei").await;
        assert!(list(&w.engine, &zhao, bus).await.unwrap().1.is_empty());
        let second = create(&w.engine, &zhao, bus, &draft("另一个")).await.unwrap();
        revoke(&w.engine, &zhao, second.row.id).await.unwrap();
        assert!(resolve(&w.engine, &second.token, w.engine.now()).await.unwrap().is_none());
        assert!(matches!(revoke(&w.engine, &zhao, second.row.id).await, Err(Error::NotFound)));
        let words: Vec<_> = w.history(&zhao, bus).await.into_iter().take(3).map(|row| row.word).collect();
        assert_eq!(words, ["吊销 API 令牌：另一个", "创建 API 令牌：另一个", "创建 API 令牌：流水线"]);
    }

    async fn a_token_that_asks_on_and_on_for_what_it_may_not_has_twenty_rows_an_hour(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let made = create(&w.engine, &w.request_of("zhaolei").await, bus, &draft("流水线")).await.unwrap();
        let bearer = resolve(&w.engine, &made.token, w.engine.now()).await.unwrap().unwrap();
        let ctx = Ctx { signed_in: Some(bearer.signed_in), ..w.nobody() };
        for _ in 0..ONE_BY_ONE + 5 {
            note_refusal(&w.engine, &ctx, bus, ApiScope::Submit).await.unwrap();
        }
        let rows = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let refused = rows.iter().filter(|row| row.action == "api_token.use").count();
        assert_eq!(i64::try_from(refused).unwrap(), ONE_BY_ONE);
    }

    async fn tokens_are_a_contacts_own_business(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        for (who, missing) in [("wangjianguo", false), ("limin", false), ("sunyue", true)] {
            let other = w.request_of(who).await;
            let refused = create(&w.engine, &other, bus, &draft("x")).await.unwrap_err();
            assert_eq!(matches!(refused, Error::NotFound), missing, "{who}: {refused}");
            assert_eq!(matches!(refused, Error::Forbidden), !missing, "{who}: {refused}");
        }
        let made = create(&w.engine, &zhao, bus, &draft("流水线")).await.unwrap();
        assert!(matches!(revoke(&w.engine, &w.request_of("sunyue").await, made.row.id).await, Err(Error::NotFound)));
        for n in 1..20 {
            create(&w.engine, &zhao, bus, &draft(&format!("第 {n} 个"))).await.unwrap();
        }
        let Err(Error::Invalid(errors)) = create(&w.engine, &zhao, bus, &draft("x")).await else { panic!("too many") };
        assert_eq!(errors.iter().map(|error| error.field).collect::<Vec<_>>(), [FieldId::TokenName]);
        let Err(Error::Invalid(_)) = create(&w.engine, &zhao, bus, &TokenDraft::default()).await else { panic!("blank") };
        assert!(matches!(list(&w.engine, &zhao, PublicationId(w.key())).await, Err(Error::NotFound)));
        // Who is no contact any more has nothing of it.
        let wang = w.request_of("wangjianguo").await;
        let registered = w.granted(&wang, bus).await.unwrap().registration().unwrap();
        let mut draft = Registration::of(&registered);
        (draft.contacts[0].name, draft.contacts[0].phone) = ("孙悦".to_owned(), "13800000002".to_owned());
        w.does(&wang, bus, Ask::Correct(Box::new(draft))).await;
        assert!(resolve(&w.engine, &made.token, w.engine.now()).await.unwrap().is_none());
        assert!(matches!(list(&w.engine, &zhao, bus).await, Err(Error::NotFound)));
    }
}
