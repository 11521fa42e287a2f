/**
 * The bare proxy: it passes a request on by undici and its answer back, and does nothing else. Below `/memory` it answers
 * with as many trackers as the body names, from memory: the ceiling of what needs no call.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Pool } from 'undici';

const provider = new Pool(process.env.PROVIDER, { connections: 64 });
const memory = new Map();

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const body = Buffer.concat(chunks);
    const answer = request.url.startsWith('/memory') ? recall(JSON.parse(body)) : await pass(request, body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
});

async function pass({ method, url: path }, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await provider.request({ method, path, headers, body: body.length > 0 ? body : null });
  return Buffer.from(await answer.body.arrayBuffer());
}

function recall({ tracking_codes: codes }) {
  return JSON.stringify({ trackers: codes.map((code) => memory.get(code)) });
}

/** Keeps the trackers that the benchmark asks for. */
async function remember() {
  const codes = Array.from({ length: 2000 }, (_, index) => String(9400000000000000000000n + BigInt(index)));
  const request = { method: 'POST', url: '/v2/trackers/batch' };
  const { trackers } = JSON.parse(await pass(request, JSON.stringify({ tracking_codes: codes })));
  for (const tracker of trackers) memory.set(tracker.tracking_code, tracker);
}

await remember();
await once(server.listen(0, '127.0.0.1'), 'listening');
console.log(`http://127.0.0.1:${server.address().port}`);
