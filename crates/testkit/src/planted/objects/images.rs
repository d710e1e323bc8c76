//! Single-frame images and small multi-frame ones.

use super::visit::{Draft, Series, Visit};
use crate::planted::key::Key;
use crate::planted::person::{Text, word};
use crate::planted::{descriptors, direct, private};
use crate::{DataSet, Modality, Patient, Random, Study, Vr};
use model::Timestamp;

/// The data set of a phantom, without what identifies it and its private block.
fn phantom(modality: Modality, seed: u64, matrix: u16, slices: u32) -> Vec<DataSet> {
    let study = Study {
        seed,
        patient: Patient::number(0),
        modality,
        series: 1,
        slices,
        matrix,
        taken: Timestamp::from_millis(1_500_000_000_000),
    };
    study
        .instances()
        .map(|instance| {
            let mut set = instance.data_set;
            for tag in [
                0x0009_0010,
                0x0009_1001,
                0x0009_1002,
                0x0009_1003,
                0x0010_21b0,
                0x0020_4000,
                0x0008_002a,
                0x0008_0012,
                0x0008_0013,
                0x0040_0244,
                0x0040_0245,
                0x0040_0253,
                0x0008_1010,
                0x0018_1000,
                0x0018_700a,
                0x0018_1030,
            ] {
                set.remove(tag);
            }
            set
        })
        .collect()
}

/// Attributes of the acquisition that must stay.
const TECHNICAL: [u32; 33] = [
    0x0008_0008,
    0x0018_0015,
    0x0018_0050,
    0x0018_0060,
    0x0018_0080,
    0x0018_0081,
    0x0018_0087,
    0x0018_0088,
    0x0018_0091,
    0x0018_1100,
    0x0018_1150,
    0x0018_1151,
    0x0018_1152,
    0x0018_1210,
    0x0018_1314,
    0x0018_5100,
    0x0018_5101,
    0x0020_0012,
    0x0020_0032,
    0x0020_0037,
    0x0020_1041,
    0x0028_0004,
    0x0028_0030,
    0x0028_1050,
    0x0028_1051,
    0x0028_1052,
    0x0028_1053,
    0x0028_1054,
    0x0028_1055,
    0x0018_0020,
    0x0018_0021,
    0x0018_1164,
    0x0028_2110,
];

/// Attributes of the image that must have a value.
const IMAGE: [u32; 8] = [
    0x0028_0002,
    0x0028_0004,
    0x0028_0010,
    0x0028_0011,
    0x0028_0100,
    0x0028_0101,
    0x0028_0102,
    0x0028_0103,
];

/// What all images have: acquisition dates, technical values, text, private elements, identifiers everywhere.
pub(crate) fn dress(draft: &mut Draft, visit: &Visit, random: &mut Random, texts: usize) {
    let modality = draft.key.kind;
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.date(key, 0x0008_0022, Vr::DA, &visit.day(0));
    level.date(key, 0x0008_0012, Vr::DA, &visit.day(1));
    level.date(
        key,
        0x0008_002a,
        Vr::DT,
        &format!("{}{}.250", visit.day(0), visit.time),
    );
    descriptors::plant(level, key, visit, random, modality);
    if random.below(3) == 0 {
        descriptors::technical(level, key, visit, random);
    }
    if level.set.get(0x0020_0052).is_some() {
        level.refer(key, 0x0020_0052, &visit.frame);
    }
    for tag in TECHNICAL {
        let planted = key.checks.iter().any(|check| check.path == level.path(tag));
        if !planted {
            level.stays(key, tag);
        }
    }
    for tag in IMAGE {
        level.not_null(key, tag);
    }
    private::plant(level, key, visit.person, random);
    // Code sequences that are kept: a standard code whose meaning stays, a private one that must not be believed.
    level.code(0x0008_2218, "51185008", "SCT", "Chest");
    let mut region = level.item(0x0032_1064, 0);
    let local = Text::secret(word(random));
    region
        .set
        .text(0x0008_0100, Vr::SH, "LOC7")
        .text(0x0008_0102, Vr::SH, "99ACME");
    region.removed(key, 0x0008_0104, Vr::LO, &local);
    level.items(0x0032_1064, vec![region]);
    direct::plant(level, key, visit, random, texts);
    if random.below(4) == 0 {
        direct::odd_dates(level, key, visit, random);
    }
    if random.below(3) == 0 {
        direct::hidden(level, key, random);
    }
    if random.below(3) == 0 {
        direct::history(level, key, visit, random);
    }
}

/// CT, MR or DX from a phantom.
pub(crate) fn series(
    visit: &Visit,
    series: &Series,
    modality: Modality,
    slices: u32,
    seed: u64,
    random: &mut Random,
) -> Vec<Draft> {
    phantom(modality, seed, 64, slices)
        .into_iter()
        .enumerate()
        .map(|(at, set)| {
            let mut draft = visit.draft(set, modality.sop_class(), series, at as u32 + 1, random);
            dress(&mut draft, visit, random, 24);
            draft
        })
        .collect()
}

/// The description of an image (PS3.3 C.7.6.3).
pub(crate) struct Picture {
    pub(crate) side: u16,
    pub(crate) frames: u32,
    pub(crate) bits: u16,
    pub(crate) samples: u16,
}

/// Puts pixels: a soft picture with noise, so that codecs have work.
pub(crate) fn pixels(set: &mut DataSet, picture: &Picture, random: &mut Random) {
    let (side, bytes) = (usize::from(picture.side), usize::from(picture.bits.div_ceil(8)));
    set.us(0x0028_0002, &[picture.samples])
        .text(
            0x0028_0004,
            Vr::CS,
            if picture.samples == 3 {
                "RGB"
            } else {
                "MONOCHROME2"
            },
        )
        .us(0x0028_0010, &[picture.side])
        .us(0x0028_0011, &[picture.side])
        .us(0x0028_0100, &[bytes as u16 * 8])
        .us(0x0028_0101, &[picture.bits])
        .us(0x0028_0102, &[picture.bits - 1])
        .us(0x0028_0103, &[0]);
    if picture.samples == 3 {
        set.us(0x0028_0006, &[0]);
    }
    if picture.frames > 1 {
        set.text(0x0028_0008, Vr::IS, picture.frames.to_string());
    }
    let mask = (1_u64 << picture.bits) - 1;
    let count = side * side * picture.frames as usize * usize::from(picture.samples);
    let mut samples = Vec::with_capacity(count * bytes);
    for at in 0..count {
        let (x, y) = (at % side, at / side % side);
        let value = ((x * y) as u64 * mask / 8192 + random.below(5)) & mask;
        samples.extend(value.to_le_bytes().into_iter().take(bytes));
    }
    let vr = if bytes == 1 { Vr::OB } else { Vr::OW };
    set.put(0x7fe0_0010, vr, samples);
}

/// Ultrasound: a few frames in colour, with regions.
pub(crate) fn ultrasound(visit: &Visit, series: &Series, random: &mut Random) -> Draft {
    let mut set = DataSet::new();
    let picture = Picture {
        side: 64,
        frames: 4,
        bits: 8,
        samples: 3,
    };
    pixels(&mut set, &picture, random);
    set.text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY\\ABDOMINAL\\0001")
        .text(0x0028_0301, Vr::CS, "NO")
        .text(0x0028_2110, Vr::CS, "00")
        .text(0x0018_1063, Vr::DS, "33.3")
        .put(0x0028_0009, Vr::AT, [0x18, 0, 0x63, 0x10]);
    let mut draft = visit.draft(set, "1.2.840.10008.5.1.4.1.1.3.1", series, 1, random);
    dress(&mut draft, visit, random, 24);
    let (level, key) = (&mut draft.level, &mut draft.key);
    let mut region = level.item(0x0018_6011, 0);
    region
        .set
        .put(0x0018_6018, Vr::UL, 4_u32.to_le_bytes())
        .put(0x0018_601a, Vr::UL, 4_u32.to_le_bytes())
        .put(0x0018_601c, Vr::UL, 60_u32.to_le_bytes())
        .put(0x0018_601e, Vr::UL, 60_u32.to_le_bytes())
        .us(0x0018_6012, &[1])
        .us(0x0018_6014, &[1])
        .us(0x0018_6024, &[3])
        .us(0x0018_6026, &[3])
        .put(0x0018_6016, Vr::UL, [0; 4])
        .put(0x0018_602c, Vr::FD, 0.05_f64.to_le_bytes())
        .put(0x0018_602e, Vr::FD, 0.05_f64.to_le_bytes());
    region.not_null(key, 0x0018_602c);
    level.items(0x0018_6011, vec![region]);
    draft
}

/// PET: doses and decay need their dates shifted alike.
pub(crate) fn pet(visit: &Visit, series: &Series, number: u32, random: &mut Random) -> Draft {
    let mut set = DataSet::new();
    let picture = Picture {
        side: 64,
        frames: 1,
        bits: 16,
        samples: 1,
    };
    pixels(&mut set, &picture, random);
    set.text(0x0008_0008, Vr::CS, "ORIGINAL\\PRIMARY")
        .text(0x0054_1000, Vr::CS, "WHOLE BODY\\IMAGE")
        .text(0x0054_1001, Vr::CS, "BQML")
        .text(0x0054_1002, Vr::CS, "EMISSION")
        .text(0x0054_1102, Vr::CS, "START")
        .text(0x0054_1300, Vr::DS, "0")
        .text(0x0054_1321, Vr::DS, "1")
        .us(0x0054_1330, &[number as u16])
        .text(0x0028_0051, Vr::CS, "NORM\\DTIM\\ATTN")
        .text(0x0020_0032, Vr::DS, format!("-128\\-128\\{}", number * 4))
        .text(0x0020_0037, Vr::DS, "1\\0\\0\\0\\1\\0")
        .text(0x0028_0030, Vr::DS, "4\\4")
        .text(0x0018_0050, Vr::DS, "4")
        .text(0x0028_1052, Vr::DS, "0")
        .text(0x0028_1053, Vr::DS, "1.5")
        .text(0x0018_5100, Vr::CS, "HFS")
        .text(0x0018_1242, Vr::IS, "120000")
        .empty(0x0020_0052, Vr::UI)
        .empty(0x0020_1040, Vr::LO);
    let mut draft = visit.draft(set, "1.2.840.10008.5.1.4.1.1.128", series, number, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    let mut dose = level.item(0x0054_0016, 0);
    dose.set
        .text(0x0018_1072, Vr::TM, "070000.00")
        .text(0x0018_1074, Vr::DS, "370000000")
        .text(0x0018_1075, Vr::DS, "6586.2")
        .text(0x0018_1076, Vr::DS, "0.97")
        .text(0x0018_0031, Vr::LO, "Fluorodeoxyglucose");
    dose.date(key, 0x0018_1078, Vr::DT, &format!("{}070000.00", visit.day(0)));
    dose.code(0x0054_0300, "77004003", "SCT", "^18^Fluorine");
    for tag in [0x0018_1074, 0x0018_1075] {
        dose.stays(key, tag);
    }
    level.items(0x0054_0016, vec![dose]);
    for tag in [0x0054_1001, 0x0054_1102, 0x0054_1321] {
        level.stays(key, tag);
    }
    dress(&mut draft, visit, random, 24);
    draft
}

/// Mammography with its views.
pub(crate) fn mammogram(visit: &Visit, series: &Series, random: &mut Random) -> Draft {
    let mut set = phantom(Modality::Dx, random.next_u64(), 64, 1)
        .pop()
        .unwrap_or_default();
    set.text(0x0020_0062, Vr::CS, "L")
        .text(0x0018_5101, Vr::CS, "CC")
        .text(0x0018_0015, Vr::CS, "BREAST")
        .text(0x0018_1508, Vr::CS, "MAMMOGRAPHIC")
        .text(0x0018_11a0, Vr::DS, "52")
        .text(0x0040_0318, Vr::CS, "BREAST")
        .text(0x0018_1405, Vr::IS, "1");
    let mut draft = visit.draft(set, "1.2.840.10008.5.1.4.1.1.1.2", series, 1, random);
    dress(&mut draft, visit, random, 24);
    let (level, key) = (&mut draft.level, &mut draft.key);
    for tag in [0x0020_0062, 0x0018_11a0] {
        level.stays(key, tag);
    }
    draft
}

/// Overlays, a curve, an icon, and bits above the samples: pictures that hold names.
pub(crate) fn graphics(draft: &mut Draft, random: &mut Random) {
    let (level, key): (_, &mut Key) = (&mut draft.level, &mut draft.key);
    let mut plant = |level: &mut crate::planted::level::Level, tag: u32, vr: Vr, random: &mut Random| {
        let text = Text::secret(word(random));
        level.removed(key, tag, vr, &text);
    };
    level
        .set
        .us(0x6000_0010, &[64])
        .us(0x6000_0011, &[64])
        .text(0x6000_0040, Vr::CS, "G")
        .ss(0x6000_0050, &[1, 1])
        .us(0x6000_0100, &[1])
        .us(0x6000_0102, &[0]);
    for (tag, vr) in [
        (0x6000_0022, Vr::LO),
        (0x6000_1500, Vr::LO),
        (0x6000_4000, Vr::LT),
    ] {
        plant(level, tag, vr, random);
    }
    let name = Text::secret(word(random));
    let mut bits = name.bytes.clone();
    bits.resize(512, 0);
    level.set.put(0x6000_3000, Vr::OW, bits);
    // Big-endian turns the words round: the word is sought where it stays readable.
    name.tell(key, "<(6000,3000)>");
    level
        .set
        .us(0x5000_0005, &[1])
        .us(0x5000_0010, &[4])
        .text(0x5000_0020, Vr::CS, "ECG")
        .us(0x5000_0103, &[0]);
    let curve = Text::secret(word(random));
    level.set.put(0x5000_3000, Vr::OB, curve.bytes.clone());
    curve.tell(key, "<(5000,3000)>");
    let label = Text::secret(word(random));
    level.set.put(0x5000_2500, Vr::LO, label.bytes.clone());
    label.tell(key, "<(5000,2500)>");

    let mut icon = level.item(0x0088_0200, 0);
    icon.set
        .us(0x0028_0002, &[1])
        .text(0x0028_0004, Vr::CS, "MONOCHROME2")
        .us(0x0028_0010, &[8])
        .us(0x0028_0011, &[8])
        .us(0x0028_0100, &[8])
        .us(0x0028_0101, &[8])
        .us(0x0028_0102, &[7])
        .us(0x0028_0103, &[0]);
    let drawn = Text::secret(word(random));
    let mut samples = drawn.bytes.clone();
    samples.resize(64, 0);
    icon.set.put(0x7fe0_0010, Vr::OB, samples);
    drawn.tell(key, "<(0088,0200)>[<0000>]<(7fe0,0010)>");
    level.items(0x0088_0200, vec![icon]);
}
