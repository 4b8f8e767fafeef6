import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { browser, detail, fill, Place, rows, tab } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SECRET = "whsec_right";

let opened;
before(async () => {
  opened = await browser();
});
after(() => opened.close());

/** A listener with its page, and a function that sends to it. */
async function listening(variables = {}) {
  const place = new Place({ HOOKCLI_SECRET_STRIPE: SECRET, ...variables });
  const listener = await place.start("listen", "--port", "0", "--ui", "--ui-port", "0", "--accept-unverified");
  const send = async (...words) => {
    place.run("send", ...words, "--url", listener.ready.url, "--no-store");
    return listener.next();
  };
  return { place, listener, send, url: listener.ready.ui_url };
}

test("what arrives appears at once, the newest first, and the token leaves the address", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  const { page, errors } = await tab(opened, url);
  await page.waitForFunction(() => document.querySelector("#connection").textContent === "live");
  assert.ok(!(await page.evaluate(() => location.href)).includes("token"));
  await send("stripe/invoice.paid", "--secret", SECRET);
  await rows(page, ["stripe/invoice.paid"]);
  await send("convo/transcript.ready");
  await rows(page, ["convo/transcript.ready", "stripe/invoice.paid"]);
  // Another tab has no token of its own.
  const other = await opened.newPage();
  await other.goto(url.split("#")[0]);
  await other.waitForSelector("#locked[open]");
  await other.type("#pasted", url);
  await other.keyboard.press("Enter");
  await rows(other, ["convo/transcript.ready", "stripe/invoice.paid"]);
  assert.deepEqual(errors, []);
  await page.close();
  await other.close();
});

test("a signature that fails is explained", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("stripe/invoice.paid", "--secret", SECRET, "--fault", "reformatted_body", "--expect-status", "200");
  const { page } = await tab(opened, url);
  await rows(page, ["stripe/invoice.paid"]);
  await page.keyboard.press("j");
  await detail(page, "body_reserialised");
  await detail(page, "express.raw");
  await detail(page, "signed: HMAC-SHA256 of `{timestamp}.{body}`, hex, in Stripe-Signature");
  await page.close();
});

test("keys lead through the list, and the address leads back to a request", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("convo/conversation.created");
  await send("convo/transcript.ready");
  await send("convo/conversation.summary.ready");
  const { page } = await tab(opened, url);
  await rows(page, ["convo/conversation.summary.ready", "convo/transcript.ready", "convo/conversation.created"]);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await detail(page, "transcript.ready");
  await page.keyboard.press("k");
  await detail(page, "conversation.summary.ready");
  await page.keyboard.press("ArrowDown");
  await detail(page, "transcript.ready");
  const address = await page.evaluate(() => location.href);
  await page.reload();
  await detail(page, "convo/transcript.ready");
  assert.equal(await page.evaluate(() => location.href), address);
  await page.keyboard.press("?");
  await page.waitForSelector("#help[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("#help:not([open])");
  await page.close();
});

test("a query selects, is in the address, and its mistakes are said", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("stripe/invoice.paid", "--secret", SECRET);
  await send("stripe/invoice.paid", "--secret", "wrong");
  await send("convo/transcript.ready");
  const { page } = await tab(opened, url);
  await page.keyboard.press("/");
  await page.keyboard.type("prov");
  await page.waitForSelector("#suggestions:not([hidden])");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type("stripe verdict:invalid");
  await page.keyboard.press("Enter");
  await rows(page, ["stripe/invoice.paid"]);
  assert.ok((await page.evaluate(() => location.search)).includes("q=provider%3Astripe"));
  // What comes later is shown where it fits.
  await send("stripe/charge.succeeded", "--secret", "wrong");
  await rows(page, ["stripe/charge.succeeded", "stripe/invoice.paid"]);
  await send("convo/transcript.ready");
  await page.goBack();
  await rows(page, ["convo/transcript.ready", "stripe/charge.succeeded", "convo/transcript.ready", "stripe/invoice.paid", "stripe/invoice.paid"]);
  await page.keyboard.press("/");
  await page.keyboard.type("stauts:400");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#query-error").textContent.includes("did you mean `status`?"));
  await page.keyboard.press("/");
  await page.keyboard.type("given up");
  await page.keyboard.press("Escape");
  if (await page.$eval("#query", (input) => input === document.activeElement)) await page.keyboard.press("Escape");
  assert.equal(await page.$eval("#query", (input) => input.value), new URL(page.url()).searchParams.get("q"));
  await page.close();
});

test("nothing of a request is markup, wherever it stands", async (t) => {
  const place = new Place();
  t.after(() => place.close());
  const hostile = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
  const app = createServer((request, response) => {
    request.resume();
    response.setHeader("x-answer", hostile);
    response.writeHead(500).end(hostile);
  });
  await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
  t.after(() => app.close());
  const to = `http://127.0.0.1:${app.address().port}/app?q=${encodeURIComponent(hostile)}`;
  const listener = await place.start("listen", "--port", "0", "--ui", "--ui-port", "0", "--accept-unverified", "--forward-to", to);
  const url = listener.ready.ui_url;
  const body = (number) => JSON.stringify({ [hostile]: hostile, type: hostile, id: hostile + number, event: hostile, nested: { [hostile]: [hostile] } });
  const path = `/hook/${encodeURIComponent(hostile)}?q=<script>document.title='owned'</script>`;
  const headers = { "content-type": "application/json", "x-hostile": hostile, "X-Convo-Event": hostile, "X-Convo-Signature": hostile };
  for (const number of [1, 2]) await fetch(listener.ready.url + path, { method: "POST", body: body(number), headers });
  const { page, errors } = await tab(opened, url);
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await detail(page, "onerror");
  for (const name of ["Raw", "Hex", "Tree"]) {
    await page.evaluate((wanted) => [...document.querySelectorAll(".body-tabs button")].find((one) => one.textContent === wanted).click(), name);
    await page.waitForFunction(() => !document.querySelector("#detail .body").textContent.startsWith("reading"));
  }
  const nothing = async () => {
    assert.equal(await page.title(), "hookcli");
    assert.equal(await page.evaluate(() => document.querySelectorAll("main img, main script, dialog img, dialog script").length), 0);
  };
  await detail(page, "Forwarded and sent again");
  await page.keyboard.press("d");
  await page.waitForFunction(() => document.querySelector("#diff h3"));
  await nothing();
  await page.click("nav a[data-view=deliveries]");
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await detail(page, "1 attempt");
  await detail(page, "onerror");
  await page.click("#stats-button");
  await page.waitForFunction(() => document.querySelector("#stats-shown").textContent.includes("Outcomes by event"));
  await nothing();
  await page.keyboard.press("Escape");
  await page.keyboard.press("v");
  await page.waitForSelector("#verify[open]");
  await page.$eval("#verify-request", (input, text) => (input.value = text), `curl http://localhost/ -H 'X-Convo-Event: ${hostile.replaceAll("'", "")}' -d x`);
  await page.click("#verify-form button");
  await page.waitForFunction(() => document.querySelector("#verify-result").textContent !== "");
  await nothing();
  assert.deepEqual(errors, []);
  await page.close();
});

test("JSON is shown as it was written", async (t) => {
  const { place, listener, url } = await listening();
  t.after(() => place.close());
  await fetch(listener.ready.url, { method: "POST", body: '{"big":12345678901234567890,"a":1.0,"a":1e400}', headers: { "content-type": "application/json" } });
  const { page } = await tab(opened, url);
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await page.waitForSelector(".tree");
  const numbers = await page.evaluate(() => [...document.querySelectorAll(".tree .number")].map((one) => one.textContent));
  assert.deepEqual(numbers, ["12345678901234567890", "1.0", "1e400"]);
  await page.close();
});

/** A receiver that keeps what it gets. */
async function receiver(t, status = 200) {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.statusCode = status;
    response.end("<b>thanks</b>");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}/hook`, received };
}

test("a request is sent again, and the answer is shown", async (t) => {
  const { place, listener, send, url } = await listening();
  t.after(() => place.close());
  const got = await receiver(t);
  await send("stripe/invoice.paid", "--secret", SECRET);
  const { page, errors } = await tab(opened, url);
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  await page.waitForSelector("#replay[open]");
  // Where nothing was sent yet, the listener itself is offered.
  await page.waitForFunction((own) => document.querySelector("#replay-to").value === own, {}, listener.ready.url);
  await fill(page, "#replay-to", got.url);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#replay-result").textContent.includes("✓ 200"));
  await page.waitForFunction(() => document.querySelector("#replay-result").textContent.includes("<b>thanks</b>"));
  const command = await page.evaluate(() => document.querySelector("#replay-result .mono").textContent);
  assert.match(command, /^hookcli replay cap_\w{26} --url http:\/\/127\.0\.0\.1:\d+\/hook$/);
  const shown = JSON.parse(place.run("captures", "show", "last", "--json"));
  assert.equal(got.received[0].body, shown.body, "byte for byte");
  assert.equal(got.received[0].headers["stripe-signature"], Object.fromEntries(shown.headers)["Stripe-Signature"]);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a body is edited, signed again and sent", async (t) => {
  const { place, listener, send, url } = await listening();
  t.after(() => place.close());
  const got = await receiver(t, 500);
  await send("stripe/invoice.paid", "--secret", "wrong");
  const { page } = await tab(opened, url);
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await page.keyboard.press("e");
  await page.waitForSelector("#replay[open]");
  await fill(page, "#replay-to", got.url);
  await page.evaluate(() => (document.querySelector("#replay-body").value = '{"type":"invoice.paid","edited":true}'));
  await page.click("#replay-form button");
  await page.waitForFunction(() => document.querySelector("#replay-result").textContent.includes("✗ 500"));
  assert.equal(got.received[0].body, '{"type":"invoice.paid","edited":true}');
  // The listener's secret verifies it.
  const answer = await fetch(listener.ready.url, { method: "POST", body: got.received[0].body, headers: { "stripe-signature": got.received[0].headers["stripe-signature"], "content-type": "application/json" } });
  assert.equal(answer.status, 200);
  await listener.next();
  assert.equal(JSON.parse(place.run("captures", "list", "--limit", "1", "--json")).verdict, "valid");
  // Of a request that did not verify it is said what signing it means.
  const bad = JSON.parse(place.run("captures", "list", "verdict:invalid", "--json")).id;
  await page.goto(`${url.split("#")[0]}?id=${bad}`);
  await detail(page, bad);
  await page.keyboard.press("r");
  await page.waitForSelector("#replay[open]");
  assert.match(await page.$eval("#replay-unverified", (shown) => shown.textContent), /signature is invalid/);
  await page.click("#replay-resign");
  await page.click("#replay-form button");
  await page.waitForFunction(() => document.querySelector("#replay-result").textContent.includes("--resign --resign-unverified"));
  assert.equal(got.received.length, 2);
  await page.close();
});

test("an event is chosen, edited against its schema, and sent with a fault", async (t) => {
  const { place, listener, url } = await listening();
  t.after(() => place.close());
  const got = await receiver(t, 401);
  const { page, errors } = await tab(opened, url);
  await page.waitForFunction(() => document.querySelector("#connection").textContent === "live");
  await page.keyboard.press("n");
  await page.waitForSelector("#event-types option");
  await page.type("#send-event", "convo/transcript.ready");
  await page.waitForFunction(() => document.querySelector("#send-body").value.includes('"segmentCount": 142'));
  await fill(page, "#send-to", got.url);
  await page.click("#send-form button");
  await page.waitForFunction(() => document.querySelector("#send-result").textContent.includes("✗ 401"));
  assert.ok(!got.received[0].body.includes("2026-03-19"), "its timestamp is new");
  // What the schema does not allow is said while it is typed.
  await page.evaluate(() => {
    const body = document.querySelector("#send-body");
    body.value = body.value.replace("142", '"many"');
    body.dispatchEvent(new Event("input"));
  });
  await page.waitForFunction(() => document.querySelector("#send-violations").textContent.includes("/data/segmentCount"));
  await page.evaluate(() => {
    const body = document.querySelector("#send-body");
    body.value = "{";
    body.dispatchEvent(new Event("input"));
  });
  await page.waitForFunction(() => document.querySelector("#send-violations").textContent.includes("not JSON"));
  await page.evaluate(() => (document.querySelector("#send-body").value = '{"event":"transcript.ready"}'));
  await page.select("#send-fault", "missing_signature");
  await page.click("#send-form button");
  await page.waitForFunction(() => document.querySelector("#send-result").textContent.includes("✓ 401"));
  const command = await page.evaluate(() => document.querySelector("#send-result .mono").textContent);
  assert.match(command, /^hookcli send convo\/transcript\.ready --url \S+ --data-raw '\{"event":"transcript\.ready"\}' --fault missing_signature$/);
  assert.equal(got.received[1].body, '{"event":"transcript.ready"}');
  assert.equal(got.received[1].headers["x-convo-signature"], undefined);
  // To the listener itself: it appears in the list behind.
  await page.evaluate((to) => (document.querySelector("#send-to").value = to), listener.ready.url);
  await page.select("#send-fault", "");
  await page.click("#send-form button");
  await listener.next();
  await rows(page, ["convo/transcript.ready"]);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a secret is tried, and kept nowhere", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("stripe/invoice.paid", "--secret", "another-secret");
  const { page } = await tab(opened, url);
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await detail(page, "Try another secret");
  await page.click(".try summary");
  for (const [secret, said] of [["wrong-one", "✗ stripe/invoice.paid: invalid with this secret"], ["another-secret", "set HOOKCLI_SECRET_STRIPE to it and start hookcli again"]]) {
    await page.evaluate(() => (document.querySelector(".try input").value = ""));
    await page.type(".try input", secret);
    await page.keyboard.press("Enter");
    await detail(page, said);
  }
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie]));
  assert.ok(!kept.includes("another-secret"));
  assert.ok(!place.run("captures", "list", "--json").includes("another-secret"));
  await page.close();
});

test("a delivery that failed is retried, and all are counted", async (t) => {
  const { place, url } = await listening();
  t.after(() => place.close());
  let fails = true;
  const server = createServer((request, response) => {
    request.resume();
    response.statusCode = fails ? 503 : 200;
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const to = `http://127.0.0.1:${server.address().port}/`;
  await place.runBeside("send", "stripe/invoice.paid", "--secret", SECRET, "--url", to, "--expect-status", "503");
  await place.runBeside("send", "stripe/charge.succeeded", "--secret", SECRET, "--url", to, "--expect-status", "503");
  fails = false;
  const { page, errors } = await tab(opened, url);
  await page.waitForSelector("nav a[data-view=deliveries]");
  await page.click("nav a[data-view=deliveries]");
  await rows(page, ["stripe/charge.succeeded", "stripe/invoice.paid"]);
  await page.keyboard.press("j");
  await detail(page, "Retry now");
  await page.evaluate(() => [...document.querySelectorAll("#detail button")].find((one) => one.textContent === "Retry now").click());
  await detail(page, "2 attempts");
  await detail(page, "delivered");
  await page.click("#stats-button");
  await page.waitForFunction(() => document.querySelector("#stats-shown").textContent.includes("3 (1 retries)"));
  await page.waitForFunction(() => document.querySelector("#stats-shown").textContent.includes("503"));
  // What became of the deliveries of each event, and when they started.
  const outcomes = await page.$$eval("#stats-shown tr", (all) => all.map((row) => row.textContent));
  assert.ok(outcomes.includes("stripe/charge.succeeded1 delivered") && outcomes.includes("stripe/invoice.paid1 failed"), outcomes.join());
  assert.match(await page.$eval("#stats-shown .timeline", (plot) => plot.getAttribute("aria-label")), /^2 deliveries from/);
  await page.keyboard.press("Escape");
  // Waits that were compressed are told in the provider's time, and as they were.
  fails = true;
  await place.runBeside("send", "stripe/charge.refunded", "--secret", SECRET, "--url", to, "--expect-status", "503", "--retries", "1", "--wait", "10m", "--speed", "6000x");
  await rows(page, ["stripe/charge.refunded", "stripe/charge.succeeded", "stripe/invoice.paid"]);
  await page.keyboard.press("g");
  await detail(page, "of the provider's time (");
  // Waits of 100 ms and 200 ms; a response takes as long in the provider's time as in reality.
  const times = await page.evaluate(async () => {
    const { providerTimes } = await import("./axis.js");
    const attempt = (ms, duration_ms) => ({ started_at: new Date(ms).toISOString(), duration_ms });
    return providerTimes([attempt(1000, 300), attempt(1400, 50), attempt(1650, 10)], 6000);
  });
  assert.deepEqual(times, { starts: [0, 600_300, 1_800_350], whole: 1_800_360 });
  await detail(page, "(6000x)");
  assert.deepEqual(errors, []);
  await page.close();
});

test("the listener's responses are changed while it runs", async (t) => {
  const { place, listener, url } = await listening();
  t.after(() => place.close());
  const answers = async (count) => {
    const statuses = [];
    for (let each = 0; each < count; each += 1) {
      statuses.push((await fetch(listener.ready.url, { method: "POST", body: "{}" })).status);
      await listener.next();
    }
    return statuses;
  };
  const { page, errors } = await tab(opened, url);
  await page.waitForSelector("#rules-button:not([hidden])");
  await page.click("#rules-button");
  await page.waitForSelector("#rules[open]");
  await page.type("#rules-respond", "503x2,200");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#rules-result").textContent.includes("hookcli listen --respond 503x2,200"));
  assert.deepEqual(await answers(3), [503, 503, 200]);
  await page.evaluate(() => (document.querySelector("#rules-respond").value = "a lot"));
  await page.click("#rules-form button");
  await page.waitForFunction(() => document.querySelector("#rules-result .bad")?.textContent.includes("a lot"));
  await page.click("#rules-usual");
  await page.waitForFunction(() => document.querySelector("#rules-result").textContent.includes("as usual again"));
  assert.deepEqual(await answers(2), [200, 200]);
  assert.deepEqual(errors.filter((error) => !error.includes("400")), []);
  await page.close();
});

test("one request is deleted, and all that a query selects", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("convo/transcript.ready");
  await send("stripe/invoice.paid", "--secret", SECRET);
  await send("stripe/charge.succeeded", "--secret", SECRET);
  await send("convo/conversation.created");
  const { page, errors } = await tab(opened, url);
  const { page: other } = await tab(opened, url);
  await rows(page, ["convo/conversation.created", "stripe/charge.succeeded", "stripe/invoice.paid", "convo/transcript.ready"]);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.waitForSelector("#remove[open]");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#remove:not([open])");
  await rows(page, ["convo/conversation.created", "stripe/charge.succeeded", "stripe/invoice.paid", "convo/transcript.ready"]);
  await page.keyboard.press("x");
  await page.waitForSelector("#remove[open]");
  await page.click("#remove button[value=yes]");
  const left = ["stripe/charge.succeeded", "stripe/invoice.paid", "convo/transcript.ready"];
  await rows(page, left);
  // Whoever else looks sees it, too.
  await rows(other, left);
  await page.bringToFront();
  await detail(page, "charge.succeeded");
  await page.keyboard.press("/");
  await page.keyboard.type("provider:stripe");
  await page.keyboard.press("Enter");
  await rows(page, left.slice(0, 2));
  await page.click("#remove-button");
  await page.waitForFunction(() => document.querySelector("#remove-what").textContent.startsWith("Delete 2 requests?"));
  await page.click("#remove button[value=yes]");
  await rows(page, []);
  await rows(other, ["convo/transcript.ready"]);
  assert.equal(place.run("captures", "list", "--json").trim().split("\n").length, 1);
  assert.deepEqual(errors.filter((error) => !error.includes("409")), []);
  await page.close();
  await other.close();
});

test("another machine is asked for, and what is copied has no secrets", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("convocore/lead_captured", "--secret", "the-workspace-secret");
  await send("convocore/lead_captured", "--secret", "the-workspace-secret", "--set", "payload.leadName=Another");
  const { page } = await tab(opened, url);
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await detail(page, "lead_captured");
  const shown = () => page.$eval("#detail", (one) => one.textContent);
  await detail(page, "[redacted]");
  assert.ok(!(await shown()).includes("the-workspace-secret"));
  await page.click("#detail dd button");
  await detail(page, "the-workspace-secret");
  // Only there, and only until something else is shown.
  await page.reload();
  await detail(page, "[redacted]");
  assert.ok(!(await shown()).includes("the-workspace-secret"));
  await page.keyboard.press("r");
  await page.waitForSelector("#replay[open]");
  // A destination that is refused is not offered again.
  await fill(page, "#replay-to", "99999999");
  await page.click("#replay-form button");
  await page.waitForFunction(() => document.querySelector("#replay-result .bad"));
  assert.equal(await page.evaluate(() => localStorage.getItem("hookcli-destination")), null);
  await fill(page, "#replay-to", "http://192.0.2.1/hook");
  await page.click("#replay-form button");
  await page.waitForFunction(() => document.querySelector("#replay-result button")?.textContent === "Send it there");
  await page.click("#replay-close");
  await page.keyboard.press("d");
  await page.waitForFunction(() => document.querySelector("#diff").textContent.includes("Another"));
  await page.type("#diff input", "last");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#diff").textContent.includes("The requests are the same."));
  await opened.defaultBrowserContext().overridePermissions(new URL(url).origin, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
  for (const format of ["curl", "http", "har", "python", "json", "fixture"]) {
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await page.select("#detail select", format);
    const copied = await page.waitForFunction(() => navigator.clipboard.readText());
    const text = await copied.jsonValue();
    assert.ok(text.includes("lead_captured") && !text.includes("the-workspace-secret"), `${format}: ${text}`);
  }
  await page.close();
});

test("forms, parts and XML are taken apart", async (t) => {
  const { place, listener, url } = await listening();
  t.after(() => place.close());
  const bodies = [
    ["application/xml", "<a><b>1</b><c><d/></c></a>", "XML", "<a>\n  <b>1</b>\n  <c>\n    <d/>\n  </c>\n</a>"],
    ["multipart/form-data; boundary=xyz", '--xyz\r\nContent-Disposition: form-data; name="f"\r\n\r\nfirst\r\n--xyz--\r\n', "Parts", 'name="f"first'],
    ["application/x-www-form-urlencoded", "a=1&b=%3Cb%3E", "Form", "a1b<b>"],
  ];
  const { page, errors } = await tab(opened, url);
  for (const [type, body, name, shown] of bodies) {
    await fetch(listener.ready.url, { method: "POST", body, headers: { "content-type": type } });
    const { id } = await listener.next();
    await page.goto(`${url.split("#")[0]}?id=${id}`);
    await detail(page, id);
    assert.equal(await page.evaluate(() => document.querySelector(".body-tabs button").textContent), name);
    const text = await page.evaluate(() => document.querySelector("#detail .body").textContent);
    assert.ok(text.includes(shown), text);
  }
  assert.deepEqual(errors, []);
  await page.close();
});

test("a query is saved and chosen again", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("convo/transcript.ready");
  await send("stripe/invoice.paid", "--secret", SECRET);
  const { page } = await tab(opened, url);
  await page.keyboard.press("/");
  await page.keyboard.type("provider:convo");
  await page.keyboard.press("Enter");
  await rows(page, ["convo/transcript.ready"]);
  await page.click("#save-query");
  await page.waitForFunction(() => document.querySelector("#save-query").getAttribute("aria-pressed") === "true");
  await page.click("nav a[data-view=requests]");
  await rows(page, ["stripe/invoice.paid", "convo/transcript.ready"]);
  await page.keyboard.press("/");
  await page.waitForFunction(() => document.querySelector("#suggestions").textContent.includes("provider:convo"));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await rows(page, ["convo/transcript.ready"]);
  await page.close();
});

test("repetitions are folded under their first, and other content under an id is not", async (t) => {
  const { place, send, url } = await listening({ HOOKCLI_SECRET_GAIFE: "s3cret" });
  t.after(() => place.close());
  for (const status of ["RECEIVED", "PROCESSED", "PROCESSED", "PROCESSED"]) {
    await send("gaife/message", "--secret", "s3cret", "--seed", "1", "--now", "1767225600", "--set", `status=${status}`);
  }
  const { page, errors } = await tab(opened, url);
  await rows(page, ["gaife/message", "gaife/message"]);
  await page.waitForFunction(() => document.querySelector(".row .fold").textContent === "▸ 2 duplicates");
  await page.keyboard.press("j");
  await detail(page, "with another body");
  await page.keyboard.press("ArrowRight");
  await rows(page, Array(4).fill("gaife/message"));
  // One more joins them.
  await send("gaife/message", "--secret", "s3cret", "--seed", "1", "--now", "1767225600", "--set", "status=PROCESSED");
  await rows(page, Array(5).fill("gaife/message"));
  await page.keyboard.press("ArrowLeft");
  await rows(page, Array(2).fill("gaife/message"));
  await page.click("#detail dd button");
  await page.waitForFunction(() => [...document.querySelectorAll("#diff .added")].some((line) => line.textContent.includes("PROCESSED")));
  // A link to a repetition shows it.
  const folded = await page.evaluate(async () => {
    const { get } = await import("./api.js");
    return (await get("/api/captures", {})).captures[0].id;
  });
  await page.goto(`${new URL(url).origin}/?id=${folded}`);
  await detail(page, folded);
  assert.deepEqual(errors, []);
  await page.close();
});

test("what was forwarded is shown with its request, on a time axis", async (t) => {
  const place = new Place();
  t.after(() => place.close());
  let status = 500;
  const app = createServer((request, response) => {
    request.resume();
    response.writeHead(status).end("done");
  });
  await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
  t.after(() => app.close());
  const to = `http://127.0.0.1:${app.address().port}/app`;
  const listener = await place.start("listen", "--port", "0", "--ui", "--ui-port", "0", "--accept-unverified", "--forward-to", to);
  await place.runBeside("send", "convo/transcript.ready", "--url", listener.ready.url, "--no-store", "--expect-status", "500");
  const { page, errors } = await tab(opened, listener.ready.ui_url);
  await page.waitForSelector(".row");
  await page.keyboard.press("j");
  await detail(page, "Forwarded and sent again");
  await page.waitForSelector("#forwards .axis span");
  assert.match(await page.$eval("#forwards .axis", (axis) => axis.getAttribute("aria-label")), /first byte/);
  assert.equal((await page.$$("#forwards .axis")).length, 1);
  // What is sent again from here is told at once.
  status = 200;
  await page.keyboard.press("r");
  await page.waitForSelector("#replay[open]");
  await fill(page, "#replay-to", to);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector("#forwards").textContent.includes("delivered"));
  assert.deepEqual(errors, []);
  await page.close();
});

test("a request from elsewhere is pasted and verified, and kept nowhere", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("stripe/invoice.paid", "--secret", SECRET);
  const pasted = place.run("captures", "export", "last", "--format", "curl");
  const fixture = place.run("captures", "export", "last", "--format", "http", "--test-secret");
  const { page } = await tab(opened, url);
  await page.waitForSelector(".row");
  await page.keyboard.press("v");
  await page.waitForSelector("#verify[open]");
  const verify = async (request, secret) => {
    await page.$eval("#verify-request", (input, text) => (input.value = text), request);
    await page.$eval("#verify-secret", (input, text) => (input.value = text), secret);
    await page.click("#verify-form button");
  };
  const said = (text) => page.waitForFunction((wanted) => document.querySelector("#verify-result").textContent.includes(wanted), {}, text);
  await verify(pasted, "");
  await said("stripe/invoice.paid: valid with the secrets that are set");
  await verify(pasted, "another");
  await said("invalid with this secret");
  await said("hookcli verify --request FILE --secret-env SECRET");
  await verify(fixture, "hookcli-test-secret");
  await said("valid with this secret");
  await verify("nonsense", "");
  await said("not recognised");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.querySelector("#verify-secret").value === "" && document.querySelector("#verify-request").value === "");
  await page.close();
});

test("subscriptions of an emulated provider are disabled, rotated, and sent to again", async (t) => {
  const place = new Place();
  t.after(() => place.close());
  const got = await receiver(t, 500);
  const emulator = await place.start("emulate", "agentclara", "--port", "0", "--ui", "--ui-port", "0");
  const api = emulator.ready.url;
  const headers = { authorization: "Bearer any", "content-type": "application/json", "x-hookcli-control": "1" };
  const post = async (path, document) => (await fetch(`${api}${path}`, { method: "POST", headers, body: JSON.stringify(document) })).text();
  const made = JSON.parse(await post("/api/v1/webhooks", { url: got.url, events: ["message.received"] })).data;
  await post("/_hookcli/settle", {});
  const { page, errors } = await tab(opened, emulator.ready.ui_url);
  await page.waitForFunction(() => !document.querySelector("#subscriptions-button").hidden);
  await page.click("#subscriptions-button");
  const shows = (text) => page.waitForFunction((wanted) => document.querySelector("#subscriptions").textContent.includes(wanted), {}, text);
  const press = (name) => page.evaluate((wanted) => [...document.querySelectorAll("#subscriptions button")].find((button) => button.textContent === wanted).click(), name);
  await shows(made.id);
  await shows("last response 500");
  await press("Deliveries");
  await shows("agentclara/webhook.test 500");
  const before = got.received.length;
  await press("Resend");
  await page.waitForFunction(() => document.querySelectorAll("#subscriptions section div.actions").length > 2);
  while (got.received.length === before) await new Promise((resolve) => setImmediate(resolve));
  await press("Rotate secret");
  await shows("A new secret signs");
  await press("Disable");
  await shows("paused");
  await press("Enable");
  await shows("active");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(violations.map((one) => one.id), []);
  assert.deepEqual(errors, []);
  await page.close();
});

test("a page of another site gets nothing", async (t) => {
  const { place, url } = await listening();
  t.after(() => place.close());
  const target = new URL(url);
  const token = target.hash.slice("#token=".length);
  const evil = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>evil</title>"));
  await new Promise((resolve) => evil.listen(0, "127.0.0.1", resolve));
  t.after(() => evil.close());
  const mapped = await browser("--host-resolver-rules=MAP evil.example 127.0.0.1, MAP rebound.example 127.0.0.1");
  t.after(() => mapped.close());
  const page = await mapped.newPage();
  for (const origin of [`http://evil.example:${evil.address().port}`, `http://localhost:${evil.address().port}`]) {
    await page.goto(origin);
    const read = await page.evaluate(
      async (base, held) => {
        const outcomes = [];
        for (const path of ["/api/captures", "/api/events", "/", "/app.js", "/livez"]) {
          for (const options of [{}, { mode: "no-cors" }, { headers: { authorization: `Bearer ${held}` } }, { method: "POST", mode: "no-cors", body: "x" }]) {
            try {
              const answer = await fetch(base + path, { ...options, signal: AbortSignal.timeout(5000) });
              outcomes.push(`${path} ${answer.type} ${(await answer.text()).length}`);
            } catch {
              outcomes.push("refused");
            }
          }
        }
        return outcomes;
      },
      target.origin,
      token,
    );
    assert.deepEqual([...new Set(read.map((one) => one.replace(/^\S+ (opaque) 0$/, "$1")))].sort(), ["opaque", "refused"].slice(read.every((one) => one === "refused") ? 1 : 0), read.join("; "));
    // It cannot be framed, either.
    const framed = await page.evaluate(async (base) => {
      const frame = document.createElement("iframe");
      frame.src = base;
      document.body.append(frame);
      await new Promise((resolve) => (frame.onload = resolve));
      try {
        return frame.contentDocument === null ? "blocked" : frame.contentDocument.title;
      } catch {
        return "blocked";
      }
    }, target.origin);
    assert.equal(framed, "blocked");
  }
  // A name that leads here is another name.
  const rebound = await page.goto(`http://rebound.example:${target.port}/`);
  assert.equal(rebound.status(), 403);
});

test("after the server was away the page goes on where it was", async (t) => {
  const place = new Place();
  t.after(() => place.close());
  const first = await place.start("ui", "--ui-port", "0");
  const port = new URL(first.ready.ui_url).port;
  const { page } = await tab(opened, first.ready.ui_url);
  await page.waitForFunction(() => document.querySelector("#connection").textContent === "live");
  await first.stop();
  await page.waitForFunction(() => document.querySelector("#connection").textContent === "reconnecting");
  const listener = await place.start("listen", "--port", "0");
  place.run("send", "convo/transcript.ready", "--url", listener.ready.url, "--no-store");
  await listener.next();
  const second = await place.start("ui", "--ui-port", port);
  assert.equal(second.ready.ui_url, first.ready.ui_url);
  await page.waitForFunction(() => document.querySelector("#connection").textContent === "live");
  await rows(page, ["convo/transcript.ready"]);
  await page.close();
});

test("many rows are scrolled through, and few are in the page", async (t) => {
  const { place, listener, url } = await listening();
  t.after(() => place.close());
  const count = process.env.HOOKCLI_LONG_TESTS ? 100_000 : 5_000;
  place.run("load", "convo/transcript.ready", "--url", listener.ready.url, "--count", String(count), "--concurrency", "16", "--quiet");
  const { page, errors } = await tab(opened, url);
  await page.waitForSelector(".row");
  const target = 4_000;
  await page.waitForFunction(
    (wanted) => {
      const scroller = document.querySelector("#scroller");
      scroller.scrollTop = scroller.scrollHeight;
      return document.querySelector("#rows").clientHeight >= wanted * 52;
    },
    { polling: 50 },
    target,
  );
  const drawn = await page.evaluate(() => document.querySelectorAll(".row").length);
  assert.ok(drawn < 60, `${drawn} rows are in the page`);
  await page.keyboard.press("g");
  await page.waitForFunction(() => document.querySelector("#scroller").scrollTop === 0);
  assert.deepEqual(errors, []);
  await page.close();
});

test("it can be used by everyone, in light and dark, on every screen", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("stripe/invoice.paid", "--secret", "wrong");
  await send("convo/transcript.ready", "--set", "data.segmentCount=\"x\"");
  for (const scheme of ["light", "dark"]) {
    for (const width of [360, 1280, 2560]) {
      const { page } = await tab(opened, url, { width, scheme });
      await page.waitForSelector(".row");
      for (const step of ["list", "detail"]) {
        if (step === "detail") {
          await page.keyboard.press("j");
          await detail(page, "Headers");
          await page.keyboard.press("Enter");
        }
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
          return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
        });
        assert.deepEqual(found, [], `${scheme} ${width} ${step}`);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.ok(!wider, `${scheme} ${width} ${step} scrolls sideways`);
      }
      await page.close();
    }
  }
});

test("on a narrow screen the other list is shown after a request was open", async (t) => {
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("convo/transcript.ready");
  const { page } = await tab(opened, url, { width: 400 });
  await rows(page, ["convo/transcript.ready"]);
  await page.click(".row");
  await detail(page, "Headers");
  assert.ok(!(await page.$eval("#list", (list) => list.checkVisibility())));
  await page.click("nav a[data-view=deliveries]");
  await page.waitForFunction(() => document.querySelector("#list").checkVisibility());
  await page.close();
});

// UPDATE_DOCS=1 tests/inspector/run takes the pictures of the docs anew.
test("the pictures of the docs are taken", { skip: !process.env.UPDATE_DOCS }, async (t) => {
  const { place, send, url } = await listening({ HOOKCLI_SECRET_CONVO: "convo-secret", HOOKCLI_SECRET_AGENTCLARA: "agent-secret" });
  t.after(() => place.close());
  const as = ["--secret", SECRET];
  for (const event of ["conversation.created", "message.received", "appointment.booked"]) await send(`agentclara/${event}`, "--secret", "agent-secret");
  await send("stripe/customer.created", ...as);
  await send("convo/transcript.ready", "--secret", "convo-secret");
  await send("stripe/invoice.paid", "--secret", "whsec_of_yesterday");
  await send("github/push");
  await send("stripe/payment_intent.succeeded", ...as, "--fault", "reformatted_body", "--expect-status", "200");
  const take = async (scheme, name, prepare) => {
    const { page } = await tab(opened, url, { width: 1280, height: 760, scheme });
    await page.waitForSelector(".row");
    await prepare(page);
    await page.screenshot({ path: join(process.env.HOOKCLI_IMAGES, name) });
    await page.close();
  };
  await take("light", "inspector.png", async (page) => {
    await page.keyboard.press("j");
    await detail(page, "body_reserialised");
  });
  await take("dark", "inspector-send.png", async (page) => {
    await page.keyboard.press("n");
    await page.waitForSelector("#event-types option");
    await page.type("#send-event", "convo/transcript.ready");
    await page.waitForFunction(() => document.querySelector("#send-body").value.includes('"segmentCount": 142'));
    await fill(page, "#send-to", "3000/webhooks");
    await page.evaluate(() => {
      const body = document.querySelector("#send-body");
      body.value = body.value.replace("142", '"many"');
      body.dispatchEvent(new Event("input"));
    });
    await page.waitForFunction(() => document.querySelector("#send-violations").textContent.includes("/data/segmentCount"));
  });
});

test("the page is small, and asks no one else", async (t) => {
  const folder = process.env.HOOKCLI_PAGE;
  const sizes = readdirSync(folder).map((name) => gzipSync(readFileSync(join(folder, name))).length);
  assert.ok(sizes.reduce((sum, one) => sum + one, 0) < 100_000);
  const { place, send, url } = await listening();
  t.after(() => place.close());
  await send("convo/transcript.ready");
  const page = await opened.newPage();
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await page.goto(url);
  await page.waitForSelector(".row");
  assert.deepEqual([...hosts], [new URL(url).origin]);
  await page.close();
});
