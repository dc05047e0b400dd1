//! `clean` and `check` on tables, archives, streams and folders of collections.

use crate::common::Scratch;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// A table of `groups` row groups with `rows` rows each: a number, a text that is sometimes null, a text inside, which is sometimes
/// null with all around it.
fn table(scratch: &Scratch, name: &str, groups: usize, rows: usize) {
    let schema = parse_message_type(
        "message records {
            required int64 id;
            optional binary text (string);
            optional group meta { optional binary body (string); }
        }",
    );
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(vec![KeyValue::new("origin".to_owned(), Some("测试".to_owned()))]))
        .build();
    let file = File::create(scratch.path(name)).unwrap();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema.unwrap()), Arc::new(properties)).unwrap();
    for group in 0..groups {
        let numbers: Vec<i64> = (0..rows).map(|row| (group * rows + row) as i64).collect();
        let texts = |null: i64, levels: [i16; 2], word: &str| {
            let text = |n: &i64| {
                ByteArray::from(format!("第{n}{word}，甲 and 乙{}", "在河边说话。".repeat(*n as usize % 23)).into_bytes())
            };
            let there: Vec<ByteArray> = numbers.iter().filter(|&n| n % null != 0).map(text).collect();
            (there, numbers.iter().map(|n| levels[usize::from(n % null != 0)]).collect::<Vec<i16>>())
        };
        let mut rows = writer.next_row_group().unwrap();
        let mut column = rows.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&numbers, None, None).unwrap();
        column.close().unwrap();
        for (values, levels) in [texts(5, [0, 1], "段"), texts(3, [(group % 2) as i16, 2], "节")] {
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
        }
        rows.close().unwrap();
    }
    writer.close().unwrap();
}

/// The rows of a table as people write them, and what is said of the table.
fn rows(scratch: &Scratch, name: &str) -> Vec<String> {
    let reader = SerializedFileReader::new(File::open(scratch.path(name)).unwrap()).unwrap();
    let about = reader.metadata().file_metadata();
    let mut all = vec![format!("{:?} {:?}", about.schema(), about.key_value_metadata())];
    for group in reader.metadata().row_groups() {
        all.push(format!("{} {:?}", group.num_rows(), group.columns().iter().map(|c| c.compression()).collect::<Vec<_>>()));
    }
    all.extend(reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()));
    all
}

fn hidden(scratch: &Scratch) -> Vec<String> {
    let names = fs::read_dir(scratch.path("")).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| name.starts_with('.')).collect()
}

#[test]
fn of_a_table_the_text_alone_is_changed() {
    let scratch = Scratch::new();
    table(&scratch, "in.parquet", 4, 500);
    let before = rows(&scratch, "in.parquet");
    // Once with parts that are joined, once without.
    for (output, options) in [("a.parquet", "--checkpoint 1K"), ("b.parquet", "--threads 1")] {
        scratch
            .run(&format!("clean in.parquet -o {output} {options}"))
            .ends(0)
            .complains(&["2000 records, 1600 changed, 400 without text"]);
        let after = rows(&scratch, output);
        assert_eq!(before.len(), after.len());
        for (before, after) in before.iter().zip(&after) {
            let (head, rest) = before.split_once("段，甲 and 乙").unwrap_or((before, ""));
            let expected = if rest.is_empty() { before.clone() } else { format!("{head}段，甲和乙{rest}") };
            assert_eq!(*after, expected);
        }
    }
    scratch.run("clean in.parquet -o n.parquet --field meta.body --findings").ends(0);
    let after = rows(&scratch, "n.parquet");
    assert!(after.iter().zip(&before).all(|(after, before)| *after == before.replace("节，甲 and 乙", "节，甲和乙")));
    assert!(scratch.text("n.findings.jsonl").starts_with("{\"path\":\"in.parquet:2\""), "{}", scratch.text("n.findings.jsonl"));
    scratch
        .run("clean in.parquet -o x.parquet --field body")
        .ends(2)
        .complains(&["no column is called `body`", "text, meta.body"]);
    scratch.run("clean in.parquet -o x.parquet --field id").ends(2).complains(&["does not hold one text a row"]);
    scratch.write("bad.parquet", "PAR1 is no table");
    scratch.run("clean bad.parquet -o x.parquet").ends(2).complains(&["bad.parquet", "cannot be read"]);
    assert_eq!(hidden(&scratch), Vec::<String>::new());
}

#[test]
fn a_table_that_is_killed_goes_on_where_it_was() {
    let scratch = Scratch::new();
    table(&scratch, "in.parquet", 24, 400);
    let clean = |output: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jiaokan"));
        let findings = format!("--findings={output}.findings.parquet");
        command.args(["clean", "in.parquet", "-o", output, "--checkpoint", "8K", &findings, "--rules", "rules"]);
        command.current_dir(scratch.path("")).stderr(Stdio::null());
        command
    };
    assert!(clean("whole.parquet").status().unwrap().success());
    let moments = std::env::var("JIAOKAN_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20);
    let compare = || {
        for ending in ["parquet", "parquet.findings.parquet"] {
            let [whole, out] = ["whole", "out"].map(|name| scratch.read(&format!("{name}.{ending}")));
            assert!(whole == out, "{ending} differs");
            fs::remove_file(scratch.path(&format!("out.{ending}"))).unwrap();
        }
    };
    let mut killed = 0;
    for moment in 0..moments {
        let mut child = clean("out.parquet").spawn().unwrap();
        std::thread::sleep(Duration::from_millis(3 + moment * 7 % 120));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        let ended = child.wait().unwrap().success();
        // Perhaps it was killed when all was in its place, and before it could say so.
        if ended || scratch.path("out.parquet").exists() && !scratch.path(".out.parquet.progress").exists() {
            compare();
        }
    }
    assert!(killed * 5 >= moments, "only {killed} of {moments} runs were killed");
    assert!(clean("out.parquet").status().unwrap().success());
    compare();
    let left = hidden(&scratch);
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn containers_become_others() {
    let scratch = Scratch::new();
    let lines = "{\"id\":1,\"text\":\"甲 and 乙\",\"n\":1.5,\"meta\":{\"a\":[1, 2]},\"ok\":true}\n\
                 {\"id\":9007199254740993,\"text\":null,\"n\":2,\"mixed\":\"x\"}\n{\"id\":3,\"text\":\"丙\",\"mixed\":7}\n";
    scratch.write("in.jsonl", lines);
    scratch.run("clean in.jsonl -o out.parquet").ends(0).complains(&["3 records, 1 changed, 1 without text"]);
    scratch.run("clean out.parquet -o back.jsonl.zst").ends(0).complains(&["0 changed"]);
    scratch.run("clean back.jsonl.zst -o back.jsonl").ends(0);
    let rows = "{\"id\":1,\"text\":\"甲和乙\",\"n\":1.5,\"meta\":\"{\\\"a\\\":[1, 2]}\",\"ok\":true,\"mixed\":null}\n\
                {\"id\":9007199254740993,\"text\":null,\"n\":2.0,\"meta\":null,\"ok\":null,\"mixed\":\"\\\"x\\\"\"}\n\
                {\"id\":3,\"text\":\"丙\",\"n\":null,\"meta\":null,\"ok\":null,\"mixed\":\"7\"}\n";
    assert_eq!(scratch.text("back.jsonl"), rows);
    scratch.write("in/b.txt", "甲 and 乙\r\n");
    scratch.write("in/a/c.md", "丙 and 丁\n");
    for output in ["folder.jsonl", "folder.parquet"] {
        scratch.run(&format!("clean in -o {output}")).ends(0).complains(&["2 records, 2 changed"]);
    }
    let folder = "{\"path\":\"a/c.md\",\"text\":\"丙和丁\\n\"}\n{\"path\":\"b.txt\",\"text\":\"甲和乙\\r\\n\"}\n";
    assert_eq!(scratch.text("folder.jsonl"), folder);
    scratch.run("clean folder.parquet -o folder-back.jsonl").ends(0);
    assert_eq!(scratch.text("folder-back.jsonl"), folder);
    scratch.run("clean in -o x.tar").ends(2).complains(&["only an archive becomes one", ".jsonl or .parquet"]);
    scratch.run("clean in.jsonl in -o x.jsonl").ends(2).complains(&["name a folder"]);
    assert_eq!(hidden(&scratch), Vec::<String>::new());
}

/// An archive with a long name, a link, a member that is no text, and blocks at its end.
fn archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o640);
        header.set_mtime(1_234_567_890);
        archive.append_data(&mut header, name, bytes).unwrap();
    };
    add("a.txt", "甲 and 乙\n".as_bytes());
    add("picture.png", &[7; 3000]);
    add(&format!("{}/b.txt", "很长".repeat(40)), "丙 and 丁\n".repeat(100).as_bytes());
    add("as-it-is.txt", "不改\n".as_bytes());
    add("bad.txt", b"\xff\xfe\xfd and");
    let mut bytes = archive.into_inner().unwrap();
    bytes.extend([0; 4096]);
    bytes
}

#[test]
fn of_an_archive_only_texts_change() {
    let scratch = Scratch::new();
    scratch.write("in.tar", archive());
    scratch
        .run("clean in.tar -o out.tar.gz --encoding utf-8")
        .ends(1)
        .complains(&["4 records, 2 changed", "1 record could not be read and was"]);
    scratch.run("clean out.tar.gz -o again.tar --encoding utf-8").ends(1).complains(&["0 changed"]);
    let (before, after) = (archive(), scratch.read("again.tar"));
    let members = |bytes: &[u8]| {
        let mut archive = tar::Archive::new(bytes.to_vec().leak() as &[u8]);
        let members = archive.entries().unwrap().map(|entry| {
            let mut entry = entry.unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
            let header = entry.header();
            (entry.path_bytes().into_owned(), header.mode().unwrap(), header.mtime().unwrap(), content)
        });
        members.collect::<Vec<_>>()
    };
    let mut expected = members(&before);
    for (.., content) in &mut expected {
        if let Ok(text) = std::str::from_utf8(content) {
            *content = text.replace(" and ", "和").into_bytes();
        }
    }
    assert_eq!(members(&after), expected);
    // Shorter by the block that the longer text lost.
    assert_eq!(before.len() - after.len(), 512);
    scratch
        .run("check in.tar --encoding utf-8 --format jsonl")
        .ends(2)
        .shows(&["\"path\":\"in.tar:a.txt\""])
        .complains(&["in.tar:bad.txt"]);
    scratch.write("cut.tar", &before[..before.len() - 4096 - 1024 - 700]);
    scratch.run("clean cut.tar -o x.tar").ends(2).complains(&["cut.tar", "ends within a member"]);
    scratch.write("head.tar", &before[..100]);
    scratch.run("clean head.tar -o z.tar").ends(2).complains(&["head.tar", "ends within a member's header"]);
    scratch.write("no.tar", [1; 2000]);
    scratch.run("clean no.tar -o y.tar").ends(2).complains(&["no tape archive"]);
}

#[test]
fn streams_are_collections_when_they_are_said_to_be() {
    let scratch = Scratch::new();
    let lines = "{\"text\":\"甲 and 乙\"}\n{\"text\":\"丙\"}";
    let cleaned = "{\"text\":\"甲和乙\"}\n{\"text\":\"丙\"}";
    let run = scratch.pipe("clean - --input-format jsonl", lines).ends(0).complains(&["2 records, 1 changed"]);
    assert_eq!(run.out, cleaned);
    scratch.pipe("clean - --input-format jsonl -o out.jsonl.gz", lines).ends(0);
    let run = scratch.pipe("clean - --input-format jsonl --findings=f.jsonl", scratch.read("out.jsonl.gz")).ends(0);
    assert_eq!(run.out, cleaned);
    scratch.write("in.jsonl", lines);
    assert_eq!(scratch.run("clean in.jsonl -o -").ends(0).out, cleaned);
    scratch.pipe("check - --input-format jsonl --format jsonl", lines).ends(1).shows(&["\"path\":\"-:1\""]);
    assert_eq!(scratch.pipe("clean -", "甲 and 乙").ends(0).out, "甲和乙");
    scratch.pipe("clean - --input-format parquet", lines).ends(2).complains(&["cannot be read"]);
    scratch.pipe("clean - --input-format jsonl -o x.parquet", lines).ends(2).complains(&["give them in a file"]);
    assert_eq!(hidden(&scratch), Vec::<String>::new());
}

#[test]
fn collections_in_folders_are_found() {
    let scratch = Scratch::new();
    let original = "{\"text\":\"甲 and 乙\"}\n{\"text\":7}\n".to_owned();
    scratch.write("in/a.jsonl", &original);
    scratch.write("in/sub/b.txt", "丙 and 丁\n");
    let check = scratch.run("check in --format jsonl").ends(2).complains(&["in/a.jsonl:2: `text` is no string"]);
    assert!(check.out.contains("\"path\":\"in/a.jsonl:1\"") && check.out.contains("\"path\":\"in/sub/b.txt\""), "{check:?}");
    scratch.run("check in/a.jsonl --field body").ends(2).complains(&["no record has a text in the field `body`"]);
    scratch.run("clean in -o out --summary figures.json").ends(1);
    assert_eq!(scratch.text("out/a.jsonl"), "{\"text\":\"甲和乙\"}\n");
    assert_eq!(scratch.text("out/sub/b.txt"), "丙和丁\n");
    scratch
        .run("clean in --in-place")
        .ends(1)
        .complains(&["which is kept as in/a.jsonl.bak", "1 record could not be read and was"]);
    assert_eq!((scratch.text("in/a.jsonl"), scratch.text("in/sub/b.txt")), (scratch.text("out/a.jsonl"), "丙和丁\n".into()));
    assert_eq!((scratch.text("in/a.jsonl.bak"), scratch.text("in/sub/b.txt.bak")), (original, "丙 and 丁\n".into()));
    scratch.run("check none*.jsonl").ends(2).complains(&["none*.jsonl", "nothing matches this pattern"]);
}

#[test]
fn collections_are_cleaned_in_their_place() {
    let scratch = Scratch::new();
    table(&scratch, "in.parquet", 4, 500);
    for (name, made_of) in [("in.jsonl.zst", "in.parquet"), ("in.parquet", "in.parquet")] {
        if name != made_of {
            scratch.run(&format!("clean {made_of} -o {name} --field meta.body")).ends(0);
        }
        let original = scratch.read(name);
        scratch.run(&format!("clean {name} -o whole-{name}")).ends(0);
        scratch.run(&format!("clean {name} --in-place --findings")).ends(0).complains(&[&format!("kept as {name}.bak")]);
        assert!(scratch.read(name) == scratch.read(&format!("whole-{name}")), "{name}");
        assert!(scratch.read(&format!("{name}.bak")) == original, "{name}");
        assert!(scratch.path("in.findings.jsonl").exists() || scratch.path("in.findings.jsonl.zst").exists());
        // What needs no change is not touched, whatever is kept beside it.
        let before = fs::metadata(scratch.path(name)).unwrap().modified().unwrap();
        scratch.run(&format!("clean {name} --in-place --backup-suffix .old")).ends(0).complains(&["stays as it is"]);
        assert_eq!(fs::metadata(scratch.path(name)).unwrap().modified().unwrap(), before);
        assert!(!scratch.path(&format!("{name}.old")).exists());
        assert!(hidden(&scratch).is_empty(), "{:?}", hidden(&scratch));
    }
    scratch.write("a.jsonl", "{\"text\":\"甲 and 乙\"}\n");
    scratch.write("a.jsonl.bak", "mine");
    scratch.run("clean a.jsonl --in-place").ends(2).complains(&["a.jsonl.bak exists"]);
    assert_eq!((scratch.text("a.jsonl").as_str(), scratch.text("a.jsonl.bak").as_str()), ("{\"text\":\"甲 and 乙\"}\n", "mine"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(scratch.path("a.jsonl"), fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("a.jsonl", scratch.path("link.jsonl")).unwrap();
        scratch.run("clean link.jsonl --in-place --backup-suffix .old").ends(0);
        assert_eq!(scratch.text("a.jsonl"), "{\"text\":\"甲和乙\"}\n");
        assert_eq!(fs::metadata(scratch.path("a.jsonl")).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(scratch.path("link.jsonl").is_symlink() && scratch.path("a.jsonl.old").exists());
    }
}

#[test]
fn records_become_files_of_their_own() {
    let scratch = Scratch::new();
    let lines = "{\"id\":\"../甲/乙\",\"text\":\"甲 and 乙\\n\"}\n\n{\"id\":\"../甲/乙\",\"text\":\"丙\"}\n{\"id\":7}\n{\"text\":7}\n{\"id\":8,\"text\":\"\"}\n";
    scratch.write("in.jsonl", lines);
    let names = |folder: &str| scratch.tree(folder).into_iter().map(|(path, _)| path.display().to_string()).collect::<Vec<_>>();
    scratch
        .run("clean in.jsonl -o out --texts --findings")
        .ends(1)
        .complains(&["5 records, 1 changed, 1 without text", "out.put-aside.jsonl"]);
    assert_eq!(names("out"), ["000000001.txt", "000000003.txt", "000000006.txt"]);
    assert_eq!((scratch.text("out/000000001.txt"), scratch.text("out/000000003.txt")), ("甲和乙\n".into(), "丙".into()));
    assert!(scratch.text("out.put-aside.jsonl").contains("\"line\":5") && scratch.path("out.findings.jsonl").exists());
    scratch.run("clean in.jsonl -o named --texts=id").ends(1);
    assert_eq!(names("named"), ["000000001-.._甲_乙.txt", "000000003-.._甲_乙.txt", "000000006-8.txt"]);
    scratch.run("clean in.jsonl -o out --texts").ends(2).complains(&["out exists and is not empty", "--overwrite"]);
    scratch.run("clean in.jsonl -o out --texts --overwrite").ends(1);
    scratch.run("clean in.jsonl --in-place --texts").ends(2).complains(&["--texts"]);
    scratch.run("clean in.jsonl -o x.jsonl --texts").ends(2).complains(&["name it with -o DIR"]);
    scratch.run("clean in.jsonl in.jsonl -o x --texts").ends(2).complains(&["one collection"]);
    scratch.run("clean out -o x --texts").ends(2).complains(&["one collection"]);
    scratch.pipe("clean - --input-format jsonl -o piped --texts", lines).ends(1);
    assert_eq!(scratch.tree("piped"), scratch.tree("out"));

    table(&scratch, "in.parquet", 2, 5);
    scratch.run("clean in.parquet -o table --texts=id --field meta.body").ends(0);
    assert_eq!(names("table")[0], "000000002-1.txt");
    assert!(scratch.text("table/000000002-1.txt").starts_with("第1节，甲和乙"));
    assert!(hidden(&scratch).is_empty(), "{:?}", hidden(&scratch));
}

#[test]
fn a_folder_of_texts_that_is_killed_goes_on() {
    let scratch = Scratch::new();
    let lines = (0..2000).map(|n| format!("{{\"text\":\"第{n}段，甲 and 乙{}\"}}\n", "说了一句话。".repeat(n % 23)));
    scratch.write("in.jsonl", lines.collect::<String>());
    scratch.run("clean in.jsonl -o whole --texts").ends(0);
    let texts = |folder: &str| {
        let mut files = scratch.tree(folder);
        // What was being written when the run was killed.
        files.retain(|(path, _)| !path.to_string_lossy().starts_with('.'));
        files
    };
    let mut killed = 0;
    for moment in 0..12 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jiaokan"));
        command.args(["clean", "in.jsonl", "-o", "out", "--texts", "--checkpoint", "8K", "--rules", "rules"]);
        let mut child = command.current_dir(scratch.path("")).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(30 + moment * 17 % 200));
        killed += usize::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        let status = child.wait().unwrap();
        assert_ne!(status.code(), Some(2));
        if !scratch.path(".out.progress").exists() {
            // It has not begun, or all was in its place.
            fs::remove_dir_all(scratch.path("out")).unwrap_or_default();
        } else if moment % 3 == 2 {
            // What was begun is gone on with, from before the first point too.
            scratch.run("clean in.jsonl -o out --texts --checkpoint 8K").ends(0);
            assert!(texts("out") == texts("whole"));
            fs::remove_dir_all(scratch.path("out")).unwrap();
        }
    }
    assert!(killed > 0);
    fs::remove_dir_all(scratch.path("out")).unwrap_or_default();
    scratch.run("clean in.jsonl -o out --texts --checkpoint 8K --restart").ends(0);
    assert!(texts("out") == texts("whole"));
}

#[test]
fn a_run_in_place_that_is_killed_goes_on() {
    let scratch = Scratch::new();
    let original: String =
        (0..20_000).map(|n| format!("{{\"text\":\"第{n}段，甲 and 乙在河边{}\"}}\n", "说了一句话。".repeat(n % 23))).collect();
    scratch.write("in.jsonl", &original);
    scratch.run("clean in.jsonl -o whole.jsonl").ends(0);
    let whole = scratch.text("whole.jsonl");
    let mut killed = 0;
    for moment in 0..25 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jiaokan"));
        command.args(["clean", "in.jsonl", "--in-place", "--checkpoint", "64K", "--rules", "rules"]);
        let mut child = command.current_dir(scratch.path("")).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(3 + moment * 17 % 400));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        let now = scratch.text("in.jsonl");
        assert!(now == original || now == whole, "half of it");
        if now == whole {
            assert!(scratch.text("in.jsonl.bak") == original);
            fs::remove_file(scratch.path("in.jsonl.bak")).unwrap();
            fs::remove_file(scratch.path("in.jsonl")).unwrap();
            scratch.write("in.jsonl", &original);
        }
    }
    assert!(killed >= 5, "only {killed} of 25 runs were killed");
    scratch.run("clean in.jsonl --in-place --checkpoint 64K").ends(0);
    assert!(scratch.text("in.jsonl") == whole && scratch.text("in.jsonl.bak") == original);
    assert!(hidden(&scratch).is_empty(), "{:?}", hidden(&scratch));
}

#[test]
fn folders_of_texts_have_figures_too() {
    let scratch = Scratch::new();
    scratch.write("in/b.txt", "丙 and 丁\n");
    scratch.run("clean in -o out --summary figures.json").ends(0).complains(&[
        "1 document, 1 changed",
        "found nothing",
        "a second",
    ]);
    let figures: serde_json::Value = serde_json::from_str(&scratch.text("figures.json")).unwrap();
    assert_eq!((&figures["figures"]["characters"], &figures["figures"]["removed"]), (&8.into(), &5.into()));
}
