//! What is in the packages: text that compresses as programs do, pictures that don't. Every run's contents are new, so that nothing that the
//! server keeps by its hash helps.

use crate::Outcome;
use crate::works::random;
use hyper::body::Bytes;
use std::io::{Cursor, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What the large package has, packed. Bytes.
const PACKED: u64 = 50 * 1024 * 1024;

/// Files of text in it.
const SCRIPTS: u64 = 180;
const STYLES: u64 = 60;
const PAGES: u64 = 59;

/// What the large package is made of.
pub(crate) struct Mix {
    pub(crate) texts: usize,
    /// Bytes, unpacked.
    pub(crate) text_bytes: u64,
    pub(crate) pictures: u32,
    /// Bytes.
    pub(crate) packed: u64,
}

/// A package of 50 MB, and what is in it.
pub(super) fn large() -> Outcome<(Bytes, Mix)> {
    let mut chance = Chance::new();
    let mut head = String::new();
    let mut texts = Vec::new();
    for n in 0..SCRIPTS {
        let (path, size) = (format!("assets/module-{n}.js"), 20_000 + chance.below(40_000));
        head.push_str(&format!("<script type=module src=/{path}></script>\n"));
        texts.push((path, script(&mut chance, size)));
    }
    for n in 0..STYLES {
        let (path, size) = (format!("assets/part-{n}.css"), 8_000 + chance.below(16_000));
        head.push_str(&format!("<link rel=stylesheet href=/{path}>\n"));
        texts.push((path, style(&mut chance, size)));
    }
    for n in 0..PAGES {
        let size = 2_000 + chance.below(8_000);
        texts.push((format!("help/{n}.html"), page(&mut chance, "", size)));
    }
    texts.push(("index.html".to_owned(), page(&mut chance, &head, 4_000)));
    let text_bytes = texts.iter().map(|(_, text)| text.len() as u64).sum();
    let packed = pack(texts.iter().map(|(path, text)| (path.as_str(), text.as_bytes())))?;
    let mut room = PACKED.saturating_sub(packed.len() as u64);
    let mut zip = ZipWriter::new_append(Cursor::new(packed)).map_err(failed)?;
    let mut pictures = 0;
    while room > 0 {
        let size = (40_000 + chance.below(560_000)).min(room);
        let kind = chance.one_of(["jpg", "png", "webp", "woff2"]);
        let path = format!("images/{pictures}.{kind}");
        // As those who zip leave them: they become no smaller.
        add(&mut zip, &path, &picture(&mut chance, size), CompressionMethod::Stored)?;
        room -= size;
        pictures += 1;
    }
    let zip = zip.finish().map_err(failed)?.into_inner();
    let mix = Mix { texts: texts.len(), text_bytes, pictures, packed: zip.len() as u64 };
    Ok((zip.into(), mix))
}

/// A package of these files, deflated.
pub(super) fn pack<'f>(files: impl Iterator<Item = (&'f str, &'f [u8])>) -> Outcome<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        add(&mut zip, path, content, CompressionMethod::Deflated)?;
    }
    zip.finish().map(Cursor::into_inner).map_err(failed)
}

fn add(zip: &mut ZipWriter<Cursor<Vec<u8>>>, path: &str, content: &[u8], method: CompressionMethod) -> Outcome<()> {
    zip.start_file(path, SimpleFileOptions::default().compression_method(method)).map_err(failed)?;
    zip.write_all(content).map_err(|e| format!("{path}: {e}"))
}

fn failed(error: ZipError) -> String {
    format!("the package can't be made: {error}")
}

/// A script of about so many bytes.
pub(super) fn script(chance: &mut Chance, size: u64) -> String {
    let mut text = String::new();
    let mut last = "Math.trunc".to_owned();
    while (text.len() as u64) < size {
        let (name, a, b) = (chance.name(), chance.name(), chance.name());
        let (n, m) = (chance.below(90_000), chance.below(900));
        let (word, other) = (chance.word(), chance.word());
        text.push_str(&match chance.below(4) {
            0 => format!("export const {name} = {{ {a}: {n}, {b}: \"{word}{other}\", {last}: [{m}, {n}] }};\n").replace("Math.trunc", "trunc"),
            1 => format!(
                "export function {name}({a}, {b}) {{\n  if ({a} > {n}) {{ return \"{word}\"; }}\n  return {last}({b} * {m});\n}}\n"
            ),
            2 => format!(
                "export class C{name} {{\n  #{a} = {n};\n  constructor({b}) {{ this.{b} = {b}; this.#{a} += {m}; }}\n  get {a}() {{ return this.#{a}; }}\n}}\n"
            ),
            _ => format!(
                "export const {name} = ({a}) => {a}.filter(({b}) => {b}.length > {m}).map(({b}) => `{word} ${{{b}}}`);\n"
            ),
        });
        last = name;
    }
    text
}

/// A style sheet of about so many bytes.
fn style(chance: &mut Chance, size: u64) -> String {
    let mut text = String::new();
    while (text.len() as u64) < size {
        let (name, n, m, colour) = (chance.name(), chance.below(60), chance.below(400), chance.below(0xff_ffff));
        text.push_str(&format!(
            ".{name} {{ margin: {n}px {m}px; color: #{colour:06x}; display: grid; }}\n.{name}:hover > a {{ opacity: 0.{n}; }}\n"
        ));
    }
    text
}

/// A page of about so many bytes.
pub(super) fn page(chance: &mut Chance, head: &str, size: u64) -> String {
    let mut text = format!(
        "<!doctype html><html lang=zh-CN><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
        <title>{}</title>\n{head}</head><body>\n",
        chance.word()
    );
    let most = text.len() as u64 + size;
    while (text.len() as u64) < most {
        let (class, one, two, n) = (chance.name(), chance.word(), chance.word(), chance.below(900));
        text.push_str(&format!(
            "<section class={class}><h2>{one}{n}</h2><p>{two}：{one}，第 {n} 号窗口。</p></section>\n"
        ));
    }
    text.push_str("</body></html>\n");
    text
}

/// So many bytes that don't compress.
pub(super) fn picture(chance: &mut Chance, size: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < size {
        bytes.extend_from_slice(&chance.next().to_le_bytes());
    }
    bytes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    // No file of a program begins like this.
    if let Some(first) = bytes.first_mut() {
        *first = 0xff;
    }
    bytes
}

/// Numbers that look like chance, quickly (splitmix64); another run has others.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new() -> Self {
        Self(random() as u64)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }

    fn one_of<T: Copy, const N: usize>(&mut self, list: [T; N]) -> T {
        list[usize::try_from(self.below(N as u64)).unwrap_or_default()]
    }

    fn name(&mut self) -> String {
        let parts =
            ["load", "route", "line", "stop", "form", "order", "query", "list", "page", "user", "time", "state"];
        format!("{}_{}{:x}", self.one_of(parts), self.one_of(parts), self.below(0xffff))
    }

    fn word(&mut self) -> &'static str {
        self.one_of(["公交线路", "到站时间", "办事指南", "预约取号", "缴费记录", "社保查询", "停车泊位", "图书续借"])
    }
}
