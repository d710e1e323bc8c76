//! The same UID again: another object is refused, kept apart and logged; the same object, however written, is a
//! success that changes nothing.

use super::doors::{Answer, c_store, stow};
use super::gateway::{Data, Gateway};
use super::peer;
use super::program::{log_size, quarantined};
use super::scan;
use dicom::part10::FileMeta;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testkit::peers::Peer;
use testkit::{DataSet, Encoding, Random, Vr};

#[derive(Clone, Copy, Debug)]
enum Door {
    CStore,
    Stow,
    Import,
}

const DOORS: [Door; 3] = [Door::CStore, Door::Stow, Door::Import];

async fn bring(door: Door, data: &Data, gateway: &Gateway, file: &[u8]) -> Answer {
    match door {
        Door::CStore => {
            let meta = FileMeta::read(file, true).unwrap().unwrap();
            let (class, instance) = (meta.sop_class_uid.unwrap(), meta.sop_instance_uid.unwrap());
            let names = (&class, &instance, &meta.transfer_syntax.uid);
            c_store(
                gateway.dimse,
                names,
                &file[meta.data_set_at..],
                Duration::from_secs(30),
            )
            .await
        }
        Door::Stow => tokio::task::block_in_place(|| stow(gateway, file)),
        Door::Import => {
            let path = data.files().join("arrival.dcm");
            fs::write(&path, file).unwrap();
            match data.import(&[path])[0].as_str() {
                "sealed" | "duplicate" => Answer::Stored,
                "conflict" => Answer::DoesNotMatch,
                other => Answer::Other(other.to_owned()),
            }
        }
    }
}

/// What is done to a scan, and what that is called.
type Change = (&'static str, fn(&mut DataSet));

/// Changes under a UID that is taken.
fn changes() -> [Change; 5] {
    [
        ("another pixel", |scan| {
            scan.bytes_mut(scan::PIXEL_DATA).unwrap()[777] ^= 1;
        }),
        ("another SOP class", |scan| {
            scan.text(scan::SOP_CLASS, Vr::UI, scan::MR);
        }),
        ("another patient", |scan| {
            scan.text(scan::PATIENT_ID, Vr::LO, "PHANTOM-OTHER");
        }),
        ("another study", |scan| {
            scan.text(scan::STUDY, Vr::UI, "2.25.1234567");
        }),
        ("no pixels", |scan| {
            scan.remove(scan::PIXEL_DATA);
        }),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn another_object_under_a_taken_uid_is_kept_apart_at_every_door() {
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let random = &mut Random::new(11, &[]);
    for first in DOORS {
        let scan = scan::plain(random, 64);
        let original = scan::object(&scan, Encoding::ExplicitLe).part10();
        assert_eq!(bring(first, &data, &gateway, &original).await, Answer::Stored);
        for second in DOORS {
            for (name, change) in changes() {
                let (log, apart) = (log_size(&data), quarantined(&data));
                let mut other = scan.clone();
                change(&mut other);
                let other = scan::object(&other, Encoding::ExplicitLe).part10();
                let answer = bring(second, &data, &gateway, &other).await;
                let what = format!("{name}: first {first:?}, then {second:?}");
                assert_eq!(answer, Answer::DoesNotMatch, "{what}");
                assert_eq!(quarantined(&data), apart + 1, "{what}");
                assert_eq!(log_size(&data), log + 1, "{what}");
            }
            // The first one is still what it was.
            let (log, again) = (log_size(&data), bring(second, &data, &gateway, &original).await);
            assert_eq!((again, log_size(&data)), (Answer::Stored, log), "{second:?}");
        }
        let file = data.files().join("original.dcm");
        fs::write(&file, &original).unwrap();
        assert!(data.verify(&file).is_authentic(), "{first:?}");
    }
    assert_eq!(super::program::fsck(&data).instances, 3);
    gateway.assert_log_without_phi();
}

/// Writes a file anew with a tool of DCMTK.
fn rewrite(tool: &Path, options: &[&str], from: &Path, to: &Path) -> Vec<u8> {
    let arguments = options.iter().map(PathBuf::from).chain([from.into(), to.into()]);
    assert!(peer::went_well(&peer::run(tool, arguments)), "{}", tool.display());
    fs::read(to).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_object_however_written_changes_nothing() {
    let tools = [
        ("dcmconv", &["+ti"][..]),
        ("dcmconv", &["+tb"]),
        ("dcmconv", &["+td"]),
        ("dcmconv", &["+te", "+e"]),
        ("dcmconv", &["+te", "-e"]),
        ("dcmcrle", &[]),
        ("dcmcjpls", &["+un"]),
        ("dcmcjpeg", &["+e1", "+un"]),
    ];
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let random = &mut Random::new(12, &[]);
    let folder = data.files();
    for (number, (tool, options)) in tools.into_iter().enumerate() {
        let Some(tool) = peer::or_skip(Peer::Dcmtk, tool) else {
            return;
        };
        let file = folder.join(format!("{number}.dcm"));
        let original = scan::object(&scan::plain(random, 64), Encoding::ExplicitLe).part10();
        fs::write(&file, &original).unwrap();
        let anew = rewrite(&tool, options, &file, &folder.join(format!("{number}-anew.dcm")));
        // Each order: the native one is sealed first, then the rewritten one.
        let (first, second) = if number % 2 == 0 {
            (&original, &anew)
        } else {
            (&anew, &original)
        };
        assert_eq!(
            bring(DOORS[number % 3], &data, &gateway, first).await,
            Answer::Stored
        );
        // A comparison with compressed pixels may decode the sealed ones, which the log records once.
        assert_eq!(
            bring(DOORS[number % 3], &data, &gateway, second).await,
            Answer::Stored,
            "{options:?}"
        );
        let size = log_size(&data);
        for door in DOORS {
            for file in [first, second] {
                let answer = bring(door, &data, &gateway, file).await;
                assert_eq!(
                    answer,
                    Answer::Stored,
                    "{} {options:?} by {door:?}",
                    tool.display()
                );
            }
        }
        assert_eq!(log_size(&data), size, "{} {options:?}", tool.display());
    }
    assert_eq!(quarantined(&data), 0);
    assert_eq!(super::program::fsck(&data).instances, tools.len() as u64);
}
