//! What an index holds, in numbers, and what stands in it most often.

use super::{CorpusIndex, Group, Near};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Records that are read at a time.
const PIECE: u64 = 1 << 14;

/// An index in numbers. Characters are those that count: letters, digits and Han.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// Documents.
    pub documents: u64,
    /// Paragraphs.
    pub paragraphs: u64,
    /// Characters.
    pub characters: u64,
    /// Paragraphs that are the same as another, blanks and marks aside: how many different ones.
    pub repeated: u64,
    /// Paragraphs beyond the first of each.
    pub copies: u64,
    /// Characters of those.
    pub copied_characters: u64,
    /// Different paragraphs that stand in more than one document.
    pub across: u64,
    /// Pairs of different paragraphs that may be nearly the same.
    pub near_paragraphs: u64,
    /// Documents beyond the first that are the same as another, blanks and marks aside.
    pub same_documents: u64,
    /// Pairs of different documents that may be nearly the same.
    pub near_documents: u64,
}

impl CorpusIndex {
    /// The numbers.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            documents: self.documents().len() as u64,
            paragraphs: self.paragraphs(),
            characters: self.documents().iter().map(|document| document.chars).sum(),
            repeated: self.groups(),
            near_paragraphs: self.near_pairs(false),
            near_documents: self.near_pairs(true),
            same_documents: self.same_documents().iter().map(|same| same.len() as u64 - 1).sum(),
            ..Summary::default()
        };
        self.each_group(|_, group| {
            summary.copies += u64::from(group.count) - 1;
            summary.copied_characters += (u64::from(group.count) - 1) * u64::from(group.chars);
            summary.across += u64::from(group.documents > 1);
        });
        summary
    }

    /// Calls `take` with every group.
    pub fn each_group(&self, mut take: impl FnMut(u64, &Group)) {
        for from in (0..self.groups()).step_by(PIECE as usize) {
            (from..).zip(self.groups_from(from, PIECE)).for_each(|(number, group)| take(number, &group));
        }
    }

    /// The groups with the most members, the longer ones first among equals; at most so many.
    pub fn most_repeated(&self, most: usize) -> Vec<Group> {
        let mut best = BinaryHeap::new();
        self.each_group(|number, group| {
            best.push(Reverse((group.count, group.chars, Reverse(number))));
            if best.len() > most {
                best.pop();
            }
        });
        let sorted = best.into_sorted_vec();
        sorted.into_iter().filter_map(|one| self.groups_from(one.0.2.0, 1).first().copied()).collect()
    }

    /// The pairs of paragraphs whose sketches agree most, the first in corpus order first among equals; at most so many. Of each pair
    /// the later paragraph comes with the earlier.
    pub fn nearest(&self, most: usize) -> Vec<(u32, Near)> {
        let mut best = BinaryHeap::new();
        for from in (0..self.near_pairs(false) * 2).step_by(PIECE as usize) {
            for (number, near) in self.near_from(from, PIECE).into_iter().filter(|(number, near)| near.other < *number) {
                best.push(Reverse((near.alike, Reverse(number), Reverse(near.other))));
                if best.len() > most {
                    best.pop();
                }
            }
        }
        let sorted = best.into_sorted_vec();
        sorted.into_iter().map(|Reverse((alike, number, other))| (number.0, Near { other: other.0, alike })).collect()
    }
}
