//! A command that is run to its end, with what it took. Its processor time is counted when it is over and nobody has taken note of it yet; its
//! memory's mark is looked at while it runs.

use crate::Outcome;
use crate::load::median;
use crate::process::{is_over, mib, time_of};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Between two looks: how much later than in truth it seems to be over, at most.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// What it took.
#[derive(Debug)]
pub(super) struct Ran {
    /// By the wall clock.
    pub(super) seconds: f64,
    /// Its own processor time, to a hundredth.
    pub(super) processor: f64,
    /// The most that was resident (`VmHWM`). MiB.
    pub(super) peak: f64,
    /// What it printed.
    pub(super) said: String,
}

/// Runs it. One that does not end well is an error; why, it has said to the person at the terminal.
pub(super) fn run(mut command: Command) -> Outcome<Ran> {
    let name = command.get_program().to_string_lossy().into_owned();
    let begun = Instant::now();
    let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let child = started.map_err(|e| format!("{name}: {e}"))?;
    let mut peak = 0_f64;
    while !is_over(child.id()) {
        peak = peak.max(mib(child.id(), "VmHWM:").unwrap_or_default());
        std::thread::sleep(LOOK_EVERY);
    }
    let (seconds, processor) = (begun.elapsed().as_secs_f64(), time_of(&[child.id()]));
    // What these print fits into a pipe.
    let output = child.wait_with_output().map_err(|e| format!("{name}: {e}"))?;
    if !output.status.success() {
        return Err(format!("{name} ended with {}", output.status));
    }
    Ok(Ran { seconds, processor, peak, said: String::from_utf8_lossy(&output.stdout).into_owned() })
}

/// Several times, one after the other: the median of each figure.
pub(super) fn often(times: usize, command: impl Fn() -> Command) -> Outcome<Ran> {
    let runs = (0..times.max(1)).map(|_| run(command())).collect::<Outcome<Vec<Ran>>>()?;
    let of = |part: fn(&Ran) -> f64| median(runs.iter().map(part).collect());
    let said = runs.last().map(|ran| ran.said.clone()).unwrap_or_default();
    Ok(Ran { seconds: of(|ran| ran.seconds), processor: of(|ran| ran.processor), peak: of(|ran| ran.peak), said })
}
