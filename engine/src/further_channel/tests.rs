//! Stories of the list of further channels.

use crate::directory::entries;
use crate::error::Error;
use crate::further_channel::{add, list, rename, set_active};
use crate::store::audit_event;
use crate::world::both;
use domain::fields::FieldId;
use domain::view::directory::DirectoryOf;

both! {
    async fn the_system_administrator_keeps_the_list(w: World) {
        let feng = w.request_of("fengxue").await;
        add(&w.engine, &feng, " 银行网点 ").await.unwrap();
        let rows = list(&w.engine, &feng).await.unwrap();
        let names: Vec<&str> = rows.iter().map(|row| row.channel.name.as_str()).collect();
        assert_eq!(names, ["支付宝小程序", "微信小程序", "自助终端", "银行网点"]);
        let bank = rows[3].channel.id;
        for taken in ["微信小程序", "政务服务网", "", "一二三四五六七八九十一二三四五六七八九十一"] {
            let Err(Error::Invalid(errors)) = rename(&w.engine, &feng, bank, taken).await else { panic!("{taken}") };
            assert_eq!(errors.iter().map(|error| error.field).collect::<Vec<_>>(), [FieldId::ChannelName]);
        }
        rename(&w.engine, &feng, bank, "银行自助机").await.unwrap();
        set_active(&w.engine, &feng, bank, false).await.unwrap();
        let gone = entries(&w.engine, DirectoryOf::Further(bank), None, None, None).await;
        assert!(matches!(gone, Err(Error::NotFound)));
        let p = w.registers(&w.request_of("wangjianguo").await, "杭州公交查询").await;
        assert_eq!(w.facts(p).await.further_channels.len(), 3, "what is stopped can't be applied for");
        set_active(&w.engine, &feng, bank, true).await.unwrap();
        assert_eq!(w.facts(p).await.further_channels.len(), 4);
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let kept: Vec<&str> =
            events.iter().filter(|event| event.object_kind == "channel").map(|event| event.action.as_str()).collect();
        assert_eq!(kept, ["channel.add", "channel.rename", "channel.stop", "channel.resume"]);
        let renamed = events.iter().find(|event| event.action == "channel.rename").unwrap();
        let detail: serde_json::Value = serde_json::from_str(&renamed.detail).unwrap();
        assert_eq!(detail["after"], "银行自助机");
        assert!(detail["before"].is_string() && detail["before"] != detail["after"], "{detail}");
        let wang = w.request_of("wangjianguo").await;
        assert!(matches!(add(&w.engine, &wang, "私设渠道").await, Err(Error::Forbidden)));
        let nothing = domain::FurtherChannelId(w.key());
        assert!(matches!(set_active(&w.engine, &feng, nothing, true).await, Err(Error::NotFound)));
    }
}
