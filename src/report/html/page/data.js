// The data, and what people decide about it. Nothing here touches the page.

const report = JSON.parse(document.getElementById("data").textContent);
document.getElementById("data").remove();

const { documents, rules, words, passages, findings } = report;

/** The text that a finding speaks of, as the ledger writes it. */
function oldText(finding) {
  const { text } = passages[finding.passage];
  const { changes = [] } = finding;
  if (changes.length > 1) return changes.map(([start, end]) => text.slice(start, end)).join(" … ");
  return text.slice(finding.start, finding.end);
}

const documentOf = (finding) => documents[passages[finding.passage].document];
const ruleOf = (finding) => rules[finding.rule];
const firstReading = (finding) => finding.readings?.[0];
/** Several changes that belong together are taken as they are or not at all. */
const takesText = (finding) => (finding.changes?.length ?? 0) <= 1;

findings.forEach((finding, index) => {
  finding.index = index;
  finding.group = [finding.rule, oldText(finding), firstReading(finding) ?? ""].join("\u0000");
});

/** Findings by rule, text, and what the rule would write: what is decided alike, with one outcome for all. */
const groups = new Map();
for (const finding of findings) {
  if (!groups.has(finding.group)) groups.set(finding.group, []);
  groups.get(finding.group).push(finding);
}

/** Decisions made on this page, by key: two documents with the same text in the same surroundings share one. */
const mine = new Map();
/** The ids of decisions that were exported, by key: a later one takes their place. */
const exported = new Map();
/** The keys of decisions that changed since the last export. */
const unsaved = new Set();
/** What `undo` takes back: for each step the decisions as they were before. */
const steps = [];

/** What holds of a finding: a decision made here, one of the ledger, or none. */
function standing(finding) {
  const own = mine.get(finding.key);
  if (own) return own;
  const { decisions = [] } = finding;
  return decisions.length === 1 ? decisions[0] : null;
}

const STATES = {
  proposed: { name: "Proposed", mark: "○", tells: "an edit that waits for a yes" },
  flagged: { name: "Flagged", mark: "⚑", tells: "something is wrong, and no edit is offered" },
  disputed: { name: "Disputed", mark: "≠", tells: "people decided differently" },
  made: { name: "Made", mark: "●", tells: "an edit that needs nobody's consent" },
  accepted: { name: "Accepted", mark: "✓", tells: "somebody said that it is right" },
  rejected: { name: "Rejected", mark: "✕", tells: "somebody said that it is wrong" },
  later: { name: "Later", mark: "…", tells: "known, and left for another time" },
};
const BY_VERDICT = { accept: "accepted", reject: "rejected", later: "later" };
const BY_STATE = { applied: "made", proposed: "proposed", flagged: "flagged" };

/** Where a finding stands, in a word of `STATES`. */
function stateOf(finding) {
  const decision = standing(finding);
  if (decision) return BY_VERDICT[decision.verdict];
  if (finding.decisions?.length > 1) return "disputed";
  return BY_STATE[finding.state];
}

const isOpen = (state) => state === "proposed" || state === "flagged" || state === "disputed";
const isDecided = (state) => state === "accepted" || state === "rejected" || state === "later";

/** How many findings are in each state. */
function countStates(list) {
  const counts = Object.fromEntries(Object.keys(STATES).map((state) => [state, 0]));
  for (const finding of list) counts[stateOf(finding)] += 1;
  return counts;
}

/** Keeps one verdict for every finding of `list`, as one step. `fresh` is what is to stand there, if not what the rule says. */
function decide(list, verdict, fresh, note) {
  const time = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const before = new Map();
  for (const finding of list) {
    if (before.has(finding.key)) continue;
    before.set(finding.key, mine.get(finding.key));
    const decision = { verdict, time, who: settings.who ?? "" };
    const text = fresh ?? firstReading(finding);
    if (text !== undefined) decision.new = text;
    if (note) decision.note = note;
    mine.set(finding.key, decision);
    unsaved.add(finding.key);
  }
  steps.push({ before: [...before], at: list[0].index });
  keep();
}

/** Takes back what was decided here about a finding, as one step. */
function retract(finding) {
  steps.push({ before: [[finding.key, mine.get(finding.key)]], at: finding.index });
  mine.delete(finding.key);
  unsaved.delete(finding.key);
  keep();
}

/** Takes the last step back; returns it. */
function undo() {
  const step = steps.pop();
  for (const [key, decision] of step?.before ?? []) {
    if (decision) mine.set(key, decision);
    else mine.delete(key);
    unsaved[decision ? "add" : "delete"](key);
  }
  if (step) keep();
  return step;
}

/** What the ledger calls a decision: FNV-1a of what was decided, by whom and when. See `Decision::id`. */
function decisionId(key, { verdict, new: fresh, who, time, note = "" }) {
  const parts = [key, verdict, fresh === undefined ? "-" : `=${fresh}`, who, time, note, "00"];
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(parts.join("\u001f"))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}

/** The decisions as lines of a ledger: what `jiaokan decisions merge` takes. */
function ledgerLines() {
  const lines = [];
  const written = new Set();
  for (const finding of findings) {
    const { key } = finding;
    const decision = mine.get(key);
    if (!decision || written.has(key)) continue;
    written.add(key);
    const id = decisionId(key, decision);
    const known = exported.get(key) ?? [];
    const over = [...(finding.over ?? []), ...known].filter((one) => one !== id);
    const { verdict, new: fresh, note, time, who } = decision;
    const { id: rule, hash: rule_hash } = ruleOf(finding);
    const line = { key, rule, rule_hash, old: oldText(finding), new: fresh, verdict, note, time };
    if (who) line.who = who;
    line.document = documentOf(finding).path;
    if (over.length) line.over = over;
    lines.push(JSON.stringify(line));
    if (!known.includes(id)) exported.set(key, [...known, id]);
  }
  unsaved.clear();
  keep();
  return lines.map((line) => `${line}\n`).join("");
}

// What this browser keeps: decisions by the page they were made on, and settings for all pages. A browser may refuse, for a file
// that was opened from a disk above all: then they last as long as the page, which says so.

const settings = {};
const SETTINGS = "jiaokan:settings";
const PLACE = `jiaokan:decisions:${report.id}`;
let keeps = true;
let waiting = 0;

function stored(place) {
  try {
    return JSON.parse(localStorage.getItem(place)) ?? {};
  } catch {
    return {};
  }
}

function store(place, value) {
  try {
    localStorage.setItem(place, JSON.stringify(value));
    keeps = true;
  } catch {
    keeps = false;
  }
}

function keepSettings() {
  store(SETTINGS, settings);
}

/** Writes soon: a person who holds a key down decides faster than a browser writes. */
function keep() {
  waiting ||= setTimeout(keepNow, 250);
}

function keepNow() {
  clearTimeout(waiting);
  waiting = 0;
  store(PLACE, { mine: [...mine], exported: [...exported], unsaved: [...unsaved] });
}

function recall() {
  Object.assign(settings, stored(SETTINGS));
  const { mine: decisions = [], exported: ids = [], unsaved: open = [] } = stored(PLACE);
  const over = new Map(findings.map((finding) => [finding.key, finding.over ?? []]));
  for (const [key, list] of ids) exported.set(key, list);
  for (const [key, decision] of decisions) {
    // What the ledger has, or has seen and passed over, is not this page's any more.
    const known = over.get(key);
    if (known && !known.includes(decisionId(key, decision))) mine.set(key, decision);
  }
  for (const key of open) if (mine.has(key)) unsaved.add(key);
  store(SETTINGS, settings);
}
