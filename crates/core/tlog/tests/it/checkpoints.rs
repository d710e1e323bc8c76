//! Checkpoints, with the specification's example and `tlog_tiles`.

use proptest::prelude::*;
use tlog::{Checkpoint, Error, Signer};

/// The example of c2sp.org/tlog-checkpoint; its key is not published.
const BODY: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const ORIGIN: &str = "log.example/scans";

fn signer() -> Signer {
    Signer::new(ORIGIN, [7; 32]).unwrap()
}

#[test]
fn the_example_of_the_specification_is_read() {
    let checkpoint = Checkpoint::parse(BODY).unwrap();
    assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
    assert_eq!(checkpoint.size, 20_852_163);
    assert_eq!(checkpoint.body().unwrap(), BODY);
}

#[test]
fn malformed_checkpoints_are_refused() {
    for body in [
        String::new(),
        "\n".to_owned(),
        "\n\n\n".to_owned(),
        "o\n1\n".to_owned(),
        format!("\n1\n{ROOT}\n"),
        format!("o\n\n{ROOT}\n"),
        format!("o\n01\n{ROOT}\n"),
        format!("o\n+1\n{ROOT}\n"),
        format!("o\n-1\n{ROOT}\n"),
        format!("o\n 1\n{ROOT}\n"),
        format!("o\n1 \n{ROOT}\n"),
        format!("o\n0x1\n{ROOT}\n"),
        format!("o\n18446744073709551616\n{ROOT}\n"),
        format!("o\n1\n{ROOT}"),
        format!("o\n1\n{ROOT}\n\n"),
        format!("o\n1\n{ROOT}\n\next\n"),
        format!("o\r\n1\r\n{ROOT}\r\n"),
        format!("o\n1\n{}\n", ROOT.replace('=', "")),
        format!("o\n1\n{}\n", ROOT.replace("2I=", "2J=")),
        format!("o\n1\n{}\n", ROOT.replace('/', "_")),
        format!("o\n1\nAAAA{ROOT}\n"),
        "o\n1\nAAAA\n".to_owned(),
        format!("o\t\n1\n{ROOT}\n"),
        format!("o\n1\n{ROOT}\nex\0t\n"),
    ] {
        assert_eq!(Checkpoint::parse(&body), Err(Error::Checkpoint), "{body:?}");
    }
}

#[test]
fn a_checkpoint_cannot_smuggle_lines() {
    for origin in ["", "a\nb", "a\0"] {
        assert_eq!(
            Checkpoint::new(origin, 1, [0; 32]).signed(&signer()),
            Err(Error::Checkpoint),
            "{origin:?}"
        );
    }
    for extension in ["", "a\nb", "\n"] {
        let mut checkpoint = Checkpoint::new(ORIGIN, 1, [0; 32]);
        checkpoint.extensions = vec![extension.to_owned()];
        assert_eq!(checkpoint.body(), Err(Error::Checkpoint), "{extension:?}");
    }
}

#[test]
fn only_the_log_we_know_is_opened() {
    let checkpoint = Checkpoint::new(ORIGIN, 5, [3; 32]);
    let note = checkpoint.signed(&signer()).unwrap();
    assert_eq!(
        Checkpoint::open(&note, &signer().verifier(), ORIGIN),
        Ok(checkpoint)
    );
    let other_origin = Checkpoint::open(&note, &signer().verifier(), "log.example/other");
    assert_eq!(other_origin, Err(Error::Origin("log.example/other".to_owned())));
    let other_key = Signer::new(ORIGIN, [8; 32]).unwrap().verifier();
    assert!(matches!(
        Checkpoint::open(&note, &other_key, ORIGIN),
        Err(Error::Unsigned(_))
    ));
    let no_checkpoint = signer().sign("a note\n").unwrap();
    assert_eq!(
        Checkpoint::open(&no_checkpoint, &signer().verifier(), ORIGIN),
        Err(Error::Checkpoint)
    );
}

fn any_checkpoint() -> impl Strategy<Value = Checkpoint> {
    (
        "[ -~é]{1,30}",
        any::<u64>(),
        any::<[u8; 32]>(),
        prop::collection::vec("[ -~é]{1,30}", 0..3),
    )
        .prop_map(|(origin, size, root, extensions)| Checkpoint {
            origin,
            size,
            root,
            extensions,
        })
}

proptest! {
    #[test]
    fn a_checkpoint_is_read_as_it_was_written(checkpoint in any_checkpoint()) {
        let signer = signer();
        prop_assert_eq!(&Checkpoint::parse(&checkpoint.body().unwrap()).unwrap(), &checkpoint);
        let note = checkpoint.signed(&signer).unwrap();
        prop_assert_eq!(&Checkpoint::open(&note, &signer.verifier(), &checkpoint.origin).unwrap(), &checkpoint);
    }

    #[test]
    fn tlog_tiles_and_we_read_each_others(checkpoint in any_checkpoint()) {
        let body = checkpoint.body().unwrap();
        let theirs = tlog_tiles::Checkpoint::from_bytes(body.as_bytes()).unwrap();
        prop_assert_eq!(theirs.origin(), &checkpoint.origin);
        prop_assert_eq!(theirs.size(), checkpoint.size);
        prop_assert_eq!(theirs.hash().0, checkpoint.root);
        prop_assert_eq!(theirs.to_bytes(), body.as_bytes());
        let extension: String = checkpoint.extensions.iter().flat_map(|line| [line, "\n"]).collect();
        let root = tlog_tiles::Hash(checkpoint.root);
        let made = tlog_tiles::Checkpoint::new(&checkpoint.origin, checkpoint.size, root, &extension).unwrap();
        prop_assert_eq!(made.to_bytes(), body.into_bytes());
    }

    #[test]
    fn a_garbled_checkpoint_is_read_as_tlog_tiles_does(at: prop::sample::Index, cut in 0_usize..3, with in "[ -~\n]{0,2}") {
        let mut body = BODY.to_owned();
        let at = at.index(body.len());
        body.replace_range(at..(at + cut).min(body.len()), &with);
        prop_assert_eq!(Checkpoint::parse(&body).is_ok(), tlog_tiles::Checkpoint::from_bytes(body.as_bytes()).is_ok());
    }

    #[test]
    fn no_text_makes_reading_panic(body in "\\PC*", lines in "([a-zA-Z0-9+/=]{0,44}\n){0,6}") {
        let _ = Checkpoint::parse(&body);
        if let Ok(checkpoint) = Checkpoint::parse(&lines) {
            prop_assert_eq!(checkpoint.body().unwrap(), lines);
        }
    }
}
