//! The demo's stock list: 200 applications of the old platform, over both departments and all states that an import takes.

use super::Plan;
use crate::store::department::Department;
use crate::store::stock::{self, Imported};
use crate::store::{Conn, StoreResult};
use domain::State;
use domain::stock::IMPORTABLE;

/// Chinese and English, for each department.
const SUBJECTS: [[(&str, &str); 10]; 2] = [
    [
        ("公交线路", "Bus Line"),
        ("地铁换乘", "Metro Transfer"),
        ("停车泊位", "Parking Space"),
        ("长途客运", "Coach"),
        ("水上巴士", "Water Bus"),
        ("网约车", "Ride-hailing"),
        ("驾培", "Driver Training"),
        ("车辆年检", "Vehicle Inspection"),
        ("高速通行", "Expressway"),
        ("公共自行车", "Public Bicycle"),
    ],
    [
        ("预约挂号", "Registration"),
        ("检验报告", "Laboratory Report"),
        ("疫苗接种", "Vaccination"),
        ("电子病历", "Medical Record"),
        ("家庭医生", "Family Doctor"),
        ("献血服务", "Blood Donation"),
        ("母婴健康", "Maternal Health"),
        ("急救地图", "Emergency Map"),
        ("医保结算", "Insurance Settlement"),
        ("体检报告", "Health Examination"),
    ],
];

/// What it does with them: ten for each subject.
const DEEDS: [(&str, &str); 10] = [
    ("查询", "Enquiry"),
    ("预约", "Booking"),
    ("缴费", "Payment"),
    ("投诉", "Complaint"),
    ("地图", "Map"),
    ("公告", "Notice"),
    ("评价", "Rating"),
    ("办理", "Handling"),
    ("提醒", "Reminder"),
    ("统计", "Statistics"),
];

/// Writes them. Most are 已发布, as in a real list.
pub(super) async fn write(conn: &mut Conn, plan: &Plan, departments: &[Department]) -> StoreResult<()> {
    let mut number = 0;
    for (department, subjects) in departments.iter().zip(SUBJECTS) {
        for (subject, english_subject) in subjects {
            for (deed, english_deed) in DEEDS {
                number += 1;
                let listed = if number % 3 == 0 { IMPORTABLE[number / 3 % IMPORTABLE.len()] } else { State::Published };
                let row = Imported {
                    id: plan.engine.entropy().id(plan.engine.now()),
                    original_id: format!("OLD-{number:05}"),
                    name: format!("{subject}{deed}"),
                    english_name: format!("{english_subject} {english_deed}"),
                    department: department.id,
                    listed,
                    address: format!("https://old.example.gov.cn/h5/{number:05}/index.html"),
                    now: plan.engine.now(),
                };
                stock::insert(conn, &row).await?;
            }
        }
    }
    Ok(())
}
