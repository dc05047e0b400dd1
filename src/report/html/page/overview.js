// The corpus in numbers: what was found and decided, what the edits do to it, which rules and documents have most.

/** The states of a bar, from what is settled to what waits. */
const BAR = ["made", "accepted", "rejected", "later", "proposed", "flagged", "disputed"];
/** Rows of a table that are shown at first. */
const FIRST_ROWS = 60;

const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
const sum = (values) => values.reduce((total, value) => total + value, 0);

function showOverview() {
  const counts = countStates(findings);
  const open = sum(Object.keys(counts).filter(isOpen).map((state) => counts[state]));
  byId("overview").replaceChildren(
    el("div", { class: "sheet" },
      el("div", { class: "lead" },
        el("h2", {}, `${counted(findings.length, "finding")} in ${counted(documents.length, "document")}`),
        el("button", { type: "button", class: "primary big", onclick: () => openList({ state: open ? "open" : "all" }) }, open ? `Decide ${number(open)} →` : "See findings →")),
      tiles(counts),
      signals(),
      el("h3", {}, "By rule"),
      legend(counts),
      byRule(),
      el("h3", {}, "By document"),
      byDocument()),
  );
}

function tiles(counts) {
  const tile = (state) => {
    const { name, mark, tells } = STATES[state];
    const show = () => openList({ state });
    return el("button", { type: "button", class: `tile ${state}`, title: tells, onclick: show },
      el("span", { class: "figure" }, number(counts[state])),
      el("span", { class: "what" }, el("span", { class: "mark", "aria-hidden": "true" }, mark), ` ${name}`),
      el("span", { class: "tells" }, tells));
  };
  return el("div", { class: "tiles" }, ...Object.keys(STATES).filter((state) => state !== "disputed" || counts[state]).map(tile));
}

/** Shares before and after the edits that were made, each with two bars. */
function signals() {
  const all = documents.map((one) => one.signals);
  const [before, after] = [0, 1].map((side) => sum(all.map((one) => one.characters[side])));
  const lines = [0, 1].map((side) => {
    const [ended, of] = [sum(all.map((one) => one.lines[side].ended)), sum(all.map((one) => one.lines[side].all))];
    return of ? ended / of : null;
  });
  const known = all.filter((one) => one.misread);
  const misread = [0, 1].map((side) => {
    const han = sum(known.map((one) => one.misread[side].han));
    return han ? sum(known.map((one) => one.misread[side].share * one.misread[side].han)) / han : null;
  });
  const copies = [0, 1].map((at) => sum(all.map((one) => one.copies[at])));
  const cards = [];
  if (lines[0] !== null && lines[1] !== null) cards.push(pair("Lines that end a sentence", lines, "of lines with twelve characters or more: broken lines end anywhere", 1));
  if (misread[0] !== null && misread[1] !== null) cards.push(pair("Characters likely misread", misread, "an estimate, for which clean text is a little worse than it is: a tenth more or less says nothing", Math.max(0.01, ...misread) * 1.25));
  cards.push(figure(after > before ? "Characters added" : "Characters taken out", number(Math.abs(before - after)), `${number(before)} → ${number(after)}${before ? `, ${percent(Math.abs(before - after) / before)}` : ""}`));
  cards.push(figure("Copies taken out", number(copies[0]), copies[0] ? counted(copies[1], "character") : "no text stood there twice"));
  return el("div", {}, el("h3", {}, "What the edits that were made do"), el("div", { class: "signals" }, ...cards));
}

function pair(name, [before, after], tells, most) {
  const bar = (label, share) => {
    const fill = el("div", { class: "fill" });
    fill.style.width = `${most ? (share / most) * 100 : 0}%`;
    return el("div", { class: `compare ${label}` }, el("span", {}, label), el("div", { class: "bar-track" }, fill), el("b", {}, percent(share)));
  };
  return el("div", { class: "signal" }, el("h4", {}, name), bar("before", before), bar("after", after), el("p", {}, tells));
}

function figure(name, value, tells) {
  return el("div", { class: "signal" }, el("h4", {}, name), el("div", { class: "value" }, value), el("p", {}, tells));
}

function legend(counts) {
  const used = BAR.filter((state) => counts[state]);
  return el("p", { class: "legend", "aria-hidden": "true" }, ...used.map((state) => el("span", {}, el("i", { class: `swatch ${state}` }), ` ${STATES[state].name} `)));
}

/** A bar of a list's states, as long as its share of the longest. */
function stateBar(counts, most) {
  const bar = el("div", { class: "stack" });
  const told = [];
  for (const state of BAR.filter((one) => counts[one])) {
    const part = el("i", { class: `swatch ${state}` });
    part.style.width = `${(counts[state] / most) * 100}%`;
    bar.append(part);
    told.push(`${number(counts[state])} ${STATES[state].name.toLowerCase()}`);
  }
  bar.title = told.join(", ");
  bar.append(el("span", { class: "unseen" }, told.join(", ")));
  return bar;
}

/** A table of lists: `[name, title, findings, filter, more cells]` each. */
function table(head, entries) {
  const most = Math.max(1, ...entries.map((entry) => entry.list.length));
  const row = ({ name, title, list: its, change, cells = [] }) => {
    const counts = countStates(its);
    const open = sum(Object.keys(counts).filter(isOpen).map((state) => counts[state]));
    const label = el("button", { type: "button", class: "link", onclick: () => openList(change) }, ...name);
    if (title) label.title = title;
    return el("tr", {},
      el("th", { scope: "row" }, label),
      el("td", { class: "bar-cell" }, stateBar(counts, most)),
      el("td", { class: "count" }, number(its.length)),
      el("td", { class: "count" }, open ? el("b", {}, number(open)) : "–"),
      ...cells.map((cell) => el("td", { class: "count" }, cell)));
  };
  const body = el("tbody", {}, ...entries.slice(0, FIRST_ROWS).map(row));
  const heads = head.map((name, index) => el("th", { scope: "col", class: index > 1 ? "count" : index === 1 ? "bar-cell" : "" }, name));
  const whole = el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body));
  if (entries.length > FIRST_ROWS) {
    const rest = el("button", { type: "button", class: "plain" }, `Show ${number(entries.length - FIRST_ROWS)} more`);
    rest.addEventListener("click", () => {
      body.append(...entries.slice(FIRST_ROWS).map(row));
      rest.remove();
    });
    whole.append(rest);
  }
  return whole;
}

function byRule() {
  const lists = new Map();
  for (const finding of findings) {
    const { id, title } = ruleOf(finding);
    if (!lists.has(id)) lists.set(id, { id, title, list: [] });
    lists.get(id).list.push(finding);
  }
  const entries = [...lists.values()].sort((a, b) => b.list.length - a.list.length);
  const named = entries.map(({ id, title, list: its }) => {
    const name = [el("code", {}, plain(id)), el("span", { class: "title", lang: "zh" }, plain(title))];
    return { name, list: its, change: { rule: id } };
  });
  return table(["Rule", "Findings", "", "To decide"], named);
}

function byDocument() {
  const lists = documents.map(() => []);
  for (const finding of findings) lists[passages[finding.passage].document].push(finding);
  const open = (its) => its.filter((finding) => isOpen(stateOf(finding))).length;
  const entries = lists.map((its, at) => ({ at, its, open: open(its) }));
  entries.sort((a, b) => b.open - a.open || b.its.length - a.its.length || a.at - b.at);
  const named = entries.map(({ at, its }) => {
    const { name, signals: { misread } } = documents[at];
    return { name: [plain(name)], list: its, change: { document: String(at) }, cells: [misread ? `${percent(misread[0].share)} → ${percent(misread[1].share)}` : "–"] };
  });
  return table(["Document", "Findings", "", "To decide", "Misread"], named);
}
