// hookcli as a process, and a browser.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const binary = process.env.HOOKCLI;

/** A folder with a store that nobody else has. */
export class Place {
  constructor(variables = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "hookcli-page-"));
    this.variables = { PATH: process.env.PATH, HOME: this.folder, HOOKCLI_STORE: join(this.folder, "store"), ...variables };
    this.running = [];
  }

  /** Starts a command that says when it is ready; its other documents are kept. */
  async start(...words) {
    const child = spawn(binary, [...words, "--json"], { cwd: this.folder, env: this.variables, stdio: ["ignore", "pipe", "ignore"] });
    this.running.push(child);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error(`${words.join(" ")} did not start`);
    const next = async () => JSON.parse((await lines.next()).value);
    const stop = () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGTERM");
      });
    return { ready: JSON.parse(first.value), next, stop };
  }

  run(...words) {
    const done = spawnSync(binary, words, { cwd: this.folder, env: this.variables, encoding: "utf8", maxBuffer: 1 << 26 });
    if (done.status !== 0) throw new Error(`${words.join(" ")}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  /** The same where this process has to answer it meanwhile. */
  async runBeside(...words) {
    const child = spawn(binary, words, { cwd: this.folder, env: this.variables, stdio: "ignore" });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error(`${words.join(" ")}: exit ${code}`);
  }

  /** What a command prints, while this process goes on. */
  async output(...words) {
    const child = spawn(binary, words, { cwd: this.folder, env: this.variables, stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.stdout.on("data", (part) => (text += part));
    await new Promise((resolve) => child.once("close", resolve));
    return text;
  }

  close() {
    for (const child of this.running) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A browser; `localhost`'s names may be mapped. As root it needs another sandbox than its own. */
export async function browser(...more) {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return puppeteer.launch({ executablePath: "/usr/bin/chromium", args: [...asRoot, ...more] });
}

/** A tab in which errors of the page fail the test. */
export async function tab(opened, url, { width = 1280, height = 800, scheme = "light" } = {}) {
  const page = await opened.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.goto(url);
  return { page, errors };
}

/** Waits until the page's rows are these, by their names from top to bottom. */
export async function rows(page, wanted) {
  // A tab that no one sees draws nothing.
  await page.bringToFront();
  await page.waitForFunction(
    (expected) => {
      const all = [...document.querySelectorAll(".row")].sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
      return JSON.stringify(all.map((row) => row.querySelector(".name").textContent)) === expected;
    },
    {},
    JSON.stringify(wanted),
  );
}

/** Waits until the shown request holds a text. */
export async function detail(page, text) {
  await page.waitForFunction((wanted) => document.querySelector("#detail").textContent.includes(wanted), {}, text);
}

/** Puts a text into a field, in place of what is in it. */
export async function fill(page, field, text) {
  await page.$eval(field, (input, value) => (input.value = value), text);
  await page.focus(field);
}
