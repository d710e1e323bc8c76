//! What an officer writes of a recipient.

use crate::world::acme;
use consent::{Destination, InvalidRecipient, Recipient};
use model::Purpose;

const TOML: &str = r#"
id = "acme-chest-ai"
name = "Acme Chest AI"
address = "1 Example Street, Dublin"
contact = "privacy@acme.example"
deletion = "https://acme.example"
receipt_key = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"

[destination]
by = "dicom"
host = "dicom.acme.example"
port = 11112
ae_title = "ACME"

[agreement]
kind = "dua"
signed_on = "2026-01-01"
expires = "2026-12-31"
purposes = ["AIANALYSIS", "TREAT"]
retention_days = 0
storage_place = "Ireland"
profile = "vendor"
"#;

#[test]
fn toml_and_json_hold_the_same() {
    let recipient: Recipient = toml::from_str(TOML).unwrap();
    assert_eq!(recipient.check(), Ok(()));
    let json = serde_json::to_string(&recipient).unwrap();
    assert_eq!(serde_json::from_str::<Recipient>(&json).unwrap(), recipient);
    let again = toml::to_string(&recipient).unwrap();
    assert_eq!(toml::from_str::<Recipient>(&again).unwrap(), recipient);
    for word in ["retention_day = 3", "purpose = \"TREAT\""] {
        assert!(
            toml::from_str::<Recipient>(&format!("{TOML}{word}\n")).is_err(),
            "{word}"
        );
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let check = |change: fn(&mut Recipient)| {
        let mut recipient = acme();
        change(&mut recipient);
        recipient.check()
    };
    assert_eq!(check(|_| {}), Ok(()));
    assert_eq!(check(|r| r.agreement = None), Ok(()));
    assert_eq!(
        check(|r| r.name = "  ".to_owned()),
        Err(InvalidRecipient::Empty("name"))
    );
    assert_eq!(
        check(|r| r.destination = Some(Destination::Stow {
            url: String::new(),
            token_file: None
        })),
        Err(InvalidRecipient::Empty("destination.url"))
    );
    assert_eq!(
        check(|r| r.receipt_key = Some("abc".to_owned())),
        Err(InvalidRecipient::ReceiptKey)
    );
    assert_eq!(
        check(|r| r.receipt_key = Some("g".repeat(64))),
        Err(InvalidRecipient::ReceiptKey)
    );
    let agreed = |change: fn(&mut consent::Agreement)| {
        let mut recipient = acme();
        change(recipient.agreement.as_mut().unwrap());
        recipient.check()
    };
    assert_eq!(agreed(|a| a.purposes.clear()), Err(InvalidRecipient::NoPurpose));
    assert_eq!(agreed(|a| a.may_train = false), Err(InvalidRecipient::Training));
    assert_eq!(
        agreed(|a| a.profile = "My Profile".to_owned()),
        Err(InvalidRecipient::Profile)
    );
    assert_eq!(
        agreed(|a| a.storage_place.clear()),
        Err(InvalidRecipient::Empty("agreement.storage_place"))
    );
    assert_eq!(
        agreed(|a| a.expires = Some("2025-12-31".parse().unwrap())),
        Err(InvalidRecipient::NeverHolds)
    );
}

#[test]
fn only_those_who_keep_what_they_get_have_no_end_and_no_profile() {
    for purpose in Purpose::ALL {
        let secondary = [
            Purpose::Hoperat,
            Purpose::AiAnalysis,
            Purpose::AiTrain,
            Purpose::Hresch,
        ]
        .contains(&purpose);
        let mut recipient = acme();
        let agreement = recipient.agreement.as_mut().unwrap();
        agreement.purposes = vec![purpose];
        agreement.retention_days = None;
        let expected = if secondary {
            Err(InvalidRecipient::NoEnd(purpose))
        } else {
            Ok(())
        };
        assert_eq!(recipient.check(), expected);

        let agreement = recipient.agreement.as_mut().unwrap();
        agreement.retention_days = Some(30);
        agreement.profile = "original".to_owned();
        let expected = if secondary {
            Err(InvalidRecipient::Identified(purpose))
        } else {
            Ok(())
        };
        assert_eq!(recipient.check(), expected);
    }
}
