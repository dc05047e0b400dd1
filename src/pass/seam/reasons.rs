//! What weighed in a decision, in words. Most joins are never asked for their reasons: what the words need is kept, and they
//! are found when somebody reads them.

use super::features::{FEATURES, KINDS, is_measureless};
use super::{Break, Features, KIND_COUNT, Kind, weighed};
use crate::lexicon::LONGEST;
use crate::pass::page::{End, Setting, Start};
use crate::tree::{Forest, Plan, SCALE, Shares};
use std::cmp::Ordering;

/// Contributions below this many thousandths of log-odds are not worth a word.
const LEAST: i32 = 150;

/// What each kind of evidence adds to a score.
pub(in crate::pass) type KindShares = Shares<KIND_COUNT>;

/// Prepares trees for questions about their reasons.
pub(in crate::pass) fn kind_shares(trees: &Forest) -> KindShares {
    let place = |kind: Kind| KINDS.iter().position(|&known| known == kind).unwrap_or(0);
    Shares::new(trees, &FEATURES.iter().map(|&(_, kind)| place(kind)).collect::<Vec<_>>())
}

/// What was known of a break when it was decided on.
#[derive(Debug, Clone)]
pub(in crate::pass) struct Facts {
    values: Features,
    setting: Setting,
    end: End,
    closed: bool,
    ends_open: bool,
    start: Start,
    begins_open: bool,
    spaced: bool,
    page_top: bool,
    indent: Ordering,
    open: bool,
    list_item: (bool, bool),
    caption: (bool, bool),
    headline_zone: bool,
    speaker: bool,
    headline: bool,
    latin: bool,
    cuts: (i16, i16),
    spare: i64,
    short: i64,
    blanks: usize,
    lines: usize,
    cells: (usize, usize),
    /// The word that runs across the break.
    word: [char; LONGEST],
}

impl Facts {
    pub(in crate::pass) fn of(seam: &Break<'_, '_>) -> Facts {
        let values = weighed(seam);
        let (a, b) = (seam.a, seam.b);
        let mut word = ['\0'; LONGEST];
        // The first value is the frequency of a word across the break, and nought if there is none.
        if values[0] > 0
            && let Some(crossing) = seam.page.lexicon.crossing(seam.text(a), seam.text(b))
        {
            let (before, after) = word.split_at_mut(crossing.before);
            before.iter_mut().rev().zip(seam.text(a).chars().rev()).for_each(|(place, c)| *place = c);
            after.iter_mut().take(crossing.after).zip(seam.text(b).chars()).for_each(|(place, c)| *place = c);
        }
        Facts {
            values,
            setting: seam.page.profile.setting,
            end: a.end,
            closed: a.closed,
            ends_open: a.ends_open,
            start: b.start,
            begins_open: b.begins_open,
            spaced: a.spaced,
            page_top: b.page_top,
            indent: b.indent.cmp(&a.indent),
            open: seam.here.depth > 0,
            list_item: (a.list_item, b.list_item),
            caption: (a.caption, b.caption),
            headline_zone: a.headline_zone || b.headline_zone,
            speaker: a.speaker || b.speaker,
            headline: seam.here.headline,
            latin: a.latin > 50,
            cuts: seam.cuts(),
            spare: seam.spare(),
            short: seam.right as i64 - b.edge() as i64,
            blanks: b.blanks,
            lines: seam.block.count,
            cells: (a.cells, b.cells),
            word,
        }
    }

    /// For each of some joins, the strongest reasons for it, then the strongest against it.
    pub(in crate::pass) fn tell_all(all: &[Facts], plan: &Plan, shares: &KindShares) -> Vec<Vec<String>> {
        let rows: Vec<&Features> = all.iter().map(|facts| &facts.values).collect();
        all.iter().zip(shares.of(plan, &rows)).map(|(facts, shares)| facts.tell(&shares)).collect()
    }

    fn tell(&self, shares: &[i32; KIND_COUNT]) -> Vec<String> {
        let mut kinds: Vec<(i32, Kind)> = shares.iter().copied().zip(KINDS).filter(|(sum, _)| sum.abs() >= LEAST).collect();
        kinds.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let tell = |&(sum, kind): &(i32, Kind)| format!("{} ({:+.1})", self.say(kind), sum as f32 / SCALE as f32);
        let mut told: Vec<String> = kinds.iter().filter(|k| k.0 > 0).take(3).map(tell).collect();
        told.extend(kinds.iter().rev().filter(|k| k.0 < 0).take(2).map(tell));
        told
    }

    fn say(&self, kind: Kind) -> String {
        match kind {
            Kind::Ending => match self.end {
                End::Sentence => "the line ends a sentence",
                End::Comma => "the line ends with a comma",
                End::Semicolon => "the line ends with a semicolon",
                End::Colon => "the line ends with a colon",
                End::Opener => "the line ends with an opening bracket",
                End::Alnum => "the line ends with a letter or digit",
                End::Han if self.closed => "the line ends with a closing quote or bracket",
                End::Han if self.ends_open => "the line ends with a word that no clause ends with",
                End::Han => "the line breaks off without a mark",
                End::Other => "the line ends with a sign",
            }
            .into(),
            Kind::Beginning => match self.start {
                Start::Forbidden => "the next line begins with a mark that no line begins with",
                Start::Quote => "the next line begins with a quote",
                Start::Bracket => "the next line begins with a bracket",
                Start::Han if self.begins_open => "the next line begins with a word that no clause begins with",
                Start::Han => "the next line begins with a character",
                Start::Lower => "the next line begins with a lower-case letter",
                Start::Upper => "the next line begins with a capital",
                Start::Digit => "the next line begins with a digit",
                Start::Other => "the next line begins with a sign",
            }
            .into(),
            Kind::Room | Kind::NextWidth if is_measureless(&self.values) => "the lines here are whole paragraphs".into(),
            Kind::Room if self.spaced => "the line is justified with blanks".into(),
            Kind::Room => match self.spare {
                spare if spare < 0 => "what follows did not fit on the line".into(),
                spare => format!("what follows would have fitted on the line, with {spare} cells to spare"),
            },
            Kind::NextWidth => match self.short {
                short if short <= 0 => "the next line fills the measure".into(),
                3..=5 => "the next line is two characters short, as a first line without its indent".into(),
                short => format!("the next line is {short} cells short"),
            },
            Kind::Blank if self.page_top => "a page ends between".into(),
            Kind::Blank => match self.blanks {
                0 => "no blank line between".into(),
                1 => "a blank line between".into(),
                count => format!("{count} blank lines between"),
            },
            Kind::Indent => match self.indent {
                Ordering::Greater => "the next line is indented more".into(),
                Ordering::Less => "the next line is indented less".into(),
                Ordering::Equal => "both lines are indented alike".into(),
            },
            Kind::Bracket if self.open => "a bracket or quote is still open".into(),
            Kind::Bracket => "no bracket or quote is open".into(),
            Kind::Word => match self.word.iter().take_while(|&&c| c != '\0').collect::<String>() {
                word if word.is_empty() => "no word runs across the break".into(),
                word => format!("`{word}` runs across the break"),
            },
            Kind::Neighbours => match self.cuts {
                (full, loose) if full > loose => format!("{full} lines around break off at their measure"),
                (_, 0) => "the lines around do not break off".into(),
                (_, loose) => format!("{loose} lines around break off before their measure"),
            },
            Kind::Block => format!("the block has {} lines", self.lines),
            Kind::Document => match self.setting {
                Setting::Flowing => "the document as a whole has one paragraph a line",
                Setting::Columns => "the document is set in columns",
                Setting::Wide => "the document is hard-wrapped",
            }
            .into(),
            Kind::List if self.list_item.1 => "the next line begins an item of a list".into(),
            Kind::List if self.list_item.0 => "the line begins an item of a list".into(),
            Kind::List => "neither line begins an item of a list".into(),
            Kind::Headline if self.caption.0 => "the line is a caption".into(),
            Kind::Headline if self.caption.1 => "the next line is a caption".into(),
            Kind::Headline if self.headline_zone => "headlines stand here".into(),
            Kind::Headline if self.speaker => "somebody speaks".into(),
            Kind::Headline if self.headline => "the line could be a headline".into(),
            Kind::Headline => "the line is no headline".into(),
            Kind::Markup => "what signs and gaps the lines hold".into(),
            Kind::Latin if self.latin => "the line is Latin text".into(),
            Kind::Latin => "how much of the lines is Latin".into(),
            Kind::Length => format!("the lines are {} and {} cells long", self.cells.0, self.cells.1),
        }
    }
}
