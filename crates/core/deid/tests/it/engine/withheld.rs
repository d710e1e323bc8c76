//! What gets no copy.

use super::{EXPLICIT, apply_file, builtin, file, pixels, slice};
use deid::{Profile, Withheld};
use testkit::{DataSet, Encoding, Vr};

fn refused(set: &DataSet) -> Withheld {
    refused_by(set, &builtin("research"))
}

fn refused_by(set: &DataSet, profile: &Profile) -> Withheld {
    apply_file(file(set, EXPLICIT, Encoding::ExplicitLe), profile)
        .err()
        .expect("a copy was made")
}

#[test]
fn documents_sound_and_directories() {
    let mut set = slice();
    set.remove(0x7FE0_0010);
    set.text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.104.1");
    assert!(matches!(refused(&set), Withheld::Document));
    set.text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.9.4.1");
    assert!(matches!(refused(&set), Withheld::Sound));
    set.text(0x0008_0016, Vr::UI, "1.2.840.10008.1.3.10");
    assert!(matches!(refused(&set), Withheld::Directory));
    let mut set = slice();
    set.put(0x0042_0011, Vr::OB, b"%PDF-1.4".to_vec());
    assert!(matches!(refused(&set), Withheld::Document));
}

#[test]
fn pixels_that_identify_by_their_own_word() {
    let mut set = slice();
    set.text(0x0028_0301, Vr::CS, "YES");
    assert!(matches!(refused(&set), Withheld::BurnedIn));
    let mut set = slice();
    set.text(0x0028_0302, Vr::CS, "YES ");
    assert!(matches!(refused(&set), Withheld::Recognizable));
}

#[test]
fn pixels_that_nobody_checked_where_the_profile_says_so() {
    let mut set = slice();
    set.text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.6.1");
    assert!(matches!(
        refused_by(&set, &builtin("safe-harbor")),
        Withheld::UncheckedPixels
    ));
    assert!(apply_file(file(&set, EXPLICIT, Encoding::ExplicitLe), &builtin("research")).is_ok());
    set.text(0x0028_0301, Vr::CS, "NO");
    assert!(
        apply_file(
            file(&set, EXPLICIT, Encoding::ExplicitLe),
            &builtin("safe-harbor")
        )
        .is_ok()
    );
}

#[test]
fn frames_that_cannot_be_rebuilt() {
    for (syntax, frame) in [
        ("1.2.840.10008.1.2.4.50", b"no jpeg at all".to_vec()),
        ("1.2.840.10008.1.2.4.100", b"\0\0\x01\xB3 a video".to_vec()),
        ("1.2.840.10008.1.2.5", vec![1; 30]),
    ] {
        let mut set = slice();
        pixels(&mut set, 16, 16, 8, 8);
        set.fragments(vec![frame]);
        let error = apply_file(file(&set, syntax, Encoding::ExplicitLe), &builtin("research")).err();
        assert!(
            matches!(error, Some(Withheld::Container(_))),
            "{syntax}: {error:?}"
        );
    }
}

#[test]
fn what_cannot_be_read() {
    let whole = file(&slice(), EXPLICIT, Encoding::ExplicitLe);
    for length in [0, 100, 131, 200, 400, whole.len() - 10] {
        let error = apply_file(whole[..length].to_vec(), &builtin("research")).err();
        assert!(
            matches!(error, Some(Withheld::NotDicom(_) | Withheld::Unreadable(_))),
            "{length}: {error:?}"
        );
    }
    let mut set = slice();
    set.remove(0x0008_0018);
    let error = deid::apply(
        &file_without_instance(&set),
        &super::key(),
        &builtin("research"),
        false,
        &mut std::io::Cursor::new(Vec::new()),
    )
    .err();
    assert!(matches!(error, Some(Withheld::NoIdentity)));
}

fn file_without_instance(set: &DataSet) -> Vec<u8> {
    let whole = file(&slice(), EXPLICIT, Encoding::ExplicitLe);
    let with = slice().encode(Encoding::ExplicitLe);
    let mut head = whole[..whole.len() - with.len()].to_vec();
    head.extend(set.encode(Encoding::ExplicitLe));
    head
}

#[test]
fn messages_hold_no_value_of_the_object() {
    let mut set = slice();
    set.text(0x0028_0301, Vr::CS, "YES");
    let text = refused(&set).to_string();
    assert!(!text.contains("Zylberstein") && !text.contains("4711"), "{text}");
}

#[test]
fn a_header_that_claims_more_than_numbers_hold() {
    let mut set = slice();
    set.us(0x0028_0010, &[u16::MAX])
        .us(0x0028_0011, &[u16::MAX])
        .text(0x0028_0008, Vr::IS, "4294967295");
    set.us(0x0028_0002, &[u16::MAX])
        .us(0x0028_0100, &[64])
        .us(0x0028_0101, &[64])
        .us(0x0028_0102, &[63]);
    let (output, _) = apply_file(file(&set, EXPLICIT, Encoding::ExplicitLe), &builtin("research")).unwrap();
    assert!(!output.is_empty());
}
