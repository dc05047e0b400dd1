//! Shares with the intervals in which the true ones lie.

/// The deviate of a normal distribution within which 95 % of it lie.
const WITHIN: f64 = 1.959_964;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Those that are right, or found.
    pub hits: usize,
    /// All of them.
    pub of: usize,
}

impl Share {
    /// Adds one.
    pub fn count(&mut self, hit: bool) {
        self.of += 1;
        self.hits += usize::from(hit);
    }

    /// Adds others.
    pub fn add(&mut self, other: Share) {
        self.of += other.of;
        self.hits += other.hits;
    }

    /// The share; none of nothing.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }

    /// The interval that holds the true share with 95 % confidence, by the score test (Wilson, 1927).
    pub fn interval(self) -> Option<(f64, f64)> {
        let share = self.share()?;
        let n = self.of as f64;
        let squared = WITHIN * WITHIN;
        let centre = (share + squared / (2.0 * n)) / (1.0 + squared / n);
        let half = WITHIN / (1.0 + squared / n) * (share * (1.0 - share) / n + squared / (4.0 * n * n)).sqrt();
        Some(((centre - half).max(0.0), (centre + half).min(1.0)))
    }
}

/// The harmonic mean of precision and recall.
pub fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_wilson() {
        let rounded = |hits, of| Share { hits, of }.interval().map(|(low, high)| [low, high].map(|x| (x * 1000.0).round()));
        assert_eq!(rounded(9, 10), Some([596.0, 982.0]));
        assert_eq!(rounded(0, 10), Some([0.0, 278.0]));
        assert_eq!(rounded(0, 0), None);
        assert_eq!(f1(0.5, 1.0), 2.0 / 3.0);
    }
}
