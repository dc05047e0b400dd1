//! How likely the characters of a text are, by the model of characters that misreads are judged by.

use super::fixed::{Fixed, Ratio};
use crate::lexicon::Lexicon;
use crate::lexicon::model::{BIT, EDGE, Model, token};
use crate::text::chars::is_han;

/// How likely the Han characters of a text are after those before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FluencyMeasures {
    /// What they cost in all, in sixteenths of a bit, and how many were looked at.
    pub cost: Ratio,
    /// Those that cost more than [`DEAR`], of all that were looked at.
    pub dear: Ratio,
}

/// Sixteen bits: what a character costs that hardly anything led to.
const DEAR: i32 = 16 * BIT;

/// Characters of a text that are looked at, about: where there are more, one in so many stretches.
const MOST: usize = 1 << 15;
/// Characters of a stretch.
const STRETCH: usize = 256;

impl FluencyMeasures {
    /// Weighs `text`. Of a long one, stretches at even distances.
    pub fn of(text: &str, lexicon: &Lexicon) -> FluencyMeasures {
        let model = Model::builtin();
        // Bytes of three are most of a Chinese text.
        let every = (text.len() / 3 / MOST).max(1);
        let mut window: Vec<char> = vec![EDGE];
        let (mut at, mut skip) = (0, false);
        let (mut cost, mut dear, mut count) = (0_u64, 0, 0);
        for c in text.chars() {
            if at % STRETCH == 0 {
                skip = !(at / STRETCH).is_multiple_of(every);
                if window.len() > STRETCH {
                    window.clear();
                }
            }
            at += 1;
            if skip || c.is_whitespace() && c != '\n' {
                continue;
            }
            if c == '\n' {
                window.clear();
                window.push(EDGE);
                continue;
            }
            window.push(token(c));
            if is_han(c) {
                let last = window.len() - 1;
                let bits = lexicon.models().cost(&model, &window, last, last);
                cost += u64::from(bits.unsigned_abs());
                dear += u64::from(bits > DEAR);
                count += 1;
            }
        }
        FluencyMeasures { cost: Ratio::new(cost, count), dear: Ratio::new(dear, count) }
    }

    /// Bits a character, on the average.
    pub fn bits(self) -> Fixed {
        Ratio::new(self.cost.part, self.cost.whole * BIT as u64).fixed()
    }
}
