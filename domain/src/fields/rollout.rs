//! 发布方式 on the approval form: 立即, 定时 or 分批. packages.md, "When an approved version goes live".

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::errors::{FieldErrors, within};
use super::table::FieldId;
use crate::region::RegionCode;
use crate::time::UtcMillis;

/// 发布方式 as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RolloutDraft {
    /// `now` or blank (立即), `at` (定时), `batches` (分批).
    pub mode: String,
    /// 定时: `2026-11-24T14:05`, time in China.
    pub at: String,
    /// 分批.
    pub batches: Vec<BatchDraft>,
}

/// One batch as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchDraft {
    /// Its name.
    pub name: String,
    /// Region codes of its sites.
    pub sites: Vec<String>,
    /// When it starts by itself, `2026-11-24T14:05`; blank: staff start it.
    pub at: String,
}

impl BatchDraft {
    /// Nothing was typed or chosen: a row of the form that nobody used.
    pub fn is_blank(&self) -> bool {
        self.name.trim().is_empty() && self.sites.is_empty() && self.at.trim().is_empty()
    }
}

/// A valid 发布方式.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValidRollout {
    /// 立即.
    Now,
    /// 定时.
    At(UtcMillis),
    /// 分批: every chosen site in exactly one batch.
    Batches(Vec<ValidBatch>),
}

/// A valid batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidBatch {
    /// Its name, unlike the others'.
    pub name: String,
    /// Its sites, at least one.
    pub sites: BTreeSet<RegionCode>,
    /// When it starts by itself; `None`: staff start it.
    pub at: Option<UtcMillis>,
}

impl ValidRollout {
    /// The batches of its plan, which together are `scope`; 立即 has none. 定时 is one batch without a name.
    pub fn batches(self, scope: &BTreeSet<RegionCode>) -> Vec<ValidBatch> {
        match self {
            ValidRollout::Now => Vec::new(),
            ValidRollout::At(at) => vec![ValidBatch { name: String::new(), sites: scope.clone(), at: Some(at) }],
            ValidRollout::Batches(batches) => batches,
        }
    }
}

/// The valid 发布方式, or `None` with the errors noted.
pub(super) fn check_rollout(
    draft: &RolloutDraft,
    scope: &BTreeSet<RegionCode>,
    now: UtcMillis,
    errors: &mut FieldErrors,
) -> Option<ValidRollout> {
    match draft.mode.trim() {
        "" | "now" => Some(ValidRollout::Now),
        "at" if draft.at.trim().is_empty() => {
            errors.keep(FieldId::Rollout, Err("请填写定时发布的日期和时间".to_owned()))
        }
        "at" => errors.keep(FieldId::Rollout, time(&draft.at, now)).map(ValidRollout::At),
        "batches" => check_batches(&draft.batches, scope, now, errors).map(ValidRollout::Batches),
        _ => errors.keep(FieldId::Rollout, Err("请选择发布方式：立即、定时或分批".to_owned())),
    }
}

fn check_batches(
    typed: &[BatchDraft],
    scope: &BTreeSet<RegionCode>,
    now: UtcMillis,
    errors: &mut FieldErrors,
) -> Option<Vec<ValidBatch>> {
    let field = FieldId::Rollout;
    let before = errors.len();
    let used = typed.iter().filter(|batch| !batch.is_blank()).count();
    if used == 0 || used > 50 {
        errors.add(field, "分批发布要有 1 至 50 批，请添加或删去批次");
    }
    let mut batches: Vec<ValidBatch> = Vec::new();
    let mut batch_of: BTreeMap<RegionCode, usize> = BTreeMap::new();
    for (item, typed) in typed.iter().enumerate().filter(|(_, batch)| !batch.is_blank()) {
        let name = typed.name.trim().to_owned();
        if name.is_empty() {
            errors.add_item(field, item, format!("请填写第 {} 批的名称", item + 1));
        } else if crate::text::width(&name) > 40 || within(field, &name).is_err() {
            errors.add_item(field, item, "批次名称最多 20 个汉字的长度，请缩短");
        } else if batches.iter().any(|other| other.name == name) {
            errors.add_item(field, item, format!("批次名称「{name}」重复，请换一个"));
        }
        let sites = check_sites(typed, item, scope, &mut batch_of, errors);
        let at = match typed.at.trim() {
            "" => None,
            at => time(at, now).map_err(|text| errors.add_item(field, item, text)).ok(),
        };
        batches.push(ValidBatch { name, sites, at });
    }
    let missing: Vec<String> =
        scope.iter().filter(|site| !batch_of.contains_key(site)).map(|site| site.site_name()).collect();
    if !missing.is_empty() && used > 0 {
        errors.add(field, format!("还有站点不在任何一批：{}，请分到某一批", few(&missing)));
    }
    (errors.len() == before).then_some(batches)
}

fn check_sites(
    typed: &BatchDraft,
    item: usize,
    scope: &BTreeSet<RegionCode>,
    batch_of: &mut BTreeMap<RegionCode, usize>,
    errors: &mut FieldErrors,
) -> BTreeSet<RegionCode> {
    let field = FieldId::Rollout;
    let mut sites = BTreeSet::new();
    for code in &typed.sites {
        match RegionCode::parse(code.trim()) {
            Some(site) if !scope.contains(&site) => {
                errors.add_item(field, item, format!("{}不在适用范围内，请从这一批去掉", site.site_name()));
            }
            Some(site) => {
                let first = *batch_of.entry(site).or_insert(item);
                if first != item {
                    let text = format!("{}已经在第 {} 批，请从其中一批去掉", site.site_name(), first + 1);
                    errors.add_item(field, item, text);
                }
                sites.insert(site);
            }
            None => errors.add_item(field, item, format!("没有区划代码「{code}」，请重新选择站点")),
        }
    }
    if typed.sites.is_empty() {
        errors.add_item(field, item, format!("第 {} 批没有站点，请选择站点或删去这一批", item + 1));
    }
    sites
}

fn time(typed: &str, now: UtcMillis) -> Result<UtcMillis, String> {
    match UtcMillis::from_local(typed.trim()) {
        Some(at) if at > now => Ok(at),
        Some(_) => Err("上线时间已经过去，请选择以后的时间".to_owned()),
        None => Err("上线时间要写成 2026-01-31 09:00 的样子，并且确有这一天".to_owned()),
    }
}

fn few(names: &[String]) -> String {
    let shown = names[..names.len().min(5)].join("、");
    if names.len() > 5 { format!("{shown}等 {} 个", names.len()) } else { shown }
}
