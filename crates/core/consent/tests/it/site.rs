//! Rules of the site: they narrow, and one that cannot be used is refused with a word on what to do.

use crate::world::World;
use consent::{Decision, Policies, PolicyError};
use model::Purpose;

fn refused(text: &str) -> PolicyError {
    Policies::new(text).err().expect("refused")
}

fn reasons(world: &World, site: &str) -> Vec<String> {
    match world.decide(&Policies::new(site).unwrap()) {
        Decision::Deny(denial) => denial.reasons.into_iter().map(|reason| reason.policy).collect(),
        Decision::Permit(_) => Vec::new(),
    }
}

#[test]
fn a_site_sees_recipient_place_purpose_and_kind() {
    let analysis = World::new(Purpose::AiAnalysis);
    for condition in [
        r#"context.recipient == "acme-chest-ai""#,
        r#"principal == Recipient::"acme-chest-ai""#,
        r#"context has agreement && context.agreement.storage_place == "Ireland""#,
        r#"context has agreement && context.agreement.kind == AgreementKind::"baa""#,
        r#"context has agreement && context.agreement.subprocessors.contains("Cloud Example")"#,
        "context has agreement && context.agreement has retention_days && context.agreement.retention_days > 29",
        r#"action == Action::"AIANALYSIS""#,
    ] {
        let site = format!(
            r#"@id("ours") @plain("Not from here.") forbid (principal, action, resource) when {{ {condition} }};"#
        );
        assert_eq!(reasons(&analysis, &site), ["ours"], "{condition}");
    }
    let elsewhere = r#"@id("ours") @plain("Not from here.")
        forbid (principal, action == Action::"TREAT", resource) when { context.recipient == "acme-chest-ai" };"#;
    assert!(reasons(&analysis, elsewhere).is_empty());
}

#[test]
fn its_sentence_stands_in_for_a_missing_translation() {
    let site = r#"@id("ours") @plain("Not from here.") forbid (principal, action, resource);"#;
    let Decision::Deny(denial) = World::new(Purpose::Treat).decide(&Policies::new(site).unwrap()) else {
        panic!("permitted");
    };
    assert_eq!(denial.plain(), "Not from here.");
    assert_eq!(denial.reasons[0].llano, "Not from here.");
}

#[test]
fn a_rule_that_errs_denies() {
    // Cedar skips a forbid that overflows, and would permit.
    let site = r#"@id("ours") @plain("Not from here.") forbid (principal, action, resource)
        when { context has agreement && context.agreement has retention_days &&
               context.agreement.retention_days * 9223372036854775807 < 0 };"#;
    for purpose in Purpose::ALL {
        let mut world = World::new(purpose);
        world.request.retention_days = Some(1);
        assert_eq!(reasons(&world, site).first().unwrap(), "unchecked", "{purpose}");
    }
    let Decision::Deny(denial) = World::new(Purpose::AiAnalysis).decide(&Policies::new(site).unwrap()) else {
        panic!("permitted");
    };
    assert_eq!(
        denial.plain(),
        "A rule could not be checked, so nothing was sent."
    );
}

#[test]
fn what_cannot_be_used_is_refused() {
    assert_eq!(
        refused(r#"@id("ours") @plain("Fine.") permit (principal, action, resource);"#),
        PolicyError::Permits("ours".to_owned())
    );
    assert_eq!(
        refused(r#"@plain("Not from here.") forbid (principal, action, resource);"#),
        PolicyError::NoId(1)
    );
    assert_eq!(
        refused(
            r#"@id("ours") @plain("One.") forbid (principal, action, resource);
               @id("Our 2") @plain("Two.") forbid (principal, action, resource);"#
        ),
        PolicyError::NoId(2)
    );
    assert_eq!(
        refused(r#"@id("ours") @plain(" ") forbid (principal, action, resource);"#),
        PolicyError::NoPlain("ours".to_owned())
    );
    for taken in ["stranger", "unchecked"] {
        let text =
            format!(r#"@id("{taken}") @plain("Not from here.") forbid (principal, action, resource);"#);
        assert_eq!(refused(&text), PolicyError::Twice(taken.to_owned()));
    }
    assert_eq!(
        refused(
            r#"@id("ours") @plain("Not from here.") forbid (principal == ?principal, action, resource);"#
        ),
        PolicyError::Template
    );
}

#[test]
fn a_misspelt_name_is_refused_and_named() {
    for (rule, word) in [
        ("forbid (principal, action, resource", "unexpected end"),
        (
            r#"forbid (principal, action == Action::"AITRAINING", resource);"#,
            "AITRAINING",
        ),
        (
            "forbid (principal, action, resource) when { context.recipent == \"x\" };",
            "recipent",
        ),
        (
            "forbid (principal, action, resource) when { context.agreement.paid };",
            "agreement",
        ),
        (
            "forbid (principal, action, resource) when { context.age == Age::\"child\" };",
            "child",
        ),
        (
            "forbid (principal, action, resource) when { context.recipient == 3 };",
            "types",
        ),
        (
            "forbid (principal, action, resource) when { false };",
            "impossible",
        ),
    ] {
        let text = format!(r#"@id("ours") @plain("Not from here.") {rule}"#);
        let message = refused(&text).to_string();
        assert!(
            message.starts_with("the site's policies cannot be used: "),
            "{message}"
        );
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn the_example_of_the_documentation_works() {
    let page = include_str!("../../../../../docs/consent.md");
    let example = page.split("```").nth(1).unwrap();
    let mut world = World::new(Purpose::AiAnalysis);
    assert!(reasons(&world, example).is_empty());
    world.recipient.agreement.as_mut().unwrap().storage_place = "Elsewhere".to_owned();
    assert_eq!(reasons(&world, example), ["no-ai-outside-europe"]);
}
