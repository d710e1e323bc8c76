//! The branching vessels of the lungs, as tubes in space, the same for every slice and for the radiograph.

use crate::Random;

/// A tube between two points (x to the patient's left, y to the back, z to the feet; millimetres).
#[derive(Clone, Copy)]
pub(crate) struct Tube {
    pub(crate) from: [f32; 3],
    pub(crate) to: [f32; 3],
    pub(crate) radius: f32,
}

/// The vessels of both lungs, from the hila outwards.
pub(crate) fn lung_vessels(random: &mut Random) -> Vec<Tube> {
    let mut tubes = Vec::new();
    for side in [-1.0, 1.0] {
        let hilum = [side * 30.0, 4.0, 128.0];
        for [x, y, z] in [
            [0.7, -0.3, -0.7],
            [0.9, 0.3, -0.1],
            [0.7, -0.4, 0.5],
            [0.6, 0.6, 0.6],
        ] {
            branch(random, &mut tubes, hilum, [side * x, y, z], 27.0, 4.6, 6);
        }
    }
    tubes
}

fn branch(
    random: &mut Random,
    tubes: &mut Vec<Tube>,
    from: [f32; 3],
    way: [f32; 3],
    length: f32,
    radius: f32,
    generations: u32,
) {
    let norm = way.iter().map(|w| w * w).sum::<f32>().sqrt().max(0.1);
    let mut to = from;
    for (coordinate, step) in to.iter_mut().zip(way) {
        *coordinate += step / norm * length;
    }
    tubes.push(Tube { from, to, radius });
    if generations == 0 {
        return;
    }
    for _ in 0..2 {
        let turned = way.map(|w| w / norm + random.between(-0.65, 0.65));
        let shorter = length * random.between(0.72, 0.92);
        branch(random, tubes, to, turned, shorter, radius * 0.74, generations - 1);
    }
}
