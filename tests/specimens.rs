//! Every specimen of `corpus/` against its note and its snapshots.

use jiaokan::corpus::{Kept, Snapshots};
use jiaokan::edit::{Applicability, Finding, Revision};
use jiaokan::pass::Pipeline;
use jiaokan::report::edits;
use jiaokan::rule::Pack;
use jiaokan::text::Source;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the words of a note are for people")]
struct Note {
    title: String,
    manner: String,
    about: String,
    edits: Option<usize>,
    #[serde(default)]
    defect: Vec<Defect>,
    #[serde(default)]
    keep: Vec<Keep>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "the words of a note are for people")]
struct Defect {
    what: String,
    rule: String,
    text: String,
    becomes: Option<String>,
    /// Why the rule does not find it yet. Such a defect asks to be freed of its gap once it is found.
    gap: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keep {
    text: String,
    why: String,
    gap: Option<String>,
}

static PACK: LazyLock<Pack> = LazyLock::new(|| Pack::built_in().unwrap_or_else(|error| panic!("{error}")));
static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&PACK).unwrap_or_else(|error| panic!("{error}")));

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn specimens() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(root().join("corpus")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    paths.sort();
    assert!(paths.len() >= 12, "the specimens are missing");
    paths
}

fn name(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

fn revise(path: &Path) -> Revision {
    let text = fs::read_to_string(path).unwrap();
    PIPELINE.revise(Source::from_text(name(path), text), Applicability::Auto)
}

/// What a note says against what the rules do, one complaint a line.
fn complaints(path: &Path) -> Vec<String> {
    let note = fs::read_to_string(path.with_extension("toml")).unwrap_or_else(|_| panic!("{} has no note", path.display()));
    let note: Note = toml::from_str(&note).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let revision = revise(path);
    let source = revision.source().text();
    let mut complaints = Vec::new();
    if let Some(edits) = note.edits
        && revision.edits.len() != edits
    {
        complaints.push(format!("{} edits instead of {edits}", revision.edits.len()));
    }
    for defect in &note.defect {
        assert!(PACK.get(&defect.rule).is_some(), "{}: no rule is called {}", path.display(), defect.rule);
        let at = source.find(&defect.text).unwrap_or_else(|| panic!("{}: `{}` does not occur", path.display(), defect.text));
        let end = at + defect.text.len();
        let here = |f: &&Finding| *f.rule == defect.rule && f.span.start <= end && f.span.end >= at;
        let found = revision.findings.iter().find(here);
        let applied = defect.becomes.as_ref().is_none_or(|becomes| revision.cleaned().contains(becomes));
        let problem = match found {
            None => Some(format!("{} does not find `{}` ({})", defect.rule, defect.text, defect.what)),
            Some(_) if !applied => {
                Some(format!("`{}` does not become `{}`", defect.text, defect.becomes.as_deref().unwrap_or_default()))
            }
            Some(_) => None,
        };
        match (problem, &defect.gap) {
            (Some(problem), None) => complaints.push(problem),
            (None, Some(_)) => complaints.push(format!("`{}` is found now: drop its gap", defect.text)),
            _ => {}
        }
    }
    for keep in &note.keep {
        let kept = revision.cleaned().contains(&keep.text);
        match (kept, &keep.gap) {
            (false, None) => complaints.push(format!("`{}` is not kept ({})", keep.text, keep.why)),
            (true, Some(_)) => complaints.push(format!("`{}` is kept now: drop its gap", keep.text)),
            _ => {}
        }
    }
    complaints.iter().map(|complaint| format!("{}: {complaint}", name(path))).collect()
}

#[test]
fn specimens_agree_with_their_notes() {
    let complaints: Vec<String> = specimens().iter().flat_map(|path| complaints(path)).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn cleaning_again_changes_nothing() {
    for path in specimens() {
        let cleaned = revise(&path).cleaned().to_owned();
        let again = PIPELINE.revise(Source::from_text("again", cleaned.clone()), Applicability::Auto);
        assert_eq!(again.cleaned(), cleaned, "{}", path.display());
    }
}

#[test]
fn snapshots_of_edits_and_of_cleaned_text() {
    let mut wanted = BTreeSet::new();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in specimens() {
            let revision = revise(&path);
            for (kind, content) in [("edits", edits::lines(&revision)), ("cleaned", revision.cleaned().to_owned())] {
                let snapshot = format!("{}.{kind}", name(&path));
                insta::assert_snapshot!(snapshot.clone(), content);
                wanted.insert(format!("{snapshot}.snap"));
            }
            // What `test --corpus` compares is the same.
            let kept = Snapshots::of(&root().join("snapshots")).compare(name(&path), &edits::lines(&revision));
            assert_eq!(kept.unwrap(), Kept::Same, "{}", path.display());
        }
    });
    let here = fs::read_dir(root().join("snapshots")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let orphans: Vec<String> =
        here.filter(|file| file.ends_with(".snap") && !file.contains("__") && !wanted.contains(file)).collect();
    assert!(orphans.is_empty(), "snapshots of nothing: {orphans:?}");
}
