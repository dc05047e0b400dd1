//! Rules for people and programs: the table of all, and all about one.

use super::paint::Paint;
use super::{apply_name, columns, markdown, severity_name};
use crate::edit::RuleId;
use crate::pass::parameter_docs;
use crate::rule::{Case, Expectation, Pack, Rule, RuleKind};
use crate::text::width::terminal_width;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How often each rule found something.
pub type Hits = BTreeMap<RuleId, usize>;

/// The table of a pack's rules, its columns aligned as a terminal shows them, with what they found when `hits` are given. False
/// alarms are those that a rule allows itself in 100 000 characters of clean text.
///
/// # Errors
/// Those of `out`.
pub fn table(pack: &Pack, hits: Option<&Hits>, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    const HEAD: [&str; 9] = ["rule", "severity", "apply", "confidence", "on", "false alarms", "hits", "tags", "title"];
    let rows = pack.rules().iter().map(|rule| row(rule, hits));
    if hits.is_some() {
        return columns::write(HEAD, &rows.collect::<Vec<_>>(), 6..7, paint, out);
    }
    let without = |[a, b, c, d, e, f, _, h, i]: [String; 9]| [a, b, c, d, e, f, h, i];
    let [a, b, c, d, e, f, _, h, i] = HEAD;
    columns::write([a, b, c, d, e, f, h, i], &rows.map(without).collect::<Vec<_>>(), 0..0, paint, out)
}

fn row(rule: &Rule, hits: Option<&Hits>) -> [String; 9] {
    [
        rule.id.to_string(),
        severity_name(rule.severity).into(),
        apply_name(rule.applicability).into(),
        format!("{:.2}", rule.confidence),
        if rule.enabled { "on" } else { "off" }.into(),
        rule.false_alarms.map_or("-".into(), |rate| rate.to_string()),
        hits.map_or(0, |hits| count(rule, hits)).to_string(),
        if rule.tags.is_empty() { "-".into() } else { rule.tags.join(",") },
        rule.title.to_string(),
    ]
}

fn count(rule: &Rule, hits: &Hits) -> usize {
    hits.get(&rule.id).copied().unwrap_or(0)
}

/// The rules of a pack as one JSON array, with what they found when `hits` are given.
///
/// # Errors
/// Those of `out`.
pub fn json(pack: &Pack, hits: Option<&Hits>, out: &mut dyn Write) -> io::Result<()> {
    let of = |rule: &Rule| {
        let mut told = json!({
            "rule": &*rule.id, "pass": rule.pass(), "severity": rule.severity, "apply": rule.applicability,
            "confidence": (f64::from(rule.confidence) * 1e6).round() / 1e6, "false_alarms": rule.false_alarms, "enabled": rule.enabled, "since": rule.since,
            "tags": rule.tags, "title": &*rule.title, "cases": rule.cases.len(), "path": rule.path,
        });
        if let Some(hits) = hits {
            told["hits"] = count(rule, hits).into();
        }
        told
    };
    super::escape::pretty_json(&pack.rules().iter().map(of).collect::<Vec<_>>(), out)?;
    writeln!(out)
}

/// All about one rule, in lines of at most `width` cells: what it is, why, by what it decides, and its cases.
///
/// # Errors
/// Those of `out`.
pub fn explain(rule: &Rule, width: usize, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", paint.rule(&rule.id), paint.bold(&rule.title))?;
    let state = if rule.enabled { "on" } else { "off unless switched on" };
    let since = if rule.since.is_empty() { String::new() } else { format!("since {}, ", rule.since) };
    let facts = format!("confidence {:.2}, {since}{state}", rule.confidence);
    let severity = paint.severity(rule.severity, severity_name(rule.severity));
    writeln!(out, "{severity}, apply = {}, {facts}", apply_name(rule.applicability))?;
    if let Some(rate) = rule.false_alarms {
        writeln!(out, "at most {rate} findings in 100 000 characters of clean text")?;
    }
    if !rule.tags.is_empty() {
        writeln!(out, "{}", paint.dim(format!("tags: {}", rule.tags.join(", "))))?;
    }
    writeln!(out, "{}\n", paint.dim(&rule.path))?;
    markdown::write(&rule.docs, width, paint, out)?;
    writeln!(out)?;
    if let RuleKind::Detector(name) = &rule.kind {
        let docs = parameter_docs(rule.pass(), name);
        let longest = docs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        for (name, meaning) in &docs {
            let mut lines = Vec::new();
            markdown::write(meaning, width.saturating_sub(longest + 2), Paint::Plain, &mut lines)?;
            for (number, line) in String::from_utf8_lossy(&lines).lines().enumerate() {
                let name = format!("{:<longest$}", if number == 0 { name } else { "" });
                writeln!(out, "{}  {line}", paint.rule(name))?;
            }
        }
        if !docs.is_empty() {
            writeln!(out)?;
        }
    }
    let settings = settings(rule);
    if !settings.is_empty() {
        writeln!(out, "{}\n", settings)?;
    }
    for case in &rule.cases {
        self::case(case, paint, out)?;
    }
    Ok(())
}

/// What the rule decides by, as its file spells it: the tables that are neither facts nor cases.
fn settings(rule: &Rule) -> String {
    let mut shown = String::new();
    let mut inside = false;
    for line in rule.source.lines() {
        let name = line.trim_end().trim_start_matches('[').trim_end_matches(']');
        if line.starts_with('[') && name.starts_with(|c: char| c.is_ascii_lowercase()) {
            inside = ["find", "fix", "params"].contains(&name.split('.').next().unwrap_or_default());
        }
        if inside {
            shown.push_str(line);
            shown.push('\n');
        }
    }
    let settings = shown.trim_end();
    match &rule.kind {
        RuleKind::Detector(name) => format!("detector = \"{name}\"\n\n{settings}").trim_end().into(),
        RuleKind::Pattern(_) => settings.into(),
    }
}

fn case(case: &Case, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let expects = match &case.expectation {
        Expectation::Spans(_) | Expectation::Fires => "found",
        Expectation::Silent => "silent",
    };
    writeln!(out, "{} {}", paint.bold(&case.name), paint.dim(format!("({expects})")))?;
    let spans = match &case.expectation {
        Expectation::Spans(spans) => spans.as_slice(),
        Expectation::Fires | Expectation::Silent => &[],
    };
    indented("", &super::cases::with_marks(&case.text, spans), out)?;
    if let Some(becomes) = case.becomes.as_deref().filter(|becomes| *becomes != case.text) {
        indented("→ ", becomes, out)?;
    }
    if let Some(gap) = &case.gap {
        writeln!(out, "  {}", paint.dim(format!("known miss: {gap}")))?;
    }
    writeln!(out)
}

fn indented(mark: &str, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let pad = " ".repeat(terminal_width(mark));
    for (index, line) in text.lines().enumerate() {
        writeln!(out, "  {}{line}", if index == 0 { mark } else { &pad })?;
    }
    Ok(())
}
