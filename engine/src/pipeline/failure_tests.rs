//! The common failures of builds, made real: npm, Node.js and the tools themselves, in the sandbox (CONTRIBUTING: tests need npm).

use crate::world::bench::zip;
use crate::world::{On, World};
use domain::Stage;
use domain::StageStatus::Failed;
use serde_json::{Value, json};

/// A package whose build fails, and how its sentence begins.
struct Case {
    package: Value,
    files: Vec<(&'static str, String)>,
    said: &'static str,
}

/// Fails when it runs this.
fn script(build: &str, said: &'static str) -> Case {
    Case { package: json!({ "name": "x", "version": "1.0.0", "scripts": { "build": build } }), files: Vec::new(), said }
}

/// Fails when it runs `a.mjs`.
fn program(content: &str, said: &'static str) -> Case {
    Case { files: vec![("a.mjs", content.to_owned())], ..script("node a.mjs", said) }
}

/// Fails for what it depends on.
fn depends(on: Value, said: &'static str) -> Case {
    let mut case = script("true", said);
    case.package["dependencies"] = on;
    case
}

fn lock(packages: Value) -> (&'static str, String) {
    let lock = json!({ "name": "x", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": packages });
    ("package-lock.json", lock.to_string())
}

fn of_dependencies() -> Vec<Case> {
    let on = json!({ "picocolors": "1.1.1" });
    let root = json!({ "name": "x", "version": "1.0.0", "dependencies": on });
    let forged = json!({
        "version": "1.1.1",
        "resolved": "https://registry.npmjs.org/picocolors/-/picocolors-1.1.1.tgz",
        "integrity": format!("sha512-{}==", "A".repeat(86)),
    });
    let mut strict = script("true", "依赖要求的 Node.js 或 npm 版本与平台的不同");
    strict.package["engines"] = json!({ "node": ">=99" });
    strict.files.push((".npmrc", "engine-strict=true\n".to_owned()));
    vec![
        Case {
            files: vec![lock(json!({ "": { "name": "x", "version": "1.0.0" } }))],
            ..depends(on.clone(), "package-lock.json 与 package.json 不一致。")
        },
        Case {
            files: vec![lock(json!({ "": root, "node_modules/picocolors": forged }))],
            ..depends(on, "依赖的内容与 package-lock.json 中的校验值不符。")
        },
        depends(json!({ "no-such-package-of-irs-tests": "1" }), "仓库里没有依赖“no-such-package-of-irs-tests@1”。"),
        depends(json!({ "picocolors": "^99.0.0" }), "依赖“picocolors@^99.0.0”没有这个版本。"),
        depends(json!({ "vite": "7.1.0", "@vitejs/plugin-vue": "2.0.0", "vue": "3.5.0" }), "依赖之间的版本互相冲突。"),
        depends(json!({ "a": "workspace:*" }), "依赖用了 npm 不认识的写法"),
        depends(json!({ "a": "git+https://git.example.com/a.git" }), "有依赖直接取自 git 仓库"),
        strict,
    ]
}

fn of_the_machine() -> Vec<Case> {
    let heap = "const all = []; for (;;) all.push(new Array(1000).fill(all.length + 0.5));";
    vec![
        script("npm run compile", "package.json 的 scripts 里没有“compile”。"),
        script("vite build", "找不到命令“vite”。"),
        Case {
            files: vec![("tool.txt", "true\n".to_owned())],
            ..script("./tool.txt", "脚本“./tool.txt”没有执行权限。")
        },
        Case {
            files: vec![("a.mjs", heap.to_owned())],
            ..script("node --max-old-space-size=16 a.mjs", "Node.js 的内存用完了。")
        },
        program(
            "import { createHash } from 'node:crypto'; createHash('md4');",
            "构建工具太旧，与平台的 Node.js 不兼容",
        ),
        program("await import('@rollup/rollup-linux-x64-gnu');", "package-lock.json 是在另一种操作系统上生成的"),
        program(
            "import { lookup } from 'node:dns/promises'; await lookup('fonts.example.com');",
            "构建时访问了网络（fonts.example.com）",
        ),
        program(
            "import { writeFileSync } from 'node:fs'; writeFileSync('/usr/x', '');",
            "构建要写“/usr/x”，而那里不能写。",
        ),
        program("import { readFileSync } from 'node:fs'; readFileSync('data/a.json');", "构建时找不到“data/a.json”。"),
        program("import 'picocolors';", "找不到引用的模块“picocolors”。"),
        program("await import('./Missing.mjs');", "找不到引用的模块“/work/Missing.mjs”。"),
        script("node -e \"let = = 1\"", "代码有语法错误：SyntaxError"),
    ]
}

fn of_tools() -> Vec<Case> {
    let uses = |build: &str, on: Value, files: &[(&'static str, &str)], said| {
        let mut case = script(build, said);
        case.package["devDependencies"] = on;
        case.files = files.iter().map(|(path, content)| (*path, (*content).to_owned())).collect();
        case
    };
    let page = "<!doctype html><script type=\"module\" src=\"/main.js\"></script>";
    vec![
        uses(
            "tsc --noEmit main.ts",
            json!({ "typescript": "5.9.3" }),
            &[("main.ts", "const a: number = 'b';\nexport { a };\n")],
            "TypeScript 类型检查没有通过：main.ts(1,7): error TS2322",
        ),
        uses(
            "vite build",
            json!({ "vite": "7.1.0" }),
            &[("index.html", page), ("main.js", "import 'no-such-module';\n")],
            "找不到引用的模块“no-such-module”。",
        ),
        uses(
            "sass a.scss a.css",
            json!({ "sass": "1.93.2" }),
            &[("a.scss", "@use 'missing';\n")],
            "样式里 @use 或 @import 的文件不存在。",
        ),
        uses(
            "node -e \"require('better-sqlite3')(':memory:')\"",
            json!({ "better-sqlite3": "12.4.1" }),
            &[],
            "有依赖需要在安装时编译本机代码",
        ),
    ]
}

/// Uploads each, and reads what the build says.
async fn all_fail(cases: Vec<Case>) {
    let w = World::new(On::Sqlite).await;
    let bus = w.hosted("杭州公交查询").await;
    for (number, Case { package, files, said }) in cases.into_iter().enumerate() {
        let package = package.to_string();
        let mut all = vec![("package.json", package.as_str())];
        all.extend(files.iter().map(|(path, content)| (*path, content.as_str())));
        let id = w.uploads_zip(bus, &format!("1.0.{number}"), &zip(&all)).await;
        w.runs_jobs().await;
        let log = w.log(id, Stage::Build).await;
        assert_eq!(w.statuses(id).await[1], Failed, "{said}: {:?}\n{log}", w.version(id).await.stages);
        let sentence = w.sentence(id, Stage::Build).await;
        assert!(sentence.starts_with(said), "{said}, not {sentence}\n{log}");
    }
    w.end().await;
}

#[tokio::test]
async fn what_is_wrong_with_dependencies_is_said() {
    all_fail(of_dependencies()).await;
}

#[tokio::test]
async fn what_the_machine_does_not_have_is_said() {
    all_fail(of_the_machine()).await;
}

#[tokio::test]
async fn what_tools_complain_of_is_said() {
    all_fail(of_tools()).await;
}
