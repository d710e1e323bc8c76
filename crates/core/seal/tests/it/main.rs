//! Tests of seals on real files and on synthetic ones.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and says what it skips"
)]

mod alterations;
mod copies;
mod corpus;
mod encodings;
mod forgeries;
mod samples;

use dicom::scan::Limits;
use dicom::{DataSetReader, TransferSyntax};
use model::{Door, Source, Timestamp, Uid};
use seal::{
    Circumstances, Decoded, Findings, Identity, Observation, Observer, Record, SealKey, SealVerifier,
    Verdict, compare, seal,
};
use testkit::{Encoding, Instance, Modality, Patient, Study};

/// A small phantom slice.
fn slice(modality: Modality) -> Instance {
    let mut study = Study::new(
        7,
        Patient::number(1),
        modality,
        Timestamp::from_millis(1_700_000_000_000),
    );
    (study.slices, study.matrix) = (1, 150);
    study.instances().next().unwrap()
}

fn observe(data_set: &[u8], syntax: &Uid) -> Observation {
    observe_in(data_set, syntax, usize::MAX)
}

fn observe_in(data_set: &[u8], syntax: &Uid, chunk: usize) -> Observation {
    let syntax = TransferSyntax::by_uid(syntax);
    let mut observer = Observer::new(&syntax);
    let mut reader = DataSetReader::new(&syntax, Limits::default());
    for part in data_set.chunks(chunk) {
        reader.push(part, &mut observer).unwrap();
    }
    reader.finish(&mut observer).unwrap();
    observer.finish().unwrap()
}

fn seen(instance: &Instance, encoding: Encoding) -> Observation {
    let object = instance.object(encoding);
    observe(&object.data_set, &object.transfer_syntax)
}

fn key() -> SealKey {
    SealKey::from_seed(&[7; 32])
}

fn verifier() -> SealVerifier {
    SealVerifier::new([key().public()])
}

fn sealed(observation: &Observation) -> Record {
    sealed_with(observation, None)
}

/// Seals an object, or with a parent a copy.
fn sealed_with(observation: &Observation, parent: Option<[u8; 32]>) -> Record {
    let identity = Identity {
        sop_class_uid: observation.header.uid(dicom::Tag(0x0008, 0x0016)).unwrap(),
        sop_instance_uid: observation.header.uid(dicom::Tag(0x0008, 0x0018)).unwrap(),
    };
    let circumstances = Circumstances {
        identity,
        source: Source {
            door: Door::Dimse,
            ae: Some("CT01".into()),
            authenticated: false,
        },
        sealed_at: Timestamp::from_millis(1_700_000_000_000),
        salt: [1; 32],
        entry_salt: [2; 32],
        parent,
    };
    seal(observation, circumstances, &key()).unwrap()
}

fn held_against(record: &Record, candidate: &Observation) -> Findings {
    let (statement, _) = record.open(&verifier()).unwrap();
    compare(record, &statement, None, &[], candidate, &Decoded::NotTried)
}

fn verdict(record: &Record, candidate: &Observation) -> Verdict {
    Verdict::of(&held_against(record, candidate)).0
}
