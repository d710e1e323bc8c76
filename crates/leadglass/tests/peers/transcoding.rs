//! Lossless re-encoding by other people's tools must stay authentic, whatever they do to a file otherwise.

use super::gateway::{Data, Verdict};
use super::{peer, scans};
use std::path::{Path, PathBuf};
use testkit::peers::Peer;
use testkit::{Encoding, Modality};

/// Files of the package pydicom in each native encoding and kind of pixels: 8, 16 and 32 bits, one bit, colour by pixel
/// and by plane, palette, overlay, several frames, deflated; and documents without pixels.
const REAL_NATIVE: [&str; 15] = [
    "CT_small",
    "MR_small",
    "MR_small_implicit",
    "MR_small_bigendian",
    "SC_rgb_small_odd",
    "SC_rgb_jpeg_dcmd",
    "ExplVR_BigEnd",
    "examples_rgb_color",
    "examples_palette",
    "examples_overlay",
    "rtdose",
    "liver_1frame",
    "image_dfl",
    "test-SR",
    "reportsi",
];

/// Real files that came compressed without loss.
const REAL_COMPRESSED: [&str; 9] = [
    "MR_small_RLE",
    "MR_small_jp2klossless",
    "MR_small_jpeg_ls_lossless",
    "SC_rgb_rle",
    "SC_rgb_rle_2frame",
    "SC_rgb_rle_16bit",
    "SC_rgb_jpeg_gdcm",
    "rtdose_rle",
    "J2K_pixelrep_mismatch",
];

/// What a tool does to one kind of file is not lossless: 32-bit samples are turned in 16-bit words by DCMTK (as OW says),
/// and encoded as JPEG 2000 by GDCM in a way that OpenJPEG cannot read back.
const NOT_LOSSLESS: [(&str, &str); 2] = [("rtdose", "dcmconv +tb"), ("rtdose", "gdcmconv -K")];

/// What tools do to a file besides re-encoding its pixels, so that the verdict must not be `authentic`: file, tool, and
/// the attribute that is named.
const OTHERWISE_CHANGED: [(&str, &str, &str); 2] = [
    // Leaves Number of Frames out when it is 1.
    ("SC_rgb_small_odd", "gdcmconv", "00280008"),
    // Writes a sequence of the standard as UN.
    ("rtdose", "gdcmconv", "300c0002"),
];

/// Originals, each sealed in a folder of its own: some real files are different images under one UID.
struct Originals(Vec<(Data, PathBuf)>);

impl Originals {
    fn sealed(python: Option<&Path>, real: &[&str]) -> Self {
        let mut originals = Vec::new();
        for (modality, encoding) in [
            (Modality::Ct, Encoding::ExplicitLe),
            (Modality::Mr, Encoding::ImplicitLe),
            (Modality::Dx, Encoding::ExplicitBe),
        ] {
            let instance = &scans::study(41, modality, 1)[0];
            let data = Data::new();
            let file = scans::write(&data.files(), modality.code(), instance, encoding);
            originals.push((data, file));
        }
        if let Some(python) = python {
            let found = scans::real_files(python);
            let chosen = found.into_iter().filter(|file| real.contains(&file.name()));
            originals.extend(chosen.map(|file| (Data::new(), file.path)));
        }
        for (data, file) in &originals {
            data.seal(std::slice::from_ref(file));
        }
        Self(originals)
    }
}

/// A check list: what did not stay authentic.
#[derive(Default)]
struct Tally {
    authentic: usize,
    otherwise_changed: usize,
    alarms: Vec<String>,
}

impl Tally {
    fn check(&mut self, data: &Data, original: &Path, tool: &str, recoded: &Path) {
        let verdict = data.verify_patiently(recoded);
        if verdict.is_authentic() {
            self.authentic += 1;
        } else if is_otherwise_changed(original, tool, &verdict) {
            self.otherwise_changed += 1;
        } else {
            let (name, document) = (
                original.file_name().unwrap_or_default().display(),
                &verdict.document,
            );
            let (reason, changed) = (&document["reason"], &document["changed"]);
            self.alarms
                .push(format!("{name} by {tool}: {} {reason} {changed}", verdict.name()));
        }
    }

    fn assert_none(&self, at_least: usize) {
        assert!(
            self.alarms.is_empty(),
            "{} false alarms:\n{}",
            self.alarms.len(),
            self.alarms.join("\n")
        );
        assert!(
            self.authentic >= at_least,
            "only {} files were re-encoded",
            self.authentic
        );
        println!(
            "{} re-encoded files are authentic, {} were changed otherwise",
            self.authentic, self.otherwise_changed
        );
    }
}

/// True when the verdict names the one attribute that this tool changes in this file, and no pixels.
fn is_otherwise_changed(original: &Path, tool: &str, verdict: &Verdict) -> bool {
    let name = original.file_stem().and_then(|name| name.to_str()).unwrap();
    let known = OTHERWISE_CHANGED
        .iter()
        .find(|(file, by, _)| *file == name && tool.starts_with(by));
    let named = verdict.changed_tags();
    let no_regions = verdict.document["regions"].as_array().is_none_or(Vec::is_empty);
    known.is_some_and(|(_, _, tag)| no_regions && named == [*tag])
}

/// Runs each tool on each original. Tools refuse kinds of pixels that they do not know; that is no alarm, but every
/// tool must take the drawn scans.
fn recode_all(originals: &Originals, tools: &[(PathBuf, &str)]) -> Tally {
    let mut tally = Tally::default();
    for (program, options) in tools {
        let tool = format!("{} {options}", program.file_name().unwrap_or_default().display());
        let tool = tool.trim();
        for (data, original) in &originals.0 {
            let name = original.file_stem().and_then(|name| name.to_str()).unwrap();
            if NOT_LOSSLESS.contains(&(name, tool)) {
                continue;
            }
            let recoded = data.files().join("recoded.dcm");
            let _ = std::fs::remove_file(&recoded);
            let words = options.split_whitespace().map(PathBuf::from);
            let output = peer::run(program, words.chain([original.clone(), recoded.clone()]));
            if output.status.success() && recoded.exists() {
                tally.check(data, original, tool, &recoded);
            } else if original.starts_with(data.files()) && !tool.starts_with("gdcmconv") {
                peer::went_well(&output);
                panic!("{tool} does not take {}", original.display());
            }
        }
    }
    tally
}

#[test]
fn dcmtk_re_encodes() {
    let Some(dcmconv) = peer::or_skip(Peer::Dcmtk, "dcmconv") else {
        return;
    };
    let beside = |program: &str| dcmconv.with_file_name(program);
    let tools = [
        (dcmconv.clone(), "+ti"),
        (dcmconv.clone(), "+te"),
        (dcmconv.clone(), "+tb"),
        (dcmconv.clone(), "+td"),
        (dcmconv.clone(), "+te +e -g"),
        (dcmconv.clone(), "+te -e +g"),
        (beside("dcmcrle"), ""),
        (beside("dcmcjpls"), "+el"),
        (beside("dcmcjpeg"), "+e1"),
        (beside("dcmcjpeg"), "+el"),
    ];
    let python = Peer::Python.find("python3");
    recode_all(&Originals::sealed(python.as_deref(), &REAL_NATIVE), &tools).assert_none(30);
}

#[test]
fn gdcm_re_encodes() {
    let Some(gdcmconv) = peer::or_skip(Peer::Gdcm, "gdcmconv") else {
        return;
    };
    let tools = ["-X", "-M", "-d", "-J", "-K", "-L", "-R"].map(|options| (gdcmconv.clone(), options));
    let python = Peer::Python.find("python3");
    recode_all(&Originals::sealed(python.as_deref(), &REAL_NATIVE), &tools).assert_none(14);
}

#[test]
fn pydicom_re_encodes() {
    let Some(python) = peer::python_or_skip() else {
        return;
    };
    recode_with_pydicom(&python, &REAL_NATIVE, 20);
}

#[test]
fn pydicom_decodes_what_came_compressed() {
    let Some(python) = peer::python_or_skip() else {
        return;
    };
    recode_with_pydicom(&python, &REAL_COMPRESSED, 8);
}

fn recode_with_pydicom(python: &Path, real: &[&str], at_least: usize) {
    let originals = Originals::sealed(Some(python), real);
    let folder = tempfile::tempdir().unwrap();
    let files = originals.0.iter().map(|(_, file)| file.clone());
    let mut tally = Tally::default();
    for line in peer::script(
        python,
        "compress.py",
        [folder.path().to_owned()].into_iter().chain(files),
    ) {
        let text = |name: &str| line[name].as_str().unwrap();
        let (data, source) = originals
            .0
            .iter()
            .find(|(_, file)| file == Path::new(text("source")))
            .unwrap();
        tally.check(
            data,
            source,
            &format!("pydicom {}", text("coding")),
            Path::new(text("file")),
        );
    }
    tally.assert_none(at_least);
}

#[test]
fn dcmtk_decodes_what_came_compressed() {
    let Some(dcmconv) = peer::or_skip(Peer::Dcmtk, "dcmconv") else {
        return;
    };
    let data = Data::new();
    let (folder, mut tally) = (data.files(), Tally::default());
    let original = scans::write(
        &folder,
        "native",
        &scans::study(42, Modality::Ct, 1)[0],
        Encoding::ExplicitLe,
    );
    for (encoder, decoder) in [
        ("dcmcrle", "dcmdrle"),
        ("dcmcjpls", "dcmdjpls"),
        ("dcmcjpeg", "dcmdjpeg"),
    ] {
        let data = Data::new();
        let [coded, decoded] = ["coded", "decoded"].map(|name| folder.join(format!("{name}.dcm")));
        assert!(peer::went_well(&peer::run(
            &dcmconv.with_file_name(encoder),
            [&original, &coded]
        )));
        data.seal(std::slice::from_ref(&coded));
        assert!(peer::went_well(&peer::run(
            &dcmconv.with_file_name(decoder),
            [&coded, &decoded]
        )));
        tally.check(&data, &coded, decoder, &decoded);
        tally.check(&data, &coded, "nobody", &coded);
    }
    tally.assert_none(6);
}

#[test]
fn a_bit_flipped_before_lossless_compression_is_found() {
    let Some(dcmcrle) = peer::or_skip(Peer::Dcmtk, "dcmcrle") else {
        return;
    };
    let data = Data::new();
    let mut instance = scans::study(43, Modality::Mr, 1).remove(0);
    data.seal(&[scans::write(
        &data.files(),
        "original",
        &instance,
        Encoding::ExplicitLe,
    )]);
    instance.data_set.bytes_mut(0x7fe0_0010).unwrap()[(100 * 160 + 70) * 2] ^= 1;
    let forged = scans::write(&data.files(), "forged", &instance, Encoding::ExplicitLe);
    for encoder in ["dcmcrle", "dcmcjpls", "dcmcjpeg"] {
        let coded = data.files().join(format!("{encoder}.dcm"));
        assert!(peer::went_well(&peer::run(
            &dcmcrle.with_file_name(encoder),
            [&forged, &coded]
        )));
        let verdict = data.verify(&coded);
        assert_eq!(verdict.name(), "pixels-altered", "{encoder}: {verdict:?}");
        assert!(verdict.points_at(1, 70, 100), "{encoder}: {verdict:?}");
    }
}

#[test]
fn a_lossy_copy_is_never_authentic() {
    let Some(dcmcjpeg) = peer::or_skip(Peer::Dcmtk, "dcmcjpeg") else {
        return;
    };
    let data = Data::new();
    let instance = &scans::study(44, Modality::Mr, 1)[0];
    let original = scans::write(&data.files(), "original", instance, Encoding::ExplicitLe);
    data.seal(std::slice::from_ref(&original));
    for (encoder, options) in [
        ("dcmcjpeg", ["+ee", "+q", "80", "+un"].as_slice()),
        ("dcmcjpls", &["+en", "+un"]),
    ] {
        let coded = data.files().join(format!("{encoder}.dcm"));
        let words = options
            .iter()
            .map(PathBuf::from)
            .chain([original.clone(), coded.clone()]);
        assert!(peer::went_well(&peer::run(
            &dcmcjpeg.with_file_name(encoder),
            words
        )));
        let verdict = data.verify(&coded);
        assert!(
            !verdict.name().starts_with("authentic") && verdict.exit != Some(0),
            "{encoder}: {verdict:?}"
        );
    }
}

#[test]
fn one_flipped_bit_in_real_scans_is_found() {
    let Some(python) = peer::python_or_skip() else {
        return;
    };
    let data = Data::new();
    let takes = [
        "CT_small",
        "MR_small",
        "examples_rgb_color",
        "examples_palette",
        "examples_overlay",
        "rtdose",
    ];
    let files = scans::real_files(&python);
    for file in files.iter().filter(|file| takes.contains(&file.name())) {
        data.seal(std::slice::from_ref(&file.path));
        for seed in ["1", "2", "3"] {
            let forged = data.files().join(format!("{}-{seed}.dcm", file.name()));
            let place =
                peer::script(&python, "flip.py", [&file.path, &forged, &PathBuf::from(seed)]).remove(0);
            let at = |name: &str| place[name].as_u64().unwrap();
            let verdict = data.verify(&forged);
            assert_eq!(
                verdict.name(),
                "pixels-altered",
                "{} {place}: {verdict:?}",
                file.name()
            );
            assert!(
                verdict.points_at(at("frame"), at("x"), at("y")),
                "{} {place}: {verdict:?}",
                file.name()
            );
        }
    }
}
