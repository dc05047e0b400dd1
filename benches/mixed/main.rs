//! Writes mixed Chinese text of any size, made of `corpus/`: what speed and memory are measured on.
//!
//!     cargo bench --bench mixed -- [--size MB] [--seed N] OUT…
//!
//! OUT is a new folder, which gets one file a document, a thousand in a subfolder; or a file named `.jsonl`, which gets one record a
//! document, the text in the field `text`. All get the same documents. Without OUT it only tells the shares.

mod text;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use text::{Document, Material};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mixed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let (mut size, mut seed, mut outputs) = (130, 1, Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|number| number.parse().ok());
        match word.as_str() {
            "--size" => size = number().ok_or("--size takes a number of megabytes")?,
            "--seed" => seed = number().ok_or("--seed takes a number")?,
            "--bench" => {}
            path => outputs.push(Output::new(PathBuf::from(path))?),
        }
    }
    let material = Material::read()?;
    let (mut count, mut bytes) = (0, 0);
    let mut shares: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for document in material.of_size(size as usize * 1_000_000, seed) {
        outputs.iter_mut().try_for_each(|output| output.write(count, &document))?;
        let damage = document.damage.map_or("without damage".to_owned(), |damage| format!("with {damage:?}").to_lowercase());
        for name in [format!("{:?}", document.kind).to_lowercase(), damage] {
            let share = shares.entry(name).or_default();
            *share = (share.0 + 1, share.1 + document.text.len());
        }
        count += 1;
        bytes += document.text.len();
    }
    println!("{count} documents, {:.1} MB, {} bytes each", bytes as f64 / 1e6, bytes / count.max(1));
    for (name, (documents, in_them)) in shares {
        println!("{name:>22} {documents:7} documents {:6.2} % of the bytes", in_them as f64 * 100.0 / bytes as f64);
    }
    outputs.into_iter().try_for_each(Output::finish)
}

enum Output {
    Folder(PathBuf),
    Records(BufWriter<File>),
}

impl Output {
    fn new(path: PathBuf) -> Result<Output, Box<dyn Error>> {
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            return Ok(Output::Records(BufWriter::new(File::create(path)?)));
        }
        if path.exists() {
            return Err(format!("{} is there already: name a new folder", path.display()).into());
        }
        Ok(Output::Folder(path))
    }

    fn write(&mut self, number: usize, document: &Document) -> Result<(), Box<dyn Error>> {
        match self {
            Output::Folder(root) => {
                let folder = root.join(format!("{:03}", number / 1000));
                fs::create_dir_all(&folder)?;
                fs::write(folder.join(format!("{number:06}.txt")), &document.text)?;
            }
            Output::Records(file) => {
                let kind = format!("{:?}", document.kind).to_lowercase();
                let text = serde_json::to_string(&document.text)?;
                writeln!(
                    file,
                    r#"{{"id": "mixed-{number:06}", "kind": "{kind}", "text": {text}, "size": {}}}"#,
                    document.text.len()
                )?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<(), Box<dyn Error>> {
        if let Output::Records(mut file) = self {
            file.flush()?;
        }
        Ok(())
    }
}
