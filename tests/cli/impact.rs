//! `impact`: what a change of rules does.

use crate::common::Scratch;
use std::process::Command;

/// A folder with a page, and with other rules in `old/`.
fn changed() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "第一行\n苹果and香蕉，甲or乙。\n囧\n");
    let rule = std::fs::read_to_string(scratch.path("rules/garble/test-and.toml")).unwrap();
    scratch.write("old/garble/test-and.toml", rule.replace("[\"和\"]", "[\"与\"]"));
    let odd = std::fs::read_to_string(scratch.path("rules/flag/test-odd.toml")).unwrap();
    scratch.write("old/flag/test-odd.toml", odd.replace("囧", "乙"));
    scratch
}

#[test]
fn findings_that_appear_vanish_and_change_are_told() {
    let scratch = changed();
    let run = scratch.run("impact --against old in").ends(1);
    run.shows(&[
        "flag/test-odd         1       1       0",
        "garble/test-and       0       0       1",
        "- applied",
        "⟦and → 与⟧",
        "⟦and → 和⟧",
        "1 document read, 1 with other findings, 1 cleaned otherwise",
    ]);
    let run = scratch.run("impact --against old in --format markdown --examples 0").ends(1);
    run.shows(&["| `garble/test-and` | 0 | 0 | 1 |", "```diff"]);
    let run = scratch.run("impact --against old in --format json").ends(1);
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["rules"]["garble/test-and"]["examples"][0]["difference"], "changes");
    scratch.run("impact --against rules in").ends(0).shows(&["0 with other findings"]);
    scratch.run("impact in").ends(2).complains(&["--against"]);
}

#[test]
fn rules_of_a_revision_are_the_old_ones() {
    let scratch = changed();
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"];
        let status = Command::new("git").arg("-C").arg(scratch.path(".")).args(who).args(arguments).output().unwrap();
        assert!(status.status.success(), "{status:?}");
    };
    let impact = |revision: &str| {
        let revision = format!("--against-rev={revision}");
        scratch.run_words(&["impact", "--rules", "old", &revision, "in"], b"")
    };
    git(&["init", "-q"]);
    git(&["add", "old"]);
    git(&["commit", "-q", "-m", "rules"]);
    impact("HEAD").ends(0);
    let rule = std::fs::read_to_string(scratch.path("old/garble/test-and.toml")).unwrap();
    scratch.write("old/garble/test-and.toml", rule.replace("与", "及"));
    impact("HEAD").ends(1).shows(&["⟦and → 与⟧", "⟦and → 及⟧"]);
    impact("nowhere").ends(2).complains(&["nowhere", "git"]);
    impact("-x").ends(2).complains(&["is no revision"]);
}
