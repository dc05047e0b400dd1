//! A folder for one test, with rules that do not depend on the built-in ones, and the program run in it.

pub mod schema;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A folder that goes away with the test. Every path is from it.
pub struct Scratch {
    folder: TempDir,
}

/// A rule file with `find`, `fix` and the two cases that every rule needs.
pub fn rule(apply: &str, find: &str, fix: &str, fires: &str, silent: &str) -> String {
    format!(
        "schema = 1\ntitle = \"测试规则\"\nseverity = \"warning\"\napply = \"{apply}\"\nconfidence = 0.9\nsince = \"0.1.0\"\n\
         docs = '''\n为测试而写。\n'''\n\n[find]\n{find}\n\n{fix}\n\
         [[case]]\nname = \"命中\"\ntext = '''{fires}'''\n\n[[case]]\nname = \"不动\"\ntext = '''{silent}'''\n"
    )
}

impl Scratch {
    /// A folder with rules in `rules/`: `garble/test-and` replaces ` and ` by 和, `garble/test-or` proposes readings of `or`,
    /// `strip/test-ad` takes out the line 广告, `wrap/test-join` puts a line that begins with 续 at the end of the one before,
    /// `flag/test-odd` reports 囧.
    pub fn new() -> Scratch {
        let scratch = Scratch { folder: TempDir::new().unwrap() };
        let between_han = |text: &str| format!("text = '{text}'\nleft = '\\p{{Han}}'\nright = '\\p{{Han}}'");
        let rules = [
            ("garble/test-and", rule("auto", &between_han(r"\s*and\s*"), "[fix]\nchoices = [\"和\"]\n", "甲⟦and⟧乙", "甲乙")),
            ("garble/test-or", rule("review", &between_han("or"), "[fix]\nchoices = [\"或\", \"\"]\n", "甲⟦or⟧乙", "甲乙")),
            (
                "strip/test-ad",
                rule("auto", "scope = 'document'\ntext = '广告\\r?\\n'", "[fix]\nchoices = [\"\"]\n", "甲\n⟦广告\n⟧乙", "甲乙"),
            ),
            (
                "wrap/test-join",
                rule(
                    "auto",
                    "text = '\\r?\\n'\nleft = '\\p{Han}'\nright = '续'",
                    "[fix]\nchoices = [\"\"]\n",
                    "甲⟦\n⟧续",
                    "甲\n乙",
                ),
            ),
            ("flag/test-odd", rule("flag", "text = '囧'", "", "甲⟦囧⟧乙", "甲乙")),
        ];
        for (id, text) in rules {
            scratch.write(&format!("rules/{id}.toml"), text);
        }
        scratch.configure("jiaokan.toml", &[], "");
        scratch
    }

    /// Writes a configuration that switches off every built-in rule and `disable`, and says `more`.
    pub fn configure(&self, relative: &str, disable: &[&str], more: &str) {
        let off: Vec<String> =
            built_in().iter().map(String::as_str).chain(disable.iter().copied()).map(|id| format!("{id:?}")).collect();
        self.write(relative, format!("disable = [{}]\n{more}\n", off.join(", ")));
    }

    pub fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn read(&self, relative: &str) -> Vec<u8> {
        fs::read(self.path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
    }

    pub fn text(&self, relative: &str) -> String {
        String::from_utf8(self.read(relative)).unwrap()
    }

    /// Every file below `relative`, as path and content, in order.
    pub fn tree(&self, relative: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.path(relative), &self.path(relative), &mut files);
        files.sort();
        files
    }

    /// Runs the program with `arguments`, split at blanks, and the rules of this folder.
    pub fn run(&self, arguments: &str) -> Run {
        let mut words: Vec<&str> = arguments.split_whitespace().collect();
        words.extend(["--rules", "rules"]);
        self.run_words(&words, b"")
    }

    /// The same with something on the standard input.
    pub fn pipe(&self, arguments: &str, input: impl AsRef<[u8]>) -> Run {
        let mut words: Vec<&str> = arguments.split_whitespace().collect();
        words.extend(["--rules", "rules"]);
        self.run_words(&words, input.as_ref())
    }

    /// Runs the program with just these arguments.
    pub fn run_words(&self, words: &[&str], input: &[u8]) -> Run {
        Run::of(Command::new(env!("CARGO_BIN_EXE_jiaokan")).args(words).current_dir(self.folder.path()), input)
    }

    /// Runs another tool in a folder of this one; none when the tool is not there.
    pub fn tool(&self, folder: &str, words: &[&str], input: &[u8]) -> Option<Run> {
        Command::new(words[0]).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(self.path(folder));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CEILING_DIRECTORIES", self.folder.path());
        Some(Run::of(&mut command, input))
    }
}

/// The ids of the built-in rules.
fn built_in() -> &'static [String] {
    static IDS: OnceLock<Vec<String>> = OnceLock::new();
    IDS.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let list = Command::new(env!("CARGO_BIN_EXE_jiaokan")).args(["rules", "list"]).current_dir(&folder).output().unwrap();
        let table = String::from_utf8(list.stdout).unwrap();
        table.lines().skip(1).filter_map(|line| line.split(' ').next().map(String::from)).collect()
    })
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            collect(root, &entry, files);
        } else {
            files.push((entry.strip_prefix(root).unwrap().to_path_buf(), fs::read(&entry).unwrap()));
        }
    }
}

/// How a run ended.
pub struct Run {
    pub code: i32,
    pub stdout: Vec<u8>,
    pub out: String,
    pub err: String,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.out, self.err)
    }
}

impl Run {
    fn of(command: &mut Command, input: &[u8]) -> Run {
        command.env_remove("GITHUB_STEP_SUMMARY").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("CLICOLOR");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that does not read its input may close it early.
        let _ = child.stdin.take().unwrap().write_all(input);
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let out = String::from_utf8_lossy(&stdout).into_owned();
        Run { code: status.code().unwrap_or(-1), stdout, out, err: String::from_utf8_lossy(&stderr).into_owned() }
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Run {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Asserts that the standard error holds all of `parts`.
    #[track_caller]
    pub fn complains(self, parts: &[&str]) -> Run {
        for part in parts {
            assert!(self.err.contains(part), "no {part:?} in {self:#?}");
        }
        self
    }

    /// Asserts that the standard output holds all of `parts`.
    #[track_caller]
    pub fn shows(self, parts: &[&str]) -> Run {
        for part in parts {
            assert!(self.out.contains(part), "no {part:?} in {self:#?}");
        }
        self
    }

    /// Asserts that nothing went to the standard error.
    #[track_caller]
    pub fn quiet(self) -> Run {
        assert!(self.err.is_empty(), "{self:#?}");
        self
    }
}
