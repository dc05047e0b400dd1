//! `check --since`: findings on lines that were changed or added since a git revision.

use crate::common::{Run, Scratch};

/// A repository with a folder of documents that have a finding in every line, committed and tagged `before`; none without git.
fn repository() -> Option<Scratch> {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "一囧\n二囧\n三囧\n四囧\n");
    scratch.write("in/子 目录/名\"字.txt", "一囧\n二囧\n");
    scratch.write("in/moved.txt", "一囧\n二囧\n三囧\n四囧\n五囧\n六囧\n七囧\n八囧\n");
    scratch.write("in/same.txt", "一囧\n");
    scratch.write("in/gone.txt", "走了的文字，囧\n");
    scratch.write("in/utf16.txt", utf16("一囧\n二囧\n"));
    git(&scratch, "init -q -b main")?;
    git(&scratch, "add -A")?;
    git(&scratch, "commit -q -m before")?;
    git(&scratch, "tag before")?;
    Some(scratch)
}

fn utf16(text: &str) -> Vec<u8> {
    [b"\xFF\xFE".to_vec(), text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat()
}

fn git(scratch: &Scratch, arguments: &str) -> Option<Run> {
    let mut words = vec!["git", "-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    words.extend(arguments.split(' '));
    Some(scratch.tool("", &words, b"")?.ends(0))
}

/// `path:line` of what is found.
fn found(run: Run) -> Vec<String> {
    let place = |line: &str| {
        let one: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{}:{}", one["path"].as_str().unwrap(), one["line"])
    };
    run.quiet().out.lines().map(place).collect()
}

#[test]
fn only_what_was_changed_or_added_is_reported() {
    let Some(scratch) = repository() else { return };
    let since = |revision: &str| found(scratch.run(&format!("check in --format jsonl --since {revision}")));
    assert_eq!(since("before"), Vec::<String>::new());
    scratch.run("check in --since before").ends(0).shows(&["6 documents: nothing found"]);

    scratch.write("in/a.txt", "一囧\n二改囧\n四囧\n五囧\n");
    scratch.write("in/子 目录/名\"字.txt", "一囧\n二囧\n新囧\n");
    scratch.write("in/新 文件.txt", "一囧\n");
    scratch.write("in/utf16.txt", utf16("一囧\n二改囧\n"));
    git(&scratch, "mv in/moved.txt in/子").unwrap();
    scratch.write("in/moved-too.txt", String::from_utf8(scratch.read("in/子")).unwrap().replace("五囧", "五改囧"));
    git(&scratch, "rm -q --cached in/子").unwrap();
    std::fs::remove_file(scratch.path("in/子")).unwrap();
    std::fs::remove_file(scratch.path("in/gone.txt")).unwrap();
    let changed = [
        "in/a.txt:2",
        "in/a.txt:4",
        "in/moved-too.txt:5",
        "in/utf16.txt:1",
        "in/utf16.txt:2",
        "in/子 目录/名\"字.txt:3",
        "in/新 文件.txt:1",
    ];
    // What git does not know is new; it finds out about renames among what it knows.
    let new = since("before");
    assert_eq!(new.len(), changed.len() + 7);
    assert!(changed.iter().all(|place| new.iter().any(|new| new == place)), "{new:?}");
    git(&scratch, "add -A -N .").unwrap();
    assert_eq!(since("before"), changed);
    git(&scratch, "add -A").unwrap();
    assert_eq!(since("before"), changed);
    git(&scratch, "commit -q -m after").unwrap();
    assert_eq!(since("HEAD~1"), changed);
    assert_eq!(since("HEAD"), Vec::<String>::new());
    // A repository inside is unknown to the one around it.
    scratch.write("in/nested/x.txt", "囧\n");
    git(&scratch, "init -q in/nested").unwrap();
    assert_eq!(since("HEAD"), ["in/nested/x.txt:1"]);
    std::fs::remove_dir_all(scratch.path("in/nested")).unwrap();
    scratch.run("check in --since before").ends(1).shows(&["6 documents, 5 with findings: 7 flagged"]);
}

#[test]
fn folders_below_and_settings_of_the_user_do_not_matter() {
    let Some(scratch) = repository() else { return };
    for setting in [
        "core.quotePath true",
        "diff.noprefix true",
        "diff.mnemonicPrefix true",
        "diff.external false",
        "diff.interHunkContext 9",
    ] {
        git(&scratch, &format!("config {setting}")).unwrap();
    }
    scratch.write("in/a.txt", "一改囧\n二囧\n三改囧\n四囧\n");
    scratch.write("in/子 目录/名\"字.txt", "一改囧\n二囧\n");
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_jiaokan"))
        .args(["check", ".", "../a.txt", "--rules", "../../rules", "--format", "jsonl", "--since", "before"])
        .current_dir(scratch.path("in/子 目录"))
        .output()
        .unwrap();
    let out = String::from_utf8(run.stdout).unwrap();
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert!(lines[0].contains("名\\\"字.txt") && lines[1].contains("\"line\":1") && lines[2].contains("\"line\":3"), "{out}");
}

#[test]
fn a_branch_is_compared_with_where_it_parted() {
    let Some(scratch) = repository() else { return };
    git(&scratch, "checkout -q -b work").unwrap();
    scratch.write("in/a.txt", "一囧\n二囧\n三囧\n四改囧\n");
    git(&scratch, "commit -q -am work").unwrap();
    git(&scratch, "checkout -q main").unwrap();
    scratch.write("in/a.txt", "一囧\n三囧\n四囧\n");
    scratch.write("in/same.txt", "");
    git(&scratch, "commit -q -am main").unwrap();
    git(&scratch, "checkout -q work").unwrap();
    assert_eq!(found(scratch.run("check in --format jsonl --since main")), ["in/a.txt:4"]);
}

#[test]
fn an_edit_across_lines_counts_when_either_changed() {
    let Some(scratch) = repository() else { return };
    scratch.write("in/join.txt", "断开\n续上\n断开\n续上\n广告\n旧\n");
    git(&scratch, "add -A").unwrap();
    git(&scratch, "commit -q -m more").unwrap();
    scratch.write("in/join.txt", "断开\n续上改\n断开\n续上\n广告\n新\n");
    assert_eq!(found(scratch.run("check in --format jsonl --since HEAD")), ["in/join.txt:1"]);
}

#[test]
fn what_cannot_be_told_is_an_error() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "囧\n");
    let Some(run) = scratch.tool("", &["git", "rev-parse", "--show-toplevel"], b"") else { return };
    if run.code != 0 {
        let run = scratch.run("check in --since main").ends(2);
        assert!(run.out.is_empty());
        run.complains(&["in: --since needs a git repository"]);
    }
    let Some(scratch) = repository() else { return };
    for revision in ["nothing", "--output=x", "before:in"] {
        scratch.run(&format!("check in --since={revision}")).ends(2).complains(&[
            revision,
            "is no revision in",
            "fetch-depth: 0",
        ]);
    }
    scratch.run("check - --since before").ends(2).complains(&["the standard input"]);
    assert!(!scratch.path("x").exists());
}
