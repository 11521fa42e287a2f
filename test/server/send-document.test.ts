import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';

import { sendDocument } from '../../src/server/send-document.ts';

const app = Fastify();
app.get('/', (request, reply) => sendDocument(request, reply, Buffer.from('0123456789')));

const get = async (headers: Record<string, string>) => {
  const { statusCode, headers: received, body } = await app.inject({ url: '/', headers });
  return { status: statusCode, range: received['content-range'], body, etag: String(received.etag) };
};

describe('a document', () => {
  it.each([
    ['bytes=0-3', 'bytes 0-3/10', '0123'],
    ['bytes=7-', 'bytes 7-9/10', '789'],
    ['bytes=8-100', 'bytes 8-9/10', '89'],
    ['bytes=-2', 'bytes 8-9/10', '89'],
    ['bytes=-100', 'bytes 0-9/10', '0123456789'],
  ])('is sent in part for the range %s', async (range, contentRange, body) => {
    expect(await get({ range })).toMatchObject({ status: 206, range: contentRange, body });
  });

  it.each(['bytes=0-1,4-5', 'bytes=-', 'lines=1-2', 'nonsense'])(
    'is sent whole for %s, which is not a single byte range',
    async (range) => {
      expect(await get({ range })).toMatchObject({ status: 200, range: undefined, body: '0123456789' });
    },
  );

  it.each(['bytes=10-', 'bytes=5-2', 'bytes=-0'])('responds with 416 to the range %s', async (range) => {
    expect(await get({ range })).toMatchObject({ status: 416, range: 'bytes */10', body: '' });
  });

  it('is sent whole if its ETag differs from If-Range, and not at all if it equals If-None-Match', async () => {
    const { etag } = await get({});
    expect(await get({ range: 'bytes=0-0', 'if-range': etag })).toMatchObject({ status: 206, body: '0' });
    expect(await get({ range: 'bytes=0-0', 'if-range': '"other"' })).toMatchObject({ status: 200 });
    expect(await get({ 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
  });
});
