//! How well trees decided on documents that they had not seen.

use super::paint::Paint;
use crate::fit::{Decided, Document, Judged, Proofread, Ranking, Tally, decided};
use crate::tree::probability;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The precision for which thresholds are set when it is asked what needs no person.
const SURE: f64 = 0.998;

/// The table of kinds: breaks, F1 of the breaks that stay and of those joined, and what is decided surely.
///
/// # Errors
/// Those of `out`.
pub fn table(documents: &[Document], judged: &[Judged], folds: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut kinds: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
    for one in judged {
        kinds.entry(&documents[one.document].kind).or_default().push(one);
    }
    let width = kinds.keys().map(|kind| kind.len()).max().unwrap_or(0).max(12);
    let head = format!(
        "{:width$}  {:>6}  {:>5}  {:>8}  {:>5}  {:>5}  {:>6}  {:>6}  {:>9}",
        "kind", "breaks", "joins", "boundary", "join", "wrong", "missed", "sure", "precision"
    );
    writeln!(out, "{}", paint.bold(head))?;
    let all: Vec<&Judged> = judged.iter().collect();
    for (kind, judged) in kinds.into_iter().chain([("all", all)]) {
        let tally = Tally::of(judged.iter().copied(), 0.5);
        let Decided { all, joined, kept } = decided(documents, &judged, folds, SURE);
        let share =
            |part: usize, all: usize| if all == 0 { "-".into() } else { format!("{:.1}%", part as f64 * 100.0 / all as f64) };
        writeln!(
            out,
            "{kind:width$}  {:>6}  {:>5}  {:>8.3}  {:>5.3}  {:>5}  {:>6}  {:>6}  {:>9}",
            tally.count(),
            tally.joined + tally.kept_wrongly,
            tally.boundary_f1(),
            tally.join_f1(),
            tally.joined_wrongly,
            tally.kept_wrongly,
            share(joined.0 + kept.0, all),
            share(joined.1 + kept.1, joined.0 + kept.0),
        )?;
    }
    Ok(())
}

/// The decisions that were wrong, the surest first, one a line, tabs between: kind, document, line, what went wrong, the
/// probability of a join, the line, and what follows after one `⏎` for each line break.
///
/// # Errors
/// Those of `out`.
pub fn errors(documents: &[Document], judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    let mut wrong: Vec<&Judged> = judged.iter().filter(|j| (j.score >= 0) != j.join).collect();
    wrong.sort_by_key(|j| (std::cmp::Reverse(j.score.abs()), j.document, j.at));
    for one in wrong {
        let document = &documents[one.document];
        let (before, after) = document.text.split_at(one.at);
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or(before).trim();
        let next = after.trim_start();
        let breaks = "⏎".repeat(after[..after.len() - next.len()].matches('\n').count());
        let next = next.lines().next().unwrap_or_default();
        let what = if one.join { "missed" } else { "wrong" };
        let (kind, name, chance) = (&document.kind, &document.name, probability(one.score));
        writeln!(out, "{kind}\t{name}\t{line}\t{what}\t{chance:.3}\t{last}\t{breaks}{next}")?;
    }
    Ok(())
}

/// The table of kinds for misreads: characters, misread ones, how many of these were doubted, average precision, precision of
/// the first hundredth and of the first fifth found, misreads met within five hundredths, rank correlation over pages, and the
/// estimated share.
///
/// # Errors
/// Those of `out`.
pub fn rankings(rankings: &[(&str, Ranking)], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let width = rankings.iter().map(|(kind, _)| kind.len()).max().unwrap_or(0).max(12);
    let head = format!(
        "{:width$}  {:>10}  {:>6}  {:>7}  {:>7}  {:>5}  {:>9}  {:>9}  {:>9}  {:>5}  {:>9}  {:>6}",
        "kind",
        "characters",
        "wrong",
        "reached",
        "doubted",
        "AP",
        "P of 1 %",
        "P at R .2",
        "met 5 %",
        "pages",
        "estimated",
        "true"
    );
    writeln!(out, "{}", paint.bold(head))?;
    for (kind, r) in rankings {
        let share = |part: usize, all: usize| format!("{:.1}%", part as f64 * 100.0 / all.max(1) as f64);
        writeln!(
            out,
            "{kind:width$}  {:>10}  {:>6}  {:>7}  {:>7}  {:>5.3}  {:>9.3}  {:>9.3}  {:>9.3}  {:>5.2}  {:>9}  {:>6}",
            r.characters,
            r.wrong,
            share(r.reached, r.wrong),
            share(r.doubted, r.characters),
            r.average_precision,
            r.at[1].0,
            r.precision_at_fifth,
            r.at[3].1,
            r.pages,
            format!("{:.2}%", r.estimated * 100.0),
            share(r.wrong, r.characters),
        )?;
    }
    Ok(())
}

/// All doubtful characters, the likeliest misread first, one a line, tabs between: kind, page, whether it is misread, the
/// probability, and the text around it.
///
/// # Errors
/// Those of `out`.
pub fn misreads(pages: &[Proofread], judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    let mut sorted: Vec<&Judged> = judged.iter().collect();
    sorted.sort_by_key(|one| (std::cmp::Reverse(one.score), one.document, one.at));
    for one in sorted {
        let page = &pages[one.document];
        let (before, after) = page.text.split_at(one.at);
        let start = before.char_indices().rev().nth(9).map_or(0, |(at, _)| at);
        let end = after.char_indices().nth(10).map_or(after.len(), |(at, _)| at);
        let width = after.chars().next().map_or(0, char::len_utf8);
        let (c, rest) = after[..end].split_at(width);
        let around = format!("{}⟦{c}⟧{rest}", &before[start..]).replace('\n', "⏎");
        let what = if one.join { "wrong" } else { "right" };
        writeln!(out, "{}\t{}\t{what}\t{:.3}\t{around}", page.kind, page.name, probability(one.score))?;
    }
    Ok(())
}
