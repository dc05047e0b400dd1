//! Embeds the built-in rules: every `rules/<pass>/<name>.toml`, by id, and the data files beside them, by path.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("rules");
    println!("cargo::rerun-if-changed=rules");
    let (mut rules, mut data) = (Vec::new(), Vec::new());
    for pass in fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", pass.display());
        for rule in fs::read_dir(&pass).unwrap().map(|entry| entry.unwrap().path()) {
            let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            let path = rule.to_str().unwrap().to_owned();
            if rule.extension().is_some_and(|extension| extension == "toml") {
                rules.push((format!("{}/{}", name(&pass), name(&rule)), path));
            } else {
                data.push((format!("{}/{}", name(&pass), rule.file_name().unwrap().to_str().unwrap()), path));
            }
        }
    }
    let mut code = String::new();
    let tables = [("BUILT_IN", "The built-in rules: id and text.", rules), ("DATA", "Their data: path and text.", data)];
    for (name, says, mut files) in tables {
        files.sort();
        writeln!(code, "/// {says}\nstatic {name}: &[(&str, &str)] = &[").unwrap();
        for (id, path) in files {
            writeln!(code, "    ({id:?}, include_str!({path:?})),").unwrap();
        }
        code.push_str("];\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("built_in_rules.rs"), code).unwrap();
}
