import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { download } from '../../src/transport/download.ts';

const signal = new AbortController().signal;
const pdf = Buffer.from('%PDF-1.7\nA label');
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('A label')]);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanups.splice(0)) await step();
});

/** Starts a file server on loopback that counts requests and connections. */
async function serve(listener: RequestListener) {
  const counts = { requests: 0, connections: 0 };
  const server = createServer((request, response) => {
    counts.requests++;
    listener(request, response);
  });
  server.on('connection', () => counts.connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, counts };
}

const fetchFile = (url: string, { loopback = true, mayFetch = (): boolean => true } = {}) =>
  download({ mayFetch, loopback })({ api: 'files', method: 'GET', url: new URL(url) }, signal);

describe('a file at a provider', () => {
  it('is fetched from an allowed URL, without credentials', async () => {
    let headers: object = {};
    const { port } = await serve((request, response) => {
      headers = request.headers;
      response.end(pdf);
    });
    const response = await fetchFile(`http://127.0.0.1:${port}/label.pdf`);
    expect(response).toMatchObject({ status: 200, body: pdf });
    expect(Object.keys(headers).sort()).toEqual(['connection', 'host']);
  });

  it('is not fetched from an unknown host', async () => {
    const { port, counts } = await serve((_, response) => response.end(pdf));
    await expect(fetchFile(`http://127.0.0.1:${port}/label.pdf`, { mayFetch: () => false })).rejects.toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('the host is unknown') }); // prettier-ignore
    expect(counts.connections).toBe(0);
  });

  it('is not fetched through a redirect', async () => {
    const other = await serve((_, response) => response.end(pdf));
    const { port } = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${other.port}/label.pdf` }).end(),
    );
    await expect(fetchFile(`http://127.0.0.1:${port}/label.pdf`)).rejects.toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('redirects the request') }); // prettier-ignore
    expect(other.counts.connections).toBe(0);
  });

  it('is abandoned after 10 MB, whatever its length', async () => {
    let sent = 0;
    const { port } = await serve((_, response) => {
      response.write(pdf);
      const more = Buffer.alloc(1024 * 1024, 'x');
      const next = () => {
        if (++sent > 200 || response.destroyed) return response.end();
        response.write(more, () => setImmediate(next));
      };
      next();
    });
    await expect(fetchFile(`http://127.0.0.1:${port}/label.pdf`)).rejects.toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('larger than 10 MB') }); // prettier-ignore
    expect(sent).toBeLessThan(100);
  });

  it('has at most 10 MB', async () => {
    const limit = 10 * 1024 * 1024;
    const { port } = await serve((request, response) =>
      response.end(Buffer.concat([pdf], limit + Number(request.url === '/more.pdf'))),
    );
    expect((await fetchFile(`http://127.0.0.1:${port}/all.pdf`)).body.length).toBe(limit);
    await expect(fetchFile(`http://127.0.0.1:${port}/more.pdf`)).rejects.toMatchObject({
      code: 'UNREADABLE',
    });
  });

  it.each([
    ['an IP address', '127.0.0.1'],
    ['a host name', 'localhost'],
    ['an IPv4 address in IPv6 form', '[::ffff:127.0.0.1]'],
    ['a decimal IP address', '2130706433'],
  ])('is not fetched from this machine by %s', async (_, host) => {
    const { port, counts } = await serve((_, response) => response.end(pdf));
    await expect(fetchFile(`http://${host}:${port}/label.pdf`, { loopback: false })).rejects.toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('private network') }); // prettier-ignore
    expect(counts.connections).toBe(0);
    // The same URL works where loopback is allowed.
    if (host !== '[::ffff:127.0.0.1]') await fetchFile(`http://${host}:${port}/label.pdf`);
  });

  it.each(['10.1.2.3', '172.31.0.1', '192.168.0.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '[::]', '[fd00::1]', '[fe80::1]', '[64:ff9b::7f00:1]'])(
    'is not fetched from the private network at %s, even where loopback is allowed',
    async (host) => {
      for (const loopback of [false, true])
        await expect(fetchFile(`http://${host}:9/label.pdf`, { loopback })).rejects.toMatchObject({ code: 'UNREADABLE', message: expect.stringContaining('private network') });
    },
  ); // prettier-ignore

  it.each([
    ['label.pdf', pdf, true],
    ['label.png', png, true],
    ['label.zpl', Buffer.from('\n^XA^FO40,40^FS^XZ'), true],
    ['label.ZPL', Buffer.from('~DGR:LOGO.GRF,1\n^XA^XZ'), true],
    ['label', png, true],
    ['label.pdf', png, false],
    ['label.png', Buffer.from('<html>Not here</html>'), false],
    ['label.zpl', pdf, false],
    ['label', Buffer.from('<?xml version="1.0"?>'), false],
    ['label.pdf', Buffer.alloc(0), false],
  ])('named %s must start as its extension requires', async (name, content, isValid) => {
    const { port } = await serve((_, response) => response.end(content));
    const fetched = fetchFile(`http://127.0.0.1:${port}/${name}`);
    if (isValid) expect((await fetched).body).toEqual(content);
    else await expect(fetched).rejects.toMatchObject({ message: expect.stringContaining('does not match its name') }); // prettier-ignore
  });

  it('that is missing is returned with its status', async () => {
    const { port } = await serve((_, response) => response.writeHead(404).end('gone'));
    expect(await fetchFile(`http://127.0.0.1:${port}/label.pdf`)).toMatchObject({ status: 404 });
  });

  it('at an unreachable host fails as unavailable', async () => {
    await expect(fetchFile('http://127.0.0.1:1/label.pdf')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
