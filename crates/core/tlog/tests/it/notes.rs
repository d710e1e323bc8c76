//! Signed notes, with the specification's example and the `signed_note` crate.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use proptest::prelude::*;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};
use tlog::note::open;
use tlog::{Error, Signer, Verifier};

/// The example of c2sp.org/signed-note.
const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn signer() -> Signer {
    Signer::new("log.example/scans", [7; 32]).unwrap()
}

fn theirs_verify(note: &str, vkey: &str) -> bool {
    let known = VerifierList::new(vec![Box::new(StandardVerifier::new(vkey).unwrap())]);
    Note::from_bytes(note.as_bytes()).is_ok_and(|note| note.verify(&known).is_ok())
}

/// The same key in their format: the id is that of the public key.
fn their_signer(vkey: &str, seed: [u8; 32]) -> StandardSigner {
    let (name, rest) = vkey.split_once('+').unwrap();
    let id = &rest[..8];
    let key = BASE64_STANDARD.encode([&[1][..], &seed].concat());
    StandardSigner::new(&format!("PRIVATE+KEY+{name}+{id}+{key}")).unwrap()
}

#[test]
fn the_example_of_the_specification_opens() {
    let verifier = Verifier::from_vkey(VKEY).unwrap();
    assert_eq!(verifier.vkey(), VKEY);
    assert_eq!(verifier.name(), "example.com/foo");
    assert_eq!(open(NOTE, &verifier), Ok("This is an example message.\n"));
}

#[test]
fn the_examples_of_the_go_packages_open() {
    // golang.org/x/mod/sumdb/note, and the key of the Go checksum database.
    let peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let note = format!(
        "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    );
    assert_eq!(open(&note, &Verifier::from_vkey(peter).unwrap()), Ok(text));
    let go = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
    assert_eq!(Verifier::from_vkey(go).unwrap().vkey(), go);
}

#[test]
fn names_that_could_forge_lines_are_refused() {
    for name in [
        "",
        " ",
        "a b",
        "a+b",
        "a\nb",
        "\n",
        "a\u{2028}b",
        "a\u{a0}b",
        "a\tb",
        "a\u{1}b",
        "a\rb",
        "\u{85}",
    ] {
        assert_eq!(Signer::new(name, [1; 32]).err(), Some(Error::KeyName), "{name:?}");
    }
    assert!(Signer::new("é.example/\u{2014}", [1; 32]).is_ok());
}

#[test]
fn texts_that_are_no_note_are_not_signed() {
    for text in ["", "no newline", "tab\t\n", "return\r\n", "nul\0\n"] {
        assert_eq!(signer().sign(text), Err(Error::NoteText), "{text:?}");
    }
}

#[test]
fn a_text_may_look_like_a_note() {
    let signer = signer();
    let inner = signer.sign("inner\n").unwrap();
    let outer = signer.sign(&inner).unwrap();
    assert_eq!(open(&outer, &signer.verifier()), Ok(inner.as_str()));
    let blank = signer.sign("\n").unwrap();
    assert_eq!(open(&blank, &signer.verifier()), Ok("\n"));
    let blanks = signer.sign("\n\n\n").unwrap();
    assert_eq!(open(&blanks, &signer.verifier()), Ok("\n\n\n"));
}

#[test]
fn malformed_notes_are_refused() {
    let signer = signer();
    let note = signer.sign("text\n").unwrap();
    let (text, line) = note.split_once("\n\n").unwrap();
    let line = line.trim_end();
    for malformed in [
        String::new(),
        "\n\n".to_owned(),
        "text\n".to_owned(),
        "text\n\n".to_owned(),
        "text\n\n\n".to_owned(),
        format!("{text}\n{line}\n"),
        format!("{text}\n\n{line}"),
        format!("{text}\n\n{line}\n\n"),
        format!("{text}\n\n{line}\r\n"),
        format!("{text}\n\n {line}\n"),
        format!("{text}\n\n{line} \n"),
        format!("{text}\n\n{}\n", line.replace('\u{2014}', "-")),
        format!("{text}\n\n{}\n", line.replace('=', "")),
        format!("{text}\n\n{}\n", line.replacen(' ', "", 1)),
        format!("{text}\n\n{line}\n\u{2014} other AAAA\n"),
        format!("{text}\n\n{line}\n\u{2014} other AAAAAA==\n"),
        format!("{text}\n\n{line}\n\u{2014} other name AAAAAAA=\n"),
        format!("{text}\n\n{line}\n\u{2014} other+name AAAAAAA=\n"),
        format!("{text}\n\n{line}\n\u{2014}  AAAAAAA=\n"),
        format!("{text}\n\n{line}\njunk\n"),
        format!("{text}\0\n\n{line}\n"),
    ] {
        assert_eq!(
            open(&malformed, &signer.verifier()),
            Err(Error::Note),
            "{malformed:?}"
        );
        assert!(!theirs_verify(&malformed, &signer.vkey()), "{malformed:?}");
    }
}

#[test]
fn signatures_of_others_are_passed_over() {
    let (signer, other) = (signer(), Signer::new("witness.example", [8; 32]).unwrap());
    let same_name = Signer::new(signer.name(), [9; 32]).unwrap();
    let note = signer.sign("text\n").unwrap();
    let line = |signer: &Signer| {
        signer
            .sign("text\n")
            .unwrap()
            .split_once("\n\n")
            .unwrap()
            .1
            .to_owned()
    };
    let many = format!("text\n\n{}{}{}", line(&other), line(&same_name), line(&signer));
    for signer in [&signer, &other, &same_name] {
        assert_eq!(open(&many, &signer.verifier()), Ok("text\n"));
        assert!(theirs_verify(&many, &signer.vkey()));
    }
    let unsigned = Err(Error::Unsigned("witness.example".to_owned()));
    assert_eq!(open(&note, &other.verifier()), unsigned);
    assert_eq!(
        open(&note, &same_name.verifier()),
        Err(Error::Unsigned(signer.name().to_owned()))
    );
    // Long signatures of kinds we do not know, such as those of post-quantum witnesses.
    let unknown = format!(
        "{note}\u{2014} pq.example {}\n",
        BASE64_STANDARD.encode([6; 5000])
    );
    assert_eq!(open(&unknown, &signer.verifier()), Ok("text\n"));
}

#[test]
fn each_signature_of_a_known_key_must_be_right() {
    let signer = signer();
    let note = signer.sign("text\n").unwrap();
    let (_, line) = note.split_once("\n\n").unwrap();
    let other = signer.sign("other\n").unwrap();
    let (_, wrong) = other.split_once("\n\n").unwrap();
    assert_eq!(
        open(&format!("text\n\n{line}{line}"), &signer.verifier()),
        Ok("text\n")
    );
    let refused = Err(Error::Signature(signer.name().to_owned()));
    for lines in [
        wrong.to_owned(),
        format!("{line}{wrong}"),
        format!("{wrong}{line}"),
    ] {
        assert_eq!(open(&format!("text\n\n{lines}"), &signer.verifier()), refused);
    }
}

#[test]
fn sixteen_signatures_are_read_and_a_flood_is_not() {
    let signer = signer();
    let note = signer.sign("text\n").unwrap();
    let line = "\u{2014} other AAAAAAA=\n";
    assert!(open(&format!("{note}{}", line.repeat(15)), &signer.verifier()).is_ok());
    assert!(open(&format!("{note}{}", line.repeat(63)), &signer.verifier()).is_ok());
    assert_eq!(
        open(&format!("{note}{}", line.repeat(64)), &signer.verifier()),
        Err(Error::Note)
    );
}

#[test]
fn verifier_keys_are_read_strictly() {
    let (name_id, key) = VKEY.rsplit_once('+').unwrap();
    let bytes = BASE64_STANDARD.decode(key).unwrap();
    let with = |bytes: &[u8]| format!("{name_id}+{}", BASE64_STANDARD.encode(bytes));
    let mut ecdsa = bytes.clone();
    ecdsa[0] = 2;
    for vkey in [
        "",
        "+",
        "++",
        "example.com/foo",
        "example.com/foo+530d903a",
        "example.com/foo+530d903a+",
        &VKEY.replace("530d903a", "530D903A"),
        &VKEY.replace("530d903a", "530d903b"),
        &VKEY.replace("530d903a", "0530d903a"),
        &VKEY.replace("foo", "bar"),
        &VKEY.replace("foo", "f o"),
        &format!("{VKEY}\n"),
        &format!("{VKEY}="),
        &format!(" {VKEY}"),
        &with(&bytes[..32]),
        &with(&[&bytes[..], &[0]].concat()),
        &with(&bytes[1..]),
        &with(&ecdsa),
    ] {
        assert_eq!(Verifier::from_vkey(vkey), Err(Error::VerifierKey), "{vkey:?}");
    }
}

#[test]
fn a_weak_key_is_refused_even_with_its_right_id() {
    // The neutral element: one signature fits every text.
    let mut key = [0; 33];
    (key[0], key[1]) = (1, 1);
    let id = signed_note::key_id("weak", &key);
    let vkey = format!("weak+{id:08x}+{}", BASE64_STANDARD.encode(key));
    assert_eq!(Verifier::from_vkey(&vkey), Err(Error::VerifierKey));
}

#[test]
fn a_signer_does_not_show_its_key() {
    let shown = format!("{:?}", signer());
    assert_eq!(shown, format!("Signer({})", signer().vkey()));
}

proptest! {
    #[test]
    fn signed_note_and_we_open_each_others(name in "[a-z.é/]{1,20}", seed: [u8; 32], text in "([ -~é\n]{0,80}\n){1,4}") {
        let signer = Signer::new(&name, seed).unwrap();
        let vkey = signer.vkey();
        let ours = signer.sign(&text).unwrap();
        prop_assert!(theirs_verify(&ours, &vkey));
        let mut note = Note::new(text.as_bytes(), &[]).unwrap();
        note.add_sigs(&[&their_signer(&vkey, seed)]).unwrap();
        let theirs = String::from_utf8(note.to_bytes()).unwrap();
        prop_assert_eq!(&theirs, &ours, "Ed25519 leaves no choice");
        prop_assert_eq!(open(&theirs, &Verifier::from_vkey(&vkey).unwrap()), Ok(text.as_str()));
    }

    #[test]
    fn we_read_a_garbled_note_as_signed_note_does(cut in 0_usize..40, at: prop::sample::Index, with in "[ -~\n\u{2014}]{0,3}") {
        let signer = signer();
        let mut note: Vec<char> = signer.sign("a\n\nb\n").unwrap().chars().collect();
        let at = at.index(note.len());
        note.splice(at..(at + cut).min(at + 2).min(note.len()), with.chars());
        let note: String = note.into_iter().collect();
        prop_assert_eq!(open(&note, &signer.verifier()).is_ok(), theirs_verify(&note, &signer.vkey()));
    }

    #[test]
    fn no_text_makes_opening_panic(note in "\\PC*", lines in "([a-z+ \n\u{2014}=/]{0,30}\n){0,8}", vkey in "[a+0-9=]{0,60}") {
        let verifier = signer().verifier();
        prop_assert!(open(&note, &verifier).is_err());
        prop_assert!(open(&lines, &verifier).is_err());
        let _ = Verifier::from_vkey(&vkey);
    }
}
