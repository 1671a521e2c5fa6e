//! 运行参数: names with a value for live (the registration's) or for test (the workbench's). packages.md, One package for test and
//! live.

use super::draft::ParameterDraft;
use super::errors::FieldErrors;
use super::table::FieldId;
use super::valid::Parameter;
use std::collections::BTreeSet;

/// How many there are at most.
const MOST: usize = 50;

/// Longest value. Characters.
const VALUE_MOST: usize = 2000;

/// Checks the values for test. Rows that are blank as a whole are not read; the result is sorted by name.
///
/// # Errors
/// Every error, by row.
pub fn validate_test_parameters(typed: &[ParameterDraft]) -> Result<Vec<Parameter>, FieldErrors> {
    let mut errors = FieldErrors::new();
    let found = parameters(FieldId::TestParameters, typed, &mut errors);
    errors.or(found)
}

/// A name with both its values; `None`: it has none there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterPair {
    /// Its name.
    pub name: String,
    /// The value for test.
    pub test: Option<String>,
    /// The value for live.
    pub live: Option<String>,
}

/// All names of both, sorted, each with its values.
pub fn side_by_side(test: &[Parameter], live: &[Parameter]) -> Vec<ParameterPair> {
    let names: BTreeSet<&str> = test.iter().chain(live).map(|found| found.name.as_str()).collect();
    let value =
        |of: &[Parameter], name: &str| of.iter().find(|found| found.name == name).map(|found| found.value.clone());
    let pair = |name: &str| ParameterPair { name: name.to_owned(), test: value(test, name), live: value(live, name) };
    names.into_iter().map(pair).collect()
}

/// The same for any field that holds parameters; `None`: what is wrong was added to the errors.
pub(super) fn parameters(field: FieldId, typed: &[ParameterDraft], errors: &mut FieldErrors) -> Option<Vec<Parameter>> {
    let blank = |typed: &ParameterDraft| typed.name.trim().is_empty() && typed.value.is_empty();
    let typed: Vec<(usize, &ParameterDraft)> = (0..).zip(typed).filter(|(_, typed)| !blank(typed)).collect();
    let before = errors.len();
    if typed.len() > MOST {
        errors.add(field, format!("运行参数最多 {MOST} 个，请删去多余的"));
    }
    let mut found: Vec<Parameter> = Vec::new();
    for (item, typed) in typed {
        let name = typed.name.trim();
        if !is_name(name) {
            errors.add_item(field, item, "参数名要以字母或下划线开头，只含字母、数字和下划线，最多 64 个字符");
        } else if found.iter().any(|other| other.name == name) {
            errors.add_item(field, item, format!("参数名「{name}」重复，请去掉一个"));
        } else if typed.value.chars().count() > VALUE_MOST {
            errors.add_item(field, item, format!("参数值最多 {VALUE_MOST} 个字，请缩短"));
        } else {
            found.push(Parameter { name: name.to_owned(), value: typed.value.clone() });
        }
    }
    found.sort();
    (errors.len() == before).then_some(found)
}

fn is_name(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}
