//! Tiles: paths, which of them a growing log writes, what is in them.

use crate::oracle::{Stored, mth};
use crate::{Short, leaves, log};
use proptest::prelude::*;
use tlog::bundle::Bundle;
use tlog::tile::{self, Resource, Tile};
use tlog::{Error, Hashes as _};

fn tile_at(level: u8, index: u64, width: u16) -> Tile {
    Tile::new(level, index, width).unwrap()
}

#[test]
fn paths_are_those_of_the_specification() {
    assert_eq!(tile_at(0, 1_234_067, 256).path(), "tile/0/x001/x234/067");
    assert_eq!(tile_at(63, 0, 1).path(), "tile/63/000.p/1");
    assert_eq!(
        Bundle::new(1_234_067, 8).unwrap().path(),
        "tile/entries/x001/x234/067.p/8"
    );
    let last = tile_at(0, u64::MAX, 256);
    assert_eq!(tile::parse(&last.path()), Ok(Resource::Tile(last)));
}

#[test]
fn hostile_paths_are_refused() {
    for path in [
        "",
        "/",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile//0/000",
        "tile/0//000",
        "./tile/0/000",
        "tile/0/../000",
        "tile/../0/000",
        "tile/0/x001/../000",
        "tile/0/..",
        "tile/0/%2e%2e/000",
        "tile/0/000\0",
        "tile/0/000\n",
        "tile/0/ 000",
        "tile\\0\\000",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x000/001",
        "tile/0/xx01/000",
        "tile/0/X001/000",
        "tile/0/+01",
        "tile/0/-01",
        "tile/0/٠٠١",
        "tile/+0/000",
        "tile/00/000",
        "tile/64/000",
        "tile/256/000",
        "tile/-1/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/0/000.p/65536",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000.p/1/../../000",
        "tile/0/x001.p/1/000",
        "tile/8/0/000",
        "tile/data/000",
        "tile/Entries/000",
        "tile/entries",
        "tile/entries/..",
        "tile/entries/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/x001/x018/x446/x744/x073/x709/x551/615",
        "checkpoint",
    ] {
        assert_eq!(tile::parse(path), Err(Error::TilePath), "{path:?}");
    }
}

#[test]
fn seventy_thousand_entries_make_the_tiles_of_the_specification() {
    let mut full = [0; 8];
    let mut partial = Vec::new();
    for tile in tile::tiles_for(0, 70_000) {
        if tile.is_full() {
            full[usize::from(tile.level())] += 1;
        } else {
            partial.push((tile.level(), tile.width()));
        }
    }
    assert_eq!(full[..3], [273, 1, 0]);
    assert_eq!(partial, [(0, 112), (1, 17), (2, 1)]);
    let at_256: Vec<_> = tile::tiles_for(0, 256).collect();
    assert_eq!(at_256, [tile_at(0, 0, 256), tile_at(1, 0, 1)]);
}

#[test]
fn the_largest_logs_have_tiles_too() {
    assert_eq!(
        tile::partial_tiles(u64::MAX).map(Tile::width).collect::<Vec<_>>(),
        [255; 8]
    );
    assert_eq!(
        tile::tiles_for(u64::MAX - 1, u64::MAX).collect::<Vec<_>>(),
        [tile_at(0, u64::MAX / 256, 255)]
    );
    assert_eq!(tile::tiles_for(5, 3).count(), 0);
    assert_eq!(tile::tiles_for(u64::MAX, 0).count(), 0);
    assert_eq!(Tile::at(0, u64::MAX, u64::MAX), None);
    assert_eq!(Tile::at(8, 0, u64::MAX), None);
    assert_eq!(Tile::at(255, 0, u64::MAX), None);
    assert_eq!(Tile::new(64, 0, 1), Err(Error::Tile));
    assert_eq!(Tile::new(0, 0, 0), Err(Error::Tile));
    assert_eq!(Tile::new(0, 0, 257), Err(Error::Tile));
}

#[test]
fn upper_tiles_are_the_roots_of_full_lower_ones() {
    let all = leaves(66_000);
    let whole = log(66_000);
    for tile in tile::tiles_for(0, 66_000).filter(|tile| tile.level() > 0) {
        let hashes = whole.tile(tile).unwrap();
        assert_eq!(tile::from_below(tile, &whole).unwrap(), hashes);
        let span = 256_usize.pow(u32::from(tile.level()));
        let first = tile.index() as usize * 256 * span;
        for (entries, hash) in all[first..].chunks_exact(span).zip(&hashes) {
            assert_eq!(mth(entries), *hash);
        }
    }
    assert!(tile::from_below(tile_at(0, 0, 1), &whole).is_err());
    assert!(tile::from_below(tile_at(1, u64::MAX, 1), &whole).is_err());
    assert!(
        tile::from_below(tile_at(1, 1, 2), &whole).is_err(),
        "its second child is partial"
    );
    assert!(tile::from_below(tile_at(1, 0, 1), &Short).is_err());
}

#[test]
fn tile_content_is_whole_hashes() {
    let hashes = leaves(256);
    assert_eq!(tile::from_bytes(&tile::to_bytes(&hashes)), Ok(hashes));
    for len in [0, 1, 31, 33, 257 * 32] {
        assert_eq!(
            tile::from_bytes(&vec![0; len]),
            Err(Error::TileBytes),
            "{len} bytes"
        );
    }
}

proptest! {
    #[test]
    fn a_path_is_read_as_it_was_written(level in 0_u8..64, index: u64, shift in 0..64, width in 1_u16..=256) {
        let tile = tile_at(level, index >> shift, width);
        prop_assert_eq!(tile::parse(&tile.path()), Ok(Resource::Tile(tile)));
        let bundle = Bundle::new(index >> shift, width).unwrap();
        prop_assert_eq!(tile::parse(&bundle.path()), Ok(Resource::Entries(bundle)));
    }

    #[test]
    fn no_other_path_is_read(path in "(tile/)?(entries|[0-9]{1,2})?(/[x.0-9]{0,4}){1,3}(\\.p/[0-9]{1,3})?") {
        if let Ok(resource) = tile::parse(&path) {
            prop_assert_eq!(resource.path(), path);
        }
    }

    #[test]
    fn paths_are_those_of_tlog_tiles_without_the_height(level in 0_u8..64, index: u64, shift in 0..64, width in 1_u16..=256) {
        let index = index >> shift;
        let path = tlog_tiles::Tile::new(8, level, index, width.into(), false).path();
        prop_assert_eq!(tile_at(level, index, width).path(), path.replacen("tile/8/", "tile/", 1));
    }

    #[test]
    fn a_growing_log_writes_the_tiles_of_tlog_tiles(old in 0_u64..200_000, more in 0_u64..70_000) {
        let theirs: Vec<_> = tlog_tiles::Tile::new_tiles(8, old, old + more)
            .iter()
            .map(|tile| tile_at(tile.level(), tile.level_index(), tile.width() as u16))
            .collect();
        prop_assert_eq!(tile::tiles_for(old, old + more).collect::<Vec<_>>(), theirs);
    }

    #[test]
    fn tiles_hold_what_those_of_tlog_tiles_hold(size in 1_u64..2000) {
        let ours = log(size);
        let theirs = Stored::new(&leaves(size));
        for tile in tile::tiles_for(0, size) {
            let same = tlog_tiles::Tile::new(8, tile.level(), tile.index(), tile.width().into(), false);
            prop_assert_eq!(tile::to_bytes(&ours.tile(tile).unwrap()), same.read_data(&theirs).unwrap());
        }
    }
}
