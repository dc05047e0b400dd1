//! Scores of many rows at once. Every row of a block owns one bit of a few machine words: a decision is then one `and` for all
//! of them, and the values of the leaves are added up bit by bit, as an adder does in hardware. Nothing is guessed, so no
//! branch is mispredicted: to pass over the nodes that no row of a block reaches takes longer than to compute them.

use super::{Forest, Tree};

/// Words of blocks, for few rows and for many.
const SMALL: usize = 1;
const MIDDLE: usize = 2;
const LARGE: usize = 4;

/// Bits of a sum.
const SUM: usize = 32;
/// Bits of a leaf's value over the least of its tree.
const VALUE: usize = 16;

/// Trees made ready for blocks of rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    ranges: Vec<Range>,
    /// For each feature, the bounds that its values are cut to: beyond them, all satisfy the same conditions.
    least: Vec<i16>,
    most: Vec<i16>,
    /// For each value of each feature, the first of its conditions that holds.
    ranks: Vec<u32>,
    /// The places of all conditions.
    places: usize,
    steps: Vec<Step>,
    /// For each bit of a leaf's value, the leaf and the bit.
    bits: Vec<(u16, u16)>,
    trees: Vec<Extent>,
    /// Nodes and leaves of the largest tree.
    most_nodes: usize,
    /// The sum of the least values of all trees, and the bias.
    base: i32,
}

/// Where the parts of a tree end, those of the next begin there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extent {
    steps: usize,
    bits: usize,
    /// How many bits its values have.
    width: usize,
}

/// The conditions of one feature, `value <= t` for ascending t. One place more stands for values beyond them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    feature: u32,
    /// Where the rank of the value 0 stands, or would.
    zero: i32,
    /// The places of its conditions.
    first: u32,
    last: u32,
}

/// A decision. Those of a tree stand before those below them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    condition: u32,
    node: u16,
    /// Nodes or leaves; the tree's leaves are numbered after its nodes.
    children: [u16; 2],
}

impl Plan {
    /// Rows that are best scored together.
    pub const ROWS: usize = 64 * LARGE;

    /// Prepares `forest`, whose trees and bias are complete.
    pub fn new(forest: &Forest) -> Plan {
        let mut plan = Plan { base: forest.bias, ..Plan::default() };
        let mut limits: Vec<Vec<i16>> = vec![Vec::new(); forest.features.len()];
        for node in forest.trees.iter().flat_map(|tree| &tree.nodes) {
            limits[usize::from(node.feature)].push(node.most);
        }
        let mut first_place = vec![0; limits.len()];
        (plan.least, plan.most) = (vec![0; limits.len()], vec![0; limits.len()]);
        for (feature, limits) in limits.iter_mut().enumerate() {
            limits.sort_unstable();
            limits.dedup();
            let (Some(&least), Some(&greatest)) = (limits.first(), limits.last()) else { continue };
            // No value is beyond the greatest, so a condition with it always holds.
            let most = greatest.saturating_add(1);
            let first = plan.places;
            (plan.least[feature], plan.most[feature]) = (least, most);
            first_place[feature] = first;
            plan.ranges.push(Range {
                feature: feature as u32,
                zero: plan.ranks.len() as i32 - i32::from(least),
                first: first as u32,
                last: (first + limits.len()) as u32,
            });
            plan.ranks.extend((least..=most).map(|value| (first + limits.partition_point(|&limit| limit < value)) as u32));
            plan.places += limits.len() + 1;
        }
        for tree in &forest.trees {
            let condition = |feature: u16, most: i16| {
                let feature = usize::from(feature);
                (first_place[feature] + limits[feature].partition_point(|&limit| limit < most)) as u32
            };
            plan.add(tree, condition);
        }
        plan
    }

    fn add(&mut self, tree: &Tree, condition: impl Fn(u16, i16) -> u32) {
        let (least, most) = (tree.leaves.iter().min().copied().unwrap_or(0), tree.leaves.iter().max().copied().unwrap_or(0));
        self.base += i32::from(least);
        if tree.nodes.is_empty() {
            return;
        }
        let over = |leaf: i16| (i32::from(leaf) - i32::from(least)) as u32;
        // All values may be greater by the same number, which the base makes up for: the one that leaves fewest bits to add.
        let width = |number: u32| (u32::BITS - (over(most) + number).leading_zeros()) as usize;
        let cost = |number: &u32| tree.leaves.iter().map(|&leaf| (over(leaf) + number).count_ones()).sum::<u32>() as usize;
        let most_raise = if over(most) < 1 << 14 { 64 } else { 1 };
        let raise = (0..most_raise).min_by_key(|number| cost(number) + 3 * width(*number)).unwrap_or(0);
        let nodes = tree.nodes.len();
        let mut below = vec![0u16];
        while let Some(number) = below.pop() {
            let node = &tree.nodes[usize::from(number)];
            let children = node.children.map(|child| {
                if child < 0 {
                    return nodes as u16 + (-1 - child) as u16;
                }
                below.push(child as u16);
                child as u16
            });
            self.steps.push(Step { condition: condition(node.feature, node.most), node: number, children });
        }
        for (leaf, &value) in tree.leaves.iter().enumerate() {
            let set = (0..VALUE as u16).filter(|bit| (over(value) + raise) >> bit & 1 == 1);
            self.bits.extend(set.map(|bit| ((nodes + leaf) as u16, bit)));
        }
        self.trees.push(Extent { steps: self.steps.len(), bits: self.bits.len(), width: width(raise) });
        self.most_nodes = self.most_nodes.max(nodes + tree.leaves.len());
        self.base -= raise as i32;
    }

    /// The scores of `rows`, in order.
    pub fn scores<R: AsRef<[i16]>>(&self, rows: &[R], scores: &mut Vec<i32>) {
        scores.reserve(rows.len());
        for block in rows.chunks(Plan::ROWS) {
            match block.len().div_ceil(64) {
                SMALL => self.block::<SMALL, R>(block, scores),
                MIDDLE => self.block::<MIDDLE, R>(block, scores),
                _ => self.block::<LARGE, R>(block, scores),
            }
        }
    }

    /// The scores of as many rows as `WORDS` words have bits, or fewer.
    fn block<const WORDS: usize, R: AsRef<[i16]>>(&self, rows: &[R], scores: &mut Vec<i32>) {
        let mut sums = [[0; WORDS]; SUM];
        self.each_tree(rows, |tree: &Extent, bits: &[(u16, u16)], reached: &[[u64; WORDS]]| {
            let mut value = [[0; WORDS]; VALUE];
            for &(leaf, bit) in bits {
                let plane = &mut value[usize::from(bit) % VALUE];
                *plane = or(*plane, reached[usize::from(leaf)]);
            }
            add(&mut sums, &value[..tree.width]);
        });
        let used = sums.iter().rposition(|plane| !is_none(*plane)).map_or(0, |last| last + 1);
        for row in 0..rows.len() {
            let mut sum = 0u32;
            for plane in sums[..used].iter().rev() {
                sum = sum << 1 | (plane[row / 64] >> (row % 64) & 1) as u32;
            }
            scores.push((sum as i32).wrapping_add(self.base));
        }
    }

    /// Lets as many rows as `WORDS` words have bits, or fewer, down every tree that decides anything. `each` is told of the tree, of
    /// the bits of its leaves, and which rows reach which of its nodes and leaves.
    #[inline(always)]
    fn each_tree<const WORDS: usize, R: AsRef<[i16]>>(
        &self,
        rows: &[R],
        mut each: impl FnMut(&Extent, &[(u16, u16)], &[[u64; WORDS]]),
    ) {
        let mut live = [0; WORDS];
        (0..rows.len()).for_each(|row| live[row / 64] |= 1 << (row % 64));
        let conditions = &self.decide(rows, live)[..];
        let mut reached = vec![[0; WORDS]; self.most_nodes];
        let (mut step, mut bit) = (0, 0);
        for tree in &self.trees {
            reached[0] = live;
            for step in &self.steps[step..tree.steps] {
                let here = reached[usize::from(step.node)];
                let holds = conditions[step.condition as usize];
                reached[usize::from(step.children[0])] = and(here, holds);
                reached[usize::from(step.children[1])] = and_not(here, holds);
            }
            each(tree, &self.bits[bit..tree.bits], &reached);
            (step, bit) = (tree.steps, tree.bits);
        }
    }

    /// For each tree that decides anything, in order, which of at most 64 rows come to each of its leaves.
    pub(super) fn each_leaves<R: AsRef<[i16]>>(&self, rows: &[R], mut each: impl FnMut(&[[u64; 1]])) {
        let mut first = 0;
        self.each_tree(rows, |tree: &Extent, _, reached: &[[u64; 1]]| {
            // A tree has one leaf more than it has nodes.
            let nodes = tree.steps - first;
            each(&reached[nodes..=2 * nodes]);
            first = tree.steps;
        });
    }

    /// Finds out which conditions hold for which rows.
    fn decide<const WORDS: usize, R: AsRef<[i16]>>(&self, rows: &[R], live: [u64; WORDS]) -> Vec<[u64; WORDS]> {
        let mut conditions = vec![[0; WORDS]; self.places];
        let Some(first) = rows.first().map(AsRef::as_ref) else { return conditions };
        // Much is the same for a whole page.
        let mut differs = vec![0; first.len()];
        for row in rows {
            differs.iter_mut().zip(row.as_ref()).zip(first).for_each(|((differs, value), first)| *differs |= value ^ first);
        }
        let mut cut = vec![0; self.least.len()];
        let bounds = || self.least.iter().zip(&self.most);
        let cut_row = |cut: &mut [i16], row: &[i16]| {
            cut.iter_mut().zip(row).zip(bounds()).for_each(|((cut, &value), (&least, &most))| *cut = value.max(least).min(most));
        };
        let place =
            |range: &Range, cut: &[i16]| self.ranks[(range.zero + i32::from(cut[range.feature as usize])) as usize] as usize;
        cut_row(&mut cut, first);
        let mut varying = Vec::with_capacity(self.ranges.len());
        for range in &self.ranges {
            if differs[range.feature as usize] == 0 {
                conditions[place(range, &cut)..=range.last as usize].fill(live);
            } else {
                varying.push(*range);
            }
        }
        // One word of all places fits into the nearest cache.
        let mut word = vec![0; self.places];
        for (index, rows) in rows.chunks(64).enumerate() {
            for (bit, row) in rows.iter().enumerate() {
                cut_row(&mut cut, row.as_ref());
                for range in &varying {
                    word[place(range, &cut)] |= 1 << bit;
                }
            }
            for range in &varying {
                let places = range.first as usize..=range.last as usize;
                let mut holds = 0;
                for (condition, word) in conditions[places.clone()].iter_mut().zip(&mut word[places]) {
                    holds |= std::mem::take(word);
                    condition[index] = holds;
                }
            }
        }
        conditions
    }
}

#[inline(always)]
fn is_none<const WORDS: usize>(bits: [u64; WORDS]) -> bool {
    bits.iter().fold(0, |all, word| all | word) == 0
}

#[inline(always)]
fn and<const WORDS: usize>(a: [u64; WORDS], b: [u64; WORDS]) -> [u64; WORDS] {
    map(a, b, |a, b| a & b)
}

#[inline(always)]
fn and_not<const WORDS: usize>(a: [u64; WORDS], b: [u64; WORDS]) -> [u64; WORDS] {
    map(a, b, |a, b| a & !b)
}

#[inline(always)]
fn or<const WORDS: usize>(a: [u64; WORDS], b: [u64; WORDS]) -> [u64; WORDS] {
    map(a, b, |a, b| a | b)
}

#[inline(always)]
fn xor<const WORDS: usize>(a: [u64; WORDS], b: [u64; WORDS]) -> [u64; WORDS] {
    map(a, b, |a, b| a ^ b)
}

/// A plain loop becomes vector instructions, however the crate is compiled.
#[inline(always)]
fn map<const WORDS: usize>(a: [u64; WORDS], b: [u64; WORDS], of: impl Fn(u64, u64) -> u64) -> [u64; WORDS] {
    let mut made = [0; WORDS];
    for word in 0..WORDS {
        made[word] = of(a[word], b[word]);
    }
    made
}

/// Adds a number for each row to its sum, from the lowest bit up.
#[inline(always)]
fn add<const WORDS: usize>(sums: &mut [[u64; WORDS]; SUM], value: &[[u64; WORDS]]) {
    let mut carry = [0; WORDS];
    for (sum, value) in sums.iter_mut().zip(value) {
        let half = xor(*sum, *value);
        let next = or(and(*sum, *value), and(half, carry));
        *sum = xor(half, carry);
        carry = next;
    }
    for sum in &mut sums[value.len()..] {
        if is_none(carry) {
            return;
        }
        let next = and(*sum, carry);
        *sum = xor(*sum, carry);
        carry = next;
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Growth, Sample, grow};
    use super::*;

    #[test]
    fn blocks_score_as_rows_do() {
        let value = |i: i32, by: i32| ((i * by) % 211 - 100) as i16;
        let sample = |i: i32| Sample {
            values: vec![value(i, 7), value(i, 31) / 10, (i % 2) as i16, 5],
            label: (i % 7 > 3) ^ (i % 2 == 0),
            weight: 1.0,
        };
        let samples: Vec<Sample> = (0..2000).map(sample).collect();
        let growth = Growth { trees: 60, leaves: 9, ..Growth::default() };
        let forest = grow(&["a", "b", "c", "d"], &samples.iter().collect::<Vec<_>>(), &growth, Vec::new());
        let plan = Plan::new(&forest);
        let mut rows: Vec<Vec<i16>> = samples.into_iter().map(|sample| sample.values).collect();
        rows.extend([vec![i16::MIN; 4], vec![i16::MAX; 4]]);
        for count in [0, 1, 63, 64, 65, 128, 129, 200, 256, 257, 600, rows.len()] {
            let rows = &rows[rows.len() - count..];
            let mut scores = Vec::new();
            plan.scores(rows, &mut scores);
            assert_eq!(scores, rows.iter().map(|row| forest.score(row)).collect::<Vec<_>>(), "{count} rows");
        }
    }

    #[test]
    fn the_least_and_the_greatest_numbers_are_scored() {
        let trees = "(a<=32767 0 -32768 1)\n(a<=-32768 0 32767 (a<=-1 0 3 -32768))";
        let forest = Forest::parse(&format!("jiaokan trees 1\nfeatures a\nbias 5\n{trees}")).unwrap();
        let rows: Vec<[i16; 1]> = [i16::MIN, i16::MIN + 1, -1, 0, i16::MAX].map(|value| [value]).to_vec();
        let mut scores = Vec::new();
        Plan::new(&forest).scores(&rows, &mut scores);
        assert_eq!(scores, rows.iter().map(|row| forest.score(row)).collect::<Vec<_>>());
    }
}
