// Hono, on Node.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Receiver } from './receiver.mjs';

const receiver = new Receiver();
const app = new Hono();
app.get('/effects', (context) => context.text(String(receiver.count(context.req.query('id')))));
app.post('/hook', async (context) => {
  const raw = Buffer.from(await context.req.arrayBuffer());
  const { status, text } = await receiver.receive(raw, Object.fromEntries(context.req.raw.headers));
  return context.body(text, status, { 'content-type': 'text/plain' });
});
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 0), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}/hook`),
);
