//! Repairs what OCR, vision models and PDF text layers do to Chinese documents, with every change on record.
//!
//! # A tour
//!
//! A document goes one way, from its bytes to a [`Revision`](edit::Revision):
//!
//! 1. A [`Source`](text::Source) holds the original bytes, their encoding and the text they decode to. It never changes.
//! 2. A [`Pack`](rule::Pack) holds [rules](rule::Rule), read from TOML and checked: what to find, what to do, how sure, and cases
//!    that prove it. The built-in pack comes with the library; [`Pack::from_dir`](rule::Pack::from_dir) reads others, and a
//!    [`Config`](rule::Config) says which of them run and how far they go.
//! 3. A [`Pipeline`](pass::Pipeline) is a pack made ready to run. Its passes look at the text one after another, in the order of
//!    [`PASSES`](rule::PASSES), in rounds until none of them edits. It holds no state of a document, so threads can share one.
//! 4. Rules report [findings](edit::Finding): a place, a message, a confidence, and perhaps an edit. Of all edits that want the
//!    same place, [one merge](edit::settle) decides which is made; the others are kept as shadowed.
//! 5. A [`Revision`](edit::Revision) holds the cleaned text, the [edits](edit::Edit) that lead there, each with its place in the
//!    source, and every finding with what became of it.
//!
//! ```
//! use jiaokan::edit::{Applicability, State};
//! use jiaokan::pass::Pipeline;
//! use jiaokan::rule::Pack;
//! use jiaokan::text::Source;
//!
//! let pack = Pack::built_in()?;
//! let pipeline = Pipeline::new(&pack)?;
//!
//! let page = "⼈民⼤会。\n\n河道 and 河堤由各村巡查。\n";
//! let revision = pipeline.revise(Source::from_text("page", page), Applicability::Auto);
//!
//! // Radicals that stand for characters are restored; what `and` should be is a person's choice, so it is only proposed.
//! assert_eq!(revision.cleaned(), "人民大会。\n\n河道 and 河堤由各村巡查。\n");
//! assert_eq!(revision.edits.len(), 2);
//! assert_eq!(*revision.edits[0].rules[0], *"repair/radicals");
//! assert_eq!(revision.edits[0].source.of(page), "⼈");
//!
//! let proposed: Vec<_> = revision.findings.iter().filter(|finding| finding.state == State::Proposed).collect();
//! assert_eq!(*proposed[0].rule, *"garble/stray-and");
//! assert_eq!(proposed[0].span.of(page), " and ");
//! assert_eq!(proposed[0].choices[0], "和");
//!
//! // The patch leads from the original bytes to the cleaned ones, and back.
//! let patch = revision.patch()?;
//! assert_eq!(patch.apply(page.as_bytes())?, revision.cleaned_bytes()?);
//! assert_eq!(patch.revert(revision.cleaned().as_bytes())?, page.as_bytes());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where things are
//!
//! | module | what it knows |
//! |---|---|
//! | [`text`] | bytes and encodings, lines, spans, widths, classes of characters |
//! | [`edit`] | edits and findings: drafts, the merge, patches, revisions |
//! | [`tree`] | decision trees: growing, keeping and summing them |
//! | [`rule`] | rule files, packs, cases, configuration |
//! | [`lexicon`] | which characters make words, stand together, begin and end paragraphs |
//! | [`index`] | the fingerprints of a corpus: making, merging and asking them |
//! | [`pass`] | the passes and their detectors, the pipeline, the runner of cases |
//! | [`score`] | how good documents are: signals, one score, the filters that people use, expressions over them |
//! | [`eval`] | labelled text, and how right the rules are on it |
//! | [`fit`] | labelled and made pages, and fitting trees to them |
//! | [`corpus`] | files and folders: finding, reading in bounded memory, what has changed, writing whole files or none |
//! | [`review`] | what people decided about findings: keeping it, finding it again, what is left to decide |
//! | [`records`] | collections of records: lines, tables and archives; finding the text in each, cleaning it in place, going on after a crash |
//! | [`report`] | findings and edits for people and programs |
//! | [`screen`] | deciding about findings on a terminal: keys, and what is drawn |
//!
//! Each knows only those above it, but that `report` knows nothing of `corpus`. The program `jiaokan` is a thin
//! layer over this library: parse, run, exit code.

pub mod corpus;
pub mod edit;
pub mod eval;
pub mod fit;
pub mod index;
pub mod lexicon;
pub mod pass;
pub mod records;
pub mod report;
pub mod review;
pub mod rule;
pub mod score;
pub mod screen;
pub mod text;
pub mod tree;

/// The example in the README compiles and holds.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
