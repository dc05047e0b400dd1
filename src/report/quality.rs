//! The estimated share of misread characters, for people and for programs.

use super::Paint;
use crate::pass::Quality;
use serde::Serialize;
use std::io::{self, Write};

/// One document or page. The order of the fields is the order of the keys.
#[derive(Debug, Serialize)]
struct Record<'a> {
    path: &'a str,
    /// Counted from 1; missing for the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<usize>,
    characters: usize,
    wrong_share: f64,
    interval: [f64; 2],
}

/// A share with as many digits as mean something, the same on every machine.
fn rounded(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

/// The document and its pages, none when there is one, each with its number.
fn numbered<'q>(whole: &'q Quality, pages: &'q [Quality]) -> impl Iterator<Item = (Option<usize>, &'q Quality)> {
    let pages = if pages.len() > 1 { pages } else { &[] };
    std::iter::once((None, whole)).chain(pages.iter().enumerate().map(|(index, page)| (Some(index + 1), page)))
}

/// The head of the table.
///
/// # Errors
/// Those of `out`.
pub fn head(paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", paint.bold(" misread    from      to  characters  document"))
}

/// A row for a document, and one for each of its pages.
///
/// # Errors
/// Those of `out`.
pub fn rows(name: &str, whole: &Quality, pages: &[Quality], out: &mut dyn Write) -> io::Result<()> {
    for (page, quality) in numbered(whole, pages) {
        let [share, from, to] =
            [quality.share, quality.interval.0, quality.interval.1].map(|share| format!("{:.2}%", rounded(share) * 100.0));
        let page = page.map_or_else(String::new, |page| format!(", page {page}"));
        writeln!(out, "{share:>8}  {from:>6}  {to:>6}  {:>10}  {name}{page}", quality.characters)?;
    }
    Ok(())
}

/// An object for a document, and one for each of its pages.
///
/// # Errors
/// Those of `out`.
pub fn lines(name: &str, whole: &Quality, pages: &[Quality], out: &mut dyn Write) -> io::Result<()> {
    for (page, quality) in numbered(whole, pages) {
        let interval = [rounded(quality.interval.0), rounded(quality.interval.1)];
        let (characters, wrong_share) = (quality.characters, rounded(quality.share));
        super::escape::json(&Record { path: name, page, characters, wrong_share, interval }, out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
