//! Text-like runs among samples and codestreams: found at the speed of memory where there are none.

/// The shortest run that is looked at. Every run of this length holds four text bytes at a multiple of four.
pub(super) const LEAST: usize = 7;
const BLOCK: usize = 256;

/// Calls `found` with each run of at least [`LEAST`] printable ASCII bytes.
pub(super) fn runs<'a>(bytes: &'a [u8], mut found: impl FnMut(&'a [u8])) {
    let mut done = 0;
    let blocks = bytes.chunks_exact(BLOCK);
    let rest = bytes.len() - blocks.remainder().len();
    for (at, block) in blocks.enumerate() {
        if holds_four(block) {
            slowly(bytes, at * BLOCK, (at + 1) * BLOCK, &mut done, &mut found);
        }
    }
    slowly(bytes, rest, bytes.len(), &mut done, &mut found);
}

/// True where four printable bytes stand at a multiple of four. Written so that the compiler can make vectors of it.
fn holds_four(block: &[u8]) -> bool {
    const HIGH: u32 = 0x8080_8080;
    let (words, _) = block.as_chunks::<4>();
    let any = words.iter().fold(0u32, |any, word| {
        let word = u32::from_le_bytes(*word);
        // Bytes from 0x20 to 0x7F carry into their high bit when 0x60 is added; others have it already.
        let printable = word.wrapping_add(0x6060_6060) & !word & HIGH;
        any | u32::from(printable == HIGH)
    });
    any != 0
}

fn slowly<'a>(bytes: &'a [u8], from: usize, to: usize, done: &mut usize, found: &mut impl FnMut(&'a [u8])) {
    let mut at = from.max(*done);
    while at < to {
        if !bytes.get(at).copied().is_some_and(is_text) {
            at += 1;
            continue;
        }
        let before = bytes.get(*done..at).unwrap_or_default();
        let start = at - before.iter().rev().take_while(|b| is_text(**b)).count();
        let after = bytes.get(at..).unwrap_or_default();
        let end = at + after.iter().take_while(|b| is_text(**b)).count();
        if end - start >= LEAST
            && let Some(run) = bytes.get(start..end)
        {
            found(run);
        }
        *done = end;
        at = end;
    }
}

fn is_text(byte: u8) -> bool {
    (0x20..0x7F).contains(&byte)
}

/// Remembers the end of one piece, so that nothing is missed where two meet.
#[derive(Default)]
pub(super) struct Seam {
    tail: Vec<u8>,
}

impl Seam {
    /// Bytes that are seen again.
    const OVERLAP: usize = 256;

    /// Calls `found` with the runs of the next piece.
    pub(super) fn push(&mut self, piece: &[u8], mut found: impl FnMut(&[u8])) {
        if !self.tail.is_empty() {
            self.tail.extend(piece.iter().take(Self::OVERLAP));
            runs(&self.tail, &mut found);
            self.tail.clear();
        }
        runs(piece, found);
        let from = piece.len().saturating_sub(Self::OVERLAP);
        self.tail.extend_from_slice(piece.get(from..).unwrap_or_default());
    }

    /// The value has ended; the next one is no continuation.
    pub(super) fn end(&mut self) {
        self.tail.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn every_run_is_found_wherever_it_stands() {
        for offset in 0..70 {
            for length in 7..12 {
                let mut bytes = vec![0u8; 200];
                bytes.iter_mut().skip(offset).take(length).for_each(|b| *b = b'A');
                let mut all = Vec::new();
                runs(&bytes, |run| all.push(run.len()));
                assert_eq!(all, [length], "{offset}");
            }
        }
        let mut all = Vec::new();
        runs(b"abcdef\x00\xFFghijkl\x80", |run| all.push(run.to_vec()));
        assert!(all.is_empty());
    }
}
