//! Identifiers in the attributes that the standard names, at the top level and nested.

use super::Key;
use super::level::Level;
use super::objects::Visit;
use super::person::{Text, digits, word};
use super::table;
use crate::{Random, Vr};

/// Sequences in which others may stand, to go down into: an image that is referred to, its purpose, an equivalent code.
const WAY_DOWN: [u32; 6] = [
    0x0008_1140,
    0x0040_a170,
    0x0008_0121,
    0x0008_0121,
    0x0008_0121,
    0x0008_0121,
];
/// Depths at which identifiers are planted, beside the top level.
const DEPTHS: [usize; 4] = [1, 2, 3, 6];

/// A value for a VR that no one else has, with the words in it that must go.
fn unique(random: &mut Random, vr: Vr) -> Text {
    match vr {
        Vr::PN => Text::secret(word(random))
            .and("^")
            .then(&Text::secret(word(random))),
        Vr::SH | Vr::AE => Text::secret(word(random).to_uppercase().chars().take(16).collect::<String>()),
        Vr::UR => Text::ascii("https://")
            .then(&Text::secret(word(random)))
            .and(".example/p?id=1"),
        Vr::ST | Vr::LT | Vr::UT => Text::secret(word(random))
            .and(" ")
            .then(&Text::secret(digits(random, 10))),
        _ => Text::secret(word(random)),
    }
}

/// A day near that of the visit.
pub(crate) fn near(visit: &Visit, random: &mut Random) -> String {
    visit.day(random.below(40) as i64 - 20)
}

/// Plants `texts`, dates and UIDs at the top level, and a few further down.
pub(crate) fn plant(level: &mut Level, key: &mut Key, visit: &Visit, random: &mut Random, texts: usize) {
    fill(level, key, visit, random, texts);
    for depth in DEPTHS {
        down(level, key, visit, random, &WAY_DOWN, depth, texts / 6 + 1);
    }
}

fn fill(level: &mut Level, key: &mut Key, visit: &Visit, random: &mut Random, texts: usize) {
    for _ in 0..texts {
        let at = random.below(table::TEXTS.len() as u64) as usize;
        let Some((tag, vr)) = table::TEXTS.get(at).copied() else {
            continue;
        };
        if level.set.get(tag).is_none() {
            let text = unique(random, vr);
            level.removed(key, tag, vr, &text);
        }
    }
    for _ in 0..=texts / 4 {
        let at = random.below(table::DATES.len() as u64) as usize;
        let Some((tag, vr)) = table::DATES.get(at).copied() else {
            continue;
        };
        if level.set.get(tag).is_none() {
            let day = near(visit, random);
            match vr {
                Vr::DT if random.below(3) == 0 => level.date(key, tag, vr, &format!("{day}112233.5+0100")),
                Vr::DT => level.date(key, tag, vr, &format!("{day}081500")),
                _ => level.date(key, tag, vr, &day),
            }
        }
    }
    for _ in 0..=texts / 8 {
        let at = random.below(table::UIDS.len() as u64) as usize;
        if let Some(tag) = table::UIDS
            .get(at)
            .copied()
            .filter(|tag| level.set.get(*tag).is_none())
        {
            let uid = visit.uid(random);
            level.uid(key, tag, &uid);
        }
    }
}

/// Goes `depth` sequences down, and fills the item there.
fn down(
    level: &mut Level,
    key: &mut Key,
    visit: &Visit,
    random: &mut Random,
    way: &[u32],
    depth: usize,
    texts: usize,
) {
    let Some((tag, rest)) = way.split_first() else {
        return;
    };
    // One item each: the place of an earlier depth is not written over, another sequence is taken instead.
    let tag = if level.set.get(*tag).is_some() {
        match depth {
            1 => 0x0008_1120,
            2 => 0x0008_1110,
            3 => 0x0008_1111,
            _ => 0x0008_2112,
        }
    } else {
        *tag
    };
    if level.set.get(tag).is_some() {
        return;
    }
    let mut item = level.item(tag, 0);
    if depth <= 1 {
        fill(&mut item, key, visit, random, texts);
    } else {
        down(&mut item, key, visit, random, rest, depth - 1, texts);
    }
    level.items(tag, vec![item]);
}

/// Dates of odd shapes: several values, ranges, partial ones, and those that stand for "not known".
pub(crate) fn odd_dates(level: &mut Level, key: &mut Key, visit: &Visit, random: &mut Random) {
    let (first, second) = (near(visit, random), near(visit, random));
    for tag in [0x0018_1200, 0x0038_0020, 0x0032_1040, 0x0040_4005, 0x0032_1000] {
        key.forget(&level.path(tag));
    }
    // (0018,1200) Date of Last Calibration and (0018,1201) hold several values.
    level.date(key, 0x0018_1200, Vr::DA, &format!("{first}\\{second}"));
    level.set.text(0x0018_1201, Vr::TM, "0715\\1830");
    level.placeholder(key, 0x0038_0020, "19000101");
    level.placeholder(key, 0x0032_1040, "19700101");
    // A month alone.
    let month: String = first.chars().take(6).collect();
    level.set.text(0x0040_4005, Vr::DT, &month);
    let path = level.path(0x0040_4005);
    key.check(
        super::Action::DateShifted,
        &path,
        &month,
        &month,
        super::Category::Hipaa,
    );
    // A range, as only queries may have.
    level.set.text(0x0032_1000, Vr::DA, format!("{first}-{second}"));
    let path = level.path(0x0032_1000);
    key.check(
        super::Action::DateShifted,
        &path,
        &first,
        &first,
        super::Category::Hipaa,
    );
}

/// Identifiers where no one looks for them: an undefined even element, retired groups, links, pictures of the patient.
pub(crate) fn hidden(level: &mut Level, key: &mut Key, random: &mut Random) {
    let spots = [
        (0x0010_5555, Vr::LO),
        (0x0008_0010, Vr::SH),
        (0x4008_010b, Vr::ST),
        (0x4008_0042, Vr::LO),
        (0x0042_0010, Vr::ST),
        (0x0070_0080, Vr::CS),
        (0x0070_0081, Vr::LO),
        (0x0008_1190, Vr::UR),
        (0x0012_0065, Vr::LO),
        (0x0088_0906, Vr::ST),
    ];
    for (tag, vr) in spots {
        if level.set.get(tag).is_none() {
            let text = match vr {
                Vr::CS => Text::secret(word(random).to_uppercase()),
                _ => unique(random, vr),
            };
            level.removed(key, tag, vr, &text);
        }
    }
    // A standard attribute whose VR is written as UN: Requested Procedure ID and Patient's Birth Name.
    for tag in [0x0040_1001, 0x0010_1005] {
        let text = unique(random, Vr::LO);
        level.removed(key, tag, Vr::UN, &text);
    }
    // A picture of the patient.
    let mut photo = level.item(0x0010_1100, 0);
    let link = unique(random, Vr::UR);
    photo.removed(key, 0x0008_1190, Vr::UR, &link);
    level.items(0x0010_1100, vec![photo]);
}

/// What earlier systems left: original attributes, modifications, signatures, contributing equipment.
pub(crate) fn history(level: &mut Level, key: &mut Key, visit: &Visit, random: &mut Random) {
    let mut original = level.item(0x0400_0561, 0);
    let mut modified = original.item(0x0400_0550, 0);
    modified.removed(key, 0x0010_0010, Vr::PN, &visit.person.name);
    modified.removed(key, 0x0010_0020, Vr::LO, &Text::secret(visit.person.id.clone()));
    modified.removed(key, 0x0010_1040, Vr::LO, &visit.person.address);
    original.items(0x0400_0550, vec![modified]);
    original.removed(key, 0x0400_0564, Vr::LO, &unique(random, Vr::LO));
    original.removed(key, 0x0400_0563, Vr::LO, &unique(random, Vr::LO));
    original.set.text(0x0400_0565, Vr::CS, "COERCE");
    original.date(
        key,
        0x0400_0562,
        Vr::DT,
        &format!("{}101500", near(visit, random)),
    );
    level.items(0x0400_0561, vec![original]);

    let mut equipment = level.item(0x0018_a001, 0);
    equipment.set.text(0x0008_0070, Vr::LO, "Leadglass Testkit");
    equipment.removed(key, 0x0008_0080, Vr::LO, &unique(random, Vr::LO));
    equipment.removed(key, 0x0008_1070, Vr::PN, &unique(random, Vr::PN));
    equipment.removed(key, 0x0018_a003, Vr::ST, &unique(random, Vr::ST));
    equipment.date(
        key,
        0x0018_a002,
        Vr::DT,
        &format!("{}091500", near(visit, random)),
    );
    level.items(0x0018_a001, vec![equipment]);

    let mut signature = level.item(0xfffa_fffa, 0);
    let signed = Text::ascii("0\u{1}CN=").then(&unique(random, Vr::LO));
    signature.removed(key, 0x0400_0115, Vr::OB, &signed);
    level.items(0xfffa_fffa, vec![signature]);
}
