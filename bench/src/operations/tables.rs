//! The tables of operations, in Markdown. Where a part has a line for each size or run, the line is printed when it is there.

use super::backup::Pair;
use super::processes::{ROWS, Site};
use super::ran::Ran;
use super::storm::{Pages, Storm};
use crate::load::Measured;

/// Above the lines of storms.
pub(super) fn storm_head() {
    println!("### Sign-in storms\n");
    println!(
        "| at once, times | let in a second | p50 ms | p99 ms | let in | told to come again | resident above idle, MiB | of it its own | \
        constant page meanwhile, p99 ms | list page, read anew |"
    );
    println!("|{}", " --- |".repeat(10));
}

/// While nobody signs in.
pub(super) fn calm(pages: &Pages) {
    let Pages { constant, list } = pages;
    println!("| nobody | — | — | — | — | — | — | — | {constant:.2} | {list:.2} |");
}

/// Storms of one size.
pub(super) fn storm(storm: &Storm) {
    let Storm { people, times, rate, p50, p99, let_in, told, peaks, beside: Pages { constant, list } } = storm;
    let told: Vec<String> = told.iter().map(|(status, many)| format!("{many} by {status}")).collect();
    let told = if told.is_empty() { "nobody".to_owned() } else { told.join(", ") };
    let (resident, own) = (peaks.peak - peaks.idle, peaks.anonymous.1 - peaks.anonymous.0);
    println!(
        "| {people}, {times} | {rate:.0} | {p50:.0} | {p99:.0} | {let_in} | {told} | {resident:.1} | {own:.1} | {constant:.2} | {list:.2} |"
    );
}

/// Three processes beside one; without the three where they were not measured.
pub(super) fn processes(one: &Site, three: Option<&Site>) {
    println!("### Three processes beside one, {ROWS} publications\n");
    println!(
        "| work | SQLite, one process: a second | p50 ms | p99 ms | PostgreSQL, three: a second | p50 ms | p99 ms | of the one |"
    );
    println!("|{}", " --- |".repeat(8));
    for (name, Measured { rate, p50, p99 }) in &one.works {
        let other = three.and_then(|site| site.works.iter().find(|(other, _)| other == name));
        let other = other.map_or("— | — | — | —".to_owned(), |(_, they)| {
            format!("{:.0} | {:.2} | {:.2} | {:.2}", they.rate, they.p50, they.p99, they.rate / rate)
        });
        println!("| {name} | {rate:.0} | {p50:.2} | {p99:.2} | {other} |");
    }
    println!();
    for site in std::iter::once(one).chain(three) {
        println!("Memory after it (PSS, all processes of the server), {}: {:.1} MiB.", site.database, site.memory);
    }
    println!();
}

/// The audit log's verification.
pub(super) fn audit(rows: u64, bytes: u64, ours: &Ran, sum: &Ran) {
    println!("### Verifying {rows} audit events\n");
    println!("| command | seconds | processor, seconds | resident at most, MiB | rows a second |");
    println!("|{}", " --- |".repeat(5));
    let rate = rows as f64 / ours.seconds;
    println!("| `server audit verify` | {:.2} | {:.2} | {:.1} | {rate:.0} |", ours.seconds, ours.processor, ours.peak);
    let megabytes = bytes as f64 / 1e6;
    println!(
        "| `sha256sum` of as many bytes ({megabytes:.0} million) | {:.2} | {:.2} | {:.1} | — |\n",
        sum.seconds, sum.processor, sum.peak
    );
}

/// Above the lines of backups.
pub(super) fn backup_head(bytes: u64, file: u64) {
    println!("### A backup of {:.0} GB in files of {:.0} MB, beside `cp -a`\n", bytes as f64 / 1e9, file as f64 / 1e6);
    println!(
        "| `server backup`, seconds | MB a second | its processor, seconds | resident at most, MiB | one more sync after it, seconds | \
        `cp -a` and sync, seconds | of it the sync | MB a second | backup's time, of the copy's |"
    );
    println!("|{}", " --- |".repeat(9));
}

/// A backup and a copy.
pub(super) fn backup(pair: &Pair) {
    let Pair { bytes, backup, rest, processor, peak, copy, sync } = pair;
    let (whole, megabytes) = (copy + sync, *bytes as f64 / 1e6);
    let (ours, theirs) = (megabytes / backup, megabytes / whole);
    println!(
        "| {backup:.1} | {ours:.0} | {processor:.1} | {peak:.1} | {rest:.2} | {whole:.1} | {sync:.1} | {theirs:.0} | {:.2} |",
        backup / whole
    );
}
