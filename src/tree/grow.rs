//! Grows trees on labelled samples: gradient boosting with the logistic loss, best leaf first, on binned values (Friedman 2001;
//! the histogram method is that of LightGBM, Ke et al. 2017). The outcome does not depend on the number of threads.

use super::{Chance, Forest, Node, SCALE, Tree};
use rayon::prelude::*;

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub struct Growth {
    /// How many trees.
    pub trees: usize,
    /// Leaves of each.
    pub leaves: usize,
    /// How much of what a tree says is believed.
    pub rate: f64,
    /// The least sum of second derivatives in a leaf: about four times as many undecided samples.
    pub least_weight: f64,
    /// Pulls the values of small leaves towards nought.
    pub pull: f64,
    /// How many of a hundred samples, and of a hundred features, each tree sees: trees that see less differ more, and err less
    /// together (Friedman 2002).
    pub seen: (u64, u64),
}

impl Default for Growth {
    fn default() -> Self {
        Growth { trees: 300, leaves: 8, rate: 0.1, least_weight: 3.0, pull: 2.0, seen: (60, 50) }
    }
}

/// One labelled row.
#[derive(Debug, Clone)]
pub struct Sample {
    /// A value for each feature.
    pub values: Vec<i16>,
    /// What it is.
    pub label: bool,
    /// How much it counts.
    pub weight: f32,
}

/// Most bins of a feature.
const BINS: usize = 255;

/// A feature's values, binned.
struct Column {
    /// The largest value in each bin but the last.
    edges: Vec<i16>,
    bins: Vec<u8>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    gradient: f64,
    weight: f64,
}

/// A split that a leaf could make; the feature is an index into those that the tree sees.
#[derive(Clone, Copy)]
struct Split {
    gain: f64,
    feature: usize,
    bin: u8,
}

/// A leaf while a tree grows.
struct Leaf {
    rows: Vec<u32>,
    sum: Sum,
    histograms: Vec<Vec<Sum>>,
    best: Option<Split>,
    /// The node above, and on which side.
    parent: Option<(usize, usize)>,
}

fn column(samples: &[&Sample], feature: usize) -> Column {
    let mut values: Vec<i16> = samples.iter().map(|s| s.values[feature]).collect();
    let unsorted = values.clone();
    values.sort_unstable();
    let mut distinct = values.clone();
    distinct.dedup();
    let edges: Vec<i16> = if distinct.len() <= BINS {
        distinct[..distinct.len() - 1].to_vec()
    } else {
        let mut edges: Vec<i16> = (1..BINS).map(|i| values[i * values.len() / BINS]).collect();
        edges.dedup();
        edges.retain(|edge| edge != values.last().expect("there are samples"));
        edges
    };
    let bins = unsorted.iter().map(|v| edges.partition_point(|edge| edge < v) as u8).collect();
    Column { edges, bins }
}

fn gain_of(sum: Sum, pull: f64) -> f64 {
    sum.gradient * sum.gradient / (sum.weight + pull)
}

fn histogram(column: &Column, rows: &[u32], gradients: &[Sum]) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); column.edges.len() + 1];
    for &row in rows {
        let (sum, gradient) = (&mut sums[usize::from(column.bins[row as usize])], gradients[row as usize]);
        sum.gradient += gradient.gradient;
        sum.weight += gradient.weight;
    }
    sums
}

fn best_split(histograms: &[Vec<Sum>], total: Sum, growth: &Growth) -> Option<Split> {
    let whole = gain_of(total, growth.pull);
    let mut best: Option<Split> = None;
    for (feature, sums) in histograms.iter().enumerate() {
        let mut left = Sum::default();
        for (bin, sum) in sums[..sums.len() - 1].iter().enumerate() {
            left.gradient += sum.gradient;
            left.weight += sum.weight;
            let right = Sum { gradient: total.gradient - left.gradient, weight: total.weight - left.weight };
            if left.weight < growth.least_weight || right.weight < growth.least_weight {
                continue;
            }
            let gain = gain_of(left, growth.pull) + gain_of(right, growth.pull) - whole;
            if gain > 1e-6 && best.is_none_or(|b| gain > b.gain) {
                best = Some(Split { gain, feature, bin: bin as u8 });
            }
        }
    }
    best
}

/// Grows a forest on `samples`, whose rows hold a value for each of `features`.
pub fn grow(features: &[&str], samples: &[&Sample], growth: &Growth, remarks: Vec<String>) -> Forest {
    let features: Vec<String> = features.iter().map(|&f| f.to_owned()).collect();
    let (mut joined, mut all) = (0.0, 0.0);
    for sample in samples {
        all += f64::from(sample.weight);
        joined += if sample.label { f64::from(sample.weight) } else { 0.0 };
    }
    let share = if all > 0.0 { (joined / all).clamp(0.001, 0.999) } else { 0.5 };
    let bias = ((share / (1.0 - share)).ln() * f64::from(SCALE)).round() as i32;
    let mut forest = Forest { features, remarks, bias, trees: Vec::new() };
    if samples.is_empty() {
        return forest;
    }
    let columns: Vec<Column> = (0..forest.features.len()).into_par_iter().map(|f| column(samples, f)).collect();
    let mut scores = vec![f64::from(bias) / f64::from(SCALE); samples.len()];
    let mut chance = Chance::new(1);
    for _ in 0..growth.trees {
        let gradients: Vec<Sum> = samples
            .iter()
            .zip(&scores)
            .map(|(sample, score)| {
                let p = 1.0 / (1.0 + (-score).exp());
                let weight = f64::from(sample.weight);
                let target = if sample.label { 1.0 } else { 0.0 };
                Sum { gradient: (target - p) * weight, weight: (p * (1.0 - p)).max(1e-6) * weight }
            })
            .collect();
        let Some(tree) = one_tree(&columns, &gradients, growth, &mut chance) else { break };
        scores.par_iter_mut().enumerate().for_each(|(row, score)| {
            *score += f64::from(tree.binned_leaf(&columns, row)) / f64::from(SCALE);
        });
        forest.trees.push(tree);
    }
    forest
}

impl Tree {
    /// What the tree says of a sample.
    fn binned_leaf(&self, columns: &[Column], row: usize) -> i16 {
        let mut at = 0usize;
        loop {
            let node = &self.nodes[at];
            let column = &columns[usize::from(node.feature)];
            let bin = usize::from(column.bins[row]);
            let child = node.children[usize::from(column.edges.get(bin).is_none_or(|&edge| edge > node.most))];
            if child < 0 {
                return self.leaves[(-1 - child) as usize];
            }
            at = child as usize;
        }
    }
}

fn one_tree(columns: &[Column], gradients: &[Sum], growth: &Growth, chance: &mut Chance) -> Option<Tree> {
    let features: Vec<usize> = (0..columns.len()).filter(|_| chance.happens(growth.seen.1)).collect();
    let total = |rows: &[u32]| {
        rows.iter().fold(Sum::default(), |sum, &row| {
            let g = gradients[row as usize];
            Sum { gradient: sum.gradient + g.gradient, weight: sum.weight + g.weight }
        })
    };
    let rows: Vec<u32> = (0..gradients.len() as u32).filter(|_| chance.happens(growth.seen.0)).collect();
    let histograms: Vec<Vec<Sum>> = features.par_iter().map(|&f| histogram(&columns[f], &rows, gradients)).collect();
    let sum = total(&rows);
    let best = best_split(&histograms, sum, growth);
    let mut leaves = vec![Leaf { rows, sum, histograms, best, parent: None }];
    let mut tree = Tree::default();
    let value = |sum: Sum| {
        let log_odds = sum.gradient / (sum.weight + growth.pull) * growth.rate * f64::from(SCALE);
        log_odds.round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
    };
    while leaves.len() < growth.leaves {
        let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |b| b.gain);
        let Some(at) = (0..leaves.len())
            .filter(|&i| leaves[i].best.is_some())
            .reduce(|a, b| if gain(&leaves[b]) > gain(&leaves[a]) { b } else { a })
        else {
            break;
        };
        let leaf = leaves.remove(at);
        let split = leaf.best.expect("only leaves with a split are chosen");
        let node = tree.nodes.len();
        if let Some((parent, side)) = leaf.parent {
            tree.nodes[parent].children[side] = node as i16;
        }
        let column = &columns[features[split.feature]];
        tree.nodes.push(Node {
            feature: features[split.feature] as u16,
            most: column.edges[usize::from(split.bin)],
            children: [0, 0],
            mean: value(leaf.sum),
        });
        let (first, second): (Vec<u32>, Vec<u32>) = leaf.rows.iter().partition(|&&row| column.bins[row as usize] <= split.bin);
        let small_first = first.len() <= second.len();
        let small = if small_first { &first } else { &second };
        let last = leaves.len() + 2 >= growth.leaves;
        let (few, many): (Vec<Vec<Sum>>, Vec<Vec<Sum>>) = if last {
            (Vec::new(), Vec::new())
        } else {
            features
                .par_iter()
                .zip(leaf.histograms)
                .map(|(&feature, mut whole)| {
                    let part = histogram(&columns[feature], small, gradients);
                    for (sum, part) in whole.iter_mut().zip(&part) {
                        sum.gradient -= part.gradient;
                        sum.weight -= part.weight;
                    }
                    (part, whole)
                })
                .unzip()
        };
        let (first_sums, second_sums) = if small_first { (few, many) } else { (many, few) };
        for (side, (rows, histograms)) in [(first, first_sums), (second, second_sums)].into_iter().enumerate() {
            let sum = total(&rows);
            let best = if last { None } else { best_split(&histograms, sum, growth) };
            leaves.push(Leaf { rows, sum, histograms, best, parent: Some((node, side)) });
        }
    }
    if tree.nodes.is_empty() {
        return None;
    }
    for (index, leaf) in leaves.iter().enumerate() {
        let said = value(leaf.sum);
        if let Some((parent, side)) = leaf.parent {
            tree.nodes[parent].children[side] = -1 - index as i16;
        }
        tree.leaves.push(said);
    }
    Some(tree)
}
