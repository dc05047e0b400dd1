// How fast a report opens, filters and scrolls.
//
//     node tests/browser/speed.mjs BROWSER REPORT.html

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, open } from "./chrome.mjs";

const [command, file] = process.argv.slice(2);
const browser = await launch(command);
const page = await open(browser);
const show = (name, values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  console.log(`${name.padEnd(34)} median ${at(0.5)} ms, 95 % ${at(0.95)} ms, most ${at(1)} ms, of ${sorted.length}`);
};

const opens = [];
for (let time = 0; time < 5; time += 1) {
  await page.go("about:blank");
  await page.go(pathToFileURL(resolve(file)).href);
  // From the request to the first frame in which the page can be used.
  opens.push(await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"));
}
show("open, until it can be used", opens);

/** The time that an action takes, with the layout and the next frame. */
const timed = (action) => page.evaluate(`new Promise((done) => {
  const from = performance.now();
  ${action};
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
})`);

await page.press("o");
console.log(await page.evaluate("document.getElementById('tally').innerText"));
const chips = [];
for (const state of ["all", "proposed", "flagged", "all", "made", "open", "all"]) {
  chips.push(await timed(`document.querySelector('[data-state="${state}"]').click()`));
}
show("filter by state", chips);
const groups = [];
for (let time = 0; time < 4; time += 1) groups.push(await timed("document.getElementById('grouped').click()"));
show("group, ungroup", groups);

// A search waits until the person pauses, for 80 ms, which are left out.
const searches = [];
for (const text of ["的", "and", "水", "garble", "天", "没有的话"]) {
  searches.push(await page.evaluate(`new Promise((done) => {
    const box = document.getElementById("search");
    const tally = document.getElementById("tally");
    box.value = ${JSON.stringify(text)};
    const from = performance.now();
    new MutationObserver((_, own) => { own.disconnect(); requestAnimationFrame(() => setTimeout(() => done(performance.now() - from - 80))); }).observe(tally, { childList: true, characterData: true, subtree: true });
    box.dispatchEvent(new Event("input"));
  })`));
}
show("search, after the pause of 80 ms", searches);
await page.evaluate(`{ const box = document.getElementById("search"); box.value = ""; box.dispatchEvent(new Event("input")); }`);
await new Promise((done) => setTimeout(done, 400));

const frames = await page.evaluate(`new Promise((done) => {
  const box = document.getElementById("list");
  const times = [];
  let last = performance.now();
  let left = 180;
  const step = (now) => {
    times.push(performance.now() - last);
    last = performance.now();
    box.scrollTop = left % 60 === 0 ? Math.random() * box.scrollHeight : box.scrollTop + 900;
    left -= 1;
    if (left) requestAnimationFrame(step);
    else done(times.slice(2));
  };
  requestAnimationFrame(step);
})`);
show("a frame of scrolling", frames);

await page.evaluate("document.getElementById('list').scrollTop = 0");
const moves = [];
for (let time = 0; time < 30; time += 1) moves.push(await timed("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))".replace("document.dispatch", "document.body.dispatch")));
show("the next finding", moves);
await page.evaluate("localStorage.setItem('jiaokan:settings', '{\"who\":\"\"}')");
await page.go(pathToFileURL(resolve(file)).href);
await page.press("o");
const decisions = [];
for (let time = 0; time < 30; time += 1) decisions.push(await timed("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))"));
show("a decision", decisions);
decisions.length = 0;
for (let time = 0; time < 3; time += 1) decisions.push(await timed("document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', bubbles: true }))"));
show("a decision about a group", decisions);
console.log(await page.evaluate("document.getElementById('progress').innerText"));
console.log(`heap: ${((await page.evaluate("performance.memory.usedJSHeapSize")) / 1e6).toFixed(0)} MB`);
if (page.said.length) console.log(page.said);
await browser.close();
