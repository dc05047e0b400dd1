// Reviews a small corpus in a browser as a person would, and sees that what was decided is what is done.
//
//     node tests/browser/review.mjs JIAOKAN BROWSER FOLDER
//
// FOLDER has the rules and the configuration of tests/common.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, open } from "./chrome.mjs";

const [jiaokan, command, folder] = process.argv.slice(2);
const run = (...words) => execFileSync(jiaokan, [...words, "--rules", "rules"], { cwd: folder, encoding: "utf8", stdio: "pipe" });
const merge = (file) => spawnSync(jiaokan, ["decisions", "merge", file], { cwd: folder, encoding: "utf8" });
const address = (file) => pathToFileURL(join(folder, file)).href;
const read = (file) => readFileSync(join(folder, file), "utf8");

mkdirSync(join(folder, "in"), { recursive: true });
const TEXT = [
  "第一行\n苹果and香蕉，甲or乙。\n囧\n",
  "春天or夏天，种子下了地，雨水也够。\n秋天or冬天，柴草堆满院，门前有路。\n东村or西村，先到的先领，后到的等。\n上游or下游，闸门都开了，水就来了。\n南坡or北坡，树苗都栽上，都活下来。\n",
];
writeFileSync(join(folder, "in/a.txt"), TEXT[0]);
writeFileSync(join(folder, "in/b.txt"), TEXT[1]);

const browser = await launch(command);
const downloads = join(folder, "downloads");

/** Presses Export; what came of it. */
async function exported(page) {
  rmSync(downloads, { recursive: true, force: true });
  mkdirSync(downloads);
  await page.evaluate("document.getElementById('export').click()");
  for (let tries = 0; tries < 800; tries += 1) {
    const [name] = readdirSync(downloads);
    if (name?.endsWith(".jsonl")) return join(downloads, name);
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error("nothing was downloaded");
}

async function fresh(file, options) {
  const page = await open(browser, options);
  await browser.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads, browserContextId: page.context });
  await page.go(address(file));
  return page;
}

/** Whether anything happened in a page that must not. */
function calm(page, file) {
  assert.deepEqual(page.said, [], "the page said or threw something");
  const elsewhere = page.asked.filter((url) => url !== address(file) && !url.startsWith("blob:"));
  assert.deepEqual(elsewhere, [], "the page asked for something");
}

const text = (page, id) => page.evaluate(`document.getElementById(${JSON.stringify(id)}).innerText`);
const chip = (page, state) => page.evaluate(`document.querySelector('[data-state="${state}"]').click()`);

/** Waits by the clock of the page, whose earlier timers have run then. */
const pause = (page, time) => page.evaluate(`new Promise((done) => setTimeout(done, ${time}))`);

async function search(page, wanted) {
  await page.evaluate(`{ const box = document.getElementById("search"); box.value = ${JSON.stringify(wanted)}; box.dispatchEvent(new Event("input")); box.blur(); }`);
  await pause(page, 120);
}

async function decideEverything() {
  run("report", "in", "-o", "report.html");
  const page = await fresh("report.html");
  assert.match(await text(page, "overview"), /8 findings in 2 documents/);
  await page.press("o");
  assert.equal(await text(page, "tally"), "7 findings");

  // Filters, each with its count.
  await chip(page, "proposed");
  assert.equal(await text(page, "tally"), "6 findings");
  await page.evaluate(`{ const by = document.getElementById("by-document"); by.value = "0"; by.dispatchEvent(new Event("change")); }`);
  assert.equal(await text(page, "tally"), "1 finding");
  assert.match(await text(page, "detail"), /in\/a\.txt : 2 : 10/);
  await page.evaluate(`{ const by = document.getElementById("by-document"); by.value = ""; by.dispatchEvent(new Event("change")); }`);

  // The first decision asks who decides.
  await search(page, "春天");
  assert.equal(await text(page, "tally"), "1 finding");
  await page.press("a");
  await page.until("document.getElementById('who').open");
  await page.type("李木");
  await page.press("Enter");
  await page.until("document.getElementById('progress').textContent === '1 of 7 decided'");

  await search(page, "秋天");
  await page.press("n");
  await page.type("两季都要");
  await page.press("Escape", "r");
  await search(page, "东村");
  await page.press("2");
  await search(page, "上游");
  await page.press("e");
  await page.type("或者");
  await page.press("Enter");
  await page.until("document.getElementById('progress').textContent === '4 of 7 decided'");

  // The rest of the group, undone, and done again.
  await search(page, "");
  assert.equal(await text(page, "tally"), "2 findings");
  await page.press("A");
  await page.until("document.getElementById('progress').textContent === '6 of 7 decided'");
  await page.press("u");
  await page.until("document.getElementById('progress').textContent === '4 of 7 decided'");
  await page.press("A");
  await chip(page, "flagged");
  await page.press("l");
  await page.until("document.getElementById('progress').textContent === '7 of 7 decided'");

  // The browser keeps it all.
  await pause(page, 300);
  await page.go(address("report.html"));
  assert.equal(await text(page, "progress"), "7 of 7 decided");

  const file = await exported(page);
  const lines = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 7);
  assert.ok(lines.every((line) => line.who === "李木" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(line.time)));
  assert.equal(lines.find((line) => line.verdict === "reject").note, "两季都要");
  const merged = merge(file);
  assert.equal(merged.status, 0, merged.stdout + merged.stderr);
  run("clean", "in", "-o", "out", "--apply", "accepted");
  assert.equal(read("out/a.txt"), "第一行\n苹果和香蕉，甲或乙。\n囧\n");
  const expected = TEXT[1].replace("春天or", "春天或").replace("东村or", "东村").replace("上游or", "上游或者").replace("南坡or", "南坡或");
  assert.equal(read("out/b.txt"), expected);

  // Who thinks again takes back what was exported.
  await page.press("o");
  await chip(page, "rejected");
  await page.press("a");
  const again = merge(await exported(page));
  assert.equal(again.status, 0, again.stdout + again.stderr);
  assert.match(again.stdout, /1 new decision, 6 known/);
  run("clean", "in", "-o", "again", "--apply", "accepted");
  assert.equal(read("again/b.txt"), expected.replace("秋天or", "秋天或"));
  calm(page, "report.html");

  // A page made after that shows what the ledger says, and has nothing of its own.
  run("report", "in", "-o", "report.html");
  await page.go(address("report.html"));
  assert.equal(await text(page, "progress"), "7 of 7 decided");
  assert.equal(await text(page, "unsaved"), "0");
  assert.equal(await page.evaluate("document.getElementById('export').disabled"), true);
  await page.press("o");
  await chip(page, "accepted");
  assert.match(await text(page, "detail"), /accepted by 李木/);
  calm(page, "report.html");
}

/** Markup, ends of elements, and characters that turn text around stay what they are: text. */
async function hostile() {
  const bad = "</script><script>window.bad=1</script><!-- <img src=x onerror=window.bad=2>";
  const turned = "\u202e\u2066\u200f\u2028\u2029\u001b[31m\u0007\u009b2J";
  writeFileSync(join(folder, "rules/flag/test-odd.toml"), read("rules/flag/test-odd.toml")
    .replace('title = "测试规则"', `title = ${JSON.stringify(`${bad}\u202e题`)}`)
    .replace("为测试而写。", `${bad}\n\n[link](javascript:window.bad=3)\n\n<iframe src="http://example.invalid/"></iframe>`));
  mkdirSync(join(folder, "bad"), { recursive: true });
  const name = `<img src=x onerror=window.bad=4>\u202e&quot;.txt`.replaceAll("/", "");
  writeFileSync(join(folder, "bad", name), `${bad}囧${turned}\n${turned}甲or乙<svg onload=window.bad=5>\n囧\n`);
  run("report", "bad", "-o", "bad.html");
  const source = read("bad.html");
  assert.equal(source.match(/<script/g).length, 2, "two scripts, the data and the page's own");
  assert.ok(!/[\u202a-\u202e\u2066-\u2069\u2028\u2029\u200f]/.test(source), "the source reads in its order");

  const page = await fresh("bad.html");
  await page.press("o", "j", "k");
  for (let index = 0; index < 4; index += 1) {
    await page.press("j", "v");
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    const shown = await page.evaluate("document.body.innerText + document.title + [...document.querySelectorAll('[title], [aria-label]')].map((one) => one.title + one.ariaLabel).join()");
    assert.ok(!/[\u202a-\u202e\u2066-\u2069\u2028\u2029\u200f\u001b\u0007\u009b]/.test(shown), "a character acts on the page");
  }
  assert.match(await text(page, "detail"), /<!-- <img src=x/);
  await page.press("a");
  await page.until("document.getElementById('who').open");
  await page.type("<b>甲</b>");
  await page.press("Enter", "o", "?");
  await pause(page, 200);
  assert.equal(await page.evaluate("window.bad"), undefined, "a script of a document ran");
  assert.equal(await page.evaluate("document.querySelectorAll('img, iframe, svg, object, link, a[href]').length"), 0);
  calm(page, "bad.html");
}

/** The same text in two documents is one finding: decided once, undone once. */
async function twins() {
  mkdirSync(join(folder, "twins"), { recursive: true });
  for (const name of ["a.txt", "b.txt"]) writeFileSync(join(folder, "twins", name), "前一行or后一行，说的是一回事。\n");
  run("report", "twins", "-o", "twins.html");
  const page = await fresh("twins.html");
  await page.evaluate(`localStorage.setItem("jiaokan:settings", '{"who":"李木"}')`);
  await page.go(address("twins.html"));
  await page.press("o", "A");
  assert.equal(await text(page, "progress"), "2 of 2 decided");
  assert.equal(await text(page, "unsaved"), "1");
  await page.press("u");
  assert.equal(await text(page, "progress"), "0 of 2 decided");
  await page.press("a");
  assert.equal(await text(page, "progress"), "2 of 2 decided");
  // The same once more takes a decision back.
  await chip(page, "accepted");
  await page.press("a");
  assert.equal(await text(page, "progress"), "0 of 2 decided");
  calm(page, "twins.html");
}

/** Where a browser keeps nothing for files, the page works and says so. */
async function forgetful() {
  const page = await open(browser);
  await page.send("Page.addScriptToEvaluateOnNewDocument", {
    source: "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError'); } });",
  });
  await page.go(address("report.html"));
  await page.press("o");
  await chip(page, "all");
  await page.press("r");
  await page.until("document.getElementById('who').open");
  await page.press("Enter");
  await page.until("document.getElementById('unsaved').textContent === '1'");
  await pause(page, 300);
  assert.match(await page.evaluate("document.getElementById('export').title"), /keeps nothing/);
  calm(page, "report.html");
}

/** All text stands out from its ground: 4.5 to 1, as WCAG asks of AA. */
async function contrast() {
  for (const dark of [false, true]) {
    const page = await fresh("report.html", { dark });
    await page.press("o");
    await chip(page, "all");
    for (const part of ["findings", "overview"]) {
      if (part === "overview") await page.press("o");
      const faint = await page.evaluate(`(${faintText})()`);
      assert.deepEqual(faint, [], `${part}, ${dark ? "dark" : "light"}`);
    }
    calm(page, "report.html");
  }
}

/** Run in the page: text whose contrast is too low. */
function faintText() {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const onTop = (colors) => {
    context.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(":disabled, .unseen, #toast, noscript")) continue;
    const grounds = [];
    for (let at = element; at; at = at.parentElement) grounds.unshift(getComputedStyle(at).backgroundColor);
    const [ground, ink] = [onTop(grounds), onTop([...grounds, getComputedStyle(element).color])].map(light);
    const ratio = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
    if (ratio < 4.5) faint.push(`${element.tagName}.${element.className} ${element.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return [...new Set(faint)];
}

try {
  for (const part of [decideEverything, twins, forgetful, contrast, hostile]) {
    await part();
    console.log(`${part.name}: passed`);
  }
} finally {
  await browser.close();
}
