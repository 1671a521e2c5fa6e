//! Checks a registration form. Spec: Registration fields.

use super::Env;
use super::draft::{ContactDraft, Registration};
use super::errors::{FieldErrors, filled, please_choose, within};
use super::parameters::parameters;
use super::shape::{Form, Presence, Shape, presence};
use super::table::FieldId;
use super::valid::{Audience, Contact, FrontRouting, PcAddress, ValidRegistration};
use super::{credit_code, name, phone, url};
use crate::ids::SystemId;
use crate::region::{self, RegionCode};
use std::collections::BTreeSet;

/// Checks everything and reports all errors at once. Fields that the form does not have are not read, whatever
/// the draft holds.
///
/// # Errors
/// Every error, in the order of the form. What only the engine knows (name taken, icon decoded, number known
/// to 浙政钉) it adds with [`FieldErrors::add`].
pub fn validate(draft: &Registration, form: Form, env: &Env) -> Result<ValidRegistration, FieldErrors> {
    let mut errors = FieldErrors::new();
    let shape = match form {
        Form::New { side } => Shape::of_new(side, draft, &mut errors),
        Form::Stock => Shape::stock(),
        Form::Existing(shape) => shape,
    };
    let asks = |field| presence(field, form, &shape);
    let mut check = Check { draft, env, errors };
    let system = check.system(asks(FieldId::System));
    let name = check.text(FieldId::Name, |draft, env| name::check(&draft.name, env));
    let intro = check.text(FieldId::Intro, |draft, _| filled(FieldId::Intro, &draft.intro));
    let icon = check.text(FieldId::Icon, |draft, _| picked(FieldId::Icon, &draft.icon));
    let audience = check.audience();
    let domestic_os = check.yes_no(FieldId::DomesticOs, &draft.domestic_os, Presence::Required);
    let mobile_url = check.url(FieldId::MobileUrl, &draft.mobile_url, asks(FieldId::MobileUrl));
    let backup_url = check.url(FieldId::BackupUrl, &draft.backup_url, asks(FieldId::BackupUrl));
    let pc = check.pc(&shape, asks(FieldId::PcUrl));
    let health_url = check.url(FieldId::HealthUrl, &draft.health_url, Presence::Optional);
    let front_routing = check.front_routing(asks(FieldId::FrontRouting));
    let typed = if asks(FieldId::Parameters) == Presence::Absent { &[][..] } else { &draft.parameters };
    let parameters = parameters(FieldId::Parameters, typed, &mut check.errors);
    let scope = check.scope();
    let vendor = check.text(FieldId::Vendor, |draft, _| filled(FieldId::Vendor, &draft.vendor));
    let credit_code = check.text(FieldId::CreditCode, |draft, env| credit_code::check(&draft.credit_code, env));
    let contacts = check.contacts();
    let unified = check.yes_no(FieldId::Unified, &draft.unified, asks(FieldId::Unified));
    let region = check.region(asks(FieldId::Region));
    let valid = || {
        Some(ValidRegistration {
            shape,
            system: system?,
            name: name?,
            intro: intro?,
            icon: icon?,
            audience: audience?,
            domestic_os: domestic_os??,
            mobile_url: mobile_url?,
            backup_url: backup_url?,
            pc: pc?,
            health_url: health_url?,
            front_routing: front_routing?,
            parameters: parameters?,
            scope: scope?,
            vendor: vendor?,
            credit_code: credit_code?,
            contacts: contacts?,
            unified: unified?,
            region: region?,
        })
    };
    check.errors.or(valid())
}

/// Each method gives the value, or `None` with the error noted.
struct Check<'a> {
    draft: &'a Registration,
    env: &'a Env,
    errors: FieldErrors,
}

fn picked(field: FieldId, id: &str) -> Result<String, String> {
    if id.trim().is_empty() { Err(please_choose(field)) } else { within(field, id) }
}

impl Check<'_> {
    fn text(&mut self, field: FieldId, rule: impl Fn(&Registration, &Env) -> Result<String, String>) -> Option<String> {
        let result = rule(self.draft, self.env);
        self.errors.keep(field, result)
    }

    fn system(&mut self, asks: Presence) -> Option<Option<SystemId>> {
        if asks != Presence::Required {
            return Some(None);
        }
        let id = self.draft.system.trim().parse().map(SystemId).map_err(|_| please_choose(FieldId::System));
        self.errors.keep(FieldId::System, id).map(Some)
    }

    fn audience(&mut self) -> Option<Audience> {
        let chosen = Audience::from_id(self.draft.audience.trim());
        self.errors.keep(FieldId::Audience, chosen.ok_or_else(|| please_choose(FieldId::Audience)))
    }

    fn yes_no(&mut self, field: FieldId, typed: &str, asks: Presence) -> Option<Option<bool>> {
        match (asks, typed.trim()) {
            (Presence::Required | Presence::Optional, "yes") => Some(Some(true)),
            (Presence::Required | Presence::Optional, "no") => Some(Some(false)),
            (Presence::Required, _) => self.errors.keep(field, Err(format!("请选择{}：是或否", field.label()))),
            _ => Some(None),
        }
    }

    fn url(&mut self, field: FieldId, typed: &str, asks: Presence) -> Option<Option<String>> {
        match (asks, typed.trim().is_empty()) {
            (Presence::Absent | Presence::System, _) | (Presence::Optional, true) => Some(None),
            (Presence::Required, true) => self.errors.keep(field, filled(field, "")).map(Some),
            (Presence::Required | Presence::Optional, false) => {
                self.errors.keep(field, url::check(field, typed)).map(Some)
            }
        }
    }

    /// 政务服务网 alone: 填充. Both channels: 填充 or 同移动端地址. Governance: either, or none.
    fn pc(&mut self, shape: &Shape, asks: Presence) -> Option<PcAddress> {
        let field = FieldId::PcUrl;
        let has_mobile = shape.hosted || asks == Presence::Optional;
        match (asks, self.draft.pc_mode.trim()) {
            (Presence::Absent | Presence::System, _) => Some(PcAddress::None),
            (_, "same") if has_mobile => Some(PcAddress::SameAsMobile),
            (_, "same") => self.errors.keep(field, Err("没有移动端地址，PC端地址请选「填充」并填写网址".to_owned())),
            (Presence::Optional, "") if self.draft.pc_url.trim().is_empty() => Some(PcAddress::None),
            (Presence::Required, "") if has_mobile && self.draft.pc_url.trim().is_empty() => {
                self.errors.keep(field, Err("请选择PC端地址：填充，或同移动端地址".to_owned()))
            }
            _ => self.url(field, &self.draft.pc_url, Presence::Required)?.map(PcAddress::Url),
        }
    }

    fn front_routing(&mut self, asks: Presence) -> Option<FrontRouting> {
        let typed = if asks == Presence::Absent { "" } else { self.draft.front_routing.trim() };
        let chosen = FrontRouting::from_id(typed);
        self.errors.keep(FieldId::FrontRouting, chosen.ok_or_else(|| please_choose(FieldId::FrontRouting)))
    }

    fn scope(&mut self) -> Option<BTreeSet<RegionCode>> {
        let sites = match region::sites(&self.draft.scope) {
            Ok(sites) if sites.is_empty() => Err("请选择适用范围，至少一个站点".to_owned()),
            Ok(sites) => Ok(sites),
            Err(unknown) => Err(format!("适用范围里没有区划代码「{}」，请重新选择", unknown.join("、"))),
        };
        self.errors.keep(FieldId::Scope, sites)
    }

    fn contacts(&mut self) -> Option<Vec<Contact>> {
        let field = FieldId::Contacts;
        let blank = |typed: &ContactDraft| typed.name.trim().is_empty() && typed.phone.trim().is_empty();
        let typed: Vec<(usize, &ContactDraft)> =
            (0..).zip(&self.draft.contacts).filter(|(_, typed)| !blank(typed)).collect();
        let before = self.errors.len();
        match typed.len() {
            0 => self.errors.add(field, "请填写开发商联系方式，至少一位"),
            1..=20 => {}
            count => self.errors.add(field, format!("开发商联系方式最多 20 位，现在是 {count} 位，请删去多余的")),
        }
        let mut found: Vec<(usize, Contact)> = Vec::new();
        for (item, typed) in typed {
            let name = real_name(&self.env.clean(&typed.name));
            let phone = phone::mobile(&typed.phone, self.env);
            if let Ok(phone) = &phone
                && let Some((first, _)) = found.iter().find(|(_, contact)| contact.phone == *phone)
            {
                self.errors.add_item(field, item, format!("手机号与第 {} 位相同，请去掉一位", first + 1));
                continue;
            }
            for text in [name.as_ref().err(), phone.as_ref().err()].into_iter().flatten() {
                self.errors.add_item(field, item, text.clone());
            }
            if let (Ok(name), Ok(phone)) = (name, phone) {
                found.push((item, Contact { name, phone }));
            }
        }
        (self.errors.len() == before).then(|| found.into_iter().map(|(_, contact)| contact).collect())
    }

    fn region(&mut self, asks: Presence) -> Option<Option<RegionCode>> {
        let field = FieldId::Region;
        match (asks, self.draft.region.trim()) {
            (Presence::Absent, _) => Some(None),
            (_, "") => self.errors.keep(field, Err(please_choose(field))),
            (_, code) => {
                let region =
                    RegionCode::parse(code).ok_or_else(|| format!("没有区划代码「{code}」，请重新选择所属区域"));
                self.errors.keep(field, region).map(Some)
            }
        }
    }
}

/// Letters, blanks and the dot of 买买提·艾力 inside; at most 20 Han characters wide. Beyond ASCII and Han
/// anything but signs and punctuation passes for a letter: the tables that know better must not travel.
fn real_name(name: &str) -> Result<String, String> {
    let sign = |c: char| matches!(c, '\u{80}'..='\u{BF}' | '\u{2000}'..='\u{2BFF}' | '\u{3000}'..='\u{303F}' | '\u{FE00}'..='\u{FFFF}');
    let letter = |c: char| c.is_ascii_alphabetic() || crate::text::is_han(c) || (!c.is_ascii() && !sign(c));
    let inside = |c: char| letter(c) || matches!(c, '·' | '.' | ' ' | '\'' | '-');
    if name.is_empty() {
        Err("请填写联系人的真实姓名".to_owned())
    } else if crate::text::width(name) > 40 {
        Err("联系人姓名最多 20 个汉字的长度，请缩短".to_owned())
    } else if name.chars().all(inside) && name.chars().any(letter) {
        Ok(name.to_owned())
    } else {
        Err("联系人姓名里不能有数字或符号，请填写真实姓名".to_owned())
    }
}
