// The official libraries for Node: reads one JSON document a line ({op, provider, secret, method, url,
// headers, body}) and answers each with {result} or {error}. `op` is "verify" or "sign".
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import http from "node:http";
import "@shopify/shopify-api/adapters/node";
import { shopifyApi, ApiVersion, LogSeverity } from "@shopify/shopify-api";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import OpenAI from "openai";
import { sign as githubSign, verify as githubVerify } from "@octokit/webhooks-methods";
import Stripe from "stripe";
import { validateSignature as lineValidate } from "@line/bot-sdk";
import { LinearWebhookClient } from "@linear/sdk/webhooks";
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
import { Paddle } from "@paddle/paddle-node-sdk";
import { Retell } from "retell-sdk";
import { WebhooksHelper } from "square";
import { verifyKey } from "discord-interactions";
import sendgrid from "@sendgrid/eventwebhook";
import twilio from "twilio";

const require = createRequire(import.meta.url);
const { isValidSlackRequest } = require("@slack/bolt/dist/receivers/verify-request.js");
const { Signature: HubSpotSignature } = require("@hubspot/api-client");
const { MeetingsS2SAuthClient } = require("@zoom/rivet/meetings");

/** True if it does not throw. */
const passes = async (work) => {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
};
const standard = (call) => new StandardWebhook(call.secret);
const hubspot = (version) => (call) =>
  HubSpotSignature.isValid({
    signatureVersion: version,
    method: call.method,
    url: call.url,
    clientSecret: call.secret,
    requestBody: call.body,
    signature: call.headers[version === "v3" ? "x-hubspot-signature-v3" : "x-hubspot-signature"],
    timestamp: Number(call.headers["x-hubspot-request-timestamp"]),
  });
const shopify = async (call) => {
  const api = shopifyApi({
    apiKey: "key",
    apiSecretKey: call.secret,
    apiVersion: ApiVersion.January26 ?? Object.values(ApiVersion).at(-1),
    isEmbeddedApp: false,
    hostName: "app.example",
    logger: { level: LogSeverity.Error, log: () => {} },
  });
  const rawRequest = { method: call.method, url: "/hook", headers: call.headers };
  const { valid } = await api.webhooks.validate({ rawBody: call.body, rawRequest, rawResponse: {} });
  return valid;
};
const form = (call) => Object.fromEntries(new URLSearchParams(call.body));

/** Zoom's library verifies inside its receiver: it is started once for each secret. */
const zoomReceivers = new Map();
const zoom = async (call) => {
  if (!zoomReceivers.has(call.secret)) {
    const free = await new Promise((resolve) => {
      const probe = http.createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address();
        probe.close(() => resolve(port));
      });
    });
    const client = new MeetingsS2SAuthClient({
      clientId: "id",
      clientSecret: "secret",
      accountId: "account",
      webhooksSecretToken: call.secret,
      port: free,
    });
    await client.start();
    zoomReceivers.set(call.secret, free);
  }
  const { status } = await fetch(`http://127.0.0.1:${zoomReceivers.get(call.secret)}/zoom/events`, {
    method: "POST",
    headers: { ...call.headers, "content-type": "application/json" },
    body: call.body,
  });
  return status === 200;
};

const verify = {
  "standard-webhooks": (call) => passes(() => standard(call).verify(call.body, call.headers)),
  "gitlab-signing-token": (call) => passes(() => standard(call).verify(call.body, call.headers)),
  svix: (call) => passes(() => new SvixWebhook(call.secret).verify(call.body, call.headers)),
  openai: (call) =>
    passes(() => new OpenAI({ apiKey: "key" }).webhooks.unwrap(call.body, call.headers, call.secret)),
  github: (call) => passes(async () => {
    const signature = call.headers["x-hub-signature-256"];
    if (!(await githubVerify(call.secret, call.body, signature))) throw new Error("no");
  }),
  stripe: (call) =>
    passes(() => Stripe.webhooks.constructEvent(call.body, call.headers["stripe-signature"], call.secret)),
  slack: (call) =>
    isValidSlackRequest({ signingSecret: call.secret, body: call.body, headers: call.headers }),
  zoom,
  shopify,
  "shopify-events": shopify,
  line: (call) => lineValidate(call.body, call.secret, call.headers["x-line-signature"]),
  linear: (call) => passes(() => {
    const client = new LinearWebhookClient(call.secret);
    const time = JSON.parse(call.body).webhookTimestamp;
    if (!client.verify(Buffer.from(call.body), call.headers["linear-signature"], time)) throw new Error("no");
  }),
  elevenlabs: (call) => passes(() => {
    const client = new ElevenLabsClient({ apiKey: "key" });
    return client.webhooks.constructEvent(call.body, call.headers["elevenlabs-signature"], call.secret);
  }),
  paddle: (call) =>
    new Paddle("key").webhooks.isSignatureValid(call.body, call.secret, call.headers["paddle-signature"]),
  retell: (call) => Retell.verify(call.body, call.secret, call.headers["x-retell-signature"]),
  square: (call) =>
    WebhooksHelper.verifySignature({
      requestBody: call.body,
      signatureHeader: call.headers["x-square-hmacsha256-signature"],
      signatureKey: call.secret,
      notificationUrl: call.url,
    }),
  "hubspot-v1": hubspot("v1"),
  "hubspot-v2": hubspot("v2"),
  "hubspot-v3": hubspot("v3"),
  twilio: (call) =>
    twilio.validateRequest(call.secret, call.headers["x-twilio-signature"], call.url, form(call)),
  "twilio-json": (call) =>
    twilio.validateRequestWithBody(call.secret, call.headers["x-twilio-signature"], call.url, call.body),
  discord: (call) =>
    verifyKey(call.body, call.headers["x-signature-ed25519"], call.headers["x-signature-timestamp"], call.secret),
  sendgrid: (call) => {
    const events = new sendgrid.EventWebhook();
    const key = events.convertPublicKeyToECDSA(call.secret);
    const name = "x-twilio-email-event-webhook";
    const { [`${name}-signature`]: signature, [`${name}-timestamp`]: timestamp } = call.headers;
    return events.verifySignature(key, call.body, signature, timestamp);
  },
};

const sendStandard = (Webhook, prefix) => (call) => {
  const now = new Date();
  return {
    [`${prefix}-id`]: "msg_1",
    [`${prefix}-timestamp`]: String(Math.floor(now.getTime() / 1000)),
    [`${prefix}-signature`]: new Webhook(call.secret).sign("msg_1", now, call.body),
  };
};
const signHubspot = (version) => (call) => {
  const timestamp = Date.now();
  const options = { clientSecret: call.secret, requestBody: call.body, url: call.url, timestamp };
  const signature = HubSpotSignature.getSignature(call.method, version, options);
  return version === "v3"
    ? { "x-hubspot-signature-v3": signature, "x-hubspot-request-timestamp": String(timestamp) }
    : { "x-hubspot-signature": signature, "x-hubspot-signature-version": version };
};
const sign = {
  "standard-webhooks": sendStandard(StandardWebhook, "webhook"),
  "gitlab-signing-token": sendStandard(StandardWebhook, "webhook"),
  svix: sendStandard(SvixWebhook, "svix"),
  github: async (call) => ({ "x-hub-signature-256": await githubSign(call.secret, call.body) }),
  stripe: (call) => ({
    "stripe-signature": Stripe.webhooks.generateTestHeaderString({ payload: call.body, secret: call.secret }),
  }),
  retell: async (call) => ({ "x-retell-signature": await Retell.sign(call.body, call.secret) }),
  "hubspot-v1": signHubspot("v1"),
  "hubspot-v2": signHubspot("v2"),
  "hubspot-v3": signHubspot("v3"),
  twilio: (call) => ({
    "x-twilio-signature": twilio.getExpectedTwilioSignature
      ? twilio.getExpectedTwilioSignature(call.secret, call.url, form(call))
      : require("twilio/lib/webhooks/webhooks.js").getExpectedTwilioSignature(call.secret, call.url, form(call)),
  }),
};

console.log(JSON.stringify({ verify: Object.keys(verify), sign: Object.keys(sign) }));
for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  let answer;
  try {
    answer = { result: await { verify, sign }[call.op][call.provider](call) };
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  console.log(JSON.stringify(answer));
}
process.exit(0);
