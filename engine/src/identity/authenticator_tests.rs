//! Stories of 动态口令 of people who are no administrators: bound, changed and taken off by themselves, and demanded by the policy.

use super::account_tests::{PASSWORD, code_of, draft, fields};
use super::session::Token;
use super::sign_in::{self, Credentials, Entered};
use super::{activation, authenticator, password, policy, totp};
use crate::account;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::{audit_event, person};
use crate::world::{On, World, both};
use domain::fields::{BindDraft, FieldId, PersonDraft, PolicyDraft};
use domain::password::{AuthenticatorOf, PasswordPolicy};
use domain::view::person::OwnAuthenticator;
use domain::{PersonId, Role};

fn typed(code: impl Into<String>) -> BindDraft {
    BindDraft { code: code.into() }
}

impl World {
    /// Signs in as a demo's person, or not.
    async fn tries(&self, account: &str, code: &str) -> Result<Entered> {
        let typed = Credentials { account, password: sign_in::demo_password(), code };
        sign_in::by_password(&self.engine, &self.nobody(), typed, "test").await
    }

    async fn own(&self, ctx: &Ctx) -> OwnAuthenticator {
        authenticator::own(&self.engine, ctx).await.unwrap()
    }

    /// Binds what was offered; its secret and its recovery codes.
    async fn binds(&self, ctx: &Ctx, offer: &Token) -> (String, Vec<String>) {
        let offered = authenticator::look(&self.engine, ctx, offer.as_str()).await.unwrap().authenticator;
        let code = totp::code_at(&offered.secret, self.engine.now());
        authenticator::bind(&self.engine, ctx, offer.as_str(), &typed(code)).await.unwrap();
        (offered.secret, offered.recovery)
    }

    /// An administrator of a site that was just installed, signed in.
    async fn administers(&self, link: &str, account: &str) -> Ctx {
        let offer = self.activates(link).await;
        self.wait_ms(30_000);
        let code = self.shows(&offer).await;
        let token = self.enters_as(account, &code).await.unwrap();
        self.request_with(&token).await
    }

    async fn actions(&self) -> Vec<(String, String)> {
        let events = audit_event::after(&mut self.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let of = events.into_iter().filter(|event| event.action.contains("authenticator"));
        of.map(|event| (event.action, event.result)).collect()
    }
}

/// A real site, with qianduo, who has a password and no authenticator.
async fn with_a_password_alone(on: On) -> World {
    let site = World::empty(on).await;
    let links = site.starts().await;
    let feng = site.administers(&links[0].link, "fengxue").await;
    let qian = PersonDraft { account: "qianduo".to_owned(), name: "钱多".to_owned(), ..PersonDraft::default() };
    let made = account::create(&site.engine, &feng, &qian).await.unwrap();
    activation::complete(&site.engine, &site.nobody(), code_of(&made.link), &draft(PASSWORD, "")).await.unwrap();
    site
}

both! {
    async fn a_person_binds_changes_and_takes_off_an_authenticator_of_their_own(w: World) {
        let (here, other) = (w.token_of("wangjianguo").await, w.token_of("wangjianguo").await);
        let wang = async || w.request_with(&here).await;
        let unbound = OwnAuthenticator { local: true, bound: false, demanded: false, recovery: 0 };
        assert_eq!(w.own(&wang().await).await, unbound);
        let begin = async |password: &str, code: &str| authenticator::begin(&w.engine, &wang().await, password, code).await;
        assert!(matches!(begin("wrong", "").await, Err(Error::WrongCredentials)), "it asks again");
        let offer = begin(sign_in::demo_password(), "").await.unwrap();
        let known = authenticator::bind(&w.engine, &wang().await, offer.as_str(), &typed("12345")).await.unwrap_err();
        assert_eq!(fields(&known), [FieldId::OneTimeCode]);
        let (secret, recovery) = w.binds(&wang().await, &offer).await;
        assert!(matches!(authenticator::look(&w.engine, &wang().await, offer.as_str()).await, Err(Error::OfferOver)), "it is used");
        assert_eq!(w.own(&wang().await).await, OwnAuthenticator { bound: true, recovery: 10, ..unbound });
        assert!(w.request_with(&other).await.signed_in.is_none() && w.request_with(&here).await.signed_in.is_some());

        assert!(matches!(w.tries("wangjianguo", "").await, Err(Error::WrongCredentials)));
        w.wait_ms(30_000);
        let shown = totp::code_at(&secret, w.engine.now());
        assert!(w.tries("wangjianguo", &shown).await.unwrap().inside().is_some());
        assert!(w.tries("wangjianguo", &recovery[0]).await.unwrap().inside().is_some());
        assert_eq!(w.own(&wang().await).await.recovery, 9);

        // Another phone: the one before is good until the new one is bound, its recovery codes as well.
        assert!(matches!(begin(sign_in::demo_password(), "").await, Err(Error::WrongCredentials)), "with a code now");
        let offer = begin(sign_in::demo_password(), &recovery[1]).await.unwrap();
        assert!(w.tries("wangjianguo", &recovery[2]).await.unwrap().inside().is_some());
        let (_, new) = w.binds(&wang().await, &offer).await;
        assert!(matches!(w.tries("wangjianguo", &recovery[3]).await, Err(Error::WrongCredentials)));

        let remove = async |code: &str| authenticator::remove(&w.engine, &wang().await, sign_in::demo_password(), code).await;
        assert!(matches!(remove("").await, Err(Error::WrongCredentials)));
        remove(&new[0]).await.unwrap();
        assert_eq!(w.own(&wang().await).await, unbound);
        assert!(w.tries("wangjianguo", "").await.unwrap().inside().is_some());
        let (bound, removed) = ("account.bind_authenticator", "account.remove_authenticator");
        let story: Vec<_> = w.actions().await;
        let story: Vec<_> = story.iter().map(|(action, result)| (action.as_str(), result.as_str())).collect();
        assert_eq!(story, [(bound, "done"), (bound, "done"), (removed, "done")]);
    }

    async fn binding_answers_whose_it_was_whoever_is_signed_in(w: World) {
        let (wang, li) = (w.request_of("wangjianguo").await, w.request_of("limin").await);
        let offer = authenticator::begin(&w.engine, &wang, sign_in::demo_password(), "").await.unwrap();
        let secret = authenticator::look(&w.engine, &li, offer.as_str()).await.unwrap().authenticator.secret;
        let code = typed(totp::code_at(&secret, w.engine.now()));
        let whose = authenticator::bind(&w.engine, &li, offer.as_str(), &code).await.unwrap();
        assert_eq!(whose, wang.person().unwrap().person);
        assert!(!w.own(&w.request_of("limin").await).await.bound, "not of who was signed in");
    }

    async fn a_password_that_was_shown_before_an_authenticator_was_bound_opens_nothing(w: World) {
        let li = w.request_of("limin").await;
        let alone = Credentials { account: "limin", password: sign_in::demo_password(), code: "" };
        let shown = sign_in::shown(&w.engine, &w.nobody(), alone).await.unwrap();
        let offer = authenticator::begin(&w.engine, &li, sign_in::demo_password(), "").await.unwrap();
        w.binds(&li, &offer).await;
        let spent = w.engine.db().write(shown, |conn, s| Box::pin(async move { sign_in::spend(conn, &s.person, &s.proof).await }));
        assert!(!spent.await.unwrap());
    }

    async fn a_password_that_was_shown_before_its_owner_became_an_administrator_opens_nothing(w: World) {
        let site = with_a_password_alone(w.on()).await;
        let typed = Credentials { account: "qianduo", password: PASSWORD, code: "" };
        let opens = async |becomes: Option<PersonId>| {
            let shown = sign_in::shown(&site.engine, &site.nobody(), typed).await.unwrap();
            let write = site.engine.db().write((shown, becomes), |conn, s| {
                Box::pin(async move {
                    if let Some(id) = s.1 {
                        person::insert_role(conn, id, Role::Auditor, "").await?;
                    }
                    sign_in::spend(conn, &s.0.person, &s.0.proof).await
                })
            });
            write.await.unwrap()
        };
        assert!(opens(None).await);
        assert!(!opens(Some(site.id_of("qianduo").await)).await);
        site.end().await;
    }

    async fn an_administrator_without_an_authenticator_is_told_so_and_changes_no_password(w: World) {
        let site = with_a_password_alone(w.on()).await;
        let becomes = site.engine.db().write(site.id_of("qianduo").await, |conn, id| {
            Box::pin(async move { person::insert_role(conn, *id, Role::Auditor, "").await })
        });
        becomes.await.unwrap();
        let change = async |password: &str| {
            let typed = Credentials { account: "qianduo", password, code: "" };
            password::change(&site.engine, &site.nobody(), typed, "Xixi-Shidi-2027").await
        };
        let before = site.engine.hashing().compared();
        assert!(matches!(change(PASSWORD).await, Err(Error::NotActivated)));
        assert_eq!(site.engine.hashing().compared() - before, 1, "nothing of the new one is looked at");
        let events = audit_event::after(&mut site.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let said = events.last().unwrap();
        assert_eq!((said.action.as_str(), said.object_id.as_str()), ("session.sign_in", "qianduo"));
        assert!(said.detail.contains("has to be activated"), "{}", said.detail);
        assert!(matches!(change("wrong").await, Err(Error::WrongCredentials)), "who does not know it is told nothing");
        site.end().await;
    }

    async fn what_is_offered_is_over_after_a_while_and_with_the_password(w: World) {
        let li = w.request_of("limin").await;
        let offer = async || authenticator::begin(&w.engine, &li, sign_in::demo_password(), "").await.unwrap();
        let over = async |offer: &Token| matches!(authenticator::look(&w.engine, &li, offer.as_str()).await, Err(Error::OfferOver));
        let first = offer().await;
        let second = offer().await;
        assert!(over(&first).await && !over(&second).await, "one holds");
        w.wait_ms(authenticator::LIFE_MS);
        let late = w.request_of("limin").await;
        let of_late = authenticator::look(&w.engine, &late, second.as_str()).await;
        assert!(matches!(of_late, Err(Error::OfferOver)));
        let third = authenticator::begin(&w.engine, &late, sign_in::demo_password(), "").await.unwrap();
        let now = Credentials { account: "limin", password: sign_in::demo_password(), code: "" };
        password::change(&w.engine, &w.nobody(), now, PASSWORD).await.unwrap();
        assert!(over(&third).await, "whoever knew the old password binds nothing");
    }

    async fn a_policy_that_demands_it_of_all_leads_everybody_to_binding_it(w: World) {
        let site = World::empty(w.on()).await;
        let links = site.starts().await;
        let feng = site.administers(&links[0].link, "fengxue").await;
        let chu = site.administers(&links[1].link, "chuqiang").await;
        let person = |account: &str| PersonDraft { account: account.to_owned(), name: "钱多".to_owned(), ..PersonDraft::default() };
        let made = account::create(&site.engine, &feng, &person("qianduo")).await.unwrap();
        activation::complete(&site.engine, &site.nobody(), code_of(&made.link), &draft(PASSWORD, "")).await.unwrap();
        let before = site.enters_as("qianduo", "").await.unwrap();

        let all = PasswordPolicy { authenticator: AuthenticatorOf::Everybody, ..PasswordPolicy::default() };
        policy::change(&site.engine, &chu, 0, &PolicyDraft::from(&all)).await.unwrap();
        let events = audit_event::after(&mut site.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        assert!(events.last().unwrap().detail.contains("动态口令：所有本地账号"));
        let qian = site.request_with(&before).await;
        assert!(site.own(&qian).await.demanded, "whoever is in stays until the next sign-in");

        let now = Credentials { account: "qianduo", password: PASSWORD, code: "" };
        let entered = sign_in::by_password(&site.engine, &site.nobody(), now, "test").await.unwrap();
        let Entered::Binds(offer) = entered else { panic!("let in without a code") };
        let (secret, recovery) = site.binds(&site.nobody(), &offer).await;
        assert!(site.request_with(&before).await.signed_in.is_none());
        site.wait_ms(30_000);
        let shown = totp::code_at(&secret, site.engine.now());
        let token = site.enters_as("qianduo", &shown).await.unwrap();
        let qian = site.request_with(&token).await;
        let off = authenticator::remove(&site.engine, &qian, PASSWORD, &recovery[0]).await;
        assert!(matches!(off, Err(Error::Demanded)));
        let story = site.actions().await;
        assert_eq!(story.last().unwrap(), &("account.remove_authenticator".to_owned(), "refused".to_owned()));

        // Whoever is new binds it with the first password; whoever lost it, with a new link.
        let made = account::create(&site.engine, &feng, &person("sunli")).await.unwrap();
        assert!(site.offer(&made.link).await.authenticator.is_some());
        policy::change(&site.engine, &chu, 1, &PolicyDraft::from(&PasswordPolicy::default())).await.unwrap();
        assert!(site.offer(&made.link).await.authenticator.is_none());
        let id = site.id_of("qianduo").await;
        let link = account::new_links(&site.engine, &feng, &[id]).await.unwrap().remove(0).link;
        let offer = site.offer(&link).await;
        assert!(offer.authenticator.is_some(), "it is bound still");
        let code = site.shows(&offer).await;
        activation::complete(&site.engine, &site.nobody(), code_of(&link), &draft("Xixi-Shidi-2027", code)).await.unwrap();
        site.end().await;
    }
}
