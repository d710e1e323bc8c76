//! A picture in millimetres: shapes are painted over each other with soft edges.

/// A square picture of `side` x `side` values, whose middle is the origin; x to the right, y down, in millimetres.
pub(crate) struct Canvas {
    side: usize,
    spacing: f32,
    values: Vec<f32>,
}

/// A circle-like region: an ellipse, turned by `turn` radians clockwise.
#[derive(Clone, Copy)]
pub(crate) struct Ellipse {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) rx: f32,
    pub(crate) ry: f32,
    pub(crate) turn: f32,
}

impl Ellipse {
    pub(crate) fn new(x: f32, y: f32, rx: f32, ry: f32) -> Self {
        Self {
            x,
            y,
            rx,
            ry,
            turn: 0.0,
        }
    }

    pub(crate) fn turned(self, turn: f32) -> Self {
        Self { turn, ..self }
    }

    /// 0 in the middle, 1 on the edge.
    pub(crate) fn level(&self, x: f32, y: f32) -> f32 {
        let (sin, cos) = self.turn.sin_cos();
        let (dx, dy) = (x - self.x, y - self.y);
        let (u, v) = ((dx * cos + dy * sin) / self.rx, (dy * cos - dx * sin) / self.ry);
        (u * u + v * v).sqrt()
    }

    /// About how many millimetres a point lies inside the edge (negative: outside).
    pub(crate) fn depth(&self, x: f32, y: f32) -> f32 {
        (1.0 - self.level(x, y)) * self.rx.min(self.ry)
    }

    /// Half the length of a ray through the ellipsoid over this ellipse, as a share of its middle.
    pub(crate) fn dome(&self, x: f32, y: f32) -> f32 {
        let level = self.level(x, y);
        (1.0 - level * level).max(0.0).sqrt()
    }
}

impl Canvas {
    /// A picture of one value, `field` millimetres wide.
    pub(crate) fn new(side: u16, field: f32, value: f32) -> Self {
        let side = usize::from(side);
        Self {
            side,
            spacing: field / side.max(1) as f32,
            values: vec![value; side * side],
        }
    }

    /// Hands every value of the rectangle around a middle to `paint`, with its place.
    pub(crate) fn paint(
        &mut self,
        (x, y): (f32, f32),
        (half_width, half_height): (f32, f32),
        mut paint: impl FnMut(f32, f32, &mut f32),
    ) {
        let middle = (self.side as f32 - 1.0) / 2.0;
        let first = |at: f32| ((at / self.spacing + middle).floor().max(0.0) as usize).min(self.side);
        let columns = first(x - half_width)..first(x + half_width + 2.0 * self.spacing);
        let rows = first(y - half_height)..first(y + half_height + 2.0 * self.spacing);
        for row in rows {
            let line = row * self.side;
            let values = self
                .values
                .get_mut(line + columns.start..line + columns.end)
                .unwrap_or_default();
            let at_y = (row as f32 - middle) * self.spacing;
            for (column, value) in columns.clone().zip(values) {
                paint((column as f32 - middle) * self.spacing, at_y, value);
            }
        }
    }

    /// Hands every value of the picture to `paint`.
    pub(crate) fn paint_all(&mut self, paint: impl FnMut(f32, f32, &mut f32)) {
        let field = self.side as f32 * self.spacing;
        self.paint((0.0, 0.0), (field, field), paint);
    }

    /// Paints an ellipse of one value.
    pub(crate) fn ellipse(&mut self, ellipse: Ellipse, value: f32) {
        self.ellipse_with(ellipse, |_, _| value);
    }

    /// Paints an ellipse, each place with its own value.
    pub(crate) fn ellipse_with(&mut self, ellipse: Ellipse, value: impl Fn(f32, f32) -> f32) {
        let soft = self.spacing;
        let reach = ellipse.rx.max(ellipse.ry) + soft;
        let reach = if ellipse.turn == 0.0 {
            (ellipse.rx + soft, ellipse.ry + soft)
        } else {
            (reach, reach)
        };
        self.paint((ellipse.x, ellipse.y), reach, |x, y, old| {
            let share = cover(ellipse.depth(x, y), soft);
            if share > 0.0 {
                *old += (value(x, y) - *old) * share;
            }
        });
    }

    /// Paints a straight stroke with round ends.
    pub(crate) fn stroke(&mut self, from: (f32, f32), to: (f32, f32), radius: f32, value: f32) {
        let soft = self.spacing;
        let middle = (f32::midpoint(from.0, to.0), f32::midpoint(from.1, to.1));
        let reach = radius + soft;
        let half = (
            (from.0 - to.0).abs() / 2.0 + reach,
            (from.1 - to.1).abs() / 2.0 + reach,
        );
        self.paint(middle, half, |x, y, old| {
            let share = cover(radius - distance_to_segment((x, y), from, to), soft);
            *old += (value - *old) * share;
        });
    }

    /// Millimetres from one value to the next.
    pub(crate) fn spacing(&self) -> f32 {
        self.spacing
    }

    /// The values, row by row.
    pub(crate) fn into_values(self) -> Vec<f32> {
        self.values
    }
}

/// How much of a value lies inside, `depth` millimetres from an edge that is `soft` millimetres wide.
pub(crate) fn cover(depth: f32, soft: f32) -> f32 {
    (depth / soft + 0.5).clamp(0.0, 1.0)
}

/// 0 below `low`, 1 above `high`, smooth between.
pub(crate) fn ramp(low: f32, high: f32, at: f32) -> f32 {
    let t = ((at - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The distance of a point from a segment.
pub(crate) fn distance_to_segment(point: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(1e-6)).clamp(0.0, 1.0);
    (px - along * dx).hypot(py - along * dy)
}
