//! Sites with something wrong, each named: by what is really so where that can be had, else by values.

use super::building::{judge_limits, judge_sandbox, of_http};
use super::database::{judge_postgres, judge_schema, judge_sqlite};
use super::machine::{Space, judge_clock, judge_disk};
use super::network::{is_localhost, judge_domains, judge_public};
use super::{Diagnosis, Site, Verdict, examine};
use crate::pipeline::{Enforced, Trouble};
use crate::store::condition::{Schema, Settings};
use crate::store::restore::at_schema;
use crate::workshop::{Apps, MB};
use crate::world::{World, both};
use crate::{Carriers, Entropy, Workshop};
use domain::UtcMillis;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tokio::net::TcpListener;

/// Nobody listens there.
const NOBODY: &str = "127.0.0.1:9";

impl World {
    /// As good as a test's site gets: nothing is built, and it is a demo on this machine.
    pub(super) fn site(&self) -> Site {
        let workshop = Workshop { builds: 0, ..self.engine.workshop().clone() };
        let data = self.files_folder().parent().unwrap().to_owned();
        Site {
            data,
            database: self.address(),
            bucket: None,
            public_url: None,
            demo: true,
            workshop,
            clock: self.clock.clone(),
            entropy: Entropy::System,
        }
    }

    async fn runs(&self, statement: &'static str) {
        let write =
            self.engine.db().write(statement, |conn, s| Box::pin(async move { crate::store::raw(conn, *s).await }));
        write.await.unwrap();
    }
}

/// What a check says, a line a finding.
pub(super) fn of<'d>(found: &'d [Diagnosis], check: &str) -> Vec<&'d Verdict> {
    let of: Vec<_> = found.iter().filter(|one| one.check == check).map(|one| &one.verdict).collect();
    assert!(!of.is_empty(), "there is a check {check}");
    of
}

/// The one thing that is wrong, with its remedy.
pub(super) fn wrong(found: &[Diagnosis], check: &str) -> String {
    let said: Vec<String> =
        found.iter().filter(|one| one.check == check && one.verdict.is_wrong()).map(Diagnosis::to_string).collect();
    assert_eq!(said.len(), 1, "{check}: {found:#?}");
    assert!(said[0].contains("\n      → "), "{}", said[0]);
    said[0].clone()
}

/// So that the screen shows no English sentence.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|one| ('\u{4e00}'..='\u{9fff}').contains(&one))
}

pub(super) fn is_wrong(verdict: &Verdict, word: &str) {
    let Verdict::Wrong(found) = verdict else { panic!("{verdict:?}") };
    assert!(found.what.english.contains(word) && !found.remedy.english.is_empty(), "{found:?}");
    assert!(is_chinese(&found.what.chinese) && !found.remedy.chinese.is_empty(), "{found:?}");
}

both! {
    async fn a_good_site_is_told_so(w: World) {
        let mut site = w.site();
        site.public_url = Some("https://publish.example.gov.cn".to_owned());
        let found = examine(&site).await;
        for check in ["data folder", "disk space", "database", "schema", "audit log", "apps domain", "public address"] {
            assert!(matches!(of(&found, check)[..], [Verdict::Fine(_)]), "{check}: {found:#?}");
        }
        for check in ["object store", "build sandbox", "build limits", "Node.js and npm", "npm registry", "webhook", "mail server"] {
            assert!(matches!(of(&found, check)[..], [Verdict::Skipped(_)]), "{check}: {found:#?}");
        }
        match w.on() {
            On::Sqlite => assert!(found.iter().all(|one| !one.verdict.is_wrong()), "{found:#?}"),
            // The tests' server is one that may lose everything.
            On::Postgres => {
                let settings = of(&found, "database settings");
                assert!(settings.iter().any(|verdict| verdict.is_wrong()), "{found:#?}");
            }
        }
    }

    async fn an_openid_provider_that_is_another_one_is_named(w: World) {
        let (clock, at) = (w.clock.clone(), std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0)));
        let fake = oidc::fake::Fake::start(move || clock.now().0, at).await.unwrap();
        let mut site = w.site();
        assert!(matches!(of(&examine(&site).await, "OpenID provider")[..], [Verdict::Skipped(_)]));
        for goes in [None, Some(oidc::fake::Wrong::OtherIssuer), Some(oidc::fake::Wrong::Fails)] {
            fake.goes(goes);
            site.workshop.oidc = Some(crate::outside::Oidc::of_fake(&fake, None, std::time::Duration::from_secs(2)));
            let found = examine(&site).await;
            match goes {
                None => assert!(matches!(of(&found, "OpenID provider")[..], [Verdict::Fine(_)]), "{found:#?}"),
                Some(_) => assert!(wrong(&found, "OpenID provider").contains("--oidc-issuer")),
            }
        }
    }

    async fn what_is_wrong_with_the_database_is_named(w: World) {
        w.token_of("limin").await;
        let site = w.site();
        w.wait_ms(-120_000);
        let said = wrong(&examine(&site).await, "clock");
        assert!(said.contains(match w.on() {
            On::Sqlite => "the newest audit event is 120 s in the future",
            // The tests' clock is of another day than the server's.
            On::Postgres => "the database server's",
        }), "{said}");
        w.wait_ms(120_000);
        w.runs(match w.on() {
            On::Sqlite => "DROP TRIGGER audit_event_no_update",
            On::Postgres => "DROP TRIGGER audit_event_no_update ON audit_event",
        }).await;
        w.runs("UPDATE audit_event SET address = '10.0.0.2' WHERE seq = 1").await;
        assert!(wrong(&examine(&site).await, "audit log").contains("does not fit at row 1"));
        w.runs("UPDATE audit_event SET address = '10.0.0.1' WHERE seq = 1").await;
        let old = w.elsewhere().await;
        at_schema(&old.address(), 10).await.unwrap();
        let found = examine(&Site { database: old.address(), ..w.site() }).await;
        assert!(wrong(&found, "schema").contains("is at migration 10 of "));
        old.goes().await;
        w.runs("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
            VALUES (9999, 'x', TRUE, '', 0)").await;
        assert!(wrong(&examine(&site).await, "schema").contains("is at migration 9999"));
        w.runs("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
        let database = match w.on() {
            On::Sqlite => w.files_folder().to_string_lossy().into_owned(),
            On::Postgres => format!("postgres://irs:secret@{NOBODY}/irs"),
        };
        let found = examine(&Site { database, ..w.site() }).await;
        assert!(!wrong(&found, "database").contains("secret"));
        assert!(matches!(of(&found, "schema")[..], [Verdict::Skipped(_)]));
    }

    async fn what_is_wrong_with_the_machine_is_named(w: World) {
        let mut site = w.site();
        let is_sqlite = matches!(w.on(), On::Sqlite);
        if is_sqlite {
            std::fs::set_permissions(&site.database, PermissionsExt::from_mode(0o644)).unwrap();
            assert!(wrong(&examine(&site).await, "data folder").contains("can be read by every account"));
            std::fs::set_permissions(&site.database, PermissionsExt::from_mode(0o600)).unwrap();
        }
        w.engine.files().set_unfinished(true).await.unwrap();
        assert!(wrong(&examine(&site).await, "data folder").contains("did not come to its end"));
        w.engine.files().set_unfinished(false).await.unwrap();
        site.workshop.builds = 1;
        site.workshop.bubblewrap = PathBuf::from("/nowhere/bwrap");
        site.workshop.registry = Some(format!("http://{NOBODY}/"));
        site.workshop.carriers = Carriers::default()
            .with_webhook(&format!("http://{NOBODY}/robot/send?access_token=secret"), "SEC").unwrap();
        site.workshop.apps = Apps { domain: "apps.nowhere.invalid".to_owned(), ..Apps::default() };
        site.public_url = Some("http://publish.example.gov.cn".to_owned());
        // A mail server that speaks no TLS where it has to.
        let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mail = format!("smtps://user:secret@127.0.0.1:{}", plain.local_addr().unwrap().port());
        site.workshop.carriers = site.workshop.carriers.with_email(&mail, "a@example.gov.cn").unwrap();
        let plain = tokio::spawn(async move {
            let (mut socket, _) = plain.accept().await.unwrap();
            tokio::io::AsyncWriteExt::write_all(&mut socket, b"220 mail ESMTP\r\n").await.unwrap();
            let mut came = Vec::new();
            let _ = tokio::io::AsyncReadExt::read_to_end(&mut socket, &mut came).await;
            came
        });
        let found = examine(&site).await;
        for (check, word) in [
            ("build sandbox", "/nowhere/bwrap cannot be run"),
            ("npm registry", "127.0.0.1 does not answer"),
            ("webhook", "127.0.0.1:9 cannot be reached"),
            ("mail server", "no TLS"),
            ("apps domain", ".apps.nowhere.invalid has no address"),
            ("public address", "is not encrypted"),
        ] {
            let said = wrong(&found, check);
            assert!(said.contains(word) && !said.contains("secret"), "{said}");
        }
        assert!(matches!(of(&found, "build limits")[..], [Verdict::Fine(_) | Verdict::Note(_)]));
        // A handshake, and no mail.
        assert!(plain.await.unwrap().starts_with(&[22, 3]));
        site.data = w.address().into();
        if is_sqlite {
            assert!(wrong(&examine(&site).await, "data folder").contains("is no folder"));
        }
    }
}

#[test]
fn builds_without_a_sandbox_are_wrong_and_their_permission_is_noted() {
    let workshop = |unsandboxed| Workshop { unsandboxed, ..Workshop::default() };
    let missing = || Some(Trouble::NotInstalled("not found".to_owned()));
    is_wrong(&judge_sandbox(missing(), &workshop(false)), "source packages are refused");
    is_wrong(&judge_sandbox(missing(), &workshop(true)), "built WITHOUT a sandbox, as --allow-unsandboxed-builds says");
    assert!(matches!(judge_sandbox(None, &workshop(true)), Verdict::Note(_)));
    assert!(matches!(judge_sandbox(None, &workshop(false)), Verdict::Fine(_)));
}

#[test]
fn a_full_disk_and_a_clock_that_is_off_are_wrong() {
    let space = Space { free: 500 * MB, files: 1000, files_free: 500 };
    is_wrong(&judge_disk("/srv", space, 1024 * MB), "500 MB left, and 1024 MB");
    is_wrong(&judge_disk("/srv", Space { files_free: 10, ..space }, MB), "only 10 more files");
    assert!(!judge_disk("/srv", Space { files: 0, files_free: 0, ..space }, MB).is_wrong());
    is_wrong(&judge_clock(&[(("the registry's", "仓库"), 31_000)], None), "31 s behind the registry's");
    is_wrong(&judge_clock(&[(("a", "甲"), 0), (("b", "乙"), -3_600_000)], None), "3600 s ahead of b");
    let well = judge_clock(&[(("a", "甲"), 900), (("b", "乙"), -900)], Some(-5));
    assert_eq!(well, Verdict::fine(("it goes with a and b", "时钟与甲和乙一致")));
    assert!(matches!(judge_clock(&[], None), Verdict::Note(_)));
    assert_eq!(of_http("Tue, 24 Nov 2026 00:00:00 GMT"), Some(UtcMillis(1_795_478_400_000)));
    assert_eq!(of_http("Thu, 29 Feb 2024 23:59:59 GMT"), Some(UtcMillis(1_709_251_199_000)));
    assert_eq!(of_http("yesterday"), None);
}

#[test]
fn a_database_that_was_told_wrongly_is_named() {
    let sqlite = |journal: &str| Settings::Sqlite { journal: journal.to_owned() };
    is_wrong(&judge_sqlite(&sqlite("delete"), false)[0], "journal mode is delete");
    is_wrong(&judge_sqlite(&sqlite("wal"), true)[0], "network file system");
    assert!(matches!(judge_sqlite(&sqlite("wal"), false)[..], [Verdict::Fine(_)]));
    let good = [
        ("server_version_num", "160002"),
        ("server_version", "16.2"),
        ("server_encoding", "UTF8"),
        ("default_transaction_isolation", "read committed"),
        ("default_transaction_read_only", "off"),
        ("max_connections", "100"),
        ("superuser_reserved_connections", "3"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
    ];
    let told = |name: &str, value: &str, standby| {
        let mut values: std::collections::BTreeMap<String, String> =
            good.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        values.insert(name.to_owned(), value.to_owned());
        judge_postgres(&Settings::Postgres { values, standby, connections: 20, ours: 16, now: 0 })
    };
    assert!(matches!(told("fsync", "on", false)[..], [Verdict::Fine(_)]));
    for (name, value, word) in [
        ("server_version_num", "120000", "nobody mends any more"),
        ("server_encoding", "SQL_ASCII", "encoding is SQL_ASCII"),
        ("default_transaction_isolation", "serializable", "are serializable by default"),
        ("default_transaction_read_only", "on", "takes no writes"),
        ("max_connections", "38", "15 connections are free"),
        ("fsync", "off", "fsync is off"),
        ("full_page_writes", "off", "full_page_writes is off"),
        ("synchronous_commit", "off", "synchronous_commit is off"),
    ] {
        let found = told(name, value, false);
        assert_eq!(found.len(), 1, "{found:?}");
        is_wrong(&found[0], word);
    }
    is_wrong(&told("fsync", "on", true)[0], "a standby");
    is_wrong(&judge_schema(Schema { is: Some(5), known: 9, broken: Some(6) }), "migration 6 broke off");
}

#[test]
fn names_and_limits() {
    assert!(is_localhost("apps.localhost") && !is_localhost("localhost.example.gov.cn"));
    let mixed = judge_domains("apps.publish.gov.cn", Some("publish.gov.cn")).unwrap();
    is_wrong(&mixed, "below one domain");
    assert_eq!(judge_domains("apps.example.cn", Some("publish.gov.cn")), None);
    assert_eq!(judge_domains("xpublish.gov.cn", Some("publish.gov.cn")), None);
    is_wrong(&judge_public(None, false), "nobody said");
    assert!(matches!(judge_public(Some("http://localhost:3000"), false), Verdict::Note(_)));
    assert!(matches!(judge_limits(Enforced::Each), Verdict::Note(_)));
    assert!(matches!(judge_limits(Enforced::Half { memory: false }), Verdict::Note(_)));
    let Verdict::Fine(said) = judge_limits(Enforced::Together { v2: true }) else { panic!() };
    assert!(said.english.contains("cgroup v2, delegated"), "{said:?}");
}
