//! What speaks for and against joining two lines, as named features. The wrap and column rules weigh them.

use super::page::{End, Line, Page, Start};
use crate::lexicon::Lexicon;
use crate::text::chars::{is_blank, is_han, is_line_start_forbidden};
use crate::text::width::column_cells;

/// Each feature: its name in rule files, and what it says to a person when it holds.
pub(super) const FEATURES: [(&str, &str); COUNT] = [
    ("bias", "how often such breaks are joins"),
    ("end-sentence", "the line ends a sentence"),
    ("end-comma", "the line ends with a comma"),
    ("end-semicolon", "the line ends with a semicolon"),
    ("end-colon", "the line ends with a colon"),
    ("end-alnum", "the line ends with a letter or digit"),
    ("end-opener", "the line ends with an opening bracket"),
    ("end-other", "the line ends with a sign"),
    ("end-closed", "the line ends with a closing quote or bracket, not a sentence"),
    ("start-forbidden", "the next line begins with a mark that no line begins with"),
    ("start-quote", "the next line begins with a quote"),
    ("start-bracket", "the next line begins with a bracket"),
    ("start-lower", "the next line begins with a lower-case letter"),
    ("start-upper", "the next line begins with a capital"),
    ("start-digit", "the next line begins with a digit"),
    ("start-other", "the next line begins with a sign"),
    ("full", "the next unit did not fit on the line"),
    ("room-small", "one or two characters more would have fitted"),
    ("room-some", "up to five characters more would have fitted"),
    ("room-much", "the line stops well before the measure"),
    ("half", "the line is shorter than half the measure"),
    ("sentence-full", "the line ends a sentence, at the measure"),
    ("sentence-room", "the line ends a sentence before the measure"),
    ("sentence-first", "the line ends a sentence and the next is set as a first line"),
    ("cut-full", "the line breaks off in mid-sentence, at the measure"),
    ("cut-room-much", "the line breaks off well before the measure"),
    ("over", "the line is longer than those around it"),
    ("next-full", "the next line fills the measure"),
    ("next-first", "the next line is two characters short, as a first line without its indent"),
    ("next-short", "the next line is short"),
    ("next-over", "the next line is longer than those around it"),
    ("blank", "a blank line lies between"),
    ("blank-two", "two blank lines lie between"),
    ("blank-three", "three or more blank lines lie between"),
    ("page-break", "a page ends between"),
    ("blank-sentence", "the line ends a sentence before a blank line"),
    ("blank-cut", "the line breaks off in mid-sentence before a blank line"),
    ("blank-cut-full", "the line breaks off at the measure before a blank line"),
    ("blank-quote", "a blank line lies before a quote"),
    ("indent-grows", "the next line is indented more"),
    ("indent-shrinks", "the next line is indented less"),
    ("indent-same", "both lines are indented alike"),
    ("indent-hangs", "the next line stands under the item's text"),
    ("open-bracket", "a bracket or quote is still open"),
    ("closes-more", "the next line closes what is open"),
    ("word-across", "a word runs across the break"),
    ("word-across-strong", "a common word runs across the break and nothing else begins there"),
    ("latin-runs-on", "a Latin word is followed by a lower-case one"),
    ("next-opener", "the next line opens an article"),
    ("end-mark", "the line closes an article"),
    ("signature", "the line closes with a signature"),
    ("byline", "the line names an author"),
    ("next-byline", "the next line names an author"),
    ("caption", "the line is a caption"),
    ("next-caption", "the next line is a caption"),
    ("list-item", "the line begins a list item"),
    ("next-list-item", "the next line begins a list item"),
    ("markup", "the line is mark-up or code"),
    ("next-markup", "the next line is mark-up or code"),
    ("spaced", "the line was justified, so it is not a last line"),
    ("alone", "the line stands alone between blank lines"),
    ("next-alone", "the next line stands alone between blank lines"),
    ("opener-ahead", "an article opens within the next lines"),
    ("end-behind", "an article closed within the last lines"),
    ("no-marks", "neither line holds any punctuation"),
    ("inner-sentence", "the line holds running text"),
    ("next-inner-sentence", "the next line holds running text"),
    ("block-runs-on", "the lines before run on in the same block"),
    ("previous-cut", "the line before breaks off at the measure too"),
    ("cut-share", "share of lines in the document that break off at the measure"),
    ("both-short", "both lines are short"),
    ("same-start", "both lines begin with the same sign"),
    ("long", "the line is as long as a sentence"),
    ("next-ends-sentence", "a sentence ends in the next line"),
    ("headline", "the line looks like a headline"),
    ("next-headline", "the next line looks like a headline"),
    ("end-function-word", "the line ends with a word that cannot end a clause"),
    ("next-particle", "the next line begins with a word that cannot begin a clause"),
    ("long-cut", "a sentence breaks off and one ends in the next line"),
    ("list-run", "the items before and after it are list items too"),
];

/// The number of features.
pub(super) const COUNT: usize = 80;

/// The features that need the word list, which is asked only when they can change the decision.
pub(super) const LEXICAL: [usize; 2] = [45, 46];

/// Values of the features at one break.
pub(super) type Features = [f32; COUNT];

/// The widest edge that at least two of `lines` share within one cell. Falls back to the widest.
fn measure<'a>(lines: impl Iterator<Item = &'a Line>) -> usize {
    let mut edges = [0usize; 16];
    let mut count = 0;
    for line in lines.filter(|l| !l.markup).take(16) {
        edges[count] = line.edge();
        count += 1;
    }
    let edges = &mut edges[..count];
    edges.sort_unstable();
    let shared = edges.windows(2).rev().find(|pair| pair[1] - pair[0] <= 1).map(|pair| pair[1]);
    shared.or(edges.last().copied()).unwrap_or(0)
}

/// Cells of the first unit of `text` that cannot be broken: a Han character or a Latin word, with the marks that must follow.
pub(super) fn first_unit(text: &str) -> usize {
    let mut chars = text.chars().peekable();
    let Some(first) = chars.next() else { return 0 };
    let mut cells = column_cells(first);
    let opens = crate::text::chars::is_opener(first);
    if opens || first.is_ascii_alphanumeric() {
        let mut previous = first;
        while let Some(&c) = chars.peek() {
            if (opens && previous == first) || (c.is_ascii_graphic() && previous.is_ascii()) {
                cells += column_cells(c);
                previous = c;
                chars.next();
            } else {
                break;
            }
        }
    }
    while let Some(c) = chars.next_if(|&c| is_line_start_forbidden(c)) {
        cells += column_cells(c);
    }
    cells
}

/// The features of the break after line `index` of the page, but for the lexical ones.
pub(super) fn features(page: &Page<'_>, index: usize) -> Features {
    let lines = &page.lines;
    let (a, b) = (&lines[index], &lines[index + 1]);
    let (a_text, b_text) = (page.text_of(a), page.text_of(b));
    // What lies behind an article's opening or before its close belongs to another column.
    let behind = &lines[index.saturating_sub(5)..=index];
    let opening = behind.iter().rposition(|l| l.opener).unwrap_or(0);
    let ahead = &lines[index + 1..(index + 7).min(lines.len())];
    let closing = ahead.iter().position(|l| l.opener).unwrap_or(ahead.len()).max(1);
    let left = measure(behind[opening..].iter());
    let right = measure(ahead[..closing].iter());
    let around = if left.abs_diff(a.edge()) <= 2 || left > a.edge() { left } else { left.max(right) };
    let room = around as i64 - a.edge() as i64;
    let unit = first_unit(b_text) as i64;
    let spare = room - unit + 1;
    let full = spare <= 0 || a.spaced;
    let sentence = a.end == End::Sentence;
    let cut = matches!(a.end, End::Han | End::Comma | End::Alnum | End::Opener) && !a.closed;
    let blank = b.blanks > 0;
    let first_line = right >= 12 && (right as i64 - b.edge() as i64 - 4).abs() <= 1 && b.end != End::Sentence;
    let zone = 4;
    let opener_ahead = lines[index + 1..(index + 1 + zone).min(lines.len())].iter().any(|l| l.opener);
    let recent = &lines[index.saturating_sub(zone)..=index];
    let since_opening = recent.iter().rposition(|l| l.opener);
    let end_behind =
        recent.iter().rposition(|l| l.end_mark || l.signature).is_some_and(|end| since_opening.is_none_or(|o| o < end));
    let text_column = |text: &str| {
        let marker = text.find(|c: char| is_blank(c) || is_han(c)).unwrap_or(0);
        let rest = text[marker..].trim_start_matches(is_blank);
        crate::text::width::column_width(&text[..text.len() - rest.len()])
    };

    let mut f = [0.0; COUNT];
    let mut at = 0;
    let mut put = |value: bool| {
        f[at] = f32::from(u8::from(value));
        at += 1;
    };
    put(true);
    put(sentence);
    put(a.end == End::Comma);
    put(a.end == End::Semicolon);
    put(a.end == End::Colon);
    put(a.end == End::Alnum);
    put(a.end == End::Opener);
    put(a.end == End::Other);
    put(a.closed && !sentence);
    put(b.start == Start::Forbidden);
    put(b.start == Start::Quote);
    put(b.start == Start::Bracket);
    put(b.start == Start::Lower);
    put(b.start == Start::Upper);
    put(b.start == Start::Digit);
    put(b.start == Start::Other);
    put(full);
    put(!full && spare <= 4);
    put(!full && (5..=10).contains(&spare));
    put(!full && spare > 10);
    put(a.edge() * 2 < around);
    put(sentence && full);
    put(sentence && !full && spare > 2);
    put(sentence && first_line);
    put(cut && full);
    put(cut && !full && spare > 10);
    put(room < -2);
    put(b.edge() + 1 >= right && b.edge() <= right + 1);
    put(first_line);
    put(b.edge() + 6 < right);
    put(b.edge() > around + 2);
    put(b.blanks == 1);
    put(b.blanks == 2);
    put(b.blanks >= 3);
    put(b.page_top);
    put(blank && sentence);
    put(blank && cut);
    put(blank && cut && full);
    put(blank && b.start == Start::Quote);
    put(b.indent > a.indent);
    put(b.indent < a.indent);
    put(b.indent == a.indent && a.indent > 0);
    put(a.list_item && b.indent > a.indent && b.indent == a.indent + text_column(a_text));
    put(a.open > 0);
    put(a.open > 0 && b.open < 0);
    put(false);
    put(false);
    put(a.end == End::Alnum && b.start == Start::Lower);
    put(b.opener);
    put(a.end_mark);
    put(a.signature);
    put(a.byline);
    put(b.byline);
    put(a.caption);
    put(b.caption);
    put(a.list_item);
    put(b.list_item);
    put(a.markup);
    put(b.markup);
    put(a.spaced);
    put(page.stands_alone(index));
    put(page.stands_alone(index + 1));
    put(opener_ahead && !sentence);
    put(end_behind && !sentence);
    put(!a.punctuated && !b.punctuated);
    put(a.inner_sentence);
    put(b.inner_sentence);
    put(a.blanks == 0 && index > 0);
    put(index > 0
        && a.blanks == 0
        && matches!(lines[index - 1].end, End::Han | End::Comma)
        && lines[index - 1].edge() + 2 >= left);
    put(false);
    f[at - 1] = page.profile.cut_share as f32;
    let mut put = |value: bool| {
        f[at] = f32::from(u8::from(value));
        at += 1;
    };
    put(a.edge() * 2 < page.profile.measure && b.edge() * 2 < page.profile.measure);
    put(matches!(a.start, Start::Other | Start::Digit) && a_text.chars().next() == b_text.chars().next());
    let headline = page.headline_like(index);
    let ends = b.end == End::Sentence || b.inner_sentence || b.end_mark;
    put(a.chars >= 25);
    put(ends);
    put(headline);
    put(page.headline_like(index + 1));
    put(a.ends_open);
    put(b.begins_open);
    put(cut && a.chars >= 12 && (a.inner_sentence || a.chars >= 25) && !headline && ends);
    put(a.list_item && lines.get(index + 2).is_some_and(|c| c.list_item)
        || b.list_item && index > 0 && lines[index - 1].list_item);
    debug_assert_eq!(at, COUNT);
    f
}

/// The lexical features of the same break, and the word that runs across it.
pub(super) fn lexical(page: &Page<'_>, index: usize) -> ([f32; 2], Option<String>) {
    let (a, b) = (page.text_of(&page.lines[index]), page.text_of(&page.lines[index + 1]));
    across(page.lexicon, a, b)
}

/// Whether a word runs from the end of `left` into `right`: weakly, and beyond doubt.
pub(super) fn across(lexicon: &Lexicon, left: &str, right: &str) -> ([f32; 2], Option<String>) {
    if !left.ends_with(is_han) || !right.starts_with(is_han) {
        return ([0.0; 2], None);
    }
    match lexicon.word_across(left, right) {
        None => ([0.0; 2], None),
        Some((word, frequency)) => {
            let rival = lexicon.word_at_start(right).unwrap_or(0);
            let strong = frequency > rival;
            ([1.0, f32::from(u8::from(strong))], Some(word))
        }
    }
}
