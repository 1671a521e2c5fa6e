//! The tables of packages, in Markdown, each with its goal.

use super::builds::Built;
use super::contents::Mix;
use super::hosted::Hosted;
use super::upload::Sent;
use crate::load::median;
use crate::memory::Peaks;

/// Seconds from the first request to the preview of 50 MB.
const TO_PREVIEW: f64 = 3.0;

/// MiB above idle, meanwhile.
const HELD: f64 = 32.0;

/// Requests a second, of nginx's.
const OF_NGINX: f64 = 0.7;

/// A build's time, of the shell's.
const OF_SHELL: f64 = 1.15;

/// The large package on its way to its preview.
pub(super) fn upload(mix: &Mix, first: &Sent, runs: &[Sent]) {
    let Mix { texts, text_bytes, pictures, packed } = mix;
    let (text, packed) = (*text_bytes as f64 / 1e6, *packed as f64 / 1024.0 / 1024.0);
    println!(
        "### A static package of {packed:.1} MB, to its preview\n\n{texts} texts ({text:.1} million bytes unpacked), \
        {pictures} pictures and fonts; medians of {} runs after the first.\n",
        runs.len()
    );
    println!("| step | seconds | the first |\n| --- | --- | --- |");
    let row = |name: &str, of: &dyn Fn(&Sent) -> f64, goal: &str| {
        println!("| {name} | {:.2}{goal} | {:.2} |", median(runs.iter().map(of).collect()), of(first));
    };
    row("sending, in parts of 8 MB", &|sent| sent.sending, "");
    row("finishing", &|sent| sent.finishing, "");
    let stage = |sent: &Sent, n: usize| sent.stages.get(n).map_or(0.0, |stage| stage.seconds);
    for (n, known) in first.stages.iter().enumerate() {
        row(known.name, &|sent| stage(sent, n), "");
    }
    let between = |sent: &Sent| {
        let stages: f64 = sent.stages.iter().map(|stage| stage.seconds).sum();
        sent.whole - sent.sending - sent.finishing - stages
    };
    row("between them, and until it is seen", &between, "");
    let whole = median(runs.iter().map(|sent| sent.whole).collect());
    row("all", &|sent| sent.whole, &format!(" (goal: {TO_PREVIEW}: {})", word(whole <= TO_PREVIEW)));
    println!();
}

/// What was held meanwhile.
pub(super) fn memory(peaks: &Peaks) {
    let Peaks { idle, peak, anonymous: (idle_anonymous, peak_anonymous), children } = peaks;
    println!("Memory during the first, MiB:\n");
    println!("| what | idle | peak | above idle |\n| --- | --- | --- | --- |");
    let goal = format!("(goal: {HELD}: {})", word(peak - idle <= HELD));
    println!("| the server, resident (VmHWM) | {idle:.1} | {peak:.1} | {:.1} {goal} |", peak - idle);
    let above = peak_anonymous - idle_anonymous;
    println!(
        "| of it its own, not its program (RssAnon, every 4 ms) | {idle_anonymous:.1} | {peak_anonymous:.1} | {above:.1} |"
    );
    for (does, highest) in children {
        println!("| child {does} | — | {highest:.1} | — |");
    }
    println!();
}

/// Live files beside nginx.
pub(super) fn hosted(rows: &[Hosted]) {
    println!("### Live files, beside nginx\n");
    println!(
        "| file, gzip where it is text | bytes sent | a second | p99 ms | nginx, a second | p99 ms | of nginx | µs of processor each: ours, nginx |"
    );
    println!("|{}", " --- |".repeat(8));
    for Hosted { name, sent, ours, nginx, share } in rows {
        let goal = word(*share >= OF_NGINX);
        println!(
            "| {name} | {sent} | {:.0} | {:.2} | {:.0} | {:.2} | {share:.2} (goal: {OF_NGINX}: {goal}) | {:.0}, {:.0} |",
            ours.rate, ours.p99, nginx.rate, nginx.p99, ours.cost, nginx.cost
        );
    }
    println!();
}

/// A build beside a shell's.
pub(super) fn build(built: &Built) {
    let Built { ours, shell, share, sentence } = built;
    println!("### A build with warm caches (end2end/fixtures/bus-times)\n");
    println!("| 代码编译, seconds | `npm ci && npm run build` in a shell | of the shell's |\n| --- | --- | --- |");
    println!("| {ours:.2} | {shell:.2} | {share:.2} (goal: {OF_SHELL}: {}) |", word(*share <= OF_SHELL));
    println!("\nThe last one: {sentence}\n");
}

fn word(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}
