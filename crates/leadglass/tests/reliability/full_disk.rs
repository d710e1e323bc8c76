//! The disk is full: senders are told to try again, nothing is lost, reading goes on.

use super::doors::{Answer, c_store, echo, explicit_le, stow};
use super::gateway::{Data, Gateway};
use super::scan;
use super::{http, peer, program};
use model::Uid;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testkit::{Encoding, Object, Random};

/// A small file system in memory, taken away when dropped.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    /// None where this process may not mount.
    fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Self { folder };
        disk.mount_with(&format!("size={mebibytes}m")).then_some(disk)
    }

    fn grow(&self, mebibytes: u32) {
        assert!(self.mount_with(&format!("remount,size={mebibytes}m")));
    }

    fn mount_with(&self, options: &str) -> bool {
        let arguments = ["-t", "tmpfs", "-o", options, "leadglass-test"].map(PathBuf::from);
        let arguments = arguments.into_iter().chain([self.folder.path().to_owned()]);
        peer::run(Path::new("mount"), arguments).status.success()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the archive's folder on it is removed after it, or never, and goes with the memory.
        peer::run(Path::new("umount"), [Path::new("-l"), self.folder.path()]);
    }
}

fn object(random: &mut Random) -> Object {
    scan::object(&scan::plain(random, 512), Encoding::ExplicitLe)
}

async fn store(gateway: &Gateway, object: &Object) -> Answer {
    let names = (&object.sop_class, &object.sop_instance, &explicit_le());
    c_store(
        gateway.dimse,
        names,
        &object.data_set[..],
        Duration::from_secs(30),
    )
    .await
}

/// The status with which WADO-RS gives one instance; its bytes must be right where it is 200.
fn read(gateway: &Gateway, object: &Object) -> u16 {
    let study = scan_uid(object, scan::STUDY);
    let series = scan_uid(object, 0x0020_000e);
    let path = format!(
        "/studies/{study}/series/{series}/instances/{}",
        object.sop_instance
    );
    let answer = http::get(gateway, &path);
    let end = &object.data_set[object.data_set.len() - 4096..];
    assert!(answer.status != 200 || answer.body.windows(end.len()).any(|window| window == end));
    answer.status
}

/// A UID out of a data set in Explicit VR Little Endian.
fn scan_uid(object: &Object, tag: u32) -> Uid {
    let head = [
        (tag >> 16) as u8,
        (tag >> 24) as u8,
        tag as u8,
        (tag >> 8) as u8,
        b'U',
        b'I',
    ];
    let at = object
        .data_set
        .windows(6)
        .position(|window| window == head)
        .unwrap();
    let length = usize::from(object.data_set[at + 6]);
    Uid::from_bytes(&object.data_set[at + 8..at + 8 + length]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing() {
    let Some(disk) = SmallDisk::mount(24) else {
        println!("skipped: needs the right to mount a tmpfs");
        return;
    };
    let data = Data::within(disk.folder.path());
    let gateway = Gateway::start(&data);
    let random = &mut Random::new(13, &[]);
    let mut acknowledged = Vec::new();
    let refused = loop {
        let object = object(random);
        match store(&gateway, &object).await {
            Answer::Stored => acknowledged.push(object),
            Answer::OutOfResources => break object,
            other => panic!("after {}: {other:?}", acknowledged.len()),
        }
        assert!(acknowledged.len() < 100, "the disk never fills");
    };
    println!("{} objects of 512 KiB on 24 MiB", acknowledged.len());
    assert!(acknowledged.len() > 20, "only {}", acknowledged.len());
    // Small ones may still fit, until nothing does. Every answer is one of the two, at both doors.
    for round in 0..40 {
        let small = scan::object(&scan::plain(random, 64), Encoding::ExplicitLe);
        let answer = match round % 2 {
            0 => store(&gateway, &small).await,
            _ => tokio::task::block_in_place(|| stow(&gateway, &small.part10())),
        };
        match answer {
            Answer::Stored => acknowledged.push(small),
            Answer::OutOfResources => {}
            other => panic!("on a full disk: {other:?}; {}", gateway.said()),
        }
    }
    // A read that cannot be accounted for does not happen, and is no failure of the archive either.
    assert!(echo(gateway.dimse).await);
    let statuses: Vec<u16> = acknowledged.iter().map(|object| read(&gateway, object)).collect();
    let served = statuses.iter().filter(|status| **status == 200).count();
    println!("not a block left: {served} of {} are served", acknowledged.len());
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );

    // With room again, the sender's next try succeeds, without a restart.
    disk.grow(64);
    assert_eq!(
        store(&gateway, &refused).await,
        Answer::Stored,
        "{}",
        gateway.said()
    );
    acknowledged.push(refused);
    for object in &acknowledged {
        let verdict = program::document(&program::run(&data, ["verify", object.sop_instance.as_str()]));
        assert_eq!(verdict["verdict"], "authentic", "{}", object.sop_instance);
    }
    // So it is after a kill.
    gateway.assert_log_without_phi();
    drop(gateway);
    let gateway = Gateway::start(&data);
    for object in &acknowledged {
        assert_eq!(read(&gateway, object), 200, "{}", object.sop_instance);
    }
    let checked = program::fsck(&data);
    assert_eq!(checked.instances, acknowledged.len() as u64);
    println!("{} orphaned blobs", checked.orphans);
}
