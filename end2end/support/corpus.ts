import { type Entry, fixture, raw, zip } from "./zip.ts";

const PAGE = `<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width"><title>公交</title></head><body><h1>公交</h1></body></html>`;
const LOCK = `{"lockfileVersion":3,"packages":{"":{"name":"a"}}}`;
const KEY = "MIIEpAIBAAKCAQEA7bq2f1m3n5p7q9s1u3w5y7A9C1E3G5I7K9M1O3Q5S7U9W1Y3a5c7".repeat(2);

/** What it is, the package, and the rules that find something, in their order; a sentence where the package as such is bad. */
type Row = [what: string, buffer: Buffer, found: string[] | RegExp];

const page = (more: Record<string, Buffer | string>) => zip({ "index.html": PAGE, ...more });
const script = (code: string) => page({ "a.js": code });
const body = (html: string) => page({ "b.html": PAGE.replace("<h1>公交</h1>", html) });
const source = (more: Record<string, string>) =>
    zip({ "package.json": `{"name":"a","scripts":{"build":"vite build"}}`, "package-lock.json": LOCK, "index.html": PAGE, ...more });
const lock = (entry: string) => source({ "package-lock.json": `{"lockfileVersion":3,"packages":{"":{"name":"a"},"node_modules/b":${entry}}}` });
const other = (name: string, text: string) => zip({ "package.json": `{"name":"a","scripts":{"build":"vite build"}}`, [name]: text, "index.html": PAGE });
const beside = (...entries: Entry[]) => raw([{ name: "index.html", data: PAGE }, ...entries]);

/** Packages with what 源码检测 says of them: each rule, what only looks like it, and what is no package at all. */
export const CORPUS: Row[] = [
    ["a good one", page({ "main.js": "console.log('hello');" }), []],
    ["a good source", source({ "src/main.ts": "export const a: number = 1;" }), []],
    ["in one folder", zip({ "app/index.html": PAGE, "app/a.js": "1" }), []],
    ["a real static one", fixture("static-card"), []],
    ["a real one of Vite", fixture("bus-times"), ["licences/install-script"]],
    ["a real one of Vue", fixture("clinic-queue"), ["licences/install-script"]],
    ["node_modules", source({ "node_modules/a/index.js": "eval(1)" }), ["package/forbidden-folder"]],
    [".git", page({ "x/.git/HEAD": "1" }), ["package/forbidden-folder"]],
    ["a program", page({ "a.txt": "\x7fELF...." }), ["package/executable"]],
    ["a script of the shell", page({ "a.txt": "#!/bin/sh\n" }), ["package/server-script"]],
    ["PHP", page({ "a.php": "hello" }), ["package/server-script"]],
    ["two endings", page({ "a.pdf.html": "x" }), ["package/double-extension"]],
    ["our names", page({ "app-env.js": "1", "__x/a.txt": "1" }), ["package/reserved-name"]],
    ["no lock", zip({ "package.json": `{"scripts":{"build":"x"}}` }), ["package/no-lock"]],
    ["a private key", page({ "a.pem": `-----BEGIN RSA PRIVATE KEY-----\n${KEY}\n-----END RSA PRIVATE KEY-----\n` }), ["secrets/private-key"]],
    ["a public key", page({ "a.pem": `-----BEGIN PUBLIC KEY-----\n${KEY}\n-----END PUBLIC KEY-----\n` }), []],
    ["a token", script(`const k = "LTAI5tQ7mZk3Vx9BcW2nHs4d";`), ["secrets/token"]],
    ["no token", script(`const k = "LTAIxxxxxxxxxxxxxxxx";`), []],
    ["a password", page({ "config.json": `{"db_password":"Zj2024@gov"}` }), ["secrets/password"]],
    ["no password", page({ "config.json": `{"password":"请输入密码"}` }), []],
    [".env", page({ ".env.production": "A=1" }), ["secrets/env-file"]],
    [".env.example", page({ ".env.example": "A=1" }), []],
    ["an inner address", script("get('http://192.168.1.20:8080/')"), ["secrets/internal-address"]],
    ["eval", script("let a = 1;\n  eval('1')"), ["code/eval"]],
    ["eval by another name", script("globalThis['ev' + 'al']('1')"), ["code/eval"]],
    ["eval in a page", body("<script>\nvar a;\neval(a)\n</script>"), ["code/eval"]],
    ["eval in an attribute", body(`<b onclick="eval('1')">x</b>`), ["code/eval"]],
    ["eval in a drawing", page({ "a.svg": "<svg><script><![CDATA[\neval(1)]]></script></svg>" }), ["code/eval"]],
    ["eval in TypeScript", source({ "src/a.ts": "const a = eval('1') as string; enum E { A }" }), ["code/eval"]],
    ["eval in a component", source({ "src/A.vue": "<template><p/></template>\n<script>\nconst a = eval('1');\n</script>\n" }), ["code/eval"]],
    ["evaluate", script("x.evaluate(1); 'eval(1)'; // eval(1)\n"), []],
    ["Function", script("x = new Function('a', 'return a')"), ["code/new-function"]],
    ["Function through a list", script("[].constructor.constructor('1')()"), ["code/new-function"]],
    ["a class of that name", script("class Function {} new Function()"), []],
    ["document.write", script("const d = document; d.write(x)"), ["code/document-write"]],
    ["a stream that writes", script("stream.write(x)"), []],
    ["a timer of text", script("setTimeout('go(' + x + ')')"), ["code/string-timer"]],
    ["a timer", script("setTimeout(() => go('x'), 1)"), []],
    ["debugger", script("function f() { debugger; }"), ["code/debugger"]],
    ["HTML of others", script("el.innerHTML = `<b>${x}</b>`"), ["code/html-injection"]],
    ["HTML as a property in a component", source({ "src/A.vue": `<template><p :innerHTML="text"></p></template>\n` }), ["code/html-injection"]],
    ["HTML of our own in a component", source({ "src/A.vue": `<template><p :innerHTML="'<b>x</b>'"></p></template>\n` }), []],
    ["HTML as a property in JSX", source({ "src/a.tsx": "export const A = () => <p innerHTML={x} />;" }), ["code/html-injection"]],
    ["HTML of our own", script("el.innerHTML = '<b>x</b>'"), []],
    ["v-html", source({ "src/A.vue": `<template>\n  <p v-html="text"></p>\n</template>\n` }), ["code/html-injection"]],
    ["a service worker", script("navigator.serviceWorker.register('/sw.js')"), ["code/service-worker"]],
    ["a source map", page({ "a.js.map": `{"version":3,"mappings":"AAAA"}` }), ["code/source-map"]],
    ["no script", script("const = 1;"), ["code/syntax"]],
    ["an old script", script("var a = 010; with (a) { b }"), []],
    ["too deep", script("(".repeat(100_000)), ["code/not-checked"]],
    ["a bare page", zip({ "index.html": "<!doctype html>\n<html><body><img src=a.png></body></html>" }), ["listing/title", "listing/lang", "listing/viewport", "listing/img-alt"]],
    ["a telephone", body("<p>0571-12345678</p>"), ["listing/bare-phone"]],
    ["a telephone that can be called", body(`<a href="tel:057112345678">0571-12345678</a>`), []],
    ["somebody's telephone", script("call('13812345678')"), ["listing/phone-in-source"]],
    ["an identity card", script("id = '11010519491231002X'"), ["listing/id-card"]],
    ["no identity card", script("id = '110105194912310021'"), []],
    ["an image in a component", source({ "src/A.vue": "<template><img :src=\"logo\"/></template>\n" }), ["listing/img-alt"]],
    ["an image in JSX", source({ "src/a.tsx": "export const A = () => <img src={x} />;" }), ["listing/img-alt"]],
    ["images with their texts", source({ "src/a.tsx": "export const A = (all) => <p><img src={x} alt='' /><img {...all} /></p>;" }), []],
    ["a lock of pnpm", other("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  b@1.0.0:\n    resolution: {integrity: sha512-x}\n"), []],
    ["a lock of pnpm without integrity", other("pnpm-lock.yaml", "lockfileVersion: '9.0'\npackages:\n  b@1.0.0:\n    resolution: {}\n"), ["licences/no-integrity"]],
    ["a lock of yarn, from elsewhere", other("yarn.lock", `# yarn lockfile v1\n\n\nb@1:\n  version "1.0.0"\n  resolved "https://evil.test/b/-/b-1.0.0.tgz#1"\n  integrity sha512-x\n`), ["licences/outside-registry"]],
    ["a lock of yarn 4", other("yarn.lock", `__metadata:\n  version: 8\n\n"b@npm:1":\n  version: 1.0.0\n  resolution: "b@npm:1.0.0"\n`), ["licences/no-integrity"]],
    ["no integrity", lock(`{"version":"1.0.0","resolved":"https://registry.npmjs.org/b/-/b-1.0.0.tgz"}`), ["licences/no-integrity"]],
    ["from elsewhere", lock(`{"version":"1.0.0","resolved":"git+ssh://git@github.com/a/b.git#1","integrity":"sha512-x"}`), ["licences/outside-registry"]],
    ["a script at its installation", lock(`{"version":"1.0.0","resolved":"https://registry.npmjs.org/b/-/b-1.0.0.tgz","integrity":"sha512-x","hasInstallScript":true}`), ["licences/install-script"]],
    ["all at once", page({ "a.js": "debugger;\neval(x);\ndocument.write(x);\nel.innerHTML = x;\n", "b.js": "debugger;" }), ["code/eval", "code/document-write", "code/debugger", "code/html-injection"]],
    ["no zip", Buffer.from("GIF89a, and so on"), /这不是完整的 zip 文件/],
    ["nothing in it", raw([]), /压缩包是空的/],
    ["neither source nor static", zip({ "readme.txt": "x" }), /静态包请将 index.html 放在最外层/],
    ["encrypted", beside({ name: "a.js", flags: 1 }), /已加密/],
    ["leads elsewhere", beside({ name: "../../etc/passwd" }), /含有“\.”或“\.\.”/],
    ["a link", beside({ name: "a", mode: 0o120777 }), /不是普通文件或文件夹/],
    ["a bomb", page({ "a.txt": Buffer.alloc(3 << 20) }), /疑似压缩炸弹/],
    ["a size that lies", beside({ name: "a.js", data: "a".repeat(5000), method: 8, says: 100 }), /登记的大小或位置与实际内容不符/],
    ["a zip in it", page({ "logo.png": fixture("static-card") }), /是压缩包/],
];
