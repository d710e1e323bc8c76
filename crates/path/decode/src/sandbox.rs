//! What the child gives up before it decodes.

use rustix::process::{Resource, Rlimit, setrlimit};
use std::io;

/// Address space and CPU time are bounded, and no file can grow.
pub(crate) fn limit(memory: u64, seconds: u64) -> io::Result<()> {
    let set = |resource, most| {
        setrlimit(
            resource,
            Rlimit {
                current: Some(most),
                maximum: Some(most),
            },
        )
        .map_err(io::Error::from)
    };
    set(Resource::As, memory)?;
    set(Resource::Cpu, seconds)?;
    set(Resource::Core, 0)?;
    set(Resource::Fsize, 0)
}

/// From here on the process can compute, allocate, read and write what is already open, and end. Any other system
/// call ends it.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn confine() -> io::Result<()> {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter};
    // Numbers of the system calls, as the kernel's tables give them.
    #[cfg(target_arch = "x86_64")]
    const ALLOWED: &[i64] = &[
        0, 1, 3, 9, 10, 11, 12, 13, 14, 15, 20, 24, 25, 28, 35, 39, 60, 131, 186, 202, 218, 228, 230, 231,
        234, 318, 334,
    ];
    #[cfg(target_arch = "x86_64")]
    const ARCH: TargetArch = TargetArch::x86_64;
    #[cfg(target_arch = "aarch64")]
    const ALLOWED: &[i64] = &[
        57, 63, 64, 66, 93, 94, 96, 98, 101, 113, 115, 124, 131, 132, 134, 135, 139, 172, 178, 214, 215, 216,
        222, 226, 233, 278, 293,
    ];
    #[cfg(target_arch = "aarch64")]
    const ARCH: TargetArch = TargetArch::aarch64;
    let rules = ALLOWED.iter().map(|number| (*number, Vec::new())).collect();
    let failed = || io::Error::other("the system-call filter cannot be set");
    let filter = SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, ARCH);
    let program: BpfProgram = filter.map_err(|_| failed())?.try_into().map_err(|_| failed())?;
    apply_filter(&program).map_err(|_| failed())
}

/// Elsewhere only the limits of [`limit`] hold.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(crate) fn confine() -> io::Result<()> {
    Ok(())
}
