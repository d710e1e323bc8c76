//! Bits of a sample's word outside its value: old overlays, and whatever else was put there (PS3.5 8.1.1).

use dicom::PixelDescription;

/// Bytes that are looked at between two questions whether enough was seen.
const BLOCK: usize = 32 << 10;

/// Where the value stands in a word: its bits, and how far a shift to the left brings its sign to the top.
#[derive(Clone, Copy)]
struct Value {
    mask: u32,
    below_top: u32,
    signed: bool,
}

/// `None` when words have no bits outside the value, or are none of 8, 16 or 32 bits.
fn value(d: &PixelDescription) -> Option<Value> {
    let (allocated, stored, high) = (d.bits_allocated, d.bits_stored, d.high_bit);
    let described = matches!(allocated, 8 | 16 | 32) && high < allocated && (1..=high + 1).contains(&stored);
    if !described || stored == allocated {
        return None;
    }
    Some(Value {
        mask: (u32::MAX >> (32 - u32::from(stored))) << (high + 1 - stored),
        below_top: (allocated - 1 - high).into(),
        signed: d.signed,
    })
}

/// For each size of a word: whether all words keep to one manner of unused bits, and writing that manner.
macro_rules! words {
    ($mixed:ident, $clear:ident, $word:ty, $signed:ty) => {
        fn $mixed(samples: &[u8], value: Value) -> bool {
            const SIZE: usize = size_of::<$word>();
            let outside = !(value.mask as $word);
            let (mut zero, mut copied) = (0, 0);
            for block in samples.chunks(BLOCK) {
                let (words, _) = block.as_chunks::<SIZE>();
                let words = words.iter().map(|&word| <$word>::from_le_bytes(word));
                if value.signed {
                    for word in words {
                        zero |= word & outside;
                        copied |= word ^ extended(word, value);
                    }
                } else {
                    zero |= words.fold(0, |seen, word| seen | word & outside);
                    copied = zero;
                }
                if zero != 0 && copied != 0 {
                    return true;
                }
            }
            return false;

            #[inline(always)]
            fn extended(word: $word, value: Value) -> $word {
                let above = ((word << value.below_top) as $signed >> value.below_top) as $word;
                let below = (1 << value.mask.trailing_zeros()) - 1;
                above & !below
            }
        }

        fn $clear(samples: &mut [u8], value: Value) {
            let (words, _) = samples.as_chunks_mut::<{ size_of::<$word>() }>();
            for bytes in words {
                let word = <$word>::from_le_bytes(*bytes) & value.mask as $word;
                *bytes = if value.signed {
                    ((word << value.below_top) as $signed >> value.below_top).to_le_bytes()
                } else {
                    word.to_le_bytes()
                };
            }
        }
    };
}

words!(mixed8, clear8, u8, i8);
words!(mixed16, clear16, u16, i16);
words!(mixed32, clear32, u32, i32);

/// Whether bits outside Bits Stored and High Bit say something: in these samples they are neither all zero nor, for
/// signed samples, all copies of the sign. `samples` are native, little-endian and whole.
///
/// All must keep to one manner: if each sample could choose, an overlay could hide among the negative ones. So it is
/// best to give a frame at once. A description of other than 8, 16 or 32 bits allocated has no such bits.
pub fn has_unused_bits_set(samples: &[u8], description: &PixelDescription) -> bool {
    value(description).is_some_and(|value| match description.bits_allocated {
        8 => mixed8(samples, value),
        16 => mixed16(samples, value),
        _ => mixed32(samples, value),
    })
}

/// Clears bits outside Bits Stored and High Bit, unless they say nothing (see [`has_unused_bits_set`]): to zero, above
/// the value of signed samples to copies of the sign. Returns whether something changed.
pub fn clear_unused_bits(samples: &mut [u8], description: &PixelDescription) -> bool {
    let Some(value) = value(description).filter(|_| has_unused_bits_set(samples, description)) else {
        return false;
    };
    match description.bits_allocated {
        8 => clear8(samples, value),
        16 => clear16(samples, value),
        _ => clear32(samples, value),
    }
    true
}
