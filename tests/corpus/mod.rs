//! The clean documents that come with the project.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The name of each document of `corpus/FOLDER/`, such as `clean/forms/loan-receipt.txt`, and its text.
pub fn documents(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut documents = BTreeMap::new();
    for kind in fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
        assert!(kind.is_dir(), "{} is not a folder", kind.display());
        for path in fs::read_dir(&kind).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.strip_prefix(&root).unwrap().components().map(|part| part.as_os_str().to_str().unwrap());
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            documents.insert(name.collect::<Vec<_>>().join("/"), text);
        }
    }
    documents
}
