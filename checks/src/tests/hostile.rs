//! Hostile input: never a panic, never more than the limits, never without end.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

/// All tests of this crate take eight seconds on two cores.
const AT_MOST: Duration = Duration::from_secs(60);

fn take(bytes: Vec<u8>) {
    let limits = Limits::default();
    if let Ok(mut package) = read_package(Cursor::new(bytes), &limits, &mut Unwatched) {
        assert!(package.files().len() <= limits.entries as usize);
        for file in package.files().to_vec() {
            if let Ok(content) = package.read(&file) {
                assert_eq!(content.len() as u64, file.bytes);
            }
        }
        let _ = check_source(&mut package, &Severities::default(), &mut Unwatched);
    }
}

fn check_text(path: &str, text: &[u8]) {
    let limits = Limits { ratio: u32::MAX, ..Limits::default() };
    let mut package =
        read_package(Cursor::new(static_zip().with(path, text).bytes()), &limits, &mut Unwatched).unwrap();
    let report = check_source(&mut package, &Severities::default(), &mut Unwatched).unwrap();
    assert!(report.findings.len() <= 500);
    for finding in &report.findings {
        assert!(finding.excerpt.len() <= 3);
        assert!(finding.excerpt.iter().all(|line| line.text.chars().count() <= 200));
    }
    let file = ServedFile { path: path.to_owned(), bytes: text.to_vec() };
    check_links([Ok::<_, ()>(file)], &AllowList::default()).unwrap();
}

/// Pieces that grammars stumble over.
fn scraps() -> impl Strategy<Value = String> {
    let scraps = [
        "<",
        ">",
        "</",
        "/>",
        "script",
        "style",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "'",
        "\"",
        "`",
        "${",
        "}",
        "{",
        "(",
        ")",
        "[",
        "]",
        "//",
        "/*",
        "*/",
        "https:",
        "//evil.test",
        "&#x",
        "&amp;",
        "\\",
        "\n",
        " ",
        "=",
        "eval",
        "url(",
        "@import",
        "好",
        "\u{202e}",
        "\0",
        "?.",
        "=>",
        "async ",
        "class ",
        "function ",
        "<![CDATA[",
        "]]>",
        "v-html=",
        "<template>",
        "+",
        "a",
        "1",
        ";",
        "in ",
        "/",
        "password: ",
        "-----BEGIN ",
    ];
    prop::collection::vec(prop::sample::select(scraps.to_vec()), 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        take(bytes.clone());
        take([b"PK\x05\x06".as_slice(), &bytes].concat());
        take([bytes.as_slice(), b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2e\0\0\0\0\0\0\0\0\0"].concat());
    }

    #[test]
    fn mutated_zips(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), whole in any::<bool>()) {
        let mut bytes = if whole { static_zip().with("a/b.html", "<p>x").bytes() } else { raw_zip(&[raw("index.html"), raw("a/"), raw("a/b")]) };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        take(bytes);
    }

    #[test]
    fn random_text(text in scraps(), kind in prop::sample::select(vec!["js", "ts", "tsx", "vue", "html", "css", "svg", "json", "txt"])) {
        check_text(&format!("x.{kind}"), text.as_bytes());
    }

    #[test]
    fn random_bytes_as_text(bytes in prop::collection::vec(any::<u8>(), 0..200), kind in prop::sample::select(vec!["js", "vue", "html", "css"])) {
        check_text(&format!("x.{kind}"), &bytes);
    }
}

/// What recurses in a parser, just below and far above the limit, on the 2 MB of a test's thread.
#[test]
fn nesting() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("a=>", ""),
        ("!", ""),
        ("- ", ""),
        ("a?b:", ""),
        ("a=", ""),
        ("if(a)", ""),
        ("a+", ""),
        ("a.", ""),
        ("typeof ", ""),
        ("new ", ""),
        ("`${", "}`"),
        ("a**", ""),
        ("a(", ")"),
        ("x:", ""),
        ("else ", ""),
        ("function f(){", "}"),
        ("<a>", "</a>"),
        ("a||", ""),
        ("a??", ""),
        ("if(a){}else ", ""),
        ("for(;;)", ""),
        ("async()=>", ""),
        ("[a=", "]"),
        ("({a:", "})"),
        ("a?.", ""),
        ("a,", ""),
        ("class A extends (", "){}"),
        ("while(a)", ""),
        ("do ", " while(a)"),
        ("await ", ""),
        ("yield ", ""),
        ("a<", ""),
        ("let x:A<", ">"),
        ("a?(", ")"),
        ("(a=", ")"),
        ("a?(b):c=>", ""),
        ("(a,", ")=>1"),
        ("<T>(", ")"),
        ("async(", ")"),
    ] {
        for times in [300, 900, 3_000, 200_000] {
            let code = format!("{}a{}", open.repeat(times), close.repeat(times));
            check_text("x.js", code.as_bytes());
            if times < 10_000 {
                check_text("x.tsx", code.as_bytes());
                check_text("x.ts", code.as_bytes());
            }
        }
    }
    check_text("x.css", "a{(".repeat(100_000).as_bytes());
    check_text("x.html", "<div>".repeat(50_000).as_bytes());
    check_text("x.html", "<noscript>".repeat(1_000).as_bytes());
    check_text("x.json", "[".repeat(100_000).as_bytes());
}

/// Regular expressions and quotes that try to hide brackets from the guess.
#[test]
fn nesting_that_hides() {
    let deep = "(".repeat(100_000);
    for start in [
        "if (a) /'/.test(b);",
        "a = b / c; d = '/';",
        "x = {} / '",
        "`${`${1}`}`;",
        "/[/']/;",
        "a++ / 2; '\\''; ",
        "{}/'/;",
    ] {
        check_text("x.js", format!("{start}\n{deep}").as_bytes());
        check_text("x.js", format!("{start}{deep}").as_bytes());
    }
}

/// What a careless search would read again and again: ten thousand million bytes of each, which takes
/// minutes in a build that is not optimised. All of them together take seconds.
#[test]
fn nothing_is_quadratic() {
    let (many, begun) = (60_000, Instant::now());
    check_text("x.js", "/[".repeat(many).as_bytes());
    check_text("x.js", format!("x('{}')", "=//".repeat(many)).as_bytes());
    check_text("x.json", "\"password\":".repeat(many).as_bytes());
    check_text("x.html", format!("<a href=tel:1>{}", "<b>x".repeat(many)).as_bytes());
    check_text("x.html", "<a onclick=a//>".repeat(many).as_bytes());
    check_text("x.html", format!("<meta {}>", "content=a ".repeat(many)).as_bytes());
    check_text("x.vue", "<script></script>".repeat(many).as_bytes());
    check_text("x.txt", "-----BEGIN ".repeat(many).as_bytes());
    check_text("x.txt", "eyJaaaaaaaaaaaaaa.".repeat(many).as_bytes());
    check_text("x.js", "eval(1);".repeat(many).as_bytes());
    check_text("x.css", "a{b:url(".repeat(many).as_bytes());
    let keys: Vec<String> = (0..20_000).rev().map(|n| format!("\"node_modules/{n}\": {{}}")).collect();
    check_text("package-lock.json", format!("{{\"packages\": {{{}}}}}", keys.join(",\n")).as_bytes());
    let took = begun.elapsed();
    assert!(took < AT_MOST, "{took:?}");
}

#[test]
fn names_that_double() {
    let mut code = "const a0 = 'https://x.test/';\n".to_owned();
    for n in 1..200 {
        code.push_str(&format!("const a{n} = a{} + a{};\n", n - 1, n - 1));
    }
    check_text("x.js", code.as_bytes());
}

#[test]
fn minified_files_of_megabytes() {
    let unit = "!function(e,t){var n=\"https://a.test/\"+e;t.x=n;for(var r=0;r<9;r++)t[r]=function(e){return e?1:2}}(window,{});";
    let code = unit.repeat(3 * 1024 * 1024 / unit.len());
    let file = ServedFile { path: "x.js".into(), bytes: code.clone().into_bytes() };
    let report = check_links([Ok::<_, ()>(file)], &AllowList::default()).unwrap();
    assert_eq!(report.hosts[0].host, "a.test");
    let limits = Limits { ratio: u32::MAX, ..Limits::default() };
    let zip = static_zip().with("x.js", code + "eval(1)");
    let mut package = read_package(Cursor::new(zip.bytes()), &limits, &mut Unwatched).unwrap();
    let report = check_source(&mut package, &Severities::default(), &mut Unwatched).unwrap();
    assert_eq!(report.findings.last().map(|f| f.rule), Some(Rule::Eval));
}
