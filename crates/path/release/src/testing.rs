//! For tests of doors. What ships is built without this.

use consent::{
    Decision, Facility, Permit, Person, Policies, Recipient, Records, Request, Scan, Standing, decide,
};
use model::{Purpose, RecipientId, Timestamp};

/// A permit as the rules give it: for treatment, within the house, for a scan whose seal does not hold, so that it has a
/// banner. None where the rules say otherwise.
pub fn permit() -> Option<Permit> {
    let recipient = Recipient {
        id: RecipientId::new("reading-room").ok()?,
        name: "Reading room".to_owned(),
        address: None,
        contact: None,
        inside: true,
        destination: None,
        deletion: None,
        receipt_key: None,
        agreement: None,
    };
    let records = Records {
        recipient: Some(&recipient),
        standing: Standing::default(),
        directives: &[],
        person: &Person::default(),
        scan: Scan {
            identified: true,
            seal_broken: true,
            flagged: false,
        },
        break_glass: None,
        facility: &Facility::default(),
        now: Timestamp::from_millis(1_700_000_000_000),
    };
    let request = Request {
        purpose: Purpose::Treat,
        retention_days: None,
    };
    match decide(&Policies::new("").ok()?, &request, &records) {
        Decision::Permit(permit) => Some(permit),
        Decision::Deny(_) => None,
    }
}
