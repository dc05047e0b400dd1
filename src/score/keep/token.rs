//! The words of an expression.

use super::Wrong;
use crate::score::fixed::Fixed;
use crate::text::Span;

/// A word of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
    pub kind: Kind,
}

/// What kind of word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number; of hundredths, when a percent sign stands behind it.
    Number(Fixed),
    /// `and`, or a signal.
    Name,
    /// `<=` and others.
    Sign,
}

const SIGNS: [&str; 13] = ["<=", ">=", "==", "!=", "&&", "||", "<", ">", "!", "(", ")", "+", "-"];

/// The words of `expression`.
pub fn tokens(expression: &str) -> Result<Vec<Token>, Wrong> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = expression[at..].chars().next() {
        let rest = &expression[at..];
        let taken = |wanted: fn(char) -> bool| at + rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (end, kind) = if c.is_ascii_digit() || c == '.' {
            number(expression, Span::new(at, taken(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))))?
        } else if c.is_alphabetic() || c == '_' {
            (taken(|c| c.is_alphanumeric() || matches!(c, '.' | '_')), Kind::Name)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (at + sign.len(), Kind::Sign)
        } else {
            let help = match c {
                '=' => "write == for equal, >= for at least",
                '≥' => "write >=",
                '≤' => "write <=",
                '≠' => "write !=",
                '（' | '）' => "write brackets of ASCII",
                '&' | '|' => "write `and` or `or`",
                _ => "an expression holds signals, numbers, comparisons, `and`, `or`, `not` and brackets",
            };
            return Err((Span::new(at, at + c.len_utf8()), format!("`{c}` means nothing here: {help}")));
        };
        found.push(Token { span: Span::new(at, end), kind });
        at = end;
    }
    Ok(found)
}

/// The number at `span`, and where it ends.
fn number(expression: &str, span: Span) -> Result<(usize, Kind), Wrong> {
    let text = span.of(expression);
    let wrong = || (span, format!("`{text}` is no number: write digits, at most four of them behind a point"));
    let is_percent = expression[span.end..].starts_with('%');
    if !is_percent {
        return Ok((span.end, Kind::Number(Fixed::parse(text).ok_or_else(wrong)?)));
    }
    let hundredths = Fixed::parse(text).filter(|number| number.ten_thousandths() % 100 == 0).ok_or_else(wrong)?;
    Ok((span.end + 1, Kind::Number(Fixed::raw(hundredths.ten_thousandths() / 100))))
}
