//! The de-identifier alone, in this process: what the rebuilding costs, what the audit adds, and whether nesting costs more.
#![expect(clippy::print_stdout, reason = "a measurement speaks on standard output")]

use anyhow::{Context, Result, bail};
use deid::audit::Auditor;
use deid::{Profile, ProjectKey};
use model::Timestamp;
use std::io::Cursor;
use std::time::Instant;
use testkit::{Encoding, Modality, Patient, Study, planted};
use xtask::machine;
use xtask::table::{Sample, markdown};

/// For how long one measurement is repeated at least, in seconds.
const LONG: f64 = 0.5;

/// How many measurements of each; their median is reported.
const RUNS: usize = 3;
const PROFILE: &str = "research";

fn main() -> Result<()> {
    let described = machine::description();
    let key = ProjectKey::new(&[0x5b; 32]);
    let profile = deid::profile::builtin(PROFILE).context("a profile that comes with the program")??;
    let slice = ct(512)?;
    let header = ct(8)?;
    let nested = planted::enhanced(1, 240, 2).bytes;
    let engine = Engine {
        key: &key,
        profile: &profile,
    };
    let mut rows = Vec::new();
    let mut per_byte = Vec::new();
    for (name, object, pixels) in [
        ("CT slice, 512 x 512", &slice, 512 * 512 * 2),
        ("its header (8 x 8 pixels)", &header, 8 * 8 * 2),
        (
            "enhanced MR, 240 frames of 2 x 2, its functional groups",
            &nested,
            240 * 8,
        ),
    ] {
        let (mut apply, mut whole) = (Sample::default(), Sample::default());
        for _ in 0..RUNS {
            apply.push(engine.seconds(object, false)? * 1e6);
            whole.push(engine.seconds(object, true)? * 1e6);
        }
        let head = object.len().saturating_sub(pixels);
        per_byte.push(apply.median() * 1000.0 / head as f64);
        rows.push(vec![
            name.to_owned(),
            head.to_string(),
            apply.shown(),
            format!("{:.0}", 1e6 / apply.median().max(0.001)),
            whole.shown(),
            format!("{:.0}", 1e6 / whole.median().max(0.001)),
            format!("{:.1}", apply.median() * 1000.0 / head as f64),
        ]);
    }
    println!(
        "\n{described}. The engine in this process, one thread, from memory to memory, profile {PROFILE}, median \
         [lowest-highest] of {RUNS} runs.\n"
    );
    let heads = [
        "object",
        "header, bytes",
        "apply, µs",
        "apply/s",
        "apply and audit, µs",
        "both/s",
        "apply, ns a header byte",
    ];
    println!("{}", markdown(&heads, &rows));
    if let [_, flat, deep] = per_byte.as_slice() {
        println!(
            "A byte of nested header costs {:.2} times a byte of a CT's header.\n",
            deep / flat.max(1e-9)
        );
    }
    Ok(())
}

/// A CT slice of a size as a file.
fn ct(side: u16) -> Result<Vec<u8>> {
    let taken = Timestamp::from_millis(1_768_469_400_000);
    let study = Study {
        slices: 1,
        matrix: side,
        ..Study::new(1, Patient::number(1), Modality::Ct, taken)
    };
    let slice = study.instances().next().context("a slice")?;
    Ok(slice.object(Encoding::ExplicitLe).part10())
}

struct Engine<'a> {
    key: &'a ProjectKey,
    profile: &'a Profile,
}

impl Engine<'_> {
    /// Seconds for one object.
    fn seconds(&self, object: &Vec<u8>, audited: bool) -> Result<f64> {
        let mut auditor = Auditor::new();
        let (started, mut turns) = (Instant::now(), 0_u32);
        while started.elapsed().as_secs_f64() < LONG {
            let mut out = Cursor::new(Vec::with_capacity(object.len() + 4096));
            let applied = deid::apply(object, self.key, self.profile, false, &mut out)
                .map_err(|reason| anyhow::anyhow!("withheld: {reason}"))?;
            if audited {
                let name = format!("{}.dcm", applied.sop_instance);
                let audit = auditor.audit(object, "in.dcm", out.into_inner(), &name, self.profile.kept());
                if let Err(error) = audit {
                    bail!("the audit does not clear a phantom: {error}");
                }
            }
            turns += 1;
        }
        Ok(started.elapsed().as_secs_f64() / f64::from(turns.max(1)))
    }
}
