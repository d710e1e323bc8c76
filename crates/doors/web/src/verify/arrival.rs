//! How a scan came in, in plain words: a seal says "unchanged since then", and no more.

use model::{Door, Source};

/// How it came in: one sentence.
pub(crate) fn sentence(source: &Source) -> String {
    let Source {
        door,
        ae,
        authenticated,
    } = source;
    let from = ae.as_deref().map(|ae| format!(" from {ae}")).unwrap_or_default();
    let way = match door {
        Door::Dimse => format!("It came in over the hospital’s DICOM network{from}"),
        Door::Dicomweb => format!("It came in over the web{from}"),
        Door::Import => "Staff of this gateway brought it in as a file".to_owned(),
        Door::Release => {
            return "The gateway that sealed it made it from a sealed scan, to hand it out.".to_owned();
        }
    };
    let proof = match (door, authenticated) {
        (Door::Import, true) => "they had logged in, but who made the file was not proved",
        (Door::Import, false) => "who made the file was not proved",
        (_, true) => "who sent it was proved",
        (_, false) => "who sent it was not proved",
    };
    format!("{way}; {proof}.")
}

/// What a seal cannot say of a scan that came in like this.
pub(crate) fn limit(source: &Source) -> &'static str {
    match (source.door, source.authenticated) {
        (Door::Release, _) => "The seal speaks from the moment on when the copy was made.",
        (Door::Import, _) | (_, false) => {
            "The seal speaks from that moment on. Had someone brought in a fake, the seal would hold for the fake."
        }
        (_, true) => "The seal speaks from that moment on. It cannot say what happened to the scan before.",
    }
}

#[cfg(test)]
mod tests {
    use super::{limit, sentence};
    use model::{Door, Source};

    fn source(door: Door, ae: Option<&str>, authenticated: bool) -> Source {
        Source {
            door,
            ae: ae.map(str::to_owned),
            authenticated,
        }
    }

    #[test]
    fn a_name_is_no_proof() {
        let stranger = source(Door::Dimse, Some("ORTHANC"), false);
        assert_eq!(
            sentence(&stranger),
            "It came in over the hospital’s DICOM network from ORTHANC; who sent it was not proved."
        );
        assert!(limit(&stranger).contains("fake"));
    }

    #[test]
    fn only_a_proved_sender_is_called_proved() {
        for door in [Door::Dimse, Door::Dicomweb, Door::Import] {
            assert!(
                sentence(&source(door, None, false)).contains("not proved"),
                "{door}"
            );
            assert!(
                limit(&source(door, None, true)).contains("from that moment on"),
                "{door}"
            );
        }
        assert!(sentence(&source(Door::Dicomweb, None, true)).ends_with("who sent it was proved."));
    }

    #[test]
    fn a_copy_did_not_come_in() {
        let copy = sentence(&source(Door::Release, None, true));
        assert!(!copy.contains("came in") && !copy.contains("proved"), "{copy}");
    }
}
