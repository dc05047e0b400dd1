//! ARPA files: n-grams with logarithms to the base of ten, as SRILM, KenLM and IRSTLM write them.

use super::grams::{self, Table};
use super::{BIT, EDGE, Grams, Model, ModelError, ModelProblem, ORDERS, token};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// More n-grams than this would take more than a gigabyte.
const MOST: usize = 40_000_000;

/// No line of an ARPA file of characters is longer.
const LONGEST_LINE: u64 = 1024;

/// A word of more letters than this is named by its beginning.
const SHOWN: usize = 20;

/// Reads the model at `path`.
pub(super) fn read(path: &Path) -> Result<Model, ModelError> {
    let wrong = |problem| ModelError { path: path.to_owned(), problem };
    let unreadable = |error| wrong(ModelProblem::Unreadable(error));
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let packed = file.fill_buf().map_err(unreadable)?.starts_with(&[0x1F, 0x8B]);
    let read = if packed { parse(&mut BufReader::new(MultiGzDecoder::new(file))) } else { parse(&mut file) };
    read.map_err(wrong)
}

/// A file, line by line.
struct Lines<'r> {
    input: &'r mut dyn BufRead,
    number: usize,
    line: Vec<u8>,
}

impl Lines<'_> {
    /// The next line without the white space around it; none at the end.
    fn next(&mut self) -> Result<Option<&str>, ModelProblem> {
        self.line.clear();
        self.number += 1;
        let read = self.input.take(LONGEST_LINE).read_until(b'\n', &mut self.line).map_err(ModelProblem::Unreadable)?;
        if read as u64 == LONGEST_LINE && !self.line.ends_with(b"\n") {
            return Err(if self.number == 1 { ModelProblem::Foreign } else { self.malformed("the line is too long") });
        }
        if read == 0 {
            return Ok(None);
        }
        match std::str::from_utf8(&self.line) {
            Ok(line) => Ok(Some(line.trim_matches([' ', '\t', '\r', '\n']))),
            Err(_) if self.number == 1 => Err(ModelProblem::Foreign),
            Err(_) => Err(ModelProblem::Malformed { line: self.number, what: "it is not UTF-8" }),
        }
    }

    fn malformed(&self, what: &'static str) -> ModelProblem {
        ModelProblem::Malformed { line: self.number, what }
    }
}

fn parse(input: &mut dyn BufRead) -> Result<Model, ModelProblem> {
    let mut lines = Lines { input, number: 0, line: Vec::new() };
    // Some programs write a comment or blank lines before.
    let mut before = 0..100;
    while lines.next()? != Some("\\data\\") {
        if before.next().is_none() || lines.line.is_empty() {
            return Err(ModelProblem::Foreign);
        }
    }
    let mut order = 0;
    let mut section = loop {
        let Some(line) = lines.next()? else { return Err(ModelProblem::Short { line: lines.number - 1 }) };
        match line.strip_prefix("ngram ") {
            Some(count) => {
                let named = count.split_once('=').and_then(|(order, _)| order.trim().parse::<usize>().ok());
                let Some(named) = named else { return Err(lines.malformed("`ngram ORDER=COUNT` was expected")) };
                order = order.max(named);
            }
            None if line.is_empty() => {}
            None => break section_of(line),
        }
    };
    if !ORDERS.contains(&order) {
        return Err(ModelProblem::Order { found: order });
    }
    let mut table = Table::default();
    let mut characters = Vec::with_capacity(order);
    while let Some(length) = section.take() {
        if length > order {
            return Err(lines.malformed("there are longer n-grams than the beginning says"));
        }
        loop {
            let number = lines.number + 1;
            let Some(line) = lines.next()? else { return Err(ModelProblem::Short { line: number - 1 }) };
            if line.is_empty() {
                continue;
            }
            if line.starts_with('\\') && !line.starts_with("\\\t") {
                section = section_of(line);
                if section.is_none() && line != "\\end\\" {
                    return Err(lines.malformed("`\\N-grams:` or `\\end\\` was expected"));
                }
                break;
            }
            let malformed = |what| ModelProblem::Malformed { line: number, what };
            let mut fields = line.split([' ', '\t']).filter(|field| !field.is_empty());
            let cost = fields.next().and_then(bits).ok_or_else(|| malformed("a logarithm was expected"))?;
            characters.clear();
            let mut known = true;
            for field in fields.by_ref().take(length) {
                match character(field) {
                    Token::Character(c) => characters.push(c),
                    Token::Unknown => known = false,
                    Token::Word => {
                        let token = field.chars().take(SHOWN).collect();
                        return Err(ModelProblem::Words { line: number, token });
                    }
                }
            }
            let backoff = match fields.next().map(bits) {
                None => 0,
                Some(Some(backoff)) => backoff,
                Some(None) => return Err(malformed("a logarithm was expected at the end")),
            };
            if fields.next().is_some() || known && characters.len() != length {
                return Err(malformed("it does not have as many characters as its section says"));
            }
            if known {
                table.add(grams::key(&characters), cost, backoff);
            }
            if table.len() > MOST {
                return Err(ModelProblem::Large { most: MOST });
            }
        }
    }
    Ok(Model::of(order, Grams::Table(table)))
}

/// The length of the n-grams of a section that begins with `line`.
fn section_of(line: &str) -> Option<usize> {
    line.strip_prefix('\\')?.strip_suffix("-grams:")?.parse().ok().filter(|&length| length > 0)
}

/// Negative bits for a logarithm to the base of ten.
fn bits(field: &str) -> Option<i16> {
    let log: f64 = field.parse().ok().filter(|log: &f64| !log.is_nan())?;
    Some((-log * std::f64::consts::LOG2_10 * f64::from(BIT)).round().clamp(-32_000.0, 32_000.0) as i16)
}

enum Token {
    Character(char),
    /// A mark for what the model does not know.
    Unknown,
    Word,
}

fn character(field: &str) -> Token {
    let mut chars = field.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Token::Character(token(c)),
        _ => match field {
            "<s>" | "</s>" => Token::Character(EDGE),
            "<unk>" | "<UNK>" => Token::Unknown,
            // Runs of digits or letters are one character to the model, and so are blanks, whatever they are called.
            _ if field.bytes().all(|byte| byte.is_ascii_digit()) => Token::Character(token('0')),
            _ if field.is_ascii() => Token::Character(token('a')),
            _ => Token::Word,
        },
    }
}

impl From<io::Error> for ModelProblem {
    fn from(error: io::Error) -> ModelProblem {
        ModelProblem::Unreadable(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\\data\\\nngram 1=4\nngram 2=2\n\n\\1-grams:\n-2.0\t<unk>\n-1\t河\t-0.5\n-1.5\t道\n-99\t<s>\t-0.3\n\n\\2-grams:\n-0.1\t河 道\n-0.2\t<s> 河\n\n\\end\\\n";

    fn read(text: &str) -> Result<Model, ModelProblem> {
        parse(&mut text.as_bytes())
    }

    #[test]
    fn logarithms_become_bits() {
        let model = read(GOOD).unwrap();
        assert_eq!((model.order(), model.len()), (2, 5));
        assert_eq!(model.cost(&['河'], '道'), (0.1 * std::f64::consts::LOG2_10 * 16.0).round() as i32);
        assert_eq!(model.cost(&['河'], '河'), ((0.5 + 1.0) * std::f64::consts::LOG2_10 * 16.0).round() as i32);
        assert_eq!(model.cost(&['水', '河'], '道'), model.cost(&['河'], '道'));
        assert_eq!(model.cost(&[EDGE], '河'), 11);
    }

    #[test]
    fn what_is_wrong_is_named_by_line() {
        let problem = |text: &str| read(text).unwrap_err().to_string();
        assert!(problem("").contains("no ARPA file"));
        assert!(problem("hello\n").contains("no ARPA file"));
        assert!(problem(&GOOD.replace("ngram 2=2\n", "")).contains("order 1"));
        assert!(problem(&GOOD.replace("ngram 2=2", "ngram x")).contains("line 3"));
        assert!(problem(&GOOD.replace("-1\t河", "x\t河")).contains("line 7: a logarithm"));
        assert!(problem(&GOOD.replace("河 道", "河")).contains("line 12"));
        assert!(problem(&GOOD.replace("河 道", "河 河道")).contains("line 12: `河道` is a word"));
        assert!(problem(&GOOD.replace("\\end\\\n", "")).contains("ends in the middle"));
        assert!(problem(&GOOD.replace("\\end\\", "\\fin\\")).contains("`\\end\\` was expected"));
        assert!(problem(&"长".repeat(2000)).contains("no ARPA file"));
    }

    #[test]
    fn packed_files_are_unpacked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut packed = flate2::write::GzEncoder::new(file.reopen().unwrap(), flate2::Compression::fast());
        io::Write::write_all(&mut packed, GOOD.as_bytes()).unwrap();
        packed.finish().unwrap();
        assert_eq!(super::read(file.path()).unwrap().len(), 5);
        let half = std::fs::read(file.path()).unwrap();
        std::fs::write(file.path(), &half[..half.len() / 2]).unwrap();
        assert!(super::read(file.path()).unwrap_err().to_string().contains("cannot be read"));
        assert!(super::read(Path::new("/nowhere/at/all")).is_err());
    }
}
