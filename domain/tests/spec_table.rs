//! The table in the code equals the table in the spec. What the spec says in prose is mapped here, phrase by
//! phrase; a phrase that is not known fails.
#![expect(clippy::panic, clippy::expect_used, reason = "a test says so by stopping")]

use std::path::{Path, PathBuf};

use domain::guard::Guard;
use domain::transitions::{Place, STOCK_TABLE, TABLE, To};
use domain::{Action, State, StockState, Who, words};

const COPY: &str = include_str!("spec/transitions.md");

#[test]
fn the_code_says_what_the_spec_says() {
    let mut expected = Vec::new();
    for cells in table(COPY, "## Publications") {
        let [from, action, chinese, who, guard, to] = &cells[..] else { panic!("six cells: {cells:?}") };
        let from: Vec<Place> = from.split(", ").map(place).collect();
        for (action, who, guards) in acts(action, chinese, who, guard) {
            expected.push((from.clone(), action, who, guards, target(to)));
        }
    }
    let actual: Vec<_> =
        TABLE.iter().map(|row| (row.from.to_vec(), row.action, row.who, row.guards.to_vec(), row.to)).collect();
    for (actual, expected) in actual.iter().zip(&expected) {
        assert_eq!(actual, expected);
    }
    assert_eq!(actual.len(), expected.len());
}

#[test]
fn the_small_table_says_what_the_spec_says() {
    let mut expected = Vec::new();
    for cells in table(COPY, "## Stock applications") {
        let [from, action, chinese, who, guard, to] = &cells[..] else { panic!("six cells: {cells:?}") };
        for (action, who, guards) in acts(action, chinese, who, guard) {
            expected.push((stock_state(from), action, who, guards, stock_state(to)));
        }
    }
    let actual: Vec<_> =
        STOCK_TABLE.iter().map(|row| (row.from, row.action, row.who, row.guards.to_vec(), row.to)).collect();
    assert_eq!(actual, expected);
}

#[test]
fn the_copy_equals_the_original() {
    let Some(page) = spec_dir().and_then(|dir| std::fs::read_to_string(dir.join("lifecycle.md")).ok()) else { return };
    let original: Vec<_> = table(&page, "## Transitions").collect();
    assert_eq!(table(COPY, "## Publications").collect::<Vec<_>>(), original);
    let original: Vec<_> = table(&page, "Stock linking has a small table").collect();
    assert_eq!(table(COPY, "## Stock applications").collect::<Vec<_>>(), original);
}

/// `SPEC_DIR`, or where the workspace has it.
fn spec_dir() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = ["../../shared/spec", "../shared/spec", "../../../shared/spec"].map(|path| here.join(path));
    std::env::var_os("SPEC_DIR").map(PathBuf::from).into_iter().chain(beside).find(|dir| dir.is_dir())
}

/// The cells of the first table after the line that starts so, without its head.
fn table<'a>(page: &'a str, start: &'a str) -> impl Iterator<Item = Vec<String>> + 'a {
    page.lines()
        .skip_while(move |line| !line.starts_with(start))
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// One row of the spec is one of the table, but "refuse / withdraw" is two.
fn acts(action: &str, chinese: &str, who: &str, guard: &str) -> Vec<(Action, Who, Vec<Guard>)> {
    let all: Vec<Guard> = guard.split("; ").flat_map(|phrase| guards(phrase).iter().copied()).collect();
    if action == "refuse / withdraw" {
        assert_eq!(chinese, "拒绝 / 撤回申请");
        let (decides, withdraws) = who.split_once(" / ").expect("two people");
        return vec![(Action::Refuse, person(decides), all), (Action::Withdraw, person(withdraws), Vec::new())];
    }
    let (action, first) = match action {
        "register" => (Action::Register, None),
        "correct registration" => (Action::CorrectRegistration, None),
        "upload, check, deploy to test" => (Action::Upload, None),
        "submit for acceptance" => (Action::SubmitForAcceptance, None),
        "accept" => (Action::Accept, None),
        "reject" => (Action::Reject, None),
        "redeploy" => (Action::Redeploy, None),
        "submit for approval" => (Action::SubmitForApproval, None),
        "approve, last step" => (Action::Approve, Some(Guard::LastStep)),
        "approve, not the last step" => (Action::Approve, Some(Guard::NotLastStep)),
        "approve" => (Action::Approve, None),
        "complete configuration" => (Action::CompleteConfiguration, None),
        "request information change" => (Action::RequestInfoChange, None),
        "upgrade" => (Action::Upgrade, None),
        "cancel upgrade" => (Action::CancelUpgrade, None),
        "take offline" => (Action::TakeOffline, None),
        "republish" => (Action::Republish, None),
        "apply for channels" => (Action::ApplyForChannels, None),
        "roll back" => (Action::RollBack, None),
        "link" => (Action::Link, None),
        other => panic!("unknown action {other}"),
    };
    if action == Action::Register {
        assert_eq!(chinese, "注册服务侧名称 / 注册治理侧名称");
    } else {
        assert_eq!(chinese, words::action(action));
    }
    vec![(action, person(who), first.into_iter().chain(all).collect())]
}

fn guards(phrase: &str) -> &'static [Guard] {
    match phrase {
        "" => &[],
        "form valid" | "approval form" => &[Guard::FormValid],
        "at least one changed field" => &[Guard::Changed],
        "发布信息, 上架信息 or both" => &[Guard::PartChosen],
        "a reason" | "a reason for 拒绝" => &[Guard::ReasonGiven],
        "hosted" => &[Guard::Hosted],
        "not hosted" => &[Guard::NotHosted],
        "service side" => &[Guard::ServiceSide],
        "governance H5" => &[Guard::GovernanceH5],
        "governance, H5, hosted" => &[Guard::GovernanceHostedH5],
        "not governance hosted H5" => &[Guard::NotGovernanceHostedH5],
        "the newest version (by upload), uploaded since the last 重新部署 if any, passed 源码检测, 代码编译 and 外链检查, and is deployed to test"
        | "the newest version, uploaded after the approval, passed 源码检测, 代码编译 and 外链检查 and is deployed to test" => {
            &[Guard::NewestVersionReady]
        }
        "as from 部署准备中, on a version made for this upgrade" => &[Guard::Hosted, Guard::NewestVersionReady],
        "the submitted version exists and its 代码编译 and 外链检查 are 已完成" | "as from 待验收" => {
            &[Guard::SubmittedVersionChecked]
        }
        "hosted: a version accepted here" => &[Guard::VersionAcceptedIfHosted],
        "a version accepted here" => &[Guard::VersionAccepted],
        "came from 发布审批中" => &[Guard::CameFromRelease],
        "came from 升级审批中" => &[Guard::CameFromUpgrade],
        "at least one channel that it has not" => &[Guard::FurtherChannel],
        "one of the five different versions live last, without the present one" => &[Guard::RollbackCandidate],
        "no open order for this stock application" => &[Guard::NoOrderOpen],
        // Effects, not guards.
        "the approval is used up" | "the change is applied in the same transaction" | "nothing changes" => &[],
        other => panic!("unknown guard {other}"),
    }
}

fn person(who: &str) -> Who {
    match who {
        "staff" => Who::Staff,
        "developer" => Who::Developer,
        "reviewer" => Who::Reviewer,
        "operator" => Who::Operator,
        "initiator" => Who::Initiator,
        other => panic!("unknown person {other}"),
    }
}

fn place(text: &str) -> Place {
    match text.strip_suffix(" (order open)") {
        Some(word) => Place::OrderOpen(state(word)),
        None if text == "(none)" => Place::Nowhere,
        None => Place::In(state(text)),
    }
}

fn target(text: &str) -> To {
    match text {
        "by the hosting table" => To::ByHosting,
        "unchanged" => To::Unchanged,
        _ => To::Into(state(text.split([' ', ';']).next().unwrap_or_default())),
    }
}

fn state(word: &str) -> State {
    let found = State::ALL.into_iter().find(|state| words::state(*state) == word);
    found.unwrap_or_else(|| panic!("unknown state {word}"))
}

fn stock_state(text: &str) -> StockState {
    let word = text.split(';').next().unwrap_or_default();
    let found = StockState::ALL.into_iter().find(|state| words::stock_state(*state) == word);
    found.unwrap_or_else(|| panic!("unknown stock state {text}"))
}
