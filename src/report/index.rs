//! What an index holds, for people and programs.

use super::Paint;
use crate::index::{CorpusIndex, Group, Near, ROWS, Summary};
use crate::lexicon::Lexicon;
use crate::pass::across::{Closeness, Verified, verify};
use rayon::prelude::*;
use serde::Serialize;
use std::io::{self, Write};

/// How much to list.
#[derive(Debug, Clone, Copy)]
pub struct Listing {
    /// Entries.
    pub most: usize,
    /// Places of each.
    pub places: u64,
}

/// Longer texts are cut in lists for people, in characters.
const LONGEST: usize = 60;
/// Entries that are made at a time.
const BATCH: usize = 1024;

/// The numbers, one a line.
///
/// # Errors
/// Those of `out`.
pub fn stats(summary: &Summary, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let share = |part: u64| match summary.characters {
        0 => String::new(),
        all => format!("  ({:.1} %)", part as f64 * 100.0 / all as f64),
    };
    let rows = [
        ("documents", summary.documents, String::new()),
        ("paragraphs", summary.paragraphs, String::new()),
        ("characters (letters, digits, Han)", summary.characters, String::new()),
        ("different paragraphs that are repeated", summary.repeated, String::new()),
        ("of them in several documents", summary.across, String::new()),
        ("copies beyond the first", summary.copies, String::new()),
        ("characters of those", summary.copied_characters, share(summary.copied_characters)),
        ("pairs of paragraphs that may be nearly the same", summary.near_paragraphs, String::new()),
        ("documents that are the same as an earlier one", summary.same_documents, String::new()),
        ("pairs of documents that may be nearly the same", summary.near_documents, String::new()),
    ];
    rows.iter().try_for_each(|(what, number, more)| writeln!(out, "{:>12}  {what}{more}", paint.bold(format!("{number:>12}"))))
}

/// The numbers as a JSON object.
///
/// # Errors
/// Those of `out`.
pub fn stats_json(summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
    super::escape::pretty_json(summary, out)?;
    writeln!(out)
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    path: &'a str,
    line: u32,
}

#[derive(Debug, Serialize)]
struct Repeated<'a> {
    count: u32,
    documents: u32,
    characters: u32,
    text: Option<String>,
    places: Vec<Place<'a>>,
}

fn place(corpus: &CorpusIndex, paragraph: u32) -> Place<'_> {
    let (path, line) = corpus.place(paragraph);
    Place { path, line }
}

fn repeated<'a>(corpus: &'a CorpusIndex, group: &Group, places: u64) -> Repeated<'a> {
    let members = corpus.members(group, places.max(1));
    let text = members.iter().take(3).find_map(|&member| corpus.text(member));
    let places = members.iter().map(|&member| place(corpus, member)).collect();
    Repeated { count: group.count, documents: group.documents, characters: group.chars, text, places }
}

/// The paragraphs that stand most often.
///
/// # Errors
/// Those of `out`.
pub fn groups(corpus: &CorpusIndex, listing: Listing, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut textless = false;
    for group in corpus.most_repeated(listing.most) {
        let one = repeated(corpus, &group, listing.places);
        textless |= one.text.is_none();
        writeln!(out, "{} times in {} documents: {}", paint.bold(one.count), one.documents, excerpt(one.text.as_deref()))?;
        for place in &one.places {
            writeln!(out, "    {}", paint.dim(format!("{}:{}", place.path, place.line)))?;
        }
        let rest = u64::from(one.count) - one.places.len() as u64;
        if rest > 0 {
            writeln!(out, "    {}", paint.dim(format!("and {rest} more")))?;
        }
    }
    if textless { no_text(out) } else { Ok(()) }
}

fn no_text(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "some documents are not here, or were changed: name the folder that they lie in with --root to see their text")
}

fn excerpt(text: Option<&str>) -> String {
    match text {
        None => "(its document is not at hand)".into(),
        Some(text) => {
            let mut shown: String = text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
            if text.chars().nth(LONGEST).is_some() {
                shown.push('…');
            }
            shown
        }
    }
}

/// The same as one JSON array, with all of each text.
///
/// # Errors
/// Those of `out`.
pub fn groups_json(corpus: &CorpusIndex, listing: Listing, out: &mut dyn Write) -> io::Result<()> {
    array(&corpus.most_repeated(listing.most), |group| Some(repeated(corpus, group, listing.places)), out)
}

/// Writes what `make` makes of `entries`, one a line, in their order.
fn array<T: Sync, U: Serialize + Send>(
    entries: &[T],
    make: impl Fn(&T) -> Option<U> + Sync,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut begin = "[";
    for batch in entries.chunks(BATCH) {
        let made: Vec<Option<U>> = batch.par_iter().map(&make).collect();
        for one in made.iter().flatten() {
            writeln!(out, "{begin}")?;
            super::escape::json(one, out)?;
            begin = ",";
        }
    }
    writeln!(out, "{}\n]", if begin == "[" { "[" } else { "" })
}

#[derive(Debug, Serialize)]
struct Pair<'a> {
    /// Rows of the sketches that agree, in per cent.
    alike: u32,
    closeness: &'static str,
    differing: usize,
    characters: usize,
    texts: [String; 2],
    places: [Place<'a>; 2],
}

/// A pair, compared; none when it is no copy or one of its texts is not at hand.
fn pair<'a>(corpus: &'a CorpusIndex, lexicon: &Lexicon, (number, near): (u32, Near)) -> Option<Pair<'a>> {
    let texts = [corpus.text(near.other)?, corpus.text(number)?];
    let Verified { closeness, differing, chars, .. } = verify(lexicon, &texts[0], &texts[1]);
    let closeness = match closeness {
        Closeness::Copy => "copy",
        Closeness::Cut => "cut",
        Closeness::Alike => "alike",
        Closeness::Different => return None,
    };
    let places = [place(corpus, near.other), place(corpus, number)];
    Some(Pair { alike: near.alike * 100 / ROWS as u32, closeness, differing, characters: chars, texts, places })
}

/// Paragraphs that are nearly the same.
///
/// # Errors
/// Those of `out`.
pub fn near(corpus: &CorpusIndex, listing: Listing, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let lexicon = Lexicon::builtin();
    let found = corpus.nearest(listing.most);
    let mut shown = 0;
    for one in found.iter().filter_map(|&one| pair(corpus, &lexicon, one)) {
        shown += 1;
        writeln!(out, "{} of {} characters differ ({})", paint.bold(one.differing), one.characters, one.closeness)?;
        for (place, text) in one.places.iter().zip(&one.texts) {
            writeln!(out, "    {} {}", paint.dim(format!("{}:{}", place.path, place.line)), excerpt(Some(text)))?;
        }
    }
    writeln!(
        out,
        "{shown} of {} pairs are copies or alike; the others differ in more, or in a number, or are not at hand",
        found.len()
    )
}

/// The same as one JSON array.
///
/// # Errors
/// Those of `out`.
pub fn near_json(corpus: &CorpusIndex, listing: Listing, out: &mut dyn Write) -> io::Result<()> {
    let lexicon = Lexicon::builtin();
    array(&corpus.nearest(listing.most), |&one| pair(corpus, &lexicon, one), out)
}
