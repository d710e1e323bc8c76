//! Noise: a tile that is laid over pictures with another offset each time, and a smooth field for textures.

use crate::Random;

const SIDE: usize = 512;

/// A square of soft, bell-shaped noise with mean 0 and variance 1 that repeats without seams.
pub(crate) struct NoiseTile(Vec<f32>);

impl NoiseTile {
    /// A tile; neighbours are slightly alike, as after the reconstruction of a scan.
    pub(crate) fn new(random: &mut Random) -> Self {
        let white: Vec<f32> = (0..SIDE * SIDE).map(|_| random.bell()).collect();
        let shifted = |by: usize| white.iter().cycle().skip(by);
        // Weights 1, 0.5, 0.5, 0.25 have the norm 1.25.
        let soft = white
            .iter()
            .zip(shifted(1))
            .zip(shifted(SIDE))
            .zip(shifted(SIDE + 1));
        Self(
            soft.map(|(((a, b), c), d)| (a + 0.5 * b + 0.5 * c + 0.25 * d) / 1.25)
                .collect(),
        )
    }

    /// The noise for a picture with lines of `width` values, shifted by chance.
    pub(crate) fn lay<'a>(
        &'a self,
        width: usize,
        random: &mut Random,
    ) -> impl Iterator<Item = f32> + use<'a> {
        let (across, down) = (
            random.below(SIDE as u64) as usize,
            random.below(SIDE as u64) as usize,
        );
        let lines = self.0.chunks_exact(SIDE).cycle().skip(down);
        lines.flat_map(move |line| {
            let (left, right) = line.split_at(across);
            right.iter().chain(left).cycle().take(width).copied()
        })
    }
}

/// A smooth field of values in [-1, 1] whose features are about one unit in size.
#[derive(Clone, Copy)]
pub(crate) struct Field(u64);

impl Field {
    pub(crate) fn new(random: &mut Random) -> Self {
        Self(random.next_u64())
    }

    /// The value at a place.
    pub(crate) fn at(self, x: f32, y: f32, z: f32) -> f32 {
        let (x0, y0, z0) = (x.floor(), y.floor(), z.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (u, v, w) = (ease(x - x0), ease(y - y0), ease(z - z0));
        let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
        let corner = |dx: i64, dy: i64, dz: i64| self.corner(x0 as i64 + dx, y0 as i64 + dy, z0 as i64 + dz);
        let line = |dy, dz| mix(corner(0, dy, dz), corner(1, dy, dz), u);
        let sheet = |dz| mix(line(0, dz), line(1, dz), v);
        mix(sheet(0), sheet(1), w)
    }

    fn corner(self, x: i64, y: i64, z: i64) -> f32 {
        let mut bits = self.0
            ^ (x as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (y as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f)
            ^ (z as u64).wrapping_mul(0x1656_67b1_9e37_79f9);
        bits = (bits ^ (bits >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }
}
