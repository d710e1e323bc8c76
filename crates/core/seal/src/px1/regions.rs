//! Altered tiles to regions of the image.

use super::geometry::{PixelHeader, TILE};
use serde::{Deserialize, Serialize};

/// A rectangle of one frame: frame counted from 1, pixels from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Region {
    /// The frame.
    pub frame: u32,
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Width.
    pub w: u32,
    /// Height.
    pub h: u32,
}

/// The regions that altered tiles cover. Tiles side by side are joined, and equal rows of them below each other;
/// planes of one image fall together.
pub fn regions(header: &PixelHeader, altered: impl IntoIterator<Item = usize>) -> Vec<Region> {
    let (across, down) = header.grid();
    let plane = (across as usize * down as usize).max(1);
    let frame = plane * header.planes.max(1) as usize;
    let mut cells: Vec<(u32, u32, u32)> = altered
        .into_iter()
        .map(|tile| {
            let cell = tile % frame % plane;
            let across = across.max(1) as usize;
            (
                (tile / frame) as u32,
                (cell / across) as u32,
                (cell % across) as u32,
            )
        })
        .collect();
    cells.sort_unstable();
    cells.dedup();
    // Runs of tiles within a row: (frame, row, first column, columns).
    let mut runs: Vec<(u32, u32, u32, u32)> = Vec::new();
    for (frame, row, column) in cells {
        match runs.last_mut() {
            Some((f, r, first, count)) if (*f, *r) == (frame, row) && *first + *count == column => {
                *count += 1;
            }
            _ => runs.push((frame, row, column, 1)),
        }
    }
    let mut joined: Vec<(u32, u32, u32, u32, u32)> = Vec::new();
    for (frame, row, first, count) in runs {
        let above = joined
            .iter_mut()
            .rev()
            .take_while(|(f, r, .., rows)| *f == frame && r + rows + 1 >= row)
            .find(|(_, r, c, n, rows)| r + rows == row && (*c, *n) == (first, count));
        match above {
            Some((.., rows)) => *rows += 1,
            None => joined.push((frame, row, first, count, 1)),
        }
    }
    let to_region = |(frame, row, first, count, rows): (u32, u32, u32, u32, u32)| {
        let (x, y) = (first * TILE, row * TILE);
        Region {
            frame: frame + 1,
            x,
            y,
            w: (count * TILE).min(header.columns.saturating_sub(x)),
            h: (rows * TILE).min(header.rows.saturating_sub(y)),
        }
    };
    joined.into_iter().map(to_region).collect()
}
