//! 外链检查: where addresses stand and how they can be hidden.

use super::*;
use crate::links::LinkReport;

fn report(path: &str, text: &str) -> LinkReport {
    let file = ServedFile { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
    check_links([Ok::<_, ()>(file)], &AllowList::default()).unwrap()
}

fn hosts(path: &str, text: &str) -> Vec<String> {
    report(path, text).hosts.into_iter().map(|host| host.host).collect()
}

#[test]
fn a_host_is_found_behind_however_many_addresses_of_another() {
    let many = "<a href=https://a.test/>x</a>\n".repeat(20_001);
    let found = report("index.html", &format!("{many}<a href=https://evil.test/>x</a>"));
    let hosts: Vec<_> = found.hosts.iter().map(|host| (host.host.as_str(), host.count)).collect();
    assert_eq!(hosts, [("a.test", 20_000), ("evil.test", 1)]);
}

#[test]
fn what_is_not_looked_into_is_counted_and_has_no_addresses() {
    let text = "<a href=https://evil.test/>x</a>";
    for path in ["a.png", "a.woff2", "LICENSE", "a.map"] {
        let found = report(path, text);
        assert_eq!((crate::links::looks_into(path), found.files, found.hosts.len()), (false, 1, 0), "{path}");
    }
    for path in ["a.html", "a.svg", "a.vue", "A.HTM"] {
        assert!(crate::links::looks_into(path) && hosts(path, text) == ["evil.test"], "{path}");
    }
    assert!(["a.css", "a.js", "a.ts", "a.json"].into_iter().all(crate::links::looks_into));
}

#[test]
fn attributes() {
    for html in [
        "<img src=https://evil.test/a.png>",
        "<script src=\"//evil.test/a.js\"></script>",
        "<a href='HTTPS://EVIL.TEST'>x</a>",
        "<img srcset=\"a.png 1x, https://evil.test/b.png 2x\">",
        "<p style=\"background:url(//evil.test/a)\">",
        "<meta http-equiv=refresh content=\"0; url=https://evil.test/\">",
        "<form action=\"https&colon;&sol;&sol;evil.test\">",
        "<img src=\"ht&#9;tps:\\\\evil.test\">",
        "<video poster=\" https://evil.test/x\">",
        "<a href=\"javascript:open('https://evil.test')\">x</a>",
        "<b onclick=\"location='//evil.test/'\">",
        "<iframe srcdoc=\"<img src='//evil.test/a'>\"></iframe>",
        "<noscript><img src=//evil.test/a></noscript>",
        "<style>@import '//evil.test/a.css';</style>",
        "<script>fetch('https://evil.test')</script>",
        "<a href=https://user:pw@evil.test:8443/x>x</a>",
        "<a href=https:///evil.test>x</a>",
        "<svg><image xlink:href=\"https://evil.test/a.svg\"/></svg>",
        "<a ping=\"/x https://evil.test/p\">x</a>",
        "<link rel=preload imagesrcset=\"//evil.test/a 1x\">",
        "<p :style=\"{ background: 'url(//evil.test/x)' }\">",
    ] {
        assert_eq!(hosts("a.html", html), ["evil.test"], "{html}");
    }
    for html in [
        "<a href=/x>x</a>",
        "<a href=x//y>x</a>",
        "<p>see https://evil.test</p>",
        "<!-- https://evil.test -->",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
        "<img src=data:image/png;base64,//x.y/>",
        "<a href=mailto:a@evil.test>x</a>",
    ] {
        assert_eq!(hosts("a.html", html), Vec::<String>::new(), "{html}");
    }
}

#[test]
fn styles() {
    for css in [
        "a { background: url(https://evil.test/a.png) }",
        "@import \"//evil.test/a.css\";",
        "@import url('https://evil.test/a.css') screen;",
        "@media print { a { b { background: image-set(\"https://evil.test/a\" 1x) } } }",
        "a { --x: url( //evil.test ) }",
        "@font-face { src: url(\\68ttps://evil.test/f.woff2) }",
    ] {
        assert_eq!(hosts("a.css", css), ["evil.test"], "{css}");
    }
    assert_eq!(hosts("a.css", "/* https://evil.test */ a { background: url(a.png) }"), Vec::<String>::new());
}

#[test]
fn scripts() {
    for js in [
        "fetch('https://evil.test/a')",
        "fetch('https:' + '//' + 'evil' + '.test' + '/a')",
        "fetch(`https://evil.test/${a}`)",
        "const h = 'evil'; const u = `https://${h}.test/`;",
        "const s = 'https:'; let h = 'evil.test'; x(s + '//' + h + '/' + y)",
        "x(['https:', '', 'evil.test', p].join('/'))",
        "x('https:'.concat('//evil', '.test'))",
        "new WebSocket('wss://evil.test')",
        "import('https://evil.test/a.js')",
        "x = '\\x68ttps://evil.test'",
        "x = y + 'https://evil.test/' + z",
        "el.innerHTML = '<img src=\"//evil.test/a\">'",
        "x('//evil.test')",
        "x('https:\\\\\\\\evil.test')",
        "x('https://good.test@evil.test/')",
        "const { a } = b; x('https://evil.test' + a)",
        "export { a } from 'https://evil.test/a.js'",
        "const a = <img src=\"//evil.test/a\" />;",
    ] {
        assert_eq!(hosts("a.js", js), ["evil.test"], "{js}");
    }
    for js in [
        "x('http://www.w3.org/2000/svg')",
        "// https://evil.test\n",
        "x('a//b')",
        "x('https://')",
        "s.startsWith('https://')",
        "x('see // this')",
        "warn(`https://vuejs.org/error-reference/#runtime-${a}`)",
        "let h = 'evil'; h = y; x('a' + h + '.test')",
    ] {
        assert_eq!(hosts("a.js", js), Vec::<String>::new(), "{js}");
    }
}

#[test]
fn hosts_as_browsers_have_them() {
    assert_eq!(hosts("a.js", "x('https://例子.测试/')"), ["xn--fsqu00a.xn--0zwm56d"]);
    assert_eq!(hosts("a.js", "x('https://0x7f.1/')"), ["127.0.0.1"]);
    assert_eq!(hosts("a.js", "x('https://[::1]:80/')"), ["[::1]"]);
    assert_eq!(hosts("a.js", "x('https://EVIL.test.:443/')"), ["evil.test"]);
}

#[test]
fn what_is_decided_at_run_time() {
    let report = report("a.js", "fetch('https://' + host + '/a');\nfetch(`//cdn.${x}/a`); fetch('https://a.' + x)");
    assert_eq!(report.hosts, []);
    let places: Vec<_> =
        report.undecided.iter().map(|place| (place.line, place.column, place.address.as_str())).collect();
    assert_eq!(places, [(1, 7, "https://"), (2, 7, "//cdn."), (2, 30, "https://a.")]);
    assert!(report.passes());
}

#[test]
fn places_and_counts() {
    let report = report("js/a.js", "\n\n  go('https://b.test/x', 'https://a.test/');\ngo('https://b.test/y')");
    assert_eq!(report.hosts[0].host, "a.test");
    let b = &report.hosts[1];
    assert_eq!((b.count, b.allowed), (2, false));
    assert_eq!((b.places[0].line, b.places[0].column, b.places[0].address.as_str()), (3, 6, "https://b.test/x"));
    assert!(!report.passes());
}

#[test]
fn the_allow_list() {
    let list =
        AllowList::new(["Map.example.gov.cn", "*.zj.gov.cn", "*.com", "*", "https://x.test/", "例子.测试", "a b"]);
    assert_eq!(list.hosts(), ["*.zj.gov.cn", "map.example.gov.cn", "xn--fsqu00a.xn--0zwm56d"]);
    assert!(list.has("map.example.gov.cn") && list.has("a.b.zj.gov.cn"));
    assert!(!list.has("zj.gov.cn") && !list.has("evilzj.gov.cn") && !list.has("x.map.example.gov.cn"));
}

#[test]
fn scripts_that_do_not_parse_are_searched() {
    let report = report("a.js", "const = 'https://evil.test/'");
    assert_eq!(report.hosts[0].host, "evil.test");
    assert_eq!(report.unparsed, ["a.js"]);
    assert_eq!(hosts("site.webmanifest", r#"{"start_url":"https://evil.test/"}"#), ["evil.test"]);
}

#[test]
fn vue_components() {
    let component = "<template><img :src=\"'https://a.test/' + x\"></template>\n<script lang=\"ts\">\nconst b: string = 'https://b.test/'\n</script>\n<style>\na { background: url(//c.test/) }\n</style>";
    assert_eq!(hosts("A.vue", component), ["a.test", "b.test", "c.test"]);
}
