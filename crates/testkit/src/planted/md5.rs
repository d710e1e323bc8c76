//! MD5 (RFC 1321): answer keys of MIDI-B name pixel data by it. It protects nothing here.

use std::fmt::Write;

/// The digest in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(bytes.len() as u64).wrapping_mul(8).to_le_bytes());
    let constants: Vec<u32> = (1..=64_u32)
        .map(|step| (f64::from(step).sin().abs() * 4_294_967_296.0) as u32)
        .collect();
    for block in padded.chunks_exact(64) {
        let words: Vec<u32> = block
            .chunks_exact(4)
            .map(|word| {
                word.iter()
                    .rev()
                    .fold(0, |number, byte| number << 8 | u32::from(*byte))
            })
            .collect();
        state = round(state, &words, &constants);
    }
    state
        .iter()
        .flat_map(|word| word.to_le_bytes())
        .fold(String::new(), |mut out, byte| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{byte:02x}");
            out
        })
}

fn round(state: [u32; 4], words: &[u32], constants: &[u32]) -> [u32; 4] {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let [mut a, mut b, mut c, mut d] = state;
    let steps = SHIFTS.iter().enumerate().flat_map(|(turn, shifts)| {
        (0..16).map(move |step| (turn, step, shifts.iter().cycle().nth(step % 4)))
    });
    for ((turn, step, shift), constant) in steps.zip(constants) {
        let (mixed, at) = match turn {
            0 => ((b & c) | (!b & d), step),
            1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
            2 => (b ^ c ^ d, (3 * step + 5) % 16),
            _ => (c ^ (b | !d), (7 * step) % 16),
        };
        let word = words.get(at).copied().unwrap_or(0);
        let sum = a.wrapping_add(mixed).wrapping_add(*constant).wrapping_add(word);
        a = d;
        d = c;
        c = b;
        b = b.wrapping_add(sum.rotate_left(shift.copied().unwrap_or(0)));
    }
    let [w, x, y, z] = state;
    [
        w.wrapping_add(a),
        x.wrapping_add(b),
        y.wrapping_add(c),
        z.wrapping_add(d),
    ]
}

#[cfg(test)]
mod tests {
    use super::hex;

    #[test]
    fn the_suite_of_the_rfc() {
        assert_eq!(hex(b""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(hex(b"abc"), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            hex(b"12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a"
        );
    }
}
