//! DCMTK's clients against the DICOM network door.

use super::gateway::{Data, Gateway};
use super::{peer, scans};
use std::path::{Path, PathBuf};
use testkit::peers::Peer;
use testkit::{Encoding, Instance, Modality};

/// Arguments of every client: application entity title and address.
fn address(gateway: &Gateway) -> Vec<String> {
    [
        "-aec",
        "LEADGLASS",
        "-aet",
        "MODALITY",
        "127.0.0.1",
        &gateway.dimse.to_string(),
    ]
    .map(str::to_owned)
    .to_vec()
}

fn store(storescu: &Path, gateway: &Gateway, options: &[&str], files: &[PathBuf]) -> bool {
    let options = options
        .iter()
        .map(|option| (*option).to_owned())
        .chain(address(gateway))
        .map(PathBuf::from);
    peer::went_well(&peer::run(storescu, options.chain(files.iter().cloned())))
}

#[test]
fn echoscu_is_answered() {
    let Some(echoscu) = peer::or_skip(Peer::Dcmtk, "echoscu") else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    assert!(peer::went_well(&peer::run(
        &echoscu,
        [vec!["--repeat".into(), "5".into()], address(&gateway)].concat()
    )));
    let presented = ["-pts", "38", "-ppc", "128", "-pdu", "4096"]
        .map(str::to_owned)
        .to_vec();
    assert!(peer::went_well(&peer::run(
        &echoscu,
        [presented, address(&gateway)].concat()
    )));
}

#[test]
fn a_wrong_called_ae_title_is_rejected() {
    let Some(echoscu) = peer::or_skip(Peer::Dcmtk, "echoscu") else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let output = peer::run(
        &echoscu,
        ["-aec", "NOBODY", "127.0.0.1", &gateway.dimse.to_string()],
    );
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(
        !output.status.success() && said.contains("Called AE Title Not Recognized"),
        "{said}"
    );
}

/// How to make a file in a transfer syntax, and the option by which storescu proposes it.
const CODED: [(&str, &str, &str); 13] = [
    ("-xe", "dcmconv", "+te"),
    ("-xb", "dcmconv", "+tb"),
    ("-xi", "dcmconv", "+ti"),
    ("-xd", "dcmconv", "+td"),
    ("-xs", "dcmcjpeg", "+e1"),
    ("-xx", "dcmcjpeg", "+ee"),
    ("-xy", "dcmcjpeg", "+eb"),
    ("-xt", "dcmcjpls", "+el"),
    ("-xu", "dcmcjpls", "+en"),
    ("-xr", "dcmcrle", ""),
    ("-xv", "gdcmconv", "-K"),
    ("-xw", "gdcmconv", "-K -Y"),
    ("-x=", "dcmconv", "+te"),
];

const VIDEO: [(&str, &str); 9] = [
    ("-xm", "1.2.840.10008.1.2.4.100"),
    ("-xh", "1.2.840.10008.1.2.4.101"),
    ("-xn", "1.2.840.10008.1.2.4.102"),
    ("-xl", "1.2.840.10008.1.2.4.103"),
    ("-x2", "1.2.840.10008.1.2.4.104"),
    ("-x3", "1.2.840.10008.1.2.4.105"),
    ("-xo", "1.2.840.10008.1.2.4.106"),
    ("-x4", "1.2.840.10008.1.2.4.107"),
    ("-x5", "1.2.840.10008.1.2.4.108"),
];

#[test]
fn storescu_stores_every_transfer_syntax_that_it_can_propose() {
    let Some(storescu) = peer::or_skip(Peer::Dcmtk, "storescu") else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let folder = data.files();
    let mut stored = Vec::new();
    for ((option, program, coding), instance) in CODED.into_iter().zip(scans::study(51, Modality::Mr, 13)) {
        let native = scans::write(&folder, "native", &instance, Encoding::ExplicitLe);
        let file = folder.join(format!("coded{option}.dcm"));
        let encoder = match program {
            "gdcmconv" => Peer::Gdcm.find(program),
            _ => Some(storescu.with_file_name(program)),
        };
        let Some(encoder) = encoder else {
            println!("without {option}: no {program} here");
            continue;
        };
        let words = coding
            .split_whitespace()
            .map(PathBuf::from)
            .chain([native, file.clone()]);
        assert!(peer::went_well(&peer::run(&encoder, words)), "{program} {coding}");
        assert!(
            store(&storescu, &gateway, &["-R", option], std::slice::from_ref(&file)),
            "storescu {option}"
        );
        stored.push(file);
    }
    for (number, (option, transfer_syntax)) in VIDEO.into_iter().enumerate() {
        let file = scans::write_object(
            &folder,
            &format!("video{option}"),
            &scans::video(number as u64, transfer_syntax),
        );
        assert!(
            store(&storescu, &gateway, &["-R", option], std::slice::from_ref(&file)),
            "storescu {option}"
        );
        stored.push(file);
    }
    for file in stored {
        let verdict = data.verify_patiently(&file);
        assert!(verdict.is_authentic(), "{}: {verdict:?}", file.display());
    }
    gateway.assert_log_without_phi();
}

/// Writes instances as files in Explicit VR Little Endian.
fn written(data: &Data, instances: &[Instance]) -> Vec<PathBuf> {
    let name = |number: usize| format!("{:04}-{number:03}", instances.len());
    let files = instances.iter().enumerate();
    files
        .map(|(n, i)| scans::write(&data.files(), &name(n), i, Encoding::ExplicitLe))
        .collect()
}

#[test]
fn dcmsend_sends_a_mixed_folder_twice() {
    let Some(dcmsend) = peer::or_skip(Peer::Dcmtk, "dcmsend") else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let instances = [
        scans::study(52, Modality::Ct, 4),
        scans::study(52, Modality::Mr, 3),
        scans::study(52, Modality::Dx, 1),
    ]
    .concat();
    let files = written(&data, &instances);
    for _ in 0..2 {
        let words = address(&gateway)
            .into_iter()
            .map(PathBuf::from)
            .chain(files.iter().cloned());
        assert!(peer::went_well(&peer::run(&dcmsend, words)));
    }
    for file in &files {
        assert!(data.verify(file).is_authentic(), "{}", file.display());
    }
}

#[test]
fn real_scans_arrive_whole() {
    let Some(storescu) = peer::or_skip(Peer::Dcmtk, "storescu") else {
        return;
    };
    let Some(python) = peer::python_or_skip() else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    // storescu proposes one compressed transfer syntax a call; these options name those of the files.
    let option = |transfer_syntax: &str| match transfer_syntax {
        "1.2.840.10008.1.2.5" => "-xr",
        "1.2.840.10008.1.2.4.50" => "-xy",
        "1.2.840.10008.1.2.4.51" => "-xx",
        "1.2.840.10008.1.2.4.70" => "-xs",
        "1.2.840.10008.1.2.4.80" => "-xt",
        "1.2.840.10008.1.2.4.81" => "-xu",
        "1.2.840.10008.1.2.4.90" => "-xv",
        "1.2.840.10008.1.2.4.91" => "-xw",
        "1.2.840.10008.1.2.1.99" => "-xd",
        _ => "-x=",
    };
    // The same image in other encodings, and other images under its UID, which are refused.
    let left_out = [
        "MR_small_",
        "MR_truncated",
        "SC_rgb_",
        "rtdose_",
        "badVR",
        "rtplan_trunc",
        "reportsi_with",
        "JPGExtended",
        "JPEG2000-",
    ];
    let (mut stored, mut refused) = (0, Vec::new());
    for file in scans::real_files(&python) {
        if left_out.iter().any(|start| file.name().starts_with(start)) {
            continue;
        }
        let sent = store(
            &storescu,
            &gateway,
            &["-R", option(&file.transfer_syntax)],
            std::slice::from_ref(&file.path),
        );
        if !sent {
            refused.push(file.name().to_owned());
            continue;
        }
        stored += 1;
        let verdict = data.verify_patiently(&file.path);
        assert!(
            verdict.is_authentic(),
            "{} (pixels: {}): {verdict:?}",
            file.name(),
            file.has_pixels
        );
    }
    assert!(refused.is_empty(), "not stored: {refused:?}");
    assert!(stored >= 20, "only {stored} real files");
}

#[test]
fn several_associations_store_at_once() {
    let Some(storescu) = peer::or_skip(Peer::Dcmtk, "storescu") else {
        return;
    };
    let data = Data::new();
    let gateway = Gateway::start(&data);
    let files = written(&data, &scans::study(53, Modality::Ct, 48));
    std::thread::scope(|scope| {
        for share in files.chunks(6) {
            scope.spawn(|| assert!(store(&storescu, &gateway, &["-R", "-xe"], share)));
        }
    });
    for file in &files {
        assert!(data.verify(file).is_authentic(), "{}", file.display());
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let Some(storescu) = peer::or_skip(Peer::Dcmtk, "storescu") else {
        return;
    };
    let data = Data::new();
    for round in 0..3 {
        let gateway = Gateway::start(&data);
        let files = written(&data, &scans::study(60 + round, Modality::Mr, 5 + round as u32));
        assert!(store(&storescu, &gateway, &["-R", "-xe"], &files));
        // SIGKILL, at once after the last acknowledgement.
        drop(gateway);
        for file in &files {
            assert!(data.verify(file).is_authentic(), "{}", file.display());
        }
    }
}
