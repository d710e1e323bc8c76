//! Which disclosures the law exempts.

use disclosure::{Basis, Identity, Why};
use model::Purpose;

#[test]
fn exemptions_follow_45_cfr_164_528() {
    let of =
        |purpose: Purpose, authorized| Basis::of(&purpose.into(), false, Identity::Identified, authorized);
    for purpose in [
        Purpose::Treat,
        Purpose::Hpaymt,
        Purpose::Hoperat,
        Purpose::AiAnalysis,
        Purpose::Btg,
    ] {
        assert_eq!(of(purpose, false), Basis::Operations, "{purpose}");
    }
    assert_eq!(of(Purpose::Patrqt, false), Basis::Individual);
    for purpose in [Purpose::AiTrain, Purpose::Hresch, Purpose::Hlegal] {
        assert_eq!(of(purpose, false), Basis::Accounted, "{purpose}");
        assert_eq!(of(purpose, true), Basis::Authorized, "{purpose}");
    }
    let words = Why::Words("public health report".to_owned());
    assert_eq!(
        Basis::of(&words, false, Identity::Identified, false),
        Basis::Accounted
    );
}

#[test]
fn what_stays_inside_or_has_no_identity_is_no_disclosure_whatever_it_is_for() {
    for purpose in Purpose::ALL {
        let why = purpose.into();
        assert_eq!(Basis::of(&why, true, Identity::Identified, false), Basis::Inside);
        assert_eq!(
            Basis::of(&why, false, Identity::Removed, false),
            Basis::Deidentified
        );
        assert_eq!(
            Basis::of(&why, false, Identity::Limited, false),
            Basis::LimitedDataSet
        );
    }
}

#[test]
fn each_exemption_has_a_clause_of_its_own_and_the_rest_has_none() {
    let mut clauses: Vec<&str> = Basis::ALL.iter().filter_map(|basis| basis.clause()).collect();
    let all = clauses.len();
    clauses.sort_unstable();
    clauses.dedup();
    assert_eq!(clauses.len(), all);
    let of_164_528 = clauses
        .iter()
        .filter(|clause| clause.starts_with("45 CFR 164.528(a)(1)("))
        .count();
    assert_eq!(of_164_528, 9, "(i) to (ix)");
    for basis in Basis::ALL {
        assert_eq!(basis.clause().is_none(), basis.is_accounted());
    }
}
