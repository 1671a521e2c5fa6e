//! Stories of registering and listing.

use crate::ctx::Ctx;
use crate::error::Error;
use crate::icon;
use crate::publication::{draft, list, register, save_draft};
use crate::store::publication_list::{self, Filter, Part, Reach};
use crate::world::{World, both, png};
use domain::fields::{FieldId, NAME_TAKEN, Registration};
use domain::query::{From, PublicationQuery};
use domain::{Channel, RegionCode, Side, State};
use uuid::Uuid;

impl World {
    async fn names(&self, ctx: &Ctx, query: &PublicationQuery) -> Vec<String> {
        let page = list(&self.engine, ctx, Side::Service, query).await.unwrap();
        page.rows.into_iter().map(|row| row.name).collect()
    }
}

fn keyword(text: &str) -> PublicationQuery {
    PublicationQuery { keyword: text.to_owned(), ..PublicationQuery::default() }
}

both! {
    async fn a_registration_is_listed_at_once_in_its_state(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let h5 = w.h5(&wang, "杭州公交查询").await;
        let pc = Registration {
            channels: vec!["service_web".to_owned()],
            name: "出租车投诉".to_owned(),
            pc_mode: "fill".to_owned(),
            pc_url: "https://example.gov.cn/taxi".to_owned(),
            ..h5.clone()
        };
        let first = register(&w.engine, &wang, w.sent(h5)).await.unwrap();
        let second = register(&w.engine, &wang, w.sent(pc)).await.unwrap();
        assert_eq!([first.service_id.as_str(), second.service_id.as_str()], ["SV-00000001", "SV-00000002"]);
        let page = list(&w.engine, &wang, Side::Service, &PublicationQuery::default()).await.unwrap();
        let seen: Vec<_> = page.rows.iter().map(|row| (row.name.as_str(), row.state)).collect();
        assert_eq!(seen, [("出租车投诉", State::AwaitingRelease), ("杭州公交查询", State::Preparing)]);
        assert_eq!((page.total, page.older, page.newer), (2, None, None));
        let sent = serde_json::to_string(&page).unwrap();
        assert_eq!(serde_json::from_str::<domain::view::publication::PublicationPage>(&sent).unwrap(), page);
        let mut counts = page.counts;
        counts.sort();
        assert_eq!(counts, [(State::Preparing, 1), (State::AwaitingRelease, 1)]);
    }

    async fn all_errors_come_at_once_and_nothing_is_kept(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let bad = Registration { name: "1号线".to_owned(), credit_code: "91350211M0000XUF46".to_owned(), ..w.h5(&wang, "x").await };
        let Err(Error::Invalid(errors)) = register(&w.engine, &wang, w.sent(bad)).await else { panic!("it is refused") };
        let fields: Vec<FieldId> = errors.iter().map(|error| error.field).collect();
        assert_eq!(fields, [FieldId::Name, FieldId::CreditCode]);
        assert!(w.names(&wang, &PublicationQuery::default()).await.is_empty());
    }

    async fn an_icon_that_was_never_uploaded_is_an_error_of_its_field(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let without = Registration { icon: "0".repeat(64), ..w.h5(&wang, "杭州公交查询").await };
        let Err(Error::Invalid(errors)) = register(&w.engine, &wang, w.sent(without)).await else { panic!("it is refused") };
        assert_eq!(errors.iter().map(|e| e.field).collect::<Vec<_>>(), [FieldId::Icon]);
    }

    async fn a_name_is_unique_in_its_side_without_regard_to_case_and_width(w: World) {
        let wang = w.request_of("wangjianguo").await;
        w.registers(&wang, "BusTimes公交").await;
        let again = w.h5(&wang, "ｂｕｓtimes公交").await;
        let Err(Error::Invalid(errors)) = register(&w.engine, &wang, w.sent(again)).await else { panic!("it is refused") };
        assert_eq!(errors.iter().map(|e| (e.field, e.text.as_str())).collect::<Vec<_>>(), [(FieldId::Name, NAME_TAKEN)]);
    }

    async fn the_same_form_sent_twice_registers_once(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let command = w.sent(w.h5(&wang, "杭州公交查询").await);
        let sends = (0..4).map(|_| {
            let (engine, ctx, command) = (w.engine.clone(), wang.clone(), command.clone());
            tokio::spawn(async move { register(&engine, &ctx, command).await })
        });
        let mut answers = Vec::new();
        for send in sends.collect::<Vec<_>>() {
            answers.push(send.await.unwrap().unwrap());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(w.names(&wang, &PublicationQuery::default()).await.len(), 1);
    }

    async fn two_people_can_not_take_one_name_at_once(w: World) {
        let (wang, chen) = (w.request_of("wangjianguo").await, w.request_of("chenjing").await);
        let (one, two) = (w.sent(w.h5(&wang, "公交查询").await), w.sent(w.h5(&chen, "公交查询").await));
        let (one, two) = tokio::join!(register(&w.engine, &wang, one), register(&w.engine, &chen, two));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
        for refused in [one.err(), two.err()].into_iter().flatten() {
            assert!(matches!(refused, Error::Invalid(_)), "{refused}");
        }
    }

    async fn a_system_out_of_reach_is_not_found_and_other_roles_are_refused(w: World) {
        let (wang, chen, zhao) =
            (w.request_of("wangjianguo").await, w.request_of("chenjing").await, w.request_of("zhaolei").await);
        let theirs = w.h5(&chen, "杭州公交查询").await;
        assert!(matches!(register(&w.engine, &wang, w.sent(theirs.clone())).await, Err(Error::NotFound)));
        assert!(matches!(register(&w.engine, &zhao, w.sent(theirs)).await, Err(Error::Forbidden)));
        w.registers(&chen, "疫苗接种").await;
        assert!(w.names(&wang, &PublicationQuery::default()).await.is_empty());
        let query = PublicationQuery::default();
        assert!(matches!(list(&w.engine, &zhao, Side::Service, &query).await, Err(Error::Forbidden)));
    }

    async fn a_draft_survives_until_the_form_is_sent(w: World) {
        let wang = w.request_of("wangjianguo").await;
        assert_eq!(draft(&w.engine, &wang, Side::Service).await.unwrap(), None);
        let typed = w.h5(&wang, "杭州公交").await;
        let saved_at = save_draft(&w.engine, &wang, Side::Service, &typed).await.unwrap();
        let kept = draft(&w.engine, &wang, Side::Service).await.unwrap().unwrap();
        assert_eq!((kept.body, kept.saved_at), (typed.clone(), saved_at));
        assert_eq!(draft(&w.engine, &wang, Side::Governance).await.unwrap(), None);
        register(&w.engine, &wang, w.sent(typed)).await.unwrap();
        assert_eq!(draft(&w.engine, &wang, Side::Service).await.unwrap(), None);
    }

    async fn keywords_of_one_two_and_more_characters_find_names(w: World) {
        let wang = w.request_of("wangjianguo").await;
        for name in ["杭州公交查询", "公路养护查询", "交通公告", "BusTimes公交", "abab", "babx"] {
            w.registers(&wang, name).await;
        }
        for (text, found) in [
            ("公", vec!["BusTimes公交", "交通公告", "公路养护查询", "杭州公交查询"]),
            ("公交", vec!["BusTimes公交", "杭州公交查询"]),
            ("查询", vec!["公路养护查询", "杭州公交查询"]),
            ("公交查", vec!["杭州公交查询"]),
            ("BUS", vec!["BusTimes公交"]),
            ("ｂｕｓ", vec!["BusTimes公交"]),
            ("abab", vec!["abab"]),
            ("sv-00000003", vec!["交通公告"]),
            ("SV-00000099", vec![]),
            ("交公", vec![]),
            ("\" OR \"", vec![]),
            ("%", vec![]),
        ] {
            assert_eq!(w.names(&wang, &keyword(text)).await, found, "{text}");
        }
    }

    async fn filters_narrow_and_the_total_follows(w: World) {
        let wang = w.request_of("wangjianguo").await;
        w.registers(&wang, "杭州公交").await;
        w.wait_ms(3 * 24 * 60 * 60 * 1000);
        let wang = w.request_of("wangjianguo").await;
        let ningbo = Registration { scope: vec!["330200".to_owned()], ..w.h5(&wang, "宁波公交").await };
        register(&w.engine, &wang, w.sent(ningbo)).await.unwrap();
        let all = PublicationQuery::default();
        for (query, found) in [
            (PublicationQuery { region: RegionCode::parse("330102"), ..all.clone() }, vec!["杭州公交"]),
            (PublicationQuery { days: Some(1), ..all.clone() }, vec!["宁波公交"]),
            (PublicationQuery { channel: Some(Channel::ZheliApp), ..all.clone() }, vec!["宁波公交", "杭州公交"]),
            (PublicationQuery { channel: Some(Channel::ServiceWeb), ..all.clone() }, vec![]),
            (PublicationQuery { state: Some(State::Preparing), ..keyword("宁") }, vec!["宁波公交"]),
            (PublicationQuery { state: Some(State::Offline), ..keyword("宁") }, vec![]),
            (PublicationQuery { system: Some(Uuid::nil()), ..all.clone() }, vec![]),
        ] {
            let page = list(&w.engine, &wang, Side::Service, &query).await.unwrap();
            assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), found, "{query:?}");
            assert_eq!(page.total, found.len() as i64, "{query:?}");
        }
    }

    async fn pages_lead_down_and_up_again_without_a_gap(w: World) {
        let wang = w.request_of("wangjianguo").await;
        for n in 0..25 {
            w.registers(&wang, &format!("公交{n:02}号")).await;
        }
        let mut query = PublicationQuery { size: 10, ..keyword("公交") };
        let mut down = Vec::new();
        loop {
            let page = list(&w.engine, &wang, Side::Service, &query).await.unwrap();
            down.push(page.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>());
            let Some(key) = page.older else { break };
            query.from = From::Before(key);
        }
        assert_eq!(down.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
        let names: Vec<String> = (0..25).rev().map(|n| format!("公交{n:02}号")).collect();
        assert_eq!(down.concat(), names);
        let last = list(&w.engine, &wang, Side::Service, &query).await.unwrap();
        query.from = From::After(last.newer.unwrap());
        let middle = list(&w.engine, &wang, Side::Service, &query).await.unwrap();
        assert_eq!(middle.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>(), down[1]);
        query.from = From::After(middle.newer.unwrap());
        let first = list(&w.engine, &wang, Side::Service, &query).await.unwrap();
        assert_eq!(first.rows.iter().map(|row| row.name.clone()).collect::<Vec<_>>(), down[0]);
        assert_eq!(first.newer, None);
    }

    async fn both_ways_of_finding_give_the_rows_that_a_plain_look_gives(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let (person, letters) = (wang.person().unwrap().person, ["公", "交", "查", "a", "B"]);
        let mut names: Vec<String> = Vec::new();
        for n in 0..60_usize {
            // Five letters in ever other order, and a number, so that no name comes twice.
            let name: String = (0..5).map(|at| letters[(n / 5_usize.pow(at % 3) + at as usize * n) % 5]).collect();
            names.push(format!("{name}{n}"));
            w.registers(&wang, &names[n]).await;
        }
        names.reverse();
        for text in ["公", "交", "a", "公交", "交公", "ab", "公公", "交查a", "b公交查", "9", "公交查ab"] {
            let plain: Vec<&String> = names.iter().filter(|name| name.to_lowercase().contains(text)).collect();
            for reach in [Reach::Narrow(person), Reach::Wide(person)] {
                let filter = Filter {
                    side: Side::Service,
                    reach,
                    system: None,
                    key: None,
                    state: Some(State::Preparing),
                    keyword: Some(text.to_owned()),
                    channel: None,
                    region: None,
                    updated_from: None,
                };
                let mut conn = w.engine.db().reader().await.unwrap();
                let page = publication_list::page(&mut conn, &filter, (Part::First, 100), 100);
                let (rows, found) = page.await.unwrap();
                assert_eq!(rows.iter().map(|row| &row.name).collect::<Vec<_>>(), plain, "{text} by {reach:?}");
                assert_eq!(found.iter().map(|(_, n)| n).sum::<i64>(), plain.len() as i64);
                if let [first, second, ..] = rows.as_slice() {
                    let below = publication_list::page(&mut conn, &filter, (Part::Before(first.key), 1), 1);
                    assert_eq!(below.await.unwrap().0[0].key, second.key);
                    let above = publication_list::page(&mut conn, &filter, (Part::After(second.key), 1), 1);
                    assert_eq!(above.await.unwrap().0[0].key, first.key);
                }
            }
        }
    }

    async fn icons_are_checked_for_real_and_their_pixels_are_kept(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let good = png(1);
        let hash = icon::store(&w.engine, &wang, good.clone().into(), None).await.unwrap();
        let kept = icon::get(&w.engine, &hash).await.unwrap().unwrap();
        assert_eq!(image::load_from_memory(&kept).unwrap().to_rgba8(), image::load_from_memory(&good).unwrap().to_rgba8());
        let mut broken = good.clone();
        let middle = broken.len() / 2;
        broken[middle] ^= 0xff;
        let mut long = good.clone();
        long.extend_from_slice(b"<script>");
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="180" height="180"><script>1</script></svg>"#.to_vec();
        let no_picture = b"GIF89a".to_vec();
        for (what, bytes) in [("a changed byte", broken), ("something behind it", long), ("an SVG", svg), ("no picture", no_picture)] {
            assert!(matches!(icon::store(&w.engine, &wang, bytes.into(), None).await, Err(Error::InvalidFile(_))), "{what}");
        }
        let zhao = w.request_of("zhaolei").await;
        assert!(matches!(icon::store(&w.engine, &zhao, good.into(), None).await, Err(Error::Forbidden)));
        assert_eq!(icon::get(&w.engine, "../../irs.db").await.unwrap(), None);
    }
}
