//! Stories of a site's first start, of activations, and of signing in with a one-time code.

use super::session;
use super::sign_in::{self, Credentials};
use super::{activation, first_start, password, totp};
use crate::error::{Error, Result};
use crate::store::audit_event;
use crate::world::{World, both};
use domain::Role;
use domain::fields::{ActivationDraft, AdministratorDraft, FieldId, FirstStartDraft};
use domain::view::person::{Activation, NewAdministrator};

pub(super) const PASSWORD: &str = "Qiantang-Chao-18";

fn three() -> FirstStartDraft {
    let one = |(name, account): (&str, &str)| AdministratorDraft { name: name.to_owned(), account: account.to_owned() };
    FirstStartDraft { people: [("冯雪", "fengxue"), ("褚强", "chuqiang"), ("卫平", "weiping")].map(one).to_vec() }
}

pub(super) fn code_of(link: &str) -> &str {
    link.rsplit_once("code=").unwrap().1
}

pub(super) fn draft(password: &str, code: impl Into<String>) -> ActivationDraft {
    ActivationDraft { password: password.to_owned(), code: code.into() }
}

/// What 李敏 types.
fn of_li(password: &str) -> Credentials<'_> {
    Credentials { account: "limin", password, code: "" }
}

pub(super) fn fields(error: &Error) -> Vec<FieldId> {
    match error {
        Error::Invalid(errors) => errors.iter().map(|error| error.field).collect(),
        other => panic!("{other}"),
    }
}

impl World {
    /// The three administrators of a site that was just installed.
    pub(super) async fn starts(&self) -> Vec<NewAdministrator> {
        let link = first_start::link(&self.engine).await.unwrap().unwrap();
        first_start::create(&self.engine, &self.nobody(), code_of(&link), &three()).await.unwrap()
    }

    pub(super) async fn offer(&self, link: &str) -> Activation {
        activation::look(&self.engine, &self.nobody(), code_of(link)).await.unwrap()
    }

    /// The authenticator's code by now.
    pub(super) async fn shows(&self, offer: &Activation) -> String {
        totp::code_at(&offer.authenticator.as_ref().unwrap().secret, self.engine.now())
    }

    /// Activates the first of them; what was offered.
    pub(super) async fn activates(&self, link: &str) -> Activation {
        self.activates_with(link, PASSWORD).await
    }

    pub(super) async fn activates_with(&self, link: &str, password: &str) -> Activation {
        let offer = self.offer(link).await;
        let code = self.shows(&offer).await;
        activation::complete(&self.engine, &self.nobody(), code_of(link), &draft(password, code)).await.unwrap();
        offer
    }

    async fn enters(&self, code: &str) -> Result<session::Token> {
        self.enters_as("fengxue", code).await
    }

    pub(super) async fn enters_as(&self, account: &str, code: &str) -> Result<session::Token> {
        let typed = Credentials { account, password: PASSWORD, code };
        let entered = sign_in::by_password(&self.engine, &self.nobody(), typed, "test").await?;
        Ok(entered.inside().unwrap())
    }
}

both! {
    async fn the_first_start_names_three_administrators_once(w: World) {
        let site = World::empty(w.on()).await;
        assert!(first_start::link(&w.engine).await.unwrap().is_none(), "a demo has its people");
        let old = first_start::link(&site.engine).await.unwrap().unwrap();
        let link = first_start::link(&site.engine).await.unwrap().unwrap();
        let nobody = site.nobody();
        assert!(matches!(first_start::look(&site.engine, &nobody, code_of(&old)).await, Err(Error::LinkOver)), "one holds");
        first_start::look(&site.engine, &nobody, code_of(&link)).await.unwrap();
        let twice = FirstStartDraft { people: vec![three().people[0].clone(); 3] };
        let refused = first_start::create(&site.engine, &nobody, code_of(&link), &twice).await.unwrap_err();
        let both = [FieldId::PersonName, FieldId::Account];
        assert_eq!(fields(&refused), [both, both].concat());
        let made = first_start::create(&site.engine, &nobody, code_of(&link), &three()).await.unwrap();
        let roles: Vec<_> = made.iter().map(|one| (one.account.as_str(), one.role)).collect();
        assert_eq!(roles, [("fengxue", Role::SystemAdministrator), ("chuqiang", Role::SecurityAdministrator), ("weiping", Role::Auditor)]);
        let again = first_start::create(&site.engine, &nobody, code_of(&link), &three()).await;
        assert!(matches!(again, Err(Error::LinkOver)), "it is used");
        assert!(first_start::link(&site.engine).await.unwrap().is_none());
        let events = audit_event::after(&mut site.engine.db().reader().await.unwrap(), 0, 10).await.unwrap();
        assert_eq!(events.last().unwrap().action, "installation.first_start");
        assert!(events.iter().all(|event| !event.detail.contains(code_of(&made[0].link))));
        site.end().await;
    }

    async fn the_link_of_the_first_start_is_good_for_half_an_hour(w: World) {
        let site = World::empty(w.on()).await;
        let link = first_start::link(&site.engine).await.unwrap().unwrap();
        site.wait_ms(30 * 60 * 1000 - 1);
        first_start::look(&site.engine, &site.nobody(), code_of(&link)).await.unwrap();
        site.wait_ms(1);
        assert!(matches!(first_start::look(&site.engine, &site.nobody(), code_of(&link)).await, Err(Error::LinkOver)));
        let late = first_start::create(&site.engine, &site.nobody(), code_of(&link), &three()).await;
        assert!(matches!(late, Err(Error::LinkOver)));
        site.end().await;
    }

    async fn an_administrator_chooses_a_password_and_binds_an_authenticator(w: World) {
        let site = World::empty(w.on()).await;
        let link = site.starts().await[0].link.clone();
        let offer = site.offer(&link).await;
        assert_eq!((offer.name.as_str(), offer.account.as_str()), ("冯雪", "fengxue"));
        let authenticator = offer.authenticator.clone().unwrap();
        assert!(authenticator.uri.starts_with("otpauth://totp/%E5%BA%94%E7%94%A8%E5%8F%91%E5%B8%83:fengxue?secret="));
        let complete = async |draft: ActivationDraft| activation::complete(&site.engine, &site.nobody(), code_of(&link), &draft).await;
        let code = site.shows(&offer).await;
        assert_eq!(fields(&complete(draft("short", "1")).await.unwrap_err()), [FieldId::NewPassword, FieldId::OneTimeCode]);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(fields(&complete(draft(PASSWORD, wrong)).await.unwrap_err()), [FieldId::OneTimeCode]);
        assert!(matches!(site.enters(&code).await, Err(Error::WrongCredentials)), "there is no password yet");
        complete(draft(PASSWORD, code.clone())).await.unwrap();
        assert!(matches!(complete(draft(PASSWORD, code.clone())).await, Err(Error::LinkOver)), "it is used");
        assert!(matches!(activation::look(&site.engine, &site.nobody(), code_of(&link)).await, Err(Error::LinkOver)));
        site.end().await;
    }

    async fn whoever_has_the_terminal_makes_new_links(w: World) {
        let site = World::empty(w.on()).await;
        assert!(first_start::new_links(&site.engine, None).await.unwrap().is_empty());
        let old = site.starts().await;
        site.activates(&old[0].link).await;
        let new = first_start::new_links(&site.engine, None).await.unwrap();
        let accounts: Vec<_> = new.iter().map(|(account, _)| account.as_str()).collect();
        assert_eq!(accounts, ["chuqiang", "weiping"], "who never activated");
        let gone = activation::look(&site.engine, &site.nobody(), code_of(&old[1].link)).await;
        assert!(matches!(gone, Err(Error::LinkOver)), "one holds");
        site.offer(&new[0].1).await;
        // Whoever lost the phone and the recovery codes.
        let again = first_start::new_links(&site.engine, Some("fengxue")).await.unwrap();
        site.wait_ms(60_000);
        site.activates_with(&again[0].1, "Xixi-Shidi-2027").await;
        assert!(first_start::new_links(&site.engine, Some("nobody")).await.unwrap().is_empty());
        site.end().await;
    }

    async fn an_activation_is_good_for_a_day(w: World) {
        let site = World::empty(w.on()).await;
        let link = site.starts().await[0].link.clone();
        site.wait_ms(24 * 60 * 60 * 1000 - 1);
        site.offer(&link).await;
        site.wait_ms(1);
        assert!(matches!(activation::look(&site.engine, &site.nobody(), code_of(&link)).await, Err(Error::LinkOver)));
        let late = activation::complete(&site.engine, &site.nobody(), code_of(&link), &draft(PASSWORD, "123456")).await;
        assert!(matches!(late, Err(Error::LinkOver)));
        site.end().await;
    }

    async fn a_one_time_code_and_a_recovery_code_are_used_once(w: World) {
        let site = World::empty(w.on()).await;
        let link = site.starts().await[0].link.clone();
        let offer = site.activates(&link).await;
        let bound_with = site.shows(&offer).await;
        assert!(matches!(site.enters(&bound_with).await, Err(Error::WrongCredentials)), "it was used to bind it");
        assert!(matches!(site.enters("").await, Err(Error::WrongCredentials)));
        site.wait_ms(30_000);
        let code = site.shows(&offer).await;
        let token = site.enters(&code).await.unwrap();
        assert!(site.request_with(&token).await.with_role(&[Role::SystemAdministrator]).is_ok());
        assert!(matches!(site.enters(&code).await, Err(Error::WrongCredentials)), "a step is used once");
        let recovery = offer.authenticator.unwrap().recovery;
        assert!(site.enters(&recovery[3].to_lowercase()).await.is_ok());
        assert!(matches!(site.enters(&recovery[3]).await, Err(Error::WrongCredentials)), "so is a recovery code");
        // Two at once with one code.
        let (first, second) = tokio::join!(site.enters(&recovery[4]), site.enters(&recovery[4]));
        assert_ne!(first.is_ok(), second.is_ok());
        site.end().await;
    }

    async fn a_password_is_over_after_ninety_days(w: World) {
        let site = World::empty(w.on()).await;
        let link = site.starts().await[0].link.clone();
        let offer = site.activates(&link).await;
        site.wait_ms(90 * 24 * 60 * 60 * 1000 - 1);
        let recovery = offer.authenticator.as_ref().unwrap().recovery.clone();
        assert!(site.enters(&recovery[5]).await.is_ok());
        site.wait_ms(1);
        let code = site.shows(&offer).await;
        assert!(matches!(site.enters(&code).await, Err(Error::PasswordOver)));
        let change = async |code: &str, new: &str| {
            let typed = Credentials { account: "fengxue", password: PASSWORD, code };
            password::change(&site.engine, &site.nobody(), typed, new).await
        };
        assert_eq!(fields(&change(&recovery[0], PASSWORD).await.unwrap_err()), [FieldId::NewPassword], "it is the same");
        assert_eq!(fields(&change(&recovery[0], "short").await.unwrap_err()), [FieldId::NewPassword]);
        assert!(matches!(change("", "Xixi-Shidi-2027").await, Err(Error::WrongCredentials)));
        change(&recovery[0], "Xixi-Shidi-2027").await.unwrap();
        let typed = Credentials { account: "fengxue", password: "Xixi-Shidi-2027", code: &recovery[1] };
        let token = sign_in::by_password(&site.engine, &site.nobody(), typed, "test").await.unwrap().inside().unwrap();
        // Changed once more: whoever is signed in has to sign in anew.
        let typed = Credentials { code: &recovery[2], ..typed };
        password::change(&site.engine, &site.nobody(), typed, "Baiti-Chunxiao-28").await.unwrap();
        assert!(site.request_with(&token).await.signed_in.is_none());
        // Two at once with one password: the second finds another.
        let two = Credentials { password: "Baiti-Chunxiao-28", code: &recovery[3], ..typed };
        let other = Credentials { code: &recovery[4], ..two };
        let nobody = site.nobody();
        let (first, second) = tokio::join!(
            password::change(&site.engine, &nobody, two, "Duanqiao-Canxue-29"),
            password::change(&site.engine, &nobody, other, "Leifeng-Xizhao-30")
        );
        assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
        site.end().await;
    }

    async fn a_password_is_what_was_typed_to_the_last_of_128_characters(w: World) {
        let blank = format!(" {} ", "钱塘江大潮Chao2026!".repeat(9));
        // Four bytes each: capitals, small letters, digits and pictures.
        let widest = "\u{10400}\u{10412}\u{10428}\u{1043a}\u{1d7cf}\u{1d7d5}\u{1f600}\u{1f30a}".repeat(16);
        assert_eq!((blank.chars().count(), widest.chars().count(), widest.len()), (128, 128, 512));
        let enters = async |password: &str| {
            sign_in::by_password(&w.engine, &w.nobody(), of_li(password), "test").await.map(|_| ())
        };
        let change = async |present: &str, new: &str| password::change(&w.engine, &w.nobody(), of_li(present), new).await;
        change(sign_in::demo_password(), &blank).await.unwrap();
        let cut: String = blank.chars().take(127).collect();
        for other in [blank.trim_start(), &cut, &blank.to_lowercase()] {
            assert!(matches!(enters(other).await, Err(Error::WrongCredentials)), "{other:?}");
        }
        enters(&blank).await.unwrap();
        assert_eq!(fields(&change(&blank, &format!("{blank}x")).await.unwrap_err()), [FieldId::NewPassword]);
        change(&blank, &widest).await.unwrap();
        enters(&widest).await.unwrap();
    }

    async fn the_last_five_passwords_are_refused_and_the_sixth_last_is_taken(w: World) {
        let had = [PASSWORD, "Xixi-Shidi-2027", "Baiti-Chunxiao-28", "Duanqiao-Canxue-29", "Leifeng-Xizhao-30", "Nanping-Wanzhong-31"];
        let site = World::empty(w.on()).await;
        let link = site.starts().await[0].link.clone();
        let offer = site.activates(&link).await;
        let change = async |present: &str, new: &str| {
            // A step's code is used once.
            site.wait_ms(60_000);
            let code = site.shows(&offer).await;
            let typed = Credentials { account: "fengxue", password: present, code: &code };
            password::change(&site.engine, &site.nobody(), typed, new).await
        };
        for pair in had.windows(2) {
            change(pair[0], pair[1]).await.unwrap();
        }
        for lately in had.into_iter().skip(1) {
            let Err(Error::Invalid(errors)) = change(had[5], lately).await else { panic!("{lately} is taken") };
            let said: Vec<_> = errors.iter().map(|error| (error.field, error.text.as_str())).collect();
            assert_eq!(said, [(FieldId::NewPassword, "不能与最近 5 次用过的密码相同，请换一个")], "{lately}");
        }
        change(had[5], had[0]).await.unwrap();
        // It is the last now, and each of the others one further back.
        assert_eq!(fields(&change(had[0], had[2]).await.unwrap_err()), [FieldId::NewPassword]);
        change(had[0], had[1]).await.unwrap();
        site.end().await;
    }
}
