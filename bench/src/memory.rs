//! What processes hold while they work.
//!
//! Of the server the kernel's own high-water mark counts (`VmHWM`, set back before): no peak is too short for it. It is of all resident
//! pages, those of the program's file counted in that were touched for the first time: the severest figure. How much of it is memory in
//! the narrower sense (`RssAnon`) is looked at every few milliseconds. Children have their own marks, which are read while they live.

use crate::Outcome;
use crate::process::{children_of, mib};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(4);

/// MiB.
pub(crate) struct Peaks {
    /// Resident before.
    pub(crate) idle: f64,
    /// The highest.
    pub(crate) peak: f64,
    /// Of it neither file nor shared: before, and the highest that was seen.
    pub(crate) anonymous: (f64, f64),
    /// The highest of any child, by what it did.
    pub(crate) children: BTreeMap<String, f64>,
}

/// A watch over a process that has begun.
pub(crate) struct Watch {
    process: u32,
    idle: f64,
    anonymous: f64,
    over: Arc<AtomicBool>,
    looking: JoinHandle<(f64, BTreeMap<String, f64>)>,
}

impl Watch {
    /// Sets the process's mark back and begins to look.
    pub(crate) fn begin(process: u32) -> Outcome<Self> {
        let place = format!("/proc/{process}/clear_refs");
        std::fs::write(&place, "5").map_err(|e| format!("{place}: {e}"))?;
        let known = |field| mib(process, field).ok_or_else(|| format!("/proc/{process}/status has no {field}"));
        let (idle, anonymous) = (known("VmHWM:")?, known("RssAnon:")?);
        let over = Arc::new(AtomicBool::new(false));
        let looking = std::thread::spawn({
            let over = Arc::clone(&over);
            move || look(process, &over)
        });
        Ok(Self { process, idle, anonymous, over, looking })
    }

    /// Ends it.
    pub(crate) fn end(self) -> Outcome<Peaks> {
        self.over.store(true, Ordering::Relaxed);
        let (anonymous, children) = self.looking.join().map_err(|_| "the watch over the memory broke".to_owned())?;
        let peak = mib(self.process, "VmHWM:").ok_or("the server has ended")?;
        Ok(Peaks { idle: self.idle, peak, anonymous: (self.anonymous, anonymous), children })
    }
}

fn look(process: u32, over: &AtomicBool) -> (f64, BTreeMap<String, f64>) {
    let (mut anonymous, mut children) = (0_f64, BTreeMap::new());
    while !over.load(Ordering::Relaxed) {
        anonymous = anonymous.max(mib(process, "RssAnon:").unwrap_or_default());
        for child in children_of(process) {
            if let (Some(does), Some(now)) = (what_it_does(child), mib(child, "VmHWM:")) {
                let highest = children.entry(does).or_insert(0_f64);
                *highest = highest.max(now);
            }
        }
        std::thread::sleep(LOOK_EVERY);
    }
    (anonymous, children)
}

/// What `<program> child <what>` does. Between its making and that it is another program, a child has the server's memory for its own, and
/// its arguments.
fn what_it_does(process: u32) -> Option<String> {
    let line = std::fs::read(format!("/proc/{process}/cmdline")).ok()?;
    let mut words = line.split(|byte| *byte == 0).skip(1);
    let is_child = words.next()? == b"child";
    is_child.then(|| words.next().map(|what| String::from_utf8_lossy(what).into_owned()))?
}
