//! The form of an API 令牌.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::errors::{FieldErrors, filled, please_choose};
use super::table::FieldId;
use crate::api_token::{ApiScope, DAYS};

/// As typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TokenDraft {
    /// 令牌名称.
    pub name: String,
    /// 权限: ids of [`ApiScope`].
    pub scopes: Vec<String>,
    /// 有效期: one of [`DAYS`].
    pub days: String,
}

/// Valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidToken {
    /// 令牌名称.
    pub name: String,
    /// 权限: one at least.
    pub scopes: BTreeSet<ApiScope>,
    /// 有效期.
    pub days: u16,
}

/// Checks all of it.
///
/// # Errors
/// Every error at once.
pub fn validate_token(draft: &TokenDraft) -> Result<ValidToken, FieldErrors> {
    let mut errors = FieldErrors::new();
    let name = errors.keep(FieldId::TokenName, filled(FieldId::TokenName, &draft.name));
    let known: BTreeSet<ApiScope> = draft.scopes.iter().filter_map(|id| ApiScope::from_id(id.trim())).collect();
    let strange = known.len() != draft.scopes.iter().collect::<BTreeSet<_>>().len();
    let scopes = if known.is_empty() || strange { Err(please_choose(FieldId::TokenScopes)) } else { Ok(known) };
    let scopes = errors.keep(FieldId::TokenScopes, scopes);
    let days = draft.days.trim().parse().ok().filter(|days| DAYS.contains(days));
    let days = errors.keep(FieldId::TokenDays, days.ok_or_else(|| please_choose(FieldId::TokenDays)));
    let valid = || Some(ValidToken { name: name?, scopes: scopes?, days: days? });
    errors.or(valid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_name_rights_and_an_end() {
        let good = TokenDraft {
            name: " 流水线 ".to_owned(),
            scopes: vec!["upload".to_owned(), "read".to_owned()],
            days: "90".to_owned(),
        };
        let valid = validate_token(&good).unwrap();
        assert_eq!((valid.name.as_str(), valid.days), ("流水线", 90));
        assert_eq!(valid.scopes, BTreeSet::from([ApiScope::Read, ApiScope::Upload]));
        let bad = |spoil: fn(&mut TokenDraft)| {
            let mut draft = good.clone();
            spoil(&mut draft);
            validate_token(&draft).unwrap_err().iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(bad(|draft| draft.name = " ".to_owned()), [FieldId::TokenName]);
        assert_eq!(bad(|draft| draft.scopes.push("admin".to_owned())), [FieldId::TokenScopes]);
        assert_eq!(bad(|draft| draft.days = "36500".to_owned()), [FieldId::TokenDays]);
        let all = [FieldId::TokenName, FieldId::TokenScopes, FieldId::TokenDays];
        assert_eq!(bad(|draft| *draft = TokenDraft::default()), all);
    }
}
