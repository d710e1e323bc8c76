//! The attributes of an instance, module by module (PS3.3 annex C).

use super::study::Place;
use super::{Modality, Study, chest, ct};
use crate::Vr::{AS, CS, DA, DT, IS, LO, LT, OB, PN, SH, ST, TM, UI};
use crate::{DataSet, Length, Random};
use model::{Timestamp, Uid};
use time::OffsetDateTime;

/// The UIDs of an instance and of what it belongs to.
pub(crate) struct Uids {
    pub(crate) study: Uid,
    pub(crate) series: Uid,
    pub(crate) sop_instance: Uid,
    pub(crate) frame_of_reference: Uid,
}

/// A UID that stands in this crate's source.
pub(crate) fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap_or_else(|_| unreachable!("digits and dots"))
}

/// Everything but the pixel data; series and instances counted from 1.
pub(crate) fn of_instance(study: &Study, uids: &Uids, place: &Place, series: u32, number: u32) -> DataSet {
    let mut set = DataSet::new();
    let taken = Moment::of(study.taken, i64::from(series) * 60 + i64::from(number));
    patient(&mut set, study);
    general_study(&mut set, study, uids);
    general_series(&mut set, study, uids, series);
    equipment(&mut set, study);
    general_image(&mut set, study, &taken, number);
    match study.modality {
        Modality::Ct => ct_image(&mut set, uids, place, number),
        Modality::Mr => mr_image(&mut set, uids, place, number),
        Modality::Dx => dx_image(&mut set, place),
    }
    image_pixel(&mut set, study);
    private(&mut set, study);
    set.text(0x0008_0005, CS, "ISO_IR 192")
        .text(0x0008_0016, UI, study.modality.sop_class())
        .text(0x0008_0018, UI, &uids.sop_instance)
        .text(0x0008_0012, DA, &taken.date)
        .text(0x0008_0013, TM, &taken.time);
    set
}

/// A moment as DICOM writes it, in UTC.
struct Moment {
    date: String,
    time: String,
}

impl Moment {
    fn of(start: Timestamp, seconds: i64) -> Self {
        let at = OffsetDateTime::from_unix_timestamp(start.seconds() + seconds)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        Self {
            date: format!("{:04}{:02}{:02}", at.year(), u8::from(at.month()), at.day()),
            time: format!("{:02}{:02}{:02}", at.hour(), at.minute(), at.second()),
        }
    }
}

fn patient(set: &mut DataSet, study: &Study) {
    let patient = &study.patient;
    let years = |date: &str| {
        date.get(..4)
            .and_then(|year| year.parse::<i64>().ok())
            .unwrap_or(0)
    };
    let age = years(&Moment::of(study.taken, 0).date) - years(&patient.birth_date);
    set.text(0x0010_0010, PN, &patient.name)
        .text(0x0010_0020, LO, &patient.id)
        .text(0x0010_0021, LO, "GLASSHOUSE")
        .text(0x0010_0030, DA, &patient.birth_date)
        .text(0x0010_0040, CS, patient.sex)
        .text(0x0010_1010, AS, format!("{:03}Y", age.clamp(0, 120)))
        .decimals(0x0010_1030, &[72.5])
        .text(
            0x0010_21b0,
            LT,
            "Invented patient. Drawn anatomy. Not for diagnosis.",
        );
}

fn general_study(set: &mut DataSet, study: &Study, uids: &Uids) {
    let start = Moment::of(study.taken, 0);
    let number = Random::new(study.seed, &[7]).below(1_000_000_000);
    let description = match study.modality {
        Modality::Ct => "CT chest with contrast",
        Modality::Mr => "MR head",
        Modality::Dx => "Chest PA",
    };
    set.text(0x0020_000d, UI, &uids.study)
        .text(0x0008_0020, DA, &start.date)
        .text(0x0008_0030, TM, &start.time)
        .text(0x0008_0050, SH, format!("A{number:09}"))
        .text(0x0008_0090, PN, "Phantom^Referrer^^Dr")
        .text(0x0008_1030, LO, description)
        .text(0x0020_0010, SH, format!("S{number:09}"));
}

fn general_series(set: &mut DataSet, study: &Study, uids: &Uids, series: u32) {
    let start = Moment::of(study.taken, i64::from(series) * 60);
    let (part, description) = match study.modality {
        Modality::Ct => ("CHEST", "Axial, soft tissue"),
        Modality::Mr => ("HEAD", "T1 axial"),
        Modality::Dx => ("CHEST", "PA upright"),
    };
    set.text(0x0008_0060, CS, study.modality.code())
        .text(0x0020_000e, UI, &uids.series)
        .text(0x0020_0011, IS, series.to_string())
        .text(0x0008_0021, DA, &start.date)
        .text(0x0008_0031, TM, &start.time)
        .text(0x0008_103e, LO, description)
        .text(0x0018_0015, CS, part)
        .text(0x0018_1030, LO, format!("{} routine", study.modality.code()))
        .text(0x0040_0244, DA, &start.date)
        .text(0x0040_0245, TM, &start.time)
        .text(0x0040_0253, SH, format!("PPS{series}"));
    if study.modality != Modality::Dx {
        set.text(0x0018_5100, CS, "HFS");
    }
}

fn equipment(set: &mut DataSet, study: &Study) {
    set.text(0x0008_0070, LO, "Leadglass Testkit")
        .text(0x0008_0080, LO, "Glasshouse General (invented)")
        .text(0x0008_0081, ST, "1 Nowhere Lane")
        .text(0x0008_1010, SH, format!("{}_ROOM_1", study.modality.code()))
        .text(0x0008_1090, LO, format!("Phantom {}", study.modality.code()))
        .text(0x0018_1000, LO, "0000")
        .text(0x0018_1020, LO, env!("CARGO_PKG_VERSION"));
}

fn general_image(set: &mut DataSet, study: &Study, taken: &Moment, number: u32) {
    set.text(0x0020_0013, IS, number.to_string())
        .text(0x0020_0012, IS, "1")
        .text(0x0008_0022, DA, &taken.date)
        .text(0x0008_0032, TM, &taken.time)
        .text(0x0008_0023, DA, &taken.date)
        .text(0x0008_0033, TM, &taken.time)
        .text(0x0008_002a, DT, format!("{}{}.000000", taken.date, taken.time))
        .text(0x0028_0301, CS, "NO")
        .text(0x0028_2110, CS, "00")
        .text(0x0020_4000, LT, format!("Phantom, seed {}.", study.seed));
}

fn frame_of_reference(set: &mut DataSet, uids: &Uids, place: &Place, down: f32) {
    let pixel = f64::from(place.pixel);
    let corner = f64::from((place.pixel - place.field) / 2.0);
    set.text(0x0020_0052, UI, &uids.frame_of_reference)
        .empty(0x0020_1040, LO)
        .decimals(0x0028_0030, &[pixel, pixel])
        .decimals(0x0020_0037, &[1.0, 0.0, 0.0, 0.0, 1.0, 0.0])
        .decimals(0x0020_0032, &[corner, corner, thousandths(down)])
        .decimals(0x0020_1041, &[thousandths(down)])
        .decimals(0x0018_0050, &[thousandths(place.step)]);
}

/// Millimetres to the micrometre, without the tail that single precision leaves.
fn thousandths(number: f32) -> f64 {
    (f64::from(number) * 1000.0).round() / 1000.0
}

fn ct_image(set: &mut DataSet, uids: &Uids, place: &Place, number: u32) {
    // The patient's z axis points to the head; the drawing's, to the feet.
    frame_of_reference(set, uids, place, -place.z);
    set.text(0x0008_0008, CS, "ORIGINAL\\PRIMARY\\AXIAL")
        .decimals(0x0028_1052, &[f64::from(ct::INTERCEPT)])
        .decimals(0x0028_1053, &[1.0])
        .text(0x0028_1054, LO, "HU")
        .decimals(0x0028_1050, &[40.0, -600.0])
        .decimals(0x0028_1051, &[400.0, 1500.0])
        .text(0x0028_1055, LO, "SOFT TISSUE\\LUNG")
        .decimals(0x0018_0060, &[120.0])
        .text(0x0018_0022, CS, "HELICAL MODE")
        .decimals(0x0018_0090, &[500.0])
        .decimals(0x0018_1100, &[f64::from(place.field)])
        .decimals(0x0018_1120, &[0.0])
        .decimals(0x0018_1130, &[142.0])
        .text(0x0018_1140, CS, "CW")
        .text(0x0018_1150, IS, "500")
        .text(0x0018_1151, IS, (180 + number % 40).to_string())
        .text(0x0018_1152, IS, "90")
        .text(0x0018_1210, SH, "SOFT")
        .text(0x0018_0010, LO, "Invented contrast medium");
}

fn mr_image(set: &mut DataSet, uids: &Uids, place: &Place, number: u32) {
    frame_of_reference(set, uids, place, place.z);
    set.text(0x0008_0008, CS, "ORIGINAL\\PRIMARY\\OTHER")
        .text(0x0018_0020, CS, "SE")
        .text(0x0018_0021, CS, "NONE")
        .empty(0x0018_0022, CS)
        .text(0x0018_0023, CS, "2D")
        .decimals(0x0018_0080, &[520.0])
        .decimals(0x0018_0081, &[11.0])
        .text(0x0018_0091, IS, "1")
        .decimals(0x0018_0083, &[1.0])
        .decimals(0x0018_0084, &[63.87])
        .text(0x0018_0085, SH, "1H")
        .decimals(0x0018_0087, &[1.5])
        .decimals(0x0018_0088, &[thousandths(place.step)])
        .text(0x0018_1312, CS, "ROW")
        .decimals(0x0018_1314, &[90.0])
        .decimals(0x0018_1316, &[0.4 + f64::from(number % 3) / 100.0])
        .decimals(0x0028_1050, &[560.0])
        .decimals(0x0028_1051, &[1120.0]);
}

fn dx_image(set: &mut DataSet, place: &Place) {
    let top = f64::from(1u32 << chest::BITS_STORED);
    let code = |value: &str, scheme: &str, meaning: &str| {
        let mut item = DataSet::new();
        item.text(0x0008_0100, SH, value)
            .text(0x0008_0102, SH, scheme)
            .text(0x0008_0104, LO, meaning);
        item
    };
    let mut view = code("399348003", "SCT", "postero-anterior");
    view.sequence(0x0054_0222, Vec::new(), Length::Defined);
    set.text(0x0008_0008, CS, "ORIGINAL\\PRIMARY\\")
        .text(0x0008_0068, CS, "FOR PRESENTATION")
        .sequence(
            0x0008_2218,
            vec![code("51185008", "SCT", "Chest")],
            Length::Undefined,
        )
        .sequence(0x0054_0220, vec![view], Length::Undefined)
        .sequence(0x0040_0555, Vec::new(), Length::Defined)
        .text(0x0018_5101, CS, "PA")
        .text(0x0020_0020, CS, "L\\F")
        .text(0x0020_0062, CS, "U")
        .decimals(0x0018_0060, &[110.0])
        .text(0x0018_1152, IS, "2")
        .decimals(0x0018_1110, &[1800.0])
        .decimals(0x0018_1164, &[f64::from(place.pixel), f64::from(place.pixel)])
        .text(0x0018_1508, CS, "NONE")
        .text(0x0018_7004, CS, "SCINTILLATOR")
        .text(0x0018_700a, SH, "DET-0000")
        .text(0x0028_1040, CS, "LOG")
        .ss(0x0028_1041, &[-1])
        .decimals(0x0028_1052, &[0.0])
        .decimals(0x0028_1053, &[1.0])
        .text(0x0028_1054, LO, "US")
        .text(0x2050_0020, CS, "IDENTITY")
        .decimals(0x0028_1050, &[top / 2.0])
        .decimals(0x0028_1051, &[top]);
}

fn image_pixel(set: &mut DataSet, study: &Study) {
    let (stored, signed) = match study.modality {
        Modality::Ct => (16, 1),
        Modality::Mr => (12, 0),
        Modality::Dx => (chest::BITS_STORED, 0),
    };
    set.us(0x0028_0002, &[1])
        .text(0x0028_0004, CS, "MONOCHROME2")
        .us(0x0028_0010, &[study.matrix])
        .us(0x0028_0011, &[study.matrix])
        .us(0x0028_0100, &[16])
        .us(0x0028_0101, &[stored])
        .us(0x0028_0102, &[stored - 1])
        .us(0x0028_0103, &[signed]);
}

/// A private block as scanners write them: text, numbers, bytes.
fn private(set: &mut DataSet, study: &Study) {
    set.text(0x0009_0010, LO, "LEADGLASS TESTKIT")
        .text(0x0009_1001, LO, format!("seed {}", study.seed))
        .us(0x0009_1002, &[study.matrix, 1])
        .put(0x0009_1003, OB, study.seed.to_le_bytes());
}
