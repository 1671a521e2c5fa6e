//! The policy of passwords and authenticators, for the browser and the server (identity.md, Sign-in).

use serde::{Deserialize, Serialize};

use crate::fields::FieldId;
use crate::fields::Limit;

/// What a password must be, and who needs more than one: a setting of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicy {
    /// Characters, at least.
    pub length: u8,
    /// Of lower case, upper case, digits and others: so many kinds, at least.
    pub classes: u8,
    /// It holds for so long. Days.
    pub days: u16,
    /// It must not be among the last so many.
    pub before: u8,
    /// Whom an authenticator is demanded of; what was stored before this was asked means the administrators.
    #[serde(default)]
    pub authenticator: AuthenticatorOf,
}

/// Of whose local accounts an authenticator (动态口令) is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticatorOf {
    /// Of the three administrators': that cannot be loosened.
    #[default]
    Administrators,
    /// Of all.
    Everybody,
}

impl AuthenticatorOf {
    /// As they are offered.
    pub const ALL: [Self; 2] = [Self::Administrators, Self::Everybody];

    /// As a form sends it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Administrators => "administrators",
            Self::Everybody => "everybody",
        }
    }

    /// Its word on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Administrators => "仅管理员",
            Self::Everybody => "所有本地账号",
        }
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { length: 12, classes: 3, days: 90, before: 5, authenticator: AuthenticatorOf::Administrators }
    }
}

/// Whose password it becomes: it must not tell of them.
#[derive(Debug, Clone, Copy)]
pub struct WhosePassword<'a> {
    /// 账号.
    pub account: &'a str,
    /// 姓名.
    pub name: &'a str,
}

/// Different characters, at least.
const DIFFERENT: usize = 5;

/// Letters of any script beside common words: so many are enough.
const LETTERS: usize = 5;

/// Different characters of all kinds beside them: so many are enough, too. A birthday between two signs has fewer.
const MIXED: usize = 11;

/// What common passwords are made of; with digits, signs and few letters before and after they are as common.
const COMMON: [&str; 58] = [
    "password",
    "passwort",
    "passwd",
    "qwerty",
    "qwertyuiop",
    "qazwsx",
    "qazwsxedc",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "admin",
    "administrator",
    "root",
    "test",
    "tester",
    "guest",
    "user",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "dragon",
    "monkey",
    "football",
    "baseball",
    "master",
    "sunshine",
    "princess",
    "superman",
    "batman",
    "shadow",
    "abc",
    "abcd",
    "abcdef",
    "changeme",
    "default",
    "zhejiang",
    "hangzhou",
    "zhelibao",
    "ningbo",
    "wenzhou",
    "jiaxing",
    "huzhou",
    "shaoxing",
    "jinhua",
    "quzhou",
    "zhoushan",
    "taizhou",
    "lishui",
    "china",
    "huawei",
    "alibaba",
    "dingtalk",
    "taobao",
    "tencent",
    "zhengwu",
    "zwfw",
];

/// Rows of a keyboard, and the ways to and fro between two of them, a line each.
const KEYS: &str = "1234567890-=\nqwertyuiop[]\nasdfghjkl;'\nzxcvbnm,./\n\
    1q2w3e4r5t6y7u8i9o0p-[=]\nqawsedrftgyhujikolp;['\nazsxdcfvgbhnjmk,l.;/";

impl PasswordPolicy {
    /// What the form says of it, before anything is typed.
    pub fn hint(&self) -> String {
        let before = match self.before {
            0 => String::new(),
            n => format!("，不能与最近 {n} 次用过的相同"),
        };
        format!(
            "至少 {} 个字符，包含大写字母、小写字母、数字、符号中的 {} 种；不能含有账号或姓名，不能是常见密码{before}",
            self.length, self.classes
        )
    }

    /// What is wrong with it and what to do; `None`: nothing that can be told without the passwords before.
    pub fn problem(&self, password: &str, whose: WhosePassword<'_>) -> Option<String> {
        let length = password.chars().count();
        let Limit::Chars(longest) = FieldId::NewPassword.field().limit else { return None };
        if password.is_empty() {
            return Some("请填写新密码".to_owned());
        }
        if length < usize::from(self.length) {
            return Some(format!("密码至少 {} 个字符，现在是 {length} 个，请加长", self.length));
        }
        if length > usize::from(longest) {
            return Some(format!("密码最多 {longest} 个字符，请缩短"));
        }
        if password.chars().any(char::is_control) {
            return Some("密码含有看不见的控制字符，请换一个".to_owned());
        }
        let classes = classes(password);
        if classes < self.classes {
            return Some(format!(
                "密码要包含大写字母、小写字母、数字、符号中的 {} 种，现在是 {classes} 种，请补充",
                self.classes
            ));
        }
        let lower = password.to_lowercase();
        let tells = |of: &str| of.chars().count() > 1 && lower.contains(&of.to_lowercase());
        if tells(whose.account) || tells(whose.name) {
            return Some("密码不能含有账号或姓名，请换一个".to_owned());
        }
        if is_common(&lower) {
            return Some("这个密码太常见，容易被猜到，请换一个".to_owned());
        }
        None
    }
}

fn classes(password: &str) -> u8 {
    let has = |kind: fn(char) -> bool| u8::from(password.chars().any(kind));
    has(|c| c.is_lowercase()) + has(|c| c.is_uppercase()) + has(|c| c.is_numeric()) + has(|c| !c.is_alphanumeric())
}

/// Few characters, a run, or common words with too little beside them.
fn is_common(lower: &str) -> bool {
    if different(lower) < DIFFERENT || is_run(lower) {
        return true;
    }
    let beside = without_words(lower);
    let letters = beside.chars().filter(|c| c.is_alphabetic()).count();
    let is_little = letters < LETTERS && different(&beside) < MIXED;
    beside.len() < lower.len() && (is_little || is_run(&beside))
}

fn different(text: &str) -> usize {
    let mut different: Vec<char> = text.chars().collect();
    different.sort_unstable();
    different.dedup();
    different.len()
}

/// What was typed beside the common words. In them digits and signs may be letters; beside them they are what they are.
fn without_words(lower: &str) -> String {
    let mut typed: Vec<(char, char)> = lower.chars().map(|c| (c, spelt(c))).collect();
    let mut longest_first = COMMON;
    longest_first.sort_by_key(|common| std::cmp::Reverse(common.len()));
    for word in longest_first {
        while let Some(at) = typed.windows(word.len()).position(|part| word.chars().eq(part.iter().map(|(_, c)| *c))) {
            typed.drain(at..at + word.len());
        }
    }
    typed.into_iter().map(|(c, _)| c).collect()
}

/// Letters that are written as digits or signs.
const fn spelt(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        _ => c,
    }
}

/// What the same key writes alone.
const fn without_shift(c: char) -> char {
    match c {
        '!' => '1',
        '@' => '2',
        '#' => '3',
        '$' => '4',
        '%' => '5',
        '^' => '6',
        '&' => '7',
        '*' => '8',
        '(' => '9',
        ')' => '0',
        '_' => '-',
        '+' => '=',
        _ => c,
    }
}

/// Whether it goes on by itself, with Shift or without.
fn is_run(lower: &str) -> bool {
    runs(lower) || runs(&lower.chars().map(without_shift).collect::<String>())
}

/// More than two thirds of it count up or down, repeat, or go from key to key; or every second character does (`a1b2c3`).
fn runs(lower: &str) -> bool {
    let typed: Vec<char> = lower.chars().collect();
    [1, 2].into_iter().any(|step| {
        let pairs = typed.iter().zip(typed.iter().skip(step));
        let near = pairs.filter(|(one, next)| is_near(**one, **next)).count();
        near * 3 > typed.len().saturating_sub(step) * 2
    })
}

fn is_near(one: char, next: char) -> bool {
    u32::from(one).abs_diff(u32::from(next)) <= 1 || are_neighbours(one, next)
}

/// Whether their keys are side by side, or one above the other.
fn are_neighbours(one: char, next: char) -> bool {
    let (Ok(one), Ok(next)) = (u8::try_from(one), u8::try_from(next)) else { return false };
    KEYS.as_bytes().windows(2).any(|keys| keys == [one, next] || keys == [next, one])
}

#[cfg(test)]
mod tests {
    use super::{PasswordPolicy, WhosePassword};

    fn problem(password: &str) -> String {
        let whose = WhosePassword { account: "fengxue", name: "冯雪" };
        PasswordPolicy::default().problem(password, whose).unwrap_or_default()
    }

    #[test]
    fn good_passwords_are_taken() {
        for good in [
            "Qiantang-Chao-18",
            "correct Horse 7 battery",
            "钱塘江大潮Chao2026!",
            "x7#Kq2!mZp9v",
            "Admin-Kanyu-Hu8-Pao",
            "Ningbo-Laowaitan-Yu7",
            "Were Property 7 up",
            "tr0ub4dor&3 Kanyu",
            "Vq8!rT2#zLm5",
            "钱塘江大潮滚滚来China2026",
            "我爱吃宁波汤圆Ningbo88!",
            "西湖边的Admin茶馆7",
            "Ningbo-Lao-8361-7492",
            "Huawei_7#92&4%51-0",
        ] {
            assert_eq!(problem(good), "", "{good}");
        }
    }

    #[test]
    fn twelve_to_128_characters_are_taken_of_any_script_and_blanks_around_count() {
        let (shortest, longest) = ("Qiantang-C18", "Qiantang-Chao-18".repeat(8));
        let chinese = format!("{}钱塘", "钱塘江大潮Chao2026!".repeat(9));
        assert_eq!([shortest, &longest, &chinese].map(|good| good.chars().count()), [12, 128, 128]);
        for good in [shortest, &longest, &chinese, " Qiantang-C1", "Qiantang-C1 "] {
            assert_eq!(problem(good), "", "{good:?}");
        }
        assert!(problem("Qiantang-C1").contains("至少 12 个字符，现在是 11 个"));
        for bad in [format!("{longest}x"), format!("{longest} "), format!("{chinese}x")] {
            assert!(problem(&bad).contains("最多 128"), "{bad:?}");
        }
    }

    #[test]
    fn each_fault_has_its_sentence() {
        for (bad, sentence) in [
            ("", "请填写"),
            ("Short-1", "至少 12 个字符，现在是 7 个"),
            (&"Aa1-".repeat(33), "最多 128"),
            ("Ab1-\u{7}cdefghxyz", "控制字符"),
            ("qiantangchao18", "3 种，现在是 2 种"),
            ("Fengxue-2026-0k", "账号或姓名"),
            ("冯雪的Password-77x", "账号或姓名"),
            ("Password-2026!", "太常见"),
            ("P@ssw0rd2026!!", "太常见"),
            ("Admin@123456789", "太常见"),
            ("Qwerty-123456", "太常见"),
            ("Aa1!Aa1!Aa1!", "太常见"),
            ("Abcdefghijk1!", "太常见"),
            ("Zhejiang@2026", "太常见"),
            ("1qaz@WSX3edc", "太常见"),
            ("!QAZ2wsx#EDC", "太常见"),
            ("Qwer!@#$1234", "太常见"),
            ("Huawei@123456", "太常见"),
            ("China@123456", "太常见"),
            ("Ch1na@123456", "太常见"),
            ("Ningbo@12345", "太常见"),
            ("2026China@Ningbo", "太常见"),
            ("12345678P@ssw0rd", "太常见"),
            ("123456@P@ssw0rd", "太常见"),
            ("123456@Ch1na", "太常见"),
            ("20240101@Adm1n", "太常见"),
            ("Huawei@19870623!", "太常见"),
            ("我爱China2026!", "太常见"),
            ("Admin@1234567890-=", "太常见"),
            ("Passw0rd#1qaz2wsx", "太常见"),
            ("Qwe123!@#Asd", "太常见"),
            ("Zxc123!@#qwe", "太常见"),
            ("Qaz123!@#Wsx", "太常见"),
            ("1q2w3e4r5t6Y", "太常见"),
            ("Q1w2e3r4t5y6", "太常见"),
            ("A1b2c3d4e5f6", "太常见"),
            ("Zse4Xdr5Cft6", "太常见"),
        ] {
            assert!(problem(bad).contains(sentence), "{bad}: {}", problem(bad));
        }
    }
}
