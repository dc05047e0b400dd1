//! What weighed in a decision, in words.

use super::features::{FEATURES, is_measureless};
use super::{Break, Features, Kind};
use crate::pass::page::{End, Setting, Start};
use std::collections::BTreeMap;

/// Contributions below this many thousandths of log-odds are not worth a word.
const LEAST: i32 = 150;

/// What each kind of evidence adds to the log-odds of the join, in thousandths, the greatest first.
pub(in crate::pass) fn reasons(seam: &Break<'_, '_, '_>, values: &Features, contributions: &[i32]) -> Vec<(i32, String)> {
    let mut sums: BTreeMap<Kind, i32> = BTreeMap::new();
    for ((_, kind), share) in FEATURES.iter().zip(contributions) {
        *sums.entry(*kind).or_default() += share;
    }
    let mut said: Vec<(i32, Kind)> = sums.into_iter().map(|(kind, sum)| (sum, kind)).filter(|(sum, _)| sum.abs() >= LEAST).collect();
    said.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    said.into_iter().map(|(sum, kind)| (sum, say(seam, values, kind))).collect()
}

fn say(seam: &Break<'_, '_, '_>, values: &Features, kind: Kind) -> String {
    let (a, b) = (seam.a, seam.b);
    match kind {
        Kind::Ending => match a.end {
            End::Sentence => "the line ends a sentence",
            End::Comma => "the line ends with a comma",
            End::Semicolon => "the line ends with a semicolon",
            End::Colon => "the line ends with a colon",
            End::Opener => "the line ends with an opening bracket",
            End::Alnum => "the line ends with a letter or digit",
            End::Han if a.closed => "the line ends with a closing quote or bracket",
            End::Han if a.ends_open => "the line ends with a word that no clause ends with",
            End::Han => "the line breaks off without a mark",
            End::Other => "the line ends with a sign",
        }
        .into(),
        Kind::Beginning => match b.start {
            Start::Forbidden => "the next line begins with a mark that no line begins with",
            Start::Quote => "the next line begins with a quote",
            Start::Bracket => "the next line begins with a bracket",
            Start::Han if b.begins_open => "the next line begins with a word that no clause begins with",
            Start::Han => "the next line begins with a character",
            Start::Lower => "the next line begins with a lower-case letter",
            Start::Upper => "the next line begins with a capital",
            Start::Digit => "the next line begins with a digit",
            Start::Other => "the next line begins with a sign",
        }
        .into(),
        Kind::Room | Kind::NextWidth if is_measureless(values) => "the lines here are whole paragraphs".into(),
        Kind::Room if a.spaced => "the line is justified with blanks".into(),
        Kind::Room => match seam.spare() {
            spare if spare < 0 => "what follows did not fit on the line".into(),
            spare => format!("what follows would have fitted on the line, with {spare} cells to spare"),
        },
        Kind::NextWidth => match seam.right as i64 - b.edge() as i64 {
            short if short <= 0 => "the next line fills the measure".into(),
            3..=5 => "the next line is two characters short, as a first line without its indent".into(),
            short => format!("the next line is {short} cells short"),
        },
        Kind::Blank if b.page_top => "a page ends between".into(),
        Kind::Blank => match b.blanks {
            0 => "no blank line between".into(),
            1 => "a blank line between".into(),
            count => format!("{count} blank lines between"),
        },
        Kind::Indent => match b.indent.cmp(&a.indent) {
            std::cmp::Ordering::Greater => "the next line is indented more".into(),
            std::cmp::Ordering::Less => "the next line is indented less".into(),
            std::cmp::Ordering::Equal => "both lines are indented alike".into(),
        },
        Kind::Bracket if seam.depth() > 0 => "a bracket or quote is still open".into(),
        Kind::Bracket => "no bracket or quote is open".into(),
        Kind::Word => match seam.view.page.lexicon.word_across(seam.text(a), seam.text(b)) {
            Some((word, _)) if values[0] > 0 => format!("`{word}` runs across the break"),
            _ => "no word runs across the break".into(),
        },
        Kind::Neighbours => match seam.cuts {
            (full, loose) if full > loose => format!("{full} lines around break off at their measure"),
            (_, 0) => "the lines around do not break off".into(),
            (_, loose) => format!("{loose} lines around break off before their measure"),
        },
        Kind::Block => format!("the block has {} lines", seam.block(seam.index).count),
        Kind::Document => match seam.view.page.profile.setting {
            Setting::Flowing => "the document as a whole has one paragraph a line",
            Setting::Columns => "the document is set in columns",
            Setting::Wide => "the document is hard-wrapped",
        }
        .into(),
        Kind::List if b.list_item => "the next line begins an item of a list".into(),
        Kind::List if a.list_item => "the line begins an item of a list".into(),
        Kind::List => "neither line begins an item of a list".into(),
        Kind::Headline if a.caption => "the line is a caption".into(),
        Kind::Headline if b.caption => "the next line is a caption".into(),
        Kind::Headline if a.headline_zone || b.headline_zone => "headlines stand here".into(),
        Kind::Headline if a.speaker || b.speaker => "somebody speaks".into(),
        Kind::Headline if seam.view.page.headline_like(seam.index) => "the line could be a headline".into(),
        Kind::Headline => "the line is no headline".into(),
        Kind::Markup => "what signs and gaps the lines hold".into(),
        Kind::Latin if a.latin > 50 => "the line is Latin text".into(),
        Kind::Latin => "how much of the lines is Latin".into(),
        Kind::Length => format!("the lines are {} and {} cells long", a.cells, b.cells),
    }
}
