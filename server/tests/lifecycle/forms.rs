//! What people type.

use crate::nouns::Shape;
use crate::site::Site;

/// The form of 注册, 修改登记信息, 信息变更 and 关联, as typed.
pub fn draft(site: &Site, shape: Shape, name: &str, text: u32) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("draft[system]", site.system.clone()),
        ("draft[name]", name.to_owned()),
        ("draft[intro]", format!("第{text}版介绍")),
        ("draft[icon]", site.icon.clone()),
        ("draft[audience]", "person".to_owned()),
        ("draft[domestic_os]", "yes".to_owned()),
        ("draft[scope][0]", "330102".to_owned()),
        ("draft[vendor]", "杭州云途科技有限公司".to_owned()),
        ("draft[credit_code]", "91330100MA20000120".to_owned()),
        ("draft[contacts][0][name]", "赵磊".to_owned()),
        ("draft[contacts][0][phone]", "13800000001".to_owned()),
    ];
    let more: &[(&'static str, &str)] = match shape {
        Shape::Service => &[("draft[channels][0]", "zheli_app")],
        Shape::Linked(_) => {
            &[("draft[channels][0]", "zheli_app"), ("draft[mobile_url]", "https://old.example.gov.cn/app")]
        }
        Shape::Web => &[
            ("draft[channels][0]", "service_web"),
            ("draft[pc_mode]", "fill"),
            ("draft[pc_url]", "https://example.gov.cn/app"),
        ],
        Shape::Own => &[("draft[kind]", "h5"), ("draft[unified]", "no"), ("draft[region]", "330102")],
        Shape::Unified => &[("draft[kind]", "h5"), ("draft[unified]", "yes"), ("draft[region]", "330102")],
        Shape::MiniProgram => &[
            ("draft[kind]", "mini_program"),
            ("draft[unified]", "yes"),
            ("draft[region]", "330102"),
            ("draft[mobile_url]", "https://example.gov.cn/mini"),
        ],
    };
    fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
    fields
}
