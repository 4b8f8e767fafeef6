// Express. The raw body has to be asked for, before any parser sees it.
import express from 'express';
import { Receiver, form } from './receiver.mjs';

const receiver = new Receiver();
const app = express();

app.get('/effects', (request, response) => response.type('text').send(String(receiver.count(request.query.id))));

// The wrong form does what many an example does: it hashes what the JSON parser made of the body.
const parser =
  form === 'reserialises'
    ? express.json()
    : express.raw({ type: () => true, limit: '10mb' });

app.post('/hook', parser, async (request, response) => {
  const raw = form === 'reserialises' ? Buffer.from(JSON.stringify(request.body ?? {})) : request.body;
  const { status, text } = await receiver.receive(
    Buffer.isBuffer(raw) ? raw : Buffer.alloc(0),
    request.headers,
  );
  response.status(status).type('text').send(text);
});

const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${server.address().port}/hook`),
);
