//! The context model that coder and decoder share (ITU-T T.87 annex A).

use super::CODEC;
use super::header::{DEFAULT_RESET, Preset};
use crate::codec::CodecError;

/// How many contexts the three quantised gradients make, signs merged.
const CONTEXTS: usize = 365;
/// Code lengths of runs (T.87 A.2.1, the variable J).
const RUN_ORDER: [u8; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
];

/// What a scan's parameters fix.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    pub(super) maxval: i32,
    pub(super) near: i32,
    pub(super) reset: i32,
    /// Bits of a code that is not Golomb-coded.
    pub(super) qbpp: u32,
    /// The longest code.
    pub(super) limit: u32,
    /// Number of prediction errors after quantisation; no mapped error is greater.
    pub(super) range: i32,
    /// The quantised gradient (-4 to 4), by gradient + maxval.
    gradients: Vec<i8>,
}

impl Parameters {
    pub(super) fn new(precision: u8, near: u8, preset: Preset) -> Result<Self, CodecError> {
        let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
        let highest = (1 << precision) - 1;
        let maxval = if preset.maxval == 0 {
            highest
        } else {
            i32::from(preset.maxval)
        };
        if maxval > highest {
            return Err(malformed("MAXVAL is above the precision"));
        }
        let near = i32::from(near);
        if near > (maxval / 2).min(255) {
            return Err(malformed("NEAR is above half of MAXVAL"));
        }
        let [t1, t2, t3] = thresholds(maxval, near, preset);
        if !(near < t1 && t1 <= t2 && t2 <= t3 && t3 <= maxval) {
            return Err(malformed("thresholds are out of order"));
        }
        let reset = if preset.reset == 0 {
            DEFAULT_RESET
        } else {
            i32::from(preset.reset)
        };
        if reset < 3 || reset > maxval.max(255) {
            return Err(malformed("RESET is out of range"));
        }
        let range = (maxval + 2 * near) / (2 * near + 1) + 1;
        let qbpp = bits_for(range);
        let bpp = bits_for(maxval + 1).max(2);
        let quantise = |d: i32| {
            let magnitude = match d.abs() {
                m if m <= near => 0,
                m if m < t1 => 1,
                m if m < t2 => 2,
                m if m < t3 => 3,
                _ => 4,
            };
            if d < 0 { -magnitude } else { magnitude }
        };
        let gradients = (-maxval..=maxval).map(quantise).collect();
        Ok(Self {
            maxval,
            near,
            reset,
            qbpp,
            limit: 2 * (bpp + bpp.max(8)),
            range,
            gradients,
        })
    }

    /// The context of three gradients (D1, D2, D3 of T.87 A.3): negative where the sign is turned, 0 only when all
    /// three are flat.
    #[inline]
    pub(super) fn context(&self, d1: i32, d2: i32, d3: i32) -> i32 {
        let q = |d: i32| {
            i32::from(
                self.gradients
                    .get((d + self.maxval) as usize)
                    .copied()
                    .unwrap_or(0),
            )
        };
        81 * q(d1) + 9 * q(d2) + q(d3)
    }

    /// A sample from its prediction and its error, undoing the modulo reduction (T.87 A.4.4, A.5).
    #[inline]
    pub(super) fn reconstruct(&self, prediction: i32, error: i32) -> i32 {
        let step = 2 * self.near + 1;
        let mut value = prediction + error * step;
        if value < -self.near {
            value += self.range * step;
        } else if value > self.maxval + self.near {
            value -= self.range * step;
        }
        value.clamp(0, self.maxval)
    }

    /// The error of a prediction, quantised and reduced (T.87 A.4.4, A.4.5).
    #[inline]
    pub(super) fn error(&self, difference: i32) -> i32 {
        let step = 2 * self.near + 1;
        let mut error = if difference > 0 {
            (difference + self.near) / step
        } else {
            -((self.near - difference) / step)
        };
        if error < 0 {
            error += self.range;
        }
        if error >= (self.range + 1) / 2 {
            error -= self.range;
        }
        error
    }

    /// True when a sample is as good as the one that a run repeats.
    #[inline]
    pub(super) fn is_near(&self, a: i32, b: i32) -> bool {
        (a - b).abs() <= self.near
    }
}

/// The least number of bits that tell `values` values apart.
fn bits_for(values: i32) -> u32 {
    (values - 1).max(0).checked_ilog2().map_or(0, |bits| bits + 1)
}

/// Thresholds T1, T2, T3 with their defaults (T.87 C.2.4.1.1).
fn thresholds(maxval: i32, near: i32, preset: Preset) -> [i32; 3] {
    let (mut t1, mut t2, mut t3);
    if maxval >= 128 {
        let factor = (maxval.min(4095) + 128) / 256;
        t1 = factor + 2 + 3 * near;
        t2 = factor * 4 + 3 + 5 * near;
        t3 = factor * 17 + 4 + 7 * near;
    } else {
        let factor = 256 / (maxval + 1);
        t1 = (3 / factor + 3 * near).max(2);
        t2 = (7 / factor + 5 * near).max(3);
        t3 = (21 / factor + 7 * near).max(4);
    }
    let chosen = |given: u16, default: i32, least: i32| match given {
        0 if default > maxval || default < least => least,
        0 => default,
        given => i32::from(given),
    };
    t1 = chosen(preset.t1, t1, near + 1);
    t2 = chosen(preset.t2, t2, t1);
    t3 = chosen(preset.t3, t3, t2);
    [t1, t2, t3]
}

/// A sample's prediction from its neighbours (T.87 A.4.1): a left, b above, c above left.
#[inline]
pub(super) fn predict(a: i32, b: i32, c: i32) -> i32 {
    let (low, high) = (a.min(b), a.max(b));
    if c >= high {
        low
    } else if c <= low {
        high
    } else {
        a + b - c
    }
}

/// Statistics of one context (T.87 A.2.1).
#[derive(Clone, Copy, Debug)]
pub(super) struct Context {
    a: i32,
    b: i32,
    pub(super) c: i32,
    n: i32,
}

impl Context {
    /// The Golomb parameter (T.87 A.5.1).
    #[inline]
    pub(super) fn k(&self) -> u32 {
        golomb(self.n, self.a)
    }

    /// True when errors are mapped the other way round (T.87 A.5.2).
    #[inline]
    pub(super) fn turned(&self, k: u32, near: i32) -> bool {
        near == 0 && k == 0 && 2 * self.b <= -self.n
    }

    /// T.87 A.6.
    #[inline]
    pub(super) fn update(&mut self, error: i32, near: i32, reset: i32) {
        self.b += error * (2 * near + 1);
        self.a = self.a.saturating_add(error.abs());
        if self.n == reset {
            self.a >>= 1;
            self.b >>= 1;
            self.n >>= 1;
        }
        self.n += 1;
        if self.b <= -self.n {
            self.b = (self.b + self.n).max(1 - self.n);
            self.c = (self.c - 1).max(-128);
        } else if self.b > 0 {
            self.b = (self.b - self.n).min(0);
            self.c = (self.c + 1).min(127);
        }
    }
}

/// The least k with n * 2^k >= a.
#[inline]
fn golomb(n: i32, a: i32) -> u32 {
    let (n, a) = (n.cast_unsigned(), a.cast_unsigned());
    if a <= n {
        return 0;
    }
    let k = n.leading_zeros() - a.leading_zeros();
    k + u32::from(n << k < a)
}

/// Statistics of what ends a run (T.87 A.7.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct RunContext {
    a: i32,
    n: i32,
    negative: i32,
    /// 1 when left and above are near each other.
    pub(super) kind: i32,
}

impl RunContext {
    pub(super) fn k(&self) -> u32 {
        golomb(
            self.n,
            if self.kind == 1 {
                self.a + (self.n >> 1)
            } else {
                self.a
            },
        )
    }

    /// The map of T.87 A.7.2.2 for an error below zero; for one above it is the opposite.
    fn map_negative(&self, k: u32) -> bool {
        k != 0 || 2 * self.negative >= self.n
    }

    /// The mapped error (EMErrval).
    pub(super) fn map(&self, error: i32, k: u32) -> i32 {
        let map = if error < 0 {
            self.map_negative(k)
        } else {
            error > 0 && !self.map_negative(k)
        };
        2 * error.abs() - self.kind - i32::from(map)
    }

    /// The error that was mapped.
    pub(super) fn unmap(&self, mapped: i32, k: u32) -> i32 {
        let mapped = mapped + self.kind;
        let magnitude = (mapped + 1) / 2;
        if self.map_negative(k) == (mapped & 1 == 1) {
            -magnitude
        } else {
            magnitude
        }
    }

    pub(super) fn update(&mut self, error: i32, mapped: i32, reset: i32) {
        if error < 0 {
            self.negative += 1;
        }
        self.a = self.a.saturating_add((mapped + 1 - self.kind) >> 1);
        if self.n == reset {
            self.a >>= 1;
            self.n >>= 1;
            self.negative >>= 1;
        }
        self.n += 1;
    }
}

/// All that a scan learns, set back at each restart.
#[derive(Clone, Debug)]
pub(super) struct Model {
    contexts: [Context; CONTEXTS],
    pub(super) runs: [RunContext; 2],
}

impl Model {
    pub(super) fn new(parameters: &Parameters) -> Self {
        let a = ((parameters.range + 32) / 64).max(2);
        let run = |kind| RunContext {
            a,
            n: 1,
            negative: 0,
            kind,
        };
        Self {
            contexts: [Context { a, b: 0, c: 0, n: 1 }; CONTEXTS],
            runs: [run(0), run(1)],
        }
    }

    /// The statistics of a context, its sign merged.
    #[inline]
    pub(super) fn context(&mut self, context: i32) -> Option<&mut Context> {
        self.contexts.get_mut(context.unsigned_abs() as usize)
    }
}

/// How far along the table of run lengths a component is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RunIndex(u8);

impl RunIndex {
    /// Bits of the length of a run that ends here.
    pub(super) fn order(self) -> u32 {
        RUN_ORDER.get(usize::from(self.0)).copied().unwrap_or(15).into()
    }

    pub(super) fn grow(&mut self) {
        self.0 = (self.0 + 1).min(31);
    }

    pub(super) fn shrink(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}
