//! Scores of documents, for people and for programs.

use super::columns;
use super::paint::Paint;
use crate::records::{ColumnKind, Columns};
use crate::score::{
    Better, Card, Collected, Distributions, FILTERS, Failed, Fixed, LADDER, PARTS, Reason, SIGNALS, Sheet, Signal, Unit,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::io::{self, Write};

/// A document as programs are told of it. The order of the fields is the order of the keys.
#[derive(serde::Serialize)]
struct Record<'a> {
    path: &'a str,
    changed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<bool>,
    before: Signals<'a>,
    after: Signals<'a>,
    failed: Both<'a>,
}

#[derive(serde::Serialize)]
struct Both<'a> {
    before: Verdicts<'a>,
    after: Verdicts<'a>,
}

/// The signals of one side by their names.
struct Signals<'a>(&'a Sheet);

impl Serialize for Signals<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(SIGNALS.len()))?;
        for signal in SIGNALS {
            match (signal.unit, signal.of(self.0)) {
                (Unit::YesNo, value) => map.serialize_entry(signal.name, &(value != Fixed::ZERO))?,
                (_, value) => map.serialize_entry(signal.name, &value)?,
            }
        }
        map.end()
    }
}

/// The thresholds that filters find failed.
struct Verdicts<'a>(&'a Sheet);

impl Serialize for Verdicts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let failed = FILTERS.iter().zip(&self.0.failed).filter(|(_, failed)| !failed.is_empty());
        serializer.collect_map(failed.map(|(filter, failed)| (filter.name, failed)))
    }
}

/// An object for a document; `kept` when it was asked whether to keep it.
///
/// # Errors
/// Those of `out`.
pub fn line(path: &str, card: &Card, kept: Option<bool>, out: &mut dyn Write) -> io::Result<()> {
    let (before, after) = (&card.before, card.after());
    let failed = Both { before: Verdicts(before), after: Verdicts(after) };
    let record = Record { path, changed: card.is_changed(), kept, before: Signals(before), after: Signals(after), failed };
    super::escape::json(&record, out)?;
    out.write_all(b"\n")
}

/// The columns of a table of scores.
pub fn columns() -> Columns {
    let mut all = vec![
        ("path".to_owned(), ColumnKind::Text),
        ("changed".to_owned(), ColumnKind::Flag),
        ("kept".to_owned(), ColumnKind::Flag),
    ];
    for side in ["before", "after"] {
        let kind = |signal: &Signal| if signal.unit == Unit::YesNo { ColumnKind::Flag } else { ColumnKind::Number };
        all.extend(SIGNALS.iter().map(|signal| (format!("{side}.{}", signal.name), kind(signal))));
        all.extend(FILTERS.iter().map(|filter| (format!("{side}.{}.failed", filter.name), ColumnKind::Text)));
    }
    Columns::of(&all.iter().map(|(name, kind)| (name.as_str(), *kind)).collect::<Vec<_>>())
}

/// An object for a document as [`line()`], with a field for each column of [`columns`].
///
/// # Errors
/// Those of `out`.
pub fn flat(path: &str, card: &Card, kept: Option<bool>, out: &mut dyn Write) -> io::Result<()> {
    let mut row = serde_json::Map::new();
    let mut put = |name: String, value: serde_json::Value| drop(row.insert(name, value));
    put("path".into(), path.into());
    put("changed".into(), card.is_changed().into());
    put("kept".into(), kept.into());
    for (side, sheet) in [("before", &card.before), ("after", card.after())] {
        for signal in SIGNALS {
            let value = signal.of(sheet);
            let value = if signal.unit == Unit::YesNo { (value != Fixed::ZERO).into() } else { value.as_f64().into() };
            put(format!("{side}.{}", signal.name), value);
        }
        for (filter, failed) in FILTERS.iter().zip(&sheet.failed) {
            let told: Vec<String> = failed.iter().map(Failed::to_string).collect();
            put(format!("{side}.{}.failed", filter.name), told.join("; ").into());
        }
    }
    super::escape::json(&row, out)?;
    out.write_all(b"\n")
}

/// Why a document was dropped: an object with the parts of the expression that it failed.
///
/// # Errors
/// Those of `out`.
pub fn reasons(path: &str, parts: &[&str], reasons: &[Reason], out: &mut dyn Write) -> io::Result<()> {
    #[derive(serde::Serialize)]
    struct Dropped<'a> {
        path: &'a str,
        failed: Vec<Part<'a>>,
    }
    #[derive(serde::Serialize)]
    struct Part<'a> {
        part: &'a str,
        values: Values<'a>,
    }
    struct Values<'a>(&'a [(String, Fixed)]);
    impl Serialize for Values<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
        }
    }
    let failed = reasons
        .iter()
        .map(|reason| Part { part: parts.get(reason.part).copied().unwrap_or_default(), values: Values(&reason.values) });
    super::escape::json(&Dropped { path, failed: failed.collect() }, out)?;
    out.write_all(b"\n")
}

/// The head of the table of documents.
///
/// # Errors
/// Those of `out`.
pub fn head(paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", paint.bold("score  after  errors  Gopher    C4   mC4  FineWeb2  document"))
}

/// A row for a document: what holds after repair, where that differs, behind an arrow.
///
/// # Errors
/// Those of `out`.
pub fn row(path: &str, card: &Card, out: &mut dyn Write) -> io::Result<()> {
    let (before, after) = (&card.before, card.after());
    let passes = |filter: usize| match (before.failed[filter].is_empty(), after.failed[filter].is_empty()) {
        (true, true) => "yes",
        (false, false) => "no",
        (false, true) => "→yes",
        (true, false) => "→no",
    };
    let score_after = if card.is_changed() { shown(Unit::Points, after.score) } else { String::new() };
    let errors = shown(Unit::Share, after.errors());
    writeln!(
        out,
        "{:>5}  {score_after:>5}  {errors:>6}  {:>6}  {:>4}  {:>4}  {:>8}  {path}",
        shown(Unit::Points, before.score),
        passes(0),
        passes(1),
        passes(2),
        passes(3)
    )
}

/// How the score of a document comes about, and what filters find failed.
///
/// # Errors
/// Those of `out`.
pub fn explain(card: &Card, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let (before, after) = (&card.before, card.after());
    for part in PARTS {
        let (left, later) = (part.left(before), part.left(after));
        if left == Fixed::ONE && later == Fixed::ONE {
            continue;
        }
        let signal = crate::score::signal_of(part.of);
        let value = |sheet| signal.map_or_else(String::new, |signal| shown(signal.unit, signal.of(sheet)));
        writeln!(
            out,
            "    × {:<6} → {:<6}  {:<13} {} {} → {}",
            left.to_string(),
            later.to_string(),
            paint.rule(part.name),
            part.of,
            value(before),
            value(after)
        )?;
    }
    for (filter, (failed, later)) in FILTERS.iter().zip(before.failed.iter().zip(&after.failed)) {
        let name = paint.rule(filter.name);
        let has = |list: &[Failed], one: &Failed| list.iter().any(|other| other.threshold == one.threshold);
        for failed in failed {
            let healed = if has(later, failed) { "" } else { ", passes after repair" };
            writeln!(out, "    {name} fails: {failed}{healed}")?;
        }
        for failed in later.iter().filter(|later| !has(failed, later)) {
            writeln!(out, "    {name} fails after repair: {failed}")?;
        }
    }
    Ok(())
}

/// A value with as many digits as people want.
fn shown(unit: Unit, value: Fixed) -> String {
    let number = value.as_f64();
    match unit {
        Unit::Points => format!("{number:.1}"),
        Unit::Share => format!("{:.2}%", number * 100.0),
        Unit::Count => format!("{number:.0}"),
        Unit::PerThousand | Unit::Bits | Unit::Characters => format!("{number:.2}"),
        Unit::YesNo => if value == Fixed::ZERO { "no" } else { "yes" }.into(),
    }
}

/// The signals that people are shown the distributions of, when they ask for no others.
const USUAL: [&str; 13] = [
    "score",
    "errors.share",
    "garble.weighted",
    "structure.ended",
    "structure.cut",
    "structure.breaks",
    "completeness.share",
    "repetition.share",
    "contamination.share",
    "fluency.bits",
    "size.han",
    "lines.ended",
    "words.letters",
];

const QUANTILES: [u64; 3] = [10, 50, 90];

/// How signals are distributed before and after repair, what filters said, and what would be kept at which score. `all` signals,
/// or the usual ones.
///
/// # Errors
/// Those of `out`.
pub fn distributions(found: &Distributions, all: bool, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let documents = super::counted(usize::try_from(found.documents).unwrap_or(usize::MAX), "document");
    writeln!(out, "{documents}, {} changed by repair; {} Han characters\n", found.changed, found.before.han)?;
    if found.documents == 0 {
        return Ok(());
    }
    let wanted = |signal: &&Signal| signal.unit != Unit::YesNo && (all || USUAL.contains(&signal.name));
    let numbered: Vec<(usize, &Signal)> = SIGNALS.iter().enumerate().filter(|(_, signal)| wanted(signal)).collect();
    let rows: Vec<[String; 8]> = numbered
        .iter()
        .map(|&(number, signal)| {
            let quantiles = |side: &Collected| {
                QUANTILES
                    .map(|per_cent| side.signals[number].quantile(per_cent).map_or_else(String::new, |v| shown(signal.unit, v)))
            };
            let ([a, b, c], [d, e, f]) = (quantiles(&found.before), quantiles(&found.after));
            let better = match signal.better {
                Better::More => "more is better",
                Better::Less => "less is better",
                Better::Neither => "",
            };
            [signal.name.into(), a, b, c, d, e, f, better.into()]
        })
        .collect();
    columns::write(["signal", "10% before", "half", "90%", "10% after", "half", "90%", ""], &rows, 1..7, paint, out)?;
    writeln!(out)?;
    let per_cent = |part: u64, whole: u64| format!("{:.1}%", Fixed::ratio(part, whole).as_f64() * 100.0);
    let rows: Vec<[String; 4]> = FILTERS
        .iter()
        .enumerate()
        .map(|(number, filter)| {
            let [before, after] = [&found.before, &found.after].map(|side| &side.filters[number]);
            let mut reasons: Vec<_> = after.failed.iter().collect();
            reasons.sort_by_key(|&(name, count)| (std::cmp::Reverse(*count), *name));
            let reasons: Vec<String> = reasons.iter().take(3).map(|(name, count)| format!("{name} {count}")).collect();
            let passed = [before.passed, after.passed].map(|passed| per_cent(passed, found.documents));
            let [before, after] = passed;
            [filter.name.into(), before, after, reasons.join(", ")]
        })
        .collect();
    columns::write(["filter", "passes before", "after", "others fail, after repair, by"], &rows, 1..3, paint, out)?;
    writeln!(out)?;
    let rows: Vec<[String; 5]> = LADDER
        .iter()
        .enumerate()
        .map(|(step, least)| {
            let side = |side: &Collected| {
                let (documents, han) = side.ladder[step];
                [per_cent(documents, found.documents), per_cent(han, side.han)]
            };
            let ([a, b], [c, d]) = (side(&found.before), side(&found.after));
            [format!("score >= {least}"), a, b, c, d]
        })
        .collect();
    columns::write(["would keep", "documents before", "Han", "documents after", "Han"], &rows, 1..5, paint, out)
}

/// The same for programs.
pub fn summary(found: &Distributions) -> serde_json::Value {
    let side = |side: &Collected| {
        let signals: serde_json::Map<String, serde_json::Value> = SIGNALS
            .iter()
            .zip(&side.signals)
            .map(|(signal, values)| {
                let quantiles =
                    [0, 1, 5, 10, 25, 50, 75, 90, 95, 99, 100].map(|per_cent| (per_cent.to_string(), values.quantile(per_cent)));
                (signal.name.to_owned(), serde_json::json!(quantiles.into_iter().collect::<std::collections::BTreeMap<_, _>>()))
            })
            .collect();
        let filters: serde_json::Map<String, serde_json::Value> = FILTERS
            .iter()
            .zip(&side.filters)
            .map(|(filter, said)| {
                (
                    filter.name.to_owned(),
                    serde_json::json!({ "source": filter.source, "passed": said.passed, "failed": said.failed }),
                )
            })
            .collect();
        serde_json::json!({ "han": side.han, "quantiles": signals, "filters": filters })
    };
    serde_json::json!({
        "documents": found.documents, "changed": found.changed, "before": side(&found.before), "after": side(&found.after)
    })
}

/// What was kept, what was dropped, and by which parts of the expression.
///
/// # Errors
/// Those of `out`.
pub fn kept(kept: u64, dropped: u64, parts: &[(&str, u64)], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let all = kept + dropped;
    let share = |count: u64| format!("{:.1}%", Fixed::ratio(count, all).as_f64() * 100.0);
    writeln!(out, "kept {kept} of {all} documents ({}), dropped {dropped}", share(kept))?;
    for (part, count) in parts.iter().filter(|(_, count)| *count > 0) {
        writeln!(out, "  {count:>7} failed {}", paint.rule(*part))?;
    }
    Ok(())
}

/// All signals with what they mean.
///
/// # Errors
/// Those of `out`.
pub fn signals(paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 3]> =
        SIGNALS.iter().map(|signal| [signal.name.into(), signal.unit.in_words().into(), signal.meaning.into()]).collect();
    columns::write(["signal", "unit", "meaning"], &rows, 0..0, paint, out)
}
