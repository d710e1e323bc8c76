//! A small builder of data sets, written without any other DICOM library: what the gateway reads in tests was
//! not written by the code under test.

use crate::{Encoding, Vr, encoding::UNDEFINED_LENGTH};
use std::collections::BTreeMap;

const PIXEL_DATA: u32 = 0x7fe0_0010;
const ITEM: u32 = 0xfffe_e000;
const ITEM_END: u32 = 0xfffe_e00d;
const SEQUENCE_END: u32 = 0xfffe_e0dd;

/// How the length of a sequence and of its items is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Length {
    /// As a number.
    Defined,
    /// As 0xFFFFFFFF, with a delimiter at the end.
    Undefined,
}

/// The value of a data element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// Bytes, numbers in little-endian order. Written with padding to an even length.
    Bytes(Vec<u8>),
    /// Items.
    Sequence(Vec<DataSet>, Length),
    /// Encapsulated pixel data: basic offset table first, then the fragments (PS3.5 A.4).
    Fragments(Vec<Vec<u8>>),
}

/// Data elements in ascending order of their tags. A second element with the same tag replaces the first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DataSet(BTreeMap<u32, (Vr, Value)>);

impl DataSet {
    /// No elements.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts an element of any VR; numbers in `value` are little-endian.
    pub fn put(&mut self, tag: u32, vr: Vr, value: impl Into<Vec<u8>>) -> &mut Self {
        self.0.insert(tag, (vr, Value::Bytes(value.into())));
        self
    }

    /// Puts text, in the character set that the data set declares; several values with backslashes between.
    pub fn text(&mut self, tag: u32, vr: Vr, text: impl AsRef<str>) -> &mut Self {
        self.put(tag, vr, text.as_ref())
    }

    /// Puts an element of zero length.
    pub fn empty(&mut self, tag: u32, vr: Vr) -> &mut Self {
        self.put(tag, vr, [])
    }

    /// Puts decimal strings (DS), each at most 16 characters.
    pub fn decimals(&mut self, tag: u32, numbers: &[f64]) -> &mut Self {
        let texts: Vec<String> = numbers.iter().map(|number| decimal(*number)).collect();
        self.text(tag, Vr::DS, texts.join("\\"))
    }

    /// Puts 16-bit unsigned numbers (US).
    pub fn us(&mut self, tag: u32, numbers: &[u16]) -> &mut Self {
        self.put(
            tag,
            Vr::US,
            numbers
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect::<Vec<_>>(),
        )
    }

    /// Puts 16-bit signed numbers (SS).
    pub fn ss(&mut self, tag: u32, numbers: &[i16]) -> &mut Self {
        self.put(
            tag,
            Vr::SS,
            numbers
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect::<Vec<_>>(),
        )
    }

    /// Puts a sequence.
    pub fn sequence(&mut self, tag: u32, items: Vec<Self>, length: Length) -> &mut Self {
        self.0.insert(tag, (Vr::SQ, Value::Sequence(items, length)));
        self
    }

    /// Puts native pixel data as OW, samples little-endian.
    pub fn pixels(&mut self, samples: Vec<u8>) -> &mut Self {
        self.put(PIXEL_DATA, Vr::OW, samples)
    }

    /// Puts encapsulated pixel data: an empty basic offset table, then one fragment a frame.
    pub fn fragments(&mut self, frames: Vec<Vec<u8>>) -> &mut Self {
        let table_and_frames = std::iter::once(Vec::new()).chain(frames).collect();
        self.0
            .insert(PIXEL_DATA, (Vr::OB, Value::Fragments(table_and_frames)));
        self
    }

    /// Puts a value of any form.
    pub fn replace(&mut self, tag: u32, vr: Vr, value: Value) -> &mut Self {
        self.0.insert(tag, (vr, value));
        self
    }

    /// Puts encapsulated pixel data with this first item, the basic offset table.
    pub fn put_fragments(&mut self, table_and_fragments: Vec<Vec<u8>>) -> &mut Self {
        self.0
            .insert(PIXEL_DATA, (Vr::OB, Value::Fragments(table_and_fragments)));
        self
    }

    /// Takes an element out.
    pub fn remove(&mut self, tag: u32) -> Option<(Vr, Value)> {
        self.0.remove(&tag)
    }

    /// An element's VR and value.
    pub fn get(&self, tag: u32) -> Option<&(Vr, Value)> {
        self.0.get(&tag)
    }

    /// The bytes of an element that is neither a sequence nor encapsulated, to read or to alter.
    pub fn bytes_mut(&mut self, tag: u32) -> Option<&mut Vec<u8>> {
        match self.0.get_mut(&tag) {
            Some((_, Value::Bytes(bytes))) => Some(bytes),
            _ => None,
        }
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &(Vr, Value))> {
        self.0.iter().map(|(tag, element)| (*tag, element))
    }

    /// The data set as bytes.
    pub fn encode(&self, encoding: Encoding) -> Vec<u8> {
        let pixels = match self.get(PIXEL_DATA) {
            Some((_, Value::Bytes(samples))) => samples.len(),
            _ => 0,
        };
        let mut out = Vec::with_capacity(pixels + 8192);
        self.write(&mut out, encoding);
        out
    }

    fn write(&self, out: &mut Vec<u8>, encoding: Encoding) {
        for (tag, (vr, value)) in self.iter() {
            match value {
                Value::Bytes(bytes) => {
                    let odd = bytes.len() % 2;
                    encoding.write_head(out, tag, *vr, (bytes.len() + odd) as u32);
                    encoding.write_value(out, bytes, vr.unit());
                    out.extend(std::iter::repeat_n(vr.padding(), odd));
                }
                Value::Sequence(items, length) => write_sequence(out, encoding, tag, items, *length),
                Value::Fragments(fragments) => {
                    encoding.write_head(out, tag, *vr, UNDEFINED_LENGTH);
                    for fragment in fragments {
                        let odd = fragment.len() % 2;
                        encoding.write_item(out, ITEM, (fragment.len() + odd) as u32);
                        out.extend_from_slice(fragment);
                        out.extend(std::iter::repeat_n(0, odd));
                    }
                    encoding.write_item(out, SEQUENCE_END, 0);
                }
            }
        }
    }
}

fn write_sequence(out: &mut Vec<u8>, encoding: Encoding, tag: u32, items: &[DataSet], length: Length) {
    let mut body = Vec::new();
    for item in items {
        let item = item.encode(encoding);
        match length {
            Length::Defined => encoding.write_item(&mut body, ITEM, item.len() as u32),
            Length::Undefined => encoding.write_item(&mut body, ITEM, UNDEFINED_LENGTH),
        }
        body.extend(item);
        if length == Length::Undefined {
            encoding.write_item(&mut body, ITEM_END, 0);
        }
    }
    match length {
        Length::Defined => {
            encoding.write_head(out, tag, Vr::SQ, body.len() as u32);
            out.extend(body);
        }
        Length::Undefined => {
            encoding.write_head(out, tag, Vr::SQ, UNDEFINED_LENGTH);
            out.extend(body);
            encoding.write_item(out, SEQUENCE_END, 0);
        }
    }
}

/// A number as DS: at most 16 characters, no needless zeros.
fn decimal(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}
