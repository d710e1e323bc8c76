//! Enhanced MR: one object of many frames, whose functional groups hold dates, comments and private blocks.

use super::images::{Picture, pixels};
use super::visit::{Draft, Series, Visit};
use crate::planted::person::{Text, word};
use crate::planted::{descriptors, direct, private};
use crate::{DataSet, Random, Vr};

const SHARED: u32 = 0x5200_9229;
const PER_FRAME: u32 = 0x5200_9230;

/// An enhanced MR image of `frames` frames of `side` x `side`.
pub(crate) fn mr(visit: &Visit, series: &Series, frames: u32, side: u16, random: &mut Random) -> Draft {
    let mut set = DataSet::new();
    let picture = Picture {
        side,
        frames,
        bits: 12,
        samples: 1,
    };
    pixels(&mut set, &picture, random);
    set.text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY\\VOLUME\\NONE")
        .text(0x0008_9205, Vr::CS, "MONOCHROME")
        .text(0x0008_9206, Vr::CS, "VOLUME")
        .text(0x0008_9207, Vr::CS, "NONE")
        .text(0x0008_9208, Vr::CS, "MAGNITUDE")
        .text(0x0008_9209, Vr::CS, "T1")
        .text(0x0018_0087, Vr::DS, "3")
        .text(0x0018_9004, Vr::CS, "PRODUCT")
        .text(0x0028_0301, Vr::CS, "NO")
        .text(0x0028_2110, Vr::CS, "00")
        .text(0x2050_0020, Vr::CS, "IDENTITY");
    let mut draft = visit.draft(set, "1.2.840.10008.5.1.4.1.1.4.1", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.refer(key, 0x0020_0052, &visit.frame);
    level.set.empty(0x0020_1040, Vr::LO);
    level.date(
        key,
        0x0008_002a,
        Vr::DT,
        &format!("{}{}", visit.day(0), visit.time),
    );
    descriptors::plant(level, key, visit, random, "MR");
    let organisation = visit.uid(random);
    let mut dimension = level.item(0x0020_9221, 0);
    dimension.uid(key, 0x0020_9164, &organisation);
    level.items(0x0020_9221, vec![dimension]);

    let mut shared = level.item(SHARED, 0);
    let mut timing = shared.item(0x0018_9112, 0);
    timing
        .set
        .text(0x0018_0080, Vr::DS, "500")
        .text(0x0018_1314, Vr::DS, "15")
        .text(0x0018_0091, Vr::IS, "1");
    timing.stays(key, 0x0018_0080);
    timing.stays(key, 0x0018_1314);
    shared.items(0x0018_9112, vec![timing]);
    let mut measures = shared.item(0x0028_9110, 0);
    measures
        .set
        .text(0x0028_0030, Vr::DS, "1.5\\1.5")
        .text(0x0018_0050, Vr::DS, "3");
    measures.stays(key, 0x0028_0030);
    shared.items(0x0028_9110, vec![measures]);
    level.items(SHARED, vec![shared]);

    let mut groups = Vec::new();
    for frame in 0..frames as usize {
        let mut group = level.item(PER_FRAME, frame);
        let mut content = group.item(0x0020_9111, 0);
        content
            .set
            .put(0x0020_9157, Vr::UL, (frame as u32 + 1).to_le_bytes());
        let moment = format!("{}{:02}{:02}00.5", visit.day(0), 8 + frame / 60 % 12, frame % 60);
        content.date(key, 0x0018_9074, Vr::DT, &moment);
        content.date(key, 0x0018_9151, Vr::DT, &moment);
        content.set.put(0x0018_9220, Vr::FD, 250.0_f64.to_le_bytes());
        content
            .set
            .text(0x0020_9056, Vr::SH, "1")
            .put(0x0020_9057, Vr::UL, (frame as u32 + 1).to_le_bytes());
        if frame % 3 == 0 {
            content.removed(key, 0x0020_9158, Vr::LT, &Text::secret(word(random)));
        }
        group.items(0x0020_9111, vec![content]);
        let mut place = group.item(0x0020_9113, 0);
        place
            .set
            .text(0x0020_0032, Vr::DS, format!("-100\\-100\\{}", frame * 3));
        if frame % 4 == 0 {
            place.stays(key, 0x0020_0032);
        }
        group.items(0x0020_9113, vec![place]);
        let mut orientation = group.item(0x0020_9116, 0);
        orientation.set.text(0x0020_0037, Vr::DS, "1\\0\\0\\0\\1\\0");
        group.items(0x0020_9116, vec![orientation]);
        let mut echo = group.item(0x0018_9114, 0);
        echo.set.put(0x0018_9082, Vr::FD, 11.5_f64.to_le_bytes());
        echo.not_null(key, 0x0018_9082);
        group.items(0x0018_9114, vec![echo]);
        if frame < 4 {
            private::plant(&mut group, key, visit.person, random);
        }
        groups.push(group);
    }
    level.items(PER_FRAME, groups);
    key.kind = "MR enhanced";
    direct::plant(level, key, visit, random, 12);
    draft
}
