//! The features of a gap: whole numbers, each with a name that files of trees use, by kind of evidence.

use super::{Kind, Place, Row, class};
use crate::pass::page::{Item, Setting};
use crate::pass::seam::end_code;

macro_rules! features {
    ($place:ident; $($kind:ident { $($name:literal = $value:expr;)+ })+) => {
        /// Each feature's name and kind.
        pub(in crate::pass) const FEATURES: &[(&str, Kind)] = &[$($(($name, Kind::$kind)),+),+];

        /// The names alone.
        pub(super) const NAMES: [&str; COUNT] = [$($($name),+),+];

        /// The number of features.
        pub(in crate::pass) const COUNT: usize = [$($($name),+),+].len();

        /// The features of one gap.
        pub(in crate::pass) fn features($place: &Place<'_, '_, '_>) -> Features {
            [$($(i16::try_from($value).expect("values are clipped")),+),+]
        }
    };
}

/// Values of the features at one gap.
pub(in crate::pass) type Features = [i16; COUNT];

features! { p;
    Width {
        "cells" = p.blank().cells.min(60);
        "blanks" = p.blank().count.min(60);
        "shape" = p.blank().shape;
        "excess" = p.excess();
    }
    Sides {
        "before" = class(p.blank().before);
        "after" = class(p.blank().after);
        "beyond-before" = p.around.beyond.0;
        "beyond-after" = p.around.beyond.1;
        "numeral-before" = p.around.numeral.0;
        "numeral-after" = p.around.numeral.1;
        "depth" = p.blank().depth;
    }
    Runs {
        "run-before" = p.around.sides.run.0;
        "run-after" = p.around.sides.run.1;
        "han-before" = p.around.sides.han.0;
        "han-after" = p.around.sides.han.1;
        "shorter-run" = p.around.sides.run.0.min(p.around.sides.run.1);
        "chain" = p.around.chain;
        "within-five" = p.around.dense.0;
        "within-ten" = p.around.dense.1;
    }
    Word {
        "across" = p.around.sides.across;
        "across-before" = p.around.sides.parts.0;
        "across-after" = p.around.sides.parts.1;
        "ends-word" = p.around.sides.ends;
        "starts-word" = p.around.sides.starts;
        "piece-before" = p.around.sides.pieces.0;
        "piece-after" = p.around.sides.pieces.1;
        "association" = p.around.sides.association;
        "known-pair" = p.around.sides.known;
    }
    Elsewhere {
        "pair-touches" = p.pair().tight.min(30);
        "pair-parted" = p.pair().gapped.min(30);
        "classes-parted" = p.habit().share();
        "classes-parted-count" = p.habit().gapped.min(300);
    }
    Line {
        "line-gaps" = p.row().gaps.min(60);
        "line-share" = p.row().share();
        "line-association" = p.row().association;
        "line-across" = p.row().across;
        "line-marks" = p.row().marks.min(60);
        "line-touching" = p.row().tight.min(99);
        "line-other-blanks" = (p.row().blanks.len() - p.row().gaps).min(30);
        "line-narrowest" = narrowest(p.row(), false);
        "line-widest" = widest(p.row(), false);
        "line-narrowest-gap" = narrowest(p.row(), true);
        "line-widest-gap" = widest(p.row(), true);
        "line-wide" = p.row().blanks.iter().take(60).filter(|b| b.cells > 1).count().min(30);
        "line-chars" = p.row().chars.min(200);
        "gap-index" = p.around.index.0;
        "gap-index-back" = p.around.index.1;
        "place" = p.blank().position.min(99);
        "place-back" = (p.row().chars - p.blank().position).min(99);
    }
    Edge {
        "room" = clip(p.view.whole.edge as i64 - p.row().edge as i64);
        "room-despaced" = clip(p.view.whole.edge as i64 - p.row().despaced as i64);
        "edges-alike" = p.near(6).filter(|row| row.edge.abs_diff(p.row().edge) <= 1).count();
        "edges-alike-despaced" = p.near(6).filter(|row| row.despaced.abs_diff(p.row().despaced) <= 1).count();
        "edge-above" = p.row_at(-1).map_or(NONE, |row| clip(row.edge as i64 - p.row().edge as i64));
        "edge-below" = p.row_at(1).map_or(NONE, |row| clip(row.edge as i64 - p.row().edge as i64));
        "edge" = p.row().edge.min(400);
        "block-ends" = p.view.page.lines.get(p.line + 1).is_none_or(|l| l.blanks > 0);
        "block-begins" = p.here().blanks > 0;
    }
    Role {
        "indent" = p.here().indent.min(99);
        "end" = end_code(Some(p.here()));
        "punctuated" = p.here().punctuated;
        "inner-sentence" = p.here().inner_sentence;
        "latin" = p.here().latin;
        "signs" = p.here().signs;
        "list-item" = p.here().list_item;
        "item" = p.here().item != Item::None;
        "headline" = p.view.page.headline_like(p.line);
        "alone" = p.view.page.stands_alone(p.line);
        "opener" = p.here().opener;
        "byline" = p.here().byline;
        "caption" = p.here().caption;
        "signature" = p.here().signature;
        "speaker" = p.here().speaker;
        "quoted" = p.here().quoted;
        "wide-gaps" = p.here().gaps;
    }
    Label {
        "label-before" = p.around.label.0;
        "label-after" = p.around.label.1;
        "name-before" = p.around.name.0;
        "name-after" = p.around.name.1;
        "ordinal" = p.around.ordinal;
    }
    Neighbours {
        "gaps-above" = p.row_at(-1).map_or(-1, |row| row.gaps.min(60) as i16);
        "gaps-below" = p.row_at(1).map_or(-1, |row| row.gaps.min(60) as i16);
        "share-above" = p.row_at(-1).map_or(-1, |row| row.share() as i16);
        "share-below" = p.row_at(1).map_or(-1, |row| row.share() as i16);
        "aligned-above" = p.aligned(-1);
        "aligned-below" = p.aligned(1);
        "near-gapped" = p.near(6).filter(|row| row.gaps > 0).count();
        "near-spaced" = p.near(6).filter(|row| row.gaps >= 3 && row.share() >= 25).count();
    }
    Document {
        "setting" = match p.view.page.profile.setting { Setting::Flowing => 0, Setting::Columns => 1, Setting::Wide => 2 };
        "newspaper" = p.view.page.profile.newspaper;
        "document-lines" = p.view.whole.lines.min(3000);
        "document-gaps" = p.view.whole.gaps.min(3000);
        "document-rate" = p.view.whole.rate;
        "document-gapped-lines" = p.view.whole.gapped_lines;
        "document-spaced-lines" = p.view.whole.spaced_lines;
        "document-indented" = p.view.whole.indented;
        "document-wide" = p.view.whole.wide;
        "document-ideographic" = p.view.whole.ideographic;
        "document-after-mark" = p.view.whole.after_mark;
        "document-marks" = p.view.whole.marks;
        "document-words" = p.view.whole.words;
        "document-single" = p.view.whole.single;
        "document-across" = p.view.whole.across;
        "document-association" = p.view.whole.association;
        "document-edge" = p.view.whole.edge;
        "document-at-edge" = p.view.whole.at_edge;
        "document-gaps-at-edge" = p.view.whole.gaps_at_edge;
        "document-latin-wide" = p.view.whole.latin_wide;
        "document-latin-apart" = p.view.whole.latin_apart;
    }
}

/// Stands for what is not there.
const NONE: i16 = 120;

fn clip(value: i64) -> i16 {
    value.clamp(-99, 99) as i16
}

/// The narrowest of a line's first sixty blanks, or of those between Chinese characters.
fn narrowest(row: &Row, gaps: bool) -> usize {
    row.blanks.iter().take(60).filter(|b| b.decided || !gaps).map(|b| b.cells).min().unwrap_or(0).min(60)
}

fn widest(row: &Row, gaps: bool) -> usize {
    row.blanks.iter().take(60).filter(|b| b.decided || !gaps).map(|b| b.cells).max().unwrap_or(0).min(60)
}
