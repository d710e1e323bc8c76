//! The score.

use super::runs::Scene;
use testkit::planted::patient;
use testkit::planted::score::{Report, score};

fn planted() -> Report {
    let patients = std::env::var("LEADGLASS_PLANTED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(22);
    let scene = Scene::new((0..patients).flat_map(|number| patient(1, number)).collect());
    let done = scene.run("out", 0, &[]);
    if let Ok(folder) = std::env::var("LEADGLASS_PLANTED_KEEP") {
        // To look at: the folder must not be there yet.
        let kept = std::process::Command::new("cp")
            .arg("-r")
            .arg(&done.out)
            .arg(folder)
            .status();
        assert!(kept.unwrap().success());
    }
    assert!(!done.run.lines.is_empty(), "no line of JSON: {}", done.run.said);
    score(&scene.files, &done.run)
}

#[test]
fn nothing_planted_comes_out_and_the_rest_stays() {
    let report = planted();
    let figures = format!(
        "{:#?}\n{:#?}\n{}",
        report.published_rows(),
        report.strict_rows(),
        report.worst(60)
    );
    assert!(report.instances >= 250, "{figures}");
    let mut wrong: Vec<String> = report
        .strict
        .iter()
        .filter(|(name, tally)| tally.failed > 0 && !name.contains("for information"))
        .map(|(name, tally)| format!("{name}: {} of {}", tally.failed, tally.total()))
        .collect();
    if report.identifiers().failed > 0 {
        wrong.push(format!("identifiers: {:.4} %", report.identifiers().percent()));
    }
    if report.kept().percent() < 99.9 {
        wrong.push(format!("kept: {:.4} %", report.kept().percent()));
    }
    if report.score().percent() < 99.99 {
        wrong.push(format!("score: {:.4} %", report.score().percent()));
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{}", report.worst(60));
}
