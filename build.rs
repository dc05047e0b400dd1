//! Embeds the built-in rules: every `rules/<pass>/<name>.toml`, by id.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("rules");
    println!("cargo::rerun-if-changed=rules");
    let mut rules = Vec::new();
    for pass in fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", pass.display());
        for rule in fs::read_dir(&pass).unwrap().map(|entry| entry.unwrap().path()) {
            if rule.extension().is_some_and(|extension| extension == "toml") {
                let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
                rules.push((format!("{}/{}", name(&pass), name(&rule)), rule.to_str().unwrap().to_owned()));
            }
        }
    }
    rules.sort();
    let mut code = String::from("/// The built-in rules: id and text.\nstatic BUILT_IN: &[(&str, &str)] = &[\n");
    for (id, path) in rules {
        writeln!(code, "    ({id:?}, include_str!({path:?})),").unwrap();
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("built_in_rules.rs"), code).unwrap();
}
