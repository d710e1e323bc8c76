//! The tags of a colour profile that hold numbers (ICC.1 clauses 9 and 10), each cut to what its type says.

use super::ContainerError;
use super::cursor::Cursor;
use super::icc::unreadable;

/// The tags that conversion and viewing need, in the order in which they are written.
pub(super) const KEPT: &[&[u8; 4]] = &[
    b"wtpt", b"bkpt", b"chad", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0",
    b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"gamt", b"lumi", b"meas", b"view", b"chrm", b"cicp",
];

fn short() -> ContainerError {
    unreadable("a tag is too short for its type")
}

/// The tag's content written anew: its type, zero where the format reserves, and exactly its numbers.
pub(super) fn rebuild(signature: [u8; 4], content: &[u8]) -> Result<Vec<u8>, ContainerError> {
    let kind = *content.first_chunk::<4>().ok_or(short())?;
    let table = matches!(&kind, b"mft1" | b"mft2" | b"mAB " | b"mBA ");
    let fits = match &signature {
        b"wtpt" | b"bkpt" | b"lumi" | b"rXYZ" | b"gXYZ" | b"bXYZ" => kind == *b"XYZ ",
        b"rTRC" | b"gTRC" | b"bTRC" | b"kTRC" => matches!(&kind, b"curv" | b"para"),
        b"chad" => kind == *b"sf32",
        b"meas" | b"view" | b"chrm" | b"cicp" => kind == signature,
        _ => table,
    };
    if !fits {
        return Err(unreadable("a tag is of another type than it may be"));
    }
    if matches!(&kind, b"mAB " | b"mBA ") {
        return processing(kind, content);
    }
    let length = match &kind {
        b"XYZ " => 20,
        b"sf32" => 44,
        b"curv" | b"para" => curve_length(content)?,
        b"mft1" | b"mft2" => table_length(kind, content)?,
        b"chrm" => {
            12 + 8 * usize::from(
                Cursor::new(content.get(8..).ok_or(short())?)
                    .u16()
                    .ok_or(short())?,
            )
        }
        b"cicp" => 12,
        _ => 36,
    };
    let mut out = kept(content, length)?;
    if matches!(&kind, b"mft1" | b"mft2") {
        blank(&mut out, 11);
    }
    Ok(out)
}

/// So many bytes, the reserved four behind the type zero.
fn kept(content: &[u8], length: usize) -> Result<Vec<u8>, ContainerError> {
    let mut out = content.get(..length).ok_or(short())?.to_vec();
    for at in 4..8 {
        blank(&mut out, at);
    }
    Ok(out)
}

fn blank(bytes: &mut [u8], at: usize) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = 0;
    }
}

/// The length of a curve, sampled or parametric (ICC.1 10.6, 10.18).
fn curve_length(content: &[u8]) -> Result<usize, ContainerError> {
    let mut fields = Cursor::new(content);
    let kind: [u8; 4] = fields.array().ok_or(short())?;
    fields.take(4).ok_or(short())?;
    if kind == *b"curv" {
        let count = fields.u32().ok_or(short())? as usize;
        return count
            .checked_mul(2)
            .and_then(|length| length.checked_add(12))
            .ok_or(short());
    }
    let parameters = match (kind == *b"para").then(|| fields.u16()).flatten() {
        Some(0) => 1,
        Some(1) => 3,
        Some(2) => 4,
        Some(3) => 5,
        Some(4) => 7,
        _ => return Err(unreadable("a curve is not known")),
    };
    Ok(12 + 4 * parameters)
}

/// The product of grid points and of channels, `None` when it is no size of anything.
fn grid(points: impl Iterator<Item = u8>, outputs: u8) -> Option<usize> {
    let mut size = usize::from(outputs);
    for points in points {
        size = size.checked_mul(points.into())?;
    }
    Some(size)
}

/// The length of a table of 8 or 16 bits (ICC.1 10.10, 10.11).
fn table_length(kind: [u8; 4], content: &[u8]) -> Result<usize, ContainerError> {
    let mut fields = Cursor::new(content);
    fields.take(8).ok_or(short())?;
    let [inputs, outputs, points, _] = fields.array().ok_or(short())?;
    let colours = grid(std::iter::repeat_n(points, inputs.into()), outputs).ok_or(short())?;
    let (inputs, outputs) = (usize::from(inputs), usize::from(outputs));
    let length = if kind == *b"mft1" {
        colours.checked_add(48 + 256 * (inputs + outputs))
    } else {
        fields.take(36).ok_or(short())?;
        let (n, m) = fields.u16().zip(fields.u16()).ok_or(short())?;
        let entries = inputs * usize::from(n) + outputs * usize::from(m);
        colours
            .checked_add(entries)
            .and_then(|words| words.checked_mul(2)?.checked_add(52))
    };
    length.ok_or(short())
}

/// A chain of curves, matrix and table (ICC.1 10.12, 10.13), its parts in a fixed order and with nothing between.
fn processing(kind: [u8; 4], content: &[u8]) -> Result<Vec<u8>, ContainerError> {
    let mut fields = Cursor::new(content);
    fields.take(8).ok_or(short())?;
    let [inputs, outputs, ..]: [u8; 4] = fields.array().ok_or(short())?;
    let mut offsets = [0; 5];
    for offset in &mut offsets {
        *offset = fields.u32().ok_or(short())? as usize;
    }
    let (device, connection) = if kind == *b"mAB " {
        (inputs, outputs)
    } else {
        (outputs, inputs)
    };
    let mut out = kind.to_vec();
    out.extend([0, 0, 0, 0, inputs, outputs, 0, 0]);
    out.resize(32, 0);
    // B curves, matrix, M curves, table, A curves.
    for (part, offset) in offsets.into_iter().enumerate() {
        if offset == 0 {
            continue;
        }
        let bytes = content.get(offset..).ok_or(short())?;
        let written = match part {
            0 | 2 => curves(bytes, connection)?,
            1 => bytes.get(..48).ok_or(short())?.to_vec(),
            3 => colour_table(bytes, inputs, outputs)?,
            _ => curves(bytes, device)?,
        };
        let at = (out.len() as u32).to_be_bytes();
        for (to, from) in out.iter_mut().skip(12 + 4 * part).zip(at) {
            *to = from;
        }
        out.extend(written);
    }
    Ok(out)
}

fn curves(bytes: &[u8], count: u8) -> Result<Vec<u8>, ContainerError> {
    let mut out = Vec::new();
    let mut rest = bytes;
    for _ in 0..count {
        let length = curve_length(rest)?;
        out.extend(kept(rest, length)?);
        out.resize(out.len().next_multiple_of(4), 0);
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    Ok(out)
}

fn colour_table(bytes: &[u8], inputs: u8, outputs: u8) -> Result<Vec<u8>, ContainerError> {
    let mut fields = Cursor::new(bytes);
    let points: [u8; 16] = fields.array().ok_or(short())?;
    let precision = fields
        .u8()
        .filter(|precision| matches!(precision, 1 | 2))
        .ok_or(short())?;
    fields.take(3).ok_or(short())?;
    let used = || points.iter().copied().take(inputs.into());
    let size = grid(used(), outputs).and_then(|size| size.checked_mul(precision.into()));
    let data = size.and_then(|size| fields.take(size)).ok_or(short())?;
    let mut out: Vec<u8> = used().collect();
    out.resize(16, 0);
    out.extend([precision, 0, 0, 0]);
    out.extend(data);
    out.resize(out.len().next_multiple_of(4), 0);
    Ok(out)
}

/// A required tag of words: `desc` or `cprt`, as version 2 or 4 writes it (ICC.1:2001 6.5.17, 6.5.18; ICC.1 10.15).
pub(super) fn text(signature: [u8; 4], text: &str, major: u8) -> Vec<u8> {
    let length = text.len() as u32;
    let mut out = Vec::new();
    if major >= 4 {
        out.extend(b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS");
        out.extend((2 * length).to_be_bytes());
        out.extend(28u32.to_be_bytes());
        out.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    } else if signature == *b"desc" {
        out.extend(b"desc\0\0\0\0");
        out.extend((length + 1).to_be_bytes());
        out.extend(text.bytes());
        // Its end, no Unicode (two numbers), no ScriptCode (a number, a count and 67 bytes).
        out.resize(out.len() + 1 + 8 + 3 + 67, 0);
    } else {
        out.extend(b"text\0\0\0\0");
        out.extend(text.bytes());
        out.push(0);
    }
    out
}
