//! Stories of imports: a site's departments, people, systems and roles from tables (that of the stock list: `stock/tests.rs`).

use super::*;
use crate::account;
use crate::application_system;
use crate::department;
use crate::export::Format;
use crate::store::audit_event;
use crate::world::{World, both};
use domain::Role;
use domain::query::{AuditQuery, PersonQuery};

impl World {
    async fn takes(&self, ctx: &Ctx, kind: ImportKind, table: &str) -> ImportReport {
        let head = kind.headings().join(",");
        import(&self.engine, ctx, kind, "表.csv", format!("{head}\n{table}").into()).await.unwrap()
    }
}

/// Why each row that was not taken over was not.
fn why(report: &ImportReport) -> Vec<&str> {
    report.lines.iter().map(|line| line.why.as_str()).filter(|why| !why.is_empty()).collect()
}

both! {
    async fn departments_people_and_systems_come_from_tables(w: World) {
        let (feng, chu) = (w.request_of("fengxue").await, w.request_of("chuqiang").await);
        let report = w.takes(&feng, ImportKind::Departments, "GO_1,宁波市教育局,宁波市\nGO_2,温州市教育局,330300\n").await;
        assert_eq!(report.counts, [2, 0, 0, 0, 0]);
        let people = "qian,钱多,宁波市教育局,13911112222,q@example.gov.cn,100135\nzhu,朱明,,,,\n";
        assert_eq!(w.takes(&feng, ImportKind::Accounts, people).await.counts, [2, 0, 0, 0, 0]);
        let systems = "学籍系统,School Roll,GO_1,宁波市,qian、zhu\n";
        assert_eq!(w.takes(&feng, ImportKind::Systems, systems).await.counts, [1, 0, 0, 0, 0]);
        let roles = "qian,政府工作人员,\nzhu,审核人员,宁波市\nzhu,审核人员,浙江省\n";
        assert_eq!(w.takes(&chu, ImportKind::Roles, roles).await.counts, [3, 0, 0, 0, 0]);
        // Again: nothing changes.
        for (ctx, kind, table) in [(&feng, ImportKind::Accounts, people), (&feng, ImportKind::Systems, systems), (&chu, ImportKind::Roles, roles)] {
            let report = w.takes(ctx, kind, table).await;
            assert_eq!(report.counts[2], report.lines.len(), "{kind:?}");
            assert_eq!(last_report(&w.engine, ctx, kind).await.unwrap(), Some(report));
        }
        let qian = w.request_of("qian").await;
        let mine = application_system::list(&w.engine, &qian, "", None).await.unwrap();
        assert_eq!(mine.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["学籍系统"]);
        assert_eq!((mine.rows[0].department.as_str(), mine.all), ("宁波市教育局", false));
        assert_eq!(mine.rows[0].administrators, Vec::<String>::new());
        // The system administrator sees all, and who administers them.
        let all = application_system::list(&w.engine, &feng, "school", None).await.unwrap();
        assert_eq!((all.total, all.all, all.rows[0].administrators.join("、")), (1, true, "钱多、朱明".to_owned()));
        let demo = application_system::list(&w.engine, &feng, "", None).await.unwrap();
        assert!(demo.total > 1 && demo.rows.iter().any(|row| row.administrators.iter().any(|name| name == "王建国")));
        let found = department::list(&w.engine, &feng, "宁波", None).await.unwrap();
        let [row] = &found.rows[..] else { panic!("{found:?}") };
        assert_eq!((row.dingtalk_id.as_str(), row.systems, row.people, found.total), ("GO_1", 1, 1, 1));
        assert_eq!(department::list(&w.engine, &feng, "go_2", None).await.unwrap().rows[0].name, "温州市教育局");
        for who in [&chu, &qian] {
            assert!(matches!(department::list(&w.engine, who, "", None).await, Err(Error::Forbidden)));
        }
        assert_eq!(w.request_of("zhu").await.person().unwrap().roles, domain::RoleSet::of(&[Role::Reviewer]));
    }

    async fn departments_are_paged_by_name(w: World) {
        let feng = w.request_of("fengxue").await;
        let table: String = (10..55).map(|n| format!("GO_{n},第{n}小学,宁波市\n")).collect();
        w.takes(&feng, ImportKind::Departments, &table).await;
        let (mut names, mut after) = (Vec::new(), None::<String>);
        loop {
            let page = department::list(&w.engine, &feng, "小学", after.as_deref()).await.unwrap();
            assert_eq!(page.total, 45);
            names.extend(page.rows.into_iter().map(|row| row.name));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(names, (10..55).map(|n| format!("第{n}小学")).collect::<Vec<_>>());
    }

    async fn rows_that_change_are_changed_and_empty_cells_leave_what_was(w: World) {
        let feng = w.request_of("fengxue").await;
        let (token, id) = (w.token_of("zhaolei").await, w.id_of("zhaolei").await);
        let report = w.takes(&feng, ImportKind::Accounts, "zhaolei,赵磊磊,,,,\n").await;
        assert_eq!(report.counts, [0, 1, 0, 0, 0]);
        let kept = account::form(&w.engine, &feng, Some(id), false).await.unwrap().draft;
        assert_eq!((kept.name.as_str(), kept.mobile.as_str()), ("赵磊磊", "13800000001"));
        assert!(w.request_with(&token).await.signed_in.is_some());
        w.takes(&feng, ImportKind::Accounts, "zhaolei,赵磊磊,,13999990000,,\n").await;
        assert!(w.request_with(&token).await.signed_in.is_none(), "another number asks again");
        // The table says who administers it: who is not in it any more loses it.
        let he = w.request_of("hemin").await;
        let before = application_system::list(&w.engine, &he, "", None).await.unwrap().total;
        w.takes(&feng, ImportKind::Systems, "公共交通出行服务系统,Bus,GO_330100_0017,杭州市,wangjianguo\n").await;
        assert_eq!(application_system::list(&w.engine, &he, "", None).await.unwrap().total, before - 1);
    }

    async fn a_row_that_is_wrong_says_why_and_the_others_are_taken(w: World) {
        let (feng, chu) = (w.request_of("fengxue").await, w.request_of("chuqiang").await);
        let report = w
            .takes(
                &feng,
                ImportKind::Accounts,
                "new1,新人,,,,\nnew1,又一个,,,,\nnew2,新人,没有的局,,,\nnew3,新人,,13800000002,,\nchuqiang,改名,,,,\nnew4,,,12,,\n",
            )
            .await;
        assert_eq!(report.counts, [1, 0, 0, 1, 4]);
        let said = why(&report);
        for (at, part) in [(0, "第 2 行重复"), (1, "请先导入部门"), (2, "已属于账号 sunyue"), (3, "管理员的账号"), (4, "缺少姓名")] {
            assert!(said[at].contains(part), "{said:?}");
        }
        let report = w.takes(&feng, ImportKind::Departments, "GO_9,杭州市交通运输局,杭州市\nGO_8,某局,火星\n").await;
        assert!(why(&report)[0].contains("已有另一个浙政钉ID") && why(&report)[1].contains("没有区域"), "{report:?}");
        let report = w.takes(&feng, ImportKind::Systems, "新系统,New,GO_9,杭州市,wangjianguo\n新系统,New,GO_330100_0017,杭州市,nobody1\n").await;
        assert!(why(&report)[0].contains("请先导入部门") && why(&report)[1].contains("重复"), "{report:?}");
        let report = w
            .takes(&chu, ImportKind::Roles, "weiping,政府工作人员,\nhemin,审计员,\nchuqiang,政府工作人员,\nhemin,审核人员,\nnobody1,开发商,\nhemin,开发商,\n")
            .await;
        assert_eq!(report.counts, [1, 0, 0, 0, 5], "{report:?}");
        // Those that were taken are there, the others are not.
        let all = account::list(&w.engine, &feng, &PersonQuery { keyword: "new".to_owned(), ..PersonQuery::default() }).await.unwrap();
        assert_eq!(all.rows.iter().map(|row| row.account.as_str()).collect::<Vec<_>>(), ["new1"]);
    }

    async fn rules_are_imported_all_or_none(w: World) {
        let chu = w.request_of("chuqiang").await;
        let table = "10,数浙运营人员：hemin → 浙江省审核人员（任意 2 人）,服务侧,发布、升级,,,GO_330100_0017\n\
            20,建设部门所在市审核人员（会签）,,,,,\n";
        let wrong = w.takes(&chu, ImportKind::Routes, &format!("{table}20,浙江省审核人员,,,,,\n30,浙江省审核人员,中间,,,,\n")).await;
        assert_eq!(wrong.counts, [0, 0, 0, 1, 3], "{wrong:?}");
        for (at, part) in [(0, "没有叫「hemin」的"), (1, "整张表"), (2, "第 3 行重复"), (3, "侧不能是「中间」")] {
            assert!(why(&wrong)[at].contains(part), "{wrong:?}");
        }
        let page = async || crate::routing::page(&w.engine, &chu, None, false).await.unwrap();
        assert_eq!(page().await.number, 0, "nothing of it was taken");
        let unknown = w.takes(&chu, ImportKind::Routes, "1,浙江省审核人员,,,,,GO_X\n").await;
        assert!(unknown.failed.unwrap().contains("GO_X"));
        let table = table.replace("数浙运营人员：hemin", "李敏（limin）");
        assert_eq!(w.takes(&chu, ImportKind::Routes, &table).await.counts, [2, 0, 0, 0, 0]);
        let now = page().await;
        assert_eq!((now.number, now.draft.routes.len(), now.draft.takes[0].as_str()), (1, 2, "first"));
        assert_eq!(
            now.draft.routes[0].sentence(),
            "服务侧 · 发布、升级 · 部门 GO_330100_0017：李敏（limin）（或签） → 浙江省审核人员（任意 2 人）"
        );
        assert_eq!(w.takes(&chu, ImportKind::Routes, &table).await.counts, [0, 0, 2, 0, 0]);
        assert_eq!(page().await.number, 1, "the same rules are no new version");
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let of = |action: &str| events.iter().filter(|event| event.action == action).count();
        assert_eq!((of("routing.import"), of("routing.change")), (4, 1));
    }

    async fn each_row_is_found_in_the_audit_log_by_what_it_changed(w: World) {
        let (feng, chu) = (w.request_of("fengxue").await, w.request_of("chuqiang").await);
        w.takes(&feng, ImportKind::Departments, "GO_1,宁波市教育局,宁波市\nGO_2,温州市教育局,330300\n").await;
        w.takes(&feng, ImportKind::Accounts, "qian,钱多,宁波市教育局,13911112222,,\nzhu,朱明,,,,\n").await;
        w.takes(&feng, ImportKind::Accounts, "qian,钱多多,,,,\nzhu,朱明,,,,\n").await;
        w.takes(&feng, ImportKind::Systems, "学籍系统,School Roll,GO_1,宁波市,qian、zhu\n").await;
        w.takes(&chu, ImportKind::Roles, "qian,政府工作人员,\n").await;
        let auditor = w.request_of("weiping").await;
        let about = async |object: &str| -> Vec<(String, String)> {
            let query = AuditQuery { object: object.to_owned(), ..AuditQuery::default() };
            let page = audit::list(&w.engine, &auditor, &query).await.unwrap();
            let rows = page.rows.into_iter().filter(|row| row.action.ends_with(".import"));
            rows.map(|row| (row.word, row.changes.iter().map(|it| it.after.clone()).collect())).collect()
        };
        let words = |rows: Vec<(String, String)>| rows.into_iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(words(about("qian").await), ["导入角色", "导入账号", "导入账号"]);
        assert_eq!(words(about("zhu").await), ["导入账号"], "what stayed as it was has no row");
        assert!(about("钱多多").await[1].1.contains("钱多多"), "with what it says now");
        assert_eq!(words(about("宁波市教育局").await), ["导入部门"]);
        assert_eq!(words(about("GO_2").await), ["导入部门"]);
        assert_eq!(words(about("school").await), ["导入应用系统"]);
    }

    async fn what_looks_like_a_formula_is_a_text_from_its_import_to_its_export(w: World) {
        let feng = w.request_of("fengxue").await;
        let formulas = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)"];
        let rows: String = formulas.iter().zip(1..).map(|(name, n)| format!("f{n},\"{name}\",,,,\n")).collect();
        assert_eq!(w.takes(&feng, ImportKind::Accounts, &rows).await.counts, [4, 0, 0, 0, 0]);
        let query = PersonQuery { keyword: "f1".to_owned(), ..PersonQuery::default() };
        let kept = account::list(&w.engine, &feng, &query).await.unwrap();
        assert_eq!(kept.rows[0].name, formulas[0], "as it was typed");

        // Of a workbook, too, and its formulas are what they show.
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (column, heading) in (0..).zip(ImportKind::Accounts.headings()) {
            sheet.write_string(0, column, *heading).unwrap();
        }
        sheet.write_string(1, 0, "g1").unwrap().write_string(1, 1, formulas[0]).unwrap();
        let shown = rust_xlsxwriter::Formula::new("=HYPERLINK(\"https://evil.example\")").set_result("显示");
        sheet.write_string(2, 0, "g2").unwrap().write_formula(2, 1, shown).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let report = import(&w.engine, &feng, ImportKind::Accounts, "表.xlsx", bytes.into()).await.unwrap();
        assert_eq!(report.counts, [2, 0, 0, 0, 0], "{report:?}");
        let query = PersonQuery { keyword: "g".to_owned(), ..PersonQuery::default() };
        let mut names: Vec<_> = account::list(&w.engine, &feng, &query).await.unwrap().rows;
        names.retain(|row| row.account.starts_with('g'));
        names.sort_by(|a, b| a.account.cmp(&b.account));
        assert_eq!(names.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), [formulas[0], "显示"]);

        // The audit log has all of it, and its export no cell that a spreadsheet runs.
        let auditor = w.request_of("weiping").await;
        let made = audit::export(&w.engine, &auditor, &AuditQuery::default(), Format::Csv).await.unwrap();
        let text = String::from_utf8(made.bytes).unwrap();
        assert!(text.contains("cmd|"), "{text}");
        let mut cells = csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        for row in cells.records() {
            for cell in &row.unwrap() {
                assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell}");
            }
        }
    }

    async fn a_file_that_fails_midway_changes_nothing(w: World) {
        let feng = w.request_of("fengxue").await;
        let missing = import(&w.engine, &feng, ImportKind::Accounts, "x.csv", "账号,姓名\nnew1,某\n".into()).await.unwrap();
        assert!(missing.failed.unwrap().contains("部门、手机号、邮箱、人员浙政钉ID"));
        let none = import(&w.engine, &feng, ImportKind::Accounts, "x.xlsx", "PK\u{3}\u{4}".into()).await.unwrap();
        assert!(none.failed.is_some());
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.action == "account.import").count(), 2, "each try is noted");
        let wang = w.request_of("wangjianguo").await;
        for kind in ImportKind::ALL {
            let refused = import(&w.engine, &wang, kind, "x.csv", "a\nb\n".into()).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{kind:?}");
        }
    }
}
