//! What every command says of inputs that are wrong, and what must not change the outcome.

use crate::common::Scratch;
use crate::corpus;
use std::fs;

/// What is wrong with one input is said, and the others are done.
#[track_caller]
fn one_is_wrong(scratch: &Scratch, path: &str, parts: &[&str]) {
    for command in ["check", "diff"] {
        scratch.run(&format!("{command} {path}")).ends(2).complains(parts);
        scratch.run(&format!("{command} {path} in")).ends(2).complains(parts).shows(&["in/a.txt"]);
    }
    scratch.run(&format!("clean {path} -o only")).ends(2).complains(parts);
    assert!(!scratch.path("only").exists());
}

#[test]
fn a_path_that_is_missing() {
    one_is_wrong(&corpus(), "nowhere.txt", &["nowhere.txt: no such file or folder"]);
}

#[test]
fn a_folder_without_text() {
    let scratch = corpus();
    scratch.write("pictures/a.png", "x");
    one_is_wrong(&scratch, "pictures", &["pictures: no text files", "**/*.txt, **/*.text, **/*.md, **/*.markdown"]);
}

#[test]
fn a_binary_file() {
    let scratch = corpus();
    scratch.write("x.bin", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    one_is_wrong(&scratch, "x.bin", &["x.bin: this is a binary file"]);
}

#[test]
fn bytes_that_are_no_text() {
    let scratch = corpus();
    scratch.write("x.txt", b"\xE5\xA5\xBD\n\xFF\n");
    one_is_wrong(&scratch, "x.txt", &["x.txt: byte 4 (0xFF) is not UTF-8", "--encoding", "--lossy"]);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = corpus();
    scratch.write("x.txt", "秘密");
    fs::set_permissions(scratch.path("x.txt"), PermissionsExt::from_mode(0o000)).unwrap();
    if fs::read(scratch.path("x.txt")).is_err() {
        one_is_wrong(&scratch, "x.txt", &["x.txt: cannot be read", "permissions"]);
    }
}

#[test]
fn the_standard_input_stands_alone() {
    for command in ["check - in", "diff in -", "clean - in"] {
        corpus().run(command).ends(2).complains(&["`-`"]);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let scratch = Scratch::new();
    for n in 0..600 {
        scratch.write(&format!("in/{}/{n}.txt", n % 7), format!("第{n}\n苹果and香蕉{}\n囧\n", "。长".repeat(n)));
    }
    for command in ["check in", "check in --format jsonl", "diff in", "diff in --inline"] {
        let one = scratch.run(&format!("{command} --threads 1")).ends(1);
        let four = scratch.run(&format!("{command} --threads 4")).ends(1);
        assert!(one.stdout == four.stdout && !one.stdout.is_empty(), "{command}");
    }
    scratch.run("clean in -o one --threads 1").ends(0);
    scratch.run("clean in -o four --threads 4").ends(0);
    assert!(scratch.tree("one") == scratch.tree("four"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let scratch = Scratch::new();
    scratch.write("x.txt", "囧\n".repeat(50_000));
    for command in [&["check", "x.txt"][..], &["check", "x.txt", "--format", "json"], &["rules", "list"]] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_jiaokan"))
            .args(command)
            .args(["--rules", "rules"])
            .current_dir(scratch.path(""))
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{command:?} {output:?}");
    }
}
