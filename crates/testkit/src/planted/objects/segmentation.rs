//! Segmentations: one bit a pixel, drawn on images.

use super::visit::{Draft, Instance, Series, Visit, reference, referenced_series};
use crate::planted::direct;
use crate::planted::person::{Person, Text, word};
use crate::{DataSet, Random, Vr};

const PER_FRAME: u32 = 0x5200_9230;

/// A binary segmentation with a frame for each image.
pub(crate) fn segments(visit: &Visit, series: &Series, images: &[Instance], random: &mut Random) -> Draft {
    let mut set = DataSet::new();
    let frames = images.len().max(1);
    set.us(0x0028_0002, &[1])
        .text(0x0028_0004, Vr::CS, "MONOCHROME2")
        .text(0x0028_0008, Vr::IS, frames.to_string())
        .us(0x0028_0010, &[64])
        .us(0x0028_0011, &[64])
        .us(0x0028_0100, &[1])
        .us(0x0028_0101, &[1])
        .us(0x0028_0102, &[0])
        .us(0x0028_0103, &[0])
        .text(0x0028_2110, Vr::CS, "00")
        .text(0x0008_0008, Vr::CS, "DERIVED\\PRIMARY")
        .text(0x0062_0001, Vr::CS, "BINARY")
        .text(0x0070_0080, Vr::CS, "SEG");
    let bits: Vec<u8> = (0..512 * frames).map(|_| random.next_u64() as u8).collect();
    set.put(0x7fe0_0010, Vr::OB, bits);
    let mut draft = visit.draft(set, "1.2.840.10008.5.1.4.1.1.66.4", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.refer(key, 0x0020_0052, &visit.frame);
    level.set.empty(0x0020_1040, Vr::LO);
    level.removed(key, 0x0070_0081, Vr::LO, &Text::secret(word(random)));
    level.removed(key, 0x0070_0084, Vr::PN, &Person::physician(random));
    referenced_series(level, key, images);
    let mut segment = level.item(0x0062_0002, 0);
    segment
        .set
        .us(0x0062_0004, &[1])
        .text(0x0062_0008, Vr::CS, "SEMIAUTOMATIC");
    segment.mixed(
        key,
        0x0062_0005,
        Vr::LO,
        "Liver ",
        &Text::secret(word(random)),
        "",
    );
    segment.removed(key, 0x0062_0006, Vr::ST, &Text::secret(word(random)));
    segment.set.text(0x0062_0009, Vr::LO, "Threshold");
    segment.code(0x0062_0003, "123037004", "SCT", "Anatomical Structure");
    segment.code(0x0062_000f, "10200004", "SCT", "Liver");
    let tracked = visit.uid(random);
    segment.uid(key, 0x0062_0021, &tracked);
    level.items(0x0062_0002, vec![segment]);
    let organisation = visit.uid(random);
    let mut dimension = level.item(0x0020_9221, 0);
    dimension.uid(key, 0x0020_9164, &organisation);
    level.items(0x0020_9221, vec![dimension]);
    let mut groups = Vec::new();
    for (at, image) in images.iter().enumerate() {
        let mut group = level.item(PER_FRAME, at);
        let mut derivation = group.item(0x0008_9124, 0);
        let mut source = reference(&derivation, key, 0x0008_2112, 0, image);
        source.code(
            0x0040_a170,
            "121322",
            "DCM",
            "Source image for image processing operation",
        );
        derivation.items(0x0008_2112, vec![source]);
        derivation.code(0x0008_9215, "113076", "DCM", "Segmentation");
        derivation.removed(key, 0x0008_2111, Vr::ST, &Text::secret(word(random)));
        group.items(0x0008_9124, vec![derivation]);
        let mut content = group.item(0x0020_9111, 0);
        content
            .set
            .put(0x0020_9157, Vr::UL, (at as u32 + 1).to_le_bytes());
        group.items(0x0020_9111, vec![content]);
        groups.push(group);
    }
    level.items(PER_FRAME, groups);
    for tag in [0x0062_0001, 0x0008_0008] {
        level.stays(key, tag);
    }
    key.kind = "SEG";
    direct::plant(level, key, visit, random, 8);
    draft
}
