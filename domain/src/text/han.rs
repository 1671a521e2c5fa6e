//! Unicode script Han, as ranges: all of the Unicode tables that travels to the browser.

/// Script=Han of Unicode 16.0, inclusive, in order.
#[rustfmt::skip]
static HAN: &[(u32, u32)] = &[
    (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029),
    (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3),
    (0x16FF0, 0x16FF1), (0x20000, 0x2A6DF), (0x2A700, 0x2B739), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0), (0x2EBF0, 0x2EE5D), (0x2F800, 0x2FA1D), (0x30000, 0x3134A), (0x31350, 0x323AF),
];

/// Whether the character is of script Han. What people type is found first.
pub fn is_han(letter: char) -> bool {
    let code = letter as u32;
    match code {
        0..0x2E80 => false,
        0x4E00..=0x9FFF => true,
        _ => {
            let index = HAN.partition_point(|range| range.1 < code);
            HAN.get(index).is_some_and(|range| range.0 <= code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_are_in_order_and_hold() {
        assert!(HAN.iter().all(|range| range.0 <= range.1));
        assert!(HAN.windows(2).all(|pair| pair[0].1 < pair[1].0));
        let count: u32 = HAN.iter().map(|range| range.1 - range.0 + 1).sum();
        assert_eq!(count, (0..=0x3_FFFF).filter_map(char::from_u32).filter(|letter| is_han(*letter)).count() as u32);
        for edge in ['\u{2E9A}', '\u{3004}', '\u{3006}', '\u{3008}', '\u{33FF}', '\u{4DC0}', 'a', 'é', '，', 'か'] {
            assert!(!is_han(edge), "{edge}");
        }
    }
}
