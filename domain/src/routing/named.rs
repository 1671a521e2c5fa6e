//! People named one by one, as a step's reviewers. Spec: identity.md, The three administrators.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::role::Role;

/// Somebody whom a step may name: an active account with the role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nameable {
    /// Who.
    pub named: Named,
    /// The role that they hold, for whichever region.
    pub role: Role,
}

/// Somebody as a step names them; the words are those of the day on which the rule was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The account.
    pub person: PersonId,
    /// 姓名.
    pub name: String,
    /// 账号: tells two of one name apart.
    pub account: String,
}

impl Named {
    /// As the form shows them: 李敏（limin）.
    pub fn written(&self) -> String {
        format!("{}（{}）", self.name, self.account)
    }

    /// Whether this is what was typed: 李敏, limin, or 李敏（limin）.
    fn is(&self, typed: &str) -> bool {
        typed == self.name || typed == self.account || typed == self.written()
    }
}

/// Names, one after the other: 李敏、陈刚.
pub fn names(people: &[Named]) -> String {
    people.iter().map(|named| named.name.as_str()).collect::<Vec<_>>().join("、")
}

/// Who is meant by names or accounts with 、 , ; or spaces between; each counts once.
///
/// # Errors
/// A sentence: nobody of that name has the role, or several do.
pub fn meant(typed: &str, role: Role, people: &[Nameable]) -> Result<Vec<Named>, String> {
    // A bracket may have been typed as it is on the other keyboard.
    let typed = typed.replace('(', "（").replace(')', "）");
    let mut found: Vec<Named> = Vec::new();
    for one in typed.split(['、', '，', ',', '；', ';', '\n']).map(str::trim).filter(|one| !one.is_empty()) {
        let mut known = people.iter().filter(|nameable| nameable.role == role && nameable.named.is(one));
        let Some(first) = known.next() else {
            return Err(format!("没有叫「{one}」的{}，请核对姓名或账号，或先设置角色", crate::words::role(role)));
        };
        if let Some(second) = known.next() {
            let (first, second) = (first.named.written(), second.named.written());
            return Err(format!("有不止一位「{one}」，请写明账号，例如「{first}」或「{second}」"));
        }
        if !found.contains(&first.named) {
            found.push(first.named.clone());
        }
    }
    Ok(found)
}
