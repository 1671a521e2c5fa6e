//! What the tools wrote of one small application, and what is not in their form.

use super::{LONGEST, MOST, dependencies_of, doubt, entries, from_one_registry, npm, written_by};
use crate::shape::Lock;

const PNPM_5: &str = "lockfileVersion: 5.4\n\nspecifiers:\n  vue: ^3.2.0\n\ndependencies:\n  vue: 3.2.0_a@1.0.0\n\npackages:\n\n  \
    /@vue/shared/3.2.0:\n    resolution: {integrity: sha512-x}\n    dev: false\n\n  /vue/3.2.0_a@1.0.0:\n    resolution: {integrity: sha512-x}\n    \
    requiresBuild: true\n\n  github.com/a/b/abc:\n    resolution: {tarball: https://codeload.github.com/a/b/tar.gz/abc}\n    name: b\n    version: 1.0.0\n";

const PNPM_6: &str = "lockfileVersion: '6.0'\n\nsettings:\n  autoInstallPeers: true\n\ndependencies:\n  '@vue/shared':\n    \
    specifier: ^3.5.0\n    version: 3.5.45\n\npackages:\n\n  /@vue/shared@3.5.45:\n    resolution: {integrity: sha512-x}\n    dev: false\n\n  \
    /string_decoder@1.3.0(a@1.0.0):\n    resolution: {integrity: sha512-x}\n";

const PNPM_9: &str = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      '@vue/shared':\n        specifier: ^3.5.0\n        \
    version: 3.5.45\n    devDependencies:\n      vite:\n        specifier: ^7\n        version: 7.0.0(less@4.0.0)\n\npackages:\n\n  \
    '@vue/shared@3.5.45':\n    resolution: {integrity: sha512-x}\n\n  less@4.0.0:\n    resolution: {}\n\n  vite@7.0.0:\n    \
    resolution: {integrity: sha512-x, tarball: https://registry.npmmirror.com/vite/-/vite-7.0.0.tgz}\n    peerDependencies:\n      less: ^4\n\n  \
    x@https://codeload.github.com/x/x/tar.gz/abc:\n    resolution: {tarball: https://codeload.github.com/x/x/tar.gz/abc}\n    version: 2.0.0\n\n\
    snapshots:\n\n  '@vue/shared@3.5.45': {}\n\n  vite@7.0.0(less@4.0.0):\n    dependencies:\n      less: 4.0.0\n";

const YARN: &str = "# yarn lockfile v1\n\n\n\"@vue/shared@^3.5.0\", \"@vue/shared@~3.5.0\":\n  version \"3.5.45\"\n  \
    resolved \"https://registry.yarnpkg.com/@vue/shared/-/shared-3.5.45.tgz#7cf2\"\n  integrity sha512-x\n\nis-odd@3.0.1:\n  version \"3.0.1\"\n  \
    resolved \"https://registry.npmmirror.com/is-odd/download/is-odd-3.0.1.tgz\"\n  dependencies:\n    is-number \"^6.0.0\"\n\n\
    \"x@git+https://github.com/x/x.git\":\n  version \"1.0.0\"\n  resolved \"https://github.com/x/x/releases/download/v1/x-1.0.0.tgz\"\n  integrity sha512-x\n";

const BERRY: &str = "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n\"@vue/shared@npm:^3.5.0, @vue/shared@npm:~3.5.0\":\n  version: 3.5.45\n  \
    resolution: \"@vue/shared@npm:3.5.45\"\n  checksum: 10c0/19\n  languageName: node\n  linkType: hard\n\n\"a@workspace:.\":\n  version: 0.0.0-use.local\n  \
    resolution: \"a@workspace:.\"\n  dependencies:\n    \"@vue/shared\": \"npm:~3.5.0\"\n  languageName: unknown\n  linkType: soft\n\n\
    \"fsevents@npm:2.3.3\":\n  version: 2.3.3\n  resolution: \"fsevents@npm:2.3.3\"\n  conditions: os=darwin\n  languageName: node\n  linkType: hard\n\n\
    \"is-odd@npm:3.0.1\":\n  version: 3.0.1\n  resolution: \"is-odd@npm:3.0.1::__archiveUrl=https%3A%2F%2Fregistry.npmmirror.com%2Fis-odd-3.0.1.tgz\"\n  checksum: 10c0/1\n\n\
    \"x@https://github.com/x/x.git\":\n  version: 1.0.0\n  resolution: \"x@https://github.com/x/x.git#commit=abc\"\n  linkType: hard\n";

fn shown(lock: Lock, text: &str) -> Vec<String> {
    let word = |direct| if direct { "!" } else { "" };
    dependencies_of(lock, text).iter().map(|d| format!("{}@{}{}", d.name, d.version, word(d.direct))).collect()
}

#[test]
fn each_tool_says_what_it_pins_and_whether_package_json_names_it() {
    assert_eq!(shown(Lock::Pnpm, PNPM_5), ["@vue/shared@3.2.0", "b@1.0.0", "vue@3.2.0!"]);
    assert_eq!(shown(Lock::Pnpm, PNPM_6), ["@vue/shared@3.5.45!", "string_decoder@1.3.0"]);
    assert_eq!(shown(Lock::Pnpm, PNPM_9), ["@vue/shared@3.5.45!", "less@4.0.0", "vite@7.0.0!", "x@2.0.0"]);
    assert_eq!(shown(Lock::Yarn, YARN), ["@vue/shared@3.5.45", "is-odd@3.0.1", "x@1.0.0"]);
    assert_eq!(shown(Lock::YarnBerry, BERRY), ["@vue/shared@3.5.45!", "fsevents@2.3.3", "is-odd@3.0.1", "x@1.0.0"]);
}

#[test]
fn what_has_no_checksum_or_comes_from_elsewhere_is_known() {
    let odd = |lock, text| -> Vec<String> {
        let all = entries(lock, text).into_iter();
        let word = |on: bool, word| if on { word } else { "" };
        all.map(|p| format!("{} {}{}{}", p.name, word(!p.whole, "?"), word(p.script, "!"), p.from.unwrap_or_default()))
            .collect()
    };
    assert_eq!(odd(Lock::Pnpm, PNPM_5), ["@vue/shared ", "vue !", "b ?https://codeload.github.com/a/b/tar.gz/abc"]);
    let vite = "vite https://registry.npmmirror.com/vite/-/vite-7.0.0.tgz";
    assert_eq!(
        odd(Lock::Pnpm, PNPM_9),
        ["@vue/shared ", "less ?", vite, "x ?https://codeload.github.com/x/x/tar.gz/abc"]
    );
    assert_eq!(
        odd(Lock::YarnBerry, BERRY),
        [
            "@vue/shared ",
            "fsevents ",
            "is-odd https://registry.npmmirror.com/is-odd-3.0.1.tgz",
            "x ?https://github.com/x/x.git#commit=abc"
        ]
    );
}

#[test]
fn the_old_yarn_gets_all_tarballs_of_registries_from_one() {
    let here = from_one_registry(YARN, "http://127.0.0.1:4873/");
    assert!(here.contains("  resolved \"http://127.0.0.1:4873/@vue/shared/-/shared-3.5.45.tgz#7cf2\"\n"), "{here}");
    assert!(here.contains("  resolved \"http://127.0.0.1:4873/is-odd/-/is-odd-3.0.1.tgz\"\n"), "{here}");
    // The same name in the registry may be something else.
    assert!(here.contains("https://github.com/x/x/releases/download/v1/x-1.0.0.tgz"), "{here}");
    assert_eq!(here.lines().count(), YARN.lines().count());
}

#[test]
fn a_yarn_lock_says_which_yarn() {
    assert_eq!(written_by("yarn.lock", YARN), Some(Lock::Yarn));
    assert_eq!(written_by("yarn.lock", BERRY), Some(Lock::YarnBerry));
    assert_eq!(written_by("package-lock.json", "{}"), None);
}

fn doubted(lock: Lock, text: &str) -> Option<&'static str> {
    doubt(lock, text, &entries(lock, text))
}

#[test]
fn what_the_tools_write_is_not_doubted() {
    let none = "# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.\n# yarn lockfile v1\n\n\n";
    let own = "__metadata:\n  version: 8\n\n\"a@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"a@workspace:.\"\n";
    for (lock, text) in [
        (Lock::Pnpm, PNPM_5),
        (Lock::Pnpm, PNPM_6),
        (Lock::Pnpm, PNPM_9),
        (Lock::Pnpm, ""),
        (Lock::Pnpm, "lockfileVersion: '9.0'\r\n\r\nimporters:\r\n\r\n  .: {}\r\n"),
        (Lock::Pnpm, "---\nlockfileVersion: '9.0'\n\npackages: {}\n"),
        (Lock::Yarn, YARN),
        (Lock::Yarn, none),
        (Lock::YarnBerry, BERRY),
        (Lock::YarnBerry, own),
    ] {
        assert_eq!(doubted(lock, text), None, "{text}");
    }
}

#[test]
fn what_is_in_another_form_is_doubted() {
    for (lock, text) in [
        (Lock::Pnpm, "{\"lockfileVersion\": \"9.0\", \"packages\": {\"x@1.0.0\": {}}}"),
        (Lock::Pnpm, "{\n  \"lockfileVersion\": \"9.0\"\n}\n"),
        (Lock::Pnpm, "packages:\n\n  x@1.0.0:\n    resolution: {integrity: sha512-x}\n"),
        (
            Lock::Pnpm,
            "lockfileVersion: '9.0'\n\npackages:\n\n    x@1.0.0:\n        resolution: {integrity: sha512-x}\n",
        ),
        (Lock::Pnpm, "lockfileVersion: '9.0'\n\npackages: {x@1.0.0: {resolution: {integrity: sha512-x}}}\n"),
        (Lock::Pnpm, "lockfileVersion: '9.0'\n\npackages: *all\n"),
        (Lock::Pnpm, "lockfileVersion: '9.0'\n? packages\n:\n  x@1.0.0: {}\n"),
        (Lock::Yarn, "{\"x@^1\": {\"version\": \"1.0.0\"}}"),
        (Lock::Yarn, "# yarn lockfile v1\n\n\nx@^1:\n  version: 1.0.0\n  integrity: sha512-x\n"),
        (Lock::Yarn, "# yarn lockfile v1\n\n\nx@^1: # here\n  version \"1.0.0\"\n"),
        (Lock::Yarn, "  x@^1:\n    version \"1.0.0\"\n"),
        (Lock::YarnBerry, "__metadata:\n  version: 8\n\n\"x@npm:^1\": {version: 1.0.0}\n"),
        (Lock::YarnBerry, "__metadata:\n    version: 8\n\n\"x@npm:^1\":\n    version: 1.0.0\n"),
    ] {
        assert_eq!(doubted(lock, text), Some(""), "{text}");
    }
}

#[test]
fn so_many_are_looked_at_and_no_more() {
    let head = |lock: Lock| match lock {
        Lock::Pnpm => "lockfileVersion: '9.0'\npackages:\n",
        Lock::YarnBerry => "__metadata:\n  version: 8\n",
        Lock::Yarn | Lock::Npm => "",
    };
    let blank = |lock: Lock| if lock == Lock::Pnpm { "  " } else { "" };
    for lock in [Lock::Pnpm, Lock::Yarn, Lock::YarnBerry] {
        let of = |count: usize| -> String {
            let all = (0..count).map(|n| format!("{}p{n}@1.0.0:\n{}  version \"1.0.0\"\n", blank(lock), blank(lock)));
            std::iter::once(head(lock).to_owned()).chain(all).collect()
        };
        assert_eq!(dependencies_of(lock, &of(MOST)).len(), MOST);
        let more = of(2 * MOST);
        assert_eq!((entries(lock, &more).len(), dependencies_of(lock, &more).len()), (MOST + 1, MOST));
        assert_eq!(doubted(lock, &more), Some("（只检查了前 20000 项）"));
    }
}

/// As many as an entry of a few bytes makes possible in a file that is still read.
#[test]
fn of_millions_of_entries_of_npm_as_many_are_kept_and_no_more() {
    let (mut text, mut n) =
        ("{\"lockfileVersion\":3,\"packages\":{\"\":{\"dependencies\":{\"0\":\"1\"}}".to_owned(), 0);
    while text.len() < LONGEST - 100 {
        text.push_str(&format!(",\"node_modules/{n:x}\":{{\"version\":\"1\"}}"));
        n += 1;
    }
    let whole = text.clone() + "}}";
    let lock = npm::read(&whole).unwrap();
    let (entries, is_old) = lock.entries().unwrap();
    assert!(n > 500_000 && entries.more && !is_old, "{n}");
    assert_eq!(entries.found.len(), MOST);
    assert!(entries.found.capacity() < 2 * MOST);
    let found = dependencies_of(Lock::Npm, &whole);
    assert_eq!(found.len(), MOST - 1, "the project itself is none");
    assert!(found.iter().any(|of| of.name == "0" && of.direct));
    // All of it is read all the same.
    assert!(npm::read(&text).is_err());
    let old = text.replace(
        "\"packages\":{\"\":{\"dependencies\":{\"0\":\"1\"}}",
        "\"dependencies\":{\"a\":{\"dependencies\":{\"b\":{}}}",
    ) + "}}";
    let lock = npm::read(&old).unwrap();
    let (entries, is_old) = lock.entries().unwrap();
    assert_eq!((entries.found.len(), entries.more, is_old), (MOST, true, true));
    assert_eq!([&entries.found[0].key, &entries.found[1].key], ["a", "b"]);
}

#[test]
fn what_is_in_no_form_gives_nothing_and_never_fails() {
    let odd = [
        "",
        ":",
        "\"",
        "packages:",
        "packages:\n  :\n  @:\n  '",
        "\"@\":\n  version",
        "importers:\n    dependencies:\n      a:\n        version:",
        "é@é:\n  é é",
    ];
    for text in odd {
        for lock in [Lock::Npm, Lock::Pnpm, Lock::Yarn, Lock::YarnBerry] {
            let _ = (dependencies_of(lock, text), from_one_registry(text, "http://r/"));
        }
    }
}
