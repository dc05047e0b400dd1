//! Colours for terminals.

use crate::edit::Severity;
use std::fmt::{self, Display};

/// Whether to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// ANSI colours.
    Styled,
    /// Plain text.
    Plain,
}

/// Text between a colour and its end.
pub struct Painted<T> {
    text: T,
    code: Option<&'static str>,
}

impl<T: Display> Display for Painted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "\x1b[{code}m{}\x1b[0m", self.text),
            None => self.text.fmt(f),
        }
    }
}

impl Paint {
    /// Whether colours are on.
    pub fn is_styled(self) -> bool {
        self == Paint::Styled
    }

    fn with<T: Display>(self, code: &'static str, text: T) -> Painted<T> {
        Painted { text, code: self.is_styled().then_some(code) }
    }

    /// A heading.
    pub fn bold<T: Display>(self, text: T) -> Painted<T> {
        self.with("1", text)
    }

    /// What matters less.
    pub fn dim<T: Display>(self, text: T) -> Painted<T> {
        self.with("2", text)
    }

    /// What goes away, or is wrong.
    pub fn removed<T: Display>(self, text: T) -> Painted<T> {
        self.with("31", text)
    }

    /// What comes in, or is right.
    pub fn added<T: Display>(self, text: T) -> Painted<T> {
        self.with("32", text)
    }

    /// What a finding is about.
    pub fn marked<T: Display>(self, text: T) -> Painted<T> {
        self.with("1;4;33", text)
    }

    /// The name of a rule.
    pub fn rule<T: Display>(self, text: T) -> Painted<T> {
        self.with("36", text)
    }

    /// A word in the colour of a severity.
    pub fn severity<T: Display>(self, severity: Severity, text: T) -> Painted<T> {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "33",
            Severity::Info => "34",
        };
        self.with(code, text)
    }
}
