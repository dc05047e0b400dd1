// Text of documents, as people are shown it: nothing in it may act on the page, and what cannot be seen is made visible.

const byId = (id) => document.getElementById(id);

/** An element. Children are elements or text; text is never read as markup. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Characters that show nothing or move what stands beside them; the joiner inside an emoji is none. */
const HIDDEN = /(?<!\p{Extended_Pictographic}\uFE0F?)\u200D|[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u034F\u115F\u1160\u3164\uFFA0]|(?!\u200D)\p{Cf}/gu;

const NAMES = {
  0x00: "NUL", 0x07: "BEL", 0x08: "BS", 0x09: "⇥", 0x0a: "⏎", 0x20: "␣", 0xa0: "NBSP", 0x3000: "␣␣", 0x0b: "VT", 0x0c: "FF", 0x0d: "CR", 0x1b: "ESC", 0x7f: "DEL",
  0xad: "SHY", 0x61c: "ALM", 0x200b: "ZWSP", 0x200c: "ZWNJ", 0x200d: "ZWJ", 0x200e: "LRM", 0x200f: "RLM", 0x2028: "LS",
  0x2029: "PS", 0x202a: "LRE", 0x202b: "RLE", 0x202c: "PDF", 0x202d: "LRO", 0x202e: "RLO", 0x2060: "WJ", 0x2066: "LRI",
  0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xfeff: "BOM",
};

const codeOf = (character) => `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
const nameOf = (character) => NAMES[character.codePointAt(0)] ?? codeOf(character);

/** Text on one line without anything hidden, for places that hold nothing but text. */
function plain(text) {
  return text.replace(/\r\n/g, "⏎").replace(HIDDEN, (character) => {
    const name = nameOf(character);
    return name.length === 1 ? name : `[${name}]`;
  });
}

/** The same with blanks: where a mark stands on one, it must be seen. */
const HIDDEN_OR_BLANK = new RegExp(`${HIDDEN.source}|[ \\u00a0\\u2000-\\u200a\\u3000]`, "gu");

/** Puts text into an element; each hidden character becomes a label, in a `marked` text blanks, too. */
function putText(parent, whole, marked = false) {
  const text = whole.replace(/\r\n/g, "\n");
  let at = 0;
  for (const match of text.matchAll(marked ? HIDDEN_OR_BLANK : HIDDEN)) {
    if (match.index > at) parent.append(text.slice(at, match.index));
    const kind = /[ \u3000]/.test(match[0]) ? "blank" : "hidden-character";
    parent.append(el("span", { class: kind, title: codeOf(match[0]) }, nameOf(match[0])));
    at = match.index + match[0].length;
  }
  if (at < text.length) parent.append(text.slice(at));
  return parent;
}

const segmenter = typeof Intl !== "undefined" && Intl.Segmenter ? new Intl.Segmenter("zh", { granularity: "grapheme" }) : null;
const graphemes = (text) => (segmenter ? Array.from(segmenter.segment(text), (one) => one.segment) : Array.from(text));

/** A part of a text, without the halves of characters that it would begin or end with. */
function cut(text, from, to) {
  return text.slice(Math.max(0, from), to).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "");
}

/** The first `count` characters as people see them, or the last. */
function clip(text, count, fromEnd = false) {
  const near = fromEnd ? cut(text, text.length - count * 8) : cut(text, 0, count * 8);
  const all = graphemes(near);
  if (all.length <= count && near.length === text.length) return text;
  return fromEnd ? `…${all.slice(-count).join("")}` : `${all.slice(0, count).join("")}…`;
}

/** The most characters of one text that are compared with all of another. */
const MOST_COMPARED = 300;

/** What leads from one text to another, character by character: pieces of the kinds `same`, `gone` and `new`. */
function compare(before, after) {
  const [a, b] = [graphemes(before), graphemes(after)];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail += 1;
  const pieces = [];
  const put = (kind, text) => {
    if (!text) return;
    if (pieces.at(-1)?.kind === kind) pieces.at(-1).text += text;
    else pieces.push({ kind, text });
  };
  put("same", a.slice(0, head).join(""));
  const [x, y] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
  if (x.length > MOST_COMPARED || y.length > MOST_COMPARED) {
    put("gone", x.join(""));
    put("new", y.join(""));
  } else {
    // The longest common subsequence, from behind, so that it can be read off from the front.
    const length = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
    for (let i = x.length - 1; i >= 0; i -= 1) {
      for (let j = y.length - 1; j >= 0; j -= 1) {
        length[i][j] = x[i] === y[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    let [i, j] = [0, 0];
    while (i < x.length || j < y.length) {
      if (i < x.length && j < y.length && x[i] === y[j]) {
        put("same", x[i]);
        i += 1;
        j += 1;
      } else if (j >= y.length || (i < x.length && length[i + 1][j] >= length[i][j + 1])) {
        put("gone", x[i]);
        i += 1;
      } else {
        put("new", y[j]);
        j += 1;
      }
    }
  }
  put("same", tail ? a.slice(-tail).join("") : "");
  return pieces;
}

const number = (count) => count.toLocaleString("en");
const counted = (count, thing) => `${number(count)} ${thing}${count === 1 ? "" : "s"}`;

/** Puts a message or a reason into an element; what stands between backquotes is code. */
function putMessage(parent, text) {
  text.split("`").forEach((part, index, parts) => {
    const isCode = index % 2 === 1 && index + 1 < parts.length;
    if (isCode) parent.append(putText(el("code"), part, true));
    else putText(parent, index % 2 === 1 ? `\`${part}` : part);
  });
  return parent;
}

/** Elements that a rule's own words may use. */
const GUIDE = new Set(["p", "h4", "ol", "ul", "li", "pre", "blockquote", "em", "strong", "span", "code", "br"]);

/** Builds what a rule's file tells, from the tree that stands in the data. */
function putGuide(parent, nodes) {
  for (const node of nodes) {
    if (typeof node === "string") putText(parent, node.replace(/\n/g, parent.tagName === "PRE" ? "\n" : " "));
    else if (GUIDE.has(node[0])) parent.append(putGuide(el(node[0]), node.slice(1)));
  }
  return parent;
}

/** Tells something once, also to those who listen. */
function tell(text) {
  const toast = byId("toast");
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => toast.classList.remove("shown"), 3500);
}
