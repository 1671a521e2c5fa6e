//! The smoke test: `index.html` and every asset that it names, through the same resolution as the host's, in this process
//! (`*.localhost` does not resolve here; design.md, Security).

use super::line::Step;
use crate::error::{Error, Result};
use crate::hosting::manifest::{Entry, Manifest};
use checks::{Asset, assets, assets_of_style};
use reqwest::Url;
use std::collections::{BTreeMap, VecDeque};

/// The root, for addresses that are put together; nobody is asked for it.
const ROOT: &str = "http://application.invalid/";

/// Style sheets that are read for what they name.
const SHEETS: usize = 100;

/// Of one style sheet, of all together and of the page, so much is read. Bytes.
const SHEET: usize = 2 << 20;
const ALL_SHEETS: usize = 20 << 20;
const PAGE: usize = 4 << 20;

/// Paths that are tried.
const PATHS: usize = 2_000;

/// Longer addresses and paths lead to no file of a package. Bytes.
const LONGEST: usize = 4_096;

/// Tries; the addresses that do not open, but without which the page is shown. `Err`: what it needs does not open, in a sentence.
pub(super) async fn test(step: &Step, manifest: &Manifest) -> Result<std::result::Result<Vec<String>, String>> {
    let Some(page) = manifest.resolve("/") else {
        return Ok(Err("首页 index.html 打不开。请检查输出文件夹。".to_owned()));
    };
    let Some((html, cut)) = text(step, page.entry, PAGE, b'>').await? else {
        return Ok(Err("首页 index.html 的内容不在。请重新运行。".to_owned()));
    };
    let Ok(root) = Url::parse(ROOT) else { return Ok(Ok(Vec::new())) };
    let mut search = apart(move || Search::begun(root, &html, cut)).await?;
    let mut missed = Vec::new();
    while let Some(wanted) = search.pop() {
        // A page instead of a script is what a wrong address gets.
        let found = manifest.resolve(wanted.place.path()).filter(|found| !found.fallback);
        let entry = found.map(|found| found.entry);
        // The host makes it.
        let there = match entry {
            Some(entry) => step.engine.files().has(&entry.sha256).await?,
            None => wanted.place.path() == "/app-env.js",
        };
        if !wanted.again {
            step.log.line(&format!("{} {}", if there { "200" } else { "404" }, wanted.address));
        }
        if !there && wanted.named.needed {
            return Ok(Err(format!(
                "首页引用的“{}”不存在。请检查构建的资源路径（base），或把文件放进包里。",
                wanted.address
            )));
        }
        match entry.filter(|_| there && wanted.named.style) {
            Some(entry) => {
                if let Some(most) = search.room() {
                    let (css, cut) = text(step, entry, most, b'}').await?.unwrap_or_default();
                    search = apart(move || search.with_sheet(&wanted.place, &css, cut)).await?;
                }
            }
            None if !there && !wanted.again => missed.push(wanted.address),
            None => {}
        }
    }
    if search.cut {
        step.log.line("首页或样式表过长，或引用的地址过多：其余的没有检查");
    }
    Ok(Ok(missed))
}

/// How an address is named, by whatever names it.
#[derive(Debug, Clone, Copy)]
struct Named {
    needed: bool,
    style: bool,
    tried: bool,
}

/// What is tried next.
struct Wanted {
    place: Url,
    /// As written.
    address: String,
    named: Named,
    /// It was tried before; now it is known to be a style sheet, or needed, too.
    again: bool,
}

/// What the page names, directly or through its style sheets: each path once, however often and as whatever it is named.
struct Search {
    root: Url,
    wanted: VecDeque<(Url, String)>,
    seen: BTreeMap<String, Named>,
    sheets: usize,
    /// Bytes of style sheets that may still be read.
    left: usize,
    /// There was more than is looked at.
    cut: bool,
}

impl Search {
    fn begun(root: Url, html: &str, cut: bool) -> Self {
        let named = assets(html);
        let base = named.base.filter(|base| base.len() <= LONGEST);
        let start = base.and_then(|base| root.join(&base).ok()).unwrap_or_else(|| root.clone());
        let mut search =
            Self { root, wanted: VecDeque::new(), seen: BTreeMap::new(), sheets: 0, left: ALL_SHEETS, cut };
        // Were there too many, the needed ones should be among those that are tried.
        let (needed, rest): (Vec<Asset>, Vec<Asset>) = named.all.into_iter().partition(|asset| asset.needed);
        for asset in needed.into_iter().chain(rest) {
            search.name(&start, asset);
        }
        search
    }

    /// With what a style sheet names, which lies there.
    fn with_sheet(mut self, place: &Url, css: &str, cut: bool) -> Self {
        self.sheets += 1;
        self.left = self.left.saturating_sub(css.len());
        self.cut |= cut;
        for asset in assets_of_style(css) {
            self.name(place, asset);
        }
        self
    }

    fn name(&mut self, from: &Url, asset: Asset) {
        let Asset { address, needed, style } = asset;
        if address.len() > LONGEST {
            self.cut = true;
            return;
        }
        let Some(place) = local(&self.root, from, &address) else { return };
        if let Some(before) = self.seen.get_mut(place.path()) {
            let more = (needed && !before.needed) || (style && !before.style);
            before.needed |= needed;
            before.style |= style;
            if !more || !before.tried {
                return;
            }
        } else if self.seen.len() >= PATHS || place.path().len() > LONGEST {
            self.cut = true;
            return;
        } else {
            self.seen.insert(place.path().to_owned(), Named { needed, style, tried: false });
        }
        self.wanted.push_back((place, address));
    }

    fn pop(&mut self) -> Option<Wanted> {
        let (place, address) = self.wanted.pop_front()?;
        let named = self.seen.get_mut(place.path())?;
        let again = std::mem::replace(&mut named.tried, true);
        Some(Wanted { named: *named, place, address, again })
    }

    /// So much of one more style sheet is read, if it is read. Bytes.
    fn room(&mut self) -> Option<usize> {
        let most = SHEET.min(self.left);
        let reads = most > 0 && self.sheets < SHEETS;
        self.cut |= !reads;
        reads.then_some(most)
    }
}

/// Parses where nobody waits for the thread.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Work(e.to_string()))
}

/// The beginning of a file, and whether there is more of it; `None`: it is not there.
async fn text(step: &Step, entry: &Entry, most: usize, end: u8) -> Result<Option<(String, bool)>> {
    let bytes = step.engine.files().get(&entry.sha256).await?;
    Ok(bytes.map(|bytes| beginning(&bytes, most, end)))
}

/// At most so many bytes as text, up to the last of these letters, so that nothing ends in its middle; and whether that is not all.
fn beginning(bytes: &[u8], most: usize, end: u8) -> (String, bool) {
    if bytes.len() <= most {
        return (String::from_utf8_lossy(bytes).into_owned(), false);
    }
    let read = &bytes[..most];
    let whole = read.iter().rposition(|byte| *byte == end).map_or(0, |at| at + 1);
    (String::from_utf8_lossy(&read[..whole]).into_owned(), true)
}

/// Where an address leads that is our own; external ones are 外链检查's, and what is in the same page (`#here`) is there.
fn local(root: &Url, from: &Url, address: &str) -> Option<Url> {
    if address.starts_with('#') {
        return None;
    }
    let place = from.join(address).ok()?;
    (place.host() == root.host() && place.scheme() == root.scheme() && place.port() == root.port()).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::{ALL_SHEETS, LONGEST, PATHS, ROOT, SHEET, SHEETS, Search, beginning};
    use reqwest::Url;

    fn tried(mut search: Search) -> Vec<(String, bool, bool)> {
        std::iter::from_fn(|| search.pop())
            .map(|wanted| (wanted.place.path().to_owned(), wanted.named.needed, wanted.named.style))
            .collect()
    }

    fn of(html: &str) -> Search {
        Search::begun(Url::parse(ROOT).unwrap(), html, false)
    }

    #[test]
    fn what_is_named_twice_is_all_that_it_is_named_as() {
        let html = "<link rel=preload href=/a.js><img src=b.png><script src=/a.js></script>\
                    <link rel=preload href=c.css><link rel=stylesheet href=c.css?1>";
        let path = |path: &str, needed, style| (path.to_owned(), needed, style);
        let expected = [path("/a.js", true, false), path("/c.css", true, true), path("/b.png", false, false)];
        assert_eq!(tried(of(html)), expected);
    }

    #[test]
    fn a_style_sheet_that_was_tried_as_something_else_is_tried_again() {
        let mut search = of("<img src=/more.css>");
        assert!(search.pop().is_some_and(|wanted| !wanted.again && !wanted.named.style));
        let place = Url::parse(ROOT).unwrap();
        let mut search =
            search.with_sheet(&place, "@import '/more.css'; @import '/more.css'; p { mask: url(more.css) }", false);
        assert!(search.pop().is_some_and(|wanted| wanted.again && wanted.named.style));
        assert!(search.pop().is_none());
    }

    #[test]
    fn what_is_named_endlessly_takes_no_more_than_so_much() {
        let place = Url::parse(ROOT).unwrap();
        let same = of("").with_sheet(&place, &"p{mask:url(a)}".repeat(100_000), false);
        assert!(same.wanted.len() == 1 && !same.cut);
        let many: String = (0..3 * PATHS).map(|n| format!("p{{mask:url({n}.png)}}")).collect();
        let many = same.with_sheet(&place, &many, false);
        assert!(many.wanted.len() == PATHS && many.seen.len() == PATHS && many.cut);
        let page: String = (0..3 * PATHS).map(|n| format!("<img src={n}.png>")).collect();
        let page = of(&format!("{page}<script src=a.js></script>"));
        assert!(page.cut && tried(page).first().is_some_and(|(path, needed, _)| path == "/a.js" && *needed));
        let long = of(&format!("<base href=\"/{0}/\"><img src=\"{0}\"><img src=a.png>", "b".repeat(LONGEST)));
        assert!(long.cut && long.wanted.len() == 1);
    }

    #[test]
    fn so_many_sheets_and_so_much_of_them_are_read() {
        let place = Url::parse(ROOT).unwrap();
        let long = " ".repeat(SHEET);
        let mut search = of("");
        for _ in 0..ALL_SHEETS / SHEET {
            assert_eq!(search.room(), Some(SHEET));
            search = search.with_sheet(&place, &long, false);
        }
        assert_eq!((search.room(), search.cut), (None, true));
        let mut search = of("");
        for _ in 0..SHEETS {
            assert!(search.room().is_some());
            search = search.with_sheet(&place, "", false);
        }
        assert_eq!((search.room(), search.cut), (None, true));
    }

    #[test]
    fn the_beginning_ends_where_something_ends() {
        assert_eq!(beginning("<p>公".as_bytes(), 100, b'>'), ("<p>公".to_owned(), false));
        assert_eq!(beginning("<p>公</p>".as_bytes(), 5, b'>'), ("<p>".to_owned(), true));
        assert_eq!(beginning(b"no end", 3, b'>'), (String::new(), true));
    }
}
