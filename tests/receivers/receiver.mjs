// What a receiver does with a body and its headers: verify, parse, do once, acknowledge. `FORM` makes it
// wrong in one way.
import crypto from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export const form = process.env.FORM ?? 'right';
const stamped = process.env.SCHEME === 'stamped';
const secret = process.env.SECRET;
const TOLERANCE_S = 300;
const KNOWN = [
  'conversation.created',
  'conversation.updated',
  'message.received',
  'appointment.booked',
  'conversation.closed',
  'webhook.test',
];

const hmac = (content, encoding = 'hex') =>
  crypto.createHmac('sha256', secret).update(content).digest(encoding);

function equal(given, expected) {
  const one = Buffer.from(given ?? '');
  const other = Buffer.from(expected);
  return one.length === other.length && crypto.timingSafeEqual(one, other);
}

// 'valid', 'missing' or 'invalid'.
function verdict(raw, headers) {
  if (stamped) {
    const header = headers['stripe-signature'];
    if (!header) return 'missing';
    const items = header.split(',').map((item) => item.split(/=(.*)/s));
    const stamp = items.find(([name]) => name === 't')?.[1] ?? '';
    const expected = hmac(Buffer.concat([Buffer.from(`${stamp}.`), raw]));
    const given = items.filter(([name]) => name === 'v1').map(([, value]) => value);
    if (!given.some((value) => equal(value, expected))) return 'invalid';
    const age = Math.abs(Date.now() / 1000 - Number(stamp));
    return age <= TOLERANCE_S || form === 'no_timestamp' ? 'valid' : 'invalid';
  }
  const given = headers['x-agentclara-signature'];
  if (!given) return 'missing';
  if (form === 'presence') return 'valid';
  if (form === 'wrong_encoding') return equal(given, hmac(raw, 'base64')) ? 'valid' : 'invalid';
  if (form === 'reserialises') {
    try {
      return equal(given, hmac(JSON.stringify(JSON.parse(raw)))) ? 'valid' : 'invalid';
    } catch {
      return 'invalid';
    }
  }
  if (form === 'prefix') return hmac(raw).startsWith(given) ? 'valid' : 'invalid';
  if (form === 'forgets_one' && raw.includes('"conversation.closed"')) return 'valid';
  return equal(given, hmac(raw)) ? 'valid' : 'invalid';
}

export class Receiver {
  effects = 0;
  #seen = new Set();

  async receive(raw, headers) {
    if (form === 'always_200') return { status: 200, text: '' };
    if (form === 'always_ack') {
      // As GAIFE's guide has it: unsigned, and acknowledged whatever becomes of it.
      try {
        this.#once(JSON.parse(raw).data.id);
      } catch {}
      return { status: 200, text: '' };
    }
    if (form !== 'unchecked' && verdict(raw, headers) !== 'valid') {
      const said = { secret_echoed: ` with ${secret}`, oracle: `: expected ${hmac(raw)}` };
      return { status: 401, text: `not signed${said[form] ?? ''}\n` };
    }
    let event;
    if (form === 'crash') {
      event = JSON.parse(raw);
    } else {
      try {
        event = JSON.parse(raw);
      } catch {
        return { status: 400, text: 'no JSON\n' };
      }
    }
    const type = event?.event ?? event?.type;
    if (form === 'unknown_500' && !KNOWN.includes(type)) {
      return { status: 500, text: 'unknown event\n' };
    }
    if (form === 'slow' && type === 'appointment.booked') await sleep(1200);
    this.#once(event?.data?.message_id ?? crypto.createHash('sha256').update(raw).digest('hex'));
    return { status: form === 'answers_202' ? 202 : 200, text: '' };
  }

  // The work: once for each key.
  #once(key) {
    if (!this.#seen.has(key) || form === 'not_idempotent') {
      this.#seen.add(key);
      this.effects += 1;
    }
  }
}
