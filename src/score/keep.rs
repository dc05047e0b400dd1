//! Expressions that say which documents to keep, such as `score >= 70 and not (after.errors.share > 2%)`.
//!
//! ```text
//! either     = both, { ("or" | "||"), both }
//! both       = unless, { ("and" | "&&"), unless }
//! unless     = ("not" | "!"), unless | comparison
//! comparison = sum, [ ("<" | "<=" | ">" | ">=" | "==" | "!="), sum ]
//! sum        = value, { ("+" | "-"), value }
//! value      = number, [ "%" ] | [ "before." | "after." ], signal | "-", value | "(", either, ")"
//! ```

mod token;

use super::Card;
use super::fixed::Fixed;
use super::signal::{SIGNALS, Signal, Unit, signal_of};
use crate::text::Span;
use crate::text::width::terminal_width;
use std::fmt;
use token::{Kind, Token, tokens};

/// Brackets inside brackets, at most.
const DEEPEST: usize = 100;

/// Which side of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// As it was.
    Before,
    /// As repair left it.
    After,
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepError {
    expression: String,
    span: Span,
    problem: String,
}

impl fmt::Display for KeepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ahead = terminal_width(&self.expression[..self.span.start]);
        let carets = terminal_width(self.span.of(&self.expression)).max(1);
        write!(f, "{}\n  {}\n  {}{}", self.problem, self.expression, " ".repeat(ahead), "^".repeat(carets))
    }
}

impl std::error::Error for KeepError {}

/// A part of an expression that a document fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its number among the parts.
    pub part: usize,
    /// The signals in it with their values, such as `score 41.2`.
    pub values: Vec<(String, Fixed)>,
}

/// Which documents to keep.
#[derive(Debug, Clone)]
pub struct Keep {
    expression: String,
    /// What must all hold.
    parts: Vec<Node>,
}

#[derive(Debug, Clone)]
struct Node {
    span: Span,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Number(Fixed),
    Signal(Side, &'static Signal),
    Minus(Box<Node>),
    Sum(Box<Node>, bool, Box<Node>),
    Compare(Box<Node>, Compared, Box<Node>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compared {
    Less,
    AtMost,
    More,
    AtLeast,
    Same,
    Other,
}

impl Keep {
    /// Reads `expression`. A signal without `before.` or `after.` speaks of `side`.
    ///
    /// # Errors
    /// With the place of what makes no sense, and what would.
    pub fn parse(expression: &str, side: Side) -> Result<Keep, KeepError> {
        let error = |(span, problem)| KeepError { expression: expression.to_owned(), span, problem };
        let tokens = tokens(expression).map_err(error)?;
        let mut parser = Parser { expression, tokens, at: 0, depth: 0, side };
        let node = parser.whole().map_err(error)?;
        let parts = match node.what {
            What::All(parts) => parts,
            what => vec![Node { what, ..node }],
        };
        Ok(Keep { expression: expression.to_owned(), parts })
    }

    /// The parts that must all hold, as they were written.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.span.of(&self.expression))
    }

    /// Which parts `card` fails; none when it is to be kept.
    pub fn reasons(&self, card: &Card) -> Vec<Reason> {
        let failed = self.parts.iter().enumerate().filter(|(_, part)| !part.holds(card));
        failed
            .map(|(part, node)| {
                let mut values = Vec::new();
                node.values(card, &self.expression, &mut values);
                Reason { part, values }
            })
            .collect()
    }
}

impl Node {
    fn is_condition(&self) -> bool {
        match &self.what {
            What::Number(_) | What::Minus(_) | What::Sum(..) => false,
            What::Signal(_, signal) => signal.unit == Unit::YesNo,
            What::Compare(..) | What::Not(_) | What::All(_) | What::Any(_) => true,
        }
    }

    fn holds(&self, card: &Card) -> bool {
        match &self.what {
            What::Compare(left, compared, right) => compared.holds(left.value(card), right.value(card)),
            What::Not(inner) => !inner.holds(card),
            What::All(parts) => parts.iter().all(|part| part.holds(card)),
            What::Any(parts) => parts.iter().any(|part| part.holds(card)),
            What::Number(_) | What::Signal(..) | What::Minus(_) | What::Sum(..) => self.value(card) != Fixed::ZERO,
        }
    }

    fn value(&self, card: &Card) -> Fixed {
        match &self.what {
            What::Number(number) => *number,
            What::Signal(Side::Before, signal) => signal.of(&card.before),
            What::Signal(Side::After, signal) => signal.of(card.after()),
            What::Minus(inner) => Fixed::ZERO.minus(inner.value(card)),
            What::Sum(left, true, right) => left.value(card).plus(right.value(card)),
            What::Sum(left, false, right) => left.value(card).minus(right.value(card)),
            What::Compare(..) | What::Not(_) | What::All(_) | What::Any(_) => {
                if self.holds(card) {
                    Fixed::ONE
                } else {
                    Fixed::ZERO
                }
            }
        }
    }

    /// The signals in it with their values, each once.
    fn values(&self, card: &Card, expression: &str, found: &mut Vec<(String, Fixed)>) {
        match &self.what {
            What::Number(_) => {}
            What::Signal(..) => {
                let name = self.span.of(expression);
                if !found.iter().any(|(known, _)| known == name) {
                    found.push((name.to_owned(), self.value(card)));
                }
            }
            What::Minus(inner) | What::Not(inner) => inner.values(card, expression, found),
            What::Sum(left, _, right) | What::Compare(left, _, right) => {
                left.values(card, expression, found);
                right.values(card, expression, found);
            }
            What::All(parts) | What::Any(parts) => parts.iter().for_each(|part| part.values(card, expression, found)),
        }
    }
}

impl Compared {
    fn of(sign: &str) -> Option<Compared> {
        Some(match sign {
            "<" => Compared::Less,
            "<=" => Compared::AtMost,
            ">" => Compared::More,
            ">=" => Compared::AtLeast,
            "==" => Compared::Same,
            "!=" => Compared::Other,
            _ => return None,
        })
    }

    fn holds(self, left: Fixed, right: Fixed) -> bool {
        match self {
            Compared::Less => left < right,
            Compared::AtMost => left <= right,
            Compared::More => left > right,
            Compared::AtLeast => left >= right,
            Compared::Same => left == right,
            Compared::Other => left != right,
        }
    }
}

/// A place, and what is wrong there.
type Wrong = (Span, String);

struct Parser<'e> {
    expression: &'e str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    side: Side,
}

impl Parser<'_> {
    fn whole(&mut self) -> Result<Node, Wrong> {
        let node = self.either()?;
        match self.next_if(|_| true) {
            Some(token) if Compared::of(token.span.of(self.expression)).is_some() => {
                Err((token.span, "two comparisons in a row: write `and` between them".into()))
            }
            Some(token) => Err((token.span, "this was not expected: write `and` or `or` between two conditions".into())),
            None => condition(node),
        }
    }

    fn next_if(&mut self, wanted: impl Fn(&Token) -> bool) -> Option<Token> {
        let token = *self.tokens.get(self.at).filter(|token| wanted(token))?;
        self.at += 1;
        Some(token)
    }

    fn word(&mut self, words: [&str; 2]) -> bool {
        let expression = self.expression;
        self.next_if(|token| words.contains(&token.span.of(expression))).is_some()
    }

    /// What stands between `words`, all of it conditions when there are several.
    fn listed(
        &mut self,
        words: [&str; 2],
        inner: fn(&mut Self) -> Result<Node, Wrong>,
        what: fn(Vec<Node>) -> What,
    ) -> Result<Node, Wrong> {
        let first = inner(self)?;
        let mut all = vec![first];
        while self.word(words) {
            all.push(inner(self)?);
        }
        if all.len() == 1 {
            return Ok(all.remove(0));
        }
        let span = all[0].span.hull(all[all.len() - 1].span);
        let all: Vec<Node> = all.into_iter().map(condition).collect::<Result<_, _>>()?;
        Ok(Node { span, what: what(all) })
    }

    fn either(&mut self) -> Result<Node, Wrong> {
        self.listed(["or", "||"], Parser::both, What::Any)
    }

    fn both(&mut self) -> Result<Node, Wrong> {
        self.listed(["and", "&&"], Parser::unless, What::All)
    }

    fn unless(&mut self) -> Result<Node, Wrong> {
        let start = self.here();
        if !self.word(["not", "!"]) {
            return self.comparison();
        }
        let inner = condition(self.deeper(Parser::unless)?)?;
        Ok(Node { span: start.hull(inner.span), what: What::Not(Box::new(inner)) })
    }

    fn comparison(&mut self) -> Result<Node, Wrong> {
        let left = self.sum()?;
        let expression = self.expression;
        let Some(sign) = self.next_if(|token| Compared::of(token.span.of(expression)).is_some()) else { return Ok(left) };
        let right = self.sum()?;
        let span = left.span.hull(right.span);
        let compared = Compared::of(sign.span.of(expression)).unwrap_or(Compared::Same);
        Ok(Node { span, what: What::Compare(Box::new(left), compared, Box::new(right)) })
    }

    fn sum(&mut self) -> Result<Node, Wrong> {
        let mut left = self.value()?;
        let expression = self.expression;
        while let Some(sign) = self.next_if(|token| matches!(token.span.of(expression), "+" | "-")) {
            let right = self.value()?;
            let span = left.span.hull(right.span);
            left = Node { span, what: What::Sum(Box::new(left), sign.span.of(expression) == "+", Box::new(right)) };
        }
        Ok(left)
    }

    fn value(&mut self) -> Result<Node, Wrong> {
        let here = self.here();
        let Some(token) = self.next_if(|_| true) else {
            return Err((here, "the expression ends where a signal or a number should stand".into()));
        };
        let text = token.span.of(self.expression);
        match (token.kind, text) {
            (Kind::Number(number), _) => Ok(Node { span: token.span, what: What::Number(number) }),
            (Kind::Name, "and" | "or" | "not") => Err((token.span, format!("a signal or a number should stand before `{text}`"))),
            (Kind::Name, _) => {
                let (side, name) = match (text.strip_prefix("before."), text.strip_prefix("after.")) {
                    (Some(name), _) => (Side::Before, name),
                    (_, Some(name)) => (Side::After, name),
                    _ => (self.side, text),
                };
                let found = signal_of(name).ok_or_else(|| (token.span, unknown(text, name)))?;
                Ok(Node { span: token.span, what: What::Signal(side, found) })
            }
            (Kind::Sign, "-") => {
                let inner = self.deeper(Parser::value)?;
                Ok(Node { span: token.span.hull(inner.span), what: What::Minus(Box::new(inner)) })
            }
            (Kind::Sign, "(") => {
                let inner = self.deeper(Parser::either)?;
                let expression = self.expression;
                match self.next_if(|token| token.span.of(expression) == ")") {
                    Some(closed) => Ok(Node { span: token.span.hull(closed.span), ..inner }),
                    None => Err((token.span, "this bracket is never closed".into())),
                }
            }
            _ => Err((token.span, format!("a signal or a number should stand here, not `{text}`"))),
        }
    }

    fn deeper(&mut self, inner: fn(&mut Self) -> Result<Node, Wrong>) -> Result<Node, Wrong> {
        if self.depth == DEEPEST {
            return Err((self.here(), format!("more than {DEEPEST} brackets inside each other: write it more simply")));
        }
        self.depth += 1;
        let node = inner(self);
        self.depth -= 1;
        node
    }

    /// The next token, or the end.
    fn here(&self) -> Span {
        let end = self.expression.len();
        self.tokens.get(self.at).map_or(Span::new(end, end), |token| token.span)
    }
}

fn condition(node: Node) -> Result<Node, Wrong> {
    if node.is_condition() {
        return Ok(node);
    }
    Err((node.span, "this is a number, not a condition: compare it, as in `score >= 70`".into()))
}

/// No signal has this name; the nearest that do.
fn unknown(text: &str, name: &str) -> String {
    let prefix = &text[..text.len() - name.len()];
    let last = |name: &str| name.rsplit('.').next().map(String::from);
    let likeness = |signal: &Signal| {
        let of_end = signal.name.rsplit('.').next().map_or(0.0, |end| strsim::jaro_winkler(end, name) * 0.95);
        strsim::jaro_winkler(signal.name, name).max(of_end)
    };
    let mut nearest: Vec<(f64, &Signal)> = SIGNALS
        .iter()
        .map(|signal| {
            let is_same = signal.name.starts_with(&format!("{name}.")) || last(signal.name).as_deref() == Some(name);
            (if is_same { 1.0 } else { likeness(signal) }, signal)
        })
        .filter(|&(likeness, _)| likeness > 0.8)
        .collect();
    nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
    let names: Vec<String> = nearest.iter().take(3).map(|(_, signal)| format!("`{prefix}{}`", signal.name)).collect();
    let help = if names.is_empty() {
        "`jiaokan score --list-signals` prints them all".into()
    } else {
        format!("did you mean {}?", names.join(" or "))
    };
    format!("no signal is called `{name}`: {help}")
}

#[cfg(test)]
mod tests;
