//! Names as publications have them: place, matter, thing, and a number that makes each its own.

const PLACES: [&str; 24] = [
    "杭州", "上城", "拱墅", "西湖", "滨江", "萧山", "余杭", "富阳", "临安", "临平", "钱塘", "桐庐", "淳安", "建德",
    "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "衢州", "舟山", "台州", "丽水",
];

/// One of twelve is the bench's keyword.
const MATTERS: [&str; 12] =
    ["公交", "停车", "社保", "医保", "公积金", "就业", "教育", "养老", "旅游", "图书", "不动产", "水务"];

const THINGS: [&str; 20] = [
    "查询",
    "预约",
    "办理",
    "缴费",
    "报名",
    "地图",
    "通知",
    "证明",
    "登记",
    "评价",
    "投诉",
    "导航",
    "助手",
    "申领",
    "核验",
    "年审",
    "补贴",
    "公示",
    "一码通",
    "掌上办",
];

/// A number that looks like chance and is always the same: the publication's `n`, for one `purpose`.
pub(super) fn chance(n: u32, purpose: u32) -> u64 {
    let mut x = (u64::from(n) << 32 | u64::from(purpose)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// One of these.
pub(super) fn pick<T: Copy>(from: &[T], n: u32, purpose: u32) -> Option<T> {
    let len = u64::try_from(from.len()).unwrap_or(u64::MAX).max(1);
    usize::try_from(chance(n, purpose) % len).ok().and_then(|at| from.get(at)).copied()
}

/// The name of the `n`th.
pub(super) fn name(n: u32) -> String {
    let words = [pick(&PLACES, n, 1), pick(&MATTERS, n, 2), pick(&THINGS, n, 3)];
    format!("{}{}", words.into_iter().flatten().collect::<String>(), n + 1)
}
