//! lifecycle.md once more, read by itself: what each person may do, and what comes of it. It knows nothing of the table.

use crate::nouns::{CHANNELS, Deed, Kind, Person, Shape, State};
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct Order {
    pub kind: Kind,
    version: Option<usize>,
    /// Who may decide, and how many must, step by step.
    route: Vec<(Vec<Person>, usize)>,
    pub step: usize,
    approvals: usize,
    decided: BTreeSet<Person>,
}

#[derive(Debug, Clone)]
pub struct Reference {
    pub shape: Shape,
    pub state: State,
    /// The round in which each version was made.
    versions: Vec<u32>,
    round: u32,
    republished: bool,
    submitted: Option<usize>,
    accepted: Option<usize>,
    /// Versions in the order in which they went live.
    lives: Vec<usize>,
    pub listed: bool,
    configuring_from_upgrade: bool,
    pub order: Option<Order>,
    pub channels: BTreeSet<usize>,
    /// Whether the last press did anything.
    pub done: bool,
}

impl Reference {
    /// As registered, or as the stock list had it.
    pub fn begun(shape: Shape) -> Self {
        let state = match shape {
            Shape::Linked(listed) => listed,
            _ if shape.hosted() => State::Preparing,
            _ => State::AwaitingRelease,
        };
        Self {
            shape,
            state,
            versions: Vec::new(),
            round: 0,
            republished: false,
            submitted: None,
            accepted: None,
            lives: Vec::new(),
            listed: state.keeps_live(),
            configuring_from_upgrade: false,
            order: None,
            channels: BTreeSet::new(),
            done: false,
        }
    }

    /// After the press; the same but for `done`, where it is refused.
    pub fn after(&self, who: Person, deed: Deed) -> Self {
        match self.allowed(who, deed) {
            Some(next) => Self { done: true, ..next },
            None => Self { done: false, ..self.clone() },
        }
    }

    pub fn may(&self, who: Person, deed: Deed) -> bool {
        self.allowed(who, deed).is_some()
    }

    pub fn versions(&self) -> usize {
        self.versions.len()
    }

    /// Who may decide the open order now.
    pub fn deciders(&self) -> Vec<Person> {
        let Some(order) = &self.order else { return Vec::new() };
        order.route[order.step].0.iter().copied().filter(|person| !order.decided.contains(person)).collect()
    }

    /// All deeds that make sense to try.
    pub fn deeds(&self) -> Vec<Deed> {
        let mut deeds = vec![
            Deed::Correct,
            Deed::Upload,
            Deed::Redeploy,
            Deed::SubmitForApproval,
            Deed::Approve,
            Deed::Refuse,
            Deed::Withdraw,
            Deed::ChangeInfo,
            Deed::Upgrade,
            Deed::CancelUpgrade,
            Deed::TakeOffline,
            Deed::Republish,
        ];
        for version in 0..self.versions.len() {
            deeds.extend([Deed::Submit(version), Deed::Accept(version), Deed::Reject(version)]);
            deeds.extend([Deed::Complete(version), Deed::RollBack(version)]);
        }
        deeds.extend((0..CHANNELS).map(Deed::Channels));
        deeds
    }

    fn allowed(&self, who: Person, deed: Deed) -> Option<Self> {
        let mut next = self.clone();
        let fits = match deed {
            Deed::Upload | Deed::Submit(_) | Deed::Complete(_) => who == Person::Developer,
            Deed::Approve | Deed::Refuse => self.deciders().contains(&who),
            _ => who == Person::Staff,
        };
        let fits = fits
            && match deed {
                Deed::Correct => matches!(self.state, State::Preparing | State::AwaitingRelease),
                Deed::Upload => self.upload(&mut next),
                Deed::Submit(version) => self.submit(&mut next, version),
                Deed::Accept(version) => self.accept(&mut next, version),
                Deed::Reject(version) => self.at_acceptance() && self.submitted == Some(version),
                Deed::Redeploy => self.redeploy(&mut next),
                Deed::SubmitForApproval => self.submit_for_approval(&mut next),
                Deed::Approve => self.approve(&mut next, who),
                Deed::Refuse | Deed::Withdraw => self.turn_down(&mut next),
                Deed::Complete(version) => self.complete(&mut next, version),
                Deed::ChangeInfo => self.free() && next.file(Kind::InfoChange, State::InfoChangeInReview),
                Deed::Upgrade => self.free() && self.shape.hosted() && next.begin_round(State::UpgradeDeploying),
                Deed::CancelUpgrade => self.state == State::UpgradeDeploying && next.begin_round(State::Published),
                Deed::RollBack(version) => {
                    self.free()
                        && self.earlier().contains(&version)
                        && next.file(Kind::RollBack(version), State::Published)
                }
                Deed::Channels(channel) => {
                    let new = self.shape.service() && !self.channels.contains(&channel);
                    self.free() && new && next.file(Kind::Channels(channel), State::Published)
                }
                Deed::TakeOffline => self.free() && next.file(Kind::Offline, State::OfflineInReview),
                Deed::Republish => self.republish(&mut next),
            };
        fits.then_some(next)
    }

    /// 已发布, and no order is open.
    fn free(&self) -> bool {
        self.state == State::Published && self.order.is_none()
    }

    fn at_acceptance(&self) -> bool {
        matches!(self.state, State::AwaitingAcceptance | State::AwaitingUpgradeAcceptance)
    }

    fn upload(&self, next: &mut Self) -> bool {
        next.versions.push(self.round);
        let open = matches!(self.state, State::Preparing | State::UpgradeDeploying | State::Configuring);
        self.shape.hosted() && open
    }

    /// The newest, where it is of this round; after 重新发布 also the one that was live last, whatever was uploaded since.
    fn offers(&self, version: usize) -> bool {
        let newest = version + 1 == self.versions.len() && self.versions[version] == self.round;
        newest || self.republished && self.lives.last() == Some(&version)
    }

    fn submit(&self, next: &mut Self, version: usize) -> bool {
        next.state = match self.state {
            State::Preparing => State::AwaitingAcceptance,
            State::UpgradeDeploying => State::AwaitingUpgradeAcceptance,
            _ => return false,
        };
        (next.submitted, next.accepted) = (Some(version), None);
        self.offers(version)
    }

    fn accept(&self, next: &mut Self, version: usize) -> bool {
        next.state = match self.state {
            State::AwaitingAcceptance => State::AwaitingRelease,
            State::AwaitingUpgradeAcceptance => State::AwaitingUpgrade,
            _ => return false,
        };
        next.accepted = Some(version);
        self.submitted == Some(version)
    }

    fn begin_round(&mut self, state: State) -> bool {
        self.state = state;
        self.round += 1;
        (self.submitted, self.accepted, self.republished) = (None, None, false);
        true
    }

    fn redeploy(&self, next: &mut Self) -> bool {
        let to = match self.state {
            State::AwaitingAcceptance | State::AwaitingRelease => State::Preparing,
            State::AwaitingUpgradeAcceptance | State::AwaitingUpgrade => State::UpgradeDeploying,
            State::Configuring if self.configuring_from_upgrade => State::UpgradeDeploying,
            State::Configuring => State::Preparing,
            _ => return false,
        };
        self.shape.hosted() && next.begin_round(to)
    }

    fn submit_for_approval(&self, next: &mut Self) -> bool {
        let (kind, to) = match self.state {
            State::AwaitingRelease => (Kind::Release, State::ReleaseInReview),
            State::AwaitingUpgrade => (Kind::Upgrade, State::UpgradeInReview),
            _ => return false,
        };
        (!self.shape.hosted() || self.accepted.is_some()) && next.file(kind, to)
    }

    fn file(&mut self, kind: Kind, state: State) -> bool {
        let version = match kind {
            Kind::RollBack(version) => Some(version),
            Kind::Release | Kind::Upgrade => self.accepted,
            _ => None,
        };
        let route = self.route(kind);
        self.state = state;
        self.order = Some(Order { kind, version, route, step: 0, approvals: 0, decided: BTreeSet::new() });
        true
    }

    /// The default routing, for a department of the city of Hangzhou.
    fn route(&self, kind: Kind) -> Vec<(Vec<Person>, usize)> {
        let (city, province) = (vec![Person::City], vec![Person::First, Person::Second]);
        let whole = match self.shape {
            Shape::Service | Shape::Web | Shape::Linked(_) => vec![(city, 1), (province, 1)],
            Shape::Unified | Shape::MiniProgram => vec![(province, 2)],
            // 上城区 has no reviewers of its own: the city above.
            Shape::Own => vec![(city, 1)],
        };
        match kind {
            Kind::Release | Kind::Upgrade | Kind::Offline => whole,
            Kind::InfoChange => whole[..1].to_vec(),
            Kind::RollBack(_) | Kind::Channels(_) => whole[whole.len() - 1..].to_vec(),
        }
    }

    fn approve(&self, next: &mut Self, who: Person) -> bool {
        let Some(order) = &mut next.order else { return false };
        order.approvals += 1;
        order.decided.insert(who);
        if order.approvals < order.route[order.step].1 {
            return true;
        }
        if order.step + 1 < order.route.len() {
            (order.step, order.approvals) = (order.step + 1, 0);
            return true;
        }
        let (kind, version) = (order.kind, order.version);
        next.order = None;
        match kind {
            Kind::Release | Kind::Upgrade if self.shape.governance_hosted() => {
                next.state = State::Configuring;
                next.round += 1;
                next.configuring_from_upgrade = kind == Kind::Upgrade;
            }
            Kind::Release | Kind::Upgrade => next.goes_live(version),
            Kind::RollBack(_) => next.goes_live(version),
            Kind::InfoChange => next.state = State::Published,
            Kind::Channels(channel) => {
                next.channels.insert(channel);
            }
            Kind::Offline => {
                (next.state, next.listed) = (State::Offline, false);
                next.channels.clear();
            }
        }
        true
    }

    fn goes_live(&mut self, version: Option<usize>) {
        (self.state, self.listed) = (State::Published, true);
        self.lives.extend(version);
    }

    fn turn_down(&self, next: &mut Self) -> bool {
        next.order = None;
        next.state = match self.state {
            State::ReleaseInReview => State::AwaitingRelease,
            State::UpgradeInReview => State::AwaitingUpgrade,
            State::InfoChangeInReview | State::OfflineInReview => State::Published,
            other => other,
        };
        self.order.is_some()
    }

    fn complete(&self, next: &mut Self, version: usize) -> bool {
        let newest = self.versions.len().checked_sub(1);
        next.goes_live(Some(version));
        self.state == State::Configuring && newest == Some(version) && self.versions[version] == self.round
    }

    /// The five different versions that were live last, without the present one.
    fn earlier(&self) -> Vec<usize> {
        let mut earlier = Vec::new();
        for version in self.lives.iter().rev() {
            if Some(version) != self.lives.last() && !earlier.contains(version) && earlier.len() < 5 {
                earlier.push(*version);
            }
        }
        earlier
    }

    fn republish(&self, next: &mut Self) -> bool {
        if self.shape.hosted() {
            next.begin_round(State::Preparing);
            next.republished = true;
        } else {
            (next.state, next.submitted, next.accepted) = (State::AwaitingRelease, None, None);
        }
        self.state == State::Offline
    }
}
