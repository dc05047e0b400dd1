// The list: filters, what they leave, and the few rows of it that are in sight.

const filter = { state: "open", rule: "", document: "", severity: "", text: "" };
const STATE_CHIPS = ["all", "open", ...Object.keys(STATES)];
const inState = (state, wanted) => wanted === "all" || state === wanted || (wanted === "open" && isOpen(state));

/** Pixels of a row; the style sheet knows it, too. */
const ROW = 64;
/** Rows above and below those in sight. */
const SPARE = 8;

const list = {
  /** What the list shows: findings, or groups of them in their order: `{ first, all, open }`. */
  entries: [],
  at: 0,
  grouped: false,
  /** The group whose findings are shown, too. */
  opened: "",
};

/** All that a search looks at, made when it is first needed. */
function haystack(finding) {
  if (finding.hay === undefined) {
    const { text } = passages[finding.passage];
    const before = text.slice(Math.max(0, finding.start - 40), finding.start).split(/[\r\n]/).at(-1);
    const after = text.slice(finding.end, finding.end + 40).split(/[\r\n]/)[0];
    const around = before + text.slice(finding.start, Math.min(finding.end, finding.start + 400)) + after;
    const rule = ruleOf(finding);
    const parts = [around, rule.id, rule.title, words[finding.message], documentOf(finding).name, ...(finding.readings ?? [])];
    finding.hay = parts.join("\n").toLowerCase();
  }
  return finding.hay;
}

/** Whether every filter but that of the state lets a finding pass. */
function passes(finding) {
  if (filter.rule && ruleOf(finding).id !== filter.rule) return false;
  if (filter.document !== "" && passages[finding.passage].document !== Number(filter.document)) return false;
  if (filter.severity && finding.severity !== filter.severity) return false;
  return !filter.text || haystack(finding).includes(filter.text);
}

/** Works out what the list shows, and how many findings each filter would leave. */
function refresh() {
  const counts = { state: {}, rule: new Map(), document: new Map(), severity: {} };
  const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1);
  const left = [];
  for (const finding of findings) {
    if (filter.text && !haystack(finding).includes(filter.text)) continue;
    const state = stateOf(finding);
    const rule = ruleOf(finding).id;
    const { document: place } = passages[finding.passage];
    const fits = {
      state: inState(state, filter.state),
      rule: !filter.rule || rule === filter.rule,
      document: filter.document === "" || place === Number(filter.document),
      severity: !filter.severity || finding.severity === filter.severity,
    };
    const misses = 4 - fits.state - fits.rule - fits.document - fits.severity;
    if (misses === 0) left.push(finding);
    // What only one filter keeps out counts for that filter's other choices.
    const only = (name) => misses === 0 || (misses === 1 && !fits[name]);
    if (only("state")) {
      for (const chip of STATE_CHIPS) if (inState(state, chip)) counts.state[chip] = (counts.state[chip] ?? 0) + 1;
    }
    if (only("rule")) count(counts.rule, rule);
    if (only("document")) count(counts.document, place);
    if (only("severity")) counts.severity[finding.severity] = (counts.severity[finding.severity] ?? 0) + 1;
  }
  list.entries = list.grouped ? grouped(left) : left;
  list.at = Math.min(list.at, Math.max(0, list.entries.length - 1));
  showFilters(counts, left.length);
  showRows(true);
}

/** Findings by group, the largest group first; those of the group that is opened stand under it. */
function grouped(left) {
  const byGroup = new Map();
  for (const finding of left) {
    const entry = byGroup.get(finding.group);
    if (entry) entry.all.push(finding);
    else byGroup.set(finding.group, { first: finding, all: [finding] });
  }
  const ordered = [...byGroup.values()].sort((a, b) => b.all.length - a.all.length || a.first.index - b.first.index);
  return ordered.flatMap((entry) => (entry.first.group === list.opened ? [entry, ...entry.all] : [entry]));
}

/** The finding that an entry of the list stands for. */
const shownBy = (entry) => entry?.first ?? entry;
const current = () => shownBy(list.entries[list.at]);

function showFilters(counts, left) {
  const chips = byId("states");
  for (const chip of STATE_CHIPS) {
    let button = chips.querySelector(`[data-state="${chip}"]`);
    if (!button) {
      const { name, tells } = STATES[chip] ?? (chip === "all" ? { name: "All" } : { name: "To decide", tells: "proposed, flagged and disputed" });
      const pick = () => setFilter({ state: chip });
      button = el("button", { type: "button", "data-state": chip, title: tells, onclick: pick }, `${name} `, el("b", {}, "0"));
      chips.append(button);
    }
    const count = counts.state[chip] ?? 0;
    button.lastChild.textContent = number(count);
    button.setAttribute("aria-pressed", String(filter.state === chip));
    button.hidden = count === 0 && filter.state !== chip && !["all", "open", "accepted", "rejected"].includes(chip);
  }
  const options = (id, first, entries, value) => {
    const select = byId(id);
    if (document.activeElement === select) return;
    select.replaceChildren(new Option(first, ""), ...entries.map(([key, name, count]) => new Option(`${name} (${number(count)})`, key)));
    select.value = value;
  };
  const byCount = (a, b) => b[1] - a[1];
  const ruleEntries = [...counts.rule].sort(byCount).map(([id, count]) => [id, plain(id), count]);
  const documentEntries = [...counts.document].sort(byCount).slice(0, 500).map(([at, count]) => [at, plain(documents[at].name), count]);
  const severities = ["error", "warning", "info"].filter((name) => counts.severity[name]).map((name) => [name, name, counts.severity[name]]);
  // What is picked stays in sight, also when nothing is left of it.
  if (filter.rule && !counts.rule.has(filter.rule)) ruleEntries.push([filter.rule, plain(filter.rule), 0]);
  if (filter.severity && !counts.severity[filter.severity]) severities.push([filter.severity, filter.severity, 0]);
  if (filter.document !== "" && !documentEntries.some(([at]) => at === Number(filter.document))) {
    documentEntries.push([filter.document, plain(documents[filter.document].name), counts.document.get(Number(filter.document)) ?? 0]);
  }
  options("by-rule", "All rules", ruleEntries, filter.rule);
  options("by-document", "All documents", documentEntries, filter.document);
  options("by-severity", "Severity", severities, filter.severity);
  const groupCount = list.grouped ? ` in ${counted(list.entries.filter((entry) => entry.all).length, "group")}` : "";
  byId("tally").textContent = `${counted(left, "finding")}${groupCount}`;
}

/** Sets filters and shows the list from its beginning. */
function setFilter(change) {
  Object.assign(filter, change);
  list.at = 0;
  refresh();
  byId("list").scrollTop = 0;
  showDetail();
}

/** Sets the list to all findings of a rule or document, and the like. */
function openList(change) {
  const cleared = { state: "all", rule: "", document: "", severity: "", text: "" };
  byId("search").value = "";
  showTab("findings");
  setFilter({ ...cleared, ...change });
  byId("list").focus();
}

/** Rows at hand, by the index of their entry. */
const rows = new Map();

/** Makes the rows that are in sight. With `anew`, all of them. */
function showRows(anew = false) {
  const box = byId("list");
  const from = Math.max(0, Math.floor(box.scrollTop / ROW) - SPARE);
  const to = Math.min(list.entries.length, Math.ceil((box.scrollTop + box.clientHeight) / ROW) + SPARE);
  const parent = byId("rows");
  parent.style.height = `${list.entries.length * ROW}px`;
  for (const [index, row] of rows) {
    if (anew || index < from || index >= to) {
      row.remove();
      rows.delete(index);
    }
  }
  for (let index = from; index < to; index += 1) {
    if (rows.has(index)) continue;
    const row = makeRow(list.entries[index], index);
    rows.set(index, row);
    parent.append(row);
  }
  if (anew) parent.classList.toggle("empty", list.entries.length === 0);
  box.setAttribute("aria-activedescendant", rows.has(list.at) ? `row-${list.at}` : "");
}

function makeRow(entry, index) {
  const finding = shownBy(entry);
  const state = stateOf(finding);
  const inGroup = list.grouped && !entry.all;
  const attributes = {
    id: `row-${index}`,
    class: `line ${state}${inGroup ? " inner" : ""}`,
    role: "option",
    "aria-selected": String(index === list.at),
    "aria-posinset": index + 1,
    "aria-setsize": list.entries.length,
    onclick: () => pick(index, true),
  };
  const mark = el("span", { class: "mark", title: STATES[state].name, "aria-label": STATES[state].name, role: "img" }, STATES[state].mark);
  // The name behind the last slash is what tells documents apart, and there is little room.
  const place = `${plain(documentOf(finding).name.split("/").at(-1))}:${finding.line}:${finding.column}`;
  const under = el("span", { class: "where" }, el("span", { class: "rule" }, plain(ruleOf(finding).id)), " ", el("span", {}, entry.all?.length > 1 ? "" : place));
  const fresh = standing(finding)?.new ?? firstReading(finding);
  const change = plain(clip(oldText(finding), 30)) + (fresh === undefined ? "" : ` → ${plain(clip(fresh, 30)) || "nothing"}`);
  const alike = entry.all?.length > 1 ? `, ${counted(entry.all.length, "finding")}` : "";
  attributes["aria-label"] = `${STATES[state].name}: ${change}, ${plain(ruleOf(finding).id)}, ${place}${alike}`;
  const row = el("div", attributes, mark, snippet(finding), under);
  if (entry.all?.length > 1) {
    row.classList.add("group");
    row.append(el("span", { class: "times", title: `${entry.all.length} alike` }, `×${number(entry.all.length)}`));
  }
  row.style.transform = `translateY(${index * ROW}px)`;
  return row;
}

/** What is found, what would stand there, and a little of what stands around it. */
function snippet(finding) {
  const line = el("span", { class: "snippet", lang: "zh" });
  const { text } = passages[finding.passage];
  const before = cut(text, finding.start - 12, finding.start).split(/[\r\n]/).at(-1);
  const after = cut(text, finding.end, finding.end + 40).split(/[\r\n]/)[0];
  const decision = standing(finding);
  const fresh = decision?.new ?? firstReading(finding);
  const old = oldText(finding);
  putText(line, before);
  if (fresh === undefined) {
    line.append(putText(el("mark", { class: "odd" }), clip(old, 18), true));
  } else {
    // Of a long text that changes in one place, that place.
    const pieces = old.length + fresh.length > 40 && old.length + fresh.length < 600 ? compare(old, fresh) : null;
    const changed = pieces?.filter((piece) => piece.kind !== "same").slice(0, 3);
    for (const piece of changed?.length ? changed : [{ kind: "gone", text: old }, { kind: "new", text: fresh }]) {
      if (piece.text) line.append(putText(el(piece.kind === "gone" ? "del" : "ins"), clip(piece.text, 12), true));
    }
  }
  putText(line, after);
  return line;
}

/** Selects an entry; `open` shows it where list and finding do not fit beside each other. */
function pick(index, open = false) {
  if (list.entries.length === 0) return;
  const last = list.entries.length - 1;
  const before = rows.get(list.at);
  list.at = Math.max(0, Math.min(last, index));
  before?.setAttribute("aria-selected", "false");
  scrollTo(list.at);
  showRows();
  rows.get(list.at)?.setAttribute("aria-selected", "true");
  byId("list").setAttribute("aria-activedescendant", `row-${list.at}`);
  if (open) document.body.classList.add("reading");
  showDetail();
}

function scrollTo(index) {
  const box = byId("list");
  const top = index * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
}

/** Opens a group in the list, or closes it. */
function toggleGroup(wanted) {
  const entry = list.entries[list.at];
  const finding = shownBy(entry);
  if (!list.grouped || !finding) return;
  const open = wanted ?? list.opened !== finding.group;
  list.opened = open ? finding.group : "";
  refresh();
  const head = list.entries.findIndex((one) => one.all && one.first.group === finding.group);
  pick(Math.max(0, head));
}
