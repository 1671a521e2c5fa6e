//! Why a zip is refused before any rule runs. packages.md: Bad input. One Chinese sentence each, which
//! names the entry and says what to do.

use serde::{Deserialize, Serialize};

/// Why the zip is refused. Names are shown with their control characters replaced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BadPackage {
    /// There is no zip directory at the end.
    #[error(
        "这不是完整的 zip 文件：可能上传中断，也可能是其他格式改了扩展名。请用系统自带的压缩功能重新打包为 zip 后上传。"
    )]
    NotAZip,
    /// The directory or a header does not fit the bytes.
    #[error("压缩包已损坏或被改动（{what}）。请重新打包后上传，不要用工具修改压缩包。")]
    Damaged {
        /// What does not fit.
        what: String,
    },
    /// Entries overlap, or sizes in directory and header differ, or are not those of the content.
    #[error("“{entry}”登记的大小或位置与实际内容不符。请重新打包后上传，不要用工具修改压缩包。")]
    Lies {
        /// The entry.
        entry: String,
    },
    /// Encrypted.
    #[error("“{entry}”已加密，平台无法检测。请去掉密码后重新打包。")]
    Encrypted {
        /// The entry.
        entry: String,
    },
    /// Neither stored nor deflated.
    #[error("“{entry}”使用了不支持的压缩方式（{method}）。请用普通的 zip（Deflate）方式重新打包。")]
    Method {
        /// The entry.
        entry: String,
        /// The number of the method.
        method: u16,
    },
    /// The zip is too large.
    #[error("压缩包有 {bytes} 字节，超过上限 {limit} 字节。请去掉不需要的文件（如视频、原始图片）后重新打包。")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// All files together are too large.
    #[error("解压后超过上限 {limit} 字节。请去掉不需要的文件后重新打包。")]
    UnpackedTooLarge {
        /// The limit.
        limit: u64,
    },
    /// One file is too large.
    #[error("“{entry}”解压后超过单个文件的上限 {limit} 字节。请压缩或拆分这个文件。")]
    FileTooLarge {
        /// The entry.
        entry: String,
        /// The limit.
        limit: u64,
    },
    /// Too many entries.
    #[error(
        "压缩包内有 {entries} 个条目，超过上限 {limit} 个。请不要打包 node_modules、.git 等文件夹，合并零碎文件后重新打包。"
    )]
    TooManyEntries {
        /// How many.
        entries: u64,
        /// The limit.
        limit: u32,
    },
    /// A bomb.
    #[error("“{entry}”的压缩比超过 {limit} : 1，疑似压缩炸弹。请去掉这个文件后重新打包。")]
    Bomb {
        /// The entry, or the whole.
        entry: String,
        /// The limit.
        limit: u32,
    },
    /// Path too long.
    #[error("“{entry}”的路径超过 {limit} 个字符。请缩短文件夹或文件的名称。")]
    PathTooLong {
        /// The entry, cut.
        entry: String,
        /// The limit.
        limit: u32,
    },
    /// Path too deep.
    #[error("“{entry}”的文件夹超过 {limit} 层。请减少文件夹层级。")]
    PathTooDeep {
        /// The entry.
        entry: String,
        /// The limit.
        limit: u32,
    },
    /// The name cannot be used.
    #[error("“{entry}”的名称不能使用：{}。{}", .flaw.words(), .flaw.advice())]
    Name {
        /// The entry.
        entry: String,
        /// What is wrong with it.
        flaw: NameFlaw,
    },
    /// A symbolic link, a device, a socket.
    #[error("“{entry}”不是普通文件或文件夹（符号链接、设备等）。请换成真实文件后重新打包。")]
    NotAFile {
        /// The entry.
        entry: String,
    },
    /// Two entries of one name, or a file where another needs a folder.
    #[error("“{entry}”在压缩包中出现了不止一次，或既是文件又是文件夹。请只保留一个后重新打包。")]
    Duplicate {
        /// The entry.
        entry: String,
    },
    /// Two names that differ in case only.
    #[error("“{entry}”与“{other}”只有大小写不同，在部分系统上会互相覆盖。请改名后重新打包。")]
    CaseCollision {
        /// The entry.
        entry: String,
        /// The one before.
        other: String,
    },
    /// An archive in the archive.
    #[error("“{entry}”是压缩包。请解开后直接放入文件，或将其移出。")]
    Nested {
        /// The entry.
        entry: String,
    },
    /// Nothing in it.
    #[error("压缩包是空的。请将构建结果或源码打包后上传。")]
    Empty,
    /// Neither source nor static.
    #[error(
        "没有找到 {looked_for}。静态包请将 index.html 放在最外层；源码包请将带有 scripts.build 的 package.json 放在最外层。"
    )]
    NoShape {
        /// What was looked for.
        looked_for: String,
    },
    /// `package.json` or `gbc.json` cannot be read.
    #[error("“{entry}”无法读取：{what}。请修正后重新打包。")]
    Manifest {
        /// The file.
        entry: String,
        /// What is wrong, in Chinese.
        what: String,
    },
    /// The reader failed.
    #[error("读取压缩包时出错。请稍后重试；若一再出现，请重新上传。")]
    Unreadable,
    /// The caller stopped it.
    #[error("已取消。")]
    Cancelled,
}

/// What is wrong with an entry's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameFlaw {
    /// `..` or `.`.
    DotDot,
    /// Starts with a slash.
    Absolute,
    /// Has a backslash.
    Backslash,
    /// `C:` or any other colon.
    Drive,
    /// Has a NUL.
    Nul,
    /// Has another control character, or one that turns the direction of writing.
    Control,
    /// CON, NUL, COM1 and so on.
    Reserved,
    /// Has `<>"|?*`, or ends in a dot or a space.
    Windows,
    /// Empty, or has an empty part.
    Empty,
    /// Neither UTF-8 nor GB18030.
    Encoding,
}

impl NameFlaw {
    /// What is wrong.
    pub const fn words(self) -> &'static str {
        match self {
            NameFlaw::DotDot => "含有“.”或“..”",
            NameFlaw::Absolute => "是绝对路径",
            NameFlaw::Backslash => "含有反斜杠",
            NameFlaw::Drive => "含有盘符或冒号",
            NameFlaw::Nul => "含有空字符（NUL）",
            NameFlaw::Control => "含有控制字符",
            NameFlaw::Reserved => "是 Windows 的保留名称",
            NameFlaw::Windows => "含有 Windows 不允许的字符，或以点、空格结尾",
            NameFlaw::Empty => "有一段是空的",
            NameFlaw::Encoding => "既不是 UTF-8 也不是 GB18030 编码",
        }
    }

    /// What to do.
    pub const fn advice(self) -> &'static str {
        match self {
            NameFlaw::DotDot | NameFlaw::Absolute | NameFlaw::Empty => "请在项目文件夹内使用相对路径重新打包。",
            NameFlaw::Backslash => "请改用以“/”分隔路径的压缩工具重新打包。",
            NameFlaw::Drive
            | NameFlaw::Nul
            | NameFlaw::Control
            | NameFlaw::Reserved
            | NameFlaw::Windows
            | NameFlaw::Encoding => "请改名（建议只用字母、数字、横线和下划线）后重新打包。",
        }
    }
}

/// A name fit to be shown: control characters and such are replaced, and it is cut.
pub(crate) fn shown(name: &str) -> String {
    let clean: String = name.chars().take(200).map(|c| if crate::text::hidden(c) { '\u{fffd}' } else { c }).collect();
    if name.chars().nth(200).is_some() { format!("{clean}…") } else { clean }
}
