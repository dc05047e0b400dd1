//! What the documents say is so: commands, options, outcomes, rules, detectors and links.

use jiaokan::edit::Applicability;
use jiaokan::pass::{DETECTORS, parameter_docs, rule_schema};
use jiaokan::rule::{Config, Pack};
use std::fs;
use std::path::Path;
use std::process::Command;

const DOCUMENTS: [&str; 10] = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/rules.md",
    "docs/passes.md",
    "docs/lexicon.md",
    "docs/review.md",
    "docs/ci.md",
    "docs/collections.md",
    "corpus/README.md",
];

/// What other programs read.
const SETTINGS: [&str; 2] = ["action.yml", ".pre-commit-hooks.yaml"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The code blocks of `document` in `language`, freed of the indent of a list item.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(opened) = line.trim_start().strip_prefix("```").filter(|opened| !opened.is_empty()) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let inside = lines.by_ref().take_while(|line| line.trim() != "```");
        let block: String = inside.map(|line| line.strip_prefix(indent).unwrap_or(line).to_owned() + "\n").collect();
        if opened == language {
            blocks.push(block);
        }
    }
    blocks
}

fn jiaokan(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_jiaokan")).args(arguments).current_dir(root()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// The YAML of documents and settings, each with its name.
fn yaml() -> Vec<(String, String)> {
    let shown = DOCUMENTS.iter().flat_map(|document| {
        blocks(&read(document), "yaml").into_iter().map(|block| ((*document).to_owned(), block)).collect::<Vec<_>>()
    });
    shown.chain(SETTINGS.iter().map(|path| ((*path).to_owned(), read(path)))).collect()
}

/// The arguments of every example that runs jiaokan.
fn examples() -> Vec<Vec<String>> {
    let mut examples = Vec::new();
    for line in yaml().iter().flat_map(|(_, block)| block.lines()) {
        let command =
            ["run: ", "entry: ", "- ", ""].iter().find_map(|start| line.trim().strip_prefix(start)?.strip_prefix("jiaokan "));
        let plain = command.unwrap_or_default().split(['<', '>', '|']).next().unwrap();
        if plain.contains(' ') || command == Some("check") {
            examples.push(plain.split_whitespace().map(String::from).collect());
        }
    }
    for document in DOCUMENTS {
        for line in blocks(&read(document), "sh").iter().flat_map(|block| block.lines()) {
            let arguments = line.strip_prefix("jiaokan ").or_else(|| {
                let (cargo, arguments) = line.split_once(" -- ")?;
                cargo.starts_with("cargo run").then_some(arguments)
            });
            let Some(arguments) = arguments else { continue };
            let plain = arguments.split(['<', '>', '|']).next().unwrap();
            examples.push(plain.split_whitespace().map(String::from).collect());
        }
    }
    examples
}

#[test]
fn examples_use_commands_and_options_that_exist() {
    let examples = examples();
    assert!(examples.len() >= 10, "{examples:?}");
    for example in examples {
        // Some commands have commands of their own.
        let words = [&*example[0], example.get(1).map_or("", String::as_str)];
        let deeper =
            matches!(words, ["lexicon" | "rules" | "decisions", _] | ["review", "accept" | "reject" | "later" | "forget"]);
        let command: Vec<&str> = example[..1 + usize::from(deeper)].iter().map(String::as_str).chain(["--help"]).collect();
        let (code, help) = jiaokan(&command);
        assert_eq!(code, 0, "{example:?}");
        for option in example.iter().filter(|word| word.len() > 1 && word.starts_with('-') && *word != "--") {
            let known = help.split(|c: char| c.is_whitespace() || c == ',' || c == '[').any(|word| word == option);
            assert!(known, "{example:?}: no option {option}");
        }
    }
}

#[test]
fn yaml_is_yaml_and_says_what_there_is() {
    use saphyr::{LoadableYamlNode, Yaml};
    let parsed: Vec<(String, Yaml)> = yaml()
        .iter()
        .map(|(name, text)| {
            let documents = Yaml::load_from_str(&text.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name.clone(), documents.into_iter().next().unwrap())
        })
        .collect();
    let action = &parsed.iter().find(|(name, _)| name == "action.yml").unwrap().1;
    let inputs: Vec<&str> = action["inputs"].as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()).collect();
    let guide = read("docs/ci.md");
    for input in &inputs {
        assert!(guide.contains(&format!("| `{input}` |")), "docs/ci.md does not describe the input {input}");
    }
    let step = parsed
        .iter()
        .filter(|(name, _)| name == "docs/ci.md")
        .map(|(_, yaml)| yaml)
        .filter_map(|yaml| yaml.as_mapping_get("jobs")?.as_mapping_get("check")?.as_mapping_get("steps")?.as_sequence())
        .flatten()
        .find(|step| step.as_mapping_get("uses").and_then(|uses| uses.as_str()).is_some_and(|uses| uses.contains("/jiaokan@")))
        .unwrap();
    for input in step["with"].as_mapping().unwrap().keys() {
        assert!(inputs.contains(&input.as_str().unwrap()), "action.yml has no input {input:?}");
    }
    let hooks = &parsed.iter().find(|(name, _)| name == ".pre-commit-hooks.yaml").unwrap().1;
    assert_eq!(hooks[0]["id"].as_str(), Some("jiaokan"));
    assert_eq!(hooks[0]["language"].as_str(), Some("rust"));
    let (_, help) = jiaokan(&["check", "--help"]);
    let formats =
        guide.lines().skip_while(|line| !line.starts_with("| format |")).skip(2).take_while(|line| line.starts_with('|'));
    let described: Vec<&str> = formats.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2)).collect();
    let offered: Vec<&str> =
        help.lines().filter_map(|line| line.trim().strip_prefix("- ")?.split_once(':')).map(|(name, _)| name).collect();
    for format in described.iter() {
        assert!(offered.contains(format), "no format {format}: {offered:?}");
    }
    assert_eq!(described.len(), 9);
}

#[test]
fn the_action_runs_as_it_says() {
    use saphyr::{LoadableYamlNode, Yaml};
    let text = read("action.yml");
    let action = Yaml::load_from_str(&text).unwrap().remove(0);
    let script = action["runs"]["steps"][1]["run"].as_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("页 面")).unwrap();
    fs::write(folder.path().join("页 面/a.txt"), "河道 and 河堤由各村巡查。\n").unwrap();
    fs::write(folder.path().join("b.txt"), "").unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_jiaokan")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let run = |paths: &str, args: &str, fail_on: &str| {
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]).current_dir(&folder).env("PATH", &path);
        command.env("INPUT_PATHS", paths).env("INPUT_ARGS", args).env("INPUT_FORMAT", "github").env("INPUT_FAIL_ON", fail_on);
        command.env("INPUT_SARIF", "out.sarif").env("GITHUB_OUTPUT", folder.path().join("output"));
        let output = command.env("GITHUB_STEP_SUMMARY", folder.path().join("summary")).output().ok()?;
        let told = fs::read_to_string(folder.path().join("output")).unwrap_or_default();
        Some((output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), told))
    };
    let Some((code, log, told)) = run("页 面\nb.txt\n", "--threads 1", "any") else { return };
    assert_eq!((code, told.as_str()), (1, "found=true\n"), "{log}");
    assert!(log.starts_with("::warning file=页 面/a.txt,line=1,"), "{log}");
    assert!(fs::read_to_string(folder.path().join("out.sarif")).unwrap().contains("garble/stray-and"));
    assert!(fs::read_to_string(folder.path().join("summary")).unwrap().starts_with("### jiaokan\n"));
    assert_eq!(run("页 面", "", "never").unwrap().0, 0);
    assert_eq!(run("b.txt", "", "any").unwrap().0, 0);
    assert_eq!(run("$(touch x)", "", "never").unwrap().0, 2);
    assert!(!folder.path().join("x").exists());
    assert_eq!(run("b.txt", "", "sometimes").unwrap().0, 2);
}

#[test]
fn the_first_command_shows_what_the_readme_shows() {
    let readme = read("README.md");
    let first = &blocks(&readme, "sh")[0];
    let arguments: Vec<&str> = first.trim().split_once(" -- ").unwrap().1.split_whitespace().collect();
    let (code, output) = jiaokan(&arguments);
    assert_eq!(code, 1, "{output}");
    let shown = &blocks(&readme, "diff")[0];
    assert!(output.contains(shown), "the README shows\n{shown}\nand the command\n{output}");
}

#[test]
fn the_rule_shown_is_the_rule_at_hand() {
    let rule = read("rules/strip/folio-mark.toml");
    assert!(blocks(&read("README.md"), "toml").contains(&rule), "README.md shows another strip/folio-mark");
}

#[test]
fn the_configuration_shown_is_valid() {
    let readme = read("README.md");
    let shown = &blocks(&readme, "toml")[0];
    let config = Config::parse("README.md", shown, Path::new("")).unwrap_or_else(|error| panic!("{error}"));
    Pack::built_in().unwrap().configure(&config).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_table_of_rules_is_complete() {
    let readme = read("README.md");
    let pack = Pack::built_in().unwrap();
    let columns = [Applicability::Auto, Applicability::Review, Applicability::Flag];
    let rows = readme.lines().skip_while(|line| !line.starts_with("| pass |")).skip(2).take_while(|line| line.starts_with('|'));
    let mut listed: Vec<(String, Applicability)> = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        for (names, level) in cells[2..].iter().zip(columns) {
            let names = names.split(", ").map(|name| name.trim_matches('`')).filter(|name| !name.is_empty());
            listed.extend(names.map(|name| (format!("{}/{name}", cells[1]), level)));
        }
    }
    listed.sort();
    let there: Vec<(String, Applicability)> = pack.rules().iter().map(|rule| (rule.id.to_string(), rule.applicability)).collect();
    assert_eq!(listed, there);
}

#[test]
fn the_rule_to_contribute_passes_its_cases() {
    let guide = read("CONTRIBUTING.md");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("garble")).unwrap();
    fs::write(folder.path().join("garble/double-comma.toml"), &blocks(&guide, "toml")[0]).unwrap();
    let rules = folder.path().to_str().unwrap();
    let (code, output) = jiaokan(&["test", "garble/double-comma", "--rules", rules]);
    assert_eq!(code, 0, "{output}");
    assert!(output.contains("2 passed, 0 failed"), "{output}");
}

#[test]
fn every_detector_is_described() {
    let described = read("docs/passes.md");
    for kind in DETECTORS {
        let row = described.lines().find(|line| line.starts_with(&format!("| `{}` |", kind.name)));
        let row = row.unwrap_or_else(|| panic!("docs/passes.md does not describe {}", kind.name));
        for (parameter, meaning) in parameter_docs(kind.pass, kind.name) {
            assert!(!meaning.is_empty(), "{} does not say what {parameter} means", kind.name);
            let told = row.contains(&format!("`{parameter}`")) || row.contains("as for `") || row.contains("the same");
            assert!(told || kind.pass == "profile", "docs/passes.md does not describe {parameter} of {}", kind.name);
        }
    }
    for pass in jiaokan::rule::PASSES {
        assert!(described.contains(&format!("\n## {pass}\n")), "docs/passes.md does not describe the pass {pass}");
    }
}

/// `jiaokan rules schema > docs/rule.schema.json` makes it anew.
#[test]
fn the_schema_of_rules_is_that_of_the_types() {
    let kept: serde_json::Value = serde_json::from_str(&read("docs/rule.schema.json")).unwrap();
    assert!(kept == rule_schema(), "write it again: jiaokan rules schema > docs/rule.schema.json");
}

#[test]
fn links_lead_somewhere() {
    for document in DOCUMENTS {
        let folder = root().join(document).parent().unwrap().to_path_buf();
        let text = read(document);
        // Every other part stands between fences.
        let prose: String = text.split("```").step_by(2).collect();
        for target in prose.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains(' ') || target.starts_with("http") || target.starts_with('#') {
                continue;
            }
            let path = folder.join(target.split('#').next().unwrap());
            assert!(path.exists(), "{document}: {target}");
        }
    }
}
