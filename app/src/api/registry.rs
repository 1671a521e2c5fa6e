//! Every server function with its row of roles, by hand. A test compares the list with what is registered, both ways, and tries
//! each function as each role (server/tests/role_matrix.rs); an unlisted one fails.

use domain::Role;

/// Who may call a function.
#[derive(Clone, Copy, Debug)]
pub enum Access {
    /// Everybody, signed in or not.
    Open,
    /// Everybody who is signed in.
    SignedIn,
    /// Those with one of these roles.
    Roles(&'static [Role]),
}

/// One server function.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// `GET` reads, `POST` changes.
    pub method: &'static str,
    /// Below `/api/`.
    pub name: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Arguments that are well-formed: a query for `GET`, a form for `POST`. `ROLE` becomes the id of who asks.
    pub sample: &'static str,
}

const fn get(name: &'static str, access: Access, sample: &'static str) -> Endpoint {
    Endpoint { method: "GET", name, access, sample }
}

const fn post(name: &'static str, access: Access, sample: &'static str) -> Endpoint {
    Endpoint { method: "POST", name, access, sample }
}

/// Names an order that does not exist.
macro_rules! order {
    () => {
        "id=01936f00-0000-7000-8000-000000000002&seen=1&key=01936f00-0000-7000-8000-000000000001"
    };
}

/// All server functions.
#[rustfmt::skip]
pub static ENDPOINTS: &[Endpoint] = &[
    get("application_system/list", Access::Roles(&[Role::Staff]), "keyword="),
    get("directory/entries",       Access::Open,                  "channel=service_web"),
    get("home/cards",              Access::SignedIn,              ""),
    get("publication/form",        Access::Roles(&[Role::Staff]), "side=service&check=false"),
    get("publication/list",        Access::Roles(&[Role::Staff]), "side=service&query[keyword]=&query[size]=20&query[from]=start"),
    post("publication/register",   Access::Roles(&[Role::Staff]), "side=service&key=01936f00-0000-7000-8000-000000000001&draft[name]=x"),
    post("publication/save_draft", Access::Roles(&[Role::Staff]), "side=service&draft[name]=x"),
    post("publication/submit_for_approval", Access::Roles(&[Role::Staff]), "id=01936f00-0000-7000-8000-000000000002&seen=1&key=01936f00-0000-7000-8000-000000000001&draft[statement]=x"),
    get("session/current",         Access::Open,                  ""),
    get("session/demo_people",     Access::Open,                  ""),
    post("session/sign_in",        Access::Open,                  "account=ROLE&password=b&next="),
    post("session/sign_in_demo",   Access::Open,                  "account=limin&next="),
    post("session/sign_out",       Access::Open,                  ""),
    get("system/about",            Access::Open,                  ""),
    post("work_order/approve",     Access::Roles(&[Role::Reviewer]), concat!(order!(), "&comment=")),
    get("work_order/detail",       Access::Roles(&[Role::Staff, Role::Reviewer, Role::Operator]), order!()),
    get("work_order/initiated",    Access::Roles(&[Role::Staff]), "query[over]=false&query[keyword]=&query[size]=20&query[from]=start"),
    post("work_order/refuse",      Access::Roles(&[Role::Reviewer]), concat!(order!(), "&reason=x")),
    post("work_order/urge",        Access::Roles(&[Role::Staff]), order!()),
    get("work_order/waiting",      Access::Roles(&[Role::Reviewer, Role::Operator]), "query[over]=false&query[keyword]=&query[size]=20&query[from]=start"),
    get("work_order/waiting_count", Access::SignedIn,             ""),
    post("work_order/withdraw",    Access::Roles(&[Role::Staff]), order!()),
];

/// The routes that are neither pages nor server functions. What is below `/pkg` and in `public` is open to everybody.
#[rustfmt::skip]
pub static ROUTES: &[Endpoint] = &[
    get("/healthz",     Access::Open,                  ""),
    get("/icon/0",      Access::Open,                  ""),
    post("/icon",       Access::Roles(&[Role::Staff]), ""),
    get("/orders/01936f00-0000-7000-8000-000000000002/attachments/0", Access::Roles(&[Role::Staff, Role::Reviewer, Role::Operator]), ""),
    get("/channels/service_web/feed.json", Access::Open,          ""),
];
