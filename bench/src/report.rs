//! The tables, in Markdown: they are pasted into docs/benchmarks.md.

use crate::commits::{Commits, GROUPS};
use crate::first_page::File;
use crate::load::Measured;
use crate::orders::{Live, Orders};
use crate::works::{self, Size};
use engine::bench::Plan;

/// What the issue asks for: requests a second, and the 99th percentile in milliseconds where it names one.
const GOALS: [(&str, f64, Option<f64>); 6] = [
    (works::LIST, 5_000.0, Some(10.0)),
    (works::NOTHING, 6_000.0, None),
    (works::DATA, 12_000.0, None),
    (works::DETAIL, 3_500.0, None),
    (works::CHANGES, 3_500.0, Some(10.0)),
    (works::CHANGES_CROWD, 9_000.0, None),
];

/// The yardstick of transitions.
pub(crate) fn commits(commits: &Commits) {
    println!("Raw commits on this disk (one UPDATE, two INSERTs; WAL, `synchronous=FULL`), a second:\n");
    println!("| in groups of | changes/s |\n| --- | --- |");
    for (group, rate) in GROUPS.iter().zip(commits) {
        println!("| {group} | {rate:.0} |");
    }
    println!();
}

/// The figures of one size.
pub(crate) fn size(size: &Size, commits: &Commits) {
    println!("### {} publications\n", size.rows);
    println!("| work | a second | p50 ms | p99 ms | of its yardstick | goal |\n| --- | --- | --- | --- | --- | --- |");
    let constant = size.of(works::CONSTANT).map(|measured| measured.rate);
    for (name, measured) in &size.works {
        let yardstick = match *name {
            works::CONSTANT => None,
            works::CHANGES => commits.get(1).copied(),
            works::CHANGES_CROWD => commits.get(2).copied(),
            _ => constant,
        };
        let share =
            yardstick.map_or("—".to_owned(), |yardstick| format!("{:.1} %", measured.rate / yardstick * 100.0));
        let goal = GOALS.iter().find(|(other, ..)| other == name).map_or("—".to_owned(), |(_, rate, p99)| {
            let met = measured.rate >= *rate && p99.is_none_or(|p99| measured.p99 <= p99);
            let within = p99.map_or(String::new(), |p99| format!(" (p99 {p99})"));
            format!("{rate}{within}: {}", if met { "met" } else { "missed" })
        });
        let (rate, p50, p99) = (measured.rate, measured.p50, measured.p99);
        println!("| {name} | {rate:.0} | {p50:.2} | {p99:.2} | {share} | {goal} |");
    }
    let memory = size.memory.map_or("?".to_owned(), |mib| format!("{mib:.1}"));
    println!(
        "\nMemory after it (PSS): {memory} MiB (goal: 64). From start to the first answer: {:.3} s (goal: 0.05).\n",
        { size.started_in.as_secs_f64() }
    );
}

/// The figures beside many orders.
pub(crate) fn orders(orders: &Orders) {
    println!("### {} work orders that ended, 20,000 publications\n", orders.orders);
    println!("| page | a second | p50 ms | p99 ms |\n| --- | --- | --- | --- |");
    for (name, Measured { rate, p50, p99 }) in &orders.works {
        println!("| {name} | {rate:.0} | {p50:.2} | {p99:.2} |");
    }
    let memory = orders.memory.map_or("?".to_owned(), |mib| format!("{mib:.1}"));
    println!("\nMemory after it (PSS): {memory} MiB.\n");
    if let Some(Live { listeners, memory, p50, p99 }) = &orders.live {
        println!(
            "{listeners} open pages: {memory:.1} KiB each; a change is heard after {p50:.0} ms (99 of 100: {p99:.0} ms).\n"
        );
    }
}

/// The files of the first page.
pub(crate) fn files(files: &[File]) {
    println!("First list page, as sent (brotli where there is a compressed variant):\n");
    println!("| file | bytes |\n| --- | --- |");
    for (name, bytes) in files {
        println!("| {name} | {bytes} |");
    }
    println!("| all | {} (goal: 220,000, then 180,000) |\n", files.iter().map(|(_, bytes)| bytes).sum::<usize>());
}

/// How each work grows with the table.
pub(crate) fn growth(sizes: &[Size]) {
    let Some((first, others)) = sizes.split_first().filter(|(_, others)| !others.is_empty()) else { return };
    println!("### Growth: how many times slower than with {} publications\n", first.rows);
    let heads: Vec<String> = others.iter().map(|size| format!(" {} |", size.rows)).collect();
    println!("| work |{}\n| --- |{}", heads.concat(), " --- |".repeat(others.len()));
    for (name, base) in &first.works {
        let times = others.iter().map(|size| match size.of(name) {
            Some(measured) => format!(" {:.2} |", base.rate / measured.rate),
            None => " — |".to_owned(),
        });
        println!("| {name} |{}", times.collect::<String>());
    }
    println!();
}

/// The plans of the statements.
pub(crate) fn plans(plans: &[Plan]) {
    println!("### Query plans\n");
    for plan in plans {
        let text: Vec<&str> = plan.text.split_whitespace().collect();
        println!("{}:\n\n```\n{}\n\n{}\n```\n", plan.title, text.join(" "), plan.steps.join("\n"));
    }
}
