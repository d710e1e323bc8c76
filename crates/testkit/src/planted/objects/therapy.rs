//! Radiotherapy: a structure set drawn on CT, and a plan on the structure set.

use super::visit::{Draft, Instance, Series, Visit, reference};
use crate::planted::direct;
use crate::planted::person::{Person, Text, word};
use crate::{DataSet, Random, Vr};

/// A structure set.
pub(crate) fn structures(visit: &Visit, series: &Series, images: &[Instance], random: &mut Random) -> Draft {
    let mut draft = visit.draft(DataSet::new(), "1.2.840.10008.5.1.4.1.1.481.3", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.removed(key, 0x3006_0002, Vr::SH, &Text::secret(word(random)));
    level.removed(key, 0x3006_0004, Vr::LO, &Text::secret(word(random)));
    level.removed(key, 0x3006_0006, Vr::ST, &Text::secret(word(random)));
    level.date(key, 0x3006_0008, Vr::DA, &visit.day(3));
    level.set.text(0x3006_0009, Vr::TM, "101500");

    let mut frame = level.item(0x3006_0010, 0);
    frame.refer(key, 0x0020_0052, &visit.frame);
    let mut study = frame.item(0x3006_0012, 0);
    study.set.text(0x0008_1150, Vr::UI, "1.2.840.10008.3.1.2.3.1");
    study.refer(key, 0x0008_1155, &visit.study);
    let mut of_series = study.item(0x3006_0014, 0);
    if let Some(first) = images.first() {
        of_series.refer(key, 0x0020_000e, &first.series);
    }
    let contours = images
        .iter()
        .enumerate()
        .map(|(at, image)| reference(&of_series, key, 0x3006_0016, at, image))
        .collect();
    of_series.items(0x3006_0016, contours);
    study.items(0x3006_0014, vec![of_series]);
    frame.items(0x3006_0012, vec![study]);
    level.items(0x3006_0010, vec![frame]);

    let mut region = level.item(0x3006_0020, 0);
    region
        .set
        .text(0x3006_0022, Vr::IS, "1")
        .text(0x3006_0036, Vr::CS, "MANUAL");
    region.refer(key, 0x3006_0024, &visit.frame);
    region.mixed(key, 0x3006_0026, Vr::LO, "Lung ", &Text::secret(word(random)), "");
    region.removed(key, 0x3006_0028, Vr::ST, &Text::secret(word(random)));
    level.items(0x3006_0020, vec![region]);

    let mut contour = level.item(0x3006_0039, 0);
    contour
        .set
        .text(0x3006_0084, Vr::IS, "1")
        .text(0x3006_002a, Vr::IS, "255\\0\\0");
    let mut line = contour.item(0x3006_0040, 0);
    if let Some(image) = images.first() {
        let to = reference(&line, key, 0x3006_0016, 0, image);
        line.items(0x3006_0016, vec![to]);
    }
    line.set
        .text(0x3006_0042, Vr::CS, "CLOSED_PLANAR")
        .text(0x3006_0046, Vr::IS, "3")
        .text(0x3006_0050, Vr::DS, "10\\10\\5\\20\\10\\5\\15\\20\\5");
    line.stays(key, 0x3006_0050);
    contour.items(0x3006_0040, vec![line]);
    level.items(0x3006_0039, vec![contour]);

    let mut observation = level.item(0x3006_0080, 0);
    observation
        .set
        .text(0x3006_0082, Vr::IS, "1")
        .text(0x3006_0084, Vr::IS, "1")
        .text(0x3006_00a4, Vr::CS, "ORGAN");
    observation.removed(key, 0x3006_0085, Vr::SH, &Text::secret(word(random)));
    observation.removed(key, 0x3006_00a6, Vr::PN, &Person::physician(random));
    level.items(0x3006_0080, vec![observation]);
    level
        .set
        .text(0x300e_0002, Vr::CS, "APPROVED")
        .text(0x300e_0005, Vr::TM, "111500");
    level.date(key, 0x300e_0004, Vr::DA, &visit.day(4));
    level.removed(key, 0x300e_0008, Vr::PN, &Person::physician(random));
    key.kind = "RTSTRUCT";
    direct::plant(level, key, visit, random, 8);
    draft
}

/// A plan on a structure set.
pub(crate) fn plan(visit: &Visit, series: &Series, structures: &Instance, random: &mut Random) -> Draft {
    let mut draft = visit.draft(DataSet::new(), "1.2.840.10008.5.1.4.1.1.481.5", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.removed(key, 0x300a_0002, Vr::SH, &Text::secret(word(random)));
    level.removed(key, 0x300a_0003, Vr::LO, &Text::secret(word(random)));
    level.removed(key, 0x300a_0004, Vr::ST, &Text::secret(word(random)));
    level.date(key, 0x300a_0006, Vr::DA, &visit.day(5));
    level
        .set
        .text(0x300a_0007, Vr::TM, "083000")
        .text(0x300a_000c, Vr::CS, "PATIENT");
    level.refer(key, 0x0020_0052, &visit.frame);
    let to = reference(level, key, 0x300c_0060, 0, structures);
    level.items(0x300c_0060, vec![to]);
    let mut dose = level.item(0x300a_0010, 0);
    dose.set
        .text(0x300a_0012, Vr::IS, "1")
        .text(0x300a_0014, Vr::CS, "SITE")
        .text(0x300a_0020, Vr::CS, "TARGET")
        .text(0x300a_0026, Vr::DS, "60");
    let target = visit.uid(random);
    dose.uid(key, 0x300a_0013, &target);
    dose.removed(key, 0x300a_0016, Vr::LO, &Text::secret(word(random)));
    dose.stays(key, 0x300a_0026);
    level.items(0x300a_0010, vec![dose]);
    let mut fractions = level.item(0x300a_0070, 0);
    fractions
        .set
        .text(0x300a_0071, Vr::IS, "1")
        .text(0x300a_0078, Vr::IS, "30")
        .text(0x300a_0080, Vr::IS, "0")
        .text(0x300a_00a0, Vr::IS, "0");
    fractions.stays(key, 0x300a_0078);
    level.items(0x300a_0070, vec![fractions]);
    level.set.text(0x300e_0002, Vr::CS, "UNAPPROVED");
    key.kind = "RTPLAN";
    direct::plant(level, key, visit, random, 8);
    draft
}
