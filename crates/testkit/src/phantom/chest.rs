//! A chest radiograph, standing, from back to front: what the beam meets on its way is added up.

use super::canvas::{Canvas, Ellipse, cover, distance_to_segment, ramp};
use super::noise::{Field, NoiseTile};
use super::vessels::{Tube, lung_vessels};
use crate::Random;

/// Width of the picture in millimetres.
pub(crate) const FIELD: f32 = 358.4;
/// Stored samples are below 2 to this power.
pub(crate) const BITS_STORED: u16 = 14;

/// A patient before the detector. x to the patient's left, y to the feet, millimetres; depths in millimetres of water.
pub(crate) struct Thorax {
    half_width: f32,
    heart: f32,
    lungs_end: [f32; 2],
    texture: Field,
    vessels: Vec<Tube>,
    noise: NoiseTile,
}

impl Thorax {
    /// A body, a little different for every seed.
    pub(crate) fn new(random: &mut Random) -> Self {
        let right = random.between(84.0, 96.0);
        Self {
            half_width: random.between(158.0, 170.0),
            heart: random.between(0.92, 1.12),
            lungs_end: [right, right + 10.0],
            texture: Field::new(random),
            vessels: lung_vessels(random),
            noise: NoiseTile::new(random),
        }
    }

    /// The radiograph, as stored 14-bit samples in 16 bits, bright where the body is dense.
    pub(crate) fn radiograph(&self, side: u16, random: &mut Random) -> Vec<u8> {
        let mut canvas = Canvas::new(side, FIELD, 0.0);
        self.soft_tissue(&mut canvas);
        self.lungs(&mut canvas);
        self.heart(&mut canvas);
        self.vessels(&mut canvas);
        Self::spine(&mut canvas);
        Self::ribs(&mut canvas);
        Self::shoulders(&mut canvas);
        marker(&mut canvas);
        let noise = self.noise.lay(usize::from(side), random);
        let top = f32::from((1u16 << BITS_STORED) - 1);
        let samples = canvas
            .into_values()
            .into_iter()
            .zip(noise)
            .flat_map(|(depth, noise)| {
                // Film-like: an S-shaped curve over the logarithm of the dose; the denser, the noisier.
                let shade = 1.0 / (1.0 + (-(depth - 112.0) / 37.0).exp());
                let grain = noise * (0.0035 + 0.007 * shade);
                (((0.03 + 0.93 * shade + grain) * top).round().clamp(0.0, top) as u16).to_le_bytes()
            });
        samples.collect()
    }

    fn soft_tissue(&self, canvas: &mut Canvas) {
        canvas.paint_all(|x, y, value| {
            let shoulders = ramp(-70.0, -135.0, y) * 26.0;
            let chest = (1.0 - (x / (self.half_width + shoulders)).powi(2))
                .max(0.0)
                .sqrt();
            let neck = ramp(-128.0, -176.0, y + 0.22 * x.abs());
            let in_neck = ramp(64.0, 46.0, x.abs());
            let thick = chest * (176.0 + 14.0 * ramp(40.0, 140.0, y)) * (1.0 - neck * (1.0 - 0.72 * in_neck));
            let streaks = 3.0 * self.texture.at(x / 26.0, y / 40.0, 1.0)
                + 1.5 * self.texture.at(x / 7.0, y / 11.0, 5.0);
            *value += thick + if thick > 1.0 { streaks } else { 0.0 };
        });
        for side in [-1.0, 1.0] {
            let breast = Ellipse::new(side * 78.0, 62.0, 50.0, 42.0);
            canvas.paint((breast.x, breast.y), (breast.rx, breast.ry), |x, y, value| {
                *value += 9.0 * breast.dome(x, y) * ramp(-0.9, 0.6, (y - breast.y) / breast.ry);
            });
        }
    }

    /// How far a place lies inside the lung's outline.
    fn lung_depth(&self, x: f32, y: f32) -> f32 {
        let [right, left] = self.lungs_end;
        let low = if x < 0.0 { right } else { left };
        let dome = low + 0.006 * (x.abs() - 62.0).powi(2) * if x.abs() > 62.0 { 1.4 } else { 0.7 };
        let height = ((y + 140.0) / (low + 140.0)).clamp(0.0, 1.0);
        let outer = 124.0 * (1.0 - (1.0 - height).powi(3)).powf(0.62);
        let inner = 21.0 - 9.0 * ramp(-60.0, -130.0, y);
        (outer - x.abs())
            .min(x.abs() - inner)
            .min(dome - y)
            .min(y + 140.0)
    }

    fn lungs(&self, canvas: &mut Canvas) {
        canvas.paint((0.0, 0.0), (140.0, 160.0), |x, y, value| {
            let depth = self.lung_depth(x, y);
            if depth > 0.0 {
                let thickness = 96.0 * (1.0 - (-depth / 17.0).exp()) * (0.86 + 0.14 * ramp(-140.0, -40.0, y));
                let texture = 2.4 * self.texture.at(x / 4.0, y / 4.0, 2.0)
                    + 2.0 * self.texture.at(x / 12.0, y / 12.0, 8.0);
                *value -= thickness + texture * ramp(0.0, 12.0, depth);
            }
        });
        let airway = |canvas: &mut Canvas, from, to, radius: f32| tube(canvas, from, to, radius, -1.15);
        airway(canvas, (0.0, -178.0), (-1.0, -42.0), 8.0);
        airway(canvas, (-1.0, -42.0), (-26.0, -16.0), 5.5);
        airway(canvas, (-1.0, -42.0), (32.0, -14.0), 5.0);
        let bubble = Ellipse::new(58.0, self.lungs_end[1] + 24.0, 26.0, 15.0);
        canvas.paint((bubble.x, bubble.y), (bubble.rx, bubble.ry), |x, y, value| {
            *value -= 38.0 * bubble.dome(x, y);
        });
    }

    fn heart(&self, canvas: &mut Canvas) {
        let size = self.heart;
        let parts = [
            (Ellipse::new(26.0, 42.0, 66.0 * size, 50.0).turned(0.5), 92.0),
            (Ellipse::new(-16.0, 40.0, 30.0 * size, 44.0), 64.0),
            (Ellipse::new(22.0, -38.0, 17.0, 19.0), 52.0),
            (Ellipse::new(26.0, -6.0, 16.0, 22.0), 40.0),
            (Ellipse::new(-18.0, -30.0, 11.0, 46.0), 26.0),
        ];
        for (part, depth) in parts {
            canvas.paint(
                (part.x, part.y),
                (part.rx.max(part.ry), part.rx.max(part.ry)),
                |x, y, value| {
                    let lung = ramp(-2.0, 14.0, self.lung_depth(x, y)).max(ramp(24.0, 18.0, x.abs()) * 0.35);
                    *value += depth * part.dome(x, y) * lung;
                },
            );
        }
        // The descending aorta shows as a line along the spine.
        canvas.paint((24.0, 30.0), (14.0, 80.0), |x, _, value| {
            *value += 9.0 * (1.0 - ((x - 21.0) / 12.0).powi(2)).max(0.0).sqrt();
        });
    }

    fn vessels(&self, canvas: &mut Canvas) {
        for vessel in &self.vessels {
            let seen = |[x, _, z]: [f32; 3]| (x * 1.08, z - 128.0);
            let (from, to) = (seen(vessel.from), seen(vessel.to));
            if self.lung_depth(to.0, to.1) > 4.0 {
                tube(canvas, from, to, vessel.radius, 0.8);
            }
        }
    }

    fn spine(canvas: &mut Canvas) {
        canvas.paint((0.0, 0.0), (20.0, 180.0), |x, y, value| {
            let step = 21.0 + (y + 180.0) * 0.02;
            let phase = (y / step).rem_euclid(1.0);
            let waist = 1.0 + 1.6 * (phase - 0.5).powi(2);
            let half = 14.5 * waist;
            let inside = (1.0 - (x / half).powi(4)).max(0.0);
            let endplates = ramp(0.10, 0.02, phase.min(1.0 - phase));
            let pedicle = (x.abs() - 8.5).hypot((phase - 0.42) * step);
            let ring = ramp(1.3, 0.2, (pedicle - 3.2).abs());
            *value += inside * (19.0 + 7.0 * endplates + 6.0 * ring)
                + 8.0 * ramp(3.0, 1.0, x.abs() + 6.0 * (phase - 0.6).abs());
        });
    }

    /// Ribs, each behind from the spine outwards and down, then in front inwards and further down.
    fn ribs(canvas: &mut Canvas) {
        for number in 0..10 {
            let number = number as f32;
            let top = -146.0 + 23.0 * number;
            let reach = 117.0 * (1.0 - (1.0 - (number + 1.6) / 8.0).max(0.0).powf(2.2));
            for side in [-1.0, 1.0] {
                let behind = |t: f32| {
                    let bow = (t * std::f32::consts::PI).sin();
                    (
                        side * (15.0 + (reach - 15.0) * t.powf(0.85)),
                        top - 7.0 * bow + (4.0 + 3.6 * number) * t * t,
                    )
                };
                let (start, end) = (
                    behind(1.0),
                    (side * (40.0 + 2.0 * number), top + 46.0 + 6.5 * number),
                );
                let before = |t: f32| {
                    let bulge = (t * std::f32::consts::PI).sin() * 9.0;
                    (
                        start.0 + (end.0 - start.0) * t + side * bulge,
                        start.1 + (end.1 - start.1) * t + bulge,
                    )
                };
                // Behind, the rib lies near the detector and is sharp; in front it turns into gristle and fades.
                let whole = |t: f32| {
                    if t < 0.55 {
                        behind(t / 0.55)
                    } else {
                        before((t - 0.55) / 0.45)
                    }
                };
                let front = if number < 7.0 { 0.45 } else { 0.1 };
                bent_bone(canvas, whole, 5.4, |t| {
                    0.9 + (front - 0.9) * ramp(0.5, 0.68, t) - 0.4 * ramp(0.85, 1.0, t) * front
                });
            }
        }
    }

    fn shoulders(canvas: &mut Canvas) {
        for side in [-1.0, 1.0] {
            let collar_bone = |t: f32| {
                let bend = (t * std::f32::consts::TAU).sin() * 6.0;
                (side * (14.0 + 120.0 * t), -104.0 - 20.0 * t + bend)
            };
            bent_bone(canvas, collar_bone, 6.0, |_| 1.0);
            let blade = |t: f32| (side * (112.0 + 22.0 * t), -98.0 + 118.0 * (1.0 - t));
            bent_bone(canvas, blade, 3.6, |t| 0.7 * ramp(0.0, 0.3, t));
            let head = Ellipse::new(side * 163.0, -112.0, 23.0, 25.0);
            canvas.paint((head.x, head.y), (head.rx, head.ry), |x, y, value| {
                *value += 22.0 * head.dome(x, y)
                    + 5.0 * ramp(0.7, 0.95, head.level(x, y)) * cover(head.depth(x, y), 1.5);
            });
            let shaft = |t: f32| (side * (168.0 + 14.0 * t), -100.0 + 130.0 * t);
            bent_bone(canvas, shaft, 11.0, |t| 0.8 * ramp(0.0, 0.25, t));
        }
    }
}

/// A full cylinder between two points; `density` as a share of water's.
fn tube(canvas: &mut Canvas, from: (f32, f32), to: (f32, f32), radius: f32, density: f32) {
    let middle = (f32::midpoint(from.0, to.0), f32::midpoint(from.1, to.1));
    let half = (
        (from.0 - to.0).abs() / 2.0 + radius,
        (from.1 - to.1).abs() / 2.0 + radius,
    );
    canvas.paint(middle, half, |x, y, value| {
        let away = distance_to_segment((x, y), from, to);
        *value += 2.0 * density * (radius * radius - away * away).max(0.0).sqrt();
    });
}

/// A bent hollow bone along `path` (0 to 1), `density` by the same measure: its walls are denser than its marrow, so
/// its edges are bright.
fn bent_bone(
    canvas: &mut Canvas,
    path: impl Fn(f32) -> (f32, f32),
    radius: f32,
    density: impl Fn(f32) -> f32,
) {
    const STEPS: usize = 24;
    let points: Vec<(f32, f32)> = (0..=STEPS).map(|step| path(step as f32 / STEPS as f32)).collect();
    let bounds = |pick: fn(&(f32, f32)) -> f32| {
        let values = || points.iter().map(pick);
        (
            values().fold(f32::MAX, f32::min),
            values().fold(f32::MIN, f32::max),
        )
    };
    let ((left, right), (top, bottom)) = (bounds(|p| p.0), bounds(|p| p.1));
    let middle = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    let half = ((right - left) / 2.0 + radius, (bottom - top) / 2.0 + radius);
    let soft = canvas.spacing();
    canvas.paint(middle, half, |x, y, value| {
        let pairs = points.iter().zip(points.iter().skip(1)).enumerate();
        let distances = pairs.map(|(step, (from, to))| (step, distance_to_segment((x, y), *from, *to)));
        let nearest = distances.fold(
            (0, f32::MAX),
            |best, next| if next.1 < best.1 { next } else { best },
        );
        let (step, away) = nearest;
        if away < radius {
            let density = density((step as f32 + 0.5) / STEPS as f32);
            let chord = |r: f32| (r * r - away * away).max(0.0).sqrt();
            let bone = 2.0 * (chord(radius) - 0.75 * chord(radius - 1.3));
            *value += 2.3 * density * bone * cover(radius - away, soft);
        }
    });
}

/// The lead letter L that shows the patient's left side.
fn marker(canvas: &mut Canvas) {
    canvas.stroke((150.0, -160.0), (150.0, -144.0), 1.6, 330.0);
    canvas.stroke((150.0, -144.0), (159.0, -144.0), 1.6, 330.0);
}
