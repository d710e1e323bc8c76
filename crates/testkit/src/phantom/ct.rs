//! A chest CT with contrast medium: one torso in space, cut slice by slice.

use super::canvas::{Canvas, Ellipse, cover, distance_to_segment, ramp};
use super::noise::{Field, NoiseTile};
use super::vessels::{Tube, lung_vessels};
use crate::Random;

/// Width of the picture in millimetres.
pub(crate) const FIELD: f32 = 400.0;
/// Where the middle slice lies, in millimetres below the tips of the lungs.
pub(crate) const MIDDLE: f32 = 150.0;
/// How far the torso reaches from the first to the last slice, in millimetres.
pub(crate) const LENGTH: f32 = 280.0;
/// A stored sample of 0 stands for this many Hounsfield units.
pub(crate) const INTERCEPT: i16 = -1024;

const RIB_STEP: f32 = 27.0;
const AIR: f32 = -1000.0;
const FAT: f32 = -100.0;
const MUSCLE: f32 = 55.0;
const BLOOD: f32 = 190.0;

/// A torso.
pub(crate) struct Torso {
    half_width: f32,
    half_depth: f32,
    fat: f32,
    texture: Field,
    vessels: Vec<Tube>,
    noise: NoiseTile,
}

impl Torso {
    /// A body, a little different for every seed.
    pub(crate) fn new(random: &mut Random) -> Self {
        Self {
            half_width: random.between(156.0, 172.0),
            half_depth: random.between(108.0, 117.0),
            fat: random.between(9.0, 20.0),
            texture: Field::new(random),
            vessels: lung_vessels(random),
            noise: NoiseTile::new(random),
        }
    }

    /// The slice `z` millimetres below the tips of the lungs, as stored 16-bit samples.
    pub(crate) fn slice(&self, side: u16, z: f32, random: &mut Random) -> Vec<u8> {
        let mut canvas = Canvas::new(side, FIELD, AIR);
        self.table(&mut canvas);
        self.wall(&mut canvas, z);
        self.belly(&mut canvas, z);
        self.lungs(&mut canvas, z);
        self.middle(&mut canvas, z);
        self.bones(&mut canvas, z);
        let noise = self.noise.lay(usize::from(side), random);
        let stored = canvas
            .into_values()
            .into_iter()
            .zip(noise)
            .flat_map(|(hounsfield, noise)| {
                let sigma = 11.0 + ramp(-800.0, 0.0, hounsfield) * 7.0;
                let sample = (hounsfield + noise * sigma).round().clamp(-1024.0, 3071.0) as i16 - INTERCEPT;
                sample.to_le_bytes()
            });
        stored.collect()
    }

    fn table(&self, canvas: &mut Canvas) {
        let top = self.half_depth + 9.0;
        canvas.paint((0.0, top), (205.0, 40.0), |x, y, value| {
            let below = y - top + x * x / 1900.0;
            let edge = (205.0 - x.abs()).min(below).min(20.0 - below);
            if edge > 0.0 {
                *value = if edge < 1.6 { -420.0 } else { -930.0 };
            }
        });
    }

    fn outline(&self, z: f32) -> Ellipse {
        let hips = ramp(190.0, 300.0, z) * 8.0;
        let shoulders = ramp(60.0, -10.0, z) * 14.0;
        Ellipse::new(
            0.0,
            -6.0,
            self.half_width + shoulders - hips,
            self.half_depth - shoulders + hips,
        )
    }

    /// Skin, fat and muscle.
    fn wall(&self, canvas: &mut Canvas, z: f32) {
        let (body, soft) = (self.outline(z), canvas.spacing());
        canvas.paint_all(|x, y, value| {
            let depth = body.depth(x, y);
            if depth < -soft {
                return;
            }
            let streak = self.texture.at(x / 14.0, y / 7.0, z / 16.0);
            let fat_depth = self.fat + 3.0 * streak + 5.0 * ramp(40.0, 110.0, y.abs());
            let tissue = if depth < 1.8 {
                10.0
            } else {
                let planes = ramp(0.55, 0.7, self.texture.at(x / 9.0 + 40.0, y / 9.0, z / 20.0));
                let muscle = MUSCLE + 10.0 * streak - planes * 110.0;
                FAT + 8.0 * streak + (muscle - FAT) * ramp(-1.0, 1.0, depth - fat_depth)
            };
            *value += (tissue - *value) * cover(depth, soft);
        });
    }

    fn cavity(&self, z: f32) -> Ellipse {
        let body = self.outline(z);
        let narrow = ramp(90.0, 0.0, z) * 38.0;
        Ellipse::new(
            0.0,
            -4.0,
            body.rx - self.fat - 22.0 - narrow,
            body.ry - self.fat - 16.0 - narrow * 0.6,
        )
    }

    /// How deep below the dome of the diaphragm a place lies (negative: in the lung).
    fn below_diaphragm(x: f32, y: f32, z: f32) -> f32 {
        let (middle, top) = if x < 0.0 { (-64.0, 168.0) } else { (66.0, 180.0) };
        let away = ((x - middle) / 62.0).powi(2) + ((y + 6.0) / 88.0).powi(2);
        z - top - 62.0 * away
    }

    /// Liver, stomach and spleen: what the cavity holds below the diaphragm.
    fn belly(&self, canvas: &mut Canvas, z: f32) {
        let (cavity, soft) = (self.cavity(z), canvas.spacing());
        canvas.paint(
            (cavity.x, cavity.y),
            (cavity.rx + soft, cavity.ry + soft),
            |x, y, value| {
                let share = cover(cavity.depth(x, y), soft);
                if share <= 0.0 {
                    return;
                }
                let grain = self.texture.at(x / 5.0, y / 5.0, z / 5.0 + 9.0);
                let veins = ramp(0.62, 0.8, self.texture.at(x / 11.0, y / 11.0 + 7.0, z / 11.0));
                let liver = 105.0 + 6.0 * grain + 45.0 * veins;
                // Fat with small nodes and strands around the great vessels; above the diaphragm the lungs come over it.
                let fat = FAT
                    + 14.0 * grain
                    + 120.0 * ramp(0.25, 0.5, self.texture.at(x / 8.0, y / 8.0, z / 8.0 + 5.0));
                let organ = ramp(24.0, 18.0, x + 0.35 * y) * ramp(-2.0, 2.0, z - 160.0) * ramp(66.0, 62.0, y);
                let inside = fat + (liver - fat) * organ;
                *value += (inside - *value) * share;
            },
        );
        if z > 185.0 {
            let grown = ramp(185.0, 225.0, z);
            let spleen = Ellipse::new(80.0, 36.0, 25.0 * grown, 40.0 * grown).turned(0.35);
            canvas.ellipse_with(spleen, |x, y| {
                118.0 + 9.0 * self.texture.at(x / 4.0, y / 4.0, z / 4.0)
            });
            let stomach = Ellipse::new(62.0, -34.0, 44.0 * grown, 36.0 * grown);
            canvas.ellipse(stomach, 62.0);
            let (level, inner) = (
                -44.0,
                Ellipse {
                    rx: stomach.rx - 4.0,
                    ry: stomach.ry - 4.0,
                    ..stomach
                },
            );
            canvas.ellipse_with(inner, |_, y| if y < level { -960.0 } else { 22.0 });
        }
    }

    fn lungs(&self, canvas: &mut Canvas, z: f32) {
        let (cavity, soft) = (self.cavity(z), canvas.spacing());
        if z < 0.0 || cavity.rx < 20.0 {
            return;
        }
        let mediastinum = 19.0 + 13.0 * ramp(80.0, 150.0, z);
        canvas.paint((cavity.x, cavity.y), (cavity.rx, cavity.ry), |x, y, value| {
            let beside =
                x.abs() - mediastinum * (1.0 - 0.5 * ramp(-10.0, -80.0, y)) + ramp(20.0, 90.0, y) * 6.0;
            let apex = z - 40.0 * (x.abs() / 75.0 - 0.7).powi(2);
            let depth = (cavity.depth(x, y) - 3.0)
                .min(beside)
                .min(-Self::below_diaphragm(x, y, z))
                .min(apex);
            let share = cover(depth, soft);
            if share > 0.0 {
                let fine = self.texture.at(x / 2.5, y / 2.5, z / 2.5);
                let broad = self.texture.at(x / 23.0, y / 23.0, z / 23.0);
                let lung = -868.0 + 0.32 * (y + 60.0) + 22.0 * fine + 16.0 * broad;
                *value += (lung - *value) * share;
            }
        });
        for tube in &self.vessels {
            vessel(canvas, tube, z);
        }
    }

    /// Heart, great vessels, airways, gullet.
    fn middle(&self, canvas: &mut Canvas, z: f32) {
        let globe = |z0: f32, rz: f32| (1.0 - ((z - z0) / rz).powi(2)).max(0.0).sqrt();
        let muscle = |x: f32, y: f32| 92.0 + 10.0 * self.texture.at(x / 4.0, y / 4.0, z / 4.0);
        let heart = globe(160.0, 48.0);
        if heart > 0.05 {
            let whole = Ellipse::new(20.0, -32.0, 66.0 * heart, 50.0 * heart).turned(0.45);
            canvas.ellipse(
                Ellipse {
                    rx: whole.rx + 3.5,
                    ry: whole.ry + 3.5,
                    ..whole
                },
                -85.0,
            );
            canvas.ellipse_with(whole, muscle);
            canvas.ellipse(
                Ellipse::new(48.0, -20.0, 25.0 * heart, 17.0 * heart).turned(0.6),
                BLOOD,
            );
            canvas.ellipse(
                Ellipse::new(8.0, -56.0, 31.0 * heart, 15.0 * heart).turned(0.35),
                BLOOD - 25.0,
            );
            canvas.ellipse(
                Ellipse::new(-27.0, -34.0, 15.0 * heart, 23.0 * heart),
                BLOOD - 35.0,
            );
            canvas.ellipse(Ellipse::new(8.0, 2.0, 27.0 * heart, 14.0 * heart), BLOOD - 5.0);
        }
        if (96.0..150.0).contains(&z) {
            canvas.ellipse(Ellipse::new(-4.0, -34.0, 15.0, 15.0), BLOOD + 30.0);
        }
        if (104.0..126.0).contains(&z) {
            canvas.ellipse(Ellipse::new(24.0, -34.0, 14.0, 13.0), BLOOD);
            canvas.stroke((20.0, -26.0), (-30.0, -6.0), 9.0, BLOOD);
            canvas.stroke((28.0, -24.0), (38.0, 2.0), 8.0, BLOOD);
        }
        if (84.0..100.0).contains(&z) {
            canvas.stroke((-4.0, -30.0), (24.0, 34.0), 11.5, BLOOD + 30.0);
        } else if z >= 100.0 {
            canvas.ellipse(Ellipse::new(24.0, 38.0, 12.5, 12.5), BLOOD + 25.0);
        } else {
            for (x, y) in [(-14.0, -22.0), (4.0, -20.0), (19.0, -12.0)] {
                canvas.ellipse(Ellipse::new(x, y, 5.5, 5.0), BLOOD + 20.0);
            }
        }
        let hollow_vein = if z < 150.0 {
            Ellipse::new(-29.0, -28.0, 9.0, 10.0)
        } else {
            Ellipse::new(-24.0, 2.0, 13.0, 11.0)
        };
        canvas.ellipse(hollow_vein, if z < 110.0 { 420.0 } else { BLOOD - 50.0 });
        canvas.ellipse(Ellipse::new(7.0, 30.0, 8.0, 6.0), 35.0);
        canvas.ellipse(Ellipse::new(7.0, 30.0, 2.5, 1.5), -300.0);
        let spread = ramp(100.0, 140.0, z) * 34.0;
        if z < 140.0 {
            for x in if spread < 5.0 {
                vec![0.0]
            } else {
                vec![-spread, spread]
            } {
                let radius = if spread < 5.0 { 9.0 } else { 6.5 };
                canvas.ellipse(Ellipse::new(x, 4.0, radius + 1.3, radius + 1.3), 30.0);
                canvas.ellipse(Ellipse::new(x, 4.0, radius, radius), -990.0);
            }
        }
    }

    fn bones(&self, canvas: &mut Canvas, z: f32) {
        let marrow = |x: f32, y: f32| 230.0 + 75.0 * self.texture.at(x / 1.8, y / 1.8, z / 1.8);
        let bone = |canvas: &mut Canvas, shape: Ellipse, wall: f32| {
            canvas.ellipse(shape, 880.0);
            let inner = Ellipse {
                rx: shape.rx - wall,
                ry: shape.ry - wall,
                ..shape
            };
            canvas.ellipse_with(inner, marrow);
        };
        let back = self.half_depth - 52.0;
        let in_disc = z.rem_euclid(RIB_STEP) > 21.5;
        if in_disc {
            canvas.ellipse(Ellipse::new(0.0, back, 18.0, 14.5), 85.0);
        } else {
            for side in [-1.0, 1.0] {
                canvas.stroke((side * 11.0, back + 12.0), (side * 14.0, back + 22.0), 4.0, 620.0);
                canvas.stroke((side * 14.0, back + 22.0), (side * 34.0, back + 29.0), 4.2, 520.0);
            }
            bone(canvas, Ellipse::new(0.0, back, 18.0, 14.5), 1.5);
        }
        for side in [-1.0, 1.0] {
            canvas.stroke((side * 12.0, back + 24.0), (0.0, back + 32.0), 2.6, 760.0);
        }
        canvas.stroke((0.0, back + 32.0), (0.0, back + 45.0), 3.0, 640.0);
        canvas.ellipse(Ellipse::new(0.0, back + 21.0, 9.5, 8.0), 25.0);
        canvas.ellipse(Ellipse::new(0.0, back + 21.0, 5.2, 4.2), 42.0);

        if (45.0..205.0).contains(&z) {
            let front = self.cavity(z);
            bone(
                canvas,
                Ellipse::new(0.0, front.y - front.ry - 4.0, 19.0, 6.5),
                1.4,
            );
        }
        if z < 135.0 {
            let lower = ramp(0.0, 135.0, z);
            for side in [-1.0, 1.0] {
                let (from, to) = (
                    (side * (74.0 + 12.0 * lower), 76.0),
                    (side * (126.0 - 10.0 * lower), 40.0 + 16.0 * lower),
                );
                canvas.stroke(from, to, 3.4, 780.0);
                canvas.stroke(from, to, 1.5, 300.0);
            }
        }
        self.ribs(canvas, z);
    }

    /// All ribs at once: each runs around the chest wall and downwards to the front, so that a slice cuts several.
    fn ribs(&self, canvas: &mut Canvas, z: f32) {
        let cavity = self.cavity(z);
        let (middle, ring) = ((cavity.x, cavity.y), cavity.rx.min(cavity.ry));
        canvas.paint(middle, (cavity.rx + 16.0, cavity.ry + 16.0), |x, y, value| {
            let across = (cavity.level(x, y) - 1.0) * ring - 4.0;
            if across.abs() > 5.5 {
                return;
            }
            let round = (x - cavity.x).abs().atan2(y - cavity.y) / std::f32::consts::PI;
            let along = z - 78.0 * round + 8.0;
            let number = (along / RIB_STEP).round();
            if !(0.09..0.86).contains(&round) || !(-1.0..=9.0).contains(&number) {
                return;
            }
            let level = (across / 4.6).hypot((along - number * RIB_STEP) / 7.5);
            let gristle = ramp(0.68, 0.74, round);
            let wall = ramp(0.5, 0.72, level);
            let bone = 260.0 + 640.0 * wall;
            let rib = bone + (130.0 - bone) * gristle;
            *value += (rib - *value) * cover((1.0 - level) * 4.6, 1.0);
        });
    }
}

/// Where a tube crosses the slice, it is brighter than the lung.
fn vessel(canvas: &mut Canvas, tube: &Tube, z: f32) {
    let ([x0, y0, z0], [x1, y1, z1]) = (tube.from, tube.to);
    let reach = tube.radius + 0.5;
    if z < z0.min(z1) - reach || z > z0.max(z1) + reach {
        return;
    }
    // The part of the axis that is near the slice, seen from above.
    let at = |height: f32| {
        if (z1 - z0).abs() < 1e-3 {
            0.5
        } else {
            ((height - z0) / (z1 - z0)).clamp(0.0, 1.0)
        }
    };
    let (near, far) = if (z1 - z0).abs() < reach {
        (0.0, 1.0)
    } else {
        (at(z - reach), at(z + reach))
    };
    let point = |t: f32| (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t);
    let (from, to) = (point(near), point(far));
    let middle = (f32::midpoint(from.0, to.0), f32::midpoint(from.1, to.1));
    let half = (
        (from.0 - to.0).abs() / 2.0 + reach,
        (from.1 - to.1).abs() / 2.0 + reach,
    );
    let spacing = canvas.spacing();
    canvas.paint(middle, half, |x, y, value| {
        if *value < -300.0 {
            let share = cover(tube.radius - distance_to_segment((x, y), from, to), spacing + 0.4);
            *value += (60.0 - *value) * share * (tube.radius / 1.2).min(1.0);
        }
    });
}
