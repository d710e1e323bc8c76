//! The data set of a request for storage commitment (PS3.4 table J.3-1), in Implicit VR Little Endian.

use model::Uid;

const TRANSACTION_UID: (u16, u16) = (0x0008, 0x1195);
const REFERENCED_SOP_SEQUENCE: (u16, u16) = (0x0008, 0x1199);
const REFERENCED_SOP_CLASS_UID: (u16, u16) = (0x0008, 0x1150);
const REFERENCED_SOP_INSTANCE_UID: (u16, u16) = (0x0008, 0x1155);
const ITEM: (u16, u16) = (0xFFFE, 0xE000);

/// Asks to keep these instances, each with its SOP class.
pub(crate) fn data_set(transaction: &Uid, instances: &[(Uid, Uid)]) -> Vec<u8> {
    let mut items = Vec::new();
    for (sop_class, sop_instance) in instances {
        let mut item = Vec::new();
        write(&mut item, REFERENCED_SOP_CLASS_UID, sop_class.as_str().as_bytes());
        write(
            &mut item,
            REFERENCED_SOP_INSTANCE_UID,
            sop_instance.as_str().as_bytes(),
        );
        write(&mut items, ITEM, &item);
    }
    let mut out = Vec::new();
    write(&mut out, TRANSACTION_UID, transaction.as_str().as_bytes());
    write(&mut out, REFERENCED_SOP_SEQUENCE, &items);
    out
}

fn write(out: &mut Vec<u8>, (group, element): (u16, u16), value: &[u8]) {
    let odd = value.len() % 2;
    out.extend_from_slice(&group.to_le_bytes());
    out.extend_from_slice(&element.to_le_bytes());
    out.extend_from_slice(&((value.len() + odd) as u32).to_le_bytes());
    out.extend_from_slice(value);
    out.extend(std::iter::repeat_n(0, odd));
}
