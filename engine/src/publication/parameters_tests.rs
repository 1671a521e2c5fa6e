//! One package for test and live: previews have the values for test, what is live those of the registration.

use super::ask::Ask;
use super::save_test_parameters;
use crate::error::Error;
use crate::hosting::{self, Found};
use crate::publication::{detail, history, view};
use crate::version;
use crate::world::bench::static_zip;
use crate::world::{World, both};
use domain::fields::{FieldId, ParameterDraft, Registration, TestDraft};
use domain::query::HistoryQuery;

fn typed(pairs: &[(&str, &str)]) -> Vec<ParameterDraft> {
    pairs.iter().map(|(name, value)| ParameterDraft { name: (*name).to_owned(), value: (*value).to_owned() }).collect()
}

async fn environment(w: &World, label: &str) -> String {
    let Found::Site(site) = hosting::find(&w.engine, label, None).await.unwrap() else {
        panic!("{label} shows nothing")
    };
    String::from_utf8(site.environment.to_vec()).unwrap()
}

both! {
    async fn one_package_has_the_values_for_test_in_preview_and_those_for_live_once_live(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        w.runs_jobs().await;
        let preview = version::present_preview(&w.engine, &zhao, id).await.unwrap().unwrap().label;
        assert_eq!(environment(w, &preview).await, "window.__APP_ENV__ = Object.freeze({});\n");
        let test = TestDraft { parameters: typed(&[("API", "https://test.example.cn/</script>"), ("", "")]) };
        save_test_parameters(&w.engine, &zhao, bus, &test).await.unwrap();
        let at_once = "window.__APP_ENV__ = Object.freeze({\"API\":\"https://test.example.cn/</script>\"});\n";
        assert_eq!(environment(w, &preview).await, at_once);

        let registered = w.granted(&wang, bus).await.unwrap().registration().unwrap();
        let parameters = typed(&[("API", "https://api.example.cn"), ("MAP_KEY", "")]);
        let live = Registration { parameters, ..Registration::of(&registered) };
        w.does(&wang, bus, Ask::Correct(Box::new(live.clone()))).await;
        w.makes_live(bus, id).await;
        let label = view::label(1);
        let of_live = "window.__APP_ENV__ = Object.freeze({\"API\":\"https://api.example.cn\",\"MAP_KEY\":\"\"});\n";
        assert_eq!(environment(w, &label).await, of_live);
        assert_eq!(environment(w, &preview).await, at_once, "the same bytes, other values");

        let release = Registration { parts: vec!["release".to_owned()], parameters: Vec::new(), ..live };
        w.does(&wang, bus, Ask::ChangeInfo(release.chosen_parts(), Box::new(release))).await;
        assert_eq!(environment(w, &label).await, of_live, "not before it is approved");
        w.approves(&w.request_of("limin").await, bus).await;
        assert_eq!(environment(w, &label).await, "window.__APP_ENV__ = Object.freeze({});\n");
        let page = detail(&w.engine, &zhao, bus).await.unwrap();
        assert_eq!((page.test_parameters.len(), page.registration.parameters.len()), (1, 0));
        let done = history(&w.engine, &zhao, bus, &HistoryQuery::default()).await.unwrap();
        assert!(done.rows.iter().any(|row| row.word == "修改测试值" && row.who == "赵磊"));
    }

    async fn unknown_paths_answer_as_the_front_routing_says(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let wang = w.request_of("wangjianguo").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        w.runs_jobs().await;
        let label = version::present_preview(&w.engine, &wang, id).await.unwrap().unwrap().label;
        let answers = async || {
            let Found::Site(site) = hosting::find(&w.engine, &label, None).await.unwrap() else { panic!("it is there") };
            ["/", "/a.js", "/lines/7", "/lost.js"].map(|path| site.resolve(path).is_some())
        };
        assert_eq!(answers().await, [true, true, true, false]);
        let registered = w.granted(&wang, bus).await.unwrap().registration().unwrap();
        let hash = Registration { front_routing: "hash".to_owned(), ..Registration::of(&registered) };
        w.does(&wang, bus, Ask::Correct(Box::new(hash.clone()))).await;
        assert_eq!(answers().await, [true, true, false, false], "in preview at once");
        w.makes_live(bus, id).await;
        let history = Registration { parts: vec!["release".to_owned()], front_routing: String::new(), ..hash };
        w.does(&wang, bus, Ask::ChangeInfo(history.chosen_parts(), Box::new(history))).await;
        assert_eq!(answers().await, [true, true, false, false], "not before it is approved");
        w.approves(&w.request_of("limin").await, bus).await;
        assert_eq!(answers().await, [true, true, true, false]);
    }

    async fn values_for_test_are_their_developers_business_and_checked(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let good = TestDraft { parameters: typed(&[("API", "1")]) };
        for (who, missing) in [("wangjianguo", false), ("limin", false), ("sunyue", true)] {
            let refused = save_test_parameters(&w.engine, &w.request_of(who).await, bus, &good).await.unwrap_err();
            assert_eq!(matches!(refused, Error::NotFound), missing, "{who}: {refused}");
            assert_eq!(matches!(refused, Error::Forbidden), !missing, "{who}: {refused}");
        }
        let zhao = w.request_of("zhaolei").await;
        let bad = TestDraft { parameters: typed(&[("A", ""), ("9", ""), ("A", "2"), ("B", &"x".repeat(2001))]) };
        let Err(Error::Invalid(errors)) = save_test_parameters(&w.engine, &zhao, bus, &bad).await else { panic!("it is wrong") };
        let places: Vec<_> = errors.iter().map(|error| (error.field, error.item)).collect();
        assert_eq!(places, [1, 2, 3].map(|item| (FieldId::TestParameters, Some(item))));
        save_test_parameters(&w.engine, &zhao, bus, &good).await.unwrap();
        let seen = w.facts(bus).await.version;
        save_test_parameters(&w.engine, &zhao, bus, &good).await.unwrap();
        assert_eq!(w.facts(bus).await.version, seen, "the same again changes nothing");
    }
}
