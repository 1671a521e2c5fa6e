//! What 王建国 fills in to register an application that 赵磊 develops, beside its name, system, icon and channels.

pub const FILLED: [(&str, &str); 9] = [
    ("side", "service"),
    ("draft[intro]", "查询公交到站时间"),
    ("draft[audience]", "person"),
    ("draft[domestic_os]", "yes"),
    ("draft[scope][0]", "330102"),
    ("draft[vendor]", "杭州云途科技有限公司"),
    ("draft[credit_code]", "91330100MA20000120"),
    ("draft[contacts][0][name]", "赵磊"),
    ("draft[contacts][0][phone]", "13800000001"),
];
