//! Sums of small decision trees over whole-number features: how the wrap and despace passes weigh evidence. Trees are data
//! that `jiaokan fit` makes: a text file beside the rules that use it.

mod block;
mod chance;
mod file;
mod grow;
mod share;

pub use block::Plan;
pub(crate) use chance::Chance;
pub use file::TreeError;
pub use grow::{Growth, Sample, grow};
pub use share::Shares;

/// Log-odds are kept as whole thousandths, so that every machine gets the same sum.
pub const SCALE: i32 = 1000;

/// One decision: values up to `most` go to the first child, others to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Node {
    feature: u16,
    most: i16,
    /// A node of the tree, or, when negative, a leaf: `-1 - index`.
    children: [i16; 2],
    /// What the tree says on average here, in thousandths of log-odds.
    mean: i16,
}

/// One tree. The first node is the root; a tree without nodes has one leaf.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Tree {
    nodes: Vec<Node>,
    leaves: Vec<i16>,
}

/// A sum of trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forest {
    /// Names of the features, in the order of a row's values.
    features: Vec<String>,
    /// Remarks on where it comes from.
    remarks: Vec<String>,
    /// Log-odds of an average sample, in thousandths.
    bias: i32,
    trees: Vec<Tree>,
}

impl Tree {
    fn leaf(&self, values: &[i16]) -> i16 {
        let mut at = 0usize;
        if self.nodes.is_empty() {
            return self.leaves[0];
        }
        loop {
            let node = &self.nodes[at];
            let child = node.children[usize::from(values[usize::from(node.feature)] > node.most)];
            if child < 0 {
                return self.leaves[(-1 - child) as usize];
            }
            at = child as usize;
        }
    }
}

impl Forest {
    /// The names of the features that a row must hold, in order.
    pub fn features(&self) -> &[String] {
        &self.features
    }

    /// The log-odds of an average sample, in thousandths.
    pub fn bias(&self) -> i32 {
        self.bias
    }

    /// How many trees there are.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Whether there is no tree.
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// The log-odds of a row of values, in thousandths.
    pub fn score(&self, values: &[i16]) -> i32 {
        assert!(values.len() >= self.features.len(), "a row has a value for each feature");
        self.trees.iter().map(|tree| i32::from(tree.leaf(values))).sum::<i32>() + self.bias
    }

    /// What each feature adds to the score of a row, in thousandths: along each tree's path, the change of the mean from a node
    /// to its child counts for the node's feature (the method of Saabas, 2014).
    pub fn contributions(&self, values: &[i16]) -> Vec<i32> {
        let mut shares = vec![0; self.features.len()];
        for tree in self.trees.iter().filter(|tree| !tree.nodes.is_empty()) {
            let mut at = 0usize;
            loop {
                let node = &tree.nodes[at];
                let child = node.children[usize::from(values[usize::from(node.feature)] > node.most)];
                let mean = if child < 0 { tree.leaves[(-1 - child) as usize] } else { tree.nodes[child as usize].mean };
                shares[usize::from(node.feature)] += i32::from(mean) - i32::from(node.mean);
                if child < 0 {
                    break;
                }
                at = child as usize;
            }
        }
        shares
    }
}

/// The probability that a score in thousandths of log-odds stands for.
pub fn probability(score: i32) -> f32 {
    1.0 / (1.0 + (-(score as f32) / SCALE as f32).exp())
}

/// The score in thousandths of log-odds that a probability stands for.
pub fn score_of(probability: f32) -> i32 {
    ((probability / (1.0 - probability)).ln() * SCALE as f32).round() as i32
}
