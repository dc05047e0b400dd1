//! The ways in which text is decoded wrongly.

use super::codes::Code;

/// Text in one encoding that was read as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Channel {
    pub right: Code,
    pub wrong: Code,
    /// Whether the controls 80 to 9F were taken out afterwards.
    pub stripped: bool,
}

impl Channel {
    /// For people.
    pub fn name(&self) -> String {
        format!("{} read as {}", self.right.name(), self.wrong.name())
    }

    /// Whether the bytes of `right`, rightly encoded, are those that the wrong reading has.
    pub fn is_whole(self, wrong: &[char], right: &str) -> bool {
        let mut bytes: Vec<u8> = Vec::with_capacity(right.len());
        for c in right.chars() {
            match self.right {
                Code::Utf8 => bytes.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
                code => match code.bytes(c) {
                    [Some((first, second)), _] => bytes.extend([first].into_iter().chain(second)),
                    _ => return false,
                },
            }
        }
        let mut rest = bytes.as_slice();
        wrong.iter().all(|&c| {
            let readings = self.wrong.bytes(c).into_iter().flatten();
            let left = readings.filter_map(|(first, second)| {
                let rest = rest.strip_prefix(&[first])?;
                second.map_or(Some(rest), |second| rest.strip_prefix(&[second]))
            });
            left.min_by_key(|rest| rest.len()).map(|left| rest = left).is_some()
        }) && rest.is_empty()
    }
}

/// The wrong decodings that are looked for.
pub(super) const CHANNELS: [Channel; 8] = [
    Channel { right: Code::Utf8, wrong: Code::Gbk, stripped: false },
    Channel { right: Code::Utf8, wrong: Code::Latin, stripped: false },
    Channel { right: Code::Utf8, wrong: Code::Latin, stripped: true },
    Channel { right: Code::Gbk, wrong: Code::Latin, stripped: false },
    Channel { right: Code::Gbk, wrong: Code::Big5, stripped: false },
    Channel { right: Code::Big5, wrong: Code::Gbk, stripped: false },
    Channel { right: Code::Big5, wrong: Code::Latin, stripped: false },
    Channel { right: Code::Utf8, wrong: Code::Big5, stripped: false },
];
