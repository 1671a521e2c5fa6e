//! Why a build failed, in one sentence with what to do: the common causes, by the words that tools print.

/// One cause: the words by which it is known, what of the log it names, and the sentence, with `{}` for that; [`TOOL`] and [`LOCK`]
/// stand for the tool that built and its lock file.
struct Cause {
    signs: &'static [&'static str],
    names: Names,
    sentence: &'static str,
}

/// What a sentence names.
#[derive(Clone, Copy)]
enum Names {
    /// Nothing.
    Nothing,
    /// What stands between the sign and this, in one line.
    Until(&'static str),
    /// The rest of the line.
    Rest,
    /// What stands between the two, after the sign.
    Between(&'static str, &'static str),
    /// The line of the sign.
    Line,
}

/// In sentences: the tool, and its lock file.
const TOOL: &str = "<tool>";
const LOCK: &str = "<lock>";

/// What is named is cut after so many characters.
const WIDEST: usize = 160;

const MISSING: &str = "找不到引用的模块“{}”。如果是依赖，请写进 package.json 并运行 <tool> install；如果是自己的文件，请检查路径和大小写（服务器区分大小写）。改好后重新打包。";

const NO_COMMAND: &str =
    "找不到命令“{}”。请把提供它的包写进 package.json 的 devDependencies，运行 <tool> install 后重新打包。";

const NO_PACKAGE: &str = "仓库里没有依赖“{}”。请检查名称有没有写错；私有的依赖请换成公开的，或在本地编译后上传静态包。";

const NO_VERSION: &str = "依赖“{}”没有这个版本。请改成仓库里有的版本，运行 <tool> install 后重新打包。";

const WRITTEN_ODDLY: &str = "依赖用了 <tool> 不认识的写法（如 workspace:、catalog:）。请改成普通的版本号后重新打包。";

const NO_SCRIPT: &str = "package.json 的 scripts 里没有“{}”。请补上它，或改正调用它的脚本，再重新打包。";

const NO_RIGHT: &str = "脚本“{}”没有执行权限。请在 package.json 中写成“sh {}”这样的调用，再重新打包。";

/// The one that comes first counts: what is told more exactly stands further up.
#[rustfmt::skip]
const CAUSES: &[Cause] = &[
    // Dependencies.
    cause(&["`npm ci` can only install packages when your package.json"], Names::Nothing,
        "package-lock.json 与 package.json 不一致。请在本地运行 npm install，把更新后的 package-lock.json 一起打包。"),
    cause(&["npm error code E404", "npm ERR! code E404"], Names::Between("'", "'"), NO_PACKAGE),
    cause(&["No matching version found for "], Names::Rest, NO_VERSION),
    cause(&["code EINTEGRITY"], Names::Nothing,
        "依赖的内容与 package-lock.json 中的校验值不符。请在本地删除 node_modules 和 package-lock.json，重新运行 npm install，再重新打包。"),
    cause(&["code ERESOLVE"], Names::Nothing,
        "依赖之间的版本互相冲突。请在本地按 npm install 的提示调整版本，直到不用 --force 也能安装，再重新打包。"),
    cause(&["code EBADENGINE"], Names::Nothing,
        "依赖要求的 Node.js 或 npm 版本与平台的不同（平台的版本在日志开头）。请换用支持它的依赖版本，或在本地编译后上传静态包。"),
    cause(&["code EUNSUPPORTEDPROTOCOL", "Unsupported URL Type", "that matches \"workspace:", "that matches \"catalog:"], Names::Nothing,
        WRITTEN_ODDLY),
    // Without git; git, which may go nowhere; npm, which may not ask it.
    cause(&["spawn git ENOENT", "syscall spawn git", "Couldn't find the binary git", "fatal: transport '", "ls-remote", "code EALLOWGIT"], Names::Nothing,
        "有依赖直接取自 git 仓库，而平台只能访问 npm 仓库。请改成发布到 npm 的版本，或在本地编译后上传静态包。"),
    cause(&["code ECONNREFUSED", "code ETIMEDOUT", "code ECONNRESET", "code EAI_AGAIN", "code E502", "code E503", "code E504"], Names::Nothing,
        "暂时连不上 npm 仓库。请稍后重新运行；如果一再出现，请联系系统管理员。"),
    // Of pnpm and yarn.
    cause(&["ERR_PNPM_OUTDATED_LOCKFILE"], Names::Nothing,
        "pnpm-lock.yaml 与 package.json 不一致。请在本地运行 pnpm install，把更新后的 pnpm-lock.yaml 一起打包。"),
    cause(&["ERR_PNPM_NO_LOCKFILE", "ERR_PNPM_LOCKFILE_BREAKING_CHANGE", "Ignoring not compatible lockfile"], Names::Nothing,
        "平台的 pnpm（版本在日志开头）不认识这个 pnpm-lock.yaml。请用同一大版本的 pnpm 在本地运行 pnpm install，把新的 pnpm-lock.yaml 一起打包。"),
    cause(&["Your lockfile needs to be updated", "YN0028"], Names::Nothing,
        "yarn.lock 与 package.json 不一致，或由另一大版本的 yarn 生成（平台的版本在日志开头）。请在本地运行 yarn install，把更新后的 yarn.lock 一起打包。"),
    cause(&["ERR_PNPM_LOCKFILE_CONFIG_MISMATCH"], Names::Between("The current \"", "\""),
        "pnpm-lock.yaml 与包里的设置不一致（{}），或由另一大版本的 pnpm 生成（平台的版本在日志开头）。请带上 pnpm-workspace.yaml，用同一大版本的 pnpm 在本地运行 pnpm install，再重新打包。"),
    cause(&["ERR_PNPM_BROKEN_LOCKFILE"], Names::Nothing,
        "pnpm-lock.yaml 是坏的（常见于合并代码后留下的冲突）。请在本地运行 pnpm install 重新生成它，再重新打包。"),
    cause(&["ERR_PNPM_FETCH_404"], Names::Between("127.0.0.1:4873/", ": Not Found"), NO_PACKAGE),
    cause(&["Error: http://127.0.0.1:4873/"], Names::Until(": Request failed \"404"), NO_PACKAGE),
    cause(&["Couldn't find package \""], Names::Until("\""), NO_PACKAGE),
    cause(&["YN0035: │ "], Names::Until(": Package not found"), NO_PACKAGE),
    cause(&["Couldn't find any versions for \""], Names::Until("\""), NO_VERSION),
    cause(&["YN0082: │ "], Names::Until(": No candidates found"), NO_VERSION),
    cause(&["ERR_PNPM_TARBALL_INTEGRITY", "Integrity check failed for ", "YN0018"], Names::Nothing,
        "依赖的内容与锁文件中的校验值不符。请在本地删除 node_modules 和锁文件，重新安装依赖后再打包。"),
    cause(&["ERR_PNPM_UNSUPPORTED_ENGINE", "The engine \"node\" is incompatible"], Names::Nothing,
        "依赖要求的 Node.js 版本与平台的不同（平台的版本在日志开头）。请换用支持它的依赖版本，或在本地编译后上传静态包。"),
    cause(&["ERR_PNPM_FETCH_", "ERR_PNPM_META_FETCH_FAIL", "trouble with your network connection", "Request failed \"", "YN0035",
            "ECONNREFUSED 127.0.0.1:4873"], Names::Nothing,
        "暂时连不上 npm 仓库，或依赖不在仓库里。请稍后重新运行；如果一再出现，请联系系统管理员。"),
    // What the script calls.
    cause(&["Missing script: \""], Names::Until("\""), NO_SCRIPT),
    cause(&["ERR_PNPM_NO_SCRIPT  Missing script: "], Names::Rest, NO_SCRIPT),
    cause(&["error Command \""], Names::Until("\" not found."), NO_SCRIPT),
    cause(&["Couldn't find a script named \""], Names::Until("\""), NO_SCRIPT),
    cause(&["sh: 1: ", "sh: line 1: "], Names::Until(": Permission denied"), NO_RIGHT),
    cause(&["sh: 1: ", "sh: line 1: "], Names::Until(": not found"), NO_COMMAND),
    cause(&["sh: line 1: "], Names::Until(": command not found"), NO_COMMAND),
    // The shell of yarn 3 and later.
    cause(&["command not found: "], Names::Rest, NO_COMMAND),
    cause(&["permission denied: "], Names::Rest, NO_RIGHT),
    // The machine.
    cause(&["bwrap: "], Names::Rest,
        "编译沙箱没有启动（{}）。请稍后重新运行；如果一再出现，请联系系统管理员。"),
    cause(&["JavaScript heap out of memory"], Names::Nothing,
        "Node.js 的内存用完了。请减少一次构建的内容（如关闭 source map、拆分过大的文件），或在本地编译后上传静态包。"),
    cause(&["digital envelope routines::unsupported", "ERR_OSSL_EVP_UNSUPPORTED"], Names::Nothing,
        "构建工具太旧，与平台的 Node.js 不兼容（常见于 webpack 4、Vue CLI 4）。请升级构建工具，或在 build 脚本前加上 NODE_OPTIONS=--openssl-legacy-provider。"),
    cause(&["@rollup/rollup-linux-", "@esbuild/linux-", "@rolldown/binding-linux-", "@swc/core-linux-", "lightningcss-linux-", "lightningcss.linux-"], Names::Nothing,
        "<lock> 是在另一种操作系统上生成的，缺少 Linux 需要的部分。请在本地删除 node_modules 和 <lock>，重新运行 <tool> install，再把新的 <lock> 一起打包。"),
    cause(&["Missing binding ", "node-sass/vendor"], Names::Nothing,
        "node-sass 需要在安装时编译，平台不运行安装脚本。请改用 sass（Dart Sass）后重新打包。"),
    cause(&["gyp ERR!", "Could not locate the bindings file"], Names::Nothing,
        "有依赖需要在安装时编译本机代码，平台不运行安装脚本。请换成不需要编译的依赖，或在本地编译后上传静态包。"),
    cause(&["getaddrinfo EAI_AGAIN ", "getaddrinfo ENOTFOUND "], Names::Rest,
        "构建时访问了网络（{}），而编译不能联网。请把要下载的内容放进源码包，或写进依赖。"),
    cause(&["ENOSPC: no space left on device", "No space left on device"], Names::Nothing,
        "构建写文件时没有空间了：临时文件夹（/tmp 或 /dev/shm）或磁盘空间、配额不足。请让构建少写临时文件和输出后重新打包；如果一再出现，请联系系统管理员。"),
    cause(&["EROFS: read-only file system, "], Names::Between("'", "'"),
        "构建要写“{}”，而那里不能写。请只写项目自己的文件夹。"),
    // The code.
    cause(&["failed to resolve import \"", "Could not resolve \""], Names::Until("\""), MISSING),
    cause(&["Can't resolve '", "Could not resolve '", "Cannot find module '", "Cannot find package '"], Names::Until("'"), MISSING),
    cause(&["): error TS", " - error TS"], Names::Line,
        "TypeScript 类型检查没有通过：{}。请在本地运行 <tool> run build，改好所有类型错误后重新打包。"),
    cause(&["trying to use `tailwindcss` directly as a PostCSS plugin"], Names::Nothing,
        "Tailwind CSS 4 不再直接作为 PostCSS 插件。请安装 @tailwindcss/postcss 并改用它，再重新打包。"),
    cause(&["Can't find stylesheet to import"], Names::Nothing,
        "样式里 @use 或 @import 的文件不存在。请检查路径和大小写，并确认它打进了包。"),
    cause(&[" problems ("], Names::Nothing,
        "代码规范检查（ESLint）没有通过。请在本地改好报告的错误，或不把它放进 build 脚本，再重新打包。"),
    cause(&["ENOENT: no such file or directory, "], Names::Between("'", "'"),
        "构建时找不到“{}”。请检查它有没有打进包，路径和大小写是否正确。"),
    cause(&["SyntaxError: ", "[PARSE_ERROR]", "Parse error"], Names::Line,
        "代码有语法错误：{}。请在本地改好并确认能编译后重新打包。"),
];

const fn cause(signs: &'static [&'static str], names: Names, sentence: &'static str) -> Cause {
    Cause { signs, names, sentence }
}

/// What is wrong and what to do, if the end of a tool's output tells.
pub(super) fn explain(log: &str) -> Option<String> {
    CAUSES.iter().find_map(|cause| {
        let named = cause.signs.iter().find_map(|sign| named(log, sign, cause.names))?;
        let named: String = named.trim().trim_end_matches(['.', '。']).chars().take(WIDEST).collect();
        let (tool, lock) = built_by(log);
        Some(cause.sentence.replace(TOOL, tool).replace(LOCK, lock).replace("{}", &named))
    })
}

/// By what a tool is known in a log, and its lock file; where several call each other, the one that speaks first counts.
const TOOLS: &[(&[&str], &str, &str)] = &[
    (&["npm error ", "npm ERR! ", "npm warn ", "npm WARN "], "npm", "package-lock.json"),
    // The second: `> name@version script /work`, where npm names no folder.
    (&["$ pnpm ", " /work\n> ", "ERR_PNPM_", "using pnpm v", "ELIFECYCLE"], "pnpm", "pnpm-lock.yaml"),
    (
        &["$ yarn ", "yarn run v", "yarn install v", "YN0000", "YN0001", "YN0035", "command not found: "],
        "yarn",
        "yarn.lock",
    ),
];

/// The tool and its lock file, as far as the log tells; else npm's.
fn built_by(log: &str) -> (&'static str, &'static str) {
    let said = TOOLS.iter().filter_map(|(signs, tool, lock)| {
        let first = signs.iter().filter_map(|sign| log.find(*sign)).min()?;
        Some((first, *tool, *lock))
    });
    said.min().map_or(("npm", "package-lock.json"), |(_, tool, lock)| (tool, lock))
}

/// What the cause names, at the first place where all of it stands.
fn named<'l>(log: &'l str, sign: &str, names: Names) -> Option<&'l str> {
    log.match_indices(sign).find_map(|(at, _)| {
        let after = &log[at + sign.len()..];
        let line = |from: &'l str| from.split('\n').next().unwrap_or(from);
        match names {
            Names::Nothing => Some(""),
            Names::Line => Some(line(&log[log[..at].rfind('\n').map_or(0, |end| end + 1)..])),
            Names::Rest => Some(line(after)),
            Names::Until(end) => Some(line(after).split_once(end)?.0),
            Names::Between(begin, end) => Some(after.split_once(begin)?.1.split_once(end)?.0),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{CAUSES, explain};

    #[test]
    fn the_sentence_names_what_the_log_names() {
        for (log, said) in [
            (
                "npm error code E404\nnpm error 404 Not Found - GET http://127.0.0.1:4873/no-such\nnpm error 404\nnpm error 404  'no-such@^1.0.0' is not in this registry.\n",
                "仓库里没有依赖“no-such@^1.0.0”。",
            ),
            (
                "npm error code ETARGET\nnpm error notarget No matching version found for vue@^99.0.0.\n",
                "依赖“vue@^99.0.0”没有这个版本。",
            ),
            ("sh: 1: vite: not found\n", "找不到命令“vite”。"),
            ("sh: 1: ./build.sh: Permission denied\n", "脚本“./build.sh”没有执行权限。"),
            ("npm error Missing script: \"compile\"\n", "package.json 的 scripts 里没有“compile”。"),
            (
                "src/main.ts(3,5): error TS2322: Type 'string' is not assignable to type 'number'.\n",
                "TypeScript 类型检查没有通过：src/main.ts(3,5): error TS2322",
            ),
            (
                "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'picocolors' imported from /work/x.mjs\n",
                "找不到引用的模块“picocolors”。",
            ),
            ("Error: getaddrinfo EAI_AGAIN fonts.example.com\n", "构建时访问了网络（fonts.example.com）"),
            ("Error: ENOENT: no such file or directory, open '/work/a.json'\n", "构建时找不到“/work/a.json”。"),
        ] {
            assert!(explain(log).is_some_and(|sentence| sentence.starts_with(said)), "{log}{:?}", explain(log));
        }
        assert_eq!(explain("done in 3 s\nsh: 1: vite\n"), None);
    }

    #[test]
    fn the_sentence_names_the_tool_that_built() {
        let missing = "Error: Cannot find module '@rollup/rollup-linux-x64-gnu'\n";
        let pnpm = "\n> x@1.0.0 build /work\n> vite build\n\nsh: 1: vite: not found\n ELIFECYCLE  Command failed with exit code 127.\n";
        for (log, said) in [
            (missing.to_owned(), "删除 node_modules 和 package-lock.json，重新运行 npm install"),
            (
                format!("npm warn old\n{missing}$ yarn x\n"),
                "删除 node_modules 和 package-lock.json，重新运行 npm install",
            ),
            (
                format!("{missing} ELIFECYCLE  Command failed with exit code 1.\n"),
                "删除 node_modules 和 pnpm-lock.yaml，重新运行 pnpm install",
            ),
            (
                format!("yarn run v1.22.22\n$ vite build\n{missing}"),
                "删除 node_modules 和 yarn.lock，重新运行 yarn install",
            ),
            (
                format!("> x@1.0.0 build /work\n> npm run all\n\nnpm warn Unknown env config\n{missing}"),
                "重新运行 pnpm install",
            ),
            (format!("$ pnpm run build\n{missing}"), "pnpm-lock.yaml 是在另一种操作系统上生成的"),
            (
                pnpm.to_owned(),
                "找不到命令“vite”。请把提供它的包写进 package.json 的 devDependencies，运行 pnpm install",
            ),
            (
                "command not found: vite\n".to_owned(),
                "找不到命令“vite”。请把提供它的包写进 package.json 的 devDependencies，运行 yarn install",
            ),
            (
                "Error: Cannot find module '<tool>'\n".to_owned(),
                "“<tool>”。如果是依赖，请写进 package.json 并运行 npm install",
            ),
        ] {
            assert!(explain(&log).is_some_and(|sentence| sentence.contains(said)), "{log}{:?}", explain(&log));
        }
    }

    fn understood<const N: usize>(logs: [(&str, &str); N]) {
        for (log, said) in logs {
            assert!(explain(log).is_some_and(|sentence| sentence.starts_with(said)), "{log}{:?}", explain(log));
        }
    }

    /// What pnpm 9.15 and 10.34 wrote, colours taken off.
    #[test]
    fn what_pnpm_writes_is_understood() {
        understood([
            (
                "$ pnpm install --frozen-lockfile\nPackages: +1\n+\n ERR_PNPM_FETCH_404  GET http://127.0.0.1:4873/x/-/x-1.0.0.tgz: Not Found - 404\n\nNo authorization header was set for the request.\n",
                "仓库里没有依赖“x/-/x-1.0.0.tgz”。",
            ),
            (
                " ERR_PNPM_FETCH_403  GET http://127.0.0.1:4873/x/-/x-1.0.0.tgz: Forbidden - 403\n",
                "暂时连不上 npm 仓库",
            ),
            (
                " ERR_PNPM_FETCH_502  GET http://127.0.0.1:4873/x/-/x-1.0.0.tgz: Bad Gateway - 502\n",
                "暂时连不上 npm 仓库",
            ),
            (
                " ECONNREFUSED  request to http://127.0.0.1:4873/x/-/x-1.0.0.tgz failed, reason: connect ECONNREFUSED 127.0.0.1:4873\n",
                "暂时连不上 npm 仓库",
            ),
            (
                " ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with \"frozen-lockfile\" because pnpm-lock.yaml is not up to date with <ROOT>/package.json\n",
                "pnpm-lock.yaml 与 package.json 不一致。",
            ),
            (
                " ERR_PNPM_LOCKFILE_CONFIG_MISMATCH  Cannot proceed with the frozen installation. The current \"overrides\" configuration doesn't match the value found in the lockfile\n",
                "pnpm-lock.yaml 与包里的设置不一致（overrides）",
            ),
            (
                " ERR_PNPM_BROKEN_LOCKFILE  The lockfile at \"/work/pnpm-lock.yaml\" is broken: Cannot destructure property 'importers' of 'lockfile' as it is undefined.\n",
                "pnpm-lock.yaml 是坏的",
            ),
            (
                " ERR_PNPM_UNSUPPORTED_ENGINE  Unsupported environment (bad pnpm and/or Node.js version)\n\nExpected version: >=99\nGot: v20.20.2\n",
                "依赖要求的 Node.js 版本与平台的不同",
            ),
            (
                " ERROR  Command failed with exit code 128: /usr/local/bin/git clone file:///work/x /work/.npm-cache/pnpm/v10/tmp/_tmp_1\nCloning into '/work/.npm-cache/pnpm/v10/tmp/_tmp_1'...\nfatal: transport 'file' not allowed\n",
                "有依赖直接取自 git 仓库",
            ),
            (
                "$ pnpm run build\n ERR_PNPM_NO_SCRIPT  Missing script: compile\n\nCommand \"compile\" not found.\n",
                "package.json 的 scripts 里没有“compile”。",
            ),
        ]);
    }

    /// What yarn 1.22 and yarn 4.18 wrote.
    #[test]
    fn what_yarn_writes_is_understood() {
        understood([
            (
                "error Error: http://127.0.0.1:4873/x/-/x-1.0.0.tgz: Request failed \"404 Not Found\"\n    at ResponseError\n",
                "仓库里没有依赖“x/-/x-1.0.0.tgz”。",
            ),
            (
                "error Error: http://127.0.0.1:4873/x/-/x-1.0.0.tgz: Request failed \"502 Bad Gateway\"\n",
                "暂时连不上 npm 仓库",
            ),
            (
                "[2/4] Fetching packages...\nerror Error: connect ECONNREFUSED 127.0.0.1:4873\n    at TCPConnectWrap\n",
                "暂时连不上 npm 仓库",
            ),
            ("error Couldn't find package \"no-such\" on the \"npm\" registry.\n", "仓库里没有依赖“no-such”。"),
            (
                "yarn install v1.22.22\nerror Couldn't find any versions for \"picocolors\" that matches \"^99\"\n",
                "依赖“picocolors”没有这个版本。请改成仓库里有的版本，运行 yarn install",
            ),
            (
                "yarn install v1.22.22\nerror Couldn't find any versions for \"picocolors\" that matches \"workspace:*\"\n",
                "依赖用了 yarn 不认识的写法",
            ),
            (
                "error https://registry.npmjs.org/x/-/x-1.1.1.tgz: Integrity check failed for \"x\" (computed integrity doesn't match our records, got \"sha512-x\")\n",
                "依赖的内容与锁文件中的校验值不符。",
            ),
            (
                "error a@1.0.0: The engine \"node\" is incompatible with this module. Expected version \">=99\". Got \"20.20.2\"\nerror Found incompatible module.\n",
                "依赖要求的 Node.js 版本与平台的不同",
            ),
            (
                "error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.\n",
                "yarn.lock 与 package.json 不一致",
            ),
            (
                "error Command failed.\nExit code: 128\nCommand: git\nArguments: clone /work/x /work/.npm-cache/yarn/v6/.tmp/8\nfatal: transport 'file' not allowed\n",
                "有依赖直接取自 git 仓库",
            ),
            ("yarn run v1.22.22\nerror Command \"compile\" not found.\n", "package.json 的 scripts 里没有“compile”。"),
            (
                "yarn run v1.22.22\n$ vite build\n/bin/sh: 1: vite: not found\nerror Command failed with exit code 127.\n",
                "找不到命令“vite”。请把提供它的包写进 package.json 的 devDependencies，运行 yarn install",
            ),
            (
                "➤ YN0000: ┌ Resolution step\n➤ YN0035: │ x@npm:1.0.0: Package not found\n➤ YN0035: │   Response Code: 404 (Not Found)\n",
                "仓库里没有依赖“x@npm:1.0.0”。",
            ),
            (
                "➤ YN0035: │ x@npm:1.0.0: The remote server failed to provide the requested resource\n➤ YN0035: │   Response Code: 403 (Forbidden)\n",
                "暂时连不上 npm 仓库",
            ),
            ("➤ YN0001: │ RequestError: connect ECONNREFUSED 127.0.0.1:4873\n", "暂时连不上 npm 仓库"),
            (
                "➤ YN0028: │ The lockfile would have been modified by this install, which is explicitly forbidden.\n",
                "yarn.lock 与 package.json 不一致",
            ),
            (
                "Usage Error: Couldn't find a script named \"compile\".\n\n$ yarn run [--inspect]\n",
                "package.json 的 scripts 里没有“compile”。",
            ),
            (
                "permission denied: ./tool.txt\n",
                "脚本“./tool.txt”没有执行权限。请在 package.json 中写成“sh ./tool.txt”",
            ),
        ]);
    }

    #[test]
    fn every_sentence_says_what_to_do_and_names_what_it_promises() {
        for cause in CAUSES {
            assert!(cause.sentence.contains("请") && cause.sentence.ends_with('。'), "{}", cause.sentence);
            assert_eq!(
                cause.sentence.contains("{}"),
                !matches!(cause.names, super::Names::Nothing),
                "{}",
                cause.sentence
            );
        }
    }
}
