//! One invented scan, as it was and as a correct de-identifier writes it.

use deid::audit::{AuditError, Hit, Kept, Kind, audit};
use testkit::{DataSet, Encoding, IMPLEMENTATION_CLASS, Length, Vr};

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const STUDY: &str = "1.2.840.113619.2.30.1.1762295590.1623.978668949.886";
pub(crate) const SERIES: &str = "1.2.840.113619.2.30.1.1762295590.1623.978668949.890";
pub(crate) const INSTANCE: &str = "1.2.840.113619.2.30.1.1762295590.1623.978668949.917";
pub(crate) const NEW_INSTANCE: &str = "2.25.311223344556677889900112233445566778899";

/// A file of this data set; `meta` may add to the meta information.
pub(crate) fn file(
    data_set: &[u8],
    instance: &str,
    syntax: &str,
    meta: impl FnOnce(&mut DataSet),
) -> Vec<u8> {
    let mut group = DataSet::new();
    group
        .put(0x0002_0001, Vr::OB, [0, 1])
        .text(0x0002_0002, Vr::UI, CT)
        .text(0x0002_0003, Vr::UI, instance)
        .text(0x0002_0010, Vr::UI, syntax)
        .text(0x0002_0012, Vr::UI, IMPLEMENTATION_CLASS)
        .text(0x0002_0013, Vr::SH, "TEST_1");
    meta(&mut group);
    let mut file = vec![0; 128];
    file.extend_from_slice(b"DICM");
    file.extend(group.encode(Encoding::ExplicitLe));
    file.extend_from_slice(data_set);
    file
}

pub(crate) fn explicit(set: &DataSet, instance: &str) -> Vec<u8> {
    file(
        &set.encode(Encoding::ExplicitLe),
        instance,
        "1.2.840.10008.1.2.1",
        |_| {},
    )
}

fn picture(set: &mut DataSet) {
    set.us(0x0028_0002, &[1])
        .text(0x0028_0004, Vr::CS, "MONOCHROME2")
        .us(0x0028_0010, &[64])
        .us(0x0028_0011, &[64])
        .us(0x0028_0100, &[16])
        .us(0x0028_0101, &[12])
        .us(0x0028_0102, &[11])
        .us(0x0028_0103, &[0])
        .text(0x0028_1050, Vr::DS, "290.482913")
        .pixels(
            (0..4096u16)
                .flat_map(|at| (at * 7 % 4096).to_le_bytes())
                .collect(),
        );
}

/// The scan with everything that identifies.
pub(crate) fn identified() -> DataSet {
    let mut set = DataSet::new();
    let mut request = DataSet::new();
    request
        .text(0x0040_1001, Vr::SH, "REQ-7745-12")
        .text(0x0032_1060, Vr::LO, "CT head for Hartmann");
    set.text(0x0008_0005, Vr::CS, "ISO_IR 100")
        .text(0x0008_0016, Vr::UI, CT)
        .text(0x0008_0018, Vr::UI, INSTANCE)
        .text(0x0008_0020, Vr::DA, "20190314")
        .text(0x0008_0030, Vr::TM, "091522")
        .text(0x0008_0050, Vr::SH, "00482913")
        .text(0x0008_0060, Vr::CS, "CT")
        .text(0x0008_0070, Vr::LO, "SIEMENS")
        .text(0x0008_0080, Vr::LO, "Lindenhof Klinikum Altstadt")
        .text(0x0008_0081, Vr::ST, "Rosenweg 14, 99999 Altstadt")
        .text(0x0008_0090, Vr::PN, "Hartmann^Ottilie^^Dr")
        .put(0x0008_1030, Vr::LO, *b"Schaedel nativ, Ruf 555-201-4433")
        .text(0x0008_1010, Vr::SH, "CTRAUM7B")
        .put(0x0010_0010, Vr::PN, b"Gr\xFCnwald^Annelie^Marta".to_vec())
        .text(0x0010_0020, Vr::LO, "MRN-0081726354")
        .text(0x0010_0030, Vr::DA, "19580723")
        .text(0x0010_0040, Vr::CS, "F")
        .text(0x0010_1010, Vr::AS, "060Y")
        .text(0x0018_1000, Vr::LO, "SN99120")
        .text(0x0020_000d, Vr::UI, STUDY)
        .text(0x0020_000e, Vr::UI, SERIES)
        .text(0x0020_0010, Vr::SH, "1")
        .text(0x0020_0013, Vr::IS, "17")
        .sequence(0x0040_0275, vec![request], Length::Defined);
    picture(&mut set);
    set
}

/// The same scan as a correct de-identifier writes it.
pub(crate) fn clean() -> DataSet {
    let mut set = DataSet::new();
    set.text(0x0008_0005, Vr::CS, "ISO_IR 192")
        .text(0x0008_0016, Vr::UI, CT)
        .text(0x0008_0018, Vr::UI, NEW_INSTANCE)
        .text(0x0008_0020, Vr::DA, "20180102")
        .text(0x0008_0030, Vr::TM, "091522")
        .empty(0x0008_0050, Vr::SH)
        .text(0x0008_0060, Vr::CS, "CT")
        .text(0x0008_0070, Vr::LO, "SIEMENS")
        .empty(0x0008_0090, Vr::PN)
        .text(0x0010_0010, Vr::PN, "LG-7F3A91")
        .text(0x0010_0020, Vr::LO, "LG-7F3A91")
        .empty(0x0010_0030, Vr::DA)
        .text(0x0010_0040, Vr::CS, "F")
        .text(0x0010_1010, Vr::AS, "060Y")
        .text(0x0012_0062, Vr::CS, "YES")
        .text(0x0012_0063, Vr::LO, "Leadglass basic")
        .text(
            0x0020_000d,
            Vr::UI,
            "2.25.211223344556677889900112233445566778899",
        )
        .text(
            0x0020_000e,
            Vr::UI,
            "2.25.111223344556677889900112233445566778899",
        )
        .text(0x0020_0010, Vr::SH, "1")
        .text(0x0020_0013, Vr::IS, "17");
    picture(&mut set);
    set
}

/// What the audit finds in `output`.
pub(crate) fn hits(output: Vec<u8>) -> Vec<Hit> {
    hits_of(explicit(&identified(), INSTANCE), output, Kept::default())
}

pub(crate) fn hits_of(input: Vec<u8>, output: Vec<u8>, kept: Kept) -> Vec<Hit> {
    match audit(&input, "scan.dcm", output, "out/0001.dcm", kept) {
        Ok(_) => Vec::new(),
        Err(AuditError::Found(hits)) => hits,
        Err(error) => panic!("{error}"),
    }
}

/// What the audit finds when the clean scan is altered in this way.
pub(crate) fn planted(plant: impl FnOnce(&mut DataSet)) -> Vec<Hit> {
    let mut set = clean();
    plant(&mut set);
    hits(explicit(&set, NEW_INSTANCE))
}

#[track_caller]
pub(crate) fn assert_hit(hits: &[Hit], kind: Kind, place: &str) {
    assert!(
        hits.iter().any(|hit| hit.kind == kind && hit.place == place),
        "no {kind:?} at {place} in {hits:?}"
    );
}
