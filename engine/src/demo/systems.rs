//! The demo's application systems: enough of them for a second page.

use super::Plan;
use crate::store::application_system;
use crate::store::department::Department;
use crate::store::person::Person;
use crate::store::{Conn, StoreResult};

/// Chinese and English name, department (index in the list of departments).
const SYSTEMS: [(&str, &str, usize); 27] = [
    ("公共交通出行服务系统", "Public Transport Travel Service", 0),
    ("道路运输许可办理系统", "Road Transport Licensing", 0),
    ("网约车监管平台", "Ride-hailing Supervision", 0),
    ("出租汽车电召系统", "Taxi Dispatch", 0),
    ("公路养护管理系统", "Highway Maintenance", 0),
    ("港航事务管理系统", "Port and Waterway Affairs", 0),
    ("停车泊位信息系统", "Parking Information", 0),
    ("公交线网规划系统", "Bus Network Planning", 0),
    ("地铁客流监测系统", "Metro Passenger Flow", 0),
    ("共享单车管理平台", "Shared Bicycle Management", 0),
    ("交通一卡通服务系统", "Transport Card Service", 0),
    ("驾驶员培训监管系统", "Driver Training Supervision", 0),
    ("机动车维修备案系统", "Vehicle Repair Filing", 0),
    ("危险货物运输监控系统", "Dangerous Goods Monitoring", 0),
    ("交通工程质量监督系统", "Engineering Quality Supervision", 0),
    ("水上搜救协调系统", "Water Rescue Coordination", 0),
    ("交通信用信息系统", "Transport Credit Information", 0),
    ("交通投诉受理系统", "Transport Complaints", 0),
    ("班线客运售票系统", "Coach Ticketing", 0),
    ("物流园区信息系统", "Logistics Park Information", 0),
    ("绕城高速收费稽核系统", "Ring Expressway Toll Audit", 0),
    ("交通应急指挥系统", "Transport Emergency Command", 0),
    ("门诊预约挂号系统", "Outpatient Appointment", 1),
    ("疫苗接种管理系统", "Vaccination Management", 1),
    ("医疗机构执业登记系统", "Medical Institution Registration", 1),
    ("居民电子健康档案系统", "Resident Electronic Health Records", 1),
    ("血液库存调配系统", "Blood Stock Allocation", 1),
];

/// Staff of a department administer all of its systems, but 何敏 only every third, so that reach can be seen.
pub(super) async fn write(
    conn: &mut Conn,
    plan: &Plan,
    departments: &[Department],
    people: &[Person],
) -> StoreResult<()> {
    for (n, (name, english_name, at)) in SYSTEMS.into_iter().enumerate() {
        let Some(department) = departments.get(at) else { continue };
        let (id, now) = (plan.engine.entropy().id(plan.engine.now()), plan.engine.now());
        application_system::insert(conn, id, name, english_name, department.id, &department.region, now).await?;
        let staff = people.iter().filter(|p| p.department_id == Some(department.id));
        for person in staff.filter(|p| p.account != "hemin" || n % 3 == 0) {
            application_system::insert_administrator(conn, id, person.person_id()).await?;
        }
    }
    Ok(())
}
