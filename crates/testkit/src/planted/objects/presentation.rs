//! Grayscale softcopy presentation states: text drawn over images, and who drew it.

use super::visit::{Draft, Instance, Series, Visit, reference, referenced_series};
use crate::planted::direct;
use crate::planted::person::{Person, Text, word};
use crate::{DataSet, Random, Vr};

/// A presentation state with a text, a layer and a circle.
pub(crate) fn state(visit: &Visit, series: &Series, images: &[Instance], random: &mut Random) -> Draft {
    let mut set = DataSet::new();
    set.text(0x0070_0080, Vr::CS, "READ1")
        .text(0x2050_0020, Vr::CS, "IDENTITY")
        .text(0x0070_0082, Vr::DA, visit.day(1))
        .text(0x0070_0083, Vr::TM, "141500");
    let mut draft = visit.draft(set, "1.2.840.10008.5.1.4.1.1.11.1", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.date(key, 0x0070_0082, Vr::DA, &visit.day(1));
    level.removed(
        key,
        0x0070_0081,
        Vr::LO,
        &Text::ascii("For ").then(&Text::secret(word(random))),
    );
    level.removed(key, 0x0070_0084, Vr::PN, &Person::physician(random));
    referenced_series(level, key, images);

    let mut annotation = level.item(0x0070_0001, 0);
    annotation.set.text(0x0070_0002, Vr::CS, "LAYER1");
    if let Some(image) = images.first() {
        let to = reference(&annotation, key, 0x0008_1140, 0, image);
        annotation.items(0x0008_1140, vec![to]);
    }
    let mut text = annotation.item(0x0070_0008, 0);
    text.set
        .text(0x0070_0003, Vr::CS, "PIXEL")
        .put(0x0070_0010, Vr::FL, [0; 8])
        .put(0x0070_0011, Vr::FL, [0, 0, 0x80, 0x41, 0, 0, 0x80, 0x41])
        .text(0x0070_0012, Vr::CS, "LEFT");
    text.removed(
        key,
        0x0070_0006,
        Vr::ST,
        &visit.person.full().and(" ").then(&Text::secret(visit.day(0))),
    );
    let mut second = annotation.item(0x0070_0008, 1);
    second
        .set
        .text(0x0070_0004, Vr::CS, "PIXEL")
        .text(0x0070_0015, Vr::CS, "N")
        .put(0x0070_0014, Vr::FL, [0; 8]);
    second.removed(key, 0x0070_0006, Vr::ST, &Text::secret(word(random)));
    annotation.items(0x0070_0008, vec![text, second]);
    let mut circle = annotation.item(0x0070_0009, 0);
    circle
        .set
        .text(0x0070_0005, Vr::CS, "PIXEL")
        .us(0x0070_0020, &[2])
        .us(0x0070_0021, &[2])
        .put(0x0070_0022, Vr::FL, [0; 16])
        .text(0x0070_0023, Vr::CS, "CIRCLE")
        .text(0x0070_0024, Vr::CS, "N");
    circle.tag(key, 0x0070_0022);
    annotation.items(0x0070_0009, vec![circle]);
    level.items(0x0070_0001, vec![annotation]);

    let mut layer = level.item(0x0070_0060, 0);
    layer
        .set
        .text(0x0070_0002, Vr::CS, "LAYER1")
        .text(0x0070_0062, Vr::IS, "1");
    layer.removed(key, 0x0070_0068, Vr::LO, &Text::secret(word(random)));
    level.items(0x0070_0060, vec![layer]);

    let mut area = level.item(0x0070_005a, 0);
    area.set
        .put(0x0070_0052, Vr::SL, [1, 0, 0, 0, 1, 0, 0, 0])
        .put(0x0070_0053, Vr::SL, [64, 0, 0, 0, 64, 0, 0, 0])
        .text(0x0070_0100, Vr::CS, "SCALE TO FIT")
        .text(0x0070_0101, Vr::DS, "1\\1");
    level.items(0x0070_005a, vec![area]);
    key.kind = "PR";
    direct::plant(level, key, visit, random, 10);
    draft
}
