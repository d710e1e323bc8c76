//! A head MR, T1 weighted: one head in space, cut slice by slice.

use super::canvas::{Canvas, Ellipse, cover, ramp};
use super::noise::{Field, NoiseTile};
use crate::Random;

/// Width of the picture in millimetres.
pub(crate) const FIELD: f32 = 240.0;
/// Where the middle slice lies, in millimetres above the ear canals' plane.
pub(crate) const MIDDLE: f32 = 27.0;
/// How far the head reaches from the first to the last slice, in millimetres.
pub(crate) const LENGTH: f32 = 104.0;

const FAT: f32 = 1040.0;
const MUSCLE: f32 = 380.0;
const BONE: f32 = 45.0;
const MARROW: f32 = 480.0;
const WATER: f32 = 130.0;
const GREY: f32 = 520.0;
const WHITE: f32 = 760.0;

/// A head.
pub(crate) struct Head {
    half_width: f32,
    half_length: f32,
    ventricles: f32,
    folds: Field,
    texture: Field,
    noise: NoiseTile,
}

impl Head {
    /// A head, a little different for every seed.
    pub(crate) fn new(random: &mut Random) -> Self {
        Self {
            half_width: random.between(72.0, 78.0),
            half_length: random.between(90.0, 97.0),
            ventricles: random.between(0.8, 1.25),
            folds: Field::new(random),
            texture: Field::new(random),
            noise: NoiseTile::new(random),
        }
    }

    /// The slice `z` millimetres above the ear canals, as stored 12-bit samples in 16 bits.
    pub(crate) fn slice(&self, side: u16, z: f32, random: &mut Random) -> Vec<u8> {
        let mut canvas = Canvas::new(side, FIELD, 0.0);
        let scalp = self.outline(z, 0.0);
        if scalp.rx > 1.0 {
            self.shell(&mut canvas, z);
            self.brain(&mut canvas, z);
            self.depths(&mut canvas, z);
            self.face(&mut canvas, z);
        }
        canvas.paint_all(|x, y, value| *value *= 1.0 + 0.11 * (x / 90.0) - 0.08 * (y / 90.0));
        let width = usize::from(side);
        let (real, imaginary) = (self.noise.lay(width, random), self.noise.lay(width, random));
        let noisy = canvas.into_values().into_iter().zip(real).zip(imaginary);
        // The magnitude of a noisy complex signal: air is never quite black (Rician noise).
        noisy
            .flat_map(|((signal, a), b)| {
                let magnitude = (signal + 16.0 * a).hypot(16.0 * b);
                (magnitude.round().clamp(0.0, 4095.0) as u16).to_le_bytes()
            })
            .collect()
    }

    /// The head's outline, `inset` millimetres below the skin.
    fn outline(&self, z: f32, inset: f32) -> Ellipse {
        let height = (z - 5.0).max(0.0) / (88.0 - inset);
        let round = (1.0 - height * height).max(0.0).sqrt();
        let (rx, ry) = (self.half_width - inset, self.half_length - inset);
        Ellipse::new(0.0, 4.0, rx * round, ry * round)
    }

    fn shell(&self, canvas: &mut Canvas, z: f32) {
        let soft = canvas.spacing();
        for (inset, tissue) in [
            (0.0, 300.0),
            (1.5, FAT),
            (6.0, BONE),
            (7.8, MARROW),
            (10.0, BONE),
            (11.6, WATER),
        ] {
            let layer = self.outline(z, inset);
            if layer.rx > soft {
                canvas.ellipse_with(layer, |x, y| {
                    tissue * (1.0 + 0.10 * self.texture.at(x / 6.0, y / 6.0, z / 6.0))
                });
            }
        }
        // The temporal muscles lie between fat and skull.
        if z < 45.0 {
            let height = ramp(45.0, 10.0, z);
            for side in [-1.0, 1.0] {
                let muscle = Ellipse::new(
                    side * (self.half_width - 8.0),
                    -14.0,
                    8.0 * height + 0.5,
                    30.0 * height + 1.0,
                );
                let (muscle, skin) = (muscle.turned(-side * 0.16), self.outline(z, 3.5));
                let marrow = self.outline(z, 7.0);
                canvas.paint((muscle.x, muscle.y), (34.0, 34.0), |x, y, value| {
                    let depth = muscle.depth(x, y).min(skin.depth(x, y)).min(-marrow.depth(x, y));
                    *value += (MUSCLE - *value) * cover(depth, soft);
                });
            }
        }
    }

    fn brain(&self, canvas: &mut Canvas, z: f32) {
        let (brain, soft) = (self.outline(z, 13.2), canvas.spacing());
        if brain.rx < 3.0 {
            return;
        }
        let skull_base = ramp(-4.0, -26.0, z);
        canvas.paint(
            (brain.x, brain.y),
            (brain.rx + soft, brain.ry + soft),
            |x, y, value| {
                let wave = self.folds.at(x / 19.0, y / 19.0, z / 19.0);
                let depth = brain.depth(x, y) + 1.6 * wave;
                let front_base = skull_base * ramp(20.0, -30.0, y) * 60.0;
                let share = cover(depth - front_base, soft);
                if share <= 0.0 {
                    return;
                }
                let cerebellum = z < -8.0 && y > 30.0;
                let scale = if cerebellum { 4.2 } else { 9.5 };
                let (warp_x, warp_y) = (
                    x + 5.0 * wave,
                    y + 5.0 * self.folds.at(x / 15.0, y / 15.0 + 31.0, z / 15.0),
                );
                // Folds: the zero surface of a smooth field is a furrow that winds inwards.
                let winding = if cerebellum {
                    self.folds.at(x / 30.0, warp_y / scale, z / scale)
                } else {
                    self.folds.at(warp_x / scale + 11.0, warp_y / scale, z / scale)
                };
                let furrow_depth = if cerebellum { 24.0 } else { 17.0 + 4.0 * wave };
                let midline = x.abs() - 0.9 - 0.5 * self.folds.at(3.0, y / 12.0, z / 12.0);
                let cleft = z > -10.0 && (brain.depth(x, y) < 36.0 || z > 38.0);
                let closeness = winding.abs() + 0.55 * ramp(furrow_depth - 5.0, furrow_depth + 1.0, depth);
                let nearest = if cleft {
                    closeness.min(midline.max(0.0) / 14.0)
                } else {
                    closeness
                };
                let grey_at_rim = ramp(4.6, 3.2, depth);
                let grey = grey_at_rim.max(ramp(0.34, 0.24, nearest));
                let water =
                    ramp(0.085, 0.045, nearest) * ramp(20.0, 14.0, depth - if cleft { 8.0 } else { 0.0 });
                let grain = 14.0 * self.texture.at(x / 3.0, y / 3.0, z / 3.0);
                let tissue = WHITE + (GREY - WHITE) * grey + grain;
                let tissue = tissue + (WATER - tissue) * water;
                *value += (tissue - *value) * share;
            },
        );
    }

    /// Ventricles, deep grey matter, brain stem.
    fn depths(&self, canvas: &mut Canvas, z: f32) {
        let globe = |z0: f32, rz: f32| (1.0 - ((z - z0) / rz).powi(2)).max(0.0).sqrt();
        let wide = self.ventricles;
        let nuclei = globe(12.0, 20.0);
        if nuclei > 0.1 {
            for side in [-1.0, 1.0] {
                canvas.ellipse(
                    Ellipse::new(side * 11.0, 14.0, 9.5 * nuclei, 14.0 * nuclei).turned(side * 0.35),
                    GREY + 70.0,
                );
                canvas.ellipse(
                    Ellipse::new(side * 24.0, -4.0, 7.0 * nuclei, 17.0 * nuclei).turned(-side * 0.3),
                    GREY + 20.0,
                );
                canvas.ellipse(
                    Ellipse::new(side * 13.0, -20.0, 5.5 * nuclei, 9.0 * nuclei).turned(-side * 0.25),
                    GREY,
                );
            }
            canvas.ellipse(Ellipse::new(0.0, 14.0, 2.0 * wide, 13.0 * nuclei), WATER);
        }
        let body = globe(27.0, 17.0);
        if body > 0.1 {
            canvas.ellipse(Ellipse::new(0.0, -27.0, 16.0 * body, 7.0), WHITE + 60.0);
            canvas.ellipse(Ellipse::new(0.0, 36.0, 16.0 * body, 7.0), WHITE + 60.0);
            for side in [-1.0, 1.0] {
                canvas.ellipse(
                    Ellipse::new(side * 8.0, -16.0, 4.6 * wide * body, 15.0 * body).turned(-side * 0.3),
                    WATER,
                );
                canvas.ellipse(
                    Ellipse::new(side * 14.0, 28.0, 5.0 * wide * body, 19.0 * body).turned(side * 0.42),
                    WATER,
                );
                canvas.ellipse(
                    Ellipse::new(side * 17.0, 32.0, 2.6 * body, 6.0 * body).turned(side * 0.3),
                    GREY - 80.0,
                );
            }
        }
        if z < 4.0 {
            let pons = ramp(4.0, -12.0, z);
            canvas.ellipse(Ellipse::new(0.0, 18.0, 25.0 * pons, 18.0 * pons), WATER);
            canvas.ellipse(Ellipse::new(0.0, 20.0, 16.0 * pons, 14.0 * pons), WHITE - 50.0);
            canvas.ellipse(Ellipse::new(0.0, 37.0, 8.0 * pons * wide, 4.0 * pons), WATER);
        }
    }

    /// Eyes, nose and air cells in the lowest slices.
    fn face(&self, canvas: &mut Canvas, z: f32) {
        let eyes = (1.0 - ((z + 18.0) / 15.0).powi(2)).max(0.0).sqrt();
        if eyes <= 0.1 {
            return;
        }
        let front = 4.0 - self.half_length;
        // Cheeks, forehead and the bridge of the nose lie before the outline of the skull.
        let cheeks = Ellipse::new(0.0, front + 34.0, 62.0 * eyes, 38.0 * eyes);
        let base = self.outline(z, 12.0);
        canvas.ellipse_with(cheeks, |x, y| {
            let depth = cheeks.depth(x, y);
            let muscle = MUSCLE + 130.0 * self.texture.at(x / 7.0, y / 7.0, z / 7.0);
            let inside = FAT + (muscle - FAT) * ramp(5.0, 8.0, depth);
            let behind = ramp(0.0, 3.0, base.depth(x, y)) * ramp(front + 40.0, front + 46.0, y);
            inside + (MARROW - inside) * behind
        });
        for side in [-1.0, 1.0] {
            canvas.ellipse(
                Ellipse::new(side * 32.0, front + 26.0, 20.0 * eyes, 28.0 * eyes).turned(side * 0.3),
                FAT - 90.0,
            );
            canvas.stroke(
                (side * 31.0, front + 24.0),
                (side * 12.0, front + 62.0),
                2.2 * eyes,
                GREY,
            );
            canvas.stroke(
                (side * 42.0, front + 22.0),
                (side * 22.0, front + 56.0),
                2.0 * eyes,
                MUSCLE,
            );
            canvas.ellipse(
                Ellipse::new(side * 33.0, front + 15.0, 13.0 * eyes, 13.0 * eyes),
                MUSCLE + 60.0,
            );
            canvas.ellipse(
                Ellipse::new(side * 33.0, front + 15.0, 11.8 * eyes, 11.8 * eyes),
                WATER + 40.0,
            );
            canvas.ellipse(
                Ellipse::new(side * 33.0, front + 6.5, 5.0 * eyes, 2.6 * eyes),
                MUSCLE,
            );
            canvas.ellipse(Ellipse::new(side * 56.0, 22.0, 9.0 * eyes, 8.0 * eyes), 70.0);
        }
        canvas.ellipse(
            Ellipse::new(0.0, front - 4.0, 13.0 * eyes, 19.0 * eyes),
            MUSCLE + 180.0,
        );
        for side in [-1.0, 1.0] {
            canvas.ellipse(
                Ellipse::new(side * 6.5, front + 24.0, 4.6 * eyes, 24.0 * eyes),
                35.0,
            );
            canvas.stroke(
                (side * 2.2, front + 12.0),
                (side * 2.2, front + 44.0),
                1.2,
                MUSCLE,
            );
        }
    }
}
