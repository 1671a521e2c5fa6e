//! One-time codes of an authenticator (RFC 6238: SHA-1, six digits, 30 seconds), and what is used in their place when it is lost.

use domain::UtcMillis;
use ring::hmac;
use sha2::{Digest, Sha256};

/// Each code is shown for so long. Milliseconds.
const STEP_MS: i64 = 30_000;

/// Clocks may differ by so many steps.
const DRIFT: i64 = 1;

/// Codes that are handed out with an authenticator, each for one sign-in.
const RECOVERY_CODES: u8 = 10;

/// Letters of one of them.
const RECOVERY_LENGTH: usize = 10;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The step whose code this is; `None`: of none that is near, or that is later than `last`.
pub(super) fn step_of(secret: &[u8], code: &str, now: UtcMillis, last: i64) -> Option<i64> {
    let present = now.0.div_euclid(STEP_MS);
    (present - DRIFT..=present + DRIFT).find(|step| *step > last && code_of(secret, *step) == code)
}

fn code_of(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let digest = tag.as_ref();
    let at = usize::from(digest.last().copied().unwrap_or_default() & 0x0f);
    let number = digest.iter().skip(at).take(4).fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

/// The secret that the activation with this code offers: known to its link alone, and the same however often the page is read.
pub(super) fn secret_for(activation: &str) -> [u8; 20] {
    let hash: [u8; 32] = Sha256::digest(format!("totp:{activation}")).into();
    std::array::from_fn(|at| hash[at])
}

/// The recovery codes that it offers.
pub(super) fn recovery_for(activation: &str) -> Vec<String> {
    let one = |n| base32(&Sha256::digest(format!("recovery:{n}:{activation}"))).chars().take(RECOVERY_LENGTH).collect();
    (0..RECOVERY_CODES).map(one).collect()
}

/// What of a recovery code is stored.
pub(super) fn recovery_hash(code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(plain.to_ascii_uppercase()).into()
}

/// As authenticators take a secret that is typed.
pub(super) fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    let letter = |from: usize| (from..from + 5).fold(0, |sum, at| sum << 1 | usize::from(bit(at)));
    (0..bytes.len() * 8).step_by(5).map(|from| char::from(BASE32[letter(from)])).collect()
}

#[cfg(test)]
pub(crate) fn code_at(secret: &str, now: UtcMillis) -> String {
    let mut bits = secret.bytes().flat_map(|letter| {
        let value = BASE32.iter().position(|known| *known == letter).unwrap();
        (0..5).rev().map(move |at| value >> at & 1 == 1)
    });
    let bytes: [u8; 20] = std::array::from_fn(|_| (0..8).fold(0, |sum, _| sum << 1 | u8::from(bits.next().unwrap())));
    code_of(&bytes, now.0.div_euclid(STEP_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, the last six digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code_of(secret, seconds / 30), code, "{seconds}");
            assert_eq!(step_of(secret, code, UtcMillis(seconds * 1000), 0), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_a_step_early_or_late_and_once() {
        let (secret, now) = (b"12345678901234567890", UtcMillis(1_234_567_890_000));
        let step = now.0 / STEP_MS;
        for drift in -1..=1 {
            assert_eq!(step_of(secret, &code_of(secret, step + drift), now, 0), Some(step + drift));
        }
        assert_eq!(step_of(secret, &code_of(secret, step + 2), now, 0), None);
        assert_eq!(step_of(secret, &code_of(secret, step), now, step), None, "it was used");
        assert_eq!(step_of(secret, "", now, 0), None);
    }

    #[test]
    fn what_an_activation_offers_is_its_own() {
        assert_eq!(base32(b"foobar"), "MZXW6YTBOI", "RFC 4648, without padding");
        assert_eq!(base32(&secret_for("a")).len(), 32);
        assert_eq!(code_at(&base32(&secret_for("a")), UtcMillis(90_000)), code_of(&secret_for("a"), 3));
        let codes = recovery_for("a");
        assert_eq!((codes.len(), codes[0].len()), (10, 10));
        assert_ne!(codes, recovery_for("b"));
        assert_eq!(
            recovery_hash(&codes[0]),
            recovery_hash(&format!(" {}-{} ", &codes[0][..5].to_lowercase(), &codes[0][5..]))
        );
    }
}
