//! Stories of the channels' directories.

use crate::Ctx;
use crate::directory::entries;
use crate::error::Error;
use crate::publication::ask::Ask;
use crate::publication::register;
use crate::world::{World, approval, both, offline};
use domain::fields::{Audience, ChannelsDraft, FieldId, Registration};
use domain::refusal::Reason;
use domain::view::directory::{Address, DirectoryOf};
use domain::{Channel, OrderKind, PublicationId, RegionCode, Side, State};

impl World {
    async fn names_in(&self, channel: Channel, site: Option<&str>, audience: Option<Audience>) -> Vec<String> {
        let site = site.and_then(RegionCode::parse);
        let page = entries(&self.engine, DirectoryOf::Channel(channel), site, audience, None).await.unwrap();
        page.entries.into_iter().map(|entry| entry.name).collect()
    }

    /// The directory of a further channel, by its name.
    async fn further(&self, name: &str) -> DirectoryOf {
        let page = entries(&self.engine, DirectoryOf::Channel(Channel::ZheliApp), None, None, None).await.unwrap();
        page.directories.into_iter().find(|(_, known)| known == name).unwrap().0
    }

    async fn released(&self, wang: &Ctx, draft: Registration) -> PublicationId {
        let p = register(&self.engine, wang, self.sent(draft)).await.unwrap().id;
        self.does(wang, p, approval()).await;
        self.approves(&self.request_of("limin").await, p).await;
        self.approves(&self.request_of("zhoutao").await, p).await;
        p
    }
}

both! {
    async fn an_application_is_there_from_publishing_until_offline(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        let nothing: [&str; 0] = [];
        assert_eq!(w.names_in(Channel::ZheliApp, None, None).await, nothing);
        w.publishes(p, "1.0.0").await;
        let page = entries(&w.engine, DirectoryOf::Channel(Channel::ZheliApp), None, None, None).await.unwrap();
        let entry = &page.entries[0];
        assert_eq!((entry.name.as_str(), entry.service_id.as_str()), ("杭州公交查询", "SV-00000001"));
        assert_eq!((&entry.mobile, &entry.pc), (&Some(Address::Hosted("sv00000001".to_owned())), &None));
        assert_eq!(w.names_in(Channel::ServiceWeb, None, None).await, nothing, "another channel");
        w.does(&wang, p, offline()).await;
        assert_eq!(w.names_in(Channel::ZheliApp, None, None).await.len(), 1, "until the last approval");
        w.approves(&w.request_of("limin").await, p).await;
        w.approves(&w.request_of("zhoutao").await, p).await;
        assert_eq!(w.names_in(Channel::ZheliApp, None, None).await, nothing);
        w.does(&wang, p, Ask::Republish).await;
        assert_eq!(w.names_in(Channel::ZheliApp, None, None).await, nothing);
    }

    async fn sites_are_exactly_the_chosen_ones_and_both_kinds_of_users_are_under_each(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let web = Registration {
            channels: vec!["service_web".to_owned()],
            pc_mode: "fill".to_owned(),
            pc_url: "https://example.gov.cn/taxi".to_owned(),
            ..w.h5(&wang, "出租车投诉").await
        };
        let both = Registration { audience: "both".to_owned(), name: "停车缴费".to_owned(), scope: vec!["330200".to_owned()], ..web.clone() };
        w.released(&wang, web).await;
        w.released(&wang, both).await;
        let web = Channel::ServiceWeb;
        assert_eq!(w.names_in(web, None, None).await, ["停车缴费", "出租车投诉"]);
        assert_eq!(w.names_in(web, Some("330102"), None).await, ["出租车投诉"]);
        assert_eq!(w.names_in(web, Some("330000"), None).await, [""; 0]);
        assert_eq!(w.names_in(web, None, Some(Audience::Person)).await, ["停车缴费", "出租车投诉"]);
        assert_eq!(w.names_in(web, None, Some(Audience::Enterprise)).await, ["停车缴费"]);
        let page = entries(&w.engine, DirectoryOf::Channel(web), None, None, None).await.unwrap();
        assert_eq!(page.entries[0].pc, Some(Address::Url("https://example.gov.cn/taxi".to_owned())));
        let next = entries(&w.engine, DirectoryOf::Channel(web), None, None, Some(2)).await.unwrap();
        assert_eq!(next.entries[0].name, "出租车投诉");
    }

    async fn further_channels_are_given_by_the_last_step_and_end_with_offline(w: World) {
        let (wang, zhou) = (w.request_of("wangjianguo").await, w.request_of("zhoutao").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let (kiosk, wechat) = (w.further("自助终端").await, w.further("微信小程序").await);
        let applies = |channels: &[DirectoryOf]| {
            let channels = channels.iter().map(|of| of.id()).collect();
            Ask::ApplyForChannels(ChannelsDraft { channels, statement: String::new() })
        };
        assert!(matches!(w.asks(&wang, p, applies(&[kiosk])).await, Err(Error::Refused(_))), "nothing is live yet");
        w.publishes(p, "1.0.0").await;
        let Err(Error::Invalid(errors)) = w.asks(&wang, p, applies(&[])).await else { panic!("nothing is chosen") };
        assert_eq!(errors.iter().map(|error| error.field).collect::<Vec<_>>(), [FieldId::FurtherChannels]);
        let Err(Error::Refused(refusal)) = w.asks(&wang, p, applies(&[DirectoryOf::Further(domain::FurtherChannelId(w.key()))])).await
        else { panic!("there is no such channel") };
        assert_eq!(refusal.reason, Reason::ChannelNotOpen);

        assert_eq!(w.does(&wang, p, applies(&[kiosk])).await, State::Published);
        let Err(Error::Refused(refusal)) = w.asks(&wang, p, applies(&[wechat])).await else { panic!("an order is open") };
        assert_eq!(refusal.reason, Reason::OrderOpen { kind: OrderKind::Channels });
        let there = |of| { let engine = w.engine.clone(); async move { entries(&engine, of, None, None, None).await.unwrap().entries.len() } };
        assert_eq!(there(kiosk).await, 0, "not before the approval");
        w.approves(&zhou, p).await;
        assert_eq!((there(kiosk).await, there(wechat).await), (1, 0), "the last step alone");
        let at = |site| RegionCode::parse(site);
        assert_eq!(entries(&w.engine, kiosk, at("330102"), Some(Audience::Person), None).await.unwrap().entries.len(), 1);
        assert_eq!(entries(&w.engine, kiosk, at("330000"), None, None).await.unwrap().entries.len(), 0);
        let Err(Error::Refused(refusal)) = w.asks(&wang, p, applies(&[kiosk])).await else { panic!("it has that") };
        assert_eq!(refusal.reason, Reason::ChannelNotOpen);

        w.does(&wang, p, offline()).await;
        w.approves(&w.request_of("limin").await, p).await;
        assert_eq!(there(kiosk).await, 1, "until the last approval");
        w.approves(&zhou, p).await;
        assert_eq!(there(kiosk).await, 0);
        assert_eq!(w.facts(p).await.further_channels.len(), 3, "what was given has ended");
    }

    async fn on_the_governance_side_it_is_there_once_it_is_configured(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let draft = w.governance(&wang, "路网监测").await;
        let p = register(&w.engine, &wang, w.sent_to(Side::Governance, draft)).await.unwrap().id;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        w.approves(&w.request_of("limin").await, p).await;
        assert_eq!(w.names_in(Channel::Zhezhengding, None, None).await, [""; 0]);
        let configured = w.uploads(p, "1.0.1").await;
        w.does(&zhao, p, Ask::CompleteConfiguration(configured)).await;
        assert_eq!(w.names_in(Channel::Zhezhengding, None, None).await, ["路网监测"]);
    }
}
