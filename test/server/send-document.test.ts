import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';

import { sendDocument } from '../../src/server/send-document.ts';

const app = Fastify();
app.get('/', (request, reply) =>
  sendDocument(request, reply, { data: Buffer.from('0123456789'), fileName: 'digits.txt' }),
);

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

  it.each([
    ['9400100000000000000000.pdf', '9400100000000000000000.pdf', '9400100000000000000000.pdf'],
    ['man_1 Déclaration (1).pdf', 'man_1 D_claration (1).pdf', 'man_1%20D%C3%A9claration%20%281%29.pdf'],
    ['a"b\\c/d\r\ne%41.zpl', 'a_b_c_d__e_41.zpl', 'a_b_c_d__e_41.zpl'],
  ])('opens in a browser and is saved as %j', async (fileName, ascii, encoded) => {
    const named = Fastify();
    named.get('/', (request, reply) => sendDocument(request, reply, { data: Buffer.from('0'), fileName }));
    const { headers } = await named.inject('/');
    expect(headers['content-disposition']).toBe(`inline; filename="${ascii}"; filename*=UTF-8''${encoded}`);
  });
});
