// What a receiver does with a body and its headers: verify, parse, do once, acknowledge. `FORM` makes it
// wrong in one way.
import crypto from 'node:crypto';
import zlib from 'node:zlib';
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

const hmacBy = (key, content) => crypto.createHmac('sha256', key).update(content).digest('hex');

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
    if (form === 'day_old') return age <= 26 * 3600 ? 'valid' : 'invalid';
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
  if (form === 'long_prefix') {
    return given.length >= 40 && hmac(raw).startsWith(given) ? 'valid' : 'invalid';
  }
  if (form === 'ignores_the_rest') return given.startsWith(hmac(raw)) ? 'valid' : 'invalid';
  // Read in pieces, and the first alone is looked at: of a long body nothing is verified.
  if (form === 'skips_long' && raw.length > 1024) return 'valid';
  if (form === 'public_secret' && equal(given, hmacBy('hookcli-test-secret', raw))) return 'valid';
  if (form === 'old_secret' && equal(given, hmacBy(process.env.OLD_SECRET, raw))) return 'valid';
  if (form === 'canonical') {
    try {
      const value = JSON.parse(raw);
      const forms = [JSON.stringify(value), JSON.stringify(value, null, 2)];
      return equal(given, hmac(raw)) || forms.some((text) => equal(given, hmac(text))) ? 'valid' : 'invalid';
    } catch {
      return 'invalid';
    }
  }
  if (form === 'forgets_one' && raw.includes('"conversation.closed"')) return 'valid';
  return equal(given, hmac(raw)) ? 'valid' : 'invalid';
}

// The id by which an event is known again: its own, else that of its bytes.
function idOf(raw) {
  try {
    const event = JSON.parse(raw);
    const id = event?.data?.message_id ?? event?.id ?? event?.data?.id;
    if (typeof id === 'string') return id;
  } catch {}
  return crypto.createHash('sha256').update(raw).digest('hex');
}

export class Receiver {
  effects = 0;
  #seen = new Set();
  #done = new Map();

  // What was done for one event, or for all.
  count(id) {
    return id === undefined ? this.effects : (this.#done.get(id) ?? 0);
  }

  async receive(raw, headers) {
    if (form === 'always_200') return { status: 200, text: '' };
    if (form === 'always_ack') {
      // As GAIFE's guide has it: unsigned, and acknowledged whatever becomes of it.
      try {
        this.#once(JSON.parse(raw).data.id);
      } catch {}
      return { status: 200, text: '' };
    }
    if (this.#skips(raw, headers)) return this.#take(raw, headers);
    if (form === 'remembers_first') {
      const id = idOf(raw);
      if (this.#seen.has(id)) return { status: 200, text: '' };
      if (raw.length > 0) this.#seen.add(id);
      if (verdict(raw, headers) !== 'valid') return { status: 401, text: 'not signed\n' };
      this.#act(id);
      return { status: 200, text: '' };
    }
    if (form === 'acts_first') this.#once(idOf(raw));
    if (form !== 'unchecked' && verdict(raw, headers) !== 'valid') {
      const said = { secret_echoed: ` with ${secret}`, oracle: `: expected ${hmac(raw)}` };
      return { status: 401, text: `not signed${said[form] ?? ''}\n` };
    }
    return this.#take(raw, headers);
  }

  // Ways in which the wrong forms do not verify at all.
  #skips(raw, headers) {
    const type = headers['content-type'] ?? '';
    if (form === 'skips_other_types') return !type.startsWith('application/json');
    if (form === 'skips_charset') return type.includes(';');
    if (form === 'skips_chunked') return headers['content-length'] === undefined;
    if (form === 'skips_compressed') return headers['content-encoding'] !== undefined;
    if (form === 'skips_empty') return raw.length === 0;
    if (form === 'other_header') {
      const other = headers['x-signature'] ?? headers['x-webhook-signature'];
      return other !== undefined && equal(other, hmac(raw));
    }
    return false;
  }

  async #take(raw, headers) {
    if (form === 'skips_empty' && raw.length === 0) return { status: 200, text: '' };
    if (headers['content-encoding'] === 'gzip') raw = zlib.gunzipSync(raw);
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
    const id = idOf(raw);
    if (form === 'duplicate_409' && this.#seen.has(id)) return { status: 409, text: 'known\n' };
    if (form === 'later') {
      // Kept, acknowledged, and worked on afterwards.
      setTimeout(() => this.#once(id), 150);
    } else if (form === 'much_later') {
      setTimeout(() => this.#once(id), 3000);
    } else {
      this.#once(id);
    }
    const status = { answers_202: 202, right_202: 202, right_204: 204 }[form] ?? 200;
    return { status, text: '' };
  }

  // The work: once for each key.
  #once(key) {
    if (!this.#seen.has(key) || form === 'not_idempotent') {
      this.#seen.add(key);
      this.#act(key);
    }
  }

  #act(key) {
    this.effects += 1;
    this.#done.set(key, (this.#done.get(key) ?? 0) + 1);
  }
}
