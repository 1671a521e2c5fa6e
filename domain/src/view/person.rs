//! People, as screens show them.

use serde::{Deserialize, Serialize};

use crate::role::Role;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// As the account has it.
    pub name: String,
    /// In the order of the spec.
    pub roles: Vec<Role>,
}

/// Somebody whom a demo signs in with one click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoPerson {
    /// The account's name.
    pub account: String,
    /// As the account has it.
    pub name: String,
    /// The department's name, if there is one.
    pub department: Option<String>,
    /// What they are.
    pub role: Role,
    /// The region code of a reviewer's seat; else empty.
    pub region: String,
}
