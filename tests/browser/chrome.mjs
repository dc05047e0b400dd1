// A browser without a window, steered over a pipe by its own protocol: what the test needs, and no library.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts the browser `command`; `close` ends it. */
export async function launch(command) {
  const profile = mkdtempSync(join(tmpdir(), "jiaokan-browser-"));
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe"];
  const child = spawn(command, [...flags, `--user-data-dir=${profile}`, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const [to, from] = [child.stdio[3], child.stdio[4]];
  const waiting = new Map();
  const listeners = new Set();
  let last = 0;
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (chunk) => {
    const messages = (rest + chunk).split("\0");
    rest = messages.pop();
    for (const message of messages.map((text) => JSON.parse(text))) {
      const answered = waiting.get(message.id);
      waiting.delete(message.id);
      if (!answered) listeners.forEach((listen) => listen(message));
      else if (message.error) answered.fail(new Error(message.error.message));
      else answered.done(message.result);
    }
  });
  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((done, fail) => {
      last += 1;
      waiting.set(last, { done, fail });
      to.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
  const ended = new Promise((done) => child.once("exit", done));
  const close = async () => {
    await send("Browser.close").catch(() => child.kill());
    await ended;
    rmSync(profile, { recursive: true, force: true });
  };
  return { send, listeners, close };
}

/** A page in `browser`, of so many pixels. `said` has what it logged and threw, `asked` the addresses it asked for. */
export async function open(browser, { width = 1366, height = 850, scale = 1, dark = false, phone = false } = {}) {
  const { browserContextId } = await browser.send("Target.createBrowserContext");
  const { targetId } = await browser.send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await browser.send("Target.attachToTarget", { targetId, flatten: true });
  const send = (method, params) => browser.send(method, params, sessionId);
  const [said, asked, loads] = [[], [], []];
  browser.listeners.add((message) => {
    if (message.sessionId !== sessionId) return;
    const { method, params } = message;
    if (method === "Runtime.exceptionThrown") said.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled") said.push(params.args.map((one) => one.value ?? one.description).join(" "));
    if (method === "Log.entryAdded") said.push(`${params.entry.text} ${params.entry.url ?? ""}`);
    if (method === "Network.requestWillBeSent") asked.push(params.request.url);
    if (method === "Page.javascriptDialogOpening") {
      said.push(`dialog: ${params.message}`);
      send("Page.handleJavaScriptDialog", { accept: true });
    }
    if (method === "Page.loadEventFired") loads.splice(0).forEach((done) => done());
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: scale, mobile: phone });
  await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
  const evaluate = async (expression) => {
    const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const go = async (url) => {
    const loaded = new Promise((done) => loads.push(done));
    await send("Page.navigate", { url });
    await loaded;
  };
  /** Presses keys, each a character or a name such as `Enter`. */
  const press = async (...keys) => {
    for (const key of keys) {
      const text = key.length === 1 ? key : key === "Enter" ? "\r" : undefined;
      const shift = key.length === 1 && key !== key.toLowerCase() ? 8 : 0;
      const code = key === "Enter" ? 13 : key === "Escape" ? 27 : 0;
      await send("Input.dispatchKeyEvent", { type: "keyDown", key, text, modifiers: shift, windowsVirtualKeyCode: code });
      await send("Input.dispatchKeyEvent", { type: "keyUp", key, modifiers: shift, windowsVirtualKeyCode: code });
    }
  };
  const type = (text) => send("Input.insertText", { text });
  /** Waits until `expression` holds. */
  const until = async (expression) => {
    for (let tries = 0; tries < 800; tries += 1) {
      if (await evaluate(expression)) return;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`never so: ${expression}`);
  };
  const screenshot = async () => Buffer.from((await send("Page.captureScreenshot", { format: "png" })).data, "base64");
  return { context: browserContextId, send, evaluate, go, press, type, until, screenshot, said, asked };
}
