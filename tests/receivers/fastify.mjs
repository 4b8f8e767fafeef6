// Fastify. Its parsers are taken out: a body of any type stays as it came.
import Fastify from 'fastify';
import { Receiver } from './receiver.mjs';

const receiver = new Receiver();
const app = Fastify({ bodyLimit: 10 << 20 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => done(null, body));
app.get('/effects', (request, reply) => reply.type('text/plain').send(String(receiver.count(request.query.id))));
app.post('/hook', async (request, reply) => {
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { status, text } = await receiver.receive(raw, request.headers);
  return reply.code(status).type('text/plain').send(text);
});
console.log(`${await app.listen({ port: Number(process.env.PORT ?? 0), host: '127.0.0.1' })}/hook`);
