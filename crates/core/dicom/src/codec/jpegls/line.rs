//! A line of samples and the one above it.

/// A line and the one above, each with a sample of padding on both sides (ITU-T T.87 A.2.1): left of the line
/// stands what is above its first sample, right of it what is above its last.
#[derive(Clone, Debug)]
pub(super) struct Line {
    above: Vec<u16>,
    current: Vec<u16>,
}

impl Line {
    /// Above the first line all is zero.
    pub(super) fn new(columns: u16) -> Self {
        let padded = usize::from(columns) + 2;
        Self {
            above: vec![0; padded],
            current: vec![0; padded],
        }
    }

    pub(super) fn width(&self) -> usize {
        self.above.len() - 2
    }

    /// The next line: what was current is above.
    pub(super) fn advance(&mut self) {
        std::mem::swap(&mut self.above, &mut self.current);
        if let [.., last, right] = self.above.as_mut_slice() {
            *right = *last;
        }
        if let ([left, ..], [_, first, ..]) = (self.current.as_mut_slice(), self.above.as_slice()) {
            *left = *first;
        }
    }

    /// The line above and the current one, padding included.
    pub(super) fn split(&mut self) -> (&[u16], &mut [u16]) {
        (&self.above, &mut self.current)
    }

    /// Left, above, above left and above right of a sample; samples count from 1.
    pub(super) fn neighbours(&self, x: usize) -> [i32; 4] {
        let left = self.current.get(x - 1).copied().unwrap_or(0);
        let [above_left, above, above_right] = self
            .above
            .get(x - 1..)
            .and_then(|above| above.first_chunk().copied())
            .unwrap_or([0; 3]);
        [left, above, above_left, above_right].map(i32::from)
    }

    pub(super) fn set(&mut self, x: usize, value: i32) {
        if let Some(sample) = self.current.get_mut(x) {
            *sample = value as u16;
        }
    }

    /// Repeats the sample left of `x` so many times.
    pub(super) fn repeat(&mut self, x: usize, length: usize) {
        let left = self.current.get(x - 1).copied().unwrap_or(0);
        if let Some(samples) = self.current.get_mut(x..x + length) {
            samples.fill(left);
        }
    }

    /// The current line without padding.
    pub(super) fn samples(&self) -> &[u16] {
        self.current.get(1..=self.width()).unwrap_or_default()
    }
}
