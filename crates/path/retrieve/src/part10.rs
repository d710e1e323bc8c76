//! The head of a DICOM file around a stored data set (PS3.10 section 7.1).

use dicom::part10::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
use model::Uid;

/// Preamble, prefix and file meta information; the data set follows as it came. The preamble is zero: one that
/// arrived may hold a program, and is never handed on.
pub fn head(sop_class_uid: &Uid, sop_instance_uid: &Uid, transfer_syntax: &Uid) -> Vec<u8> {
    let mut meta = Vec::new();
    version(&mut meta);
    text(&mut meta, 0x0002, *b"UI", sop_class_uid.as_str());
    text(&mut meta, 0x0003, *b"UI", sop_instance_uid.as_str());
    text(&mut meta, 0x0010, *b"UI", transfer_syntax.as_str());
    text(&mut meta, 0x0012, *b"UI", IMPLEMENTATION_CLASS_UID);
    text(&mut meta, 0x0013, *b"SH", IMPLEMENTATION_VERSION_NAME);
    let mut head = vec![0; 128];
    head.extend_from_slice(b"DICM");
    // (0002,0000): the bytes of the group that follow it.
    head.extend_from_slice(b"\x02\x00\x00\x00UL\x04\x00");
    head.extend_from_slice(&(meta.len() as u32).to_le_bytes());
    head.extend_from_slice(&meta);
    head
}

/// (0002,0001) File Meta Information Version.
fn version(meta: &mut Vec<u8>) {
    meta.extend_from_slice(b"\x02\x00\x01\x00OB\x00\x00\x02\x00\x00\x00\x00\x01");
}

/// A text element in Explicit VR Little Endian, padded to an even length. No value here exceeds 64 characters.
fn text(meta: &mut Vec<u8>, element: u16, vr: [u8; 2], value: &str) {
    let padded = value.len() + value.len() % 2;
    meta.extend_from_slice(&2u16.to_le_bytes());
    meta.extend_from_slice(&element.to_le_bytes());
    meta.extend_from_slice(&vr);
    meta.extend_from_slice(&(padded as u16).to_le_bytes());
    meta.extend_from_slice(value.as_bytes());
    if padded > value.len() {
        meta.push(if vr == *b"UI" { 0 } else { b' ' });
    }
}

#[cfg(test)]
mod tests {
    use dicom::part10::FileMeta;

    #[test]
    fn what_is_written_is_read() {
        for (class, instance) in [("1.2", "1.2.3"), ("1.2.840.10008.5.1.4.1.1.2", "1.22")] {
            let (class, instance) = (class.parse().unwrap(), instance.parse().unwrap());
            let syntax = "1.2.840.10008.1.2.4.90".parse().unwrap();
            let mut file = super::head(&class, &instance, &syntax);
            let at = file.len();
            file.extend_from_slice(b"\x08\x00\x05\x00CS\x00\x00");
            let meta = FileMeta::read(&file, true).unwrap().unwrap();
            assert_eq!(meta.data_set_at, at);
            assert_eq!(meta.transfer_syntax.uid, syntax);
            assert_eq!(
                (meta.sop_class_uid, meta.sop_instance_uid),
                (Some(class), Some(instance))
            );
            let length = u32::from_le_bytes(file[140..144].try_into().unwrap());
            assert_eq!(
                144 + length as usize,
                at,
                "the group length counts what follows it"
            );
        }
    }
}
