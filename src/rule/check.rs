//! The mistakes that people make in patterns for Chinese, caught before a rule runs.

use super::lazy::Ends;
use regex_syntax::ast::{self, AssertionKind, Ast};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::Range;

/// What is wrong with a pattern, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub range: Range<usize>,
    pub title: String,
    pub help: String,
}

fn problem(range: Range<usize>, title: &str, help: &str) -> Problem {
    Problem { range, title: title.into(), help: help.into() }
}

/// Checks what must hold for any pattern, and returns its meaning where `^` and `$` mean the ends of lines.
pub(super) fn pattern(text: &str) -> Result<Hir, Problem> {
    meaning(text, Ends::Lines)
}

/// Checks what must hold for any pattern, and returns its meaning.
pub(super) fn meaning(text: &str, ends: Ends) -> Result<Hir, Problem> {
    if let Some(at) = text.find('\u{8}') {
        let help = "write the pattern between single quotes, so that TOML leaves its backslashes alone";
        return Err(problem(at..at + 1, "TOML turned `\\b` between double quotes into a backspace", help));
    }
    for look in ["(?=", "(?!", "(?<=", "(?<!"] {
        if let Some(at) = text.find(look) {
            return Err(problem(
                at..at + look.len(),
                "look-around is not supported",
                "say what must stand before in `left`, what must follow in `right`",
            ));
        }
    }
    let tree = match ast::parse::Parser::new().parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            let span = error.span();
            return Err(problem(
                span.start.offset..span.end.offset,
                &format!("the pattern cannot be read: {}", error.kind()),
                "to mean a sign of patterns itself, write `\\` before it",
            ));
        }
    };
    let is_bare = |kind: &AssertionKind| matches!(kind, AssertionKind::WordBoundary | AssertionKind::NotWordBoundary);
    if let Some(range) = assertion(&tree, true, &|kind, unicode| unicode && is_bare(kind)) {
        return Err(problem(
            range,
            "`\\b` never matches between Han and Latin letters: both are word characters",
            "write `(?-u:\\b)`, or say in `left` and `right` what must stand beside",
        ));
    }
    let is_end = |kind: &AssertionKind| matches!(kind, AssertionKind::StartText | AssertionKind::EndText);
    if assertion(&tree, true, &|kind, _| is_end(kind)).is_some() {
        return Err(problem(0..text.len(), "`\\A` and `\\z` depend on the scope", "write `^` and `$`: they mean the line"));
    }
    let lines = ends == Ends::Lines;
    let hir = TranslatorBuilder::new().multi_line(lines).crlf(lines).build().translate(text, &tree);
    let hir = hir.map_err(|error| problem(0..text.len(), &format!("the pattern cannot be read: {error}"), ""))?;
    Ok(hir)
}

/// Checks a pattern whose match is reported, and perhaps replaced. A side on which the rule names the context (`left`, `right`)
/// may match at large: its author has thought of what stands there.
pub(super) fn reported(text: &str, edits: bool, named: (bool, bool)) -> Result<(), Problem> {
    let hir = pattern(text)?;
    if hir.properties().minimum_len() == Some(0) {
        return Err(problem(0..text.len(), "the pattern matches the empty string", "let it match at least one character"));
    }
    if hir.properties().minimum_len().is_none() {
        return Err(problem(0..text.len(), "the pattern can never match", "check its classes"));
    }
    if edits && (!named.0 && open_class(&hir, false) || !named.1 && open_class(&hir, true)) {
        return Err(problem(
            0..text.len(),
            "the pattern swallows its context: the fix would replace characters that only have to stand beside",
            "move the class at its start to `left`, the one at its end to `right`",
        ));
    }
    Ok(())
}

/// The first assertion of a kind that is `wanted`, which is also told whether it stands outside of `(?-u:…)`.
fn assertion(tree: &Ast, unicode: bool, wanted: &dyn Fn(&AssertionKind, bool) -> bool) -> Option<Range<usize>> {
    match tree {
        Ast::Assertion(assertion) => {
            wanted(&assertion.kind, unicode).then_some(assertion.span.start.offset..assertion.span.end.offset)
        }
        Ast::Group(group) => {
            let inner = match &group.kind {
                ast::GroupKind::NonCapturing(flags) => flags.flag_state(ast::Flag::Unicode).unwrap_or(unicode),
                _ => unicode,
            };
            assertion(&group.ast, inner, wanted)
        }
        Ast::Repetition(repetition) => assertion(&repetition.ast, unicode, wanted),
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(|a| assertion(a, unicode, wanted)),
        Ast::Concat(concat) => concat.asts.iter().find_map(|a| assertion(a, unicode, wanted)),
        _ => None,
    }
}

/// Whether the first (or last) thing matched is a class that takes in Han at large.
fn open_class(hir: &Hir, last: bool) -> bool {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let sample = ['一', '和', '国', '龙'];
            sample.iter().all(|&c| class.ranges().iter().any(|r| r.start() <= c && c <= r.end()))
        }
        HirKind::Repetition(repetition) => open_class(&repetition.sub, last),
        HirKind::Capture(capture) => open_class(&capture.sub, last),
        HirKind::Concat(parts) => {
            let part = if last { parts.last() } else { parts.first() };
            part.is_some_and(|p| open_class(p, last))
        }
        HirKind::Alternation(parts) => parts.iter().any(|p| open_class(p, last)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> String {
        reported(text, true, (false, false)).map_or_else(|p| format!("{} @{:?}", p.title, p.range), |()| "ok".into())
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(title(r"\s*(?i:and)\s*"), "ok");
        assert_eq!(title(r"(?-u:\b)and(?-u:\b)"), "ok");
        assert!(title(r"\band\b").starts_with("`\\b` never matches"), "{}", title(r"\band\b"));
        assert!(title(r"and(?=\p{Han})").starts_with("look-around"));
        assert!(title(r"x*").starts_with("the pattern matches the empty string"));
        assert!(title(r"(\p{Han})and(\p{Han})").starts_with("the pattern swallows its context"));
        assert!(title(r"and.").starts_with("the pattern swallows its context"));
        assert!(title(r"[a&&b]").starts_with("the pattern can never match"));
        assert!(title(r"(and").starts_with("the pattern cannot be read"));
        assert!(title(r"\Aand").starts_with("`\\A`"));
    }
}
