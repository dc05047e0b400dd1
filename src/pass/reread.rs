//! What was read of a text before an edit, for the lines that the edit left as they were.

use super::page::Line;

/// A text and its lines, as they were read before it was edited.
pub(super) struct Before {
    pub text: String,
    pub lines: Vec<Line>,
}

impl Before {
    /// A copy of a text that is read again soon; none of a long one, where memory counts for more.
    pub fn keeps(text: &str) -> Option<String> {
        const LONGEST: usize = 1 << 20;
        (text.len() <= LONGEST).then(|| text.to_owned())
    }
}

/// Finds the lines of a text before it was edited that are the same in it: nearly all of them.
pub(super) struct Matcher<'b> {
    before: Option<&'b Before>,
    /// The line after the last that was the same.
    next: usize,
    /// How much farther on that one stands than it did.
    shift: isize,
}

impl<'b> Matcher<'b> {
    pub fn new(before: Option<&'b Before>) -> Matcher<'b> {
        Matcher { before, next: 0, shift: 0 }
    }

    /// What was read of the line `text` at `start`, if it stood there before; all but its place, and what its neighbours say of it.
    pub fn find(&mut self, text: &str, start: usize) -> Option<Line> {
        /// Lines that the same one is looked for among, on either side of where it should be.
        const AROUND: usize = 4;
        let before = self.before?;
        let same = |at: &usize| {
            before.lines.get(*at).is_some_and(|line| line.span.len() == text.len() && line.span.of(&before.text) == text)
        };
        let place = Some(self.next).filter(same).or_else(|| {
            let expected = start.checked_add_signed(-self.shift)?;
            let near = before.lines.partition_point(|line| line.span.start < expected);
            (near.saturating_sub(AROUND)..near + AROUND).find(same)
        })?;
        let line = before.lines[place];
        self.next = place + 1;
        self.shift = start as isize - line.span.start as isize;
        // Mark-up may be said of it for its neighbours' sake.
        (!line.markup).then_some(Line { headline_zone: false, ..line })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::pass::line::Reader;
    use crate::pass::page::{Page, Vocabulary};
    use crate::rule::Pack;
    use crate::text::Newline;
    use std::path::Path;
    use std::sync::Arc;

    /// Tables, headlines, fences and quotes are told by the lines around, which an edit may change.
    const MIXED: &str = "标题一行\n\n正文写到这里就结束了。（完）\n新的标题\n\n本报讯 正文从这里开始。\n\n姓名  年龄  籍贯\n张三  四十  柳河\n李四  五十  青川\n\n```\n代码  一行\n```\n> 引用的话\n同一行\n同一行\n同一行\n\u{C}又一页\n- 一项\n- 两项\n";

    #[test]
    fn what_is_read_after_an_edit_is_what_is_read_afresh() {
        let vocabulary: Vocabulary = Pack::built_in().unwrap().get("profile/document").unwrap().params().unwrap();
        let (reader, lexicon) = (Arc::new(Reader::new(vocabulary)), Lexicon::builtin());
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let specimen = std::fs::read_to_string(corpus.join("text-layer-river-dredging.txt")).unwrap();
        for text in [MIXED, &specimen] {
            let page = Page::read(text, &reader, None, Newline::Lf, &lexicon);
            let before = Before { text: text.to_owned(), lines: page.lines };
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            for at in 0..lines.len() {
                let (head, line, tail) = (lines[..at].concat(), lines[at], lines[at + 1..].concat());
                let joined = line.trim_end();
                for edited in [
                    format!("{head}{tail}"),
                    format!("{head}{joined}{tail}"),
                    format!("{head}\n{line}{tail}"),
                    format!("{head}```\n{line}{tail}"),
                    format!("{head}　　{line}{line}{line}{tail}"),
                    format!("{tail}{line}{head}"),
                ] {
                    let read = |before| Page::read_after(before, &edited, &reader, None, Newline::Lf, &lexicon);
                    let (again, afresh) = (read(Some(&before)), read(None));
                    assert_eq!(format!("{:?}", again.lines), format!("{:?}", afresh.lines), "{edited}");
                    assert_eq!(format!("{:?}", again.profile), format!("{:?}", afresh.profile), "{edited}");
                }
            }
        }
    }
}
