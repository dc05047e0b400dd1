// One finding: what is wrong, where, what would stand there, and what was decided.

/** Lines with text on either side of a finding's own: no more when they have so many characters. */
const NEAR_LINES = 3;
const NEAR_ENOUGH = 100;
/** Characters of its own line on either side, when that is too long to show. */
const NEAR_CHARACTERS = 400;
/** Characters of a piece that is shown whole. */
const WHOLE = 1200;

/** Where lines of a passage begin, worked out once. */
function lineStarts(passage) {
  passage.starts ??= [0, ...Array.from(passage.text.matchAll(/\r\n|\r|\n/g), (match) => match.index + match[0].length)];
  return passage.starts;
}

/** The index of the line that holds an offset. */
function lineAt(starts, offset) {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= offset) low = middle;
    else high = middle;
  }
  return low;
}

/** The part of a passage that is shown around a finding: `[from, to]`. */
function surroundings(finding) {
  const passage = passages[finding.passage];
  const { text } = passage;
  const starts = lineStarts(passage);
  const all = (finding.changes ?? []).concat([[finding.start, finding.end]]);
  const start = Math.min(...all.map(([from]) => from));
  const end = Math.max(...all.map(([, to]) => to));
  const lengthOf = (line) => text.slice(starts[line], starts[line + 1]).trim().length;
  let first = lineAt(starts, start);
  for (let full = 0, length = 0; first > 0 && full < NEAR_LINES && length < NEAR_ENOUGH; first -= 1) {
    length += lengthOf(first - 1);
    full += lengthOf(first - 1) > 0;
  }
  let last = lineAt(starts, Math.max(start, end - 1));
  for (let full = 0, length = 0; last + 1 < starts.length && full < NEAR_LINES && length < NEAR_ENOUGH; last += 1) {
    length += lengthOf(last + 1);
    full += lengthOf(last + 1) > 0;
  }
  const from = Math.max(starts[first], start - NEAR_CHARACTERS);
  const to = Math.min(starts[last + 1] ?? text.length, end + NEAR_CHARACTERS);
  return [from, to];
}

/** What is changed when `fresh` is accepted: `[start, end, text]` each; nothing for a flag. */
function changesOf(finding, fresh) {
  if (fresh === undefined) return [];
  if (finding.changes && fresh === firstReading(finding)) return finding.changes;
  return [[finding.start, finding.end, fresh]];
}

/** The shown part of a passage in pieces of the kinds same, gone, new, odd and other, which is another finding's. */
function piecesOf(finding, fresh) {
  const { text } = passages[finding.passage];
  const [from, to] = surroundings(finding);
  const changes = changesOf(finding, fresh);
  const marks = changes.length ? changes : [[finding.start, finding.end]];
  const pieces = [];
  let at = from;
  for (const [start, end, put] of marks) {
    pieces.push(...withOthers(finding, at, start));
    const old = text.slice(start, end);
    if (put === undefined) pieces.push({ kind: "odd", text: old });
    else pieces.push(...compare(old, put));
    at = Math.max(at, end);
  }
  pieces.push(...withOthers(finding, at, to));
  return pieces.filter((piece) => piece.text || piece.kind === "odd");
}

/** Text between two offsets, cut where other findings begin and end. */
function withOthers(finding, from, to) {
  const { text } = passages[finding.passage];
  const pieces = [];
  let at = from;
  // Findings of a passage follow each other in the order of their places.
  let index = finding.index;
  while (index > 0 && findings[index - 1].passage === finding.passage && finding.index - index < 200) index -= 1;
  for (; findings[index]?.passage === finding.passage && findings[index].start < to; index += 1) {
    const other = findings[index];
    if (other === finding || other.start < at || other.end > to || other.start === other.end || other.end - other.start > 80) continue;
    pieces.push({ kind: "same", text: text.slice(at, other.start) });
    pieces.push({ kind: "other", text: text.slice(other.start, other.end), finding: other });
    at = other.end;
  }
  pieces.push({ kind: "same", text: text.slice(at, to) });
  return pieces;
}

/** The rows of a view: `inline` shows everything, `before` and `after` one side. */
function rowsOf(finding, pieces, side) {
  const passage = passages[finding.passage];
  const starts = lineStarts(passage);
  const [from] = surroundings(finding);
  const first = lineAt(starts, from);
  let line = passage.line + first;
  const isCut = from > starts[first] || (first === 0 && passage.column > 1);
  const rows = [];
  const open = () => rows.push({ line, parts: [] });
  open();
  if (isCut) rows[0].parts.push({ kind: "cut", text: "…" });
  const put = (kind, text, other) => text && rows.at(-1).parts.push({ kind, text, other });
  for (const { kind, text, finding: other } of pieces) {
    if ((side === "before" && kind === "new") || (side === "after" && kind === "gone")) {
      if (kind === "gone") {
        line += countLines(text);
        rows.at(-1).parts.push({ kind: "here", text: "" });
      }
      continue;
    }
    if (kind === "odd" && !text) rows.at(-1).parts.push({ kind: "here", text: "" });
    const shown = shorten(text, kind);
    const parts = shown.split(/(\r\n|\r|\n)/);
    parts.forEach((part, index) => {
      if (index % 2 === 0) return put(kind, part, other);
      if (kind !== "same" && kind !== "other") put(kind, part);
      // A new line end is no line of the document as it was, unless its end is what is looked at.
      if (kind === "new" && side !== "after") return undefined;
      if (kind !== "new") line += 1;
      return open();
    });
    line += countLines(text) - countLines(shown);
  }
  const [, to] = surroundings(finding);
  const { text } = passage;
  if (to < text.length ? !/[\r\n]/.test(text[to - 1]) : passage.more && !/[\r\n]$/.test(text)) rows.at(-1).parts.push({ kind: "cut", text: "…" });
  if (rows.length > 1 && rows.at(-1).parts.length === 0) rows.pop();
  return rows;
}

const countLines = (text) => (text.match(/\r\n|\r|\n/g) ?? []).length;

/** A long piece without its middle. */
function shorten(text, kind) {
  if (kind === "same" || kind === "other" || text.length <= WHOLE) return text;
  const [head, tail] = [cut(text, 0, 700), cut(text, text.length - 300)];
  return `${head} …… ${number(text.length - head.length - tail.length)} characters …… ${tail}`;
}

const TAGS = { gone: "del", new: "ins", odd: "mark", here: "span", other: "span", cut: "span", same: "span" };
const SAID = { gone: "removed: ", new: "inserted: ", odd: "marked: ", here: "here" };

function viewOf(finding, pieces, side, label) {
  const table = el("div", { class: `excerpt ${side}`, role: "group", "aria-label": label });
  if (side !== "inline") table.append(el("div", { class: "side-name" }, label));
  for (const { line, parts } of rowsOf(finding, pieces, side)) {
    const content = el("div", { class: "content", lang: "zh" });
    for (const { kind, text, other } of parts) {
      const tag = el(TAGS[kind], { class: kind });
      if (SAID[kind]) tag.append(el("span", { class: "unseen", lang: "en" }, SAID[kind]));
      if (other) tag.title = `${plain(ruleOf(other).id)}: ${plain(words[other.message])}`;
      content.append(putText(tag, text, kind === "gone" || kind === "new" || kind === "odd"));
    }
    table.append(el("div", { class: "number", "aria-hidden": "true" }, String(line)), content);
  }
  return table;
}

/** What is to be written when the finding is accepted now: the text being typed, what was decided, or the first reading. */
const detail = { sideBySide: false, editing: false };

function showDetail() {
  const box = byId("detail");
  const finding = current();
  detail.editing = false;
  if (!finding) {
    box.replaceChildren(emptyStage());
    byId("decide").replaceChildren();
    return;
  }
  const rule = ruleOf(finding);
  const decision = standing(finding);
  const fresh = decision?.verdict === "accept" ? decision.new : firstReading(finding);
  const state = stateOf(finding);
  const pieces = piecesOf(finding, fresh);
  const views = el("div", { class: detail.sideBySide ? "views both" : "views" });
  if (detail.sideBySide && fresh !== undefined) {
    views.append(viewOf(finding, pieces, "before", "Before"), viewOf(finding, pieces, "after", "After"));
  } else {
    views.append(viewOf(finding, pieces, "inline", "The place in its surroundings"));
  }
  const switchView = () => {
    detail.sideBySide = !detail.sideBySide;
    showDetail();
  };
  const place = `${plain(documentOf(finding).name)} : ${finding.line} : ${finding.column}`;
  const position = `${number(list.at + 1)} of ${number(list.entries.length)}`;
  box.replaceChildren(
    el("div", { class: "top" },
      el("button", { type: "button", class: "back", onclick: () => document.body.classList.remove("reading") }, "‹ List"),
      el("span", { class: "place", title: "document : line : column" }, place),
      el("span", { class: "position" }, position)),
    el("h2", { lang: "zh" }, plain(rule.title)),
    el("p", { class: "badges" },
      el("code", {}, plain(rule.id)),
      el("span", { class: `badge state ${state}` }, `${STATES[state].mark} ${STATES[state].name}`),
      el("span", { class: `badge ${finding.severity}` }, finding.severity),
      el("span", { class: "badge" }, `apply: ${finding.apply}`),
      el("span", { class: "badge", title: "the estimated chance that the rule is right" }, `${Math.round(finding.confidence * 100)} % sure`)),
    words[finding.message] === rule.title ? "" : putMessage(el("p", { class: "message" }), words[finding.message]),
    el("div", { class: "view-head" },
      fresh === undefined ? "" : el("button", { type: "button", class: "plain", onclick: switchView, title: "Switch the view (v)" }, detail.sideBySide ? "Inline" : "Side by side")),
    views,
    history(finding),
    evidenceOf(finding),
    el("details", { class: "guide" }, el("summary", {}, "About this rule"), putGuide(el("div", {}), rule.guide)),
  );
  box.scrollTop = 0;
  showDecide(finding, fresh);
  // Where the place is below what fits on a small screen, it is what must be seen.
  const mark = box.querySelector(".excerpt :is(del, ins, mark, .here)");
  if (mark && mark.getBoundingClientRect().bottom > box.getBoundingClientRect().bottom) mark.scrollIntoView({ block: "center" });
}

function emptyStage() {
  const back = el("button", { type: "button", class: "back", onclick: () => document.body.classList.remove("reading") }, "‹ List");
  return el("div", {}, back, nothingLeft());
}

function nothingLeft() {
  const left = findings.filter((finding) => isOpen(stateOf(finding))).length;
  if (findings.length === 0) return el("p", { class: "none" }, "Nothing was found.");
  if (left === 0) return el("p", { class: "none" }, "Everything is decided. Export the decisions and merge them: ", el("code", {}, "jiaokan decisions merge FILE"));
  return el("p", { class: "none" }, `Nothing passes the filters; ${counted(left, "finding")} still wait.`);
}

function evidenceOf(finding) {
  if (!finding.evidence?.length) return "";
  const reasons = finding.evidence.map((at) => putMessage(el("li"), words[at]));
  return el("section", { class: "evidence" }, el("h3", {}, "Why"), el("ul", {}, ...reasons));
}

/** What was decided so far, here and in the ledger. */
function history(finding) {
  const own = mine.get(finding.key);
  const all = own ? [own] : finding.decisions ?? [];
  if (all.length === 0) return "";
  const items = all.map((decision) => {
    const who = decision.baseline ? "baseline" : plain(decision.who || "somebody");
    const item = el("li", {}, el("b", {}, BY_VERDICT[decision.verdict]), ` by ${who}, ${plain(decision.time.slice(0, 10))}`);
    if (decision.verdict === "accept" && decision.new !== undefined && decision.new !== firstReading(finding)) {
      item.append(", with ", putText(el("ins", { lang: "zh" }), decision.new || "∅"));
    }
    if (decision.note) putText(item, `: ${decision.note}`);
    return item;
  });
  return el("section", { class: "history" }, el("h3", {}, own ? "Decided here" : "Decided"), el("ul", {}, ...items));
}

/** Findings that are decided with this one at once: alike, let through by the filters, and open or as this one is. */
function alike(finding) {
  const state = stateOf(finding);
  return groups.get(finding.group).filter((one) => {
    const its = stateOf(one);
    return one === finding || ((isOpen(its) || (its === "made" && state === "made")) && passes(one));
  });
}

function showDecide(finding, fresh) {
  const readings = finding.readings ?? [];
  const same = alike(finding).length;
  const { verdict } = standing(finding) ?? {};
  // There is nothing to accept where no edit is offered: a person says that the flag is right.
  const yes = readings.length ? "Accept" : "Confirm";
  const button = (key, name, kind, what) =>
    el("button", { type: "button", class: kind, "aria-pressed": String(verdict === what), "aria-keyshortcuts": key, onclick: () => answer(what) }, name, " ", el("kbd", {}, key));
  const groupButton = (key, name, what) =>
    el("button", { type: "button", class: "plain", "aria-keyshortcuts": `Shift+${key}`, onclick: () => answer(what, { all: true }) }, `${name} ${number(same)} `, el("kbd", {}, key));
  const choices = el("div", { class: "choices", role: "group", "aria-label": "Choices" });
  if (readings.length > 1) {
    readings.slice(0, 9).forEach((reading, index) => {
      const label = putText(el("span", { lang: "zh" }), clip(reading, 40) || "∅");
      const pressed = String(verdict === "accept" && fresh === reading);
      choices.append(el("button", { type: "button", class: "choice", "aria-pressed": pressed, title: reading ? "Accept this" : "Accept: take it out", onclick: () => answer("accept", { fresh: reading }) }, el("kbd", {}, String(index + 1)), " ", label));
    });
  }
  const note = el("input", { id: "note", "aria-label": "Note", placeholder: "Note, kept with the decision", autocomplete: "off", maxlength: 500 });
  note.value = mine.get(finding.key)?.note ?? "";
  const bar = byId("decide");
  bar.replaceChildren(
    readings.length > 1 ? choices : "",
    el("div", { class: "row" },
      button("a", yes, "yes", "accept"),
      button("r", "Reject", "no", "reject"),
      button("l", "Later", "wait", "later"),
      takesText(finding) ? el("button", { type: "button", class: "plain", "aria-keyshortcuts": "e", onclick: edit }, "Edit… ", el("kbd", {}, "e")) : "",
      el("button", { type: "button", class: "plain", "aria-keyshortcuts": "u", disabled: steps.length === 0, onclick: takeBack }, "Undo ", el("kbd", {}, "u"))),
    el("div", { class: "row second" },
      ...(same > 1 ? [groupButton("A", `${yes} all`, "accept"), groupButton("R", "Reject all", "reject"), groupButton("L", "Later: all", "later")] : []),
      note),
  );
}

/** Lets a person type what is to stand there. */
function edit() {
  const finding = current();
  if (!finding || !takesText(finding)) return;
  detail.editing = true;
  const decided = standing(finding);
  const field = el("textarea", { id: "typed", lang: "zh", rows: 2, spellcheck: "false", "aria-label": "What is to stand there" });
  field.value = decided?.verdict === "accept" && decided.new !== undefined ? decided.new : firstReading(finding) ?? oldText(finding);
  const done = () => answer("accept", { fresh: field.value });
  const leave = () => {
    showDetail();
    byId("list").focus();
  };
  field.addEventListener("keydown", (event) => {
    // Enter ends a choice of the input method first.
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      done();
    } else if (event.key === "Escape") {
      event.preventDefault();
      leave();
    }
    event.stopPropagation();
  });
  byId("decide").replaceChildren(
    el("label", { for: "typed" }, "Instead of ", putText(el("del", { lang: "zh" }), clip(oldText(finding), 30) || "∅")),
    field,
    el("div", { class: "row" },
      el("button", { type: "button", class: "yes", onclick: done }, "Accept this ", el("kbd", {}, "⏎")),
      el("button", { type: "button", class: "plain", onclick: leave }, "Cancel ", el("kbd", {}, "Esc"))),
  );
  field.focus();
  field.select();
}
