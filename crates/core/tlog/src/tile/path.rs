//! Where a tile or an entry bundle is found below the log's prefix.

use super::{Tile, WIDTH};
use crate::Error;
use crate::bundle::Bundle;

/// What a path below the log's prefix can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Hashes of the tree.
    Tile(Tile),
    /// The entries under one tile of level 0.
    Entries(Bundle),
}

impl Resource {
    /// The path: `tile/<level>/<index>` or `tile/entries/<index>`, with `.p/<width>` when partial.
    pub fn path(self) -> String {
        let (level, index, width) = match self {
            Self::Tile(tile) => (tile.level().to_string(), tile.index(), tile.width()),
            Self::Entries(bundle) => ("entries".to_owned(), bundle.index(), bundle.width()),
        };
        let suffix = if width == WIDTH {
            String::new()
        } else {
            format!(".p/{width}")
        };
        format!("tile/{level}/{}{suffix}", index_path(index))
    }
}

/// 1234067 is `x001/x234/067`.
fn index_path(index: u64) -> String {
    let mut path = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// Reads the path of a tile or an entry bundle. Each has exactly one spelling, made of digits, `x`, `.p` and single
/// slashes, so that a path that was read leads nowhere else when it is joined to a folder.
///
/// # Errors
/// [`Error::TilePath`] for anything else.
///
/// ```
/// use tlog::tile::{parse, Resource, Tile};
///
/// assert_eq!(parse("tile/1/x001/234.p/5"), Ok(Resource::Tile(Tile::new(1, 1234, 5)?)));
/// assert!(parse("tile/1/../../checkpoint").is_err());
/// # Ok::<(), tlog::Error>(())
/// ```
pub fn parse(path: &str) -> Result<Resource, Error> {
    let resource = read(path).ok_or(Error::TilePath)?;
    // Writing it again is what makes leading zeroes, signs and missing x fail.
    if resource.path() == path {
        Ok(resource)
    } else {
        Err(Error::TilePath)
    }
}

fn read(path: &str) -> Option<Resource> {
    let (level, place) = path.strip_prefix("tile/")?.split_once('/')?;
    let (index, width) = match place.split_once(".p/") {
        Some((index, width)) => (index, width.parse().ok()?),
        None => (place, WIDTH),
    };
    let index = index.split('/').try_fold(0_u64, |index, element| {
        let digits: u64 = element.strip_prefix('x').unwrap_or(element).parse().ok()?;
        index.checked_mul(1000)?.checked_add(digits)
    })?;
    if level == "entries" {
        Bundle::new(index, width).ok().map(Resource::Entries)
    } else {
        Tile::new(level.parse().ok()?, index, width)
            .ok()
            .map(Resource::Tile)
    }
}
