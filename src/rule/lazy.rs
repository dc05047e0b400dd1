//! Expressions that are compiled when they are looked for the first time: most are not, in most runs.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::sync::OnceLock;

/// What `^` and `$` mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// The ends of lines of any terminator.
    Lines,
    /// The ends of the text.
    Text,
}

/// An expression that was read, and is compiled when it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Lazy {
    pattern: String,
    ends: Ends,
    regex: OnceLock<Regex>,
}

impl Lazy {
    /// Fails when it is too large, which only large ones must be compiled for to know.
    pub fn new(pattern: String, ends: Ends, extent: u64) -> Result<Lazy, regex::Error> {
        /// An expression of this extent is never too large.
        const SMALL: u64 = 10_000;
        let lazy = Lazy { pattern, ends, regex: OnceLock::new() };
        if extent > SMALL {
            let limit = if ends == Ends::Lines { 4 << 20 } else { 10 << 20 };
            let _ = lazy.regex.set(lazy.compile(limit)?);
        }
        Ok(lazy)
    }

    pub fn get(&self) -> &Regex {
        self.regex.get_or_init(|| self.compile(usize::MAX).expect("what was read, and is small, can be compiled"))
    }

    fn compile(&self, limit: usize) -> Result<Regex, regex::Error> {
        let lines = self.ends == Ends::Lines;
        RegexBuilder::new(&self.pattern).multi_line(lines).crlf(lines).size_limit(limit).build()
    }
}

/// How much there is to compile of an expression, at most: a byte or a range of characters is one.
pub(super) fn extent(hir: &Hir) -> u64 {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1);
            extent(&repetition.sub).saturating_mul(u64::from(times))
        }
        HirKind::Capture(capture) => extent(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(extent).fold(0, u64::saturating_add),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_told_when_it_is_read() {
        let lazy = |pattern: &str| Lazy::new(pattern.into(), Ends::Text, extent(&regex_syntax::parse(pattern).unwrap()));
        assert!(lazy(r"^\p{Han}{2,30}$").is_ok_and(|lazy| lazy.regex.get().is_none() && lazy.get().is_match("甲乙")));
        assert!(lazy(r"\p{Han}{2,50000}").is_err());
    }
}
