//! Who signs in, and who has a number.

use super::{LI, WANG, World};
use dingtalk::fake::Setup;
use dingtalk::{By, Employee, Error, Settings, SignEncoding};

/// A refusal of the service with this code.
fn is_refused<T: std::fmt::Debug>(answer: Result<T, Error>, code: &str) -> bool {
    matches!(answer, Err(Error::Refused(refusal)) if refusal.by == By::Service && refusal.code == code)
}

#[tokio::test]
async fn a_person_scans_the_code() {
    let w = World::new().await;
    let who = w.wang_signs_in().await.unwrap();
    assert_eq!((who.account_id, who.name.as_str(), who.employee_code.as_str()), (WANG, "王建国", "GE_100135"));
    assert_eq!((who.tenant_id, who.tenant_user_id.as_str()), (Some(196_729), "196729$100135"));
    assert_eq!((who.client_id.as_str(), who.namespace.as_str()), ("test_dingoa", "local"));
}

#[tokio::test]
async fn a_person_opens_the_page_in_the_app() {
    let w = World::new().await;
    let who = w.client.by_auth_code(&w.fake.auth_code(LI).unwrap()).await.unwrap();
    assert_eq!((who.account_id, who.name.as_str()), (LI, "李敏"));
    assert_eq!(w.fake.auth_code(1), None, "a stranger has no app");
}

#[tokio::test]
async fn a_code_is_good_once_shortly_and_for_its_own_call() {
    let w = World::new().await;
    let code = w.fake.qr_code(WANG).unwrap();
    w.client.by_code(&code).await.unwrap();
    assert!(is_refused(w.client.by_code(&code).await, "240141"), "once");
    let code = w.fake.qr_code(WANG).unwrap();
    w.wait_ms(5 * 60_000);
    assert!(is_refused(w.client.by_code(&code).await, "240141"), "shortly");
    let code = w.fake.qr_code(WANG).unwrap();
    assert!(is_refused(w.client.by_auth_code(&code).await, "240141"), "for its own call");
    assert!(is_refused(w.client.by_code("made up").await, "240141"));
    let error = w.client.by_code("made up").await.unwrap_err();
    assert!(!error.is_retryable() && !format!("{error:?}").contains("made up"));
}

#[tokio::test]
async fn an_employee_is_found_by_mobile_number() {
    let w = World::new().await;
    let found = w.client.employee_by_mobile("86", "13800000002").await.unwrap();
    assert_eq!(found, Some(Employee { account_id: LI, employee_code: "GE_100136".to_owned() }));
    assert_eq!(w.client.employee_by_mobile("86", "13900000000").await, Ok(None));
    assert_eq!(w.client.employee_by_mobile("852", "13800000002").await, Ok(None));
    assert_eq!(w.calls_of(super::TOKEN), 0, "it carries no token");
}

#[tokio::test]
async fn another_tenants_number_is_refused() {
    let w = World::new().await;
    let client = w.another(|settings| Settings { tenant_id: "1".to_owned(), ..settings });
    assert!(is_refused(client.employee_by_mobile("86", "13800000002").await, "1019"));
    let client = w.another(|settings| Settings { namespace: "other".to_owned(), ..settings });
    assert!(is_refused(client.employee_by_mobile("86", "13800000002").await, "1010"));
}

/// Values that are written otherwise in a form, signed in both ways; and a gateway that wants the other way says no.
#[tokio::test]
async fn both_ways_of_signing() {
    for (takes, other) in [(SignEncoding::Raw, SignEncoding::UrlEncoded), (SignEncoding::UrlEncoded, SignEncoding::Raw)]
    {
        let setup = Setup { sign_encoding: takes, app_secret: "a b+c/d=&您".to_owned(), ..Setup::default() };
        let w = World::of(setup).await;
        assert_eq!(w.client.check().await, Ok(()), "{takes:?}");
        assert_eq!(w.client.employee_by_mobile("86", "1 3/8=&").await, Ok(None), "{takes:?}");
        let client = w.another(|settings| Settings { sign_encoding: other, ..settings });
        let error = client.check().await.unwrap_err();
        assert!(matches!(&error, Error::Refused(refusal) if refusal.message == "sign not match"), "{error}");
    }
}
