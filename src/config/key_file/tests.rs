use std::os::unix::fs::PermissionsExt;

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn new_keys() -> Keyring {
    Keyring::of(MasterKey::generate(&SystemRandom))
}

#[test]
fn the_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let made = read_or_make(&path).unwrap();
    let again = read_or_make(&path).unwrap();
    assert_eq!(made.encoded(), again.encoded());
    assert_eq!(mode(&path), 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn one_process_at_a_time_replaces_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let old = read_or_make(&path).unwrap();
    let held = KeyFile::held(&path).unwrap();
    let why = KeyFile::held(&path).err().unwrap();
    assert!(why.contains("another process is replacing"), "{why}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let new = new_keys();
    held.write(&new).unwrap();
    assert_eq!(held.read().unwrap().encoded(), new.encoded());
    assert_eq!(mode(&path), 0o640, "whoever could read it still can");
    drop(held);
    // A lock file that was left is no lock.
    assert!(path.with_extension("key.lock").exists());
    let held = KeyFile::held(&path).unwrap();
    let now = Timestamp(1_795_644_600_000);
    let kept = [&old, &new].map(|keys| held.keep(keys, now).unwrap());
    assert_eq!(
        kept[0].file_name().unwrap().to_str().unwrap(),
        "master.key.old-2026-11-25T22-10-00Z"
    );
    assert_ne!(kept[0], kept[1]);
    for (path, keys) in kept.iter().zip([old, new]) {
        assert_eq!(read(path).unwrap().encoded(), keys.encoded());
        assert_eq!(mode(path), 0o600);
    }
}

#[test]
fn another_user_is_told_whose_it_is() {
    let path = Path::new("/var/lib/tengine/master.key");
    check_owner(path, 1_001, 1_001).unwrap();
    let why = check_owner(path, 1_001, 0).unwrap_err();
    assert!(
        why.contains("uid 1001") && why.contains("sudo -u '#1001'"),
        "{why}"
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    read_or_make(&path).unwrap();
    assert_eq!(own_uid(&path).unwrap(), fs::metadata(&path).unwrap().uid());
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "it leaves nothing"
    );
}

#[test]
fn a_link_to_the_file_stays_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("elsewhere");
    read_or_make(&path).unwrap();
    let link = folder.path().join("master.key");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let new = new_keys();
    KeyFile::held(&link).unwrap().write(&new).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(read(&path).unwrap().encoded(), new.encoded());
}
