//! Private elements: of known makers, of which some are safe, and of unknown ones.

use super::Key;
use super::key::{Action, Category};
use super::level::Level;
use super::person::{Person, Text, word};
use crate::{Length, Random, Vr};

/// A private element that PS3.15 table E.3.10-1 calls safe.
struct Safe {
    group: u16,
    creator: &'static str,
    element: u8,
    vr: Vr,
    value: &'static str,
}

const fn safe(group: u16, creator: &'static str, element: u8, vr: Vr, value: &'static str) -> Safe {
    Safe {
        group,
        creator,
        element,
        vr,
        value,
    }
}

const SAFE: [Safe; 13] = [
    safe(0x0019, "SIEMENS MR HEADER", 0x0c, Vr::IS, "1000"),
    safe(0x0019, "SIEMENS MR HEADER", 0x0d, Vr::CS, "DIRECTIONAL"),
    safe(0x0043, "GEMS_PARM_01", 0x39, Vr::IS, "1000\\8\\0\\0"),
    safe(0x0043, "GEMS_PARM_01", 0x6f, Vr::DS, "0.5\\2\\3"),
    safe(0x0019, "GEMS_ACQU_01", 0x23, Vr::DS, "39.37"),
    safe(0x0019, "GEMS_ACQU_01", 0x9e, Vr::LO, "EPI2"),
    safe(0x2001, "Philips Imaging DD 001", 0x0a, Vr::IS, "12"),
    safe(0x2001, "Philips Imaging DD 001", 0x0b, Vr::CS, "TRANSVERSAL"),
    safe(0x2001, "Philips Imaging DD 001", 0x23, Vr::DS, "90"),
    safe(0x2001, "Philips Imaging DD 001", 0x81, Vr::IS, "3"),
    safe(0x00e1, "ELSCINT1", 0x50, Vr::DS, "14.25"),
    safe(0x01f1, "ELSCINT1", 0x01, Vr::CS, "HELIX"),
    safe(0x7053, "Philips PET Private Group", 0x00, Vr::DS, "0.000512"),
];

fn tag(group: u16, block: u8, element: u8) -> u32 {
    u32::from(group) << 16 | u32::from(block) << 8 | u32::from(element)
}

/// Reserves a block of a group for its maker, the first that is free from `from` on.
fn reserve(level: &mut Level, group: u16, creator: &str, from: u8) -> u8 {
    let at = |block: u8| u32::from(group) << 16 | u32::from(block);
    let own = (from..=0xff).find(|block| match level.set.get(at(*block)) {
        None => true,
        Some((_, crate::Value::Bytes(bytes))) => bytes.trim_ascii_end() == creator.as_bytes(),
        Some(_) => false,
    });
    let block = own.unwrap_or(0xff);
    level.set.text(at(block), Vr::LO, creator);
    block
}

/// Plants safe and unsafe private elements.
pub(crate) fn plant(level: &mut Level, key: &mut Key, person: &Person, random: &mut Random) {
    known(level, key, random);
    unknown(level, key, person, random);
    // An element without a creator.
    let word = Text::secret(word(random));
    level.set.put(0x0033_1108, Vr::LO, word.bytes.clone());
    word.tell(key, "<(0033,1108)> without creator");
}

fn known(level: &mut Level, key: &mut Key, random: &mut Random) {
    let maker = SAFE
        .get(random.below(SAFE.len() as u64) as usize)
        .map_or("", |safe| safe.creator);
    // A block that is not the first, as merging programs leave it.
    let from = if random.below(2) == 0 { 0x10 } else { 0x11 };
    for safe in SAFE.iter().filter(|safe| safe.creator == maker) {
        let block = reserve(level, safe.group, safe.creator, from);
        level
            .set
            .text(tag(safe.group, block, safe.element), safe.vr, safe.value);
        let path = level.private(safe.group, safe.creator, safe.element);
        key.check(
            Action::TextRetained,
            &path,
            safe.value,
            safe.value,
            Category::Practice,
        );
        // The same maker's element that nobody calls safe.
        let text = Text::secret(word(random));
        level
            .set
            .put(tag(safe.group, block, 0xe7), Vr::LO, text.bytes.clone());
        let path = level.private(safe.group, safe.creator, 0xe7);
        key.check(
            Action::TextRemoved,
            &path,
            &text.words(),
            &text.text,
            Category::Hipaa,
        );
        text.tell(key, &path);
    }
}

fn unknown(level: &mut Level, key: &mut Key, person: &Person, random: &mut Random) {
    let creator = "ACME VOLUME 3.1";
    let block = reserve(level, 0x0099, creator, 0x10);
    let mut put = |level: &mut Level, element: u8, vr: Vr, text: &Text| {
        level.set.put(tag(0x0099, block, element), vr, text.bytes.clone());
        let path = level.private(0x0099, creator, element);
        key.check(
            Action::TextRemoved,
            &path,
            &text.words(),
            &text.text,
            Category::Hipaa,
        );
        text.tell(key, &path);
    };
    put(level, 0x01, Vr::LO, &Text::secret(word(random)));
    put(level, 0x02, Vr::PN, &person.name);
    put(level, 0x03, Vr::UN, &Text::secret(word(random)));
    put(level, 0x04, Vr::LO, &Text::secret(person.id.clone()));
    // A blob of the kind that scanners keep their protocol in.
    let blob = Text::ascii("SV10\u{4}\u{3}\u{2}\u{1}PatientName\0\0\0\0UsedPatientName = \"")
        .then(&Text::secret(word(random)))
        .and("\"\n### ASCCONV END ###\0");
    put(level, 0x05, Vr::OB, &blob);

    // A private sequence with a name in it; in Implicit VR nothing says that it is one.
    let mut item = level.item(tag(0x0099, block, 0x06), 0);
    let inside = Text::secret(word(random))
        .and("^")
        .then(&Text::secret(word(random)));
    item.set.put(0x0010_0010, Vr::PN, inside.bytes.clone());
    item.set.put(0x0099_0010, Vr::LO, creator.as_bytes());
    let deep = Text::secret(word(random));
    item.set.put(0x0099_1007, Vr::LT, deep.bytes.clone());
    let path = level.private(0x0099, creator, 0x06);
    inside.tell(key, &path);
    deep.tell(key, &path);
    level
        .set
        .sequence(tag(0x0099, block, 0x06), vec![item.set], Length::Undefined);

    // A creator that is itself a name, and a second block of the same creator.
    let named = word(random);
    let block = reserve(level, 0x00a1, &named, 0x10);
    level.set.text(tag(0x00a1, block, 0x01), Vr::LO, "1");
    key.token("<(00a1,0010)> private creator", named);
    level.set.text(0x00a1_0012, Vr::LO, creator);
    level.set.text(0x00a1_0013, Vr::LO, creator);
    let text = word(random);
    level.set.text(0x00a1_1301, Vr::LO, &text);
    key.token("<(00a1,1301)> second block of one creator", text);
}
