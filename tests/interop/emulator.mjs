// Official clients against the emulated APIs: only where they connect to is changed.
// usage: HOOKCLI=hookcli node --test emulator.mjs

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { Octokit } from "@octokit/rest";
import { Webhooks } from "@octokit/webhooks";
import Stripe from "stripe";
import { Svix, Webhook } from "svix";

const hookcli = process.env.HOOKCLI;
const home = mkdtempSync(join(tmpdir(), "hookcli-emulator-"));
let emulator;
let urls;

before(async () => {
  const env = { PATH: process.env.PATH, HOME: home, HOOKCLI_STORE: join(home, "store.db") };
  emulator = spawn(hookcli, ["emulate", "stripe", "github", "svix", "convo", "--port", "0", "--json"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise((resolve) => createInterface({ input: emulator.stdout }).once("line", resolve));
  urls = JSON.parse(line).urls;
});

after(() => {
  emulator.kill("SIGTERM");
  rmSync(home, { recursive: true, force: true });
});

/** A receiver that answers with these statuses in turn, the last one for ever. */
async function receiver(t, ...statuses) {
  const received = [];
  const waiting = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => {
      response.writeHead(statuses.length > 1 ? statuses.shift() : (statuses[0] ?? 200)).end();
      const one = { headers: request.headers, body };
      const waits = waiting.shift();
      if (waits) waits(one);
      else received.push(one);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return {
    url: `http://127.0.0.1:${server.address().port}/hook`,
    next: () => (received.length ? Promise.resolve(received.shift()) : new Promise((resolve) => waiting.push(resolve))),
  };
}

/** What a test suite asks beside the provider's API. */
async function control(provider, path, document) {
  const headers = { "x-hookcli-control": "1", "content-type": "application/json" };
  const method = document === undefined ? "GET" : "POST";
  const response = await fetch(`${urls[provider]}/_hookcli${path}`, { method, headers, body: document && JSON.stringify(document) });
  const text = await response.text();
  assert.ok(response.ok, text);
  return text ? JSON.parse(text) : undefined;
}

test("stripe: create, receive, construct the event, update, list, delete", async (t) => {
  const at = new URL(urls.stripe);
  const stripe = new Stripe("sk_test_123", { host: at.hostname, port: Number(at.port), protocol: "http" });
  const got = await receiver(t);
  const endpoint = await stripe.webhookEndpoints.create({ url: got.url, enabled_events: ["invoice.paid"], metadata: { team: "a" } });
  assert.match(endpoint.secret, /^whsec_/);
  assert.equal(endpoint.metadata.team, "a");
  const published = await control("stripe", "/events", { event: "invoice.paid" });
  const request = await got.next();
  const event = stripe.webhooks.constructEvent(request.body, request.headers["stripe-signature"], endpoint.secret);
  assert.equal(event.id, published.id);
  assert.throws(() => stripe.webhooks.constructEvent(request.body, request.headers["stripe-signature"], "whsec_other"));
  assert.equal((await stripe.events.retrieve(event.id)).type, "invoice.paid");
  assert.equal((await stripe.events.list({ limit: 1, type: "invoice.paid" })).data[0].id, event.id);
  const invoice = await stripe.invoices.retrieve(event.data.object.id);
  assert.deepEqual({ ...invoice }, { ...event.data.object });
  const changed = await stripe.webhookEndpoints.update(endpoint.id, { enabled_events: ["charge.succeeded"], description: "d" });
  assert.deepEqual(changed.enabled_events, ["charge.succeeded"]);
  assert.equal(changed.secret, undefined);
  for (let count = 0; count < 3; count += 1) await stripe.webhookEndpoints.create({ url: got.url, enabled_events: ["*"] });
  const all = [];
  for await (const one of stripe.webhookEndpoints.list({ limit: 2 })) all.push(one.id);
  assert.equal(all.length, 4);
  assert.equal(all[3], endpoint.id);
  const disabled = await stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
  assert.equal(disabled.status, "disabled");
  assert.equal((await stripe.webhookEndpoints.del(endpoint.id)).deleted, true);
  await assert.rejects(stripe.webhookEndpoints.retrieve(endpoint.id), (error) => error.type === "StripeInvalidRequestError" && error.code === "resource_missing");
  await assert.rejects(stripe.webhookEndpoints.create({ url: "nope", enabled_events: ["*"] }), (error) => error.param === "url");
  await assert.rejects(stripe.webhookEndpoints.create({ url: got.url, enabled_events: ["no.such"] }), (error) => error.statusCode === 400);
  const unauthorized = new Stripe("nope", { host: at.hostname, port: Number(at.port), protocol: "http" });
  await assert.rejects(unauthorized.webhookEndpoints.list(), (error) => error.type === "StripeAuthenticationError");
});

test("github: hooks, pings, deliveries, redeliver", async (t) => {
  const octokit = new Octokit({ auth: "token", baseUrl: urls.github, log: { debug() {}, info() {}, warn() {}, error() {} } });
  const webhooks = new Webhooks({ secret: "It's a Secret to Everybody" });
  const got = await receiver(t, 200, 200, 500, 200);
  const repo = { owner: "octo", repo: "app" };
  const config = { url: got.url, content_type: "json", secret: "It's a Secret to Everybody" };
  const { data: hook } = await octokit.repos.createWebhook({ ...repo, events: ["push", "issues"], config });
  assert.equal(typeof hook.id, "number");
  assert.equal(hook.config.secret, "********");
  const ping = await got.next();
  assert.equal(ping.headers["x-github-event"], "ping");
  assert.ok(await webhooks.verify(ping.body, ping.headers["x-hub-signature-256"]));
  await octokit.repos.pingWebhook({ ...repo, hook_id: hook.id });
  assert.equal((await got.next()).headers["x-github-event"], "ping");
  await octokit.repos.testPushWebhook({ ...repo, hook_id: hook.id });
  const push = await got.next();
  assert.equal(push.headers["x-github-event"], "push");
  await control("github", "/settle", {});
  const { data: deliveries } = await octokit.repos.listWebhookDeliveries({ ...repo, hook_id: hook.id });
  assert.deepEqual(deliveries.map((one) => [one.event, one.status_code]), [["push", 500], ["ping", 200], ["ping", 200]]);
  const { data: delivery } = await octokit.repos.getWebhookDelivery({ ...repo, hook_id: hook.id, delivery_id: deliveries[0].id });
  assert.deepEqual(delivery.request.payload, JSON.parse(push.body));
  await octokit.repos.redeliverWebhookDelivery({ ...repo, hook_id: hook.id, delivery_id: deliveries[0].id });
  const again = await got.next();
  assert.equal(again.headers["x-github-delivery"], push.headers["x-github-delivery"]);
  assert.equal(again.body, push.body);
  const { data: changed } = await octokit.repos.updateWebhook({ ...repo, hook_id: hook.id, active: false });
  assert.equal(changed.active, false);
  const { data: own } = await octokit.repos.updateWebhookConfigForRepo({ ...repo, hook_id: hook.id, content_type: "form" });
  assert.equal(own.content_type, "form");
  await assert.rejects(octokit.repos.createWebhook({ ...repo, config }), (error) => error.status === 422);
  const listed = await octokit.paginate(octokit.repos.listWebhooks, { ...repo, per_page: 1 });
  assert.equal(listed.length, 1);
  await octokit.repos.deleteWebhook({ ...repo, hook_id: hook.id });
  await assert.rejects(octokit.repos.getWebhook({ ...repo, hook_id: hook.id }), (error) => error.status === 404);
  const { data: ofOrg } = await octokit.orgs.createWebhook({ org: "octo", name: "web", config });
  assert.equal((await got.next()).headers["x-github-event"], "ping");
  assert.equal((await octokit.orgs.listWebhooks({ org: "octo" })).data[0].id, ofOrg.id);
});

// Written from its documentation alone.
test("convo: create, receive, test, list, delete", async (t) => {
  const headers = { Authorization: "Bearer convo_your_key_here", "Content-Type": "application/json" };
  const got = await receiver(t);
  const res = await fetch(`${urls.convo}/api/v1/webhooks`, {
    method: "POST",
    headers,
    body: JSON.stringify({ url: got.url, events: ["conversation.keypoints.ready", "transcript.ready"] }),
  });
  const { data } = await res.json();
  const isValid = ({ body, headers }) => createHmac("sha256", data.secret).update(body).digest("hex") === headers["x-convo-signature"];
  await fetch(`${urls.convo}/api/v1/webhooks/${data.id}/test`, { method: "POST", headers });
  const tested = await got.next();
  assert.ok(isValid(tested));
  assert.equal(JSON.parse(tested.body).event, "webhook.test");
  await control("convo", "/events", { event: "transcript.ready" });
  const ready = await got.next();
  assert.ok(isValid(ready));
  assert.equal(ready.headers["x-convo-event"], "transcript.ready");
  const listed = await (await fetch(`${urls.convo}/api/v1/webhooks`, { headers })).json();
  assert.deepEqual(listed.data.map((one) => [one.id, one.secret]), [[data.id, undefined]]);
  await fetch(`${urls.convo}/api/v1/webhooks/${data.id}`, { method: "DELETE", headers });
  assert.deepEqual((await (await fetch(`${urls.convo}/api/v1/webhooks`, { headers })).json()).data, []);
});

test("svix: endpoints, messages, rotate, recover, attempts, verify", async (t) => {
  const svix = new Svix("testsk_123", { serverUrl: urls.svix });
  const got = await receiver(t, 200, 200, 500, 200);
  const app = await svix.application.create({ name: "App", uid: "my-app" });
  const endpoint = await svix.endpoint.create("my-app", { url: got.url, filterTypes: ["invoice.paid"], metadata: {} });
  const { key } = await svix.endpoint.getSecret(app.id, endpoint.id);
  const message = await svix.message.create("my-app", { eventType: "invoice.paid", eventId: "unique-1", payload: { total: 7 } });
  const first = await got.next();
  assert.deepEqual(new Webhook(key).verify(first.body, first.headers), { total: 7 });
  assert.equal(first.headers["svix-id"], message.id);
  await assert.rejects(svix.message.create("my-app", { eventType: "invoice.paid", eventId: "unique-1", payload: {} }), (error) => error.code === 409);
  await svix.message.create("my-app", { eventType: "other", payload: {} });
  await svix.endpoint.rotateSecret("my-app", endpoint.id, {});
  const rotated = await svix.endpoint.getSecret("my-app", endpoint.id);
  assert.notEqual(rotated.key, key);
  await svix.message.create("my-app", { eventType: "invoice.paid", payload: { total: 8 } });
  const second = await got.next();
  for (const secret of [key, rotated.key]) new Webhook(secret).verify(second.body, second.headers);
  const failing = await svix.message.create("my-app", { eventType: "invoice.paid", payload: { total: 9 } });
  await got.next();
  await control("svix", "/settle", {});
  const attempts = await svix.messageAttempt.listByEndpoint("my-app", endpoint.id);
  assert.deepEqual(attempts.data.map((one) => [one.msgId === failing.id, one.responseStatusCode]), [[true, 500], [false, 200], [false, 200]]);
  const byMessage = await svix.messageAttempt.listByMsg("my-app", failing.id);
  assert.equal(byMessage.data.length, 1);
  const one = await svix.messageAttempt.get("my-app", failing.id, byMessage.data[0].id);
  assert.equal(one.endpointId, endpoint.id);
  await svix.messageAttempt.resend("my-app", failing.id, endpoint.id, {});
  assert.equal((await got.next()).headers["svix-id"], failing.id);
  await svix.endpoint.update("my-app", endpoint.id, { url: got.url, disabled: true });
  assert.equal((await svix.endpoint.get("my-app", endpoint.id)).disabled, true);
  await svix.endpoint.patch("my-app", endpoint.id, { disabled: false });
  const messages = await svix.message.list("my-app");
  assert.equal(messages.data.length, 4);
  assert.equal((await svix.message.get("my-app", message.id)).eventId, "unique-1");
  await svix.endpoint.sendExample("my-app", endpoint.id, { eventType: "invoice.paid" });
  await got.next();
  const task = await svix.endpoint.recover("my-app", endpoint.id, { since: new Date(Date.now() - 60_000) });
  assert.equal(task.status, "finished");
  await svix.endpoint.delete("my-app", endpoint.id);
  assert.equal((await svix.endpoint.list("my-app")).data.length, 0);
  await svix.application.delete("my-app");
  await assert.rejects(svix.application.get("my-app"), (error) => error.code === 404);
});
