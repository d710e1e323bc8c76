//! Copies written anew hold the same scan: held against pydicom's and DCMTK's reading of the originals.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "in a test they are the failure, or the word why it is skipped"
)]

use super::{Content, Target, TranscodeError, to_uncompressed};
use decode::Decoder;
use dicom::part10::FileMeta;
use model::Timestamp;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::peers::Peer;
use testkit::{DataSet, Encoding, Length, Modality, Object, Patient, Study, Vr};

/// The example `decode_child`, which `cargo test` builds beside this program.
fn decoder() -> Decoder {
    let program = std::env::current_exe().unwrap();
    let child = program.ancestors().nth(2).unwrap().join("examples/decode_child");
    assert!(
        child.exists(),
        "run cargo test without --lib, or cargo build --examples first"
    );
    Decoder::new(child)
}

async fn transcode(file: Vec<u8>, target: Target) -> Result<Vec<u8>, TranscodeError> {
    let decoder = decoder();
    let done =
        tokio::task::spawn_blocking(move || to_uncompressed(&Content::Memory(file.into()), target, &decoder))
            .await
            .unwrap()?;
    let mut bytes = Vec::new();
    done.content.reader(0).read_to_end(&mut bytes).unwrap();
    let meta = FileMeta::read(&bytes, true).unwrap().unwrap();
    assert_eq!(meta.data_set_at as u64, done.head);
    assert_eq!(meta.transfer_syntax.uid.as_str(), target.uid());
    Ok(bytes)
}

fn phantom(modality: Modality) -> testkit::Instance {
    let study = Study {
        slices: 1,
        matrix: 128,
        ..Study::new(
            5,
            Patient::number(5),
            modality,
            Timestamp::from_millis(1_700_000_000_000),
        )
    };
    let mut instance = study.instances().next().unwrap();
    let mut item = DataSet::new();
    item.text(0x0008_0100, Vr::SH, "113100").us(0x0028_0106, &[7]);
    let mut outer = DataSet::new();
    outer.sequence(0x0040_A730, vec![item, DataSet::new()], Length::Undefined);
    instance
        .data_set
        .sequence(0x0040_0555, vec![outer], Length::Defined)
        .ss(0x0028_0120, &[-2000]);
    instance
}

#[tokio::test]
async fn native_encodings_turn_into_one_another_byte_by_byte() {
    for modality in [Modality::Ct, Modality::Mr] {
        let instance = phantom(modality);
        let all = [Encoding::ExplicitLe, Encoding::ImplicitLe, Encoding::ExplicitBe]
            .map(|encoding| instance.object(encoding).part10());
        for (target, number) in [(Target::ExplicitLe, 0), (Target::ImplicitLe, 1)] {
            let mut results = Vec::new();
            for file in &all {
                results.push(transcode(file.clone(), target).await.unwrap());
            }
            // Whatever it came from, and where it was that encoding already.
            assert!(results[0] == results[2], "{modality:?} {target:?}");
            let again = transcode(results[1].clone(), target).await.unwrap();
            assert!(again == results[1]);
            // A reader that is not ours finds in the phantom as it was written there what it finds here.
            let (ours, theirs) = (&results[number], &all[number]);
            assert!(
                ours.ends_with(&theirs[theirs.len() - 2 * 128 * 128..]),
                "the pixels"
            );
        }
    }
}

#[tokio::test]
async fn what_is_no_dicom_file_is_said_to_be_none() {
    let object = phantom(Modality::Ct).object(Encoding::ExplicitLe);
    let whole = object.part10();
    let opaque = Object {
        transfer_syntax: model::Uid::new("1.2.840.10008.1.2.4.100").unwrap(),
        ..object
    };
    for file in [
        Vec::new(),
        vec![0; 4096],
        whole[..whole.len() - 7].to_vec(),
        opaque.part10(),
    ] {
        assert!(transcode(file, Target::ExplicitLe).await.is_err());
    }
}

/// Compares two files as pydicom reads them; prints why it cannot, or how far the samples lie apart.
const COMPARE: &str = r#"
import sys, warnings
warnings.simplefilter("ignore")
import numpy, pydicom
from pydicom.pixels import pixel_array
LOSSY = {"1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.53", "1.2.840.10008.1.2.4.55",
         "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.81"}
def skipped(tag, compressed):
    return tag.element == 0 or tag == 0xFFFCFFFC or (compressed and
        (tag in (0x00280004, 0x00280006, 0x00880200) or tag.group == 0x7FE0))
def same(a, b, compressed, path=""):
    ours = {e.tag for e in b if not skipped(e.tag, compressed)}
    theirs = {e.tag for e in a if not skipped(e.tag, compressed)}
    assert ours == theirs, (path, ours ^ theirs)
    for tag in theirs:
        x, y = a[tag], b[tag]
        if x.VR == "SQ" and y.VR == "SQ":
            assert len(x.value) == len(y.value), (path, tag)
            for n, (i, j) in enumerate(zip(x.value, y.value)):
                same(i, j, compressed, f"{path}{tag}[{n}]")
        elif "UN" in (x.VR, y.VR) or x.VR != y.VR:
            pass  # a private VR is lost in Implicit VR
        elif tag.group != 0x7FE0:
            assert x.value == y.value or str(x.value) == str(y.value) or (x.value in (None, b"") and y.value in (None, b"")), (path, tag)
for line in sys.stdin:
    original, ours = line.rstrip("\n").split("\t")
    try:
        a = pydicom.dcmread(original, force=True)
        compressed = a.file_meta.TransferSyntaxUID.is_encapsulated
    except Exception as error:
        print("unread", original, flush=True)
        continue
    b = pydicom.dcmread(ours)
    try:
        same(a, b, compressed)
    except AssertionError as error:
        print("different", original, ascii(str(error)), flush=True)
        continue
    try:
        x = pixel_array(a)
    except Exception:
        print("undecoded", original, flush=True)
        continue
    y = pixel_array(b)
    if x.shape != y.shape:
        print("different", original, "shape", x.shape, y.shape, flush=True)
        continue
    apart = int(numpy.abs(x.astype("int64") - y.astype("int64")).max())
    lossy = a.file_meta.TransferSyntaxUID in LOSSY
    print("same" if apart <= (3 if lossy else 0) else "different", original, apart, a.file_meta.TransferSyntaxUID, flush=True)
"#;

fn compared(python: &Path, pairs: &[(PathBuf, PathBuf)]) -> Vec<String> {
    use std::io::Write as _;
    let mut child = Command::new(python)
        .args(["-c", COMPARE])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = pairs
        .iter()
        .map(|(a, b)| format!("{}\t{}\n", a.display(), b.display()))
        .collect();
    let mut stdin = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn or_skip(peer: Peer, program: &str) -> Option<PathBuf> {
    let found = peer.find(program);
    assert!(
        found.is_some() || !peer.is_required(),
        "{} is required",
        peer.name()
    );
    if found.is_none() {
        println!("skipped: needs {} ({program})", peer.name());
    }
    found
}

#[tokio::test]
async fn real_files_hold_the_same_scan_by_pydicom() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/dicom/files");
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: no real files are here");
        return;
    };
    let Some(python) = or_skip(Peer::Python, "python3") else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let (mut pairs, mut refused) = (Vec::new(), Vec::new());
    for path in files.map(|entry| entry.unwrap().path()) {
        let bytes = std::fs::read(&path).unwrap();
        // Large ones cost time and show nothing else.
        if bytes.len() > 4 << 20 {
            continue;
        }
        let Ok(Some(meta)) = FileMeta::read(&bytes, true) else {
            continue;
        };
        if meta.sop_class_uid.is_none() {
            continue;
        }
        for target in [Target::ExplicitLe, Target::ImplicitLe] {
            match transcode(bytes.clone(), target).await {
                Ok(file) => {
                    let to = out.path().join(format!("{}", pairs.len()));
                    std::fs::write(&to, file).unwrap();
                    pairs.push((path.clone(), to));
                }
                Err(why) => refused.push(format!("{} {why}", path.display())),
            }
        }
    }
    let lines = compared(&python, &pairs);
    let count = |word: &str| lines.iter().filter(|line| line.starts_with(word)).count();
    println!(
        "{} same, {} undecoded there, {} unread there, {} refused here",
        count("same "),
        count("undecoded "),
        count("unread "),
        refused.len()
    );
    for line in &refused {
        println!("refused: {line}");
    }
    let different: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("different "))
        .collect();
    assert_eq!(lines.len(), pairs.len());
    assert!(different.is_empty(), "{} differ: {different:#?}", different.len());
    assert!(count("same ") > 100);
}

#[tokio::test]
async fn what_dcmtk_compressed_is_what_dcmtk_decompresses() {
    let programs = [
        "dcmcjpeg", "dcmdjpeg", "dcmcrle", "dcmdrle", "dcmcjpls", "dcmdjpls",
    ];
    let Some(found) = programs
        .iter()
        .map(|program| or_skip(Peer::Dcmtk, program))
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let run = |program: &Path, options: &[&str], from: &Path, to: &Path| {
        let output = Command::new(program)
            .args(options)
            .arg(from)
            .arg(to)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let pixels = |file: &[u8]| {
        let at = file
            .windows(6)
            .rposition(|w| w == [0xE0, 0x7F, 0x10, 0, b'O', b'B'] || w == [0xE0, 0x7F, 0x10, 0, b'O', b'W']);
        file[at.unwrap() + 12..].to_vec()
    };
    let grey = phantom(Modality::Ct);
    let mut colour = phantom(Modality::Ct);
    colour
        .data_set
        .text(0x0028_0004, Vr::CS, "RGB")
        .us(0x0028_0002, &[3])
        .us(0x0028_0006, &[0])
        .us(0x0028_0100, &[8])
        .us(0x0028_0101, &[8])
        .us(0x0028_0102, &[7])
        .us(0x0028_0103, &[0])
        .pixels(
            (0..128_u32 * 128)
                .flat_map(|n| [(n % 128 * 2) as u8, (n / 128 * 2) as u8, 90])
                .collect(),
        );
    let rle: (&[&str], usize, usize) = (&[], 2, 3);
    for (name, instance, (options, coder, decoder)) in [
        ("grey", &grey, rle),
        ("grey", &grey, (&["+e1"], 0, 1)),
        ("grey", &grey, (&[], 4, 5)),
        ("colour", &colour, rle),
        ("colour", &colour, (&["+e1"], 0, 1)),
        ("colour", &colour, (&["+eb", "+cy"], 0, 1)),
        ("colour", &colour, (&["+eb", "+cy", "+s2"], 0, 1)),
        ("colour", &colour, (&["+eb", "+cr"], 0, 1)),
    ] {
        let [plain, coded, theirs] = ["plain", "coded", "theirs"].map(|name| dir.path().join(name));
        std::fs::write(&plain, instance.object(Encoding::ExplicitLe).part10()).unwrap();
        run(&found[coder], options, &plain, &coded);
        run(&found[decoder], &[], &coded, &theirs);
        let ours = transcode(std::fs::read(&coded).unwrap(), Target::ExplicitLe)
            .await
            .unwrap();
        let (ours, theirs) = (pixels(&ours), pixels(&std::fs::read(&theirs).unwrap()));
        let apart = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b)).max();
        assert_eq!(ours.len(), theirs.len());
        // Two decoders of one lossy codestream may round apart, and widen chrominance by different filters.
        let most = if options.contains(&"+s2") {
            12
        } else if options.contains(&"+eb") {
            2
        } else {
            0
        };
        assert!(apart.unwrap() <= most, "{name} {options:?}: {apart:?}");
    }
}
