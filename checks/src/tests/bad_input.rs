//! packages.md, Bad input: every row.

use super::*;

fn refused(entries: &[Raw]) -> BadPackage {
    let mut all = vec![raw("index.html")];
    all.extend_from_slice(entries);
    match read_all(raw_zip(&all), &Limits::default()) {
        Ok(_) => panic!("taken"),
        Err(bad) => bad,
    }
}

fn flaw(name: impl AsRef<[u8]>) -> NameFlaw {
    match refused(&[raw(name)]) {
        BadPackage::Name { flaw, .. } => flaw,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_handmade_zip_is_good() {
    let plain = raw_zip(&[raw("index.html"), raw("a/b.txt")]);
    assert_eq!(read_all(plain, &Limits::default()), Ok(2));
}

#[test]
fn not_a_zip() {
    assert_eq!(read(Vec::new()).err(), Some(BadPackage::NotAZip));
    assert_eq!(read(b"GIF89a and so on, long enough to be one".to_vec()).err(), Some(BadPackage::NotAZip));
}

#[test]
fn cut_off() {
    let whole = static_zip().bytes();
    for end in 0..whole.len() {
        assert!(read(whole[..end].to_vec()).is_err(), "{end}");
    }
}

#[test]
fn something_behind_or_before_it() {
    let whole = static_zip().bytes();
    assert_eq!(read([whole.as_slice(), b"x"].concat()).err(), Some(BadPackage::NotAZip));
    assert!(matches!(read([b"x", whole.as_slice()].concat()).err(), Some(BadPackage::Damaged { .. })));
}

#[test]
fn encrypted() {
    let locked = Raw { flags: 1, ..raw("a.js") };
    assert_eq!(refused(&[locked]), BadPackage::Encrypted { entry: "a.js".into() });
}

#[test]
fn other_methods() {
    let lzma = Raw { method: 14, ..raw("a.js") };
    assert_eq!(refused(&[lzma]), BadPackage::Method { entry: "a.js".into(), method: 14 });
}

#[test]
fn zip64_that_lies() {
    // Saturated without the field that would say more.
    let lie = Raw { says_bytes: Some(u32::MAX), ..raw("a.js") };
    assert_eq!(refused(&[lie]), BadPackage::Lies { entry: "a.js".into() });
    // A field that says a terabyte.
    let mut extra = vec![1, 0, 8, 0];
    extra.extend((1_u64 << 40).to_le_bytes());
    let lie = Raw { says_bytes: Some(u32::MAX), extra, ..raw("a.js") };
    assert!(matches!(refused(&[lie]), BadPackage::FileTooLarge { .. }));
    // An end record that says there is a zip64 one.
    let mut bytes = static_zip().bytes();
    let at = bytes.len() - 22;
    bytes[at + 8..at + 12].copy_from_slice(&[0xff; 4]);
    assert!(matches!(read(bytes).err(), Some(BadPackage::Damaged { .. })));
}

#[test]
fn a_zip64_end_that_agrees_is_taken_and_one_that_does_not_is_refused() {
    let plain = raw_zip(&[raw("index.html")]);
    let end = plain.len() - 22;
    let start = u64::from(u32::from_le_bytes(plain[end + 16..end + 20].try_into().unwrap()));
    let size = u64::from(u32::from_le_bytes(plain[end + 12..end + 16].try_into().unwrap()));
    let build = |entries: u64| {
        let mut out = plain[..end].to_vec();
        out.extend(b"PK\x06\x06");
        out.extend(44_u64.to_le_bytes());
        out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        for number in [entries, entries, size, start] {
            out.extend(number.to_le_bytes());
        }
        out.extend(b"PK\x06\x07\0\0\0\0");
        out.extend((end as u64).to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        out.extend(&plain[end..]);
        out
    };
    assert_eq!(read_all(build(1), &Limits::default()), Ok(1));
    assert!(matches!(read(build(2)).err(), Some(BadPackage::Damaged { .. })));
}

#[test]
fn sizes_that_lie() {
    // In the directory, against the header's place.
    let lie = Raw { says_packed: Some(5), says_bytes: Some(5), ..raw("a.js") };
    assert_eq!(refused(&[lie]), BadPackage::Lies { entry: "a.js".into() });
    // Deflated content that is longer than it says: found while reading.
    let mut bytes = static_zip().with("main.js", "a".repeat(5000)).bytes();
    let size = 5000_u32.to_le_bytes();
    let at: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..*at + 4] == size).collect();
    for at in at {
        bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    assert_eq!(read_all(bytes, &Limits::default()), Err(BadPackage::Lies { entry: "main.js".into() }));
}

#[test]
fn content_that_was_changed() {
    let mut bytes = raw_zip(&[raw("index.html"), Raw { data: b"honest".to_vec(), ..raw("a.js") }]);
    let at = bytes.windows(6).position(|window| window == b"honest").unwrap();
    bytes[at] = b'H';
    assert_eq!(read_all(bytes, &Limits::default()), Err(BadPackage::Lies { entry: "a.js".into() }));
}

#[test]
fn overlapping_entries() {
    let twice = Raw { says_header: Some(0), local_name: Some(b"index.html".to_vec()), ..raw("index.html2") };
    assert!(matches!(refused(&[twice]), BadPackage::Lies { .. }));
}

#[test]
fn header_and_directory_disagree_on_the_name() {
    let two_faced = Raw { local_name: Some(b"b.js".to_vec()), ..raw("a.js") };
    assert_eq!(refused(&[two_faced]), BadPackage::Lies { entry: "a.js".into() });
}

#[test]
fn bombs() {
    let bomb = static_zip().with("a.txt", vec![0_u8; 3 << 20]).bytes();
    assert_eq!(read(bomb).err(), Some(BadPackage::Bomb { entry: "a.txt".into(), limit: 200 }));
}

#[test]
fn nested_zips_by_name_and_by_content() {
    let inner = static_zip().bytes();
    let named = static_zip().with("more.zip", &inner);
    assert_eq!(named.read().err(), Some(BadPackage::Nested { entry: "more.zip".into() }));
    let hidden = static_zip().with("logo.png", &inner);
    assert_eq!(read_all(hidden.bytes(), &Limits::default()), Err(BadPackage::Nested { entry: "logo.png".into() }));
    let form = static_zip().with("表格.docx", &inner);
    assert!(read_all(form.bytes(), &Limits::default()).is_ok());
}

#[test]
fn limits() {
    let small = |limits: Limits| read_all(static_zip().with("a/b/c/d.txt", vec![b'x'; 3000]).bytes(), &limits).err();
    let base = Limits::default();
    assert!(matches!(small(Limits { packed_bytes: 100, ..base.clone() }), Some(BadPackage::TooLarge { .. })));
    assert!(matches!(small(Limits { unpacked_bytes: 100, ..base.clone() }), Some(BadPackage::UnpackedTooLarge { .. })));
    assert!(matches!(small(Limits { file_bytes: 2999, ..base.clone() }), Some(BadPackage::FileTooLarge { .. })));
    assert!(matches!(
        small(Limits { entries: 2, ..base.clone() }),
        Some(BadPackage::TooManyEntries { entries: 3, limit: 2 })
    ));
    assert!(matches!(small(Limits { path_chars: 10, ..base.clone() }), Some(BadPackage::PathTooLong { .. })));
    assert!(matches!(small(Limits { path_levels: 3, ..base.clone() }), Some(BadPackage::PathTooDeep { .. })));
    assert_eq!(small(Limits { path_levels: 4, path_chars: 11, entries: 3, file_bytes: 3000, ..base }), None);
}

#[test]
fn names() {
    assert_eq!(flaw("a/../b"), NameFlaw::DotDot);
    assert_eq!(flaw("./b"), NameFlaw::DotDot);
    assert_eq!(flaw("/etc/passwd"), NameFlaw::Absolute);
    assert_eq!(flaw("a\\b"), NameFlaw::Backslash);
    assert_eq!(flaw("C:/b"), NameFlaw::Drive);
    assert_eq!(flaw("a:stream"), NameFlaw::Drive);
    assert_eq!(flaw("a\0b"), NameFlaw::Nul);
    assert_eq!(flaw("a\nb"), NameFlaw::Control);
    assert_eq!(flaw("a\u{202e}gpj.exe"), NameFlaw::Control);
    assert_eq!(flaw("a//b"), NameFlaw::Empty);
    assert_eq!(flaw(""), NameFlaw::Empty);
    for name in ["con", "aux.txt", "x/NUL", "Com1.js", "LPT¹"] {
        assert_eq!(flaw(name), NameFlaw::Reserved, "{name}");
    }
    assert_eq!(flaw("a."), NameFlaw::Windows);
    assert_eq!(flaw("a?b"), NameFlaw::Windows);
    assert_eq!(flaw(b"\xff\xff\xff"), NameFlaw::Encoding);
}

#[test]
fn links_and_devices() {
    for mode in [0o120_777, 0o020_666, 0o060_666, 0o010_666, 0o140_777] {
        let special = Raw { mode, ..raw("a") };
        assert_eq!(refused(&[special]), BadPackage::NotAFile { entry: "a".into() });
    }
    let plain = Raw { mode: 0o100_644, ..raw("a") };
    assert_eq!(read_all(raw_zip(&[raw("index.html"), plain]), &Limits::default()), Ok(2));
}

#[test]
fn duplicates_and_names_that_differ_in_case() {
    assert_eq!(refused(&[raw("a"), raw("a")]), BadPackage::Duplicate { entry: "a".into() });
    assert_eq!(refused(&[raw("a"), raw("a/b")]), BadPackage::Duplicate { entry: "a".into() });
    assert_eq!(refused(&[raw("a"), raw("A")]), BadPackage::CaseCollision { entry: "A".into(), other: "a".into() });
    assert_eq!(refused(&[raw("x/a"), raw("X/b")]), BadPackage::CaseCollision { entry: "X".into(), other: "x".into() });
}

#[test]
fn names_in_gb18030() {
    let (name, _, _) = encoding_rs::GB18030.encode("图片/公交.png");
    let package = read(raw_zip(&[raw("index.html"), raw(name.as_ref())])).unwrap();
    assert!(package.find("图片/公交.png").is_some());
    // With the flag for UTF-8 it is a lie.
    assert!(matches!(
        refused(&[Raw { flags: 0x0800, ..raw(name.as_ref()) }]),
        BadPackage::Name { flaw: NameFlaw::Encoding, .. }
    ));
}

#[test]
fn sentences() {
    let sentences = [
        BadPackage::NotAZip,
        BadPackage::Lies { entry: "a.js".into() },
        BadPackage::Encrypted { entry: "a.js".into() },
        BadPackage::Name { entry: "a\u{fffd}b".into(), flaw: NameFlaw::Control },
        BadPackage::CaseCollision { entry: "A".into(), other: "a".into() },
        BadPackage::NoShape { looked_for: "index.html 或 package.json".into() },
    ];
    insta::assert_snapshot!(sentences.map(|bad| bad.to_string()).join("\n"));
}
