//! Cases: the texts in a rule file that the rule must find things in, or stay silent on.

use crate::text::Span;

/// One case of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The text, without marks.
    pub text: String,
    /// Other documents of its corpus, all before it in corpus order. With any, the case runs with an index of them and itself.
    pub corpus: Vec<String>,
    /// What must be found in it.
    pub expectation: Expectation,
    /// The text after the first choice of every edit of the rule, when the case says.
    pub becomes: Option<String>,
    /// Why the rule does not manage this case yet. Such a case is listed, and asks to be freed of its gap once it passes.
    pub gap: Option<String>,
}

/// What a case expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expectation {
    /// Exactly these spans, from the marks `⟦ ⟧`.
    Spans(Vec<Span>),
    /// Something is found; only the text it becomes matters.
    Fires,
    /// Nothing is found.
    Silent,
}

/// Why a case cannot be read: which of its marks, counted from 0, is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkError {
    Unclosed(usize),
    Unopened(usize),
}

/// The marks that a case puts around what must be found.
pub(crate) const MARKS: [char; 2] = ['⟦', '⟧'];

impl Case {
    /// Reads the marks out of `marked`.
    pub(crate) fn parse(name: String, marked: &str, becomes: Option<String>, gap: Option<String>) -> Result<Case, MarkError> {
        let mut text = String::with_capacity(marked.len());
        let mut spans = Vec::new();
        let (mut open, mut marks) = (None, 0);
        for c in marked.chars() {
            match (c, open) {
                ('⟦', None) => open = Some((text.len(), marks)),
                ('⟧', Some((start, _))) => {
                    spans.push(Span::new(start, text.len()));
                    open = None;
                }
                ('⟦', Some((_, mark))) => return Err(MarkError::Unclosed(mark)),
                ('⟧', None) => return Err(MarkError::Unopened(marks)),
                _ => text.push(c),
            }
            marks += usize::from(MARKS.contains(&c));
        }
        if let Some((_, mark)) = open {
            return Err(MarkError::Unclosed(mark));
        }
        let expectation = match &becomes {
            _ if !spans.is_empty() => Expectation::Spans(spans),
            Some(becomes) if *becomes != text => Expectation::Fires,
            _ => Expectation::Silent,
        };
        Ok(Case { name, text, corpus: Vec::new(), expectation, becomes, gap })
    }

    /// Whether the case wants something to be found.
    pub fn fires(&self) -> bool {
        self.expectation != Expectation::Silent
    }
}
