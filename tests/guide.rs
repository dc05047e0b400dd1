//! The guides do what they say: their rules pass their cases, and their commands print what is shown below them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A fenced block: what stands behind the fence, and its lines.
struct Block {
    info: String,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let inside: String = lines.by_ref().take_while(|line| *line != "```").map(|line| line.to_owned() + "\n").collect();
            blocks.push(Block { info: info.to_owned(), text: inside });
        }
    }
    blocks
}

/// A guide being followed in a folder of its own.
struct Reader {
    folder: TempDir,
    commands: usize,
    rules: Vec<String>,
}

impl Reader {
    /// Follows `guide` from top to bottom: a block with a path behind its language is that file, a `console` block is typed in.
    fn follow(guide: &str) -> Reader {
        let mut reader = Reader { folder: TempDir::new().unwrap(), commands: 0, rules: Vec::new() };
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(guide)).unwrap();
        for block in blocks(&text) {
            match block.info.split_once(' ') {
                Some((_, path)) => reader.write(path, &block.text),
                None if block.info == "console" => reader.type_in(&block.text),
                None => {}
            }
        }
        reader
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    fn write(&mut self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self.rules.extend(relative.strip_prefix("rules/").and_then(|path| path.strip_suffix(".toml")).map(String::from));
    }

    /// Runs what stands behind `$ `, and compares what it prints with what stands below.
    fn type_in(&mut self, text: &str) {
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let command = line.strip_prefix("$ ").unwrap_or_else(|| panic!("no command before {line:?}"));
            let mut shown = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
                shown += &(line.to_owned() + "\n");
            }
            let printed = self.run(command);
            assert!(printed == shown, "$ {command}\nprints\n{printed}\nand the guide shows\n{shown}");
            self.commands += 1;
        }
    }

    fn run(&self, command: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_jiaokan")).parent().unwrap().to_path_buf();
        let path =
            std::env::join_paths([program].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap()))).unwrap();
        let mut run = Command::new("sh");
        run.args(["-c", command]).env("PATH", path).current_dir(self.folder.path()).stdin(Stdio::null());
        let Output { stdout, stderr, .. } = run.output().unwrap();
        String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap()
    }
}

#[test]
fn the_first_rule_goes_as_shown() {
    let reader = Reader::follow("docs/rules.md");
    assert!(reader.commands >= 8, "{} commands", reader.commands);
}

#[test]
fn the_example_of_every_pass_passes_its_cases() {
    let reader = Reader::follow("docs/passes.md");
    let commands: Vec<String> = reader.rules.iter().map(|rule| format!("jiaokan test {rule} --rules rules")).collect();
    for command in commands {
        let printed = reader.run(&command);
        assert!(printed.ends_with("2 passed, 0 failed\n"), "{command}\n{printed}");
    }
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/passes.md")).unwrap();
    for pass in jiaokan::rule::PASSES {
        let section = guide.split(&format!("\n## {pass}\n")).nth(1).unwrap_or_else(|| panic!("no section on {pass}"));
        let section = section.split("\n## ").next().unwrap();
        assert!(section.contains("\n```"), "{pass} has no example");
    }
}
