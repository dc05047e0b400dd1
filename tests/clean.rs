//! Nothing may be done to clean text: every document of `corpus/clean/` and `corpus/held-out/` comes out as it went in.

mod corpus;

use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::rule::Pack;
use jiaokan::text::Source;
use std::collections::{BTreeMap, BTreeSet};

/// Documents that are edited although they should not be, with the number of edits. The numbers are exact: whoever makes one
/// smaller writes the smaller one here, and takes the document out when it is zero.
const KNOWN: &[(&str, usize)] = &[];

/// `text`, with its line ends and tabs to be seen.
fn shown(text: &str) -> String {
    text.replace("\r\n", "⏎").replace(['\n', '\r'], "⏎").replace('\t', "⇥")
}

/// One edit a line: its rules, and what becomes of the text, with a few characters around it.
fn edits(pipeline: &Pipeline, name: &str, text: &str) -> Vec<String> {
    let revision = pipeline.revise(Source::from_text(name, text), Applicability::Auto);
    let mut lines = Vec::new();
    for edit in &revision.edits {
        let before = text[..edit.source.start].char_indices().rev().nth(7).map_or(0, |(at, _)| at);
        let after = text[edit.source.end..].char_indices().nth(8).map_or(text.len(), |(at, _)| edit.source.end + at);
        lines.push(format!(
            "{}: {}⟦{} → {}⟧{}",
            edit.rules.iter().map(|rule| rule.to_string()).collect::<Vec<_>>().join(", "),
            shown(&text[before..edit.source.start]),
            shown(edit.source.of(text)),
            shown(edit.cleaned.of(revision.cleaned())),
            shown(&text[edit.source.end..after]),
        ));
    }
    assert_eq!(lines.is_empty(), revision.cleaned() == text, "{name}: the edits are not the difference");
    lines
}

/// The documents of both folders.
fn documents() -> BTreeMap<String, String> {
    let mut documents = corpus::documents("clean");
    documents.extend(corpus::documents("held-out"));
    documents
}

#[test]
fn clean_text_is_left_alone() {
    let pack = Pack::built_in().unwrap_or_else(|error| panic!("{error}"));
    let pipeline = Pipeline::new(&pack).unwrap_or_else(|error| panic!("{error}"));
    let known: BTreeMap<&str, usize> = KNOWN.iter().copied().collect();
    assert_eq!(known.len(), KNOWN.len(), "KNOWN names a document twice");
    let documents = documents();
    let mut complaints = Vec::new();
    for (name, text) in &documents {
        let edits = edits(&pipeline, name, text);
        let expected = known.get(name.as_str()).copied().unwrap_or(0);
        match edits.len() {
            made if made == expected => {}
            0 => complaints.push(format!("{name} is left alone now: drop it from KNOWN")),
            made => complaints.push(format!("{name}: {made} edits instead of {expected}\n    {}", edits.join("\n    "))),
        }
    }
    complaints.extend(known.keys().filter(|&&name| !documents.contains_key(name)).map(|name| format!("{name} is not there")));
    assert!(complaints.is_empty(), "\n{} documents:\n{}\n", complaints.len(), complaints.join("\n"));
}

#[test]
fn there_are_many_documents_of_many_kinds() {
    let documents = documents();
    let kinds: BTreeSet<&str> = documents.keys().filter_map(|name| name.split('/').nth(1)).collect();
    assert!(documents.len() >= 200, "{} documents", documents.len());
    assert!(kinds.len() >= 25, "{} kinds", kinds.len());
    let texts: BTreeSet<&String> = documents.values().collect();
    assert_eq!(texts.len(), documents.len(), "two documents have the same text");
    for (name, text) in &documents {
        let lines = text.lines().count();
        assert!((6..=200).contains(&lines), "{name} has {lines} lines");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name} does not end in one line end");
    }
}
