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
    /// Whoever sends an API token (server/src/integration.rs); a session is nothing to it.
    Token,
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

/// What every action on a publication sends.
macro_rules! ACT {
    () => {
        "id=01936f00-0000-7000-8000-000000000001&seen=1&key=01936f00-0000-7000-8000-000000000002"
    };
}

/// One route that is neither a page nor a server function.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method.
    pub method: &'static str,
    /// The path, as the router has it.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// A body that is well-formed; JSON unless it is empty.
    pub sample: &'static str,
}

const fn route(method: &'static str, path: &'static str, access: Access, sample: &'static str) -> Route {
    Route { method, path, access, sample }
}

/// All routes that are neither pages nor server functions. What is below `/pkg` and in `public` is open to everybody.
#[rustfmt::skip]
pub static ROUTES: &[Route] = &[
    route("GET",  "/admin/audit/anchor", AUDITORS, ""),
    route("GET",  "/admin/audit/export/{ending}", AUDIT_READERS, ""),
    route("POST", "/attachment",         STAFF,      ""),
    route("GET",  "/dingtalk/callback",  Access::Open, ""),
    route("GET",  "/dingtalk/enter",     Access::Open, ""),
    route("POST", "/dingtalk/enter",     Access::Open, ""),
    route("GET",  "/dingtalk/sign-in",   Access::Open, ""),
    route("GET",  "/events",             Access::SignedIn, ""),
    route("GET",  "/export/{side}/{ending}", STAFF, ""),
    route("GET",  "/healthz",            Access::Open, ""),
    route("GET",  "/readyz",             Access::Open, ""),
    route("GET",  "/channels/{channel}/feed.json", Access::Open, ""),
    route("GET",  "/orders/{id}/attachments/{index}", Access::Roles(&[Role::Staff, Role::Reviewer, Role::Operator]), ""),
    route("GET",  "/oidc/callback",      Access::Open, ""),
    route("GET",  "/oidc/login",         Access::Open, ""),
    route("POST", "/icon",               STAFF,      ""),
    route("GET",  "/icon/{hash}",        Access::Open, ""),
    route("GET",  "/publications/{id}/history/{ending}", VIEWERS, ""),
    route("GET",  "/publications/{id}/qr.svg", VIEWERS, ""),
    route("GET",  "/versions/{id}/package", VIEWERS, ""),
    route("GET",  "/versions/{id}/picture", VIEWERS, ""),
    route("POST", "/import/{kind}",      ADMINISTRATOR, ""),
    route("POST", "/upload",             DEVELOPERS, r#"{"publication":"018f0000-0000-7000-8000-000000000000","file_name":"a.zip","size":3}"#),
    route("GET",  "/upload/{id}",        DEVELOPERS, ""),
    route("PUT",  "/upload/{id}/{n}",    DEVELOPERS, ""),
    route("POST", "/upload/{id}/finish", DEVELOPERS, r#"{"publication":"018f0000-0000-7000-8000-000000000000","seen":1,"key":"018f0000-0000-7000-8000-000000000000","draft":{"number":"1.0.0"}}"#),
];

/// The integration API.
#[rustfmt::skip]
pub static INTEGRATION: &[Route] = &[
    route("GET",  "/api/v1/openapi.json",        Access::Open,  ""),
    route("GET",  "/api/v1/publication",         Access::Token, ""),
    route("GET",  "/api/v1/rules",               Access::Token, ""),
    route("POST", "/api/v1/uploads",             Access::Token, r#"{"file_name":"a.zip","size":3}"#),
    route("GET",  "/api/v1/uploads/{id}",        Access::Token, ""),
    route("PUT",  "/api/v1/uploads/{id}/parts/{n}", Access::Token, ""),
    route("POST", "/api/v1/uploads/{id}/finish", Access::Token, r#"{"number":"1.0.0"}"#),
    route("GET",  "/api/v1/versions",            Access::Token, ""),
    route("GET",  "/api/v1/versions/{id}",       Access::Token, ""),
    route("GET",  "/api/v1/versions/{id}/findings", Access::Token, ""),
    route("GET",  "/api/v1/versions/{id}/logs/{stage}", Access::Token, ""),
    route("POST", "/api/v1/versions/{id}/cancel", Access::Token, ""),
    route("POST", "/api/v1/versions/{id}/submit", Access::Token, ""),
    route("POST", "/api/v1/versions/{id}/complete-configuration", Access::Token, ""),
];

const VERSION: &str = "id=01936f00-0000-7000-8000-000000000003";
const VIEWERS: Access = Access::Roles(&[Role::Staff, Role::Reviewer, Role::Operator, Role::Developer]);
const STAFF: Access = Access::Roles(&[Role::Staff]);
const ADMINISTRATOR: Access = Access::Roles(&[Role::SystemAdministrator]);
const SECURITY: Access = Access::Roles(&[Role::SecurityAdministrator]);
const ACCOUNT_READERS: Access = Access::Roles(&[Role::SystemAdministrator, Role::SecurityAdministrator]);
const AUDITORS: Access = Access::Roles(&[Role::Auditor]);
const AUDIT_READERS: Access = Access::Roles(&[Role::Auditor, Role::SecurityAdministrator]);
const DEVELOPERS: Access = Access::Roles(&[Role::Developer]);

/// All server functions.
#[rustfmt::skip]
pub static ENDPOINTS: &[Endpoint] = &[
    get("account/list",            ACCOUNT_READERS, "query[keyword]=&query[from]=start"),
    get("account/form",            ADMINISTRATOR, "check=false"),
    post("account/create",         ADMINISTRATOR, "draft[name]=x"),
    post("account/change",         ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000005&draft[name]=x"),
    post("account/set_active",     ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000005&active=false"),
    post("account/new_links",      ADMINISTRATOR, "ids[0]=01936f00-0000-7000-8000-000000000005"),
    get("api_token/list",          DEVELOPERS, "id=01936f00-0000-7000-8000-000000000001"),
    post("api_token/create",       DEVELOPERS, "id=01936f00-0000-7000-8000-000000000001&draft[name]=x&draft[scopes][0]=read&draft[days]=7"),
    post("api_token/revoke",       DEVELOPERS, "id=01936f00-0000-7000-8000-000000000004&publication=01936f00-0000-7000-8000-000000000001"),
    get("application_system/list", Access::Roles(&[Role::Staff, Role::SystemAdministrator]), "keyword="),
    get("audit/check",             AUDIT_READERS, ""),
    get("audit/list",              AUDIT_READERS, "query[who]=&query[kind]=&query[object]=&query[action]=&query[from]=start"),
    post("audit/verify",           AUDITORS, ""),
    get("backup/list",             ADMINISTRATOR, ""),
    post("backup/make",            ADMINISTRATOR, ""),
    post("backup/verify",          ADMINISTRATOR, "name=x"),
    get("doctor/report",           ADMINISTRATOR, ""),
    post("doctor/begin",           ADMINISTRATOR, ""),
    get("limit/open",              ADMINISTRATOR, "check=false"),
    get("limit/versions",          ADMINISTRATOR, ""),
    post("limit/change",           ADMINISTRATOR, "seen=0&draft[values][build-minutes]=x"),
    get("setting/list",            ADMINISTRATOR, ""),
    get("channel/list",            ADMINISTRATOR, ""),
    post("channel/add",            ADMINISTRATOR, "name="),
    post("channel/rename",         ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000001&name=x"),
    post("channel/set_active",     ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000001&active=true"),
    get("department/list",         ADMINISTRATOR, "keyword="),
    get("developer/publications",  Access::Roles(&[Role::Developer]), ""),
    post("developer/save_test_parameters", DEVELOPERS, "id=01936f00-0000-7000-8000-000000000001&draft[parameters][0][name]=A&draft[parameters][0][value]=1"),
    post("publication/accept",     Access::Roles(&[Role::Staff]), concat!(ACT!(), "&version=01936f00-0000-7000-8000-000000000003")),
    post("publication/apply_for_channels", STAFF, concat!(ACT!(), "&draft[statement]=x")),
    get("publication/approval_form", Access::Roles(&[Role::Staff]), "id=01936f00-0000-7000-8000-000000000001&check=false"),
    post("publication/confirm_contacts", STAFF, "id=01936f00-0000-7000-8000-000000000001"),
    get("publication/channels_form", STAFF, "id=01936f00-0000-7000-8000-000000000001&check=false"),
    get("publication/change_form", STAFF, "id=01936f00-0000-7000-8000-000000000001&action=request_info_change&check=false"),
    post("publication/complete_configuration", DEVELOPERS, concat!(ACT!(), "&version=01936f00-0000-7000-8000-000000000003")),
    post("publication/correct_registration", STAFF, concat!(ACT!(), "&draft[name]=x")),
    post("publication/cancel_upgrade", Access::Roles(&[Role::Staff]), ACT!()),
    get("publication/history", VIEWERS, "id=01936f00-0000-7000-8000-000000000001&query[who]=&query[from]=start"),
    get("publication/detail",      VIEWERS, "id=01936f00-0000-7000-8000-000000000001"),
    get("dashboard/figures",       Access::Roles(&[Role::Staff, Role::Reviewer, Role::Operator]), ""),
    get("dashboard/live_today",    Access::Roles(&[Role::Staff, Role::Reviewer, Role::Operator]), ""),
    get("directory/entries",       Access::Open,                  "of=service_web"),
    get("home/cards",              Access::SignedIn,              ""),
    get("home/counts",             Access::SignedIn,              ""),
    get("inbox/list",              Access::SignedIn,              "query[unread]=false&query[from]=start"),
    post("inbox/read",             Access::SignedIn,              "key=0&all=false"),
    get("oidc/waiting",            ADMINISTRATOR, "keyword=x"),
    post("oidc/link",              ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000001&person=01936f00-0000-7000-8000-000000000005"),
    post("oidc/refuse",            ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000001"),
    post("oidc/unlink",            ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000001&person=01936f00-0000-7000-8000-000000000005"),
    get("outbox/overview",         ADMINISTRATOR, "query[from]=start"),
    post("outbox/resend",          ADMINISTRATOR, "id=01936f00-0000-7000-8000-000000000001"),
    post("outbox/resend_all",      ADMINISTRATOR, ""),
    get("publication/form",        Access::Roles(&[Role::Staff]), "side=service&check=false"),
    get("publication/list",        Access::Roles(&[Role::Staff]), "side=service&query[keyword]=&query[size]=20&query[from]=start"),
    post("publication/register",   Access::Roles(&[Role::Staff]), "side=service&key=01936f00-0000-7000-8000-000000000002&draft[name]=x"),
    post("publication/redeploy",   Access::Roles(&[Role::Staff]), ACT!()),
    post("publication/reject",     Access::Roles(&[Role::Staff]), concat!(ACT!(), "&version=01936f00-0000-7000-8000-000000000003&reason=x")),
    post("publication/republish",  Access::Roles(&[Role::Staff]), ACT!()),
    get("publication/offline_form", STAFF, "id=01936f00-0000-7000-8000-000000000001&check=false"),
    post("publication/request_info_change", STAFF, concat!(ACT!(), "&draft[name]=x")),
    post("publication/roll_back",  STAFF, concat!(ACT!(), "&draft[reason]=x")),
    get("publication/roll_back_form", STAFF, "id=01936f00-0000-7000-8000-000000000001&check=false"),
    get("publication/running",     VIEWERS, "id=01936f00-0000-7000-8000-000000000001"),
    post("publication/save_change_draft", STAFF, "id=01936f00-0000-7000-8000-000000000001&action=request_info_change&draft[name]=x"),
    post("publication/save_channels_draft", STAFF, "id=01936f00-0000-7000-8000-000000000001&draft[statement]=x"),
    post("publication/save_offline_draft", STAFF, "id=01936f00-0000-7000-8000-000000000001&draft[reason]=x"),
    post("publication/save_roll_back_draft", STAFF, "id=01936f00-0000-7000-8000-000000000001&draft[reason]=x"),
    get("publication/rows",        Access::Roles(&[Role::Staff]), "side=service&ids[0]=01936f00-0000-7000-8000-000000000001&query[keyword]=&query[size]=20&query[from]=start"),
    post("publication/save_approval_draft", Access::Roles(&[Role::Staff]), "id=01936f00-0000-7000-8000-000000000001&draft[statement]=x"),
    post("publication/save_draft", Access::Roles(&[Role::Staff]), "side=service&draft[name]=x"),
    post("publication/steer_rollout", STAFF, concat!(ACT!(), "&version=01936f00-0000-7000-8000-000000000003&action[start_batch][batch]=0")),
    post("publication/submit_for_acceptance", Access::Roles(&[Role::Developer]), concat!(ACT!(), "&version=01936f00-0000-7000-8000-000000000003")),
    post("publication/submit_for_approval", Access::Roles(&[Role::Staff]), concat!(ACT!(), "&draft[statement]=x")),
    post("publication/take_offline", Access::Roles(&[Role::Staff]), concat!(ACT!(), "&draft[reason]=x")),
    post("publication/upgrade",    Access::Roles(&[Role::Staff]), ACT!()),
    get("first_start/look",        Access::Open,                  "code=x"),
    post("first_start/create",     Access::Open,                  "code=x&draft[people][0][name]=x"),
    get("activation/look",         Access::Open,                  "code=x"),
    post("activation/complete",    Access::Open,                  "code=x&draft[password]=x"),
    get("authenticator/own",       Access::SignedIn,              ""),
    post("authenticator/begin",    Access::SignedIn,              "draft[password]=x"),
    get("authenticator/look",      Access::Open,                  "code=x"),
    post("authenticator/bind",     Access::Open,                  "code=x&next=&draft[code]=x"),
    post("authenticator/remove",   Access::SignedIn,              "draft[password]=x"),
    get("import/last_report",      ADMINISTRATOR, "kind=accounts"),
    get("role/form",               SECURITY,      "id=01936f00-0000-7000-8000-000000000005&check=false"),
    post("role/change",            SECURITY,      "id=01936f00-0000-7000-8000-000000000005&draft[seats][0][role]=staff&draft[seats][0][region]="),
    get("routing/open",            SECURITY,      "check=false"),
    get("routing/versions",        SECURITY,      ""),
    post("routing/change",         SECURITY,      "seen=0&draft[routes][0][order]=1"),
    post("routing/preview",        SECURITY,      "draft[routes][0][order]=1"),
    get("rule/list",               Access::SignedIn,              ""),
    get("rule/versions",           Access::SignedIn,              ""),
    get("rule/settings",           DEVELOPERS, ""),
    post("rule/change",            ADMINISTRATOR, "seen=0&levels[code/eval]=block"),
    get("search",                  Access::SignedIn,              "text=x"),
    post("session/ask_code",       Access::Open,                  ""),
    get("session/code_state",      Access::Open,                  "code=x"),
    post("session/take_code",      Access::Open,                  "code=x&next="),
    get("session/who_asks",        VIEWERS,                       "code=x"),
    post("session/decide_code",    VIEWERS,                       "code=x&confirmed=true"),
    get("session/all",             SECURITY,                      "keyword="),
    get("session/own",             Access::SignedIn,              ""),
    post("session/end",            Access::SignedIn,              "id=00&all=false"),
    post("session/end_others",     Access::SignedIn,              ""),
    get("policy/open",             SECURITY,                      "check=false"),
    get("policy/versions",         SECURITY,                      ""),
    post("policy/change",          SECURITY,                      "seen=0&draft[length]=x"),
    get("session/current",         Access::Open,                  ""),
    get("session/demo_people",     Access::Open,                  ""),
    post("session/sign_in",        Access::Open,                  "account=ROLE&password=b&next="),
    post("session/sign_in_demo",   Access::Open,                  "account=limin&next="),
    get("session/ways",            Access::Open,                  ""),
    get("session/password_policy", Access::Open,                  ""),
    post("session/change_password", Access::Open,                 "account=ROLE&password=b&new_password=c"),
    post("session/sign_out",       Access::Open,                  ""),
    post("stock/link",             STAFF, concat!(ACT!(), "&draft[name]=x")),
    get("stock/link_form",         STAFF, "id=01936f00-0000-7000-8000-000000000001&check=false"),
    get("stock/list",              Access::Roles(&[Role::Staff, Role::Operator, Role::SystemAdministrator]), "query[keyword]=&query[size]=20&query[from]=start"),
    post("stock/save_draft",       STAFF, "id=01936f00-0000-7000-8000-000000000001&draft[name]=x"),
    get("system_host/list",        ADMINISTRATOR, ""),
    post("system_host/put",        ADMINISTRATOR, "draft[host]="),
    post("system_host/remove",     ADMINISTRATOR, "host=a.example.cn"),
    get("system/about",            Access::Open,                  ""),
    post("version/cancel",         Access::Roles(&[Role::Developer]), VERSION),
    get("version/detail",          VIEWERS, VERSION),
    get("version/difference",      VIEWERS, VERSION),
    get("version/log",             VIEWERS, "id=01936f00-0000-7000-8000-000000000003&stage=build&after=-1"),
    post("version/keep_warning",   DEVELOPERS, "id=01936f00-0000-7000-8000-000000000003&rule=code/debugger&reason=x&back=/"),
    post("version/pin_preview",    Access::Roles(&[Role::Staff, Role::Developer]), "id=01936f00-0000-7000-8000-000000000003&pin=true&back=/"),
    post("version/new_preview",    Access::Roles(&[Role::Staff, Role::Developer]), "id=01936f00-0000-7000-8000-000000000003&back=/"),
    get("version/preview",         VIEWERS, VERSION),
    post("version/run_again",      Access::Roles(&[Role::Developer]), VERSION),
    get("work_order/administered", STAFF, "query[over]=false&query[keyword]=&query[size]=20&query[from]=start"),
    get("work_order/all",          Access::Roles(&[Role::Operator]), "query[over]=false&query[keyword]=&query[size]=20&query[from]=start"),
    post("work_order/approve",     Access::Roles(&[Role::Reviewer, Role::Operator]), concat!(ACT!(), "&comment=")),
    post("work_order/decide_all",  Access::Roles(&[Role::Reviewer, Role::Operator]), "approves=true&orders[0][id]=01936f00-0000-7000-8000-000000000001&orders[0][seen]=1&orders[0][key]=01936f00-0000-7000-8000-000000000002&text="),
    get("work_order/detail",       Access::Roles(&[Role::Staff, Role::Reviewer, Role::Operator]), ACT!()),
    get("work_order/initiated",    STAFF, "query[over]=false&query[keyword]=&query[size]=20&query[from]=start"),
    post("work_order/refuse",      Access::Roles(&[Role::Reviewer, Role::Operator]), concat!(ACT!(), "&reason=x")),
    post("work_order/urge",        STAFF, ACT!()),
    get("work_order/waiting",      Access::Roles(&[Role::Reviewer, Role::Operator]), "query[over]=false&query[keyword]=&query[size]=20&query[from]=start"),
    post("work_order/withdraw",    STAFF, ACT!()),
];
