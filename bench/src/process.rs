//! What the kernel knows of a process, by its number.

/// It counts a process's time in so many a second.
const TICKS: f64 = 100.0;

/// A size of `/proc/PID/status`, MiB; `None`: nothing is left of the process.
pub(crate) fn mib(process: u32, field: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1024.0)
}

/// Seconds of processor time of these processes, so far.
pub(crate) fn time_of(processes: &[u32]) -> f64 {
    let ticks = |id: &u32| -> Option<f64> {
        let fields = stat(*id)?;
        // User and system time.
        Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
    };
    processes.iter().filter_map(ticks).sum::<f64>() / TICKS
}

/// Whether it has ended, also where nobody has taken note of that yet.
pub(crate) fn is_over(process: u32) -> bool {
    let fields = stat(process).unwrap_or_default();
    fields.first().is_none_or(|state| state == "Z" || state == "X")
}

/// The processes that this one started and that live.
pub(crate) fn children_of(process: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

/// What `/proc/PID/stat` has after the name, which may hold anything: the first field is the state.
fn stat(process: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}
