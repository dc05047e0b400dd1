//! `diff`: patches that other tools take, and edits shown to people.

use crate::common::Scratch;
use crate::corpus;
use std::fs;
use std::path::Path;

#[test]
fn exit_code_tells_whether_there_are_edits() {
    let scratch = corpus();
    scratch.run("diff in").ends(1).quiet().shows(&["--- a/in/a.txt\n+++ b/in/a.txt\n@@ -1,3 +1,3 @@\n"]);
    assert_eq!(scratch.run("diff in/sub").ends(0).out, "");
    scratch.run("diff nowhere").ends(2);
    scratch.run("diff in nowhere").ends(2).shows(&["+苹果和香蕉"]);
}

#[test]
fn inline_shows_only_what_differs_and_why() {
    let run = corpus().run("diff --inline in").ends(1);
    assert_eq!(
        run.out,
        "in/a.txt:2:3\n  第一行⏎苹果[-and-]{+和+}香蕉，甲or乙。⏎囧⏎\n  garble/test-and  0.90  测试规则\n\n\
         in/a.txt:2:10  proposed\n  第一行⏎苹果and香蕉，甲[-or-]{+或+}乙。⏎囧⏎\n  garble/test-or  0.90  测试规则\n\n"
    );
}

/// Names and contents that diffs get wrong.
fn awkward() -> Scratch {
    let scratch = Scratch::new();
    let far = "中间的一行。\n".repeat(20);
    scratch.write("in/plain.txt", format!("苹果and香蕉\n{far}甲 and 乙\n{far}广告\n最后\n"));
    scratch.write("in/crlf.txt", "第一行\r\n苹果and香蕉\r\n广告\r\n断开\r\n续上\r\n");
    scratch.write("in/mixed.txt", "第一行\r苹果and香蕉\r\n广告\n断开\n续上\n");
    scratch.write("in/no-final.txt", "第一行\n苹果and香蕉");
    scratch.write("in/no-final-join.txt", "断开\n续上");
    scratch.write("in/empty.txt", "");
    scratch.write("in/ad-last.txt", "甲\n广告\n");
    scratch.write("in/becomes-empty.txt", "广告\n");
    scratch.write("in/中文 文件名/名 字.txt", "苹果and香蕉\n");
    scratch.write("in/quote\"back\\slash\ttab.txt", "苹果and香蕉\n");
    scratch.write("in/bom.txt", "\u{FEFF}苹果and香蕉\n");
    // 今年春天，苹果and香蕉的水。 in GBK
    let gbk: &[u8] = b"\xBD\xF1\xC4\xEA\xB4\xBA\xCC\xEC\xA3\xAC\xC6\xBB\xB9\xFBand\xCF\xE3\xBD\xB6\xB5\xC4\xCB\xAE\xA1\xA3\r\n";
    scratch.write("in/gbk.txt", gbk);
    let mut utf16 = b"\xFE\xFF".to_vec();
    utf16.extend("第一行\n苹果and香蕉\n末行".encode_utf16().flat_map(u16::to_be_bytes));
    scratch.write("in/utf16.txt", utf16);
    scratch
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[track_caller]
fn same_as_clean(scratch: &Scratch, tool: &[&str]) {
    scratch.run("clean in -o out").ends(0);
    let mut cleaned = scratch.tree("out");
    cleaned.retain(|(path, _)| !path.starts_with(".jiaokan"));
    let patch = scratch.run("diff in").ends(1).stdout;
    copy(&scratch.path("in"), &scratch.path("elsewhere/in"));
    let Some(applied) = scratch.tool("elsewhere", tool, &patch) else { return };
    applied.ends(0);
    assert!(scratch.tree("elsewhere/in") == cleaned, "{}", String::from_utf8_lossy(&patch));
    // The record in the output folder does the same, from inside the input.
    copy(&scratch.path("in"), &scratch.path("again"));
    scratch.tool("again", tool, &scratch.read("out/.jiaokan/changes.diff")).unwrap().ends(0);
    assert!(scratch.tree("again") == cleaned);
    assert!(scratch.tree("in") != cleaned);
}

#[test]
fn git_takes_it() {
    same_as_clean(&awkward(), &["git", "apply", "-"]);
}

#[test]
fn patch_takes_it() {
    same_as_clean(&awkward(), &["patch", "-p1", "--no-backup-if-mismatch"]);
}

#[test]
fn a_path_elsewhere_loses_its_root() {
    let scratch = corpus();
    let full = scratch.path("in/a.txt");
    let below = scratch.run_words(&["diff", full.to_str().unwrap(), "--rules", "rules"], b"").ends(1);
    below.shows(&["--- a/in/a.txt\n"]);
    scratch.write("work/x", "");
    let rules = scratch.path("rules");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_jiaokan"))
        .args(["diff", "../in/a.txt", "--rules"])
        .arg(rules)
        .current_dir(scratch.path("work"))
        .output()
        .unwrap();
    let out = String::from_utf8(run.stdout).unwrap();
    let first = out.lines().next().unwrap();
    assert!(first.starts_with("--- a/") && !first.starts_with("--- a//") && first.ends_with("/in/a.txt"), "{first}");
    assert!(!first.contains(".."), "{first}");
}
