//! What is no prose inside a text: addresses, code and formulas, in which no rule that reads prose may change anything.

use super::Span;
use super::chars::is_han;
use super::lines::lines;
use memchr::{memchr2, memchr3, memmem};
use regex::Regex;
use std::sync::LazyLock;

/// Addresses of the web and of mail, code between backquotes, formulas of TeX. Each alternative ends at the next place where it
/// could begin, so that the search is linear.
static INLINE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
          (?: (?i:https?|ftp):// | www\. | WWW\. ) [!-~]+
        | [0-9A-Za-z._%+-]+ @ [0-9A-Za-z-]+ (?: \. [0-9A-Za-z-]+ )+
        | `` (?: [^`\r\n] | `[^`\r\n] )+ ``
        | ` [^`\r\n]+ `
        | \$\$ [^$]+ \$\$
        | \$ [^$\s] (?: [^$\r\n]* [^$\s] )? \$
        | \\\( (?: [^\\\r\n] | \\[^()\r\n] )* \\\)
        | \\\[ (?: [^\\] | \\[^\[\]] )* \\\]";
    Regex::new(pattern).expect("the pattern is valid")
});

/// Characters that end a sentence around an address rather than the address.
const CLOSING: [char; 11] = ['.', ',', ';', ':', '!', '?', '\'', '"', ')', ']', '>'];

/// The spans of `text` that hold addresses of the web and of mail, code and formulas, ascending and disjoint.
///
/// Code stands between backquotes or in fences, as in Markdown (CommonMark 0.31, sections 4.5 and 6.1); a fence around a text that
/// is mostly Chinese is how vision models frame their answer, and protects nothing. Formulas stand between `$`, by the rules of
/// Pandoc: no blank inside beside the mark, no digit after it; and as prices are no formulas, none with Han but no command.
pub fn protected(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let bytes = text.as_bytes();
    let marked = memchr3(b'`', b'$', b'@', bytes).or_else(|| memchr2(b'\\', b'~', bytes));
    if marked.is_none() && !["://", "www.", "WWW."].iter().any(|mark| memmem::find(bytes, mark.as_bytes()).is_some()) {
        return spans;
    }
    let mut at = 0;
    for fence in fences(text) {
        inline(text, at..fence.start, &mut spans);
        spans.push(fence);
        at = fence.end;
    }
    inline(text, at..text.len(), &mut spans);
    spans
}

fn inline(text: &str, range: std::ops::Range<usize>, spans: &mut Vec<Span>) {
    let (part, mut at) = (&text[range.clone()], 0);
    while let Some(found) = INLINE.find_at(part, at) {
        let inside = found.as_str();
        let price = inside.starts_with('$')
            && !inside.starts_with("$$")
            && (part[found.end()..].starts_with(|c: char| c.is_ascii_digit())
                || inside.contains(is_han) && !inside.contains('\\'));
        if price {
            at = found.start() + 1;
            continue;
        }
        let length = match inside.as_bytes()[0] {
            b'`' | b'$' | b'\\' => inside.len(),
            _ => inside.trim_end_matches(CLOSING).len(),
        };
        spans.push(Span::new(range.start + found.start(), range.start + found.start() + length));
        at = found.end();
    }
}

/// The lines between fences of code, the fences with them.
fn fences(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Option<(Span, char)> = None;
    for line in lines(text) {
        let content = line.content.of(text);
        let inner = content.trim_start_matches(' ');
        let mark = inner.chars().next().filter(|mark| matches!(mark, '`' | '~'));
        let length = mark.map_or(0, |mark| inner.len() - inner.trim_start_matches(mark).len());
        match open {
            Some((start, closing)) if mark == Some(closing) && length >= 3 && inner.trim_matches([closing, ' ']).is_empty() => {
                let block = Span::new(start.start, line.content.end);
                if !mostly_han(&text[start.end..line.content.start]) {
                    found.push(block);
                }
                open = None;
            }
            None if length >= 3 && content.len() - inner.len() <= 3 => {
                open = mark.filter(|&mark| !inner[length..].contains(mark)).map(|mark| (line.content, mark));
            }
            _ => {}
        }
    }
    found
}

fn mostly_han(text: &str) -> bool {
    let (han, other) = text.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(han, other), c| match is_han(c) {
        true => (han + 1, other),
        false => (han, other + 1),
    });
    han > other
}

/// Whether changing `span` would change a part of one of `protected`, which are ascending: to remove the whole is another thing.
pub fn touches(protected: &[Span], span: Span) -> bool {
    let first = protected.partition_point(|shield| shield.end <= span.start);
    let overlapping = protected[first..].iter().take_while(|shield| shield.start < span.end);
    overlapping.into_iter().any(|shield| span.start > shield.start || span.end < shield.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        protected(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn addresses_code_and_formulas_are_protected() {
        assert_eq!(shown("详见https://a.example/b?c=1&d=企业。"), ["https://a.example/b?c=1&d="]);
        assert_eq!(shown("（www.example.org/and.）信箱li.and@mail.example,转王"), ["www.example.org/and", "li.and@mail.example"]);
        assert_eq!(shown("用`a and b`和``x`y``写"), ["`a and b`", "``x`y``"]);
        assert_eq!(shown("设$x and y$，\\(a\\)，$$\n一\n$$，\\[b\n\\]。"), ["$x and y$", "\\(a\\)", "$$\n一\n$$", "\\[b\n\\]"]);
        assert_eq!(shown("速度$v_{\\text{平均}}$"), ["$v_{\\text{平均}}$"]);
    }

    #[test]
    fn prices_and_lone_marks_are_not() {
        assert_eq!(shown("苹果$5和梨$6，US$7, US$8，`一半，\\(没有完"), [""; 0]);
        assert_eq!(shown("他说`这是\n两行`"), [""; 0]);
    }

    #[test]
    fn fences_protect_code_but_not_a_framed_page() {
        assert_eq!(shown("前\n```rust\nlet a and b;\n```\n后"), ["```rust\nlet a and b;\n```"]);
        assert_eq!(shown("```markdown\n企业 and 单位都参加了。\n```\n"), [""; 0]);
        assert_eq!(shown("```\n没有完 and\n"), [""; 0]);
    }

    #[test]
    fn a_part_is_touched_the_whole_may_go() {
        let shields = [Span::new(2, 6), Span::new(8, 9)];
        let touched = |start, end| touches(&shields, Span::new(start, end));
        assert!(touched(3, 4) && touched(1, 3) && touched(5, 8) && touched(4, 4));
        assert!(!touched(2, 6) && !touched(0, 10) && !touched(6, 8) && !touched(2, 2) && !touched(6, 6));
    }
}
