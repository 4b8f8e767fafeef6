// Node's own http module.
import http from 'node:http';
import { Receiver, form } from './receiver.mjs';

const receiver = new Receiver();

const server = http.createServer((request, response) => {
  const answer = (status, text = '') => {
    response.writeHead(status, { 'content-type': 'text/plain' });
    // What is written before the end makes the answer a chunked one.
    if (form === 'right_chunked') response.write('in ');
    response.end(text);
  };
  const url = new URL(request.url, 'http://localhost');
  if (request.method === 'GET' && url.pathname === '/effects') {
    return answer(200, String(receiver.count(url.searchParams.get('id') ?? undefined)));
  }
  if (request.url !== '/hook') return answer(404);
  if (request.method !== 'POST') return answer(405);
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('error', () => {});
  request.on('end', async () => {
    const raw = Buffer.concat(chunks);
    const { status, text } = await receiver.receive(raw, request.headers);
    // The work is done, and the process behind a proxy dies.
    if (form.startsWith('loses_answers') && status === 200 && raw.includes('charge.refunded')) return request.socket.destroy();
    answer(status, text);
  });
});

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/hook`));
