//! What the writers put on disk is what was made.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{fs, fs::File, io::Read};

use afterpatch_lab::{Collection, Lab, Layout, Scenario, Variant, make, write_folder, write_tar_gz, write_zip};

fn lab() -> Lab {
    make(&Scenario::small(8, Variant::ProxyLogonOab))
}

#[test]
fn a_folder_has_every_file_with_its_time() {
    let (lab, folder) = (lab(), tempfile::tempdir().unwrap());
    for layout in [Layout::Plain, Layout::Kape, Layout::Velociraptor] {
        let root = folder.path().join(format!("{layout:?}"));
        write_folder(&lab, &root, layout).unwrap();
        for file in &lab.files {
            let path = root.join(layout.name(&file.windows_path));
            assert_eq!(fs::read(&path).unwrap(), file.bytes);
            let modified = fs::metadata(&path).unwrap().modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
            assert_eq!(i64::try_from(modified.as_millis()).unwrap(), file.modified.as_millisecond());
        }
    }
}

#[test]
fn a_zip_of_two_servers_has_every_file_with_a_utc_time_and_equal_bytes_each_time() {
    let (one, other, folder) = (lab(), make(&Scenario::small(9, Variant::Benign)), tempfile::tempdir().unwrap());
    let paths = ["a.zip", "b.zip"].map(|name| folder.path().join(name));
    for path in &paths {
        Collection::new(Layout::Velociraptor).with("one", &one).with("other/", &other).zip(path).unwrap();
    }
    assert_eq!(fs::read(&paths[0]).unwrap(), fs::read(&paths[1]).unwrap());
    let mut archive = zip::ZipArchive::new(File::open(&paths[0]).unwrap()).unwrap();
    assert_eq!(archive.len(), one.files.len() + other.files.len());
    for (prefix, lab) in [("one", &one), ("other", &other)] {
        for file in &lab.files {
            let mut entry = archive.by_name(&format!("{prefix}/{}", Layout::Velociraptor.name(&file.windows_path))).unwrap();
            let utc = entry.extra_data_fields().find_map(|field| match field {
                zip::extra_fields::ExtraField::ExtendedTimestamp(times) => times.mod_time(),
                _ => None,
            });
            assert_eq!(utc.map(i64::from), Some(file.modified.as_second()));
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, file.bytes);
        }
    }
    write_zip(&one, &folder.path().join("c.zip"), Layout::Plain).unwrap();
}

#[test]
fn a_tar_gz_has_every_file() {
    let (lab, folder) = (lab(), tempfile::tempdir().unwrap());
    let path = folder.path().join("a.tar.gz");
    write_tar_gz(&lab, &path, Layout::Kape).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(File::open(path).unwrap()));
    let mut files = 0;
    for (entry, file) in archive.entries().unwrap().zip(&lab.files) {
        let mut entry = entry.unwrap();
        assert_eq!(entry.path().unwrap().to_str().unwrap(), Layout::Kape.name(&file.windows_path));
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, file.bytes);
        files += 1;
    }
    assert_eq!(files, lab.files.len());
}
