//! Documents in envelopes, which no rule can clean, and the directory of a disc.

use super::visit::{Draft, Series, Visit};
use crate::planted::direct;
use crate::planted::person::{Text, word};
use crate::{DataSet, Encoding, Length, Random, Vr};

/// A PDF with the patient's name on it.
pub(crate) fn pdf(visit: &Visit, series: &Series, random: &mut Random) -> Draft {
    let mut draft = visit.draft(DataSet::new(), "1.2.840.10008.5.1.4.1.1.104.1", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.removed(key, 0x0042_0010, Vr::ST, &Text::secret(word(random)));
    level
        .set
        .text(0x0042_0012, Vr::LO, "application/pdf")
        .text(0x0028_0301, Vr::CS, "YES");
    level.items(0x0040_a043, Vec::new());
    let inside = Text::secret(word(random));
    let page = format!("BT /F1 12 Tf 20 100 Td (Patient {}) Tj ET", inside.text);
    let document = format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R>>endobj\n4 0 obj<</Length {}>>stream\n{page}\nendstream endobj\n\
         trailer<</Root 1 0 R>>\n%%EOF\n",
        page.len()
    );
    level.set.put(0x0042_0011, Vr::OB, document);
    inside.tell(key, "<(0042,0011)>");
    key.kind = "PDF";
    key.withhold = true;
    direct::plant(level, key, visit, random, 8);
    draft
}

/// A DICOMDIR (PS3.3 annex F) of one patient, study and series, with names in its records.
pub(crate) fn directory(visit: &Visit, random: &mut Random) -> (Vec<u8>, String, Vec<String>) {
    let uid = visit.uid(random);
    let (label, referenced) = (word(random).to_uppercase(), word(random).to_uppercase());
    let mut record = DataSet::new();
    record
        .put(0x0004_1400, Vr::UL, [0; 4])
        .us(0x0004_1410, &[0xffff])
        .put(0x0004_1420, Vr::UL, [0; 4])
        .text(0x0004_1430, Vr::CS, "PATIENT")
        .put(0x0010_0010, Vr::PN, visit.person.name.bytes.clone())
        .text(0x0010_0020, Vr::LO, &visit.person.id);
    let mut image = DataSet::new();
    image
        .put(0x0004_1400, Vr::UL, [0; 4])
        .us(0x0004_1410, &[0xffff])
        .put(0x0004_1420, Vr::UL, [0; 4])
        .text(0x0004_1430, Vr::CS, "IMAGE")
        .text(
            0x0004_1500,
            Vr::CS,
            format!("{}\\IMG1", referenced.chars().take(8).collect::<String>()),
        )
        .text(0x0020_000d, Vr::UI, &visit.study);
    let mut set = DataSet::new();
    set.text(0x0004_1130, Vr::CS, label.chars().take(16).collect::<String>())
        .put(0x0004_1200, Vr::UL, [0; 4])
        .put(0x0004_1202, Vr::UL, [0; 4])
        .us(0x0004_1212, &[0])
        .sequence(0x0004_1220, vec![record, image], Length::Defined);
    if let Some(character_set) = visit.person.character_set {
        set.text(0x0008_0005, Vr::CS, character_set);
    }
    let tokens = vec![label, visit.person.id.clone(), visit.study.clone()];
    (set.encode(Encoding::ExplicitLe), uid, tokens)
}
