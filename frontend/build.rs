//! Tells the linker what the splitter needs.

fn main() {
    // Merged segments would keep every page's data in the main module.
    if std::env::var_os("CARGO_CFG_TARGET_ARCH").is_some_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg=--no-merge-data-segments");
    }
    println!("cargo::rerun-if-changed=build.rs");
}
