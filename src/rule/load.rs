//! From a TOML text to a checked rule.

use super::case::{Case, MARKS, MarkError};
use super::check::{self, Problem};
use super::error::RuleError;
use super::lazy::{Ends, Lazy, extent};
use super::needs::needs;
use super::pattern::{PatternRule, Scope, tied};
use super::schema::{CaseTable, Find, Fix, RuleFile};
use super::{PASSES, Rule, RuleKind};
use crate::edit::Applicability;
use std::collections::HashSet;
use std::sync::Arc;
use toml::Spanned;

/// A rule file that is being read.
struct Loader<'a> {
    path: &'a str,
    source: &'a str,
}

impl Rule {
    /// Reads the rule `id` from the text `source` of the file `path`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place in the file.
    pub fn parse(id: &str, path: &str, source: &str) -> Result<Rule, RuleError> {
        let file: RuleFile = toml::from_str(source).map_err(|error| RuleError::from_toml(path, source, &error))?;
        let loader = Loader { path, source };
        let pass = id.split('/').next().unwrap_or_default();
        if !PASSES.contains(&pass) || id.split('/').count() != 2 {
            let help = format!("put the file into a folder named after its pass: {}", PASSES.join(", "));
            return Err(loader.whole(format!("`{id}` names no pass"), help));
        }
        if *file.schema.get_ref() != 1 {
            return Err(loader.at(&file.schema, "unknown schema version", "this version of jiaokan reads `schema = 1`"));
        }
        if !(0.0..=1.0).contains(file.confidence.get_ref()) {
            return Err(loader.at(&file.confidence, "confidence is a share", "give a number from 0 to 1"));
        }
        if let Some(rate) = file.false_alarms.as_ref().filter(|rate| !(rate.get_ref().is_finite() && *rate.get_ref() >= 0.0)) {
            let help = "give the findings in 100 000 characters of clean text that the rule may reach, 0 or more";
            return Err(loader.at(rate, "false alarms are a rate", help));
        }
        if file.title.trim().is_empty() || file.docs.trim().is_empty() {
            return Err(
                loader.whole("`title` and `docs` may not be empty", "say what is wrong, why it happens and when the rule errs")
            );
        }
        let kind = match (&file.find, &file.detector) {
            (Some(find), None) => {
                if let Some(params) = &file.params {
                    return Err(loader.at(params, "`[params]` belongs to a detector", "drop it, or drop `[find]`"));
                }
                RuleKind::Pattern(Arc::new(loader.pattern(find, file.fix.as_ref(), &file.apply)?))
            }
            (None, Some(detector)) => {
                if let Some(fix) = &file.fix {
                    return Err(loader.at(
                        &fix.choices,
                        "`[fix]` belongs to a pattern",
                        "a detector makes its own edits; drop `[fix]`",
                    ));
                }
                RuleKind::Detector(detector.get_ref().clone())
            }
            (Some(_), Some(detector)) => {
                return Err(loader.at(detector, "a rule has a pattern or a detector, not both", "split it into two rules"));
            }
            (None, None) => {
                return Err(loader.whole("the rule finds nothing", "add a `[find]` table, or `detector` with `[params]`"));
            }
        };
        let mut names = HashSet::new();
        if let Some(twice) = file.case.iter().map(|case| &case.get_ref().name).find(|name| !names.insert(name.get_ref().clone()))
        {
            let title = format!("two cases are called `{}`", twice.get_ref());
            return Err(loader.at(twice, title, "name each after what it shows: reports tell cases by their names"));
        }
        let cases = file.case.into_iter().map(|case| loader.case(case)).collect::<Result<Vec<_>, _>>()?;
        let has = |fires: bool| cases.iter().any(|case| case.fires() == fires && case.gap.is_none());
        if !has(true) {
            return Err(loader.whole("no case shows the rule firing", "add a [[case]] whose `text` marks with ⟦ ⟧ what is found"));
        }
        if !has(false) {
            return Err(
                loader.whole("no case shows the rule staying silent", "add a [[case]] without marks: good text that looks alike")
            );
        }
        Ok(Rule {
            id: id.into(),
            path: path.into(),
            root: None,
            source: source.into(),
            title: file.title.into(),
            severity: file.severity,
            applicability: file.apply.into_inner(),
            confidence: file.confidence.into_inner(),
            false_alarms: file.false_alarms.map(toml::Spanned::into_inner),
            since: file.since,
            tags: file.tags,
            docs: file.docs,
            enabled: file.enabled,
            kind,
            cases,
        })
    }
}

impl Loader<'_> {
    fn at<T>(&self, place: &Spanned<T>, title: impl Into<String>, help: impl Into<String>) -> RuleError {
        RuleError::at(self.path, self.source, place.span(), title, "", help)
    }

    fn whole(&self, title: impl Into<String>, help: impl Into<String>) -> RuleError {
        RuleError::at(self.path, self.source, 0..self.source.lines().next().map_or(0, str::len), title, "", help)
    }

    fn pattern(&self, find: &Find, fix: Option<&Fix>, apply: &Spanned<Applicability>) -> Result<PatternRule, RuleError> {
        let choices = fix.map(|fix| fix.choices.get_ref().clone()).unwrap_or_default();
        match (apply.get_ref(), choices.len()) {
            (Applicability::Flag, 1..) => {
                return Err(self.at(apply, "a rule that flags makes no edit", "drop `[fix]`, or use `apply = \"review\"`"));
            }
            (Applicability::Auto | Applicability::Review, 0) => {
                return Err(self.at(
                    apply,
                    "there is nothing to apply",
                    "add `[fix]` with at least one choice, or use `apply = \"flag\"`",
                ));
            }
            (Applicability::Auto, 2..) => {
                return Err(self.at(
                    apply,
                    "more than one choice cannot be applied without a person",
                    "leave one choice, or use `apply = \"review\"`",
                ));
            }
            _ => {}
        }
        let named = (find.left.is_some(), find.right.is_some());
        check::reported(find.text.get_ref(), !choices.is_empty(), named)
            .map_err(|problem| self.in_pattern(&find.text, problem))?;
        for context in [&find.left, &find.right].into_iter().flatten() {
            check::pattern(context.get_ref()).map_err(|problem| self.in_pattern(context, problem))?;
        }
        let context = |part: &Option<Spanned<String>>| part.as_ref().map_or(String::new(), |p| format!("(?:{})", p.get_ref()));
        let combined = format!("{}({}){}", context(&find.left), find.text.get_ref(), context(&find.right));
        let meaning = check::pattern(&combined).map_err(|problem| self.in_pattern(&find.text, problem))?;
        let first = if find.scope == Scope::Line { tied(&combined) } else { None };
        // A line is given alone to what is tied to its beginning, so that no search goes on beyond it.
        let ends = if first.is_some() { Ends::Text } else { Ends::Lines };
        let regex = self.lazy(&find.text, combined.clone(), ends, extent(&meaning))?;
        let unless = match find.unless.first() {
            None => None,
            Some(first) => {
                let mut all = 0;
                for pattern in &find.unless {
                    let meaning = check::pattern(pattern.get_ref()).map_err(|problem| self.in_pattern(pattern, problem))?;
                    all += extent(&meaning);
                }
                let joined = find.unless.iter().map(|p| format!("(?:{})", p.get_ref())).collect::<Vec<_>>().join("|");
                Some(self.lazy(first, joined, Ends::Lines, all)?)
            }
        };
        let document = match &find.document {
            None => None,
            Some(pattern) => {
                let meaning = check::pattern(pattern.get_ref()).map_err(|problem| self.in_pattern(pattern, problem))?;
                Some(self.lazy(pattern, pattern.get_ref().clone(), Ends::Lines, extent(&meaning))?)
            }
        };
        let message = find.message.clone();
        let has_left = find.left.is_some();
        Ok(PatternRule {
            scope: find.scope,
            combined,
            regex,
            has_left,
            needs: needs(&meaning),
            first,
            unless,
            document,
            choices,
            message,
        })
    }

    fn lazy(&self, place: &Spanned<String>, pattern: String, ends: Ends, extent: u64) -> Result<Lazy, RuleError> {
        Lazy::new(pattern, ends, extent).map_err(|error| self.too_big(place, &error))
    }

    fn too_big(&self, place: &Spanned<String>, error: &regex::Error) -> RuleError {
        self.at(place, format!("the pattern cannot be compiled: {error}"), "make it smaller")
    }

    /// Underlines the part of the pattern that is wrong; an escaped TOML string is underlined whole.
    fn in_pattern(&self, place: &Spanned<String>, problem: Problem) -> RuleError {
        let whole = place.span();
        let literal = self.source[whole.clone()].strip_prefix('\'').and_then(|s| s.strip_suffix('\''));
        let span = match literal {
            Some(literal) if literal == place.get_ref() => {
                whole.start + 1 + problem.range.start..whole.start + 1 + problem.range.end
            }
            _ => whole,
        };
        RuleError::at(self.path, self.source, span, problem.title, "", problem.help)
    }

    fn case(&self, case: Spanned<CaseTable>) -> Result<Case, RuleError> {
        let header = case.span();
        let case = case.into_inner();
        let (marked, place) = match (case.text, case.lines) {
            (Some(text), None) => (text.get_ref().clone(), text.span()),
            (None, Some(lines)) => (lines.get_ref().join("\n"), lines.span()),
            _ => {
                let (title, help) = ("a case has either `text` or `lines`", "give one of them");
                return Err(RuleError::at(self.path, self.source, header, title, "", help));
            }
        };
        let at_mark = |mark: usize, title: &str, help: &str| {
            let mut marks = self.source[place.clone()].match_indices(MARKS);
            let span = marks.nth(mark).map_or(place.clone(), |(at, mark)| place.start + at..place.start + at + mark.len());
            RuleError::at(self.path, self.source, span, title, "", help)
        };
        let becomes = case.becomes.map(super::schema::Becomes::into_text);
        match Case::parse(case.name.into_inner(), &marked, becomes, case.gap) {
            Ok(parsed) => Ok(Case { corpus: case.corpus, ..parsed }),
            Err(MarkError::Unclosed(mark)) => Err(at_mark(mark, "a mark ⟦ is not closed", "close it with ⟧; marks do not nest")),
            Err(MarkError::Unopened(mark)) => Err(at_mark(mark, "a mark ⟧ was never opened", "open it with ⟦")),
        }
    }
}
