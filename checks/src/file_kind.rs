//! What a file is, by its name.

/// What a file is for the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum FileKind {
    /// HTML.
    Html,
    /// A Vue single-file component.
    Vue,
    /// CSS, also of the kinds that are compiled to it.
    Css,
    /// JavaScript or TypeScript.
    Script(Dialect),
    /// SVG: may hold scripts and addresses.
    Svg,
    /// JSON: also a web app manifest.
    Json,
    /// Everything else.
    Other,
}

/// How a script is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    /// JavaScript, with JSX.
    Js,
    /// TypeScript.
    Ts,
    /// TypeScript with JSX.
    Tsx,
    /// Declarations of TypeScript only.
    Dts,
}

/// The extension in lower case, without the dot; empty if there is none.
pub(crate) fn extension(path: &str) -> String {
    file_name(path).rsplit_once('.').map(|(_, ext)| ext.to_ascii_lowercase()).unwrap_or_default()
}

/// The last part of the path.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What the file is.
pub(crate) fn kind(path: &str) -> FileKind {
    let name = file_name(path).to_ascii_lowercase();
    match extension(path).as_str() {
        "html" | "htm" | "xhtml" | "shtml" => FileKind::Html,
        "vue" => FileKind::Vue,
        "css" | "scss" | "less" => FileKind::Css,
        "js" | "mjs" | "cjs" | "jsx" => FileKind::Script(Dialect::Js),
        "ts" | "mts" | "cts" if [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| name.ends_with(end)) => {
            FileKind::Script(Dialect::Dts)
        }
        "ts" | "mts" | "cts" => FileKind::Script(Dialect::Ts),
        "tsx" => FileKind::Script(Dialect::Tsx),
        "svg" => FileKind::Svg,
        "json" | "webmanifest" => FileKind::Json,
        _ => FileKind::Other,
    }
}
