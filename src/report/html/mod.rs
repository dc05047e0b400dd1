//! A page for people to look through findings and decide about them: one file, which needs no network and no program but a browser.
//!
//! Everything the page shows is data: one JSON object in an element that is not run. The script reads it and sets text, never
//! markup, so that whatever stands in a document, a file name or a rule stays text. A policy in the page allows its own style and
//! script, by their hashes, and nothing else.

mod guide;
mod passages;
mod record;
mod signals;

use super::escape;
use crate::edit::Revision;
use crate::pass::Pipeline;
use crate::review::{Item, Key, Ledger};
use crate::rule::Pack;
use crate::text::Source;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use record::Data;
use sha2::{Digest, Sha256};
use signals::Signals;
use std::io::{self, Write};
use xxhash_rust::xxh3::Xxh3;

/// The page with marks where its parts go.
const PAGE: &str = include_str!("page/page.html");

const STYLE: &str = include_str!("page/page.css");

/// One script, whose parts stand in files of their own. Each part knows those before it, and functions of all.
const SCRIPT: &str = concat!(
    include_str!("page/data.js"),
    include_str!("page/text.js"),
    include_str!("page/list.js"),
    include_str!("page/view.js"),
    include_str!("page/overview.js"),
    include_str!("page/main.js"),
);

/// What a page tells of one document.
#[derive(Debug)]
pub struct Part {
    name: String,
    source: Option<Source>,
    items: Vec<Item>,
    sight: Vec<Vec<String>>,
    signals: Signals,
}

impl Part {
    /// What there is to tell of `revision`, whose items are `items`. Documents without any take no room.
    pub fn new(name: &str, revision: &Revision, items: Vec<Item>, ledger: &Ledger, pipeline: &Pipeline) -> Part {
        Part {
            name: name.to_owned(),
            source: (!items.is_empty()).then(|| revision.source().clone()),
            sight: items.iter().map(|item| ledger.in_sight(item.key)).collect(),
            items,
            signals: Signals::of(revision, pipeline),
        }
    }
}

/// A page in the making.
#[derive(Debug, Default)]
pub struct Report {
    parts: Vec<Part>,
    rules: record::Rules,
    pending: usize,
}

impl Report {
    /// Adds a document; `pack` has the rules that looked at it.
    pub fn add(&mut self, part: Part, pack: &Pack) {
        self.pending += part.items.iter().filter(|item| item.is_pending()).count();
        part.items.iter().for_each(|item| self.rules.add(item, pack));
        self.parts.push(part);
    }

    /// How many documents, findings, and findings that wait for a person.
    pub fn counts(&self) -> (usize, usize, usize) {
        (self.parts.len(), self.parts.iter().map(|part| part.items.len()).sum(), self.pending)
    }

    /// What the page is called where a browser keeps decisions: it depends on what was found, not on what was decided.
    fn id(&self) -> String {
        let mut keys: Vec<Key> = self.parts.iter().flat_map(|part| &part.items).map(|item| item.key).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut hash = Xxh3::new();
        keys.iter().for_each(|key| hash.update(key.to_string().as_bytes()));
        format!("{:032x}", hash.digest128())
    }

    /// Writes the page.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let id = self.id();
        let (_, findings, _) = self.counts();
        let data = Data::of(id, self.parts, self.rules, passages::reach(findings));
        let mut rest = PAGE;
        while let Some((before, mark)) = rest.split_once("{{") {
            out.write_all(before.as_bytes())?;
            let Some((name, after)) = mark.split_once("}}") else { break };
            match name {
                "policy" => write!(out, "default-src 'none'; style-src {}; script-src {}", hash(STYLE), hash(SCRIPT))?,
                "style" => out.write_all(STYLE.as_bytes())?,
                "script" => out.write_all(SCRIPT.as_bytes())?,
                _ => escape::json_in_markup(&data, out)?,
            }
            rest = after;
        }
        out.write_all(rest.as_bytes())
    }
}

/// How a policy names what it allows.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_data_is_active() {
        let text = "</script><!--&\u{2028}\u{202E}\u{9B}2J\u{FEFF}\0\n甲";
        let mut written = Vec::new();
        escape::json_in_markup(text, &mut written).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert_eq!(written, r#""\u003c/script\u003e\u003c!--\u0026\u2028\u202e\u009b2J\ufeff\u0000\n甲""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn the_page_has_a_place_for_every_part() {
        for mark in ["{{policy}}", "{{style}}", "{{data}}", "{{script}}"] {
            assert_eq!(PAGE.matches(mark).count(), 1, "{mark}");
        }
        assert_eq!(PAGE.matches("{{").count(), 4);
        assert!(!SCRIPT.contains("</script") && !STYLE.contains("</style"));
        assert!(!SCRIPT.contains("innerHTML") && !SCRIPT.contains("outerHTML") && !SCRIPT.contains("insertAdjacent"));
    }
}
