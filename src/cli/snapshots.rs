//! `test --corpus`: what the rules do to the documents of a corpus against snapshots.

use super::Outcome;
use super::error::Failure;
use super::options::RuleOptions;
use super::output::{complain, for_people};
use jiaokan::corpus::{Kept, Reading, Snapshots, gather, revise_each, shown};
use jiaokan::edit::Applicability;
use jiaokan::report::{Paint, counted, edits};
use similar::{ChangeTag, TextDiff};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What is to be done with snapshots that have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decide {
    /// Put the new state beside the old one.
    Later,
    /// Make all of them new.
    Accept,
    /// Ask for each.
    Ask,
}

/// The snapshots that are the same, new, changed, and of no document.
#[derive(Default)]
struct Counts {
    same: usize,
    new: usize,
    changed: usize,
    open: usize,
    failed: usize,
}

/// Compares the findings in every document of `corpus` with the snapshots in `folder`, one finding a line.
pub(super) fn run(corpus: &Path, folder: &Path, decide: Decide, options: &RuleOptions) -> Result<Outcome, Failure> {
    if decide == Decide::Ask && !io::stdin().is_terminal() {
        return Err(Failure::Usage("--review asks at a terminal: look at the *.snap.new files, or use --accept".into()));
    }
    let entries = gather(&[corpus.to_owned()], &mut options.configs()?)?;
    let (paint, mut out) = for_people(options.color);
    let snapshots = Snapshots::of(folder);
    let (mut names, mut counts) = (BTreeSet::new(), Counts::default());
    let mut stems: BTreeMap<String, usize> = BTreeMap::new();
    for document in entries.iter().flatten() {
        *stems.entry(Snapshots::name(&document.landing)).or_default() += 1;
    }
    let reading = Reading { encoding: None, lossy: false, consent: Applicability::Auto.into() };
    revise_each(
        entries,
        reading,
        |document, revision| Ok((document.landing.clone(), document.name.clone(), edits::lines(&revision))),
        |result| -> Result<(), Failure> {
            let (path, document, content) = match result {
                Ok(done) => done,
                Err(error) => {
                    counts.failed += 1;
                    out.flush()?;
                    complain(&error.into(), options.color);
                    return Ok(());
                }
            };
            let mut name = Snapshots::name(&path);
            // Documents that differ in their endings alone are told apart by them.
            if let Some(ending) = path.extension().filter(|_| stems[&name] > 1) {
                name = format!("{name}.{}", ending.to_string_lossy());
            }
            names.insert(name.clone());
            let old = match snapshots.compare(&name, &content)? {
                Kept::Same => {
                    counts.same += 1;
                    return Ok(snapshots.forget(&name)?);
                }
                Kept::New => {
                    counts.new += 1;
                    String::new()
                }
                Kept::Changed(old) => {
                    counts.changed += 1;
                    old
                }
            };
            differences(&name, &old, &content, paint, &mut out)?;
            let accepted = match decide {
                Decide::Later => false,
                Decide::Accept => true,
                Decide::Ask => ask(&name, &mut out)?,
            };
            if accepted {
                snapshots.accept(&name, &document, &content)?;
            } else {
                counts.open += 1;
                snapshots.propose(&name, &document, &content)?;
            }
            Ok(())
        },
    )?;
    // A document that cannot be read says nothing of its snapshot.
    let orphans = if counts.failed == 0 { snapshots.orphans(&names)? } else { Vec::new() };
    settle_orphans(&orphans, decide, &mut counts, paint, &mut out)?;
    let Counts { same, new, changed, open, failed } = counts;
    let orphaned = counted(orphans.len(), "orphan");
    writeln!(out, "{}, {new} new, {changed} changed, {same} the same, {orphaned}", counted(names.len(), "snapshot"))?;
    if open > 0 && decide == Decide::Later {
        writeln!(out, "{}", paint.dim("run again with --accept or --review, or use `cargo insta review`"))?;
    }
    out.flush()?;
    Ok(match (failed > 0, open > 0) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Found,
        (false, false) => Outcome::Good,
    })
}

/// The lines that go and come.
fn differences(name: &str, old: &str, new: &str, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", paint.bold(name))?;
    for change in TextDiff::from_lines(old, new).iter_all_changes() {
        let line = change.value().trim_end_matches('\n');
        match change.tag() {
            ChangeTag::Delete => writeln!(out, "{}", paint.removed(format!("- {line}")))?,
            ChangeTag::Insert => writeln!(out, "{}", paint.added(format!("+ {line}")))?,
            ChangeTag::Equal => {}
        }
    }
    Ok(())
}

/// Whether a person accepts the change.
fn ask(name: &str, out: &mut dyn Write) -> io::Result<bool> {
    loop {
        write!(out, "accept {name}? [y/n] ")?;
        out.flush()?;
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 {
            return Ok(false);
        }
        match answer.trim() {
            "y" | "yes" => return Ok(true),
            "n" | "no" | "" => return Ok(false),
            _ => {}
        }
    }
}

/// Snapshots of documents that are gone: removed when everything is accepted, else told of.
fn settle_orphans(
    orphans: &[PathBuf],
    decide: Decide,
    counts: &mut Counts,
    paint: Paint,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for orphan in orphans {
        let what = if decide == Decide::Accept { "removed" } else { "orphan" };
        writeln!(out, "{} {}: no document has this snapshot", paint.removed(what), shown(orphan))?;
        if decide == Decide::Accept {
            fs::remove_file(orphan)?;
        } else {
            counts.open += 1;
        }
    }
    Ok(())
}
