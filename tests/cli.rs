//! The program from outside: exit codes, streams, files, and what it says when something is wrong.

mod common;

use common::{Run, Scratch, rule};
use std::fs;
use std::path::Path;

/// One document with an edit, one without.
fn corpus() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "第一行\n苹果and香蕉，甲or乙。\n囧\n");
    scratch.write("in/sub/b.txt", "干净的文字。\n");
    scratch
}

mod check {
    use super::*;

    #[test]
    fn exit_code_tells_whether_something_was_found_in_every_format() {
        let scratch = corpus();
        for format in ["human", "json", "jsonl"] {
            scratch.run(&format!("check in/sub --format {format}")).ends(0).quiet();
            scratch.run(&format!("check in --format {format}")).ends(1).quiet();
            scratch.run(&format!("check nowhere --format {format}")).ends(2).complains(&["nowhere"]);
            scratch.run(&format!("check nowhere in --format {format}")).ends(2).shows(&["a.txt"]);
        }
    }

    #[test]
    fn people_see_open_findings_and_counts() {
        let run = corpus().run("check in").ends(1);
        assert_eq!(
            run.out,
            "in/a.txt  1 edit, 1 proposed, 1 flagged\n\
             \x20 2:10  warning  garble/test-or  测试规则\n        苹果and香蕉，甲⟦or → 或⟧乙。  or nothing\n\
             \x20  3:1  warning  flag/test-odd   测试规则\n        ⟦囧⟧\n\
             \x20 edits: garble/test-and ×1\n\n\
             2 documents, 1 with findings: 1 edit, 1 proposed, 1 flagged\n"
        );
    }

    #[test]
    fn all_lists_edits_too() {
        corpus().run("check in --all").ends(1).shows(&["2:3  warning  garble/test-and", "苹果⟦and → 和⟧香蕉，甲or乙。"]);
    }

    #[test]
    fn json_lines_give_places_in_every_measure() {
        let run = corpus().run("check in --format jsonl").ends(1);
        assert_eq!(
            run.out.lines().next().unwrap(),
            "{\"path\":\"in/a.txt\",\"rule\":\"garble/test-and\",\"pass\":\"garble\",\"severity\":\"warning\",\"apply\":\"auto\",\
             \"state\":\"applied\",\"start\":6,\"end\":9,\"byte_start\":16,\"byte_end\":19,\"line\":2,\"column\":3,\"text\":\"and\",\
             \"replacement\":\"和\",\"choices\":[\"和\"],\"confidence\":0.9,\"message\":\"测试规则\",\"evidence\":[]}"
        );
        assert_eq!(run.out.lines().count(), 3);
        assert!(run.out.lines().last().unwrap().contains("\"text\":\"囧\",\"replacement\":null"));
    }

    #[test]
    fn bytes_are_those_of_the_file() {
        let scratch = Scratch::new();
        let mut utf16 = b"\xFF\xFE".to_vec();
        utf16.extend("甲and乙\n".encode_utf16().flat_map(u16::to_le_bytes));
        scratch.write("x.txt", utf16);
        scratch.run("check x.txt --format jsonl").ends(1).shows(&["\"start\":1,\"end\":4,\"byte_start\":4,\"byte_end\":10,"]);
    }

    #[test]
    fn json_is_one_array() {
        let scratch = corpus();
        let run = scratch.run("check in --format json").ends(1);
        let lines: Vec<&str> = run.out.lines().collect();
        assert_eq!((lines[0], lines[lines.len() - 1], lines.len()), ("[", "]", 5));
        assert!(lines[1].ends_with("},") && lines[3].ends_with('}'));
        assert_eq!(scratch.run("check in/sub --format json").ends(0).out, "[]\n");
        assert_eq!(scratch.run("check in/sub --format jsonl").ends(0).out, "");
    }

    #[test]
    fn colours_only_when_asked_for() {
        let scratch = corpus();
        assert!(!scratch.run("check in").out.contains('\x1b'));
        assert!(scratch.run("check in --color always").out.contains("\x1b["));
        assert!(!scratch.run("check in --color never").out.contains('\x1b'));
    }

    #[test]
    fn a_document_cannot_steer_the_terminal() {
        let scratch = Scratch::new();
        scratch.write("x.txt", "\x1b[2J囧\u{9b}31m\n");
        let run = scratch.run("check x.txt").ends(1).shows(&["␛[2J⟦囧⟧"]);
        assert!(!run.out.contains('\x1b') && !run.out.contains('\u{9b}'));
    }

    #[test]
    fn apply_review_makes_proposals_edits() {
        let scratch = corpus();
        scratch.run("check in --apply review").shows(&["2 edits, 1 flagged"]);
    }

    #[test]
    fn the_same_file_is_read_once() {
        let scratch = corpus();
        scratch.run("check in in/a.txt ./in/../in/sub").shows(&["2 documents, 1 with findings: 1 edit,"]);
    }

    #[test]
    fn hidden_files_are_passed_over_unless_named() {
        let scratch = corpus();
        scratch.write("in/.secret.txt", "囧\n");
        scratch.write("in/.git/c.txt", "囧\n");
        scratch.write("in/d.bin", "囧\n");
        scratch.run("check in").shows(&["2 documents"]);
        scratch.run("check in in/.secret.txt in/d.bin").shows(&["4 documents"]);
        assert_eq!(scratch.run_words(&["check", ".", "--rules", "../rules"], b"").code, 2);
    }
}

mod diff {
    use super::*;

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
        let gbk: &[u8] =
            b"\xBD\xF1\xC4\xEA\xB4\xBA\xCC\xEC\xA3\xAC\xC6\xBB\xB9\xFBand\xCF\xE3\xBD\xB6\xB5\xC4\xCB\xAE\xA1\xA3\r\n";
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
}

mod clean {
    use super::*;

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
        scratch.run("clean in nowhere -o out").ends(1).complains(&[
            "in/bad.txt: byte 3",
            "nowhere: no such",
            "2 inputs not cleaned",
        ]);
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
}

mod inputs {
    use super::*;

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
        one_is_wrong(&scratch, "x.txt", &["x.txt: byte 4 (0xFF) cannot be read as UTF-8", "--encoding", "--lossy"]);
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
}

mod configuration {
    use super::*;

    #[test]
    fn the_nearest_file_above_governs() {
        let scratch = corpus();
        scratch.configure("jiaokan.toml", &["flag/*"], "packs = [\"rules\"]\nexclude = [\"in/drafts/**\"]");
        scratch.write("in/drafts/c.txt", "囧\n");
        let run = scratch.run_words(&["check", "in"], b"").ends(1).shows(&["2 documents, 1 with findings: 1 edit, 1 proposed\n"]);
        assert!(!run.out.contains('囧'));
        // A folder below with its own configuration goes by that alone.
        let apply = "packs = [\"../../rules\"]\n[apply]\n\"garble/test-and\" = \"flag\"";
        scratch.configure("in/sub/jiaokan.toml", &[], apply);
        scratch.write("in/sub/b.txt", "苹果and香蕉囧\n");
        let run = scratch.run_words(&["check", "in"], b"").ends(1).shows(&["in/sub/b.txt  2 flagged"]);
        assert!(run.out.contains("⟦囧⟧"));
        // One file for everything, when it is named.
        scratch.configure("other.toml", &[], "packs = [\"rules\"]");
        scratch.run_words(&["check", "in", "--config", "other.toml"], b"").ends(1).shows(&["3 documents"]);
    }

    #[test]
    fn globs_speak_from_the_configuration_s_folder() {
        let scratch = corpus();
        scratch.configure("jiaokan.toml", &[], "exclude = [\"in/sub/**\"]");
        scratch.run("check in").shows(&["1 document,"]);
        scratch.run("check in/sub").ends(2).complains(&["in/sub: no text files"]);
        scratch.run("check in/sub/b.txt").ends(0);
    }

    #[test]
    fn rules_of_the_command_line_take_the_place_of_others() {
        let scratch = corpus();
        let find = "text = 'and'\nleft = '\\p{Han}'\nright = '\\p{Han}'";
        scratch.write("more/garble/test-and.toml", rule("auto", find, "[fix]\nchoices = [\"与\"]", "甲⟦and⟧乙", "甲"));
        scratch.run("diff in --rules more").ends(1).shows(&["+苹果和香蕉"]);
        scratch.run_words(&["diff", "in", "--rules", "rules", "--rules", "more"], b"").ends(1).shows(&["+苹果与香蕉"]);
    }

    #[track_caller]
    fn nothing_runs(scratch: &Scratch, parts: &[&str]) {
        for command in ["check in", "diff in", "clean in -o out"] {
            let run = scratch.run(command).ends(2).complains(parts);
            assert_eq!(run.out, "");
        }
        assert!(!scratch.path("out").exists());
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let scratch = corpus();
        scratch.write("jiaokan.toml", "disabled = [\"flag/test-odd\"]\n");
        nothing_runs(&scratch, &["jiaokan.toml", "disabled", "unknown field"]);
    }

    #[test]
    fn an_unknown_rule_is_an_error() {
        let scratch = corpus();
        scratch.write("jiaokan.toml", "disable = [\"flag/test-od\"]\n");
        nothing_runs(&scratch, &["jiaokan.toml", "no rule is called `flag/test-od`"]);
    }

    #[test]
    fn every_broken_rule_is_shown() {
        let scratch = corpus();
        scratch
            .write("rules/garble/broken.toml", rule("auto", "text = '\\band\\b'", "[fix]\nchoices = [\"和\"]", "甲⟦and⟧", "甲"));
        scratch.write("rules/garble/worse.toml", "schema = 2");
        nothing_runs(&scratch, &["rules/garble/broken.toml", "rules/garble/worse.toml"]);
        scratch.run("test").ends(2).complains(&["rules/garble/broken.toml"]);
        scratch.run("rules list").ends(2);
    }

    #[test]
    fn a_configuration_that_is_missing() {
        corpus().run("check in --config nowhere.toml").ends(2).complains(&["nowhere.toml", "cannot be read"]);
        corpus().run_words(&["check", "in", "--rules", "nowhere"], b"").ends(2).complains(&["nowhere"]);
    }
}

mod rules {
    use super::*;

    #[test]
    fn test_counts_and_shows_what_fails() {
        let scratch = Scratch::new();
        let mine = "test garble/test-and garble/test-or flag/test-odd wrap/test-join strip/test-ad";
        let last = |run: &Run| run.out.lines().last().unwrap().to_owned();
        assert_eq!(last(&scratch.run("test flag/test-odd").ends(0)), "2 passed, 0 failed");
        scratch.run(mine).ends(0);
        let text = fs::read_to_string(scratch.path("rules/flag/test-odd.toml")).unwrap();
        let more = "\n[[case]]\nname = \"错的\"\ntext = '⟦甲⟧囧'\n\n[[case]]\nname = \"漏的\"\ntext = '⟦冏⟧'\ngap = \"异体\"\n";
        scratch.write("rules/flag/test-odd.toml", text.clone() + more);
        let run = scratch.run("test flag/test-odd").ends(1);
        assert!(run.out.contains("  expected  ⟦甲⟧囧\n  found     甲⟦囧⟧\n"), "{}", run.out);
        assert!(run.out.ends_with("1 gap\n2 passed, 1 failed\n"), "{}", run.out);
        scratch.write("rules/flag/test-odd.toml", text + "\n[[case]]\nname = \"补上的\"\ntext = '⟦囧⟧'\ngap = \"旧账\"\n");
        scratch.run("test flag/test-odd").ends(0).shows(&["passes now"]);
    }

    #[test]
    fn unknown_ids_get_a_suggestion() {
        let scratch = Scratch::new();
        scratch.run("test garble/test-adn").ends(2).complains(&["`garble/test-adn`", "did you mean", "`garble/test-and`"]);
        scratch.run("explain garble/test-adn").ends(2).complains(&["did you mean", "`garble/test-and`"]);
        scratch.run("explain 什么").ends(2).complains(&["rules list"]);
    }

    #[test]
    fn explain_tells_all() {
        let scratch = Scratch::new();
        let shown = [
            "garble/test-and  测试规则",
            "warning, apply = auto, confidence 0.90",
            "为测试而写。",
            "text = '\\s*and\\s*'",
            "甲⟦and⟧乙",
        ];
        scratch.run("explain garble/test-and").ends(0).quiet().shows(&shown);
        scratch.run("explain profile/document").ends(0).shows(&[
            "detector = \"document-profile\"",
            "least_lines",
            "column_cells",
        ]);
    }

    #[test]
    fn the_list_is_aligned_and_also_data() {
        let scratch = Scratch::new();
        let run = scratch.run("rules list").ends(0);
        let columns: Vec<_> =
            run.out.lines().filter(|line| line.contains("测试规则")).map(|line| line.find("测试规则").unwrap()).collect();
        assert!(columns.len() == 5 && columns.iter().all(|&column| column == columns[0]), "{}", run.out);
        scratch.run("rules list --format json").ends(0).shows(&["\"rule\": \"garble/test-and\"", "\"enabled\": true"]);
        let state = |run: Run| {
            run.out
                .lines()
                .find(|line| line.starts_with("garble/test-and "))
                .unwrap()
                .split_whitespace()
                .nth(4)
                .unwrap()
                .to_owned()
        };
        assert_eq!(state(scratch.run("rules list")), "on");
        scratch.configure("jiaokan.toml", &["garble/test-and"], "");
        assert_eq!(state(scratch.run("rules list")), "off");
    }
}
