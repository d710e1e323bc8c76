//! Writes a phantom study as files: `cargo run -p testkit --example draw -- ct|mr|dx SEED SLICES FOLDER`.

use std::{error::Error, fs, path::PathBuf};
use testkit::{Encoding, Modality, Patient, Study};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [modality, seed, slices, folder] = arguments.as_slice() else {
        return Err("usage: draw ct|mr|dx SEED SLICES FOLDER".into());
    };
    let modality = match modality.as_str() {
        "ct" => Modality::Ct,
        "mr" => Modality::Mr,
        _ => Modality::Dx,
    };
    let (seed, folder) = (seed.parse()?, PathBuf::from(folder));
    let mut study = Study::new(
        seed,
        Patient::number(seed),
        modality,
        "2026-01-15T09:30:00Z".parse()?,
    );
    study.slices = slices.parse()?;
    fs::create_dir_all(&folder)?;
    for (number, instance) in study.instances().enumerate() {
        let file = instance.object(Encoding::ExplicitLe).part10();
        fs::write(
            folder.join(format!("{}-{number:04}.dcm", study.modality.code())),
            file,
        )?;
    }
    Ok(())
}
