//! People named one by one, as a step's reviewers. Spec: identity.md, The three administrators.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::role::Role;

/// Somebody whom a step may name: an active account with the role.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Between names.
const BETWEEN: [char; 6] = ['、', '，', ',', '；', ';', '\n'];

impl Named {
    /// As the form and the log show them: 李敏（limin）.
    pub fn written(&self) -> String {
        let name = self.name.replace(BETWEEN, " ");
        if self.account.is_empty() { name } else { format!("{name}（{}）", self.account) }
    }

    /// Whether this is what was typed: 李敏, limin, or whatever（limin）: a name may have been corrected since.
    fn is(&self, typed: &str) -> bool {
        match typed.strip_suffix('）').and_then(|typed| typed.rsplit_once('（')) {
            Some((_, account)) if account == self.account => true,
            _ => typed == wide(&self.name) || typed == self.account,
        }
    }
}

/// A bracket may have been typed as it is on the other keyboard.
fn wide(text: &str) -> String {
    text.trim().replace('(', "（").replace(')', "）")
}

/// Names, one after the other: 李敏、陈刚.
pub fn names(people: &[Named]) -> String {
    people.iter().map(|named| named.name.as_str()).collect::<Vec<_>>().join("、")
}

/// The same with their accounts.
pub fn written(people: &[Named]) -> String {
    people.iter().map(Named::written).collect::<Vec<_>>().join("、")
}

/// Who is meant by names or accounts with 、 , or ; between; each counts once. Without `people`, as in a browser, whoever is typed.
///
/// # Errors
/// A sentence: nobody of that name has the role, or several do.
pub fn meant(typed: &str, role: Role, people: Option<&[Nameable]>) -> Result<Vec<Named>, String> {
    let mut found: Vec<Named> = Vec::new();
    for one in typed.split(BETWEEN).map(wide).filter(|one| !one.is_empty()) {
        let named = match people {
            Some(people) => the_one(&one, role, people)?,
            None => Named { person: PersonId(uuid::Uuid::nil()), name: one, account: String::new() },
        };
        if !found.contains(&named) {
            found.push(named);
        }
    }
    Ok(found)
}

fn the_one(typed: &str, role: Role, people: &[Nameable]) -> Result<Named, String> {
    let mut known = people.iter().filter(|nameable| nameable.role == role && nameable.named.is(typed));
    let Some(first) = known.next() else {
        return Err(format!("没有叫「{typed}」的{}，请核对姓名或账号，或先设置角色", crate::words::role(role)));
    };
    match known.next() {
        None => Ok(first.named.clone()),
        Some(second) => {
            let (first, second) = (first.named.written(), second.named.written());
            Err(format!("有不止一位「{typed}」，请写明账号，例如「{first}」或「{second}」"))
        }
    }
}
