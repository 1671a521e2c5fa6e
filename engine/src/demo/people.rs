//! Who is who in the demo: staff of two departments, developers of two vendors, reviewers of a city and of the province, an
//! operator, the three administrators.

use super::Plan;
use crate::store::department::{self, Department};
use crate::store::person::{self, Person};
use crate::store::{Conn, StoreResult};
use domain::Role;

/// Name, 浙政钉 id, region of the seat.
const DEPARTMENTS: [(&str, &str, &str); 2] =
    [("杭州市交通运输局", "GO_330100_0017", "330100"), ("浙江省卫生健康委员会", "GO_330000_0031", "330000")];

/// `accountId` in 浙政钉 of the first of the people; the others' follow.
const FIRST_DINGTALK_ID: i64 = 100_101;

struct Someone {
    account: &'static str,
    name: &'static str,
    department: Option<usize>,
    mobile: Option<&'static str>,
    role: Role,
    region: &'static str,
}

const fn someone(account: &'static str, name: &'static str, role: Role) -> Someone {
    Someone { account, name, department: None, mobile: None, role, region: "" }
}

impl Someone {
    const fn of(mut self, department: usize) -> Self {
        self.department = Some(department);
        self
    }

    const fn with_mobile(mut self, mobile: &'static str) -> Self {
        self.mobile = Some(mobile);
        self
    }

    const fn in_seat(mut self, region: &'static str) -> Self {
        self.region = region;
        self
    }
}

const PEOPLE: [Someone; 12] = [
    someone("wangjianguo", "王建国", Role::Staff).of(0),
    someone("hemin", "何敏", Role::Staff).of(0),
    someone("chenjing", "陈静", Role::Staff).of(1),
    someone("zhaolei", "赵磊", Role::Developer).with_mobile("13800000001"),
    someone("sunyue", "孙悦", Role::Developer).with_mobile("13800000002"),
    someone("limin", "李敏", Role::Reviewer).in_seat("330100"),
    someone("zhoutao", "周涛", Role::Reviewer).in_seat("330000"),
    someone("wufang", "吴芳", Role::Reviewer).in_seat("330000"),
    someone("zhengkai", "郑凯", Role::Operator).in_seat("330000"),
    someone("fengxue", "冯雪", Role::SystemAdministrator),
    someone("chuqiang", "褚强", Role::SecurityAdministrator),
    someone("weiping", "卫平", Role::Auditor),
];

/// Writes the departments, in the order of the list.
pub(super) async fn write_departments(conn: &mut Conn, plan: &Plan) -> StoreResult<Vec<Department>> {
    let mut written = Vec::new();
    for (name, dingtalk_id, region) in DEPARTMENTS {
        let id = plan.engine.entropy().id(plan.engine.now());
        let row =
            Department { id, name: name.to_owned(), dingtalk_id: dingtalk_id.to_owned(), region: region.to_owned() };
        department::insert(conn, &row).await?;
        written.push(row);
    }
    Ok(written)
}

/// Writes the people, in the order of the list.
pub(super) async fn write(conn: &mut Conn, plan: &Plan, departments: &[Department]) -> StoreResult<Vec<Person>> {
    let mut written = Vec::new();
    for (someone, n) in PEOPLE.iter().zip(0..) {
        let row = Person {
            id: plan.engine.entropy().id(plan.engine.now()),
            account: someone.account.to_owned(),
            name: someone.name.to_owned(),
            department_id: someone.department.and_then(|at| departments.get(at)).map(|d| d.id),
            mobile: someone.mobile.map(str::to_owned),
            active: true,
            // One after the other, so that lists keep this order.
            created_at: plan.engine.now().0 + n,
            password_hash: Some(plan.password_hash.clone()),
            password_set_at: None,
            totp_secret: None,
            totp_step: 0,
            email: Some(format!("{}@example.gov.cn", someone.account)),
            dingtalk_id: Some(FIRST_DINGTALK_ID + n),
        };
        person::insert(conn, &row).await?;
        person::insert_role(conn, row.person_id(), someone.role, someone.region).await?;
        written.push(row);
    }
    Ok(written)
}
