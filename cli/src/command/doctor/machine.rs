//! What this process has to work with: the data directory, its disk, open files.

use std::os::unix::fs::PermissionsExt as _;

use rustix::fs::statvfs;
use rustix::process::{Resource, getrlimit};

use super::Check;
use crate::context::Context;

const MIB: u64 = 1 << 20;
/// A load, a checkpoint and a backup beside the data need room.
const DISK_WARN: u64 = 1_024 * MIB;
const DISK_FAIL: u64 = 100 * MIB;
/// A socket a session, a file a partition of the embedded database.
const FILES: u64 = 1_024;

/// The directory exists only where the embedded database, or a secret, was ever made.
pub(super) fn checks(context: &Context) -> Vec<Check> {
    let directory = &context.config.data_dir;
    let mut checks = Vec::new();
    if let Ok(metadata) = directory.metadata() {
        let told = directory.display();
        let mode = metadata.permissions().mode() & 0o777;
        let mend = format!("chmod 700 {told}");
        checks.push(if mode & 0o022 != 0 {
            let found = format!("others may write into {told} (mode {mode:o}), and so put a database of theirs there");
            Check::fail("directory", found, mend)
        } else if mode & 0o055 != 0 {
            Check::warn("directory", format!("others may look into {told} (mode {mode:o})"), mend)
        } else {
            Check::ok("directory", format!("{told} is its owner's alone (mode {mode:o})"))
        });
        checks.push(disk(context));
    }
    checks.push(files());
    checks
}

fn disk(context: &Context) -> Check {
    let directory = &context.config.data_dir;
    let advice = "free some space, or move CORRENTE_DATA_DIR to a larger disk";
    match statvfs(directory) {
        Err(error) => Check::warn("disk", format!("cannot tell the free space: {error}"), advice),
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let found = format!("{} MiB are free for {}", free / MIB, directory.display());
            if free < DISK_FAIL {
                Check::fail("disk", found, advice)
            } else if free < DISK_WARN {
                Check::warn("disk", found, advice)
            } else {
                Check::ok("disk", found)
            }
        }
    }
}

fn files() -> Check {
    match getrlimit(Resource::Nofile).current {
        None => Check::ok("files", "any number of files may be open"),
        Some(limit) if limit >= FILES => Check::ok("files", format!("{limit} files may be open")),
        Some(limit) => Check::warn(
            "files",
            format!("only {limit} files may be open"),
            format!("raise it to {FILES} or more: `ulimit -n`, or LimitNOFILE of the service"),
        ),
    }
}
