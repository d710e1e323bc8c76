//! The arrows between crates: floors core <- path <- doors <- leadglass, and inside a floor only those named here.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use std::collections::{BTreeMap, BTreeSet};

const CORE: [&str; 8] = [
    "model",
    "dicom",
    "seal",
    "tlog",
    "consent",
    "deletion",
    "disclosure",
    "deid",
];
const PATH: [&str; 6] = ["store", "decode", "verify", "intake", "retrieve", "release"];
const DOORS: [&str; 7] = ["api", "dimse", "dicomweb", "folder", "syslog", "web", "vendor"];

/// Which crates of the house a crate may use.
fn allowed(name: &str) -> Option<Vec<&'static str>> {
    // On the path and at the doors only what releases copies may name `deid`.
    let core_and = |others: &[&'static str]| Some([&CORE[..7], others].concat());
    match name {
        "model" | "tlog" => Some(vec![]),
        "consent" | "deletion" | "disclosure" => Some(vec!["model"]),
        "dicom" => Some(vec!["model"]),
        "seal" => Some(vec!["model", "dicom", "tlog"]),
        "deid" => Some(vec!["model", "dicom"]),
        "store" | "decode" => core_and(&[]),
        "verify" => core_and(&["store", "decode"]),
        "intake" => core_and(&["store", "decode", "verify"]),
        "retrieve" => core_and(&["store"]),
        "release" => core_and(&["deid", "store", "decode", "verify", "retrieve"]),
        "dimse" => core_and(&["intake", "release", "store"]),
        "dicomweb" => core_and(&["intake", "retrieve", "release", "store"]),
        "api" | "folder" | "syslog" => core_and(&["release", "store"]),
        "web" => core_and(&["verify", "store", "decode"]),
        "vendor" => core_and(&["release", "store"]),
        "testkit" => core_and(&[
            "store", "decode", "verify", "intake", "retrieve", "release", "dimse", "dicomweb", "folder",
            "web", "vendor",
        ]),
        "leadglass" | "xtask" => core_and(&[
            "deid", "store", "decode", "verify", "intake", "retrieve", "release", "dimse", "dicomweb",
            "folder", "syslog", "web", "vendor", "api", "testkit",
        ]),
        _ => None,
    }
}

/// What a pure crate must not reach, over however many steps.
const IMPURE: [&str; 6] = ["tokio", "axum", "sqlx", "object_store", "reqwest", "clap"];

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).exec().unwrap()
}

/// The arrows that are not allowed, as sentences.
fn forbidden_arrows(packages: &[&Package]) -> Vec<String> {
    let names: BTreeSet<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let mut found = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let Some(allowed) = allowed(name) else {
            found.push(format!(
                "{name} is not in the plan of the house: name its arrows in this test"
            ));
            continue;
        };
        for dependency in &package.dependencies {
            let (to, is_test) = (
                dependency.name.as_str(),
                dependency.kind == DependencyKind::Development,
            );
            let in_house = names.contains(to) && dependency.path.is_some();
            // Tests build a scene of phantoms; those of the doors and of the exit, of the whole path before them.
            let whole_path = DOORS.contains(&name) || name == "release";
            let for_tests = is_test && (to == "testkit" || (whole_path && PATH.contains(&to)));
            if in_house && !allowed.contains(&to) && !for_tests {
                found.push(format!("{name} -> {to}"));
            }
            if to.starts_with("dicom-") && !is_test && name != "dicom" {
                found.push(format!(
                    "{name} -> {to}: other people's DICOM crates stay in core/dicom"
                ));
            }
        }
    }
    found
}

#[test]
fn no_crate_uses_what_lies_above_or_beside_it() {
    let metadata = metadata();
    let found = forbidden_arrows(&metadata.workspace_packages());
    assert!(
        found.is_empty(),
        "arrows that the plan of the house does not have: {found:#?}"
    );
}

#[test]
fn core_crates_stay_pure() {
    let metadata = metadata();
    let resolve = metadata.resolve.as_ref().unwrap();
    let names: BTreeMap<&PackageId, &str> = metadata
        .packages
        .iter()
        .map(|package| (&package.id, package.name.as_str()))
        .collect();
    let uses: BTreeMap<&PackageId, Vec<&PackageId>> = resolve
        .nodes
        .iter()
        .map(|node| {
            let normal = node.deps.iter().filter(|dependency| {
                dependency
                    .dep_kinds
                    .iter()
                    .any(|kind| kind.kind == DependencyKind::Normal)
            });
            (&node.id, normal.map(|dependency| &dependency.pkg).collect())
        })
        .collect();
    for package in metadata.workspace_packages() {
        if !CORE.contains(&package.name.as_str()) {
            continue;
        }
        let (mut reached, mut open) = (BTreeSet::new(), vec![&package.id]);
        while let Some(id) = open.pop() {
            if reached.insert(id) {
                open.extend(&uses[id]);
            }
        }
        let reached: Vec<&str> = reached
            .iter()
            .map(|id| names[id])
            .filter(|name| IMPURE.contains(name))
            .collect();
        assert!(reached.is_empty(), "{} reaches {reached:?}", package.name);
    }
}

#[test]
fn crates_live_on_their_floor() {
    for package in metadata().workspace_packages() {
        let folder = package
            .manifest_path
            .parent()
            .unwrap()
            .as_str()
            .replace('\\', "/");
        let floor = match package.name.as_str() {
            name if CORE.contains(&name) => "crates/core/",
            "store" | "decode" | "verify" | "intake" | "retrieve" | "release" => "crates/path/",
            "api" | "dimse" | "dicomweb" | "folder" | "syslog" | "web" | "vendor" => "crates/doors/",
            "leadglass" | "testkit" => "crates/",
            _ => "",
        };
        assert!(
            folder.ends_with(&format!("{floor}{}", package.name)),
            "{} lies in {folder}",
            package.name
        );
    }
}

#[test]
fn a_forbidden_arrow_is_found() {
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    let leadglass = packages
        .iter()
        .find(|package| package.name == "leadglass")
        .unwrap();
    // The binary's arrows, drawn from the crate `dicom`, must all be found but that to `model`.
    let mut forged: Package = Package::clone(leadglass);
    let dicom = packages.iter().find(|package| package.name == "dicom").unwrap();
    forged.name = dicom.name.clone();
    let rest = packages.iter().filter(|package| package.name != "dicom").copied();
    let found = forbidden_arrows(&rest.chain([&forged]).collect::<Vec<_>>());
    assert!(found.contains(&"dicom -> intake".to_owned()), "{found:?}");
    assert!(!found.contains(&"dicom -> model".to_owned()), "{found:?}");
}

#[test]
fn the_audit_shares_no_code_with_what_it_audits() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/core/deid/src/audit");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let others = text
            .match_indices("crate::")
            .filter(|(at, _)| !text[*at..].starts_with("crate::audit"));
        assert_eq!(
            others.count(),
            0,
            "{} names another room of the crate",
            path.display()
        );
        files += 1;
    }
    assert!(files > 5, "the audit is not where this test looks");
}
