//! Standard output. Whoever reads may have gone (`irs logs | head`): that is no failure.

use std::io::Write;

/// A line.
pub(crate) fn line(text: impl AsRef<str>) {
    write(&format!("{}\n", text.as_ref()));
}

/// Text as it is.
pub(crate) fn write(text: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}
