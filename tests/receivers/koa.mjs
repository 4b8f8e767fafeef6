// Koa, without a body parser: the stream is read as it comes.
import Koa from 'koa';
import { Receiver } from './receiver.mjs';

const receiver = new Receiver();
const app = new Koa();
app.silent = true;
app.use(async (context) => {
  if (context.method === 'GET' && context.path === '/effects') {
    context.body = String(receiver.count(context.query.id));
    return;
  }
  if (context.path !== '/hook') return context.throw(404);
  if (context.method !== 'POST') return context.throw(405);
  const chunks = [];
  for await (const chunk of context.req) chunks.push(chunk);
  const { status, text } = await receiver.receive(Buffer.concat(chunks), context.headers);
  context.status = status;
  context.type = 'text/plain';
  context.body = text;
});
const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${server.address().port}/hook`),
);
