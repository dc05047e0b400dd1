//! Pages made from clean text: each kind sets paragraphs as one kind of producer does, and knows which breaks are its own.

use super::document::{Document, Label, Labelled};
use crate::text::chars::{is_han, is_line_start_forbidden, is_opener, is_sentence_end};
use crate::text::width::{column_cells, column_width};
use crate::tree::Chance;

/// A kind of page: its name, what makes it, and how much its breaks count: most where no other material has the kind.
type Kind = (&'static str, fn(&mut Setter, &[&str]), f32);

/// The kinds of pages that are made, in order.
const KINDS: [Kind; 18] = [
    ("made columns", columns, 0.5),
    ("made columns", columns, 0.5),
    ("made columns", columns, 0.5),
    ("made book", book, 0.5),
    ("made book", book, 0.5),
    ("made manual", manual, 0.5),
    ("made manual", manual, 0.5),
    ("made mail", mail, 0.5),
    ("made ocr lines", ocr_lines, 0.5),
    ("made vision page", vision_page, 1.0),
    ("made vision page", vision_page, 1.0),
    ("made vision page", vision_page, 1.0),
    ("made one paragraph a line", flowing, 0.5),
    ("made one paragraph a line", flowing, 0.5),
    ("made sentences", sentences, 0.5),
    ("made verse", verse, 0.5),
    ("made items", items, 0.5),
    ("made dialogue", dialogue, 0.5),
];

/// Makes `count` pages from `texts` (name and text, one paragraph a line). The same seed makes the same pages.
pub fn make_pages(texts: &[(String, String)], count: usize, seed: u64) -> Vec<Document> {
    let mut pages = Vec::with_capacity(count);
    let usable: Vec<(&str, Vec<&str>)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>()))
        .filter(|(_, paragraphs)| paragraphs.len() >= 3)
        .collect();
    if usable.is_empty() {
        return pages;
    }
    for number in 0..count {
        let mut chance = Chance::new(seed ^ (number as u64).wrapping_mul(0x2545_F491_4F6C_DD1D));
        let (name, paragraphs) = &usable[(number / KINDS.len() * 7 + number) % usable.len()];
        let (kind, make, weight) = KINDS[number % KINDS.len()];
        let first = chance.between(0, paragraphs.len() - 3);
        let last = (first + chance.between(5, 30)).min(paragraphs.len());
        let mut setter = Setter { text: String::new(), breaks: Vec::new(), chance, pending: None };
        make(&mut setter, &paragraphs[first..last]);
        let Setter { text, breaks, .. } = setter;
        if breaks.len() >= 3 {
            pages.push(Document { name: (*name).to_owned(), kind: kind.to_owned(), text, breaks, weight });
        }
    }
    pages
}

/// Writes lines and remembers what the breaks between them are.
struct Setter {
    text: String,
    breaks: Vec<Labelled>,
    chance: Chance,
    /// The label of the break that comes before the next line, and what it is made of.
    pending: Option<(Label, String)>,
}

impl Setter {
    /// Writes a line, after the break that was asked for.
    fn line(&mut self, indent: &str, line: &str) {
        if let Some((label, white)) = self.pending.take() {
            self.breaks.push(Labelled { at: self.text.len(), label });
            self.text.push_str(&white);
        }
        self.text.push_str(indent);
        self.text.push_str(line.trim_end());
    }

    /// What comes between the last line and the next.
    fn then(&mut self, label: Label, white: &str) {
        self.pending = Some((label, white.to_owned()));
    }

    /// Writes the lines of one paragraph.
    fn paragraph(&mut self, lines: &[String], first_indent: &str, indent: &str) {
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                self.then(Label::Join, "\n");
            }
            self.line(if index == 0 { first_indent } else { indent }, line);
        }
    }

    /// Ends a paragraph one way in `percent` of a hundred cases, the other way in the rest.
    fn end_either(&mut self, percent: u64, white: &str, other: &str) {
        let white = if self.chance.happens(percent) { white } else { other };
        self.end(white);
    }

    fn end(&mut self, white: &str) {
        self.then(Label::Keep, white);
    }
}

/// How lines are broken.
#[derive(Clone, Copy)]
struct Measure {
    cells: usize,
    /// Cells that the first line lacks.
    first: usize,
    /// Whether marks stay off the start of a line, by taking a character along.
    kinsoku: bool,
    /// Whether a mark may hang over the edge instead.
    hang: bool,
}

/// Breaks `text` into lines as a typesetter does.
fn break_lines(text: &str, measure: Measure) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut cells = measure.first;
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let mut end = at + 1;
        let word = |c: char| c.is_ascii_graphic();
        if word(chars[at]) {
            while end < chars.len() && word(chars[end]) && end - at < 40 {
                end += 1;
            }
        }
        if measure.kinsoku {
            let mut opening = is_opener(chars[at]);
            while end < chars.len() && (opening || is_line_start_forbidden(chars[end])) {
                opening = is_opener(chars[end]);
                end += 1;
            }
        }
        let unit: String = chars[at..end].iter().collect();
        let width = column_width(&unit);
        let hung = if measure.hang && end - at > 1 { column_cells(chars[end - 1]) } else { 0 };
        if cells + width - hung > measure.cells && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
            cells = 0;
            if unit == " " {
                at = end;
                continue;
            }
        }
        line.push_str(&unit);
        cells += width;
        at = end;
    }
    if !line.trim().is_empty() {
        lines.push(line);
    }
    lines
}

/// A clause of the paragraph that could stand as a headline.
fn clause(paragraph: &str, chance: &mut Chance) -> String {
    let marks = |c: char| matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | '、' | ',' | ';');
    let clauses: Vec<&str> = paragraph.split(marks).map(str::trim).filter(|c| (4..=20).contains(&c.chars().count())).collect();
    if clauses.is_empty() {
        paragraph.chars().filter(|c| is_han(*c)).take(9).collect()
    } else {
        (*chance.pick(&clauses)).to_owned()
    }
}

/// Newspaper columns: narrow, first-line indents lost, kept or absent, columns and pages that end anywhere.
fn columns(set: &mut Setter, paragraphs: &[&str]) {
    let cells = 2 * set.chance.between(9, 30);
    let indents = set.chance.between(0, 3);
    let (first, indent) = match indents {
        0 | 1 => (4, ""),
        2 => (4, "　　"),
        _ => (0, ""),
    };
    let mut measure = Measure { cells, first, kinsoku: !set.chance.happens(10), hang: set.chance.happens(25) };
    let column_blanks = set.chance.between(0, 8) as u64;
    let parted = set.chance.happens(15);
    let article = set.chance.between(2, 6);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        // Articles of one page are set to measures of their own.
        if index % article == 0 && set.chance.happens(50) {
            measure.cells = 2 * set.chance.between(9, 30);
        }
        if index % article == 0 && !set.chance.happens(30) {
            for _ in 0..set.chance.between(1, 2) {
                let headline = clause(paragraph, &mut set.chance);
                for line in break_lines(&headline, Measure { first: 0, ..measure }) {
                    set.line("", &line);
                    set.end("\n");
                }
            }
            if set.chance.happens(40) {
                set.end("\n\n");
            }
        }
        let lines = break_lines(paragraph, measure);
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                let blank = set.chance.happens(column_blanks);
                set.then(Label::Join, if blank { "\n\n" } else { "\n" });
            }
            set.line(if number == 0 { indent } else { "" }, line);
        }
        set.end(if parted { "\n\n" } else { "\n" });
    }
}

/// A book: one column, running heads and page numbers, form feeds, indents of two ideographic spaces.
fn book(set: &mut Setter, paragraphs: &[&str]) {
    let cells = 2 * set.chance.between(22, 42);
    let (indent, first) = *set.chance.pick(&[("　　", 4), ("　　", 4), ("    ", 4), ("", 4), ("", 0)]);
    let measure = Measure { cells, first, kinsoku: true, hang: set.chance.happens(20) };
    let mut left = set.chance.between(12, 30);
    let feed = set.chance.happens(40);
    let parted = first == 0 && indent.is_empty() || set.chance.happens(15);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index % 7 == 0 {
            let title = format!("第{}节　{}", ["一", "二", "三", "四", "五"][index / 7 % 5], clause(paragraph, &mut set.chance));
            set.line("", &title);
            set.end_either(50, "\n", "\n\n");
        }
        for (number, line) in break_lines(paragraph, measure).iter().enumerate() {
            if number > 0 {
                let page_ends = left == 0;
                let white = match (page_ends, feed) {
                    (true, true) => "\n\u{C}",
                    (true, false) => "\n\n",
                    _ => "\n",
                };
                set.then(Label::Join, white);
                left = if page_ends { 30 } else { left - 1 };
            }
            set.line(if number == 0 { indent } else { "" }, line);
        }
        set.end(if parted { "\n\n" } else { "\n" });
    }
}

/// A manual wrapped by hand or by a tool at 50 to 80 cells, with lists that hang.
fn manual(set: &mut Setter, paragraphs: &[&str]) {
    let cells = set.chance.between(50, 80);
    let margin = " ".repeat(*set.chance.pick(&[0, 0, 0, 2, 4, 7]));
    let measure = Measure { cells: cells - margin.len(), first: 0, kinsoku: !set.chance.happens(25), hang: false };
    let listed = set.chance.happens(50);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index % 5 == 0 && set.chance.happens(60) {
            let title = clause(paragraph, &mut set.chance);
            set.line("", &title);
            if set.chance.happens(40) {
                let rule = set.chance.pick(&["=", "-", "~"]).repeat(column_width(&title));
                set.end("\n");
                set.line("", &rule);
            }
            set.end_either(80, "\n\n", "\n");
        }
        if listed && index % 3 == 1 {
            let (mark, hanging) =
                *set.chance.pick(&[("- ", "  "), ("* ", "  "), ("1. ", "   "), ("(1) ", "    "), ("-o  ", "    ")]);
            let measure = Measure { cells: measure.cells - hanging.len(), ..measure };
            let first = format!("{margin}{mark}");
            let rest = format!("{margin}{hanging}");
            set.paragraph(&break_lines(paragraph, measure), &first, &rest);
            set.end_either(50, "\n", "\n\n");
        } else {
            set.paragraph(&break_lines(paragraph, measure), &margin, &margin);
            set.end("\n\n");
        }
    }
}

/// Mail and forum posts: wrapped at 60 to 76 cells, quoted.
fn mail(set: &mut Setter, paragraphs: &[&str]) {
    let measure = Measure { cells: set.chance.between(56, 76), first: 0, kinsoku: !set.chance.happens(50), hang: false };
    for paragraph in paragraphs {
        let quote = *set.chance.pick(&["", "> ", "> ", "> > ", ">> "]);
        set.paragraph(&break_lines(paragraph, Measure { cells: measure.cells - quote.len(), ..measure }), quote, quote);
        let blank = format!("\n{}\n", quote.trim_end());
        set.end_either(70, &blank, "\n");
    }
    set.line("", "-- ");
    set.end("\n");
    let signature = clause(paragraphs[0], &mut set.chance);
    set.line("", &signature);
}

/// What an OCR engine writes: a blank between all characters, every line on its own.
fn ocr_lines(set: &mut Setter, paragraphs: &[&str]) {
    let measure =
        Measure { cells: 2 * set.chance.between(12, 40), first: *set.chance.pick(&[0, 4, 4]), kinsoku: true, hang: false };
    let spaced = set.chance.happens(60);
    let parted = set.chance.happens(40);
    for paragraph in paragraphs {
        let lines: Vec<String> = break_lines(paragraph, measure)
            .iter()
            .map(|line| {
                if !spaced {
                    return line.clone();
                }
                let mut out = String::new();
                let mut previous = ' ';
                for c in line.chars() {
                    if out.ends_with(|c: char| c != ' ') && (is_han(c) || is_han(previous)) && c != ' ' {
                        out.push(' ');
                    }
                    out.push(c);
                    previous = c;
                }
                out
            })
            .collect();
        set.paragraph(&lines, "", "");
        set.end(if parted { "\n\n" } else { "\n" });
    }
}

/// What a vision model writes: long paragraphs parted by blank lines, some cut in two where a column ended.
fn vision_page(set: &mut Setter, paragraphs: &[&str]) {
    let half_width = set.chance.happens(50);
    let narrow = |text: &str| -> String {
        let map = |c| match c {
            '，' => ',',
            '：' => ':',
            '；' => ';',
            '！' => '!',
            '？' => '?',
            '（' => '(',
            '）' => ')',
            c => c,
        };
        if half_width { text.chars().map(map).collect() } else { text.to_owned() }
    };
    let tight = set.chance.happens(15);
    let cuts = set.chance.between(10, 50) as u64;
    let mut index = 0;
    while index < paragraphs.len() {
        // News has longer paragraphs than manuals: neighbours are put together.
        let mut paragraph = narrow(paragraphs[index]);
        let long = set.chance.between(20, 160);
        while paragraph.chars().count() < long && index + 1 < paragraphs.len() && paragraph.ends_with('。') {
            index += 1;
            paragraph.push_str(&narrow(paragraphs[index]));
        }
        if set.chance.happens(20) {
            let headline = clause(&paragraph, &mut set.chance);
            let mark = *set.chance.pick(&["# ", "## ", "", "", ""]);
            set.line(mark, &headline);
            set.end("\n\n");
        }
        let chars: Vec<char> = paragraph.chars().collect();
        let cut = if chars.len() > 40 && set.chance.happens(cuts) { set.chance.between(10, chars.len() - 10) } else { 0 };
        // Now and then the model skips a line or two where the column ended: those halves do not belong together.
        let lost = if cut > 0 && set.chance.happens(15) { set.chance.between(2, 9) } else { 0 };
        let after = cut + lost;
        let breakable = cut > 0
            && !is_line_start_forbidden(chars[after])
            && !is_opener(chars[cut - 1])
            && !is_sentence_end(chars[cut - 1])
            && chars[after] != ' '
            && chars[cut - 1] != ' '
            && !(chars[after].is_ascii_alphanumeric() && chars[cut - 1].is_ascii_alphanumeric());
        if breakable {
            set.line("", &chars[..cut].iter().collect::<String>());
            let label = if lost > 0 { Label::Keep } else { Label::Join };
            let white = if tight { "\n" } else { *set.chance.pick(&["\n\n", "\n\n", "\n\n", "\n\n\n\n"]) };
            set.then(label, white);
            set.line("", &chars[after..].iter().collect::<String>());
        } else {
            set.line("", &paragraph);
        }
        set.end(if tight { "\n" } else { "\n\n" });
        index += 1;
    }
}

/// Text that is not wrapped.
fn flowing(set: &mut Setter, paragraphs: &[&str]) {
    let indent = *set.chance.pick(&["", "", "　　", "    "]);
    let white = *set.chance.pick(&["\n", "\n", "\n\n"]);
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index % 5 == 0 && set.chance.happens(70) {
            for _ in 0..set.chance.between(1, 3) {
                let headline = clause(paragraph, &mut set.chance);
                set.line("", &headline);
                set.end(white);
            }
        }
        set.line(indent, paragraph);
        set.end(white);
    }
}

/// One sentence a line.
fn sentences(set: &mut Setter, paragraphs: &[&str]) {
    let bare = set.chance.happens(30);
    for sentence in paragraphs.iter().flat_map(|p| p.split_inclusive(is_sentence_end)) {
        let sentence = if bare { sentence.trim_end_matches(is_sentence_end) } else { sentence };
        if sentence.chars().count() > 3 {
            set.line("", sentence);
            set.end("\n");
        }
    }
}

/// Verse: lines of clauses, of one length or of any, in stanzas.
fn verse(set: &mut Setter, paragraphs: &[&str]) {
    let marks = |c: char| matches!(c, '，' | '。' | '；' | '：' | '！' | '？' | '、' | '“' | '”' | '（' | '）' | '《' | '》');
    let length = *set.chance.pick(&[5usize, 7, 7, 0, 0]);
    let marked = set.chance.happens(40);
    let stanza = set.chance.between(2, 8);
    let mut count = 0;
    for piece in paragraphs.iter().flat_map(|p| p.split(marks)) {
        let chars: Vec<char> = piece.chars().filter(|c| is_han(*c)).collect();
        let fits = if length > 0 { chars.len() >= length } else { (3..=14).contains(&chars.len()) };
        if !fits || count >= 40 {
            continue;
        }
        let mut line: String = chars.iter().take(if length > 0 { length } else { 14 }).collect();
        count += 1;
        if marked {
            line.push(if count % 2 == 0 { '。' } else { '，' });
        }
        set.line("", &line);
        set.end(if count % stanza == 0 { "\n\n" } else { "\n" });
    }
}

/// Lists, directories and contents: short lines of much the same length.
fn items(set: &mut Setter, paragraphs: &[&str]) {
    let style = set.chance.between(0, 6);
    let about = set.chance.between(5, 18);
    let mut count = 0;
    for piece in paragraphs.iter().flat_map(|p| p.split(['，', '。', '；', '、', '：'])) {
        let piece = piece.trim();
        if piece.chars().count().abs_diff(about) > 3 || count >= 40 {
            continue;
        }
        count += 1;
        let line = match style {
            0 => format!("{count}. {piece}"),
            1 => format!("- {piece}"),
            2 => format!("（{count}）{piece}；"),
            3 => format!("{piece} {}", set.chance.between(1, 300)),
            4 => format!("{piece}　　{}", clause(paragraphs[0], &mut set.chance)),
            _ => piece.to_owned(),
        };
        set.line("", &line);
        set.end("\n");
    }
}

/// A conversation, a speech a line.
fn dialogue(set: &mut Setter, paragraphs: &[&str]) {
    let named = set.chance.happens(60);
    for (index, sentence) in paragraphs.iter().flat_map(|p| p.split_inclusive(is_sentence_end)).take(60).enumerate() {
        let line = match named {
            true => format!("{}：{sentence}", ["记者", "王镇长", "李明", "老张"][index % if index % 5 == 0 { 3 } else { 2 }]),
            false => format!("“{}”", sentence.replace(['“', '”'], "")),
        };
        set.line("", &line);
        set.end("\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Vec<(String, String)> {
        let paragraph = |i: usize| {
            format!(
                "柳河镇第{i}次疏浚河道，两岸的农田都能浇上水了，镇里还把河堤加高了半米，修了{i}座小桥。村民说，这是办得最实在的一件事；孩子上学不用再绕远路。"
            )
        };
        vec![("a".into(), (0..40).map(paragraph).collect::<Vec<_>>().join("\n"))]
    }

    #[test]
    fn the_same_seed_makes_the_same_pages() {
        let make = |seed| make_pages(&texts(), 40, seed).into_iter().map(|d| d.text).collect::<Vec<_>>();
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
    }

    #[test]
    fn every_break_is_labelled_where_its_line_ends() {
        for page in make_pages(&texts(), 90, 3) {
            for b in &page.breaks {
                let (before, after) = page.text.split_at(b.at);
                assert!(
                    !before.ends_with(char::is_whitespace) && after.starts_with(char::is_whitespace),
                    "{}: {:?}",
                    page.kind,
                    after
                );
            }
            let content = page.text.split('\n').filter(|l| !l.trim_matches(['>', ' ', '\u{C}']).is_empty()).count();
            assert_eq!(page.breaks.len(), content - 1, "{}", page.kind);
        }
    }

    #[test]
    fn lines_keep_to_the_measure() {
        let measure = Measure { cells: 30, first: 4, kinsoku: true, hang: false };
        let lines = break_lines(&texts()[0].1.lines().next().unwrap().repeat(3), measure);
        assert!(lines.iter().all(|l| column_width(l) <= 30));
        assert!(lines[1..].iter().all(|l| !l.starts_with(is_line_start_forbidden)));
    }
}
