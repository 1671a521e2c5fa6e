//! Character references in attribute values: numbers, and every name that stands for an ASCII
//! character. Letters have none, so no host can be hidden behind the others.

/// The value as the browser has it. Other named references stay as they are.
pub(crate) fn decode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let (c, used) = reference(rest).unwrap_or(('&', 1));
        out.push(c);
        rest = rest.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character and the bytes of a reference at the start of `text`.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.get(1..)?;
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, head) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16, 3_usize),
            None => (number, 10, 2),
        };
        let len = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let code = u32::from_str_radix(digits.get(..len).filter(|d| !d.is_empty())?, radix).unwrap_or(0xfffd);
        let end = usize::from(digits.get(len..)?.starts_with(';'));
        return Some((char::from_u32(code).unwrap_or('\u{fffd}'), head.saturating_add(len).saturating_add(end)));
    }
    let len = body.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(body.len()).min(20);
    let name = body.get(..len)?;
    if body.get(len..)?.starts_with(';') {
        return NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| (*c, len.saturating_add(2)));
    }
    // The few that stand without a semicolon.
    ["amp", "lt", "gt", "quot", "AMP", "LT", "GT", "QUOT"].iter().find(|known| name.starts_with(**known)).and_then(
        |known| {
            let c = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(known))?.1;
            Some((c, known.len().saturating_add(1)))
        },
    )
}

#[rustfmt::skip]
const NAMES: &[(&str, char)] = &[
    ("amp", '&'), ("AMP", '&'), ("lt", '<'), ("LT", '<'), ("gt", '>'), ("GT", '>'), ("quot", '"'), ("QUOT", '"'),
    ("apos", '\''), ("nbsp", '\u{a0}'), ("Tab", '\t'), ("NewLine", '\n'), ("excl", '!'), ("num", '#'), ("dollar", '$'),
    ("percnt", '%'), ("lpar", '('), ("rpar", ')'), ("ast", '*'), ("midast", '*'), ("plus", '+'), ("comma", ','),
    ("period", '.'), ("sol", '/'), ("colon", ':'), ("semi", ';'), ("equals", '='), ("quest", '?'), ("commat", '@'),
    ("lsqb", '['), ("lbrack", '['), ("bsol", '\\'), ("rsqb", ']'), ("rbrack", ']'), ("Hat", '^'), ("lowbar", '_'),
    ("UnderBar", '_'), ("grave", '`'), ("DiacriticalGrave", '`'), ("lcub", '{'), ("lbrace", '{'), ("verbar", '|'),
    ("vert", '|'), ("VerticalLine", '|'), ("rcub", '}'), ("rbrace", '}'), ("hyphen", '\u{2010}'), ("dash", '\u{2010}'),
];
