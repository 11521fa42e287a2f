import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { afterEach, describe, expect, it } from 'vitest';

import { upload, uploadUrlError, type UploadRules } from '../../src/transport/upload.ts';
import { neverAborted } from './server.ts';

const rules: UploadRules = { hosts: ['provider.example'], loopback: false };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanups.splice(0)) await step();
});

const put = (url: string, own: UploadRules, body = Readable.from([Buffer.from('a letter')])) =>
  upload({ url: new URL(url), rules: own, body, size: 8, signal: neverAborted });

async function server(status: number, headers: Record<string, string> = {}) {
  const received: string[] = [];
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      received.push(
        `${request.method} ${request.headers['content-length']} ${request.headers.authorization} ${body}`,
      );
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => http.close());
  return { port: (http.address() as AddressInfo).port, received };
}

describe('an upload', () => {
  it('is allowed only to https, allowed hosts, and host names', () => {
    for (const [url, error] of [
      ['https://provider.example/a?b', undefined],
      ['https://files.provider.example:8443/a', undefined],
      ['http://provider.example/', 'is not https'],
      ['https://me@provider.example/', 'contains a user name or password'],
      ['https://provider.example.evil/', 'is on a host that uploadHosts does not name'],
      ['https://notprovider.example/', 'is on a host that uploadHosts does not name'],
      ['https://10.0.0.1/', 'has an IP address in place of a host name'],
      ['https://[::1]/', 'has an IP address in place of a host name'],
      ['http://127.0.0.1/', 'is not https'],
    ] as const)
      expect(uploadUrlError(new URL(url), rules), url).toBe(error);
    expect(uploadUrlError(new URL('http://127.0.0.1:1/'), { ...rules, loopback: true })).toBeUndefined();
    expect(uploadUrlError(new URL('http://10.0.0.1/'), { ...rules, loopback: true })).toBe('is not https');
  });

  it('is refused where the host resolves to a private network', async () => {
    const { port, received } = await server(200);
    await expect(
      put(`https://localhost:${port}/`, { hosts: ['localhost'], loopback: false }),
    ).rejects.toMatchObject({
      code: 'REJECTED',
      refused: true,
      message: expect.stringContaining('private network'),
    });
    await expect(put(`https://evil.example:${port}/`, rules)).rejects.toMatchObject({ code: 'REJECTED' });
    expect(received).toEqual([]);
  });

  it('is a stream of known length without credentials, and follows no redirect', async () => {
    const loopback = { ...rules, loopback: true };
    const good = await server(200);
    await put(`http://127.0.0.1:${good.port}/x?signature=1`, loopback);
    expect(good.received).toEqual(['PUT 8 undefined a letter']);
    const moved = await server(307, { location: `http://127.0.0.1:${good.port}/` });
    await expect(put(`http://127.0.0.1:${moved.port}/`, loopback)).rejects.toMatchObject({
      code: 'REJECTED',
    });
    expect(good.received).toHaveLength(1);
  });
});
