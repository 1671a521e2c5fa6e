//! The child's program, for the engine's own tests: what `server child …` is in the product.

use std::process::ExitCode;

fn main() -> ExitCode {
    engine::child::main(std::env::args_os().skip(1)).unwrap_or(ExitCode::from(2))
}
