//! The program from outside: exit codes, streams, files, and what it says when something is wrong.

mod check;
mod clean;
#[path = "../common/mod.rs"]
mod common;
mod configuration;
mod containers;
mod decisions;
mod diff;
mod eval;
mod fit;
mod forms;
mod hostile;
mod impact;
mod index;
mod inputs;
mod lexicon;
mod manuals;
mod quality;
mod records;
mod report;
mod review;
mod rules;
#[cfg(unix)]
mod screen;
mod since;
mod snapshots;

use common::Scratch;

/// One document with an edit, one without.
fn corpus() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "第一行\n苹果and香蕉，甲or乙。\n囧\n");
    scratch.write("in/sub/b.txt", "干净的文字。\n");
    scratch
}
