//! Writes files with planted identifiers, to look at: `cargo run -p testkit --example plant -- FOLDER [PATIENTS]`.
#![expect(clippy::print_stdout, reason = "an example speaks on standard output")]

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "planted".to_owned()));
    let patients = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(10);
    let (mut files, mut sites, mut checks) = (0, 0, 0);
    for number in 0..patients {
        for planted in testkit::planted::patient(1, number) {
            let path = folder.join(&planted.name);
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            fs::write(&path, &planted.bytes)?;
            files += 1;
            sites += planted.key.sites();
            checks += planted.key.checks.len();
        }
    }
    println!("{files} files, {sites} planted places, {checks} checks");
    Ok(())
}
