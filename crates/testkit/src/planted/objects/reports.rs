//! Structured reports: a tree of content items of every value type, eight levels deep.

use super::visit::{Draft, Instance, Series, Visit, evidence, reference};
use crate::planted::Key;
use crate::planted::direct;
use crate::planted::key::{Action, Category};
use crate::planted::level::Level;
use crate::planted::person::{Person, Text, digits, word};
use crate::{DataSet, Random, Vr};

const CONTENT: u32 = 0x0040_a730;

/// A report on images, Enhanced (text) or Comprehensive.
pub(crate) fn report(
    visit: &Visit,
    series: &Series,
    images: &[Instance],
    comprehensive: bool,
    random: &mut Random,
) -> Draft {
    let class = if comprehensive {
        "1.2.840.10008.5.1.4.1.1.88.33"
    } else {
        "1.2.840.10008.5.1.4.1.1.88.22"
    };
    let mut draft = visit.draft(DataSet::new(), class, series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level
        .set
        .text(0x0040_a491, Vr::CS, "COMPLETE")
        .text(0x0040_a493, Vr::CS, "VERIFIED");
    level
        .set
        .text(0x0040_a040, Vr::CS, "CONTAINER")
        .text(0x0040_a050, Vr::CS, "SEPARATE");
    level.code(0x0040_a043, "18748-4", "LN", "Diagnostic Imaging Report");
    level.items(0x0040_a372, Vec::new());
    level.items(0x0008_1111, Vec::new());
    let mut verifier = level.item(0x0040_a073, 0);
    verifier.removed(key, 0x0040_a075, Vr::PN, &Person::physician(random));
    verifier.removed(
        key,
        0x0040_a027,
        Vr::LO,
        &Text::secret(word(random)).and(" Clinic"),
    );
    verifier.date(key, 0x0040_a030, Vr::DT, &format!("{}160000", visit.day(2)));
    verifier.items(0x0040_a088, Vec::new());
    level.items(0x0040_a073, vec![verifier]);
    evidence(level, key, 0x0040_a375, &visit.study, images);

    let mut items = leaves(level, key, visit, images, random);
    let index = items.len();
    items.push(nested(level, key, visit, random, index, 7));
    level.items(CONTENT, items);
    for tag in [0x0040_a040, 0x0040_a491] {
        level.stays(key, tag);
    }
    key.check(Action::TagRetained, "<(0040,a730)>", "", "", Category::Dicom);
    key.kind = "SR";
    direct::plant(level, key, visit, random, 10);
    draft
}

fn item(parent: &Level, index: usize, relation: &str, value_type: &str, concept: [&str; 3]) -> Level {
    let mut item = parent.item(CONTENT, index);
    item.set
        .text(0x0040_a010, Vr::CS, relation)
        .text(0x0040_a040, Vr::CS, value_type);
    let [value, scheme, meaning] = concept;
    item.code(0x0040_a043, value, scheme, meaning);
    item
}

/// A content item of each value type.
fn leaves(
    parent: &Level,
    key: &mut Key,
    visit: &Visit,
    images: &[Instance],
    random: &mut Random,
) -> Vec<Level> {
    let mut items = Vec::new();
    let mut observer = item(
        parent,
        0,
        "HAS OBS CONTEXT",
        "PNAME",
        ["121008", "DCM", "Person Observer Name"],
    );
    observer.removed(key, 0x0040_a123, Vr::PN, &Person::physician(random));
    items.push(observer);

    let mut finding = item(parent, 1, "CONTAINS", "TEXT", ["121071", "DCM", "Finding"]);
    let inside = visit.person.full();
    finding.mixed(
        key,
        0x0040_a160,
        Vr::UT,
        "No pneumothorax. Small pleural effusion. Discussed with ",
        &inside,
        "",
    );
    finding.stays(key, 0x0040_a040);
    items.push(finding);

    let mut impression = item(parent, 2, "CONTAINS", "TEXT", ["121073", "DCM", "Impression"]);
    impression.mixed(
        key,
        0x0040_a160,
        Vr::UT,
        "Stable nodule in the right upper lobe. Signed ",
        &Text::secret(word(random))
            .and(" ")
            .then(&Text::secret(digits(random, 10))),
        "",
    );
    items.push(impression);

    let mut date = item(parent, 3, "CONTAINS", "DATE", ["111060", "DCM", "Study Date"]);
    date.date(key, 0x0040_a121, Vr::DA, &visit.day(0));
    items.push(date);

    let mut moment = item(
        parent,
        4,
        "CONTAINS",
        "DATETIME",
        ["121135", "DCM", "Observation DateTime"],
    );
    moment.date(key, 0x0040_a120, Vr::DT, &format!("{}120000", visit.day(-30)));
    moment.date(key, 0x0040_a032, Vr::DT, &format!("{}120500", visit.day(0)));
    items.push(moment);

    let mut uid = item(
        parent,
        5,
        "CONTAINS",
        "UIDREF",
        ["110180", "DCM", "Study Instance UID"],
    );
    uid.refer(key, 0x0040_a124, &visit.study);
    items.push(uid);

    let mut number = item(parent, 6, "CONTAINS", "NUM", ["410668003", "SCT", "Length"]);
    let mut measured = number.item(0x0040_a300, 0);
    measured.set.text(0x0040_a30a, Vr::DS, "12.5");
    measured.stays(key, 0x0040_a30a);
    measured.code(0x0040_08ea, "mm", "UCUM", "millimeter");
    number.items(0x0040_a300, vec![measured]);
    items.push(number);

    let mut code = item(parent, 7, "CONTAINS", "CODE", ["121071", "DCM", "Finding"]);
    let mut concept = code.item(0x0040_a168, 0);
    concept
        .set
        .text(0x0008_0100, Vr::SH, "A77")
        .text(0x0008_0102, Vr::SH, "99LOCAL");
    concept.removed(key, 0x0008_0104, Vr::LO, &Text::secret(word(random)));
    code.items(0x0040_a168, vec![concept]);
    items.push(code);

    if let Some(image) = images.first() {
        let mut shown = item(
            parent,
            8,
            "CONTAINS",
            "IMAGE",
            ["121191", "DCM", "Referenced Segment"],
        );
        let to = reference(&shown, key, 0x0008_1199, 0, image);
        shown.items(0x0008_1199, vec![to]);
        items.push(shown);
    }
    items
}

/// Containers in containers, each with a text, a person and a date.
fn nested(
    parent: &Level,
    key: &mut Key,
    visit: &Visit,
    random: &mut Random,
    index: usize,
    depth: u32,
) -> Level {
    let mut container = item(
        parent,
        index,
        "CONTAINS",
        "CONTAINER",
        ["121070", "DCM", "Findings"],
    );
    container.set.text(0x0040_a050, Vr::CS, "SEPARATE");
    let mut text = item(&container, 0, "CONTAINS", "TEXT", ["121106", "DCM", "Comment"]);
    text.mixed(
        key,
        0x0040_a160,
        Vr::UT,
        "Compared with prior CT. Called ",
        &Text::secret(word(random)),
        "",
    );
    let mut person = item(
        &container,
        1,
        "CONTAINS",
        "PNAME",
        ["121114", "DCM", "Performing Physician"],
    );
    person.removed(key, 0x0040_a123, Vr::PN, &visit.person.name);
    let mut date = item(&container, 2, "CONTAINS", "DATE", ["111060", "DCM", "Study Date"]);
    date.date(key, 0x0040_a121, Vr::DA, &direct::near(visit, random));
    let mut items = vec![text, person, date];
    if depth > 0 {
        items.push(nested(&container, key, visit, random, 3, depth - 1));
    }
    container.items(CONTENT, items);
    container
}

/// A key object selection.
pub(crate) fn selection(visit: &Visit, series: &Series, images: &[Instance], random: &mut Random) -> Draft {
    let mut draft = visit.draft(DataSet::new(), "1.2.840.10008.5.1.4.1.1.88.59", series, 1, random);
    let (level, key) = (&mut draft.level, &mut draft.key);
    level
        .set
        .text(0x0040_a040, Vr::CS, "CONTAINER")
        .text(0x0040_a050, Vr::CS, "SEPARATE");
    level.code(0x0040_a043, "113000", "DCM", "Of Interest");
    let mut template = level.item(0x0040_a504, 0);
    template
        .set
        .text(0x0008_0105, Vr::CS, "DCMR")
        .text(0x0040_db00, Vr::CS, "2010");
    level.items(0x0040_a504, vec![template]);
    evidence(level, key, 0x0040_a375, &visit.study, images);
    level.items(0x0008_1111, Vec::new());
    let mut note = item(
        level,
        0,
        "CONTAINS",
        "TEXT",
        ["113012", "DCM", "Key Object Description"],
    );
    note.mixed(
        key,
        0x0040_a160,
        Vr::UT,
        "Key images for ",
        &Text::secret(word(random)),
        "",
    );
    let mut items = vec![note];
    for (at, image) in images.iter().enumerate() {
        let mut shown = level.item(CONTENT, at + 1);
        shown
            .set
            .text(0x0040_a010, Vr::CS, "CONTAINS")
            .text(0x0040_a040, Vr::CS, "IMAGE");
        let to = reference(&shown, key, 0x0008_1199, 0, image);
        shown.items(0x0008_1199, vec![to]);
        items.push(shown);
    }
    level.items(CONTENT, items);
    key.kind = "KO";
    draft
}
