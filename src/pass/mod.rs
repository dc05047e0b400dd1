//! The passes: each looks at a draft and reports findings. One file a pass; the order is [`PASSES`](crate::rule::PASSES).

mod account;
pub mod across;
mod alike;
mod broken;
pub mod cases;
mod column;
mod dedupe;
mod despace;
mod escape;
mod foreign;
mod furniture;
mod gaps;
mod headline;
mod letters;
mod line;
mod loops;
mod lost;
mod misread;
mod mojibake;
mod page;
pub mod pairs;
mod pipeline;
mod profile;
mod repair;
mod repeat;
mod reread;
mod schema;
mod seam;
mod settled;
mod split;
mod strip;
mod unbalanced;
mod width;
mod wrap;

pub use account::{Account, Term};
pub use gaps::Gap;
pub use misread::{Confusions, Misread, Quality};
pub use page::{End, Item, Line, Page, Profile, Setting, Start};
pub use pipeline::Pipeline;
pub use schema::{parameter_docs, rule_schema};
pub use seam::Seam;

use crate::edit::{Finding, RuleId};
use crate::rule::{Rule, RuleError};
use schemars::{Schema, SchemaGenerator};
use std::sync::Arc;

/// Finds one kind of defect on a page. A detector sees text and nothing else: no files, no threads, no other passes.
pub trait Detector: Send + Sync {
    /// Reports what it finds, in spans of `page.text`.
    fn find(&self, page: &Page<'_>) -> Vec<Finding>;

    /// What a rule may put into `[params]`; nothing when the detector knows all it needs.
    fn parameters(_generator: &mut SchemaGenerator) -> Option<Schema>
    where
        Self: Sized,
    {
        None
    }

    /// How it came to what it finds and to what it lets be, term by term, where it weighs by terms. For people who ask.
    fn accounts(&self, _page: &Page<'_>) -> Vec<Account> {
        Vec::new()
    }
}

/// What rules of a pipeline share.
struct Shared {
    weighers: wrap::Weighers,
    doubter: Option<Arc<misread::Doubter>>,
    known: mojibake::AllKnown,
    /// Which copy the rules about copies across documents keep, and the rule that says so.
    keep: Option<(RuleId, across::Keep)>,
}

impl Shared {
    fn doubter(&self, rule: &Rule) -> Result<Arc<misread::Doubter>, RuleError> {
        let missing = || rule.error("detector", "the rule `garble/misread` is missing", "start from the built-in pack");
        self.doubter.clone().ok_or_else(missing)
    }
}

/// A detector by the pass that runs it and the name by which rules call it.
pub struct Kind {
    /// The pass.
    pub pass: &'static str,
    /// The name.
    pub name: &'static str,
    /// What a rule may put into `[params]`.
    pub(crate) parameters: fn(&mut SchemaGenerator) -> Option<Schema>,
    make: Make,
}

type Made = Result<Box<dyn Detector>, RuleError>;
type Make = fn(Arc<Rule>, &mut Shared) -> Made;

const fn kind<D: Detector>(pass: &'static str, name: &'static str, make: Make) -> Kind {
    Kind { pass, name, parameters: D::parameters, make }
}

fn boxed<D: Detector + 'static>(made: Result<D, RuleError>) -> Made {
    Ok(Box::new(made?))
}

/// All detectors, by pass.
#[rustfmt::skip]
pub const DETECTORS: &[Kind] = &[
    kind::<profile::DocumentProfile>("profile", "document-profile", |rule, _| boxed(Ok(profile::DocumentProfile { rule }))),
    kind::<repair::CharacterMap>("repair", "character-map", |rule, _| boxed(repair::CharacterMap::new(rule))),
    kind::<mojibake::WholeDocument>("decode", "whole-document", |rule, shared| boxed(mojibake::WholeDocument::new(rule, &mut shared.known))),
    kind::<repair::HalfWidthKana>("repair", "half-width-kana", |rule, _| boxed(Ok(repair::HalfWidthKana { rule }))),
    kind::<mojibake::Mojibake>("repair", "mojibake", |rule, shared| boxed(mojibake::Mojibake::new(rule, &mut shared.known))),
    kind::<escape::Escapes>("repair", "entities", |rule, _| boxed(escape::Escapes::new(rule, escape::Notation::Entities))),
    kind::<escape::Escapes>("repair", "escapes", |rule, _| boxed(escape::Escapes::new(rule, escape::Notation::Escapes))),
    kind::<split::GluedArticle>("split", "glued-article", |rule, _| boxed(Ok(split::GluedArticle { rule }))),
    kind::<split::GluedOpener>("split", "glued-opener", |rule, _| boxed(split::GluedOpener::new(rule))),
    kind::<despace::Gaps>("despace", "gaps", |rule, _| boxed(despace::Gaps::new(rule))),
    kind::<despace::SplitWord>("despace", "split-word", |rule, _| boxed(Ok(despace::SplitWord { rule }))),
    kind::<despace::BesideNumber>("despace", "beside-number", |rule, _| boxed(despace::BesideNumber::new(rule))),
    kind::<across::Boilerplate>("dedupe", "boilerplate", |rule, shared| boxed(across::Boilerplate::new(rule, &mut shared.keep))),
    kind::<across::Reprints>("dedupe", "reprints", |rule, shared| boxed(across::Reprints::new(rule, &mut shared.keep))),
    kind::<across::Reposts>("dedupe", "reposts", |rule, shared| boxed(across::Reposts::new(rule, &mut shared.keep))),
    kind::<dedupe::Copies>("dedupe", "copies", |rule, shared| boxed(dedupe::Copies::new(rule, shared.doubter.clone()))),
    kind::<column::OverCaption>("column", "over-caption", |rule, _| boxed(column::OverCaption::new(rule))),
    kind::<strip::AdBlocks>("strip", "ad-blocks", |rule, _| boxed(strip::AdBlocks::new(rule))),
    kind::<strip::LineClass>("strip", "lines-of-a-kind", |rule, _| boxed(strip::LineClass::new(rule))),
    kind::<furniture::RunningHeads>("furniture", "running-heads", |rule, _| boxed(furniture::RunningHeads::new(rule, false))),
    kind::<furniture::RunningHeads>("furniture", "page-numbers", |rule, _| boxed(furniture::RunningHeads::new(rule, true))),
    kind::<lost::Lost>("garble", "lost-characters", |rule, _| boxed(lost::Lost::new(rule))),
    kind::<repeat::RepeatedPhrase>("garble", "repeated-phrase", |rule, _| boxed(repeat::RepeatedPhrase::new(rule))),
    kind::<foreign::ForeignWord>("garble", "foreign-word", |rule, _| boxed(foreign::ForeignWord::new(rule))),
    kind::<letters::LetterForDigit>("garble", "letter-for-digit", |rule, _| boxed(letters::LetterForDigit::new(rule))),
    kind::<letters::LookAlikeLetter>("garble", "look-alike-letter", |rule, _| boxed(letters::LookAlikeLetter::new(rule))),
    kind::<loops::Loops>("garble", "loops", |rule, _| boxed(loops::Loops::new(rule))),
    kind::<misread::Misreads>("garble", "misreads", |rule, shared| boxed(misread::Misreads::new(rule.clone(), shared.doubter(&rule)?))),
    kind::<misread::GarbledRegions>("garble", "garbled-regions", |rule, shared| boxed(misread::GarbledRegions::new(rule.clone(), shared.doubter(&rule)?))),
    kind::<width::HalfWidth>("width", "half-width-document", |rule, _| boxed(width::HalfWidth::new(rule, width::Extent::Document))),
    kind::<width::HalfWidth>("width", "stray-half-width", |rule, _| boxed(width::HalfWidth::new(rule, width::Extent::Strays))),
    kind::<broken::BrokenTail>("flag", "lost-text", |rule, _| boxed(broken::BrokenTail::new(rule, broken::Broken::LostText))),
    kind::<broken::BrokenTail>("flag", "truncated-article", |rule, _| boxed(broken::BrokenTail::new(rule, broken::Broken::Truncated))),
    kind::<broken::BrokenTail>("flag", "misplaced-caption", |rule, _| boxed(broken::BrokenTail::new(rule, broken::Broken::Caption))),
    kind::<broken::BrokenTail>("flag", "cut-tail", |rule, _| boxed(broken::BrokenTail::new(rule, broken::Broken::CutTail))),
    kind::<broken::OrphanStart>("flag", "orphan-start", |rule, _| boxed(broken::OrphanStart::new(rule))),
    kind::<unbalanced::Unbalanced>("flag", "unbalanced", |rule, _| boxed(unbalanced::Unbalanced::new(rule))),
    kind::<headline::MisplacedHeadline>("flag", "misplaced-headline", |rule, _| boxed(headline::MisplacedHeadline::new(rule))),
    kind::<wrap::Joiner>("wrap", "join-lines", |rule, shared| boxed(wrap::Joiner::new(rule, wrap::Between::Nothing, &mut shared.weighers))),
    kind::<wrap::Joiner>("wrap", "join-column-breaks", |rule, shared| boxed(wrap::Joiner::new(rule, wrap::Between::Blanks, &mut shared.weighers))),
    kind::<wrap::Joiner>("column", "join-blocks", |rule, shared| boxed(wrap::Joiner::new(rule, wrap::Between::Blanks, &mut shared.weighers))),
];

/// Makes the detector that `name` calls for within a pass, fed with the rule's parameters.
fn detector(name: &str, rule: &Arc<Rule>, shared: &mut Shared) -> Made {
    match DETECTORS.iter().find(|kind| kind.pass == rule.pass() && kind.name == name) {
        Some(kind) => (kind.make)(rule.clone(), shared),
        None => Err(rule.error(
            "detector",
            format!("the pass `{}` has no detector `{name}`", rule.pass()),
            "see docs/passes.md for the detectors of each pass",
        )),
    }
}
