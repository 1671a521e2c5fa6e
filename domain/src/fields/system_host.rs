//! 外部域名 that the system administrator decides on, as typed.

use serde::{Deserialize, Serialize};

use super::errors::FieldErrors;
use super::requests::{NO_HOST, is_external};
use super::table::FieldId;

/// One, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SystemHostDraft {
    /// A host; `*.` before it: everything below it.
    pub host: String,
    /// `yes`: 允许; `no`: 禁止.
    pub allowed: String,
    /// 用途, or why not.
    pub purpose: String,
}

/// One, valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidSystemHost {
    /// Lower case.
    pub host: String,
    /// 允许, or 禁止.
    pub allowed: bool,
    /// 1 to 100 Chinese characters wide.
    pub purpose: String,
}

/// Checks it.
///
/// # Errors
/// Every error at once.
pub fn validate_system_host(draft: &SystemHostDraft) -> Result<ValidSystemHost, FieldErrors> {
    let mut errors = FieldErrors::new();
    let field = FieldId::ExternalHosts;
    let host = draft.host.trim().to_ascii_lowercase();
    if !is_external(host.strip_prefix("*.").unwrap_or(&host)) {
        errors.add(field, NO_HOST);
    }
    let allowed = match draft.allowed.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if allowed.is_none() {
        errors.add(field, "请选择允许或禁止");
    }
    let purpose = draft.purpose.trim().to_owned();
    if purpose.is_empty() {
        errors.add(field, "请填写用途或禁止的原因");
    } else if crate::text::width(&purpose) > 200 {
        errors.add(field, "用途最多 100 个汉字的长度，请缩短");
    }
    errors.or(allowed.map(|allowed| ValidSystemHost { host, allowed, purpose }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_decided_on_with_its_reason() {
        let draft = |host: &str, allowed: &str, purpose: &str| SystemHostDraft {
            host: host.to_owned(),
            allowed: allowed.to_owned(),
            purpose: purpose.to_owned(),
        };
        let good = validate_system_host(&draft(" *.Map.example.cn ", "yes", " 地图 ")).unwrap();
        assert_eq!(
            good,
            ValidSystemHost { host: "*.map.example.cn".to_owned(), allowed: true, purpose: "地图".to_owned() }
        );
        let wrong = |draft: SystemHostDraft| validate_system_host(&draft).unwrap_err().iter().count();
        assert_eq!(wrong(draft("https://a.cn", "maybe", "")), 3);
        assert_eq!(wrong(draft("localhost", "no", "x")), 1);
        assert_eq!(wrong(draft("*.*.cn", "no", "x")), 1);
    }
}
