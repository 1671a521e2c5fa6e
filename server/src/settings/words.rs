//! Every setting in Chinese, for the system administrator's screen: its group, what it is for, and the unit of its value.

use SettingGroup::{Applications, Building, DingTalk, Limits, Log, Network, Notices, OpenId, Storage};
use domain::limit::Limit;
use domain::view::setting::SettingGroup;
use domain::words;

/// What is said of a setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) group: SettingGroup,
    pub(super) meaning: &'static str,
    /// Behind the value.
    pub(super) unit: &'static str,
}

/// By its flag. A test asks for each.
pub(super) fn of(name: &str) -> Word {
    if let Some(limit) = Limit::from_id(name) {
        return Word { group: Limits, meaning: words::limit(limit), unit: words::limit_unit(limit) };
    }
    let found = WORDS.iter().find(|(known, ..)| *known == name);
    let (_, group, meaning, unit) = found.copied().unwrap_or(("", Log, "", ""));
    Word { group, meaning, unit }
}

#[rustfmt::skip]
pub(super) const WORDS: &[(&str, SettingGroup, &str, &str)] = &[
    ("listen",            Network, "监听的地址和端口", ""),
    ("public-url",        Network, "大家访问平台的地址", ""),
    ("trusted-proxies",   Network, "前面的代理，只相信它们报告的来访地址", ""),
    ("tls-certificate",   Network, "由平台自己做 TLS 时的证书文件", ""),
    ("tls-key",           Network, "由平台自己做 TLS 时的私钥文件", ""),
    ("metrics-listen",    Network, "给监控系统（Prometheus）读取指标的地址和端口", ""),
    ("site",              Network, "网页前端文件所在的目录", ""),

    ("data",              Storage, "数据目录：内置数据库、文件和编译用的临时文件", ""),
    ("database-url",      Storage, "PostgreSQL 的地址；未设置时用数据目录里的 SQLite", ""),
    ("backups",           Storage, "备份所在的目录；未设置时是数据目录下的 backups，也不每日自动备份", ""),
    ("backup-time",       Storage, "每日自动备份的时间（北京时间）；off 是不自动备份", ""),
    ("backups-kept",      Storage, "保留最近几份每日自动备份", "份"),
    ("s3-bucket",         Storage, "对象存储的存储桶；未设置时文件在数据目录里", ""),
    ("s3-endpoint",       Storage, "对象存储的地址", ""),
    ("s3-region",         Storage, "对象存储的区域；未设置时是 us-east-1", ""),
    ("s3-access-key",     Storage, "对象存储的访问密钥", ""),
    ("s3-secret-key",     Storage, "对象存储的私有密钥", ""),
    ("s3-virtual-host",   Storage, "存储桶写在对象存储的域名里，而不是路径里", ""),

    ("apps-domain",       Applications, "应用的域名，每个应用在它下面有自己的子域名", ""),
    ("overdue-hours",     Applications, "工单在一个步骤里等待超过这么久，算超时", "小时"),
    ("probe-seconds",     Applications, "每隔多久检测一次已上线的应用；0 是不检测", "秒"),
    ("probe-private",     Applications, "也检测本单位内网里的地址", ""),

    ("builds",            Building, "同时检测和编译的个数；未设置时等于处理器的核数，0 是这台服务器不编译", "个"),
    ("npm-registry",      Building, "编译时唯一能访问的 npm 仓库；未设置时用 npm 自己的", ""),
    ("npm-registry-hosts", Building, "npm 仓库的下载可以转到的其他主机，用逗号分开", ""),
    ("pnpm",              Building, "带 pnpm 锁文件的程序包用的 pnpm", ""),
    ("yarn",              Building, "带 yarn 1 锁文件的程序包用的 yarn", ""),
    ("yarn-berry",        Building, "带 yarn 3 以上锁文件的程序包用的 yarn", ""),
    ("allow-unsandboxed-builds", Building, "没有编译沙箱时也编译：别人写的程序会直接在这台机器上运行", ""),
    ("bubblewrap",        Building, "编译沙箱的程序", ""),
    ("chromium",          Building, "给预览截图的浏览器程序；未设置时没有截图", ""),

    ("webhook-url",       Notices, "群机器人的地址", ""),
    ("webhook-secret",    Notices, "群机器人的加签密钥", ""),
    ("smtp-url",          Notices, "邮件服务器", ""),
    ("mail-from",         Notices, "邮件的发件人", ""),

    ("dingtalk-url",           DingTalk, "专有钉钉网关的地址", ""),
    ("dingtalk-app-key",       DingTalk, "应用的 App Key", ""),
    ("dingtalk-app-secret",    DingTalk, "应用的 App Secret", ""),
    ("dingtalk-tenant-id",     DingTalk, "租户 ID", ""),
    ("dingtalk-client-id",     DingTalk, "应用标识，扫码登录用", ""),
    ("dingtalk-sign-in-url",   DingTalk, "扫码登录页的地址", ""),
    ("dingtalk-jsapi-url",     DingTalk, "网页与浙政钉通信的脚本地址", ""),
    ("dingtalk-namespace",     DingTalk, "按手机号找人的账号类型", ""),
    ("dingtalk-area-code",     DingTalk, "手机号的国家代码", ""),
    ("dingtalk-sign-encoding", DingTalk, "签名时参数的写法（raw 或 urlencoded）", ""),

    ("oidc-issuer",        OpenId, "OpenID 提供方的名字（issuer）", ""),
    ("oidc-client-id",     OpenId, "平台在那里的 Client ID", ""),
    ("oidc-client-secret", OpenId, "平台在那里的 Client Secret", ""),
    ("oidc-name",          OpenId, "登录页按钮上的字", ""),
    ("oidc-map",           OpenId, "第一次登录时按哪一项自动找到账号；未设置时由系统管理员关联", ""),

    ("config",            Log, "设置文件", ""),
    ("demo",              Log, "演示环境：有演示数据，可以一键登录", ""),
    ("log-format",        Log, "日志的格式（text 或 json）", ""),
    ("otlp-endpoint",     Log, "收集调用链（OpenTelemetry）的地址", ""),
];
