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
mod seam;
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
pub use seam::Seam;

use crate::edit::{Finding, RuleId};
use crate::rule::{Rule, RuleError};
use std::sync::Arc;

/// Finds one kind of defect on a page. A detector sees text and nothing else: no files, no threads, no other passes.
pub trait Detector: Send + Sync {
    /// Reports what it finds, in spans of `page.text`.
    fn find(&self, page: &Page<'_>) -> Vec<Finding>;

    /// How it came to what it finds and to what it lets be, term by term, where it weighs by terms. For people who ask.
    fn accounts(&self, _page: &Page<'_>) -> Vec<Account> {
        Vec::new()
    }
}

/// What rules of a pipeline share.
struct Shared {
    weighers: wrap::Weighers,
    doubter: Option<Arc<misread::Doubter>>,
    /// Which copy the rules about copies across documents keep, and the rule that says so.
    keep: Option<(RuleId, across::Keep)>,
}

impl Shared {
    fn doubter(&self, rule: &Rule) -> Result<Arc<misread::Doubter>, RuleError> {
        let missing = || rule.error("detector", "the rule `garble/misread` is missing", "start from the built-in pack");
        self.doubter.clone().ok_or_else(missing)
    }
}

/// Makes the detector that `name` calls for within a pass, fed with the rule's parameters.
fn detector(name: &str, rule: &Arc<Rule>, shared: &mut Shared) -> Result<Box<dyn Detector>, RuleError> {
    let rule = rule.clone();
    Ok(match (rule.pass(), name) {
        ("profile", "document-profile") => Box::new(profile::DocumentProfile { rule }),
        ("repair", "character-map") => Box::new(repair::CharacterMap::new(rule)?),
        ("decode", "whole-document") => Box::new(mojibake::WholeDocument::new(rule)?),
        ("repair", "half-width-kana") => Box::new(repair::HalfWidthKana { rule }),
        ("repair", "mojibake") => Box::new(mojibake::Mojibake::new(rule)?),
        ("repair", "entities") => Box::new(escape::Escapes::new(rule, escape::Notation::Entities)?),
        ("repair", "escapes") => Box::new(escape::Escapes::new(rule, escape::Notation::Escapes)?),
        ("split", "glued-article") => Box::new(split::GluedArticle { rule }),
        ("split", "glued-opener") => Box::new(split::GluedOpener::new(rule)?),
        ("despace", "gaps") => Box::new(despace::Gaps::new(rule)?),
        ("despace", "split-word") => Box::new(despace::SplitWord { rule }),
        ("despace", "beside-number") => Box::new(despace::BesideNumber::new(rule)?),
        ("dedupe", "boilerplate") => Box::new(across::Boilerplate::new(rule, &mut shared.keep)?),
        ("dedupe", "reprints") => Box::new(across::Reprints::new(rule, &mut shared.keep)?),
        ("dedupe", "reposts") => Box::new(across::Reposts::new(rule, &mut shared.keep)?),
        ("dedupe", "copies") => Box::new(dedupe::Copies::new(rule, shared.doubter.clone())?),
        ("column", "over-caption") => Box::new(column::OverCaption::new(rule)?),
        ("strip", "ad-blocks") => Box::new(strip::AdBlocks::new(rule)?),
        ("strip", "lines-of-a-kind") => Box::new(strip::LineClass::new(rule)?),
        ("furniture", "running-heads") => Box::new(furniture::RunningHeads::new(rule, false)?),
        ("furniture", "page-numbers") => Box::new(furniture::RunningHeads::new(rule, true)?),
        ("garble", "lost-characters") => Box::new(lost::Lost::new(rule)?),
        ("garble", "repeated-phrase") => Box::new(repeat::RepeatedPhrase::new(rule)?),
        ("garble", "foreign-word") => Box::new(foreign::ForeignWord::new(rule)?),
        ("garble", "letter-for-digit") => Box::new(letters::LetterForDigit::new(rule)?),
        ("garble", "look-alike-letter") => Box::new(letters::LookAlikeLetter::new(rule)?),
        ("garble", "loops") => Box::new(loops::Loops::new(rule)?),
        ("garble", "misreads") => Box::new(misread::Misreads::new(rule.clone(), shared.doubter(&rule)?)?),
        ("garble", "garbled-regions") => Box::new(misread::GarbledRegions::new(rule.clone(), shared.doubter(&rule)?)?),
        ("width", "half-width-document") => Box::new(width::HalfWidth::new(rule, width::Extent::Document)?),
        ("width", "stray-half-width") => Box::new(width::HalfWidth::new(rule, width::Extent::Strays)?),
        ("flag", "lost-text") => Box::new(broken::BrokenTail::new(rule, broken::Broken::LostText)?),
        ("flag", "truncated-article") => Box::new(broken::BrokenTail::new(rule, broken::Broken::Truncated)?),
        ("flag", "misplaced-caption") => Box::new(broken::BrokenTail::new(rule, broken::Broken::Caption)?),
        ("flag", "cut-tail") => Box::new(broken::BrokenTail::new(rule, broken::Broken::CutTail)?),
        ("flag", "orphan-start") => Box::new(broken::OrphanStart::new(rule)?),
        ("flag", "unbalanced") => Box::new(unbalanced::Unbalanced::new(rule)?),
        ("flag", "misplaced-headline") => Box::new(headline::MisplacedHeadline::new(rule)?),
        ("wrap", "join-lines") => Box::new(wrap::Joiner::new(rule, wrap::Between::Nothing, &mut shared.weighers)?),
        ("wrap", "join-column-breaks") | ("column", "join-blocks") => {
            Box::new(wrap::Joiner::new(rule, wrap::Between::Blanks, &mut shared.weighers)?)
        }
        _ => {
            return Err(rule.error(
                "detector",
                format!("the pass `{}` has no detector `{name}`", rule.pass()),
                "see docs/rules.md for the detectors of each pass",
            ));
        }
    })
}
