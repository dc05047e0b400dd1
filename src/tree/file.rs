//! Trees as a text file: one tree a line, nodes before their children, features by name.
//!
//! ```text
//! jiaokan trees 1
//! # made by: jiaokan fit …
//! features line-end room blanks
//! bias -240
//! (room<=0 12 (line-end<=3 55 80 -10) -95)
//! ```
//!
//! A node is `(FEATURE<=VALUE MEAN FIRST SECOND)`: rows whose feature is at most VALUE go to FIRST, others to SECOND; each of
//! these is a node or a leaf. All numbers but VALUE are thousandths of log-odds. Lines that begin with `#` are remarks.

use super::{Forest, Node, Tree};
use std::collections::HashMap;
use std::fmt::{self, Write};
use thiserror::Error;

/// What is wrong with a file of trees.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct TreeError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there, and what was expected.
    pub problem: String,
}

const HEAD: &str = "jiaokan trees 1";
/// Deeper trees are not made, and reading them would not end well.
const MOST_NODES: usize = 256;

impl Forest {
    /// Reads trees from the text of a file.
    ///
    /// # Errors
    /// The first line that is not as the format says.
    pub fn parse(text: &str) -> Result<Forest, TreeError> {
        let mut lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        let fail = |line: usize, problem: &str| Err(TreeError { line, problem: problem.to_owned() });
        if lines.next().is_none_or(|(_, line)| line != HEAD) {
            return fail(1, "expected `jiaokan trees 1`: this is no file of trees, or one for another version");
        }
        let mut forest = Forest { features: Vec::new(), remarks: Vec::new(), bias: 0, trees: Vec::new() };
        let mut known = HashMap::new();
        for (number, line) in lines {
            if let Some(remark) = line.strip_prefix('#') {
                forest.remarks.push(remark.trim().to_owned());
            } else if let Some(names) = line.strip_prefix("features ") {
                forest.features = names.split_whitespace().map(str::to_owned).collect();
                known = (0..).zip(&forest.features).map(|(index, name)| (name.clone(), index)).collect();
            } else if let Some(bias) = line.strip_prefix("bias ") {
                let Ok(bias) = bias.parse::<i16>() else { return fail(number, "expected a whole number after `bias`") };
                forest.bias = i32::from(bias);
            } else if line.starts_with('(') {
                let mut reader = Reader { rest: line, features: &known, tree: Tree::default() };
                let read = reader.node().and_then(|_| reader.finished());
                if let Err(problem) = read {
                    return fail(number, &problem);
                }
                forest.trees.push(reader.tree);
            } else if !line.is_empty() {
                return fail(number, "expected a tree, `features`, `bias` or a remark");
            }
        }
        Ok(forest)
    }
}

struct Reader<'a> {
    rest: &'a str,
    features: &'a HashMap<String, u16>,
    tree: Tree,
}

impl Reader<'_> {
    /// Reads a node or a leaf, and returns how its parent names it.
    fn node(&mut self) -> Result<i16, String> {
        if !self.take("(") {
            let leaf = self.number()?;
            self.tree.leaves.push(leaf);
            return Ok(-(self.tree.leaves.len() as i16));
        }
        if self.tree.nodes.len() >= MOST_NODES {
            return Err(format!("a tree has at most {MOST_NODES} nodes"));
        }
        let parts = self.rest.find('<').map(|at| self.rest.split_at(at));
        let Some((name, rest)) = parts.and_then(|(name, rest)| Some((name, rest.strip_prefix("<=")?))) else {
            return Err("expected `FEATURE<=VALUE`".into());
        };
        let Some(&feature) = self.features.get(name) else {
            return Err(format!("`{name}` is not among the file's features"));
        };
        self.rest = rest;
        let (most, mean) = (self.number()?, self.number()?);
        let at = self.tree.nodes.len();
        self.tree.nodes.push(Node { feature, most, children: [0, 0], mean });
        let children = [self.node()?, self.node()?];
        self.tree.nodes[at].children = children;
        if self.take(")") { Ok(at as i16) } else { Err("expected `)`".into()) }
    }

    fn take(&mut self, mark: &str) -> bool {
        self.rest = self.rest.trim_start();
        let after = self.rest.strip_prefix(mark);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn number(&mut self) -> Result<i16, String> {
        self.rest = self.rest.trim_start();
        let length = self.rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        digits.parse().map_err(|_| format!("expected a whole number of at most five digits, found `{digits}`"))
    }

    fn finished(&self) -> Result<(), String> {
        if self.rest.trim().is_empty() { Ok(()) } else { Err(format!("nothing may follow a tree, found `{}`", self.rest)) }
    }
}

impl fmt::Display for Forest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        for remark in &self.remarks {
            writeln!(f, "# {remark}")?;
        }
        writeln!(f, "features {}", self.features.join(" "))?;
        writeln!(f, "bias {}", self.bias)?;
        for tree in &self.trees {
            let mut line = String::new();
            self.write(tree, 0, &mut line)?;
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl Forest {
    fn write(&self, tree: &Tree, at: i16, out: &mut String) -> fmt::Result {
        if at < 0 {
            return write!(out, "{}", tree.leaves[(-1 - at) as usize]);
        }
        let node = &tree.nodes[at as usize];
        write!(out, "({}<={} {}", self.features[usize::from(node.feature)], node.most, node.mean)?;
        for child in node.children {
            out.push(' ');
            self.write(tree, child, out)?;
        }
        out.push(')');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Growth, Sample, grow};
    use super::*;

    fn samples() -> Vec<Sample> {
        let value = |i: i16| vec![i % 7, (i * 31) % 13, i % 2];
        (0..400).map(|i| Sample { values: value(i), label: (i % 7 > 3) ^ (i % 2 == 0), weight: 1.0 }).collect()
    }

    fn forest(rows: &[Sample]) -> Forest {
        grow(&["a", "b", "c"], &rows.iter().collect::<Vec<_>>(), &Growth::default(), vec!["a remark".into()])
    }

    #[test]
    fn trees_learn_what_a_sum_cannot() {
        let rows = samples();
        let forest = forest(&rows);
        assert!(rows.iter().all(|row| (forest.score(&row.values) > 0) == row.label));
    }

    #[test]
    fn what_is_written_is_read() {
        let forest = forest(&samples());
        let text = forest.to_string();
        let again = Forest::parse(&text).unwrap();
        assert_eq!(again.to_string(), text);
        assert!(samples().iter().all(|row| again.score(&row.values) == forest.score(&row.values)));
    }

    #[test]
    fn contributions_add_up() {
        let rows = samples();
        let forest = forest(&rows);
        let roots: i32 = forest.trees.iter().map(|t| i32::from(t.nodes[0].mean)).sum();
        for row in &rows {
            let sum: i32 = forest.contributions(&row.values).iter().sum();
            assert_eq!(sum + roots + forest.bias, forest.score(&row.values));
        }
    }

    #[test]
    fn wrong_files_are_named_by_line() {
        let line = |text: &str| Forest::parse(text).unwrap_err().line;
        assert_eq!(line("pickle"), 1);
        assert_eq!(line("jiaokan trees 1\nfeatures a\nbias 3\n(b<=1 0 1 2)"), 4);
        assert_eq!(line("jiaokan trees 1\nfeatures a\n(a<=1 0 1 2"), 3);
        assert_eq!(line("jiaokan trees 1\nfeatures a\n(a<=1 0 99999 2)"), 3);
        assert_eq!(line(&format!("jiaokan trees 1\nfeatures a\n{}", "(a<=1 0 ".repeat(5000))), 3);
    }
}
