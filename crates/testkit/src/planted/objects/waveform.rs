//! Electrocardiograms: samples, names of channels, and notes on them.

use super::visit::{Draft, Series, Visit};
use crate::planted::direct;
use crate::planted::person::{Text, word};
use crate::{DataSet, Random, Vr};

/// A twelve-lead ECG cut down to two leads.
pub(crate) fn ecg(visit: &Visit, series: &Series, random: &mut Random) -> Draft {
    let mut draft = visit.draft(DataSet::new(), "1.2.840.10008.5.1.4.1.1.9.1.1", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level.date(
        key,
        0x0008_002a,
        Vr::DT,
        &format!("{}{}", visit.day(0), visit.time),
    );
    level.items(0x0040_0555, Vec::new());
    let mut group = level.item(0x5400_0100, 0);
    group
        .set
        .text(0x003a_0004, Vr::CS, "ORIGINAL")
        .us(0x003a_0005, &[2])
        .put(0x003a_0010, Vr::UL, 250_u32.to_le_bytes())
        .text(0x003a_001a, Vr::DS, "500")
        .us(0x5400_1004, &[16])
        .text(0x5400_1006, Vr::CS, "SS");
    group.removed(key, 0x003a_0020, Vr::SH, &Text::secret(word(random)));
    let mut channels = Vec::new();
    for (at, lead) in ["Lead I", "Lead II"].into_iter().enumerate() {
        let mut channel = group.item(0x003a_0200, at);
        channel.code(0x003a_0208, "2:1", "MDC", lead);
        channel.removed(key, 0x003a_0203, Vr::SH, &Text::secret(word(random)));
        channel
            .set
            .us(0x003a_021a, &[16])
            .text(0x003a_0210, Vr::DS, "1")
            .text(0x003a_0215, Vr::DS, "0");
        channels.push(channel);
    }
    group.items(0x003a_0200, channels);
    let samples: Vec<u8> = (0..1000).map(|_| random.next_u64() as u8).collect();
    group.set.put(0x5400_1010, Vr::OW, samples);
    group.tag(key, 0x5400_1010);
    level.items(0x5400_0100, vec![group]);
    let mut notes = Vec::new();
    for at in 0..3 {
        let mut note = level.item(0x0040_b020, at);
        note.set
            .us(0x0040_a0b0, &[1, 1])
            .us(0x0040_a180, &[at as u16 + 1]);
        note.mixed(
            key,
            0x0070_0006,
            Vr::ST,
            "Sinus rhythm. ",
            &visit.person.full().and(" ").then(&Text::secret(word(random))),
            "",
        );
        notes.push(note);
    }
    level.items(0x0040_b020, notes);
    key.kind = "ECG";
    direct::plant(level, key, visit, random, 10);
    draft
}
