//! Paragraphs that are the same, found by sorting their hashes.

use super::fingerprint::Paragraph;
use super::format::{GROUPS, Group, Indexed, LINK, LINKS, MEMBERS, PARAGRAPH, PARAGRAPHS, SECTIONS, Section, record};
use super::sort::Sorter;
use std::io::{self, Read};
use std::path::Path;

/// In a link: the paragraph is not the first of its group.
pub(super) const LATER: u32 = 1 << 31;

/// Fills the sections of groups, members and links, and tells documents where theirs begin. Groups are in the order of their hashes,
/// members and links in corpus order.
pub(super) fn groups(folder: &Path, documents: &mut [Indexed], sections: &mut [Section; SECTIONS.len()]) -> io::Result<()> {
    let mut by_hash = Sorter::new(folder);
    let count = sections[PARAGRAPHS].len() / PARAGRAPH as u64;
    let mut paragraphs = sections[PARAGRAPHS].read()?;
    let mut bytes = [0; PARAGRAPH];
    for number in 0..count {
        paragraphs.read_exact(&mut bytes)?;
        let paragraph = Paragraph::read(&bytes);
        let about = u32::from(paragraph.defects) << 16 | paragraph.chars.min(0xFFFF);
        by_hash.push(u128::from(paragraph.skeleton) << 64 | u128::from(number) << 32 | u128::from(about))?;
    }
    drop(paragraphs);
    let mut by_number = Sorter::new(folder);
    let mut gather = Gather { documents, made: 0, group: None, best: (0, 0), last_document: 0 };
    let mut sorted = by_hash.sorted()?;
    let mut before: Option<u128> = None;
    while let Some(one) = sorted.next()? {
        match before {
            Some(first) if first >> 64 == one >> 64 => gather.member(first, one, sections, &mut by_number)?,
            _ => gather.close(sections)?,
        }
        before = Some(one);
    }
    gather.close(sections)?;
    let mut sorted = by_number.sorted()?;
    let mut document = 0;
    let mut written = 0;
    while let Some(link) = sorted.next()? {
        let (number, group) = ((link >> 32) as u32, link as u32);
        while documents.get(document).is_some_and(|d| d.first <= number) {
            documents[document].links = written;
            document += 1;
        }
        sections[LINKS].add(&record::<LINK>(&[number, group]))?;
        written += 1;
    }
    documents[document..].iter_mut().for_each(|document| document.links = written);
    Ok(())
}

/// The document that holds a paragraph.
pub(super) fn document_of(documents: &[Indexed], paragraph: u32) -> usize {
    documents.partition_point(|document| document.first <= paragraph).saturating_sub(1)
}

/// A group whose members come one by one.
struct Gather<'a> {
    documents: &'a [Indexed],
    made: u32,
    group: Option<Group>,
    /// Defects and number of the best member.
    best: (u32, u32),
    last_document: usize,
}

impl Gather<'_> {
    /// Adds `one`, which follows `before` in its group.
    fn member(
        &mut self,
        before: u128,
        one: u128,
        sections: &mut [Section; SECTIONS.len()],
        links: &mut Sorter,
    ) -> io::Result<()> {
        if self.group.is_none() {
            let members = sections[MEMBERS].len() / 4;
            self.group = Some(Group { members, count: 0, documents: 0, best: 0, chars: before as u32 & 0xFFFF });
            self.best = (u32::MAX, 0);
            self.add(before, sections, links)?;
        }
        self.add(one, sections, links)
    }

    fn add(&mut self, one: u128, sections: &mut [Section; SECTIONS.len()], links: &mut Sorter) -> io::Result<()> {
        let Some(group) = &mut self.group else { return Ok(()) };
        let (number, defects) = ((one >> 32) as u32, (one as u32) >> 16);
        let document = document_of(self.documents, number);
        let first = group.count == 0;
        if first || document != self.last_document {
            group.documents += 1;
        }
        group.count += 1;
        self.last_document = document;
        self.best = self.best.min((defects, number));
        sections[MEMBERS].add(&number.to_le_bytes())?;
        let later = if first { 0 } else { LATER };
        links.push(u128::from(number) << 32 | u128::from(self.made | later))
    }

    fn close(&mut self, sections: &mut [Section; SECTIONS.len()]) -> io::Result<()> {
        let Some(group) = self.group.take() else { return Ok(()) };
        self.made += 1;
        sections[GROUPS].add(&Group { best: self.best.1, ..group }.write())
    }
}
