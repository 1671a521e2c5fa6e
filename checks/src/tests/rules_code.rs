//! Code rules: each with what it finds and what it leaves alone.

use super::*;

fn js(code: &str) -> Vec<String> {
    found("a.js", code)
}

fn none(code: &str) {
    assert_eq!(js(code), Vec::<String>::new(), "{code}");
}

fn rule(code: &str, id: &str) {
    let found = js(code);
    assert!(found.iter().any(|found| found.starts_with(id)), "{code}: {found:?}");
}

#[test]
fn eval() {
    assert_eq!(js("let a = 1;\n  eval('1')"), ["code/eval 2:3 eval"]);
    for code in [
        "window.eval('1')",
        "self['eval']('1')",
        "globalThis['ev' + 'al']('1')",
        "(0, eval)('1')",
        "const e = eval; e('1')",
        "const w = window; w.eval('1')",
        "const { eval: e } = window; e('1')",
        "top?.eval('1')",
        "[1].map(eval)",
        "window.window.eval(1)",
        "document.defaultView.eval(1)",
        "const k = 'eval'; window[k](1)",
    ] {
        rule(code, "code/eval");
    }
    for code in [
        "const o = { eval() {} }; o.eval()",
        "function f(eval2) { eval2() }",
        "'eval(1)'",
        "// eval(1)\n",
        "typeof eval",
        "(function (eval) { eval(1) })()",
        "x.evaluate(1)",
        "const r = /eval\\(1\\)/;",
    ] {
        none(code);
    }
}

#[test]
fn new_function() {
    assert_eq!(js("x = new Function('a', 'return a')"), ["code/new-function 1:9 Function"]);
    for code in [
        "Function('return this')()",
        "new window.Function('1')",
        "const F = Function; new F('1')",
        "[].constructor.constructor('1')()",
    ] {
        rule(code, "code/new-function");
    }
    for code in [
        "x instanceof Function",
        "Function.prototype.call.call(f)",
        "function Function2() {}",
        "class Function {} new Function()",
    ] {
        none(code);
    }
}

#[test]
fn document_write() {
    assert_eq!(js("document.write('x')"), ["code/document-write 1:1 document.write"]);
    for code in [
        "window.document.writeln(x)",
        "const d = document; d.write(x)",
        "document['wri' + 'te'](x)",
        "const w = document.write.bind(document); w(x)",
    ] {
        rule(code, "code/document-write");
    }
    for code in ["stream.write(x)", "function f(document) { document.write(x) }"] {
        none(code);
    }
}

#[test]
fn string_timers() {
    for code in [
        "setTimeout('go()', 1)",
        "window.setInterval(`go(${x})`, 1)",
        "const c = 'go()'; setTimeout(c)",
        "setTimeout('go(' + x + ')')",
    ] {
        rule(code, "code/string-timer");
    }
    for code in ["setTimeout(go, 1)", "setTimeout(() => go('x'), 1)", "o.setTimeout('x')"] {
        none(code);
    }
}

#[test]
fn debugger_and_service_worker() {
    assert_eq!(js("function f() { debugger; }"), ["code/debugger 1:16 debugger;"]);
    for code in
        ["navigator.serviceWorker.register('/sw.js')", "const s = window.navigator.serviceWorker; s.register('/s')"]
    {
        rule(code, "code/service-worker");
    }
    none("registry.register('x')");
}

#[test]
fn html_injection() {
    for code in [
        "el.innerHTML = x",
        "el['outerHTML'] += x",
        "el.insertAdjacentHTML('beforeend', x)",
        "h('div', { dangerouslySetInnerHTML: { __html: x } })",
        "const a = <div dangerouslySetInnerHTML={{ __html: x }} />;",
        "el.innerHTML = `<b>${x}</b>`",
        "const a = <div innerHTML={x} />;",
        "const a = <div v-html={x}></div>;",
        "const a = <iframe srcDoc={`<b>${x}</b>`} />;",
    ] {
        rule(code, "code/html-injection");
    }
    for code in [
        "el.innerHTML = '<b>x</b>'",
        "const t = '<b>'; el.innerHTML = t + '</b>'",
        "el.insertAdjacentHTML('beforeend', '<i></i>')",
        "const a = <div dangerouslySetInnerHTML={{ __html: '<b>x</b>' }} />;",
        "x = el.innerHTML",
        "const a = <div innerHTML='<b>x</b>' />;",
        "const a = <div innerHTML={'<b>x</b>'} />;",
        "const a = <Editor html={x} />;",
        "el.innerHTML = ''",
    ] {
        none(code);
    }
}

#[test]
fn scripts_in_pages_and_attributes() {
    let page = GOOD_PAGE.replace("<p>好</p>", "<p>好</p>\n<script>\nvar a;\neval(a)\n</script><b onclick=\"eval('1')\"></b><a href=\"java&#10;script:eval(1)\">x</a>");
    let found = found("b.html", &page);
    assert_eq!(found, ["code/eval 11:1 eval", "code/eval 12:22 eval", "code/eval 12:46 eval"]);
    let data = GOOD_PAGE.replace("<p>好</p>", "<script type=\"application/json\">{\"a\": \"eval(1)\"}</script>");
    assert_eq!(super::found("b.html", &data), Vec::<String>::new());
}

#[test]
fn svg_and_vue() {
    assert_eq!(
        found("a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>eval(1)</script></svg>"),
        ["code/eval 1:49 eval"]
    );
    assert_eq!(found("a.svg", "<svg><script><![CDATA[\neval(1)]]></script></svg>"), ["code/eval 2:1 eval"]);
    let component = "<template>\n  <textarea/>\n  <p v-html=\"text\"></p><p v-html=\"'<b>x</b>'\"></p>\n</template>\n\
        <script setup lang=\"ts\">\nconst a: string = eval('1');\n</script>\n<style scoped>\n.a { color: red }\n</style>\n";
    let found = found("A.vue", component);
    assert!(found.contains(&"code/eval 6:19 eval".to_owned()), "{found:?}");
    let component = component.replace("<textarea/>", "");
    assert_eq!(super::found("A.vue", &component), ["code/html-injection 3:14 v-html=\"text\"", "code/eval 6:19 eval"]);
}

#[test]
fn html_as_a_property_in_vue_templates() {
    let component = |attribute: &str| found("A.vue", &format!("<template>\n  <p {attribute}></p>\n</template>\n"));
    for attribute in [
        ":innerHTML=\"text\"",
        "v-bind:innerHTML=\"text\"",
        ":innerHTML.prop=\"text\"",
        ".innerHTML=\"text\"",
        ":inner-html=\"text\"",
        ":srcdoc=\"text\"",
    ] {
        let found = component(attribute);
        assert!(found.len() == 1 && found[0].starts_with("code/html-injection 2:"), "{attribute}: {found:?}");
    }
    for attribute in [":innerHTML=\"'<b>x</b>'\"", "innerHTML=\"text\"", ":inner=\"text\"", ":title.innerHTML=\"text\""]
    {
        assert_eq!(component(attribute), Vec::<String>::new(), "{attribute}");
    }
}

#[test]
fn images_in_vue_templates_and_jsx() {
    let vue = "<template>\n  <img :src=\"logo\">\n  <img :src=\"logo\" :alt=\"name\"><img src=\"a.png\" alt=\"\"><img v-bind=\"all\"/>\n</template>\n";
    assert_eq!(found("A.vue", vue), ["listing/img-alt 2:3 "]);
    assert_eq!(js("const a = <img src='a.png' />;"), ["listing/img-alt 1:11 <img src='a.png' />"]);
    assert_eq!(
        found("a.tsx", "export const A = () => <p>{b && <img src={c}></img>}</p>;"),
        ["listing/img-alt 1:33 <img src={c}>"]
    );
    for code in [
        "const a = <img src={b} alt='' />;",
        "const a = <img {...b} />;",
        "const a = <img aria-label={b} />;",
        "const a = <Img src='a.png' />;",
        "const a = '<img>';",
    ] {
        none(code);
    }
}

#[test]
fn typescript_and_jsx() {
    assert_eq!(found("a.ts", "const a = eval('1') as string; enum E { A }"), ["code/eval 1:11 eval"]);
    assert_eq!(found("a.tsx", "export const A = () => <p>{eval('1')}</p>;"), ["code/eval 1:28 eval"]);
    assert_eq!(found("a.d.ts", "declare const a: string;"), Vec::<String>::new());
}

#[test]
fn what_does_not_parse() {
    assert_eq!(js("const = 1;"), ["code/syntax 1:7 "]);
    // Old scripts do.
    none("var a = 010; with (a) { b }");
    none("<!-- old\nvar a;");
    none("return 1;");
    assert_eq!(js(&"(".repeat(100_000)), ["code/not-checked 1:1 "]);
}

#[test]
fn source_maps() {
    assert_eq!(found("a.js.map", r#"{"version":3,"mappings":"AAAA"}"#), ["code/source-map a.js.map"]);
    assert_eq!(js("x;\n//# sourceMappingURL=data:application/json;base64,e30="), ["code/source-map a.js"]);
    none("x;\n//# sourceMappingURL=a.js.map");
}
