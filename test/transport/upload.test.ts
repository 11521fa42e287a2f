import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { afterEach, describe, expect, it } from 'vitest';

import { upload, uploadFault, type UploadRules } from '../../src/transport/upload.ts';

const rules: UploadRules = { hosts: ['provider.example'], loopback: false };
const nobodyLeaves = new AbortController().signal;
const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0)) await step();
});

const put = (url: string, own: UploadRules, body = Readable.from([Buffer.from('a letter')])) =>
  upload({ url: new URL(url), rules: own, body, size: 8, signal: nobodyLeaves });

async function server(status: number, headers: Record<string, string> = {}) {
  const taken: string[] = [];
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      taken.push(
        `${request.method} ${request.headers['content-length']} ${request.headers.authorization} ${body}`,
      );
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  afterwards.push(() => http.close());
  return { port: (http.address() as AddressInfo).port, taken };
}

describe('a document is put', () => {
  it('only to https, to hosts that are known, and to names rather than addresses', () => {
    for (const [url, fault] of [
      ['https://provider.example/a?b', undefined],
      ['https://files.provider.example:8443/a', undefined],
      ['http://provider.example/', 'is not https'],
      ['https://me@provider.example/', 'names a user'],
      ['https://provider.example.evil/', 'is on a host that uploadHosts does not name'],
      ['https://notprovider.example/', 'is on a host that uploadHosts does not name'],
      ['https://10.0.0.1/', 'names an address in place of a host'],
      ['https://[::1]/', 'names an address in place of a host'],
      ['http://127.0.0.1/', 'is not https'],
    ] as const)
      expect(uploadFault(new URL(url), rules), url).toBe(fault);
    expect(uploadFault(new URL('http://127.0.0.1:1/'), { ...rules, loopback: true })).toBeUndefined();
    expect(uploadFault(new URL('http://10.0.0.1/'), { ...rules, loopback: true })).toBe('is not https');
  });

  it('to no name that leads into a private network, judged as it is connected to', async () => {
    const { port, taken } = await server(200);
    await expect(
      put(`https://localhost:${port}/`, { hosts: ['localhost'], loopback: false }),
    ).rejects.toMatchObject({
      code: 'REJECTED',
      refused: true,
      message: expect.stringContaining('private network'),
    });
    await expect(put(`https://evil.example:${port}/`, rules)).rejects.toMatchObject({ code: 'REJECTED' });
    expect(taken).toEqual([]);
  });

  it('as a stream of a known length, without credentials, and follows nobody elsewhere', async () => {
    const loopback = { ...rules, loopback: true };
    const good = await server(200);
    await put(`http://127.0.0.1:${good.port}/x?signature=1`, loopback);
    expect(good.taken).toEqual(['PUT 8 undefined a letter']);
    const moved = await server(307, { location: `http://127.0.0.1:${good.port}/` });
    await expect(put(`http://127.0.0.1:${moved.port}/`, loopback)).rejects.toMatchObject({
      code: 'REJECTED',
    });
    expect(good.taken).toHaveLength(1);
  });
});
