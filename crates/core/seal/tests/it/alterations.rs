//! What changes the scan shows, and is called by its name.

use crate::{held_against, sealed, seen, slice, verdict};
use seal::{PixelFindings, Verdict};
use testkit::{Encoding, Instance, Length, Modality, Vr};

const E: Encoding = Encoding::ExplicitLe;

fn after(change: impl Fn(&mut Instance)) -> Verdict {
    let instance = slice(Modality::Ct);
    let record = sealed(&seen(&instance, E));
    let mut changed = instance;
    change(&mut changed);
    verdict(&record, &seen(&changed, E))
}

#[test]
fn display() {
    let display = Verdict::DisplayAltered;
    assert_eq!(
        after(|i| {
            let _ = i.data_set.text(0x0028_1050, Vr::DS, "77");
        }),
        display,
        "window changed"
    );
    assert_eq!(
        after(|i| {
            let _ = i.data_set.remove(0x0028_1050);
        }),
        display,
        "window removed"
    );
    assert_eq!(
        after(|i| {
            let _ = i.data_set.text(0x0028_1056, Vr::CS, "SIGMOID");
        }),
        display,
        "function added"
    );
    assert_eq!(
        after(|i| {
            let _ = i.data_set.text(0x0028_0004, Vr::CS, "MONOCHROME1");
        }),
        display,
        "inverted"
    );
    let overlay = |i: &mut Instance| {
        i.data_set
            .us(0x6000_0010, &[8])
            .us(0x6000_0011, &[8])
            .put(0x6000_3000, Vr::OW, [0xFF; 8]);
    };
    assert_eq!(after(overlay), display, "overlay added");
    let lut = |i: &mut Instance| {
        i.data_set
            .sequence(0x0028_3010, vec![testkit::DataSet::new()], Length::Defined);
    };
    assert_eq!(after(lut), display, "lookup table added");
}

#[test]
fn attributes() {
    let altered = Verdict::AttributesAltered;
    let text = |tag: u32, vr: Vr, value: &'static str| {
        after(move |i| {
            let _ = i.data_set.text(tag, vr, value);
        })
    };
    assert_eq!(text(0x0020_0062, Vr::CS, "L"), altered, "laterality added");
    assert_eq!(text(0x0028_1052, Vr::DS, "-1000"), altered, "rescale intercept");
    assert_eq!(text(0x0028_0030, Vr::DS, "1.1\\1.1"), altered, "pixel spacing");
    assert_eq!(
        text(0x0020_0037, Vr::DS, "-1\\0\\0\\0\\1\\0"),
        altered,
        "orientation"
    );
    assert_eq!(text(0x0020_0032, Vr::DS, "0\\0\\9999"), altered, "position");
    assert_eq!(text(0x0010_0010, Vr::PN, "Other^Name"), altered, "patient");
    assert_eq!(text(0x0010_0020, Vr::LO, "OTHER"), altered, "patient id");
    assert_eq!(text(0x0008_0060, Vr::CS, "PT"), altered, "modality");
    assert_eq!(
        after(|i| {
            let _ = i.data_set.remove(0x0008_0060);
        }),
        altered,
        "modality removed"
    );
}

#[test]
fn padding_is_no_alteration() {
    let verdict = after(|i| {
        let (_, value) = i.data_set.get(0x0010_0010).unwrap().clone();
        let testkit::Value::Bytes(mut name) = value else {
            panic!("a name is bytes")
        };
        name.extend_from_slice(b"    ");
        i.data_set.put(0x0010_0010, Vr::PN, name);
    });
    assert_eq!(verdict, Verdict::Authentic);
}

#[test]
fn set_bits_above_bits_stored_show_and_cleared_ones_are_listed() {
    let plain = slice(Modality::Mr);
    let mut marked = plain.clone();
    // 12 bits are stored: bit 15 of the first sample.
    *marked
        .data_set
        .bytes_mut(0x7FE0_0010)
        .unwrap()
        .get_mut(1)
        .unwrap() |= 0x80;
    let set = held_against(&sealed(&seen(&plain, E)), &seen(&marked, E));
    assert!(set.hidden_bits_altered && set.pixels == PixelFindings::Same);
    assert_eq!(Verdict::of(&set), (Verdict::DisplayAltered, Some("hidden-bits")));
    let cleared = held_against(&sealed(&seen(&marked, E)), &seen(&plain, E));
    assert!(cleared.hidden_bits_cleared && cleared.intact());
}

#[test]
fn pixels_of_another_slice_are_altered_pixels() {
    let (mut one, other) = (slice(Modality::Ct), slice(Modality::Mr));
    let record = sealed(&seen(&one, E));
    *one.data_set.bytes_mut(0x7FE0_0010).unwrap() =
        other.data_set.clone().bytes_mut(0x7FE0_0010).unwrap().clone();
    assert_eq!(verdict(&record, &seen(&one, E)), Verdict::PixelsAltered);
}

#[test]
fn removed_pixels_are_altered_pixels() {
    assert_eq!(
        after(|i| {
            let _ = i.data_set.remove(0x7FE0_0010);
        }),
        Verdict::PixelsAltered
    );
}
