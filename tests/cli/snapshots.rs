//! `test --corpus`: what rules do, kept in snapshots.

use crate::common::Scratch;
use std::fs;

#[test]
fn snapshots_are_made_compared_and_accepted() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "第一行\n苹果and香蕉。\n囧\n");
    scratch.write("in/sub/b.txt", "干净的文字。\n");
    let test = "test --corpus in --snapshots kept";
    scratch.run(test).ends(1).shows(&["+ 2:3 garble/test-and applied 0.90 行⏎苹果⟦and → 和⟧香蕉。⏎", "2 new", "--accept"]);
    assert!(scratch.path("kept/a.edits.snap.new").exists() && !scratch.path("kept/a.edits.snap").exists());
    scratch.run(&format!("{test} --accept")).ends(0);
    let kept: Vec<String> = scratch.tree("kept").into_iter().map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(kept, ["a.edits.snap", "sub__b.edits.snap"]);
    scratch.run(test).ends(0).shows(&["2 snapshots, 0 new, 0 changed, 2 the same, 0 orphans"]);

    scratch.write("in/a.txt", "第一行\n苹果与香蕉。\n囧\n");
    fs::remove_file(scratch.path("in/sub/b.txt")).unwrap();
    let run = scratch.run(test).ends(1);
    run.shows(&["- 2:3 garble/test-and", "orphan kept/sub__b.edits.snap", "1 snapshot, 0 new, 1 changed, 0 the same, 1 orphan"]);
    scratch.run(&format!("{test} --review")).ends(2).complains(&["at a terminal"]);
    scratch.run(&format!("{test} --accept")).ends(0).shows(&["removed kept/sub__b.edits.snap"]);
    scratch.run(test).ends(0);
    assert_eq!(scratch.tree("kept").len(), 1);
}

#[test]
fn what_cannot_be_compared_is_told() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "囧\n");
    scratch.run("test --corpus in").ends(2).complains(&["--snapshots"]);
    scratch.run("test --corpus nowhere --snapshots kept").ends(2).complains(&["nowhere"]);
    scratch.write("in/a.md", "囧\n");
    scratch.run("test --corpus in --snapshots kept --accept").ends(0);
    let names: Vec<_> = scratch.tree("kept").into_iter().map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(names, ["a.md.edits.snap", "a.txt.edits.snap"]);
}
