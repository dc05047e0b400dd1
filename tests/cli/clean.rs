//! `clean`: copies, originals replaced, streams; and what it refuses.

use crate::common::Scratch;
use crate::corpus;
use std::fs;

#[test]
fn copies_mirror_the_tree() {
    let scratch = corpus();
    let before = scratch.tree("in");
    let run = scratch.run("clean in -o out").ends(0);
    assert_eq!(run.out, "");
    run.complains(&[
        "2 documents, 1 changed: 1 edit, 1 proposed, 1 flagged",
        "1  garble/test-and",
        "1  flag/test-odd",
        "out/.jiaokan/changes.diff",
    ]);
    assert_eq!(scratch.text("out/a.txt"), "第一行\n苹果和香蕉，甲or乙。\n囧\n");
    assert_eq!(scratch.text("out/sub/b.txt"), "干净的文字。\n");
    assert!(scratch.text("out/.jiaokan/changes.diff").starts_with("--- a/a.txt\n"));
    assert_eq!(scratch.text("out/.jiaokan/findings.jsonl"), scratch.run("check in --format jsonl").out);
    assert_eq!(scratch.tree("in"), before);
}

#[test]
fn edits_alone_are_made_when_nothing_else_is_asked_for() {
    let scratch = corpus();
    scratch.run("clean in -o all").ends(0);
    let run = scratch.run("clean in -o out --edits-only").ends(0);
    let run = run.complains(&["2 documents, 1 changed: 1 edit", "1  garble/test-and"]);
    assert!(!run.err.contains("proposed") && !run.err.contains("flagged"), "{}", run.err);
    assert_eq!(scratch.text("out/a.txt"), scratch.text("all/a.txt"));
    assert_eq!(scratch.text("out/.jiaokan/changes.diff"), scratch.text("all/.jiaokan/changes.diff"));
    assert_eq!(scratch.run("diff in --edits-only").ends(1).out, scratch.run("diff in").ends(1).out);
    // Who asks for what is proposed gets it.
    let level = "--apply review --edits-only";
    scratch.run(&format!("clean in -o more {level}")).ends(0).complains(&["2 documents, 1 changed: 2 edits"]);
    let record = "{\"text\": \"苹果and香蕉，甲or乙。囧\"}\n";
    scratch.write("in.jsonl", record);
    scratch.run("clean in.jsonl -o out.jsonl --edits-only").ends(0);
    assert_eq!(scratch.text("out.jsonl"), record.replace("苹果and", "苹果和"));
}

/// No rule that only proposes or flags has a say in what the others edit.
#[test]
fn the_specimens_come_out_the_same_without_what_is_proposed() {
    let scratch = Scratch::new();
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for specimen in fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()) {
        if specimen.extension().is_some_and(|extension| extension == "txt") {
            fs::create_dir_all(scratch.path("in")).unwrap();
            fs::copy(&specimen, scratch.path("in").join(specimen.file_name().unwrap())).unwrap();
        }
    }
    scratch.run("clean in -o all").ends(0);
    scratch.run("clean in -o out --edits-only").ends(0);
    let texts = |folder: &str| {
        let mut tree = scratch.tree(folder);
        tree.retain(|(path, _)| !path.to_string_lossy().contains(".jiaokan"));
        tree
    };
    assert!(texts("all").len() > 5);
    assert_eq!(texts("all"), texts("out"));
}

#[test]
fn a_file_lands_under_its_name() {
    let scratch = corpus();
    scratch.run("clean in/a.txt in/sub/b.txt -o new/deep/out").ends(0);
    assert!(scratch.path("new/deep/out/a.txt").is_file() && scratch.path("new/deep/out/b.txt").is_file());
}

#[test]
fn the_standard_output_gets_the_text_and_nothing_else() {
    let scratch = Scratch::new();
    let run = scratch.pipe("clean -", "\u{FEFF}苹果and香蕉\r\n").ends(0).quiet();
    assert_eq!(run.out, "\u{FEFF}苹果和香蕉\r\n");
    assert_eq!(scratch.pipe("clean -", "").ends(0).quiet().out, "");
    assert_eq!(scratch.pipe("clean -", b"\x89PNG\0\0\0").ends(2).complains(&["-: ", "binary"]).out, "");
    scratch.pipe("check -", "囧").ends(1).shows(&["-  1 flagged"]);
    scratch.pipe("diff -", "甲and乙").ends(1).shows(&["--- a/-\n"]);
}

#[test]
fn in_place_keeps_the_original() {
    let scratch = corpus();
    let before = scratch.read("in/a.txt");
    scratch.run("clean in --in-place").ends(0).complains(&["2 documents, 1 changed"]);
    assert_eq!(scratch.text("in/a.txt"), "第一行\n苹果和香蕉，甲or乙。\n囧\n");
    assert_eq!(scratch.read("in/a.txt.bak"), before);
    assert!(!scratch.path("in/sub/b.txt.bak").exists());
    // Clean text is left alone.
    scratch.run("clean in --in-place").ends(0).complains(&["2 documents, 0 changed"]);
    assert_eq!(scratch.tree("in").len(), 3);
}

#[test]
fn in_place_never_overwrites_a_backup() {
    let scratch = corpus();
    scratch.write("in/a.txt.old", "旧的");
    scratch.write("in/c.txt", "苹果and香蕉");
    let before = scratch.read("in/a.txt");
    scratch.run("clean in --in-place --backup-suffix .old").ends(1).complains(&["in/a.txt", "in/a.txt.old exists"]);
    assert_eq!((scratch.read("in/a.txt"), scratch.text("in/a.txt.old")), (before, "旧的".into()));
    assert_eq!(scratch.text("in/c.txt"), "苹果和香蕉");
    scratch.run("clean in/a.txt --in-place --backup-suffix .old").ends(2);
    scratch.run("clean in --in-place --backup-suffix a/b").ends(2).complains(&["--backup-suffix"]);
}

#[cfg(unix)]
#[test]
fn permissions_are_kept() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = corpus();
    let mode = |path: &str| fs::metadata(scratch.path(path)).unwrap().permissions().mode() & 0o777;
    fs::set_permissions(scratch.path("in/a.txt"), PermissionsExt::from_mode(0o640)).unwrap();
    scratch.run("clean in -o out").ends(0);
    scratch.run("clean in --in-place").ends(0);
    assert_eq!((mode("out/a.txt"), mode("in/a.txt"), mode("in/a.txt.bak")), (0o640, 0o640, 0o640));
    assert_ne!(mode("out/.jiaokan/changes.diff") & 0o044, 0);
}

#[cfg(unix)]
#[test]
fn in_place_follows_a_link_that_is_named() {
    let scratch = corpus();
    std::os::unix::fs::symlink("in/a.txt", scratch.path("link.txt")).unwrap();
    scratch.run("clean link.txt --in-place").ends(0);
    assert!(scratch.path("link.txt").is_symlink());
    assert!(scratch.text("in/a.txt").contains("苹果和香蕉"));
}

#[test]
fn another_form_when_asked_for() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "苹果and香蕉\n第二行\r\n");
    scratch.run("clean in -o crlf --newline crlf").ends(0);
    assert_eq!(scratch.text("crlf/a.txt"), "苹果和香蕉\r\n第二行\r\n");
    scratch.run("clean in -o gbk --to-encoding gbk --newline lf").ends(0);
    assert_eq!(scratch.read("gbk/a.txt"), b"\xC6\xBB\xB9\xFB\xBA\xCD\xCF\xE3\xBD\xB6\n\xB5\xDA\xB6\xFE\xD0\xD0\n");
    assert!(scratch.text("gbk/.jiaokan/changes.diff").contains("+苹果和香蕉"));
    scratch.run("clean gbk -o back --to-encoding utf-8 --encoding gbk").ends(0);
    assert_eq!(scratch.text("back/a.txt"), "苹果和香蕉\n第二行\n");
    scratch.write("simplified.txt", "这个\n");
    scratch.run("clean simplified.txt -o big5 --to-encoding big5").ends(2).complains(&[
        "simplified.txt",
        "`这`",
        "--to-encoding utf-8",
    ]);
    assert!(!scratch.path("big5").exists());
    scratch.run("clean in -o no --to-encoding klingon").ends(2).complains(&["klingon", "utf-8"]);
}

#[test]
fn undecodable_bytes_survive_a_lossy_run() {
    let scratch = Scratch::new();
    scratch.write("a.txt", b"\xE7\x94\xB2and\xE4\xB9\x99\n\xFF\n");
    scratch.run("clean a.txt -o out --lossy --newline crlf").ends(0);
    assert_eq!(scratch.read("out/a.txt"), b"\xE7\x94\xB2\xE5\x92\x8C\xE4\xB9\x99\r\n\xFF\r\n");
}

#[test]
fn some_inputs_fail_and_the_others_are_written() {
    let scratch = corpus();
    scratch.write("in/bad.txt", b"abc\xFF\n");
    scratch.run("clean in nowhere -o out").ends(1).complains(&["in/bad.txt: byte 3", "nowhere: no such", "2 inputs not cleaned"]);
    assert!(scratch.text("out/a.txt").contains("苹果和香蕉"));
    assert!(!scratch.path("out/bad.txt").exists());
}

#[test]
fn nothing_is_left_when_nothing_could_be_done() {
    let scratch = Scratch::new();
    scratch.write("in/bad.txt", b"abc\xFF\n");
    scratch.run("clean in -o new/out").ends(2).complains(&["in/bad.txt: byte 3"]);
    assert!(!scratch.path("new").exists());
}

#[test]
fn an_output_in_use_is_refused() {
    let scratch = corpus();
    scratch.write("out/mine.txt", "我的");
    scratch.write("file", "我的");
    scratch.run("clean in -o out").ends(2).complains(&["out exists and is not empty", "--overwrite"]);
    scratch.run("clean in -o file").ends(2).complains(&["file is not a folder"]);
    assert_eq!(scratch.tree("out").len(), 1);
    scratch.run("clean in -o out --overwrite").ends(0);
    assert_eq!(scratch.text("out/mine.txt"), "我的");
    scratch.run("clean in -o out --overwrite").ends(0);
    fs::create_dir(scratch.path("empty")).unwrap();
    scratch.run("clean in -o empty").ends(0);
}

#[test]
fn input_and_output_may_not_hold_each_other() {
    let scratch = corpus();
    let before = scratch.tree("in");
    scratch.run("clean in -o in").ends(2).complains(&["lies inside the input in"]);
    scratch.run("clean in -o in/out").ends(2).complains(&["in/out lies inside the input in"]);
    scratch.run("clean in -o nowhere/../in/out").ends(2).complains(&["lies inside the input in"]);
    scratch.run("clean in/sub -o in --overwrite").ends(2).complains(&["in/sub lies inside the output in"]);
    scratch.run("clean in/a.txt -o in --overwrite").ends(2).complains(&["in/a.txt lies inside the output in"]);
    assert_eq!(scratch.tree("in"), before);
}

#[cfg(unix)]
#[test]
fn links_in_the_output_never_lead_to_an_input() {
    let scratch = corpus();
    scratch.write("out/x", "");
    std::os::unix::fs::symlink("../in/sub", scratch.path("out/sub")).unwrap();
    let before = scratch.tree("in");
    scratch.run("clean in -o out --overwrite").ends(2).complains(&["out/sub/b.txt leads to the input"]);
    assert_eq!(scratch.tree("in"), before);
}

#[test]
fn two_documents_for_one_name_are_refused() {
    let scratch = corpus();
    scratch.write("other/a.txt", "别的");
    scratch.write("third/sub", "别的");
    scratch.run("clean in other -o out").ends(2).complains(&["in/a.txt and other/a.txt", "out/a.txt"]);
    scratch.run("clean in third/sub -o out").ends(2).complains(&["third/sub", "out/sub"]);
    assert!(!scratch.path("out").exists());
}

#[test]
fn it_must_be_said_where_to() {
    let scratch = corpus();
    scratch.run("clean in").ends(2).complains(&["-o DIR", "--in-place"]);
    scratch.run("clean in -o out --in-place").ends(2);
    scratch.run("clean - -o out").ends(2).complains(&["standard input"]);
    scratch.run("clean").ends(2);
}
