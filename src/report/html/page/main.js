// Decisions, keys, and what stands around list and finding.

/** Shows how far people have come. */
function showProgress() {
  const counts = countStates(findings);
  const decided = sum(Object.keys(counts).filter(isDecided).map((state) => counts[state]));
  const of = findings.length - counts.made;
  byId("progress").textContent = of ? `${number(decided)} of ${number(of)} decided` : "nothing to decide";
  byId("fill").style.width = `${of ? (decided / of) * 100 : 100}%`;
  byId("track").setAttribute("aria-valuemax", String(of));
  byId("track").setAttribute("aria-valuenow", String(decided));
  byId("unsaved").textContent = number(unsaved.size);
  byId("export").disabled = mine.size === 0;
  byId("export").title = keeps
    ? "Download the decisions for `jiaokan decisions merge`"
    : "This browser keeps nothing for this file: export before you close it";
}

/** Asks once who decides, then goes on. */
function withWho(go) {
  if (settings.who !== undefined) return go();
  const dialog = byId("who");
  const close = () => {
    dialog.removeEventListener("close", close);
    if (dialog.returnValue !== "ok") return;
    settings.who = byId("who-name").value.trim();
    keepSettings();
    go();
  };
  dialog.addEventListener("close", close);
  dialog.returnValue = "";
  return dialog.showModal();
}

/** Decides about the finding at hand, or about all that are alike, and goes to the next. The same once more takes it back. */
function answer(verdict, { fresh, all = false } = {}) {
  const finding = current();
  if (!finding) return;
  const note = byId("note")?.value.trim() ?? "";
  const own = mine.get(finding.key);
  if (!all && own?.verdict === verdict && (own.note ?? "") === note && own.new === (fresh ?? firstReading(finding))) {
    const isOut = exported.has(finding.key);
    retract(finding);
    refresh();
    showProgress();
    showDetail();
    tell(isOut ? "Taken back here; if it was merged, the ledger still has it: jiaokan review forget" : "Taken back");
    return;
  }
  withWho(() => {
    const these = all ? alike(finding) : [finding];
    const at = list.at;
    decide(these, verdict, fresh, note);
    list.opened = all ? "" : list.opened;
    refresh();
    showProgress();
    advance(finding, at);
    const name = STATES[BY_VERDICT[verdict]].name;
    const state = these.length > 1 ? `${number(these.length)} findings: ${name.toLowerCase()}` : `${name}: ${plain(clip(oldText(finding), 12)) || plain(ruleOf(finding).title)}`;
    tell(`${state} – undo with u`);
  });
}

/** After a decision: the next entry, or the one that took the place of what left the list. */
function advance(finding, at) {
  const stays = shownBy(list.entries[at]) === finding;
  pick(stays ? at + 1 : at);
  byId("list").focus();
}

function takeBack() {
  const step = undo();
  if (!step) return;
  refresh();
  showProgress();
  const index = list.entries.findIndex((entry) => shownBy(entry).index === step.at);
  if (index >= 0) pick(index);
  else showDetail();
  tell(step.before.length > 1 ? `${number(step.before.length)} decisions undone` : "Undone");
  byId("list").focus();
}

/** Downloads the decisions as a file of a ledger. */
function download() {
  const lines = ledgerLines();
  const address = URL.createObjectURL(new Blob([lines], { type: "application/jsonl" }));
  const link = el("a", { href: address, download: `decisions-${report.id.slice(0, 8)}.jsonl` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  showProgress();
  tell(`${counted(mine.size, "decision")} exported: jiaokan decisions merge decisions-${report.id.slice(0, 8)}.jsonl`);
}

function showTab(name) {
  for (const one of ["overview", "findings"]) {
    const tab = byId(`tab-${one}`);
    tab.setAttribute("aria-selected", String(one === name));
    tab.tabIndex = one === name ? 0 : -1;
    byId(one).hidden = one !== name;
  }
  document.body.classList.remove("reading");
  if (name === "overview") showOverview();
  else showRows();
}

const isDark = () => (settings.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

function showTheme() {
  if (settings.theme) document.documentElement.dataset.theme = settings.theme;
  byId("theme").textContent = isDark() ? "☀" : "☾";
}

const KEYS = [
  ["j k ↓ ↑", "next and previous finding"],
  ["a", "accept: the edit is right"],
  ["r", "reject: the rule is wrong here"],
  ["l", "leave it for later"],
  ["A R L", "the same for all that are alike: one rule, one text, and let through by the filters"],
  ["1 – 9", "accept this choice"],
  ["e", "type what is to stand there"],
  ["n", "write a note"],
  ["u", "undo"],
  ["v", "side by side, or inline"],
  ["g", "group findings that are alike"],
  ["→ ←", "open and close a group"],
  ["/", "search"],
  ["o", "overview and back"],
  ["x", "export"],
  ["?", "this help"],
];

function showHelp() {
  const dialog = byId("help");
  const keys = el("dl", { class: "keys" });
  for (const [names, tells] of KEYS) {
    const caps = names.split(" ").map((name) => (name === "–" ? "–" : el("kbd", {}, name)));
    keys.append(el("div", {}, el("dt", {}, ...caps), el("dd", {}, tells)));
  }
  const single = el("input", { type: "checkbox" });
  single.checked = settings.keys !== false;
  single.addEventListener("change", () => {
    settings.keys = single.checked;
    keepSettings();
  });
  const name = el("input", { "aria-label": "Your name", maxlength: 100 });
  name.value = settings.who ?? "";
  name.addEventListener("change", () => {
    settings.who = name.value.trim();
    keepSettings();
  });
  dialog.replaceChildren(
    el("form", { method: "dialog" },
      el("h2", { id: "help-title" }, "Keys"),
      keys,
      el("p", {}, el("label", {}, single, " Single keys decide (turn off if you speak to your computer)")),
      el("p", {}, el("label", {}, "Who decides: ", name)),
      el("h2", {}, "How it goes on"),
      el("p", {}, keeps
        ? "Decisions are kept in this browser until you export them. Then, in the folder of the corpus:"
        : "This browser keeps nothing for this file: export before you close it. Then, in the folder of the corpus:"),
      el("pre", {}, `jiaokan decisions merge decisions-${report.id.slice(0, 8)}.jsonl\njiaokan clean PATHS -o cleaned --apply accepted`),
      el("div", { class: "row" }, el("button", { class: "primary", value: "ok", autofocus: true }, "Close"))),
  );
  dialog.showModal();
}

const BY_KEY = {
  j: () => pick(list.at + 1),
  k: () => pick(list.at - 1),
  ArrowDown: () => pick(list.at + 1),
  ArrowUp: () => pick(list.at - 1),
  ArrowRight: () => toggleGroup(true),
  ArrowLeft: () => toggleGroup(false),
  Enter: () => (list.entries[list.at]?.all ? toggleGroup() : pick(list.at, true)),
  PageDown: () => pick(list.at + Math.max(1, Math.floor(byId("list").clientHeight / ROW) - 1)),
  PageUp: () => pick(list.at - Math.max(1, Math.floor(byId("list").clientHeight / ROW) - 1)),
  Home: () => pick(0),
  End: () => pick(list.entries.length - 1),
  Escape: () => document.body.classList.remove("reading"),
  a: () => answer("accept"),
  r: () => answer("reject"),
  l: () => answer("later"),
  A: () => answer("accept", { all: true }),
  R: () => answer("reject", { all: true }),
  L: () => answer("later", { all: true }),
  e: edit,
  n: () => byId("note")?.focus(),
  u: takeBack,
  v: () => {
    detail.sideBySide = !detail.sideBySide;
    showDetail();
  },
  g: () => byId("grouped").click(),
  "/": () => byId("search").focus(),
};

/** Keys that hold on both parts of the page. */
const ANYWHERE = {
  "?": showHelp,
  o: () => showTab(byId("overview").hidden ? "overview" : "findings"),
  x: () => mine.size && download(),
};

/** Keys that mean something to the element that has them. */
const NATIVE = new Set(["Enter", "ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End"]);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const { target, key } = event;
  if (target.matches("input:not([type=checkbox]), textarea, select")) {
    if (key === "Escape" || (key === "Enter" && target.matches("input"))) byId("list").focus();
    return;
  }
  if (settings.keys === false && !NATIVE.has(key)) return;
  // A key that a focused element takes itself is that element's.
  if (NATIVE.has(key) && target !== byId("list") && target !== document.body) return;
  const inList = !byId("findings").hidden;
  const choice = inList && /^[1-9]$/.test(key) ? current()?.readings?.[Number(key) - 1] : undefined;
  const run = choice === undefined ? (inList && BY_KEY[key]) || ANYWHERE[key] : () => answer("accept", { fresh: choice });
  if (!run) return;
  event.preventDefault();
  run();
});

byId("list").addEventListener("scroll", () => {
  showRows.frame ??= requestAnimationFrame(() => {
    showRows.frame = undefined;
    showRows();
  });
});

byId("search").addEventListener("input", () => {
  clearTimeout(refresh.timer);
  refresh.timer = setTimeout(() => setFilter({ text: byId("search").value.trim().toLowerCase() }), 80);
});
for (const name of ["rule", "document", "severity"]) {
  byId(`by-${name}`).addEventListener("change", (event) => {
    const { value } = event.target;
    event.target.blur();
    setFilter({ [name]: value });
  });
}
byId("grouped").addEventListener("change", (event) => {
  const finding = current();
  list.grouped = event.target.checked;
  list.opened = "";
  refresh();
  const index = list.entries.findIndex((entry) => (entry.all ? entry.first.group === finding?.group : entry === finding));
  pick(Math.max(0, index));
  byId("list").focus();
});
for (const name of ["overview", "findings"]) {
  byId(`tab-${name}`).addEventListener("click", () => showTab(name));
  byId(`tab-${name}`).addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = name === "overview" ? "findings" : "overview";
    showTab(other);
    byId(`tab-${other}`).focus();
  });
}
byId("export").addEventListener("click", download);
byId("help-open").addEventListener("click", showHelp);
byId("theme").addEventListener("click", () => {
  settings.theme = isDark() ? "light" : "dark";
  keepSettings();
  showTheme();
});
addEventListener("resize", () => showRows());
addEventListener("pagehide", keepNow);
addEventListener("beforeunload", (event) => {
  if (!keeps && unsaved.size > 0) event.preventDefault();
});

recall();
showTheme();
showProgress();
if (!findings.some((finding) => isOpen(stateOf(finding)))) filter.state = "all";
refresh();
showDetail();
showOverview();
