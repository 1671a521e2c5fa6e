//! Runs 源码检测 and 外链检查 on a zip and prints what they answer: `cargo run --release --example check -- app.zip`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a tool for developers of this crate")]

use std::time::Instant;

use checks::*;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| panic!("which zip?"));
    let start = Instant::now();
    let limits = Limits { ratio: 1000, ..Limits::default() };
    let mut package = match read_package(std::fs::File::open(path).unwrap(), &limits, &mut Unwatched) {
        Ok(package) => package,
        Err(bad) => return println!("{bad}"),
    };
    let report = check_source(&mut package, &Severities::default(), &mut Unwatched);
    match report {
        Ok(report) => {
            for f in &report.findings {
                println!("{:?} {} {}:{:?}:{:?} {}", f.severity, f.rule.id(), f.file, f.line, f.column, f.subject);
            }
            println!(
                "{} files, {} bytes, {:?}, {} ms",
                report.files,
                report.bytes,
                report.counts,
                start.elapsed().as_millis()
            );
        }
        Err(bad) => println!("{bad}"),
    }
    let start = Instant::now();
    let files = package.files().to_vec();
    let served = files
        .iter()
        .map(|file| Ok::<_, BadPackage>(ServedFile { path: file.path.clone(), bytes: package.read(file)? }));
    let links = check_links(served, &AllowList::default()).unwrap();
    for host in &links.hosts {
        println!("{} x{} {:?}", host.host, host.count, host.places.first());
    }
    println!(
        "undecided {} {:?}, unparsed {:?}, {} ms",
        links.undecided_count,
        links.undecided.first(),
        links.unparsed,
        start.elapsed().as_millis()
    );
}
