//! Free text: clinical words that must stay, with identifiers between them that must go.

use super::Key;
use super::level::Level;
use super::objects::Visit;
use super::person::{Text, digits, word};
use crate::{Random, Vr};

/// What may stand in descriptions of a modality.
fn clinical(modality: &str) -> &'static [&'static str] {
    match modality {
        "CT" => &[
            "CT CHEST WITH CONTRAST",
            "CT abdomen and pelvis",
            "Axial soft tissue 5mm",
            "CT thorax low dose",
            "Coronal lung",
            "CTA HEAD NECK",
            "Recon 2: LUNG",
            "TOPOGRAM 0.6 T80s",
            "THIN BONE 1.25",
            "SAG MPR 3mm",
            "Liver 3 phase",
            "PE CHEST",
            "HRCT inspiration",
        ],
        "MR" => &[
            "MRI BRAIN WITHOUT CONTRAST",
            "T1 axial",
            "T2 FLAIR sagittal",
            "DWI",
            "MR lumbar spine",
            "AX T2 FSE",
            "t2_tse_tra_320_p2",
            "ep2d_diff_b1000_ADC",
            "3 PLANE LOC",
            "SAG T1 FS +C",
            "MPRAGE",
            "MRI LT KNEE W/O",
            "COR STIR",
        ],
        "PT" => &[
            "PET whole body",
            "FDG PET skull base to thigh",
            "PET attenuation corrected",
            "WB 3D MAC",
            "PET AC",
        ],
        "US" => &[
            "US abdomen complete",
            "Ultrasound liver",
            "Doppler carotid bilateral",
            "US OB > 14 WKS",
            "Renal US",
        ],
        "MG" => &[
            "MAMMOGRAM screening bilateral",
            "L CC",
            "R MLO",
            "Breast tomosynthesis",
            "Mammo diagnostic digital bilateral",
        ],
        "DX" | "CR" => &[
            "CHEST PA",
            "Chest lateral",
            "XR knee left",
            "Chest 2 views",
            "PORTABLE CHEST AP",
            "KUB",
        ],
        _ => &["Chest", "Follow up", "Report"],
    }
}

/// Names that many people have. Elsewhere in an object they may be a scanner's or a sign's.
const EVERYDAY: [&str; 10] = [
    "Okonkwo",
    "Svensson",
    "Nakamura",
    "Fernandez",
    "Kowalski",
    "Papadopoulos",
    "O'Sullivan",
    "Mehta",
    "Delacroix",
    "Haddad",
];

fn pick<'a>(random: &mut Random, list: &[&'a str]) -> &'a str {
    let at = random.below(list.len() as u64) as usize;
    list.get(at).copied().unwrap_or_default()
}

/// A date as people write it, in one of eight ways.
fn written(visit: &Visit, random: &mut Random) -> Text {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let day = super::direct::near(visit, random);
    let part = |from: usize, to: usize| day.get(from..to).unwrap_or("01").to_owned();
    let (year, month, number) = (part(0, 4), part(4, 6), part(6, 8));
    let name = month
        .parse::<usize>()
        .ok()
        .and_then(|month| MONTHS.get(month - 1))
        .copied()
        .unwrap_or("January");
    let short: String = name.chars().take(3).collect();
    Text::secret(match random.below(8) {
        0 => format!("{month}/{number}/{year}"),
        1 => format!("{number}.{month}.{year}"),
        2 => format!("{year}-{month}-{number}"),
        3 => format!("{number}{}{year}", short.to_uppercase()),
        4 => format!("{number}-{short}-{year}"),
        5 => format!("{year}{month}{number}"),
        6 => format!("{year}/{month}/{number}"),
        _ => format!("{number}{name}{year}"),
    })
}

/// Puts descriptors of the study, series and procedure, half of them with an identifier in them.
pub(crate) fn plant(level: &mut Level, key: &mut Key, visit: &Visit, random: &mut Random, modality: &str) {
    let terms = clinical(modality);
    let long: [(u32, Vr); 4] = [
        (0x0008_2111, Vr::ST),
        (0x0010_21b0, Vr::LT),
        (0x0020_4000, Vr::LT),
        (0x0040_0280, Vr::ST),
    ];
    for tag in [0x0008_1030, 0x0008_103e, 0x0018_1030, 0x0032_1060, 0x0040_0254] {
        let term = pick(random, terms);
        let person = &visit.person;
        match random.below(10) {
            0 => level.mixed(key, tag, Vr::LO, &format!("{term} for "), &person.family, ""),
            1 => level.mixed(key, tag, Vr::LO, &format!("{term} "), &person.full(), ""),
            2 => {
                let doctor = Text::secret(word(random));
                level.mixed(
                    key,
                    tag,
                    Vr::LO,
                    &format!("{term} "),
                    &Text::ascii("Dr. ").then(&doctor),
                    "",
                );
            }
            3 => level.mixed(key, tag, Vr::LO, &format!("{term} "), &written(visit, random), ""),
            5 => {
                let name = pick(random, &EVERYDAY);
                level.mixed(
                    key,
                    tag,
                    Vr::LO,
                    &format!("{term} for "),
                    &Text::ascii("Mr. ").then(&Text::placed(name)),
                    "",
                );
            }
            4 => level.mixed(
                key,
                tag,
                Vr::LO,
                &format!("{term} "),
                &Text::secret(person.id.clone()),
                "",
            ),
            _ => level.retained(key, tag, Vr::LO, term),
        }
    }
    for (tag, vr) in long {
        let person = &visit.person;
        match random.below(8) {
            0 => level.mixed(
                key,
                tag,
                vr,
                "No acute abnormality. Pneumonia excluded. Reported by ",
                &Text::secret(word(random))
                    .and(" ")
                    .then(&Text::secret(word(random))),
                "",
            ),
            1 => level.mixed(
                key,
                tag,
                vr,
                "Diabetes, hypertension. Contact ",
                &Text::secret(person.phone.clone())
                    .and(" or ")
                    .then(&Text::secret(person.mail.clone())),
                "",
            ),
            2 => level.mixed(
                key,
                tag,
                vr,
                "Asthma since childhood. Address: ",
                &person.address,
                "",
            ),
            3 => level.mixed(
                key,
                tag,
                vr,
                "Fracture of left femur, seen ",
                &written(visit, random),
                "",
            ),
            4 => level.mixed(
                key,
                tag,
                vr,
                "Metastatic carcinoma. ",
                &Text::ascii("Acc# ").then(&Text::secret(digits(random, 10))),
                "",
            ),
            5 => level.mixed(
                key,
                tag,
                vr,
                "Pleural effusion right. Patient ",
                &person.full(),
                "",
            ),
            6 => level.mixed(
                key,
                tag,
                vr,
                "Nodule 4 mm. See ",
                &Text::ascii("http://")
                    .then(&Text::secret(word(random)))
                    .and(".example"),
                "",
            ),
            _ => level.retained(
                key,
                tag,
                vr,
                "Right upper lobe nodule, stable. No pleural effusion.",
            ),
        }
    }
    for (tag, text) in [
        (0x0010_2000, "Penicillin allergy"),
        (0x0010_2110, "Iodine"),
        (0x0018_0010, "Iohexol"),
    ] {
        if level.set.get(tag).is_some() {
            level.set.remove(tag);
        }
        if random.below(3) == 0 {
            level.mixed(
                key,
                tag,
                Vr::LO,
                &format!("{text} "),
                &Text::secret(word(random)),
                "",
            );
        } else {
            level.retained(key, tag, Vr::LO, text);
        }
    }
}

/// Technical attributes that carry a name by mistake.
pub(crate) fn technical(level: &mut Level, key: &mut Key, visit: &Visit, random: &mut Random) {
    let short =
        |random: &mut Random| Text::secret(word(random).to_uppercase().chars().take(15).collect::<String>());
    match random.below(4) {
        0 => {
            level.removed(key, 0x0018_0015, Vr::CS, &short(random));
        }
        1 => {
            level.removed(key, 0x0018_1210, Vr::SH, &short(random));
        }
        2 => {
            let text = Text::ascii("ORIGINAL\\PRIMARY\\AXIAL\\").then(&short(random));
            level.removed(key, 0x0008_0008, Vr::CS, &text);
        }
        _ => {
            level.removed(key, 0x0018_0024, Vr::SH, &short(random));
        }
    }
    // The patient's own name as a postal remark, blanks and case changed.
    let shouted = visit.person.family.text.to_uppercase();
    if visit.person.character_set.is_none() {
        level.removed(key, 0x0010_4000, Vr::LT, &Text::secret(shouted));
    }
}
