//! Refusals that are counted, for a pair of who was refused and function. Who it is is 128 bits: a person's id, or, of who is not signed
//! in, an address ([`of_address`]), or all of these together ([`ALL`]); or somebody whom another side has named ([`of_proved`]).

use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use std::net::{IpAddr, Ipv6Addr};
use uuid::Uuid;

/// What is known of one pair.
#[derive(Debug, Clone, Copy, FromRow)]
pub(crate) struct Refusals {
    /// When the window began. UTC milliseconds.
    pub(crate) since: i64,
    /// Those in the log by themselves.
    pub(crate) noted: i64,
    /// Those that are only counted.
    pub(crate) more: i64,
}

/// A pair whose window is over.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct OverRow {
    pub(crate) who: Uuid,
    /// `None`: an address, all, or somebody whom another side has named.
    pub(crate) person_name: Option<String>,
    pub(crate) what: String,
}

/// The byte of an id whose first two bits tell who is meant: an address 00, somebody whom another side has named 01, a person 10, all 11.
const MARKED: usize = 8;

/// Under which id all who are not signed in are counted together: no address's, and no person's, whose variant is another one.
pub(crate) const ALL: Uuid = Uuid::from_u128(u128::MAX);

/// Under which id an address is counted, as [`crate::ctx::Ctx::counted_from`] has it: the address itself, one of IPv4 mapped to IPv6. A
/// person's id has a variant, for which all of these have zeros.
pub(crate) fn of_address(address: &str) -> Uuid {
    let bits = match address.parse() {
        Ok(IpAddr::V4(address)) => address.to_ipv6_mapped(),
        Ok(IpAddr::V6(address)) => address,
        Err(_) => Ipv6Addr::UNSPECIFIED,
    };
    Uuid::from_bytes(bits.octets())
}

/// Under which id somebody is counted whom another side has named, by a hash of who that is: 126 bits of it. Where a person's id has its variant
/// they have 01, which no address has, and neither have all together.
pub(crate) fn of_proved(hash: &[u8; 32]) -> Uuid {
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id[MARKED] = (id[MARKED] & 0b0011_1111) | 0b0100_0000;
    Uuid::from_bytes(id)
}

/// The address that is counted under this id; of whoever has another one none.
pub(crate) fn address_of(id: Uuid) -> String {
    if id.as_bytes()[MARKED] >> 6 != 0 {
        return String::new();
    }
    Ipv6Addr::from(id.into_bytes()).to_canonical().to_string()
}

/// What is known of a pair.
pub(crate) async fn of(conn: &mut Conn, who: Uuid, what: &str) -> StoreResult<Option<Refusals>> {
    const SQL: &str = "SELECT since, noted, more FROM refusal_count WHERE person_id = $1 AND what = $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(who).bind(what).fetch_optional(c).await?))
}

/// The same, and it stays so until the transaction is over.
pub(crate) async fn hold(conn: &mut Conn, who: Uuid, what: &str) -> StoreResult<Option<Refusals>> {
    const HOLD: &str = "UPDATE refusal_count SET noted = noted WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(HOLD).bind(who).bind(what).execute(c).await.map(|_| ()))?;
    of(conn, who, what).await
}

/// The same as [`hold`] of a pair that may not be known yet: then its window begins now, with nothing in it.
pub(crate) async fn hold_or_know(conn: &mut Conn, who: Uuid, what: &str, now: UtcMillis) -> StoreResult<Refusals> {
    const SQL: &str = "INSERT INTO refusal_count (person_id, what, since, noted, more) VALUES ($1, $2, $3, 0, 0)
        ON CONFLICT (person_id, what) DO UPDATE SET noted = refusal_count.noted RETURNING since, noted, more";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(who).bind(what).bind(now.0).fetch_one(c).await?))
}

/// A window begins with one that is noted.
pub(crate) async fn begin(conn: &mut Conn, who: Uuid, what: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE refusal_count SET since = $3, noted = 1, more = 0 WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(SQL).bind(who).bind(what).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// One more that is noted.
pub(crate) async fn note(conn: &mut Conn, who: Uuid, what: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE refusal_count SET noted = noted + 1 WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(SQL).bind(who).bind(what).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// So many more that are only counted.
pub(crate) async fn count(conn: &mut Conn, who: Uuid, what: &str, many: i64) -> StoreResult<()> {
    const SQL: &str = "UPDATE refusal_count SET more = more + $3 WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(SQL).bind(who).bind(what).bind(many).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// So many more that are only counted, if the pair's window began after this time and has so many that are noted; whether it is so.
pub(crate) async fn count_where_full(
    conn: &mut Conn,
    who: Uuid,
    what: &str,
    (after, noted): (UtcMillis, i64),
    many: i64,
) -> StoreResult<bool> {
    const SQL: &str = "UPDATE refusal_count SET more = more + $5
        WHERE person_id = $1 AND what = $2 AND since > $3 AND noted >= $4";
    let counted = on!(conn, c => sqlx::query(SQL)
        .bind(who)
        .bind(what)
        .bind(after.0)
        .bind(noted)
        .bind(many)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(counted > 0)
}

/// Pairs whose windows began at this time or before, at most `limit`.
pub(crate) async fn over(conn: &mut Conn, since: UtcMillis, limit: i64) -> StoreResult<Vec<OverRow>> {
    const SQL: &str = "SELECT r.person_id AS who, p.name AS person_name, r.what FROM refusal_count AS r
        LEFT JOIN person AS p ON p.id = r.person_id WHERE r.since <= $1 ORDER BY r.since LIMIT $2";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(since.0).bind(limit).fetch_all(c).await?))
}

/// Forgets a pair.
pub(crate) async fn delete(conn: &mut Conn, who: Uuid, what: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM refusal_count WHERE person_id = $1 AND what = $2";
    on!(conn, c => sqlx::query(SQL).bind(who).bind(what).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ALL, address_of, of_address, of_proved};

    #[test]
    fn an_address_is_told_from_a_person_and_found_again() {
        for address in ["10.0.0.1", "2001:db8:1:2::", "::"] {
            let id = of_address(address);
            assert_eq!(address_of(id), address);
            assert_eq!(id.as_bytes()[8], 0, "a person's id begins here with the bits 10");
        }
        assert_eq!(of_address("nowhere"), of_address("::"));
        let person = crate::Entropy::System.id(domain::UtcMillis(1_795_478_400_000));
        assert_eq!(person.as_bytes()[8] >> 6, 0b10);
        assert_eq!((ALL.as_bytes()[8] >> 6, address_of(ALL)), (0b11, String::new()));
        for hash in [[0; 32], [0xff; 32]] {
            let named = of_proved(&hash);
            assert_eq!((named.as_bytes()[8] >> 6, address_of(named)), (0b01, String::new()));
        }
    }
}
