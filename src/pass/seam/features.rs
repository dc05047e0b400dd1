//! The features of a break: whole numbers, each with a name that files of trees use, by kind of evidence.

use super::{Break, Kind, NONE, clip, end_code, item_code, start_code};
use crate::pass::page::{End, Setting};

macro_rules! features {
    ($break:ident; $($kind:ident { $($name:literal = $value:expr;)+ })+) => {
        /// Each feature's name and kind.
        pub(in crate::pass) const FEATURES: &[(&str, Kind)] = &[$($(($name, Kind::$kind)),+),+];

        /// The names alone.
        pub(super) const NAMES: [&str; COUNT] = [$($($name),+),+];

        /// The kinds, in the order of the features.
        pub(super) const KINDS: [Kind; KIND_COUNT] = [$(Kind::$kind),+];

        /// The number of kinds.
        pub(in crate::pass) const KIND_COUNT: usize = [$(Kind::$kind),+].len();

        /// The number of features.
        pub(in crate::pass) const COUNT: usize = [$($($name),+),+].len();

        /// The features of one break, but for those that need the word list.
        pub(in crate::pass) fn features($break: &Break<'_, '_>) -> Features {
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
        "repeated" = i16::from(s.here.repeated.min(5));
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
        "room-document" = clip(i64::from(s.whole().edge) - s.a.edge() as i64);
        "room-most" = clip(i64::from(s.whole().most_edge) - s.a.edge() as i64);
        "room-page" = s.page.profile.page_edge.map_or(NONE, |m| clip(m as i64 - s.a.edge() as i64));
        "room-share" = s.a.edge() * 100 / s.around.max(s.a.edge()).max(1);
        "unit" = clip(i64::from(s.here.unit));
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
        "depth" = s.here.depth;
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
        "cuts-full" = s.cuts().0;
        "cuts-loose" = s.cuts().1;
        "edge-before" = s.line(-1).map_or(NONE, |l| clip(l.edge() as i64 - s.a.edge() as i64));
        "edge-after" = s.line(2).map_or(NONE, |l| clip(l.edge() as i64 - s.b.edge() as i64));
    }
    Block {
        "block-place" = (s.index - s.block.first).min(30);
        "block-left" = (s.block.first + s.block.count - 1 - s.index).min(30);
        "block-marked" = s.block.marked;
        "block-inside" = s.block.inside;
        "block-spread" = s.block.spread();
        "next-block" = s.next_block.count.min(30);
        "next-block-marked" = s.next_block.marked;
    }
    Document {
        "setting" = match s.page.profile.setting { Setting::Flowing => 0, Setting::Columns => 1, Setting::Wide => 2 };
        "document-cut-share" = (s.page.profile.cut_share * 100.0) as i64;
        "document-lines" = s.whole().lines;
        "document-cut" = s.whole().cut;
        "document-sentence" = s.whole().sentence;
        "document-marked" = s.whole().marked;
        "document-inside" = s.whole().inside;
        "document-blanks" = s.whole().blanks;
        "document-indented" = s.whole().indented;
        "document-wide-indent" = s.whole().wide_indent;
        "document-long" = s.whole().long;
        "document-list" = s.whole().list;
        "document-markup" = s.whole().markup;
        "document-latin" = s.whole().latin;
        "document-common" = s.whole().common;
        "document-edge" = s.whole().edge;
        "document-most-edge" = s.whole().most_edge;
        "document-cut-at-edge" = s.whole().cut_at_edge;
        "document-spaced" = s.whole().spaced;
        "newspaper" = s.page.profile.newspaper;
        "double-spaced" = s.page.profile.double_spaced;
    }
    List {
        "item" = item_code(s.a);
        "next-item" = item_code(s.b);
        "list-item" = s.a.list_item;
        "next-list-item" = s.b.list_item;
        "item-before" = s.line(-1).map_or(0, item_code);
        "item-after" = s.line(2).map_or(0, item_code);
        "same-start" = s.same_start();
        "same-last" = s.text(s.a).chars().next_back() == s.text(s.b).chars().next_back();
    }
    Headline {
        "opener" = s.a.opener;
        "opener-ahead" = s.next.opener;
        "end-behind" = s.here.closer;
        "headline" = s.here.headline;
        "next-headline" = s.next.headline;
        "headline-zone" = s.a.headline_zone || s.b.headline_zone;
        "repeated-ahead" = s.here.repeated_ahead;
        "next-repeated-ahead" = s.next.repeated_ahead;
        "caption" = s.a.caption;
        "next-caption" = s.b.caption;
        "speaker" = s.a.speaker;
        "next-speaker" = s.b.speaker;
        "alone" = s.here.alone;
        "next-alone" = s.next.alone;
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
