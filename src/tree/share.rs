//! What groups of features add to scores, of many rows at once.

use super::block::Plan;
use super::{Forest, Tree};

/// Rows that go down the trees together.
const ROWS: usize = 64;

/// For each leaf, what each group of features has added on the way to it: along a tree's path, the change of the mean from a node
/// to its child counts for the node's feature (the method of Saabas, 2014).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares<const GROUPS: usize> {
    leaves: Vec<[i32; GROUPS]>,
}

impl<const GROUPS: usize> Shares<GROUPS> {
    /// Prepares `forest`, of whose features each is in one of the `groups`.
    pub fn new(forest: &Forest, groups: &[usize]) -> Self {
        let mut leaves = Vec::new();
        for tree in forest.trees.iter().filter(|tree| !tree.nodes.is_empty()) {
            let first = leaves.len();
            leaves.resize(first + tree.leaves.len(), [0; GROUPS]);
            fill(tree, groups, &mut leaves[first..]);
        }
        Shares { leaves }
    }

    /// What each group adds to the scores of `rows`, in thousandths. `plan` is that of the same trees.
    pub fn of<R: AsRef<[i16]>>(&self, plan: &Plan, rows: &[R]) -> Vec<[i32; GROUPS]> {
        let mut shares = vec![[0; GROUPS]; rows.len()];
        for (rows, shares) in rows.chunks(ROWS).zip(shares.chunks_mut(ROWS)) {
            let (mut rest, mut common) = (&self.leaves[..], [0; GROUPS]);
            plan.each_leaves(rows, |reached| {
                let (tree, after) = rest.split_at(reached.len());
                rest = after;
                // What holds for most rows is added once, and for the others what differs from it.
                let usual = (0..reached.len()).max_by_key(|&leaf| reached[leaf][0].count_ones()).unwrap_or(0);
                add(&mut common, &tree[usual], &[0; GROUPS]);
                for (leaf, &[mut rows]) in reached.iter().enumerate().filter(|(leaf, _)| *leaf != usual) {
                    while rows != 0 {
                        add(&mut shares[rows.trailing_zeros() as usize], &tree[leaf], &tree[usual]);
                        rows &= rows - 1;
                    }
                }
            });
            shares.iter_mut().for_each(|shares| add(shares, &common, &[0; GROUPS]));
        }
        shares
    }
}

/// Adds what one has over another.
fn add<const GROUPS: usize>(sums: &mut [i32; GROUPS], more: &[i32; GROUPS], less: &[i32; GROUPS]) {
    for group in 0..GROUPS {
        sums[group] += more[group] - less[group];
    }
}

/// Adds up the shares on the way to every leaf of a tree.
fn fill<const GROUPS: usize>(tree: &Tree, groups: &[usize], leaves: &mut [[i32; GROUPS]]) {
    let mut open = vec![(0, [0; GROUPS])];
    while let Some((at, shares)) = open.pop() {
        let node = &tree.nodes[at];
        for child in node.children {
            let mean = if child < 0 { tree.leaves[(-1 - child) as usize] } else { tree.nodes[child as usize].mean };
            let mut shares = shares;
            shares[groups[usize::from(node.feature)]] += i32::from(mean) - i32::from(node.mean);
            if child < 0 {
                leaves[(-1 - child) as usize] = shares;
            } else {
                open.push((child as usize, shares));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Growth, Sample, grow};
    use super::*;

    #[test]
    fn groups_add_what_their_features_do() {
        let sample =
            |i: i16| Sample { values: vec![i % 7, (i * 31) % 13, i % 2], label: (i % 7 > 3) ^ (i % 2 == 0), weight: 1.0 };
        let samples: Vec<Sample> = (0..400).map(sample).collect();
        let growth = Growth { trees: 30, ..Growth::default() };
        let forest = grow(&["a", "b", "c"], &samples.iter().collect::<Vec<_>>(), &growth, Vec::new());
        let rows: Vec<Vec<i16>> = samples.into_iter().map(|sample| sample.values).collect();
        for count in [0, 1, 64, 65, rows.len()] {
            let found = Shares::<2>::new(&forest, &[1, 0, 1]).of(&Plan::new(&forest), &rows[..count]);
            let expected = rows[..count].iter().map(|row| forest.contributions(row)).map(|each| [each[1], each[0] + each[2]]);
            assert_eq!(found, expected.collect::<Vec<_>>(), "{count} rows");
        }
    }
}
