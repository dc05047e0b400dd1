//! The features of a break: whole numbers, each with a name that files of trees use, by kind of evidence.

use super::repeats::repeated_ahead;
use super::{Break, Kind, NONE, clip, end_code, item_code, start_code};
use crate::pass::page::{End, Setting};

macro_rules! features {
    ($break:ident; $($kind:ident { $($name:literal = $value:expr;)+ })+) => {
        /// Each feature's name and kind.
        pub(in crate::pass) const FEATURES: &[(&str, Kind)] = &[$($(($name, Kind::$kind)),+),+];

        /// The names alone.
        pub(super) const NAMES: [&str; COUNT] = [$($($name),+),+];

        /// The number of features.
        pub(in crate::pass) const COUNT: usize = [$($($name),+),+].len();

        /// The features of one break, but for those that need the word list.
        pub(in crate::pass) fn features($break: &Break<'_, '_, '_>) -> Features {
            [$($(i16::try_from($value).expect("values are clipped")),+),+]
        }
    };
}

/// Values of the features at one break.
pub(in crate::pass) type Features = [i16; COUNT];

/// A line of more cells is a paragraph: around it nothing is wrapped, and widths say nothing.
const PARAGRAPH: i16 = 150;

const fn place(name: &str) -> usize {
    let name = name.as_bytes();
    let mut at = 0;
    loop {
        let known = NAMES[at].as_bytes();
        let mut same = known.len() == name.len();
        let mut byte = 0;
        while same && byte < name.len() {
            same = known[byte] == name[byte];
            byte += 1;
        }
        if same {
            return at;
        }
        at += 1;
    }
}

const LENGTHS: [usize; 3] = [place("cells"), place("next-cells"), place("cells-before")];

const MEASURED: [usize; 13] = [
    place("spare"),
    place("room"),
    place("room-left"),
    place("room-right"),
    place("room-document"),
    place("room-most"),
    place("room-page"),
    place("next-short"),
    place("next-room"),
    place("next-spare"),
    place("spare-before"),
    place("spare-after"),
    place("measures-differ"),
];

/// Whether the lines around a break are too long to be wrapped.
pub(super) fn is_measureless(values: &Features) -> bool {
    LENGTHS.iter().any(|&at| values[at] > PARAGRAPH)
}

/// Forgets what only a measure gives a meaning to, where there is none.
pub(in crate::pass) fn forget_measure(values: &mut Features) {
    if is_measureless(values) {
        MEASURED.iter().for_each(|&at| values[at] = NONE);
    }
}

features! { s;
    Word {
        "word-across" = 0;
        "word-rival" = 0;
        "association" = 0;
        "closes-paragraph" = 0;
        "opens-paragraph" = 0;
        "repeated" = s.view.repeats[s.index].min(5);
    }
    Ending {
        "end" = end_code(Some(s.a));
        "end-closed" = s.a.closed;
        "end-open-word" = s.a.ends_open;
        "end-signature" = s.a.signature;
    }
    Beginning {
        "start" = start_code(Some(s.b));
        "start-particle" = s.b.begins_open;
    }
    Room {
        "spare" = clip(s.spare());
        "room" = clip(s.around as i64 - s.a.edge() as i64);
        "room-left" = clip(s.left as i64 - s.a.edge() as i64);
        "room-right" = clip(s.right as i64 - s.a.edge() as i64);
        "room-document" = clip(i64::from(s.view.whole.edge) - s.a.edge() as i64);
        "room-most" = clip(i64::from(s.view.whole.most_edge) - s.a.edge() as i64);
        "room-page" = s.view.page.profile.page_edge.map_or(NONE, |m| clip(m as i64 - s.a.edge() as i64));
        "room-share" = s.a.edge() * 100 / s.around.max(s.a.edge()).max(1);
        "unit" = clip(s.view.units[s.index] as i64);
        "spaced" = s.a.spaced;
    }
    NextWidth {
        "next-short" = clip(s.right as i64 - s.b.edge() as i64);
        "next-room" = clip(s.around as i64 - s.b.edge() as i64);
        "next-spare" = s.spare_at(1);
        "next-spaced" = s.b.spaced;
        "measures-differ" = clip(s.right as i64 - s.left as i64);
    }
    Blank {
        "blanks" = s.b.blanks.min(9);
        "page-top" = s.b.page_top;
        "blanks-before" = s.a.blanks.min(9);
        "blanks-after" = s.line(2).map_or(9, |l| l.blanks.min(9));
    }
    Indent {
        "indent" = clip(s.a.indent as i64);
        "next-indent" = clip(s.b.indent as i64);
        "indent-grows" = clip(s.b.indent as i64 - s.a.indent as i64);
        "indent-grew" = s.line(-1).map_or(NONE, |l| clip(s.a.indent as i64 - l.indent as i64));
        "indent-will-grow" = s.line(2).map_or(NONE, |l| clip(l.indent as i64 - s.b.indent as i64));
        "hang" = s.hang();
        "next-wide-indent" = s.b.wide_indent;
    }
    Bracket {
        "open" = s.a.open.clamp(-9, 9);
        "next-open" = s.b.open.clamp(-9, 9);
        "depth" = s.depth();
    }
    Neighbours {
        "end-before" = end_code(s.line(-1));
        "end-before-2" = end_code(s.line(-2));
        "end-next" = end_code(Some(s.b));
        "end-after" = end_code(s.line(2));
        "start-here" = start_code(Some(s.a));
        "start-after" = start_code(s.line(2));
        "spare-before" = s.spare_at(-1);
        "spare-before-2" = s.spare_at(-2);
        "spare-before-3" = s.spare_at(-3);
        "end-before-3" = end_code(s.line(-3));
        "end-after-2" = end_code(s.line(3));
        "blanks-before-2" = s.line(-1).map_or(9, |l| l.blanks.min(9));
        "spare-after" = s.spare_at(2);
        "cuts-full" = s.cuts.0;
        "cuts-loose" = s.cuts.1;
        "edge-before" = s.line(-1).map_or(NONE, |l| clip(l.edge() as i64 - s.a.edge() as i64));
        "edge-after" = s.line(2).map_or(NONE, |l| clip(l.edge() as i64 - s.b.edge() as i64));
    }
    Block {
        "block-place" = (s.index - s.block(s.index).first).min(30);
        "block-left" = { let block = s.block(s.index); (block.first + block.count - 1 - s.index).min(30) };
        "block-marked" = { let block = s.block(s.index); block.marked * 100 / block.count };
        "block-inside" = { let block = s.block(s.index); block.inside * 100 / block.count };
        "block-spread" = { let block = s.block(s.index); clip(block.edges.1 as i64 - block.edges.0 as i64) };
        "next-block" = s.block(s.index + 1).count.min(30);
        "next-block-marked" = { let block = s.block(s.index + 1); block.marked * 100 / block.count };
    }
    Document {
        "setting" = match s.view.page.profile.setting { Setting::Flowing => 0, Setting::Columns => 1, Setting::Wide => 2 };
        "document-cut-share" = (s.view.page.profile.cut_share * 100.0) as i64;
        "document-lines" = s.view.whole.lines;
        "document-cut" = s.view.whole.cut;
        "document-sentence" = s.view.whole.sentence;
        "document-marked" = s.view.whole.marked;
        "document-inside" = s.view.whole.inside;
        "document-blanks" = s.view.whole.blanks;
        "document-indented" = s.view.whole.indented;
        "document-wide-indent" = s.view.whole.wide_indent;
        "document-long" = s.view.whole.long;
        "document-list" = s.view.whole.list;
        "document-markup" = s.view.whole.markup;
        "document-latin" = s.view.whole.latin;
        "document-common" = s.view.whole.common;
        "document-edge" = s.view.whole.edge;
        "document-most-edge" = s.view.whole.most_edge;
        "document-cut-at-edge" = s.view.whole.cut_at_edge;
        "document-spaced" = s.view.whole.spaced;
        "newspaper" = s.view.page.profile.newspaper;
        "double-spaced" = s.view.page.profile.double_spaced;
    }
    List {
        "item" = item_code(s.a);
        "next-item" = item_code(s.b);
        "list-item" = s.a.list_item;
        "next-list-item" = s.b.list_item;
        "item-before" = s.line(-1).map_or(0, item_code);
        "item-after" = s.line(2).map_or(0, item_code);
        "same-start" = s.text(s.a).chars().zip(s.text(s.b).chars()).take(9).take_while(|(x, y)| x == y).count();
        "same-last" = s.text(s.a).chars().next_back() == s.text(s.b).chars().next_back();
    }
    Headline {
        "opener" = s.a.opener;
        "opener-ahead" = s.articles.0;
        "end-behind" = s.articles.1;
        "headline" = s.view.page.headline_like(s.index);
        "next-headline" = s.view.page.headline_like(s.index + 1);
        "headline-zone" = s.a.headline_zone || s.b.headline_zone;
        "repeated-ahead" = repeated_ahead(s.view.page, s.index);
        "next-repeated-ahead" = repeated_ahead(s.view.page, s.index + 1);
        "caption" = s.a.caption;
        "next-caption" = s.b.caption;
        "speaker" = s.a.speaker;
        "next-speaker" = s.b.speaker;
        "alone" = s.view.page.stands_alone(s.index);
        "next-alone" = s.view.page.stands_alone(s.index + 1);
    }
    Markup {
        "signs" = s.a.signs;
        "next-signs" = s.b.signs;
        "gaps" = s.a.gaps;
        "next-gaps" = s.b.gaps;
        "markup-before" = s.line(-1).is_some_and(|l| l.markup);
        "markup-after" = s.line(2).is_some_and(|l| l.markup);
        "trailing" = s.a.trailing.min(9);
        "quoted" = s.a.quoted;
    }
    Latin {
        "latin" = s.a.latin;
        "next-latin" = s.b.latin;
        "latin-runs-on" = s.a.end == End::Alnum && start_code(Some(s.b)) == 2;
    }
    Length {
        "cells" = s.a.cells.min(300);
        "next-cells" = s.b.cells.min(300);
        "cells-before" = s.line(-1).map_or(NONE, |l| l.cells.min(300) as i16);
        "inner-sentence" = s.a.inner_sentence;
        "next-inner-sentence" = s.b.inner_sentence;
        "commas" = s.a.commas.min(9);
        "next-commas" = s.b.commas.min(9);
        "punctuated" = s.a.punctuated;
        "next-punctuated" = s.b.punctuated;
    }
}
